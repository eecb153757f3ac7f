"""Rotations as somebody at a terminal sees them, and killed with SIGKILL at every point: no password is ever lost.

Real processes, Chromium, HTTP, a SQLite file; only the EHR is a stand-in. What counts is which password it takes
afterwards, and how many logins it refused. ONESPOT_ALL_STEPS=1 runs every point, both ways, both front ends.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from sandbox.ehr import SandboxEhr
from storage import practices, rotations
from storage.database import reading
from storage.models import Practice, Purpose, Rotation, Stage, StoredCredential
from storage.vault import Vault
from tests.kept import FORMER, USERNAME, in_a_database, in_the_ehr
from tests.onespot import PRACTICE, Said, Story, daily, kill, only_with_everything

pytestmark = pytest.mark.browser

Front = Literal["legacy", "modern"]
Way = Literal["edit profile", "forced reset"]
PATHS: dict[Way, str] = {"edit profile": "profile/password", "forced reset": "reset-password"}
DONE: dict[Way, str] = {"edit profile": "own password changed", "forced reset": "password reset"}
PATIENCE = 120
"""Seconds till a point must have come."""


@dataclass
class Account:
    """A practice whose account works, and everything to see both sides of it."""

    story: Story
    engine: Engine
    vault: Vault
    practice: Practice
    way: Way

    @property
    def ehr(self) -> SandboxEhr:
        return self.story.ehr

    def rotate(self) -> Said:
        return self.story.onespot("rotate", PRACTICE, "--json")

    def row(self) -> Rotation:
        row = rotations.latest(self.engine, self.practice.id)
        assert row is not None
        return row

    def kept(self, stage: Stage) -> StoredCredential | None:
        with reading(self.engine) as session:
            its = select(StoredCredential).where(StoredCredential.stage == stage)
            return session.exec(its.where(StoredCredential.purpose == Purpose.FINAL)).first()

    def failed_logins(self) -> int:
        return self.ehr.state.failed_logins.get(USERNAME.casefold(), 0)

    def taken(self) -> int:
        return sum(one.what == DONE[self.way] for one in self.ehr.state.mutations)

    def is_right(self) -> bool:
        """The password that people are shown is the one that RevolutionEHR takes, and nothing is in doubt."""
        nothing_pending = self.kept(Stage.PENDING) is None
        return nothing_pending and self.ehr.state.password_is(USERNAME, self.story.password())


Begin = Callable[..., Account]


@pytest.fixture
def begin(tmp_path: Path, sqlite_template: Path) -> Iterator[Begin]:
    """An account that was provisioned before, put there directly."""
    with ExitStack() as stack:

        def at(front: Front, way: Way, *faults: str) -> Account:
            ehr = stack.enter_context(SandboxEhr(front, faults=faults))
            in_the_ehr(ehr.state).must_reset = way == "forced reset"
            kept = in_a_database(stack, sqlite_template, tmp_path, ehr)
            practices.learned(kept.engine, kept.practice.id, "2915", USERNAME)
            kept.prove()
            story = Story(ehr, tmp_path, {"ONESPOT_KEYS": kept.key.get_secret_value()})
            return Account(story, kept.engine, kept.vault, kept.practice, way)

        yield at


# --- the command


@pytest.mark.parametrize(
    ("front", "way"),
    daily(
        [(front, way) for front in ("legacy", "modern") for way in ("edit profile", "forced reset")],
        ("modern", "edit profile"),
    ),
)
def test_a_rotation_is_proved_checked_and_handed_over(begin: Begin, front: Front, way: Way) -> None:
    account = begin(front, way)
    said = account.rotate()
    assert said.status == 0, said
    assert account.is_right()
    assert not account.ehr.state.password_is(USERNAME, FORMER)
    assert "auto-sync settings" in said.told("done")[0]["next"]
    assert account.story.password() not in str(said)
    checked = account.story.check()
    assert (checked.status, checked.told("check")[0]["status"]) == (0, "healthy"), checked
    assert account.story.onespot("rotate", PRACTICE, "--handed-over").status == 0
    assert account.row().handed_over_at is not None
    assert (account.failed_logins(), account.taken()) == (0, 1)
    assert [one for one in account.ehr.state.sessions if one.lasts] == []


@pytest.mark.parametrize("front", [only_with_everything("legacy"), only_with_everything("modern")])
def test_where_the_account_can_not_change_it_the_exit_status_says_that_a_person_is_needed(
    begin: Begin, front: Front
) -> None:
    account = begin(front, "edit profile", "no-edit-profile")
    said = account.rotate()
    assert (said.status, said.error_class) == (4, "HUMAN_NEEDED"), said
    assert account.is_right()
    assert account.row().ended_at is not None


# --- killed


def wait_until(seen: Callable[[], object], process: subprocess.Popen[str]) -> None:
    """Polls, for a moment that nothing announces."""
    until = time.monotonic() + PATIENCE
    while not seen():
        assert process.poll() is None, "it ended before"
        assert time.monotonic() < until, "it never came so far"
        time.sleep(0.002)


def before_it_is_sealed(account: Account, process: subprocess.Popen[str]) -> None:
    wait_until(lambda: account.ehr.state.sessions, process)
    kill(process)
    assert account.kept(Stage.PENDING) is None


def once_it_is_sealed(account: Account, process: subprocess.Popen[str]) -> None:
    wait_until(lambda: account.kept(Stage.PENDING), process)
    kill(process)
    kept = account.kept(Stage.PENDING)
    assert kept is not None
    assert kept.submitted_at is None


def once_it_is_sent_and_before_it_arrives(account: Account, process: subprocess.Popen[str]) -> None:
    """As if the click had never been: the EHR gets the request, and never acts on it."""
    hold = account.ehr.desk.hold(PATHS[account.way], answered=False)
    wait_until(hold.reached.is_set, process)
    kill(process)
    hold.released.set()
    kept = account.kept(Stage.PENDING)
    assert kept is not None
    assert kept.submitted_at is not None
    assert account.taken() == 0


def once_it_is_taken_and_before_that_is_said(account: Account, process: subprocess.Popen[str]) -> None:
    hold = account.ehr.desk.hold(PATHS[account.way], answered=True)
    wait_until(hold.reached.is_set, process)
    kill(process)
    hold.released.set()
    assert account.taken() == 1


def before_the_login_that_proves_it(account: Account, process: subprocess.Popen[str]) -> None:
    wait_until(account.taken, process)
    hold = account.ehr.desk.hold("login", answered=False)
    wait_until(hold.reached.is_set, process)
    kill(process)
    hold.released.set()
    assert account.kept(Stage.PENDING) is not None


def once_it_is_proved_and_before_the_row_says_so(account: Account, process: subprocess.Popen[str]) -> None:
    former = account.kept(Stage.CURRENT)
    assert former is not None

    def proved() -> bool:
        kept = account.kept(Stage.CURRENT)
        return kept is not None and kept.serial != former.serial

    wait_until(proved, process)
    kill(process)
    assert account.row().ended_at is None


POINTS = (
    before_it_is_sealed,
    once_it_is_sealed,
    once_it_is_sent_and_before_it_arrives,
    once_it_is_taken_and_before_that_is_said,
    before_the_login_that_proves_it,
    once_it_is_proved_and_before_the_row_says_so,
)
NOT_TAKEN = POINTS[:3]


@pytest.mark.parametrize(
    ("front", "way", "point", "then"),
    daily(
        [
            (front, way, point, then)
            for front in ("legacy", "modern")
            for way in ("edit profile", "forced reset")
            for point in POINTS
            for then in ("check", "rotate")
        ],
        ("legacy", "edit profile", once_it_is_taken_and_before_that_is_said, "rotate"),
    ),
    ids=lambda value: value.__name__ if callable(value) else str(value).replace(" ", "-"),
)
def test_killed_at_any_point_the_next_command_knows_which_password_holds(
    begin: Begin,
    front: Front,
    way: Way,
    point: Callable[[Account, subprocess.Popen[str]], None],
    then: Literal["check", "rotate"],
) -> None:
    account = begin(front, way)
    process = account.story.start("rotate", PRACTICE, "--json")
    try:
        point(account, process)
    finally:
        kill(process)
    account.ehr.desk.holds.clear()
    assert process.returncode == -9

    said = account.story.check() if then == "check" else account.rotate()
    assert account.is_right(), said
    assert account.failed_logins() == (1 if point is once_it_is_sent_and_before_it_arrives else 0)
    if then == "check":
        checked = said.told("check")[0]["status"]
        assert checked == ("password expired" if way == "forced reset" and point in NOT_TAKEN else "healthy"), said
        said = account.rotate()
    assert said.status == 0, said
    assert account.is_right()
    assert account.row().proved_at is not None
    assert not account.ehr.state.password_is(USERNAME, FORMER)
