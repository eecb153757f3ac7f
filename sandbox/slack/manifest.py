"""Reads the app's manifest: what the stand-in must know of it (commands, scopes, events, name).

Not a YAML parser: it reads the part of YAML that manifests are written in (nested mappings, lists of words or of
mappings, plain, quoted and folded texts, comments) and refuses the rest with the line's number.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_KEY = re.compile(r"^([A-Za-z_][\w-]*):(?:\s+(.*))?$")


@dataclass(frozen=True)
class Manifest:
    """What the app is and may do."""

    name: str
    scopes: tuple[str, ...]
    commands: tuple[dict[str, str], ...]
    events: tuple[str, ...]
    home_tab: bool
    interactive: bool
    socket_mode: bool


def read_manifest(path: Path) -> Manifest:
    """The manifest in a YAML file. Raises ValueError, with the line, for what it can't read; OSError without a file."""
    lines = [(number, line.rstrip()) for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)]
    used = [(number, line) for number, line in lines if line.strip() and not line.lstrip().startswith("#")]
    whole, rest = _block(used, 0)
    if rest or not isinstance(whole, dict):
        raise ValueError(f"{path}: line {rest[0][0] if rest else 1} is not understood.")
    features, settings = whole.get("features", {}), whole.get("settings", {})
    return Manifest(
        name=str(whole.get("display_information", {}).get("name", "App")),
        scopes=tuple(whole.get("oauth_config", {}).get("scopes", {}).get("bot", [])),
        commands=tuple(features.get("slash_commands", [])),
        events=tuple(settings.get("event_subscriptions", {}).get("bot_events", [])),
        home_tab=bool(features.get("app_home", {}).get("home_tab_enabled")),
        interactive=bool(settings.get("interactivity", {}).get("is_enabled")),
        socket_mode=bool(settings.get("socket_mode_enabled")),
    )


Lines = list[tuple[int, str]]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _block(lines: Lines, indent: int) -> tuple[Any, Lines]:
    """The mapping or list that starts here, and the lines after it."""
    if lines and lines[0][1].lstrip().startswith("- "):
        return _list(lines, _indent(lines[0][1]))
    found: dict[str, Any] = {}
    while lines and _indent(lines[0][1]) == indent:
        number, line = lines[0]
        match = _KEY.match(line.strip())
        if match is None:
            raise ValueError(f"Line {number} of the manifest is not understood.")
        found[match[1]], lines = _value(match[2] or "", lines[1:], indent)
    return found, lines


def _value(text: str, rest: Lines, indent: int) -> tuple[Any, Lines]:
    if text in (">", ">-", "|", "|-"):
        parts = []
        while rest and _indent(rest[0][1]) > indent:
            parts.append(rest[0][1].strip())
            rest = rest[1:]
        return (" " if text[0] == ">" else "\n").join(parts), rest
    if text:
        return _scalar(text), rest
    deeper = rest and (_indent(rest[0][1]) > indent or rest[0][1].lstrip().startswith("- "))
    return _block(rest, _indent(rest[0][1])) if deeper else (None, rest)


def _list(lines: Lines, indent: int) -> tuple[list[Any], Lines]:
    found: list[Any] = []
    while lines and _indent(lines[0][1]) == indent and lines[0][1].lstrip().startswith("- "):
        number, line = lines[0]
        item = line[indent + 2 :]
        if _KEY.match(item.strip()):
            inner: Lines = [(number, " " * (indent + 2) + item), *lines[1:]]
            value, lines = _block(inner, indent + 2)
        else:
            value, lines = _scalar(item.strip()), lines[1:]
        found.append(value)
    return found, lines


def _scalar(text: str) -> Any:
    if text.startswith('"'):
        return json.loads(text)
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    if text in ("true", "false"):
        return text == "true"
    return int(text) if text.isdigit() else text
