"""What must be true in the EHR, and what a practice may wish."""

from __future__ import annotations

from automation.revolutionehr.desired import DAYS, PERMISSIONS, Wanted, username_for
from automation.revolutionehr.passwords import Policy


def test_the_user_name_is_onespot_and_the_id() -> None:
    assert username_for("2915") == "OneSpot2915"


def test_six_permissions_and_seven_days_are_wanted() -> None:
    assert sum(len(names) for names in PERMISSIONS.values()) == 6
    assert len(set(DAYS)) == 7


def test_nobody_has_to_wish_anything() -> None:
    assert Wanted() == Wanted(None, Policy(8, 64, frozenset()))
