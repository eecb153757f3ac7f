"""The daily rounds, with the clock moved: each account once a day, bit by bit, and not while the EHR is down."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from bot.checks.incidents import PAUSE
from storage import checks, health
from storage.models import CheckOutcome
from tests.bot.accounts import MONDAY, Accounts, named

HEALTHY, DOWN = CheckOutcome.HEALTHY, CheckOutcome.EHR_DOWN


@pytest.fixture
def accounts(engine: Engine) -> Accounts:
    return Accounts(engine)


def earliest(accounts: Accounts) -> datetime:
    """When the next check is due; before it there is nothing to hand out."""
    return min(row.due_at for row, _ in health.standings(accounts.engine) if row.due_at is not None)


def test_a_day_has_one_check_of_each_account_in_the_window(accounts: Accounts) -> None:
    accounts.make(*named(12))
    accounts.knocks.says = HEALTHY
    while (due_at := earliest(accounts)) < MONDAY + timedelta(days=2, hours=4):
        accounts.now = max(accounts.now, due_at - timedelta(minutes=1))
        accounts.tick()
    days = Counter((when.date(), practice) for when, practice in accounts.knocks.checks)
    assert set(days.values()) == {1}
    assert len(days) == 3 * 12
    assert all(6.5 <= when.hour + when.minute / 60 <= 8.52 for when, _ in accounts.knocks.checks)


@pytest.mark.parametrize("day", ["2026-03-08", "2026-11-01"])
def test_across_a_change_of_the_clocks_there_is_one_check_a_local_day(engine: Engine, day: str) -> None:
    zone = ZoneInfo("America/New_York")
    change = datetime.fromisoformat(f"{day}T00:00").replace(tzinfo=zone)
    accounts = Accounts(engine, (change - timedelta(days=1)).astimezone(UTC), "America/New_York")
    (practice,) = accounts.make("Lumen Eye")
    accounts.knocks.says = HEALTHY
    while accounts.now < change.astimezone(UTC) + timedelta(hours=47):
        due_at = accounts.stands(practice).due_at
        assert due_at is not None
        accounts.now = due_at
        accounts.tick()
    days = Counter(when.astimezone(zone).date() for when, _ in accounts.knocks.checks)
    assert list(days.values())[:3] == [1, 1, 1]
    assert all(when.astimezone(zone).hour in (6, 7, 8) for when, _ in accounts.knocks.checks)


def test_a_bot_that_was_down_at_the_check_time_looks_once_afterwards(accounts: Accounts) -> None:
    made = accounts.make(*named(5))
    accounts.knocks.says = HEALTHY
    accounts.later(days=3, hours=7)
    for _ in range(70):
        accounts.tick()
    assert Counter(accounts.knocks.ids) == Counter(practice.id for practice in made)


def test_a_thousand_due_at_once_are_looked_at_over_time_and_none_twice(accounts: Accounts) -> None:
    made = accounts.make(*named(1000), due=MONDAY)
    batches = [accounts.tick() for _ in range(35)]
    assert max(map(len, batches)) == 30
    assert Counter(accounts.knocks.ids) == Counter(practice.id for practice in made)


def test_a_practice_is_checked_in_its_own_morning(accounts: Accounts) -> None:
    (practice,) = accounts.make("Lumen Eye")
    health.keep_timezone(accounts.engine, practice.id, "America/Los_Angeles")
    accounts.find(practice, HEALTHY)
    due_at = accounts.stands(practice).due_at
    assert due_at is not None
    assert due_at.astimezone(ZoneInfo("America/Los_Angeles")).hour in (6, 7, 8)


def test_a_zone_that_is_none_is_the_usual_one(accounts: Accounts) -> None:
    (practice,) = accounts.make("Lumen Eye")
    usual = accounts.stands(practice).due_at
    health.keep_timezone(accounts.engine, practice.id, "Mars/Olympus")
    accounts.find(practice, HEALTHY)
    assert accounts.stands(practice).due_at == usual


def test_a_check_from_a_terminal_counts_as_todays(accounts: Accounts) -> None:
    (practice,) = accounts.make("Lumen Eye", due=MONDAY + timedelta(hours=1))
    accounts.later(hours=5)
    checks.record(accounts.engine, practice.id, HEALTHY, [], now=accounts.now)
    assert accounts.tick() == []
    assert accounts.stands(practice).outcome is HEALTHY


def test_a_refused_login_is_never_tried_again_by_itself(accounts: Accounts) -> None:
    (practice,) = accounts.make("Lumen Eye")
    accounts.knocks.says = CheckOutcome.LOGIN_REFUSED
    for _ in range(5):
        accounts.later(days=1)
        accounts.tick()
    assert accounts.knocks.ids == [practice.id]
    assert accounts.stands(practice).due_at is None


def test_an_ehr_that_is_down_is_looked_at_again_three_times_that_day(accounts: Accounts) -> None:
    (practice,) = accounts.make("Lumen Eye")
    accounts.now = accounts.stands(practice).due_at or MONDAY
    accounts.knocks.says = DOWN
    for _ in range(2 * 60):
        accounts.tick()
    first = accounts.knocks.checks[0][0]
    assert [(when - first) // timedelta(minutes=1) for when, _ in accounts.knocks.checks] == [0, 15, 45, 105]
    due_at = accounts.stands(practice).due_at
    assert due_at is not None
    assert due_at.date() > first.date()


# --- the EHR, not the accounts


def test_when_a_third_of_the_last_twenty_fail_alike_no_check_begins_for_a_quarter_of_an_hour(
    accounts: Accounts,
) -> None:
    made = accounts.make(*named(40), due=MONDAY + timedelta(hours=3))
    accounts.find_all(made[:13], HEALTHY)
    accounts.find_all(made[13:19], DOWN)
    assert accounts.rounds.pauses() == {}
    accounts.find_all(made[19:20], DOWN)
    pause = accounts.rounds.pauses()["tiny.example"]
    assert (pause.outcome, pause.failed, pause.until) == (DOWN, 7, accounts.now + PAUSE)
    health.due_at_once(accounts.engine, [practice.id for practice in made], now=accounts.now)
    assert [len(accounts.tick()) for _ in range(16)] == [0] * 14 + [30, 10]


def test_a_pause_at_one_ehr_stops_no_other(accounts: Accounts) -> None:
    down = accounts.make(*named(8))
    (elsewhere,) = accounts.make("Elsewhere", url="https://other.example/static/", due=MONDAY)
    accounts.find_all(down, DOWN)
    health.due_at_once(accounts.engine, [practice.id for practice in down], now=accounts.now)
    assert accounts.tick() == [elsewhere.id]


def test_an_ehr_that_answers_again_is_not_paused_a_second_time(accounts: Accounts) -> None:
    made = accounts.make(*named(40))
    accounts.find_all(made[:10], DOWN)
    accounts.later(minutes=15)
    accounts.find_all(made[10:15], HEALTHY)
    assert accounts.rounds.pauses() == {}


def test_refused_logins_pause_nobody(accounts: Accounts) -> None:
    made = accounts.make(*named(20))
    accounts.find_all(made, CheckOutcome.LOGIN_REFUSED)
    assert accounts.rounds.pauses() == {}


def test_a_check_that_nobody_recorded_comes_again_an_hour_later(accounts: Accounts) -> None:
    (practice,) = accounts.make("Lumen Eye", due=MONDAY)
    for _ in range(70):
        accounts.tick()
    assert accounts.knocks.ids == [practice.id] * 2
