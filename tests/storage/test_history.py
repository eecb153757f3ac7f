"""What was: the worst of each day where the practice is, and pages that hold every row once; on both databases."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, event

from storage import history, practices, runs
from storage.history import WORSE, DayCounts, DayFound
from storage.models import (
    CheckOutcome,
    DriftGrade,
    HealthCheck,
    Plan,
    Practice,
    RunStatus,
    StepStatus,
    Verdict,
)
from tests.storage.conftest import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
UTC, CHICAGO = ZoneInfo("UTC"), ZoneInfo("America/Chicago")


def check(
    engine: Engine, practice: Practice, at: datetime, outcome: CheckOutcome, grade: DriftGrade | None = None
) -> None:
    with engine.begin() as connection:
        row = {"practice_id": practice.id, "outcome": outcome, "grade": grade, "detail": ["Seen."], "at": at}
        connection.execute(HealthCheck.__table__.insert(), [row])  # type: ignore[attr-defined]


def test_everything_that_can_be_found_has_one_place() -> None:
    assert {outcome for outcome, _ in WORSE} == set(CheckOutcome)
    assert {grade for outcome, grade in WORSE if outcome is CheckOutcome.DRIFT} == {None, *DriftGrade}
    assert len(set(WORSE)) == len(WORSE)


def test_the_last_days_end_with_today_where_the_zone_is() -> None:
    night = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
    assert history.last_days(night, UTC, 2) == [date(2026, 11, 22), date(2026, 11, 23)]
    assert history.last_days(night, CHICAGO, 2) == [date(2026, 11, 21), date(2026, 11, 22)]


def test_a_day_is_as_bad_as_its_worst_check(engine: Engine, practice: Practice) -> None:
    for outcome in (CheckOutcome.HEALTHY, CheckOutcome.LOGIN_REFUSED, CheckOutcome.DRIFT):
        check(engine, practice, NOW, outcome)
    check(engine, practice, NOW - 2 * DAY, CheckOutcome.HEALTHY)
    days = history.last_days(NOW, UTC, 3)
    assert history.days_of(engine, practice.id, days, UTC) == [
        DayFound(days[0], CheckOutcome.HEALTHY, None, 1),
        DayFound(days[1]),
        DayFound(days[2], CheckOutcome.LOGIN_REFUSED, None, 3),
    ]
    assert history.days_of(engine, practice.id, [], UTC) == []


@pytest.mark.parametrize("place", range(len(WORSE)))
def test_whatever_is_found_comes_back_as_it_is(engine: Engine, practice: Practice, place: int) -> None:
    outcome, grade = WORSE[place]
    for former in WORSE[: place + 1]:
        check(engine, practice, NOW, *former)
    (day,) = history.days_of(engine, practice.id, [NOW.date()], UTC)
    assert (day.worst, day.grade, day.checks) == (outcome, grade, place + 1)


def test_days_are_those_of_the_zone_also_when_the_clocks_go_back(engine: Engine, practice: Practice) -> None:
    """November 1, 2026 has 25 hours in Chicago: from 05:00 to 06:00 the next day, in UTC."""
    long_day = date(2026, 11, 1)
    days = [long_day - DAY, long_day, long_day + DAY]
    at = datetime(2026, 11, 1, 5, 0, tzinfo=UTC)
    check(engine, practice, at - timedelta(seconds=1), CheckOutcome.LOCKED)
    check(engine, practice, at, CheckOutcome.HEALTHY)
    check(engine, practice, at + 25 * HOUR - timedelta(seconds=1), CheckOutcome.DRIFT)
    check(engine, practice, at + 25 * HOUR, CheckOutcome.EXPIRING)
    found = history.days_of(engine, practice.id, days, CHICAGO)
    assert [(day.worst, day.checks) for day in found] == [
        (CheckOutcome.LOCKED, 1),
        (CheckOutcome.DRIFT, 2),
        (CheckOutcome.EXPIRING, 1),
    ]


def test_the_practices_of_a_day_are_counted_once_each_in_one_select(engine: Engine, practice: Practice) -> None:
    other = practices.save(engine, "Harbor Eye", "https://ehr.example/static/", now=NOW)
    check(engine, practice, NOW, CheckOutcome.HEALTHY)
    check(engine, practice, NOW + HOUR, CheckOutcome.DRIFT, DriftGrade.EXCESS)
    check(engine, other, NOW, CheckOutcome.DRIFT, DriftGrade.COSMETIC)
    check(engine, other, NOW - DAY, CheckOutcome.HEALTHY)
    days = history.last_days(NOW, UTC, 3)
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    assert history.counts(engine, days, UTC) == [
        DayCounts(days[0], {}),
        DayCounts(days[1], {CheckOutcome.HEALTHY: 1}),
        DayCounts(days[2], {CheckOutcome.DRIFT: 2}),
    ]
    assert sum("SELECT" in one for one in asked) == 1
    assert history.counts(engine, [], UTC) == []


def test_a_practices_checks_come_newest_first_from_a_moment_on(engine: Engine, practice: Practice) -> None:
    other = practices.save(engine, "Harbor Eye", "https://ehr.example/static/", now=NOW)
    check(engine, other, NOW, CheckOutcome.LOCKED)
    check(engine, practice, NOW - 2 * DAY, CheckOutcome.LOCKED)
    check(engine, practice, NOW - DAY, CheckOutcome.HEALTHY)
    check(engine, practice, NOW, CheckOutcome.DRIFT)
    found = history.checks_since(engine, practice.id, NOW - DAY)
    assert [one.outcome for one in found] == [CheckOutcome.DRIFT, CheckOutcome.HEALTHY]


# --- page by page


def test_pages_hold_every_row_once(engine: Engine, practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "PAGE", 3)
    for number in range(9):
        check(engine, practice, NOW + number * DAY, CheckOutcome.HEALTHY)
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    found = [row["at"] for row in history.check_rows(engine)]
    assert found == [NOW + number * DAY for number in range(9)]
    assert sum("SELECT" in one for one in asked) == 4
    assert [row["at"] for row in history.check_rows(engine, NOW + 5 * DAY)] == found[5:]
    assert list(history.check_rows(engine, None, practice.id + 1)) == []


def test_a_page_is_read_only_when_it_is_wanted(
    engine: Engine, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PAGE", 2)
    for _ in range(4):
        check(engine, practice, NOW, CheckOutcome.HEALTHY)
    rows = history.check_rows(engine)
    next(rows)
    check(engine, practice, NOW, CheckOutcome.LOCKED)
    assert [row["outcome"] for row in rows][-1] is CheckOutcome.LOCKED


def test_every_practice_is_there_also_one_without_an_account(engine: Engine, practice: Practice) -> None:
    (row,) = history.practice_rows(engine)
    assert (row["practice"], row["outcome"], row["created_at"]) == ("Lumen Eye", None, NOW)


def test_a_run_says_who_approved_it_and_how_far_it_came(engine: Engine, practice: Practice) -> None:
    plan = Plan("4711", "OneSpot4711", "Main", ("Main",))
    run = runs.request(engine, practice.id, "U0ANA", notes="canary-notes", now=NOW)
    runs.move(engine, run.id, RunStatus.PLANNING, now=NOW)
    runs.move(engine, run.id, RunStatus.PLANNED, now=NOW, plan=plan)
    assert runs.approve(engine, run.id, plan.hash, Verdict.APPROVED, "U0BEN", now=NOW)
    lease = runs.claim(engine, run.id, "here/1/1/x", now=NOW)
    assert lease is not None
    for status in (StepStatus.RUNNING, StepStatus.FAILED, StepStatus.DONE, StepStatus.DONE):
        runs.record(engine, lease, run.id, 1, "log in", status, seconds=1.5, now=NOW)
    (row,) = history.run_rows(engine)
    assert (row["requested_by"], row["approved_by"], row["steps_done"], row["seconds"]) == ("U0ANA", "U0BEN", 1, 6.0)
    assert "canary-notes" not in str(row)
    assert list(history.run_rows(engine, NOW + HOUR)) == []
