"""The schema's history: from nothing to what the rows say."""

import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from sqlmodel import SQLModel

from storage import practices
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
