"""The `onespot` command as it is typed: bad input gets one sentence and status 2, and nothing secret is said."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.main import get_command
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.house import SECRETS
from bot.keys import read_key_file
from bot.settings import Settings
from bot.terminal.behaviour import in_words
from storage import audit, checks, practices
from storage.database import connect, upgrade
from storage.models import CheckOutcome, Credential, Purpose, utcnow
from storage.vault import Vault

PASSWORD = "ONESPOT_ADMIN_PASSWORD"


@pytest.fixture(autouse=True)
def _a_folder_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in {*SECRETS, *(name.upper() for name in Settings.model_fields), "ONESPOT_DEBUG"}:
        monkeypatch.delenv(name, raising=False)


def onespot(*words: str, **environment: str) -> Result:
    return CliRunner().invoke(app, list(words), env={"COLUMNS": "80", **environment})


def _sentence(result: Result) -> str:
    """The one sentence of a command that ended with status 2."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    (text,) = result.stderr.splitlines()
    assert text.startswith("onespot: ")
    assert text.endswith((".", "?", ")"))
    return text


def _provision(*more: str, **environment: str) -> Result:
    words = ("provision", "Lumen Eye", "--admin", "mhalloran", "--yes", *more)
    return onespot(*words, **{PASSWORD: "canary-admin", **environment})


@pytest.fixture
def provisioned(tmp_path: Path) -> None:
    """A practice with a proved password, in the default database with its key file."""
    onespot("keys", "rotate")
    engine = connect(f"sqlite:///{tmp_path}/onespot.db")
    upgrade(engine)
    practice = practices.save(engine, "Lumen Eye", "http://127.0.0.1:9/", now=utcnow())
    vault = Vault(engine, read_key_file(tmp_path / "onespot.keys"))
    vault.keep(practice.id, Purpose.FINAL, Credential("OneSpot2915", SecretStr("canary-final")), now=utcnow())
    vault.prove(practice.id, now=utcnow())
    engine.dispose()


@pytest.fixture
def no_page() -> Iterator[str]:
    """A web site that has nothing."""

    class Nothing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Nothing) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/static/"
        server.shutdown()
        thread.join()


# --- help


def _commands() -> list[list[str]]:
    root = get_command(app)
    found: list[list[str]] = []
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        below = getattr(command, "commands", None)
        found += [[name, sub] for sub in below] if below else [[name]]
    return found


@pytest.mark.parametrize("words", _commands(), ids=" ".join)
def test_every_command_explains_itself_with_an_example(words: list[str]) -> None:
    result = onespot(*words, "--help")
    assert result.exit_code == 0
    assert re.search(rf"Example:\n.*onespot {' '.join(words)}", result.stdout)


def test_the_commands_of_the_documentation_are_there() -> None:
    assert {" ".join(words) for words in _commands()} >= {
        "plan",
        "provision",
        "check",
        "checks",
        "rotate",
        "practices",
        "runs",
        "run",
        "web",
        "worker",
        "clock",
        "export",
        "credentials show",
        "keys new",
        "keys rotate",
        "doctor",
        "init",
        "demo",
        "sandbox",
        "db upgrade",
        "db prune",
    }


def test_help_fits_eighty_columns_and_cuts_no_sentence() -> None:
    for words in ([], *_commands()):
        text = onespot(*words, "--help").stdout
        assert max(len(line) for line in text.splitlines()) <= 80, words
    assert "..." not in onespot("--help").stdout.split("Commands:")[1]


def test_help_is_there_without_importing_anything_heavy() -> None:
    program = (
        "import sys, bot.__main__; "
        "print({'sqlalchemy', 'sqlmodel', 'playwright', 'alembic', 'pydantic', 'rich', 'uvicorn'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_no_option_takes_a_password() -> None:
    for words in _commands():
        assert not re.search(r"--(?!password-policy)\S*(password|secret|key)", onespot(*words, "--help").stdout)


# --- bad input


def test_an_address_that_is_none_is_one_sentence() -> None:
    assert "must be a web address" in _sentence(_provision("--url", "revolutionehr"))


def test_an_address_that_can_not_be_reached_is_one_sentence_and_leaves_no_practice() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert "can't be reached" in _sentence(_provision("--url", f"http://127.0.0.1:{port}/"))
    assert "Lumen" not in onespot("practices").stdout


def test_an_address_without_revolutionehr_is_one_sentence(no_page: str) -> None:
    assert "has no such page" in _sentence(_provision("--url", no_page))
    assert "has no such page" in _sentence(onespot("plan", "Lumen Eye", "--admin", "a", "--url", no_page))


def test_the_address_of_the_environment_is_used_when_none_is_said(no_page: str) -> None:
    assert no_page in _sentence(_provision(REVOLUTIONEHR_URL=no_page))


@pytest.mark.parametrize("password", ["", "  "])
def test_an_empty_password_is_one_sentence(password: str, no_page: str) -> None:
    with _answering() as url:
        assert "password is empty" in _sentence(_provision("--url", url, **{PASSWORD: password}))


def test_a_missing_password_without_a_terminal_is_one_sentence() -> None:
    with _answering() as url:
        result = onespot("provision", "Lumen Eye", "--admin", "mhalloran", "--url", url, "--yes")
    assert PASSWORD in _sentence(result)


def test_without_a_terminal_nobody_can_be_asked() -> None:
    with _answering() as url:
        result = onespot("provision", "Lumen Eye", "--admin", "mhalloran", "--url", url, **{PASSWORD: "canary"})
    assert "--yes" in _sentence(result)


def test_a_policy_that_can_not_be_read_is_one_sentence() -> None:
    assert "--password-policy" in _sentence(_provision("--password-policy", "canary words"))


def test_an_empty_name_or_administrator_is_one_sentence() -> None:
    assert "name is empty" in _sentence(onespot("provision", " ", "--admin", "a", "--yes"))
    with _answering() as url:
        result = onespot("provision", "Lumen Eye", "--admin", " ", "--yes", "--url", url, **{PASSWORD: "canary"})
    assert "--admin is empty" in _sentence(result)


@pytest.mark.parametrize(
    "words",
    [("check", "Nobody"), ("credentials", "show", "Nobody")],
)
def test_an_unknown_practice_is_one_sentence(words: tuple[str, ...]) -> None:
    assert "no practice named" in _sentence(onespot(*words))


def test_an_unknown_practice_to_resume_is_one_sentence() -> None:
    with _answering() as url:
        assert "no practice named" in _sentence(_provision("--resume", "--url", url))


@pytest.mark.usefixtures("provisioned")
def test_near_names_are_said() -> None:
    assert "did you mean Lumen Eye?" in _sentence(onespot("check", "Lumen Eyes"))


@pytest.mark.usefixtures("provisioned")
def test_a_slip_of_the_pen_makes_no_new_practice() -> None:
    for command in ("plan", "provision"):
        sentence = _sentence(onespot(command, "Lumin Eye", "--admin", "mhalloran", **{PASSWORD: "canary"}))
        assert "did you mean Lumen Eye? A new one is made with --url." in sentence
    assert "Lumin" not in onespot("practices").stdout


def test_check_needs_a_name_or_all() -> None:
    assert "--all" in _sentence(onespot("check"))
    assert "--all" in _sentence(onespot("check", "Lumen Eye", "--all"))


@pytest.mark.parametrize("value", ["canary", "canary,canary"])
def test_keys_that_are_none_are_one_sentence_that_quotes_nothing(value: str) -> None:
    sentence = _sentence(_provision("--url", "http://127.0.0.1:9/", ONESPOT_KEYS=value))
    assert "ONESPOT_KEYS" in sentence
    assert "canary" not in sentence


def test_postgresql_without_keys_or_a_bad_database_is_one_sentence() -> None:
    assert "DATABASE_URL" in _sentence(onespot("practices", DATABASE_URL="mysql://user:canary@host/db"))
    sentence = _sentence(onespot("practices", DATABASE_URL="postgresql://user:canary@127.0.0.1:9/db"))
    assert "canary" not in sentence


@pytest.mark.usefixtures("provisioned")
def test_wrong_and_lost_keys_are_one_sentence(tmp_path: Path) -> None:
    other = onespot("keys", "new").stdout.strip()
    assert _sentence(onespot("credentials", "show", "Lumen Eye", ONESPOT_KEYS=other))
    (tmp_path / "onespot.keys").unlink()
    assert "put the file back" in _sentence(onespot("credentials", "show", "Lumen Eye"))


def test_a_file_that_is_no_database_and_a_folder_that_is_not_there_are_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "onespot.db").write_text("no database " * 100)
    _sentence(onespot("practices"))
    _sentence(onespot("practices", DATABASE_URL=f"sqlite:///{tmp_path}/no/such/folder/onespot.db"))


def test_a_bad_fault_front_or_kind_of_stand_in_is_one_sentence() -> None:
    assert "slow-save" in _sentence(onespot("sandbox", "--ehr", "--fault", "slow-saves"))
    assert "--front" in _sentence(onespot("sandbox", "--ehr", "--front", "new"))
    assert "--ehr or --slack" in _sentence(onespot("sandbox"))
    assert "One stand-in" in _sentence(onespot("sandbox", "--ehr", "--slack"))
    assert "socket" in _sentence(onespot("sandbox", "--slack", "--fault", "drop-socket"))


def test_a_taken_port_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        assert "is taken" in _sentence(onespot("sandbox", "--ehr", "--port", str(taken.getsockname()[1])))


def test_with_json_a_usage_problem_is_one_json_line_too() -> None:
    result = _provision("--url", "revolutionehr", "--json")
    assert result.exit_code == 2
    line = json.loads(result.stdout)
    assert (line["event"], line["error"]["class"]) == ("failed", "USAGE")
    assert line["error"]["message"] in result.stderr


# --- what goes wrong unexpectedly


@in_words
def _defective() -> int:
    secret = "canary-local"  # noqa: F841  (a debugger that shows locals would show it)
    raise ZeroDivisionError("canary-message")


def test_a_defect_is_told_in_three_parts_and_never_as_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError) as caught:
        _defective()
    assert getattr(caught.value, "exit_code", None) == 1
    err = capsys.readouterr().err
    assert [line.split(":")[0] for line in err.splitlines()] == ["What happened", "What it means", "What to do"]
    assert "canary" not in err


def test_whoever_debugs_gets_the_traceback_without_locals(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONESPOT_DEBUG", "1")
    with pytest.raises(RuntimeError):
        _defective()
    err = capsys.readouterr().err
    assert "Traceback" in err
    assert "canary-local" not in err.replace('secret = "canary-local"', "")


# --- what works without a browser


def test_a_new_key_is_printed_alone() -> None:
    result = onespot("keys", "new")
    assert len(result.stdout.strip()) == 44
    assert onespot("practices", ONESPOT_KEYS=result.stdout.strip()).exit_code == 0


@pytest.mark.usefixtures("provisioned")
def test_credentials_are_shown_and_the_audit_says_who_saw_them(tmp_path: Path) -> None:
    assert onespot("credentials", "show", "lumen eye").stdout == "User name  OneSpot2915\nPassword   canary-final\n"
    line = json.loads(onespot("credentials", "show", "Lumen Eye", "--json").stdout)
    assert (line["username"], line["password"]) == ("OneSpot2915", "canary-final")
    engine = connect(f"sqlite:///{tmp_path}/onespot.db")
    assert [entry.what for entry in audit.entries(engine)][:2] == ["saw the credentials"] * 2
    engine.dispose()


@pytest.mark.usefixtures("provisioned")
def test_keys_are_rotated_and_still_open_everything() -> None:
    result = onespot("keys", "rotate")
    assert result.exit_code == 0
    assert result.stdout.startswith("1 sealed anew")
    assert "canary-final" in onespot("credentials", "show", "Lumen Eye").stdout


def test_credentials_of_a_practice_without_any_end_with_one(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path}/onespot.db")
    upgrade(engine)
    practices.save(engine, "Lumen Eye", "http://127.0.0.1:9/", now=utcnow())
    engine.dispose()
    result = onespot("credentials", "show", "Lumen Eye")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "No login has proved a password" in result.stderr


def test_nothing_to_check_is_said() -> None:
    result = onespot("check", "--all")
    assert result.exit_code == 0
    assert "nothing to check" in result.stderr


def test_lists_are_tables_and_say_when_they_are_empty() -> None:
    assert "No practices yet" in onespot("practices").stdout
    assert "No runs yet" in onespot("runs").stdout


@pytest.mark.usefixtures("provisioned")
def test_practices_are_listed() -> None:
    assert "Lumen Eye" in onespot("practices").stdout


def test_the_database_is_brought_up_to_date_twice_at_no_cost(tmp_path: Path) -> None:
    assert onespot("db", "upgrade").exit_code == 0
    result = onespot("db", "upgrade")
    assert (result.exit_code, result.stdout) == (0, "sqlite:///onespot.db is up to date.\n")
    assert (tmp_path / "onespot.db").stat().st_mode & 0o777 == 0o600


def test_the_faults_are_listed_with_a_sentence_each() -> None:
    result = onespot("sandbox", "--faults")
    assert result.exit_code == 0
    assert "slow-save" in result.stdout


def test_secrets_are_taken_from_the_environment_only_while_a_command_works(monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.house import open_house

    monkeypatch.setenv(PASSWORD, "canary")
    with open_house() as house:
        assert PASSWORD not in os.environ
        assert house.administrator("mhalloran").password.get_secret_value() == "canary"
    assert os.environ[PASSWORD] == "canary"


def test_the_stand_in_is_served_until_a_signal() -> None:
    program = [sys.executable, "-m", "bot", "sandbox", "--ehr", "--fault", "slow-save"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as serving:
        assert serving.stdout is not None
        said = [serving.stdout.readline() for _ in range(5)]
        address = said[3].split()[-1]
        switch = b'{"on": ["slow-network"], "off": ["slow-save"]}'
        with urllib.request.urlopen(address, data=switch, timeout=20) as answer:
            switched = json.load(answer)["on"]
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(20) == 0
    assert re.search(r"http://127\.0\.0\.1:\d+/static/", said[0])
    assert "Password:" in said[1]
    assert "slow-save" in said[2]
    assert switched == ["slow-network"]


def test_at_a_terminal_the_password_is_asked_for_and_not_shown() -> None:
    program = [sys.executable, "-m", "bot", "plan", "Lumen Eye", "--admin", "mhalloran", "--url"]
    terminal, theirs = pty.openpty()
    with (
        _answering() as url,
        subprocess.Popen([*program, url], stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True) as asking,
    ):
        os.close(theirs)
        shown = b""
        while b"Password of mhalloran" not in shown:
            shown += os.read(terminal, 1000)
        os.write(terminal, b"   \n")
        with suppress(OSError):  # how a terminal says that its program has ended
            while chunk := os.read(terminal, 1000):
                shown += chunk
        assert asking.wait(20) == 2
    os.close(terminal)
    assert b"password is empty" in shown


class _answering:
    """A web site with an empty page, as a context manager: something that answers and is no EHR."""

    def __enter__(self) -> str:
        class Page(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()
        return f"http://127.0.0.1:{self.server.server_port}/static/"

    def __exit__(self, *error: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


# --- what was found so far


@pytest.fixture
def checked(provisioned: None, tmp_path: Path) -> None:
    """The practice, with a check of yesterday and one of now."""
    engine = connect(f"sqlite:///{tmp_path}/onespot.db")
    practice = practices.find(engine, "Lumen Eye")
    assert practice is not None
    for ago, outcome in ((86_400, CheckOutcome.LOCKED), (0, CheckOutcome.HEALTHY)):
        checks.record(engine, practice.id, outcome, [f"=It is {outcome}."], now=utcnow() - timedelta(seconds=ago))
    engine.dispose()


@pytest.mark.usefixtures("checked")
def test_the_checks_of_a_practice_are_a_table_or_json_lines() -> None:
    result = onespot("checks", "lumen eye")
    assert result.exit_code == 0
    assert result.stdout.startswith("Lumen Eye: healthy in 1 of 2 checks in 30 days.")
    assert max(map(len, result.stdout.splitlines())) <= 80
    lines = [json.loads(line) for line in onespot("checks", "Lumen Eye", "--json").stdout.splitlines()]
    assert [line["status"] for line in lines] == ["healthy", "locked"]


@pytest.mark.usefixtures("checked")
def test_the_checks_go_into_a_table_and_a_picture(tmp_path: Path) -> None:
    result = onespot("checks", "Lumen Eye", "--csv", "out.csv", "--chart", "out.png")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "2 checks in out.csv." in result.stderr
    assert "healthy on 1 of 2 days with a check; locked on " in result.stderr
    assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "out.csv").read_text().count("'=It is") == 2
    assert "--force" in _sentence(onespot("checks", "Lumen Eye", "--chart", "out.png"))
    assert onespot("checks", "Lumen Eye", "--chart", "out.png", "--force").exit_code == 0


@pytest.mark.usefixtures("checked")
def test_tables_are_exported_to_the_output_or_a_file(tmp_path: Path) -> None:
    assert onespot("export", "practices").stdout.splitlines()[1].startswith("Lumen Eye,")
    assert len(onespot("export", "checks", "--since", "2026-01-01").stdout.splitlines()) == 3
    result = onespot("export", "runs", "--out", "runs.csv")
    assert (result.stdout, result.stderr) == ("", "0 runs in runs.csv.\n")
    assert (tmp_path / "runs.csv").read_text().startswith("run,practice,")
    assert "--force" in _sentence(onespot("export", "runs", "--out", "runs.csv"))


def test_a_table_a_day_or_a_practice_that_is_none_is_one_sentence() -> None:
    assert "There is no table" in _sentence(onespot("export", "passwords"))
    assert "--since is a day" in _sentence(onespot("export", "runs", "--since", "lately"))
    assert "There is no practice" in _sentence(onespot("checks", "Lumen Eye"))


@pytest.mark.usefixtures("checked")
def test_whoever_stops_reading_a_table_sees_no_error() -> None:
    command = [sys.executable, "-m", "bot", "export", "checks"]
    root = str(Path(__file__).parents[3])
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        command, stdout=writer, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": root}, timeout=60
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def test_what_would_be_pruned_is_said_and_what_keeps_everything_is_not_overruled() -> None:
    result = onespot("db", "prune", "--dry-run")
    assert result.stdout.startswith("Would delete, older than 400 days: 0 steps")
    assert onespot("db", "prune", "--days", "90").stdout.startswith("Deleted, older than 90 days: 0 steps")
    assert "keeps everything" in _sentence(onespot("db", "prune", RETENTION_DAYS="0"))
    assert "at least 30 days" in _sentence(onespot("db", "prune", RETENTION_DAYS="3"))
    assert onespot("db", "prune", "--days", "3").exit_code == 2
