"""A new password in the stand-in workspace: by the button, by a check, and its way to OneSpot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from automation.errors import PersonNeeded
from automation.revolutionehr.check import Checked
from bot.rotation import THE_CHECKS
from sandbox.slack import SandboxSlack
from sandbox.slack.seen import Seen
from storage import audit, health, rotations
from storage.models import CheckOutcome, Purpose, Stage, utcnow
from tests.bot.talk import CHANNEL, Talk, link_in, open_and_press, set_up, until
from tests.bot.test_health import HEALTH, alerted, provisioned
from tests.bot.tiny import ROTATE

EXPIRED = Checked(CheckOutcome.PASSWORD_EXPIRED, "RevolutionEHR asks this account for a new password.")
HEALTHY = Checked(CheckOutcome.HEALTHY, "All is well.")


@pytest.fixture
def talk(workspace: SandboxSlack, engine: Engine, tmp_path: Path) -> Iterator[Talk]:
    """The bot with a channel for health."""
    talk = set_up(workspace, engine, tmp_path, mode="http", onespot_channel=HEALTH)
    with talk.bot():
        yield talk


def current(talk: Talk) -> str:
    kept = talk.vault.kept(1, Purpose.FINAL, Stage.CURRENT)
    assert kept is not None
    return kept.password.get_secret_value()


def told(talk: Talk) -> Seen:
    """What the channel, in which the account was asked for, says of the new password."""
    return talk.person().sees("has a new password", channel=CHANNEL)


def test_the_button_sets_a_new_password_and_who_asked_hands_it_over(talk: Talk) -> None:
    alert = alerted(talk)
    ben, ana = talk.person("U0BEN"), talk.person()
    ben.press("Rotate password", message=alert)
    message = told(talk)
    assert "@Ana Reyes: enter it in OneSpot's auto-sync settings" in message.text
    assert current(talk) == talk.ehr.password != "canary-final"
    ana.press("Reveal credentials", message=message)
    ana.sees("the page shows them once")
    assert current(talk) in open_and_press(link_in(ana.all_seen("the page shows them once")[-1])).text
    ana.press("OneSpot has it", message=message)
    ana.sees("OneSpot has the new password", channel=CHANNEL)
    ana.press("OneSpot has it", message=message)
    ana.sees("somebody has said so already")
    said = [(entry.who, entry.what) for entry in audit.entries(talk.engine)]
    for one in (
        ("U0BEN", "asked for a rotation"),
        ("U0BEN", "rotated the password"),
        ("U0ANA", "handed the password over"),
    ):
        assert said.count(one) == 1


@pytest.mark.parametrize(("user", "answer"), [("U0CLEO", "Only the person who asked"), ("U9EVE", "of this workspace")])
def test_others_set_no_password(talk: Talk, user: str, answer: str) -> None:
    alert = alerted(talk)
    person = talk.person(user)
    person.press("Rotate password", message=alert)
    person.sees(answer)
    assert rotations.latest(talk.engine, 1) is None


def test_where_the_login_was_refused_no_try_is_made_and_repair_is_named(talk: Talk) -> None:
    provisioned(talk)
    talk.ehr.check_says = Checked(CheckOutcome.LOGIN_REFUSED, "RevolutionEHR does not accept the login.")
    talk.person().command("/onespot-check Lumen Eye", CHANNEL)
    alert = talk.person().sees("Lumen Eye: login refused", channel=HEALTH)
    ben = talk.person("U0BEN")
    ben.press("Rotate password", message=alert)
    ben.sees("nobody can log in with it to change it. Press Repair")
    assert rotations.latest(talk.engine, 1) is None


def test_a_second_press_is_a_private_note(talk: Talk) -> None:
    alert = alerted(talk)
    assert rotations.begin(talk.engine, 1, "somebody asked for it", "U0BEN", now=utcnow()) is not None
    talk.person("U0BEN").press("Rotate password", message=alert)
    talk.person("U0BEN").sees("is on its way already")


def test_a_check_that_meets_a_forced_reset_sets_a_new_password_and_alerts_nobody(talk: Talk) -> None:
    provisioned(talk)
    talk.ehr.check_says = EXPIRED
    talk.ehr.before[ROTATE] = lambda: setattr(talk.ehr, "check_says", HEALTHY)
    talk.person().command("/onespot-check Lumen Eye", CHANNEL)
    assert "because RevolutionEHR asked for a new password" in told(talk).text
    rotation = rotations.latest(talk.engine, 1)
    assert rotation is not None
    assert rotation.asked_by == THE_CHECKS
    until(lambda: health.standings(talk.engine)[0][0].outcome is CheckOutcome.HEALTHY, "the check afterwards")
    assert talk.person().messages(HEALTH) == []


def test_a_rotation_that_a_person_is_needed_for_says_so_and_offers_repair(talk: Talk) -> None:
    alert = alerted(talk)
    talk.ehr.troubles[ROTATE] = [PersonNeeded("This account can't change its own password here.", "", "Press Repair.")]
    talk.person("U0BEN").press("Rotate password", message=alert)
    message = talk.person().sees("Lumen Eye got no new password", channel=CHANNEL)
    assert "can't change its own password here" in message.text
    assert message.buttons == ["Repair"]
    assert current(talk) == "canary-final"


def test_what_a_kill_left_is_settled_at_the_next_start(workspace: SandboxSlack, engine: Engine, tmp_path: Path) -> None:
    talk = set_up(workspace, engine, tmp_path, mode="http", onespot_channel=HEALTH)
    with talk.bot():
        provisioned(talk)
    rotation = rotations.begin(engine, 1, "somebody asked for it", "U0BEN", now=utcnow())
    assert rotation is not None
    with talk.bot():
        assert "has a new password" in told(talk).text
    assert until(lambda: rotations.latest(engine, 1), "the rotation").proved_at is not None
    assert current(talk) == talk.ehr.password
