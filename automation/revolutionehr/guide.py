"""THE 17 STEPS, in the guide's order (guide.md), each with its look first and its proof.

Read it beside the guide: `GUIDE` at the end lists them. A save counts only when the record, opened again, shows what
was saved; after an unknown outcome it is read again before anything is written again. Passwords are kept before they
are typed.
"""

from __future__ import annotations

from collections.abc import Callable

from automation.browser import Browser
from automation.errors import AutomationError, Forbidden, LoginRefused, PasswordRefused, ScreenChanged, Unavailable
from automation.lists import NotListed
from automation.revolutionehr import compare
from automation.revolutionehr.address import Address
from automation.revolutionehr.desired import ACCOUNTING, ADMINISTRATION, ROLE, Wanted
from automation.revolutionehr.keep import Keep
from automation.revolutionehr.pages import basic_information, employee, employees, login, messages, user_roles
from automation.revolutionehr.password_change import let_in, needs_password, passwords_to_try, reset, set_temporary
from automation.revolutionehr.visit import reset_needed
from automation.revolutionehr.walking import Outcome, Walk, take
from automation.walk import GoBack, GuideStep, Tell
from storage.models import Credential, Plan, Purpose


def provision(
    browser: Browser,
    address: Address,
    admin: Credential,
    wanted: Wanted,
    plan: Plan,
    keep: Keep,
    tell: Tell,
    fence: Callable[[], None],
    *,
    adopt: bool = False,
) -> Outcome:
    """Walks the guide for one practice.

    `fence` is called right before each click that changes something and raises to stop.

    Raises:
        AutomationError: a step failed; it was told, everybody is logged out, and a retry looks first.
    """
    visit = Walk(browser, address, keep, fence, admin=admin, wanted=wanted, plan=plan, adopt=adopt)
    return take(GUIDE, visit, tell)


# ---- 1, 2: log in, make note of the ID ---------------------------------------------------------------------


def log_in(visit: Walk) -> None:
    """Step 1, with the administrator's login."""
    if visit.admin is None:
        raise LoginRefused("There is no administrator's login.", "", "Give it and start again.")
    if visit.arrive(visit.admin) is login.Arrival.RESET:
        raise reset_needed()
    sight = visit.screen.look()[0]
    version = next((t.own for t in sight.texts if t.own.startswith("v") and any(c.isdigit() for c in t.own[:3])), "")
    visit.versions = {"revolutionehr": version, "build": sight.build, "browser": visit.browser.version}


def read_id(visit: Walk) -> None:
    """Step 2: it must be the ID of the plan."""
    found = basic_information.read_id(visit.screen)
    if found != visit.order.ehr_id:
        raise Forbidden(
            f"This practice has the ID {found}; the plan was made for {visit.order.ehr_id}.",
            "The login belongs to another practice than the one that was approved.",
            "Check address and administrator's login, then plan again.",
        )


# ---- 3 to 7: the role --------------------------------------------------------------------------------------


def find_role(visit: Walk) -> bool:
    """Looks for our role; one that differs stops the run, it is never edited."""
    user_roles.open_list(visit.screen)
    names = user_roles.names_like_ours(visit.screen)
    if not names:
        return False
    if len(names) > 1 or names[0] != ROLE:
        raise role_forbids(f"There is {'more than one role' if len(names) > 1 else f'a role “{names[0]}”'}")
    differences = compare.role_differences(user_roles.read_role(visit.screen).permissions)
    visit.show(from_top=True)
    visit.afresh()
    if differences:
        raise role_forbids(f"The role {ROLE} {'; '.join(differences)}")
    visit.role_there = True
    return True


def role_forbids(what: str) -> Forbidden:
    """The error for a role that isn't ours to change."""
    return Forbidden(
        f"{what}.", "A role that exists is never edited: other employees may have it.", "A person decides what to do."
    )


def add_role(visit: Walk) -> None:
    """Step 3."""
    user_roles.open_list(visit.screen)
    user_roles.start(visit.screen)


def role_there(visit: Walk) -> bool:
    return visit.role_there


def name_role(visit: Walk) -> None:
    """Step 4."""
    user_roles.set_name(visit.screen)


def tick_accounting(visit: Walk) -> None:
    """Step 5."""
    user_roles.tick(visit.screen, ACCOUNTING)
    visit.show(from_top=True)


def tick_administration(visit: Walk) -> None:
    """Step 6."""
    user_roles.tick(visit.screen, ADMINISTRATION)
    visit.show()  # before the whole tree is read, which scrolls away from what was ticked


def exactly_six(visit: Walk) -> None:
    """The proof of step 6: in the whole tree exactly the six are ticked."""
    if visit.role_there:
        return
    differences = compare.role_differences(user_roles.ticked_everywhere(visit.screen))
    if differences:
        raise ScreenChanged(
            f"Before saving, the role {'; '.join(differences)}.",
            "Ticking works otherwise here than expected; nothing was saved.",
            "Look at the picture; create the role by hand if need be, then retry.",
        )


def save_role(visit: Walk) -> None:
    """Step 7. Whatever the answer was, only what is there afterwards counts."""
    error = user_roles.save(visit.screen, visit.fence)
    if isinstance(error, Forbidden | PasswordRefused | messages.SessionOver):
        raise error
    visit.changed = True
    stays_open = user_roles.is_open(visit.screen.look())
    if error or stays_open:
        visit.afresh()
    prove_role(visit, error, _came_to_nothing("role") if stays_open else None)


def _listed_roles(visit: Walk) -> list[str]:
    user_roles.open_list(visit.screen)
    return user_roles.names_like_ours(visit.screen)


def _came_to_nothing(what: str) -> Unavailable:
    """The error where the form stayed open at Save, and what it holds isn't in the list."""
    return Unavailable(f"The save of the {what} came to nothing.", "The form stayed open.", "Retry: it looks first.")


def _unseen(what: str) -> ScreenChanged:
    """The error for what was saved by all appearances and isn't in the list. Nobody tries that again by itself."""
    return ScreenChanged(
        f"The {what} was saved without a complaint, but isn't in the list.",
        "It may be there all the same: saving it once more could make a second one.",
        "Look for it in RevolutionEHR; then retry, which makes it if it still isn't in the list.",
    )


def prove_role(visit: Walk, error: AutomationError | None, unseen: AutomationError | None) -> None:
    """Opens the saved role again and compares; finds out whether an unclear save happened.

    `error` is what was said against the save; `unseen` what to raise where nothing was, and the role isn't in the list.
    """
    names = _listed_roles(visit)
    if not (names or error or unseen):  # some lists show what was added only once all is loaded anew
        visit.afresh()
        names = _listed_roles(visit)
    if not names:
        raise error or unseen or _unseen("role")
    if len(names) > 1:
        raise role_forbids("There is more than one role OneSpot")
    differences = compare.role_differences(user_roles.read_role(visit.screen).permissions)
    if differences:
        raise role_forbids(f"The saved role {'; '.join(differences)}")
    visit.role_there = True
    visit.show(from_top=True)
    visit.afresh()


# ---- 8 to 14: the employee ---------------------------------------------------------------------------------


def find_employee(visit: Walk) -> bool:
    """Looks for our employee, also among the inactive; reads it whole when it is there."""
    employees.open_list(visit.screen)
    found = employees.find(visit.screen, visit.username)
    _may_go_on(found, visit.username)
    if not any(employees.is_ours(r) or employees.has_username(r, visit.username) for r in found.active):
        return False
    if not visit.keep.knows(visit.username) and not visit.adopt:
        raise Forbidden(
            f"There is an employee {visit.username}, but its password isn't known here.",
            "Somebody else created it; giving it a new password may break what they use it for.",
            "Start again with --adopt to take it over.",
        )
    if not employees.open_ours(visit.screen, visit.username):
        raise ScreenChanged("The employee is in the list, but could not be opened.", "", "Look at the picture.")
    visit.record = employee.read_record(visit.screen)
    visit.primary, visit.locations = visit.record.primary, tuple(visit.record.locations)
    return True


def _may_go_on(found: employees.Found, username: str) -> None:
    ours = [r for r in found.active if employees.is_ours(r)]
    theirs = [r for r in found.active if employees.has_username(r, username) and not employees.is_ours(r)]
    gone = [r for r in found.inactive if employees.is_ours(r) or employees.has_username(r, username)]
    if theirs or len(ours) > 1 or (gone and not ours):
        what = (
            f"The user name {username} belongs to somebody else"
            if theirs
            else "There is more than one employee Sync OneSpot"
            if len(ours) > 1
            else f"The employee {username} exists, but is inactive"
        )
        raise Forbidden(f"{what}.", "That was otherwise when the plan was made, or nobody decided it.", "Plan again.")


def add_employee(visit: Walk) -> None:
    """Step 8."""
    employees.open_list(visit.screen)
    employee.start(visit.screen)


def _as_it_must_be(visit: Walk, *signs: str) -> bool:
    """True when the record was there before and none of its differences carries one of these words."""
    if visit.record is None:
        return False
    lines = compare.record_differences(visit.record, visit.username, visit.wanted.primary_location)
    return not any(sign in line for line in lines for sign in signs)


def name_employee(visit: Walk) -> None:
    """Step 9."""
    employee.set_name(visit.screen)
    visit.changed = True


def is_named(visit: Walk) -> bool:
    return _as_it_must_be(visit, "is named")


def enter_login(visit: Walk) -> None:
    """Step 10: user name, temporary password, and emergency access off."""
    if visit.record is None:
        employee.set_username(visit.screen, visit.username)
    if needs_password(visit):
        set_temporary(visit)
    employee.set_emergency_off(visit.screen)
    visit.changed = True


def login_is_entered(visit: Walk) -> bool:
    return _as_it_must_be(visit, "user name", "emergency") and not needs_password(visit)


def allow_days(visit: Walk) -> None:
    """Step 11."""
    employee.set_days(visit.screen)
    visit.changed = True


def days_are_allowed(visit: Walk) -> bool:
    return _as_it_must_be(visit, "may not log in")


def choose_role(visit: Walk) -> None:
    """Step 12. A picker that was loaded before the role was made needs one reload."""
    try:
        employee.set_role(visit.screen, ROLE)
    except NotListed as error:
        if visit.reloaded:
            raise
        visit.reloaded = True
        why = error.what
    else:
        visit.changed = True
        return
    visit.afresh()
    raise GoBack("add_employee", why)


def role_is_chosen(visit: Walk) -> bool:
    return _as_it_must_be(visit, " the role ")


def choose_locations(visit: Walk) -> None:
    """Step 13."""
    visit.primary = employee.set_primary(visit.screen, visit.order.primary_location or None)
    visit.locations = employee.set_locations(visit.screen, visit.order.locations)
    if not visit.locations:
        raise ScreenChanged("“Accessible Locations” is empty.", "The practice's locations did not load.", "Retry.")
    visit.changed = True


def locations_are_chosen(visit: Walk) -> bool:
    return _as_it_must_be(visit, "location", "may not access")


def employee_unchanged(visit: Walk) -> bool:
    """True when the employee was there already and every step found its part done."""
    return _as_it_must_be(visit, "") and not needs_password(visit)


def save_employee(visit: Walk) -> None:
    """Step 14. A refused password is replaced once; an unclear answer is looked into before anything else."""
    if visit.temporary is not None:
        visit.keep.mark_submitted(Purpose.TEMPORARY)
    error = employee.save(visit.screen, visit.fence)
    if isinstance(error, PasswordRefused):
        if Purpose.TEMPORARY in visit.refused or visit.longest == -1:
            raise error
        visit.longest = -1
        visit.refused.add(Purpose.TEMPORARY)
        visit.afresh()
        raise GoBack("add_employee", error.what)
    if isinstance(error, Forbidden | messages.SessionOver):
        raise error
    visit.changed = True
    stays_open = employee.is_open(visit.screen.look())
    if error or stays_open:
        visit.afresh()
    prove_employee(visit, error, _came_to_nothing("employee") if stays_open else None)
    if visit.temporary is not None:
        visit.keep.forgive(visit.username)


def prove_employee(visit: Walk, error: AutomationError | None, unseen: AutomationError | None) -> None:
    """Opens the saved record again and compares every value with the guide's. Errors are as in `prove_role`."""
    opened = _opens_ours(visit)
    if not (opened or error or unseen):
        visit.afresh()
        opened = _opens_ours(visit)
    if not opened:
        raise error or unseen or _unseen("employee")
    record = employee.read_record(visit.screen)
    differences = compare.record_differences(record, visit.username, visit.primary)
    if differences:
        raise error or ScreenChanged(
            f"The saved employee {'; '.join(differences)}.",
            "RevolutionEHR did not keep everything that was entered.",
            "Look at the picture and retry.",
        )
    visit.primary, visit.locations = record.primary, tuple(record.locations)


def _opens_ours(visit: Walk) -> bool:
    employees.open_list(visit.screen)
    return employees.open_ours(visit.screen, visit.username)


# ---- 15 to 17: the first login -----------------------------------------------------------------------------


def log_out(visit: Walk) -> None:
    """Step 15."""
    visit.afresh()
    visit.leave()


def log_in_as_onespot(visit: Walk) -> None:
    """Step 16: with what is kept, in the order in which it is likely to hold; each at most once."""
    tries = passwords_to_try(visit)
    for position, (purpose, credential) in enumerate(tries):
        try:
            arrival = visit.arrive(credential)
        except LoginRefused as error:
            if position + 1 == len(tries) or type(error) is not LoginRefused:
                raise
            continue
        if arrival is login.Arrival.RESET:
            reset(visit, credential)
        else:
            let_in(visit, purpose, credential)
        return


def confirm_login(visit: Walk) -> None:
    """Step 17: a fresh login with the kept password proves it; then log out."""
    if visit.final is None:
        raise ScreenChanged("The first login isn't finished.", "", "Retry.")
    if not visit.proved and visit.arrive(visit.final) is login.Arrival.RESET:
        raise Unavailable(
            "RevolutionEHR asks for a new password once more.",
            "The reset did not take.",
            "Retry; the password is kept.",
        )
    visit.keep.prove()
    visit.leave()


GUIDE: tuple[GuideStep[Walk], ...] = (
    GuideStep(1, "log_in", "Log in to RevolutionEHR", log_in),
    GuideStep(2, "read_id", "Note the ID of Basic Information", read_id),
    GuideStep(3, "add_role", "Add a user role", add_role, find_role),
    GuideStep(4, "name_role", "Name it OneSpot", name_role, role_there),
    GuideStep(5, "tick_accounting", "Tick two Accounting permissions", tick_accounting, role_there),
    GuideStep(
        6, "tick_administration", "Tick four Administration permissions", tick_administration, role_there, exactly_six
    ),
    GuideStep(7, "save_role", "Save the user role", save_role, role_there),
    GuideStep(8, "add_employee", "Add an employee", add_employee, find_employee),
    GuideStep(9, "name_employee", "Enter the name Sync OneSpot", name_employee, is_named),
    GuideStep(10, "enter_login", "Enter user name and temporary password", enter_login, login_is_entered),
    GuideStep(11, "allow_days", "Allow login on every day", allow_days, days_are_allowed),
    GuideStep(12, "choose_role", "Select the role OneSpot", choose_role, role_is_chosen),
    GuideStep(13, "choose_locations", "Select primary and all locations", choose_locations, locations_are_chosen),
    GuideStep(14, "save_employee", "Save the employee", save_employee, employee_unchanged),
    GuideStep(15, "log_out", "Log out", log_out),
    GuideStep(16, "log_in_as_onespot", "Log in as OneSpot and reset the password", log_in_as_onespot),
    GuideStep(17, "confirm_login", "Confirm the login, log out", confirm_login),
)
"""The guide. Steps are remembered by name, so one may be inserted without breaking runs that wait."""
