"""A run's life against a model: whatever people, workers, crashes and clocks do in whatever order, its rules hold.

The storage is the real one on a SQLite file, and so are the clock's ticks; the model beside it is a few plain values.
What is checked after every move: one unfinished run a practice, a yes to the very plan before anything is walked, moves
of the table only, ends that stay as they are, every password that was typed still kept, and no administrator's login
without a run that is to use it.
"""

from __future__ import annotations

import platform
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from pydantic import SecretStr
from sqlalchemy import Engine, text
from sqlmodel import select

from bot.schedule import UNASKED, UNDECIDED, Clock
from bot.work import keep_password
from storage import practices, runs
from storage.database import reading, transaction
from storage.models import (
    FINISHED,
    MOVES,
    Approval,
    Change,
    ChangeKind,
    Credential,
    ErrorClass,
    Lease,
    Plan,
    Purpose,
    Run,
    RunStatus,
    StepStatus,
    StoredCredential,
    Trouble,
    Verdict,
)
from storage.vault import Vault, new_key
from tests.bot.conftest import Knocks
from tests.engines import cheap
from tests.properties import breadth

S = RunStatus
NAMES = ("Lumen Eye", "Harbor Vision")
PEOPLE = ("U0BEN", "U0CLEO")
TYPED = (Purpose.TEMPORARY, Purpose.FINAL)
WANTED = (S.REQUESTED, S.FAILED, S.PLANNED)
"""Where a run stands that waits for its administrator's password."""
STEPS = (
    (7, "save-the-role"),
    (14, "create-the-employee"),
    (16, "set-the-final-password"),
    (17, "prove-the-login"),
)
"""Those of the seventeen that matter here: what is typed, what is proved."""
TROUBLE = Trouble(ErrorClass.TRANSIENT, "It failed.", "It was down.", "Try again.", 7)
DEAD = f"{platform.node()}/{2**30}/1.00"
"""A process of this machine that there never was."""

RUNS = st.integers(0, 5)
DAY = 24 * 3600


@dataclass
class TheRun:
    """What the model knows of a run."""

    id: int
    practice: int
    status: RunStatus = S.REQUESTED
    moved_at: datetime | None = None
    plan_hash: str | None = None
    yes: set[str] = field(default_factory=set)
    steps: list[tuple[int, str, StepStatus]] = field(default_factory=list)

    def may(self, to: RunStatus) -> bool:
        return to in MOVES[self.status] and (to is not S.APPROVED or self.plan_hash in self.yes)

    def resumes_at(self) -> str | None:
        newest = {number: (name, status) for number, name, status in self.steps}
        undone = [name for _, (name, status) in sorted(newest.items()) if status is not StepStatus.DONE]
        return undone[0] if undone else newest[max(newest)][0] if newest else None


@dataclass
class Typed:
    """A password that was typed, until nobody can need it any more."""

    word: str
    purpose: Purpose
    proved: bool = False
    replaced_at: datetime | None = None

    def is_former_since(self, moment: datetime) -> bool:
        return self.replaced_at is not None and self.replaced_at < moment


@dataclass
class ThePractice:
    """What the model knows of a practice: who has its lease, what was typed at its EHR, which login is kept."""

    id: int
    free_at: datetime | None = None
    """When its lease is free; None: it is."""
    token: int = 0
    typed: list[Typed] = field(default_factory=list)
    """What the EHR may have, or had in the last week."""
    admin: int | None = None
    """The run whose administrator's login is kept."""
    admin_since: datetime | None = None


@dataclass
class AtWork:
    """Somebody who has claimed a run, also after a crash: then it may wake up as if nothing had been."""

    run: TheRun
    lease: Lease
    at: int = 0


def a_plan(variant: int) -> Plan:
    return Plan("2915", "OneSpot2915", "Main", ("Main",), (Change(ChangeKind.CREATE, f"Role OneSpot {variant}"),))


class Lives(RuleBasedStateMachine):
    """Runs of two practices."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        shutil.copyfile(self.template, f"{self.folder.name}/onespot.db")
        self.engine: Engine = cheap(f"sqlite:///{self.folder.name}/onespot.db")
        self.vault = Vault(self.engine, [new_key()])
        self.now = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
        self.runs: list[TheRun] = []
        self.workers: list[AtWork] = []
        self.seen: list[Run] = []
        self.ended: dict[int, Any] = {}
        self.typed = 0
        self.opened: dict[str, Credential] = {}
        self.knocks = Knocks()

    def teardown(self) -> None:
        self.engine.dispose()
        self.folder.cleanup()

    @initialize()
    def two_practices(self) -> None:
        rows = [practices.save(self.engine, name, "https://ehr.example/", now=self.now) for name in NAMES]
        self.practices = {row.id: ThePractice(row.id) for row in rows}

    # What people do

    @rule(number=st.integers(0, 1))
    def somebody_asks(self, number: int) -> None:
        practice = list(self.practices)[number]
        open_ = [one for one in self.runs if one.practice == practice and one.status not in FINISHED]
        if open_:
            with pytest.raises(runs.UnfinishedRun) as caught:
                runs.request(self.engine, practice, "U0ANA", now=self.now)
            assert caught.value.run.id == open_[0].id
            return
        row = runs.request(self.engine, practice, "U0ANA", administrator="x", now=self.now)
        self.runs.append(TheRun(row.id, practice, moved_at=self.now))
        self.seen.append(row)

    @precondition(lambda self: self.seen)
    @rule(number=RUNS, late=st.booleans())
    def the_password_arrives(self, number: int, late: bool) -> None:
        """`late`: the run was looked at when the form was sent, and has gone on since."""
        row = self.seen[number % len(self.seen)]
        run = self._model(row.id)
        if run.status not in WANTED and not late:
            return
        login = Credential(f"admin-{run.id}", SecretStr(f"canary-{run.id}"))
        in_time = run.status not in FINISHED
        assert keep_password(self.vault, row, login, self.now) is in_time
        if in_time:
            practice = self.practices[run.practice]
            practice.admin, practice.admin_since = run.id, self.now

    @precondition(lambda self: self.runs)
    @rule(number=RUNS, person=st.sampled_from(PEOPLE), yes=st.booleans(), this_plan=st.booleans())
    def somebody_decides(self, number: int, person: str, yes: bool, this_plan: bool) -> None:
        run = self.runs[number % len(self.runs)]
        signed = run.plan_hash if this_plan and run.plan_hash else a_plan(99).hash
        verdict = Verdict.APPROVED if yes else Verdict.REJECTED
        counts = run.status is S.PLANNED and signed == run.plan_hash
        assert runs.approve(self.engine, run.id, signed, verdict, person, now=self.now) is counts
        if counts:
            run.yes |= {signed} if yes else set()
            self._moved(run, S.APPROVED if yes else S.REJECTED)

    @precondition(lambda self: any(run.status is S.PLANNED and run.plan_hash for run in self.runs))
    @rule()
    def both_approve_at_once(self) -> None:
        run = next(one for one in self.runs if one.status is S.PLANNED and one.plan_hash)
        signed = str(run.plan_hash)
        won = [runs.approve(self.engine, run.id, signed, Verdict.APPROVED, one, now=self.now) for one in PEOPLE]
        assert won == [True, False]
        run.yes.add(signed)
        self._moved(run, S.APPROVED)

    @precondition(lambda self: self.runs)
    @rule(number=RUNS, to=st.sampled_from([S.CANCELLED, S.APPROVED, S.EXPIRED, S.SUCCEEDED, S.RUNNING]))
    def somebody_presses(self, number: int, to: RunStatus) -> None:
        """Cancel and Retry; and what no button does: it is refused where the table or the missing yes forbids it."""
        run = self.runs[number % len(self.runs)]
        from_ = {S.FAILED} if to is S.APPROVED else None
        if to in (S.SUCCEEDED, S.RUNNING):
            from_ = {S.REQUESTED, S.PLANNED, S.FAILED}
        may = run.may(to) and (from_ is None or run.status in from_)
        assert runs.move(self.engine, run.id, to, now=self.now, from_=from_) is may
        if may:
            self._moved(run, to)

    @precondition(lambda self: self.runs)
    @rule(number=RUNS)
    def somebody_changes_the_details(self, number: int) -> None:
        run = self.runs[number % len(self.runs)]
        may = run.status in (S.FAILED, S.PLANNED)
        assert runs.change(self.engine, run.id, administrator="y", notes="", adopt=False) is may
        if may:
            run.plan_hash = None

    # What workers do

    @precondition(lambda self: self.runs)
    @rule(number=RUNS, to=st.sampled_from([S.PLANNING, S.RUNNING]))
    def a_worker_claims(self, number: int, to: RunStatus) -> None:
        run = self.runs[number % len(self.runs)]
        practice = self.practices[run.practice]
        holder = f"elsewhere/{len(self.workers)}/1.00"
        lease = runs.claim(self.engine, run.id, holder, now=self.now, to=to)
        free = practice.free_at is None or practice.free_at <= self.now
        assert (lease is not None) is (free and run.may(to))
        if lease is not None:
            practice.free_at, practice.token = self.now + runs.TTL, practice.token + 1
            assert lease.token == practice.token
            self.workers.append(AtWork(run, lease))
            self._moved(run, to)

    @precondition(lambda self: self.workers)
    @rule(number=RUNS)
    def a_worker_renews(self, number: int) -> None:
        worker = self._worker(number)
        assert runs.renew(self.engine, worker.lease, now=self.now) is self._holds(worker)
        if self._holds(worker):
            self.practices[worker.run.practice].free_at = self.now + runs.TTL

    @precondition(lambda self: self.workers)
    @rule(number=RUNS, variant=st.integers(0, 1), well=st.booleans())
    def a_plan_is_made(self, number: int, variant: int, well: bool) -> None:
        worker = self._worker(number)
        run, plan, to = worker.run, a_plan(variant), S.PLANNED if well else S.FAILED
        if run.status is S.RUNNING:
            return
        may = self._holds(worker) and run.may(to)
        more: dict[str, Any] = {"plan": plan} if well else {"error": TROUBLE}
        assert runs.move(self.engine, run.id, to, now=self.now, lease=worker.lease, **more) is may
        if may:
            run.plan_hash = plan.hash if well else run.plan_hash
            self._moved(run, to)
            self._let_go(worker)

    @precondition(lambda self: self.workers)
    @rule(number=RUNS)
    def a_step_is_walked(self, number: int) -> None:
        """Kept, marked, typed, in this order; a worker that lost its lease gets no further than the fence."""
        worker = self._worker(number)
        run, practice = worker.run, self.practices[worker.run.practice]
        if worker.at == len(STEPS):
            return
        step, name = STEPS[worker.at]
        if not self._records(worker, step, name, StepStatus.RUNNING) or run.status is not S.RUNNING:
            return
        if not runs.holds(self.engine, worker.lease, now=self.now):
            assert practice.free_at is not None
            assert practice.free_at <= self.now
            return
        if step in (14, 16):
            purpose, self.typed = (Purpose.TEMPORARY if step == 14 else Purpose.FINAL), self.typed + 1
            word = f"typed-{self.typed}"
            self.vault.keep(practice.id, purpose, Credential("OneSpot2915", SecretStr(word)), now=self.now)
            self.vault.mark_submitted(practice.id, purpose, now=self.now)
            self._replace(practice, purpose, proved=False)
            practice.typed.append(Typed(word, purpose))
        if step == 17:
            self._prove(practice)
        assert self._records(worker, step, name, StepStatus.DONE)
        worker.at += 1

    @precondition(lambda self: self.workers)
    @rule(number=RUNS, to=st.sampled_from([S.SUCCEEDED, S.WAITING, S.FAILED]))
    def a_walk_ends(self, number: int, to: RunStatus) -> None:
        worker = self._worker(number)
        run = worker.run
        if (to is S.SUCCEEDED and worker.at < len(STEPS)) or run.status is S.PLANNING:
            return
        may = self._holds(worker) and run.status is S.RUNNING
        error = None if to is S.SUCCEEDED else TROUBLE
        moved = runs.move(self.engine, run.id, to, now=self.now, lease=worker.lease, error=error, from_={S.RUNNING})
        assert moved is may
        if may:
            self._moved(run, to)
        self._let_go(worker)

    @precondition(lambda self: self.workers)
    @rule(number=RUNS)
    def a_worker_dies_here(self, number: int) -> None:
        """Its process is gone from this machine, which is known at once. (Elsewhere it is just silent.)"""
        worker = self._worker(number)
        if self._holds(worker):
            with transaction(self.engine) as session:
                session.connection().execute(
                    text("UPDATE lease SET holder = :dead WHERE practice_id = :id"),
                    {"dead": DEAD, "id": worker.run.practice},
                )
            self.practices[worker.run.practice].free_at = None
            self.workers.remove(worker)

    def _prove(self, practice: ThePractice) -> None:
        """A login with the newest final password: it is the current one, and temporary ones are of no more use."""
        self.vault.prove(practice.id, now=self.now)
        practice.typed = [one for one in practice.typed if one.purpose is Purpose.FINAL]
        newest = next((one for one in practice.typed if one.replaced_at is None and not one.proved), None)
        if newest is not None:
            self._replace(practice, Purpose.FINAL, proved=True)
            newest.proved = True

    def _replace(self, practice: ThePractice, purpose: Purpose, *, proved: bool) -> None:
        for one in practice.typed:
            if one.purpose is purpose and one.proved is proved and one.replaced_at is None:
                one.replaced_at = self.now

    def _records(self, worker: AtWork, step: int, name: str, status: StepStatus) -> bool:
        holds = self._holds(worker)
        try:
            runs.record(self.engine, worker.lease, worker.run.id, step, name, status, now=self.now)
        except runs.LeaseLost:
            assert not holds
            return False
        assert holds
        worker.run.steps.append((step, name, status))
        assert runs.resume_at(self.engine, worker.run.id) == worker.run.resumes_at()
        return True

    def _let_go(self, worker: AtWork) -> None:
        held = self._holds(worker)
        runs.release(self.engine, worker.lease)
        if held:
            self.practices[worker.run.practice].free_at = None
        self.workers.remove(worker)

    def _holds(self, worker: AtWork) -> bool:
        """Its token is the newest, and nobody has released it."""
        return self.practices[worker.run.practice].token == worker.lease.token

    @precondition(lambda self: self.runs)
    @rule(number=RUNS, times=st.integers(1, 12))
    def all_goes_well_for_a_while(self, number: int, times: int) -> None:
        """The next right thing, some times over: so that runs come to their ends, not only to their troubles."""
        run = self.runs[number % len(self.runs)]
        for _ in range(times):
            mine = [place for place, worker in enumerate(self.workers) if worker.run is run and self._holds(worker)]
            if run.status in (S.REQUESTED, S.APPROVED, S.WAITING):
                to = S.PLANNING if run.status is S.REQUESTED else S.RUNNING
                self.a_worker_claims(number, to)
            elif run.status is S.PLANNING and mine:
                self.a_plan_is_made(mine[0], 0, True)
            elif run.status is S.PLANNED and run.plan_hash:
                self.somebody_decides(number, PEOPLE[0], True, True)
            elif run.status is S.FAILED and run.may(S.APPROVED):
                self.somebody_presses(number, S.APPROVED)
            elif run.status is S.RUNNING and mine and self.workers[mine[0]].at < len(STEPS):
                self.a_step_is_walked(mine[0])
            elif run.status is S.RUNNING and mine:
                self.a_walk_ends(mine[0], S.SUCCEEDED)

    @precondition(lambda self: self.workers)
    @rule(number=RUNS, again=st.booleans(), to=st.sampled_from([None, S.FAILED, S.SUCCEEDED]))
    def a_worker_falls_silent_and_is_replaced(self, number: int, again: bool, to: RunStatus | None) -> None:
        """It stays among those at work, and may wake up at once, or later: it has missed its own end."""
        silent = self._worker(number)
        run = silent.run
        self.now += runs.TTL + timedelta(seconds=1)
        self.the_sweep_comes()
        if again and run.may(S.APPROVED):
            self.somebody_presses(self.runs.index(run), S.APPROVED)
            self.a_worker_claims(self.runs.index(run), S.RUNNING)
        if to is not None:
            self.a_walk_ends(self.workers.index(silent), to)

    @rule(number=st.integers(0, 1), ends=st.booleans())
    def a_check_looks_at_the_practice(self, number: int, ends: bool) -> None:
        """Two logins of one account throw each other out, so a check takes the same lease."""
        practice = list(self.practices.values())[number]
        free = practice.free_at is None or practice.free_at <= self.now
        lease = runs.claim_practice(self.engine, practice.id, "elsewhere/check/1.00", now=self.now)
        assert (lease is not None) is free
        if lease is not None:
            practice.free_at, practice.token = self.now + runs.TTL, practice.token + 1
            if ends:
                runs.release(self.engine, lease)
                practice.free_at = None

    # What the clock does

    @precondition(lambda self: self.runs)
    @rule(
        seconds=st.sampled_from([0, 1, 31, 3600, DAY + 1, 8 * DAY, -5, -3600]),
        tick=st.sampled_from(["", "sweep", "tidy"]),
    )
    def time_passes_or_is_set(self, seconds: int, tick: str) -> None:
        self.now += timedelta(seconds=seconds)
        if tick == "sweep":
            self.the_sweep_comes()
        if tick == "tidy":
            self.it_is_tidied_up()

    def the_sweep_comes(self) -> None:
        for run in self.runs:
            practice = self.practices[run.practice]
            if run.status in (S.RUNNING, S.PLANNING) and (practice.free_at is None or practice.free_at <= self.now):
                practice.free_at, practice.token = None, practice.token + 1
                self._moved(run, S.FAILED)
        self.knocks.runs.clear()
        self._clock().sweep()
        due = [one for one in self.runs if one.status is S.APPROVED or self._waits_with_a_password(one)]
        assert sorted(self.knocks.runs) == sorted(one.id for one in due)

    def it_is_tidied_up(self) -> None:
        for run in self.runs:
            patience = {S.REQUESTED: UNASKED, S.PLANNED: UNDECIDED}.get(run.status)
            if patience is not None and run.moved_at is not None and run.moved_at < self.now - patience:
                self._moved(run, S.EXPIRED)
        for practice in self.practices.values():
            if practice.admin_since is not None and practice.admin_since < self.now - timedelta(hours=24):
                practice.admin = None
            practice.typed = [one for one in practice.typed if not one.is_former_since(self.now - timedelta(days=7))]
        self._clock().tidy()

    def _waits_with_a_password(self, run: TheRun) -> bool:
        unplanned = run.status is S.REQUESTED or (run.status is S.PLANNED and run.plan_hash is None)
        return unplanned and self.practices[run.practice].admin is not None

    def _clock(self) -> Clock:
        return Clock(self.engine, self.vault, self.knocks, lambda _: None, now=lambda: self.now)

    # The rules that always hold

    @invariant()
    def the_runs_are_as_the_model_says(self) -> None:
        with reading(self.engine) as session:
            rows = {row.id: row for row in session.exec(select(Run))}
            said = {(one.run_id, one.plan_hash) for one in session.exec(select(Approval)) if one.verdict == "approved"}
        assert {one: row.status for one, row in rows.items()} == {run.id: run.status for run in self.runs}
        assert {one: row.plan_hash for one, row in rows.items()} == {run.id: run.plan_hash for run in self.runs}
        open_ = [row.practice_id for row in rows.values() if row.status not in FINISHED]
        assert len(open_) == len(set(open_)), "a practice has one unfinished run at most"
        for row in rows.values():
            if row.status in (S.APPROVED, S.RUNNING, S.WAITING, S.SUCCEEDED):
                assert (row.id, row.plan_hash) in said, "nothing is walked without a yes to its very plan"
            if row.status in FINISHED:
                assert self.ended.setdefault(row.id, row.model_dump()) == row.model_dump(), "ends stay as they are"

    @invariant()
    def what_was_typed_is_kept_and_an_administrators_login_only_for_its_unfinished_run(self) -> None:
        with reading(self.engine) as session:
            rows = list(session.exec(select(StoredCredential)))
        for practice in getattr(self, "practices", {}).values():
            its = [row for row in rows if row.practice_id == practice.id]
            ours = {self._opened(row).password.get_secret_value() for row in its if row.purpose in TYPED}
            assert ours == {one.word for one in practice.typed}
            logins = [self._opened(row).username for row in its if row.purpose is Purpose.ADMINISTRATOR]
            assert logins == ([] if practice.admin is None else [f"admin-{practice.admin}"])

    def _opened(self, row: StoredCredential) -> Credential:
        if row.ciphertext not in self.opened:
            self.opened[row.ciphertext] = self.vault._open(row)
        return self.opened[row.ciphertext]

    # Small parts

    def _moved(self, run: TheRun, to: RunStatus) -> None:
        assert to in MOVES[run.status]
        run.status, run.moved_at = to, self.now
        practice = self.practices[run.practice]
        if to in FINISHED:
            practice.admin = practice.admin_since = None

    def _model(self, run_id: int) -> TheRun:
        return next(one for one in self.runs if one.id == run_id)

    def _worker(self, number: int) -> AtWork:
        return self.workers[number % len(self.workers)]


def test_any_interleaving_of_people_workers_crashes_and_clocks_keeps_the_rules(sqlite_template: Path) -> None:
    Lives.template = sqlite_template
    few = settings(
        max_examples=breadth(50, 700),
        stateful_step_count=breadth(40, 60),
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Lives, settings=few)
