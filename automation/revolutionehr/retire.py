"""Retire: our employee is deactivated in its record, and that is proved in the list. Everything else is left alone.

Neither the role nor the employee is deleted: others may have the role, and deleting isn't in the guide. What is kept of
the account here is for whoever keeps it to destroy, once this walk has come to its end.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from automation import tables
from automation.browser import Browser
from automation.errors import AutomationError, Forbidden, ScreenChanged
from automation.revolutionehr import guide
from automation.revolutionehr.address import Address
from automation.revolutionehr.desired import LAST_NAME, ROLE, username_for
from automation.revolutionehr.keep import Keep
from automation.revolutionehr.pages import basic_information, standing
from automation.revolutionehr.pages.inactive import show_inactive
from automation.revolutionehr.pages.standing import Standing
from automation.revolutionehr.plan import look_around
from automation.revolutionehr.visit import Visit
from automation.revolutionehr.walking import Outcome, Walk, take
from automation.walk import GuideStep, Tell
from storage.models import Change, ChangeKind, Credential, Plan


def plan_retirement(
    browser: Browser, address: Address, admin: Credential, keep: Keep, *, retired: bool = False
) -> Plan:
    """A read-only visit: what would be done. `retired`: this practice's account was retired from here before.

    Raises:
        AutomationError: the login is refused, a person is needed, or a screen isn't as the guide describes.
    """
    return look_around(Visit(browser, address, keep), admin, lambda visit: _look(visit, retired))


def _look(visit: Visit, retired: bool) -> Plan:
    ehr_id = basic_information.read_id(visit.screen)
    username = username_for(ehr_id)
    return Plan(ehr_id, username, "", (), (_about_employee(visit, username, retired), *_AND_THEN))


_AND_THEN = (
    Change(ChangeKind.LEAVE, f"user role {ROLE}", "stays as it is; others may have it, and nothing is deleted"),
    Change(ChangeKind.CHANGE, "credentials", "everything that is kept of this account here is destroyed"),
    Change(ChangeKind.CHANGE, "checks", "stop"),
)


def _about_employee(visit: Visit, username: str, retired: bool) -> Change:
    what = standing.our_employee(username)
    if not retired and not visit.keep.knows(username):
        return Change(ChangeKind.FORBID, what, "this account isn't known here, so it isn't ours to retire")
    try:
        how = standing.look(visit.screen, username)
        if how is Standing.GONE:
            return Change(ChangeKind.LEAVE, what, "isn't in RevolutionEHR any more, neither active nor inactive")
        if how is Standing.INACTIVE:
            return Change(ChangeKind.LEAVE, what, "is inactive already")
        standing.open_record(visit.screen, username, how)
        if not standing.can(visit.screen, standing.DEACTIVATE):
            raise standing.no_button(standing.DEACTIVATE)
    except Forbidden as error:
        return Change(ChangeKind.FORBID, what, " ".join(part for part in (error.what, error.do) if part))
    visit.afresh()
    return Change(ChangeKind.CHANGE, what, "is deactivated; it can't log in any more")


# ---- the walk ----------------------------------------------------------------------------------------------


@dataclass
class Retirement(Walk):
    """A walk that ends an account."""

    standing: Standing = Standing.ACTIVE


def retire(
    browser: Browser,
    address: Address,
    admin: Credential,
    plan: Plan,
    keep: Keep,
    tell: Tell,
    fence: Callable[[], None],
) -> Outcome:
    """Deactivates our employee. `fence` is called right before each click that changes something and raises to stop.

    Raises:
        AutomationError: a step failed; it was told, everybody is logged out, and a retry looks first.
    """
    return take(STEPS, Retirement(browser, address, keep, fence, admin=admin, plan=plan), tell)


def find_account(visit: Retirement) -> None:
    """Step 3: which employee it is, and how it stands."""
    visit.standing = standing.look(visit.screen, visit.username)
    if visit.standing is Standing.ACTIVE:
        standing.must_be_planned(visit.order, standing.our_employee(visit.username))


def is_inactive(visit: Retirement) -> bool:
    return visit.standing is not Standing.ACTIVE


def deactivate(visit: Retirement) -> None:
    """Step 4. Whatever the answer was, only what the list says afterwards counts."""
    standing.open_record(visit.screen, visit.username, Standing.ACTIVE)
    error = standing.press(visit.screen, standing.DEACTIVATE, visit.fence)
    visit.changed = True
    visit.afresh()
    visit.standing = standing.look(visit.screen, visit.username)
    if visit.standing is not Standing.INACTIVE:
        raise error or _not_deactivated(visit.standing)


def _not_deactivated(how: Standing) -> AutomationError:
    seen = "is still active" if how is Standing.ACTIVE else "is in neither list"
    return ScreenChanged(
        f"“Deactivate” was pressed, but the employee {seen}.",
        "RevolutionEHR works otherwise here than expected.",
        "A person looks at the employee in RevolutionEHR and deactivates it; then retry.",
    )


def prove_inactive(visit: Retirement) -> None:
    """Step 5: loaded anew, it isn't among the active ones, and it is among the inactive ones unless it was gone."""
    visit.afresh()
    now = standing.look(visit.screen, visit.username)
    if now is not visit.standing:
        raise _not_deactivated(now)
    if now is Standing.INACTIVE and visit.address.evidence is not None:
        with contextlib.suppress(AutomationError):  # a picture that can't be taken fails no step
            show_inactive(visit.screen, True)
            tables.search(visit.screen, LAST_NAME)
            visit.show()


STEPS: tuple[GuideStep[Retirement], ...] = (
    GuideStep(1, "log_in", "Log in to RevolutionEHR", guide.log_in),
    GuideStep(2, "read_id", "Note the ID of Basic Information", guide.read_id),
    GuideStep(3, "find_account", "Find the employee Sync OneSpot", find_account),
    GuideStep(4, "deactivate", "Deactivate it in its record", deactivate, is_inactive),
    GuideStep(5, "prove_inactive", "See that it is inactive", prove_inactive),
    GuideStep(6, "log_out_for_good", "Log out", guide.log_out),
)
