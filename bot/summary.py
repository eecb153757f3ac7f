"""The daily summary of all accounts, as a message: failing ones in a table by cause, healthy ones counted. Pure.

Slack refuses a message with more than some 11,000 letters in its blocks, and a table of more than a hundred rows; so
there are as many rows as fit, the worst first, and the rest is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from slack_sdk.models.blocks import RawTextObject, TableBlock

from bot import blocks as b
from bot.blocks import escape
from bot.health_messages import NAME, cause, count, sentence
from bot.incidents import SEVERITY
from bot.messages import Message
from storage.health import Standing
from storage.models import AccountHealth, CheckOutcome, DriftGrade

HANDOVER = "waiting for hand-over"
"""A new password that nobody has entered in OneSpot yet."""

ROWS, CELLS, NAMED = 99, 7000, 1500
"""Rows below the table's head, letters in all its cells, and letters of the names of those that wait."""


def summary(standings: Sequence[Standing], now: datetime, zone: tzinfo, waiting: Sequence[str] = ()) -> Message:
    """How all accounts stand today: the failing ones first, in a table by cause; the healthy ones are only counted.

    `waiting` are the practices whose new password OneSpot doesn't have yet.
    """
    day = now.astimezone(zone).strftime("%Y-%m-%d")
    failing = sorted((one for one in standings if _fails(one[0])), key=_by_cause)
    names = b.cut(_names(waiting), NAMED)
    handed = f"{HANDOVER}: {names}" if waiting else ""
    text = b.cut(f"{_in_words(standings, failing)} {handed}".strip(), b.FALLBACK - 100)
    lines = [f"• *{why}*: {len(its)}" for why, its in _causes(failing)]
    lines += [f"• *{HANDOVER}*: {len(waiting)} ({names})"] if waiting else []
    shown = [b.header(f"OneSpot accounts on {day}"), b.section("\n".join([_counted(standings, failing), *lines]))]
    if not failing:
        return Message("summary", text, shown)
    rows = _rows(failing, zone)
    table = TableBlock(rows=[[RawTextObject(text=cell) for cell in row] for row in (_heads(zone), *rows)])
    more = [b.context(f"… and {len(failing) - len(rows)} more.")] if len(rows) < len(failing) else []
    ask = b.context("`/onespot-check` says what was found last; `/onespot-check PRACTICE` looks now.")
    named = [b.section(b.cut(f"*{why}:* {_listed(its)}", b.TEXT // 3)) for why, its in _causes(failing)]
    return Message("summary", text, [*shown, table, *more, ask], [*shown, *named, ask])


def _fails(row: AccountHealth) -> bool:
    return row.outcome not in (None, CheckOutcome.HEALTHY)


def _by_cause(standing: Standing) -> tuple[int, str, int, str]:
    row, practice = standing
    grade = list(DriftGrade).index(row.grade) if row.grade else 0
    return -SEVERITY[row.outcome or CheckOutcome.HEALTHY], str(row.outcome), grade, practice.key


def _causes(failing: Sequence[Standing]) -> list[tuple[str, list[Standing]]]:
    causes: dict[str, list[Standing]] = {}
    for one in failing:
        causes.setdefault(cause(one[0]), []).append(one)
    return list(causes.items())


def _counted(standings: Sequence[Standing], failing: Sequence[Standing]) -> str:
    unseen = sum(row.outcome is None for row, _ in standings)
    soon = sum(row.outcome is CheckOutcome.EXPIRING for row, _ in failing)
    healthy, fail = len(standings) - len(failing) - unseen, len(failing) - soon
    if not standings:
        return "No account is checked yet: `/onespot-provision` makes the first one."
    parts = [f"🔴 {count(fail)} {'fails' if fail == 1 else 'fail'}"] if fail else []
    parts += [f"🟡 {count(soon)} with a password that expires soon"] if soon else []
    parts += [f"🟢 {count(healthy)} {'works' if healthy == 1 else 'work'}"] if healthy else []
    parts += [f"⚪ {count(unseen)} not looked at yet"] if unseen else []
    return " · ".join(parts)


def _in_words(standings: Sequence[Standing], failing: Sequence[Standing]) -> str:
    """The whole as plain text, for notifications and screen readers."""
    said = [f"OneSpot accounts: {_counted(standings, failing)}."]
    said += [f"{why}: {_listed(its)}." for why, its in _causes(failing)]
    return " ".join(said)


def _listed(its: Sequence[Standing]) -> str:
    return _names([practice.name for _, practice in its])


def _names(names: Sequence[str], most: int = 20) -> str:
    shown = ", ".join(escape(b.cut(name, NAME)) for name in names[:most])
    return shown + (f" and {len(names) - most} more" if len(names) > most else "")


def _heads(zone: tzinfo) -> tuple[str, ...]:
    return "Cause", "Practice", f"Since ({zone})", "What was found"


def _rows(failing: Sequence[Standing], zone: tzinfo) -> list[tuple[str, ...]]:
    """The table's rows, as many as a message holds."""
    rows: list[tuple[str, ...]] = []
    letters = 0
    for row, practice in failing[:ROWS]:
        since = row.since.astimezone(zone).strftime("%Y-%m-%d %H:%M") if row.since else "?"
        quiet = "(muted) " if row.muted else ""
        cells = (cause(row), _cell(practice.name), since, _cell(f"{quiet}{sentence(row)}"))
        letters += sum(map(len, cells))
        if letters > CELLS:
            break
        rows.append(cells)
    return rows


def _cell(text: str) -> str:
    """Plain text on one line, never empty: Slack refuses an empty cell."""
    return b.cut(b.plain(text), NAME) or "—"
