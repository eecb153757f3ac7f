"""What the database says, and the one place where a password is shown."""

from __future__ import annotations

import pytest

from automation.errors import ScreenChanged
from bot.problems import SettingsProblem
from bot.terminal.records import known_practice, practice_rows, provisioned, reveal, run_rows
from storage import audit, practices
from storage.models import utcnow
from tests.bot.conftest import Place
from tests.bot.tiny import ADMIN


def test_a_practice_is_found_whatever_its_case_and_spaces(place: Place) -> None:
    assert known_practice(place.engine, "  lumen  EYE ").id == place.practice.id


def test_an_unknown_practice_is_answered_with_the_near_names(place: Place) -> None:
    practices.save(place.engine, "Harbor Vision", "http://other.example/", now=utcnow())
    with pytest.raises(SettingsProblem, match=r'no practice named "Lumin Eye": did you mean Lumen Eye\?'):
        known_practice(place.engine, "Lumin Eye")
    with pytest.raises(SettingsProblem, match="`onespot practices` lists them"):
        known_practice(place.engine, "Zzz")


def test_practices_are_listed_with_their_last_check(place: Place) -> None:
    assert provisioned(place.engine) == []
    place.worker().execute_run(place.approved().id, ADMIN)
    place.worker().check_practice(place.practice)
    (row,) = practice_rows(place.engine)
    assert row[:3] == ("Lumen Eye", "2915", "OneSpot2915")
    assert row[4] == "healthy"
    assert [practice.name for practice in provisioned(place.engine)] == ["Lumen Eye"]


def test_runs_are_listed_with_what_stopped_them(place: Place) -> None:
    run = place.approved()
    place.ehr.troubles[8] = [ScreenChanged("The Add button isn't there.")]
    place.worker().execute_run(run.id, ADMIN)
    (row,) = run_rows(place.engine)
    assert row[:3] == (str(run.id), "Lumen Eye", "FAILED")
    assert row[4] == "Step 8: The Add button isn't there."


def test_showing_a_password_leaves_an_audit_entry_without_it(place: Place) -> None:
    assert reveal(place.engine, place.vault, place.practice, "somebody", utcnow()) is None
    place.worker().execute_run(place.approved().id, ADMIN)
    before = len(audit.entries(place.engine))
    credential = reveal(place.engine, place.vault, place.practice, "somebody", utcnow())
    assert credential is not None
    entries = audit.entries(place.engine)
    assert len(entries) == before + 1
    assert (entries[0].who, entries[0].what, entries[0].practice_id) == (
        "somebody",
        "saw the credentials",
        place.practice.id,
    )
    assert credential.password.get_secret_value() not in str(entries)
