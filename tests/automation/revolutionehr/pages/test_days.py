"""Seven checks for seven days, in every layout that leads a reader to them; fewer where it doesn't."""

from __future__ import annotations

from time import process_time

import pytest

from automation.revolutionehr.desired import DAYS
from automation.revolutionehr.pages.days import day_checks, day_hours
from automation.sight import Sight
from tests.automation.drawn import Drawing

Drawn = tuple[Sight, dict[str, int]]


def named_by_the_page() -> Drawn:
    page, ids = Drawing(), {}
    page.text("Login Allowed", 20, 60)
    for n, day in enumerate(DAYS):
        ids[day] = page.check(20, 90 + 26 * n, names=(day,))
        page.text(day, 44, 90 + 26 * n, tag="label")
    return page.sight(), ids


def rows_of_a_table(*, also: tuple[str, ...] = ()) -> Drawn:
    page, ids = Drawing(), {}
    for n, head in enumerate(("Day", "Login Allowed", *also)):
        page.text(head, 20 + 200 * n, 60, tag="th", head=True)
    for n, day in enumerate(DAYS):
        with page.part():
            page.text(day, 20, 90 + 30 * n, tag="td")
            ids[day] = page.check(240, 90 + 30 * n)
            for m, _ in enumerate(also):
                page.check(440 + 200 * m, 90 + 30 * n)
    return page.sight(), ids


def columns_of_a_table() -> Drawn:
    page, ids = Drawing(), {}
    for n, day in enumerate(DAYS):
        page.text(day, 200 + 110 * n, 60, w=80, tag="th", head=True)
    with page.part():
        page.text("Login Allowed", 20, 90)
        for n, day in enumerate(DAYS):
            ids[day] = page.check(232 + 110 * n, 90)
    return page.sight(), ids


def rows_that_say_login_allowed_each() -> Drawn:
    page, ids = Drawing(), {}
    for n, day in enumerate(DAYS):
        with page.part():
            page.text(day, 20, 90 + 30 * n)
            ids[day] = page.check(160, 90 + 30 * n)
            page.text("Login Allowed", 184, 90 + 30 * n)
    return page.sight(), ids


def said_with_the_day() -> Drawn:
    page, ids = Drawing(), {}
    for n, day in enumerate(DAYS):
        ids[day] = page.check(20, 90 + 30 * n, aria=f"Login Allowed on {day}")
    return page.sight(), ids


def switches_that_say_how_they_stand() -> Drawn:
    page, ids = Drawing(), {}
    for n, day in enumerate(DAYS):
        on = n % 2 == 0
        words = f"{day} {'Login Allowed' if on else 'Not allowed'}"
        ids[day] = page.check(20 + 160 * n, 90, names=(words,), role="switch", checked="true" if on else "false")
    return page.sight(), ids


@pytest.mark.parametrize(
    "drawn",
    [
        named_by_the_page(),
        switches_that_say_how_they_stand(),
        rows_of_a_table(),
        rows_of_a_table(also=("Remote Access",)),
        columns_of_a_table(),
        rows_that_say_login_allowed_each(),
        said_with_the_day(),
    ],
    ids=["named", "switches", "rows", "rows-of-two", "columns", "rows-that-say-it", "aria"],
)
def test_each_day_leads_to_its_own_check(drawn: Drawn) -> None:
    sight, ids = drawn
    assert {day: place.widget.id for day, place in day_checks((sight,)).items()} == ids


def test_a_long_page_behind_the_form_costs_no_time() -> None:
    """A form in a window leaves the list behind it to be seen; each step of the seven reads them all several times."""
    page = Drawing()
    for n in range(1500):
        page.text(f"Name {n}", 900, 90 + 30 * n)
    for n, day in enumerate(DAYS):
        page.text(day, 20, 90 + 30 * n)
        page.check(160, 90 + 30 * n)
    sight, begun = page.sight(), process_time()
    assert set(day_checks((sight,))) == set(DAYS)
    assert process_time() - begun < 0.6


def test_a_day_with_two_checks_is_left_out() -> None:
    page = Drawing()
    for day, x in (("Monday", 20), ("Monday", 400), ("Tuesday", 800)):
        page.check(x, 90, names=(day,))
    assert list(day_checks((page.sight(),))) == ["Tuesday"]


def test_a_page_without_days_has_none() -> None:
    page = Drawing()
    page.check(20, 90, names=("Allow Emergency Access",))
    assert day_checks((page.sight(),)) == {}


@pytest.mark.parametrize(("role", "checked"), [("checkbox", "false"), ("switch", "true")])
def test_a_check_that_takes_a_day_away_allows_none(role: str, checked: str) -> None:
    page = Drawing()
    for n, day in enumerate(DAYS):
        page.check(20, 90 + 30 * n, names=(f"{day} not allowed",), role=role, checked=checked)
    assert day_checks((page.sight(),)) == {}


def test_one_check_for_all_days_is_not_seven() -> None:
    page = Drawing()
    page.text("Monday", 20, 60)
    page.text("Tuesday", 120, 60)
    page.check(60, 90)
    assert len(day_checks((page.sight(),))) < 2


def with_times(*, columns: bool = False) -> tuple[Drawing, list[str]]:
    """Each day with its check and two fields, in lines or in columns."""
    page = Drawing()
    for n, day in enumerate(DAYS):
        x, y = (120 + 200 * n, 60) if columns else (20, 60 + 34 * n)
        page.text(day, x, y)
        page.check(x if columns else 160, y + (30 if columns else 0), names=(f"Login Allowed on {day}",))
        first, second = ((x, y + 60), (x, y + 100)) if columns else ((240, y), (400, y))
        page.widget("text", *first, 100, value="08:00 AM" if n == 0 else "")
        page.widget("text", *second, 100, value="06:00 PM" if n == 0 else "")
    return page, list(DAYS)


@pytest.mark.parametrize("columns", [False, True])
def test_two_fields_beside_or_below_a_check_are_its_hours(columns: bool) -> None:
    page, days = with_times(columns=columns)
    found = day_hours(day_checks((page.sight(),)))
    assert list(found) == days
    assert found["Monday"] == ("08:00 AM", "06:00 PM")
    assert set(found.values()) == {("08:00 AM", "06:00 PM"), ("", "")}


def test_days_without_fields_have_no_hours_even_where_other_fields_stand_below() -> None:
    drawn, _ = rows_of_a_table()
    assert day_hours(day_checks((drawn,))) == {}
    page = Drawing()
    for n, day in enumerate(DAYS):
        page.check(20, 60 + 30 * n, names=(day,))
    page.widget("choice", 20, 300)
    page.widget("text", 20, 350)
    assert day_hours(day_checks((page.sight(),))) == {}
