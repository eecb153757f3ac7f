"""Engines of a test's own that cost little: what SQL was made once is made for all, and no disk is waited for.

Only for tests: nothing here survives a power cut.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Dialect, Engine, event

from storage.database import connect, transaction
from storage.models import Practice

_SHARED: dict[str, tuple[Dialect, dict[Any, Any]]] = {}
"""For each kind of database the first engine's dialect, and the statements that were compiled for it."""


def cheap(url: str) -> Engine:
    """As `connect`, but statements that any engine of this process has compiled aren't compiled again.

    SQLite's file is written without waiting for the disk: a killed process loses nothing by it, a power cut would.
    """
    engine = connect(url)
    dialect, compiled = _SHARED.setdefault(engine.dialect.name, (engine.dialect, {}))
    engine.dialect = dialect
    engine.update_execution_options(compiled_cache=compiled)
    if dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        engine.dispose()  # its first connection was made before
    return engine


def save_all(engine: Engine, names: Iterable[str], url: str, now: datetime) -> list[Practice]:
    """As `practices.save` for each of these new names, at once."""
    with transaction(engine) as session:
        made = [Practice(key=name.casefold(), name=name, url=url, created_at=now) for name in names]
        session.add_all(made)
    return made
