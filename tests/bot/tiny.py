"""A tiny RevolutionEHR and hands that walk it: no browser, no network, but a real order of things.

What misbehaves is a switch of `TinyEhr`. The hands keep before they type, look before they act, ask the fence before
each change, and log out whatever happens, as automation does.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr

from automation.errors import AutomationError, Unavailable
from automation.revolutionehr.check import Checked
from automation.revolutionehr.guide import GUIDE
from automation.revolutionehr.repair import NEW_PASSWORD, wants_new_password
from automation.revolutionehr.retire import STEPS as RETIREMENT
from automation.revolutionehr.rotate import Rotated
from automation.revolutionehr.walking import Outcome
from automation.walk import Told
from storage.models import Change, ChangeKind, CheckOutcome, Credential, Plan, Purpose, Stage, StepStatus

URL = "http://tiny.example/static/"
ADMIN = Credential("mhalloran", SecretStr("canary-admin-password"))

ROTATE, SENT, SETTLE = 101, 102, 103
"""Where a rotation may go wrong: at its login, right after the new password was sent off, and while it is settled."""


@dataclass
class TinyEhr:
    """The truth of one practice, and what is wrong with it today."""

    url: str = URL
    role: bool = False
    password: str | None = None
    must_reset: bool = False
    active: bool = True
    edited: bool = False
    """Whether somebody ticked something in our role."""

    primary: str = "Main"
    forbidden: str | None = None
    open_sessions: int = 0
    logins: int = 0
    plans: int = 0
    troubles: dict[int, list[Exception]] = field(default_factory=dict)
    """What happens at a step, in this order, once each; number 0 is the plan."""

    before: dict[int, Callable[[], Any]] = field(default_factory=dict)
    """Called when the step of that number begins to act."""

    forgets_to_prove: bool = False
    takes_passwords: bool = True
    refused: int = 0
    """Logins with a password that isn't the one."""

    check_says: Checked | AutomationError = field(
        default_factory=lambda: Checked(CheckOutcome.HEALTHY, "It logs in and has what it needs.", ())
    )

    @property
    def faults(self) -> TinyEhr:
        """For the demo: the same thing, as a set of switches."""
        return self

    def on(self, name: str) -> None:
        self.troubles[8] = [Unavailable(f"The page failed ({name}).", "The server had an error.", "Try again.")]


class TinyBrowser:
    """Something that can be halted, and killed."""

    def __init__(self) -> None:
        self.killed = threading.Event()
        self.halted = threading.Event()

    def halt(self) -> None:
        self.halted.set()

    def kill(self) -> None:
        self.killed.set()


@dataclass
class TinyHands:
    """Automation's verbs over the tiny EHR."""

    ehr: TinyEhr = field(default_factory=TinyEhr)
    browsers: list[TinyBrowser] = field(default_factory=list)
    missing: Exception | None = None
    closed_by: list[str] = field(default_factory=list)
    """The names of the threads that closed their browser."""

    @contextmanager
    def open_browser(self) -> Iterator[TinyBrowser]:
        if self.missing is not None:
            raise self.missing
        self.browsers.append(TinyBrowser())
        yield self.browsers[-1]

    def close(self) -> None:
        self.closed_by.append(threading.current_thread().name)

    def make_plan(self, browser: Any, address: Any, admin: Any, wanted: Any, keep: Any, *, adopt: bool) -> Plan:
        ehr = self.ehr
        ehr.plans += 1
        self._misbehave(ehr, 0)
        role = ChangeKind.LEAVE if ehr.role else ChangeKind.CREATE
        employee = ChangeKind.LEAVE if ehr.password else ChangeKind.CREATE
        changes = [Change(role, "Role OneSpot"), Change(employee, "Employee OneSpot2915")]
        if ehr.forbidden:
            changes.append(Change(ChangeKind.FORBID, "Role OneSpot", ehr.forbidden))
        return Plan("2915", "OneSpot2915", wanted.primary_location or ehr.primary, ("Main", "North"), tuple(changes))

    def provision(
        self,
        browser: Any,
        address: Any,
        admin: Any,
        wanted: Any,
        plan: Plan,
        keep: Any,
        tell: Callable[[Told], None],
        fence: Callable[[], None],
        *,
        adopt: bool,
    ) -> Outcome:
        ehr, changed = self.ehr, False
        ehr.logins += 1
        ehr.open_sessions += 1
        try:
            for step in GUIDE:
                tell(Told(step.number, step.name, step.title, StepStatus.RUNNING))
                ehr.before.pop(step.number, lambda: None)()
                self._misbehave(ehr, step.number)
                did = self._do(ehr, step.number, plan.username, keep, fence)
                changed = changed or did
                status = StepStatus.DONE if did or step.number in (1, 2, 15) else StepStatus.ALREADY_THERE
                tell(Told(step.number, step.name, step.title, status, seconds=0.1))
        finally:
            ehr.open_sessions -= 1
        return Outcome(plan.username, plan.ehr_id, "OneSpot", plan.primary_location, plan.locations, changed, {})

    def plan_repair(
        self, browser: Any, address: Any, admin: Any, wanted: Any, keep: Any, *, new_password: bool
    ) -> Plan:
        ehr = self.ehr
        ehr.plans += 1
        self._misbehave(ehr, 0)
        if not keep.knows("OneSpot2915"):
            return Plan("2915", "OneSpot2915", "", (), (Change(ChangeKind.FORBID, "Employee OneSpot2915", "unknown"),))
        differs = ChangeKind.CHANGE if ehr.edited else ChangeKind.LEAVE
        changes = [Change(differs, "Role OneSpot"), Change(ChangeKind.LEAVE, "Employee OneSpot2915")]
        if new_password:
            changes.append(Change(ChangeKind.CHANGE, "password", NEW_PASSWORD))
        return Plan("2915", "OneSpot2915", ehr.primary, ("Main", "North"), tuple(changes))

    def repair(
        self,
        browser: Any,
        address: Any,
        admin: Any,
        wanted: Any,
        plan: Plan,
        keep: Any,
        tell: Callable[[Told], None],
        fence: Callable[[], None],
    ) -> Outcome:
        if wants_new_password(plan):
            self.ehr.password = None
        edited = self.ehr.edited
        self.ehr.role = not edited
        outcome = self.provision(browser, address, admin, wanted, plan, keep, tell, fence, adopt=False)
        self.ehr.edited = False
        return outcome

    def plan_retirement(self, browser: Any, address: Any, admin: Any, keep: Any, *, retired: bool) -> Plan:
        ehr = self.ehr
        ehr.plans += 1
        self._misbehave(ehr, 0)
        kind = ChangeKind.CHANGE if ehr.active else ChangeKind.LEAVE
        kind = kind if retired or keep.knows("OneSpot2915") else ChangeKind.FORBID
        changes = (Change(kind, "Employee OneSpot2915"), Change(ChangeKind.CHANGE, "credentials", "are destroyed"))
        return Plan("2915", "OneSpot2915", "", (), changes)

    def retire(
        self,
        browser: Any,
        address: Any,
        admin: Any,
        plan: Plan,
        keep: Any,
        tell: Callable[[Told], None],
        fence: Callable[[], None],
    ) -> Outcome:
        ehr, changed = self.ehr, False
        ehr.logins += 1
        ehr.open_sessions += 1
        try:
            for step in RETIREMENT:
                tell(Told(step.number, step.name, step.title, StepStatus.RUNNING))
                ehr.before.pop(step.number, lambda: None)()
                self._misbehave(ehr, step.number)
                did = step.number == 4 and ehr.active
                if did:
                    fence()
                    ehr.active = False
                changed = changed or did
                status = StepStatus.DONE if did or step.number != 4 else StepStatus.ALREADY_THERE
                tell(Told(step.number, step.name, step.title, status, seconds=0.1))
        finally:
            ehr.open_sessions -= 1
        return Outcome(plan.username, plan.ehr_id, "OneSpot", "", (), changed, {})

    def check(self, browser: Any, address: Any, credential: Any, wanted: Any, keep: Any) -> Checked:
        says = self.ehr.check_says
        if isinstance(says, Exception):
            raise says
        return says

    def settle(self, browser: Any, address: Any, keep: Any) -> Credential | None:
        pending = keep.kept(Purpose.FINAL, Stage.PENDING)
        if pending is None or not keep.was_submitted(Purpose.FINAL):
            keep.drop()
            return None
        self._misbehave(self.ehr, SETTLE)
        if pending.password.get_secret_value() == self.ehr.password:
            keep.prove()
        else:
            self.ehr.refused += 1
            keep.drop()
        return pending if self.ehr.password == pending.password.get_secret_value() else None

    def rotate(
        self, browser: Any, address: Any, credential: Credential, wanted: Any, keep: Any, fence: Callable[[], None]
    ) -> Rotated:
        ehr = self.ehr
        if self.settle(browser, address, keep) is not None:
            return Rotated(credential.username, settled=True)
        ehr.logins += 1
        ehr.before.pop(ROTATE, lambda: None)()
        self._misbehave(ehr, ROTATE)
        new = f"canary-rotated-{ehr.logins}"
        keep.keep(Purpose.FINAL, Credential(credential.username, SecretStr(new)))
        fence()
        keep.mark_submitted(Purpose.FINAL)
        if ehr.takes_passwords:
            ehr.password = new
        ehr.before.pop(SENT, lambda: None)()
        self._misbehave(ehr, SENT)
        keep.prove()
        return Rotated(credential.username)

    def _misbehave(self, ehr: TinyEhr, number: int) -> None:
        troubles = ehr.troubles.get(number)
        if troubles:
            raise troubles.pop(0)

    def _do(self, ehr: TinyEhr, number: int, username: str, keep: Any, fence: Callable[[], None]) -> bool:
        if number == 7 and not ehr.role:
            fence()
            ehr.role = True
        elif number == 14 and ehr.password is None:
            keep.keep(Purpose.TEMPORARY, Credential(username, SecretStr("canary-temporary")))
            fence()
            ehr.password, ehr.must_reset = "canary-temporary", True
        elif number == 16 and ehr.must_reset:
            keep.keep(Purpose.FINAL, Credential(username, SecretStr("canary-final")))
            keep.mark_submitted(Purpose.FINAL)
            fence()
            ehr.password, ehr.must_reset = "canary-final", False
        elif number == 17:
            known = keep.kept(Purpose.FINAL, Stage.PENDING) or keep.kept(Purpose.FINAL, Stage.CURRENT)
            assert known is not None
            assert known.password.get_secret_value() == ehr.password
            was_pending = keep.kept(Purpose.FINAL, Stage.PENDING) is not None
            if not ehr.forgets_to_prove:
                keep.prove()
            return was_pending
        else:
            return False
        return True
