"""Many machines in small: `onespot worker` and `onespot clock` as processes that share a PostgreSQL; some of them die.

What counts is the truth of the stand-in EHRs afterwards: each practice has one role and one employee, made once. What
people do is done here: they approve each plan, and press Retry where a run says that it was interrupted.
ONESPOT_ALL_STEPS=1 plays all of it; ONESPOT_MANY says with how many practices (60).
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, make_url

from bot.queue import Queued, make_tables
from bot.serve import free_port
from bot.work import keep_password
from sandbox.ehr import ADMIN_PASSWORD, ADMIN_USERNAME, SandboxEhr
from sandbox.slack import SandboxSlack
from storage import practices, runs
from storage.database import StorageError, connect, upgrade
from storage.models import Credential, Purpose, RunStatus, Stage, Verdict, utcnow
from storage.vault import Vault, new_key
from tests import postgresql
from tests.bot.talk import MANIFEST, until
from tests.onespot import Story, kill, with_everything
from tests.test_story import ALL_MADE, USERNAME

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(postgresql.why_not() is not None, reason=str(postgresql.why_not())),
]

MANY = int(os.environ.get("ONESPOT_MANY", "60"))
A_RUN = 150.0
"""Seconds of patience for one run, on a busy machine."""
LEASE = 30.0
"""Seconds after which a lease that nobody renews may be taken over (design, section 7)."""


@dataclass
class Fleet:
    """A database, a queue, practices with an EHR each, and whoever is started to work for them."""

    engine: Engine
    folder: Path
    slack: SandboxSlack
    key: SecretStr = field(default_factory=new_key)
    ehrs: dict[int, SandboxEhr] = field(default_factory=dict)
    """The EHRs by their runs."""

    @property
    def vault(self) -> Vault:
        return Vault(self.engine, [self.key])

    def ask(self, ehr: SandboxEhr) -> int:
        """A run, requested, with its administrator's password. Its id."""
        practice = practices.save(self.engine, f"Practice {len(self.ehrs) + 1}", ehr.url, now=utcnow())
        run = runs.request(self.engine, practice.id, "U0ANA", administrator=ADMIN_USERNAME, now=utcnow())
        keep_password(self.vault, run, Credential(ADMIN_USERNAME, SecretStr(ADMIN_PASSWORD)), utcnow())
        self.ehrs[run.id] = ehr
        Queued(self.engine).run(run.id)
        return run.id

    def start(self, role: str, name: str, database: str = "") -> subprocess.Popen[str]:
        """A process in that role, in a folder of its own; ready when it says so."""
        folder = self.folder / name
        folder.mkdir()
        story = Story(
            next(iter(self.ehrs.values())),
            folder,
            {
                "DATABASE_URL": database or self.engine.url.render_as_string(hide_password=False),
                "ONESPOT_KEYS": self.key.get_secret_value(),
                "ONESPOT_WORKERS": "1",
                "SLACK_BOT_TOKEN": self.slack.bot_token,
                "SLACK_APP_TOKEN": self.slack.app_token,
                "SLACK_API_URL": self.slack.api_url,
                "ONESPOT_APPROVERS": "S0LEADS",
                "PORT": str(free_port()),
            },
        )
        process = story.start(role)
        until(lambda: "Press Ctrl-C" in story.errors.read_text(), f"{name}: {story.errors.read_text()}", 60)
        return process

    def people(self) -> dict[RunStatus, int]:
        """Whatever people have to do, they do: approve, retry. How many runs stand where."""
        found: dict[RunStatus, int] = {}
        for run_id in self.ehrs:
            with suppress(StorageError):  # the database is being restarted: people come back later
                run = runs.get(self.engine, run_id)
                assert run is not None
                found[run.status] = found.get(run.status, 0) + 1
                if run.status is RunStatus.PLANNED and run.plan_hash:
                    runs.approve(self.engine, run_id, run.plan_hash, Verdict.APPROVED, "U0BEN", now=utcnow())
                    Queued(self.engine).run(run_id)
                elif run.status is RunStatus.FAILED:
                    runs.move(self.engine, run_id, RunStatus.APPROVED, now=utcnow())
                    Queued(self.engine).run(run_id)
        return found

    def until(self, what: str, reached: Callable[[dict[RunStatus, int]], bool], patience: float) -> None:
        """Let people go on until it is so."""
        end, found = time.monotonic() + patience, self.people()
        while not reached(found):
            assert time.monotonic() < end, f"{what}: {found}"
            time.sleep(0.5)
            found = self.people()

    def assert_made_once(self, run_id: int) -> None:
        """One role and one employee, the guide's, with the password that is kept; nothing made twice."""
        state = self.ehrs[run_id].state
        made = [(one.by, one.what, one.detail) for one in state.mutations]
        assert [made.count(one) for one in ALL_MADE[:2]] == [1, 1], made
        assert set(made) == set(ALL_MADE), made
        truth = state.as_json()
        assert [len(role["permissions"]) for role in truth["roles"] if role["name"] == "OneSpot"] == [6]
        assert sum(who["username"] == USERNAME for who in truth["employees"]) == 1
        run = runs.get(self.engine, run_id)
        assert run is not None
        current = self.vault.kept(run.practice_id, Purpose.FINAL, Stage.CURRENT)
        assert current is not None
        assert state.password_is(USERNAME, current.password.get_secret_value())


@pytest.fixture
def slack() -> Iterator[SandboxSlack]:
    with SandboxSlack(MANIFEST) as workspace:
        yield workspace


@contextmanager
def _fleet(server: postgresql.Server, slack: SandboxSlack, folder: Path, many: int) -> Iterator[Fleet]:
    with ExitStack() as stack:
        url = stack.enter_context(postgresql.database(server.address, "onespot_fleet"))
        engine = connect(url)
        stack.callback(engine.dispose)
        upgrade(engine)
        make_tables(engine)
        fleet = Fleet(engine, folder, slack)
        for _ in range(many):
            fleet.ask(stack.enter_context(SandboxEhr("legacy")))
        yield fleet


@contextmanager
def _ended(*processes: subprocess.Popen[str]) -> Iterator[None]:
    try:
        yield
    finally:
        for process in processes:
            kill(process)


@with_everything
@pytest.mark.timeout(7200)
def test_workers_die_and_the_database_restarts_and_every_run_is_done_once(slack: SandboxSlack, tmp_path: Path) -> None:
    with postgresql.server() as server, _fleet(server, slack, tmp_path, MANY) as fleet:
        clock, *workers = [
            fleet.start("clock", "clock"),
            *(fleet.start("worker", f"worker {number}") for number in range(3)),
        ]
        with _ended(clock, *workers):

            def done(part: float) -> Callable[[dict[RunStatus, int]], bool]:
                return lambda found: found.get(RunStatus.SUCCEEDED, 0) >= part * MANY

            patience = A_RUN * MANY
            fleet.until("a first part", done(0.15), patience)
            kill(workers[0])
            fleet.until("a second part", done(0.3), patience)
            workers[1].send_signal(signal.SIGTERM)
            assert workers[1].wait(60) == 0
            fleet.until("a third part", done(0.5), patience)
            server.restart()
            fleet.until("all", done(1), patience)
        for run_id in fleet.ehrs:
            fleet.assert_made_once(run_id)


# --- cut off


class Wire:
    """A wire to the database that can be cut: what is under way stops, and nobody gets through any more."""

    def __init__(self, url: str) -> None:
        self._to = make_url(url)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []
        self._cut = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """The database's address by way of this wire."""
        return self._to.set(port=self._listener.getsockname()[1]).render_as_string(hide_password=False)

    def cut(self) -> None:
        self._cut.set()
        for end in [self._listener, *self._ends]:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while not self._cut.is_set():
                near, _ = self._listener.accept()
                far = socket.create_connection((str(self._to.host), self._to.port or 5432))
                self._ends += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)


@with_everything
@pytest.mark.timeout(600)
def test_a_worker_that_lost_the_database_writes_nothing_once_its_lease_may_be_taken_over(
    slack: SandboxSlack, tmp_path: Path
) -> None:
    with postgresql.server() as server, _fleet(server, slack, tmp_path, 1) as fleet:
        ((run_id, ehr),) = fleet.ehrs.items()
        wire = Wire(fleet.engine.url.render_as_string(hide_password=False))
        lonely = fleet.start("worker", "lonely", wire.url)
        clock = fleet.start("clock", "clock")
        with _ended(lonely, clock):
            fleet.until("a role", lambda _: any(one.what == "role created" for one in ehr.state.mutations), A_RUN)
            wire.cut()
            time.sleep(LEASE)
            written = len(ehr.state.mutations)
            time.sleep(LEASE / 2)
            assert written == len(ehr.state.mutations) < len(ALL_MADE)
            with _ended(fleet.start("worker", "other")):
                fleet.until("all", lambda found: found.get(RunStatus.SUCCEEDED, 0) == 1, A_RUN)
        fleet.assert_made_once(run_id)
