"""Health checks: what each look at an account found. When they are due and who is told is not decided here."""

from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlmodel import col, select

from storage.database import reading, transaction
from storage.models import CheckOutcome, DriftGrade, HealthCheck


def record(
    engine: Engine,
    practice_id: int,
    outcome: CheckOutcome,
    detail: list[Any],
    *,
    now: datetime,
    grade: DriftGrade | None = None,
) -> HealthCheck:
    """Keep one check; `detail` is a list of sentences or other JSON values, without secrets.

    `grade` is that of its worst drift.
    """
    check = HealthCheck(practice_id=practice_id, outcome=outcome, detail=detail, grade=grade, at=now)
    with transaction(engine) as session:
        session.add(check)
    return check


def latest(engine: Engine, practice_id: int) -> HealthCheck | None:
    """The practice's newest check."""
    with reading(engine) as session:
        its = select(HealthCheck).where(HealthCheck.practice_id == practice_id)
        return session.exec(its.order_by(col(HealthCheck.id).desc()).limit(1)).one_or_none()


def since(engine: Engine, practice_id: int, moment: datetime, limit: int = 20) -> list[HealthCheck]:
    """The practice's checks after that moment, oldest first; the newest ones when there are too many."""
    with reading(engine) as session:
        its = select(HealthCheck).where(HealthCheck.practice_id == practice_id, col(HealthCheck.at) > moment)
        return list(session.exec(its.order_by(col(HealthCheck.id).desc()).limit(limit)))[::-1]
