"""Who and what is there: auth.test, api.test, users, user groups, conversations, and the address for Socket Mode."""

from __future__ import annotations

import secrets

from sandbox.slack import seed
from sandbox.slack.things import Channel, Json, User
from sandbox.slack.workspace import Refusal, Workspace


def api_test(ws: Workspace, args: Json) -> Json:
    """api.test."""
    if args.get("error"):
        raise Refusal(str(args["error"]), args=args)
    return {"args": args}


def auth_test(ws: Workspace, args: Json) -> Json:
    """auth.test."""
    return {
        "url": f"{ws.origin}/",
        "team": seed.TEAM_NAME,
        "user": ws.state.users[seed.BOT_USER].name,
        "team_id": seed.TEAM,
        "user_id": seed.BOT_USER,
        "bot_id": seed.BOT,
        "is_enterprise_install": False,
    }


def open_connection(ws: Workspace, args: Json) -> Json:
    """apps.connections.open: an address that works once."""
    ticket = secrets.token_urlsafe(24)
    ws.tickets.add(ticket)
    return {"url": f"{ws.origin.replace('http', 'ws', 1)}/socket?ticket={ticket}&app_id={seed.APP}"}


def user_info(ws: Workspace, args: Json) -> Json:
    """users.info."""
    user = ws.state.users.get(str(args.get("user") or ""))
    if user is None:
        raise Refusal("user_not_found")
    return {"user": _user(user)}


def _user(user: User) -> Json:
    stranger = {"is_stranger": True} if user.team != seed.TEAM else {}
    return {
        "id": user.id,
        "team_id": user.team,
        "name": user.name,
        "deleted": user.deleted,
        "color": user.color,
        "real_name": user.real_name,
        "tz": "America/New_York",
        "tz_label": "Eastern Standard Time",
        "tz_offset": -18000,
        "profile": {
            "real_name": user.real_name,
            "display_name": user.name,
            "real_name_normalized": user.real_name,
            "display_name_normalized": user.name,
            "team": user.team,
        },
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": 1,
        **stranger,
    }


def group_members(ws: Workspace, args: Json) -> Json:
    """usergroups.users.list; those whose account is deactivated are no members any more."""
    group = ws.state.usergroups.get(str(args.get("usergroup") or ""))
    if group is None:
        raise Refusal("no_such_subteam")
    return {"users": [user for user in group.users if not ws.state.users[user].deleted]}


def open_conversation(ws: Workspace, args: Json) -> Json:
    """conversations.open with one person."""
    names = str(args.get("users") or "").split(",")
    user = ws.state.users.get(names[0])
    if len(names) > 1 or user is None or user.is_bot:
        raise Refusal("user_not_found")
    if user.deleted:
        raise Refusal("user_disabled")
    return {"channel": {"id": ws.state.dm(user.id).id}}


def conversation_info(ws: Workspace, args: Json) -> Json:
    """conversations.info."""
    return {"channel": channel_body(ws, ws.channel(args))}


def channel_body(ws: Workspace, channel: Channel) -> Json:
    """A conversation as the Web API shows it."""
    if channel.dm_with is not None:
        return {"id": channel.id, "is_im": True, "user": channel.dm_with, "is_archived": channel.archived}
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": True,
        "is_private": channel.private,
        "is_archived": channel.archived,
        "is_member": ws.is_member(channel),
        "topic": {"value": channel.topic},
        "num_members": len(channel.members),
    }
