"""Small checks that the Block Kit reference is written in: a check looks at one value and reports what is wrong.

Knows no block. A report is a place (a JSON pointer, as Slack's error messages have it) and what is wrong there, in
Slack's own wording where it is known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Report = Callable[[str, str], None]
Check = Callable[[Any, str, Report], None]


def text(most: int, least: int = 1) -> Check:
    """A string with so many characters."""

    def check(value: Any, at: str, report: Report) -> None:
        if not isinstance(value, str):
            report(at, "must be a string")
        elif len(value) > most:
            report(at, f"must be less than {most + 1} characters")
        elif len(value) < least:
            report(at, f"must be more than {least - 1} characters")

    return check


def words(*allowed: str) -> Check:
    """One of a few words."""

    def check(value: Any, at: str, report: Report) -> None:
        if value not in allowed:
            report(at, f"must be a valid enum value: {', '.join(allowed)}")

    return check


def pattern(expression: str, what: str, most: int = 3000) -> Check:
    """A string of a certain form."""
    compiled, length = re.compile(expression), text(most)

    def check(value: Any, at: str, report: Report) -> None:
        length(value, at, report)
        if isinstance(value, str) and value and not compiled.fullmatch(value):
            report(at, f"must be a valid {what}")

    return check


url = pattern(r"(https?|mailto|slack|tel):\S+", "URL")


def anything(value: Any, at: str, report: Report) -> None:
    """Not looked at."""


def flag(value: Any, at: str, report: Report) -> None:
    """True or false."""
    if not isinstance(value, bool):
        report(at, "must be a boolean")


def number(least: int, most: int) -> Check:
    """A whole number in a range, both ends included."""

    def check(value: Any, at: str, report: Report) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            report(at, "must be an integer")
        elif not least <= value <= most:
            report(at, f"must be between {least} and {most}")

    return check


def some(item: Check, most: int, least: int = 1) -> Check:
    """A list of so many things."""

    def check(value: Any, at: str, report: Report) -> None:
        if not isinstance(value, list):
            report(at, "must provide an array")
            return
        if len(value) > most:
            report(at, f"no more than {most} items allowed")
        if len(value) < least:
            report(at, f"no less than {least} items allowed")
        for index, one in enumerate(value):
            item(one, f"{at}/{index}", report)

    return check


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with these fields and no others."""
    known = {**required, **(optional or {})}

    def check(value: Any, at: str, report: Report) -> None:
        if not isinstance(value, dict):
            report(at, "must provide an object")
            return
        for name in required:
            if value.get(name) is None:
                report(at, f"missing required field: {name}")
        for name, one in value.items():
            if name not in known:
                report(at, f"invalid additional property: {name}")
            elif one is not None or name in required:
                if one is not None:
                    known[name](one, f"{at}/{name}", report)
            else:
                report(f"{at}/{name}", "must not be null")

    return check


def kind(name: str, required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with a `type`."""
    return shape({"type": words(name), **required}, optional)


def either(kinds: Mapping[str, Check]) -> Check:
    """An object that is one of some kinds, by its `type`."""

    def check(value: Any, at: str, report: Report) -> None:
        if not isinstance(value, dict):
            report(at, "must provide an object")
        elif not isinstance(value.get("type"), str):
            report(at, "missing required field: type")
        elif value["type"] not in kinds:
            report(at, f"unsupported type: {value['type']}")
        else:
            kinds[value["type"]](value, at, report)

    return check


def also(check: Check, *more: Check) -> Check:
    """All of these checks; the later ones only if the first found nothing wrong."""

    def checked(value: Any, at: str, report: Report) -> None:
        found: list[tuple[str, str]] = []
        check(value, at, lambda where, what: found.append((where, what)))
        for where, what in found:
            report(where, what)
        if not found:
            for one in more:
                one(value, at, report)

    return checked


def at_least_one(*names: str) -> Check:
    """An object that has one of these fields."""

    def check(value: Any, at: str, report: Report) -> None:
        if not any(value.get(name) for name in names):
            report(at, f"missing required field: {' or '.join(names)}")

    return check


def not_both(*names: str) -> Check:
    """An object that has one of these fields at most."""

    def check(value: Any, at: str, report: Report) -> None:
        if sum(value.get(name) is not None for name in names) > 1:
            report(at, f"only one of {', '.join(names)} is allowed")

    return check


def different(key: Callable[[Any], Any], what: str) -> Check:
    """A list whose members differ in something (None doesn't count)."""

    def check(value: Any, at: str, report: Report) -> None:
        seen: Sequence[Any] = [key(one) for one in value]
        for index, one in enumerate(seen):
            if one is not None and one in seen[:index]:
                report(f"{at}/{index}", f"{what} already exists: {one}")

    return check
