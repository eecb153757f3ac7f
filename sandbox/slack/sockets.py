"""Socket Mode: the app's WebSockets, what is sent through them, and the acknowledgements that come back.

docs.slack.dev/apis/events-api/using-socket-mode. Each envelope goes to one connection, in turn.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import uuid
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from sandbox.slack import seed
from sandbox.slack.things import Json
from sandbox.slack.workspace import Workspace

MOST = 10
"""Connections that an app may have at once."""


class NotConnected(Exception):
    """No WebSocket of the app is open."""


class Sockets:
    """The open connections of the app."""

    def __init__(self, workspace: Workspace) -> None:
        self._ws = workspace
        self._open: list[WebSocket] = []
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._turns = itertools.count()

    def __len__(self) -> int:
        return len(self._open)

    async def serve(self, websocket: WebSocket) -> None:
        """One connection, from its ticket to its end."""
        ws, ticket = self._ws, websocket.query_params.get("ticket", "")
        if ticket not in ws.tickets or "down" in ws.faults:
            await websocket.close(1008)
            return
        ws.tickets.discard(ticket)
        await websocket.accept()
        if len(self._open) >= MOST:
            await self._say(websocket, {"type": "disconnect", "reason": "too_many_websockets"})
            await self._end(websocket)
            return
        self._open.append(websocket)
        await self._say(websocket, self._hello())
        ws.state.changed()
        try:
            if "drop-sockets" in ws.faults:
                await self._end(websocket)
            while True:
                self._take(await websocket.receive_text())
        except (WebSocketDisconnect, RuntimeError):
            return
        finally:
            self._forget(websocket)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._open),
            "debug_info": {"host": "applink-sandbox", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": seed.APP},
        }

    def _take(self, text: str) -> None:
        """What the app sent: an acknowledgement, or nothing that Slack knows."""
        try:
            said = json.loads(text)
        except ValueError:
            said = {}
        waiting = self._waiting.pop(said.get("envelope_id", ""), None) if isinstance(said, dict) else None
        self._ws.heard("ack", "ok" if waiting else "unknown", text)
        if waiting is not None and not waiting.done() and "lose-acks" not in self._ws.faults:
            waiting.set_result(said.get("payload"))

    async def send(self, kind: str, payload: Json, retry: tuple[int, str] | None = None) -> Any:
        """Deliver something; the acknowledgement's payload. Raises NotConnected or TimeoutError."""
        envelope: Json = {
            "envelope_id": str(uuid.uuid4()),
            "type": kind,
            "accepts_response_payload": kind != "events_api",
            "payload": payload,
        }
        if kind == "events_api":
            number, reason = retry or (0, "")
            envelope |= {"retry_attempt": number, "retry_reason": reason}
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = answer
        try:
            await self._hand_over(envelope)
            return await asyncio.wait_for(answer, self._ws.dials.patience)
        finally:
            self._waiting.pop(envelope["envelope_id"], None)

    async def _hand_over(self, envelope: Json) -> None:
        while self._open:
            websocket = self._open[next(self._turns) % len(self._open)]
            try:
                await self._say(websocket, envelope)
                return
            except (WebSocketDisconnect, RuntimeError):
                self._forget(websocket)
        raise NotConnected

    async def refresh(self) -> None:
        """Ask every connection to be replaced, as Slack does every few hours."""
        for websocket in list(self._open):
            await self._say(
                websocket,
                {"type": "disconnect", "reason": "refresh_requested", "debug_info": {"host": "applink-sandbox"}},
            )

    async def cut(self) -> None:
        """End every connection at once."""
        for websocket in list(self._open):
            await self._end(websocket)

    async def _say(self, websocket: WebSocket, what: Json) -> None:
        await websocket.send_text(json.dumps(what))

    async def _end(self, websocket: WebSocket) -> None:
        self._forget(websocket)
        if websocket.application_state is WebSocketState.CONNECTED:
            try:
                await websocket.close(1001)
            except (WebSocketDisconnect, RuntimeError):
                return

    def _forget(self, websocket: WebSocket) -> None:
        if websocket in self._open:
            self._open.remove(websocket)
            self._ws.state.changed()
