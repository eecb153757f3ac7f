"""Is the plan of now still the plan that was approved?"""

from __future__ import annotations

import pytest

from bot.verdicts import OUTCOMES, still_approved, unknown
from storage.models import Change, ChangeKind, ErrorClass, Plan

ROLE, EMPLOYEE = "Role OneSpot", "Employee OneSpot2915"


def _plan(*changes: Change, primary: str = "Main") -> Plan:
    return Plan("2915", "OneSpot2915", primary, ("Main", "North"), changes)


BOTH = _plan(Change(ChangeKind.CREATE, ROLE), Change(ChangeKind.CREATE, EMPLOYEE))
HALF = _plan(Change(ChangeKind.LEAVE, ROLE), Change(ChangeKind.CREATE, EMPLOYEE))


def test_the_same_plan_is_approved() -> None:
    assert still_approved(BOTH, BOTH, started=False)


def test_less_to_do_is_another_plan_before_the_run_started() -> None:
    assert not still_approved(BOTH, HALF, started=False)


def test_less_to_do_is_our_own_work_once_the_run_has_started() -> None:
    assert still_approved(BOTH, HALF, started=True)


@pytest.mark.parametrize(
    "fresh",
    [
        _plan(Change(ChangeKind.CREATE, ROLE), Change(ChangeKind.CHANGE, "Another role")),
        _plan(Change(ChangeKind.FORBID, ROLE)),
        _plan(Change(ChangeKind.LEAVE, ROLE), primary="North"),
    ],
)
def test_more_or_other_than_approved_is_never_approved(fresh: Plan) -> None:
    assert not still_approved(BOTH, fresh, started=True)


def test_without_an_approved_plan_nothing_is_approved() -> None:
    assert not still_approved(None, BOTH, started=True)


def test_the_order_of_the_locations_does_not_matter() -> None:
    turned = Plan("2915", "OneSpot2915", "Main", ("North", "Main"), HALF.changes)
    assert still_approved(BOTH, turned, started=True)


def test_every_class_of_error_is_an_outcome_of_a_check() -> None:
    assert set(OUTCOMES) == set(ErrorClass)


def test_a_defect_is_named_and_not_quoted() -> None:
    trouble = unknown(ValueError("canary"), 3)
    assert "ValueError" in trouble.what
    assert "canary" not in str(trouble)
    assert trouble.step == 3
