"""How many visits there are at one EHR at a time, and how soon one begins after another, on all machines together.

Politeness, not exclusion: that no practice is visited twice at once is the lease's to see to. On PostgreSQL a seat is a
lock that ends with its connection, so a dead process keeps none; on SQLite all visits are in this process.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from storage import duties
from storage.database import StorageError
from storage.models import utcnow

LOOK = 0.5
"""Seconds between two looks whether there is a free seat."""

_TAKE = text("SELECT seat FROM generate_series(1, :most) seat WHERE pg_try_advisory_lock(:place, seat) LIMIT 1")
_LEAVE = text("SELECT pg_advisory_unlock(:place, :seat)")


class Seats:
    """`most` seats at each host; `rest` seconds from one visit's first login to the next's. One for a whole process."""

    def __init__(
        self,
        engine: Engine,
        most: int,
        rest: float,
        now: Callable[[], datetime] = utcnow,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._engine, self._most, self._rest = engine, most, timedelta(seconds=rest)
        self._now, self._sleep = now, sleep
        self._here: dict[str, threading.BoundedSemaphore] = {}

    @contextmanager
    def at(self, host: str, give_up: Callable[[], None]) -> Iterator[None]:
        """A seat, waited for. `give_up` is asked again and again meanwhile, and raises to end the waiting."""
        with self._seat(host, give_up):
            self._wait_for(lambda: self._may_log_in(host), give_up)
            yield

    def _may_log_in(self, host: str) -> bool:
        now = self._now()
        return not self._rest or duties.take(self._engine, f"login at {host}", now=now, until=now + self._rest)

    @contextmanager
    def _seat(self, host: str, give_up: Callable[[], None]) -> Iterator[None]:
        if self._engine.dialect.name != "postgresql":
            here = self._here.setdefault(host, threading.BoundedSemaphore(self._most))
            self._wait_for(lambda: here.acquire(blocking=False), give_up)
            try:
                yield
            finally:
                here.release()
            return
        place = int.from_bytes(sha256(host.encode()).digest()[:4], "big", signed=True)
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            seat = self._take(connection, place, give_up)
            try:
                yield
            finally:
                with suppress(SQLAlchemyError):  # the connection is gone, and the seat with it
                    connection.execute(_LEAVE, {"place": place, "seat": seat})

    def _take(self, connection: Connection, place: int, give_up: Callable[[], None]) -> int:
        seats: list[int] = []

        def taken() -> bool:
            try:
                seats.extend(connection.scalars(_TAKE, {"most": self._most, "place": place}))
            except SQLAlchemyError as error:
                raise StorageError("The database went away while a session waited for its turn.") from error
            return bool(seats)

        self._wait_for(taken, give_up)
        return seats[0]

    def _wait_for(self, reached: Callable[[], bool], give_up: Callable[[], None]) -> None:
        while not reached():
            give_up()
            self._sleep(LOOK)
