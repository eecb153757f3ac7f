"""What a view must be like (docs.slack.dev/reference/views): a modal, or the Home tab. Says what is wrong with one."""

from __future__ import annotations

import json
from typing import Any

from sandbox.slack.blocks import Problem, Surface, elements, problems
from sandbox.slack.elements import plain
from sandbox.slack.shapes import Check, Report, flag, shape, text, words

LARGEST = 250 * 1024
"""Bytes of a view as JSON."""

DEEPEST = 3
"""Views in one stack."""


def _later(value: Any, at: str, report: Report) -> None:
    """The blocks, which are checked by themselves."""


_common: dict[str, Check] = {
    "private_metadata": text(3000, 0),
    "callback_id": text(255, 0),
    "external_id": text(255, 0),
}
_modal = shape(
    {"type": words("modal"), "title": plain(24), "blocks": _later},
    {
        **_common,
        "close": plain(24),
        "submit": plain(24),
        "clear_on_close": flag,
        "notify_on_close": flag,
        "submit_disabled": flag,
    },
)
_home = shape({"type": words("home"), "blocks": _later}, _common)


def view_problems(view: Any, surface: Surface, at: str = "/view") -> list[Problem]:
    """What is wrong with a view; an empty list when nothing is."""
    found: list[Problem] = []
    (_modal if surface == "modal" else _home)(view, at, lambda where, what: found.append((where, what)))
    if isinstance(view, dict) and view.get("blocks") is not None:
        found += problems(view["blocks"], surface, f"{at}/blocks")
        inputs = not found and any(block["type"] == "input" for block in view["blocks"])
        if inputs and surface == "modal" and not view.get("submit"):
            found.append((f"{at}/submit", "missing required field: submit, because there is an input block"))
    return found


def too_large(view: Any) -> bool:
    """Whether it has more than 250 kB."""
    return len(json.dumps(view, ensure_ascii=False).encode()) > LARGEST


def first_values(blocks: list[dict[str, Any]], before: dict[str, Any] | None = None) -> dict[str, Any]:
    """`state.values` of these blocks: what they begin with, or what was filled in `before` under the same ids."""
    values: dict[str, Any] = {}
    for block in blocks:
        for element in elements(block):
            if element["type"] in ("button", "overflow", "image"):
                continue
            kept = (before or {}).get(block["block_id"], {}).get(element["action_id"])
            value = kept if kept and kept.get("type") == element["type"] else first_value(element)
            values.setdefault(block["block_id"], {})[element["action_id"]] = value
    return values


def first_value(element: dict[str, Any]) -> dict[str, Any]:
    """What an element holds before anybody touched it."""
    kind = element["type"]
    if kind in ("static_select", "radio_buttons"):
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind == "checkboxes":
        return {"type": kind, "selected_options": element.get("initial_options") or []}
    if kind == "users_select":
        return {"type": kind, "selected_user": element.get("initial_user")}
    if kind == "datepicker":
        return {"type": kind, "selected_date": element.get("initial_date")}
    return {"type": kind, "value": element.get("initial_value")}
