"""A rotation over a tiny EHR: it ends once, and is open only while nobody knows which password holds."""

from __future__ import annotations

import io
import json
import logging
import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from automation.browser import BrowserMissing
from automation.errors import LoginRefused, PasswordRefused, PersonNeeded, Unavailable
from automation.revolutionehr.rotate import NeitherHolds
from bot.guard import Stopped
from bot.problems import Exit, SettingsProblem
from bot.rotation import APART, ASKED, RESET, Ended, ask, go_on, recover, rotate_practice
from bot.terminal import rotate as terminal
from bot.terminal.screen import JsonLines, Patient, Plain
from bot.workplace import Busy
from storage import audit, checks, health, rotations, runs
from storage.database import transaction
from storage.models import CheckOutcome, Purpose, Rotation, Stage, utcnow
from tests.bot.conftest import Place
from tests.bot.tiny import ADMIN, ROTATE, SENT, SETTLE


@pytest.fixture
def place(place: Place) -> Place:
    """A practice whose account works."""
    place.worker().execute_run(place.approved().id, ADMIN)
    return place


def rotate(place: Place) -> Ended:
    return rotate_practice(place.worker(), place.practice, ASKED, "ana")


def current(place: Place) -> str:
    kept = place.vault.kept(place.practice.id, Purpose.FINAL, Stage.CURRENT)
    assert kept is not None
    return kept.password.get_secret_value()


def pending(place: Place) -> bool:
    return place.vault.kept(place.practice.id, Purpose.FINAL, Stage.PENDING) is not None


def row(place: Place) -> Rotation:
    last = rotations.latest(place.engine, place.practice.id)
    assert last is not None
    return last


def crashed(place: Place, when: int) -> None:
    """A rotation whose program ended right there, without a word."""

    def end() -> None:
        raise SystemExit

    place.ehr.before[when] = end
    with pytest.raises(SystemExit):
        rotate(place)


def test_a_wish_becomes_a_proved_password_that_waits_for_onespot(place: Place) -> None:
    before = current(place)
    ended = rotate(place)
    assert ended.proved
    assert current(place) == place.ehr.password != before
    assert (row(place).asked_by, row(place).why) == ("ana", ASKED)
    assert [practice.name for _, practice in rotations.waiting_for_handover(place.engine)] == ["Lumen Eye"]
    entry = audit.entries(place.engine, practice_id=place.practice.id)[0]
    assert (entry.who, entry.what, entry.detail) == ("ana", "rotated the password", "OneSpot2915")


def test_after_it_the_next_check_is_due_at_once(place: Place) -> None:
    health.cover(place.engine, lambda _: utcnow() + timedelta(hours=9), now=utcnow())
    assert health.hand_out(place.engine, now=utcnow()) == []
    rotate(place)
    assert health.hand_out(place.engine, now=utcnow()) == [place.practice.id]


def test_one_that_was_begun_in_slack_is_carried_out_for_whoever_asked(place: Place) -> None:
    assert go_on(place.worker(), place.practice) is None
    begun = rotations.begin(place.engine, place.practice.id, ASKED, "U0BEN", now=utcnow())
    assert begun is not None
    ended = go_on(place.worker(), place.practice)
    assert ended is not None
    assert (ended.proved, ended.rotation.id, ended.rotation.asked_by) == (True, begun.id, "U0BEN")
    assert go_on(place.worker(), place.practice) is None


def test_a_second_wish_meanwhile_joins_the_first(place: Place) -> None:
    begun = rotations.begin(place.engine, place.practice.id, ASKED, "U0BEN", now=utcnow())
    assert begun is not None
    assert rotate(place).rotation.id == begun.id


def test_nobody_rotates_where_somebody_works(place: Place) -> None:
    lease = runs.claim_practice(place.engine, place.practice.id, "elsewhere/1/1.00/", now=utcnow())
    assert lease is not None
    with pytest.raises(Busy):
        rotate(place)
    assert rotations.latest(place.engine, place.practice.id) is None
    assert place.ehr.logins == 1  # the run's


def test_without_a_proved_password_it_fails_and_says_so(place: Place) -> None:
    place.vault.forget(place.practice.id)
    ended = rotate(place)
    assert not ended.proved
    assert "No proved password" in row(place).problem


def test_what_passes_by_itself_is_tried_again_while_nothing_was_sent(place: Place) -> None:
    place.ehr.troubles[ROTATE] = [Unavailable("Down."), Unavailable("Down.")]
    assert rotate(place).proved
    assert sum(place.slept) == 18


def test_what_was_sent_is_never_sent_again_by_itself(place: Place) -> None:
    place.ehr.troubles[SENT] = [Unavailable("No answer came.")]
    ended = rotate(place)
    assert (place.slept, ended.rotation.ended_at) == ([], None)  # nobody knows yet which one holds
    assert pending(place)
    assert rotate(place).proved
    assert (current(place), place.ehr.refused) == (place.ehr.password, 0)


def test_a_refusal_ends_it_with_a_sentence_and_the_former_password(place: Place) -> None:
    before = current(place)
    place.ehr.troubles[ROTATE] = [PasswordRefused("RevolutionEHR refused it.", "", "Give the policy.")]
    ended = rotate(place)
    assert ended.trouble is not None
    assert row(place).ended_at is not None
    assert row(place).problem == "RevolutionEHR refused it. Give the policy."
    assert current(place) == before == place.ehr.password
    assert audit.entries(place.engine, practice_id=place.practice.id)[0].what == "failed to rotate the password"


def test_where_neither_holds_it_ends_and_keeps_both(place: Place) -> None:
    place.ehr.troubles[SENT] = [NeitherHolds("Both are refused.", "", "Press Repair.")]
    assert rotate(place).rotation.ended_at is not None
    assert pending(place)


def test_a_missing_browser_is_a_matter_of_settings(place: Place) -> None:
    place.hands.missing = BrowserMissing("No Chromium was found.")
    ended = rotate(place)
    assert ended.unusable
    assert place.slept == []


def test_a_lost_lease_sends_nothing(place: Place) -> None:
    before = current(place)

    def stolen() -> None:
        with transaction(place.engine) as session:
            session.connection().execute(text("UPDATE lease SET token = token + 1, holder = 'another'"))

    place.ehr.before[ROTATE] = stolen
    with pytest.raises(runs.LeaseLost):
        rotate(place)
    assert place.ehr.password == before
    assert row(place).ended_at is None


def test_one_that_is_stopped_before_it_sent_anything_is_begun_anew(place: Place) -> None:
    worker = place.worker()
    place.ehr.before[ROTATE] = worker.guard.stop
    with pytest.raises(Stopped):
        rotate_practice(worker, place.practice, ASKED, "ana")
    assert (row(place).ended_at, row(place).tried_at, pending(place)) == (None, None, False)
    ended = recover(place.worker(), place.practice)
    assert ended is not None
    assert ended.proved


# --- what a crash left


def test_one_that_never_began_is_carried_out(place: Place) -> None:
    rotations.begin(place.engine, place.practice.id, ASKED, "U0BEN", now=utcnow())
    ended = recover(place.worker(), place.practice)
    assert ended is not None
    assert ended.proved
    assert recover(place.worker(), place.practice) is None


def test_one_that_never_began_for_a_day_is_given_up(place: Place) -> None:
    rotations.begin(place.engine, place.practice.id, ASKED, "U0BEN", now=utcnow() - timedelta(days=2))
    assert recover(place.worker(), place.practice) is not None
    assert "could not be begun" in row(place).problem
    assert place.ehr.logins == 1


def test_a_crash_before_it_was_sent_leaves_the_former_and_is_not_begun_anew(place: Place) -> None:
    before = current(place)
    crashed(place, ROTATE)
    assert recover(place.worker(), place.practice) is not None
    assert "former one still holds" in row(place).problem
    assert (current(place), place.ehr.password, pending(place), place.ehr.refused) == (before, before, False, 0)


@pytest.mark.parametrize("taken", [True, False])
def test_a_crash_after_it_was_sent_is_settled_with_one_login_each_at_most(place: Place, taken: bool) -> None:
    place.ehr.takes_passwords = taken
    crashed(place, SENT)
    assert pending(place)
    ended = recover(place.worker(), place.practice)
    assert ended is not None
    assert ended.proved is taken
    assert current(place) == place.ehr.password
    assert (pending(place), place.ehr.refused) == (False, 0 if taken else 1)


def test_a_crash_between_the_proof_and_the_row_is_found_without_a_login(place: Place) -> None:
    crashed(place, SENT)
    place.vault.prove(place.practice.id, now=utcnow())
    place.hands.missing = BrowserMissing("None is needed.")
    ended = recover(place.worker(), place.practice)
    assert ended is not None
    assert ended.proved


def test_what_an_older_one_left_counts_for_the_newer_one_too(place: Place) -> None:
    crashed(place, SENT)
    rotations.failed(place.engine, row(place).id, "Nobody came back.", now=utcnow())
    ended = rotate(place)
    assert ended.proved
    assert (current(place), place.ehr.logins) == (place.ehr.password, 2)


def test_an_ehr_that_is_down_leaves_it_open_for_the_next_one(place: Place) -> None:
    crashed(place, SENT)
    place.ehr.troubles[SETTLE] = [Unavailable("Down.") for _ in range(3)]
    ended = recover(place.worker(), place.practice)
    assert ended is not None
    assert (ended.rotation.ended_at, pending(place)) == (None, True)
    ended = recover(place.worker(), place.practice)
    assert ended is not None
    assert ended.proved


def test_a_check_settles_first_and_tells_the_row(place: Place) -> None:
    crashed(place, SENT)
    checked = place.worker().check_practice(place.practice)
    assert checked is not None
    assert checked.outcome is CheckOutcome.HEALTHY
    assert current(place) == place.ehr.password
    assert row(place).proved_at is not None


def test_a_check_after_which_neither_holds_says_that_the_login_is_refused(place: Place) -> None:
    crashed(place, SENT)
    place.ehr.troubles[SETTLE] = [NeitherHolds("Both are refused.", "", "Press Repair.")]
    checked = place.worker().check_practice(place.practice)
    assert checked is not None
    assert checked.outcome is CheckOutcome.LOGIN_REFUSED
    kept = checks.latest(place.engine, place.practice.id)
    assert kept is not None
    assert kept.detail == ["Both are refused. Press Repair."]
    assert place.slept == []


# --- the checks ask


def test_the_checks_ask_once_in_a_while_only(place: Place) -> None:
    now = utcnow()
    assert ask(place.engine, place.practice, RESET, now=now) is not None
    assert ask(place.engine, place.practice, RESET, now=now) is None
    go_on(place.worker(), place.practice)
    assert ask(place.engine, place.practice, RESET, now=now + timedelta(hours=1)) is None
    assert ask(place.engine, place.practice, RESET, now=now + APART + timedelta(minutes=1)) is not None


# --- at a terminal


class Terminal:
    """What a person or a program reads."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.out, self.err = io.StringIO(), io.StringIO()
        err = Patient(self.err)
        self.screen = JsonLines(self.out, err) if as_json else Plain(Patient(self.out), err)

    @property
    def said(self) -> str:
        return " ".join((self.out.getvalue() + self.err.getvalue()).split())


def test_a_person_reads_what_to_do_next(place: Place) -> None:
    shown = Terminal()
    assert terminal.rotate(place.worker(), shown.screen, place.practice, "ana") is Exit.DONE
    assert "auto-sync settings must get the new password" in shown.said
    assert "onespot credentials show 'Lumen Eye'" in shown.said
    assert "canary" not in shown.said


def test_a_program_reads_one_line(place: Place) -> None:
    shown = Terminal(as_json=True)
    assert terminal.rotate(place.worker(), shown.screen, place.practice, "ana") is Exit.DONE
    (line,) = map(json.loads, shown.out.getvalue().splitlines())
    assert (line["event"], line["practice"]) == ("done", "Lumen Eye")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (PersonNeeded("It can't change its own password.", "", "Press Repair."), Exit.PERSON_NEEDED),
        (LoginRefused("No."), Exit.FAILED),
        (PasswordRefused("No."), Exit.FAILED),
    ],
)
def test_how_it_failed_is_the_exit_status(place: Place, error: Exception, status: Exit) -> None:
    place.ehr.troubles[ROTATE] = [error]
    shown = Terminal(as_json=True)
    assert terminal.rotate(place.worker(), shown.screen, place.practice, "ana") is status
    assert json.loads(shown.out.getvalue())["error"]["message"] == str(error)


def test_a_terminal_says_that_somebody_is_there_or_no_browser(place: Place) -> None:
    shown = Terminal()
    place.hands.missing = BrowserMissing("No Chromium was found.")
    with pytest.raises(SettingsProblem, match="No Chromium"):
        terminal.rotate(place.worker(), shown.screen, place.practice, "ana")
    assert runs.claim_practice(place.engine, place.practice.id, "elsewhere/1/1.00/", now=utcnow()) is not None
    with pytest.raises(SettingsProblem, match="Somebody is at"):
        terminal.rotate(place.worker(), shown.screen, place.practice, "ana")


@pytest.mark.parametrize(("when", "words"), [(ROTATE, "Nothing was sent"), (SENT, "which one holds")])
def test_whoever_stops_it_reads_where_it_stands(place: Place, when: int, words: str) -> None:
    worker, shown = place.worker(), Terminal()

    def stop() -> None:
        worker.guard.stop()
        raise Stopped

    place.ehr.before[when] = stop
    assert terminal.rotate(worker, shown.screen, place.practice, "ana") is Exit.FAILED
    assert words in shown.said
    assert (row(place).ended_at is None) is (when == SENT)


def test_the_hand_over_is_said_once(place: Place) -> None:
    rotate(place)
    shown = Terminal()
    assert terminal.hand_over(place.engine, shown.screen, place.practice, "ana", utcnow()) is Exit.DONE
    assert terminal.hand_over(place.engine, shown.screen, place.practice, "ana", utcnow()) is Exit.FAILED
    assert "waits to be handed over" in shown.said
    assert audit.entries(place.engine, practice_id=place.practice.id)[0].what == "handed the password over"


def test_no_password_is_written_in_the_clear(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    place.ehr.troubles[SENT] = [Unavailable("It said canary-rotated-2.")]
    rotate(place)
    rotate(place)
    place.engine.dispose()
    for file in place.folder.rglob("*"):
        assert file.is_dir() or not re.search(rb"canary-(rotated|final)", file.read_bytes()), file
    assert "canary" not in caplog.text
