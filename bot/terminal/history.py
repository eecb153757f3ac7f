"""What checks found so far, for a terminal: as a list, as JSON lines, as files. The database is only read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from sqlalchemy import Engine

from bot.checks.due import named
from bot.checks.history import history_chart
from bot.outfile import new_file
from bot.settings import Settings
from bot.terminal.export import export_checks
from bot.terminal.screen import line, to_stderr, write_line
from bot.terminal.views import table_view
from bot.words import clean, when
from storage import history
from storage.models import CheckOutcome, HealthCheck, Practice

COLUMNS = ("When", "Found", "In words")


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


def _sentence(check: HealthCheck) -> str:
    return str(check.detail[0]) if check.detail else ""
