"""Looking from a terminal: the plan alone, and the checks."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import pytest

from automation.browser import BrowserMissing
from automation.errors import NotRevolutionEHR, PersonNeeded, ScreenChanged
from automation.revolutionehr.check import Checked
from bot.problems import Exit, SettingsProblem
from bot.terminal import looks
from bot.terminal.screen import JsonLines, Patient, Plain
from storage import practices, runs
from storage.models import CheckOutcome, Drift, DriftGrade, utcnow
from tests.bot.conftest import Place
from tests.bot.tiny import ADMIN

EMERGENCY = Drift(DriftGrade.EXCESS, "employee has emergency access")
NORTH = Drift(DriftGrade.MISSING, "employee may not access North")


def _plain() -> tuple[Plain, io.StringIO]:
    out = io.StringIO()
    return Plain(Patient(out), Patient(out)), out


def _show_plan(place: Place) -> tuple[Exit, str]:
    screen, out = _plain()
    return looks.show_plan(place.worker(), screen, place.practice, ADMIN, adopt=False), out.getvalue()


def test_a_plan_alone_is_shown_and_changes_nothing(place: Place) -> None:
    status, text = _show_plan(place)
    assert status is Exit.DONE
    assert "Plan for Lumen Eye" in text
    assert not place.ehr.role
    assert runs.latest(place.engine) == []


def test_a_plan_that_forbids_ends_with_three(place: Place) -> None:
    place.ehr.forbidden = "differs"
    assert _show_plan(place)[0] is Exit.REFUSED


@pytest.mark.parametrize(
    ("error", "status"),
    [(PersonNeeded("A code is asked for."), Exit.PERSON_NEEDED), (ScreenChanged("No Admin."), Exit.FAILED)],
)
def test_a_plan_that_can_not_be_made_says_why(place: Place, error: Exception, status: Exit) -> None:
    place.ehr.troubles[0] = [error]
    ended, text = _show_plan(place)
    assert ended is status
    assert str(error) in text


def test_a_plan_at_a_wrong_address_or_where_somebody_works_is_refused(place: Place) -> None:
    place.ehr.troubles[0] = [NotRevolutionEHR("This isn't RevolutionEHR.")]
    with pytest.raises(SettingsProblem, match="isn't RevolutionEHR"):
        _show_plan(place)
    assert runs.claim_practice(place.engine, place.practice.id, runs.this_process(), now=utcnow()) is not None
    with pytest.raises(SettingsProblem, match="Somebody is at Lumen Eye"):
        _show_plan(place)


def test_a_plan_is_one_json_line(place: Place) -> None:
    out = io.StringIO()
    looks.show_plan(place.worker(), JsonLines(out, Patient(io.StringIO())), place.practice, ADMIN, adopt=False)
    (line,) = out.getvalue().splitlines()
    assert json.loads(line)["plan"]["username"] == "OneSpot2915"


def _check(place: Place) -> tuple[Exit, list[Mapping[str, Any]]]:
    found: list[Mapping[str, Any]] = []
    status = looks.check(place.worker(), practices.all_practices(place.engine), found.append)
    return status, found


def test_one_that_is_not_healthy_makes_the_status_one(place: Place) -> None:
    place.worker().execute_run(place.approved().id, ADMIN)
    assert _check(place)[0] is Exit.DONE
    practices.save(place.engine, "Harbor Vision", "http://other.example/", now=utcnow())
    status, found = _check(place)
    assert status is Exit.FAILED
    assert [(one["practice"], one["status"], one["healthy"]) for one in found] == [
        ("Harbor Vision", "not provisioned", False),
        ("Lumen Eye", "healthy", True),
    ]


def test_drifts_are_shown_below_the_check(place: Place) -> None:
    place.worker().execute_run(place.approved().id, ADMIN)
    place.ehr.check_says = Checked(CheckOutcome.DRIFT, "The login works.", (EMERGENCY, NORTH))
    out = io.StringIO()
    status = looks.check(place.worker(), [place.practice], looks.as_lines(Patient(out)))
    assert status is Exit.FAILED
    assert out.getvalue() == (
        "✗ drift  Lumen Eye: The login works.\n"
        "    more rights than approved: the employee has emergency access\n"
        "    something is missing: the employee may not access North\n"
    )


def test_a_busy_practice_is_said_and_is_not_healthy(place: Place) -> None:
    place.worker().execute_run(place.approved().id, ADMIN)
    assert runs.claim_practice(place.engine, place.practice.id, runs.this_process(), now=utcnow()) is not None
    status, found = _check(place)
    assert (status, found[0]["status"]) == (Exit.FAILED, "busy")


def test_without_a_browser_nothing_is_checked(place: Place) -> None:
    place.worker().execute_run(place.approved().id, ADMIN)
    place.hands.missing = BrowserMissing("No Chromium was found.")
    with pytest.raises(SettingsProblem, match="No Chromium"):
        _check(place)


def test_a_stop_ends_before_the_next_practice(place: Place) -> None:
    place.worker().execute_run(place.approved().id, ADMIN)
    worker, found = place.worker(), []
    worker.guard.stop()
    assert looks.check(worker, [place.practice], found.append) is Exit.FAILED
    assert found == []
