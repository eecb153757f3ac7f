"""The views.* methods: open, push and update modals, publish the Home tab (docs.slack.dev/reference/methods)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sandbox.slack import seed
from sandbox.slack.blocks import Surface, completed
from sandbox.slack.chat import as_json
from sandbox.slack.things import Json, Trigger, View
from sandbox.slack.views import DEEPEST, first_values, too_large, view_problems
from sandbox.slack.workspace import Refusal, Workspace, wrong


def open_view(ws: Workspace, args: Json) -> Json:
    """views.open."""
    trigger = use_trigger(ws, args.get("trigger_id"))
    view = add(ws, trigger.user, checked(ws, args.get("view"), "modal"), None)
    return {"view": body(view)}


def push_view(ws: Workspace, args: Json) -> Json:
    """views.push: on top of the modal in which the trigger was pulled."""
    trigger = use_trigger(ws, args.get("trigger_id"))
    below = ws.state.view(trigger.view or "")
    if below is None:
        raise Refusal("not_found")
    view = add(ws, trigger.user, checked(ws, args.get("view"), "modal"), below)
    return {"view": body(view)}


def update_view(ws: Workspace, args: Json) -> Json:
    """views.update, guarded by `hash` where one is given."""
    wanted = (args.get("view_id"), args.get("external_id"))
    view = next(
        (
            one
            for one in ws.state.all_views()
            if one.id == wanted[0] or (wanted[1] and one.body.get("external_id") == wanted[1])
        ),
        None,
    )
    if view is None:
        raise Refusal("not_found")
    if args.get("hash") and args["hash"] != view.hash:
        raise Refusal("hash_conflict")
    replace(ws, view, checked(ws, args.get("view"), "home" if view.body["type"] == "home" else "modal", view))
    return {"view": body(view)}


def publish_view(ws: Workspace, args: Json) -> Json:
    """views.publish: the Home tab of one person."""
    user = ws.state.users.get(str(args.get("user_id") or ""))
    if not ws.manifest.home_tab:
        raise Refusal("not_enabled")
    if user is None or user.is_bot or user.deleted:
        raise wrong("invalid_arguments", [("/user_id", "must be a person of this workspace")])
    view = ws.state.homes.get(user.id)
    if view is not None and args.get("hash") and args["hash"] != view.hash:
        raise Refusal("hash_conflict")
    given = checked(ws, args.get("view"), "home", view)
    if view is None:
        name = ws.state.new_id("V")
        view = ws.state.homes[user.id] = View(name, user.id, given, ws.state.new_hash(), name)
    replace(ws, view, given)
    return {"view": body(view)}


# What the methods, and acknowledgements, share


def use_trigger(ws: Workspace, trigger_id: Any) -> Trigger:
    """The trigger, used up by this. Refuses unknown, used and old ones."""
    trigger = ws.state.triggers.get(str(trigger_id or ""))
    if trigger is None:
        raise Refusal("invalid_trigger_id")
    if trigger.used:
        raise Refusal("exchanged_trigger_id")
    if ws.clock() - trigger.at > timedelta(seconds=ws.dials.trigger_life):
        raise Refusal("expired_trigger_id")
    trigger.used = True
    return trigger


def checked(ws: Workspace, given: Any, surface: Surface, replaces: View | None = None) -> Json:
    """A view as the app sent it, complete. Refuses what Slack would."""
    view = as_json(given, "invalid_arguments")
    if too_large(view):
        raise Refusal("view_too_large")
    found = view_problems(view, surface)
    if found:
        raise wrong("invalid_arguments", found)
    external = view.get("external_id")
    if external and any(
        one is not replaces and one.body.get("external_id") == external for one in ws.state.all_views()
    ):
        raise Refusal("duplicate_external_id")
    empty = {"private_metadata": "", "callback_id": "", "external_id": "", "clear_on_close": False}
    rest = {"notify_on_close": False, "close": None, "submit": None}
    return {**empty, **rest, **view, "blocks": completed(view["blocks"])}


def add(ws: Workspace, user: str, given: Json, below: View | None) -> View:
    """Show a modal: a new one, or on top of another of its stack (three at most)."""
    with ws.state.lock:
        stack = ws.state.modals.setdefault(user, [])
        if below is not None and sum(one.root == below.root for one in stack) >= DEEPEST:
            raise Refusal("push_limit_reached")
        name = ws.state.new_id("V")
        root, previous = (below.root, below.id) if below else (name, None)
        view = View(name, user, given, ws.state.new_hash(), root, previous, first_values(given["blocks"]))
        stack.append(view)
    ws.state.changed()
    return view


def replace(ws: Workspace, view: View, given: Json) -> None:
    """Show another content in a view; what was filled in under the same ids stays."""
    with ws.state.lock:
        view.values = first_values(given["blocks"], view.values)
        view.body, view.hash, view.errors, view.trouble = given, ws.state.new_hash(), {}, None
    ws.state.changed()


def body(view: View) -> Json:
    """A view as answers and payloads show it."""
    return {
        "id": view.id,
        "team_id": seed.TEAM,
        **view.body,
        "state": {"values": view.values},
        "hash": view.hash,
        "previous_view_id": view.previous,
        "root_view_id": view.root,
        "app_id": seed.APP,
        "app_installed_team_id": seed.TEAM,
        "bot_id": seed.BOT,
    }
