"""Seven checks for seven days, in every layout that leads a reader to them; fewer where it doesn't."""

from __future__ import annotations

import pytest

from automation.revolutionehr.desired import DAYS
from automation.revolutionehr.pages.days import day_checks
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


@pytest.mark.parametrize(
    "drawn",
    [
        named_by_the_page(),
        rows_of_a_table(),
        rows_of_a_table(also=("Remote Access",)),
        columns_of_a_table(),
        rows_that_say_login_allowed_each(),
        said_with_the_day(),
    ],
    ids=["named", "rows", "rows-of-two", "columns", "rows-that-say-it", "aria"],
)
def test_each_day_leads_to_its_own_check(drawn: Drawn) -> None:
    sight, ids = drawn
    assert {day: place.widget.id for day, place in day_checks((sight,)).items()} == ids


def test_a_day_with_two_checks_is_left_out() -> None:
    page = Drawing()
    for day, x in (("Monday", 20), ("Monday", 400), ("Tuesday", 800)):
        page.check(x, 90, names=(day,))
    assert list(day_checks((page.sight(),))) == ["Tuesday"]


def test_a_page_without_days_has_none() -> None:
    page = Drawing()
    page.check(20, 90, names=("Allow Emergency Access",))
    assert day_checks((page.sight(),)) == {}


def test_one_check_for_all_days_is_not_seven() -> None:
    page = Drawing()
    page.text("Monday", 20, 60)
    page.text("Tuesday", 120, 60)
    page.check(60, 90)
    assert len(day_checks((page.sight(),))) < 2
