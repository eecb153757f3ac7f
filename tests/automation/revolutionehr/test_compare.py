"""Differences, each in words for a person and with how bad it is; none where all is as it must be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from automation.revolutionehr.compare import (
    about_roles,
    by_grade,
    counts_roles,
    may_be_ours,
    record_differences,
    record_drifts,
    renamed,
    role_differences,
    role_drifts,
    six,
    whole_day,
)
from automation.revolutionehr.desired import DAYS
from automation.revolutionehr.pages.employee import Record
from storage.models import Drift, DriftGrade

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


# ---- how bad it is -----------------------------------------------------------------------------------------------

EXCESS, MISSING, COSMETIC = DriftGrade.EXCESS, DriftGrade.MISSING, DriftGrade.COSMETIC


def test_a_right_too_many_is_excess_and_one_too_few_is_missing() -> None:
    moved = (six() - {("Administration Module", "General")}) | {("Pulse Module", "General")}
    assert role_drifts(moved) == [
        Drift(EXCESS, "role has General (Pulse Module) too"),
        Drift(MISSING, "role lacks General (Administration Module)"),
    ]


def test_a_record_as_it_must_be_has_no_drift() -> None:
    assert record_drifts(GOOD, "OneSpot2915", "main street") == []


@pytest.mark.parametrize(
    ("change", "grade", "line"),
    [
        ({"first": "Sink"}, COSMETIC, "is named Sink OneSpot instead of Sync OneSpot"),
        ({"username": "onespot2915"}, COSMETIC, "has the user name onespot2915 instead of OneSpot2915"),
        ({"username": "OneSpot29150"}, MISSING, "has the user name OneSpot29150 instead of OneSpot2915"),
        ({"emergency": True}, EXCESS, "has emergency access"),
        ({"days": {**GOOD.days, "Sunday": False}}, MISSING, "may not log in on Sunday"),
        ({"roles": ()}, MISSING, "lacks the role OneSpot"),
        ({"roles": ("OneSpot", "Optician")}, EXCESS, "has the role Optician too"),
        ({"primary": ""}, MISSING, "has no primary location"),
        ({"primary": "Harbor"}, COSMETIC, "has the primary location Harbor instead of Main Street"),
        ({"locations": {"Main Street": True, "Harbor": False}}, MISSING, "may not access Harbor"),
        (
            {"hours": {"Monday": ("8:00 AM", "6:00 PM"), "Friday": ("8:00 AM", "6:00 PM"), "Sunday": ("", "")}},
            MISSING,
            "may log in only from 8:00 AM to 6:00 PM on Monday, Friday",
        ),
        ({"hours": {"Monday": ("9:00", "")}}, MISSING, "may log in only from 9:00 to midnight on Monday"),
    ],
)
def test_each_value_that_differs_has_its_grade(change: dict[str, object], grade: DriftGrade, line: str) -> None:
    found = record_drifts(replace(GOOD, **change), "OneSpot2915", "Main Street")  # type: ignore[arg-type]
    assert found == [Drift(grade, f"employee {line}")]


def test_hours_of_a_closed_day_are_not_said_too() -> None:
    shut = replace(GOOD, days={**GOOD.days, "Sunday": False}, hours={"Sunday": ("9:00", "12:00")})
    assert record_drifts(shut, "OneSpot2915") == [Drift(MISSING, "employee may not log in on Sunday")]


@pytest.mark.parametrize(
    ("start", "end"),
    [("", ""), ("12:00 AM", "11:59 PM"), ("12:00 AM", "12:00 AM"), ("00:00", "24:00"), ("0:00", "23:59"),
     ("00:00:00", "23:59:00"), ("12:00am", ""), ("", "11:59 p.m."), ("Any time", "Any time"), ("12 AM", "12 AM")],
)  # fmt: skip
def test_midnight_to_midnight_and_no_times_are_the_whole_day(start: str, end: str) -> None:
    assert whole_day(start, end)


@pytest.mark.parametrize(
    ("start", "end"),
    [("08:00 AM", "06:00 PM"), ("", "6:00 PM"), ("7 AM", ""), ("12:00 PM", "11:59 PM"), ("00:00", "22:00"),
     ("12:00 AM", "11:00 PM"), ("9-5", ""), ("25:00", ""), ("13:00 PM", ""), ("noon", "")],
)  # fmt: skip
def test_anything_else_is_not(start: str, end: str) -> None:
    assert not whole_day(start, end)


def test_the_worst_comes_first_and_each_once() -> None:
    name, day, right = Drift(COSMETIC, "name"), Drift(MISSING, "day"), Drift(EXCESS, "right")
    assert by_grade([name, day, right, day]) == (right, day, name)


@pytest.mark.parametrize(
    ("roles", "name"),
    [(("Nightly Sync",), "Nightly Sync"), (("OneSpot",), None), ((), None), (("Nightly Sync", "Optician"), None)],
)
def test_only_a_single_role_of_another_name_may_be_ours_renamed(roles: tuple[str, ...], name: str | None) -> None:
    assert renamed(roles) == name


def test_a_role_that_is_mostly_our_six_may_be_ours() -> None:
    some = sorted(six())
    assert may_be_ours(six())
    assert may_be_ours({*some[:5], ("Orders Module", "View Orders")})
    assert not may_be_ours(some[:2])
    assert not may_be_ours({*six(), *(("Orders Module", f"View {n}") for n in range(7))})


@pytest.mark.parametrize(
    ("roles", "others"),
    [(("OneSpot, Front Desk",), "Front Desk"), (("OneSpot; Optician, Scribe",), "Optician, Scribe")],
)
def test_roles_in_one_line_are_told_apart(roles: tuple[str, ...], others: str) -> None:
    found = record_drifts(replace(GOOD, roles=roles), "OneSpot2915")
    assert found == [Drift(EXCESS, f"employee has the role {others} too")]


@pytest.mark.parametrize("shown", ["2 selected", "OneSpot +1", "OneSpot and 2 more", "OneSpot, Fro..."])
def test_a_form_that_counts_roles_does_not_name_them(shown: str) -> None:
    assert counts_roles(replace(GOOD, roles=(shown,)))
    assert not counts_roles(GOOD)


def test_what_is_said_about_roles_is_part_of_what_is_said_about_the_record() -> None:
    other = replace(GOOD, roles=("Optician",), emergency=True)
    assert set(about_roles(other)) < set(record_drifts(other, "OneSpot2915"))
    assert len(about_roles(other)) == 2
