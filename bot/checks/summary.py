"""The daily summary of all accounts, as a message: failing ones in a table by cause, healthy ones counted. Pure.

Slack refuses a message with more than some 11,000 letters in its blocks, and nobody reads a table of hundreds; so there
are a few dozen rows, the worst causes first and some of each, and the rest is counted, with where to find it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from slack_sdk.models.blocks import RawTextObject, TableBlock

from bot import blocks as b
from bot.blocks import Message, escape
from bot.checks.incidents import SEVERITY
from bot.checks.messages import NAME, cause, count, sentence
from storage.health import Standing
from storage.models import AccountHealth, CheckOutcome, DriftGrade

HANDOVER = "waiting for hand-over"
"""A new password that nobody has entered in OneSpot yet."""

ROWS, FOUND, NAMED = 40, 100, 600
"""Rows below the table's head, letters of what was found in each, and of the names of those that wait."""
MANY, SOME = 20, 5
"""Names that are listed for a cause, and where more accounts fail than the table shows."""

LEFT_OUT = "`onespot practices` lists all at a terminal, `onespot export practices` as CSV."
ASK = "`/onespot-check` says what was found last; `/onespot-check PRACTICE` looks now."


def summary(
    standings: Sequence[Standing], now: datetime, zone: tzinfo, waiting: Sequence[str] = (), *, healthy: int = 0
) -> Message:
    """How all accounts stand today: the failing ones first, in a table by cause; the healthy ones are only counted.

    `healthy` is how many there are beside these standings, `waiting` the practices whose new password OneSpot doesn't
    have yet.
    """
    day = now.astimezone(zone).strftime("%Y-%m-%d")
    failing = sorted((one for one in standings if _fails(one[0])), key=by_cause)
    listed, counted = some_of_each(failing, ROWS), _counted(standings, failing, healthy)
    names = b.cut(_names(waiting, MANY // 2), NAMED)
    left = f"The table has {len(listed)} of {len(failing):,}, some of each cause. {LEFT_OUT} "
    ask = f"{left}{ASK}" if len(listed) < len(failing) else ASK
    lines = [f"• *{why}*: {len(its):,}" for why, its in causes(failing)]
    lines += [f"• *{HANDOVER}*: {len(waiting):,} ({names})"] if waiting else []
    said = [b.spoken(f"OneSpot accounts on {day}: {counted}"), *_in_words(failing)]
    said += [f"{HANDOVER} ({len(waiting):,}): {names}."] if waiting else []
    said += [ask] if failing else []
    text = b.spoken(" ".join(said))
    shown = [b.header(f"OneSpot accounts on {day}"), b.section("\n".join([counted, *lines]))]
    if not failing:
        return Message("summary", text, shown)
    named = [b.section(b.cut(f"*{why}:* {_listed(its)}", b.TEXT // 3)) for why, its in causes(failing)]
    table, asks = _table(listed, zone), b.context(ask)
    otherwise = b.context(f"{LEFT_OUT} {ASK}") if len(listed) < len(failing) else asks
    return Message("summary", text, [*shown, table, asks], [*shown, *named, otherwise])


def _fails(row: AccountHealth) -> bool:
    return row.outcome not in (None, CheckOutcome.HEALTHY)


def by_cause(standing: Standing) -> tuple[int, str, int, str]:
    """For sorting: the worst cause first, then by name."""
    row, practice = standing
    grade = list(DriftGrade).index(row.grade) if row.grade else 0
    return -SEVERITY[row.outcome or CheckOutcome.HEALTHY], str(row.outcome), grade, practice.key


def causes(failing: Sequence[Standing]) -> list[tuple[str, list[Standing]]]:
    """Each cause, in words, with those that fail so; in the order in which they come."""
    its: dict[str, list[Standing]] = {}
    for one in failing:
        its.setdefault(cause(one[0]), []).append(one)
    return list(its.items())


def some_of_each(failing: Sequence[Standing], most: int) -> list[Standing]:
    """So many of those that fail; where there are more, some of each cause: each has room until all of it are in."""
    its = [them for _, them in causes(failing)]
    room = [0] * len(its)
    for _ in range(most):
        open_ = [at for at, them in enumerate(its) if room[at] < len(them)]
        if open_:
            room[min(open_, key=room.__getitem__)] += 1
    return [one for them, its_room in zip(its, room, strict=True) for one in them[:its_room]]


def _counted(standings: Sequence[Standing], failing: Sequence[Standing], healthy: int) -> str:
    unseen = sum(row.outcome is None for row, _ in standings)
    soon = sum(row.outcome is CheckOutcome.EXPIRING for row, _ in failing)
    healthy, fail = healthy + len(standings) - len(failing) - unseen, len(failing) - soon
    if not standings and not healthy:
        return "No account is checked yet: `/onespot-provision` makes the first one."
    parts = [f"🔴 {count(fail)} {'fails' if fail == 1 else 'fail'}"] if fail else []
    parts += [f"🟡 {count(soon)} with a password that expires soon"] if soon else []
    parts += [f"🟢 {count(healthy)} {'works' if healthy == 1 else 'work'}"] if healthy else []
    parts += [f"⚪ {count(unseen)} not looked at yet"] if unseen else []
    return " · ".join(parts)


def _in_words(failing: Sequence[Standing]) -> list[str]:
    """The causes, each with the names of its practices, for notifications and screen readers."""
    most = MANY if len(failing) <= ROWS else SOME
    return [
        f"{why} ({len(its):,}): {_names([practice.name for _, practice in its], most)}." for why, its in causes(failing)
    ]


def _listed(its: Sequence[Standing]) -> str:
    return _names([practice.name for _, practice in its])


def _names(names: Sequence[str], most: int = MANY) -> str:
    shown = ", ".join(escape(b.cut(name, NAME)) for name in names[:most])
    return shown + (f" and {len(names) - most:,} more" if len(names) > most else "")


def _heads(zone: tzinfo) -> tuple[str, ...]:
    return "Cause", "Practice", f"Since ({zone})", "What was found"


def _table(standings: Sequence[Standing], zone: tzinfo) -> TableBlock:
    """A row each. Its cells wrap, so that what was found is read without scrolling sideways."""
    rows = [_heads(zone), *(_row(row, practice.name, zone) for row, practice in standings)]
    wrapped = [{"is_wrapped": True} for _ in rows[0]]
    return TableBlock(rows=[[RawTextObject(text=cell) for cell in row] for row in rows], column_settings=wrapped)


def _row(row: AccountHealth, name: str, zone: tzinfo) -> tuple[str, ...]:
    since = row.since.astimezone(zone).strftime("%Y-%m-%d %H:%M") if row.since else "?"
    quiet = "(muted) " if row.muted else ""
    return cause(row), _cell(name), since, _cell(f"{quiet}{sentence(row)}", FOUND)


def _cell(text: str, most: int = NAME) -> str:
    """Plain text on one line, never empty: Slack refuses an empty cell."""
    return b.cut(b.plain(text), most) or "—"
