"""A migrated database for each test: SQLite always, PostgreSQL too where this machine has it."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlmodel import SQLModel

from storage import practices
from storage.models import Practice
from tests import postgresql
from tests.engines import cheap

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def empty_postgresql(postgresql_server: str) -> Iterator[Callable[[], None]]:
    """Empties every table, the audit too: the server's own administrator can switch its triggers off.

    Deleting is ten times quicker here than TRUNCATE, which makes every table's files anew.
    """
    engine = create_engine(make_url(postgresql_server).set(drivername="postgresql+psycopg", database="onespot_test"))

    def empty() -> None:
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.exec_driver_sql("; ".join(f"DELETE FROM {table}" for table in SQLModel.metadata.tables))
            connection.execute(text("SELECT setval(quote_ident(sequencename), 1, false) FROM pg_sequences"))

    yield empty
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"] if postgresql.why_not() is None else ["sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database that is up to date and empty."""
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_template"), tmp_path / "onespot.db")
        yield f"sqlite:///{tmp_path / 'onespot.db'}"
        return
    empty = request.getfixturevalue("empty_postgresql")
    yield make_url(request.getfixturevalue("postgresql_server")).set(database="onespot_test").render_as_string()
    empty()


@pytest.fixture
def empty_url(url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table."""
    if url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with postgresql.database(request.getfixturevalue("postgresql_server"), "onespot_empty") as address:
        yield address


@pytest.fixture(scope="session")
def postgresql_engine(postgresql_server: str) -> Iterator[Engine]:
    """One for all tests: it takes PostgreSQL longer to let somebody in than to do what most tests ask."""
    engine = cheap(make_url(postgresql_server).set(database="onespot_test").render_as_string())
    yield engine
    engine.dispose()


@pytest.fixture
def engine(url: str, request: pytest.FixtureRequest) -> Iterator[Engine]:
    if url.startswith("postgresql"):
        yield request.getfixturevalue("postgresql_engine")
        return
    engine = cheap(url)
    yield engine
    engine.dispose()


@pytest.fixture
def practice(engine: Engine) -> Practice:
    return practices.save(engine, "Lumen Eye", "https://ehr.example/static/", now=NOW)
