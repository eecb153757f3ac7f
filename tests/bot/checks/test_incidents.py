"""What is worth saying, and what belongs together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.checks import incidents
from storage.alerts import Unsaid
from storage.models import AccountHealth, CheckOutcome, HealthAlert, Practice

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
C = CheckOutcome


def one(
    outcome: CheckOutcome,
    *,
    said: CheckOutcome | None = None,
    told: CheckOutcome | None = None,
    number: int = 1,
    url: str = "https://ehr.example/",
    snoozed: datetime | None = None,
    muted: bool = False,
) -> Unsaid:
    practice = Practice(id=number, key=str(number), name=str(number), url=url)
    row = AccountHealth(practice_id=number, outcome=outcome, told=told, snoozed_until=snoozed, muted=muted)
    return row, practice, None if said is None else alert(said)


def alert(outcome: CheckOutcome, grew_at: datetime = NOW, channel: str = "C1") -> HealthAlert:
    return HealthAlert(id=1, outcome=outcome, host="ehr.example", channel=channel, ts="1", size=1, grew_at=grew_at)


@pytest.mark.parametrize("outcome", [outcome for outcome in C if outcome is not C.HEALTHY])
def test_every_first_failure_has_an_alert(outcome: CheckOutcome) -> None:
    assert incidents.needs_alert(one(outcome)[0], None)


@pytest.mark.parametrize(
    ("said", "told", "now", "new"),
    [
        (C.DRIFT, C.DRIFT, C.LOCKED, True),
        (C.EHR_DOWN, C.EHR_DOWN, C.LOGIN_REFUSED, True),
        (C.LOCKED, C.LOCKED, C.DRIFT, False),
        (C.LOCKED, C.DRIFT, C.LOCKED, False),  # as bad as its alert says already
        (C.EHR_DOWN, C.EHR_DOWN, C.SCREEN_CHANGED, False),
        (C.DRIFT, C.HEALTHY, C.DRIFT, True),
        (C.DRIFT, C.DRIFT, C.HEALTHY, False),
    ],
)
def test_only_what_is_worse_than_its_alert_has_a_new_one(
    said: CheckOutcome, told: CheckOutcome, now: CheckOutcome, new: bool
) -> None:
    row, _, its = one(now, said=said, told=told)
    assert incidents.needs_alert(row, its) is new


def test_quiet_ones_are_spoken_of_only_when_they_recover() -> None:
    asleep, muted = one(C.DRIFT, snoozed=NOW + HOUR), one(C.DRIFT, muted=True)
    awake, well = one(C.DRIFT, snoozed=NOW), one(C.HEALTHY, said=C.DRIFT, told=C.DRIFT, muted=True)
    assert incidents.worth_saying([asleep, muted, awake, well], NOW) == [awake, well]


def test_what_fails_alike_at_one_ehr_belongs_together_the_worst_first() -> None:
    its = [one(C.DRIFT), one(C.LOCKED, number=2), one(C.DRIFT, number=3), one(C.DRIFT, url="https://b.example/")]
    groups = incidents.alike(its)
    assert [(*group, len(members)) for group, members in groups.items()] == [
        (C.LOCKED, "ehr.example", 1),
        (C.DRIFT, "b.example", 1),
        (C.DRIFT, "ehr.example", 2),
    ]


def test_an_incident_is_open_for_ten_minutes_after_the_last_has_joined() -> None:
    group = (C.EHR_DOWN, "ehr.example")
    young = alert(C.EHR_DOWN, NOW - timedelta(minutes=9))
    assert incidents.incident(group, [young], "C1", NOW) is young
    assert incidents.incident(group, [alert(C.EHR_DOWN, NOW - timedelta(minutes=10))], "C1", NOW) is None
    assert incidents.incident(group, [alert(C.DRIFT)], "C1", NOW) is None
    assert incidents.incident(group, [alert(C.EHR_DOWN, channel="C2")], "C1", NOW) is None


def test_every_outcome_has_its_severity() -> None:
    assert set(incidents.SEVERITY) == set(C)
