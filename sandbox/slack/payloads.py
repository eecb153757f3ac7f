"""What Slack sends to the app when people do something, in the full documented form.

docs.slack.dev/interactivity/implementing-slash-commands, /reference/interaction-payloads, /reference/events. Pure.
"""

from __future__ import annotations

from typing import Any

from sandbox.slack import modals, seed
from sandbox.slack.things import Channel, Json, Message, User, View
from sandbox.slack.workspace import Workspace

STATELESS = ("button", "overflow")
"""Elements that `state` says nothing of."""


def command(ws: Workspace, user: User, channel: Channel, name: str, rest: str, trigger: str, answer: str) -> Json:
    """A slash command: a flat form, every value a string."""
    return {
        "token": ws.verification_token,
        **{f"team_{key}": value for key, value in _team(user).items()},
        "channel_id": channel.id,
        "channel_name": channel.name,
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": rest,
        "api_app_id": seed.APP,
        "is_enterprise_install": "false",
        "response_url": f"{ws.origin}/response/commands/{answer}",
        "trigger_id": trigger,
    }


def action(element: Json, block_id: str, chosen: Json, ts: str) -> Json:
    """One of `actions`: the element, and what was chosen in it."""
    kept = ("type", "action_id", "text", "value", "style", "placeholder")
    said = {name: element[name] for name in kept if name in element}
    return {**said, **chosen, "type": element["type"], "block_id": block_id, "action_ts": ts}


def pressed_in_message(
    ws: Workspace, user: User, message: Message, actions: list[Json], trigger: str, answer: str
) -> Json:
    """block_actions from a message. An ephemeral message itself is not in it: Slack keeps none."""
    channel = ws.state.channels[message.channel]
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.to is not None,
    }
    if message.thread_ts is not None:
        container["thread_ts"] = message.thread_ts
    body = {
        **_interaction(ws, "block_actions", user, trigger),
        "container": container,
        "channel": {"id": channel.id, "name": channel.name},
        "state": {"values": message.values},
        "response_url": f"{ws.origin}/response/actions/{answer}",
        "actions": actions,
    }
    return body if message.to is not None else {**body, "message": ws.message_body(message)}


def pressed_in_view(ws: Workspace, user: User, view: View, actions: list[Json], trigger: str) -> Json:
    """block_actions from a modal or the Home tab."""
    return {
        **_interaction(ws, "block_actions", user, trigger),
        "container": {"type": "view", "view_id": view.id},
        "view": modals.body(view),
        "actions": actions,
    }


def submitted(ws: Workspace, user: User, view: View, trigger: str) -> Json:
    """view_submission."""
    return {
        **_interaction(ws, "view_submission", user, trigger),
        "view": modals.body(view),
        "response_urls": [],
    }


def closed(ws: Workspace, user: User, view: View, cleared: bool) -> Json:
    """view_closed; it brings no trigger_id."""
    return {**_interaction(ws, "view_closed", user, None), "view": modals.body(view), "is_cleared": cleared}


def home_opened(ws: Workspace, user: User) -> Json:
    """The event app_home_opened, in its wrapper."""
    ts = ws.state.new_ts()
    event: Json = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": ws.state.dm(user.id).id,
        "event_ts": ts,
        "tab": "home",
    }
    view = ws.state.homes.get(user.id)
    if view is not None:
        event["view"] = modals.body(view)
    return {
        "token": ws.verification_token,
        "team_id": seed.TEAM,
        "api_app_id": seed.APP,
        "event": event,
        "type": "event_callback",
        "event_id": ws.state.new_id("Ev"),
        "event_time": int(float(ts)),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": seed.TEAM,
                "user_id": seed.BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }


def verification(ws: Workspace, challenge: str) -> Json:
    """url_verification, which an address must answer before it gets events."""
    return {"token": ws.verification_token, "challenge": challenge, "type": "url_verification"}


def _interaction(ws: Workspace, kind: str, user: User, trigger: str | None) -> Json:
    body: Json = {
        "type": kind,
        "team": _team(user),
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team},
        "api_app_id": seed.APP,
        "token": ws.verification_token,
        "enterprise": None,
        "is_enterprise_install": False,
    }
    return body if trigger is None else {**body, "trigger_id": trigger}


def _team(user: User) -> dict[str, Any]:
    """The workspace from which somebody acts: a stranger in a shared channel acts from their own."""
    if user.team == seed.TEAM:
        return {"id": seed.TEAM, "domain": seed.DOMAIN}
    return {"id": seed.OTHER_TEAM, "domain": seed.OTHER_DOMAIN}
