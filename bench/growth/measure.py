"""One run of the measurement: each database at each size is made, filled, timed, and gone."""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select, text
from sqlmodel import SQLModel

from bench.growth.deeds import deeds
from bench.growth.figures import Timed, told
from bench.growth.fill import fill
from bench.results import circumstances
from storage.database import connect, upgrade
from tests import postgresql

SIZES = (100, 1_000, 10_000)
DATABASES = ("SQLite", "PostgreSQL")


def measure(databases: Sequence[str], sizes: Sequence[int], rounds: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Everything that is kept. `say` hears what begins."""
    found: dict[str, Any] = {}
    for name in databases:
        timed: dict[str, dict[int, Timed]] = {}
        words: dict[str, str] = {}
        rows: dict[str, dict[str, float]] = {}
        for size in sorted(sizes):
            say(f"{name}, {size:,} practices")
            with _filled(name, size) as (engine, filled_in):
                rows[str(size)] = {"filled_in_s": round(filled_in, 1), **_volume(engine)}
                for deed, ms, answer in _timed(engine, rounds):
                    timed.setdefault(deed.name, {})[size] = Timed(ms, answer)
                    words[deed.name] = deed.words
        found[name] = {"volume": rows, "deeds": told(timed, words)}
    return {
        **circumstances(),
        "rounds": rounds,
        "databases": found,
    }


def _timed(engine: Engine, rounds: int) -> Iterator[tuple[Any, list[float], int]]:
    """Each deed, its times in milliseconds, and how long its answer was. The first time doesn't count."""
    with deeds(engine) as all_:
        for deed in all_:
            deed.do()
            ms, answer = [], 0
            with _nothing_collected():
                for _ in range(rounds):
                    began = time.perf_counter()
                    answer = deed.do()
                    ms.append(1000 * (time.perf_counter() - began))
            yield deed, ms, answer


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """No garbage is collected meanwhile, as in `timeit`: else now one deed pays for it, now another."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def _filled(name: str, size: int) -> Iterator[tuple[Engine, float]]:
    with ExitStack() as stack:
        engine = connect(stack.enter_context(_address(name)))
        stack.callback(engine.dispose)
        upgrade(engine)
        began = time.perf_counter()
        fill(engine, size)
        yield engine, time.perf_counter() - began


@contextmanager
def _address(name: str) -> Iterator[str]:
    if name == "PostgreSQL":
        with postgresql.cluster() as address:
            yield address
        return
    with tempfile.TemporaryDirectory(prefix="onespot-bench-") as folder:
        yield f"sqlite:///{folder}/onespot.db"


def _volume(engine: Engine) -> dict[str, float]:
    """The size of the database, and the rows of its larger tables."""
    with engine.connect() as connection:
        tables = {name: SQLModel.metadata.tables[name] for name in ("run", "step", "health_check")}
        rows = {name: connection.scalar(select(func.count()).select_from(table)) for name, table in tables.items()}
        if engine.dialect.name == "postgresql":
            size = connection.scalar(text("SELECT pg_database_size(current_database())"))
        else:
            size = Path(str(engine.url.database)).stat().st_size
    return {"mb": round((size or 0) / 1e6, 1), **{name: number or 0 for name, number in rows.items()}}
