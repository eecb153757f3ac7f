"""Connecting to the database and its transactions: SQLite in a file, or PostgreSQL.

Nothing here knows what the rows mean. Whatever goes wrong below SQL leaves as a `StorageError`, a sentence for a person.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlmodel import Session


class StorageError(Exception):
    """Something is wrong with the database; str() is one sentence for a person, without parameters or secrets."""


def connect(url: str) -> Engine:
    """An engine for `url`, tried once: what is wrong with the place is said now, as a StorageError.

    A new SQLite file gets mode 0600. Dispose of the engine (`engine.dispose()`) when done with it.
    """
    raise NotImplementedError


def upgrade(engine: Engine) -> None:
    """Bring the tables to this program's schema; at once when they are. StorageError when they are newer."""
    raise NotImplementedError


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """One transaction that writes: committed at the end, rolled back on an exception. Rows stay usable after it."""
    raise NotImplementedError
    yield


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """One transaction that only reads, so it waits for nobody."""
    raise NotImplementedError
    yield
