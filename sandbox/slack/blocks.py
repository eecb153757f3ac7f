"""Which blocks there are, what each may hold, and on which surface it may stand (docs.slack.dev/reference/block-kit).

`problems()` finds what is wrong with a list of blocks, `completed()` adds what Slack adds by itself. Rich text is only
looked at roughly. Blocks that an app can't send, or that this one has no use for (file, video, cards), are unsupported.
"""

from __future__ import annotations

import copy
import secrets
from collections.abc import Iterator
from typing import Any, Literal

from sandbox.slack.elements import CLICKED, FILLED, any_text, identifier, image, plain
from sandbox.slack.rich_text import rich_text
from sandbox.slack.shapes import (
    Check,
    Report,
    also,
    anything,
    at_least_one,
    different,
    either,
    flag,
    kind,
    not_both,
    shape,
    some,
    text,
    url,
    words,
)

Surface = Literal["message", "modal", "home"]
Problem = tuple[str, str]
"""Where (a JSON pointer) and what."""

MOST: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}
MARKDOWN_IN_ALL = 12_000


def _member_ids(field: str) -> Check:
    """The action_ids within one block differ."""
    ids = different(lambda one: one.get("action_id") if isinstance(one, dict) else None, "`action_id`")

    def check(value: Any, at: str, report: Report) -> None:
        ids(value[field], f"{at}/{field}", report)

    return check


_block = {"block_id": identifier}
_cell = either(
    {
        "raw_text": kind("raw_text", {"text": text(12_000)}),
        "raw_number": kind("raw_number", {"value": anything}, {"text": text(12_000)}),
        "rich_text": rich_text,
    }
)


def _some_or_null(check: Check) -> Check:
    def checked(value: Any, at: str, report: Report) -> None:
        if value is not None:
            check(value, at, report)

    return checked


_column = shape({}, {"align": words("left", "center", "right"), "is_wrapped": flag})
_source = kind("url", {"url": url, "text": text(3000)}, {"icon_url": url})
_task = {
    "task_id": text(255),
    "title": text(3000),
}
_task_more = {
    **_block,
    "type": words("task_card"),
    "status": words("pending", "in_progress", "complete", "error"),
    "details": rich_text,
    "output": rich_text,
    "sources": some(_source, 50),
}
_task_ids = different(lambda one: one.get("task_id"), "`task_id`")

EVERYWHERE: dict[str, Check] = {
    "actions": also(
        kind("actions", {"elements": some(either(CLICKED), 25)}, _block),
        _member_ids("elements"),
    ),
    "context": kind(
        "context",
        {
            "elements": some(
                either(
                    {
                        "image": image,
                        "plain_text": any_text(3000),
                        "mrkdwn": any_text(3000),
                    }
                ),
                10,
            )
        },
        _block,
    ),
    "divider": kind("divider", {}, _block),
    "header": kind("header", {"text": plain(150)}, _block),
    "image": also(
        kind(
            "image",
            {"alt_text": text(2000)},
            {**_block, "image_url": url, "title": plain(2000), "slack_file": shape({}, {"id": text(20), "url": url})},
        ),
        at_least_one("image_url", "slack_file"),
        not_both("image_url", "slack_file"),
    ),
    "input": kind(
        "input",
        {"label": plain(2000), "element": either(FILLED)},
        {**_block, "hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "rich_text": rich_text,
    "section": also(
        kind(
            "section",
            {},
            {
                **_block,
                "text": any_text(3000),
                "fields": some(any_text(2000), 10),
                "accessory": either({**CLICKED, "image": image}),
                "expand": flag,
            },
        ),
        at_least_one("text", "fields"),
    ),
}
MESSAGES_ONLY: dict[str, Check] = {
    "markdown": kind("markdown", {"text": text(MARKDOWN_IN_ALL)}, _block),
    "table": kind(
        "table",
        {"rows": some(some(_cell, 20), 100)},
        {**_block, "column_settings": some(_some_or_null(_column), 20)},
    ),
    "task_card": shape({**_task, "type": words("task_card")}, {k: v for k, v in _task_more.items() if k != "type"}),
    "plan": kind(
        "plan", {"title": text(3000)}, {**_block, "tasks": also(some(shape(_task, _task_more), 50, 0), _task_ids)}
    ),
}


def problems(blocks: Any, surface: Surface, at: str = "/blocks") -> list[Problem]:
    """What is wrong with the blocks; an empty list when nothing is."""
    found: list[Problem] = []
    kinds = {**EVERYWHERE, **MESSAGES_ONLY} if surface == "message" else EVERYWHERE

    def report(where: str, what: str) -> None:
        found.append((where, what))

    some(either(kinds), MOST[surface], 0)(blocks, at, report)
    if not found:
        different(lambda one: one.get("block_id"), "`block_id`")(blocks, at, report)
        if sum(len(one["text"]) for one in blocks if one["type"] == "markdown") > MARKDOWN_IN_ALL:
            report(at, f"markdown blocks must be less than {MARKDOWN_IN_ALL + 1} characters in all")
    return found


def characters(value: Any) -> int:
    """How many characters the texts in these blocks have."""
    if isinstance(value, list):
        return sum(characters(one) for one in value)
    if isinstance(value, dict):
        return sum(
            len(one) if name == "text" and isinstance(one, str) else characters(one) for name, one in value.items()
        )
    return 0


def completed(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A copy with what Slack adds: ids where none were given, `emoji` and `verbatim`."""
    done: list[dict[str, Any]] = copy.deepcopy(blocks)
    for block in done:
        block.setdefault("block_id", secrets.token_urlsafe(4)[:5])
        for element in elements(block):
            if element["type"] != "image":
                element.setdefault("action_id", secrets.token_urlsafe(5)[:6])
    _fill_texts(done)
    return done


def elements(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What in a block can be pressed or filled in (and its images)."""
    kind_ = block["type"]
    if kind_ == "actions":
        yield from block["elements"]
    elif kind_ == "section" and block.get("accessory"):
        yield block["accessory"]
    elif kind_ == "input":
        yield block["element"]


def _fill_texts(value: Any) -> None:
    if isinstance(value, list):
        for one in value:
            _fill_texts(one)
    elif isinstance(value, dict):
        if value.get("type") == "plain_text":
            value.setdefault("emoji", True)
        elif value.get("type") == "mrkdwn":
            value.setdefault("verbatim", False)
        for one in value.values():
            _fill_texts(one)
