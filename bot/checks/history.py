"""The picture of the last days, of one practice or of all: read from the rows, and drawn (chart.py).

How an account stands now is health.py's; the list for a terminal is terminal/history.py's.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo

from sqlalchemy import Engine

from bot.checks.chart import alt_text, chart, counts_alt_text, counts_chart
from storage import history, practices

PICTURED = 30
"""Days that a picture shows."""
WORTH_DRAWING = 3
"""With checks on fewer days than that there is little to see."""


def worth_drawing(
    engine: Engine, practice_id: int, *, now: Callable[[], datetime], zone: tzinfo
) -> tuple[bytes, str] | None:
    """The picture of the practice's last 30 days, and the same in words; None while they are too few."""
    moment = now()
    days = history.days_of(engine, practice_id, history.last_days(moment, zone, PICTURED), zone)
    if sum(day.checks > 0 for day in days) < WORTH_DRAWING:
        return None
    return history_chart(engine, practice_id, moment, zone)


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
