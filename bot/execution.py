"""One execution of an approved run: the plan looked at once more, then the walk, with what is recorded of each step.

Where it stands is told and recorded under the lease; it is stopped between two steps, by the fence before a click,
or where the guard halts it. How the run then stands is worker.py's to say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

from automation.browser import Browser
from automation.revolutionehr.address import Address, Pause
from automation.revolutionehr.walking import Outcome
from automation.walk import Tell, Told
from bot.guard import Stopped
from bot.hands import wanted
from bot.verdicts import Declined, still_approved
from bot.watch import Watch
from bot.workplace import Workplace
from storage import runs
from storage.database import StorageError
from storage.models import Credential, Lease, Plan, RunStatus, StepStatus, Verb

PATIENCE = 4 * 3600.0
"""Seconds that somebody who is asked before a click may take; RevolutionEHR ends its session much sooner."""

FRESH = timedelta(minutes=1)
"""As old as a plan may be to be walked without another look. Each step looks by itself before it acts, too."""

Ask = Callable[[Told, Pause], bool]
"""Whether to go on, at that step, with the click that the pause describes."""


class Lapsed(Exception):
    """The plan made at the start isn't the approved one."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan


class Execution:
    """One execution of a run: what is recorded and passed on, where it stands, and what may stop it."""

    def __init__(
        self,
        place: Workplace,
        run_id: int,
        lease: Lease,
        watch: Watch,
        admin: Credential,
        pass_on: Tell,
        ask: Ask | None = None,
    ) -> None:
        self.place, self.lease, self.watch, self.admin, self.pass_on = place, lease, watch, admin, pass_on
        self.ask = ask
        self.run, self.practice = place.rows(run_id)
        self.blank = place.blank(self.practice, admin)
        self.started = bool(runs.steps(place.engine, run_id))
        self.plan: Plan | None = None
        self.last: Told | None = None
        self.over: Exception | None = None

    @property
    def at(self) -> int | None:
        """The number of the step in hand, or of the last one."""
        return None if self.last is None else self.last.number

    def once(self) -> Outcome:
        """One try: the plan again (until that worked once), then the whole guide, which looks before it acts."""
        place, run = self.place, self.run
        ask = None if self.ask is None else partial(self.ask_first, self.ask)
        address = Address(self.practice.url, place.folder(str(run.id)), ask=ask, words=place.words)
        if self.plan is None and self._planned_just_now():
            self.plan = self.run.the_plan
        with place.visit(self.watch, self.practice, self.blank) as browser:
            if self.plan is None:
                fresh = place.plan(browser, self.practice, address, self.admin, run.verb, adopt=run.adopt)
                if not still_approved(run.the_plan, fresh, started=self.started):
                    raise Lapsed(fresh)
                self.plan = fresh
            return self._walk(browser, address, self.plan)

    def _walk(self, browser: Browser, address: Address, plan: Plan) -> Outcome:
        """The walk of the run's verb: all three with the same plan, the same checkpoints, the same fence."""
        hands, keep, admin = self.place.hands, self.place.keep(self.practice), self.admin
        if self.run.verb is Verb.RETIRE:
            return hands.retire(browser, address, admin, plan, keep, self.tell, self.fence)
        want = wanted(self.practice)
        if self.run.verb is Verb.REPAIR:
            return hands.repair(browser, address, admin, want, plan, keep, self.tell, self.fence)
        adopt = self.run.adopt
        return hands.provision(browser, address, admin, want, plan, keep, self.tell, self.fence, adopt=adopt)

    def _planned_just_now(self) -> bool:
        """True, once, for a run that this very worker planned within the last minute."""
        made = self.place.planned.pop(self.run.id, None)
        return made is not None and not self.started and self.place.now() - made < FRESH

    def tell(self, told: Told) -> None:
        """A checkpoint: recorded under the lease, then passed on. Between two steps, the place to stop when asked.

        Once this or the fence has stopped the walk, it says so again and records nothing: a step at which the database
        was lost must not be found failed.
        """
        self._raise_again()
        told = replace(told, detail=self.blank(told.detail))
        try:
            if told.status is StepStatus.RUNNING:
                if self.place.guard.stopping or self._cancelled():
                    raise Stopped
                self.watch.step()
            self._record(told)
        except (Stopped, StorageError) as error:
            self.over = error
            raise
        self.last = told
        self.pass_on(told)

    def fence(self) -> None:
        """Asked right before every mutating click: raises when the practice isn't ours any more."""
        self._raise_again()
        try:
            if self.watch.lost or not runs.holds(self.place.engine, self.lease, now=self.place.now()):
                raise runs.LeaseLost
        except StorageError as error:
            self.over = error
            raise

    def ask_first(self, ask: Ask, pause: Pause) -> None:
        """Asked before a mutating click where somebody watches, who may take their time. Raises Declined or Stopped."""
        self.watch.step(PATIENCE)
        wanted = self.last is None or ask(self.last, pause)
        self.watch.step()
        if not wanted or self.place.guard.stopping:
            self.over = Declined(pause.press)
            raise self.over

    def failed(self, why: str) -> None:
        """Close the step in hand as failed, unless the walk has said so itself."""
        if self.last is not None and self.last.status is StepStatus.RUNNING and self.over is None:
            told = Told(self.last.number, self.last.name, self.last.title, StepStatus.FAILED, why)
            self._record(told)
            self.pass_on(told)

    def _cancelled(self) -> bool:
        run = runs.get(self.place.engine, self.run.id)
        return run is None or run.status is RunStatus.CANCELLED

    def _record(self, told: Told) -> None:
        now, run_id = self.place.now(), self.run.id
        step = (told.number, told.name, told.status, told.detail, told.seconds, told.picture)
        runs.record(self.place.engine, self.lease, run_id, *step, now=now)

    def _raise_again(self) -> None:
        if self.over is not None:
            raise self.over
