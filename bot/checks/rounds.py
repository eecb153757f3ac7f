"""The daily rounds: which account is looked at when, handed out bit by bit. It decides no outcome and says nothing.

Due times are rows (storage/health.py), the times of day are due.py's, and whoever looks is behind the dispatcher.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import Engine

from bot.checks import due, incidents
from bot.checks.due import Hours
from bot.checks.incidents import LATELY, Pause
from bot.checks.maintenance import Window, in_maintenance
from bot.dispatch import Dispatcher
from storage import health
from storage.models import CheckOutcome, Practice, utcnow

log = structlog.get_logger("onespot.rounds")


@dataclass(frozen=True)
class Rounds:
    """What the clock's ticks about accounts do, and what follows a check."""

    engine: Engine
    hours: Hours
    """CHECK_TIME in ONESPOT_TZ; a practice may have a zone of its own."""
    now: Callable[[], datetime] = utcnow
    maintenance: tuple[Window, ...] = ()
    """By the wall clock of ONESPOT_TZ."""

    @property
    def paused_for_maintenance(self) -> bool:
        """Whether a maintenance window is open."""
        return in_maintenance(self.maintenance, self.now(), self.hours.zone)

    def cover(self) -> None:
        """Every provisioned practice has its row, and every row what the newest checks found."""
        now = self.now()
        health.cover(self.engine, lambda practice: due.next_due(practice.id, self._hours(practice), now), now=now)
        health.take_in(self.engine, self._next_due)

    def looked(self, practice_id: int) -> None:
        """This practice was just provisioned or looked at."""
        if health.standing(self.engine, practice_id) is None:
            self.cover()
        else:
            health.take_in(self.engine, self._next_due, practice_id=practice_id)

    def hand_out(self, dispatcher: Dispatcher) -> list[int]:
        """Hand out what is due, as much as may begin in a minute; the ids of the practices."""
        self.cover()
        if self.paused_for_maintenance:
            return []
        paused = self.pauses()
        taken = health.hand_out(self.engine, now=self.now(), paused=paused)
        for practice_id in taken:
            dispatcher.check(practice_id)
        if taken or paused:
            log.info("handed out", checks=len(taken), paused=sorted(paused))
        return taken

    def pauses(self) -> dict[str, Pause]:
        """The EHRs at which no check begins just now, by host."""
        now = self.now()
        return incidents.pauses(health.lately(self.engine, now - LATELY), now)

    def _next_due(self, practice: Practice, outcome: CheckOutcome, alike: int) -> datetime | None:
        now, hours = self.now(), self._hours(practice)
        if outcome is CheckOutcome.LOGIN_REFUSED:
            return None
        if outcome is CheckOutcome.EHR_DOWN:
            return due.again_due(practice.id, hours, now, alike)
        return due.next_due(practice.id, hours, now)

    def _hours(self, practice: Practice) -> Hours:
        if practice.timezone is None:
            return self.hours
        try:
            return Hours(self.hours.begin, due.named(practice.timezone))
        except ValueError:
            log.warning("no such time zone", practice=practice.id)
            return self.hours
