"""Brings to the app what people do, over Socket Mode or HTTP, and waits for its acknowledgement (three seconds).

Events that aren't acknowledged are tried again, up to three times; everything else is tried once.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import http.client
import json
import secrets
from collections.abc import Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode, urlsplit

import anyio.to_thread

from sandbox.slack import payloads
from sandbox.slack.sockets import NotConnected, Sockets
from sandbox.slack.things import Json
from sandbox.slack.workspace import Workspace

TIMEOUT, UNREACHABLE, FAILED = "operation_timeout", "dispatch_failed", "http_service_error"


@dataclass(frozen=True)
class Ack:
    """The app's answer (an object, a text, or nothing), or in one of Slack's words why there is none."""

    body: Any = None
    error: str | None = None


class Delivery:
    """Knows how the app is reached: at `url`, or else through its WebSockets."""

    def __init__(self, workspace: Workspace, sockets: Sockets) -> None:
        self.url: str | None = None
        self._ws = workspace
        self._sockets = sockets
        self._verified: str | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def online(self) -> bool:
        """Whether the app could be reached, as far as Slack knows."""
        return self.url is not None or len(self._sockets) > 0

    async def send(self, kind: str, payload: Json, retry: tuple[int, str] | None = None) -> Ack:
        """Deliver once. `kind` is Socket Mode's: slash_commands, interactive or events_api."""
        if "down" in self._ws.faults:
            return Ack(error=UNREACHABLE)
        try:
            if self.url is not None:
                return await self._over_http(self.url, kind, payload, retry)
            return Ack(await self._sockets.send(kind, payload, retry))
        except NotConnected:
            return Ack(error=UNREACHABLE)
        except TimeoutError:
            return Ack(error=TIMEOUT)

    def event(self, payload: Json) -> None:
        """Deliver an event in the background, again and again if need be."""
        self._in_background(self._tries(payload))
        if "duplicate-events" in self._ws.faults:
            self._in_background(self._once_more(payload))

    async def _once_more(self, payload: Json) -> None:
        await self.send("events_api", payload, (1, "timeout"))

    async def _tries(self, payload: Json) -> None:
        if self.url is not None and self._verified != self.url and not await self.verify():
            return
        retry = None
        for number, pause in enumerate((*self._ws.dials.event_retries, None), 1):
            ack = await self.send("events_api", payload, retry)
            if ack.error is None or pause is None:
                return
            await asyncio.sleep(pause)
            retry = (number, "http_timeout" if ack.error == TIMEOUT else "http_error")

    async def verify(self) -> bool:
        """Whether the address answers url_verification with its challenge."""
        challenge = secrets.token_urlsafe(24)
        ack = await self.send("events_api", payloads.verification(self._ws, challenge))
        said = ack.body.get("challenge") if isinstance(ack.body, dict) else ack.body
        self._verified = self.url if said == challenge else None
        return self._verified is not None

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Give up what is still being tried."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # HTTP

    async def _over_http(self, url: str, kind: str, payload: Json, retry: tuple[int, str] | None) -> Ack:
        body, content_type = _encoded(kind, payload)
        headers = {"Content-Type": content_type, **self._signed(body)}
        if retry is not None:
            headers |= {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]}
        patience = self._ws.dials.patience
        post = partial(_post, url, body, headers, patience)
        work = anyio.to_thread.run_sync(post, abandon_on_cancel=True)
        if "lose-acks" in self._ws.faults:
            _, pending = await asyncio.wait([asyncio.ensure_future(work)], timeout=patience)
            await asyncio.gather(*pending, return_exceptions=True)
            raise TimeoutError
        try:
            status, answer_type, text = await asyncio.wait_for(work, patience)
        except TimeoutError:
            raise
        except (OSError, http.client.HTTPException):
            return Ack(error=UNREACHABLE)
        self._ws.heard("ack", f"http {status}", text)
        if status != 200:
            return Ack(error=FAILED)
        return Ack(_read(text) if "json" in answer_type else text or None)

    def _signed(self, body: bytes) -> dict[str, str]:
        """Slack's signature, version 0 (docs.slack.dev/authentication/verifying-requests-from-slack)."""
        at = str(int(self._ws.clock().timestamp()))
        secret = self._ws.signing_secret.encode()
        mac = hmac.new(secret, b"v0:" + at.encode() + b":" + body, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={mac}"}


def _encoded(kind: str, payload: Json) -> tuple[bytes, str]:
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


def _read(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


def _post(url: str, body: bytes, headers: dict[str, str], timeout: float) -> tuple[int, str, str]:
    """POST in this thread: the status, the content type and the text."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=timeout)
    try:
        connection.request("POST", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}", body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers.get("content-type", ""), answer.read().decode("utf-8", "replace")
    finally:
        connection.close()
