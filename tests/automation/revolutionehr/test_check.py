"""What a check says of what it found, in plain words; and what an error that ended it says about the account."""

from __future__ import annotations

import pytest

from automation.errors import AutomationError, NotRevolutionEHR, PersonNeeded, ScreenChanged, Unavailable
from automation.revolutionehr import check
from automation.revolutionehr.check import GRADES, NOT_NOW, Checked
from automation.revolutionehr.pages import messages
from storage.models import CheckOutcome, Drift, DriftGrade

C = CheckOutcome
EXTRA = Drift(DriftGrade.EXCESS, "role has Edit Invoices (Accounting Module) too")
LACK = Drift(DriftGrade.MISSING, "employee may not log in on Sunday")
NAME = Drift(DriftGrade.COSMETIC, "role OneSpot is now called Nightly Sync")


def judged(*drifts: Drift, notice: str | None = None, unseen: tuple[str, ...] = ()) -> Checked:
    return check._judged(check._Found(list(drifts), list(unseen), notice))


def test_the_worst_drift_comes_first_and_grades_the_check() -> None:
    checked = judged(NAME, LACK, EXTRA)
    assert (checked.outcome, checked.grade, checked.drifts) == (C.DRIFT, DriftGrade.EXCESS, (EXTRA, LACK, NAME))
    assert checked.sentence == (
        "The login works, but the account has more rights than were approved: the role has Edit Invoices (Accounting "
        "Module) too. Something that the sync needs is missing: the employee may not log in on Sunday. Something "
        "differs that the sync doesn't mind: the role OneSpot is now called Nightly Sync."
    )


def test_every_grade_has_its_words_the_worst_first() -> None:
    assert list(GRADES) == list(DriftGrade)


def test_of_very_many_drifts_the_sentence_names_some() -> None:
    many = [Drift(DriftGrade.EXCESS, f"role has Right {n} too") for n in range(60)]
    checked = judged(*many)
    assert len(checked.drifts) == 60
    assert "Right 7 too and 52 more." in checked.sentence


def test_what_could_not_be_seen_is_said_and_is_no_drift() -> None:
    checked = judged(unseen=("whether Invoices opens", "whether Claims opens"))
    assert (checked.outcome, checked.grade) == (C.HEALTHY, None)
    assert checked.sentence.endswith(" What could not be seen: whether Invoices opens; whether Claims opens.")
    assert "what the sync reads opens" not in checked.sentence


def test_a_password_that_expires_soon_is_said_but_a_drift_is_worse() -> None:
    notice = "Your password will expire in 5 days."
    soon, drifted = judged(notice=notice), judged(NAME, notice=notice)
    assert (soon.outcome, drifted.outcome) == (C.EXPIRING, C.DRIFT)
    assert all(f"RevolutionEHR says: “{notice}”" in one.sentence for one in (soon, drifted))


@pytest.mark.parametrize(
    ("said", "outcome", "sentence"),
    [
        ("Your account has been locked because of too many failed login attempts.", C.LOCKED, "account is locked"),
        ("Your account is inactive. Please contact your administrator.", C.LOGIN_REFUSED, "The employee is inactive."),
        ("This user has been deactivated.", C.LOGIN_REFUSED, "Press Repair"),
        ("Account locked or disabled.", C.LOCKED, "locked"),
        ("Your password has expired.", C.PASSWORD_EXPIRED, "expired"),
        ("The username or password you entered is incorrect.", C.LOGIN_REFUSED, "refused the login"),
        ("You are not permitted to log in at this time.", C.DRIFT, "the employee may not log in at this time"),
        ("Enter your verification code.", C.PERSON_NEEDED, "verification code"),
        ("You must accept the following agreement.", C.PERSON_NEEDED, "agreement"),
        ("Service temporarily unavailable.", C.EHR_DOWN, "not available"),
    ],
)
def test_what_the_login_says_becomes_the_right_outcome(said: str, outcome: CheckOutcome, sentence: str) -> None:
    error = messages.trouble_at_login(said)
    assert error is not None
    checked = check._stopped(error)
    assert checked.outcome is outcome
    assert sentence in checked.sentence
    assert not checked.proves_the_password
    assert checked.drifts == ((NOT_NOW,) if outcome is C.DRIFT else ())


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Unavailable("Slow."), C.EHR_DOWN),
        (NotRevolutionEHR("Another page."), C.EHR_DOWN),
        (ScreenChanged("No list."), C.SCREEN_CHANGED),
        (PersonNeeded("A dialog."), C.PERSON_NEEDED),
    ],
)
def test_any_other_error_keeps_its_own_words(error: AutomationError, outcome: CheckOutcome) -> None:
    assert check._stopped(error) == Checked(outcome, error.what)


def test_only_a_login_that_led_inside_proves_the_password() -> None:
    into = [judged(), judged(EXTRA), judged(notice="Your password expires today.")]
    assert [one.proves_the_password for one in into] == [True, True, True]
    assert not Checked(C.LOGIN_REFUSED, "No.").proves_the_password
