"""What is done with an import: begun from a sheet's rows, pushed on as far as its runs allow, told as a table.

The rows are the truth: `push` may be called any number of times, by anybody, and each of its deeds is won by one. Runs
are planned and walked like any other ones; nothing here opens a browser or talks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from bot.imports import waves
from bot.imports.sheet import Row
from bot.imports.waves import Begin, End, Halt, NextWave, Planned, group_of
from storage import audit, imports, practices, runs
from storage.audit import ASKED
from storage.imports import Asked, Member
from storage.models import Credential, Import, Practice, RunStatus, Verb
from storage.vault import Vault

PLANS = ("line", "practice", "group", "practice_id", "user_name", "primary_location", "locations", "changes", "problem")
OUTCOMES = (
    *("line", "practice", "group", "wave", "status", "practice_id", "user_name", "approved_by", "since"),
    *("error_class", "error", "what_to_do"),
)


def about(engine: Engine) -> Callable[[Row], str | None]:
    """What else is wrong with a row, by what is known of its practice: nobody asks twice for the same."""

    def say(row: Row) -> str | None:
        known = practices.find(engine, row.practice)
        other = None if known is None else runs.unfinished(engine, known.id)
        if known is None or other is None:
            return None
        return f"{known.name} has an unfinished run ({other.status}, number {other.id}): finish or cancel that one."

    return say


def begin(
    engine: Engine, vault: Vault, rows: Sequence[Row], by: str, *, channel: str | None = None, now: datetime
) -> Import:
    """A run for each row, each with its password sealed. Raises imports.Unfinished; ValueError for no password."""
    asked = []
    for row in rows:
        if row.password is None:
            raise ValueError("a row without a password")
        practice = practices.save(engine, row.practice, row.url, primary_location=row.location or None, now=now)
        asked.append(Asked(row.line, practice.id, Credential(row.administrator, row.password), row.notes))
    whole = imports.begin(engine, vault, asked, by, channel=channel, now=now)
    for member in imports.members(engine, whole.id):
        note(engine, whole, by, ASKED[Verb.PROVISION], now, member)
    return whole


def push(
    engine: Engine,
    import_id: int,
    *,
    now: datetime,
    at_once: int = waves.AT_ONCE,
    settles: timedelta = waves.SETTLES,
) -> list[int]:
    """Do all that an import needs now; the runs that were begun by it, which are to be handed out."""
    begun: list[int] = []
    for _ in range(2 + len(waves.SIZES)):  # a wave may be over at once; each time something else is to be done
        whole = imports.get(engine, import_id)
        if whole is None:
            return begun
        deed = waves.next_deed(whole, imports.members(engine, import_id), now, at_once, settles)
        if isinstance(deed, Begin):
            return begun + [one for one in deed.run_ids if imports.begin_run(engine, import_id, one, now=now)]
        if isinstance(deed, Planned):
            imports.planned(engine, import_id, now=now)
        elif isinstance(deed, NextWave):
            imports.next_wave(engine, import_id, deed.wave, now=now)
        elif isinstance(deed, Halt):
            imports.halt(engine, import_id, now=now)
        elif isinstance(deed, End):
            imports.end(engine, import_id, now=now)
        else:
            return begun
    return begun


def approve(engine: Engine, whole: Import, digest: str, by: str, *, now: datetime) -> bool:
    """Yes to all plans of this digest that allow it; with an audit entry for each run that will be walked."""
    members = imports.members(engine, whole.id)
    planned = waves.waves(members)
    if not planned or not imports.approve(engine, whole.id, digest, by, planned, now=now):
        return False
    for member in members:
        if member.run.id in planned:
            note(engine, whole, by, "approved the plan", now, member, (member.run.plan_hash or "")[:12])
    return True


def note(
    engine: Engine, whole: Import, by: str, what: str, now: datetime, member: Member | None = None, detail: str = ""
) -> None:
    """An audit entry about the import, or about one of its runs."""
    where = f"import {whole.id}"
    audit.write(
        engine,
        by,
        what,
        practice_id=None if member is None else member.practice.id,
        run_id=None if member is None else member.run.id,
        detail=f"{where} {detail}".strip(),
        now=now,
    )


def plan_rows(members: Sequence[Member]) -> Iterator[Mapping[str, Any]]:
    """What would happen to each practice, under PLANS."""
    for member in members:
        plan, run = member.run.the_plan, member.run
        changes = [] if plan is None else [f"{one.kind}: {one.what} {one.detail}".strip() for one in plan.changes]
        yield {
            "line": member.imported.line,
            "practice": member.practice.name,
            "group": str(group_of(member)),
            "practice_id": plan.ehr_id if plan else "",
            "user_name": plan.username if plan else "",
            "primary_location": plan.primary_location if plan else "",
            "locations": "; ".join(plan.locations) if plan else "",
            "changes": "; ".join(changes),
            "problem": run.error_what or "",
        }


def outcome_rows(whole: Import, members: Sequence[Member]) -> Iterator[Mapping[str, Any]]:
    """How it ended for each practice, under OUTCOMES."""
    for member in members:
        run, wave = member.run, member.imported.wave
        yield {
            "line": member.imported.line,
            "practice": member.practice.name,
            "group": str(group_of(member)),
            "wave": wave or "",
            "status": str(run.status),
            "practice_id": member.practice.ehr_id or "",
            "user_name": _username(member.practice, run.status),
            "approved_by": whole.decided_by if wave else "",
            "since": run.moved_at,
            "error_class": str(run.error_class or ""),
            "error": run.error_what or "",
            "what_to_do": run.error_do or "",
        }


def _username(practice: Practice, status: RunStatus) -> str:
    return practice.username or "" if status is RunStatus.SUCCEEDED else ""
