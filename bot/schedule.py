"""What happens by the clock: the sweep that finds what was lost, the thread that catches up, what expires.

The times are declared here, in code; what is due is read from rows. Each tick is a function of the moment that can be
called once in a test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.base import BaseScheduler
from sqlalchemy import Engine

from bot.dispatch import Dispatcher
from storage import links, runs
from storage.models import Purpose, RunStatus, Stage, utcnow
from storage.vault import Vault

log = structlog.get_logger("onespot.clock")

SWEEP, TIDY = 10, 300
"""Seconds between two sweeps, and between two times of tidying up."""

UNASKED = timedelta(hours=24)
"""For so long a run waits for its administrator's password, which itself is kept as long."""
UNDECIDED = timedelta(days=7)
"""For so long a plan waits for a yes."""


@dataclass(frozen=True)
class Clock:
    """What the ticks need."""

    engine: Engine
    vault: Vault
    dispatcher: Dispatcher
    changed: Callable[[int], object]
    catch_up: Callable[[], object] = lambda: None
    now: Callable[[], datetime] = utcnow

    def schedule(self, scheduler: BaseScheduler) -> None:
        """Put the ticks on the scheduler; the first sweep comes at once."""
        scheduler.add_job(self.sweep, "interval", seconds=SWEEP, next_run_time=self.now(), id="sweep")
        scheduler.add_job(self.tidy, "interval", seconds=TIDY, next_run_time=self.now(), id="tidy")

    def sweep(self) -> None:
        """Find what nobody is at: interrupted runs fail and say so, approved and waiting work is handed out again."""
        for run in runs.standing(self.engine, {RunStatus.RUNNING, RunStatus.PLANNING}):
            if runs.interrupted(self.engine, run.id, now=self.now()):
                log.warning("run interrupted", run=run.id)
                self.changed(run.id)
        for run in runs.standing(self.engine, {RunStatus.APPROVED, RunStatus.REQUESTED}):
            if run.status is RunStatus.APPROVED or self._has_password(run.practice_id):
                self.dispatcher.run(run.id)
        self.catch_up()

    def tidy(self) -> None:
        """End what nobody went on with, and destroy what is kept only for a while."""
        now = self.now()
        for status, patience in ((RunStatus.REQUESTED, UNASKED), (RunStatus.PLANNED, UNDECIDED)):
            for run in runs.standing(self.engine, {status}):
                if run.moved_at < now - patience and runs.move(
                    self.engine, run.id, RunStatus.EXPIRED, now=now, from_={status}
                ):
                    self.vault.forget(run.practice_id, Purpose.ADMINISTRATOR)
                    self.changed(run.id)
        self.vault.forget_administrators(now)
        self.vault.forget_previous(now)
        links.forget(self.engine, now, timedelta(days=7))

    def _has_password(self, practice_id: int) -> bool:
        return self.vault.kept(practice_id, Purpose.ADMINISTRATOR, Stage.PENDING) is not None
