"""Retiring an account in a real browser, at both front ends: our employee is inactive afterwards, all else untouched.

ONESPOT_ALL_STEPS=1 runs each case on both front ends; every day one runs on one.
"""

from __future__ import annotations

import pytest

from automation.errors import AutomationError, Forbidden, PersonNeeded, ScreenChanged
from automation.fields import is_checked, seek
from automation.revolutionehr.address import Address
from automation.revolutionehr.pages import standing
from automation.revolutionehr.pages.employees import Found
from automation.revolutionehr.pages.standing import ACTIVATE, DEACTIVATE, Standing, tell_apart
from automation.revolutionehr.retire import STEPS, plan_retirement, retire
from automation.revolutionehr.walking import Outcome
from sandbox.ehr import seed
from storage.models import ChangeKind, Plan, StepStatus
from tests.automation.conftest import Show
from tests.automation.test_repair import ADMIN, FRONTS, USERNAME, At, Begin, Front, at, truth
from tests.onespot import daily, only_with_everything

__all__ = ["at"]

BOTH = [only_with_everything(front) for front in FRONTS]


def plan(here: At, *, retired: bool = False) -> Plan:
    before = list(here.ehr.state.mutations)
    made = plan_retirement(here.browser, Address(here.ehr.url), ADMIN, here.keep, retired=retired)
    assert here.ehr.state.mutations == before
    return made


def walk(here: At, approved: Plan) -> Outcome:
    return retire(here.browser, Address(here.ehr.url), ADMIN, approved, here.keep, here.told.append, here.fence)


# --- the deed


@pytest.mark.browser
@pytest.mark.parametrize(("front", "asks"), daily([(f, a) for f in FRONTS for a in (False, True)], ("modern", True)))
def test_the_employee_is_deactivated_in_its_record_and_nothing_else_is_touched(
    at: Begin, front: Front, asks: bool
) -> None:
    here = at(front, *(["activate-asks"] if asks else []), test_ids=front == "legacy")
    after = truth(here.ehr)
    (who,) = [who for who in after["employees"] if who["username"] == USERNAME]
    who["active"] = False

    made = plan(here)
    assert made.forbidden == ()
    assert made.changes[0].kind is ChangeKind.CHANGE
    outcome = walk(here, made)
    assert truth(here.ehr) == after
    assert here.changes == ["employee deactivated"]
    assert here.fenced == (2 if asks else 1)
    assert outcome.changed
    ended = [(one.number, one.status) for one in here.told if one.status is not StepStatus.RUNNING]
    assert ended == [(step.number, StepStatus.DONE) for step in STEPS]
    assert [one for one in here.ehr.state.sessions if one.ended_how != "logged out"] == []


@pytest.mark.browser
@pytest.mark.parametrize("front", BOTH)
def test_one_that_is_inactive_already_is_left_so(at: Begin, front: Front) -> None:
    here = at(front)
    here.who.active = False
    made = plan(here)
    assert (made.changes[0].kind, made.changes[0].detail) == (ChangeKind.LEAVE, "is inactive already")
    assert not walk(here, made).changed
    assert here.changes == []


@pytest.mark.browser
@pytest.mark.parametrize("front", BOTH)
def test_one_that_somebody_activated_since_the_plan_is_not_deactivated(at: Begin, front: Front) -> None:
    here = at(front)
    here.who.active = False
    made = plan(here)
    here.who.active = True
    with pytest.raises(Forbidden, match="no longer as it was"):
        walk(here, made)
    assert here.changes == []


@pytest.mark.browser
@pytest.mark.parametrize("front", BOTH)
def test_what_is_not_known_here_is_not_retired_unless_it_was_retired_from_here(at: Begin, front: Front) -> None:
    here = at(front, known=False)
    assert plan(here).forbidden != ()
    assert plan(here, retired=True).forbidden == ()
    assert here.changes == []


@pytest.mark.browser
@pytest.mark.parametrize("front", BOTH)
def test_of_two_that_look_alike_none_is_touched(at: Begin, front: Front) -> None:
    here = at(front)
    seed.onespot_employee(here.ehr.state, "Sync", "OneSpot").username = "OneSpot2916"
    made = plan(here)
    assert "There are 2 employees Sync OneSpot" in made.forbidden[0].detail
    with pytest.raises(Forbidden):
        walk(here, made)
    assert here.changes == []


@pytest.mark.browser
@pytest.mark.parametrize("front", BOTH)
def test_without_a_button_in_the_record_no_icon_of_the_list_is_pressed(at: Begin, front: Front) -> None:
    here = at(front, "record-without-activate")
    made = plan(here)
    assert "A person has to deactivate the employee" in made.forbidden[0].detail
    with pytest.raises(Forbidden):
        walk(here, made)
    assert here.changes == []


# --- which line is ours

US, NOT_US = ("OneSpot", "Sync", USERNAME, "OneSpot"), ("Spottiswoode", "Oneida", USERNAME)


@pytest.mark.parametrize(
    ("active", "inactive", "how"),
    [
        ([US], [], Standing.ACTIVE),
        ([], [US], Standing.INACTIVE),
        ([], [], Standing.GONE),
        ([US], [US], Standing.ACTIVE),
        ([("OneSpot, Sync",)], [], Standing.ACTIVE),
    ],
)
def test_our_one_line_is_found(active: list[tuple[str, ...]], inactive: list[tuple[str, ...]], how: Standing) -> None:
    assert tell_apart(Found(tuple(active), tuple(inactive)), USERNAME) is how


@pytest.mark.parametrize(
    ("active", "inactive"), [([US, US], []), ([], [US, US]), ([NOT_US], []), ([], [NOT_US]), ([US, NOT_US], [])]
)
def test_lines_that_can_not_be_told_apart_are_refused(
    active: list[tuple[str, ...]], inactive: list[tuple[str, ...]]
) -> None:
    with pytest.raises(Forbidden):
        tell_apart(Found(tuple(active), tuple(inactive)), USERNAME, renamed=True)


def test_ours_under_another_last_name_is_ours_only_where_that_is_put_right() -> None:
    found = Found((("Sync", "Nightly", USERNAME, "Front Desk"),), ())
    assert tell_apart(found, USERNAME, renamed=True) is Standing.ACTIVE
    with pytest.raises(Forbidden):
        tell_apart(found, USERNAME)


# --- the button and the one question

RECORD = """
<style>dialog {{ border: 1px solid; }}</style>
<h3>Personal Details</h3><p><label>First Name <input value="Sync"></label></p>
<p><label>Last Name <input value="OneSpot"></label></p>
<h3>Login Details</h3><h3>Location Access</h3>
<button type="button">Save</button>
<button type="button" onclick="{does}">Deactivate</button>
<dialog aria-modal="true"><h4>{title}</h4><p>{words}</p>{buttons}</dialog>
<output data-as="pressed"></output>
"""
ASKS = "document.querySelector('dialog').showModal()"


def _record(
    words: str, title: str = "Please confirm", yes: tuple[str, ...] = ("Yes",), no: str = "No", does: str = ASKS
) -> str:
    says = "document.querySelector('output').textContent = this.textContent; document.querySelector('dialog').close()"
    buttons = "".join(f'<button type="button" onclick="{says}">{name}</button>' for name in (*yes, no))
    return RECORD.format(does=does, title=title, words=words, buttons=buttons)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("title", "words", "yes"),
    [
        ("Please confirm", "Deactivate Sync OneSpot?", "Yes"),
        ("Deactivate Employee", "Are you sure?", "Deactivate"),
        ("Warning", "This will make the employee inactive.", "OK"),
    ],
)
def test_the_question_that_names_just_this_is_answered(show: Show, title: str, words: str, yes: str) -> None:
    shown, fenced = show(_record(words, title, (yes,), "Cancel")), list[int]()
    assert standing.press(shown.screen, DEACTIVATE, lambda: fenced.append(1)) is None
    assert shown.truth()["pressed"] == yes
    assert len(fenced) == 2


@pytest.mark.browser
@pytest.mark.parametrize(
    "page",
    [
        _record("You have unsaved changes. Leave the page?"),
        _record("Are you sure?"),
        _record("Deactivate the employee and delete all appointments?"),
        _record("Deactivate the employee? Reason: <input>"),
        _record("Deactivate the employee and activate its substitute?"),
        _record("Deactivate the employee?", yes=("Yes", "OK")),
        _record("Deactivate the employee?", yes=("Deactivate all",)),
        _record("", does="confirm('Deactivate the employee and delete all appointments?')"),
    ],
    ids=["unsaved", "unnamed", "more", "field", "other", "two", "unknown", "native"],
)
def test_any_other_question_is_left_to_a_person(show: Show, page: str) -> None:
    shown = show(page)
    with pytest.raises(PersonNeeded):
        standing.press(shown.screen, DEACTIVATE, lambda: None)
    assert shown.truth()["pressed"] == ""


@pytest.mark.browser
def test_the_same_question_of_the_browser_itself_is_answered(show: Show) -> None:
    asks = "document.querySelector('output').textContent = confirm('Deactivate this employee?')"
    shown = show(_record("", does=asks))
    assert standing.press(shown.screen, DEACTIVATE, lambda: None) is None
    assert shown.truth()["pressed"] == "true"


@pytest.mark.browser
def test_of_two_such_buttons_none_is_pressed(show: Show) -> None:
    shown = show(_record("") + '<button type="button" onclick="document.querySelector(\'output\').textContent=1">'
                 "Deactivate</button>")  # fmt: skip
    with pytest.raises(ScreenChanged, match="stands 2 times"):
        standing.press(shown.screen, DEACTIVATE, lambda: None)
    assert shown.truth()["pressed"] == ""


@pytest.mark.browser
def test_a_button_in_a_line_of_a_list_is_no_button_of_the_record(show: Show) -> None:
    lines = "<table><tr><td>OneSpot</td><td><button type='button'>Activate</button></td></tr></table>"
    shown = show(_record("") + lines)
    assert not standing.can(shown.screen, ACTIVATE)
    with pytest.raises(Forbidden, match="no button “Activate”"):
        standing.press(shown.screen, ACTIVATE, lambda: None)


def _stops() -> None:
    raise Forbidden("The lease is lost.")


@pytest.mark.browser
def test_the_fence_stops_before_the_click(show: Show) -> None:
    shown = show(_record("Deactivate?", does="document.querySelector('output').textContent = 'gone'"))
    with pytest.raises(AutomationError, match="lease"):
        standing.press(shown.screen, DEACTIVATE, _stops)
    assert shown.truth()["pressed"] == ""


# --- locked

UNLOCK = "<h3>Login Information</h3><label>Username <input></label> {control} <output data-as='unlocked'></output>"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("control", "truth_says"),
    [
        ("<button type='button' onclick=\"document.querySelector('output').textContent='yes'\">Unlock</button>", "yes"),
        ("<label><input type='checkbox' data-as='unlocked' checked> Account Locked</label>", "off"),
    ],
)
def test_a_lock_that_the_record_shows_is_lifted(show: Show, control: str, truth_says: str) -> None:
    page = UNLOCK.format(control=control)
    shown = show(page if "button" in control else page.replace("<output data-as='unlocked'></output>", ""))
    assert standing.shows_locked(shown.screen)
    assert standing.unlock(shown.screen, lambda: None)
    assert shown.truth()["unlocked"] == truth_says


@pytest.mark.browser
def test_where_nothing_says_locked_nothing_is_pressed(show: Show) -> None:
    shown = show(UNLOCK.format(control="<label><input type='checkbox' data-as='box'> Locked</label>"))
    assert not standing.shows_locked(shown.screen)
    assert not standing.unlock(shown.screen, lambda: None)
    assert not is_checked(seek(shown.screen.look(), "Locked", ("check",)))
