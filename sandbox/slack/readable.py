"""What a person reads of blocks and mrkdwn, as plain text: buttons in brackets, marks gone, mentions as names."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

Names = Mapping[str, str]
"""What ids are called: users with @, channels with #."""

_ANGLE = re.compile(r"<([^<>]+)>")
_MARK = re.compile(r"(?<![\w*~`])([*_~])(?=\S)([^\n]*?\S)\1(?![\w*~`])")


def plain(text: str, names: Names) -> str:
    """mrkdwn as it reads."""
    text = _ANGLE.sub(lambda match: _reference(match[1], names), text)
    for _ in range(3):
        text = _MARK.sub(r"\2", text)
    return html.unescape(text.replace("```", "").replace("`", ""))


def _reference(inner: str, names: Names) -> str:
    target, bar, label = inner.partition("|")
    if target[:1] in ("@", "#"):
        return names.get(target[1:], target)
    if target.startswith("!subteam^"):
        return names.get(target.removeprefix("!subteam^"), label or target)
    if target.startswith("!date^"):
        return label
    if target.startswith("!"):
        return f"@{target[1:]}"
    return label if bar else target


def readable(blocks: Sequence[Mapping[str, Any]], names: Names) -> str:
    """All that can be read in some blocks, a line for each part."""
    lines = [line for block in blocks for line in _block(block, names)]
    return "\n".join(line for line in lines if line)


def _block(block: Mapping[str, Any], names: Names) -> list[str]:
    kind = block["type"]
    if kind == "section":
        parts = [_text(block.get("text"), names), *(_text(field, names) for field in block.get("fields") or [])]
        return [*parts, _element(block.get("accessory"), names)]
    if kind in ("actions", "context"):
        return [" ".join(_element(one, names) for one in block["elements"])]
    if kind == "input":
        return [_text(block["label"], names), _element(block["element"], names), _text(block.get("hint"), names)]
    if kind == "header":
        return [_text(block["text"], names)]
    if kind == "image":
        return [_text(block.get("title"), names), str(block["alt_text"])]
    if kind == "markdown":
        return [str(block["text"])]
    if kind == "table":
        return [" | ".join(_rich(cell, names) for cell in row) for row in block["rows"]]
    if kind == "plan":
        return [str(block["title"]), *(line for task in block.get("tasks") or [] for line in _task(task, names))]
    return _task(block, names) if kind == "task_card" else [_rich(block, names)]


def _task(task: Mapping[str, Any], names: Names) -> list[str]:
    more = [_rich(task[part], names) for part in ("details", "output") if task.get(part)]
    return [f"{task['title']} ({task.get('status', 'pending')})", *more]


def _rich(value: Any, names: Names) -> str:
    """Rich text and table cells."""
    if isinstance(value, list):
        return "".join(_rich(one, names) for one in value)
    kind = value.get("type")
    if kind == "raw_number":
        return str(value.get("text") or value.get("value"))
    for field in ("user_id", "channel_id", "usergroup_id"):
        if field in value:
            return names.get(value[field], value[field])
    if kind == "emoji":
        return f":{value['name']}:"
    if kind == "rich_text_list":
        return "\n".join(f"• {_rich(one, names)}" for one in value["elements"])
    if "elements" in value:
        return "".join(_rich(one, names) for one in value["elements"])
    return str(value.get("text") or value.get("url") or value.get("fallback") or value.get("range") or "")


def _element(element: Mapping[str, Any] | None, names: Names) -> str:
    if not element:
        return ""
    kind = element["type"]
    if kind in ("plain_text", "mrkdwn"):
        return _text(element, names)
    if kind == "image":
        return str(element["alt_text"])
    if kind == "button":
        return f"[{_text(element['text'], names)}]"
    listed = element.get("options") or [one for group in element.get("option_groups", []) for one in group["options"]]
    if listed:
        return " ".join(f"[{_text(one['text'], names)}]" for one in listed)
    return str(element.get("initial_value") or "")


def _text(text: Mapping[str, Any] | None, names: Names) -> str:
    if not text:
        return ""
    return str(text["text"]) if text["type"] == "plain_text" else plain(str(text["text"]), names)
