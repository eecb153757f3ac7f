"""The guard around work in the browser: keeps the lease, ends a hanging browser, counts tries, heeds a stop.

It knows neither the EHR nor what is done there. One Guard serves one thread; `stop` and `stop_now` may come from any
thread and from a signal handler, so they take no lock.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy import Engine

from bot.watch import Watch
from storage import runs
from storage.database import StorageError
from storage.models import Lease

PAUSES = (3.0, 15.0)
"""Seconds before the second and the third try: three tries in all."""

T = TypeVar("T")


class Killable(Protocol):
    """A browser, as far as it matters here."""

    def halt(self) -> None: ...

    def kill(self) -> None: ...


class Stopped(Exception):
    """Somebody asked to stop. Raised where the work can log out and end."""


class Late(Exception):
    """The page or the browser hung, so the browser was ended."""


@dataclass
class Guard:
    """How patient to be, and whether somebody asked to stop. `news` is told what isn't a step, such as another try."""

    engine: Engine
    now: Callable[[], datetime]
    pauses: Sequence[float] = PAUSES
    sleep: Callable[[float], object] = time.sleep
    clock: Callable[[], float] = time.monotonic
    news: Callable[[str], object] = lambda _: None
    stopping: bool = False
    _killed: bool = False
    _watch: Watch | None = None
    _browser: Killable | None = None

    @contextmanager
    def holding(self, lease: Lease) -> Iterator[Watch]:
        """The lease, renewed meanwhile and given back at the end. (A database that is gone can't take it back.)"""
        try:
            with Watch(lambda: runs.renew(self.engine, lease, now=self.now()), self.clock) as watch:
                self._watch = watch
                yield watch
        finally:
            self._watch = None
            with suppress(StorageError):
                runs.release(self.engine, lease)

    @contextmanager
    def over(self, browser: Killable, watch: Watch, deadline: float) -> Iterator[None]:
        """The browser under the watch. When that halted or killed it, what comes out says why.

        Raises LeaseLost, Stopped or Late.
        """
        if watch.lost:
            raise runs.LeaseLost
        self._browser, went_well = browser, False
        try:
            with watch.over(browser.kill, deadline, browser.halt):
                yield
            went_well = True
        finally:
            self._browser = None
            if watch.lost or not went_well:
                self._say_why(watch)

    def patiently(
        self, attempt: Callable[[], T], on: tuple[type[Exception], ...], worth: Callable[[Exception], str | None]
    ) -> T:
        """The attempt, made anew after each of the pauses when its error (one of `on`) is worth it.

        `worth` gives a sentence about an error that may pass by itself, None for any other. Raises Stopped when
        somebody asked to stop.
        """
        for pause in self.pauses:
            self._stop_if_asked()
            try:
                return attempt()
            except on as error:
                sentence = worth(error)
                if sentence is None:
                    raise
            self._stop_if_asked()
            self.news(f"{sentence} Trying again in {pause:.0f} seconds.")
            self._rest(pause)
        self._stop_if_asked()
        return attempt()

    def go_on_waiting(self, watch: Watch) -> None:
        """For whoever waits under a lease. Raises Stopped when somebody asked to stop, LeaseLost when it was lost."""
        self._stop_if_asked()
        if watch.lost:
            raise runs.LeaseLost

    def stop(self) -> None:
        """Stop after the step in hand, or in it where it takes longer than 12 s; its browser is ended after 25 s."""
        self.stopping = True
        if self._watch is not None:
            self._watch.hurry()

    def stop_now(self) -> None:
        """Stop at once, by ending the browser's process."""
        self._killed = True
        self.stop()
        if self._browser is not None:
            self._browser.kill()

    def _say_why(self, watch: Watch) -> None:
        if watch.lost:
            raise runs.LeaseLost from None
        if self._killed or (self.stopping and (watch.late or watch.halted)):
            raise Stopped from None
        if watch.late:
            raise Late from None

    def _stop_if_asked(self) -> None:
        if self.stopping:
            raise Stopped

    def _rest(self, pause: float) -> None:
        """Sleep, a second at a time, and not to the end when somebody asks to stop."""
        for _ in range(round(pause)):
            if not self.stopping:
                self.sleep(1.0)
