"""The worker: an approved run becomes a walked guide, a sealed credential, a checked login.

Nobody talks here, and nothing decides who may ask or approve. The row is the truth: every verb may be called any number
of times by anybody, the claim lets one of them work, and every outcome moves the run. A walk is stopped only between
two steps, or by the fence before a click; a walk that hangs is ended by the guard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Engine

from automation.browser import Browser, BrowserMissing
from automation.errors import AutomationError, NotRevolutionEHR, Unavailable, Unreachable
from automation.revolutionehr.address import Address, Pause
from automation.revolutionehr.check import Checked
from automation.revolutionehr.guide import Outcome
from automation.revolutionehr.record import NotWritten, Recorder
from automation.revolutionehr.rotate import NeitherHolds
from automation.walk import Tell, Told
from bot.blank import Blank, blank_for
from bot.guard import Guard, Late, Stopped
from bot.hands import Hands, NoBrowser, Words, wanted
from bot.keep import VaultKeep
from bot.problems import SettingsProblem
from bot.seats import Seats
from bot.verdicts import LAPSED, LATE, OUTCOMES, STOPPED, UNPROVED, still_approved, unknown
from bot.watch import Watch
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
    StepStatus,
    Trouble,
    Verb,
    utcnow,
)
from storage.vault import Vault

VISIT_DEADLINE = 300.0
"""Seconds for a look (a plan, a check), which has no steps to time."""

PATIENCE = 4 * 3600.0
"""Seconds that somebody who is asked before a click may take; RevolutionEHR ends its session much sooner."""

FRESH = timedelta(minutes=1)
"""As old as a plan may be to be walked without another look. Each step looks by itself before it acts, too."""

REFUSED = (CheckOutcome.LOGIN_REFUSED, CheckOutcome.LOCKED)
"""What a check found where a repair sets a new temporary password."""


Ask = Callable[[Told, Pause], bool]
"""Whether to go on, at that step, with the click that the pause describes."""


class Busy(Exception):
    """Somebody else is at this practice now."""


class Declined(Stopped):
    """Whoever watches the walk step by step did not want a click to be made; it wasn't."""

    def __init__(self, press: str) -> None:
        super().__init__()
        self.trouble = Trouble(
            ErrorClass.TRANSIENT,
            f"You stopped it before “{press}” was pressed.",
            "Nothing was saved by that press. What was saved before it stays, and every password of it is kept.",
            STOPPED.do,
        )


class _Lapsed(Exception):
    """The plan made at the start isn't the approved one."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan


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
class Worker:
    """All that a run needs, passed in. It works in one thread; its guard can be told to stop from any."""

    engine: Engine
    vault: Vault
    evidence: Path
    guard: Guard
    hands: Hands = field(default_factory=Hands)
    now: Callable[[], datetime] = utcnow
    holder: str = field(default_factory=runs.this_process)
    words: Words = field(default_factory=Words)
    """What the guide's words are called at the practices of this installation."""
    seats: Seats | None = None
    """How many visits there are at one EHR at a time, on all machines together; without it as many as come."""
    planned: dict[int, datetime] = field(default_factory=dict)
    """When this worker planned which run, for as long as it remembers."""

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
        with self._practice_alone(practice) as watch:
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
            walk = _Walk(self, run_id, lease, watch, admin, tell, ask)
            try:
                outcome = self.guard.patiently(walk.once, (AutomationError, Late), worth_another_try)
            except (AutomationError, Late, Stopped) as error:
                trouble = trouble_of(error, walk.at)
                if not isinstance(error, Stopped):
                    walk.failed(trouble.what)
                waits = trouble.error_class is ErrorClass.HUMAN_NEEDED
                to = RunStatus.WAITING if waits else RunStatus.FAILED
                return self._end(lease, run_id, to, trouble, unusable=_unusable(error))
            except _Lapsed as lapsed:
                return self._end(lease, run_id, RunStatus.FAILED, LAPSED, plan=lapsed.plan)
            except StorageError:
                raise
            except Exception as error:  # whatever it is: the run must not stay RUNNING. Then it goes on as it came.
                walk.failed("Something unexpected happened.")
                self._end(lease, run_id, RunStatus.FAILED, unknown(error, walk.at))
                raise
            return self._succeed(lease, run_id, outcome)

    def check_practice(self, practice: Practice) -> Checked | None:
        """Log in as the practice's OneSpot account, look at it, keep what was found. None without a proved password.

        Raises Busy, Stopped or NoBrowser. Whatever is wrong at the EHR is an outcome, not an exception.
        """
        credential = self.vault.kept(practice.id, Purpose.FINAL, Stage.CURRENT)
        if credential is None:
            return None
        with self._practice_alone(practice) as watch:
            checked = self._checked(watch, practice, credential)
            rotations.settled(self.engine, practice.id, now=self.now())
            found = [checked.sentence, *(f"the {drift.what}" for drift in checked.drifts)]
            checks.record(self.engine, practice.id, checked.outcome, found, now=self.now(), grade=checked.grade)
            if checked.proves_the_password:
                self.vault.verified(practice.id, self.now())
            return checked

    # For those who work here: the walk below

    @contextmanager
    def visit(
        self, watch: Watch, practice: Practice, blank: Blank, deadline: float = VISIT_DEADLINE
    ) -> Iterator[Browser]:
        """A browser under the guard, once there is a seat at this practice's EHR; errors that leave it are blanked.

        Raises NoBrowser when there is none, LeaseLost, Stopped or Late when it ended.
        """
        with ExitStack() as seat:
            if self.seats is not None:
                host = urlsplit(practice.url).netloc
                seat.enter_context(self.seats.at(host, lambda: self.guard.go_on_waiting(watch)))
            with self._browser(watch, blank, deadline) as browser:
                yield browser

    @contextmanager
    def _browser(self, watch: Watch, blank: Blank, deadline: float) -> Iterator[Browser]:
        try:
            with self.hands.open_browser() as browser, self.guard.over(browser, watch, deadline):
                yield browser
        except AutomationError as error:
            error.reword(blank)
            raise
        except BrowserMissing as error:
            missing = NoBrowser(str(error), "Nothing was done in RevolutionEHR.", "Run `onespot doctor --install`.")
        else:
            return
        raise missing

    def blank(self, practice: Practice, *given: Credential) -> Blank:
        """What takes this practice's passwords, and those that were given, out of a sentence."""
        return blank_for(self.vault, practice.id, *given)

    def keep(self, practice: Practice) -> VaultKeep:
        """What a walk at this practice may remember."""
        return VaultKeep(self.engine, self.vault, practice, self.now)

    def folder(self, *names: str) -> Path:
        """A folder for pictures, of a run by its id, for this user only; made when it isn't there."""
        folder = self.evidence
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in names:
            folder = folder / name
            folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def rows(self, run_id: int) -> tuple[Run, Practice]:
        """The run and its practice, as they stand."""
        run = runs.get(self.engine, run_id)
        practice = None if run is None else practices.get(self.engine, run.practice_id)
        if run is None or practice is None:
            raise StorageError(f"Run {run_id} isn't in the database any more.")
        return run, practice

    def plan(
        self, browser: Browser, practice: Practice, address: Address, admin: Credential, verb: Verb, *, adopt: bool
    ) -> Plan:
        """What a run of this verb would change, looked at now."""
        hands, keep = self.hands, self.keep(practice)
        if verb is Verb.REPAIR:
            new = self._was_refused(practice)
            return hands.plan_repair(browser, address, admin, wanted(practice), keep, new_password=new)
        if verb is Verb.RETIRE:
            was = practice.retired_at is not None
            return hands.plan_retirement(browser, address, admin, keep, retired=was)
        return hands.make_plan(browser, address, admin, wanted(practice), keep, adopt=adopt)

    # Parts of the verbs

    def _was_refused(self, practice: Practice) -> bool:
        """Whether the kept password was refused at the last check, and no login has proved one since."""
        last, proved = checks.latest(self.engine, practice.id), self.vault.verified_at(practice.id)
        return last is not None and last.outcome in REFUSED and (proved is None or proved < last.at)

    @contextmanager
    def _practice_alone(self, practice: Practice) -> Iterator[Watch]:
        lease = runs.claim_practice(self.engine, practice.id, self.holder, now=self.now())
        if lease is None:
            raise Busy(practice.name)
        with self.guard.holding(lease) as watch:
            yield watch

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
            return Ended(None, trouble=trouble_of(error), unusable=_unusable(error))

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


class _Walk:
    """One execution of a run: what is recorded and passed on, where it stands, and what may stop it."""

    def __init__(
        self,
        worker: Worker,
        run_id: int,
        lease: Lease,
        watch: Watch,
        admin: Credential,
        pass_on: Tell,
        ask: Ask | None = None,
    ) -> None:
        self.worker, self.lease, self.watch, self.admin, self.pass_on = worker, lease, watch, admin, pass_on
        self.ask = ask
        self.run, self.practice = worker.rows(run_id)
        self.blank = worker.blank(self.practice, admin)
        self.started = bool(runs.steps(worker.engine, run_id))
        self.plan: Plan | None = None
        self.last: Told | None = None
        self.over: Exception | None = None

    @property
    def at(self) -> int | None:
        """The number of the step in hand, or of the last one."""
        return None if self.last is None else self.last.number

    def once(self) -> Outcome:
        """One try: the plan again (until that worked once), then the whole guide, which looks before it acts."""
        worker, run = self.worker, self.run
        ask = None if self.ask is None else partial(self.ask_first, self.ask)
        address = Address(self.practice.url, worker.folder(str(run.id)), ask=ask, words=worker.words)
        if self.plan is None and self._planned_just_now():
            self.plan = self.run.the_plan
        with worker.visit(self.watch, self.practice, self.blank) as browser:
            if self.plan is None:
                fresh = worker.plan(browser, self.practice, address, self.admin, run.verb, adopt=run.adopt)
                if not still_approved(run.the_plan, fresh, started=self.started):
                    raise _Lapsed(fresh)
                self.plan = fresh
            return self._walk(browser, address, self.plan)

    def _walk(self, browser: Browser, address: Address, plan: Plan) -> Outcome:
        """The walk of the run's verb: all three with the same plan, the same checkpoints, the same fence."""
        hands, keep, admin = self.worker.hands, self.worker.keep(self.practice), self.admin
        if self.run.verb is Verb.RETIRE:
            return hands.retire(browser, address, admin, plan, keep, self.tell, self.fence)
        want = wanted(self.practice)
        if self.run.verb is Verb.REPAIR:
            return hands.repair(browser, address, admin, want, plan, keep, self.tell, self.fence)
        adopt = self.run.adopt
        return hands.provision(browser, address, admin, want, plan, keep, self.tell, self.fence, adopt=adopt)

    def _planned_just_now(self) -> bool:
        """True, once, for a run that this very worker planned within the last minute."""
        made = self.worker.planned.pop(self.run.id, None)
        return made is not None and not self.started and self.worker.now() - made < FRESH

    def tell(self, told: Told) -> None:
        """A checkpoint: recorded under the lease, then passed on. Between two steps, the place to stop when asked.

        Once this or the fence has stopped the walk, it says so again and records nothing: a step at which the database
        was lost must not be found failed.
        """
        self._raise_again()
        told = replace(told, detail=self.blank(told.detail))
        try:
            if told.status is StepStatus.RUNNING:
                if self.worker.guard.stopping or self._cancelled():
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
            if self.watch.lost or not runs.holds(self.worker.engine, self.lease, now=self.worker.now()):
                raise runs.LeaseLost
        except StorageError as error:
            self.over = error
            raise

    def ask_first(self, ask: Ask, pause: Pause) -> None:
        """Asked before a mutating click where somebody watches, who may take their time. Raises Declined or Stopped."""
        self.watch.step(PATIENCE)
        wanted = self.last is None or ask(self.last, pause)
        self.watch.step()
        if not wanted or self.worker.guard.stopping:
            self.over = Declined(pause.press)
            raise self.over

    def failed(self, why: str) -> None:
        """Close the step in hand as failed, unless the walk has said so itself."""
        if self.last is not None and self.last.status is StepStatus.RUNNING and self.over is None:
            told = Told(self.last.number, self.last.name, self.last.title, StepStatus.FAILED, why)
            self._record(told)
            self.pass_on(told)

    def _cancelled(self) -> bool:
        run = runs.get(self.worker.engine, self.run.id)
        return run is None or run.status is RunStatus.CANCELLED

    def _record(self, told: Told) -> None:
        now, run_id = self.worker.now(), self.run.id
        step = (told.number, told.name, told.status, told.detail, told.seconds, told.picture)
        runs.record(self.worker.engine, self.lease, run_id, *step, now=now)

    def _raise_again(self) -> None:
        if self.over is not None:
            raise self.over


def _written(recorder: Recorder) -> None:
    try:
        recorder.write()
        return
    except NotWritten as error:
        problem = str(error)
    raise SettingsProblem(problem)


def worth_another_try(error: Exception) -> str | None:
    """What happened, where it may pass by itself; None for anything else."""
    trouble = trouble_of(error)
    return trouble.what if trouble.error_class is ErrorClass.TRANSIENT else None


def trouble_of(error: Exception, step: int | None = None) -> Trouble:
    """What an AutomationError, Late or Stopped says, as a value."""
    if isinstance(error, AutomationError):
        return Trouble(error.error_class, error.what, error.means, error.do, step)
    if isinstance(error, Declined):
        return replace(error.trouble, step=step)
    return replace(STOPPED if isinstance(error, Stopped) else LATE, step=step)


def _unusable(error: Exception) -> bool:
    return isinstance(error, NotRevolutionEHR | Unreachable | NoBrowser)
