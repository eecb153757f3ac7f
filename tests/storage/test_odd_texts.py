"""Texts that no file and no database takes, stored all the same: half an emoji that a page has cut in two, and NUL."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from storage import audit, checks, practices, runs, threads
from storage.models import (
    Change,
    ChangeKind,
    CheckOutcome,
    ErrorClass,
    Plan,
    Practice,
    RunStatus,
    StepStatus,
    Trouble,
)
from tests.engines import save_all
from tests.storage.conftest import NOW

ODD = "Save\ud83d failed\x00 (\udc00) 🦉"
KEPT = "Save\ufffd failed\ufffd (\ufffd) 🦉"


def test_what_an_ehr_has_cut_in_half_fails_no_run(engine: Engine, practice: Practice) -> None:
    run = runs.request(engine, practice.id, "U0ANA", notes=ODD, administrator=ODD, now=NOW)
    lease = runs.claim(engine, run.id, "elsewhere/1/1.00", now=NOW, to=RunStatus.PLANNING)
    assert lease is not None
    runs.record(engine, lease, run.id, 8, "save-the-role", StepStatus.FAILED, ODD, now=NOW)
    trouble = Trouble(ErrorClass.TRANSIENT, ODD, ODD, ODD, 8)
    assert runs.move(engine, run.id, RunStatus.FAILED, now=NOW, error=trouble, lease=lease)
    row = runs.get(engine, run.id)
    assert row is not None
    assert row.trouble == Trouble(ErrorClass.TRANSIENT, KEPT, KEPT, KEPT, 8)
    assert (row.notes, runs.steps(engine, run.id)[0].detail) == (KEPT, KEPT)


def test_an_odd_name_is_found_under_the_name_that_was_given(engine: Engine) -> None:
    made = practices.save(engine, ODD, "https://ehr.example/", now=NOW)
    found = practices.find(engine, ODD)
    assert found is not None
    assert (found.id, found.name) == (made.id, KEPT)
    assert practices.save(engine, ODD, "https://other.example/", now=NOW).id == made.id


def test_many_odd_rows_at_once_are_kept(engine: Engine) -> None:
    made = save_all(engine, [f"{ODD} {number}" for number in range(30)], "https://ehr.example/", NOW)
    assert [practices.get(engine, one.id).name for one in made] == [f"{KEPT} {n}" for n in range(30)]  # type: ignore[union-attr]


def test_an_odd_plan_keeps_its_hash(engine: Engine, practice: Practice) -> None:
    plan = Plan(ODD, ODD, ODD, (ODD,), (Change(ChangeKind.CREATE, ODD, ODD),))
    run = runs.request(engine, practice.id, "U0ANA", now=NOW)
    assert runs.move(engine, run.id, RunStatus.PLANNING, now=NOW)
    assert runs.move(engine, run.id, RunStatus.PLANNED, now=NOW, plan=plan)
    row = runs.get(engine, run.id)
    assert row is not None
    assert row.the_plan is not None
    assert (row.plan_hash, row.the_plan.hash) == (plan.hash, plan.hash)


@pytest.mark.parametrize("many", [1, 3])
def test_odd_words_of_everybody_else_are_kept_too(engine: Engine, practice: Practice, many: int) -> None:
    run = runs.request(engine, practice.id, "U0ANA", now=NOW)
    for _ in range(many):
        audit.write(engine, "U0ANA", "said", practice_id=practice.id, run_id=run.id, detail=ODD, now=NOW)
        checks.record(engine, practice.id, CheckOutcome.HEALTHY, [ODD, ODD], now=NOW, grade=None)
    threads.showed(engine, run.id, "root", "C0", "1.0", "digest", ODD)
    assert audit.entries(engine, run_id=run.id)[0].detail == KEPT
    assert threads.messages(engine, run.id)["root"].said == KEPT
    assert len(audit.entries(engine, run_id=run.id)) == many
