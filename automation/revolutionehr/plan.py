"""Look before acting: what is there, and what a run would change. Reads only; no Save is ever pressed here."""

from __future__ import annotations

from collections.abc import Callable

from automation.browser import Browser
from automation.errors import Forbidden, ScreenChanged, Unavailable
from automation.revolutionehr import compare, tour
from automation.revolutionehr.address import Address
from automation.revolutionehr.desired import ROLE, Wanted, username_for
from automation.revolutionehr.keep import Keep
from automation.revolutionehr.outline import Trust
from automation.revolutionehr.pages import basic_information, employee, employees, login, user_roles
from automation.revolutionehr.visit import Visit, reset_needed
from automation.sight import plain
from storage.models import Change, ChangeKind, Credential, Plan, Purpose, Stage


def make_plan(
    browser: Browser, address: Address, admin: Credential, wanted: Wanted, keep: Keep, *, adopt: bool = False
) -> Plan:
    """A read-only visit with the administrator's login.

    Raises:
        AutomationError: the login is refused, a person is needed, or a screen isn't as the guide describes.
    """
    return look_around(Visit(browser, address, keep), admin, lambda visit: _look_around(visit, wanted, adopt))


def look_around(visit: Visit, admin: Credential, look: Callable[[Visit], Plan]) -> Plan:
    """Logs in, looks, logs out; a picture is taken where that goes wrong."""
    try:
        if visit.arrive(admin) is login.Arrival.RESET:
            raise reset_needed()
        plan = look(visit)
        visit.leave()
    except BaseException as error:
        visit.picture("plan")
        visit.note_failure(error)
        visit.explain(error)
        visit.leave_anyhow()
        raise
    return plan


def _look_around(visit: Visit, wanted: Wanted, adopt: bool) -> Plan:
    ehr_id = basic_information.read_id(visit.screen)
    visit.note("basic-information")
    username = username_for(ehr_id)
    changes = [_role_line(visit)]
    lines, primary, locations = employee_lines(visit, wanted, username, adopt)
    return Plan(ehr_id, username, primary, locations, (*changes, *lines))


# ---- the role ----------------------------------------------------------------------------------------------


def _role_line(visit: Visit) -> Change:
    user_roles.open_list(visit.screen)
    visit.note("user-roles")
    names = user_roles.names_like_ours(visit.screen)
    what = f"user role {ROLE}"
    if not names:
        tour.role_form(visit)
        return Change(ChangeKind.CREATE, what, "with exactly six permissions")
    if len(names) > 1:
        return Change(ChangeKind.FORBID, what, f"there are {len(names)} roles of that name; a person has to tidy up")
    if names[0] != ROLE:
        return Change(ChangeKind.FORBID, what, f"there is a role “{names[0]}”, which is not ours to change")
    role = user_roles.read_role(visit.screen)
    visit.note("user-role", Trust.TREE)
    visit.afresh()
    differences = compare.role_differences(role.permissions)
    if differences:
        return Change(
            ChangeKind.FORBID, what, f"a role of that name {'; '.join(differences)}; roles that exist are never edited"
        )
    return Change(ChangeKind.LEAVE, what, "has exactly the six permissions")


# ---- the employee ------------------------------------------------------------------------------------------


def employee_lines(
    visit: Visit, wanted: Wanted, username: str, adopt: bool
) -> tuple[list[Change], str, tuple[str, ...]]:
    """What would be done about the employee and its password, its primary location, and all locations."""
    employees.open_list(visit.screen)
    visit.note("employees")
    found = employees.find(visit.screen, username)
    what = f"employee Sync OneSpot ({username})"
    forbids = forbidden(found, username, what)
    ours = [r for r in found.active if employees.is_ours(r) or employees.has_username(r, username)]
    if ours and not forbids:
        return _existing(visit, wanted, username, what, adopt)
    if forbids:
        return [forbids], wanted.primary_location or "", ()
    employee.start(visit.screen)
    tour.employee_form(visit)
    chosen, offered, locations = _what_is_offered(visit)
    visit.afresh()
    primary = _primary(wanted, offered, chosen)
    if primary is None:
        return [no_such_location(wanted, offered)], wanted.primary_location or "", tuple(locations)
    detail = f"{len(locations)} locations, primary {primary}, allowed on all seven days, no emergency access"
    return (
        [
            Change(ChangeKind.CREATE, what, detail),
            Change(ChangeKind.CREATE, "password", "set at the first login and sealed in the vault"),
        ],
        primary,
        tuple(locations),
    )


def _what_is_offered(visit: Visit) -> tuple[str, tuple[str, ...], dict[str, bool]]:
    """The locations of the empty form. Where it is gone meanwhile, nothing is to be learned from what isn't there.

    Raises:
        Unavailable: the page was loaded anew under the form.
    """
    try:
        return employee.read_locations(visit.screen)
    except ScreenChanged as error:
        if employee.is_open(visit.screen.look()):
            raise
        raise Unavailable(
            "The form for a new employee went away while it was read.",
            f"RevolutionEHR loaded the page anew, or left the form. {error.what}",
            "Retry.",
        ) from error


def forbidden(found: employees.Found, username: str, what: str) -> Change | None:
    """The line that says why nothing may be done about the employee, given who there is; None where something may."""
    ours = [r for r in found.active if employees.is_ours(r)]
    everybody = (*found.active, *found.inactive)
    theirs = [r for r in everybody if employees.has_username(r, username) and not employees.is_ours(r)]
    if theirs:
        who = " ".join(w for w in theirs[0] if plain(w) != plain(username))[:60]
        still = ", who is inactive" if theirs[0] in found.inactive else ""
        return Change(ChangeKind.FORBID, what, f"the user name belongs to somebody else{still} ({who})")
    if len(ours) > 1:
        return Change(ChangeKind.FORBID, what, f"there are {len(ours)} employees Sync OneSpot; a person has to tidy up")
    gone = [r for r in found.inactive if employees.is_ours(r) or employees.has_username(r, username)]
    if gone and not ours:
        return Change(
            ChangeKind.FORBID, what, "it exists but is inactive; activate it in RevolutionEHR, then run with --adopt"
        )
    return None


def _existing(
    visit: Visit, wanted: Wanted, username: str, what: str, adopt: bool
) -> tuple[list[Change], str, tuple[str, ...]]:
    if not employees.open_ours(visit.screen, username):
        raise Forbidden("The employee is in the list, but could not be opened.", "", "Look at the picture.")
    record = employee.read_record(visit.screen)
    visit.note("employee")
    visit.afresh()
    locations = tuple(record.locations)
    if plain(record.username) != plain(username):
        detail = f"there is an employee Sync OneSpot with the user name {record.username}, which is not ours to change"
        return [Change(ChangeKind.FORBID, what, detail)], record.primary, locations
    if not visit.keep.knows(username) and not adopt:
        detail = (
            "it exists, but its password isn't known here; --adopt gives it a new temporary password and repairs it"
        )
        return [Change(ChangeKind.FORBID, what, detail)], record.primary, locations
    primary = primary_of(wanted, record)
    if primary is None:
        return [no_such_location(wanted, record.primary_options)], record.primary, locations
    differences = compare.record_differences(record, username, wanted.primary_location)
    lines = [Change(ChangeKind.CHANGE, what, d) for d in differences] or [
        Change(ChangeKind.LEAVE, what, f"is as it must be, with {len(locations)} locations")
    ]
    return [*lines, _password_line(visit.keep, username, adopt)], primary, locations


def _password_line(keep: Keep, username: str, adopt: bool) -> Change:
    if keep.kept(Purpose.FINAL, Stage.CURRENT):
        return Change(ChangeKind.LEAVE, "password", "is kept in the vault and will be tried")
    if keep.knows(username):
        return Change(ChangeKind.CHANGE, "password", "the first login isn't finished; it will be")
    return Change(ChangeKind.CHANGE, "password", "a new temporary one, set at the next login" if adopt else "unknown")


def primary_of(wanted: Wanted, record: employee.Record) -> str | None:
    """The primary location that an existing employee gets or keeps; None where the wanted one isn't offered."""
    if wanted.primary_location and not _offered(wanted.primary_location, record.primary_options):
        return None
    return wanted.primary_location or record.primary or next(iter(record.primary_options), "")


def _offered(name: str, options: tuple[str, ...]) -> bool:
    return any(plain(name) == plain(option) for option in options)


def _primary(wanted: Wanted, offered: tuple[str, ...], chosen: str) -> str | None:
    if wanted.primary_location:
        return next((o for o in offered if plain(o) == plain(wanted.primary_location)), None)
    return chosen or next(iter(offered), None)


def no_such_location(wanted: Wanted, offered: tuple[str, ...]) -> Change:
    """The line for a primary location that isn't offered."""
    there = ", ".join(offered) or "none"
    return Change(
        ChangeKind.FORBID,
        "primary location",
        f"“{wanted.primary_location or '?'}” isn't a location; there are: {there}",
    )
