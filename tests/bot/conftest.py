"""What the bot's tests share: a database in a file, a vault, and a worker whose hands walk a tiny EHR."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.guard import Guard
from bot.worker import Worker
from sandbox.slack import SandboxSlack
from storage import practices, runs
from storage.models import Practice, Run, RunStatus, Step, Verdict, utcnow
from storage.vault import Vault, new_key
from tests.bot.talk import MANIFEST, Talk, set_up
from tests.bot.tiny import ADMIN, URL, TinyEhr, TinyHands
from tests.engines import cheap


@dataclass
class Place:
    """One practice, its tiny EHR, and everything around a worker."""

    engine: Engine
    folder: Path
    vault: Vault
    hands: TinyHands
    practice: Practice
    slept: list[float] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    @property
    def ehr(self) -> TinyEhr:
        return self.hands.ehr

    def worker(self, **patience: object) -> Worker:
        """A worker with the tiny hands, whose guard sleeps no second."""
        settings = {"sleep": self.slept.append, "news": self.heard.append, **patience}
        guard = Guard(self.engine, utcnow, **settings)  # type: ignore[arg-type]
        return Worker(self.engine, self.vault, self.folder / "evidence", guard, self.hands)  # type: ignore[arg-type]

    def run(self, run_id: int) -> Run:
        run = runs.get(self.engine, run_id)
        assert run is not None
        return run

    def requested(self) -> Run:
        return runs.request(self.engine, self.practice.id, "somebody", now=utcnow())

    def approved(self) -> Run:
        """A run whose plan was made and approved."""
        run = self.requested()
        planned = self.worker().plan_run(run.id, ADMIN)
        assert planned is not None
        assert planned.plan is not None
        assert runs.approve(self.engine, run.id, planned.plan.hash, Verdict.APPROVED, "somebody", now=utcnow())
        return self.run(run.id)

    def again(self, run: Run) -> bool:
        """Retry a failed run: its approval is kept."""
        return runs.move(self.engine, run.id, RunStatus.APPROVED, now=utcnow())

    def newest_steps(self, run: Run) -> dict[int, Step]:
        return {step.number: step for step in runs.steps(self.engine, run.id)}


class Knocks:
    """A dispatcher that only remembers."""

    def __init__(self) -> None:
        self.runs: list[int] = []

    def run(self, run_id: int, seen: datetime | None = None) -> bool:
        self.runs.append(run_id)
        return True

    def check(self, practice_id: int) -> bool:
        return True

    def rotate(self, practice_id: int) -> bool:
        return True

    def start(self) -> None: ...

    def stop(self) -> None: ...


@pytest.fixture
def engine(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    shutil.copyfile(sqlite_template, tmp_path / "onespot.db")
    engine = cheap(f"sqlite:///{tmp_path}/onespot.db")
    yield engine
    engine.dispose()


@pytest.fixture
def place(engine: Engine, tmp_path: Path) -> Place:
    practice = practices.save(engine, "Lumen Eye", URL, now=utcnow())
    return Place(engine, tmp_path, Vault(engine, [new_key()]), TinyHands(), practice)


@pytest.fixture
def workspace() -> Iterator[SandboxSlack]:
    """A stand-in Slack that refuses nothing for its rates."""
    with SandboxSlack(MANIFEST) as slack:
        slack.limits = False
        yield slack


@pytest.fixture
def talk(workspace: SandboxSlack, engine: Engine, tmp_path: Path) -> Iterator[Talk]:
    """The bot in it: over HTTP (which ends sooner than Socket Mode), one-time links, tiny hands."""
    talk = set_up(workspace, engine, tmp_path, mode="http")
    with talk.bot():
        yield talk
