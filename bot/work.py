"""What a knock does: a run's id becomes a plan or a walk, a practice's id a check. It may come twice, or too late.

The row decides what is done; nothing here chooses, asks or talks. The administrator's password comes from the vault,
and goes from it when it was refused. (When the run ends, storage sees to that.)
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

import structlog
from sqlalchemy import Engine

from bot import rotation
from bot.guard import Stopped
from bot.hands import NoBrowser
from bot.metrics import Metrics
from bot.told import Told
from bot.verdicts import NO_PASSWORD, STOPPED
from bot.worker import Ended, Worker
from bot.workplace import Busy
from storage import health, practices, rotations, runs
from storage.models import (
    FINISHED,
    CheckOutcome,
    Credential,
    ErrorClass,
    Practice,
    Purpose,
    Run,
    RunStatus,
    Stage,
    StepStatus,
    Verb,
    utcnow,
)
from storage.vault import Vault

T = TypeVar("T")

log = structlog.get_logger("onespot.work")

FOR_A_MOMENT = 5
"""Seconds that a check waits for whoever is at the practice: a run that is just ending, say."""

TO_PLAN = frozenset({RunStatus.REQUESTED, RunStatus.PLANNED, RunStatus.FAILED})
TO_WALK = frozenset({RunStatus.APPROVED, RunStatus.WAITING})


@dataclass(frozen=True)
class Work:
    """All that a knock needs. `worker` gives the calling thread its worker.

    `changed` is told which run came to stand elsewhere, `stepped` which one took a step, `looked` which practice was
    just provisioned or looked at.
    """

    engine: Engine
    vault: Vault
    worker: Callable[[], Worker]
    changed: Callable[[int], object] = lambda _: None
    stepped: Callable[[int], object] = lambda _: None
    now: Callable[[], datetime] = utcnow
    looked: Callable[[int], object] = lambda _: None
    wait: Callable[[float], object] = time.sleep
    metrics: Metrics = field(default_factory=Metrics)
    rotate_expiring: bool = False
    """Whether a check that finds a password about to expire begins a rotation, instead of only saying so."""

    def run(self, run_id: int, seen: datetime) -> None:
        """Plan or walk the run, if it still stands where it stood at the moment `seen` (its `moved_at`)."""
        run = runs.get(self.engine, run_id)
        if run is None or run.moved_at != seen or run.status not in TO_PLAN | TO_WALK:
            return
        with structlog.contextvars.bound_contextvars(run=run_id, practice=run.practice_id):
            self._do(run)

    def _do(self, run: Run) -> None:
        admin = self.vault.kept(run.practice_id, Purpose.ADMINISTRATOR, Stage.PENDING)
        try:
            if admin is None:
                self._nothing_to_log_in_with(run)
            elif run.status in TO_PLAN:
                self._settle(run, self.worker().plan_run(run.id, admin))
            else:
                self._settle(run, self.worker().execute_run(run.id, admin, lambda told: self._tell(run.id, told)))
        finally:
            self.changed(run.id)

    def check(self, practice_id: int) -> None:
        """Look at the practice's account once; where somebody else is there for longer, a minute later."""
        practice = practices.get(self.engine, practice_id)
        if practice is None:
            return
        with suppress(Stopped):
            found = self._alone(practice, lambda: self._checked(practice))
            if found is None:
                health.due_at_once(self.engine, [practice_id], now=self.now())
            elif self._wants_rotation(practice, found):
                self._rotate(practice)
            self.looked(practice_id)
        run = runs.last_of(self.engine, practice_id)
        if run is not None:
            self.changed(run.id)

    def rotate(self, practice_id: int) -> None:
        """Go on with the practice's open rotation, or settle it; then look whether the new password is all it needs."""
        practice = practices.get(self.engine, practice_id)
        if practice is None:
            return
        with suppress(Stopped):
            self._rotate(practice)
            self.looked(practice_id)

    def _rotate(self, practice: Practice) -> None:
        """Where somebody is at the practice for longer, the rotation stays open, and the sweep finds it."""
        ended = self._alone(practice, lambda: rotation.recover(self.worker(), practice))
        if ended is not None:
            log.info("rotated", practice=practice.id, proved=ended.proved)
        if ended is not None and ended.proved:
            self._alone(practice, lambda: self._checked(practice))

    def _wants_rotation(self, practice: Practice, found: CheckOutcome | NoBrowser) -> bool:
        """Whether the check begins a rotation: RevolutionEHR wants a new password, or will soon and that is set."""
        reasons = {CheckOutcome.PASSWORD_EXPIRED: rotation.RESET}
        if self.rotate_expiring:
            reasons[CheckOutcome.EXPIRING] = rotation.EXPIRY
        why = reasons.get(found) if isinstance(found, CheckOutcome) else None
        return why is not None and rotation.ask(self.engine, practice, why, now=self.now()) is not None

    def _alone(self, practice: Practice, deed: Callable[[], T]) -> T | None:
        """The deed, tried for a moment while somebody else is at the practice; None when they don't leave."""
        for _ in range(FOR_A_MOMENT):
            try:
                return deed()
            except Busy:
                self.wait(1.0)
        return None

    def _checked(self, practice: Practice) -> CheckOutcome | NoBrowser:
        try:
            checked = self.worker().check_practice(practice)
        except NoBrowser as missing:
            log.error("no browser", problem=missing.what)
            return missing
        outcome = CheckOutcome.LOGIN_REFUSED if checked is None else checked.outcome
        log.info("checked", practice=practice.id, outcome=str(outcome) if checked else None)
        self.metrics.checks.labels(str(outcome)).inc()
        return outcome

    def _tell(self, run_id: int, told: Told) -> None:
        log.info("step", step=told.number, status=str(told.status), seconds=round(told.seconds, 1))
        if told.status is StepStatus.DONE:
            self.metrics.steps.labels(f"{told.number:02d}").observe(told.seconds)
        self.stepped(run_id)

    def _settle(self, run: Run, ended: Ended | None) -> None:
        """After the worker: forget the password when it is of no more use, and put back what a shutdown stopped."""
        if ended is None or ended.run is None:
            return
        log.info("run ended" if ended.status in FINISHED else "run moved", status=str(ended.status))
        error_class = str(ended.trouble.error_class) if ended.trouble else ""
        self.metrics.ended.labels(str(ended.status), error_class).inc()
        refused = ended.trouble is not None and ended.trouble.error_class is ErrorClass.CREDENTIAL
        if refused:
            self.vault.forget(run.practice_id, Purpose.ADMINISTRATOR)
        elif ended.trouble is not None and ended.trouble.what == STOPPED.what:
            runs.move(self.engine, run.id, RunStatus.APPROVED, now=self.now(), from_={RunStatus.FAILED})
        if ended.status is RunStatus.SUCCEEDED:
            self._hand_over(run, ended)
            self.looked(run.practice_id)

    def _hand_over(self, run: Run, ended: Ended) -> None:
        """A repair that set a new password leaves it to be handed over, as a rotation does."""
        if run.verb is not Verb.REPAIR or ended.outcome is None or not ended.outcome.renewed:
            return
        begun = rotations.begin(self.engine, run.practice_id, rotation.REPAIRED, run.requested_by, now=self.now())
        if begun is not None:
            rotations.proved(self.engine, begun.id, now=self.now())

    def _nothing_to_log_in_with(self, run: Run) -> None:
        """The password was destroyed (after 24 h, or because it was refused): the run fails and says so."""
        if run.status is RunStatus.REQUESTED:
            return
        to = RunStatus.PLANNING if run.status in TO_PLAN else RunStatus.RUNNING
        lease = runs.claim(self.engine, run.id, runs.this_process(), now=self.now(), to=to)
        if lease is not None:
            runs.move(self.engine, run.id, RunStatus.FAILED, now=self.now(), error=NO_PASSWORD, lease=lease)
            runs.release(self.engine, lease)


def keep_password(vault: Vault, run: Run, credential: Credential, now: datetime) -> bool:
    """Seal the administrator's login for this run; a former one is destroyed. False when the run has just ended."""
    return vault.keep_administrator(run.id, credential, now=now)
