"""What a login form says instead of letting somebody in, as a person reads it. No browser: the form is drawn."""

from __future__ import annotations

import pytest

from automation.errors import AutomationError, PasswordRefused, PersonNeeded
from automation.revolutionehr.pages.login import Arrival, _after_reset, _arrived, _nowhere, _said_again, reset_fields
from automation.sight import Sight
from tests.automation.drawn import Drawing

WHOLE = "Other active sessions were found. Click here to clear all active sessions in order to log in."


def _form(*texts: str, alert: str = "") -> Sight:
    paper = Drawing()
    for number, text in enumerate(texts):
        paper.text(text, 100, 100 + 20 * number)
    if alert:
        paper.alert(alert, "alert alert-danger")
    paper.widget("text", 100, 300, placeholder="Username")
    paper.widget("password", 100, 340, placeholder="Password")
    paper.text("Login", 100, 380, click=1, tag="button", role="button")
    return paper.sight()


def _said(*texts: str, alert: str = "") -> AutomationError:
    found = _arrived((_form(*texts, alert=alert),), (_form(),))
    assert isinstance(found, AutomationError)
    return found


def test_a_message_with_a_link_in_it_is_quoted_once_and_whole() -> None:
    pieces = ("Other active sessions were found. in order to log in.", "Click here to clear all active sessions")
    found = _said(*pieces, alert=WHOLE)
    assert isinstance(found, PersonNeeded)
    assert f"“{WHOLE}”" in found.what


def test_a_refusal_in_a_box_within_a_box_is_quoted_once() -> None:
    said = "The username or password you entered is incorrect. Please try again."
    paper = Drawing()
    paper.alert(f"Your session has expired. {said}", "alert alert-danger")
    paper.alert(said, "error-message")
    paper.widget("text", 100, 300, placeholder="Username")
    paper.widget("password", 100, 340, placeholder="Password")
    paper.text("Login", 100, 380, click=1, tag="button", role="button")
    found = _arrived((paper.sight(),), (_form(),))
    assert isinstance(found, AutomationError)
    assert found.what.count(said) == 1


def test_what_stands_beside_a_message_still_decides_what_it_is() -> None:
    found = _said("Enter the verification code that we sent.", alert="An unexpected error occurred.")
    assert "verification code" in found.what


def test_a_sentence_about_the_temporary_password_makes_no_field_the_current_one() -> None:
    paper = Drawing()
    with paper.part():
        paper.text("Your password is temporary and must be changed.", 100, 100)
        new = paper.widget("password", 100, 122, placeholder="New Password")
        again = paper.widget("password", 100, 160, placeholder="Confirm Password")
    form = reset_fields((paper.sight(),))
    assert form is not None
    assert [widget and widget.id for widget in form[1:]] == [None, new, again]


def _reset(*texts: str) -> Sight:
    paper = Drawing()
    for number, text in enumerate(texts):
        paper.text(text, 100, 40 + 20 * number)
    for number, words in enumerate(("New Password", "Confirm Password")):
        paper.widget("password", 100, 122 + 40 * number, placeholder=words)
    return paper.sight()


def test_a_form_that_fades_away_below_the_word_that_all_went_well_refuses_nothing() -> None:
    said = "Your password has been changed. Please log in with your new password."
    assert _after_reset((_reset(said),), (_reset(),)) is None
    refusal = _after_reset((_reset("Your password must have 12 characters."),), (_reset(),))
    assert isinstance(refusal, PasswordRefused)


def test_an_agreement_that_has_a_logout_of_its_own_lets_nobody_in() -> None:
    page = Drawing()
    page.text("Please read and accept the License Agreement", 40, 100)
    page.text("Accept", 40, 200, click=1, tag="button")
    page.text("Logout", 40, 240, click=1, tag="a")
    error = _arrived((page.sight(),), ())
    assert isinstance(error, PersonNeeded)
    assert "agreement" in error.what


def test_a_field_for_a_code_beside_a_logout_lets_nobody_in() -> None:
    page = Drawing()
    page.text("Enter the verification code that we sent", 40, 100)
    page.widget("text", 40, 140, placeholder="Code")
    page.text("Sign out", 40, 200, click=1, tag="a")
    error = _arrived((page.sight(),), ())
    assert isinstance(error, PersonNeeded)
    assert "verification code" in error.what


def _gate() -> Drawing:
    page = Drawing()
    page.text("Please choose the location you work at today", 40, 200)
    page.widget("choice", 40, 240)
    page.text("Continue", 40, 300, click=1, tag="button")
    page.text("Log out", 1300, 20, click=1, tag="a")
    return page


def test_a_form_before_the_app_that_nobody_told_us_of_lets_nobody_in() -> None:
    page = _gate()
    assert _arrived((page.sight(),), ()) is None
    error = _nowhere((page.sight(),))
    assert isinstance(error, PersonNeeded)
    assert "choose the location" in error.what


@pytest.mark.parametrize("module", ["Accounting", "Home"])
def test_a_form_beside_a_module_is_one_of_the_apps_own(module: str) -> None:
    page = _gate()
    page.text(module, 100, 20, click=1, tag="a")
    assert _arrived((page.sight(),), ()) is Arrival.APP


def test_a_refusal_that_stands_there_in_red_since_the_password_before_is_one_again() -> None:
    page = Drawing()
    page.alert("Password must not contain the character !", "drawn-in-red")
    page.widget("password", 100, 300, placeholder="New Password")
    page.widget("password", 100, 340, placeholder="Confirm Password")
    refusal = _said_again((page.sight(),))
    assert isinstance(refusal, PasswordRefused)
    assert "character !" in refusal.what
