"""What an evidence pack says of each step in plain words: what was found or done there, and why it has no picture.

A step that is done has been proved: these words say no more than its proof does (automation's guide).
"""

from __future__ import annotations

from storage.models import StepStatus, Verb

_DONE: dict[str, str] = {
    "log_in": "The administrator's login was accepted.",
    "read_id": "The practice's ID was read, and is the one of the plan.",
    "add_role": "There was no role OneSpot; the form for a new one was opened.",
    "name_role": "The name OneSpot was entered.",
    "tick_accounting": "View Invoices and View Claims were ticked.",
    "tick_administration": "View Administration, General, Employee/Roles and Vendors/Partners were ticked. In the "
    "whole list of permissions exactly these six were ticked before saving.",
    "save_role": "The role was saved. Opened again, it had exactly the six permissions.",
    "add_employee": "There was no active employee for OneSpot; the employee's form was opened.",
    "name_employee": "First name Sync and last name OneSpot were entered.",
    "enter_login": "User name and temporary password were entered where needed; emergency access is off.",
    "allow_days": "Login is allowed on all seven days.",
    "choose_role": "The role OneSpot was selected.",
    "choose_locations": "The primary location was selected, and every location made accessible.",
    "save_employee": "The employee was saved. Opened again, every value was as entered.",
    "log_out": "The administrator was logged out.",
    "log_in_as_onespot": "OneSpot logged in. Where RevolutionEHR asked for a new password, one was set.",
    "confirm_login": "A login with the password that is kept was accepted; then OneSpot was logged out.",
    "find_account": "The employee was looked for among the active and the inactive ones.",
    "deactivate": "The employee was deactivated in its record. Looked at again, it was inactive.",
    "prove_inactive": "Loaded anew, the employee wasn't among the active ones.",
    "log_out_for_good": "The administrator was logged out.",
}

_THERE: dict[str, str] = {
    "add_role": "The role OneSpot was there already, with exactly the six permissions. Nothing was changed.",
    "name_role": "The role had this name already.",
    "tick_accounting": "These permissions were ticked already.",
    "tick_administration": "These permissions were ticked already, and no others.",
    "save_role": "There was nothing to save.",
    "add_employee": "The employee was there already. Its record was opened and read.",
    "name_employee": "The employee had this name already.",
    "enter_login": "The user name was right, emergency access was off, and no new password was needed.",
    "allow_days": "Login was allowed on all seven days already.",
    "choose_role": "The employee had the role OneSpot already.",
    "choose_locations": "Primary and accessible locations were as they must be already.",
    "save_employee": "There was nothing to save.",
    "deactivate": "The employee was inactive already.",
}

_OF_REPAIR: dict[str, str] = {
    "add_role": "The role OneSpot was missing or differed; its form was opened.",
    "tick_accounting": "View Invoices and View Claims are ticked.",
    "tick_administration": "View Administration, General, Employee/Roles and Vendors/Partners are ticked. In the "
    "whole list of permissions exactly these six were ticked before saving.",
    "add_employee": "The employee was inactive or missing; it was activated, or the form for a new one was opened.",
}

STATES: dict[StepStatus, str] = {
    StepStatus.DONE: "Done",
    StepStatus.ALREADY_THERE: "Already there",
    StepStatus.FAILED: "Stopped",
    StepStatus.PENDING: "To be done again",
    StepStatus.RUNNING: "Begun",
}
"""How a step ended, for a reader."""

_HOME = "No picture: this step ends at the home screen, which may show patients and is never pictured."
_OUT = "No picture: after this step nobody is logged in, and no screen of the practice is left to show."
_UNPICTURED: dict[str, str] = {
    **dict.fromkeys(("log_in", "log_in_as_onespot", "confirm_login"), _HOME),
    **dict.fromkeys(("log_out", "log_out_for_good"), _OUT),
    **dict.fromkeys(("name_role", "tick_accounting", "tick_administration", "save_role"),
                    "No picture: nothing was opened here; the role is pictured at step 3."),
    "deactivate": "No picture: the next step shows how the employee stands.",
}  # fmt: skip
_STOPPED = "No picture: what a step shows where it stops is for those who mend it, and may show more than this account."

KINDS: dict[Verb, str] = {
    Verb.PROVISION: "Creation of the OneSpot account",
    Verb.REPAIR: "Repair of the OneSpot account",
    Verb.RETIRE: "Retirement of the OneSpot account",
}
"""What a run was, as a heading."""


def said(verb: Verb, name: str, status: StepStatus) -> str:
    """What was found or done at this step; empty for one that these words don't know."""
    if status is StepStatus.ALREADY_THERE:
        return _THERE.get(name, "It was as it must be already.")
    if status is StepStatus.DONE:
        return (_OF_REPAIR if verb is Verb.REPAIR else {}).get(name) or _DONE.get(name, "")
    return ""


def unpictured(name: str, status: StepStatus) -> str:
    """Why a step of which no picture was taken has none."""
    if status in (StepStatus.FAILED, StepStatus.PENDING):
        return _STOPPED
    if status is StepStatus.DONE and name in ("name_role", "tick_accounting", "tick_administration", "save_role"):
        return "No picture could be taken at this step."
    return _UNPICTURED.get(name, "No picture could be taken at this step.")


MISSING = (
    "The picture isn't kept here: pictures lie on the machine that did the steps, and are deleted some time after a "
    "run has ended."
)
REPLACED = "The step was done again later; the picture is there."
ALTERED = "The picture on the disk isn't the one that was taken at this step, so it isn't shown."

PROVES = (
    "No byte of this file was changed since it was signed, and it was signed with the key of this fingerprint.",
    "The steps, their order and their pictures are those that the installation with this key has recorded.",
)
PROVES_NOT = (
    "Whose key it is: compare its fingerprint with one that you have got in another way, for example by telephone.",
    "When it was signed: the time is that of the computer that made this file; nobody else has witnessed it.",
    "That the account is still so today: it says how it was at the end of the run.",
    "More than the program has seen: what it writes here is what RevolutionEHR has shown it.",
)
"""What a valid signature proves, and what it doesn't."""
