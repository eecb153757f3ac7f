"""What people do in the workspace, and what comes of it: commands, presses, modals, the Home tab.

Every deed ends as a small JSON answer for whoever did it; what the app does with it shows in the workspace.
"""

from __future__ import annotations

from typing import Any

from sandbox.slack import modals, payloads
from sandbox.slack.blocks import elements
from sandbox.slack.delivery import Ack, Delivery
from sandbox.slack.forms import problems
from sandbox.slack.responses import put
from sandbox.slack.things import Channel, Json, Message, User, View
from sandbox.slack.workspace import Refusal, Workspace

TROUBLE = "We had some trouble connecting. Try again?"
OK: Json = {"ok": True}


class People:
    """The deeds. Each raises Refusal for what can't be done in Slack at all."""

    def __init__(self, workspace: Workspace, delivery: Delivery) -> None:
        self._ws = workspace
        self._delivery = delivery

    # Typing

    def message(self, body: Json) -> Json:
        """Write a message, into a channel or a thread."""
        user, channel = self._user(body), self._channel(body)
        text = str(body.get("text") or "")
        if not text.strip():
            raise Refusal("no_text")
        ts = self._ws.state.new_ts()
        self._ws.state.add(Message(ts, channel.id, user.id, text, thread_ts=body.get("thread_ts") or None))
        return {**OK, "ts": ts}

    async def command(self, body: Json) -> Json:
        """Type a slash command."""
        ws, user, channel = self._ws, self._user(body), self._channel(body)
        name, _, rest = str(body.get("text") or "").strip().partition(" ")
        if name not in [one["command"] for one in ws.manifest.commands]:
            ws.state.notify(user.id, f"{name} is not a valid command.")
            raise Refusal("invalid_command")
        answer = ws.state.new_answer(channel.id, user.id)
        trigger = ws.state.new_trigger(user.id)
        payload = payloads.command(ws, user, channel, name, rest.strip(), trigger, answer)
        ack = await self._delivery.send("slash_commands", payload)
        error = ack.error
        if error is None:
            said = {"text": ack.body} if isinstance(ack.body, str) else ack.body
            try:
                if said:
                    put(ws, ws.state.answers[answer], said)
            except Refusal as refusal:
                error = refusal.error
        if error is not None:
            ws.state.notify(user.id, f"{name} failed with the error “{error}”")
            raise Refusal(error)
        return OK

    # Pressing

    async def press(self, body: Json) -> Json:
        """Press or choose something, in a message or in a view."""
        user = self._user(body)
        if body.get("view_id"):
            return await self._press_in_view(user, self._view(user, body), body)
        channel = self._channel(body)
        message = self._ws.state.message(channel.id, str(body.get("ts") or ""), to=user.id)
        if message is None:
            raise Refusal("message_not_found")
        element = _element([*message.blocks, *message.former], body)
        chosen = _chosen(element, body.get("value"))
        _remember(message.values, body, element, chosen)
        actions = [payloads.action(element, body["block_id"], chosen, self._ws.state.new_ts())]
        answer = self._ws.state.new_answer(channel.id, user.id, message)
        trigger = self._ws.state.new_trigger(user.id)
        payload = payloads.pressed_in_message(self._ws, user, message, actions, trigger, answer)
        return self._after(user, await self._delivery.send("interactive", payload))

    async def _press_in_view(self, user: User, view: View, body: Json) -> Json:
        element = _element(view.body["blocks"], body)
        chosen = _chosen(element, body.get("value"))
        _fill_in(view, body.get("values"))
        _remember(view.values, body, element, chosen)
        actions = [payloads.action(element, body["block_id"], chosen, self._ws.state.new_ts())]
        trigger = self._ws.state.new_trigger(user.id, view.id)
        payload = payloads.pressed_in_view(self._ws, user, view, actions, trigger)
        return self._after(user, await self._delivery.send("interactive", payload))

    def _after(self, user: User, ack: Ack) -> Json:
        if ack.error is not None:
            self._ws.state.notify(user.id, f"This didn't work: the app answered with the error “{ack.error}”")
            raise Refusal(ack.error)
        return OK

    # Modals and the Home tab

    async def submit(self, body: Json) -> Json:
        """Press a modal's Submit: first what Slack itself checks, then the app."""
        user = self._user(body)
        view = self._view(user, body)
        _fill_in(view, body.get("values"))
        view.trouble = None
        view.errors = problems(view.body["blocks"], view.values)
        self._ws.state.changed()
        if view.errors:
            return {"ok": False, "errors": view.errors}
        payload = payloads.submitted(self._ws, user, view, self._ws.state.new_trigger(user.id, view.id))
        ack = await self._delivery.send("interactive", payload)
        try:
            if ack.error is not None:
                raise Refusal(ack.error)
            return self._submitted(view, ack.body)
        except Refusal as refusal:
            view.trouble = TROUBLE
            self._ws.state.notify(user.id, TROUBLE)
            raise refusal

    def _submitted(self, view: View, said: Any) -> Json:
        """Do what the acknowledgement of a view_submission says."""
        said = said if isinstance(said, dict) else {}
        deed = said.get("response_action")
        if deed is None:
            self._ws.state.close(view)
        elif deed == "clear":
            self._ws.state.close(view, whole_stack=True)
        elif deed == "update":
            modals.replace(self._ws, view, modals.checked(self._ws, said.get("view"), "modal", view))
        elif deed == "push":
            modals.add(self._ws, view.user, modals.checked(self._ws, said.get("view"), "modal"), view)
        elif deed == "errors":
            view.errors = _app_errors(view, said.get("errors"))
            self._ws.state.changed()
            return {"ok": False, "errors": view.errors}
        else:
            raise Refusal("invalid_arguments")
        return OK

    async def close(self, body: Json) -> Json:
        """Close a modal by its button: it alone, or with `clear_on_close` its whole stack."""
        user = self._user(body)
        view = self._view(user, body)
        cleared = bool(view.body.get("clear_on_close") or body.get("all"))
        gone = [one for one in self._ws.state.modals[user.id] if one.root == view.root] if cleared else [view]
        self._ws.state.close(view, whole_stack=cleared)
        for one in gone:
            if one.body.get("notify_on_close"):
                await self._delivery.send("interactive", payloads.closed(self._ws, user, one, cleared))
        return OK

    def home(self, body: Json) -> Json:
        """Open the app's Home tab."""
        user = self._user(body)
        if "app_home_opened" in self._ws.manifest.events and self._ws.manifest.home_tab:
            self._delivery.event(payloads.home_opened(self._ws, user))
        return OK

    # Who and where

    def _user(self, body: Json) -> User:
        user = self._ws.state.users.get(str(body.get("user") or ""))
        if user is None or user.is_bot:
            raise Refusal("user_not_found")
        if user.deleted:
            raise Refusal("account_inactive")
        return user

    def _channel(self, body: Json) -> Channel:
        channel = self._ws.state.channels.get(str(body.get("channel") or ""))
        if channel is None or body.get("user") not in channel.members:
            raise Refusal("channel_not_found")
        if channel.archived:
            raise Refusal("is_archived")
        return channel

    def _view(self, user: User, body: Json) -> View:
        view = self._ws.state.view(str(body.get("view_id") or ""))
        if view is None or view.user != user.id:
            raise Refusal("not_found")
        return view


def _element(blocks: list[Json], body: Json) -> Json:
    """The element that is pressed. An input's own element only if it dispatches its action."""
    for block in blocks:
        if block["block_id"] != body.get("block_id"):
            continue
        for element in elements(block):
            silent = block["type"] == "input" and not block.get("dispatch_action")
            if element.get("action_id") == body.get("action_id") and not silent:
                return element
    raise Refusal("action_not_found")


def _chosen(element: Json, value: Any) -> Json:
    """What is chosen, in Slack's action form. Refuses an option that isn't there."""
    chosen = {name: one for name, one in value.items() if name != "type"} if isinstance(value, dict) else {}
    if element["type"] in ("overflow", "static_select", "radio_buttons") and not chosen.get("selected_option"):
        raise Refusal("nothing_chosen")
    listed = [
        *element.get("options", []),
        *(one for group in element.get("option_groups", []) for one in group["options"]),
    ]
    known = [one["value"] for one in listed]
    picked = [chosen["selected_option"]] if chosen.get("selected_option") else chosen.get("selected_options") or []
    if any(one.get("value") not in known for one in picked):
        raise Refusal("option_not_found")
    return chosen


def _remember(values: Json, body: Json, element: Json, chosen: Json) -> None:
    if element["type"] not in payloads.STATELESS:
        values.setdefault(body["block_id"], {})[body["action_id"]] = {"type": element["type"], **chosen}


def _fill_in(view: View, values: Any) -> None:
    """Keep what was typed and chosen, for the fields that the view has."""
    for block_id, fields in (values or {}).items():
        for action_id, value in fields.items():
            if action_id in view.values.get(block_id, {}):
                kind = view.values[block_id][action_id]["type"]
                view.values[block_id][action_id] = {**value, "type": kind}


def _app_errors(view: View, errors: Any) -> dict[str, str]:
    """The app's errors; each must name an input block."""
    inputs = [block["block_id"] for block in view.body["blocks"] if block["type"] == "input"]
    if not isinstance(errors, dict) or not errors:
        raise Refusal("invalid_arguments")
    if not all(name in inputs and isinstance(text, str) and text for name, text in errors.items()):
        raise Refusal("invalid_arguments")
    return dict(errors)
