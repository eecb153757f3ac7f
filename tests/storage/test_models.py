"""The vocabulary, and how its values are stored."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, text
from sqlalchemy.exc import StatementError

from storage import checks, practices
from storage.database import reading, transaction
from storage.models import (
    FINISHED,
    MOVES,
    SENTENCES,
    Change,
    ChangeKind,
    CheckOutcome,
    Credential,
    ErrorClass,
    Plan,
    Practice,
    Run,
    RunStatus,
    Trouble,
)
from tests.storage.conftest import NOW

PLAN = Plan(
    ehr_id="2915",
    username="OneSpot2915",
    primary_location="Main Street",
    locations=("Main Street", "Harbour"),
    changes=(Change(ChangeKind.CREATE, "The role OneSpot", "with six permissions"),),
)


def a_run(practice: Practice, status: RunStatus = RunStatus.REQUESTED) -> Run:
    return Run(
        practice_id=practice.id, verb="provision", status=status, requested_by="ada", requested_at=NOW, moved_at=NOW
    )


def test_every_status_has_a_sentence_and_a_place_in_the_table_of_moves() -> None:
    assert set(SENTENCES) == set(MOVES) == set(RunStatus)
    assert {status.value for status in FINISHED} == {"SUCCEEDED", "REJECTED", "EXPIRED", "CANCELLED"}


def test_a_plan_comes_back_from_its_json_with_the_same_hash() -> None:
    assert Plan.from_json(PLAN.as_json()) == PLAN
    assert Plan.from_json(PLAN.as_json()).hash == PLAN.hash


def test_another_plan_has_another_hash() -> None:
    assert replace(PLAN, primary_location="Harbour").hash != PLAN.hash
    assert replace(PLAN, changes=()).hash != PLAN.hash


def test_a_plan_says_what_forbids_it_and_whether_it_changes_anything() -> None:
    forbids = Change(ChangeKind.FORBID, "The role OneSpot", "others have it")
    leaves = Change(ChangeKind.LEAVE, "The employee")
    assert replace(PLAN, changes=(leaves, forbids)).forbidden == (forbids,)
    assert replace(PLAN, changes=(leaves,)).changes_nothing
    assert not PLAN.changes_nothing


def test_a_printed_credential_shows_no_password() -> None:
    assert "hunter2" not in f"{Credential('ada', SecretStr('hunter2'))!r} {Credential('ada', SecretStr('hunter2'))}"


def test_enumerations_are_stored_by_value(engine: Engine, practice: Practice) -> None:
    checks.record(engine, practice.id, CheckOutcome.PASSWORD_EXPIRED, [], now=NOW)
    with reading(engine) as session:
        assert session.connection().execute(text("SELECT outcome FROM health_check")).scalar() == "password expired"


def test_a_strangers_value_is_not_stored(engine: Engine, practice: Practice) -> None:
    run = a_run(practice)
    run.status = "PAUSED"  # type: ignore[assignment]
    with pytest.raises(StatementError, match="PAUSED"), transaction(engine) as session:
        session.add(run)


def test_a_time_without_a_zone_is_not_stored(engine: Engine) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        practices.save(engine, "Lumen", "https://ehr.example", now=datetime(2026, 11, 23))


def test_times_come_back_in_utc_from_whatever_zone_they_were_in(engine: Engine) -> None:
    eastern = datetime(2026, 11, 23, 4, 30, 1, 250, tzinfo=timezone(timedelta(hours=-5)))
    practices.save(engine, "Lumen", "https://ehr.example", now=eastern)
    stored = practices.find(engine, "Lumen")
    assert stored is not None
    assert stored.created_at == eastern
    assert stored.created_at.tzinfo is UTC


def test_a_run_gives_its_plan_and_its_trouble_as_values(engine: Engine, practice: Practice) -> None:
    run = a_run(practice)
    assert (run.the_plan, run.trouble) == (None, None)
    run.plan = PLAN.as_json()
    run.error_class, run.error_step, run.error_what = ErrorClass.POLICY, 16, "It was refused."
    with transaction(engine) as session:
        session.add(run)
    with reading(engine) as session:
        stored = session.get(Run, run.id)
    assert stored is not None
    assert stored.the_plan == PLAN
    assert stored.trouble == Trouble(ErrorClass.POLICY, "It was refused.", "", "", 16)
