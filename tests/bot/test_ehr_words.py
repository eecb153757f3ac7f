"""The file of words from outside: only a valid file is used, and only as it was proved."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import ehr_words
from bot.problems import SettingsProblem
from storage.models import utcnow
from tests.bot.terminal.test_command import PASSWORD, Result, _a_folder_of_its_own, _answering, _sentence, onespot

__all__ = ["_a_folder_of_its_own"]

GOOD = 'build = "any"\n[words]\n"Save" = "Apply"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tenant.toml"
    path.write_text(GOOD)
    return path


def _prove(file: Path) -> None:
    ehr_words.mark_proved(file, ehr_words.load(file), utcnow())


def _typed(command: str, *more: str, **environment: str) -> Result:
    with _answering() as url:
        words = {"check": ("check", "--all"), "repair": ("repair", "Lumen Eye", "--admin", "a", "--yes")}
        usual = (command, "Lumen Eye", "--admin", "a", "--url", url, *(["--yes"] if command == "provision" else []))
        return onespot(*words.get(command, usual), *more, **{PASSWORD: "canary-admin", **environment})


@pytest.mark.parametrize("command", ["plan", "provision", "check", "repair"])
def test_words_that_were_not_proved_are_refused_in_one_sentence(command: str, file: Path) -> None:
    sentence = _sentence(_typed(command, "--words", str(file)))
    assert sentence == f"onespot: The words of {file} weren't proved yet: run `onespot words try {file}` first."
    assert "weren't proved" in _sentence(_typed(command, ONESPOT_EHR_WORDS=str(file)))


def test_the_run_of_the_bot_does_not_begin_with_words_that_were_not_proved(file: Path) -> None:
    assert "weren't proved" in _sentence(onespot("run", ONESPOT_EHR_WORDS=str(file)))


@pytest.mark.parametrize("command", ["plan", "provision", "check"])
def test_a_mistake_in_the_file_is_said_with_its_line_before_anything_is_done(command: str, file: Path) -> None:
    file.write_text('build = "any"\n[words]\n"Save" = "Update"\n')
    assert f"{file}, line 3: “Update” would be both" in _sentence(_typed(command, "--words", str(file)))
    assert "line 3" in _sentence(onespot("words", "try", str(file)))


def test_a_file_that_is_not_there_or_no_text_is_one_sentence(tmp_path: Path) -> None:
    assert "can't be read" in _sentence(_typed("check", "--words", str(tmp_path / "none.toml")))
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe")
    assert "isn't text in UTF-8" in _sentence(_typed("check", "--words", str(tmp_path / "bad.toml")))


def test_proved_words_are_taken_until_one_of_them_changes(file: Path) -> None:
    _prove(file)
    assert ehr_words.load_proved(file).say("Save") == ("Apply",)
    assert "nothing to check" in _typed("check", "--words", str(file)).stderr
    file.write_text(f"# Lumen Eye\n{GOOD}")  # the same words
    assert ehr_words.load_proved(file)
    file.write_text(GOOD.replace("Apply", "Go"))
    with pytest.raises(SettingsProblem, match="weren't proved yet"):
        ehr_words.load_proved(file)


def test_the_given_file_wins_over_the_environment_s(file: Path, tmp_path: Path) -> None:
    _prove(file)
    other = tmp_path / "other.toml"
    other.write_text("nonsense")
    assert "nothing to check" in _typed("check", "--words", str(file), ONESPOT_EHR_WORDS=str(other)).stderr


def test_a_proof_that_can_not_be_noted_is_said(file: Path) -> None:
    ehr_words.proof(file).mkdir()
    with pytest.raises(SettingsProblem, match="can't be written"):
        _prove(file)


def test_the_doctor_shows_the_words_and_what_is_wrong_with_them(file: Path) -> None:
    def doctor() -> str:
        return " ".join(onespot("doctor", ONESPOT_EHR_WORDS=str(file), COLUMNS="300").stdout.split())

    assert "✗ not well words The words of" in doctor()
    _prove(file)
    assert f"✓ well words {file}, 1 word for any build, proved in the stand-in" in doctor()
    assert "✓ well words The guide's own" in " ".join(onespot("doctor", COLUMNS="300").stdout.split())


def test_step_asks_people_only() -> None:
    result = _typed("provision", "--step", "--json")
    assert result.exit_code == 2
    assert "--json is for programs: say one of them." in result.stderr
    assert "use it at a terminal" in _sentence(_typed("provision", "--step"))


def test_a_folder_that_is_not_empty_is_not_recorded_into(tmp_path: Path) -> None:
    for path in ("full", "file"):
        (tmp_path / path).mkdir() if path == "full" else (tmp_path / path).write_text("")
    (tmp_path / "full" / "letter.txt").write_text("mine")
    assert "isn't empty" in _sentence(_typed("plan", "--record", "full"))
    assert "is no folder" in _sentence(_typed("plan", "--record", "file"))
    assert (tmp_path / "full").stat().st_mode & 0o777 != 0o700
