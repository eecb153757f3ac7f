"""When the next check is due: once a local day, in its window, never within the sync, whatever the clocks do."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.checks.due import AGAIN, WINDOW, Hours, again_due, in_sync, moment_on, named, next_due, window_end

ZONES = [
    "UTC",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "Pacific/Honolulu",
    "Europe/Berlin",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/Havana",
    "Asia/Beirut",
    "Pacific/Kiritimati",
]
ALL_ZONES = sorted(name for name in available_timezones() if "/" in name)
MINUTES = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))
PRACTICES = st.integers(1, 10**6)
MORNING = time(6, 30)


def hours(zone: str, begin: time = MORNING) -> Hours:
    return Hours(begin, ZoneInfo(zone))


def walk(practice: int, its: Hours, begin: datetime, end: datetime) -> list[datetime]:
    """A clock that is moved from one due moment to the next: all of them."""
    now, moments = begin, []
    while (now := next_due(practice, its, now)) < end:
        moments.append(now)
    return moments


@pytest.mark.parametrize("zone", ZONES)
def test_a_year_has_exactly_one_check_a_local_day(zone: str) -> None:
    its = hours(zone)
    first, last = date(2026, 1, 1), date(2027, 1, 1)
    begin, end = (datetime.combine(day, time(), its.zone).astimezone(UTC) for day in (first, last))
    moments = walk(7, its, begin - timedelta(microseconds=1), end)
    days = Counter(moment.astimezone(its.zone).date() for moment in moments)
    assert set(days.values()) == {1}
    assert len(days) == 365
    assert not any(in_sync(moment) for moment in moments)


@settings(max_examples=60, deadline=None)
@given(PRACTICES, st.sampled_from(ALL_ZONES), MINUTES, st.dates(date(2015, 1, 1), date(2037, 1, 1)))
def test_any_practice_in_any_zone_at_any_check_time_has_one_check_a_day(
    practice: int, zone: str, begin: time, day: date
) -> None:
    its = hours(zone, begin)
    start, end = (datetime.combine(day + timedelta(days=n), time(), its.zone).astimezone(UTC) for n in (0, 12))
    moments = walk(practice, its, start - timedelta(microseconds=1), end)
    hours_between = int((end - start) / timedelta(hours=1))
    lived = {(start + timedelta(hours=n)).astimezone(its.zone).date() for n in range(hours_between)}
    days = Counter(moment.astimezone(its.zone).date() for moment in moments)
    assert set(days.values()) == {1}
    assert set(days) == lived
    assert not any(in_sync(moment) for moment in moments)


@given(PRACTICES, st.sampled_from(ZONES), st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)))
def test_the_next_moment_is_later_than_now(practice: int, zone: str, now: datetime) -> None:
    aware = now.replace(tzinfo=UTC)
    moment = next_due(practice, hours(zone), aware)
    assert aware < moment <= aware + timedelta(hours=52)
    assert moment.tzinfo is UTC
    assert next_due(practice, hours(zone), moment) > moment


@given(PRACTICES, st.dates(date(2020, 1, 1), date(2035, 1, 1)))
def test_in_the_morning_it_is_within_two_hours_of_the_check_time(practice: int, day: date) -> None:
    its = hours("America/Chicago")
    moment = moment_on(practice, its, day)
    assert moment is not None
    wall = moment.astimezone(its.zone)
    assert wall.date() == day
    assert MORNING <= wall.time() < time(8, 30)


@given(PRACTICES, st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.dates(date(2020, 1, 1), date(2035, 1, 1)))
def test_the_place_is_the_same_every_day_but_for_five_minutes(practice: int, one: date, other: date) -> None:
    its = hours("Asia/Kolkata", time(15))
    walls = [moment.astimezone(its.zone) for day in (one, other) if (moment := moment_on(practice, its, day))]
    minutes = [wall.hour * 60 + wall.minute + wall.second / 60 for wall in walls]
    assert abs(minutes[0] - minutes[1]) <= 5


def test_the_same_practice_has_other_minutes_on_another_day() -> None:
    its = hours("UTC")
    seconds = {walls.time() for n in range(20) if (walls := moment_on(3, its, date(2026, 5, 1) + timedelta(days=n)))}
    assert len(seconds) > 15


def test_a_thousand_practices_are_spread_over_the_window() -> None:
    its = hours("UTC")
    moments = [moment for practice in range(1, 1001) if (moment := moment_on(practice, its, date(2026, 11, 23)))]
    a_minute = Counter(moment.replace(second=0) for moment in moments)
    assert max(moments) - min(moments) > WINDOW * 0.95
    assert max(a_minute.values()) <= 30


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 11, 1)])
def test_on_the_days_of_the_change_the_wall_clock_rules(day: date) -> None:
    its = hours("America/New_York")
    for practice in range(1, 50):
        moment = moment_on(practice, its, day)
        assert moment is not None
        wall = moment.astimezone(its.zone)
        assert (wall.date(), wall.hour in (6, 7, 8)) == (day, True)


@pytest.mark.parametrize("begin", [time(1, 30), time(2, 30)])
@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 11, 1)])
def test_a_check_time_that_the_change_skips_or_repeats_comes_once(begin: time, day: date) -> None:
    its = hours("America/New_York", begin)
    start = datetime.combine(day, time(), its.zone).astimezone(UTC)
    for practice in range(1, 30):
        moments = walk(practice, its, start, start + timedelta(hours=25))
        assert [moment.astimezone(its.zone).date() for moment in moments].count(day) == 1


@pytest.mark.parametrize(
    ("zone", "begin", "from_", "to"),
    [
        ("America/New_York", time(22), time(19), time(21)),  # the day ends within the sync: before it
        ("America/New_York", time(20), time(20), time(21)),  # what the sync leaves of it
        ("America/New_York", time(0, 30), time(1), time(2, 30)),
        ("America/Los_Angeles", time(19), time(22), time(23, 59, 59)),  # behind it
        ("UTC", time(2, 30), time(6), time(8)),
    ],
)
def test_the_sync_is_left_alone(zone: str, begin: time, from_: time, to: time) -> None:
    its = hours(zone, begin)
    for practice in range(1, 100):
        moment = moment_on(practice, its, date(2026, 11, 23))
        assert moment is not None
        assert from_ <= moment.astimezone(its.zone).time() <= to
        assert not in_sync(moment)


def test_after_an_outage_it_looks_again_soon_for_three_times_then_on_the_next_day() -> None:
    its, now = hours("UTC"), datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    waits = [again_due(5, its, now, alike) - now for alike in (1, 2, 3, 4)]
    assert waits[:3] == list(AGAIN)
    assert waits[3] == next_due(5, its, now) - now > timedelta(hours=20)


def test_looking_again_stays_out_of_the_sync_too() -> None:
    its, now = hours("UTC"), datetime(2026, 11, 24, 1, 50, tzinfo=UTC)  # 20:50 in New York
    assert again_due(5, its, now, 1) == next_due(5, its, now)


def test_a_window_ends_when_the_last_check_of_the_day_was_due() -> None:
    its = hours("America/Chicago")
    assert window_end(its, date(2026, 11, 23)) == datetime(2026, 11, 23, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "America", "../etc/passwd", "a\0b"])
def test_a_zone_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="like America/Chicago"):
        named(name)


def test_settings_become_hours() -> None:
    assert Hours.read("06:30", "Asia/Tokyo") == Hours(MORNING, ZoneInfo("Asia/Tokyo"))
