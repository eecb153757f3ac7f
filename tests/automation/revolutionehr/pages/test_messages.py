"""What RevolutionEHR may say, and what it is taken for. Its wording is unknown: these are plausible ones."""

from __future__ import annotations

import pytest

from automation.errors import AutomationError, Forbidden, LoginRefused, PasswordRefused, PersonNeeded, Unavailable
from automation.revolutionehr.pages import messages
from automation.revolutionehr.pages.messages import (
    AccountLocked,
    LoginExpired,
    NotAllowedNow,
    complaints,
    not_saved,
    trouble_at_login,
)
from storage.models import ErrorClass
from tests.automation.drawn import Drawing


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Your account has been locked due to too many failed login attempts.", AccountLocked),
        ("Account is locked. Please contact your administrator.", AccountLocked),
        ("User account is disabled", AccountLocked),
        ("This user is inactive.", AccountLocked),
        ("You are locked out for 30 minutes.", AccountLocked),
        ("Too many login attempts", AccountLocked),
        ("Your password has expired.", LoginExpired),
        ("Password expired, contact your system administrator", LoginExpired),
        ("You must change your password before you can log in", LoginExpired),
        ("Login is not allowed at this time.", NotAllowedNow),
        ("You are not permitted to log in on Sunday", NotAllowedNow),
        ("Login restrictions prevent access outside of your allowed hours", NotAllowedNow),
        ("Your browser has detected other active sessions. Click here to clear all active sessions", PersonNeeded),
        ("This user is already logged in", PersonNeeded),
        ("Enter the 6-digit verification code sent to your phone", PersonNeeded),
        ("Open your authenticator app", PersonNeeded),
        ("Two-factor authentication is required", PersonNeeded),
        ("Your organization uses Single Sign-On", PersonNeeded),
        ("Please review the End-User License Agreement", PersonNeeded),
        ("Terms of Service have changed", PersonNeeded),
        ("Session is locked, usually by another tab or window of the browser", PersonNeeded),
        ("RevolutionEHR is down for scheduled maintenance", Unavailable),
        ("503 Service Unavailable", Unavailable),
        ("The system is temporarily unavailable", Unavailable),
        ("An unexpected error occurred", Unavailable),
        ("Internal Server Error", Unavailable),
        ("The request timed out", Unavailable),
        ("Something went wrong. Please try again later.", Unavailable),
        ("Login failed because of a server error. Please try again later.", Unavailable),
    ],
)
def test_trouble_at_the_login_is_told_by_its_words(said: str, kind: type[AutomationError]) -> None:
    trouble = trouble_at_login(said)
    assert type(trouble) is kind
    assert trouble.what


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Login failed.",
        "Welcome to RevolutionEHR",
        "Your session has expired. Please log in.",
        "You may be using an old browser; see the supported browsers.",
        "Username Password Login",
        "© 2026 PracticeTek, Inc. v7.6.2 - 06/21/2024",
        "LIVE CHAT",
    ],
)
def test_other_words_tell_nothing(said: str) -> None:
    assert trouble_at_login(said) is None


@pytest.mark.parametrize(
    "said",
    [
        "Invalid username or password.",
        "The username or password you entered is incorrect.",
        "Username/password incorrect",
        "Bad credentials",
        "Wrong password",
        "Invalid login attempt.",
        "User name was not recognized",
        "We don’t recognize that user name or password",
        "The user name and password do not match",
        "Your password isn't correct",
        "Username does not exist",
    ],
)
@pytest.mark.parametrize("more", ["", " Please try again later.", " An error occurred.", " Ask somebody to unlock it."])
def test_words_of_a_refusal_win_over_an_outage(said: str, more: str) -> None:
    trouble = trouble_at_login(said + more)
    assert type(trouble) is LoginRefused
    assert trouble.error_class is ErrorClass.CREDENTIAL


@pytest.mark.parametrize(
    "said",
    [
        "Invalid password. Your account will be locked after 2 more attempts.",
        "Your account will be locked after 2 more attempts",
        "Invalid password, 1 attempt left before your account is locked.",
        "You have 3 attempts remaining.",
        "Incorrect password. To avoid your account being locked, reset it.",
        "Wrong user name or password. Too many failed attempts will lock your account.",
        "The password is incorrect, or your account is locked.",
        "Invalid user name or password. If your account is locked, call the administrator.",
    ],
)
def test_a_lock_that_may_come_is_a_refused_login(said: str) -> None:
    assert type(trouble_at_login(said)) is LoginRefused


@pytest.mark.parametrize(
    "said",
    [
        "Incorrect password. Your account has been locked.",
        "Your account is locked. It will be unlocked in 30 minutes.",
        "Too many failed attempts. Please try again later.",
    ],
)
def test_a_lock_that_has_come_is_one(said: str) -> None:
    assert type(trouble_at_login(said)) is AccountLocked


@pytest.mark.parametrize("kind", [AccountLocked, LoginExpired, NotAllowedNow])
def test_what_is_said_about_the_account_counts_as_a_refused_login(kind: type[AutomationError]) -> None:
    assert issubclass(kind, LoginRefused)
    assert kind.error_class is ErrorClass.CREDENTIAL


def test_the_exact_words_are_quoted_on_one_line() -> None:
    trouble = trouble_at_login("Your account is locked.\n   Call us.")
    assert trouble is not None
    assert "“Your account is locked. Call us.”" in trouble.what


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (["Password must be at least 12 characters."], PasswordRefused),
        (["Password must contain a symbol", "Password must contain a digit"], PasswordRefused),
        (["Temporary Password and Confirm Temporary Password do not match"], PasswordRefused),
        (["Your password can't be one of the last 5 you used"], PasswordRefused),
        (["Password may not contain your user name"], PasswordRefused),
        (["Password must not contain the user name and must not have been used already"], PasswordRefused),
        (["Password must not contain the user name, or be already in use"], PasswordRefused),
        (["This password was already used", "Do not use your name"], PasswordRefused),
        (["The password is too weak. It is already in use."], PasswordRefused),
        (["The user name is already in use, choose another; the password was not saved"], Forbidden),
        (["Username already exists, password was not checked"], Forbidden),
        (["Username already in use"], Forbidden),
        (["Username is taken"], Forbidden),
        (["A user with this login already exists"], Forbidden),
        (["User Role Name must be unique"], Forbidden),
        (["Duplicate name: the role name exists"], Forbidden),
        (["Username already exists", "Password must be changed"], Forbidden),
        (["Phone is required"], Forbidden),
        (["Title is required", "Date of Birth is required"], Forbidden),
        (["Internal Server Error"], Unavailable),
        (["500"], Unavailable),
        (["Something went wrong, please try again later"], Unavailable),
        (["The request timed out"], Unavailable),
        (["The server could not be reached. Please try again."], Unavailable),
        (["Network error"], Unavailable),
        (["The connection was lost"], Unavailable),
    ],
)
def test_an_answer_to_a_save_is_told_by_its_words(said: list[str], kind: type[AutomationError]) -> None:
    error = not_saved(said, "employee")
    assert type(error) is kind
    assert said[0] in error.what
    assert error.means
    assert error.do


def test_a_required_field_is_never_invented() -> None:
    assert "nothing is invented" in not_saved(["Phone is required"], "employee").means


def test_a_long_answer_is_cut() -> None:
    assert len(not_saved(["Phone is required. " * 90], "employee").what) < 400


def test_only_new_bad_messages_are_complaints() -> None:
    before, after = Drawing(), Drawing()
    for page in (before, after):
        page.alert("Welcome to RevolutionEHR", "alert alert-info")
        page.alert("You may be using an old browser", "alert alert-warning")
    after.alert("Phone is required", "alert alert-danger")
    after.alert("Employee saved", "alert alert-success")
    assert complaints((after.sight(),), (before.sight(),)) == ["Phone is required"]


def test_a_message_inside_another_counts_once() -> None:
    page = Drawing()
    page.alert("Please correct: Phone is required", "alert alert-danger")
    page.alert("Phone is required", "help-block error")
    assert complaints((page.sight(),)) == ["Please correct: Phone is required"]


def test_words_are_everything_on_the_screen() -> None:
    page = Drawing()
    page.text("Login", 0, 0)
    page.text("Scheduled maintenance", 0, 30)
    assert messages.DOWN.search(messages.words((page.sight(),)))


def _asked(question: str, *buttons: str, title: str = "", field: bool = False) -> str | None:
    """What is pressed in a dialog that came up at the save of a role."""
    page = Drawing()
    with page.part(dialog=question):
        for number, words in enumerate(w for w in (title, question) if w):
            page.text(words, 400, 100 + 40 * number)
        if field:
            page.widget("text", 400, 180)
        for number, words in enumerate(buttons):
            page.text(words, 400 + 100 * number, 220, click=number + 1, role="button")
    found = messages.yes_to_save((page.sight(),), "user role")
    return found[1].own if found else None


@pytest.mark.parametrize(
    ("title", "question", "buttons", "pressed"),
    [
        ("Confirm", "Do you want to save this user role?", ("Yes", "No"), "Yes"),
        ("", "Are you sure you want to save?", ("Cancel", "OK"), "OK"),
        ("Save changes", "Save changes?", ("Save", "Cancel"), "Save"),
        ("", "Do you really want to create this user role?", ("No", "Yes"), "Yes"),
    ],
)
def test_a_question_whether_to_save_is_answered(
    title: str, question: str, buttons: tuple[str, ...], pressed: str
) -> None:
    assert _asked(question, *buttons, title=title) == pressed


@pytest.mark.parametrize(
    ("question", "buttons"),
    [
        ("A role of this name exists already. Save anyway?", ("Yes", "No")),
        ("Do you want to save this user role and log out its 3 employees?", ("Yes", "No")),
        ("Do you want to save your changes before you leave?", ("Yes", "No")),
        ("Do you want to save this employee?", ("Yes", "No", "Save and notify")),
        ("Do you want to discard your changes?", ("Yes", "No")),
        ("Are you sure?", ("Yes", "No")),
        ("Do you want to save this user role?", ("Yes", "OK")),
        ("Do you want to save this user role?", ("No",)),
    ],
)
def test_a_dialog_that_asks_or_offers_more_is_not_answered(question: str, buttons: tuple[str, ...]) -> None:
    assert _asked(question, *buttons) is None


def test_a_dialog_with_something_to_fill_in_is_not_answered() -> None:
    assert _asked("Do you want to save this user role?", "Yes", "No", field=True) is None


@pytest.mark.parametrize(
    "asked",
    [
        "Log out?",
        "Are you sure you want to log out?",
        "Confirm Logout Do you really want to sign out of RevolutionEHR?",
        "Logout: Are you sure you want to log out now?",
    ],
)
def test_the_question_whether_to_log_out_is_known(asked: str) -> None:
    assert messages.asks_to_log_out(asked)


@pytest.mark.parametrize(
    "asked",
    [
        "You have unsaved changes. Are you sure you want to log out?",
        "Log out? Unsaved changes will be lost.",
        "Log out all other users?",
        "Are you sure?",
        "Do you want to save before you log out?",
    ],
)
def test_a_question_at_logging_out_that_asks_more_is_not_known(asked: str) -> None:
    assert not messages.asks_to_log_out(asked)


@pytest.mark.parametrize(
    "said",
    [
        "Your session has expired. Please log in again.",
        "Your session is locked.",
        "Session timed out. Enter your user name and password.",
        "You have been logged out.",
        "Please sign in again to continue.",
    ],
)
def test_a_save_in_a_session_that_is_over_is_worth_another_login(said: str) -> None:
    error = messages.not_saved([said], "employee")
    assert isinstance(error, messages.SessionOver)
    assert error.error_class is ErrorClass.TRANSIENT
    assert said in error.what


@pytest.mark.parametrize(
    "said", ["Session Type is required.", "Username is already in use.", "The password was used in an earlier session."]
)
def test_other_refusals_of_a_save_are_no_lost_session(said: str) -> None:
    assert not isinstance(messages.not_saved([said], "employee"), messages.SessionOver)


@pytest.mark.parametrize(
    "said",
    [
        "This record was changed by another user. Reload it and try again.",
        "The employee has been modified by someone else.",
        "Please refresh the page and try again.",
    ],
)
def test_a_record_that_somebody_else_changed_is_looked_at_anew(said: str) -> None:
    error = messages.not_saved([said], "employee")
    assert error.error_class is ErrorClass.TRANSIENT
    assert said in error.what


@pytest.mark.parametrize("said", ["The password can be changed by an administrator only.", "Email is required."])
def test_other_refusals_speak_of_nobody_else(said: str) -> None:
    assert messages.not_saved([said], "employee").error_class is not ErrorClass.TRANSIENT
