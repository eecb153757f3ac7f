"""Which fault is met at which moment, and what would be right then. No code of the product is asked here.

What is right stands beside each fault. It comes from the guide and from the classes of errors: CREDENTIAL (the login is
wrong, expired or lacks the right), POLICY (a password is refused), BUSINESS (what is there forbids it, a person
decides), UI_CHANGED (a control of the guide isn't there), TRANSIENT (slow or down), HUMAN_NEEDED (only a person may).
USAGE is the command's own word for an address that is no RevolutionEHR. A check has outcomes instead of classes.

Where a fault concerns one step only, the scene is set so that the steps before are done already; what a plan or a check
meets as well as a walk is met by that, and `why` says so. Saving, typing and trees are always walked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from sandbox.ehr.faults import FAULTS, LEGACY

Front = Literal["legacy", "modern"]
FRONTS: tuple[Front, ...] = ("legacy", "modern")


class Verb(StrEnum):
    """The command that meets the fault."""

    PROVISION = "provision"
    PLAN = "plan"
    CHECK = "check"
    ROTATE = "rotate"
    REPAIR = "repair"
    RETIRE = "retire"


class Start(StrEnum):
    """What is done already when the command begins."""

    NOTHING = "nothing"
    ROLE = "role"
    """Steps 3 to 7: the role is there."""
    EMPLOYEE = "employee"
    """Steps 3 to 14: the employee too, with a temporary password that is kept."""
    ACCOUNT = "account"
    """All of it, with a proved password."""
    DRIFTED = "drifted"
    """All of it, and then somebody ticked Allow Emergency Access."""


@dataclass(frozen=True)
class Stop:
    """A right way to stop: the classes that fit, and what the sentence must speak of (a regular expression)."""

    classes: tuple[str, ...]
    cause: str


@dataclass(frozen=True)
class Case:
    """One command at one EHR. `completes`: it may come to its end; `stops`: how it may stop instead."""

    faults: tuple[str, ...]
    front: Front
    verb: Verb
    start: Start
    completes: bool
    stops: tuple[Stop, ...]
    why: str = ""
    limit: float = 300.0
    """Seconds after which the command counts as stuck."""
    no_way_out: bool = False
    """Whether nobody could log out when it stopped."""

    @property
    def name(self) -> str:
        """The faults, in words for a table."""
        return " + ".join(self.faults) or "(no fault)"

    @property
    def key(self) -> str:
        """What tells one case from all others."""
        return f"{self.name} | {self.front} | {self.verb} | {self.start}"


@dataclass(frozen=True)
class _Met:
    """A fault as it is met alone."""

    fault: str
    verb: Verb
    start: Start
    completes: bool
    stops: tuple[Stop, ...]
    why: str
    limit: float

    def at(self, front: Front) -> Case:
        return Case(
            faults=(self.fault,) if self.fault else (),
            front=front,
            verb=self.verb,
            start=self.start,
            completes=self.completes,
            stops=self.stops,
            why=self.why,
            limit=self.limit,
            no_way_out=self.fault in NO_WAY_OUT,
        )


_ONE_LOGIN = "a check meets the login form as a run does"
_READ = "a plan reads and searches as a run does"
_FIRST = "a plan is the first part of every run"
_BY_ITSELF = "only this command meets it"
_ROLE_IS_THERE = "steps 8 to 17: the fault begins after the role"
_RESET = "steps 15 to 17: the fault begins at the account's first login"


def _survives(fault: str, verb: Verb, start: Start, why: str = "", limit: float = 300.0, *stops: Stop) -> _Met:
    return _Met(fault, verb, start, True, stops, why, limit)


def _walked(fault: str, start: Start = Start.NOTHING, *stops: Stop, why: str = "", limit: float = 300.0) -> _Met:
    reasons = {Start.ROLE: _ROLE_IS_THERE, Start.EMPLOYEE: _RESET}
    return _survives(fault, Verb.PROVISION, start, why or reasons.get(start, ""), limit, *stops)


def _planned(fault: str, why: str = _READ) -> _Met:
    return _survives(fault, Verb.PLAN, Start.NOTHING, why)


def _checked(fault: str, why: str = _ONE_LOGIN) -> _Met:
    return _survives(fault, Verb.CHECK, Start.ACCOUNT, why)


def _stopped(
    fault: str,
    classes: str,
    cause: str,
    start: Start = Start.NOTHING,
    verb: Verb = Verb.PROVISION,
    *,
    why: str = "",
    limit: float = 300.0,
) -> _Met:
    return _Met(fault, verb, start, False, (Stop(tuple(classes.split()), cause),), why, limit)


ALONE: tuple[_Met, ...] = (
    # No fault: what the screens have of themselves (hazards 2, 8, 9, 11, 13, 15: hidden forms, twins, decoys, pages).
    _walked(""),
    _checked("", ""),
    # Getting there
    _stopped("www-404", "USAGE BUSINESS", r"404|no such page|not RevolutionEHR"),
    _stopped("maintenance-page", "TRANSIENT", r"not available|maintenance|down"),
    _planned("slow-first-load", _FIRST),
    _walked("slow-network", limit=420),
    # Logging in
    _checked("outdated-browser-banner"),
    _checked("motd-warning"),
    _checked("session-expired-message"),
    _checked("session-locked-message"),
    _checked("emergency-access-available"),
    _checked("late-autofocus"),
    _stopped("multiple-login", "HUMAN_NEEDED", r"active sessions"),
    _stopped("admin-password-wrong", "CREDENTIAL", r"refused the login"),
    _stopped("admin-password-expired", "HUMAN_NEEDED", r"new password"),
    _stopped("account-locked", "CREDENTIAL", r"locked"),
    _stopped("admin-login-restricted", "CREDENTIAL", r"at this time|not (allow|permit)|restrict"),
    _planned("login-500-once", _FIRST),
    _stopped("mfa", "HUMAN_NEEDED", r"verification code|second factor"),
    _stopped("sso", "HUMAN_NEEDED", r"single sign-on"),
    _stopped("agreements", "HUMAN_NEEDED", r"agreement", Start.EMPLOYEE, why=_RESET),
    _stopped("agreements-admin", "HUMAN_NEEDED", r"agreement"),
    _stopped("expired-agreements-admin", "HUMAN_NEEDED", r"agreement"),
    _stopped("lock-state", "HUMAN_NEEDED", r"locked"),
    _planned("release-notes-modal", "a plan meets what lies over the screen after the login"),
    _walked("app-update-banner", Start.ROLE),
    # A check says that the password works and expires soon; for a walk such a banner is no obstacle.
    _stopped("password-expires-soon", "EXPIRING", r"expires soon", Start.ACCOUNT, Verb.CHECK, why=_BY_ITSELF),
    _walked("password-expires-soon", Start.EMPLOYEE),
    # Rights and menus
    _stopped("no-admin-button", "CREDENTIAL", r"Admin"),
    _stopped("no-employee-roles", "CREDENTIAL", r"Employee/Roles"),
    _checked("empty-home", "a check enters by the home page as a run does"),
    _planned("menu-groups-collapsed"),
    _planned("menu-groups-expanded"),
    # The practice ID
    _planned("id-in-disabled-input"),
    _planned("id-with-thousands-separator"),
    _planned("id-with-spaces"),
    _planned("id-empty-while-loading"),
    _stopped("id-never-loads", "UI_CHANGED TRANSIENT", r"\bID\b.*empty"),
    # Roles
    _walked("role-exists-identical", why="steps 3 to 7 find it there"),
    _walked("role-exists-shared", why="steps 3 to 7 find it there"),
    _stopped("role-exists-different", "BUSINESS", r"role.*Edit Invoices"),
    _stopped("role-exists-other-case", "BUSINESS", r"“Onespot”"),
    _walked("duplicate-role-names-allowed"),
    _walked("tree-slow"),
    _walked("tree-animated"),
    _walked("tree-no-cascade"),
    _walked("general-is-a-folder"),
    _checked("cell-popovers", "a check reads both lists and opens both records"),
    _checked("search-needs-enter", "a check searches both lists"),
    _checked("search-debounce", "a check searches both lists"),
    # Saving
    _walked("slow-save"),
    _walked("save-without-toast"),
    _walked("toast-vanishes"),
    _walked("save-covered-by-badge"),
    _walked("save-twice-makes-two"),
    _stopped("save-validation-list", "BUSINESS", r"External Reference"),
    _walked("save-role-500-but-saved"),
    _stopped("save-role-500-not-saved", "TRANSIENT", r"role.*error", limit=420),
    _walked("save-employee-500-but-saved", Start.ROLE),
    _walked("save-employee-500-once", Start.ROLE, limit=420),
    # Another person works on that record now: either is right, to try again later or to ask a person.
    _stopped(
        "conflict-on-save", "TRANSIENT BUSINESS", r"changed by another user", Start.DRIFTED, Verb.REPAIR, limit=420,
        why="a record that is there is changed by a repair",
    ),
    _planned("admin-page-500-once", _FIRST),
    _walked("session-timeout-mid-form", why="the role's form"),
    _walked("session-timeout-mid-form", Start.ROLE, why="the employee's form"),
    _walked(
        "session-locks-mid-form", Start.NOTHING, Stop(("HUMAN_NEEDED",), r"locked"),
        why="the role's form; another login after it is as right as asking a person",
    ),
    _walked(
        "session-locks-mid-form", Start.ROLE, Stop(("HUMAN_NEEDED",), r"locked"),
        why="the employee's form",
    ),
    _planned("app-reloads-mid-form", "a plan opens that form as a run does"),
    _walked("unsaved-changes-dialog", Start.ROLE),
    _walked("native-beforeunload", Start.ROLE),
    _walked("admin-in-iframe"),
    _stopped("frozen-page", "TRANSIENT", r"in time|stuck|slow|not answer", limit=1200),
    # Employees and passwords
    _stopped("username-taken-elsewhere", "BUSINESS", r"already in use", Start.ROLE, why=_ROLE_IS_THERE),
    _stopped("username-taken-inactive", "BUSINESS", r"inactive"),
    _stopped("employee-exists", "BUSINESS", r"OneSpot2915.*belongs to somebody else"),
    _stopped("employee-exists-by-hand", "BUSINESS", r"--adopt"),
    _stopped("required-field-unknown", "BUSINESS", r"Employment Type", Start.ROLE, why=_ROLE_IS_THERE),
    _walked("section-edit-buttons", Start.ROLE),
    _walked("days-default-off", Start.ROLE),
    _walked("days-mixed", Start.ROLE),
    # The guide says nothing of times: outside of them the account's own login is refused, which must be said.
    _walked("days-with-times", Start.ROLE, Stop(("CREDENTIAL",), r"at this time|not (allow|permit)|restrict")),
    _walked("emergency-default-on", Start.ROLE),
    _walked("new-role-missing-until-reload"),
    _walked("password-policy-strict", Start.ROLE, Stop(("POLICY",), r"12 characters|following characters")),
    _walked("password-policy-rejects-first", Start.ROLE),
    _walked("maxlength-12", Start.ROLE),
    _walked("confirm-cut-differently", Start.ROLE, Stop(("POLICY",), r"12|cut|match")),
    _walked("reset-three-fields", Start.EMPLOYEE),
    _walked("reset-back-to-login", Start.EMPLOYEE),
    _walked("reset-500-but-done", Start.EMPLOYEE),
    # Changing one's own password
    _survives("profile-password-logs-out", Verb.ROTATE, Start.ACCOUNT, _BY_ITSELF),
    _survives("profile-password-500-but-done", Verb.ROTATE, Start.ACCOUNT, _BY_ITSELF),
    _stopped(
        "profile-password-500-not-done", "TRANSIENT", r"error", Start.ACCOUNT, Verb.ROTATE, why=_BY_ITSELF, limit=420
    ),
    _stopped(
        "profile-password-ignored", "TRANSIENT UI_CHANGED", r"password", Start.ACCOUNT, Verb.ROTATE,
        why=_BY_ITSELF, limit=420,
    ),
    _stopped("no-edit-profile", "HUMAN_NEEDED UI_CHANGED", r"password", Start.ACCOUNT, Verb.ROTATE, why=_BY_ITSELF),
    _stopped(
        "profile-without-password", "HUMAN_NEEDED UI_CHANGED", r"password", Start.ACCOUNT, Verb.ROTATE, why=_BY_ITSELF
    ),
    # Locations
    _walked("one-location", Start.ROLE),
    _walked("many-locations", Start.ROLE),
    _walked("inactive-locations-listed", Start.ROLE),
    _walked("select-all-present", Start.ROLE),
    _walked("primary-auto-ticks", Start.ROLE),
    # Retiring
    _survives("activate-asks", Verb.RETIRE, Start.ACCOUNT, _BY_ITSELF),
    _stopped("record-without-activate", "BUSINESS", r"Deactivate", Start.ACCOUNT, Verb.RETIRE, why=_BY_ITSELF),
)  # fmt: skip
"""Every fault, alone. A fault that is met at two moments stands here twice."""

NO_WAY_OUT = ("frozen-page",)
"""With a page that hangs the browser has to be ended, so nobody can log out any more."""

QUICK = (
    "", "www-404", "maintenance-page", "motd-warning", "admin-password-wrong", "mfa", "agreements-admin",
    "no-employee-roles", "id-with-spaces", "id-never-loads", "role-exists-different", "employee-exists",
    "search-debounce", "save-employee-500-but-saved", "required-field-unknown", "days-mixed", "reset-500-but-done",
    "profile-without-password", "many-locations",
)  # fmt: skip
"""What a quick scorecard plays, each on one front end: of every kind something."""


def everything() -> list[Case]:
    """Every fault alone, on each front end that acts it out."""
    return [met.at(front) for met in ALONE for front in FRONTS if front == "legacy" or met.fault not in LEGACY]


def quick() -> list[Case]:
    """A choice of them, by turns on the two front ends."""
    chosen = [met for met in ALONE if met.fault in QUICK]
    return [met.at(FRONTS[number % 2]) for number, met in enumerate(chosen)]


def missing() -> set[str]:
    """Faults of the stand-in that nobody plays."""
    return set(FAULTS) - {met.fault for met in ALONE}


def walked_alone() -> Iterator[_Met]:
    """The faults that a whole run may meet, each once: what combinations are made of."""
    seen: set[str] = set()
    for met in ALONE:
        meets = met.verb in (Verb.PROVISION, Verb.PLAN) or (met.verb is Verb.CHECK and met.completes)
        if met.fault and meets and met.fault not in seen:
            seen.add(met.fault)
            yield met


def together(mets: Iterable[_Met], front: Front) -> Case:
    """A whole run that meets all of these. It completes where each alone would; else it stops for one that stops it."""
    chosen = sorted(mets, key=lambda met: met.fault)
    stops = tuple(stop for met in chosen for stop in met.stops)
    faults, completes = tuple(met.fault for met in chosen), all(met.completes for met in chosen)
    return Case(
        faults, front, Verb.PROVISION, Start.NOTHING, completes, stops, "", max(420.0, *(m.limit for m in chosen))
    )
