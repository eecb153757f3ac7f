"""Health checks are kept as they were."""

import pytest
from sqlalchemy import Engine

from storage import checks
from storage.database import Conflict
from storage.models import CheckOutcome, DriftGrade, Practice
from tests.storage.conftest import NOW


def test_the_latest_check_is_the_newest(engine: Engine, practice: Practice) -> None:
    checks.record(engine, practice.id, CheckOutcome.HEALTHY, [], now=NOW)
    found = ["A location is not ticked."]
    drift = checks.record(engine, practice.id, CheckOutcome.DRIFT, found, now=NOW, grade=DriftGrade.MISSING)
    latest = checks.latest(engine, practice.id)
    assert latest == drift
    assert latest is not None
    assert (latest.outcome, latest.grade) == (CheckOutcome.DRIFT, DriftGrade.MISSING)
    assert latest.detail == ["A location is not ticked."]


def test_a_practice_that_was_never_checked_has_none(engine: Engine, practice: Practice) -> None:
    assert checks.latest(engine, practice.id) is None


def test_a_check_of_no_practice_is_refused(engine: Engine) -> None:
    with pytest.raises(Conflict, match="what it belongs to is not"):
        checks.record(engine, 77, CheckOutcome.HEALTHY, [], now=NOW)
