"""The bot by role, for PostgreSQL and many machines: `web`, `worker` and `clock`, each a process of its own.

They share the database only: `web` writes what people decide and knocks, `worker` works, `clock` finds what was lost
and says in Slack what the rows say. Any number of webs and workers; of several clocks one works and the others wait.
`onespot run` is all three in one process (service.py).
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from datetime import timedelta

import structlog

from bot.checks.rounds import Rounds
from bot.dispatch import SCHEDULE, Scheduler, Workers
from bot.doors import Doors, doors
from bot.house import House
from bot.pace import Pace
from bot.problems import SettingsProblem
from bot.queue import NIGHTLY, Hauler, Queued, make_tables
from bot.service import AFTER_ACKS, Slack, Speaker, browser_workers, make_clock, make_office, make_work
from bot.voice import Together
from storage import threads
from storage.alone import Alone
from storage.database import StorageError
from storage.models import utcnow

log = structlog.get_logger("onespot.roles")

FOLLOW = 1.0
"""Seconds between two looks at which runs moved, wherever they are walked, so that their threads follow."""
LATE = timedelta(seconds=10)
"""For so long after it moved a run is looked at: the clocks of two machines may differ. Later the sweep finds it."""
STAND_BY = 2.0
"""Seconds between two tries of a clock that waits, and two looks of the one that works whether it still does."""


class _Elsewhere:
    """A web has no threads to look after: the clock sees in the rows what moved."""

    def touch(self, run_id: int, *, calm: bool = False) -> None: ...


@contextmanager
def web(house: House, stop: threading.Event) -> Iterator[Doors]:
    """Slack's door and the pages. What people decide becomes rows and knocks."""
    _prepare(house)
    slack = Slack.reached(house, stop)
    with ExitStack() as open_:
        later = open_.enter_context(ThreadPoolExecutor(AFTER_ACKS, thread_name_prefix="after-ack"))
        office = make_office(house, slack, Queued(house.engine), _Elsewhere(), later)
        open_.callback(office.answers.stop)
        yield open_.enter_context(doors(office, house.settings, slack.token, stop))


@contextmanager
def worker(house: House, stop: threading.Event, workers: Workers | None = None) -> Iterator[int]:
    """Browser threads that work off what waits in the queue; gives their number. Needs no token of Slack."""
    _prepare(house)
    settings, workers = house.settings, workers or browser_workers(house)
    rounds = Rounds(house.engine, settings.hours, maintenance=settings.maintenance)
    work = make_work(house, workers, rounds.looked)
    hauler = Hauler(settings.database, work, workers, settings.browser_threads)
    thread = threading.Thread(target=hauler.haul, name="hauler")
    thread.start()
    try:
        yield settings.browser_threads
    finally:
        hauler.stop()
        thread.join()


@contextmanager
def clock(house: House, stop: threading.Event, pace: Pace | None = None) -> Iterator[Alone]:
    """The schedule and the voice. Works while no other clock does; waits its turn before, and when it lost it."""
    _prepare(house)
    slack = Slack.reached(house, stop)
    turn = Alone(house.engine, "clock")
    speaks = functools.partial(_ticking, house, slack, pace or Pace())
    thread = threading.Thread(target=_take_turns, args=(speaks, turn, stop), name="clock")
    thread.start()
    try:
        yield turn
    finally:
        stop.set()
        thread.join()
        turn.leave()


def _take_turns(ticking: Callable[[], AbstractContextManager[None]], turn: Alone, stop: threading.Event) -> None:
    while not stop.is_set():
        if turn.take():
            log.info("this clock works")
            with suppress(StorageError), ticking():
                while turn.is_mine() and not stop.wait(STAND_BY):
                    pass
            log.info("this clock stopped")
        stop.wait(STAND_BY)


@contextmanager
def _ticking(house: House, slack: Slack, pace: Pace) -> Iterator[None]:
    scheduler = Scheduler(**SCHEDULE)
    speaker = Speaker.of(house, slack, Together(pace))
    with ExitStack() as open_:
        speaker.threads.start()
        open_.callback(speaker.threads.stop)
        scheduler.start()
        open_.callback(scheduler.shutdown)
        open_.callback(speaker.announcer.stop)
        make_clock(house, Queued(house.engine, NIGHTLY), speaker).schedule(scheduler)

        def follow() -> None:
            for run_id in threads.astir(house.engine, utcnow() - LATE):
                speaker.calm(run_id)

        scheduler.add_job(follow, "interval", seconds=FOLLOW, next_run_time=utcnow(), id="follow")
        yield


def _prepare(house: House) -> None:
    """Raises SettingsProblem where the roles can't meet: they need PostgreSQL, and keys that all of them are given."""
    if house.engine.dialect.name != "postgresql":
        raise SettingsProblem(
            "DATABASE_URL names SQLite, which one process has for itself: say postgresql://... for web, worker and "
            "clock, or use `onespot run`."
        )
    house.vault  # noqa: B018  (keys that are missing or wrong are said before anything is taken in)
    make_tables(house.engine)
