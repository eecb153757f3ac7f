"""The story, everything real but the EHR: the command as a process, Chromium, HTTP, SQLite in a file.

What counts is the truth of the stand-in afterwards. Each test has an EHR and a folder of its own. ONESPOT_ALL_STEPS=1
also runs the rest of each table: all 17 steps, every fault, both front ends (an hour or so).
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

import pytest

from bot.problems import PASSWORD
from sandbox.ehr import ADMIN_USERNAME, SandboxEhr
from sandbox.ehr.records import WEEKDAYS
from tests.onespot import PRACTICE, Said, Story, daily, kill, only_with_everything, read_until, with_everything

Front = Literal["legacy", "modern"]
FRONTS: tuple[Front, ...] = ("legacy", "modern")
USERNAME = "OneSpot2915"
SIX = {
    "Accounting Module > View Invoices",
    "Accounting Module > View Claims",
    "Administration Module > View Administration",
    "Administration Module > General",
    "Administration Module > Employee/Roles",
    "Administration Module > Vendors/Partners",
}
ROLE_MADE = (ADMIN_USERNAME, "role created", "OneSpot")
EMPLOYEE_MADE = (ADMIN_USERNAME, "employee created", USERNAME)
PASSWORD_RESET = (USERNAME, "password reset", "")
ALL_MADE = [ROLE_MADE, EMPLOYEE_MADE, PASSWORD_RESET]
LOGINS = {1, 2, 15, 16, 17}
"""The steps that look or log in; the others change something, once."""

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


def _account(story: Story) -> dict[str, Any]:
    """The one employee Sync OneSpot."""
    (who,) = [who for who in story.ehr.state.as_json()["employees"] if who["username"] == USERNAME]
    return dict(who)


def _assert_the_account_is_the_guides(story: Story) -> None:
    """One role with exactly six permissions, one employee with all of the guide's values, a proved password."""
    truth = story.ehr.state.as_json()
    (role,) = [role for role in truth["roles"] if role["name"].casefold() == "onespot"]
    assert (role["name"], set(role["permissions"]), role["employees"]) == ("OneSpot", SIX, 1)
    assert len(role["permissions"]) == 6
    who = _account(story)
    places = [place for place in truth["locations"] if place["active"]]
    assert (who["firstName"], who["lastName"], who["active"], who["roles"]) == ("Sync", "OneSpot", True, ["OneSpot"])
    assert (who["emergency"], who["mustReset"], who["locked"]) == (False, False, False)
    assert who["days"] == {day: {"allowed": True, "from": "", "to": ""} for day in WEEKDAYS}
    assert sorted(who["locations"]) == sorted(place["name"] for place in places)
    assert who["primaryLocation"] == min(place["name"] for place in places)  # the first that the dropdown lists
    assert not any(who.get(field) for field in ("title", "phone", "email", "npi", "gender"))
    assert sum((one["firstName"], one["lastName"]) == ("Sync", "OneSpot") for one in truth["employees"]) == 1
    assert story.ehr.state.password_is(USERNAME, story.password())


def _assert_nothing_else_was_touched(story: Story, before: dict[str, Any]) -> None:
    """All that was there before is as it was, and nobody's login was refused."""
    after = story.ehr.state.as_json()
    assert [role for role in after["roles"] if role["name"] != "OneSpot"] == before["roles"]
    assert [who for who in after["employees"] if who["username"] != USERNAME] == before["employees"]
    assert (after["practice"], after["locations"]) == (before["practice"], before["locations"])
    assert after["failedLogins"] == {}


def _assert_everybody_logged_out(story: Story) -> None:
    assert [(one.username, one.ended_how) for one in story.ehr.state.sessions if one.ended_how != "logged out"] == []


def _assert_done(story: Story, said: Said) -> None:
    assert said.status == 0, said
    assert set(said.steps) == set(range(1, 18))
    assert set(said.steps.values()) <= {"done", "already there"}


def _assert_made_once(story: Story, said: Said, before: dict[str, Any]) -> None:
    """The whole account, by exactly three changes."""
    _assert_done(story, said)
    assert _changes(story) == ALL_MADE
    _assert_the_account_is_the_guides(story)
    _assert_nothing_else_was_touched(story, before)


# --- the main job


@pytest.mark.browser
@pytest.mark.parametrize(
    ("front", "test_ids"),
    daily([(front, ids) for front in FRONTS for ids in (True, False)], ("legacy", True)),
)
def test_seventeen_steps_leave_a_working_account_and_the_second_time_nothing_changes(
    begin: Begin, front: Front, test_ids: bool
) -> None:
    story = begin(front, test_ids=test_ids)
    before = story.ehr.state.as_json()

    first = story.provision()
    _assert_made_once(story, first, before)
    assert set(first.steps.values()) == {"done"}
    _assert_everybody_logged_out(story)
    password = story.password()
    (done,) = first.told("done")
    assert (done["username"], done["role"], done["changed"]) == (USERNAME, "OneSpot", True)

    second = story.provision()
    _assert_done(story, second)
    assert {step for step, status in second.steps.items() if status == "done"} <= LOGINS
    assert second.told("done")[0]["changed"] is False
    assert _changes(story) == ALL_MADE
    assert story.password() == password

    checked = story.check()
    assert (checked.status, checked.told("check")[0]["status"]) == (0, "healthy")
    assert _changes(story) == ALL_MADE
    _assert_nothing_else_was_touched(story, before)
    _assert_everybody_logged_out(story)


# --- killed


def _assert_resumed(story: Story, said: Said, before: dict[str, Any]) -> None:
    """As if nobody had been killed, but for the login that the killed one left."""
    _assert_done(story, said)
    _assert_the_account_is_the_guides(story)
    _assert_nothing_else_was_touched(story, before)
    changes = _changes(story)
    assert [changes.count(one) for one in (ROLE_MADE, EMPLOYEE_MADE)] == [1, 1]
    assert all(by in (ADMIN_USERNAME, USERNAME) for by, *_ in changes)
    assert sum(one.ended_how != "logged out" for one in story.ehr.state.sessions) <= 1


@pytest.mark.browser
@pytest.mark.parametrize(
    ("front", "step"),
    daily(
        [(front, step) for front in FRONTS for step in range(1, 18)],
        ("legacy", 7),
    ),
)
def test_killed_after_a_step_it_goes_on_where_it_was(begin: Begin, front: Front, step: int) -> None:
    story = begin(front)
    before = story.ehr.state.as_json()
    process = story.start(*story.order())
    read_until(process, step)
    kill(process)

    said = story.provision("--resume")
    if step == 17 and "no unfinished run" in said.err:  # the last word was quicker than the kill
        said = story.provision()
    _assert_resumed(story, said, before)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("front", "change"),
    daily([(front, made) for front in FRONTS for made in ALL_MADE], ("modern", EMPLOYEE_MADE)),
)
def test_killed_the_moment_the_ehr_has_saved_it_saves_nothing_twice(
    begin: Begin, front: Front, change: tuple[str, str, str]
) -> None:
    """The EHR has it and the program doesn't know: the worst moment of all. (On `modern` without test-ids.)"""
    story = begin(front, test_ids=front == "legacy")
    before = story.ehr.state.as_json()
    process = story.start(*story.order())
    while change not in _changes(story) and process.poll() is None:
        time.sleep(0.005)
    kill(process)
    assert _changes(story)[-1] == change

    _assert_resumed(story, story.provision("--resume"), before)
    assert sorted(_changes(story)) == sorted(ALL_MADE)


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


@with_everything
@pytest.mark.browser
@pytest.mark.parametrize("front", ["legacy", only_with_everything("modern")])
def test_adopting_does_not_take_another_persons_account(begin: Begin, front: Front) -> None:
    story = begin(front, "employee-exists")
    said = story.provision("--adopt")
    assert (said.status, said.error_class, _changes(story)) == (3, "BUSINESS", []), said


@with_everything
@pytest.mark.browser
@pytest.mark.parametrize("front", ["modern", only_with_everything("legacy")])
def test_an_account_made_by_hand_is_taken_over_only_when_somebody_says_so(begin: Begin, front: Front) -> None:
    story = begin(front, "employee-exists-by-hand")
    refused = story.provision()
    assert (refused.status, refused.error_class, _changes(story)) == (3, "BUSINESS", []), refused
    assert "--adopt" in refused.message

    said = story.provision("--adopt")
    _assert_done(story, said)
    assert _changes(story) == [
        ROLE_MADE,
        (ADMIN_USERNAME, "temporary password set", USERNAME),
        (ADMIN_USERNAME, "employee changed", USERNAME),
        PASSWORD_RESET,
    ]
    who = _account(story)
    assert "OneSpot" in who["roles"]
    assert (who["mustReset"], who["emergency"]) == (False, False)
    assert story.ehr.state.password_is(USERNAME, story.password())


@with_everything
@pytest.mark.browser
@pytest.mark.parametrize("front", ["legacy", only_with_everything("modern")])
def test_a_user_name_of_another_practice_stops_it_and_it_goes_on_once_that_is_settled(
    begin: Begin, front: Front
) -> None:
    story = begin(front, "username-taken-elsewhere")
    before = story.ehr.state.as_json()
    said = story.provision()
    assert (said.status, said.error_class) == (3, "BUSINESS"), said
    assert _changes(story) == [ROLE_MADE]

    story.ehr.faults.off("username-taken-elsewhere")
    said = story.provision("--resume")
    _assert_made_once(story, said, before)


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


# --- an EHR that isn't at its best


@with_everything
@pytest.mark.browser
@pytest.mark.parametrize(
    ("front", "faults"),
    [
        (
            "legacy",
            (
                "days-default-off",
                "reset-three-fields",
                "new-role-missing-until-reload",
                "password-policy-rejects-first",
                "many-locations",
            ),
        ),
        (
            "modern",
            (
                "days-default-off",
                "reset-back-to-login",
                "one-location",
                "save-role-500-but-saved",
                "save-employee-500-but-saved",
            ),
        ),
        *(
            only_with_everything(front, (fault,))
            for front in FRONTS
            for fault in (
                "days-default-off",
                "many-locations",
                "maxlength-12",
                "new-role-missing-until-reload",
                "one-location",
                "password-policy-rejects-first",
                "reset-back-to-login",
                "reset-three-fields",
                "save-employee-500-but-saved",
                "save-role-500-but-saved",
                "section-edit-buttons",
            )
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "-and-".join(value),
)
def test_an_awkward_ehr_ends_in_the_same_account_made_once(begin: Begin, front: Front, faults: tuple[str, ...]) -> None:
    story = begin(front, *faults)
    before = story.ehr.state.as_json()
    _assert_made_once(story, story.provision(), before)
    ways = {"logged out", "ended by the password reset"}
    assert {one.ended_how for one in story.ehr.state.sessions} <= ways


@with_everything
@pytest.mark.browser
@pytest.mark.parametrize("front", ["legacy", only_with_everything("modern")])
def test_fields_that_cut_silently_get_a_password_that_fits(begin: Begin, front: Front) -> None:
    story = begin(front, "maxlength-12")
    before = story.ehr.state.as_json()
    _assert_made_once(story, story.provision(), before)
    assert len(story.password()) <= 12


@with_everything
@pytest.mark.browser
@pytest.mark.parametrize("front", ["modern", only_with_everything("legacy")])
def test_a_strict_policy_is_met_or_said_and_meets_no_resistance_once_it_is_told(begin: Begin, front: Front) -> None:
    story = begin(front, "password-policy-strict")
    before = story.ehr.state.as_json()
    said = story.provision()
    if said.status:
        assert (said.status, said.error_class) == (1, "POLICY"), said
        assert _changes(story) == [ROLE_MADE]
        said = story.provision("--password-policy", "8-12 no _")
    _assert_made_once(story, said, before)
    assert 8 <= len(story.password()) <= 12


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
