"""When a maintenance window is open, by the wall clock of its zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from bot.checks.maintenance import in_maintenance, read_windows
from bot.problems import SettingsProblem
from bot.settings import read_settings
from tests.bot.accounts import MONDAY, Accounts

SUNDAY = datetime(2026, 11, 29, tzinfo=UTC)
HERE, CHICAGO = ZoneInfo("UTC"), ZoneInfo("America/Chicago")


def open_at(words: str, hours: float, zone: ZoneInfo = HERE) -> bool:
    """So many hours after Sunday's midnight in UTC."""
    return in_maintenance(read_windows(words), SUNDAY + timedelta(hours=hours), zone)


def test_a_window_holds_its_begin_and_not_its_end() -> None:
    assert [open_at("Sun 02:00-06:00", hours) for hours in (1.99, 2, 5.99, 6, 26)] == [False, True, True, False, False]


def test_a_window_over_midnight_belongs_to_the_day_it_begins_on() -> None:
    assert [open_at("Sat 23:30-01:00", hours) for hours in (-0.6, -0.5, 0.9, 1, 23.6)] == [
        False,
        True,
        True,
        False,
        False,
    ]


def test_a_window_without_a_day_is_there_every_day() -> None:
    assert [open_at("3:00-4:00", hours) for hours in (3.5, 27.5, 51.5, 52)] == [True, True, True, False]


def test_the_wall_clock_is_the_zones() -> None:
    assert open_at("Sat 20:00-21:00", 2.5, CHICAGO)
    assert not open_at("Sun 02:00-03:00", 2.5, CHICAGO)


def test_several_windows_and_none() -> None:
    assert open_at("Mon 01:00-02:00, sunday 5:00-6:00,", 5.5)
    assert read_windows("  ") == ()


@pytest.mark.parametrize("words", ["Sunday", "Xyz 02:00-03:00", "02:00", "25:00-26:00", "02:00-02:00", "02:00 03:00"])
def test_what_is_no_window_is_said(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONESPOT_MAINTENANCE", words)
    with pytest.raises(SettingsProblem, match="ONESPOT_MAINTENANCE"):
        read_settings()


def test_no_check_is_handed_out_in_maintenance_and_what_was_due_comes_afterwards(engine: Engine) -> None:
    accounts = Accounts(engine, maintenance="Mon 00:00-09:00")
    [practice] = accounts.make("Lumen Eye", due=MONDAY)
    assert [accounts.tick(), accounts.tick()] == [[], []]
    accounts.now = MONDAY.replace(hour=9)
    assert accounts.tick() == [practice.id]
