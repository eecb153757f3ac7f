"""Many checks and runs in one process: memory and file handles stay flat, browsers are made anew, no zombie is left.

With ONESPOT_ALL_STEPS=1 only; ONESPOT_SOAK says how many checks (500, with a fifth as many runs besides).
"""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from automation.browser import KeptBrowser
from bot.guard import Guard
from bot.hands import Hands
from bot.worker import Worker
from sandbox.ehr import ADMIN_PASSWORD, ADMIN_USERNAME, SandboxEhr
from storage import practices, runs
from storage.database import connect
from storage.models import CheckOutcome, Credential, Practice, RunStatus, Verdict, utcnow
from storage.vault import Vault, new_key
from tests.onespot import with_everything

pytestmark = [pytest.mark.browser, with_everything, pytest.mark.timeout(7200)]

MANY = int(os.environ.get("ONESPOT_SOAK", "500"))
ROUNDS = 5
"""After each fifth of them it is measured; the first fifth is for warming up."""
ADMIN = Credential(ADMIN_USERNAME, SecretStr(ADMIN_PASSWORD))


@dataclass(frozen=True)
class Measured:
    """What this process and all that it started have now. `megabytes` is resident memory of Python alone."""

    megabytes: float
    handles: int
    processes: int
    zombies: int

    @classmethod
    def now(cls) -> Measured:
        gc.collect()
        me = psutil.Process()
        children = me.children(recursive=True)
        zombies = [child for child in children if child.status() == psutil.STATUS_ZOMBIE]
        return cls(me.memory_info().rss / 1e6, me.num_fds(), len(children), len(zombies))


@dataclass(frozen=True)
class Bench:
    """A worker that keeps its browser, and a practice."""

    engine: Engine
    worker: Worker
    practice: Practice

    def provision(self) -> None:
        run = runs.request(self.engine, self.practice.id, "somebody", now=utcnow())
        planned = self.worker.plan_run(run.id, ADMIN)
        assert planned is not None
        assert planned.plan is not None, planned.trouble
        runs.approve(self.engine, run.id, planned.plan.hash, Verdict.APPROVED, "somebody", now=utcnow())
        ended = self.worker.execute_run(run.id, ADMIN)
        assert ended is not None
        assert ended.status is RunStatus.SUCCEEDED, ended.trouble

    def check(self) -> None:
        checked = self.worker.check_practice(self.practice)
        assert checked is not None
        assert checked.outcome is CheckOutcome.HEALTHY, checked.sentence


@pytest.fixture
def bench(sqlite_template: Path, tmp_path: Path) -> Iterator[Bench]:
    shutil.copyfile(sqlite_template, tmp_path / "onespot.db")
    engine = connect(f"sqlite:///{tmp_path}/onespot.db")
    with SandboxEhr("legacy") as ehr:
        hands = Hands(keep=True)
        vault = Vault(engine, [new_key()])
        worker = Worker(engine, vault, tmp_path / "evidence", Guard(engine, utcnow), hands)
        practice = practices.save(engine, "Lumen Eye", ehr.url, now=utcnow())
        yield Bench(engine, worker, practice)
        hands.close()
    engine.dispose()


def test_memory_and_handles_stay_flat_over_many_checks_and_runs(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("automation.browser.VISITS", max(10, MANY // 8))
    bench.provision()
    found: list[Measured] = []
    for number in range(MANY):
        bench.check()
        if number % 5 == 4:
            bench.provision()  # finds everything in place, and changes nothing
        if (number + 1) % (MANY // ROUNDS) == 0:
            found.append(Measured.now())
            with capsys.disabled():
                print(f"\n{number + 1} checks: {found[-1]}", flush=True)
    first, last = found[0], found[-1]
    assert last.megabytes < first.megabytes * 1.15 + 10
    assert last.handles <= first.handles + 5
    assert last.processes <= first.processes + 2
    assert [one.zombies for one in found] == [0] * ROUNDS


def test_a_closed_browser_leaves_no_process() -> None:
    before = Measured.now()
    for _ in range(5):
        kept = KeptBrowser()
        with kept.lend() as browser, browser.visit() as screen:
            screen.look()
        kept.close()
    after = Measured.now()
    assert (after.processes, after.zombies) == (before.processes, 0)
    assert after.handles <= before.handles + 2
