"""What was said about accounts that fail: kept, so that it is said once, and anew where Slack lost it."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from storage import alerts, health
from storage.models import CheckOutcome, HealthAlert, Practice
from storage.vault import Vault
from tests.storage.conftest import NOW
from tests.storage.test_health import MINUTE, found, provision, stands, vault

__all__ = ["vault"]

DOWN, HEALTHY = CheckOutcome.EHR_DOWN, CheckOutcome.HEALTHY


@pytest.fixture
def failing(engine: Engine, vault: Vault) -> list[Practice]:
    """Two practices whose EHR is down, and one that is healthy."""
    down = [provision(engine, vault, name) for name in ("Apex", "Bright")]
    for practice in down:
        found(engine, practice, DOWN)
    found(engine, provision(engine, vault, "Clear"), HEALTHY)
    return down


def names(engine: Engine) -> list[str]:
    return [practice.name for _, practice, _ in alerts.unsaid(engine)]


def opened(engine: Engine, ids: list[int], told: CheckOutcome | None = DOWN) -> HealthAlert:
    return alerts.opened(engine, DOWN, "ehr.example", ("C1", "1.0"), ids, told, name="Apex", digest="d", now=NOW)


def test_what_fails_is_unsaid_until_an_alert_says_it(engine: Engine, failing: list[Practice]) -> None:
    assert names(engine) == ["Apex", "Bright"]
    alert = opened(engine, [failing[0].id])
    assert names(engine) == ["Bright"]
    assert [practice.name for _, practice in alerts.members(engine, alert.id)] == ["Apex"]
    assert alerts.unclosed(engine) == [(alert, alerts.members(engine, alert.id))]
    assert [one.size for one, _ in alerts.unclosed(engine)] == [1]
    assert alerts.at(engine, "C1", "1.0") == alert
    assert alerts.at(engine, "C2", "1.0") is None


def test_who_joins_is_unsaid_until_the_thread_has_its_name(engine: Engine, failing: list[Practice]) -> None:
    alert = opened(engine, [failing[0].id])
    alerts.joined(engine, alert.id, [failing[1].id], None, now=NOW + MINUTE)
    assert [(its.name, found.id) for _, its, found in alerts.unsaid(engine) if found] == [("Bright", alert.id)]
    alerts.told(engine, {failing[1].id: DOWN})
    assert names(engine) == []
    again = alerts.get(engine, alert.id)
    assert again is not None
    assert (again.size, again.opened_at, again.grew_at) == (2, NOW, NOW + MINUTE)


def test_who_joins_a_second_time_is_counted_once(engine: Engine, failing: list[Practice]) -> None:
    alert = opened(engine, [failing[0].id])
    alerts.joined(engine, alert.id, [one.id for one in failing], None, now=NOW)
    assert [one.size for one, _ in alerts.unclosed(engine)] == [2]


def test_a_recovery_is_unsaid_only_where_the_failure_was_said(engine: Engine, failing: list[Practice]) -> None:
    opened(engine, [failing[0].id])
    for practice in failing:
        found(engine, practice, HEALTHY)
    assert names(engine) == ["Apex"]
    alerts.told(engine, {failing[0].id: HEALTHY})
    assert names(engine) == []


def test_a_closed_alert_is_edited_no_more(engine: Engine, failing: list[Practice]) -> None:
    alert = opened(engine, [failing[0].id])
    alerts.pause_said(engine, alert.id)
    alerts.shows(engine, alert.id, "e", closed=True)
    again = alerts.get(engine, alert.id)
    assert again is not None
    assert (again.digest, again.pause_said, alerts.unclosed(engine)) == ("e", True, [])


def test_a_deleted_alert_is_told_anew(engine: Engine, failing: list[Practice]) -> None:
    alert = opened(engine, [one.id for one in failing])
    alerts.gone(engine, alert.id)
    assert names(engine) == ["Apex", "Bright"]
    assert alerts.unclosed(engine) == []
    assert stands(engine, failing[0]).alert_id is None


def test_a_practice_that_goes_leaves_its_alert(engine: Engine, vault: Vault, failing: list[Practice]) -> None:
    alert = opened(engine, [one.id for one in failing])
    vault.forget(failing[0].id)
    health.cover(engine, lambda _: NOW, now=NOW)
    assert [practice.name for _, practice in alerts.members(engine, alert.id)] == ["Bright"]
