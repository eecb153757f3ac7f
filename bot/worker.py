"""The worker: an approved run becomes a walked guide, a sealed credential, a checked login.

Nobody talks here, and nothing decides who may ask or approve. The row is the truth: every verb may be called any number
of times by anybody, the claim lets one of them work, and every outcome moves the run. A walk is stopped between two
steps, by the fence before a click, or by the guard in a step that takes long; one that hangs is ended by the guard.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from automation.errors import AutomationError, Unavailable
from automation.revolutionehr.address import Address
from automation.revolutionehr.check import Checked
from automation.revolutionehr.record import NotWritten, Recorder
from automation.revolutionehr.rotate import NeitherHolds
from automation.revolutionehr.walking import Outcome
from automation.walk import Tell
from bot.execution import Ask, Execution, Lapsed
from bot.guard import Late, Stopped
from bot.hands import NoBrowser, wanted
from bot.problems import SettingsProblem
from bot.verdicts import LAPSED, OUTCOMES, UNPROVED, trouble_of, unknown, unusable, worth_another_try
from bot.watch import Watch
from bot.workplace import VISIT_DEADLINE, Workplace
from storage import audit, checks, practices, rotations, runs
from storage.database import StorageError
from storage.models import (
    CheckOutcome,
    Credential,
    ErrorClass,
    Lease,
    Plan,
    Practice,
    Purpose,
    Run,
    RunStatus,
    Stage,
    Trouble,
    Verb,
)


@dataclass(frozen=True)
class Ended:
    """How a call ended: the run as it stands now (a plan alone has none), what was made, what stopped it.

    `unusable` says that the address is wrong (nothing there, or not RevolutionEHR) or that this machine has no browser:
    a matter of settings, not of the practice.
    """

    run: Run | None
    plan: Plan | None = None
    outcome: Outcome | None = None
    trouble: Trouble | None = None
    unusable: bool = False

    @property
    def status(self) -> RunStatus | None:
        """Where the run stands now."""
        return None if self.run is None else self.run.status


@dataclass
class Worker(Workplace):
    """The verbs: plan, execute, check."""

    def plan_run(self, run_id: int, admin: Credential) -> Ended | None:
        """Make the run's plan, changing nothing in the EHR: PLANNED, or FAILED. None when it isn't ours to plan."""
        lease = runs.claim(self.engine, run_id, self.holder, now=self.now(), to=RunStatus.PLANNING)
        if lease is None:
            return None
        with self.guard.holding(lease) as watch:
            run, practice = self.rows(run_id)
            address = Address(practice.url, self.folder(str(run_id)), words=self.words)
            ended = self._look(watch, practice, admin, address, run.adopt, run.verb)
            if ended.trouble is not None:
                return self._end(lease, run_id, RunStatus.FAILED, ended.trouble, unusable=ended.unusable)
            self.planned[run_id] = self.now()
            return self._end(lease, run_id, RunStatus.PLANNED, plan=ended.plan)

    def plan_practice(
        self, practice: Practice, admin: Credential, *, adopt: bool = False, record: Path | None = None
    ) -> Ended:
        """What a run would change now; leaves no run behind. Raises Busy when somebody is at the practice.

        With a folder to `record` to, what each screen is made of is written there, however the look ends. Raises
        SettingsProblem when it can't be.
        """
        given = [admin.username, admin.password.get_secret_value(), practice.name, practice.primary_location or ""]
        recorder = None if record is None else Recorder(record, tuple(filter(None, given)))
        deadline = VISIT_DEADLINE if record is None else 2 * VISIT_DEADLINE
        with self.practice_alone(practice) as watch:
            try:
                address = Address(practice.url, self.folder("looks", str(practice.id)), recorder, words=self.words)
                return self._look(watch, practice, admin, address, adopt, deadline=deadline)
            finally:
                if recorder is not None:
                    _written(recorder)

    def execute_run(
        self, run_id: int, admin: Credential, tell: Tell = lambda _: None, ask: Ask | None = None
    ) -> Ended | None:
        """Walk the guide for an approved (or waiting) run: SUCCEEDED, FAILED or WAITING. None when it isn't ours.

        With `ask` the walk asks before each click that changes something, and a no fails the run, to be gone on with.

        Where the lease is lost or the database is gone, nothing more is written and the StorageError is passed on:
        whoever comes next finds the run interrupted.
        """
        lease = runs.claim(self.engine, run_id, self.holder, now=self.now())
        if lease is None:
            return None
        with self.guard.holding(lease) as watch:
            execution = Execution(self, run_id, lease, watch, admin, tell, ask)
            try:
                outcome = self.guard.patiently(execution.once, (AutomationError, Late), worth_another_try)
            except (AutomationError, Late, Stopped) as error:
                trouble = trouble_of(error, execution.at)
                if not isinstance(error, Stopped):
                    execution.failed(trouble.what)
                waits = trouble.error_class is ErrorClass.HUMAN_NEEDED
                to = RunStatus.WAITING if waits else RunStatus.FAILED
                return self._end(lease, run_id, to, trouble, unusable=unusable(error))
            except Lapsed as lapsed:
                return self._end(lease, run_id, RunStatus.FAILED, LAPSED, plan=lapsed.plan)
            except StorageError:
                raise
            except Exception as error:  # whatever it is: the run must not stay RUNNING. Then it goes on as it came.
                execution.failed("Something unexpected happened.")
                self._end(lease, run_id, RunStatus.FAILED, unknown(error, execution.at))
                raise
            return self._succeed(lease, run_id, outcome)

    def check_practice(self, practice: Practice) -> Checked | None:
        """Log in as the practice's OneSpot account, look at it, keep what was found. None without a proved password.

        Raises Busy, Stopped or NoBrowser. Whatever is wrong at the EHR is an outcome, not an exception.
        """
        credential = self.vault.kept(practice.id, Purpose.FINAL, Stage.CURRENT)
        if credential is None:
            return None
        with self.practice_alone(practice) as watch:
            checked = self._checked(watch, practice, credential)
            rotations.settled(self.engine, practice.id, now=self.now())
            found = [checked.sentence, *(f"the {drift.what}" for drift in checked.drifts)]
            checks.record(self.engine, practice.id, checked.outcome, found, now=self.now(), grade=checked.grade)
            if checked.proves_the_password:
                self.vault.verified(practice.id, self.now())
            return checked

    # For those who work here: the walk below

    # Parts of the verbs

    def _look(
        self,
        watch: Watch,
        practice: Practice,
        admin: Credential,
        address: Address,
        adopt: bool,
        verb: Verb = Verb.PROVISION,
        deadline: float = VISIT_DEADLINE,
    ) -> Ended:
        def once() -> Plan:
            with self.visit(watch, practice, self.blank(practice, admin), deadline) as browser:
                return self.plan(browser, practice, address, admin, verb, adopt=adopt)

        try:
            return Ended(None, self.guard.patiently(once, (AutomationError, Late), worth_another_try))
        except (AutomationError, Late, Stopped) as error:
            return Ended(None, trouble=trouble_of(error), unusable=unusable(error))

    def _checked(self, watch: Watch, practice: Practice, credential: Credential) -> Checked:
        blank = self.blank(practice)

        def once() -> Checked:
            with self.visit(watch, practice, blank) as browser:
                folder, keep = self.folder("checks", str(practice.id)), self.keep(practice)
                address = Address(practice.url, folder, words=self.words)
                holds = self.hands.settle(browser, address, keep) or credential
                checked = self.hands.check(browser, address, holds, wanted(practice), keep)
            drifts = tuple(replace(drift, what=blank(drift.what)) for drift in checked.drifts)
            checked = replace(checked, sentence=blank(checked.sentence), drifts=drifts)
            if checked.outcome is CheckOutcome.EHR_DOWN:
                raise Unavailable(checked.sentence)
            return checked

        try:
            return self.guard.patiently(once, (AutomationError, Late), worth_another_try)
        except NoBrowser:
            raise
        except NeitherHolds as error:
            return Checked(CheckOutcome.LOGIN_REFUSED, f"{error.what} {error.do}", ())
        except (AutomationError, Late) as error:
            trouble = trouble_of(error)
            return Checked(OUTCOMES[trouble.error_class], f"{trouble.what} {trouble.do}".strip(), ())

    def _succeed(self, lease: Lease, run_id: int, outcome: Outcome) -> Ended:
        run, practice = self.rows(run_id)
        if run.verb is Verb.RETIRE:
            return self._retired(lease, run, practice, outcome)
        if self.vault.kept(practice.id, Purpose.FINAL, Stage.CURRENT) is None:
            return self._end(lease, run_id, RunStatus.FAILED, UNPROVED)
        practices.learned(self.engine, practice.id, outcome.ehr_id, outcome.username)
        runs.proved(self.engine, lease, run_id, self._proved(outcome))
        ended = self._end(lease, run_id, RunStatus.SUCCEEDED)
        audit.write(
            self.engine,
            run.requested_by,
            audit.DONE[run.verb] if outcome.changed else "found everything as it must be",
            practice_id=practice.id,
            run_id=run_id,
            detail=f"{outcome.username}, role {outcome.role_name}",
            now=self.now(),
        )
        return Ended(ended.run, outcome=outcome)

    def _retired(self, lease: Lease, run: Run, practice: Practice, outcome: Outcome) -> Ended:
        """The employee is inactive: destroy what is kept of the account, and only then call the run done.

        Stopped in between, the run goes on: `retired_at` says that the account was ours. The administrator's login goes
        last, so that there is one to go on with.
        """
        self._must_hold(lease)
        practices.retired(self.engine, practice.id, now=self.now())
        for purpose in (Purpose.FINAL, Purpose.TEMPORARY):
            self.vault.forget(practice.id, purpose)
        runs.proved(self.engine, lease, run.id, self._proved(outcome))
        ended = self._end(lease, run.id, RunStatus.SUCCEEDED)
        self.vault.forget(practice.id)
        audit.write(
            self.engine,
            run.requested_by,
            audit.DONE[run.verb],
            practice_id=practice.id,
            run_id=run.id,
            detail=f"{outcome.username}, credentials destroyed",
            now=self.now(),
        )
        return Ended(ended.run, outcome=outcome)

    def _proved(self, outcome: Outcome) -> dict[str, Any]:
        """What is kept of the outcome for evidence: what was proved when, and by which versions."""
        versions = {**outcome.versions, "onespot": version("onespot-provisioner")}
        return {**asdict(outcome), "versions": versions, "proved_at": self.now().isoformat()}

    def _must_hold(self, lease: Lease) -> None:
        if not runs.holds(self.engine, lease, now=self.now()):
            raise runs.LeaseLost

    def _end(
        self,
        lease: Lease,
        run_id: int,
        to: RunStatus,
        trouble: Trouble | None = None,
        *,
        plan: Plan | None = None,
        unusable: bool = False,
    ) -> Ended:
        """Move the run, if it is still ours to move; the row that comes back says how it stands in truth."""
        runs.move(self.engine, run_id, to, now=self.now(), plan=plan, error=trouble, lease=lease)
        return Ended(self.rows(run_id)[0], plan=plan, trouble=trouble, unusable=unusable)


def _written(recorder: Recorder) -> None:
    try:
        recorder.write()
        return
    except NotWritten as error:
        problem = str(error)
    raise SettingsProblem(problem)
