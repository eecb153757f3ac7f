"""What is there against what must be there: the differences, in words for a person, and how bad each is. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from automation.revolutionehr.desired import DAYS, FIRST_NAME, LAST_NAME, PERMISSIONS, ROLE
from automation.revolutionehr.pages.employee import Record
from automation.sight import plain
from storage.models import Drift, DriftGrade

Permission = tuple[str, str]
Graded = tuple[DriftGrade, str]

_EXCESS, _MISSING, _COSMETIC = DriftGrade.EXCESS, DriftGrade.MISSING, DriftGrade.COSMETIC


def six() -> frozenset[Permission]:
    """The permissions that must be ticked, as (folder in the guide's words, permission)."""
    return frozenset((folders[0], name) for folders, names in PERMISSIONS.items() for name in names)


def role_differences(ticked: Iterable[Permission]) -> list[str]:
    """One line for each right too many or too few; empty when exactly the six are ticked."""
    return [words for _, words in _of_role(ticked)]


def record_differences(record: Record, username: str, primary: str | None = None) -> list[str]:
    """One line for each value of the employee that isn't as it must be."""
    return [words for _, words in _of_record(record, username, primary)]


def role_drifts(ticked: Iterable[Permission]) -> list[Drift]:
    """`role_differences`, graded: a right too many is EXCESS, one too few is MISSING."""
    return [Drift(grade, f"role {words}") for grade, words in _of_role(ticked)]


def record_drifts(record: Record, username: str, primary: str | None = None) -> list[Drift]:
    """`record_differences`, graded, and what only whoever watches an account asks for: hours, and a name's case."""
    found = [*_of_record(record, username, primary), *_of_hours(record)]
    if plain(record.username) == plain(username) and record.username.strip() != username:
        found.append((_COSMETIC, f"has the user name {record.username} instead of {username}"))
    return [Drift(grade, f"employee {words}") for grade, words in found]


def renamed(roles: Iterable[str]) -> str | None:
    """What our role may be called now, where it isn't in the list any more: the employee's only role."""
    held = list(roles)
    return held[0] if len(held) == 1 and plain(held[0]) != plain(ROLE) else None


def may_be_ours(permissions: Iterable[Permission]) -> bool:
    """True when a role holds more of our six than of anything else: then it is ours by another name, changed or not."""
    there = {(plain(folder), plain(name)) for folder, name in permissions}
    six_of_ours = {(plain(folder), plain(name)) for folder, name in six()}
    return 2 * len(there & six_of_ours) >= len(there | six_of_ours)


def renamed_drift(name: str) -> Drift:
    """The drift of a role that has another name; what it may do is graded by itself."""
    return Drift(_COSMETIC, f"role {ROLE} is now called {name}")


def about_roles(record: Record) -> list[Drift]:
    """The part of `record_drifts` that speaks of the employee's roles."""
    return [Drift(grade, f"employee {words}") for grade, words in _of_roles(record)]


def by_grade(drifts: Iterable[Drift]) -> tuple[Drift, ...]:
    """Each once, the worst first, otherwise in their order."""
    return tuple(sorted(dict.fromkeys(drifts), key=lambda drift: list(DriftGrade).index(drift.grade)))


_COUNTED = re.compile(r"^\d+\b|\+ ?\d+\b|\bselected\b|\b\d+ (more|others?)\b|(…|\.\.\.)$", re.I)


def _names(held: str) -> list[str]:
    """The roles that a form which can't be opened says in one line: "OneSpot, Front Desk"."""
    parts = [part.strip() for part in re.split(r"[,;]", held) if part.strip()]
    return parts if any(plain(part) == plain(ROLE) for part in parts) else [held]


def _of_role(ticked: Iterable[Permission]) -> Iterator[Graded]:
    there = {(plain(folder), plain(name)): f"{name} ({folder})" for folder, name in ticked}
    must = {(plain(folder), plain(name)): f"{name} ({folder})" for folder, name in six()}
    yield from ((_EXCESS, f"has {there[k]} too") for k in sorted(there.keys() - must.keys()))
    yield from ((_MISSING, f"lacks {must[k]}") for k in sorted(must.keys() - there.keys()))


def _of_record(record: Record, username: str, primary: str | None) -> Iterator[Graded]:
    if (plain(record.first), plain(record.last)) != (plain(FIRST_NAME), plain(LAST_NAME)):
        yield _COSMETIC, f"is named {record.first} {record.last} instead of {FIRST_NAME} {LAST_NAME}"
    if plain(record.username) != plain(username):
        yield _MISSING, f"has the user name {record.username} instead of {username}"
    if record.emergency:
        yield _EXCESS, "has emergency access"
    closed = [day for day in DAYS if not record.days.get(day)]
    if closed:
        yield _MISSING, f"may not log in on {', '.join(closed)}"
    yield from _of_roles(record)
    if not record.primary:
        yield _MISSING, "has no primary location"
    elif primary and plain(primary) != plain(record.primary):
        yield _COSMETIC, f"has the primary location {record.primary} instead of {primary}"
    shut = [name for name, ticked in record.locations.items() if not ticked]
    if shut:
        yield _MISSING, f"may not access {', '.join(shut)}"


def counts_roles(record: Record) -> bool:
    """True when the form says how many roles there are instead of which: "2 selected", "OneSpot +1"."""
    return any(_COUNTED.search(name) for name in record.roles)


def _of_roles(record: Record) -> Iterator[Graded]:
    roles = [name for held in record.roles for name in _names(held)]
    if not any(plain(r) == plain(ROLE) for r in roles):
        yield _MISSING, f"lacks the role {ROLE}"
    others = [r for r in roles if plain(r) != plain(ROLE)]
    if others:
        yield _EXCESS, f"has the role {', '.join(others)} too"


# ---- hours -------------------------------------------------------------------------------------------------------

_TIME = re.compile(r"(\d{1,2})(?::(\d{2}))?(?::\d{2})?\s*([ap])?\.?(?:m\.?)?", re.I)
_MIDNIGHT, _DAY = 0, 24 * 60


def _of_hours(record: Record) -> Iterator[Graded]:
    """One line for the days that are allowed for some hours only; a closed day is said already."""
    short: dict[str, list[str]] = {}
    for day in DAYS:
        start, end = record.hours.get(day, ("", ""))
        if record.days.get(day) and not whole_day(start, end):
            short.setdefault(f"{_said(start)} to {_said(end)}", []).append(day)
    for hours, days in short.items():
        yield _MISSING, f"may log in only from {hours} on {', '.join(days)}"


def whole_day(start: str, end: str) -> bool:
    """True when these two times leave nothing out: empty, or midnight to midnight.

    Words without a number limit nothing; a number that isn't a time of day limits something, whatever it means.
    """
    return _minutes(start, _MIDNIGHT) == _MIDNIGHT and _minutes(end, _DAY) in (_MIDNIGHT, _DAY - 1, _DAY)


def _minutes(words: str, otherwise: int) -> int:
    """Minutes since midnight; `otherwise` for words without a number; -1 for a number that isn't a time."""
    if not re.search(r"\d", words):
        return otherwise if plain(words) != "noon" else _DAY // 2
    match = _TIME.fullmatch(words.strip())
    if match is None:
        return -1
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").casefold()
    if hour > (12 if half else 24) or minute > 59:
        return -1
    return (hour % 12 + (12 if half == "p" else 0) if half else hour) * 60 + minute


def _said(time: str) -> str:
    return " ".join(time.split()) or "midnight"
