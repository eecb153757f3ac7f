"""The demo's story, told over a tiny EHR: it ends well only when everything in it did."""

from __future__ import annotations

import io

from automation.errors import ScreenChanged
from automation.revolutionehr.check import Checked
from bot.demo import Demo
from bot.problems import Exit
from bot.terminal import Patient, Plain
from storage.models import CheckOutcome
from tests.bot.conftest import Place
from tests.bot.tiny import ADMIN


def _play(place: Place) -> tuple[Exit, str]:
    out = io.StringIO()
    screen = Plain(Patient(out), Patient(out))
    status = Demo(place.worker(pauses=()), screen, place.ehr, ADMIN).play()
    return status, " ".join(out.getvalue().split())


def test_the_whole_story_is_told_and_ends_with_what_to_do_next(place: Place) -> None:
    status, told = _play(place)
    assert status is Exit.DONE
    assert told.count("17/17 done") == 1
    assert "canary-final" in told
    assert "healthy" in told
    assert "failed Add an employee" in told
    assert "step 8" in told
    assert "What to do next" in told


def test_a_step_that_fails_where_it_should_not_ends_with_one(place: Place) -> None:
    place.ehr.troubles[5] = [ScreenChanged("No permissions.")]
    status, told = _play(place)
    assert status is Exit.FAILED
    assert "this should not happen" in told
    assert "What to do next" not in told


def test_an_account_that_is_not_healthy_ends_with_one(place: Place) -> None:
    place.ehr.check_says = Checked(CheckOutcome.DRIFT, "One location is missing.", ())
    assert _play(place)[0] is Exit.FAILED
