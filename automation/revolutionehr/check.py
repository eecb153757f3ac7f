"""Is the account healthy? Logs in as OneSpot with the kept password, looks at its own role and record, logs out.

No administrator's login is used and nothing is written. A refused password is never tried again. What the sync needs is
proved by opening it; what could not be seen is said, and is no drift.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from automation import tables
from automation.browser import Browser
from automation.errors import (
    AutomationError,
    LoginRefused,
    NotRevolutionEHR,
    PersonNeeded,
    ScreenChanged,
)
from automation.revolutionehr import compare
from automation.revolutionehr.address import Address
from automation.revolutionehr.desired import ACCOUNTING, ADMINISTRATION, ROLE, Wanted
from automation.revolutionehr.keep import Keep
from automation.revolutionehr.pages import employee, employees, header, login, messages, modules, notices, user_roles
from automation.revolutionehr.pages.modules import Seen
from automation.revolutionehr.visit import Visit
from automation.screen import Screen
from storage.models import CheckOutcome, Credential, Drift, DriftGrade

GROUP, ROLES, EMPLOYEES = "Employee/Roles", "User Roles", "Employees"

RIGHTS = {
    modules.INVOICES: f"View Invoices ({ACCOUNTING[0]})",
    modules.CLAIMS: f"View Claims ({ACCOUNTING[0]})",
    modules.LOCATIONS: f"General ({ADMINISTRATION[0]})",
    modules.VENDORS: f"Vendors/Partners ({ADMINISTRATION[0]})",
}
"""The permission that opens a screen: where the role is seen to lack it, that says enough."""

GRADES: dict[DriftGrade, str] = {
    DriftGrade.EXCESS: "the account has more rights than were approved",
    DriftGrade.MISSING: "something that the sync needs is missing",
    DriftGrade.COSMETIC: "something differs that the sync doesn't mind",
}
"""Each grade, as it goes on after "The login works, but"."""

NOT_NOW = Drift(DriftGrade.MISSING, "employee may not log in at this time")

_INACTIVE = re.compile(r"inactiv|deactivat|disabled|not active", re.I)
_LOCK = re.compile(r"\block", re.I)


@dataclass(frozen=True)
class Checked:
    """What a check found. `drifts` are the differences, the worst first.

    EXPIRING: all is well, but the password expires soon. A login that is refused for its day or hour is a DRIFT: the
    password may well be right, and what the account lacks is put right by a repair, not by another password.
    """

    outcome: CheckOutcome
    sentence: str
    drifts: tuple[Drift, ...] = ()

    @property
    def grade(self) -> DriftGrade | None:
        """Of the worst drift; None where there is none."""
        return self.drifts[0].grade if self.drifts else None

    @property
    def proves_the_password(self) -> bool:
        """True when the login led into RevolutionEHR."""
        into = (CheckOutcome.HEALTHY, CheckOutcome.EXPIRING, CheckOutcome.DRIFT)
        return self.outcome in into and NOT_NOW not in self.drifts


@dataclass
class _Found:
    """What one look gathers."""

    drifts: list[Drift] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    """What could not be seen, in words that go on after that."""
    notice: str | None = None

    def missing(self, what: str) -> None:
        self.drifts.append(Drift(DriftGrade.MISSING, what))

    def lacks(self, screen: str) -> bool:
        """Whether the role was seen to lack the permission for that screen."""
        return any(drift.what == f"role lacks {RIGHTS[screen]}" for drift in self.drifts)


def check(browser: Browser, address: Address, credential: Credential, wanted: Wanted, keep: Keep) -> Checked:
    """One login and one look. Every outcome is a value; nothing that the EHR does raises."""
    visit = Visit(browser, address, keep)
    try:
        if visit.arrive(credential) is login.Arrival.RESET:
            visit.leave_anyhow()
            return Checked(CheckOutcome.PASSWORD_EXPIRED, "RevolutionEHR asks this account for a new password.")
        found = _look(visit, credential, wanted)
        visit.leave()
    except AutomationError as error:
        visit.picture("check")
        return _stopped(error)
    finally:
        visit.leave_anyhow()
    return _judged(found)


# ---- the look ----------------------------------------------------------------------------------------------------


def _look(visit: Visit, credential: Credential, wanted: Wanted) -> _Found:
    """Everything in one visit, each screen once; what shows patients comes last, and only as far as it is needed."""
    found = _Found(notice=notices.notice(visit.screen))
    opens: dict[str, Seen] = {}
    if _may_open_admin(visit, found):
        opens |= modules.admin_screens(visit.screen)
        found.notice = found.notice or notices.notice(visit.screen)
        if _opens(visit, found, user_roles.open_list, ROLES, EMPLOYEES):
            found.drifts += _account(visit, found, credential, wanted)
        if any(sight.dialog for sight in visit.screen.look()):  # a record in a window of its own
            visit.afresh()
    opens |= modules.accounting_screens(
        visit.screen, [name for name in (modules.INVOICES, modules.CLAIMS) if not found.lacks(name)]
    )
    for screen, seen in opens.items():
        if seen is Seen.CLOSED and not found.lacks(screen):
            found.missing(f"screen {screen} does not open for this account")
        elif seen is Seen.UNSEEN and not found.lacks(screen):
            found.unseen.append(f"whether {screen} opens")
    return found


def _may_open_admin(visit: Visit, found: _Found) -> bool:
    try:
        header.open_admin(visit.screen)
    except LoginRefused:
        if modules.is_folded(visit.screen.look()):
            raise _not_found("Admin") from None
    else:
        return True
    found.missing("account has no Admin menu, so it can't see its role, its employee and its locations")
    return False


def _opens(visit: Visit, found: _Found, open_list: Callable[[Screen], None], item: str, beside: str) -> bool:
    """Opens a list of Employee/Roles; False, with a drift, where it is seen that this account may not.

    Raises:
        ScreenChanged, Unavailable: it did not open, and nothing says why.
    """
    try:
        open_list(visit.screen)
    except AutomationError as error:
        sights = visit.screen.look()
        shut = header.menu_item(sights, item) is None and header.menu_item(sights, beside) is not None
        group = header.menu_item(sights, GROUP) is None and any(
            header.menu_item(sights, other) for other in modules.GROUPS if other != GROUP
        )
        if isinstance(error, LoginRefused) and group:
            found.missing(f"account may not open {GROUP}, so it can't see its role and its employee")
        elif shut or modules.refused(sights):
            found.missing(f"account may not open {GROUP} > {item}")
        elif isinstance(error, LoginRefused):
            raise _not_found(f"Admin > {GROUP}") from None
        else:
            raise
        return False
    return True


def _not_found(what: str) -> ScreenChanged:
    return ScreenChanged(
        f"“{what}” isn't to be found for this account.",
        "RevolutionEHR has another menu, or this account may not see it.",
        "Log in as OneSpot by hand and look.",
    )


def _account(visit: Visit, found: _Found, credential: Credential, wanted: Wanted) -> list[Drift]:
    """The role, whose list is open, and the employee, against what must be."""
    known = bool(user_roles.names_like_ours(visit.screen))
    drifts = compare.role_drifts(user_roles.read_role(visit.screen).permissions) if known else []
    visit.afresh()
    if not _opens(visit, found, employees.open_list, EMPLOYEES, ROLES):
        return drifts if known else [_ROLE_GONE]
    try:
        record = employee.read_record(visit.screen) if _open_record(visit.screen, credential.username) else None
    except ScreenChanged:
        if not drifts:
            raise
        found.unseen.append("the employee's record")
        return drifts
    if record is None:
        drifts.append(
            Drift(DriftGrade.MISSING, f"employee {credential.username} is not in the list of active employees")
        )
        return drifts if known else [_ROLE_GONE, *drifts]
    its = compare.record_drifts(record, credential.username, wanted.primary_location)
    if compare.counts_roles(record):
        found.unseen.append("which roles the employee has")
        its = [drift for drift in its if drift not in compare.about_roles(record)]
    return [*drifts, *its] if known else _by_its_new_name(visit, found, record, its)


def _open_record(screen: Screen, username: str) -> bool:
    """Opens the employee's record, by its user name too where somebody gave it another last name."""
    if employees.open_ours(screen, username):
        return True
    tables.search(screen, username)
    if not tables.open_row(screen, tables.equals(username), lambda row: True):
        return False
    return screen.wait_for(lambda s: True if employee.is_open(s) else None, 15) is not None


def _by_its_new_name(visit: Visit, found: _Found, record: employee.Record, drifts: list[Drift]) -> list[Drift]:
    """The drifts where no role of our name is left: it may only have been renamed, which its permissions show."""
    name = compare.renamed(record.roles)
    if name is None:
        return [_ROLE_GONE, *drifts]
    try:
        visit.afresh()
        user_roles.open_list(visit.screen)
        tables.search(visit.screen, name)
        permissions = user_roles.read_role(visit.screen, name).permissions
    except ScreenChanged:
        found.unseen.append(f"what the role {name} allows")
        return [_ROLE_GONE, *drifts]
    if not compare.may_be_ours(permissions):
        return [_ROLE_GONE, *drifts]
    others = [drift for drift in drifts if drift not in compare.about_roles(record)]
    return [compare.renamed_drift(name), *compare.role_drifts(permissions), *others]


_ROLE_GONE = Drift(DriftGrade.MISSING, f"role {ROLE} is gone")


# ---- in words ----------------------------------------------------------------------------------------------------


def _judged(found: _Found) -> Checked:
    drifts = compare.by_grade(found.drifts)
    says = [f"RevolutionEHR says: “{found.notice}”"] if found.notice else []
    unseen = [f"What could not be seen: {'; '.join(found.unseen)}."] if found.unseen else []
    if drifts:
        return Checked(CheckOutcome.DRIFT, " ".join([_in_words(drifts), *says, *unseen]), drifts)
    if found.notice:
        soon = "The login works and all is as it must be, but the password expires soon."
        return Checked(CheckOutcome.EXPIRING, " ".join([soon, *says, *unseen]))
    opens = "" if unseen else "; what the sync reads opens"
    well = f"The login works; role, permissions, days and locations are as they must be{opens}."
    return Checked(CheckOutcome.HEALTHY, " ".join([well, *unseen]))


def _in_words(drifts: tuple[Drift, ...]) -> str:
    """The drifts by grade, each grade in plain words; of many only the first ones are named here."""
    parts = []
    for grade, words in GRADES.items():
        its = [f"the {drift.what}" for drift in drifts if drift.grade is grade]
        more = f" and {len(its) - _NAMED} more" if len(its) > _NAMED else ""
        parts += [f"{words}: {'; '.join(its[:_NAMED])}{more}"] if its else []
    return (
        "The login works, but "
        + ". ".join(part if n == 0 else part[0].upper() + part[1:] for n, part in enumerate(parts))
        + "."
    )


_NAMED = 8


def _stopped(error: AutomationError) -> Checked:
    """What an error that ended the check says about the account."""
    if isinstance(error, messages.NotAllowedNow):
        said = f"{error.what} Something that the sync needs is missing: the {NOT_NOW.what}."
        return Checked(CheckOutcome.DRIFT, said, (NOT_NOW,))
    quoted = error.what.partition("“")[2]
    if isinstance(error, messages.AccountLocked) and _INACTIVE.search(quoted) and not _LOCK.search(quoted):
        said = (
            f"The employee is inactive. RevolutionEHR says: “{quoted} Press Repair: it makes the employee active again."
        )
        return Checked(CheckOutcome.LOGIN_REFUSED, said)
    outcome = next((outcome for kind, outcome in _OUTCOMES if isinstance(error, kind)), CheckOutcome.EHR_DOWN)
    return Checked(outcome, error.what)


_OUTCOMES: tuple[tuple[type[AutomationError], CheckOutcome], ...] = (
    (messages.AccountLocked, CheckOutcome.LOCKED),
    (messages.LoginExpired, CheckOutcome.PASSWORD_EXPIRED),
    (LoginRefused, CheckOutcome.LOGIN_REFUSED),
    (PersonNeeded, CheckOutcome.PERSON_NEEDED),
    (NotRevolutionEHR, CheckOutcome.EHR_DOWN),
    (ScreenChanged, CheckOutcome.SCREEN_CHANGED),
)
