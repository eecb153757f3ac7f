"""`onespot init`: asks, looks at each answer, writes `.env` and keys, and never shows or loses a secret."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.house import SECRETS
from bot.keys import read_key_file
from bot.settings import Settings, read_settings
from bot.terminal.init import MANIFEST, QUESTIONS, app_link
from storage import practices
from storage.database import connect, upgrade
from storage.models import Credential, Purpose, utcnow
from storage.vault import Vault, new_key

BOT, SOCKET = "xoxb-canary-bot", "xapp-canary-app"
NOWHERE = "http://127.0.0.1:9/"
"""Nothing listens there, so the doctor at the end asks nobody outside."""


@pytest.fixture(autouse=True)
def _a_folder_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in {*SECRETS, *(name.upper() for name in Settings.model_fields), "ONESPOT_DEBUG"} - {"BROWSER"}:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BROWSER", sys.executable)  # the doctor tries it, and finds that it is no Chromium
    monkeypatch.setenv("SLACK_API_URL", NOWHERE)


def init(*words: str, answers: dict[str, str] | None = None, lines: str | None = None, **environment: str) -> Result:
    """The command, with a line for each question: its answer, else nothing. `lines` instead: just these."""
    given = {"REVOLUTIONEHR_URL": NOWHERE, **(answers or {})}
    said = "".join(f"{given.get(question.name, '')}\n" for question in QUESTIONS if question.name not in environment)
    return CliRunner().invoke(app, ["init", *words], input=said if lines is None else lines, env=environment)


def _mode(path: str) -> int:
    return Path(path).stat().st_mode & 0o777


def test_the_answers_become_settings_and_no_secret_is_shown() -> None:
    result = init(
        answers={
            "SLACK_BOT_TOKEN": BOT,
            "SLACK_APP_TOKEN": SOCKET,
            "ONESPOT_APPROVERS": "U012AB3CD , S045EF6GH",
            "ONESPOT_CHANNEL": "C0ONBOARD",
            "PUBLIC_URL": "https://onespot.example.com",
            "CHECK_TIME": "05:45",
            "ONESPOT_TZ": "America/Chicago",
        }
    )
    assert result.exit_code == 0, result.output
    settings = read_settings()
    assert settings.slack_bot_token == SecretStr(BOT)
    assert settings.slack_app_token == SecretStr(SOCKET)
    assert settings.slack_signing_secret is None
    assert settings.onespot_approvers == "U012AB3CD,S045EF6GH"
    assert (settings.onespot_channel, settings.public_url) == ("C0ONBOARD", "https://onespot.example.com")
    assert (settings.check_time, settings.onespot_tz) == ("05:45", "America/Chicago")
    assert "canary" not in result.output
    assert (_mode(".env"), _mode("onespot.keys")) == (0o600, 0o600)


def test_the_keys_are_made_once_and_no_database_with_them() -> None:
    init()
    first = read_key_file(Path("onespot.keys"))
    result = init("--force")
    assert read_key_file(Path("onespot.keys")) == first
    assert "onespot.keys, there already" in result.output
    assert first[0].get_secret_value() not in result.output
    assert sorted(os.listdir()) == [".env", "onespot.keys"]


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("SLACK_BOT_TOKEN", "xapp-canary", BOT),
        ("SLACK_APP_TOKEN", "xoxb-canary", SOCKET),
        ("SLACK_SIGNING_SECRET", "canary canary canary", "0123456789abcdef0123456789abcdef"),
        ("ONESPOT_APPROVERS", "@canary", "U012AB3CD"),
        ("ONESPOT_CHANNEL", "#canary", "C0ONBOARD"),
        ("PUBLIC_URL", "http://canary.example", "https://canary.example"),
        ("PUBLIC_URL", "https://user:canary@x.example", "https://x.example"),
        ("REVOLUTIONEHR_URL", "canary", "http://127.0.0.1:9/static/"),
        ("CHECK_TIME", "5am", "05:00"),
        ("ONESPOT_TZ", "Mars/Canary", "Europe/Berlin"),
        ("DATABASE_URL", "mysql://canary", "sqlite:///other.db"),
        ("DATABASE_URL", "sqlite:///${canary}.db", "sqlite:///an 'odd' #name\\.db"),
    ],
)
def test_an_answer_that_does_not_fit_is_asked_again_and_not_quoted(name: str, wrong: str, right: str) -> None:
    result = init(answers={name: f"{wrong}\n{right}"})
    question = next(one for one in QUESTIONS if one.name == name)
    assert result.exit_code == 0, result.output
    assert result.stderr.count(f"\n{name} [") == 2
    assert question.wrong in result.stderr
    assert wrong not in result.output
    value = getattr(read_settings(), name.lower())
    assert (value.get_secret_value() if isinstance(value, SecretStr) else value) == right


def test_answers_that_end_too_early_leave_nothing() -> None:
    result = init(lines=f"{BOT}\n\n")
    assert result.exit_code == 2
    assert "The answers ended before SLACK_SIGNING_SECRET" in result.stderr
    assert os.listdir() == []


def test_all_defaults_are_taken_without_a_question() -> None:
    result = init("--yes", lines="", REVOLUTIONEHR_URL=NOWHERE)
    assert result.exit_code == 0, result.output
    settings = read_settings()
    assert settings.slack_bot_token is None
    assert (settings.check_time, settings.onespot_tz) == ("06:30", "UTC")
    assert "SLACK_BOT_TOKEN is missing" in result.stdout


def test_a_file_that_is_there_is_left_unless_force_says_otherwise() -> None:
    Path(".env").write_text("CHECK_TIME=01:00\n")
    for words in ([], ["--yes"]):
        result = init(*words)
        assert result.exit_code == 2
        assert "--force" in result.stderr
    assert Path(".env").read_text() == "CHECK_TIME=01:00\n"


def test_a_former_file_gives_the_defaults_and_keeps_what_is_not_asked() -> None:
    key = new_key().get_secret_value()
    Path(".env").write_text(
        f"ONESPOT_KEYS={key}\nCHECK_TIME=05:00\nSLACK_BOT_TOKEN={BOT}\n"
        f"ONESPOT_MAINTENANCE='Sun 02:00-06:00' # nightly\nPOSTGRES_PASSWORD=\"a b\"\nexport METRICS_PORT=9100\n"
    )
    Path(".env").chmod(0o644)
    result = init("--force", answers={"ONESPOT_TZ": "Europe/Berlin"})
    assert result.exit_code == 0, result.output
    settings = read_settings()
    assert settings.slack_bot_token == SecretStr(BOT)
    assert settings.onespot_keys == SecretStr(key)
    assert (settings.check_time, settings.onespot_tz) == ("05:00", "Europe/Berlin")
    assert (settings.onespot_maintenance, settings.metrics_port) == ("Sun 02:00-06:00", 9100)
    assert 'POSTGRES_PASSWORD="a b"' in Path(".env").read_text()
    assert not Path("onespot.keys").exists()
    assert (_mode(".env"), key in result.output, "canary" in result.output) == (0o600, False, False)


def test_a_dash_leaves_a_former_value_out() -> None:
    Path(".env").write_text(f"ONESPOT_CHANNEL=C0ONBOARD\nSLACK_BOT_TOKEN={BOT}\n")
    init("--force", answers={"ONESPOT_CHANNEL": "-", "SLACK_BOT_TOKEN": "-"})
    assert read_settings().onespot_channel is None
    assert "canary" not in Path(".env").read_text()


def test_what_the_environment_sets_is_neither_asked_nor_written() -> None:
    result = init(SLACK_BOT_TOKEN=BOT, REVOLUTIONEHR_URL=NOWHERE)
    assert "SLACK_BOT_TOKEN is set in the environment" in result.stderr
    assert "SLACK_BOT_TOKEN [" not in result.stderr
    assert "canary" not in result.output + Path(".env").read_text()


def test_postgresql_gets_its_keys_in_the_file() -> None:
    url = "postgresql://onespot:canary@127.0.0.1:9/onespot"
    result = init(answers={"DATABASE_URL": url})
    keys = read_settings().onespot_keys
    assert keys is not None
    assert keys.get_secret_value() not in result.output
    assert "canary" not in result.output
    assert not Path("onespot.keys").exists()
    init("--force")
    assert read_settings().onespot_keys == keys


def test_a_lost_key_file_is_not_replaced_by_one_that_opens_nothing(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path}/onespot.db")
    upgrade(engine)
    practice = practices.save(engine, "Lumen Eye", NOWHERE, now=utcnow())
    vault = Vault(engine, [new_key()])
    vault.keep(practice.id, Purpose.FINAL, Credential("OneSpot2915", SecretStr("canary")), now=utcnow())
    engine.dispose()
    result = init()
    assert result.exit_code == 2
    assert "put the file back" in result.stderr
    assert not Path("onespot.keys").exists()


def test_the_link_holds_the_manifest_and_the_way_by_hand_is_said_too() -> None:
    result = init("--yes", REVOLUTIONEHR_URL=NOWHERE)
    link = next(line for line in result.stdout.splitlines() if line.startswith("https://api.slack.com/apps?"))
    held = parse_qs(urlsplit(link).query)
    manifest = MANIFEST.read_text(encoding="utf-8")
    assert held["new_app"] == ["1"]
    assert held["manifest_yaml"] == ["\n".join(line for line in manifest.splitlines() if not line.startswith("#"))]
    assert link == app_link(manifest)
    assert str(MANIFEST) in result.stdout
    assert "From a manifest" in result.stdout


def _at_a_terminal(keys: bytes, until: bytes, *, then_stop: bool = False) -> tuple[int, bytes]:
    """Type these at the first question, and wait for those; how it ends, and all that the terminal showed."""
    terminal, theirs = pty.openpty()
    program = [sys.executable, "-m", "bot", "init"]
    with subprocess.Popen(program, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True) as asking:
        os.close(theirs)
        shown = b""
        while b"SLACK_BOT_TOKEN [none]" not in shown:
            shown += os.read(terminal, 4096)
        os.write(terminal, keys)
        while until not in shown:
            shown += os.read(terminal, 4096)
        if then_stop:
            asking.terminate()
        status = asking.wait(60)
    os.close(terminal)
    return status, shown


def test_at_a_terminal_a_secret_is_typed_unseen_and_a_stop_leaves_nothing() -> None:
    _, shown = _at_a_terminal(f"{BOT}\n".encode(), b"SLACK_APP_TOKEN [none]", then_stop=True)
    assert b"canary" not in shown
    assert os.listdir() == []


def test_the_end_of_input_at_a_terminal_stops_it_and_leaves_nothing() -> None:
    status, _ = _at_a_terminal(b"\x04", b"Stopped.")
    assert status == 1
    assert os.listdir() == []
