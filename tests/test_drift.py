"""What a check finds where the practice, or time, changed the account: a real browser at both front ends.

Each drift is one change of the stand-in's state. ONESPOT_ALL_STEPS=1 runs all on both; every day three run on one.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import pytest
from pydantic import SecretStr

from automation.browser import Browser
from automation.revolutionehr.address import Address
from automation.revolutionehr.check import Checked, check
from automation.revolutionehr.desired import Wanted
from sandbox.ehr import SandboxEhr
from sandbox.ehr.records import Day, Employee, Location, Role, Secret
from storage.models import CheckOutcome as C
from storage.models import Credential, DriftGrade, Purpose, Stage
from tests.kept import FORMER, USERNAME, in_the_ehr
from tests.onespot import daily

pytestmark = pytest.mark.browser

Front = Literal["legacy", "modern"]
FRONTS: tuple[Front, ...] = ("legacy", "modern")
EXCESS, MISSING, COSMETIC = DriftGrade.EXCESS, DriftGrade.MISSING, DriftGrade.COSMETIC
NIGHT = datetime(2026, 11, 27, 22, 0, tzinfo=UTC)
"""A Friday, at ten in the evening by the stand-in's clock."""


class Budget:
    """Counts refused logins, and lets every try pass: a check asks for nothing else."""

    def __init__(self) -> None:
        self.refusals = 0

    def may_try(self, username: str) -> bool:
        return True

    def refused(self, username: str) -> None:
        self.refusals += 1

    def kept(self, purpose: Purpose, stage: Stage) -> None:
        raise AssertionError("a check takes no password from the vault")


def us(ehr: SandboxEhr) -> Employee:
    who = ehr.state.employee(USERNAME)
    assert who is not None
    return who


def role(ehr: SandboxEhr) -> Role:
    return ehr.state.roles[us(ehr).role_ids[0]]


# ---- what may happen to an account -------------------------------------------------------------------------------


def permission_removed(ehr: SandboxEhr) -> None:
    role(ehr).permissions.remove("accounting-module.view-claims")


def every_accounting_permission_removed(ehr: SandboxEhr) -> None:
    role(ehr).permissions -= {"accounting-module.view-claims", "accounting-module.view-invoices"}


def general_removed(ehr: SandboxEhr) -> None:
    role(ehr).permissions.remove("administration-module.general")


def vendors_removed(ehr: SandboxEhr) -> None:
    role(ehr).permissions.remove("administration-module.vendors-partners")


def employee_roles_removed(ehr: SandboxEhr) -> None:
    role(ehr).permissions.remove("administration-module.employee-roles")


def unreadable_and_less(ehr: SandboxEhr) -> None:
    role(ehr).permissions -= {
        "administration-module.employee-roles",
        "administration-module.general",
        "accounting-module.view-claims",
    }


def administration_removed(ehr: SandboxEhr) -> None:
    role(ehr).permissions.remove("administration-module.view-administration")


def permission_added(ehr: SandboxEhr) -> None:
    role(ehr).permissions.add("accounting-module.edit-invoices")


def role_renamed(ehr: SandboxEhr) -> None:
    role(ehr).name = "Nightly Sync"


def role_renamed_and_changed(ehr: SandboxEhr) -> None:
    role(ehr).name = "Nightly Sync"
    permission_removed(ehr)


def role_swapped(ehr: SandboxEhr) -> None:
    gone = us(ehr).role_ids.pop()
    us(ehr).role_ids.append(next(one.id for one in ehr.state.roles.values() if one.name == "System Administrator"))
    del ehr.state.roles[gone]


def role_added(ehr: SandboxEhr) -> None:
    us(ehr).role_ids.append(next(one.id for one in ehr.state.roles.values() if one.name == "Front Desk"))


def location_added(ehr: SandboxEhr) -> None:
    ehr.state.locations["4811"] = Location("4811", "Harbor Point", "Fairhaven")


def location_unticked(ehr: SandboxEhr) -> None:
    us(ehr).location_ids.remove("4488")


def another_primary(ehr: SandboxEhr) -> None:
    us(ehr).primary_location_id = "4488"


def renamed(ehr: SandboxEhr) -> None:
    us(ehr).first_name = "Synchronisation"


def other_case(ehr: SandboxEhr) -> None:
    us(ehr).username = USERNAME.lower()


def deactivated(ehr: SandboxEhr) -> None:
    us(ehr).active = False


def emergency(ehr: SandboxEhr) -> None:
    us(ehr).emergency = True


def day_closed(ehr: SandboxEhr) -> None:
    us(ehr).days["Sunday"].allowed = False


def hours(ehr: SandboxEhr) -> None:
    us(ehr).days["Saturday"] = Day(True, "08:00 AM", "06:00 PM")


def not_now(ehr: SandboxEhr) -> None:
    ehr.state.clock = lambda: NIGHT
    us(ehr).days["Friday"] = Day(True, "08:00 AM", "06:00 PM")


def must_reset(ehr: SandboxEhr) -> None:
    us(ehr).must_reset = True


def password_changed(ehr: SandboxEhr) -> None:
    us(ehr).secret = Secret.of("Somebody-Else-4411")


def locked(ehr: SandboxEhr) -> None:
    us(ehr).locked = True


def agreements(ehr: SandboxEhr) -> None:
    us(ehr).agreed = False
    ehr.faults.on("agreements")


def second_factor(ehr: SandboxEhr) -> None:
    ehr.faults.on("mfa")


def down(ehr: SandboxEhr) -> None:
    ehr.faults.on("maintenance-page")


def expires_soon(ehr: SandboxEhr) -> None:
    ehr.faults.on("password-expires-soon")


def expires_soon_and_drift(ehr: SandboxEhr) -> None:
    expires_soon(ehr)
    emergency(ehr)


def other_news(ehr: SandboxEhr) -> None:
    ehr.faults.on("motd-warning", "outdated-browser-banner", "app-update-banner", "release-notes-modal")


def nothing(ehr: SandboxEhr) -> None:
    """All stays as it was approved."""


@dataclass(frozen=True)
class Case:
    """A change, and what a check must say of it: each of `says` stands in its sentence or in a drift.

    `unseen` is what it must say that it could not see.
    """

    change: Callable[[SandboxEhr], None]
    outcome: C
    grade: DriftGrade | None
    says: tuple[str, ...]
    refused: int = 0
    unseen: str = ""

    def __str__(self) -> str:
        return self.change.__name__


SHUT = "does not open for this account"
CASES = (
    Case(nothing, C.HEALTHY, None, ("what the sync reads opens",)),
    Case(other_news, C.HEALTHY, None, ("what the sync reads opens",)),
    Case(permission_removed, C.DRIFT, MISSING, ("role lacks View Claims (Accounting Module)",)),
    Case(every_accounting_permission_removed, C.DRIFT, MISSING, ("role lacks View Claims", "role lacks View Invoices")),
    Case(
        general_removed,
        C.DRIFT,
        MISSING,
        ("role lacks General (Administration Module)",),
        unseen="the employee's record",
    ),
    Case(vendors_removed, C.DRIFT, MISSING, ("role lacks Vendors/Partners (Administration Module)",)),
    Case(employee_roles_removed, C.DRIFT, MISSING, ("account may not open Employee/Roles",)),
    Case(unreadable_and_less, C.DRIFT, MISSING, (f"screen Locations {SHUT}", f"screen Claims {SHUT}")),
    Case(administration_removed, C.DRIFT, MISSING, ("account has no Admin menu",)),
    Case(permission_added, C.DRIFT, EXCESS, ("role has Edit Invoices (Accounting Module) too", "more rights than")),
    Case(role_renamed, C.DRIFT, COSMETIC, ("role OneSpot is now called Nightly Sync",)),
    Case(role_renamed_and_changed, C.DRIFT, MISSING, ("now called Nightly Sync", "role lacks View Claims")),
    Case(role_swapped, C.DRIFT, EXCESS, ("role OneSpot is gone", "has the role System Administrator too")),
    Case(role_added, C.DRIFT, EXCESS, ("employee has the role Front Desk too",)),
    Case(location_added, C.DRIFT, MISSING, ("employee may not access Harbor Point",)),
    Case(location_unticked, C.DRIFT, MISSING, ("employee may not access Fairhaven North",)),
    Case(another_primary, C.DRIFT, COSMETIC, ("primary location Fairhaven North instead of Fairhaven Main",)),
    Case(renamed, C.DRIFT, COSMETIC, ("employee is named Synchronisation OneSpot instead of Sync OneSpot",)),
    Case(other_case, C.DRIFT, COSMETIC, ("user name onespot2915 instead of OneSpot2915",)),
    Case(emergency, C.DRIFT, EXCESS, ("employee has emergency access",)),
    Case(day_closed, C.DRIFT, MISSING, ("employee may not log in on Sunday",)),
    Case(hours, C.DRIFT, MISSING, ("may log in only from 08:00 AM to 06:00 PM on Saturday",)),
    Case(not_now, C.DRIFT, MISSING, ("employee may not log in at this time", "not permitted to log in"), refused=1),
    Case(deactivated, C.LOGIN_REFUSED, None, ("The employee is inactive", "Press Repair"), refused=1),
    Case(password_changed, C.LOGIN_REFUSED, None, ("incorrect",), refused=1),
    Case(locked, C.LOCKED, None, ("locked",), refused=1),
    Case(must_reset, C.PASSWORD_EXPIRED, None, ("asks this account for a new password",)),
    Case(agreements, C.PERSON_NEEDED, None, ("agreement",)),
    Case(second_factor, C.PERSON_NEEDED, None, ("verification code",)),
    Case(down, C.EHR_DOWN, None, ("not available",)),
    Case(expires_soon, C.EXPIRING, None, ("the password expires soon", "RevolutionEHR says")),
    Case(expires_soon_and_drift, C.DRIFT, EXCESS, ("emergency access", "RevolutionEHR says")),
)
EVERY_DAY = ("permission_added", "deactivated", "expires_soon")


Begin = Callable[..., SandboxEhr]


@pytest.fixture
def begin() -> Iterator[Begin]:
    """A practice with a working account, at an EHR of its own."""
    with ExitStack() as stack:

        def at(front: Front, *, test_ids: bool = True) -> SandboxEhr:
            ehr = stack.enter_context(SandboxEhr(front, test_ids=test_ids))
            in_the_ehr(ehr.state)
            return ehr

        yield at


def look(browser: Browser, ehr: SandboxEhr, budget: Budget) -> Checked:
    credential = Credential(USERNAME, SecretStr(FORMER))
    return check(browser, Address(ehr.url), credential, Wanted("Fairhaven Main"), budget)  # type: ignore[arg-type]


@contextmanager
def unchanged(ehr: SandboxEhr) -> Iterator[None]:
    """Proves that the EHR holds afterwards what it held before; sessions and counted logins aside."""
    before = truth(ehr)
    yield
    assert truth(ehr) == before


def truth(ehr: SandboxEhr) -> dict[str, Any]:
    seen = copy.deepcopy(ehr.state.as_json())
    del seen["sessions"], seen["failedLogins"]
    return seen


@pytest.mark.parametrize(
    ("front", "case"),
    daily(
        [(front, case) for front in FRONTS for case in CASES],
        *[("legacy", case) for case in CASES if str(case) in EVERY_DAY],
    ),
    ids=str,
)
def test_a_check_says_what_happened_and_how_bad_it_is(browser: Browser, begin: Begin, front: Front, case: Case) -> None:
    ehr, budget = begin(front), Budget()
    case.change(ehr)

    with unchanged(ehr):
        checked = look(browser, ehr, budget)

    assert (checked.outcome, checked.grade) == (case.outcome, case.grade), checked
    said = f"{checked.sentence} {'; '.join(drift.what for drift in checked.drifts)}"
    assert [words for words in case.says if words not in said] == [], said
    assert ("could not be seen" in said) == bool(case.unseen)
    assert case.unseen in said
    inside = [one for one in ehr.state.sessions if one.state == "app" or one.ended]
    assert {one.ended_how for one in inside} <= {"logged out"}
    assert len(ehr.state.sessions) + case.refused <= 1
    assert budget.refusals == case.refused
    assert FORMER not in json.dumps([repr(checked), checked.sentence])


@pytest.mark.parametrize("front", daily([(front,) for front in FRONTS]))
def test_without_test_ids_an_account_as_it_must_be_is_healthy(browser: Browser, begin: Begin, front: Front) -> None:
    ehr = begin(front, test_ids=False)
    with unchanged(ehr):
        assert look(browser, ehr, Budget()).outcome is C.HEALTHY
