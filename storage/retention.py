"""What is no longer needed is deleted: steps, thread messages, checks, links. Nothing here decides when that is.

Never deleted: audit entries, credentials, practices, the runs themselves, and each practice's newest check. Small
transactions, so that nobody waits long for the database; stopped in the middle, the next time goes on.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, delete, func, or_, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col

from storage import duties
from storage.database import reading, transaction
from storage.models import FINISHED, HealthCheck, OneTimeLink, Run, Step, ThreadMessage

AT_ONCE = 500
"""Rows that one transaction deletes."""

PRUNE = "prune"


@dataclass(frozen=True)
class Pruned:
    """How many rows of each kind were deleted, or would be."""

    steps: int = 0
    messages: int = 0
    checks: int = 0
    links: int = 0


def prune(engine: Engine, before: datetime, at_once: int = AT_ONCE) -> Pruned:
    """Delete what ended before that moment and is no longer needed. Several may do it at the same time."""
    return Pruned(**{name: _delete(engine, table, old, at_once) for name, (table, old) in _old(before).items()})


def prunable(engine: Engine, before: datetime) -> Pruned:
    """What `prune` would delete."""
    with reading(engine) as session:
        numbers = {
            name: session.execute(select(func.count()).select_from(table).where(old)).scalar_one()
            for name, (table, old) in _old(before).items()
        }
    return Pruned(**numbers)


def long_finished(engine: Engine, run_ids: Collection[int], before: datetime) -> set[int]:
    """Those of these runs that finished before that moment."""
    ids, found = sorted(run_ids), set[int]()
    for start in range(0, len(ids), AT_ONCE):
        its = select(Run.id).where(col(Run.id).in_(ids[start : start + AT_ONCE]), *_finished(before))  # type: ignore[call-overload]
        with reading(engine) as session:
            found.update(session.execute(its).scalars())
    return found


def _old(before: datetime) -> dict[str, tuple[Any, ColumnElement[bool]]]:
    """Each kind of row that is pruned, and when it is: both kinds of a run once that run is finished."""
    runs = select(Run.id).where(*_finished(before))  # type: ignore[call-overload]
    newer = aliased(HealthCheck)
    is_followed = select(newer.id).where(newer.practice_id == HealthCheck.practice_id, newer.id > HealthCheck.id)  # type: ignore[call-overload]
    return {
        "steps": (Step, col(Step.run_id).in_(runs)),
        "messages": (ThreadMessage, col(ThreadMessage.run_id).in_(runs)),
        "checks": (HealthCheck, (col(HealthCheck.at) < before) & is_followed.exists()),
        "links": (OneTimeLink, or_(col(OneTimeLink.used_at) < before, col(OneTimeLink.expires_at) < before)),
    }


def _finished(before: datetime) -> tuple[ColumnElement[bool], ...]:
    return col(Run.status).in_(FINISHED), col(Run.moved_at) < before


def _delete(engine: Engine, table: Any, old: ColumnElement[bool], at_once: int) -> int:
    deleted = 0
    while True:
        with transaction(engine) as session:
            duties.one_at_a_time(session, PRUNE)
            some = session.execute(select(table.id).where(old).order_by(table.id).limit(at_once)).scalars().all()
            if some:
                session.execute(delete(table).where(table.id.in_(some)), execution_options=_NO_SYNC)
        deleted += len(some)
        if len(some) < at_once:
            return deleted


_NO_SYNC = {"synchronize_session": False}
