"""The watch: outside the thread that walks, it renews the lease and kills a browser that hangs.

Not the fence itself (storage.runs) and not a retry (guard.py). A frozen browser blocks its thread for ever and only
killing its process releases it, so the watch has a thread of its own; `look` is that thread's loop body.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from storage.database import StorageError

RENEW_EVERY = 10.0
LEASE_LASTS = 30.0
STEP_DEADLINE = 180.0
STOP_DEADLINE = 25.0
HALTED_AFTER = 12.0
"""Seconds that a step has once somebody asked to stop; the rest of the deadline is for logging out."""


class Watch:
    """Guards the work under one lease. Times are seconds of `clock`, which never goes back.

    `renew` is asked every 10 s; once it says no, or nobody could ask for 30 s, the lease is `lost` and the browser is
    killed. A step that takes longer than its deadline is `late`: killed too, and the lease is no longer renewed until
    the next browser is there.
    """

    def __init__(self, renew: Callable[[], bool], clock: Callable[[], float] = time.monotonic) -> None:
        self.lost = False
        self.late = False
        self.halted = False
        self._renew, self._clock = renew, clock
        self._renewed = clock()
        self._kill: Callable[[], None] | None = None
        self._halt: Callable[[], None] = lambda: None
        self._due: float | None = None
        self._stop_by: float | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep_looking, name="watch", daemon=True)

    @contextmanager
    def over(
        self, kill: Callable[[], None], deadline: float = STEP_DEADLINE, halt: Callable[[], None] = lambda: None
    ) -> Iterator[None]:
        """Watch a browser: `kill` ends its process, `halt` only what is done there; both from any thread."""
        self.late = self.halted = False
        self._kill, self._halt = kill, halt
        self.step(deadline)
        try:
            yield
        finally:
            self._kill = self._due = None

    def step(self, deadline: float = STEP_DEADLINE) -> None:
        """Something new begins: it has `deadline` seconds from now."""
        self._due = self._clock() + deadline

    def hurry(self) -> None:
        """Somebody asked to stop: the step in hand is halted after 12 s, and has to be left after 25 s."""
        self._stop_by = self._stop_by or self._clock() + STOP_DEADLINE

    def look(self) -> None:
        """Renew what is due, kill what is late. To be called again and again, from one thread."""
        now = self._clock()
        if self.lost or self.late:
            return
        if self._stop_by is not None and not self.halted and now > self._stop_by - STOP_DEADLINE + HALTED_AFTER:
            self.halted = True
            self._halt()
        due = min((moment for moment in (self._due, self._stop_by) if moment is not None), default=None)
        self.late = self._kill is not None and due is not None and now > due
        if not self.late and now - self._renewed >= RENEW_EVERY:
            self._renew_lease(now)
        if (self.late or self.lost) and self._kill is not None:
            self._kill()

    def _renew_lease(self, now: float) -> None:
        try:
            self.lost = not self._renew()
            self._renewed = now
        except StorageError:
            self.lost = now - self._renewed > LEASE_LASTS

    def _keep_looking(self) -> None:
        while not self._over.wait(0.5):
            self.look()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join(timeout=15)
