"""What a worker says about how something ended, and whether an approval still holds. Pure: values in, values out."""

from __future__ import annotations

from dataclasses import replace

from automation.errors import AutomationError, NotRevolutionEHR, Unreachable
from bot.guard import Stopped
from bot.hands import NoBrowser
from storage.models import ChangeKind, CheckOutcome, ErrorClass, Plan, Trouble

OUTCOMES: dict[ErrorClass, CheckOutcome] = {
    ErrorClass.CREDENTIAL: CheckOutcome.LOGIN_REFUSED,
    ErrorClass.POLICY: CheckOutcome.PASSWORD_EXPIRED,
    ErrorClass.BUSINESS: CheckOutcome.SCREEN_CHANGED,
    ErrorClass.UI_CHANGED: CheckOutcome.SCREEN_CHANGED,
    ErrorClass.TRANSIENT: CheckOutcome.EHR_DOWN,
    ErrorClass.HUMAN_NEEDED: CheckOutcome.PERSON_NEEDED,
}
"""What a check found when an error of this class ended it."""

STOPPED = Trouble(
    ErrorClass.TRANSIENT,
    "The run was stopped, as asked.",
    "What was done so far stays in RevolutionEHR, and every password of it is kept.",
    "Go on with it when you like: each step looks first whether its work is done already.",
)
LAPSED = Trouble(
    ErrorClass.BUSINESS,
    "RevolutionEHR is no longer as it was when the plan was approved.",
    "The approval was for another plan, so nothing was changed.",
    "Look at the new plan and approve that one.",
)
UNPROVED = Trouble(
    ErrorClass.CREDENTIAL,
    "The walk came to its end, but no login has proved the kept password.",
    "The account can't be called ready.",
    "Go on with the run: it logs in with the kept password once more.",
)
NO_PASSWORD = Trouble(
    ErrorClass.CREDENTIAL,
    "The administrator's password isn't here any more.",
    "It is destroyed when it was refused, when a run ends, and 24 hours after it was given.",
    "Give it once more; the run then goes on where it was.",
)
LATE = Trouble(
    ErrorClass.TRANSIENT,
    "RevolutionEHR did not come to an end in time.",
    "The page or the browser was stuck, so the browser was closed; what RevolutionEHR had saved by then is kept.",
    "Try again; if it happens at the same step every time, open that screen by hand.",
)


class Declined(Stopped):
    """Whoever watches the walk step by step did not want a click to be made; it wasn't."""

    def __init__(self, press: str) -> None:
        super().__init__()
        self.trouble = Trouble(
            ErrorClass.TRANSIENT,
            f"You stopped it before “{press}” was pressed.",
            "Nothing was saved by that press. What was saved before it stays, and every password of it is kept.",
            STOPPED.do,
        )


def trouble_of(error: Exception, step: int | None = None) -> Trouble:
    """What an AutomationError, Late or Stopped says, as a value."""
    if isinstance(error, AutomationError):
        return Trouble(error.error_class, error.what, error.means, error.do, step)
    if isinstance(error, Declined):
        return replace(error.trouble, step=step)
    return replace(STOPPED if isinstance(error, Stopped) else LATE, step=step)


def worth_another_try(error: Exception) -> str | None:
    """What happened, where it may pass by itself; None for anything else."""
    trouble = trouble_of(error)
    return trouble.what if trouble.error_class is ErrorClass.TRANSIENT else None


def unusable(error: Exception) -> bool:
    """Whether the address or this machine is at fault: a matter of settings, not of the practice."""
    return isinstance(error, NotRevolutionEHR | Unreachable | NoBrowser)


def unknown(error: Exception, step: int | None) -> Trouble:
    """A defect, in words that quote nothing of it but its name."""
    return Trouble(
        ErrorClass.TRANSIENT,
        f"Something unexpected happened ({type(error).__name__}).",
        "This is a defect of the program; what was done so far is kept.",
        "Try again; if it comes back, report it with the output of ONESPOT_DEBUG=1.",
        step,
    )


def still_approved(approved: Plan | None, fresh: Plan, *, started: bool) -> bool:
    """Whether the plan made at the start is covered by the approved one.

    Before the first step: only the very same plan, by its hash. Once the run has started, its own earlier work is there
    already: then the facts (ID, user name, locations) must be the same, nothing may be forbidden, and whatever is still
    to be created or changed must be a thing that the approved plan creates or changes. So less may happen than was
    approved, never more.
    """
    if approved is None or fresh.forbidden:
        return False
    if fresh.hash == approved.hash:
        return True
    to_do = (ChangeKind.CREATE, ChangeKind.CHANGE)
    said = {change.what for change in approved.changes if change.kind in to_do}
    still = {change.what for change in fresh.changes if change.kind in to_do}
    return started and _facts(approved) == _facts(fresh) and still <= said


def _facts(plan: Plan) -> tuple[str, str, str, frozenset[str]]:
    return plan.ehr_id, plan.username, plan.primary_location, frozenset(plan.locations)
