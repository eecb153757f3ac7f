"""Differences, each in words for a person; none where all is as it must be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from automation.revolutionehr.compare import record_differences, role_differences, six
from automation.revolutionehr.desired import DAYS
from automation.revolutionehr.pages.employees import Record

GOOD = Record(
    "Sync", "OneSpot", "OneSpot2915", False, dict.fromkeys(DAYS, True), ("OneSpot",), "Main Street",
    ("Main Street", "Harbor"), {"Main Street": True, "Harbor": True},
)  # fmt: skip


def test_exactly_the_six_differ_in_nothing() -> None:
    assert len(six()) == 6
    assert role_differences(six()) == []


def test_case_and_decoration_of_a_permission_do_not_matter() -> None:
    assert role_differences((folder.upper(), f" {name} ") for folder, name in six()) == []


def test_one_too_few_is_named() -> None:
    assert role_differences(six() - {("Accounting Module", "View Claims")}) == ["lacks View Claims (Accounting Module)"]


def test_one_too_many_is_named() -> None:
    more = six() | {("Accounting Module", "View Claims History")}
    assert role_differences(more) == ["has View Claims History (Accounting Module) too"]


def test_the_right_name_in_the_wrong_folder_is_both() -> None:
    moved = (six() - {("Administration Module", "General")}) | {("Pulse Module", "General")}
    assert role_differences(moved) == ["has General (Pulse Module) too", "lacks General (Administration Module)"]


def test_an_empty_role_lacks_all_six() -> None:
    assert len(role_differences([])) == 6


def test_a_record_as_it_must_be_differs_in_nothing() -> None:
    assert record_differences(GOOD, "OneSpot2915") == []
    assert record_differences(GOOD, "onespot2915", "main street") == []


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"first": "Sink"}, "is named Sink OneSpot instead of Sync OneSpot"),
        ({"last": ""}, "is named Sync  instead of Sync OneSpot"),
        ({"username": "OneSpot29150"}, "has the user name OneSpot29150 instead of OneSpot2915"),
        ({"emergency": True}, "has emergency access"),
        ({"days": {**GOOD.days, "Sunday": False}}, "may not log in on Sunday"),
        ({"days": {"Monday": True}}, "may not log in on Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday"),
        ({"roles": ()}, "lacks the role OneSpot"),
        ({"roles": ("OneSpot", "Optician")}, "has the role Optician too"),
        ({"primary": ""}, "has no primary location"),
        ({"primary": "Harbor"}, "has the primary location Harbor instead of Main Street"),
        ({"locations": {"Main Street": True, "Harbor": False}}, "may not access Harbor"),
    ],
)
def test_each_value_that_differs_has_its_line(change: dict[str, object], line: str) -> None:
    assert record_differences(replace(GOOD, **change), "OneSpot2915", "Main Street") == [line]  # type: ignore[arg-type]


def test_any_primary_location_does_where_none_was_ordered() -> None:
    assert record_differences(replace(GOOD, primary="Harbor"), "OneSpot2915") == []


def test_another_role_instead_is_two_lines() -> None:
    assert record_differences(replace(GOOD, roles=("OneSpot Test",)), "OneSpot2915") == [
        "lacks the role OneSpot",
        "has the role OneSpot Test too",
    ]
