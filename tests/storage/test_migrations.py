"""The schema's history: from nothing to what the rows say."""

import subprocess
import sys

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlmodel import SQLModel

from storage import practices, runs
from storage.database import MIGRATIONS, connect, revisions, upgrade
from tests import postgresql
from tests.storage.conftest import NOW


def test_storage_is_tested_on_postgresql_too() -> None:
    sentence = postgresql.why_not()
    if sentence:
        pytest.skip(sentence)


def test_from_nothing_the_migrations_make_what_the_rows_say(empty_url: str) -> None:
    engine = connect(empty_url)
    upgrade(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []
    engine.dispose()


def test_upgrading_again_changes_nothing(empty_url: str) -> None:
    engine = connect(empty_url)
    upgrade(engine)
    practices.save(engine, "Lumen Eye", "https://ehr.example", now=NOW)
    upgrade(engine)
    assert [practice.name for practice in practices.all_practices(engine)] == ["Lumen Eye"]
    engine.dispose()


def test_the_files_are_named_by_their_revisions_in_order() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    history = ScriptDirectory.from_config(config).walk_revisions()
    assert [revision.revision for revision in history][::-1] == revisions()


def test_three_processes_may_start_on_a_new_database_at_once(empty_url: str) -> None:
    script = """
import os, sys
from alembic import command, config  # once for all: it takes longer than all else
from storage.database import connect, upgrade

ready, go = os.pipe()
started = []
for _ in range(3):
    if not (child := os.fork()):
        os.close(go)
        os.read(ready, 1)  # until nobody holds the other end
        upgrade(connect(sys.argv[1]))
        sys.exit(0)
    started.append(child)
os.close(go)
print([os.waitpid(child, 0)[1] for child in started])
"""
    said = subprocess.run([sys.executable, "-c", script, empty_url], capture_output=True, text=True)
    assert (said.stdout, said.stderr) == ("[0, 0, 0]\n", "")
    engine = connect(empty_url)
    assert inspect(engine).has_table("run")
    engine.dispose()


def test_an_up_to_date_database_is_not_worth_importing_alembic(url: str) -> None:
    script = (
        "import sys; from storage.database import *; upgrade(connect(sys.argv[1])); print('alembic' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", script, url], capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"


def upgrade_to(url: str, revision: str) -> None:
    """The database as a former version of this program left it."""
    engine = connect(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


_ROWS = (
    "INSERT INTO practice (id, key, name, url, created_at) VALUES (1, 'x', 'X', 'u', :now)",
    "INSERT INTO run (id, practice_id, verb, status, requested_by, requested_at, moved_at, adopt, crashes) "
    "VALUES (1, 1, 'provision', 'SUCCEEDED', 'ana', :now, :now, false, 0)",
    "INSERT INTO step (run_id, number, name, status, detail, seconds, token, at) "
    "VALUES (1, 1, 'log_in', 'done', '', 1, 1, :now)",
)
"""What every schema has taken since the first one."""


@pytest.mark.parametrize("former", revisions()[:-1])
def test_from_each_former_schema_the_rows_stay_and_the_tables_become_what_the_rows_say(
    empty_url: str, former: str
) -> None:
    upgrade_to(empty_url, former)
    engine = connect(empty_url)
    with engine.begin() as connection:
        for row in _ROWS:
            connection.execute(text(row), {"now": "2026-01-01 00:00:00+00:00"})
    upgrade(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []
    (step,) = runs.steps(engine, 1)
    run = runs.get(engine, 1)
    assert run is not None
    assert (step.name, step.picture, run.outcome) == ("log_in", "", None)
    engine.dispose()
