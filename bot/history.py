"""What checks found so far: for a terminal the list, for everybody the picture. The database is only read.

How an account stands now is health.py's.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from rich.console import Console
from sqlalchemy import Engine

from bot.chart import alt_text, chart, counts_alt_text, counts_chart
from bot.due import named
from bot.export import export_checks
from bot.outfile import new_file
from bot.settings import Settings
from bot.terminal import line, to_stderr, write_line
from bot.views import clean, table_view, when
from storage import history, practices
from storage.models import CheckOutcome, HealthCheck, Practice

COLUMNS = ("When", "Found", "In words")
PICTURED = 30
"""Days that a picture shows."""
WORTH_DRAWING = 3
"""With checks on fewer days than that there is little to see."""


def recent(engine: Engine, practice: Practice, now: datetime, days: int) -> list[HealthCheck]:
    """The practice's checks of so many days, newest first."""
    return history.checks_since(engine, practice.id, now - timedelta(days=days))


def headline(practice: Practice, checks: Sequence[HealthCheck], days: int) -> str:
    """One line on all of them."""
    in_time = "in the last 24 hours" if days == 1 else f"in {days} days"
    if not checks:
        return f"{practice.name} wasn't checked {in_time}."
    well = sum(check.outcome is CheckOutcome.HEALTHY for check in checks)
    number = "1 check" if len(checks) == 1 else f"{len(checks):,} checks"
    return f"{practice.name}: healthy in {well:,} of {number} {in_time}."


def as_table(out: Console, days: int) -> Callable[[Practice, Sequence[HealthCheck]], None]:
    """Show them as a table for a person, with the headline above it."""

    def show(practice: Practice, checks: Sequence[HealthCheck]) -> None:
        line(out, clean(headline(practice, checks, days)))
        if checks:
            out.print(table_view(COLUMNS, check_rows(checks), empty=""))

    return show


def as_json(practice: Practice, checks: Sequence[HealthCheck]) -> None:
    """Show them as JSON lines."""
    for check in checks:
        write_line(sys.stdout, check_json(practice, check))


def write_csv(engine: Engine, practice: Practice, now: datetime, days: int, out: Path, *, force: bool) -> None:
    """Write them to a CSV file, oldest first, and say so."""
    number = export_checks(engine, practice.id, now - timedelta(days=days), out, force=force)
    to_stderr(f"{number:,} check{'' if number == 1 else 's'} in {out}.")


def write_chart(
    engine: Engine, practice: Practice, now: datetime, settings: Settings, out: Path, *, force: bool
) -> None:
    """Draw the last 30 days into a PNG file, and say what it shows."""
    png, text = history_chart(engine, practice.id, now, named(practice.timezone or settings.onespot_tz))
    with new_file(out, force=force) as file:
        file.write(png)
    to_stderr(f"{out} shows: {text}")


def worth_drawing(
    engine: Engine, practice_id: int, *, now: Callable[[], datetime], zone: tzinfo
) -> tuple[bytes, str] | None:
    """The picture of the practice's last 30 days, and the same in words; None while they are too few."""
    moment = now()
    days = history.days_of(engine, practice_id, history.last_days(moment, zone, PICTURED), zone)
    if sum(day.checks > 0 for day in days) < WORTH_DRAWING:
        return None
    return history_chart(engine, practice_id, moment, zone)


def check_rows(checks: Sequence[HealthCheck]) -> list[Sequence[str]]:
    """One row of text for each check, under COLUMNS."""
    return [(when(check.at), found(check), _sentence(check)) for check in checks]


def check_json(practice: Practice, check: HealthCheck) -> Mapping[str, Any]:
    """One check, as a JSON object: what `onespot check --json` prints, with its time and grade."""
    return {
        "event": "check",
        "practice": practice.name,
        "at": check.at.astimezone(UTC).isoformat(timespec="seconds"),
        "status": str(check.outcome),
        "grade": None if check.grade is None else str(check.grade),
        "healthy": check.outcome is CheckOutcome.HEALTHY,
        "message": _sentence(check),
        "drifts": [str(word) for word in check.detail[1:]],
    }


def found(check: HealthCheck) -> str:
    """The outcome in a few words, for a drift with its grade."""
    return f"{check.outcome} ({check.grade.lower()})" if check.grade else str(check.outcome)


def history_chart(engine: Engine, practice_id: int | None, now: datetime, zone: tzinfo) -> tuple[bytes, str]:
    """The last 30 days as a PNG, and the same in words: of one practice, or of all of them for None.

    The days are those of `zone`. A practice that isn't there is drawn as one that was never checked.
    """
    days = history.last_days(now, zone, PICTURED)
    if practice_id is None:
        counted, title = history.counts(engine, days, zone), "Checks of all practices"
        return counts_chart(counted, title), counts_alt_text(counted, title)
    practice = practices.get(engine, practice_id)
    title = f"Checks of {practice.name}" if practice else "Checks"
    its = history.days_of(engine, practice_id, days, zone)
    return chart(its, title), alt_text(its, title)


def _sentence(check: HealthCheck) -> str:
    return str(check.detail[0]) if check.detail else ""
