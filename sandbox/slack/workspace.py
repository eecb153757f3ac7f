"""The workspace at work: the state together with the app's manifest and tokens, the faults, limits, and what was heard.

The parts that speak (Web API, Socket Mode, response_url, page) all share one of these.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from sandbox.slack import seed
from sandbox.slack.faults import Dials, Faults
from sandbox.slack.limits import Limits
from sandbox.slack.manifest import Manifest
from sandbox.slack.state import State
from sandbox.slack.things import Channel, Json, Message


class Refusal(Exception):
    """Slack's answer to a call that it doesn't carry out: `error` is Slack's word, `more` stands beside it."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more

    def answer(self) -> Json:
        """The body of the answer."""
        return {"ok": False, "error": self.error, **self.more}


def wrong(error: str, problems: list[tuple[str, str]]) -> Refusal:
    """A refusal that says what is wrong where, as Slack does."""
    said = [f"{what} [json-pointer:{where}]" for where, what in problems]
    return Refusal(error, errors=said, response_metadata={"messages": [f"[ERROR] {one}" for one in said]})


@dataclass(frozen=True)
class Heard:
    """One call of the app: a method's name (or `response_url`, `upload`, `ack`), when, and `ok` or Slack's error."""

    method: str
    when: datetime
    outcome: str


class Workspace:
    """Everything that the parts share."""

    def __init__(self, manifest: Manifest, clock: Callable[[], datetime]) -> None:
        self.manifest = manifest
        self.clock = clock
        self.state = seed.fill(State(clock), manifest.name)
        self.faults = Faults(self.state)
        self.dials = Dials()
        self.limits = Limits(clock)
        self.origin = ""
        self.bot_token = f"xoxb-sandbox-{secrets.token_hex(12)}"
        self.app_token = f"xapp-sandbox-{secrets.token_hex(12)}"
        self.signing_secret = secrets.token_hex(16)
        self.verification_token = secrets.token_hex(12)
        self.received: list[bytes] = []
        self.calls: list[Heard] = []
        self.tickets: set[str] = set()

    @property
    def scopes(self) -> list[str]:
        """What the bot's token may do."""
        withheld = self.dials.withheld if "missing-scope" in self.faults else set()
        return [scope for scope in self.manifest.scopes if scope not in withheld]

    def heard(self, method: str, outcome: str, *bodies: str) -> None:
        """Note a call, and every body that came with it, readable too where it was encoded."""
        self.calls.append(Heard(method, self.clock(), outcome))
        self.received += ["\n".join([body, *_decoded(body)]).encode("utf-8", "replace") for body in bodies if body]

    def channel(self, args: Json, *, people: bool = False) -> Channel:
        """The channel that a call names by id (or, where people may be named, somebody's direct messages)."""
        name = str(args.get("channel") or "")
        user = self.state.users.get(name)
        if people and user is not None and not user.deleted and not user.is_bot and user.team == seed.TEAM:
            return self.state.dm(user.id)
        channel = self.state.channels.get(name)
        if channel is None or (channel.private and seed.BOT_USER not in channel.members):
            raise Refusal("channel_not_found")
        return channel

    def is_member(self, channel: Channel) -> bool:
        """Whether the bot is in it."""
        return channel.dm_with is not None or seed.BOT_USER in channel.members

    def message_body(self, message: Message) -> Json:
        """A message as the Web API and the payloads show it."""
        body: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}
        if message.by_app:
            body |= {
                "bot_id": seed.BOT,
                "app_id": seed.APP,
                "team": seed.TEAM,
                "bot_profile": {"id": seed.BOT, "app_id": seed.APP, "name": self.manifest.name, "team_id": seed.TEAM},
            }
        if message.blocks:
            body["blocks"] = message.blocks
        if message.files:
            body["files"] = [self.file_body(one.id) for one in message.files]
        if message.metadata:
            body["metadata"] = message.metadata
        if message.edited:
            body["edited"] = {"user": message.user, "ts": message.ts}
        return body | self._in_thread(message)

    def _in_thread(self, message: Message) -> Json:
        if message.thread_ts is not None:
            root = self.state.message(message.channel, message.thread_ts)
            return {"thread_ts": message.thread_ts, "parent_user_id": root.user if root else None}
        replies = [one for one in self.state.replies(message) if one.to is None]
        if not replies:
            return {}
        return {"thread_ts": message.ts, "reply_count": len(replies), "latest_reply": replies[-1].ts}

    def file_body(self, file_id: str) -> Json:
        """A file as messages show it."""
        file = self.state.files[file_id]
        return {
            "id": file.id,
            "name": file.name,
            "title": file.title or file.name,
            "alt_txt": file.alt_text,
            "mimetype": file.mimetype,
            "size": file.length,
            "user": seed.BOT_USER,
            "url_private": f"{self.origin}/workspace/file/{file.id}",
        }


def _decoded(body: str) -> list[str]:
    """The texts in a form or in JSON, as they read without their encoding."""
    try:
        return list(_texts(json.loads(body)))
    except ValueError:
        pass
    found: list[str] = []
    for _, value in parse_qsl(body.partition("?")[2] if body.startswith("/") else body):
        found.append(value)
        if value[:1] in "[{":
            try:
                found += _texts(json.loads(value))
            except ValueError:
                continue
    return found


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        if value[:1] in ("[", "{"):
            try:
                yield from _texts(json.loads(value))
            except ValueError:
                return
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield str(name)
            yield from _texts(one)
