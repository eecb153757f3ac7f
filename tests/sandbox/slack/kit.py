"""Small blocks and views for the tests of the stand-in Slack, right until a test spoils one; an ear for payloads."""

from __future__ import annotations

import threading
from typing import Any

Json = dict[str, Any]


def plain(text: str = "words") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "words") -> Json:
    return {"type": "mrkdwn", "text": text}


def without(thing: Json, *names: str) -> Json:
    return {name: value for name, value in thing.items() if name not in names}


def section(text: str = "words", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(text: str = "Go", action: str = "go", **more: Any) -> Json:
    return {"type": "button", "action_id": action, "text": plain(text), **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def option(value: str = "one", text: str | None = None) -> Json:
    return {"text": plain(text or value.capitalize()), "value": value}


def select(*values: str, **more: Any) -> Json:
    return {"type": "static_select", "action_id": "pick", "options": [option(one) for one in values], **more}


def typed(label: str = "Name", block: str = "name", **more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": "typed", **more.pop("element", {})}
    return {"type": "input", "block_id": block, "label": plain(label), "element": element, **more}


def modal(*blocks: Json, title: str = "A form", **more: Any) -> Json:
    view = {"type": "modal", "callback_id": "form", "title": plain(title), "submit": plain("Send"), **more}
    return {**view, "blocks": list(blocks or [typed()])}


def home(*blocks: Json) -> Json:
    return {"type": "home", "blocks": list(blocks or [section("Welcome home")])}


class Heard:
    """The payloads that an app got."""

    def __init__(self) -> None:
        self.bodies: list[Json] = []
        self.came = threading.Event()

    def __call__(self, body: Json) -> None:
        self.bodies.append(body)
        self.came.set()

    def wait(self) -> Json:
        assert self.came.wait(5)
        return self.bodies[-1]
