"""Where runs wait and where they run: a `Dispatcher` carries ids to `Work`, never what is to be done, never a secret.

Two of them are here: `Inline` does it at once (for tests and one command), `Local` in this process's browser threads,
which are APScheduler's. What gets lost on the way is found by the sweep (schedule.py).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor as Pool
from contextlib import suppress
from datetime import datetime
from typing import Protocol

from apscheduler.executors.pool import BasePoolExecutor, ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from bot.guard import Guard
from bot.work import Work
from bot.worker import Worker
from storage import runs

RUNS, CHECKS, TICKS = "runs", "checks", "ticks"
"""The pools: checks never starve a run, and neither ever holds up a tick of the clock."""
SCHEDULE = {
    "job_defaults": {"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    "timezone": "UTC",
}
"""How every scheduler of ours is set: APScheduler's own grace of a second silently drops what comes late."""
GOODBYE = 60.0
"""Seconds that a thread which is to close its browser waits for those that still work."""

Place = tuple[str, int, datetime | None]
"""What waits in line: what is to be done, to which run or practice, and how the run stood."""


class Dispatcher(Protocol):
    """Whoever gets the work done. A knock may be lost and may come twice."""

    def run(self, run_id: int, seen: datetime | None = None) -> bool:
        """Somebody should look at this run: plan it, or walk it. False when it waits in line already.

        False too when it has moved on since `seen`, the `moved_at` that the caller acts on.
        """

    def check(self, practice_id: int) -> bool:
        """Somebody should look at this practice's account. False when it waits in line already."""

    def rotate(self, practice_id: int) -> bool:
        """Somebody should go on with this practice's open rotation. False when it waits in line already."""

    def start(self) -> None:
        """Begin to work."""

    def stop(self) -> None:
        """Take no new work, end what is in hand, come back when it has ended."""


class Inline:
    """Does it at once, in the caller's thread."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def run(self, run_id: int, seen: datetime | None = None) -> bool:
        run = runs.get(self._work.engine, run_id)
        if run is None or seen not in (None, run.moved_at):
            return False
        self._work.run(run_id, run.moved_at)
        return True

    def check(self, practice_id: int) -> bool:
        self._work.check(practice_id)
        return True

    def rotate(self, practice_id: int) -> bool:
        self._work.rotate(practice_id)
        return True

    def start(self) -> None: ...

    def stop(self) -> None: ...


class BrowserThreads(Pool):
    """`size` threads, each with a browser that it keeps and that only it can close."""

    def __init__(self, size: int, name: str) -> None:
        super().__init__(size, thread_name_prefix=name)
        self.size = size


class _Browsers(BasePoolExecutor):  # type: ignore[misc]
    """Browser threads, as APScheduler hands work to them."""

    def __init__(self, threads: BrowserThreads) -> None:
        super().__init__(threads)


class Scheduler(BackgroundScheduler):  # type: ignore[misc]
    """One that can be stopped in any moment."""

    def shutdown(self, wait: bool = True) -> None:
        """As APScheduler's own, which holds its locks while it waits; but a run that ends just then asks for them."""
        self.pause()
        for executor in list(self._executors.values()):
            executor.shutdown(wait)
        super().shutdown(wait)

    def remove_job(self, job_id: str, jobstore: str | None = None) -> None:
        with suppress(JobLookupError):  # its thread strikes off what it has handed out, and would die of an empty list
            super().remove_job(job_id, jobstore)


class Local:
    """This process's own threads. A run that waits in line is not put there again."""

    def __init__(self, work: Work, workers: Workers, size: int) -> None:
        """`size` is the number of browser threads for runs, and again as many for checks, at most half."""
        self._work, self._workers = work, workers
        self._threads = BrowserThreads(size, RUNS), BrowserThreads(max(1, size // 2), CHECKS)
        for_runs, for_checks = map(_Browsers, self._threads)
        self.scheduler = Scheduler(
            executors={"default": ThreadPoolExecutor(2), RUNS: for_runs, CHECKS: for_checks},
            **SCHEDULE,
        )
        self._waiting: set[Place] = set()
        self._lock = threading.Lock()

    def run(self, run_id: int, seen: datetime | None = None) -> bool:
        run = runs.get(self._work.engine, run_id)
        if run is None or seen not in (None, run.moved_at):
            return False
        now = run.moved_at
        return self._put(RUNS, ("run", run_id, now), lambda: self._work.run(run_id, now))

    def check(self, practice_id: int) -> bool:
        return self._put(CHECKS, ("check", practice_id, None), lambda: self._work.check(practice_id))

    def rotate(self, practice_id: int) -> bool:
        return self._put(CHECKS, ("rotation", practice_id, None), lambda: self._work.rotate(practice_id))

    def start(self) -> None:
        self.scheduler.start()

    def stop(self) -> None:
        self._workers.stop()
        if self.scheduler.running:
            self.scheduler.pause()
            for threads in self._threads:
                self._workers.dismiss(threads)
            self.scheduler.shutdown(wait=True)

    def _put(self, pool: str, place: Place, deed: Callable[[], None]) -> bool:
        with self._lock:
            if place in self._waiting:
                return False
            self._waiting.add(place)
        self.scheduler.add_job(self._do, args=(place, deed), executor=pool, name=f"{place[0]} {place[1]}")
        return True

    def _do(self, place: Place, deed: Callable[[], None]) -> None:
        try:
            if not self._workers.stopping:
                deed()
        finally:
            with self._lock:
                self._waiting.discard(place)


class Workers:
    """A worker for each thread that asks, made once by `make`; all of them can be told to stop."""

    def __init__(self, make: Callable[[], Worker]) -> None:
        self._make, self._own = make, threading.local()
        self._guards: list[Guard] = []
        self.stopping = False

    def mine(self) -> Worker:
        """The calling thread's worker."""
        worker: Worker | None = getattr(self._own, "worker", None)
        if worker is None:
            worker = self._own.worker = self._make()
            self._guards.append(worker.guard)
            worker.guard.stopping = self.stopping
        return worker

    def dismiss(self, threads: BrowserThreads) -> None:
        """Each of these threads closes its browser, once what is in hand has ended. Nothing may follow."""
        together = threading.Barrier(threads.size)  # a thread that waits here takes no second goodbye

        def leave() -> None:
            with suppress(threading.BrokenBarrierError):
                together.wait(GOODBYE)
            worker: Worker | None = getattr(self._own, "worker", None)
            if worker is not None:
                worker.hands.close()

        for goodbye in [threads.submit(leave) for _ in range(threads.size)]:
            goodbye.result()

    def stop(self) -> None:
        """Whoever works stops after the step in hand."""
        self.stopping = True
        for guard in self._guards:
            guard.stop()
