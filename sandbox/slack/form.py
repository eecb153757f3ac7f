"""An open modal of the stand-in workspace, as a person fills it in: fields by their labels, submit, close."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sandbox.slack.elements import choices
from sandbox.slack.readable import Names, readable
from sandbox.slack.seen import Json, NotSeen, buttons, one

Deed = Callable[[str, Json], Json]
"""Does something as the person: the deed's name and body, and the workspace's answer."""


class Form:
    """A modal as it was when it was looked at; after `submit` look for it anew to see what came of it."""

    def __init__(self, deed: Deed, view: Json, names: Names) -> None:
        self._deed = deed
        self._names = names
        self.typed: Json = json.loads(json.dumps(view["state"]["values"]))
        """All values as they would be submitted."""
        self.raw = view

    @property
    def title(self) -> str:
        """The modal's title."""
        return str(self.raw["title"]["text"])

    @property
    def text(self) -> str:
        """All that can be read in it, errors too."""
        errors = [f"! {text}" for text in self.raw["errors"].values()]
        trouble = [self.raw["trouble"]] if self.raw["trouble"] else []
        return "\n".join([self.title, readable(self.raw["blocks"], self._names), *errors, *trouble])

    @property
    def fields(self) -> list[str]:
        """The labels of its fields."""
        return [block["label"]["text"] for block in self.raw["blocks"] if block["type"] == "input"]

    @property
    def buttons(self) -> list[str]:
        """The texts of the buttons in it."""
        return buttons(self.raw["blocks"])

    def value(self, label: str) -> Any:
        """What a field holds now: a text, an option, a list of options, or None."""
        block, element = self._field(label)
        held = self.typed[block["block_id"]][element["action_id"]]
        return next((value for name, value in held.items() if name != "type"), None)

    def fill(self, label: str, value: str) -> None:
        """Type into a field, instead of what stood there; or set a date (YYYY-MM-DD). Raises NotSeen."""
        block, element = self._field(label)
        name = "selected_date" if element["type"] == "datepicker" else "value"
        self.typed[block["block_id"]][element["action_id"]] = {"type": element["type"], name: value or None}

    def choose(self, label: str, *options: str) -> None:
        """Choose options by their texts (several only in checkboxes; none: untick all), or a person by name."""
        block, element = self._field(label)
        chosen = _chosen(element, list(options), self._names)
        self.typed[block["block_id"]][element["action_id"]] = {"type": element["type"], **chosen}

    def submit(self) -> dict[str, str]:
        """Press Submit: for each field that is refused its label and why; empty when it was accepted.

        When the app didn't answer in time it says so under the empty label, and the modal stays open.
        """
        answer = self._deed("submit", {"view_id": self.raw["id"], "values": self.typed})
        if answer.get("ok"):
            return {}
        labels = {block["block_id"]: block["label"]["text"] for block in self.raw["blocks"] if block["type"] == "input"}
        if "errors" in answer:
            return {labels.get(name, name): text for name, text in answer["errors"].items()}
        return {"": f"We had some trouble connecting. Try again? ({answer.get('error')})"}

    def close(self) -> None:
        """Press its Close or Cancel."""
        self._deed("close", {"view_id": self.raw["id"]})

    def _field(self, label: str) -> tuple[Json, Json]:
        for block in self.raw["blocks"]:
            if block["type"] == "input" and block["label"]["text"] == label:
                return block, block["element"]
        raise NotSeen(f'The modal "{self.title}" has no field "{label}". It has: {", ".join(self.fields) or "none"}.')


def _chosen(element: Json, texts: list[str], names: Names) -> Json:
    if element["type"] == "users_select":
        known = {name.lstrip("@"): user for user, name in names.items() if name.startswith("@")}
        return {"selected_user": known.get(texts[0], texts[0]) if texts else None}
    options = {option["text"]["text"]: option for option in choices(element)}
    unknown = [text for text in texts if text not in options]
    if unknown or not options:
        raise NotSeen(f'There is no option "{", ".join(unknown)}". There are: {", ".join(options) or "none"}.')
    if element["type"] == "checkboxes":
        return {"selected_options": [options[text] for text in texts]}
    return one(options[texts[0]]) if texts else {"selected_option": None}
