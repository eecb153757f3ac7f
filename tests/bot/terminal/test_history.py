"""What checks found so far: the list for a terminal, and the picture that is drawn from the rows."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console
from sqlalchemy import Engine

from bot.checks import history as pictures
from bot.settings import Settings
from bot.terminal import history
from bot.terminal.screen import Patient
from storage import checks, practices
from storage.models import CheckOutcome, DriftGrade, HealthCheck, Practice

NOW = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)


def checked(outcome: CheckOutcome, *detail: str, grade: DriftGrade | None = None) -> HealthCheck:
    return HealthCheck(practice_id=1, outcome=outcome, detail=list(detail), grade=grade, at=NOW)


LUMEN = Practice(id=1, key="lumen eye", name="Lumen Eye", url="https://ehr.example/", created_at=NOW)
HEALTHY = checked(CheckOutcome.HEALTHY, "The account works and is as it must be.")
DRIFTED = checked(CheckOutcome.DRIFT, "Two things differ.", "role: Admin", "location", grade=DriftGrade.EXCESS)


def shown(*found: HealthCheck, days: int = 30, of: Practice = LUMEN) -> list[str]:
    out = io.StringIO()
    console: Console = Patient(out)
    console.width = 80
    history.as_table(console, days)(of, found)
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_the_list_is_a_table_under_a_line_that_counts() -> None:
    first, *table = shown(DRIFTED, HEALTHY)
    assert first == "Lumen Eye: healthy in 1 of 2 checks in 30 days."
    text = "\n".join(table)
    assert " ".join(text.split()).endswith(
        "2026-11-27 09:30 drift (excess) Two things differ. "
        "2026-11-27 09:30 healthy The account works and is as it must be."
    )
    assert max(map(len, table)) <= 80


def test_a_long_sentence_is_folded_and_not_lost() -> None:
    sentence = "word " * 40 + "end."
    lines = shown(checked(CheckOutcome.PASSWORD_EXPIRED, sentence))
    assert max(map(len, lines)) <= 80
    assert "end." in "".join(lines)
    assert " ".join(lines).split().count("word") == 40


def test_what_a_page_said_does_not_move_the_cursor() -> None:
    shouting = LUMEN.model_copy(update={"name": "Lumen\x1b[2J"})
    assert "\x1b" not in "".join(shown(checked(CheckOutcome.DRIFT, "\x1b[2Jgone [bold]x[/bold]"), of=shouting))


def test_a_practice_without_checks_is_one_line() -> None:
    assert shown() == ["Lumen Eye wasn't checked in 30 days."]
    assert shown(days=1) == ["Lumen Eye wasn't checked in the last 24 hours."]
    assert shown(HEALTHY)[0] == "Lumen Eye: healthy in 1 of 1 check in 30 days."


def test_a_check_is_one_json_line(capsys: pytest.CaptureFixture[str]) -> None:
    history.as_json(LUMEN, [DRIFTED, checked(CheckOutcome.EHR_DOWN)])
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first == {
        "event": "check",
        "practice": "Lumen Eye",
        "at": "2026-11-27T09:30:00+00:00",
        "status": "drift",
        "grade": "EXCESS",
        "healthy": False,
        "message": "Two things differ.",
        "drifts": ["role: Admin", "location"],
    }
    assert (second["grade"], second["message"], second["drifts"]) == (None, "", [])


def test_the_picture_says_what_the_rows_say_where_the_practice_is(engine: Engine) -> None:
    practice = practices.save(engine, "Lumen Eye", "https://ehr.example/", now=NOW)
    night = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
    checks.record(engine, practice.id, CheckOutcome.LOCKED, [], now=night)
    png, text = pictures.history_chart(engine, practice.id, NOW, ZoneInfo("America/Chicago"))
    assert png.startswith(b"\x89PNG")
    span = "Checks of Lumen Eye, October 29 to November 27 2026"
    assert text == f"{span}: healthy on 0 of 1 day with a check; locked on November 26."
    assert pictures.history_chart(engine, practice.id, NOW, UTC)[1].endswith("locked on November 27.")


def test_the_days_of_a_practice_are_its_own(engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    practice = practices.save(engine, "Lumen Eye", "https://ehr.example/", now=NOW)
    checks.record(engine, practice.id, CheckOutcome.LOCKED, [], now=datetime(2026, 11, 27, 3, 0, tzinfo=UTC))
    settings = Settings(_env_file=None, onespot_tz="America/Chicago")  # type: ignore[call-arg]
    for zone, day in ((None, 26), ("Asia/Tokyo", 27)):
        practice.timezone = zone
        history.write_chart(engine, practice, NOW, settings, tmp_path / "out.png", force=True)
        assert capsys.readouterr().err.endswith(f"locked on November {day}.\n")


def test_the_picture_of_all_counts_practices(engine: Engine) -> None:
    for name, outcome in (("A", CheckOutcome.HEALTHY), ("B", CheckOutcome.LOCKED), ("C", CheckOutcome.HEALTHY)):
        practice = practices.save(engine, name, "https://ehr.example/", now=NOW)
        checks.record(engine, practice.id, outcome, [], now=NOW)
    png, text = pictures.history_chart(engine, None, NOW, UTC)
    assert png.startswith(b"\x89PNG")
    assert "on November 27 2 healthy, 1 failing, 0 unknown; most failing on November 27 (1)." in text


def test_a_practice_that_is_not_there_was_never_checked(engine: Engine) -> None:
    assert pictures.history_chart(engine, 4711, NOW, UTC)[1] == "Checks: no check in 30 days."
