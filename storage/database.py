"""Connecting to the database and its transactions: SQLite in a file, or PostgreSQL.

Nothing here knows what the rows mean. What goes wrong below SQL leaves as a `StorageError`, a sentence for a person;
a defect of ours (wrong SQL, a time without a zone) leaves as it is.
"""

import os
import re
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session

BUSY_SECONDS = 10
"""How long a writer waits for another one, and a connection for PostgreSQL to answer."""

MIGRATIONS = Path(__file__).parent / "migrations"
_UPGRADE_LOCK = 7_667_768  # any number that nothing else in a shared PostgreSQL takes as an advisory lock
_READING = "onespot_reading"
_UNDEFINED_TABLE = "42P01"  # PostgreSQL's code


class StorageError(Exception):
    """Something is wrong with the database; str() is one sentence for a person, without parameters or secrets."""


class Conflict(StorageError):
    """The database refused a row: it is there already, or what it belongs to isn't, or it may never change."""


def connect(url: str) -> Engine:
    """An engine for `url`, tried once: what is wrong with the place is said now, as a StorageError.

    A new SQLite file gets mode 0600, and so do the two files beside it. Dispose of the engine (`engine.dispose()`) when
    done with it, else its connections stay open.
    """
    address = _address(url)
    engine = _sqlite(address) if address.get_backend_name() == "sqlite" else _postgresql(address)
    event.listen(engine, "before_cursor_execute", _whole_parameters, retval=True)
    try:
        with _in_words(address), engine.connect():
            return engine
    except StorageError:
        engine.dispose()
        raise


def upgrade(engine: Engine) -> None:
    """Bring the tables to this program's schema; at once when they are.

    Two processes may do it at the same time. StorageError when the schema is newer than this program, or when the
    SQLite file is another program's.
    """
    known = revisions()
    with _in_words(engine.url):
        with engine.execution_options(**{_READING: True}).connect() as connection:
            if _schema(connection) == known[-1]:
                return
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _UPGRADE_LOCK})
            _refuse_strangers(connection, known)
            _migrate(connection)


def revisions() -> list[str]:
    """The schemas this program knows, oldest first: the numbers that the files in migrations/versions begin with."""
    return sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """One transaction that writes: committed at the end, rolled back on an exception. Its rows stay usable after it.

    On SQLite it has the file's only writer's place from the first line (BEGIN IMMEDIATE), so what it reads stays true
    until it writes; on PostgreSQL lock what you decide by (`with_for_update()`).
    """
    with _in_words(engine.url), Session(engine, expire_on_commit=False) as session, session.begin():
        session.connection()  # begins now, not at the first statement
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """One transaction that only reads, so it waits for no writer and no writer waits for it."""
    with transaction(engine.execution_options(**{_READING: True})) as session:
        yield session


# Text

_HALF = re.compile("[\ud800-\udfff\0]")


def whole(words: str) -> str:
    """The text with a mark in the place of what no file and no database takes: half a letter (of an emoji that a page
    has cut in two, say), and NUL."""
    return words if words.isascii() and "\0" not in words else _HALF.sub("\ufffd", words)


def _whole_parameters(
    connection: Connection, cursor: object, statement: str, parameters: Any, context: object, executemany: bool
) -> tuple[str, Any]:
    """Every text that is stored, or looked for, is whole."""
    many = isinstance(parameters, list)  # `executemany` is also true of many rows in one statement
    return statement, [_each_whole(row) for row in parameters] if many else _each_whole(parameters)


def _each_whole(row: Any) -> Any:
    if isinstance(row, Mapping):
        return {name: whole(value) if isinstance(value, str) else value for name, value in row.items()}
    return tuple(whole(value) if isinstance(value, str) else value for value in row)


# Where the database is


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        address = None
    if address is None:  # outside the except: the error quotes the address, and an address may hold a password
        raise StorageError("DATABASE_URL is not an address like sqlite:///onespot.db or postgresql://user@host/name.")
    if address.drivername in ("postgres", "postgresql"):
        address = address.set(drivername="postgresql+psycopg")
    if address.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise StorageError(f"DATABASE_URL begins with {address.drivername}, but it must be sqlite or postgresql.")
    return address


def _sqlite(address: URL) -> Engine:
    if address.database in (None, "", ":memory:") or address.query or address.host:
        raise StorageError("DATABASE_URL must name a file, like sqlite:///onespot.db, without a host or options.")
    _make_file(Path(str(address.database)))
    engine = create_engine(address, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_file(path: Path) -> None:
    """Make the file before SQLite does, so that nobody else can ever read it; SQLite gives its -wal the same mode."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except FileNotFoundError:
        sentence = f"The folder of the database file {path} does not exist: create it, or change DATABASE_URL."
    except (IsADirectoryError, NotADirectoryError):
        sentence = f"The database can't be the file {path}: there is a folder where a file must be, or the reverse."
    except OSError as error:
        sentence = (
            f"The database file {path} can't be written ({error.strerror}): let this user write the file and its "
            "folder, or change DATABASE_URL."
        )
    else:
        return
    raise StorageError(sentence)


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself; _begin_sqlite does
    _use_wal(connection)
    # FULL, not NORMAL: a password is typed once it is kept, so what was committed must survive a power cut.
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA secure_delete=ON")  # a destroyed credential leaves no ciphertext behind in the file


def _use_wal(connection: sqlite3.Connection) -> None:
    """Readers and a writer side by side. SQLite does not wait for others in this one change, so we do."""
    for _ in range(BUSY_SECONDS * 20):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
        time.sleep(0.05)
    connection.execute("PRAGMA journal_mode=WAL")


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get(_READING, False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _postgresql(address: URL) -> Engine:
    if "connect_timeout" not in address.query:
        address = address.update_query_dict({"connect_timeout": str(BUSY_SECONDS)})
    try:
        return create_engine(address, hide_parameters=True, pool_pre_ping=True)
    except ModuleNotFoundError:
        sentence = "PostgreSQL needs its driver: install this program with its extra, onespot-provisioner[scale]."
    raise StorageError(sentence)


# The schema


def _schema(connection: Connection) -> str | None:
    """The schema that the database has; None before the first."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _refuse_strangers(connection: Connection, known: list[str]) -> None:
    schema = _schema(connection)
    if schema is not None and schema not in known:
        raise StorageError(
            f"{_name(connection.engine.url)} was last used by a newer version of this program (its schema is {schema}, "
            f"this version knows up to {known[-1]}): install the newer version."
        )
    if schema is None and connection.dialect.name == "sqlite" and inspect(connection).get_table_names():
        raise StorageError(f"{_name(connection.engine.url)} belongs to another program: change DATABASE_URL.")


def _migrate(connection: Connection) -> None:
    from alembic import command  # here, because importing it takes longer than everything else when all is up to date
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


# Errors in words


@contextmanager
def _in_words(address: URL) -> Iterator[None]:
    """The one place where the database's errors become sentences."""
    try:
        yield
        return
    except IntegrityError as error:
        words: StorageError = Conflict(_why_refused(str(error.orig)))
    except PoolTimeout:
        words = StorageError(f"{_name(address)} is too busy: too much of this program waits for it.")
    except DBAPIError as error:
        sentence = _sentence(address, error)
        if sentence is None:
            raise
        words = StorageError(sentence)
    raise words from None


def _why_refused(message: str) -> str:
    if "append-only" in message:
        return "The audit is append-only: nothing in it can be changed or deleted."
    return "The database refused this: it is there already, or what it belongs to is not."


_SQLITE_SAYS = {
    "not a database": "is not a database of this program, or it is damaged: change DATABASE_URL, or restore a backup.",
    "malformed": "is damaged: restore a backup.",
    "unable to open": "can't be opened: let this user write the file and its folder, or change DATABASE_URL.",
    "readonly": "can't be written: let this user write the file and its folder, or change DATABASE_URL.",
    "is full": "can't be written: the disk is full.",
    "disk i/o error": "can't be read or written: the disk reports an error.",
    "is locked": f"is in use by another program, which did not let go within {BUSY_SECONDS} seconds: try again.",
    "no such table": "has no tables of this program yet: run `onespot db upgrade`.",
}
_POSTGRESQL_SAYS = {
    "password": "refused the user name or the password in DATABASE_URL.",
    'fatal:  role "': "refused the user name in DATABASE_URL.",
    'fatal:  database "': "does not exist: create it, or change DATABASE_URL.",
    'relation "': "has no tables of this program yet: run `onespot db upgrade`.",
    "terminating": "broke off the connection: try again.",
    "closed the connection": "broke off the connection: try again.",
    "connect": "can't be reached: see that it runs and that DATABASE_URL names it.",
}
"""A part of what the driver says, in lower case, the first that fits; and what we say."""


def _sentence(address: URL, error: DBAPIError) -> str | None:
    """The sentence for a person; None when it is a defect of ours, whose traceback is wanted."""
    on_sqlite = address.get_backend_name() == "sqlite"
    said = str(error.orig).casefold()
    sentences = _SQLITE_SAYS if on_sqlite else _POSTGRESQL_SAYS
    found = next((words for part, words in sentences.items() if part in said), None)
    if on_sqlite and found is None and getattr(error.orig, "sqlite_errorcode", None) in (None, sqlite3.SQLITE_ERROR):
        return None
    if isinstance(error, ProgrammingError) and getattr(error.orig, "sqlstate", None) != _UNDEFINED_TABLE:
        return None
    return f"{_name(address)} {found or f'does not work ({type(error.orig).__name__}).'}"


def _name(address: URL) -> str:
    if address.get_backend_name() == "sqlite":
        return f"The database file {address.database}"
    return f"The PostgreSQL database {address.database} at {address.host or 'this machine'}"
