"""How accounts stand, and who hands out which check: on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, event

from storage import checks, health, practices
from storage.models import AccountHealth, CheckOutcome, Credential, DriftGrade, Practice, Purpose
from storage.vault import Vault, new_key
from tests.engines import save_all
from tests.storage.conftest import NOW

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
EHR = "https://ehr.example/static/"


@pytest.fixture
def vault(engine: Engine) -> Vault:
    return Vault(engine, [new_key()])


def provision(engine: Engine, vault: Vault, name: str, url: str = EHR) -> Practice:
    """A practice with a proved password, and its row."""
    practice = practices.save(engine, name, url, now=NOW)
    vault.keep(practice.id, Purpose.FINAL, Credential("OneSpot1", SecretStr("secret")), now=NOW)
    vault.prove(practice.id, now=NOW)
    health.cover(engine, lambda _: NOW, now=NOW)
    return practice


def many(engine: Engine, vault: Vault, number: int) -> list[int]:
    """So many provisioned practices, due one second after the other."""
    provision(engine, vault, "Practice 0")
    first = practices.save(engine, "Practice 0", EHR, now=NOW)
    ids = [one.id for one in [first, *save_all(engine, [f"Practice {n}" for n in range(1, number)], EHR, NOW)]]
    with engine.begin() as connection:
        rows = [
            {"practice_id": one, "due_at": NOW + timedelta(seconds=n), "check_id": 0}
            | {"detail": [], "alike": 0, "muted": False}
            for n, one in enumerate(ids)
            if n
        ]
        connection.execute(AccountHealth.__table__.insert(), rows)  # type: ignore[attr-defined]
    return ids


def tomorrow(practice: Practice, outcome: CheckOutcome, alike: int) -> datetime | None:
    return None if outcome is CheckOutcome.LOGIN_REFUSED else NOW + DAY


def found(engine: Engine, practice: Practice, *outcomes: CheckOutcome, at: datetime = NOW) -> AccountHealth:
    """Checks with these outcomes, taken in; how the account stands."""
    for outcome in outcomes:
        checks.record(engine, practice.id, outcome, [f"It is: {outcome}."], now=at)
    health.take_in(engine, tomorrow)
    return stands(engine, practice)


def stands(engine: Engine, practice: Practice) -> AccountHealth:
    row = health.standing(engine, practice.id)
    assert row is not None
    return row


# --- which practices


def test_only_a_practice_with_a_proved_password_has_a_row(engine: Engine, vault: Vault, practice: Practice) -> None:
    vault.keep(practice.id, Purpose.FINAL, Credential("OneSpot1", SecretStr("secret")), now=NOW)
    assert health.cover(engine, lambda _: NOW, now=NOW) == 0
    vault.prove(practice.id, now=NOW)
    assert health.cover(engine, lambda its: NOW + its.id * MINUTE, now=NOW) == 1
    assert health.cover(engine, lambda _: NOW, now=NOW) == 0
    row = stands(engine, practice)
    assert (row.due_at, row.outcome, row.muted) == (NOW + practice.id * MINUTE, None, False)


def test_a_practice_whose_credential_is_destroyed_is_checked_no_more(engine: Engine, vault: Vault) -> None:
    practice = provision(engine, vault, "Lumen Eye")
    vault.forget(practice.id)
    health.cover(engine, lambda _: NOW, now=NOW)
    assert health.standing(engine, practice.id) is None
    assert health.hand_out(engine, now=NOW) == []


def test_a_practice_keeps_its_time_zone(engine: Engine, practice: Practice) -> None:
    health.keep_timezone(engine, practice.id, "America/Chicago")
    again = practices.save(engine, practice.name, practice.url, now=NOW)
    assert again.timezone == "America/Chicago"


# --- handing out


def test_what_is_due_is_handed_out_once(engine: Engine, vault: Vault) -> None:
    practice = provision(engine, vault, "Lumen Eye")
    assert health.hand_out(engine, now=NOW - MINUTE) == []
    assert health.hand_out(engine, now=NOW) == [practice.id]
    assert health.hand_out(engine, now=NOW + MINUTE) == []


def test_a_check_that_was_never_recorded_is_due_again_after_an_hour(engine: Engine, vault: Vault) -> None:
    practice = provision(engine, vault, "Lumen Eye")
    health.hand_out(engine, now=NOW)
    assert health.outstanding(engine, now=NOW) == 1
    assert health.hand_out(engine, now=NOW + 59 * MINUTE) == []
    assert health.hand_out(engine, now=NOW + 60 * MINUTE) == [practice.id]


def test_a_thousand_due_at_once_are_handed_out_thirty_a_minute_oldest_first(engine: Engine, vault: Vault) -> None:
    ids = many(engine, vault, 1000)
    now, taken = NOW + timedelta(seconds=1000), list[int]()
    for _ in range(36):
        batch = health.hand_out(engine, now=now)
        assert len(batch) <= 30
        assert health.hand_out(engine, now=now + MINUTE / 2) == []
        taken += batch
        now += MINUTE
    assert taken == ids


def test_two_schedulers_at_once_hand_out_each_check_once_and_no_more_a_minute(engine: Engine, vault: Vault) -> None:
    ids = many(engine, vault, 200)
    taken: list[list[int]] = [[] for _ in range(4)]
    for minute in range(9):
        now = NOW + timedelta(seconds=200) + minute * MINUTE
        before = sum(map(len, taken))
        threads = [
            threading.Thread(target=lambda mine, now=now: mine.extend(health.hand_out(engine, now=now)), args=(mine,))
            for mine in taken
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(map(len, taken)) - before <= 30
    assert Counter(one for mine in taken for one in mine) == Counter(ids)


def test_each_ehr_address_has_its_own_thirty_and_a_paused_one_none(engine: Engine, vault: Vault) -> None:
    here = provision(engine, vault, "Here")
    there = provision(engine, vault, "There", "https://other.example/static/")
    assert health.hand_out(engine, now=NOW, a_minute=1, paused={"ehr.example"}) == [there.id]
    assert health.hand_out(engine, now=NOW, a_minute=1) == [here.id]


def test_somebody_may_want_it_at_once(engine: Engine, vault: Vault) -> None:
    practice = provision(engine, vault, "Lumen Eye")
    found(engine, practice, CheckOutcome.LOGIN_REFUSED)
    assert health.due_at_once(engine, [practice.id], now=NOW) == 1
    assert health.hand_out(engine, now=NOW) == [practice.id]


# --- what checks found


def test_a_row_says_what_was_found_since_when_and_how_often(engine: Engine, vault: Vault) -> None:
    practice = provision(engine, vault, "Lumen Eye")
    found(engine, practice, CheckOutcome.HEALTHY)
    row = found(engine, practice, CheckOutcome.DRIFT, CheckOutcome.DRIFT, at=NOW + MINUTE)
    assert (row.outcome, row.alike, row.since, row.looked_at) == (CheckOutcome.DRIFT, 2, NOW + MINUTE, NOW + MINUTE)
    assert row.detail == ["It is: drift."]
    assert row.due_at == NOW + DAY
    assert found(engine, practice, CheckOutcome.DRIFT, at=NOW + DAY).since == NOW + MINUTE


def test_taking_in_again_changes_nothing(engine: Engine, vault: Vault) -> None:
    practice = provision(engine, vault, "Lumen Eye")
    checks.record(engine, practice.id, CheckOutcome.DRIFT, [], now=NOW)
    assert health.take_in(engine, tomorrow, practice_id=practice.id + 1) == []
    assert health.take_in(engine, tomorrow) == [practice.id]
    assert health.take_in(engine, tomorrow) == []
    assert stands(engine, practice).alike == 1


def test_several_may_take_in_at_once(engine: Engine, vault: Vault) -> None:
    practice = provision(engine, vault, "Lumen Eye")
    checks.record(engine, practice.id, CheckOutcome.DRIFT, [], now=NOW)
    threads = [threading.Thread(target=health.take_in, args=(engine, tomorrow)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stands(engine, practice).alike == 1


def test_a_refused_login_is_not_due_until_a_later_login_proves_the_password(engine: Engine, vault: Vault) -> None:
    practice = provision(engine, vault, "Lumen Eye")
    row = found(engine, practice, CheckOutcome.LOGIN_REFUSED)
    health.cover(engine, lambda _: NOW, now=NOW)
    assert (row.due_at, health.hand_out(engine, now=NOW + 30 * DAY)) == (None, [])
    vault.verified(practice.id, NOW + MINUTE)
    health.cover(engine, lambda _: NOW, now=NOW + MINUTE)
    assert stands(engine, practice).due_at == NOW + MINUTE


def test_standings_are_one_select(engine: Engine, vault: Vault) -> None:
    bad, good = provision(engine, vault, "Bad"), provision(engine, vault, "Good")
    found(engine, bad, CheckOutcome.DRIFT)
    found(engine, good, CheckOutcome.HEALTHY)
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    assert [practice.name for _, practice in health.standings(engine)] == ["Bad", "Good"]
    assert sum("SELECT" in one for one in asked) == 1


def test_those_that_are_not_well_come_by_name_and_the_healthy_are_counted(engine: Engine, vault: Vault) -> None:
    names = ("Down", "Bad", "Good", "Well", "Unseen", "Soon")
    down, bad, good, well, _, soon = (provision(engine, vault, name) for name in names)
    for practice, outcome in (
        (down, CheckOutcome.EHR_DOWN),
        (bad, CheckOutcome.DRIFT),
        (good, CheckOutcome.HEALTHY),
        (well, CheckOutcome.HEALTHY),
        (soon, CheckOutcome.EXPIRING),
    ):
        found(engine, practice, outcome)
    others, healthy = health.not_well(engine)
    assert ([practice.name for _, practice in others], healthy) == (["Bad", "Down", "Soon", "Unseen"], 2)
    some, counts = health.some_failing(engine, 1)
    assert [practice.name for _, practice in some] == ["Bad", "Down"]
    assert sum(one.number for one in counts) == 2
    first, number = health.soon_expiring(engine, 5)
    assert ([practice.name for _, practice in first], number) == (["Soon"], 1)


def test_of_those_that_fail_alike_the_first_are_named_and_all_are_counted(engine: Engine, vault: Vault) -> None:
    for name in ("Cedar", "Ash", "Birch"):
        found(engine, provision(engine, vault, name), CheckOutcome.LOCKED)
    drifted = provision(engine, vault, "Zinnia")
    checks.record(engine, drifted.id, CheckOutcome.DRIFT, ["More rights."], now=NOW, grade=DriftGrade.EXCESS)
    health.take_in(engine, tomorrow)
    some, counts = health.some_failing(engine, 2)
    assert [practice.name for _, practice in some] == ["Ash", "Birch", "Zinnia"]
    assert {(one.outcome, one.grade): one.number for one in counts} == {
        (CheckOutcome.LOCKED, None): 3,
        (CheckOutcome.DRIFT, DriftGrade.EXCESS): 1,
    }


def test_an_account_is_known_once_it_was_looked_at_in_time_or_is_on_its_way(engine: Engine, vault: Vault) -> None:
    practice = provision(engine, vault, "Lumen Eye")
    assert not health.any_known(engine, NOW, handed_after=NOW - DAY)
    found(engine, practice, CheckOutcome.HEALTHY, at=NOW + MINUTE)
    assert not health.any_known(engine, NOW, handed_after=NOW - DAY)
    assert health.any_known(engine, NOW + MINUTE, handed_after=NOW - DAY)
    assert health.due_at_once(engine, [practice.id], now=NOW)
    assert health.hand_out(engine, now=NOW) == [practice.id]
    assert health.any_known(engine, NOW, handed_after=NOW - DAY)
    assert not health.any_known(engine, NOW, handed_after=NOW)


def test_the_checks_of_late_come_newest_first_with_their_address(engine: Engine, vault: Vault) -> None:
    practice = provision(engine, vault, "Lumen Eye")
    checks.record(engine, practice.id, CheckOutcome.HEALTHY, [], now=NOW - DAY)
    checks.record(engine, practice.id, CheckOutcome.DRIFT, [], now=NOW)
    assert [(one.outcome, where) for one, where in health.lately(engine, NOW - MINUTE)] == [
        (CheckOutcome.DRIFT, "ehr.example")
    ]


# --- quiet


def test_a_snooze_ends_when_the_account_is_healthy(engine: Engine, vault: Vault) -> None:
    practice = provision(engine, vault, "Lumen Eye")
    found(engine, practice, CheckOutcome.DRIFT)
    assert health.snooze(engine, [practice.id], NOW + DAY) == 1
    assert found(engine, practice, CheckOutcome.DRIFT).snoozed_until == NOW + DAY
    assert found(engine, practice, CheckOutcome.HEALTHY).snoozed_until is None


def test_mute_stays(engine: Engine, vault: Vault) -> None:
    practice = provision(engine, vault, "Lumen Eye")
    assert health.mute(engine, practice.id, True)
    assert found(engine, practice, CheckOutcome.HEALTHY).muted
    assert not health.mute(engine, 4711, True)
