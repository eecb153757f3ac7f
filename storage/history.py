"""What was: checks day by day, and the rows of an export page by page. Nothing here draws or writes a file.

A page is one transaction, begun after the last row of the one before: however many rows there are, neither memory nor
a long transaction holds them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, Subquery, case, func, select
from sqlmodel import col
from sqlmodel import select as rows

from storage.database import reading
from storage.models import (
    AccountHealth,
    Approval,
    CheckOutcome,
    DriftGrade,
    HealthCheck,
    Practice,
    Run,
    Step,
    StepStatus,
    Verdict,
)

Found = tuple[CheckOutcome, DriftGrade | None]
"""What a check found: the outcome, and of a drift its grade."""

WORSE: tuple[Found, ...] = (
    (CheckOutcome.HEALTHY, None),
    (CheckOutcome.EXPIRING, None),
    (CheckOutcome.DRIFT, None),
    (CheckOutcome.DRIFT, DriftGrade.COSMETIC),
    (CheckOutcome.DRIFT, DriftGrade.MISSING),
    (CheckOutcome.DRIFT, DriftGrade.EXCESS),
    (CheckOutcome.SCREEN_CHANGED, None),
    (CheckOutcome.EHR_DOWN, None),
    (CheckOutcome.PERSON_NEEDED, None),
    (CheckOutcome.PASSWORD_EXPIRED, None),
    (CheckOutcome.LOCKED, None),
    (CheckOutcome.LOGIN_REFUSED, None),
)
"""All that can be found, the worst last: that one stands for a day."""

PAGE = 1000
"""Rows that one page of an export has."""


@dataclass(frozen=True)
class DayFound:
    """What one day's checks of a practice found: the worst of it; None when there was no check."""

    day: date
    worst: CheckOutcome | None = None
    grade: DriftGrade | None = None
    checks: int = 0


@dataclass(frozen=True)
class DayCounts:
    """How many practices had which as the worst of the day; one that wasn't checked isn't in it."""

    day: date
    practices: Mapping[CheckOutcome, int] = field(default_factory=dict)


# Day by day


def last_days(now: datetime, zone: tzinfo, number: int = 30) -> list[date]:
    """So many days of that zone, oldest first; the last is today."""
    today = now.astimezone(zone).date()
    return [today - timedelta(days=back) for back in reversed(range(number))]


def days_of(engine: Engine, practice_id: int, days: Sequence[date], zone: tzinfo) -> list[DayFound]:
    """What the practice's checks found on each of these days in a row: one SELECT."""
    if not days:
        return []
    its = _ranked(days, zone, HealthCheck.practice_id == practice_id)
    worst = select(its.c.day, func.max(its.c.rank), func.count()).group_by(its.c.day)
    with reading(engine) as session:
        found = {index: (rank, number) for index, rank, number in session.execute(worst)}
    return [_day(day, *found[index]) if index in found else DayFound(day) for index, day in enumerate(days)]


def counts(engine: Engine, days: Sequence[date], zone: tzinfo) -> list[DayCounts]:
    """How many practices had which outcome as the worst of each of these days in a row: one SELECT."""
    if not days:
        return []
    each = _ranked(days, zone)
    worst = select(each.c.day, func.max(each.c.rank).label("rank")).group_by(each.c.practice_id, each.c.day).subquery()
    counted = select(worst.c.day, worst.c.rank, func.count()).group_by(worst.c.day, worst.c.rank)
    found: list[dict[CheckOutcome, int]] = [{} for _ in days]
    with reading(engine) as session:
        for index, rank, number in session.execute(counted):
            outcome = WORSE[rank][0]
            found[index][outcome] = found[index].get(outcome, 0) + number
    return [DayCounts(day, its) for day, its in zip(days, found, strict=True)]


def checks_since(engine: Engine, practice_id: int, moment: datetime) -> list[HealthCheck]:
    """The practice's checks from that moment on, newest first."""
    its = rows(HealthCheck).where(HealthCheck.practice_id == practice_id, col(HealthCheck.at) >= moment)
    with reading(engine) as session:
        return list(session.exec(its.order_by(col(HealthCheck.at).desc(), col(HealthCheck.id).desc())))


def _ranked(days: Sequence[date], zone: tzinfo, *which: Any) -> Subquery:
    """Each check of these days with the index of its day and the rank of what it found."""
    ends = [_midnight(day + timedelta(days=1), zone) for day in days]
    day = case(*((col(HealthCheck.at) < end, index) for index, end in enumerate(ends)))
    in_time = (col(HealthCheck.at) >= _midnight(days[0], zone), col(HealthCheck.at) < ends[-1])
    columns = (HealthCheck.practice_id, day.label("day"), _rank().label("rank"))
    return select(*columns).where(*in_time, *which).subquery()  # type: ignore[call-overload, no-any-return]


def _rank() -> ColumnElement[int]:
    """The place in WORSE."""
    alone = {outcome: rank for rank, (outcome, grade) in enumerate(WORSE) if grade is None}
    graded = [
        ((col(HealthCheck.outcome) == outcome) & (col(HealthCheck.grade) == grade), rank)
        for rank, (outcome, grade) in enumerate(WORSE)
        if grade is not None
    ]
    return case(*graded, *((col(HealthCheck.outcome) == outcome, rank) for outcome, rank in alone.items()))


def _day(day: date, rank: int, checks: int) -> DayFound:
    return DayFound(day, *WORSE[rank], checks=checks)


def _midnight(day: date, zone: tzinfo) -> datetime:
    """When the day begins there."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


# Page by page

Row = Mapping[str, Any]


def practice_rows(engine: Engine) -> Iterator[Row]:
    """Every practice with how its account stands, oldest first."""
    columns = {
        "practice": Practice.name,
        "practice_id": Practice.ehr_id,
        "user_name": Practice.username,
        "address": Practice.url,
        "primary_location": Practice.primary_location,
        "time_zone": Practice.timezone,
        "created_at": Practice.created_at,
        "retired_at": Practice.retired_at,
        "outcome": AccountHealth.outcome,
        "grade": AccountHealth.grade,
        "since": AccountHealth.since,
        "checked_at": AccountHealth.looked_at,
        "next_check_at": AccountHealth.due_at,
        "muted": AccountHealth.muted,
    }
    joined = select(*_labelled(columns, Practice.id)).select_from(Practice)
    return _pages(engine, joined.outerjoin(AccountHealth), col(Practice.id), columns)


def run_rows(engine: Engine, since: datetime | None = None) -> Iterator[Row]:
    """Every run that was asked for since then, oldest first: what became of it, not what was typed into it."""
    done = col(Step.status).in_((StepStatus.DONE, StepStatus.ALREADY_THERE))
    its_steps = select(func.count(func.distinct(Step.number))).where(col(Step.run_id) == Run.id, done)
    its_seconds = select(func.coalesce(func.sum(Step.seconds), 0.0)).where(col(Step.run_id) == Run.id)
    yes = (Approval.run_id == Run.id, Approval.verdict == Verdict.APPROVED, Approval.plan_hash == Run.plan_hash)
    its_yes = select(func.max(Approval.by)).where(*yes)  # type: ignore[arg-type]
    columns = {
        "run": Run.id,
        "practice": Practice.name,
        "verb": Run.verb,
        "status": Run.status,
        "requested_by": Run.requested_by,
        "requested_at": Run.requested_at,
        "approved_by": its_yes.scalar_subquery(),
        "moved_at": Run.moved_at,
        "steps_done": its_steps.scalar_subquery(),
        "seconds": its_seconds.scalar_subquery(),
        "error_class": Run.error_class,
        "error_step": Run.error_step,
        "error": Run.error_what,
    }
    joined = select(*_labelled(columns, Run.id)).select_from(Run).join(Practice)
    if since is not None:
        joined = joined.where(col(Run.requested_at) >= since)
    return _pages(engine, joined, col(Run.id), columns)


def check_rows(engine: Engine, since: datetime | None = None, practice_id: int | None = None) -> Iterator[Row]:
    """Every check since then, of one practice or of all, oldest first."""
    columns = {
        "practice": Practice.name,
        "at": HealthCheck.at,
        "outcome": HealthCheck.outcome,
        "grade": HealthCheck.grade,
        "detail": HealthCheck.detail,
    }
    joined = select(*_labelled(columns, HealthCheck.id)).select_from(HealthCheck).join(Practice)
    if since is not None:
        joined = joined.where(col(HealthCheck.at) >= since)
    if practice_id is not None:
        joined = joined.where(col(HealthCheck.practice_id) == practice_id)
    return _pages(engine, joined, col(HealthCheck.id), columns)


def _labelled(columns: Mapping[str, Any], key: Any) -> list[Any]:
    return [*(column.label(name) for name, column in columns.items()), key.label("_key")]


def _pages(engine: Engine, joined: Select[Any], key: Any, columns: Mapping[str, Any]) -> Iterator[Row]:
    last = 0
    while True:
        with reading(engine) as session:
            page = session.execute(joined.where(key > last).order_by(key).limit(PAGE)).mappings().all()
        for row in page:
            yield {name: row[name] for name in columns}
        if len(page) < PAGE:
            return
        last = page[-1]["_key"]
