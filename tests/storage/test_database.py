"""Connecting, transactions, and what a person reads when the place is wrong."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError

from storage import practices
from storage.database import StorageError, connect, reading, transaction, upgrade
from storage.models import Practice
from tests.storage.conftest import NOW

CANARY = "Canary-Quokka-77"


def sentence_of(url: str) -> str:
    """What a person reads who connects to this address and upgrades."""
    try:
        engine = connect(url)
        try:
            upgrade(engine)
        finally:
            engine.dispose()
    except StorageError as error:
        sentence = str(error)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "sqlite3" not in sentence
    assert "Error" not in sentence
    return sentence


@contextmanager
def nobody_may_write(path: Path) -> Iterator[None]:
    """Root may write everywhere, so while it lasts a root process is `nobody`."""
    path.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        path.chmod(0o755)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody reaches; pytest's own are closed to others than its user."""
    folder = Path(tempfile.mkdtemp(prefix="onespot-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_the_database_file_and_its_companions_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'new.db'}")
    upgrade(engine)
    practices.save(engine, "Lumen Eye", "https://ehr.example", now=NOW)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    engine.dispose()
    assert modes == {"new.db": 0o600, "new.db-wal": 0o600, "new.db-shm": 0o600}


def test_disposing_the_engine_leaves_one_file(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'new.db'}")
    upgrade(engine)
    engine.dispose()
    assert [path.name for path in tmp_path.iterdir()] == ["new.db"]


def test_sqlite_writes_ahead_syncs_fully_checks_keys_and_wipes_what_it_deletes(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'new.db'}")
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
    with reading(engine) as session:
        values = [session.connection().exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas]
    engine.dispose()
    assert values == ["wal", 2, 1, 1, 10_000]


def test_what_a_transaction_wrote_is_gone_when_it_fails(engine: Engine) -> None:
    def write_and_fail() -> None:
        with transaction(engine) as session:
            session.add(Practice(key="lumen", name="Lumen", url="https://ehr.example", created_at=NOW))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    assert practices.all_practices(engine) == []


def test_rows_can_be_read_after_their_transaction(engine: Engine, practice: Practice) -> None:
    engine.dispose()
    assert (practice.id, practice.name, practice.created_at) == (1, "Lumen Eye", NOW)


def test_reading_waits_for_no_writer(engine: Engine, practice: Practice) -> None:
    with transaction(engine) as writing:
        row = writing.get(Practice, practice.id)
        assert row is not None
        row.url = "https://other.example"
        writing.flush()
        seen = practices.get(engine, practice.id)
    assert seen is not None
    assert seen.url == "https://ehr.example/static/"


def test_two_writers_take_turns_and_the_one_that_waits_too_long_is_told(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'new.db'}")
    upgrade(engine)
    engine.dispose()
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=20"))
    with transaction(engine), pytest.raises(StorageError, match="in use by another program"), transaction(engine):
        pass
    engine.dispose()


def test_a_writer_that_is_killed_leaves_nothing_behind_and_nothing_locked(engine: Engine, url: str) -> None:
    script = (
        "import sys, os, signal\n"
        "from storage.database import connect, transaction\n"
        "from storage.models import Practice, utcnow\n"
        "with transaction(connect(sys.argv[1])) as session:\n"
        "    session.add(Practice(key='x', name='X', url='u', created_at=utcnow()))\n"
        "    session.flush()\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", script, url])
    assert killed.returncode == -9
    assert practices.all_practices(engine) == []
    practices.save(engine, "X", "https://ehr.example", now=NOW)


def test_a_missing_folder_is_one_sentence(tmp_path: Path) -> None:
    assert "does not exist: create it" in sentence_of(f"sqlite:///{tmp_path}/nowhere/onespot.db")


def test_a_folder_in_the_files_place_is_one_sentence(tmp_path: Path) -> None:
    assert "there is a folder where a file must be" in sentence_of(f"sqlite:///{tmp_path}")


def test_a_file_in_the_folders_place_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "the reverse" in sentence_of(f"sqlite:///{tmp_path}/file/onespot.db")


def test_a_folder_that_may_not_be_written_is_one_sentence(open_folder: Path) -> None:
    with nobody_may_write(open_folder):
        assert "let this user write" in sentence_of(f"sqlite:///{open_folder}/onespot.db")
    assert list(open_folder.iterdir()) == []


def test_a_file_that_may_be_written_in_a_folder_that_may_not_is_one_sentence(open_folder: Path) -> None:
    file = open_folder / "onespot.db"
    file.touch()
    file.chmod(0o666)
    with nobody_may_write(open_folder):
        assert "let this user write the file and its folder" in sentence_of(f"sqlite:///{file}")


def test_a_file_that_is_no_database_is_one_sentence_and_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "onespot.db"
    file.write_text("Dear diary, " * 1000)
    assert "is not a database of this program" in sentence_of(f"sqlite:///{file}")
    assert file.read_text() == "Dear diary, " * 1000


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE cookies (id INTEGER)")
    other.close()
    assert "belongs to another program" in sentence_of(f"sqlite:///{tmp_path}/other.db")


def test_a_schema_newer_than_the_program_is_one_sentence(empty_url: str) -> None:
    engine = connect(empty_url)
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    assert "newer version of this program (its schema is 9999" in sentence_of(empty_url)


def test_verbs_before_the_first_upgrade_say_what_to_do(empty_url: str) -> None:
    engine = connect(empty_url)
    with pytest.raises(StorageError, match="run `onespot db upgrade`"):
        practices.all_practices(engine)
    engine.dispose()


@pytest.mark.parametrize(
    "url", ["", "onespot.db", "sqlite://", "sqlite:///:memory:", "sqlite:///x.db?mode=ro", "sqlite://host/x.db"]
)
def test_an_address_that_names_no_file_is_one_sentence(url: str) -> None:
    assert "DATABASE_URL" in sentence_of(url)


def test_another_kind_of_database_is_one_sentence() -> None:
    assert "begins with mysql, but it must be sqlite or postgresql" in sentence_of("mysql://host/onespot")


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://onespot:{CANARY}@127.0.0.1:1/onespot",
        f"postgres://onespot:{CANARY}@127.0.0.1:1/onespot",
        f"postgresql://onespot:{CANARY}@127.0.0.1:port/onespot",
        f"onespot:{CANARY}@127.0.0.1",
        f"mysql://onespot:{CANARY}@127.0.0.1/onespot",
    ],
)
def test_a_password_in_the_address_is_in_no_sentence_and_no_traceback(url: str) -> None:
    try:
        connect(url)
    except StorageError as error:
        told = "".join(traceback.format_exception(error)) + repr(error.__context__)
    assert CANARY not in told
    assert "127.0.0.1" in told or "DATABASE_URL" in told


def test_a_missing_driver_of_postgresql_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert "onespot-provisioner[scale]" in sentence_of("postgresql://onespot@127.0.0.1/onespot")


def test_a_defect_of_ours_shows_no_parameters(engine: Engine) -> None:
    with pytest.raises(DBAPIError) as caught, transaction(engine) as session:
        session.connection().execute(text("SELECT :secret FROM practice WHERE +"), {"secret": CANARY})
    assert CANARY not in str(caught.value)
