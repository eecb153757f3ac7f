"""Health checks: what each look at an account found. When they are due and who is told is not decided here."""

from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from storage.models import CheckOutcome, HealthCheck


def record(
    engine: Engine, practice_id: int, outcome: CheckOutcome, detail: list[Any], *, now: datetime
) -> HealthCheck:
    """Keep one check; `detail` is a list of sentences or other JSON values, without secrets."""
    raise NotImplementedError


def latest(engine: Engine, practice_id: int) -> HealthCheck | None:
    """The practice's newest check."""
    raise NotImplementedError
