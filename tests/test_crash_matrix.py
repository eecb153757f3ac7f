"""The crash matrix: who can die in the middle of a run, dies, and after one resume everything is there once.

The program killed in each of the 17 steps (after each: test_story.py), in a plan and in a check; its browser killed;
the EHR gone and back; the database locked, read-only, its disk full. SIGTERM at each step. With ONESPOT_ALL_STEPS=1,
for hours.
"""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from sandbox.ehr import SandboxEhr
from storage import runs
from storage.database import connect
from storage.models import RunStatus
from storage.vault import new_key
from tests import postgresql
from tests.onespot import Said, Story, daily, end, family, kill, read_until, with_everything
from tests.test_story import (
    ALL_MADE,
    FRONTS,
    _assert_everybody_logged_out,
    _assert_resumed,
    _changes,
)

pytestmark = pytest.mark.browser

DRAINED = 25.0
"""Seconds in which SIGTERM ends the program, whatever it is in the middle of (design, section 7)."""
SEED = 20261128


@pytest.fixture(params=[*daily(FRONTS)])
def story(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Story]:
    """A practice with each of the front ends; with ONESPOT_ALL_STEPS=1 only."""
    with SandboxEhr(request.param) as ehr:
        yield Story(ehr, tmp_path)


def _begun(story: Story, after: int) -> tuple[subprocess.Popen[str], str]:
    """A walk, from its start up to the end of that step (0: to its plan); and what it said."""
    process = story.start(*story.order())
    if after:
        return process, read_until(process, after)
    assert process.stdout is not None
    return process, process.stdout.readline()


def _resumed(story: Story) -> Said:
    """One resume; where the last word was quicker than the kill, one more walk, which finds everything in place."""
    said = story.provision("--resume")
    return story.provision() if "no unfinished run" in said.err else said


# --- the program


@with_everything
@pytest.mark.parametrize("step", range(1, 18))
def test_killed_in_a_step_it_completes_after_one_resume(story: Story, step: int) -> None:
    before = story.ehr.state.as_json()
    process, _ = _begun(story, step - 1)
    time.sleep(random.Random(f"{SEED} {step} {story.ehr.front}").uniform(0.05, 1.5))
    kill(process)
    _assert_resumed(story, _resumed(story), before)


@with_everything
@pytest.mark.parametrize("seconds", [0.5, 1.5, 3.0])
def test_killed_in_its_plan_it_has_changed_nothing_and_begins_anew(story: Story, seconds: float) -> None:
    before = story.ehr.state.as_json()
    process = story.start(*story.order())
    time.sleep(seconds)
    kill(process)
    assert _changes(story) == []
    said = story.provision()
    _assert_resumed(story, said if said.status == 0 else _resumed(story), before)


@with_everything
def test_killed_in_checks_the_account_stays_healthy_and_nothing_is_written(story: Story) -> None:
    before = story.ehr.state.as_json()
    said = story.provision()
    for seconds in (2.0, 4.0, 6.0):
        process = story.start("check", "Lumen Eye", "--json")
        time.sleep(seconds)
        kill(process)
    assert story.check().status == 0
    assert _changes(story) == ALL_MADE
    _assert_made_with_lost_sessions(story, said, before)


@with_everything
@pytest.mark.parametrize("step", range(0, 17))
def test_sigterm_drains_in_time_and_the_run_goes_on(story: Story, step: int) -> None:
    before = story.ehr.state.as_json()
    process, said = _begun(story, step)
    browsers = family(process)
    asked = time.monotonic()
    process.send_signal(signal.SIGTERM)
    ended = end(process, story.errors, said)
    assert time.monotonic() - asked < DRAINED + 10, ended  # (and ten for a machine that does other things too)
    assert ended.status != 0 or step == 16, ended  # (after that, only the last step was left to end)
    assert psutil.wait_procs(browsers, timeout=5)[1] == []
    _assert_resumed(story, _resumed(story), before)
    _assert_everybody_logged_out(story)


def test_sigterm_in_a_step_that_waits_for_long_logs_out_in_time_too(story: Story) -> None:
    before = story.ehr.state.as_json()
    process, said = _begun(story, 6)
    story.ehr.desk.slow_network_seconds = 4
    story.ehr.faults.on("slow-network")
    asked = time.monotonic()
    process.send_signal(signal.SIGTERM)
    ended = end(process, story.errors, said)
    assert time.monotonic() - asked < DRAINED + 10, ended
    assert ended.status != 0, ended
    _assert_everybody_logged_out(story)
    story.ehr.faults.off("slow-network")
    _assert_resumed(story, _resumed(story), before)


# --- what it works with


@with_everything
@pytest.mark.parametrize("step", [2, 5, 7, 9, 14, 15, 16])
def test_a_browser_that_dies_costs_at_most_a_resume(story: Story, step: int) -> None:
    before = story.ehr.state.as_json()
    process, said = _begun(story, step - 1)
    time.sleep(0.3)
    for one in family(process):
        if "chrom" in one.name():
            one.kill()
    ended = end(process, story.errors, said)
    if ended.status != 0:
        assert (ended.status, ended.error_class) == (1, "TRANSIENT"), ended
        ended = _resumed(story)
    _assert_made_with_lost_sessions(story, ended, before)


def _assert_made_with_lost_sessions(story: Story, said: Said, before: dict[str, object]) -> None:
    assert said.status == 0, said
    changes = _changes(story)
    assert [changes.count(one) for one in ALL_MADE[:2]] == [1, 1], changes
    assert story.ehr.state.failed_logins == {}
    assert [role for role in story.ehr.state.as_json()["roles"] if role["name"] != "OneSpot"] == before["roles"]
    assert story.ehr.state.password_is("OneSpot2915", story.password())


@with_everything
@pytest.mark.parametrize("step", [3, 7, 14, 16])
def test_an_ehr_that_goes_away_and_comes_back_costs_at_most_a_resume(story: Story, step: int) -> None:
    before = story.ehr.state.as_json()
    process, said = _begun(story, step - 1)
    story.ehr.stop()
    time.sleep(3)
    story.ehr.start()
    ended = end(process, story.errors, said)
    if ended.status != 0:
        assert (ended.status, ended.error_class) in ((1, "TRANSIENT"), (1, "UI_CHANGED")), ended
        ended = _resumed(story)
    _assert_made_with_lost_sessions(story, ended, before)


@with_everything
@pytest.mark.parametrize("step", [4, 7, 10, 14, 16])
def test_a_database_that_somebody_else_locks_costs_at_most_a_resume(story: Story, step: int) -> None:
    before = story.ehr.state.as_json()
    process, said = _begun(story, step - 1)
    with closing(sqlite3.connect(story.folder / "onespot.db", timeout=30, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        time.sleep(15)
        other.execute("ROLLBACK")
    ended = end(process, story.errors, said)
    _assert_made_with_lost_sessions(story, ended if ended.status == 0 else _resumed(story), before)


@with_everything
@pytest.mark.skipif(postgresql.why_not() is not None, reason=str(postgresql.why_not()))
@pytest.mark.parametrize("step", [4, 7, 10, 14, 16])
def test_a_database_that_takes_no_writes_for_a_while_costs_at_most_a_resume(tmp_path: Path, step: int) -> None:
    """As one does whose disk is full, or whose place another server took."""
    with SandboxEhr("legacy") as ehr, postgresql.cluster() as server, postgresql.database(server, "onespot") as url:
        address = url.replace("postgresql:", "postgresql+psycopg:", 1)
        keys = {"DATABASE_URL": address, "ONESPOT_KEYS": new_key().get_secret_value()}
        story = Story(ehr, tmp_path, keys)
        before = ehr.state.as_json()
        process, said = _begun(story, step - 1)
        with psycopg.connect(server, autocommit=True) as admin:
            for setting in ("on", "off"):
                admin.execute(f"ALTER SYSTEM SET default_transaction_read_only = {setting}")
                admin.execute("SELECT pg_reload_conf()")
                time.sleep(15 if setting == "on" else 0)
        ended = end(process, story.errors, said)
        assert "Traceback" not in story.errors.read_text()
        _assert_made_with_lost_sessions(story, ended if ended.status == 0 else _resumed(story), before)


@contextmanager
def _small_disk(at: Path) -> Iterator[None]:
    """A disk of 6 MB there. Skips where this user may mount none."""
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", at], capture_output=True, check=False
    ).returncode:
        pytest.skip("this user may not mount a disk")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", at], check=True)


@with_everything
@pytest.mark.parametrize("step", [4, 7, 10, 14, 16])
def test_a_full_disk_loses_no_password_and_costs_at_most_a_resume(tmp_path: Path, step: int) -> None:
    (tmp_path / "disk").mkdir()
    with SandboxEhr("legacy") as ehr, _small_disk(tmp_path / "disk"):
        story = Story(ehr, tmp_path, {"DATABASE_URL": f"sqlite:///{tmp_path}/disk/onespot.db"})
        before = ehr.state.as_json()
        process, said = _begun(story, step - 1)
        ballast = tmp_path / "disk" / "ballast"
        with ballast.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(65536))
            except OSError:
                pass
        ended = end(process, story.errors, said)
        ballast.unlink()
        assert "Traceback" not in story.errors.read_text()
        _assert_made_with_lost_sessions(story, ended if ended.status == 0 else _resumed(story), before)


def test_what_is_left_of_a_run_after_a_kill_is_one_unfinished_run(tmp_path: Path) -> None:
    """The everyday case: killed right after its plan, the row says where it stands and nothing was changed."""
    with SandboxEhr("legacy") as ehr:
        story = Story(ehr, tmp_path)
        process, _ = _begun(story, 0)
        kill(process)
        engine = connect(f"sqlite:///{tmp_path}/onespot.db")
        ((run, _),) = runs.latest(engine)
        engine.dispose()
        assert run.status in (RunStatus.PLANNED, RunStatus.APPROVED, RunStatus.RUNNING)
        assert _changes(story) == []
