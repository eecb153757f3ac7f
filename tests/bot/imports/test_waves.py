"""In which order an import's runs are walked, and what is to be done next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.imports.waves import (
    SETTLES,
    Begin,
    Deed,
    End,
    Group,
    Halt,
    NextWave,
    Planned,
    Wait,
    group_of,
    next_deed,
    waves,
)
from storage.imports import Member
from storage.models import (
    Change,
    ChangeKind,
    Import,
    ImportedRun,
    ImportStatus,
    Plan,
    Practice,
    Run,
    RunStatus,
    Verb,
)

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
LONG_AGO = NOW - timedelta(hours=1)
KINDS = {"c": ChangeKind.CREATE, "m": ChangeKind.CHANGE, "l": ChangeKind.LEAVE, "f": ChangeKind.FORBID}


def plan(kinds: str) -> Plan:
    changes = tuple(Change(KINDS[kind], f"thing {number}") for number, kind in enumerate(kinds))
    return Plan("2915", "OneSpot2915", "Main", ("Main",), changes)


def member(
    number: int,
    status: RunStatus = RunStatus.PLANNED,
    kinds: str = "c",
    wave: int | None = None,
    moved_at: datetime = LONG_AGO,
    approved: str | None = None,
) -> Member:
    made = plan(kinds) if kinds else None
    run = Run(
        id=number,
        practice_id=number,
        verb=Verb.PROVISION,
        status=status,
        requested_by="ana",
        requested_at=LONG_AGO,
        moved_at=moved_at,
        plan=made.as_json() if made else None,
        plan_hash=made.hash if made else None,
    )
    signed = plan(approved).hash if approved else run.plan_hash
    imported = ImportedRun(run_id=number, import_id=1, line=number, wave=wave, plan_hash=signed)
    practice = Practice(id=number, key=f"p{number}", name=f"P{number}", url="https://ehr.example/", created_at=LONG_AGO)
    return Member(imported, run, practice)


def whole(status: ImportStatus, wave: int = 0) -> Import:
    return Import(id=1, status=status, requested_by="ana", requested_at=LONG_AGO, moved_at=LONG_AGO, wave=wave)


def deed(status: ImportStatus, *members: Member, wave: int = 0, at_once: int = 20) -> Deed:
    return next_deed(whole(status, wave), members, NOW, at_once)


@pytest.mark.parametrize(
    ("kinds", "group"),
    [("cl", Group.CREATE), ("ml", Group.CHANGE), ("ll", Group.DONE), ("clf", Group.FORBIDDEN), ("", Group.UNPLANNED)],
)
def test_a_plan_belongs_to_one_group(kinds: str, group: Group) -> None:
    assert group_of(member(1, kinds=kinds)) is group


def test_first_one_then_five_then_the_rest_and_what_makes_a_difference_first() -> None:
    kinds = ["l", "c", "m", "f", "c", "c", "c", "l", "c", "c"]
    found = waves([member(number, kinds=kind) for number, kind in enumerate(kinds, 1)])
    assert found == {2: 1, 5: 2, 6: 2, 7: 2, 9: 2, 10: 2, 3: 3, 1: 3, 8: 3}


def test_what_has_no_plan_or_is_over_is_in_no_wave() -> None:
    assert waves([member(1, RunStatus.FAILED, ""), member(2, RunStatus.CANCELLED), member(3, kinds="f")]) == {}


W, P = ImportStatus.WALKING, RunStatus
JUST_NOW = NOW - SETTLES / 2


@pytest.mark.parametrize(
    ("members", "wave", "expected"),
    [
        ([member(1, wave=1), member(2, wave=2)], 0, NextWave(1)),
        ([member(1, wave=1), member(2, wave=2)], 1, Begin((1,))),
        ([member(1, P.APPROVED, wave=1), member(2, wave=2)], 1, Wait()),
        ([member(1, P.RUNNING, wave=1), member(2, wave=2)], 1, Wait()),
        ([member(1, P.SUCCEEDED, wave=1), member(2, wave=2)], 1, NextWave(2)),
        ([member(1, P.CANCELLED, wave=1), member(2, wave=2)], 1, NextWave(2)),
        ([member(1, P.SUCCEEDED, wave=1), member(2, P.SUCCEEDED, wave=2)], 2, End()),
        ([member(1, P.FAILED, wave=1), member(2, wave=2)], 1, Halt()),
        ([member(1, P.SUCCEEDED, wave=1), member(2, P.FAILED, wave=2)], 2, End()),
        ([member(1, P.WAITING, wave=1), member(2, wave=2)], 1, Halt()),
        ([member(1, P.FAILED, wave=1, moved_at=JUST_NOW), member(2, wave=2)], 1, Wait()),
        ([member(1, P.FAILED, wave=2), member(2, P.RUNNING, wave=2), member(3, wave=2)], 2, Wait()),
        ([member(1, P.FAILED, wave=2), member(2, P.SUCCEEDED, wave=2), member(3, wave=2)], 2, Halt()),
        ([member(1, wave=1, kinds="m", approved="c"), member(2, wave=2)], 1, Halt()),
        ([member(1, P.FAILED, wave=0), member(2, wave=1)], 1, Begin((2,))),
    ],
)
def test_a_wave_is_walked_and_the_first_that_stops_halts_it(members: list[Member], wave: int, expected: Deed) -> None:
    assert deed(W, *members, wave=wave) == expected


def test_no_more_than_so_many_are_handed_out_at_once() -> None:
    its = [member(1, P.RUNNING, wave=3), *(member(number, wave=3) for number in range(2, 9))]
    assert deed(W, *its, wave=3, at_once=3) == Begin((2, 3))


def test_it_is_planned_once_every_practice_was_looked_at() -> None:
    assert deed(ImportStatus.PLANNING, member(1), member(2, P.REQUESTED, "")) == Wait()
    assert deed(ImportStatus.PLANNING, member(1), member(2, P.PLANNING, "")) == Wait()
    assert deed(ImportStatus.PLANNING, member(1), member(2, P.FAILED, "")) == Planned()


def test_plans_wait_for_a_yes_unless_there_is_nothing_to_say_yes_to() -> None:
    assert deed(ImportStatus.PLANNED, member(1), member(2, kinds="f")) == Wait()
    assert deed(ImportStatus.PLANNED, member(1, P.FAILED, ""), member(2, kinds="f")) == End()


@pytest.mark.parametrize("status", [ImportStatus.HALTED, ImportStatus.ENDED, ImportStatus.CANCELLED])
def test_what_is_halted_or_over_begins_nothing(status: ImportStatus) -> None:
    assert deed(status, member(1, wave=1), wave=1) == Wait()
