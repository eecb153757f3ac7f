"""Who did what, when: append-only, kept so by triggers in the database itself. Nothing secret belongs in `detail`."""

from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from storage.database import reading, transaction
from storage.models import AuditEntry, Verb

ASKED = {
    Verb.PROVISION: "requested a run",
    Verb.REPAIR: "requested a repair",
    Verb.RETIRE: "requested the retirement",
}
"""What somebody has asked for, as the audit has it."""

DONE = {Verb.PROVISION: "provisioned", Verb.REPAIR: "repaired", Verb.RETIRE: "retired the account"}
"""What a run that changed something has done, as the audit has it."""


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
    entry = AuditEntry(at=now, who=who, what=what, practice_id=practice_id, run_id=run_id, detail=detail)
    if isinstance(place, Session):
        place.add(entry)
        return
    with transaction(place) as session:
        session.add(entry)


def entries(
    engine: Engine, *, practice_id: int | None = None, run_id: int | None = None, limit: int = 100
) -> list[AuditEntry]:
    """The newest entries, of one practice or one run or all, newest first."""
    newest = select(AuditEntry).order_by(col(AuditEntry.id).desc()).limit(limit)
    if practice_id is not None:
        newest = newest.where(AuditEntry.practice_id == practice_id)
    if run_id is not None:
        newest = newest.where(AuditEntry.run_id == run_id)
    with reading(engine) as session:
        return list(session.exec(newest))
