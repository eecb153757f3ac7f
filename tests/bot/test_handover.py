"""A new password on its way to OneSpot, in the stand-in Slack, with the clock moved by the test."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from bot import handover
from bot.checks.summary import HANDOVER
from sandbox.slack import SandboxSlack
from sandbox.slack.person import Person
from sandbox.slack.seen import Seen
from storage import duties, rotations, runs
from storage.models import CheckOutcome, Practice, Rotation
from tests.bot.accounts import MONDAY, Accounts
from tests.bot.checks.test_announce import CHANNEL, Told, announcer

REQUESTED_IN = "C0ONBOARD"


@pytest.fixture
def told(engine: Engine, workspace: SandboxSlack) -> Told:
    accounts = Accounts(engine, MONDAY - timedelta(hours=1))
    return Told(accounts, workspace, announcer(accounts, workspace), Person(workspace.origin, "U0ANA"))


def rotated(told: Told, problem: str = "") -> tuple[Practice, Rotation]:
    """A rotation of Lumen Eye's password has ended, well or with this problem."""
    accounts = told.accounts
    (practice,) = accounts.make("Lumen Eye")
    rotation = rotations.begin(accounts.engine, practice.id, handover.ASKED, "U0BEN", now=accounts.now)
    assert rotation is not None
    if problem:
        assert rotations.failed(accounts.engine, rotation.id, problem, now=accounts.now)
    else:
        assert rotations.proved(accounts.engine, rotation.id, now=accounts.now)
    return practice, rotation


def asked_for(told: Told, practice: Practice) -> None:
    """Ana asked for the account, in another channel than that of the summary."""
    runs.request(told.accounts.engine, practice.id, "U0ANA", channel=REQUESTED_IN, now=told.accounts.now)


def there(told: Told) -> list[Seen]:
    return [one for one in told.reader.messages(REQUESTED_IN) if "password" in one.text]


def test_who_asked_for_the_account_is_told_where_they_asked(told: Told) -> None:
    practice, _ = rotated(told)
    asked_for(told, practice)
    told.tick()
    told.tick()
    (message,) = there(told)
    assert "Lumen Eye has a new password" in message.text
    assert "@Ana Reyes: enter it in OneSpot's auto-sync settings" in message.text
    assert message.buttons == ["Reveal credentials", "OneSpot has it"]
    assert told.channel == []


def test_without_a_run_in_slack_it_is_told_in_the_channel_of_the_summary(told: Told) -> None:
    rotated(told)
    (message,) = told.tick()
    assert message.buttons == ["OneSpot has it"]


def test_it_is_said_again_each_day_until_onespot_has_it(told: Told) -> None:
    _, rotation = rotated(told)
    (message,) = told.tick()
    for hours in (23, 1, 0.1, 24):
        told.tick(hours=hours)
    assert ["24 hours" in one or "48 hours" in one for one in told.thread(message)] == [True, True]
    assert rotations.hand_over(told.accounts.engine, rotation.id, "U0BEN", now=told.accounts.now)
    (message,) = told.tick(hours=30)
    assert message.buttons == []
    assert "Lumen Eye: OneSpot has the new password" in message.text
    assert "@Ben Okafor" in message.text
    assert len(told.thread(message)) == 2


def test_one_that_failed_says_why_and_offers_repair(told: Told) -> None:
    rotated(told, problem="RevolutionEHR refused <every> password.")
    (message,) = told.tick()
    assert "Lumen Eye got no new password. RevolutionEHR refused <every> password." in message.text
    assert message.buttons == ["Repair"]
    assert told.thread(told.tick(days=3)[0]) == []


def test_a_message_that_was_deleted_is_not_posted_again(told: Told) -> None:
    _, rotation = rotated(told)
    (message,) = told.tick()
    told.slack.state.channels[CHANNEL].messages.clear()
    assert rotations.hand_over(told.accounts.engine, rotation.id, "U0BEN", now=told.accounts.now)
    assert told.tick() == told.tick(hours=25) == []
    assert message.ts


def test_the_summary_says_who_waits_for_the_hand_over(told: Told) -> None:
    practice, _ = rotated(told)
    told.tick()
    told.accounts.find(practice, CheckOutcome.HEALTHY)
    told.accounts.later(hours=3)
    told.accounts.find(practice, CheckOutcome.HEALTHY)
    shown = told.tick(hours=2)
    assert f"{HANDOVER}: 1 (Lumen Eye)" in shown[-1].text
    assert duties.done(told.accounts.engine, "summary")


def test_while_a_new_password_is_set_no_alert_speaks_of_the_old_one(told: Told) -> None:
    accounts = told.accounts
    (practice,) = accounts.make("Lumen Eye")
    rotation = rotations.begin(accounts.engine, practice.id, handover.ASKED, "U0BEN", now=accounts.now)
    assert rotation is not None
    accounts.find(practice, CheckOutcome.PASSWORD_EXPIRED)
    assert told.tick() == []
    assert rotations.failed(accounts.engine, rotation.id, "It was refused.", now=accounts.now)
    assert sum("Lumen Eye: password expired" in one.text for one in told.tick()) == 1
