"""What is there against what must be there: the differences, in words for a person. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from automation.revolutionehr.desired import DAYS, FIRST_NAME, LAST_NAME, PERMISSIONS, ROLE
from automation.revolutionehr.pages.employees import Record
from automation.sight import plain

Permission = tuple[str, str]


def six() -> frozenset[Permission]:
    """The permissions that must be ticked, as (folder in the guide's words, permission)."""
    return frozenset((folders[0], name) for folders, names in PERMISSIONS.items() for name in names)


def role_differences(ticked: Iterable[Permission]) -> list[str]:
    """One line for each right too many or too few; empty when exactly the six are ticked."""
    there = {(plain(folder), plain(name)): f"{name} ({folder})" for folder, name in ticked}
    must = {(plain(folder), plain(name)): f"{name} ({folder})" for folder, name in six()}
    more = [f"has {there[k]} too" for k in sorted(there.keys() - must.keys())]
    return more + [f"lacks {must[k]}" for k in sorted(must.keys() - there.keys())]


def record_differences(record: Record, username: str, primary: str | None = None) -> list[str]:
    """One line for each value of the employee that isn't as it must be."""
    lines: list[str] = []
    if (plain(record.first), plain(record.last)) != (plain(FIRST_NAME), plain(LAST_NAME)):
        lines.append(f"is named {record.first} {record.last} instead of {FIRST_NAME} {LAST_NAME}")
    if plain(record.username) != plain(username):
        lines.append(f"has the user name {record.username} instead of {username}")
    if record.emergency:
        lines.append("has emergency access")
    closed = [day for day in DAYS if not record.days.get(day)]
    if closed:
        lines.append(f"may not log in on {', '.join(closed)}")
    if not any(plain(r) == plain(ROLE) for r in record.roles):
        lines.append(f"lacks the role {ROLE}")
    others = [r for r in record.roles if plain(r) != plain(ROLE)]
    if others:
        lines.append(f"has the role {', '.join(others)} too")
    if not record.primary:
        lines.append("has no primary location")
    elif primary and plain(primary) != plain(record.primary):
        lines.append(f"has the primary location {record.primary} instead of {primary}")
    shut = [name for name, ticked in record.locations.items() if not ticked]
    if shut:
        lines.append(f"may not access {', '.join(shut)}")
    return lines
