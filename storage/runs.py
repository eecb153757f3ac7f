"""The verbs on a run: request, approve, claim, move, record, and where to resume.

Nothing here walks the guide. The row is the truth: every verb is one transaction, and its result says who won.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, delete, func, update
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.database import Conflict, StorageError, reading, transaction
from storage.leases import (
    TTL,
    LeaseLost,
    claim_practice,
    holds,
    is_dead,
    is_free,
    is_still,
    locked,
    release,
    renew,
    take,
    this_process,
)
from storage.models import (
    FINISHED,
    MOVES,
    UNFINISHED,
    Approval,
    ErrorClass,
    Lease,
    Plan,
    Practice,
    Purpose,
    Run,
    RunStatus,
    Step,
    StepStatus,
    StoredCredential,
    Trouble,
    Verb,
    Verdict,
)

__all__ = [
    "TTL",
    "LeaseLost",
    "UnfinishedRun",
    "approvals",
    "approve",
    "change",
    "claim",
    "claim_practice",
    "get",
    "holds",
    "interrupted",
    "is_dead",
    "last_of",
    "latest",
    "move",
    "proved",
    "record",
    "release",
    "renew",
    "request",
    "resume_at",
    "standing",
    "steps",
    "this_process",
    "unfinished",
    "unfinished_ids",
    "unfinished_ones",
]

_GOES_ON = frozenset({RunStatus.PLANNING, RunStatus.APPROVED, RunStatus.RUNNING, RunStatus.SUCCEEDED})
"""On entering these a former error is past."""

_DONE = frozenset({StepStatus.DONE, StepStatus.ALREADY_THERE})

_STOPPED = (
    "The program was stopped in the middle.",
    "What its last step did in RevolutionEHR is not known; it looks there before it does anything again.",
    "Retry: it goes on at the step where it was stopped.",
)


class UnfinishedRun(StorageError):
    """The practice has an unfinished run already; `.run` is it."""

    def __init__(self, run: Run) -> None:
        super().__init__(f"This practice has an unfinished run already (number {run.id}, {run.status}).")
        self.run = run


# A run's life


def request(
    engine: Engine,
    practice_id: int,
    by: str,
    *,
    verb: Verb = Verb.PROVISION,
    adopt: bool = False,
    administrator: str | None = None,
    channel: str | None = None,
    notes: str = "",
    now: datetime,
) -> Run:
    """A new run, REQUESTED. Raises UnfinishedRun when the practice has one that is not finished (FAILED counts).

    `channel` is where in Slack its thread will be; None for one that isn't told about there.
    """
    run = Run(
        practice_id=practice_id,
        verb=verb,
        status=RunStatus.REQUESTED,
        requested_by=by,
        requested_at=now,
        moved_at=now,
        adopt=adopt,
        administrator=administrator,
        channel=channel,
        notes=notes,
    )
    try:
        with transaction(engine) as session:
            session.add(run)
        return run
    except Conflict:
        former = unfinished(engine, practice_id)
    if former is not None:
        raise UnfinishedRun(former)
    raise StorageError("There is no such practice.")


def move(
    engine: Engine,
    run_id: int,
    to: RunStatus,
    *,
    now: datetime,
    from_: Collection[RunStatus] | None = None,
    plan: Plan | None = None,
    error: Trouble | None = None,
    lease: Lease | None = None,
) -> bool:
    """Move the run, when the table of moves allows it from where it stands; True says "it was me".

    `from_` narrows the statuses it may come from. With `lease`, only its present holder can move: a worker whose lease
    was stolen gets False. APPROVED needs an approval of the run's very plan hash, so a retry keeps its approval and
    nothing gets by without one. `plan` and `error` are written with the status; a former error goes when the run
    goes on.
    """
    conditions: list[ColumnElement[bool]] = []
    if lease is not None:
        conditions.append(select(Lease.token).where(*is_still(lease), Lease.practice_id == Run.practice_id).exists())
    if to is RunStatus.APPROVED:
        conditions.append(_is_approved())
    with transaction(engine) as session:
        return _move(session, run_id, to, now, from_, conditions, _facts(to, plan, error))


def change(engine: Engine, run_id: int, *, administrator: str, notes: str, adopt: bool) -> bool:
    """Other details for a run that stopped or waits for a yes; False when it has gone on meanwhile.

    Its plan, and with it every yes to it, is past: it was made for the former details.
    """
    standing_still = col(Run.status).in_((RunStatus.FAILED, RunStatus.PLANNED))
    with transaction(engine) as session:
        its = update(Run).where(col(Run.id) == run_id, standing_still)
        facts = {"administrator": administrator, "notes": notes, "adopt": adopt, "plan": None, "plan_hash": None}
        return session.exec(its.values(**facts)).rowcount == 1


def approve(
    engine: Engine, run_id: int, plan_hash: str, verdict: Verdict, by: str, reason: str = "", *, now: datetime
) -> bool:
    """Say yes or no to the plan with this hash: the Approval and the move are one transaction, and one person wins.

    False when the run isn't PLANNED (any more) or its plan is another one; then nothing was written.
    """
    with transaction(engine) as session:
        return say(session, run_id, plan_hash, verdict, by, reason, now=now)


def claim(
    engine: Engine,
    run_id: int,
    holder: str,
    *,
    now: datetime,
    ttl: timedelta = TTL,
    to: RunStatus = RunStatus.RUNNING,
) -> Lease | None:
    """Take the practice's lease and move the run, both or neither; None when somebody else has, or it may not move.

    To RUNNING it comes from APPROVED or WAITING; to PLANNING as the table of moves says. A lease is free when it was
    released, has expired, or its holder is dead.
    """
    with transaction(engine) as session:
        run = session.get(Run, run_id)
        if run is None:
            return None
        lease = locked(session, run.practice_id)
        if not is_free(lease, now) or not _move(session, run_id, to, now, facts=_facts(to)):
            return None
        take(lease, holder, now + ttl)
    return lease


def interrupted(engine: Engine, run_id: int, *, now: datetime) -> bool:
    """Whether the program was stopped in the middle of this run; if so it is FAILED now, as TRANSIENT.

    A run that is RUNNING or PLANNING while its lease is free (holder dead, expired, released) was; so take the lease
    with `claim`, which leaves no moment of the one without the other. The former holder's token is fenced off, should
    it wake up. False, and nothing changed, while the holder lives.
    """
    with transaction(engine) as session:
        run = session.get(Run, run_id)
        if run is None or run.status not in (RunStatus.RUNNING, RunStatus.PLANNING):
            return False
        lease = locked(session, run.practice_id)
        if not is_free(lease, now):
            return False
        at = _first_not_done(session, run_id)
        error = Trouble(ErrorClass.TRANSIENT, *_STOPPED, step=at.number if at else None)
        facts = {**_facts(RunStatus.FAILED, error=error), "crashes": Run.crashes + 1}
        stopped = _move(session, run_id, RunStatus.FAILED, now, {RunStatus.RUNNING, RunStatus.PLANNING}, facts=facts)
        if stopped:
            take(lease, None, None)
        return stopped


# Its steps


def record(
    engine: Engine,
    lease: Lease,
    run_id: int,
    number: int,
    name: str,
    status: StepStatus,
    detail: str = "",
    seconds: float = 0.0,
    picture: str = "",
    *,
    now: datetime,
) -> None:
    """Append what happened at a step. Raises LeaseLost when the lease was taken or released; then nothing is written.

    One that expired and that nobody took still records: what it says is true, and nobody worked in between.
    """
    with transaction(engine) as session:
        held = select(Lease).join(Run, col(Run.practice_id) == Lease.practice_id)
        held = held.where(*is_still(lease), Run.id == run_id).with_for_update(of=Lease)
        if session.exec(held).one_or_none() is None:
            raise LeaseLost
        session.add(
            Step(
                run_id=run_id,
                number=number,
                name=name,
                status=status,
                detail=detail,
                seconds=seconds,
                picture=picture,
                token=lease.token,
                at=now,
            )
        )


def steps(engine: Engine, run_id: int) -> list[Step]:
    """Everything recorded of a run, oldest first; a step tried twice is there twice."""
    with reading(engine) as session:
        return _history(session, run_id)


def proved(engine: Engine, lease: Lease, run_id: int, outcome: dict[str, Any]) -> None:
    """Keep what the run has proved at its end, before it is moved there. Nothing where the lease was lost."""
    with transaction(engine) as session:
        held = select(Lease.token).where(*is_still(lease), Lease.practice_id == Run.practice_id).exists()
        session.exec(update(Run).where(col(Run.id) == run_id, held).values(outcome=outcome))


def resume_at(engine: Engine, run_id: int) -> str | None:
    """The name of the first step of this run's history that isn't done; None when nothing was recorded.

    When all that was recorded is done (stopped between two steps), the last of them: looking at it again costs nothing.
    """
    with reading(engine) as session:
        step = _first_not_done(session, run_id)
    return step.name if step else None


# What there is


def get(engine: Engine, run_id: int) -> Run | None:
    """The run with this id, as it stands."""
    with reading(engine) as session:
        return session.get(Run, run_id)


def unfinished(engine: Engine, practice_id: int) -> Run | None:
    """The practice's one unfinished run, if any."""
    with reading(engine) as session:
        its = select(Run).where(Run.practice_id == practice_id, col(Run.status).not_in(FINISHED))
        return session.exec(its).one_or_none()


def last_of(engine: Engine, practice_id: int) -> Run | None:
    """The practice's newest run, however it ended."""
    with reading(engine) as session:
        its = select(Run).where(Run.practice_id == practice_id).order_by(col(Run.id).desc()).limit(1)
        return session.exec(its).one_or_none()


def standing(engine: Engine, statuses: Collection[RunStatus]) -> list[Run]:
    """The runs that stand at one of these, oldest first."""
    its = select(Run).where(col(Run.status).in_(statuses))
    if FINISHED.isdisjoint(statuses):
        its = its.where(col(Run.id).in_(unfinished_ids()))
    with reading(engine) as session:
        return list(session.exec(its.order_by(col(Run.id))))


def unfinished_ids() -> SelectOfScalar[int]:
    """The ids of the unfinished runs, for a query of others: asked so, no database looks through the finished ones."""
    return select(aliased(Run).id).where(UNFINISHED)


def unfinished_ones(engine: Engine) -> list[tuple[Run, Practice]]:
    """All unfinished runs with their practices, newest first."""
    pairs = select(Run, Practice).join(Practice, col(Practice.id) == Run.practice_id)
    pairs = pairs.where(col(Run.id).in_(unfinished_ids())).order_by(col(Run.id).desc())
    with reading(engine) as session:
        return [(run, practice) for run, practice in session.exec(pairs)]


def latest(
    engine: Engine, limit: int = 50, *, finished: bool = False, practice_id: int | None = None
) -> list[tuple[Run, Practice]]:
    """The newest runs with their practices, newest first: of all, of the finished ones, of one practice."""
    pairs = select(Run, Practice).join(Practice, col(Practice.id) == Run.practice_id)
    if finished:
        pairs = pairs.where(col(Run.status).in_(FINISHED))
    if practice_id is not None:
        pairs = pairs.where(Run.practice_id == practice_id)
    with reading(engine) as session:
        return [(run, practice) for run, practice in session.exec(pairs.order_by(col(Run.id).desc()).limit(limit))]


def count(engine: Engine) -> list[tuple[RunStatus, ErrorClass | None, int]]:
    """How many runs stand where, by the class of their error."""
    with reading(engine) as session:
        how_many = select(Run.status, Run.error_class, func.count()).group_by(col(Run.status), col(Run.error_class))
        found = session.exec(how_many)
        return [(RunStatus(status), ErrorClass(its) if its else None, number) for status, its, number in found]


def waits_since(engine: Engine) -> datetime | None:
    """Since when the approved run that waits longest has waited for somebody to walk it."""
    with reading(engine) as session:
        return session.exec(select(func.min(Run.moved_at)).where(Run.status == RunStatus.APPROVED)).one()


def approvals(engine: Engine, run_id: int) -> list[Approval]:
    """Who said yes or no to this run's plans, oldest first."""
    with reading(engine) as session:
        return list(session.exec(select(Approval).where(Approval.run_id == run_id).order_by(col(Approval.id))))


# Inside one transaction


def say(
    session: Session, run_id: int, plan_hash: str, verdict: Verdict, by: str, reason: str = "", *, now: datetime
) -> bool:
    """`approve`, as a part of somebody's transaction."""
    to = RunStatus.APPROVED if verdict is Verdict.APPROVED else RunStatus.REJECTED
    won = _move(session, run_id, to, now, {RunStatus.PLANNED}, [col(Run.plan_hash) == plan_hash], _facts(to))
    if won:
        session.add(Approval(run_id=run_id, plan_hash=plan_hash, verdict=verdict, by=by, reason=reason, at=now))
    return won


def cancel(session: Session, run_id: int, from_: Collection[RunStatus], *, now: datetime) -> bool:
    """A move to CANCELLED, as a part of somebody's transaction."""
    return _move(session, run_id, RunStatus.CANCELLED, now, from_, facts=_facts(RunStatus.CANCELLED))


def _move(
    session: Session,
    run_id: int,
    to: RunStatus,
    now: datetime,
    from_: Collection[RunStatus] | None = None,
    conditions: Collection[ColumnElement[bool]] = (),
    facts: dict[str, Any] | None = None,
) -> bool:
    """The only writer of a status: one guarded UPDATE. With the run's end goes its administrator's login."""
    allowed = [status for status, onward in MOVES.items() if to in onward and (from_ is None or status in from_)]
    statement = update(Run).where(col(Run.id) == run_id, col(Run.status).in_(allowed), *conditions)
    statement = statement.values(status=to, moved_at=now, **(facts or {}))
    moved = session.exec(statement, execution_options={"synchronize_session": False}).rowcount == 1
    if moved and to in FINISHED:
        its = col(StoredCredential.practice_id) == select(Run.practice_id).where(Run.id == run_id).scalar_subquery()
        session.exec(delete(StoredCredential).where(its, col(StoredCredential.purpose) == Purpose.ADMINISTRATOR))
    return moved


def _facts(to: RunStatus, plan: Plan | None = None, error: Trouble | None = None) -> dict[str, Any]:
    """What is written with a status."""
    facts: dict[str, Any] = {}
    if plan is not None:
        facts |= {"plan": plan.as_json(), "plan_hash": plan.hash}
    if error is not None:
        facts |= {
            "error_class": error.error_class,
            "error_step": error.step,
            "error_what": error.what,
            "error_means": error.means,
            "error_do": error.do,
        }
    elif to in _GOES_ON:
        facts |= dict.fromkeys(("error_class", "error_step", "error_what", "error_means", "error_do"))
    return facts


def _is_approved() -> ColumnElement[bool]:
    signed = (Approval.run_id == Run.id, Approval.plan_hash == Run.plan_hash, Approval.verdict == Verdict.APPROVED)
    return select(Approval.id).where(*signed).exists()


def _history(session: Session, run_id: int) -> list[Step]:
    return list(session.exec(select(Step).where(Step.run_id == run_id).order_by(col(Step.id))))


def _first_not_done(session: Session, run_id: int) -> Step | None:
    """By the newest word on each step, in the guide's order; see `resume_at`."""
    newest = {step.name: step for step in _history(session, run_id)}
    in_order = sorted(newest.values(), key=lambda step: step.number)
    return next((step for step in in_order if step.status not in _DONE), in_order[-1] if in_order else None)
