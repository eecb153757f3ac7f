"""Repair: the guide's 17 steps over an account that is ours, and what only an approved repair may change.

The walk is the guide's own: it looks first and changes only what differs. A repair may also put our own role right,
give it back its name, activate the employee, and set a new temporary password: each a line of its plan, and only where
this practice's vault knows the account. A role that isn't ours is left alone here too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from automation import tables
from automation.browser import Browser
from automation.errors import AutomationError, Forbidden, LoginRefused, Unavailable
from automation.revolutionehr import compare, guide
from automation.revolutionehr.address import Address
from automation.revolutionehr.desired import ROLE, Wanted, username_for
from automation.revolutionehr.guide import GUIDE
from automation.revolutionehr.keep import Keep
from automation.revolutionehr.pages import basic_information, employee, messages, standing, user_roles
from automation.revolutionehr.pages.employee import Record
from automation.revolutionehr.pages.standing import Standing
from automation.revolutionehr.plan import employee_lines, look_around, no_such_location, primary_of
from automation.revolutionehr.visit import Visit
from automation.revolutionehr.walking import Outcome, Walk, take
from automation.walk import GoBack, GuideStep, Tell
from storage.models import Change, ChangeKind, Credential, Plan, Purpose, Stage

NEW_PASSWORD = "a new temporary one, set at the next login; OneSpot must get the one that replaces it"  # noqa: S105
"""The plan's line that lets the walk set one: so the approval covers it."""

_ROLE, _PASSWORD = f"user role {ROLE}", "password"

EVERYBODY = "everybody who has this role is affected"


# ---- the plan ----------------------------------------------------------------------------------------------


def plan_repair(
    browser: Browser, address: Address, admin: Credential, wanted: Wanted, keep: Keep, *, new_password: bool = False
) -> Plan:
    """A read-only visit: what differs, line by line. `new_password`: RevolutionEHR has refused the kept one.

    Raises:
        AutomationError: the login is refused, a person is needed, or a screen isn't as the guide describes.
    """
    visit = Visit(browser, address, keep)
    return look_around(visit, admin, lambda at: _look(at, wanted, new_password))


def wants_new_password(plan: Plan) -> bool:
    """True when this plan gives the account a new temporary password."""
    return Change(ChangeKind.CHANGE, _PASSWORD, NEW_PASSWORD) in plan.changes


def _look(visit: Visit, wanted: Wanted, new_password: bool) -> Plan:
    ehr_id = basic_information.read_id(visit.screen)
    username = username_for(ehr_id)
    what = standing.our_employee(username)
    if not visit.keep.knows(username):
        detail = "this account isn't known here, so it isn't ours to repair; provision it, with --adopt if it exists"
        return Plan(ehr_id, username, "", (), (Change(ChangeKind.FORBID, what, detail),))
    try:
        how = standing.look(visit.screen, username, renamed=True)
        lines, primary, locations, roles = _about_employee(visit, wanted, username, how, new_password)
    except Forbidden as error:
        return Plan(ehr_id, username, "", (), (Change(ChangeKind.FORBID, what, _sentence(error)),))
    return Plan(ehr_id, username, primary, locations, (*_about_role(visit, roles), *lines))


def _about_employee(
    visit: Visit, wanted: Wanted, username: str, how: Standing, new_password: bool
) -> tuple[list[Change], str, tuple[str, ...], tuple[str, ...]]:
    """The lines on the employee and its password, its primary location, all locations, and its roles."""
    if how is Standing.GONE:
        visit.afresh()
        return *employee_lines(visit, wanted, username, adopt=False), ()
    what = standing.our_employee(username)
    standing.open_record(visit.screen, username, how)
    locked = new_password and standing.shows_locked(visit.screen)
    record = employee.read_record(visit.screen)
    if how is Standing.INACTIVE and not standing.can(visit.screen, standing.ACTIVATE):
        raise standing.no_button(standing.ACTIVATE)
    visit.afresh()
    locations = tuple(record.locations)
    primary = primary_of(wanted, record)
    if primary is None:
        return [no_such_location(wanted, record.primary_options)], record.primary, locations, record.roles
    details = ["is inactive; it is activated again"] if how is Standing.INACTIVE else []
    details += ["is locked; it is unlocked"] if locked else []
    details += compare.record_differences(_by_its_own_role(visit, record), username, wanted.primary_location)
    lines = [Change(ChangeKind.CHANGE, what, detail) for detail in details] or [
        Change(ChangeKind.LEAVE, what, f"is as it must be, with {len(locations)} locations")
    ]
    lines += [Change(ChangeKind.LEAVE, what, f"{words}; times are a person's to change") for words in _hours(record)]
    refused = new_password and how is not Standing.INACTIVE
    return [*lines, _about_password(visit.keep, refused)], primary, locations, record.roles


def _hours(record: Record) -> list[str]:
    """What limits the hours of a login. The guide knows no times, so a repair leaves them to a person."""
    said = (drift.what.removeprefix("employee ") for drift in compare.record_drifts(record, record.username))
    return [words for words in said if words.startswith("may log in only from")]


def _about_password(keep: Keep, refused: bool) -> Change:
    """An employee that is inactive is refused for that: then the kept password is tried first."""
    current, temporary = keep.kept(Purpose.FINAL, Stage.CURRENT), keep.kept(Purpose.TEMPORARY, Stage.PENDING)
    unfinished = temporary is not None or keep.was_submitted(Purpose.FINAL)
    if refused or not (current or unfinished):
        return Change(ChangeKind.CHANGE, _PASSWORD, NEW_PASSWORD)
    if unfinished:
        return Change(ChangeKind.CHANGE, _PASSWORD, "the first login isn't finished; it will be")
    return Change(ChangeKind.LEAVE, _PASSWORD, "is kept in the vault and will be tried")


def _about_role(visit: Visit, roles: Sequence[str]) -> list[Change]:
    try:
        role = look_at_role(visit, lambda: roles)
    except Forbidden as error:
        return [Change(ChangeKind.FORBID, _ROLE, _sentence(error))]
    if role is None:
        return [Change(ChangeKind.CREATE, _ROLE, "with exactly six permissions")]
    if not role.is_ours:
        detail = f"with exactly six permissions; the role {role.name}, which the employee has now, is left alone"
        return [Change(ChangeKind.CREATE, _ROLE, detail)]
    if role.is_right:
        return [Change(ChangeKind.LEAVE, _ROLE, "has exactly the six permissions")]
    counted = "" if role.holders is None else f" ({role.holders} in all)"
    renamed = [] if role.name == ROLE else [f"the role {role.name} is renamed to {ROLE}"]
    details = renamed + [_put_right(line) for line in role.differences]
    return [Change(ChangeKind.CHANGE, _ROLE, f"{detail}; {EVERYBODY}{counted}") for detail in details]


def _put_right(difference: str) -> str:
    """What is done about a difference of `compare.role_differences`."""
    if difference.startswith("lacks "):
        return f"{difference}, which is ticked"
    return f"{difference}, which is unticked"


def _sentence(error: AutomationError) -> str:
    """An error as a plan's line."""
    return " ".join(part for part in (error.what, error.do) if part)


# ---- our role, as it stands --------------------------------------------------------------------------------


@dataclass(frozen=True)
class OurRole:
    """The role of our employee: its name, what differs from the six, how many have it (None: not shown).

    A role OneSpot is ours: it was made for this practice, whose account is known. One of another name is taken for ours
    only when it has exactly the six; else somebody may have given the employee a role of their own, and changing that
    one would hit their people. Then it is left alone, and a new role OneSpot gives exactly the six: the safer way, as
    nobody but our own employee is affected.
    """

    name: str
    differences: tuple[str, ...]
    holders: int | None = None

    @property
    def is_ours(self) -> bool:
        return self.name == ROLE or not self.differences

    @property
    def is_right(self) -> bool:
        return self.name == ROLE and not self.differences


def look_at_role(visit: Visit, roles: Callable[[], Sequence[str]]) -> OurRole | None:
    """Our role, by its name, else as the employee's only one (`roles` is asked only then); None where there is none.

    Raises:
        Forbidden: there are several, or one in other letters.
    """
    user_roles.open_list(visit.screen)
    names = user_roles.names_like_ours(visit.screen)
    if len(names) > 1 or (names and names[0] != ROLE):
        raise guide.role_forbids(f"There is {'more than one role' if len(names) > 1 else f'a role “{names[0]}”'}")
    if names:
        return _read_role(visit, ROLE)
    name = compare.renamed(roles())
    if name is None:
        return None
    user_roles.open_list(visit.screen)
    return _read_role(visit, name) if user_roles.lines_named(visit.screen, name) == 1 else None


def _read_role(visit: Visit, name: str) -> OurRole:
    """Reads a role whose line the open list shows, and closes it."""
    holders = user_roles.holders(visit.screen.look(), name)
    differences = compare.role_differences(user_roles.read_role(visit.screen, name).permissions)
    visit.show(from_top=True)
    visit.afresh()
    return OurRole(name, tuple(differences), holders)


def _by_its_own_role(visit: Visit, record: Record) -> Record:
    """The record as it is once its role has its name back; the record itself where no renaming will be."""
    if compare.renamed(record.roles) is None:
        return record
    role = look_at_role(visit, lambda: record.roles)
    renamed = role is not None and role.is_ours and role.name in record.roles
    return replace(record, roles=(ROLE,)) if renamed else record


# ---- the walk ----------------------------------------------------------------------------------------------


@dataclass
class Repair(Walk):
    """A walk over an account that is ours: what of it is to be put right."""

    role: OurRole | None = None
    """The role that is edited; None where a new one is made."""
    standing: Standing = Standing.GONE
    begun_again: bool = False


def repair(
    browser: Browser,
    address: Address,
    admin: Credential,
    wanted: Wanted,
    plan: Plan,
    keep: Keep,
    tell: Tell,
    fence: Callable[[], None],
) -> Outcome:
    """Walks the guide for an account that is ours, and puts right what the plan says.

    `fence` is called right before each click that changes something and raises to stop.

    Raises:
        AutomationError: a step failed; it was told, everybody is logged out, and a retry looks first.
    """
    if not keep.knows(plan.username):
        raise Forbidden("This account isn't known here.", "So it isn't ours to repair.", "Provision it, with --adopt.")
    visit = Repair(browser, address, keep, fence, admin=admin, wanted=wanted, plan=plan)
    visit.renew = wants_new_password(plan) and not _came_through(keep)
    return take(STEPS, visit, tell)


def _came_through(keep: Keep) -> bool:
    """True when a crash came after the forced reset was sent off: the new temporary password has done its duty."""
    return keep.was_submitted(Purpose.TEMPORARY) and keep.was_submitted(Purpose.FINAL)


def find_role(visit: Repair) -> bool:
    """Looks for our role; what differs is put right by the steps that follow, a missing one is made by them."""
    role = look_at_role(visit, lambda: _roles_now(visit))
    visit.role = role if role is not None and role.is_ours else None
    visit.role_there = visit.role is not None and visit.role.is_right
    if not visit.role_there:
        standing.must_be_planned(visit.order, _ROLE)
    return visit.role_there


def _roles_now(visit: Repair) -> tuple[str, ...]:
    how = standing.look(visit.screen, visit.username, renamed=True)
    if how is Standing.GONE:
        return ()
    standing.open_record(visit.screen, visit.username, how)
    roles = employee.read_record(visit.screen).roles
    visit.afresh()
    return roles


def add_role(visit: Repair) -> None:
    """Step 3: opens our role, or the form for a new one."""
    if visit.role is None:
        guide.add_role(visit)
        return
    user_roles.open_list(visit.screen)
    tables.search(visit.screen, visit.role.name)
    user_roles.read_role(visit.screen, visit.role.name)


def tick_administration(visit: Repair) -> None:
    """Step 6; for a role that is put right, also what somebody ticked elsewhere."""
    guide.tick_administration(visit)
    if visit.role is not None:
        user_roles.untick_elsewhere(visit.screen)
        visit.show()


def find_employee(visit: Repair) -> bool:
    """Looks for our employee, also among the inactive; reads it whole when it is active."""
    visit.standing = standing.look(visit.screen, visit.username, renamed=True)
    if visit.standing is not Standing.ACTIVE:
        standing.must_be_planned(visit.order, standing.our_employee(visit.username))
        return False
    _open_and_read(visit)
    return True


def _open_and_read(visit: Repair) -> None:
    standing.open_record(visit.screen, visit.username, Standing.ACTIVE)
    visit.record = employee.read_record(visit.screen)
    visit.primary, visit.locations = visit.record.primary, tuple(visit.record.locations)


def add_employee(visit: Repair) -> None:
    """Step 8: activates the employee that is inactive and opens it, or opens the form for a new one."""
    if visit.standing is Standing.GONE:
        guide.add_employee(visit)
        return
    _activate(visit)
    _open_and_read(visit)


def _activate(visit: Repair) -> None:
    """Presses Activate in the record, looks again, and saves the record only where that alone wasn't enough."""
    error: AutomationError | None = None
    for saved in (False, True):
        visit.afresh()
        if standing.look(visit.screen, visit.username, renamed=True) is Standing.ACTIVE:
            return
        standing.open_record(visit.screen, visit.username, Standing.INACTIVE)
        error = standing.press(visit.screen, standing.ACTIVATE, visit.fence)
        visit.changed = True
        if saved and employee.is_open(visit.screen.look()):
            error = employee.save(visit.screen, visit.fence) or error
    visit.afresh()
    if standing.look(visit.screen, visit.username, renamed=True) is not Standing.ACTIVE:
        raise error or Unavailable(
            "“Activate” was pressed, but the employee is still inactive.",
            "RevolutionEHR did not take it.",
            "A person activates the employee in RevolutionEHR; then retry.",
        )


def enter_login(visit: Repair) -> None:
    """Step 10; a lock that the record shows is lifted first."""
    if visit.renew and visit.record is not None:
        employee.read_username(visit.screen)
        visit.changed = standing.unlock(visit.screen, visit.fence) or visit.changed
    guide.enter_login(visit)


def log_in_as_onespot(visit: Repair) -> None:
    """Step 16. Where all that a crash left is refused, an approved new password is made once more, from the start."""
    try:
        guide.log_in_as_onespot(visit)
    except LoginRefused as error:
        refused = type(error) is LoginRefused or isinstance(error, messages.AccountLocked)
        if not refused or not wants_new_password(visit.order) or visit.temporary is not None or visit.begun_again:
            raise
        why = error.what
    else:
        return
    visit.keep.keep(Purpose.TEMPORARY, Credential(visit.username, visit.policy.password(visit.username)))
    visit.begun_again, visit.renew, visit.record = True, True, None
    raise GoBack("log_in", why)


Looks = Callable[[Repair], bool]
Does = Callable[[Repair], None]

_OTHERWISE: dict[str, tuple[Looks | None, Does]] = {
    "add_role": (find_role, add_role),
    "tick_administration": (None, tick_administration),
    "add_employee": (find_employee, add_employee),
    "enter_login": (None, enter_login),
    "log_in_as_onespot": (None, log_in_as_onespot),
}
"""What a repair does otherwise than the guide: how it looks (None: as the guide does), and what it does."""


def _repairing(step: GuideStep[Walk]) -> GuideStep[Repair]:
    already, do = _OTHERWISE.get(step.name, (None, step.do))
    return GuideStep(step.number, step.name, step.title, do, already or step.already, step.prove)


STEPS: tuple[GuideStep[Repair], ...] = tuple(_repairing(step) for step in GUIDE)
"""The guide's steps, under their own numbers and names."""
