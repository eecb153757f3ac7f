"""The bench for growth fills what it says, and the clock looks through nothing that is long over. Never how quick."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from typer.testing import CliRunner

from bench.growth.__main__ import app
from bench.growth.deeds import deeds
from bench.growth.figures import Timed, grew, missed, told
from bench.growth.fill import fill
from storage.database import connect, upgrade
from tests import postgresql

HISTORY = ("run", "step", "health_check", "thread_message", "audit_entry", "approval")
"""Tables that grow for as long as the program runs."""


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "database",
    [
        "SQLite",
        pytest.param(
            "PostgreSQL",
            marks=pytest.mark.skipif(postgresql.why_not() is not None, reason=str(postgresql.why_not())),
        ),
    ],
)
def test_everything_is_timed_at_each_size_and_kept(database: str, tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    words = ["--practices", "20", "--practices", "60", "--rounds", "1", "--database", database, "--out", str(out)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code in (0, 1), done.output
    its = json.loads(out.read_text())["growth"]["databases"][database]
    assert {size: (one["run"], one["step"], one["health_check"]) for size, one in its["volume"].items()} == {
        "20": (120, 2040, 600),
        "60": (360, 6120, 1800),
    }
    answers = {name: list(deed["answer"].values()) for name, deed in its["deeds"].items()}
    assert (answers["summary"], answers["practices"], answers["month"]) == ([20, 60], [20, 60], [600, 1800])
    assert (answers["runs"], answers["due"]) == ([50, 50], [20, 30])
    assert "the daily summary" in done.output


def test_a_thing_of_the_answer_may_cost_three_times_as_much_and_no_more() -> None:
    assert grew(Timed([20.0], 10), Timed([200.0], 100)) == 1.0
    assert grew(Timed([20.0], 1), Timed([80.0], 1)) == 4.0
    assert grew(Timed([0.1], 1), Timed([9.0], 1)) == 1.0
    timed = {"a": {10: Timed([20.0], 1), 100: Timed([80.0], 1)}, "b": {10: Timed([20.0], 1), 100: Timed([60.0], 1)}}
    figures = {"databases": {"SQLite": {"deeds": told(timed, {"a": "the tab", "b": "the list"})}}}
    assert missed(figures) == ["the tab, SQLite: 4.0 times as much for each thing of its answer"]


def test_what_was_missed_is_said_in_words_and_by_the_exit_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["--practices", "20", "--rounds", "1", "--database", "SQLite", "--out", str(tmp_path / "results.json")]
    monkeypatch.setattr("bench.growth.__main__.missed", lambda _: ["the tab, SQLite: 4.0 times as much"])
    done = CliRunner().invoke(app, words)
    assert (done.exit_code, "Missed: the tab" in done.output) == (1, True)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = connect(f"sqlite:///{tmp_path}/onespot.db")
    upgrade(engine)
    fill(engine, 100)
    yield engine
    engine.dispose()


def test_neither_the_clock_nor_the_home_tab_looks_through_what_is_long_over(engine: Engine) -> None:
    asked: list[tuple[str, Any]] = []
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append((args[2], args[3])))
    with deeds(engine) as all_:
        for deed in all_:
            if deed.name in ("sweep", "speak", "home", "due", "practices", "prune", "summary"):
                deed.do()
    looked = {f"{line} for {sql}" for sql, values in asked for line in _scans(engine, sql, values)}
    assert looked == set()


def _scans(engine: Engine, sql: str, values: Any) -> list[str]:
    """The parts of the query's plan that go through a whole table of history; not those for the newest few rows."""
    newest_few = "DESC" in sql and sql.rstrip().endswith("LIMIT ? OFFSET ?")
    if not sql.startswith("SELECT") or newest_few:
        return []
    with engine.connect() as connection:
        lines = [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]
    return [one for one in lines for table in HISTORY if f"{one} ".startswith(f"SCAN {table} ") and "one_un" not in one]
