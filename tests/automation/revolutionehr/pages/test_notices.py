"""That the own password expires soon is told by the words alone: said in any way, and never taken from other news."""

from __future__ import annotations

import pytest

from automation.revolutionehr.pages.notices import expires_soon


@pytest.mark.parametrize(
    "words",
    [
        "Your password will expire in 5 days.",
        "Your password will expire in 1 day(s)",
        "Your password expires in 14 days",
        "Password expires in 3 days.",
        "Your password expires today!",
        "Your password expires tomorrow",
        "Warning: your password is about to expire.",
        "Your password is expiring soon. Please change it under Edit Profile.",
        "Your password will expire soon",
        "Your password is set to expire on 12/03/2026.",
        "Your password will expire on December 3, 2026.",
        "Your password expires on Thursday, Dec. 3.",
        "Your password will expire 12/3/2026",
        "Your password expires 2026-12-03.",
        "Please note that your password is due to expire within the next 7 days.",
        "Your current password will expire in less than 10 days.",
        "Your RevolutionEHR password will expire in two weeks.",
        "The password for your account will expire in 5 days.",
        "The password for OneSpot2915 will expire in 5 days.",
        "You have 5 days left to change your password.",
        "You have only 3 days to change your password.",
        "5 days until your password expires",
        "There are 6 days remaining before your password expires.",
        "Days until password expiration: 6",
        "Please change your password within 7 days.",
        "You must change your password before 12/03/2026.",
        "Your password must be changed within 4 days.",
        "Password expiration: 5 days",
        "Password expires: 12/03/2026",
        "Password Expiration Date: December 3, 2026",
        "Your password is valid for 4 more days.",
        "Your password is valid until 12/03/2026.",
        "Hello Sync! Your password will expire in 9 days, after which you can't log in.",
        "Welcome back. Your\u00a0password will expire in 5 days.",
        "Your password will expire in 5 days if you don't change it.",
        "Reminder: Password expires in 24 hours.",
    ],
)  # fmt: skip
def test_a_notice_is_taken_for_one(words: str) -> None:
    assert expires_soon(words) is not None


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Welcome to RevolutionEHR",
        "Scheduled maintenance tonight from 11:00 PM to 2:00 AM ET. RevolutionEHR will be unavailable.",
        "Your session will expire in 5 minutes.",
        "Your session will expire in 5 minutes; enter your password to stay.",
        "Your session has expired. Enter your password again.",
        "Password expiration reminders are moving to Practice Preferences with the next release.",
        "Passwords expire every 90 days.",
        "Passwords expire after 90 days; nobody can use an old password again.",
        "Employee passwords will expire in 90 days.",
        "Starting December 3, all passwords will expire in 60 days.",
        "Your password has expired.",
        "Your password expired on 12/03/2026.",
        "Your password will never expire.",
        "Your password does not expire.",
        "Your password was changed 5 days ago.",
        "Your password will expire in 89 days.",
        "Your password is valid for 12 more months.",
        "The password reset link expires in 24 hours.",
        "Your license expires in 5 days. Keep your password safe.",
        "Your subscription expires in 5 days; change your password regularly.",
        "A one-time password expires in 5 minutes.",
        "Maria's password will expire in 3 days.",
        "The password for jsmith will expire in 3 days.",
        "Your RevPayments password will expire in 3 days.",
        "If your password expires in the next days, you will be reminded.",
        "When your password expires in 5 days or less, a banner is shown.",
        "Change your password in 3 easy steps.",
        "Tip: choose a strong password and change it often.",
        "Password must be between 8 and 64 characters long.",
        "Card on file expires on 12/03/2026",
        "Temporary passwords expire in 24 hours.",
        "Password",
    ],
)
def test_other_news_is_not(words: str) -> None:
    assert expires_soon(words) is None


def test_the_sentence_alone_is_quoted() -> None:
    words = "Welcome back, Sync!  Your password will\n expire in 5 days. Lens rebates end on Friday."
    assert expires_soon(words.replace("\n", " ")) == "Your password will expire in 5 days."
