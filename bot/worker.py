"""The worker: an approved run becomes a walked guide, a sealed credential, a checked login.

Nobody talks here, and nothing decides who may ask or approve. The row is the truth: every verb may be called any number
of times by anybody, the claim lets one of them work, and every outcome moves the run. A walk is stopped only between
two steps, or by the fence before a click; a walk that hangs is ended by the watch.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import Engine

from automation.browser import Browser, BrowserMissing, open_browser
from automation.errors import AutomationError, NotRevolutionEHR, Unavailable, Unreachable
from automation.revolutionehr.check import Checked, check
from automation.revolutionehr.desired import Address, Policy, Wanted
from automation.revolutionehr.guide import GUIDE, Outcome, provision
from automation.revolutionehr.keep import Keep
from automation.revolutionehr.plan import make_plan
from automation.walk import Tell, Told
from bot.keep import VaultKeep
from bot.verdicts import LAPSED, OUTCOMES, STOPPED, UNPROVED, still_approved, unknown
from bot.watch import STEP_DEADLINE, Watch
from storage import audit, checks, practices, runs
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
    utcnow,
)
from storage.vault import Vault

PAUSES = (3.0, 15.0)
"""Seconds before the second and the third try of what failed as TRANSIENT: three tries in all."""

VISIT_DEADLINE = 300.0
"""Seconds for a look (a plan, a check), which has no steps to time."""

STEPS: tuple[tuple[int, str], ...] = tuple((step.number, step.title) for step in GUIDE)
"""The guide's numbers and titles, for whoever shows progress."""

PLACES: dict[str, str] = {step.name: f"step {step.number}, {step.title}" for step in GUIDE}
"""Where a run stands, in words, by the name that its steps are recorded under."""

T = TypeVar("T")


class Hands(Protocol):
    """What the worker uses of automation. The tests pass a walk written by hand."""

    def open_browser(self) -> AbstractContextManager[Browser]: ...

    def make_plan(
        self, browser: Browser, address: Address, admin: Credential, wanted: Wanted, keep: Keep, *, adopt: bool
    ) -> Plan: ...

    def provision(
        self,
        browser: Browser,
        address: Address,
        admin: Credential,
        wanted: Wanted,
        plan: Plan,
        keep: Keep,
        tell: Tell,
        fence: Callable[[], None],
        *,
        adopt: bool,
    ) -> Outcome: ...

    def check(
        self, browser: Browser, address: Address, credential: Credential, wanted: Wanted, keep: Keep
    ) -> Checked: ...


@dataclass(frozen=True)
class Chromium:
    """The real hands: a Chromium of this machine and automation's verbs as they are."""

    executable: str | None = None
    make_plan = staticmethod(make_plan)
    provision = staticmethod(provision)
    check = staticmethod(check)

    def open_browser(self) -> AbstractContextManager[Browser]:
        return open_browser(self.executable)


class NoBrowser(AutomationError):
    """This machine has no Chromium that starts; no try again helps."""

    error_class = ErrorClass.BUSINESS


class Stopped(Exception):
    """Somebody asked to stop. Raised where the walk can log out and end."""


class Busy(Exception):
    """Somebody else is at this practice now."""


class _Lapsed(Exception):
    """The plan made at the start isn't the approved one."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan


@dataclass(frozen=True)
class Ended:
    """How a call ended: the run as it stands now, what was made, what stopped it.

    `unusable` says that the address is wrong (nothing there, or not RevolutionEHR) or that this machine has no browser:
    a matter of settings, not of the practice.
    """

    run: Run
    outcome: Outcome | None = None
    trouble: Trouble | None = None
    unusable: bool = False


@dataclass(frozen=True)
class Looked:
    """What a look without a run found: the plan, or what stopped it; `unusable` as in `Ended`."""

    plan: Plan | None
    trouble: Trouble | None = None
    unusable: bool = False


@dataclass
class Worker:
    """All that a run needs, passed in. It works in one thread; `stop` and `stop_now` may come from any."""

    engine: Engine
    vault: Vault
    evidence: Path
    hands: Hands = field(default_factory=Chromium)
    now: Callable[[], datetime] = utcnow
    sleep: Callable[[float], object] = time.sleep
    pauses: Sequence[float] = PAUSES
    clock: Callable[[], float] = time.monotonic
    holder: str = field(default_factory=runs.this_process)
    news: Callable[[str], object] = lambda _: None
    """Told in a sentence what isn't a step, such as a second try."""

    stopping: bool = False
    """True once somebody asked to stop. (A plain flag: signal handlers must take no lock.)"""

    _killed: bool = False
    _watch: Watch | None = None
    _browser: Browser | None = None

    def plan_run(self, run_id: int, admin: Credential) -> Ended | None:
        """Make the run's plan, changing nothing in the EHR: PLANNED, or FAILED. None when it isn't ours to plan."""
        lease = runs.claim(self.engine, run_id, self.holder, now=self.now(), to=RunStatus.PLANNING)
        if lease is None:
            return None
        with self._holding(lease) as watch:
            run, practice = self._rows(run_id)
            try:
                plan = self._patiently(lambda: self._look(watch, practice, admin, self.folder(run_id), run.adopt))
            except AutomationError as error:
                return self._end(lease, run_id, RunStatus.FAILED, _trouble(error), unusable=_unusable(error))
            except Stopped:
                return self._end(lease, run_id, RunStatus.FAILED, STOPPED)
            return self._end(lease, run_id, RunStatus.PLANNED, plan=plan)

    def plan_practice(self, practice: Practice, admin: Credential, *, adopt: bool = False) -> Looked:
        """What a run would change now; leaves no run behind. Raises Busy when somebody is at the practice."""
        lease = runs.claim_practice(self.engine, practice.id, self.holder, now=self.now())
        if lease is None:
            raise Busy(practice.name)
        with self._holding(lease) as watch:
            folder = self._private("looks", str(practice.id))
            try:
                return Looked(self._patiently(lambda: self._look(watch, practice, admin, folder, adopt)))
            except AutomationError as error:
                return Looked(None, _trouble(error), _unusable(error))
            except Stopped:
                return Looked(None, STOPPED)

    def execute_run(self, run_id: int, admin: Credential, tell: Tell = lambda _: None) -> Ended | None:
        """Walk the guide for an approved (or waiting) run: SUCCEEDED, FAILED or WAITING. None when it isn't ours.

        Where the lease is lost or the database is gone, nothing more is written and the StorageError is passed on:
        whoever comes next finds the run interrupted.
        """
        lease = runs.claim(self.engine, run_id, self.holder, now=self.now())
        if lease is None:
            return None
        with self._holding(lease) as watch:
            walk = _Walk(self, run_id, lease, watch, admin, tell)
            try:
                outcome = self._patiently(walk.once)
            except AutomationError as error:
                walk.failed(error.what)
                return self._end(lease, run_id, _status(error), _trouble(error, walk.at), unusable=_unusable(error))
            except Stopped:
                return self._end(lease, run_id, RunStatus.FAILED, STOPPED)
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
        lease = runs.claim_practice(self.engine, practice.id, self.holder, now=self.now())
        if lease is None:
            raise Busy(practice.name)
        with self._holding(lease) as watch:
            checked = self._checked(watch, practice, credential)
            found = [checked.sentence, *checked.drifts]
            checks.record(self.engine, practice.id, checked.outcome, found, now=self.now())
            if checked.outcome in (CheckOutcome.HEALTHY, CheckOutcome.DRIFT):
                self.vault.verified(practice.id, self.now())
            return checked

    def stop(self) -> None:
        """Stop after the step in hand, which has 25 s; the run stays resumable."""
        self.stopping = True
        if self._watch is not None:
            self._watch.hurry()

    def stop_now(self) -> None:
        """Stop at once, by ending the browser's process; the run stays resumable."""
        self._killed = True
        self.stop()
        if self._browser is not None:
            self._browser.kill()

    def folder(self, run_id: int) -> Path:
        """Where the run's pictures are, for this user only; made when it isn't there."""
        return self._private(str(run_id))

    def keep(self, practice: Practice) -> VaultKeep:
        """What a walk at this practice may remember."""
        return VaultKeep(self.engine, self.vault, practice, self.now)

    @contextmanager
    def visit(self, watch: Watch, deadline: float) -> Iterator[Browser]:
        """A browser under the watch. When it was killed, what comes out says why, whatever came out of the browser."""
        if watch.lost:
            raise runs.LeaseLost
        with self._browser_of_our_own() as browser:
            self._browser, went_well = browser, False
            try:
                with watch.over(browser.kill, deadline):
                    yield browser
                went_well = True
            finally:
                self._browser = None
                if watch.lost or not went_well:
                    self._say_why_killed(watch)

    @contextmanager
    def _browser_of_our_own(self) -> Iterator[Browser]:
        try:
            with self.hands.open_browser() as browser:
                yield browser
        except BrowserMissing as error:
            missing = NoBrowser(str(error), "Nothing was done in RevolutionEHR.", "Run `onespot doctor --install`.")
        else:
            return
        raise missing

    def _say_why_killed(self, watch: Watch) -> None:
        if watch.lost:
            raise runs.LeaseLost from None
        if self._killed or (watch.late and self.stopping):
            raise Stopped from None
        if watch.late:
            raise Unavailable(
                f"RevolutionEHR did not come to an end within {STEP_DEADLINE:.0f} seconds.",
                "The page or the browser was stuck, so the browser was closed.",
                "Try again; if it happens at the same step every time, open that screen by hand.",
            ) from None

    @contextmanager
    def _holding(self, lease: Lease) -> Iterator[Watch]:
        """The lease, renewed by the watch and given back at the end. (A database that is gone can't take it back.)"""
        try:
            with Watch(lambda: runs.renew(self.engine, lease, now=self.now()), self.clock) as watch:
                self._watch = watch
                yield watch
        finally:
            self._watch = None
            with suppress(StorageError):
                runs.release(self.engine, lease)

    def _patiently(self, attempt: Callable[[], T]) -> T:
        """What is TRANSIENT is tried again after each of the pauses; everything else comes out at once."""
        for pause in self.pauses:
            if self.stopping:
                raise Stopped
            try:
                return attempt()
            except AutomationError as error:
                if error.error_class is not ErrorClass.TRANSIENT:
                    raise
                if self.stopping:
                    raise Stopped from None
                self.news(f"{error.what} Trying again in {pause:.0f} seconds.")
            self._rest(pause)
        if self.stopping:
            raise Stopped
        return attempt()

    def _rest(self, pause: float) -> None:
        """Sleep, a second at a time, and not to the end when somebody asks to stop."""
        for _ in range(round(pause)):
            if not self.stopping:
                self.sleep(1.0)

    def _look(self, watch: Watch, practice: Practice, admin: Credential, folder: Path, adopt: bool) -> Plan:
        with self.visit(watch, VISIT_DEADLINE) as browser:
            address = Address(practice.url, folder)
            return self.hands.make_plan(browser, address, admin, wanted(practice), self.keep(practice), adopt=adopt)

    def _checked(self, watch: Watch, practice: Practice, credential: Credential) -> Checked:
        def once() -> Checked:
            with self.visit(watch, VISIT_DEADLINE) as browser:
                address = Address(practice.url, self._private("checks", str(practice.id)))
                checked = self.hands.check(browser, address, credential, wanted(practice), self.keep(practice))
            if checked.outcome is CheckOutcome.EHR_DOWN:
                raise Unavailable(checked.sentence)
            return checked

        try:
            return self._patiently(once)
        except NoBrowser:
            raise
        except AutomationError as error:
            return Checked(OUTCOMES[error.error_class], f"{error.what} {error.do}".strip(), ())

    def _succeed(self, lease: Lease, run_id: int, outcome: Outcome) -> Ended:
        run, practice = self._rows(run_id)
        if self.vault.kept(practice.id, Purpose.FINAL, Stage.CURRENT) is None:
            return self._end(lease, run_id, RunStatus.FAILED, UNPROVED)
        practices.learned(self.engine, practice.id, outcome.ehr_id, outcome.username)
        ended = self._end(lease, run_id, RunStatus.SUCCEEDED)
        audit.write(
            self.engine,
            run.requested_by,
            "provisioned" if outcome.changed else "found everything as it must be",
            practice_id=practice.id,
            run_id=run_id,
            detail=f"{outcome.username}, role {outcome.role_name}",
            now=self.now(),
        )
        return Ended(ended.run, outcome)

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
        return Ended(self._rows(run_id)[0], trouble=trouble, unusable=unusable)

    def _rows(self, run_id: int) -> tuple[Run, Practice]:
        run = runs.get(self.engine, run_id)
        practice = None if run is None else practices.get(self.engine, run.practice_id)
        if run is None or practice is None:
            raise StorageError(f"Run {run_id} isn't in the database any more.")
        return run, practice

    def _private(self, *names: str) -> Path:
        folder = self.evidence
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in names:
            folder = folder / name
            folder.mkdir(mode=0o700, exist_ok=True)
        return folder


class _Walk:
    """One execution of a run: what is recorded and passed on, where it stands, and what may stop it."""

    def __init__(
        self, worker: Worker, run_id: int, lease: Lease, watch: Watch, admin: Credential, pass_on: Tell
    ) -> None:
        self.worker, self.lease, self.watch, self.admin, self.pass_on = worker, lease, watch, admin, pass_on
        self.run, self.practice = worker._rows(run_id)
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
        worker, practice = self.worker, self.practice
        address, keep = Address(practice.url, worker.folder(self.run.id)), worker.keep(practice)
        with worker.visit(self.watch, VISIT_DEADLINE) as browser:
            if self.plan is None:
                fresh = worker.hands.make_plan(
                    browser, address, self.admin, wanted(practice), keep, adopt=self.run.adopt
                )
                if not still_approved(self.run.the_plan, fresh, started=self.started):
                    raise _Lapsed(fresh)
                self.plan = fresh
            return worker.hands.provision(
                browser,
                address,
                self.admin,
                wanted(practice),
                self.plan,
                keep,
                self.tell,
                self.fence,
                adopt=self.run.adopt,
            )

    def tell(self, told: Told) -> None:
        """A checkpoint: recorded under the lease, then passed on. Between two steps, the place to stop when asked.

        Once this or the fence has stopped the walk, it says so again and records nothing: a step at which the database
        was lost must not be found failed.
        """
        self._raise_again()
        try:
            if told.status is StepStatus.RUNNING:
                if self.worker.stopping:
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

    def failed(self, why: str) -> None:
        """Close the step in hand as failed, unless the walk has said so itself."""
        if self.last is not None and self.last.status is StepStatus.RUNNING and self.over is None:
            told = Told(self.last.number, self.last.name, self.last.title, StepStatus.FAILED, why)
            self._record(told)
            self.pass_on(told)

    def _record(self, told: Told) -> None:
        worker = self.worker
        runs.record(
            worker.engine,
            self.lease,
            self.run.id,
            told.number,
            told.name,
            told.status,
            told.detail,
            told.seconds,
            now=worker.now(),
        )

    def _raise_again(self) -> None:
        if self.over is not None:
            raise self.over


def wanted(practice: Practice) -> Wanted:
    """What this practice's own settings ask for."""
    policy = Policy.parse(practice.password_policy) if practice.password_policy else Policy()
    return Wanted(practice.primary_location, policy)


def check_policy(text: str | None) -> None:
    """Raises ValueError with a sentence when the text isn't a password policy; no text is fine."""
    if text is not None:
        Policy.parse(text)


def _status(error: AutomationError) -> RunStatus:
    return RunStatus.WAITING if error.error_class is ErrorClass.HUMAN_NEEDED else RunStatus.FAILED


def _trouble(error: AutomationError, step: int | None = None) -> Trouble:
    return Trouble(error.error_class, error.what, error.means, error.do, step)


def _unusable(error: AutomationError) -> bool:
    return isinstance(error, NotRevolutionEHR | Unreachable | NoBrowser)
