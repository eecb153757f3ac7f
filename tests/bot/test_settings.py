"""The environment, read once: defaults, `.env`, and problems that quote nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.problems import SettingsProblem
from bot.settings import Settings, read_settings


@pytest.fixture(autouse=True)
def _a_clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_the_defaults_are_those_of_the_documentation() -> None:
    settings = read_settings()
    assert settings.database_file == Path("onespot.db")
    assert settings.revolutionehr_url == "https://revolutionehr.com/static/"
    assert (settings.port, settings.check_time, settings.onespot_tz) == (3000, "06:30", "UTC")
    assert settings.onespot_keys is None
    assert settings.onespot_self_approval is False
    assert settings.beside == Path()


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("PORT=4000\nREVOLUTIONEHR_URL=https://file.example/\nSOMEBODY_ELSES=1\n")
    monkeypatch.setenv("PORT", "5000")
    settings = read_settings()
    assert settings.port == 5000
    assert settings.revolutionehr_url == "https://file.example/"


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")
    monkeypatch.setenv("ONESPOT_KEYS", "")
    assert read_settings().port == 3000
    assert read_settings().onespot_keys is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "canary"),
        ("PORT", "70000"),
        ("DATABASE_URL", "canary"),
        ("DATABASE_URL", "mysql://canary:canary@localhost/x"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("SECRET_INTAKE", "canary"),
        ("CHECK_TIME", "25:00"),
        ("ONESPOT_WORKERS", "0"),
    ],
)
def test_a_problem_names_the_variable_and_quotes_nothing(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsProblem) as caught:
        read_settings()
    sentence = str(caught.value)
    assert sentence.startswith(f"{name}: ")
    assert "canary" not in sentence
    assert "\n" not in sentence


def test_a_file_that_is_no_text_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00PORT")
    with pytest.raises(SettingsProblem, match=r"\.env isn't text"):
        read_settings()


def test_secrets_are_not_shown_by_printing_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "ONESPOT_KEYS"):
        monkeypatch.setenv(name, "canary")
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:canary@localhost/onespot")
    settings = read_settings()
    assert "canary" not in repr(settings)
    assert "canary" not in str(settings.database)


def test_postgresql_has_no_file_and_keeps_evidence_in_the_current_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://user@localhost/onespot")
    settings = read_settings()
    assert settings.database_file is None
    assert settings.beside == Path()


def test_a_platforms_name_for_postgresql_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://user@localhost/onespot")
    assert read_settings().database.render_as_string() == "postgresql://user@localhost/onespot"


def test_the_things_beside_the_database_are_in_its_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/data/my.db")
    assert read_settings().beside == tmp_path / "data"
