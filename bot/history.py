"""What checks found so far: for a terminal the list, for everybody the picture. Reads only.

How an account stands now is health.py's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import Engine

from bot.chart import alt_text, chart, counts_alt_text, counts_chart
from bot.views import when
from storage import history, practices
from storage.models import CheckOutcome, HealthCheck, Practice

COLUMNS = ("When", "Found", "In words")
PICTURED = 30
"""Days that a picture shows."""


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
