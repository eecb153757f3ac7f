"""A run's life: who may move it, who wins, and where it goes on."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import Engine, text

from storage import practices, runs
from storage.database import StorageError, transaction
from storage.models import (
    FINISHED,
    MOVES,
    Approval,
    ErrorClass,
    Lease,
    Practice,
    Run,
    RunStatus,
    StepStatus,
    Trouble,
    Verdict,
)
from tests.storage.conftest import NOW
from tests.storage.test_leases import ELSEWHERE, LATER, ME, another_process
from tests.storage.test_models import PLAN, a_run

TROUBLE = Trouble(ErrorClass.UI_CHANGED, "No field User Role Name.", "The screen changed.", "Tell us.", step=4)


def run_in(engine: Engine, practice: Practice, status: RunStatus, *, approved: bool = False) -> int:
    """A run that stands there, with a plan, and an approval of it if asked for; its id."""
    run = a_run(practice, status)
    run.plan, run.plan_hash = PLAN.as_json(), PLAN.hash
    with transaction(engine) as session:
        session.add(run)
        session.flush()
        if approved:
            session.add(Approval(run_id=run.id, plan_hash=PLAN.hash, verdict=Verdict.APPROVED, by="ada", at=NOW))
    return run.id


def standing(engine: Engine, run_id: int) -> Run:
    run = runs.get(engine, run_id)
    assert run is not None
    return run


def started(engine: Engine, practice: Practice, holder: str = ME) -> tuple[int, Lease]:
    """A run that this holder is walking."""
    run_id = run_in(engine, practice, RunStatus.APPROVED, approved=True)
    lease = runs.claim(engine, run_id, holder, now=NOW)
    assert lease is not None
    return run_id, lease


# Requests


def test_a_requested_run_waits_for_its_login(engine: Engine, practice: Practice) -> None:
    run = runs.request(engine, practice.id, "ada", adopt=True, now=NOW)
    assert standing(engine, run.id) == run
    assert (run.status, run.verb, run.adopt, run.requested_by) == (RunStatus.REQUESTED, "provision", True, "ada")
    assert (run.requested_at, run.moved_at, run.crashes) == (NOW, NOW, 0)


@pytest.mark.parametrize("status", sorted(set(RunStatus) - FINISHED))
def test_a_practice_has_one_unfinished_run(engine: Engine, practice: Practice, status: RunStatus) -> None:
    run_id = run_in(engine, practice, status)
    with pytest.raises(runs.UnfinishedRun, match=f"number {run_id}, {status}") as caught:
        runs.request(engine, practice.id, "ben", now=NOW)
    assert caught.value.run == standing(engine, run_id)
    assert runs.unfinished(engine, practice.id) == caught.value.run


@pytest.mark.parametrize("status", sorted(FINISHED))
def test_a_finished_run_makes_room_for_the_next(engine: Engine, practice: Practice, status: RunStatus) -> None:
    run_in(engine, practice, status)
    assert runs.unfinished(engine, practice.id) is None
    assert runs.request(engine, practice.id, "ben", now=NOW).status is RunStatus.REQUESTED


def test_two_practices_have_a_run_each(engine: Engine, practice: Practice) -> None:
    other = practices.save(engine, "Other", "https://ehr.example", now=NOW)
    first, second = (runs.request(engine, each.id, "ada", now=NOW) for each in (practice, other))
    assert [(run.id, its.name) for run, its in runs.latest(engine)] == [(second.id, "Other"), (first.id, "Lumen Eye")]
    assert len(runs.latest(engine, limit=1)) == 1


def test_the_unfinished_and_the_finished_and_one_practices_runs_come_newest_first(
    engine: Engine, practice: Practice
) -> None:
    other = practices.save(engine, "Other", "https://ehr.example", now=NOW)
    over = [run_in(engine, practice, status) for status in (RunStatus.SUCCEEDED, RunStatus.REJECTED)]
    waits, stopped = run_in(engine, practice, RunStatus.PLANNED), run_in(engine, other, RunStatus.FAILED)
    assert [run.id for run, _ in runs.unfinished_ones(engine)] == [stopped, waits]
    assert [run.id for run, _ in runs.latest(engine, finished=True)] == [over[1], over[0]]
    assert [run.id for run, _ in runs.latest(engine, 2, practice_id=practice.id)] == [waits, over[1]]
    assert [run.id for run in runs.standing(engine, {RunStatus.FAILED, RunStatus.PLANNED})] == [waits, stopped]
    assert [run.id for run in runs.standing(engine, {RunStatus.FAILED, RunStatus.REJECTED})] == [over[1], stopped]


def test_a_run_for_no_practice_is_refused(engine: Engine) -> None:
    with pytest.raises(StorageError, match="no such practice"):
        runs.request(engine, 77, "ada", now=NOW)


def test_of_eight_threads_that_request_at_once_one_gets_a_run(engine: Engine, practice: Practice) -> None:
    together = Barrier(8)

    def request(number: int) -> bool:
        together.wait()
        try:
            return bool(runs.request(engine, practice.id, f"user {number}", now=NOW))
        except runs.UnfinishedRun:
            return False

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(request, range(8))) == 1
    assert len(runs.latest(engine)) == 1


# Moves


@pytest.mark.parametrize("from_", RunStatus)
def test_a_run_moves_as_the_table_says_and_never_else(engine: Engine, from_: RunStatus) -> None:
    moved: dict[RunStatus, bool] = {}
    for to in RunStatus:
        practice = practices.save(engine, f"Practice {to}", "https://ehr.example", now=NOW)
        run_id = run_in(engine, practice, from_, approved=True)
        moved[to] = runs.move(engine, run_id, to, now=LATER)
        run = standing(engine, run_id)
        assert (run.status, run.moved_at) == ((to, LATER) if moved[to] else (from_, NOW))
    assert {to for to in moved if moved[to]} == MOVES[from_]


def test_a_move_can_be_narrowed_to_where_it_comes_from(engine: Engine, practice: Practice) -> None:
    run_id = run_in(engine, practice, RunStatus.WAITING)
    assert not runs.move(engine, run_id, RunStatus.CANCELLED, now=NOW, from_={RunStatus.PLANNED})
    assert runs.move(engine, run_id, RunStatus.CANCELLED, now=NOW, from_={RunStatus.PLANNED, RunStatus.WAITING})


def test_narrowing_allows_nothing_that_the_table_forbids(engine: Engine, practice: Practice) -> None:
    run_id = run_in(engine, practice, RunStatus.REQUESTED)
    assert not runs.move(engine, run_id, RunStatus.RUNNING, now=NOW, from_=set(RunStatus))


def test_a_run_that_is_not_there_does_not_move(engine: Engine) -> None:
    assert not runs.move(engine, 77, RunStatus.CANCELLED, now=NOW)


def test_a_plan_is_written_with_the_move(engine: Engine, practice: Practice) -> None:
    run = runs.request(engine, practice.id, "ada", now=NOW)
    assert runs.move(engine, run.id, RunStatus.PLANNING, now=NOW)
    assert runs.move(engine, run.id, RunStatus.PLANNED, now=NOW, plan=PLAN)
    planned = standing(engine, run.id)
    assert (planned.the_plan, planned.plan_hash) == (PLAN, PLAN.hash)


def test_trouble_is_written_with_the_move_and_goes_when_the_run_goes_on(engine: Engine, practice: Practice) -> None:
    run_id = run_in(engine, practice, RunStatus.RUNNING, approved=True)
    assert runs.move(engine, run_id, RunStatus.FAILED, now=NOW, error=TROUBLE)
    assert standing(engine, run_id).trouble == TROUBLE
    assert runs.move(engine, run_id, RunStatus.APPROVED, now=NOW)
    assert standing(engine, run_id).trouble is None


def test_a_cancelled_run_still_says_why_it_had_failed(engine: Engine, practice: Practice) -> None:
    run_id = run_in(engine, practice, RunStatus.RUNNING)
    runs.move(engine, run_id, RunStatus.FAILED, now=NOW, error=TROUBLE)
    assert runs.move(engine, run_id, RunStatus.CANCELLED, now=NOW)
    assert standing(engine, run_id).trouble == TROUBLE


def test_a_refused_move_writes_nothing(engine: Engine, practice: Practice) -> None:
    run_id = run_in(engine, practice, RunStatus.PLANNED)
    other = replace(PLAN, primary_location="Harbour")
    assert not runs.move(engine, run_id, RunStatus.SUCCEEDED, now=NOW, plan=other, error=TROUBLE)
    run = standing(engine, run_id)
    assert (run.the_plan, run.trouble) == (PLAN, None)


def test_only_the_present_holder_moves_a_run_when_asked_to_prove_it(engine: Engine, practice: Practice) -> None:
    run_id, former = started(engine, practice, ELSEWHERE)
    lease = runs.claim_practice(engine, practice.id, ME, now=LATER)
    assert lease is not None
    assert not runs.move(engine, run_id, RunStatus.SUCCEEDED, now=LATER, lease=former)
    assert runs.move(engine, run_id, RunStatus.SUCCEEDED, now=LATER, lease=lease)


def test_another_practices_lease_moves_nothing(engine: Engine, practice: Practice) -> None:
    run_id, _ = started(engine, practice)
    other = practices.save(engine, "Other", "https://ehr.example", now=NOW)
    lease = runs.claim_practice(engine, other.id, ME, now=NOW)
    assert not runs.move(engine, run_id, RunStatus.SUCCEEDED, now=NOW, lease=lease)


# Approvals


def test_a_yes_moves_the_run_and_is_kept_with_its_hash(engine: Engine, practice: Practice) -> None:
    run_id = run_in(engine, practice, RunStatus.PLANNED)
    assert runs.approve(engine, run_id, PLAN.hash, Verdict.APPROVED, "ben", "looks right", now=LATER)
    assert standing(engine, run_id).status is RunStatus.APPROVED
    (approval,) = runs.approvals(engine, run_id)
    assert (approval.plan_hash, approval.verdict, approval.at) == (PLAN.hash, Verdict.APPROVED, LATER)
    assert (approval.by, approval.reason) == ("ben", "looks right")


def test_a_no_ends_the_run_and_is_kept_too(engine: Engine, practice: Practice) -> None:
    run_id = run_in(engine, practice, RunStatus.PLANNED)
    assert runs.approve(engine, run_id, PLAN.hash, Verdict.REJECTED, "ben", "wrong practice", now=NOW)
    assert standing(engine, run_id).status is RunStatus.REJECTED
    assert [approval.verdict for approval in runs.approvals(engine, run_id)] == [Verdict.REJECTED]


def test_a_yes_to_another_plan_is_no_yes(engine: Engine, practice: Practice) -> None:
    run_id = run_in(engine, practice, RunStatus.PLANNED)
    other = replace(PLAN, primary_location="Harbour")
    assert not runs.approve(engine, run_id, other.hash, Verdict.APPROVED, "ben", now=NOW)
    assert standing(engine, run_id).status is RunStatus.PLANNED
    assert runs.approvals(engine, run_id) == []


@pytest.mark.parametrize("status", sorted(set(RunStatus) - {RunStatus.PLANNED}))
def test_only_a_planned_run_is_approved(engine: Engine, practice: Practice, status: RunStatus) -> None:
    run_id = run_in(engine, practice, status)
    assert not runs.approve(engine, run_id, PLAN.hash, Verdict.APPROVED, "ben", now=NOW)
    assert runs.approvals(engine, run_id) == []


@pytest.mark.parametrize("status", [RunStatus.PLANNED, RunStatus.FAILED])
def test_nothing_is_approved_without_an_approval_of_its_very_plan(
    engine: Engine, practice: Practice, status: RunStatus
) -> None:
    run_id = run_in(engine, practice, status)
    assert not runs.move(engine, run_id, RunStatus.APPROVED, now=NOW)
    other = replace(PLAN, primary_location="Harbour")
    for hash_, verdict in ((other.hash, Verdict.APPROVED), (PLAN.hash, Verdict.REJECTED)):
        with transaction(engine) as session:
            session.add(Approval(run_id=run_id, plan_hash=hash_, verdict=verdict, by="ada", at=NOW))
    assert not runs.move(engine, run_id, RunStatus.APPROVED, now=NOW)


def test_two_threads_that_approve_at_once_start_one_run(engine: Engine, practice: Practice) -> None:
    run_id = run_in(engine, practice, RunStatus.PLANNED)
    together = Barrier(8)

    def approve(number: int) -> bool:
        together.wait()
        verdict = Verdict.REJECTED if number % 2 else Verdict.APPROVED
        return runs.approve(engine, run_id, PLAN.hash, verdict, f"user {number}", now=NOW)

    with ThreadPoolExecutor(8) as threads:
        won = [number for number, mine in enumerate(threads.map(approve, range(8))) if mine]
    assert len(won) == 1
    assert [approval.by for approval in runs.approvals(engine, run_id)] == [f"user {won[0]}"]


def test_two_processes_that_approve_at_once_start_one_run(engine: Engine, practice: Practice, url: str) -> None:
    run_id = run_in(engine, practice, RunStatus.PLANNED)
    script = """
import os, sys
from storage import database, models, runs  # once for both: it takes longer than all else

ready, go = os.pipe()
both = []
for _ in range(2):
    if not (child := os.fork()):
        os.close(go)
        engine = database.connect(sys.argv[1])
        os.read(ready, 1)  # until nobody holds the other end
        won = runs.approve(
            engine, int(sys.argv[2]), sys.argv[3], models.Verdict.APPROVED, "somebody", now=models.utcnow()
        )
        print(won, flush=True)
        engine.dispose()
        sys.exit(0)
    both.append(child)
os.close(go)
for child in both:
    assert os.waitpid(child, 0)[1] == 0
"""
    command = [sys.executable, "-c", script, url, str(run_id), PLAN.hash]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    assert sorted(said.stdout.split()) == ["False", "True"]
    assert len(runs.approvals(engine, run_id)) == 1


# Claims


@pytest.mark.parametrize("status", [RunStatus.APPROVED, RunStatus.WAITING])
def test_a_claim_takes_the_lease_and_starts_the_run(engine: Engine, practice: Practice, status: RunStatus) -> None:
    run_id = run_in(engine, practice, status, approved=True)
    lease = runs.claim(engine, run_id, ME, now=NOW)
    assert lease is not None
    assert runs.holds(engine, lease, now=NOW)
    assert standing(engine, run_id).status is RunStatus.RUNNING


@pytest.mark.parametrize("status", sorted(set(RunStatus) - {RunStatus.APPROVED, RunStatus.WAITING}))
def test_a_run_that_may_not_start_takes_no_lease(engine: Engine, practice: Practice, status: RunStatus) -> None:
    run_id = run_in(engine, practice, status)
    assert runs.claim(engine, run_id, ME, now=NOW) is None
    assert standing(engine, run_id).status is status
    assert runs.claim_practice(engine, practice.id, ME, now=NOW) is not None


def test_a_run_of_a_practice_in_use_does_not_start(engine: Engine, practice: Practice) -> None:
    run_id = run_in(engine, practice, RunStatus.APPROVED)
    assert runs.claim_practice(engine, practice.id, ELSEWHERE, now=NOW) is not None
    assert runs.claim(engine, run_id, ME, now=NOW) is None
    assert standing(engine, run_id).status is RunStatus.APPROVED


def test_a_claim_for_planning_holds_the_practice_while_it_looks(engine: Engine, practice: Practice) -> None:
    run = runs.request(engine, practice.id, "ada", now=NOW)
    lease = runs.claim(engine, run.id, ME, now=NOW, to=RunStatus.PLANNING)
    assert lease is not None
    assert standing(engine, run.id).status is RunStatus.PLANNING


def test_a_run_that_is_not_there_is_not_claimed(engine: Engine) -> None:
    assert runs.claim(engine, 77, ME, now=NOW) is None


def test_of_eight_threads_that_claim_a_run_one_walks_it(engine: Engine, practice: Practice) -> None:
    run_id = run_in(engine, practice, RunStatus.APPROVED)
    together = Barrier(8)

    def claim(_: int) -> bool:
        together.wait()
        return runs.claim(engine, run_id, ME, now=NOW) is not None

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(claim, range(8))) == 1


# Steps


def test_steps_are_appended_in_their_order(engine: Engine, practice: Practice) -> None:
    run_id, lease = started(engine, practice)
    runs.record(engine, lease, run_id, 1, "log in", StepStatus.RUNNING, now=NOW)
    runs.record(engine, lease, run_id, 1, "log in", StepStatus.DONE, "as the administrator", 1.5, now=LATER)
    first, second = runs.steps(engine, run_id)
    assert (first.status, second.status, second.token, second.at) == (StepStatus.RUNNING, StepStatus.DONE, 1, LATER)
    assert (second.number, second.name, second.detail, second.seconds) == (1, "log in", "as the administrator", 1.5)


def test_a_stolen_lease_records_nothing(engine: Engine, practice: Practice) -> None:
    run_id, former = started(engine, practice, ELSEWHERE)
    assert runs.claim_practice(engine, practice.id, ME, now=LATER) is not None
    with pytest.raises(runs.LeaseLost, match="taken over"):
        runs.record(engine, former, run_id, 1, "log in", StepStatus.DONE, now=LATER)
    assert runs.steps(engine, run_id) == []


def test_a_released_lease_records_nothing(engine: Engine, practice: Practice) -> None:
    run_id, lease = started(engine, practice)
    runs.release(engine, lease)
    with pytest.raises(runs.LeaseLost):
        runs.record(engine, lease, run_id, 1, "log in", StepStatus.DONE, now=NOW)


def test_a_lease_records_nothing_of_another_practices_run(engine: Engine, practice: Practice) -> None:
    run_id, _ = started(engine, practice)
    other = practices.save(engine, "Other", "https://ehr.example", now=NOW)
    _, lease = started(engine, other)
    with pytest.raises(runs.LeaseLost):
        runs.record(engine, lease, run_id, 1, "log in", StepStatus.DONE, now=NOW)


def test_an_expired_lease_that_nobody_took_still_records(engine: Engine, practice: Practice) -> None:
    run_id, lease = started(engine, practice)
    runs.record(engine, lease, run_id, 1, "log in", StepStatus.DONE, now=LATER)
    assert len(runs.steps(engine, run_id)) == 1


History = list[tuple[int, str, StepStatus]]
DONE, THERE, RUNNING, FAILED = StepStatus.DONE, StepStatus.ALREADY_THERE, StepStatus.RUNNING, StepStatus.FAILED


@pytest.mark.parametrize(
    ("history", "name"),
    [
        pytest.param([], None, id="nothing was recorded"),
        pytest.param([(1, "in", RUNNING)], "in", id="stopped in the first"),
        pytest.param([(1, "in", DONE), (2, "id", FAILED)], "id", id="failed at the second"),
        pytest.param([(1, "in", DONE), (2, "id", THERE), (3, "role", RUNNING)], "role", id="some were there already"),
        pytest.param([(1, "in", RUNNING), (1, "in", DONE)], "in", id="stopped between two steps"),
        pytest.param([(1, "in", FAILED), (1, "in", DONE), (2, "id", RUNNING)], "id", id="the newest word counts"),
        pytest.param([(1, "in", DONE), (2, "id", DONE), (1, "in", FAILED)], "in", id="failed at a step done before"),
        pytest.param([(2, "in", DONE), (3, "id", FAILED), (1, "new", DONE)], "id", id="a step was inserted since"),
    ],
)
def test_a_run_goes_on_at_the_first_step_that_is_not_done(
    engine: Engine, practice: Practice, history: History, name: str | None
) -> None:
    run_id, lease = started(engine, practice)
    for number, step, status in history:
        runs.record(engine, lease, run_id, number, step, status, now=NOW)
    assert runs.resume_at(engine, run_id) == name


# Interruptions


def test_a_run_whose_process_was_killed_has_failed_and_can_go_on_at_once(engine: Engine, practice: Practice) -> None:
    with another_process() as (other, process):
        run_id, lease = started(engine, practice, other)
        runs.record(engine, lease, run_id, 7, "save the role", StepStatus.RUNNING, now=NOW)
        alive = runs.interrupted(engine, run_id, now=NOW)
        process.kill()
        process.wait()
        assert (alive, runs.interrupted(engine, run_id, now=NOW)) == (False, True)
    run = standing(engine, run_id)
    assert run.trouble is not None
    assert (run.status, run.crashes) == (RunStatus.FAILED, 1)
    assert (run.trouble.error_class, run.trouble.step) == (ErrorClass.TRANSIENT, 7)
    assert run.trouble.what == "The program was stopped in the middle."
    assert runs.move(engine, run_id, RunStatus.APPROVED, now=NOW)
    assert runs.claim(engine, run_id, ME, now=NOW) is not None


def test_an_interrupted_runs_former_holder_can_do_nothing_more(engine: Engine, practice: Practice) -> None:
    run_id, former = started(engine, practice, ELSEWHERE)
    assert not runs.interrupted(engine, run_id, now=NOW)
    assert runs.interrupted(engine, run_id, now=LATER)
    assert not runs.renew(engine, former, now=LATER)
    assert not runs.holds(engine, former, now=LATER)
    with pytest.raises(runs.LeaseLost):
        runs.record(engine, former, run_id, 1, "log in", StepStatus.DONE, now=LATER)


def test_interrupted_planning_has_failed_too_and_can_be_planned_again(engine: Engine, practice: Practice) -> None:
    run = runs.request(engine, practice.id, "ada", now=NOW)
    assert runs.claim(engine, run.id, ELSEWHERE, now=NOW, to=RunStatus.PLANNING) is not None
    assert runs.interrupted(engine, run.id, now=LATER)
    assert standing(engine, run.id).trouble is not None
    assert runs.claim(engine, run.id, ME, now=LATER, to=RunStatus.PLANNING) is not None


def test_a_run_is_found_interrupted_once(engine: Engine, practice: Practice) -> None:
    run_id, _ = started(engine, practice, ELSEWHERE)
    assert [runs.interrupted(engine, run_id, now=LATER) for _ in range(2)] == [True, False]
    assert standing(engine, run_id).crashes == 1


def test_a_run_left_running_without_a_lease_was_interrupted(engine: Engine, practice: Practice) -> None:
    run_id, lease = started(engine, practice)
    runs.release(engine, lease)
    assert runs.interrupted(engine, run_id, now=NOW)


@pytest.mark.parametrize("status", sorted(set(RunStatus) - {RunStatus.RUNNING, RunStatus.PLANNING}))
def test_a_run_that_nobody_walks_was_not_interrupted(engine: Engine, practice: Practice, status: RunStatus) -> None:
    run_id = run_in(engine, practice, status)
    assert not runs.interrupted(engine, run_id, now=LATER)
    assert standing(engine, run_id).status is status


def test_a_run_that_is_not_there_was_not_interrupted(engine: Engine) -> None:
    assert not runs.interrupted(engine, 77, now=NOW)


# The database itself


def test_the_database_refuses_a_second_unfinished_run_whoever_writes_it(engine: Engine, practice: Practice) -> None:
    run_in(engine, practice, RunStatus.FAILED)
    with pytest.raises(StorageError, match="there already"):
        run_in(engine, practice, RunStatus.REQUESTED)


def test_nobody_but_the_verbs_writes_a_status_that_the_program_does_not_know(
    engine: Engine, practice: Practice
) -> None:
    run_id = run_in(engine, practice, RunStatus.FAILED)
    with transaction(engine) as session:
        session.connection().execute(text("UPDATE run SET status = 'PAUSED'"))
    with pytest.raises(ValueError, match="PAUSED"):
        runs.get(engine, run_id)
