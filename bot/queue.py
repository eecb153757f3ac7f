"""Where runs wait when many machines work: Procrastinate, a queue in the same PostgreSQL.

A job is a knock: it carries ids, no secret, and may be lost or come twice; the rows decide (work.py), the lease says
who works alone, and the sweep finds what was lost. So neither Procrastinate's locks nor its retries are used, only that
the same knock doesn't wait in line twice.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

import psycopg
import structlog
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.schema import SchemaManager
from sqlalchemy import Engine, inspect, text
from sqlalchemy.engine import URL

from bot.dispatch import BrowserThreads, Workers
from bot.work import Work
from storage import runs
from storage.database import StorageError

log = structlog.get_logger("onespot.queue")

RUN, CHECK, ROTATE = "onespot.run", "onespot.check", "onespot.rotate"
QUEUE = "onespot"

PEOPLE, NIGHTLY = 10, 0
"""Priorities: what a person waits for is fetched before the daily checks."""

POLL = 2.0
"""Seconds until a worker looks by itself for jobs whose announcement it missed."""

AGAIN = 3.0
"""Seconds before a worker that lost the database tries to come back."""

_ONE_AT_A_TIME = 70_771
"""The advisory lock of those who make the queue's tables."""


def conninfo(address: URL) -> str:
    """How libpq is told where the database is. It holds the password: not for any log."""
    return address.set(drivername="postgresql").render_as_string(hide_password=False)


def make_tables(engine: Engine) -> bool:
    """Procrastinate's own tables, functions and triggers, if they aren't there. False when they were."""
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
        if inspect(connection).has_table("procrastinate_jobs"):
            return False
        raw = connection.connection.driver_connection
        if not isinstance(raw, psycopg.Connection):
            raise StorageError("The queue needs PostgreSQL.")
        raw.execute(SchemaManager.get_schema())
    return True


class Queued:
    """Puts knocks into the queue, for workers anywhere. Works nothing off itself."""

    def __init__(self, engine: Engine, priority: int = PEOPLE) -> None:
        """`priority` is that of checks; what follows an approval or a forced reset is never less than PEOPLE."""
        self._engine, self._priority = engine, priority
        self._app = App(connector=SyncPsycopgConnector())

    def run(self, run_id: int, seen: datetime | None = None) -> bool:
        run = runs.get(self._engine, run_id)
        if run is None or seen not in (None, run.moved_at):
            return False
        now = run.moved_at.isoformat()
        return self._put(RUN, f"run {run_id} {now}", PEOPLE, run_id=run_id, seen=now)

    def check(self, practice_id: int) -> bool:
        return self._put(CHECK, f"check {practice_id}", self._priority, practice_id=practice_id)

    def rotate(self, practice_id: int) -> bool:
        return self._put(ROTATE, f"rotation {practice_id}", PEOPLE, practice_id=practice_id)

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def _put(self, task: str, place: str, priority: int, **ids: Any) -> bool:
        """In a transaction of its own. A database that is away loses the knock, and the sweep knocks again."""
        try:
            with self._engine.begin() as connection:
                job = self._app.configure_task(
                    task,
                    queue=QUEUE,
                    queueing_lock=place,
                    priority=priority,
                    connection=connection.connection.driver_connection,
                )
                job.defer(**ids)
        except AlreadyEnqueued:
            return False
        return True


class Hauler:
    """Takes knocks from the queue and works them off in browser threads, until it is told to stop."""

    def __init__(self, address: URL, work: Work, workers: Workers, size: int) -> None:
        """`size` is the number of browser threads of this process."""
        self._address, self._work, self._workers, self._size = address, work, workers, size
        self._stop = threading.Event()
        self._wake: Callable[[], object] = lambda: None

    def stop(self) -> None:
        """From any thread: take nothing new; whoever works stops after the step in hand."""
        self._stop.set()
        self._workers.stop()
        self._wake()

    def haul(self) -> None:
        """Work until `stop`. A database that goes away is waited for: its end is not ours."""
        threads = BrowserThreads(self._size, "browser")
        try:
            while not self._stop.is_set():
                with suppress(ConnectorException, psycopg.Error, OSError):
                    asyncio.run(self._connected(threads))
                if not self._stop.is_set():
                    log.warning("queue lost", again_in=AGAIN)
                    self._stop.wait(AGAIN)
        finally:
            self._workers.dismiss(threads)
            threads.shutdown(wait=True)

    async def _connected(self, threads: BrowserThreads) -> None:
        """One connection's time; ends when told to, or when the database is gone."""
        async with self._app(threads).open_async() as app:
            hauling = asyncio.create_task(
                app.run_worker_async(
                    queues=[QUEUE],
                    concurrency=self._size,
                    fetch_job_polling_interval=POLL,
                    delete_jobs="always",
                    install_signal_handlers=False,
                )
            )
            loop = asyncio.get_running_loop()
            self._wake = lambda: loop.call_soon_threadsafe(hauling.cancel)
            if self._stop.is_set():
                hauling.cancel()
            try:
                with suppress(asyncio.CancelledError):
                    await hauling
            finally:
                self._wake = lambda: None  # its loop is closed from here on

    def _app(self, threads: BrowserThreads) -> App:
        """The jobs there are, each done in a browser thread: Playwright's objects live in the thread that made them."""
        app = App(connector=PsycopgConnector(conninfo=conninfo(self._address)))

        async def in_thread(deed: Callable[[], None]) -> None:
            if not self._workers.stopping:
                await asyncio.get_running_loop().run_in_executor(threads, deed)

        @app.task(name=RUN, queue=QUEUE)
        async def run(run_id: int, seen: str) -> None:
            await in_thread(lambda: self._work.run(run_id, datetime.fromisoformat(seen)))

        @app.task(name=CHECK, queue=QUEUE)
        async def check(practice_id: int) -> None:
            await in_thread(lambda: self._work.check(practice_id))

        @app.task(name=ROTATE, queue=QUEUE)
        async def rotate(practice_id: int) -> None:
            await in_thread(lambda: self._work.rotate(practice_id))

        return app
