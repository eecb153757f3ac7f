"""One process that does something while all others wait: a lock of PostgreSQL's, which ends with its connection."""

from contextlib import suppress
from hashlib import sha256

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError


class Alone:
    """The turn of that name. Used by one thread; a process that dies, or loses the database, has left it."""

    def __init__(self, engine: Engine, name: str) -> None:
        """`engine` is PostgreSQL's."""
        self._engine = engine
        self._key = int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True)
        self._connection: Connection | None = None

    def take(self) -> bool:
        """Take it; False when somebody else has it, or the database can't be reached."""
        self.leave()
        try:
            self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            taken = self._connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": self._key})
        except SQLAlchemyError:
            taken = False
        if not taken:
            self.leave()
        return bool(taken)

    def is_mine(self) -> bool:
        """Whether it still is: the connection that holds it lives."""
        if self._connection is None:
            return False
        try:
            return bool(self._connection.scalar(text("SELECT 1")))
        except SQLAlchemyError:
            return False

    def leave(self) -> None:
        """Give it back; the connection ends too, so that none that might still hold it is used for anything else."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        with suppress(SQLAlchemyError):
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": self._key})
        connection.invalidate()
        connection.close()
