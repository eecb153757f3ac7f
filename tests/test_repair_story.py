"""Repairs and retirements as somebody at a terminal sees them, and killed with SIGKILL at their worst moments.

Real processes, Chromium, HTTP, a SQLite file; only the EHR is a stand-in. What counts is its truth afterwards, and what
is kept. These run with ONESPOT_ALL_STEPS=1.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from sandbox.ehr import SandboxEhr
from sandbox.ehr.records import Secret
from storage import practices
from storage.database import reading
from storage.models import Practice, Purpose, StoredCredential
from tests.automation.test_repair import FRONTS, Front, provisioned, truth
from tests.kept import USERNAME, in_a_database
from tests.onespot import PRACTICE, Said, Story, kill, with_everything
from tests.test_story import ADMIN_USERNAME

pytestmark = [pytest.mark.browser, with_everything]

PATIENCE = 200
"""Seconds till a moment must have come."""


@dataclass
class Account:
    """A practice whose account works, and everything to see both sides of it."""

    story: Story
    engine: Engine
    practice: Practice

    @property
    def ehr(self) -> SandboxEhr:
        return self.story.ehr

    def words(self, verb: str, *more: str) -> tuple[str, ...]:
        return (verb, PRACTICE, "--admin", ADMIN_USERNAME, "--yes", "--json", *more)

    def do(self, verb: str, *more: str) -> Said:
        return self.story.onespot(*self.words(verb, *more))

    def kept(self) -> list[StoredCredential]:
        with reading(self.engine) as session:
            return list(session.exec(select(StoredCredential)))

    def retired(self) -> bool:
        practice = practices.get(self.engine, self.practice.id)
        return practice is not None and practice.retired_at is not None

    def changes(self) -> list[str]:
        return [one.what for one in self.ehr.state.mutations]

    def refused(self) -> int:
        return self.ehr.state.failed_logins.get(USERNAME.casefold(), 0)


Begin = Callable[..., Account]


@pytest.fixture
def begin(tmp_path: Path, sqlite_template: Path) -> Iterator[Begin]:
    """An account that was provisioned before, put there directly."""
    with ExitStack() as stack:

        def at(front: Front, *faults: str) -> Account:
            ehr = stack.enter_context(SandboxEhr(front, faults=faults))
            provisioned(ehr)
            kept = in_a_database(stack, sqlite_template, tmp_path, ehr)
            practices.learned(kept.engine, kept.practice.id, "2915", USERNAME)
            kept.prove()
            story = Story(ehr, tmp_path, {"ONESPOT_KEYS": kept.key.get_secret_value()})
            return Account(story, kept.engine, kept.practice)

        yield at


def broken(account: Account) -> dict[str, Any]:
    """Something at the role, something at the employee, another password; what was before all that."""
    before = truth(account.ehr)
    who = account.ehr.state.employee(USERNAME)
    assert who is not None
    account.ehr.state.roles[who.role_ids[0]].permissions.add("accounting-module.edit-invoices")
    who.emergency, who.secret = True, Secret.of("Changed-By-Hand-77")
    return before


def assert_right(account: Account, before: dict[str, Any], left: int = 0) -> None:
    """As it was before it broke, with a kept password that logs in, and a check that says so.

    At most `left` logins of the account were never ended: a kill leaves its own.
    """
    assert truth(account.ehr) == before
    assert account.ehr.state.password_is(USERNAME, account.story.password())
    checked = account.story.check()
    assert (checked.status, checked.told("check")[0]["status"]) == (0, "healthy"), checked
    assert len(account.ehr.state.open_sessions(USERNAME)) <= left


# --- the commands


@pytest.mark.parametrize("front", FRONTS)
def test_a_check_that_finds_the_password_refused_leads_to_a_repair_that_ends_healthy(
    begin: Begin, front: Front
) -> None:
    account = begin(front)
    before = broken(account)
    assert account.story.check().told("check")[0]["status"] == "login refused"
    said = account.do("repair")
    assert said.status == 0, said
    lines = [f"{line['kind']} {line['what']}: {line['detail']}" for line in said.told("plan")[0]["plan"]["changes"]]
    assert any(line.startswith("change password: a new temporary one") for line in lines), lines
    assert set(said.steps) == set(range(1, 18))
    assert "auto-sync" in said.told("done")[0]["next"]
    assert account.changes() == ["role changed", "temporary password set", "employee changed", "password reset"]
    assert account.story.password() not in str(said)
    assert_right(account, before)
    assert account.refused() == 1


@pytest.mark.parametrize("front", FRONTS)
def test_a_retirement_leaves_an_inactive_employee_and_nothing_kept(begin: Begin, front: Front) -> None:
    account = begin(front)
    after = truth(account.ehr)
    next(who for who in after["employees"] if who["username"] == USERNAME)["active"] = False
    said = account.do("retire")
    assert (said.status, set(said.steps)) == (0, set(range(1, 7))), said
    assert truth(account.ehr) == after
    assert (account.kept(), account.retired()) == ([], True)
    assert account.story.onespot("credentials", "show", PRACTICE).status == 1
    assert account.story.check().status == 1
    assert account.do("repair").status == 3
    assert account.changes() == ["employee deactivated"]


# --- killed


def wait_until(seen: Callable[[], object], process: subprocess.Popen[str]) -> None:
    """Polls, for a moment that nothing announces."""
    until = time.monotonic() + PATIENCE
    while not seen():
        assert process.poll() is None, "it ended before"
        assert time.monotonic() < until, "it never came so far"
        time.sleep(0.002)


def once(change: str) -> Callable[[Account, subprocess.Popen[str]], None]:
    """Killed the moment that RevolutionEHR has made this change: the program doesn't know yet."""

    def point(account: Account, process: subprocess.Popen[str]) -> None:
        wait_until(lambda: change in account.changes(), process)

    point.__name__ = f"once_{change.replace(' ', '_')}"
    return point


def once_a_password_is_kept(account: Account, process: subprocess.Popen[str]) -> None:
    wait_until(lambda: any(row.purpose is Purpose.TEMPORARY for row in account.kept()), process)


def once_the_credentials_are_destroyed(account: Account, process: subprocess.Popen[str]) -> None:
    wait_until(account.retired, process)


REPAIRS = (
    once("role changed"),
    once_a_password_is_kept,
    once("employee changed"),
    once("password reset"),
)
RETIREMENTS = (once("employee deactivated"), once_the_credentials_are_destroyed)


def _killed(account: Account, verb: str, point: Callable[[Account, subprocess.Popen[str]], None]) -> None:
    process = account.story.start(*account.words(verb))
    try:
        point(account, process)
    finally:
        kill(process)
    assert process.returncode == -9


@pytest.mark.parametrize("front", FRONTS)
@pytest.mark.parametrize("point", REPAIRS, ids=lambda value: value.__name__)
def test_a_repair_that_was_killed_goes_on_and_changes_nothing_twice(
    begin: Begin, front: Front, point: Callable[[Account, subprocess.Popen[str]], None]
) -> None:
    account = begin(front)
    before = broken(account)
    account.story.check()
    _killed(account, "repair", point)
    said = account.do("repair", "--resume")
    assert said.status == 0, said
    assert_right(account, before, left=1)
    assert account.changes().count("role changed") == 1
    assert account.refused() == 1


@pytest.mark.parametrize("front", FRONTS)
@pytest.mark.parametrize("point", RETIREMENTS, ids=lambda value: value.__name__)
def test_a_retirement_that_was_killed_goes_on_to_its_end(
    begin: Begin, front: Front, point: Callable[[Account, subprocess.Popen[str]], None]
) -> None:
    account = begin(front)
    _killed(account, "retire", point)
    said = account.do("retire", "--resume")
    if "no unfinished run" in said.err:  # the last word was quicker than the kill
        said = account.do("retire")
    assert said.status == 0, said
    assert account.changes() == ["employee deactivated"]
    assert (account.kept(), account.retired()) == ([], True)
