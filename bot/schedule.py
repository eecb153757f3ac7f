"""What happens by the clock: the sweep that finds what was lost, the thread that catches up, checks, what expires.

The times are declared here, in code; what is due is read from rows. Each tick is a function of the moment that can be
called once in a test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.base import BaseScheduler
from sqlalchemy import Engine

from bot.checks.rounds import Rounds
from bot.dispatch import Dispatcher
from bot.imports.deeds import push
from storage import imports, links, rotations, runs
from storage.models import Purpose, Run, RunStatus, Stage, utcnow
from storage.vault import Vault

log = structlog.get_logger("onespot.clock")

TIDY, HAND_OUT = 300, 60
"""Seconds between two times of tidying up, and of handing out checks."""
PRUNE, PRUNE_AFTER = timedelta(days=1), timedelta(minutes=10)
"""How often what is too old is deleted, and how long after the start for the first time."""

VOICE = "voice"
"""The pool of whatever speaks to Slack by the clock: a Slack that is slow holds up no other tick."""

UNASKED = timedelta(hours=24)
"""For so long a run waits for its administrator's password, which itself is kept as long."""
UNDECIDED = timedelta(days=7)
"""For so long a plan waits for a yes."""


@dataclass(frozen=True)
class Beats:
    """Seconds between two sweeps, between two times of speaking, and of pushing on imports."""

    sweep: float = 10
    speak: float = 2
    push: float = 2


@dataclass(frozen=True)
class Clock:
    """What the ticks need."""

    engine: Engine
    vault: Vault
    dispatcher: Dispatcher
    changed: Callable[[int], object]
    catch_up: Callable[[], object] = lambda: None
    now: Callable[[], datetime] = utcnow
    rounds: Rounds | None = None
    speak: Callable[[], object] | None = None
    prune: Callable[[datetime], object] | None = None
    """Deletes what is too old."""
    beats: Beats = Beats()

    def schedule(self, scheduler: BaseScheduler) -> None:
        """Put the ticks on the scheduler; the first sweep comes at once."""
        scheduler.add_job(self.sweep, "interval", seconds=self.beats.sweep, next_run_time=self.now(), id="sweep")
        scheduler.add_job(self.resume, next_run_time=self.now(), id="resume")
        scheduler.add_job(self.tidy, "interval", seconds=TIDY, next_run_time=self.now(), id="tidy")
        scheduler.add_job(self.push, "interval", seconds=self.beats.push, next_run_time=self.now(), id="push")
        if self.rounds is not None:
            scheduler.add_job(self.hand_out, "interval", seconds=HAND_OUT, next_run_time=self.now(), id="hand out")
        if self.speak is not None:
            scheduler.add_executor(ThreadPoolExecutor(1), VOICE)
            scheduler.add_job(
                self.speak, "interval", seconds=self.beats.speak, next_run_time=self.now(), id="speak", executor=VOICE
            )

        if self.prune is not None:
            first = self.now() + PRUNE_AFTER
            scheduler.add_job(self.forget, "interval", seconds=PRUNE.total_seconds(), next_run_time=first, id="prune")

    def speak_soon(self, scheduler: BaseScheduler) -> None:
        """Say how accounts stand now, without waiting for the tick."""
        if self.speak is not None:
            scheduler.add_job(self.speak, executor=VOICE)

    def resume(self) -> None:
        """At the start, settle what a rotation left when the program was stopped in the middle."""
        for _, practice in rotations.adrift(self.engine, now=self.now(), rest=timedelta()):
            self.dispatcher.rotate(practice.id)

    def sweep(self) -> None:
        """Find what nobody is at: interrupted runs fail and say so, approved and waiting work is handed out again."""
        for run in runs.standing(self.engine, {RunStatus.RUNNING, RunStatus.PLANNING}):
            if runs.interrupted(self.engine, run.id, now=self.now()):
                log.warning("run interrupted", run=run.id)
                self.changed(run.id)
        for run in runs.standing(self.engine, {RunStatus.APPROVED, RunStatus.REQUESTED, RunStatus.PLANNED}):
            if self._is_to_go_on(run):
                self.dispatcher.run(run.id)
        for _, practice in rotations.adrift(self.engine, now=self.now()):
            self.dispatcher.rotate(practice.id)
        if self.rounds is not None:
            self.rounds.cover()
        self.catch_up()

    def hand_out(self) -> None:
        """Hand out the checks that are due."""
        if self.rounds is not None:
            self.rounds.hand_out(self.dispatcher)

    def push(self) -> None:
        """Push on the imports that were asked for in Slack; those of a terminal are that one's."""
        for whole in imports.open_ones(self.engine):
            if whole.channel is not None:
                for run_id in push(self.engine, whole.id, now=self.now()):
                    self.dispatcher.run(run_id)

    def tidy(self) -> None:
        """End what nobody went on with, and destroy what is kept only for a while."""
        now = self.now()
        for status, patience in ((RunStatus.REQUESTED, UNASKED), (RunStatus.PLANNED, UNDECIDED)):
            for run in runs.standing(self.engine, {status}):
                if run.moved_at < now - patience and runs.move(
                    self.engine, run.id, RunStatus.EXPIRED, now=now, from_={status}
                ):
                    self.changed(run.id)
        self.vault.forget_administrators(now)
        self.vault.forget_previous(now)
        links.forget(self.engine, now, timedelta(days=7))

    def forget(self) -> None:
        """Delete what is too old."""
        if self.prune is not None:
            self.prune(self.now())

    def _is_to_go_on(self, run: Run) -> bool:
        """Approved; or with its administrator's password there, and without a plan (asked for, or changed since)."""
        if run.status is RunStatus.APPROVED:
            return True
        unplanned = run.status is RunStatus.REQUESTED or run.plan is None
        return unplanned and self.vault.kept(run.practice_id, Purpose.ADMINISTRATOR, Stage.PENDING) is not None
