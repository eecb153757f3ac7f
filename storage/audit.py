"""Who did what, when: append-only, kept so by triggers in the database itself. Nothing secret belongs in `detail`."""

from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session

from storage.models import AuditEntry


def write(
    place: Engine | Session,
    who: str,
    what: str,
    *,
    practice_id: int | None = None,
    run_id: int | None = None,
    detail: str = "",
    now: datetime,
) -> None:
    """Append an entry: in its own transaction given an engine, in the caller's given a session."""
    raise NotImplementedError


def entries(
    engine: Engine, *, practice_id: int | None = None, run_id: int | None = None, limit: int = 100
) -> list[AuditEntry]:
    """The newest entries, of one practice or one run or all, newest first."""
    raise NotImplementedError
