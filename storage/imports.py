"""The verbs on an import: many runs asked for together, approved together, and begun wave by wave.

An import walks nothing: each of its runs is planned and walked like any other one. The one yes is kept here, for the
very plans it was given for, and becomes each run's own approval when its wave begins.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Engine, update
from sqlmodel import Session, col, select

from storage import runs
from storage.database import Conflict, StorageError, reading, transaction
from storage.models import (
    IMPORT_MOVES,
    IMPORT_OVER,
    Credential,
    Import,
    ImportedRun,
    ImportStatus,
    Practice,
    Run,
    RunStatus,
    Verb,
    Verdict,
)
from storage.vault import Vault

FORBIDDEN = "The plan forbids it."
"""The reason that a forbidden run is rejected with, when the others are approved."""

NOT_BEGUN = frozenset({RunStatus.REQUESTED, RunStatus.PLANNED})
UNDER_WAY = frozenset({RunStatus.APPROVED, RunStatus.RUNNING})
LEFT_TO_A_PERSON = frozenset({RunStatus.FAILED, RunStatus.WAITING})


@dataclass(frozen=True)
class Asked:
    """One line of a sheet, looked at already: a known practice and its administrator's login."""

    line: int
    practice_id: int
    administrator: Credential
    notes: str = ""


@dataclass(frozen=True)
class Member:
    """One run of an import, with its practice, as they stand."""

    imported: ImportedRun
    run: Run
    practice: Practice


Moves = tuple[tuple[object, ...], ...]
"""How an import stands and since when, and the same of each of its runs: to be compared only."""


def stopped(member: Member) -> bool:
    """Whether a run that is to be walked needs a person first: it stopped, or its plan isn't the approved one."""
    imported, run = member.imported, member.run
    other_plan = run.status is RunStatus.PLANNED and run.plan_hash != imported.plan_hash
    return bool(imported.wave) and (run.status in LEFT_TO_A_PERSON or other_plan)


class Unfinished(StorageError):
    """Some of the practices have an unfinished run already."""


# An import's life


def begin(
    engine: Engine, vault: Vault, asked: Sequence[Asked], by: str, *, channel: str | None = None, now: datetime
) -> Import:
    """A run for each, REQUESTED, with its administrator's login sealed: all or nothing. Raises Unfinished."""
    whole = Import(status=ImportStatus.PLANNING, requested_by=by, requested_at=now, moved_at=now, channel=channel)
    try:
        with transaction(engine) as session:
            session.add(whole)
            session.flush()
            for one in asked:
                run = _run(one, by, now)
                session.add(run)
                session.flush()
                session.add(ImportedRun(run_id=run.id, import_id=whole.id, line=one.line))
                vault.seal_administrator(session, one.practice_id, one.administrator, now=now)
        return whole
    except Conflict:
        pass
    raise Unfinished("One of the practices has got an unfinished run meanwhile: look at them again.")


def planned(engine: Engine, import_id: int, *, now: datetime) -> bool:
    """Every run was looked at: what they found may be approved now. False when it was said already."""
    with transaction(engine) as session:
        digest = _digest(_members(session, import_id))
        return _move(session, import_id, ImportStatus.PLANNED, now, digest=digest)


def approve(engine: Engine, import_id: int, digest: str, by: str, waves: Mapping[int, int], *, now: datetime) -> bool:
    """Yes to the plans that `digest` stands for, with the wave of each run to be walked, by its id. One person wins.

    Runs without a wave are left out: a plan that forbids its run is rejected, and what stopped gets a thread of its
    own. False when it isn't PLANNED any more or the plans are others; then nothing was written.
    """
    with transaction(engine) as session:
        if not _move(session, import_id, ImportStatus.WALKING, now, _is=digest, decided_by=by):
            return False
        for member in _members(session, import_id):
            member.imported.wave = waves.get(member.run.id, 0)
            member.imported.plan_hash = member.run.plan_hash
            session.add(member.imported)
            if not member.imported.wave:
                _leave_out(session, member, by, now)
        return True


def reject(engine: Engine, import_id: int, digest: str, by: str, reason: str, *, now: datetime) -> bool:
    """No to all of its plans; every run that waited for the yes ends with it."""
    with transaction(engine) as session:
        if not _move(session, import_id, ImportStatus.REJECTED, now, _is=digest, decided_by=by, reason=reason):
            return False
        for member in _members(session, import_id):
            runs.say(session, member.run.id, member.run.plan_hash or "", Verdict.REJECTED, by, reason, now=now)
        _cancel_the_rest(session, import_id, {*NOT_BEGUN, RunStatus.FAILED}, now)
        return True


def cancel(engine: Engine, import_id: int, by: str, *, now: datetime) -> bool:
    """Begin no further run. What is walked now goes on to its end; what stopped before stays with its own thread."""
    with transaction(engine) as session:
        before = session.get(Import, import_id)
        early = before is not None and before.status in (ImportStatus.PLANNING, ImportStatus.PLANNED)
        if not _move(session, import_id, ImportStatus.CANCELLED, now, decided_by=by):
            return False
        ending = {*NOT_BEGUN, RunStatus.PLANNING, RunStatus.FAILED} if early else NOT_BEGUN
        _cancel_the_rest(session, import_id, ending, now)
        _give_threads(session, import_id, UNDER_WAY | LEFT_TO_A_PERSON)
        return True


def next_wave(engine: Engine, import_id: int, wave: int, *, now: datetime) -> bool:
    """Begin this wave, after the one before it. False when somebody did, or nothing is to be begun."""
    with transaction(engine) as session:
        its = update(Import).where(col(Import.id) == import_id, col(Import.status) == ImportStatus.WALKING)
        its = its.where(col(Import.wave) == wave - 1).values(wave=wave, moved_at=now)
        return session.exec(its, execution_options={"synchronize_session": False}).rowcount == 1


def begin_run(engine: Engine, import_id: int, run_id: int, *, now: datetime) -> bool:
    """Approve a run of the present wave, by the yes that was given. False when its plan isn't the one of that yes."""
    with transaction(engine) as session:
        whole = session.exec(select(Import).where(Import.id == import_id).with_for_update()).one()
        imported = session.get(ImportedRun, run_id)
        if whole.status is not ImportStatus.WALKING or imported is None or imported.wave != whole.wave:
            return False
        reason = f"import {import_id}, wave {whole.wave}"
        yes, by = Verdict.APPROVED, whole.decided_by or whole.requested_by
        return runs.say(session, run_id, imported.plan_hash or "", yes, by, reason, now=now)


def halt(engine: Engine, import_id: int, *, now: datetime) -> bool:
    """Begin no further run until somebody says so. What stopped gets a thread of its own, where it is told about."""
    with transaction(engine) as session:
        if not _move(session, import_id, ImportStatus.HALTED, now):
            return False
        _give_threads(session, import_id, LEFT_TO_A_PERSON)
        return True


def go_on(engine: Engine, import_id: int, *, now: datetime) -> bool:
    """Go on with the rest; what stopped is left to people."""
    with transaction(engine) as session:
        if not _move(session, import_id, ImportStatus.WALKING, now):
            return False
        for member in _members(session, import_id):
            if stopped(member):
                member.imported.wave = 0
                session.add(member.imported)
        return True


def end(engine: Engine, import_id: int, *, now: datetime) -> bool:
    """There is nothing more to begin; what stopped gets a thread of its own."""
    with transaction(engine) as session:
        if not _move(session, import_id, ImportStatus.ENDED, now):
            return False
        for member in _members(session, import_id):
            _leave_out(session, member, member.run.requested_by, now)
        return True


# What there is


def get(engine: Engine, import_id: int) -> Import | None:
    """The import with this number."""
    with reading(engine) as session:
        return session.get(Import, import_id)


def open_ones(engine: Engine) -> list[Import]:
    """The imports that aren't over, oldest first."""
    with reading(engine) as session:
        its = select(Import).where(col(Import.status).not_in(IMPORT_OVER))
        return list(session.exec(its.order_by(col(Import.id))))


def told_together(engine: Engine) -> set[int]:
    """The ids of the runs that only their open import's card tells about."""
    with reading(engine) as session:
        its = select(ImportedRun.run_id).join(Import, col(Import.id) == ImportedRun.import_id)
        its = its.join(Run, col(Run.id) == ImportedRun.run_id)
        its = its.where(col(Import.status).not_in(IMPORT_OVER), col(Import.channel).is_not(None))
        its = its.where(col(Run.channel).is_(None))
        return set(session.exec(its))


def to_be_told(engine: Engine, since: datetime) -> list[Import]:
    """The imports that Slack is told about: those that aren't over, and those that moved since."""
    with reading(engine) as session:
        its = select(Import).where(col(Import.channel).is_not(None))
        its = its.where(col(Import.status).not_in(IMPORT_OVER) | (col(Import.moved_at) > since))
        return list(session.exec(its.order_by(col(Import.id))))


def moves(engine: Engine, import_id: int) -> Moves:
    """When it and its runs last moved, each: while that is the same, nothing of what is told has changed."""
    with reading(engine) as session:
        own = session.exec(select(Import.status, Import.moved_at).where(Import.id == import_id)).all()
        its = select(Run.id, Run.status, Run.moved_at).join(ImportedRun, col(ImportedRun.run_id) == Run.id)
        its = its.where(ImportedRun.import_id == import_id).order_by(col(Run.id))
        return (*map(tuple, own), *map(tuple, session.exec(its)))


def members(engine: Engine, import_id: int) -> list[Member]:
    """Its runs with their practices, in the order of the sheet."""
    with reading(engine) as session:
        return _members(session, import_id)


def shown(engine: Engine, import_id: int, ts: str, digest: str) -> None:
    """Slack has its card there, and it shows this."""
    _note(engine, import_id, ts=ts, shown=digest)


def sheet_uploaded(engine: Engine, import_id: int, sheets: int) -> None:
    """So many of its sheets are in its card's thread."""
    _note(engine, import_id, sheets=sheets)


# Inside one transaction


def _run(one: Asked, by: str, now: datetime) -> Run:
    return Run(
        practice_id=one.practice_id,
        verb=Verb.PROVISION,
        status=RunStatus.REQUESTED,
        requested_by=by,
        requested_at=now,
        moved_at=now,
        administrator=one.administrator.username,
        notes=one.notes,
    )


def _members(session: Session, import_id: int) -> list[Member]:
    its = select(ImportedRun, Run, Practice).where(ImportedRun.import_id == import_id)
    its = its.join(Run, col(Run.id) == ImportedRun.run_id).join(Practice, col(Practice.id) == Run.practice_id)
    return [Member(*found) for found in session.exec(its.order_by(col(ImportedRun.line)))]


def _digest(its: Sequence[Member]) -> str:
    """A hash (SHA-256, hex) over the plans that wait for a yes, each with its run."""
    lines = [f"{one.run.id} {one.run.plan_hash}" for one in its if one.run.status is RunStatus.PLANNED]
    return sha256("\n".join(lines).encode()).hexdigest()


def _move(
    session: Session, import_id: int, to: ImportStatus, now: datetime, _is: str | None = None, **facts: str
) -> bool:
    """The only writer of an import's status. With `_is` only while its plans are the ones of that digest."""
    from_ = [status for status, onward in IMPORT_MOVES.items() if to in onward]
    its = update(Import).where(col(Import.id) == import_id, col(Import.status).in_(from_))
    if _is is not None:
        its = its.where(col(Import.digest) == _is)
    its = its.values(status=to, moved_at=now, **facts)
    return session.exec(its, execution_options={"synchronize_session": False}).rowcount == 1


def _leave_out(session: Session, member: Member, by: str, now: datetime) -> None:
    """One that isn't walked: a forbidden plan ends its run; what stopped is told about in a thread of its own."""
    run, plan = member.run, member.run.the_plan
    if run.status is RunStatus.PLANNED and plan is not None and plan.forbidden:
        runs.say(session, run.id, plan.hash, Verdict.REJECTED, by, FORBIDDEN, now=now)
    elif run.status in LEFT_TO_A_PERSON:
        _give_thread(session, run.id, member.imported.import_id)


def _give_threads(session: Session, import_id: int, statuses: Collection[RunStatus]) -> None:
    for member in _members(session, import_id):
        if member.run.status in statuses:
            _give_thread(session, member.run.id, import_id)


def _give_thread(session: Session, run_id: int, import_id: int) -> None:
    """From now on the run is told about where the import is."""
    channel = select(Import.channel).where(Import.id == import_id).scalar_subquery()
    session.exec(
        update(Run).where(col(Run.id) == run_id).values(channel=channel),
        execution_options={"synchronize_session": False},
    )


def _cancel_the_rest(session: Session, import_id: int, from_: Collection[RunStatus], now: datetime) -> None:
    for member in _members(session, import_id):
        if member.run.status in from_ and member.run.channel is None:
            runs.cancel(session, member.run.id, from_, now=now)


def _note(engine: Engine, import_id: int, **facts: str | int) -> None:
    with transaction(engine) as session:
        session.exec(update(Import).where(col(Import.id) == import_id).values(**facts))
