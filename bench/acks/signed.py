"""The two requests that are sent again and again, as bytes for the wire: signed as Slack signs. Sends nothing.

docs.slack.dev/authentication/verifying-requests-from-slack, /interactivity/implementing-slash-commands,
/reference/interaction-payloads/block_actions-payload.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

PATH = "/slack/events"
COMMAND, BUTTON = "/onespot-provision", "approve"
KINDS = ("command", "press")

TEAM = {"id": "T0SANDBOX", "domain": "sandbox-optics"}
USER = {"id": "U0BEN", "username": "ben", "name": "ben", "team_id": "T0SANDBOX"}
CHANNEL = {"id": "C0ONBOARD", "name": "onboarding"}
TRIGGER = "10001.1700000000000.0123456789abcdef0123456789abcdef"
GONE = "999999999:" + "0" * 64
"""The button's value: a run that there isn't any more, and the plan that it had."""


@dataclass(frozen=True)
class Signed:
    """One request, complete, and which kind it is."""

    kind: str
    wire: bytes


def signed(secret: str) -> tuple[Signed, ...]:
    """Both kinds. A signature is good for five minutes: make them anew for each load."""
    forms = (_command(), {"payload": json.dumps(_press())})
    return tuple(Signed(kind, _wire(secret, urlencode(form))) for kind, form in zip(KINDS, forms, strict=True))


def _wire(secret: str, body: str) -> bytes:
    stamp = str(int(time.time()))
    lines = (
        f"POST {PATH} HTTP/1.1",
        "Host: 127.0.0.1",
        "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        f"X-Slack-Request-Timestamp: {stamp}",
        f"X-Slack-Signature: {SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body)}",
    )
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode("ascii")


def _command() -> dict[str, str]:
    return {
        "token": "unused",
        "team_id": TEAM["id"],
        "team_domain": TEAM["domain"],
        "channel_id": CHANNEL["id"],
        "channel_name": CHANNEL["name"],
        "user_id": USER["id"],
        "user_name": USER["name"],
        "command": COMMAND,
        "text": "help",
        "api_app_id": "A0ONESPOT",
        "is_enterprise_install": "false",
        "response_url": "http://127.0.0.1:9/response/commands/none",
        "trigger_id": TRIGGER,
    }


def _press() -> dict[str, Any]:
    button = {"type": "button", "action_id": BUTTON, "text": {"type": "plain_text", "text": "Approve"}, "value": GONE}
    ts = "1700000000.000100"
    lines = [{"type": "section", "text": {"type": "mrkdwn", "text": f"{n}. A line of the plan"}} for n in range(17)]
    message = {
        "type": "message",
        "user": "U0BOT",
        "bot_id": "B0ONESPOT",
        "ts": ts,
        "text": "A plan",
        "blocks": [*lines, {"type": "actions", "block_id": "decide", "elements": [button]}],
    }
    return {
        "type": "block_actions",
        "team": TEAM,
        "user": USER,
        "api_app_id": "A0ONESPOT",
        "token": "unused",
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": TRIGGER,
        "container": {"type": "message", "message_ts": ts, "channel_id": CHANNEL["id"], "is_ephemeral": False},
        "channel": CHANNEL,
        "state": {"values": {}},
        "response_url": "http://127.0.0.1:9/response/actions/none",
        "message": message,
        "actions": [{**button, "block_id": "decide", "action_ts": ts}],
    }
