"""Each drift put right, in a real browser at both front ends: the account as the guide leaves it, all else untouched.

What counts is the stand-in's own truth before the drift and after the repair. ONESPOT_ALL_STEPS=1 runs each case on
both front ends; every day one runs on one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from automation.browser import Browser
from automation.errors import Forbidden
from automation.revolutionehr.address import Address
from automation.revolutionehr.check import check
from automation.revolutionehr.desired import Wanted
from automation.revolutionehr.guide import provision
from automation.revolutionehr.plan import make_plan
from automation.revolutionehr.repair import EVERYBODY, plan_repair, repair
from automation.revolutionehr.walking import Outcome
from automation.walk import Told
from bot.keep import VaultKeep
from sandbox.ehr import ADMIN_PASSWORD, ADMIN_USERNAME, SandboxEhr
from sandbox.ehr.records import Day, Employee, Location, Role, Secret
from storage.models import ChangeKind, CheckOutcome, Credential, Plan, Purpose, Stage, StepStatus, utcnow
from tests.kept import FORMER, USERNAME, in_a_database, in_the_ehr
from tests.onespot import daily, only_with_everything

pytestmark = pytest.mark.browser

Front = Literal["legacy", "modern"]
FRONTS: tuple[Front, ...] = ("legacy", "modern")
ADMIN = Credential(ADMIN_USERNAME, SecretStr(ADMIN_PASSWORD))
OUTSIDE = "Lakeside-Annex"


def provisioned(ehr: SandboxEhr) -> None:
    """The account as the guide leaves it, put there directly."""
    in_the_ehr(ehr.state).other = {}


def truth(ehr: SandboxEhr) -> dict[str, Any]:
    """All of it but what happened on the way; lists of an employee in a fixed order, empty fields as none."""
    all_ = ehr.state.as_json()
    for who in all_["employees"]:
        for name in ("roles", "roleIds", "locations", "locationIds"):
            who[name] = sorted(who[name])
        for name in [name for name, value in who.items() if value == ""]:
            del who[name]
    return {name: all_[name] for name in ("practice", "locations", "roles", "employees")}


@dataclass
class At:
    """A practice whose account was provisioned, and everything to see both sides of it."""

    ehr: SandboxEhr
    browser: Browser
    engine: Engine
    keep: VaultKeep
    told: list[Told] = field(default_factory=list)
    fenced: int = 0

    @property
    def who(self) -> Employee:
        who = self.ehr.state.employee(USERNAME)
        assert who is not None
        return who

    @property
    def role(self) -> Role:
        return self.ehr.state.roles[self.who.role_ids[0]]

    @property
    def current(self) -> Credential:
        kept = self.keep.kept(Purpose.FINAL, Stage.CURRENT)
        assert kept is not None
        return kept

    @property
    def changes(self) -> list[str]:
        return [one.what for one in self.ehr.state.mutations]

    def plan(self, *, new_password: bool = False) -> Plan:
        before = list(self.ehr.state.mutations)
        address = Address(self.ehr.url)
        plan = plan_repair(self.browser, address, ADMIN, Wanted(), self.keep, new_password=new_password)
        assert self.ehr.state.mutations == before
        return plan

    def repair(self, plan: Plan) -> Outcome:
        return repair(
            self.browser, Address(self.ehr.url), ADMIN, Wanted(), plan, self.keep, self.told.append, self.fence
        )

    def fence(self) -> None:
        self.fenced += 1

    def lines(self, plan: Plan) -> list[str]:
        """What the plan would do, as a person reads it."""
        to_do = (ChangeKind.CREATE, ChangeKind.CHANGE)
        return [f"{change.what}: {change.detail}" for change in plan.changes if change.kind in to_do]

    def assert_healthy(self) -> None:
        """The kept password logs in and the account has all it needs; nobody is left logged in."""
        found = check(self.browser, Address(self.ehr.url), self.current, Wanted(), self.keep)
        assert (found.outcome, found.drifts) == (CheckOutcome.HEALTHY, ()), found
        assert [one for one in self.ehr.state.sessions if one.lasts] == []
        assert self.keep.kept(Purpose.TEMPORARY, Stage.PENDING) is None
        assert self.keep.kept(Purpose.FINAL, Stage.PENDING) is None


Begin = Callable[..., At]


@pytest.fixture
def at(browser: Browser, sqlite_template: Path, tmp_path: Path) -> Iterator[Begin]:
    """A provisioned practice at an EHR with these faults; `known=False`: this vault didn't make the account."""
    with ExitStack() as stack:

        def begin(front: Front, *faults: str, known: bool = True, test_ids: bool = True) -> At:
            ehr = stack.enter_context(SandboxEhr(front, faults=faults, test_ids=test_ids))
            provisioned(ehr)
            kept = in_a_database(stack, sqlite_template, tmp_path, ehr)
            if known:
                kept.prove()
            return At(ehr, browser, kept.engine, VaultKeep(kept.engine, kept.vault, kept.practice, utcnow))

        yield begin


# --- the drifts


def nothing(at: At) -> None:
    pass


def permission_removed(at: At) -> None:
    at.role.permissions.remove("administration-module.vendors-partners")


def permission_added(at: At) -> None:
    at.role.permissions |= {"accounting-module.edit-invoices", "schedule-module.view-schedule"}


def role_renamed(at: At) -> None:
    at.role.name = "OneSpot sync (do not touch)"


def role_shared(at: At) -> None:
    """Somebody else got our role, and it was edited."""
    other = at.ehr.state.employee("gmarsh")
    assert other is not None
    other.role_ids.append(at.role.id)
    permission_added(at)


def location_added(at: At) -> None:
    at.ehr.state.locations["4999"] = Location("4999", OUTSIDE, OUTSIDE)


def location_unticked(at: At) -> None:
    at.who.location_ids.remove("4602")


def employee_deactivated(at: At) -> None:
    at.who.active = False


def emergency_on(at: At) -> None:
    at.who.emergency = True


def day_closed(at: At) -> None:
    at.who.days["Sunday"] = Day(False)


def role_of_somebody_else_too(at: At) -> None:
    at.who.role_ids.append(at.ehr.state.roles_named("Front Desk")[0].id)


def role_taken(at: At) -> None:
    at.who.role_ids = [at.ehr.state.roles_named("Front Desk")[0].id]


def password_changed(at: At) -> None:
    at.who.secret = Secret.of("Changed-By-Hand-77")


def locked(at: At) -> None:
    at.who.locked, at.who.wrong_passwords = True, 5


def everything(at: At) -> None:
    for drift in (
        permission_added,
        location_unticked,
        day_closed,
        emergency_on,
        password_changed,
        employee_deactivated,
    ):
        drift(at)


DRIFTS: dict[Callable[[At], None], tuple[str, list[str]]] = {
    nothing: ("", []),
    permission_removed: ("lacks Vendors/Partners (Administration Module), which is ticked", ["role changed"]),
    permission_added: ("has Edit Invoices (Accounting Module) too, which is unticked", ["role changed"]),
    role_renamed: ("the role OneSpot sync (do not touch) is renamed to OneSpot", ["role changed"]),
    location_unticked: ("may not access Lakeside Optical", ["employee changed"]),
    employee_deactivated: ("is inactive; it is activated again", ["employee activated"]),
    emergency_on: ("has emergency access", ["employee changed"]),
    day_closed: ("may not log in on Sunday", ["employee changed"]),
    role_of_somebody_else_too: ("has the role Front Desk too", ["employee changed"]),
    role_taken: ("lacks the role OneSpot", ["employee changed"]),
}
"""What the plan says about each, and the changes that put it right."""


@pytest.mark.parametrize(
    ("front", "drift"),
    daily([(front, drift) for front in FRONTS for drift in DRIFTS], ("legacy", permission_added)),
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_a_drift_is_put_right_and_nothing_else_is_touched(at: Begin, front: Front, drift: Callable[[At], None]) -> None:
    here = at(front, test_ids=front == "legacy")
    before = truth(here.ehr)
    drift(here)
    words, changes = DRIFTS[drift]

    plan = here.plan()
    assert plan.forbidden == ()
    assert any(words in line for line in here.lines(plan)) if words else plan.changes_nothing
    outcome = here.repair(plan)

    assert truth(here.ehr) == before
    assert here.changes == changes
    assert here.fenced == len(changes)
    assert (outcome.changed, outcome.renewed) == (bool(changes), False)
    assert here.current.password.get_secret_value() == FORMER
    assert {one.status for one in here.told} <= {StepStatus.RUNNING, StepStatus.DONE, StepStatus.ALREADY_THERE}
    here.assert_healthy()


@pytest.mark.parametrize("front", [only_with_everything(front) for front in FRONTS])
def test_a_location_that_was_opened_later_is_ticked(at: Begin, front: Front) -> None:
    here = at(front)
    location_added(here)
    before = truth(here.ehr)
    plan = here.plan()
    assert f"employee Sync OneSpot (OneSpot2915): may not access {OUTSIDE}" in here.lines(plan)
    here.repair(plan)
    (who,) = [who for who in before["employees"] if who["username"] == USERNAME]
    who["locations"], who["locationIds"] = sorted([*who["locations"], OUTSIDE]), sorted([*who["locationIds"], "4999"])
    assert truth(here.ehr) == before
    here.assert_healthy()


@pytest.mark.parametrize(
    ("front", "drift"),
    [only_with_everything(front, drift) for front in FRONTS for drift in (password_changed, locked, everything)],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_a_refused_password_becomes_a_new_one_also_when_todays_tries_are_used_up(
    at: Begin, front: Front, drift: Callable[[At], None]
) -> None:
    here = at(front)
    before = truth(here.ehr)
    drift(here)
    here.keep.refused(USERNAME)
    here.keep.refused(USERNAME)
    if drift is everything:
        employee_back(here)
    plan = here.plan(new_password=True)
    assert any(line.startswith("password: a new temporary one") for line in here.lines(plan))
    outcome = here.repair(plan)
    assert truth(here.ehr) == before
    assert (outcome.changed, outcome.renewed) == (True, True)
    assert here.current.password.get_secret_value() != FORMER
    assert here.ehr.state.password_is(USERNAME, here.current.password.get_secret_value())
    assert here.ehr.state.failed_logins == {}
    here.assert_healthy()


def employee_back(at: At) -> None:
    """Somebody activates the employee by hand: a refusal then is about the password."""
    at.who.active = True


@pytest.mark.parametrize("front", [only_with_everything(front) for front in FRONTS])
def test_an_inactive_employee_keeps_its_password_though_its_login_was_refused(at: Begin, front: Front) -> None:
    here = at(front)
    employee_deactivated(here)
    plan = here.plan(new_password=True)
    assert here.lines(plan) == ["employee Sync OneSpot (OneSpot2915): is inactive; it is activated again"]
    here.repair(plan)
    assert here.changes == ["employee activated"]
    here.assert_healthy()


@pytest.mark.parametrize("front", [only_with_everything(front) for front in FRONTS])
def test_a_shared_role_says_how_many_it_hits(at: Begin, front: Front) -> None:
    here = at(front)
    role_shared(here)
    plan = here.plan()
    assert all(line.endswith(f"{EVERYBODY} (2 in all)") for line in here.lines(plan))
    assert len(here.lines(plan)) == 2
    here.repair(plan)
    assert here.changes == ["role changed"]
    here.assert_healthy()


@pytest.mark.parametrize("front", [only_with_everything(front) for front in FRONTS])
def test_a_role_of_another_name_and_with_other_rights_is_left_alone(at: Begin, front: Front) -> None:
    here = at(front)
    role_renamed(here)
    permission_added(here)
    theirs = here.role
    before = (theirs.name, set(theirs.permissions))
    plan = here.plan()
    assert (
        "user role OneSpot: with exactly six permissions; the role OneSpot sync (do not touch)" in here.lines(plan)[0]
    )
    here.repair(plan)
    assert (theirs.name, theirs.permissions) == before
    assert here.changes == ["role created", "employee changed"]
    assert here.role.name == "OneSpot"
    here.assert_healthy()


# --- what it doesn't do


@pytest.mark.parametrize("front", [only_with_everything(front) for front in FRONTS])
def test_an_account_that_is_not_known_here_is_not_repaired(at: Begin, front: Front) -> None:
    here = at(front, known=False)
    permission_added(here)
    plan = here.plan()
    assert [change.kind for change in plan.changes] == [ChangeKind.FORBID]
    with pytest.raises(Forbidden):
        here.repair(plan)
    assert here.changes == []


@pytest.mark.parametrize(
    ("front", "drift"),
    [only_with_everything(front, drift) for front in FRONTS for drift in (permission_added, employee_deactivated)],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_what_drifts_after_the_plan_was_made_waits_for_another_plan(
    at: Begin, front: Front, drift: Callable[[At], None]
) -> None:
    here = at(front)
    plan = here.plan()
    drift(here)
    with pytest.raises(Forbidden, match="no longer as it was"):
        here.repair(plan)
    assert here.changes == []


@pytest.mark.parametrize("front", [only_with_everything(front) for front in FRONTS])
def test_hours_are_said_and_left_to_a_person(at: Begin, front: Front) -> None:
    here = at(front)
    here.who.days["Monday"] = Day(True, "08:00 AM", "06:00 PM")
    plan = here.plan()
    assert here.lines(plan) == []
    assert any("08:00 AM to 06:00 PM on Monday; times are a person's" in change.detail for change in plan.changes)


@pytest.mark.parametrize("front", [only_with_everything(front) for front in FRONTS])
def test_another_persons_employee_is_never_taken_for_ours(at: Begin, front: Front) -> None:
    here = at(front)
    here.who.first_name, here.who.last_name = "Oneida", "Spottiswoode"
    plan = here.plan()
    assert "belongs to somebody else" in plan.forbidden[0].detail
    with pytest.raises(Forbidden):
        here.repair(plan)
    assert here.changes == []


@pytest.mark.parametrize("front", [only_with_everything(front) for front in FRONTS])
def test_without_a_button_in_the_record_a_person_has_to_activate_it(at: Begin, front: Front) -> None:
    here = at(front, "record-without-activate")
    employee_deactivated(here)
    plan = here.plan()
    assert "A person has to activate the employee" in plan.forbidden[0].detail
    with pytest.raises(Forbidden):
        here.repair(plan)
    assert here.changes == []


@pytest.mark.parametrize("front", [only_with_everything(front) for front in FRONTS])
def test_the_question_whether_to_activate_is_answered(at: Begin, front: Front) -> None:
    here = at(front, "activate-asks")
    before = truth(here.ehr)
    employee_deactivated(here)
    here.repair(here.plan())
    assert truth(here.ehr) == before
    assert here.fenced == 2
    here.assert_healthy()


# --- after a crash


def set_and_saved(at: At) -> None:
    """The temporary password is in the EHR; nobody has logged in with it."""
    at.who.secret, at.who.must_reset = Secret.of("Temporary-Word-31"), True
    at.keep.keep(Purpose.TEMPORARY, Credential(USERNAME, SecretStr("Temporary-Word-31")))
    at.keep.mark_submitted(Purpose.TEMPORARY)


def kept_and_never_typed(at: At) -> None:
    at.keep.keep(Purpose.TEMPORARY, Credential(USERNAME, SecretStr("Temporary-Word-31")))


def sent_and_never_arrived(at: At) -> None:
    kept_and_never_typed(at)
    at.keep.mark_submitted(Purpose.TEMPORARY)


def reset_and_not_proved(at: At) -> None:
    set_and_saved(at)
    at.who.secret, at.who.must_reset = Secret.of("Final-Word-47"), False
    at.keep.keep(Purpose.FINAL, Credential(USERNAME, SecretStr("Final-Word-47")))
    at.keep.mark_submitted(Purpose.FINAL)


def reset_and_changed_by_hand_since(at: At) -> None:
    """Neither the final nor the temporary one of the crash holds: a new one is made from the start."""
    reset_and_not_proved(at)
    at.who.secret = Secret.of("Changed-By-Hand-77")


def a_rotation_that_neither_password_survived(at: At) -> None:
    password_changed(at)
    at.keep.keep(Purpose.FINAL, Credential(USERNAME, SecretStr("Rotated-Word-9")))
    at.keep.mark_submitted(Purpose.FINAL)


CRASHES = {
    set_and_saved: 0,
    kept_and_never_typed: 0,
    sent_and_never_arrived: 0,
    reset_and_not_proved: 0,
    reset_and_changed_by_hand_since: 2,
    a_rotation_that_neither_password_survived: 0,
}
"""What may be left behind, and how many logins may be refused before the account works."""


@pytest.mark.parametrize(
    ("front", "crash"),
    [only_with_everything(front, crash) for front in FRONTS for crash in CRASHES],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_whatever_a_crash_left_the_repair_ends_with_a_proved_password(
    at: Begin, front: Front, crash: Callable[[At], None]
) -> None:
    here = at(front)
    before = truth(here.ehr)
    password_changed(here)
    crash(here)
    here.repair(here.plan(new_password=True))
    assert truth(here.ehr) == before
    assert here.ehr.state.password_is(USERNAME, here.current.password.get_secret_value())
    assert here.ehr.state.failed_logins.get(USERNAME.casefold(), 0) == CRASHES[crash]
    here.assert_healthy()


# --- the same, of a provisioning that finds its account


def provision_again(at: At, *, adopt: bool = False) -> Outcome:
    address, fence = Address(at.ehr.url), at.fence
    plan = make_plan(at.browser, address, ADMIN, Wanted(), at.keep, adopt=adopt)
    return provision(at.browser, address, ADMIN, Wanted(), plan, at.keep, at.told.append, fence, adopt=adopt)


@pytest.mark.parametrize("front", [only_with_everything(front) for front in FRONTS])
def test_a_take_over_killed_before_its_save_sets_the_password_that_it_kept(at: Begin, front: Front) -> None:
    here = at(front, known=False)
    kept_and_never_typed(here)
    provision_again(here, adopt=True)
    assert here.changes == ["temporary password set", "employee changed", "password reset"]
    assert here.ehr.state.failed_logins == {}
    here.assert_healthy()


@pytest.mark.parametrize("front", [only_with_everything(front) for front in FRONTS])
def test_a_password_that_a_rotation_never_sent_is_not_proved_by_a_login_with_the_former_one(
    at: Begin, front: Front
) -> None:
    here = at(front)
    here.keep.keep(Purpose.FINAL, Credential(USERNAME, SecretStr("Rotated-Word-9")))
    provision_again(here)
    assert here.current.password.get_secret_value() == FORMER
    assert here.changes == []
    here.assert_healthy()
