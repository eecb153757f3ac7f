"""The verbs on a rotation: a new password for a practice's account, from the wish for it to OneSpot's having it.

A practice has one open rotation at a time; the database itself refuses a second. Which password holds is the vault's
to say: nothing here knows one. Who sets it is not decided here.
"""

from datetime import datetime, timedelta

from sqlalchemy import Engine, func, update
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import and_, col, or_, select

from storage.database import Conflict, StorageError, reading, transaction
from storage.leases import is_free
from storage.models import Lease, Practice, Purpose, Rotation, Run, Stage, StoredCredential

Turn = tuple[Rotation, Practice]

A_WHILE = timedelta(minutes=15)
"""How long a rotation that was tried rests before somebody takes it up again."""


# One rotation's life


def begin(engine: Engine, practice_id: int, why: str, asked_by: str, *, now: datetime) -> Rotation | None:
    """Somebody wants a new password; None when one is on its way already. `why` in words, after "because"."""
    rotation = Rotation(practice_id=practice_id, why=why, asked_by=asked_by, begun_at=now)
    try:
        with transaction(engine) as session:
            session.add(rotation)
        return rotation
    except Conflict:
        on_its_way = unfinished(engine, practice_id) is not None
    if on_its_way:
        return None
    raise StorageError("There is no such practice.")


def trying(engine: Engine, rotation_id: int, *, now: datetime) -> bool:
    """A worker sets to it; False when it has ended."""
    with transaction(engine) as session:
        return session.exec(update(Rotation).where(*_open(rotation_id)).values(tried_at=now)).rowcount == 1


def put_back(engine: Engine, rotation_id: int) -> None:
    """The worker was stopped before anything was sent off: as if none had ever set to it."""
    with transaction(engine) as session:
        session.exec(update(Rotation).where(*_open(rotation_id)).values(tried_at=None))


def proved(engine: Engine, rotation_id: int, *, now: datetime) -> bool:
    """A fresh login proved the new password: it ends, and waits to be handed over. False when it had ended before."""
    with transaction(engine) as session:
        ended = update(Rotation).where(*_open(rotation_id)).values(proved_at=now, ended_at=now)
        return session.exec(ended).rowcount == 1


def failed(engine: Engine, rotation_id: int, problem: str, *, now: datetime) -> bool:
    """It ends without a new password, for this reason, in a sentence. False when it had ended before."""
    with transaction(engine) as session:
        ended = update(Rotation).where(*_open(rotation_id)).values(problem=problem, ended_at=now)
        return session.exec(ended).rowcount == 1


def came_true(engine: Engine, rotation: Rotation) -> bool:
    """Whether the password that is current now was made since it began: it is proved, whatever the row says yet."""
    newer = select(StoredCredential.id).where(
        col(StoredCredential.practice_id) == rotation.practice_id,
        col(StoredCredential.purpose) == Purpose.FINAL,
        col(StoredCredential.stage) == Stage.CURRENT,
        col(StoredCredential.sealed_at) >= rotation.begun_at,
    )
    with reading(engine) as session:
        return session.exec(newer).first() is not None


def settled(engine: Engine, practice_id: int, *, now: datetime) -> bool:
    """A login was made: where that showed that the newest rotation came true after all, its row says so from now on.

    True when that is news. For whoever may have settled what an interrupted rotation left, a check for one.
    """
    last = latest(engine, practice_id)
    if last is None or last.proved_at is not None or not came_true(engine, last):
        return False
    with transaction(engine) as session:
        its = update(Rotation).where(col(Rotation.id) == last.id, col(Rotation.proved_at).is_(None))
        return session.exec(its.values(proved_at=now, ended_at=now, problem="")).rowcount == 1


def hand_over(engine: Engine, rotation_id: int, by: str, *, now: datetime) -> bool:
    """Somebody says that OneSpot's auto-sync settings have the new password; False when nothing waited for that."""
    with transaction(engine) as session:
        handed = update(Rotation).where(
            col(Rotation.id) == rotation_id,
            col(Rotation.proved_at).is_not(None),
            col(Rotation.handed_over_at).is_(None),
        )
        return session.exec(handed.values(handed_over_at=now, handed_over_by=by)).rowcount == 1


# Looking


def get(engine: Engine, rotation_id: int) -> Rotation | None:
    """The rotation with this id."""
    with reading(engine) as session:
        return session.get(Rotation, rotation_id)


def unfinished(engine: Engine, practice_id: int) -> Rotation | None:
    """The practice's open rotation."""
    with reading(engine) as session:
        its = select(Rotation).where(col(Rotation.practice_id) == practice_id, col(Rotation.ended_at).is_(None))
        return session.exec(its).one_or_none()


def latest(engine: Engine, practice_id: int) -> Rotation | None:
    """The practice's newest rotation, open or ended."""
    with reading(engine) as session:
        its = select(Rotation).where(col(Rotation.practice_id) == practice_id)
        return session.exec(its.order_by(col(Rotation.id).desc()).limit(1)).one_or_none()


def open_ones(engine: Engine) -> list[Turn]:
    """All rotations that were begun and have not ended, oldest first."""
    return _turns(engine, col(Rotation.ended_at).is_(None))


def adrift(engine: Engine, *, now: datetime, rest: timedelta = A_WHILE) -> list[Turn]:
    """Open rotations that nobody is at: the practice's lease is free, and the last try is longer ago than `rest`.

    One that no worker ever set to is adrift after a minute. At the start of a program `rest` is nothing.
    """
    open_at = select(Rotation.practice_id).where(col(Rotation.ended_at).is_(None))
    with reading(engine) as session:
        theirs = select(Lease).where(col(Lease.practice_id).in_(open_at))
        leases = {lease.practice_id: lease for lease in session.exec(theirs)}
    minute = min(rest, timedelta(minutes=1))
    return [
        (rotation, practice)
        for rotation, practice in open_ones(engine)
        if (practice.id not in leases or is_free(leases[practice.id], now))
        and (rotation.tried_at or rotation.begun_at) <= now - (rest if rotation.tried_at else minute)
    ]


def ended(engine: Engine, *, since: datetime) -> list[tuple[Rotation, Practice, Run | None]]:
    """Those that ended, oldest first, each with its practice's newest run: one SELECT.

    But for those that were over before that moment (handed over, or ended without a new password), and those after
    which a newer one of the same practice was proved.
    """
    proved, handed = col(Rotation.proved_at), col(Rotation.handed_over_at)
    still = or_(and_(proved.is_not(None), handed.is_(None)), handed >= since)
    failed_lately = and_(proved.is_(None), col(Rotation.ended_at) >= since)
    its_run = aliased(Run)
    newest = select(func.max(its_run.id)).where(its_run.practice_id == Rotation.practice_id).scalar_subquery()
    its = (
        select(Rotation, Practice, Run)
        .join(Practice, col(Practice.id) == Rotation.practice_id)
        .outerjoin(Run, col(Run.id) == newest)
        .where(col(Rotation.ended_at).is_not(None), or_(still, failed_lately), _not_replaced())
        .order_by(col(Rotation.id))
    )
    with reading(engine) as session:
        return [(rotation, practice, run) for rotation, practice, run in session.exec(its)]


def waiting_for_handover(engine: Engine) -> list[Turn]:
    """Practices whose new password OneSpot doesn't have yet, as far as anybody said; oldest first."""
    return _turns(engine, *_waits())


def waiting_names(engine: Engine) -> list[str]:
    """The names of these practices, in the same order."""
    its = select(Practice.name).join(Rotation).where(*_waits()).order_by(col(Rotation.id))
    with reading(engine) as session:
        return list(session.exec(its))


# What Slack shows


def shown(engine: Engine, rotation_id: int, channel: str, ts: str, digest: str) -> None:
    """Slack shows it there, as it stands."""
    with transaction(engine) as session:
        its = update(Rotation).where(col(Rotation.id) == rotation_id)
        session.exec(its.values(channel=channel, ts=ts, digest=digest))


def reminded(engine: Engine, rotation_id: int, *, now: datetime) -> None:
    """Somebody was reminded of it."""
    with transaction(engine) as session:
        session.exec(update(Rotation).where(col(Rotation.id) == rotation_id).values(reminded_at=now))


# Parts


def _open(rotation_id: int) -> tuple[ColumnElement[bool], ...]:
    return col(Rotation.id) == rotation_id, col(Rotation.ended_at).is_(None)


def _turns(engine: Engine, *its: ColumnElement[bool]) -> list[Turn]:
    turns = select(Rotation, Practice).join(Practice).where(*its).order_by(col(Rotation.id))
    with reading(engine) as session:
        return [(rotation, practice) for rotation, practice in session.exec(turns)]


def _waits() -> tuple[ColumnElement[bool], ...]:
    waits = (col(Rotation.proved_at).is_not(None), col(Rotation.handed_over_at).is_(None))
    return (*waits, col(Practice.retired_at).is_(None), _not_replaced())


def _not_replaced() -> ColumnElement[bool]:
    newer = aliased(Rotation)
    return ~(
        select(newer.id)
        .where(
            col(newer.practice_id) == col(Rotation.practice_id),
            col(newer.id) > col(Rotation.id),
            col(newer.proved_at).is_not(None),
        )
        .exists()
    )
