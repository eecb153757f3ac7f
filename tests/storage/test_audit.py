"""The audit can be written and read, and nothing else."""

import pytest
from sqlalchemy import Engine, text

from storage import audit
from storage.database import Conflict, transaction
from tests.storage.conftest import NOW


def whats(engine: Engine) -> list[str]:
    return [entry.what for entry in audit.entries(engine)]


def test_entries_are_read_newest_first(engine: Engine) -> None:
    audit.write(engine, "ada", "approved the plan", practice_id=1, run_id=2, detail="hash 1234", now=NOW)
    audit.write(engine, "ben", "revealed the password", practice_id=1, now=NOW)
    newest, oldest = audit.entries(engine)
    assert (newest.who, newest.what, newest.run_id, newest.at) == ("ben", "revealed the password", None, NOW)
    assert (oldest.practice_id, oldest.run_id, oldest.detail) == (1, 2, "hash 1234")


def test_entries_can_be_asked_for_by_practice_by_run_and_by_number(engine: Engine) -> None:
    for practice, run in ((1, 1), (1, 2), (2, 3)):
        audit.write(engine, "ada", f"run {run}", practice_id=practice, run_id=run, now=NOW)
    assert [entry.run_id for entry in audit.entries(engine, practice_id=1)] == [2, 1]
    assert [entry.run_id for entry in audit.entries(engine, run_id=3)] == [3]
    assert [entry.run_id for entry in audit.entries(engine, limit=2)] == [3, 2]


def test_an_entry_written_in_a_transaction_goes_with_it(engine: Engine) -> None:
    def write_and_fail() -> None:
        with transaction(engine) as session:
            audit.write(session, "ada", "never happened", now=NOW)
            session.flush()
            raise RuntimeError

    with transaction(engine) as session:
        audit.write(session, "ada", "happened", now=NOW)
    with pytest.raises(RuntimeError):
        write_and_fail()
    assert whats(engine) == ["happened"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET who = 'nobody'",
        "UPDATE audit_entry SET id = 5",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_entry WHERE id = 1",
    ],
)
def test_the_database_refuses_to_change_or_delete_an_entry(engine: Engine, statement: str) -> None:
    audit.write(engine, "ada", "approved", now=NOW)
    with pytest.raises(Conflict, match="append-only"), transaction(engine) as session:
        session.connection().execute(text(statement))
    assert [(entry.id, entry.who) for entry in audit.entries(engine)] == [(1, "ada")]


def test_the_database_refuses_to_replace_or_empty_it(engine: Engine) -> None:
    audit.write(engine, "ada", "approved", now=NOW)
    replace = "REPLACE INTO audit_entry (id, at, who, what, detail) VALUES (1, '2026-01-01', 'x', 'x', '')"
    statement = replace if engine.dialect.name == "sqlite" else "TRUNCATE audit_entry"
    with pytest.raises(Conflict, match="append-only"), transaction(engine) as session:
        session.connection().execute(text(statement))
    assert whats(engine) == ["approved"]
