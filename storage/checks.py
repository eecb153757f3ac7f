"""Health checks: what each look at an account found. When they are due and who is told is not decided here."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Engine
from sqlalchemy import select as columns
from sqlmodel import col, select

from storage.database import reading, transaction
from storage.models import CheckOutcome, DriftGrade, HealthCheck, Practice

REFUSED = (CheckOutcome.LOGIN_REFUSED, CheckOutcome.LOCKED)
"""What a check found where the kept password lets nobody in: no rotation can work, a repair sets a temporary one."""


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


def is_refused(engine: Engine, practice_id: int, proved: datetime | None) -> bool:
    """Whether the newest check found the kept password refused, and no login has proved one since (`proved`)."""
    last = latest(engine, practice_id)
    return last is not None and last.outcome in REFUSED and (proved is None or proved < last.at)


class Listed(NamedTuple):
    """A practice as a list has it, with what its newest check found and when."""

    name: str
    ehr_id: str | None
    username: str | None
    url: str
    retired_at: datetime | None
    outcome: CheckOutcome | None
    checked_at: datetime | None


def latest_of_all(engine: Engine) -> list[Listed]:
    """Every practice by name: one SELECT, which skips the older checks."""
    outcome, at = (
        select(column)
        .where(HealthCheck.practice_id == Practice.id)
        .order_by(col(HealthCheck.id).desc())
        .limit(1)
        .scalar_subquery()
        for column in (col(HealthCheck.outcome), col(HealthCheck.at))
    )
    practice = (Practice.name, Practice.ehr_id, Practice.username, Practice.url, Practice.retired_at)
    its = columns(*practice, outcome, at).order_by(Practice.key)  # type: ignore[call-overload]
    with reading(engine) as session:
        return [Listed(*row) for row in session.execute(its)]


def since(engine: Engine, practice_id: int, moment: datetime, limit: int = 20) -> list[HealthCheck]:
    """The practice's checks after that moment, oldest first; the newest ones when there are too many."""
    with reading(engine) as session:
        its = select(HealthCheck).where(HealthCheck.practice_id == practice_id, col(HealthCheck.at) > moment)
        return list(session.exec(its.order_by(col(HealthCheck.id).desc()).limit(limit)))[::-1]
