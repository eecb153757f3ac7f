"""The story, everything real but the EHR: the command as a process, Chromium, HTTP, SQLite in a file.

What counts is the truth of the stand-in afterwards. Each test has an EHR and a folder of its own. ONESPOT_ALL_STEPS=1
also runs the rest of each table, on both front ends.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

import pytest

from bot.problems import PASSWORD
from sandbox.ehr import ADMIN_USERNAME, SandboxEhr
from tests.onespot import PRACTICE, Said, Story, daily, only_with_everything

Front = Literal["legacy", "modern"]
FRONTS: tuple[Front, ...] = ("legacy", "modern")
USERNAME = "OneSpot2915"

Begin = Callable[..., Story]


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    """Begins a story at an EHR with these faults."""
    with ExitStack() as stack:

        def at(front: Front, *faults: str, test_ids: bool = True) -> Story:
            return Story(stack.enter_context(SandboxEhr(front, faults=faults, test_ids=test_ids)), tmp_path)

        yield at


# --- the truth


def _changes(story: Story) -> list[tuple[str, str, str]]:
    """Everything that was changed in the EHR: by whom, what, and which."""
    with story.ehr.state.lock:
        return [(one.by, one.what, one.detail) for one in story.ehr.state.mutations]


def _assert_everybody_logged_out(story: Story) -> None:
    assert [(one.username, one.ended_how) for one in story.ehr.state.sessions if one.ended_how != "logged out"] == []


# --- what the program refuses to do


def _each(*rows: tuple[Any, ...]) -> list[Any]:
    """On both front ends; every day on that of the row (its first value)."""
    return daily(
        [(front, *row[1:]) for row in rows for front in FRONTS],
        *rows,
    )


@pytest.mark.browser
@pytest.mark.parametrize(
    ("front", "fault", "words"),
    _each(
        ("legacy", "role-exists-different", "OneSpot"),
        ("modern", "role-exists-other-case", "Onespot"),
        ("legacy", "employee-exists", USERNAME),
        ("modern", "username-taken-inactive", "inactive"),
    ),
)
def test_what_is_somebody_elses_is_left_alone(begin: Begin, front: Front, fault: str, words: str) -> None:
    story = begin(front, fault)
    said = story.provision()
    assert (said.status, said.error_class) == (3, "BUSINESS"), said
    assert words in said.message
    assert said.steps == {}
    assert _changes(story) == []
    _assert_everybody_logged_out(story)


@pytest.mark.browser
@pytest.mark.parametrize("front", ["legacy", only_with_everything("modern")])
def test_adopting_does_not_take_another_persons_account(begin: Begin, front: Front) -> None:
    story = begin(front, "employee-exists")
    said = story.provision("--adopt")
    assert (said.status, said.error_class, _changes(story)) == (3, "BUSINESS", []), said


@pytest.mark.browser
@pytest.mark.parametrize("front", ["legacy", only_with_everything("modern")])
def test_a_wrong_password_is_tried_once(begin: Begin, front: Front) -> None:
    story = begin(front)
    story.environment[PASSWORD] = "Not-The-Password-1"
    said = story.provision()
    assert (said.status, said.error_class) == (1, "CREDENTIAL"), said
    assert story.ehr.state.failed_logins == {ADMIN_USERNAME: 1}
    assert _changes(story) == []


@pytest.mark.browser
@pytest.mark.parametrize("front", [only_with_everything(front) for front in FRONTS])
def test_whoever_insists_on_a_wrong_password_locks_no_account(begin: Begin, front: Front) -> None:
    story = begin(front)
    story.environment[PASSWORD] = "Not-The-Password-1"
    for _ in range(4):
        said = story.provision()
        assert (said.status, said.error_class) == (1, "CREDENTIAL"), said
    assert story.ehr.state.failed_logins == {ADMIN_USERNAME: 2}


@pytest.mark.browser
@pytest.mark.parametrize(
    ("front", "fault"),
    _each(("modern", "mfa"), ("legacy", "agreements-admin"), ("modern", "admin-password-expired")),
)
def test_what_only_a_person_may_do_is_left_to_a_person(begin: Begin, front: Front, fault: str) -> None:
    story = begin(front, fault)
    said = story.provision()
    assert (said.status, said.error_class) == (4, "HUMAN_NEEDED"), said
    assert _changes(story) == []
    assert story.ehr.state.failed_logins == {}


# --- bad input: one sentence and exit status 2


def _sentence(said: Said, errors: Path) -> str:
    """The one sentence of a command that ended with status 2."""
    assert said.status == 2, said
    (text,) = errors.read_text().splitlines()
    assert text.startswith("onespot: ")
    assert text.endswith((".", "?"))
    return text


@contextmanager
def _another_site() -> Iterator[str]:
    """A web site with a login form that isn't RevolutionEHR's; it notes what it is sent."""

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = (
                b"<!doctype html><title>Garden shop</title><h1>Garden shop</h1>"
                b"<form method=post><label>Customer <input name=c></label><button>Search</button></form>"
            )
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Shop) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/static/"
        server.shutdown()
        thread.join()


@pytest.mark.browser
def test_a_site_that_is_not_revolutionehr_is_one_sentence_and_leaves_no_run(tmp_path: Path) -> None:
    story = Story(SandboxEhr(), tmp_path)
    with _another_site() as url:
        said = story.onespot("provision", PRACTICE, "--url", url, "--admin", "mhalloran", "--yes")
    assert "RevolutionEHR" in _sentence(said, story.errors)
    assert said.out == ""
    assert "cancelled" in story.onespot("runs").out


def test_the_installed_command_says_one_sentence_too(tmp_path: Path) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("onespot"), "check", "Nobody"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/onespot.db"},
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


def test_a_folder_that_can_not_be_written_to_is_one_sentence(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    folder = Path("/proc") if os.geteuid() == 0 else closed  # (root writes everywhere but there)
    story = Story(SandboxEhr(), tmp_path, {"DATABASE_URL": f"sqlite:///{folder}/onespot.db"})
    assert str(folder) in _sentence(story.onespot("practices"), story.errors)


def test_a_database_beside_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    story = Story(SandboxEhr(), tmp_path, {"DATABASE_URL": f"sqlite:///{tmp_path}/file/onespot.db"})
    _sentence(story.onespot("practices"), story.errors)
