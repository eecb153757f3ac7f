"""Health checks are kept as they were."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from storage import checks, practices
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


def test_all_practices_come_by_name_each_with_what_its_newest_check_found(engine: Engine, practice: Practice) -> None:
    other = practices.save(engine, "A Practice Never Looked At", "https://ehr.example/static/", now=NOW)
    for outcome, at in ((CheckOutcome.LOCKED, NOW), (CheckOutcome.HEALTHY, NOW + timedelta(days=1))):
        checks.record(engine, practice.id, outcome, [], now=at)
    first, second = checks.latest_of_all(engine)
    assert (first.name, first.outcome, first.checked_at) == (other.name, None, None)
    assert (second.name, second.url) == (practice.name, practice.url)
    assert (second.outcome, second.checked_at) == (CheckOutcome.HEALTHY, NOW + timedelta(days=1))
