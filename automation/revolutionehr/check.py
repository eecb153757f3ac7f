"""Is the account healthy? Logs in as OneSpot with the kept password, looks at its own role and record, logs out.

No administrator's login is used and nothing is written. A refused password is never tried again.
"""

from __future__ import annotations

from dataclasses import dataclass

from automation.browser import Browser
from automation.errors import AutomationError, LoginRefused, NotRevolutionEHR, PersonNeeded, ScreenChanged
from automation.revolutionehr import compare
from automation.revolutionehr.desired import Address, Wanted
from automation.revolutionehr.keep import Keep
from automation.revolutionehr.pages import employees, login, messages, user_roles
from automation.revolutionehr.visit import Visit
from storage.models import CheckOutcome, Credential


@dataclass(frozen=True)
class Checked:
    """What a check found. `drifts` are the differences, each in words."""

    outcome: CheckOutcome
    sentence: str
    drifts: tuple[str, ...] = ()


def check(browser: Browser, address: Address, credential: Credential, wanted: Wanted, keep: Keep) -> Checked:
    """One login and one look. Every outcome is a value; nothing that the EHR does raises."""
    visit = Visit(browser, address, keep)
    try:
        if visit.arrive(credential) is login.Arrival.RESET:
            visit.leave_anyhow()
            return Checked(CheckOutcome.PASSWORD_EXPIRED, "RevolutionEHR asks this account for a new password.")
        drifts = _look(visit, credential, wanted)
        visit.leave()
    except AutomationError as error:
        visit.picture("check")
        return Checked(_outcome(error), error.what)
    finally:
        visit.leave_anyhow()
    if drifts:
        return Checked(CheckOutcome.DRIFT, f"The login works, but {'; '.join(drifts)}.", drifts)
    return Checked(CheckOutcome.HEALTHY, "The login works; role, permissions, days and locations are as they must be.")


def _look(visit: Visit, credential: Credential, wanted: Wanted) -> tuple[str, ...]:
    user_roles.open_list(visit.screen)
    names = user_roles.names_like_ours(visit.screen)
    if not names:
        return ("there is no role OneSpot any more",)
    role = [f"the role {d}" for d in compare.role_differences(user_roles.read_role(visit.screen).permissions)]
    visit.afresh()
    employees.open_list(visit.screen)
    if not employees.open_ours(visit.screen, credential.username):
        return (*role, "the employee is not in the list of active employees")
    record = employees.read_record(visit.screen)
    lines = compare.record_differences(record, credential.username, wanted.primary_location)
    return (*role, *(f"the employee {line}" for line in lines))


def _outcome(error: AutomationError) -> CheckOutcome:
    for kind, outcome in _OUTCOMES:
        if isinstance(error, kind):
            return outcome
    return CheckOutcome.EHR_DOWN


_OUTCOMES: tuple[tuple[type[AutomationError], CheckOutcome], ...] = (
    (messages.AccountLocked, CheckOutcome.LOCKED),
    (messages.LoginExpired, CheckOutcome.PASSWORD_EXPIRED),
    (LoginRefused, CheckOutcome.LOGIN_REFUSED),
    (PersonNeeded, CheckOutcome.PERSON_NEEDED),
    (NotRevolutionEHR, CheckOutcome.EHR_DOWN),
    (ScreenChanged, CheckOutcome.SCREEN_CHANGED),
)
