"""What somebody sends to the bot's door for Slack, signed or not: payloads made by hand. Nothing here asserts."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import sqlite3
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bot.modals import TYPED, Place
from tests.bot.talk import CHANNEL, Talk

OURS, OTHERS = "T0SANDBOX", "T9OTHER"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass(frozen=True)
class Answered:
    """What the door answered."""

    status: int
    body: str


def knock(talk: Talk, body: bytes, kind: str | None = FORM, **headers: str) -> Answered:
    """POST to the door, with these headers (`_` for `-`)."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection = http.client.HTTPConnection("127.0.0.1", talk.settings.port, timeout=10)
    try:
        connection.request("POST", "/slack/events", body, {**({"Content-Type": kind} if kind else {}), **sent})
        answer = connection.getresponse()
        return Answered(answer.status, answer.read().decode())
    except BrokenPipeError:  # it answered and hung up before all was sent
        return Answered(connection.getresponse().status, "")
    finally:
        connection.close()


def signed(talk: Talk, body: bytes, *, ago: float = 0.0, secret: str | None = None) -> dict[str, str]:
    """Slack's headers for this body, so many seconds old."""
    at = str(int(time.time() - ago))
    key = (secret or talk.slack.signing_secret).encode()
    mac = hmac.new(key, b"v0:" + at.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X_Slack_Request_Timestamp": at, "X_Slack_Signature": f"v0={mac}"}


def send(talk: Talk, body: bytes, kind: str = FORM, **how: Any) -> Answered:
    """The same, signed."""
    return knock(talk, body, kind, **signed(talk, body, **how))


def payload(talk: Talk, what: dict[str, Any]) -> Answered:
    """An interaction, signed."""
    return send(talk, urlencode({"payload": json.dumps(what)}).encode())


def somebody(user: str, team: str | None) -> dict[str, Any]:
    """Who did it. Without a team in `user`, that of the payload counts."""
    told = {"id": user, "username": "x", "name": "x", **({"team_id": team} if team else {})}
    return {"user": told, "team": {"id": OURS if team else OTHERS, "domain": "x"}, "api_app_id": "A0ONESPOT"}


def click(action: str, value: str, user: str, team: str | None) -> dict[str, Any]:
    """A press of a button in a message of the channel."""
    return {
        "type": "block_actions",
        **somebody(user, team),
        "trigger_id": "1.2.x",
        "container": {"type": "message", "message_ts": "1.000001", "channel_id": CHANNEL, "is_ephemeral": False},
        "channel": {"id": CHANNEL, "name": "onboarding"},
        "actions": [{"type": "button", "action_id": action, "block_id": "b", "value": value, "action_ts": "1.1"}],
    }


def submission(callback: str, place: Place, values: dict[str, str], user: str, team: str | None) -> dict[str, Any]:
    """A modal that is submitted."""
    state = {block: {TYPED: {"type": "plain_text_input", "value": text}} for block, text in values.items()}
    view = {"type": "modal", "id": "V1", "callback_id": callback, "private_metadata": place.packed(), "blocks": []}
    return {"type": "view_submission", **somebody(user, team), "view": {**view, "state": {"values": state}}}


def command(name: str, text: str, user: str, team: str, answer: str) -> bytes:
    """A slash command's form; `answer` is its response_url."""
    form = {"command": name, "text": text, "user_id": user, "team_id": team, "channel_id": CHANNEL}
    return urlencode({**form, "trigger_id": "1.2.x", "api_app_id": "A0ONESPOT", "response_url": answer}).encode()


def rows(talk: Talk) -> list[str]:
    """All that the database holds once it rests, but for what Slack shows of it."""
    before: list[str] = []
    while (now := _dump(talk)) != before:
        before = now
        time.sleep(0.05)
    return now


def _dump(talk: Talk) -> list[str]:
    database = sqlite3.connect(f"file:{talk.settings.beside}/onespot.db?mode=ro", uri=True)
    try:
        return [line for line in database.iterdump() if "thread_message" not in line]
    finally:
        database.close()
