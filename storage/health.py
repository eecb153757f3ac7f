"""How each provisioned practice's account stands, and which checks are due. What is said about it is in `alerts`.

A row is made from the practice's checks, whoever made them: `take_in` reads those that are newer than the last one it
took, so a check that was recorded is never lost, and taking it in twice changes nothing. When the next one is due is
the caller's to say.
"""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import Engine, delete, func, update
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, and_, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from storage import duties
from storage.database import reading, transaction
from storage.models import (
    AccountHealth,
    CheckOutcome,
    DriftGrade,
    HealthCheck,
    Practice,
    Purpose,
    Stage,
    StoredCredential,
)

Standing = tuple[AccountHealth, Practice]

LOST = timedelta(hours=1)
"""After so long a check that was handed out and never recorded is due again."""


@dataclass(frozen=True)
class Failing:
    """How many accounts fail in one way."""

    outcome: CheckOutcome
    grade: DriftGrade | None
    number: int


A_MINUTE = 30
"""How many checks may begin in a minute at one EHR address."""
AT_ONCE = 500
"""Practices that one transaction takes in; the next call goes on."""

HAND_OUT = "hand out"
_FOREVER = col(AccountHealth.due_at).is_(None)


def host(url: str) -> str:
    """The machine of an EHR's address: what fails together has it in common."""
    return urlsplit(url).hostname or url


# Which practices, and when


def cover(engine: Engine, first_due: Callable[[Practice], datetime], *, now: datetime) -> int:
    """Give every provisioned practice a row, and take it from those whose credential was destroyed; how many are new.

    One whose refused login waits for a person is due at once when a later login has proved the password.
    """
    with reading(engine) as session:
        covered = select(AccountHealth.practice_id)
        new = session.exec(
            select(Practice).where(col(Practice.id).in_(_provisioned()), col(Practice.id).not_in(covered))
        ).all()
        gone = session.exec(covered.where(col(AccountHealth.practice_id).not_in(_provisioned()))).all()
        proved = session.exec(covered.where(_FOREVER, _proved_since())).all()
    if not (new or gone or proved):
        return 0
    rows = [{"practice_id": practice.id, "due_at": first_due(practice)} for practice in new]
    with transaction(engine) as session:
        for row in rows:
            duties.insert_if_missing(
                session, AccountHealth, {**row, "check_id": 0, "detail": [], "alike": 0, "muted": False}
            )
        session.exec(delete(AccountHealth).where(col(AccountHealth.practice_id).in_(gone)))
        session.exec(update(AccountHealth).where(col(AccountHealth.practice_id).in_(proved)).values(due_at=now))
    return len(rows)


def hand_out(engine: Engine, *, now: datetime, a_minute: int = A_MINUTE, paused: Collection[str] = ()) -> list[int]:
    """Take the practices whose checks begin now, oldest first: at most so many a minute for each EHR address.

    Each is given to one caller only. `paused` are addresses (as `host` says) at which none begins.
    """
    with transaction(engine) as session:
        duties.one_at_a_time(session, HAND_OUT)
        due = _first_due(session, now, a_minute)
        begun = _begun(session, now - timedelta(minutes=1)) if due else Counter[str]()
        taken = []
        for practice_id, due_at, url in due:
            where = host(url)
            if where in paused or begun[where] >= a_minute:
                continue
            its = (col(AccountHealth.practice_id) == practice_id, col(AccountHealth.due_at) == due_at)
            mine = session.exec(update(AccountHealth).where(*its).values(due_at=now + LOST, handed_at=now))
            if mine.rowcount == 1:
                begun[where] += 1
                taken.append(practice_id)
    return taken


def due_at_once(engine: Engine, practice_ids: Collection[int], *, now: datetime) -> int:
    """Somebody wants these looked at now; how many have to wait no longer."""
    its = col(AccountHealth.practice_id).in_(practice_ids)
    with transaction(engine) as session:
        later = or_(_FOREVER, col(AccountHealth.due_at) > now)
        return session.exec(update(AccountHealth).where(its, later).values(due_at=now)).rowcount


def keep_timezone(engine: Engine, practice_id: int, timezone: str | None) -> None:
    """Keep where the practice's days are; None: where everybody's are."""
    with transaction(engine) as session:
        session.exec(update(Practice).where(col(Practice.id) == practice_id).values(timezone=timezone))


# What checks found


def take_in(
    engine: Engine,
    next_due: Callable[[Practice, CheckOutcome, int], datetime | None],
    *,
    practice_id: int | None = None,
) -> list[int]:
    """Bring the rows up to the newest checks, of one practice or of all; the ids of those that changed.

    `next_due` is told the outcome and how many checks in a row ended so.
    """
    with reading(engine) as session:
        behind = session.exec(_behind()).all() if practice_id is None else [practice_id]
        newer = (
            select(AccountHealth, Practice, HealthCheck)
            .join(Practice, col(Practice.id) == col(AccountHealth.practice_id))
            .join(HealthCheck, and_(col(HealthCheck.practice_id) == col(AccountHealth.practice_id)))
            .where(col(AccountHealth.practice_id).in_(behind), col(HealthCheck.id) > col(AccountHealth.check_id))
            .order_by(col(HealthCheck.id))
            .limit(AT_ONCE)
        )
        found = session.exec(newer).all() if behind else []
    if not found:
        return []
    former = {row.practice_id: row.check_id for row, _, _ in found}
    for row, _, check in found:
        _add(row, check)
    rows = {row.practice_id: (row, practice) for row, practice, _ in found}
    changed = []
    with transaction(engine) as session:
        for row, practice in rows.values():
            values = {name: getattr(row, name) for name in _FROM_CHECKS}
            if row.outcome is not None:
                values["due_at"] = next_due(practice, row.outcome, row.alike)
            if row.outcome is CheckOutcome.HEALTHY:
                values["snoozed_until"] = None
            its = (
                col(AccountHealth.practice_id) == row.practice_id,
                col(AccountHealth.check_id) == former[practice.id],
            )
            if session.exec(update(AccountHealth).where(*its).values(**values)).rowcount == 1:
                changed.append(row.practice_id)
    return changed


_FROM_CHECKS = ("check_id", "outcome", "grade", "detail", "since", "looked_at", "alike")


def _add(row: AccountHealth, check: HealthCheck) -> None:
    if check.outcome is not row.outcome:
        row.outcome, row.since, row.alike = check.outcome, check.at, 0
    row.check_id, row.looked_at, row.alike = check.id, check.at, row.alike + 1
    row.detail, row.grade = check.detail, check.grade


def standings(engine: Engine) -> list[Standing]:
    """How every account stands, by the names of their practices: one SELECT."""
    its = select(AccountHealth, Practice).join(Practice).order_by(Practice.key)
    with reading(engine) as session:
        return [(row, practice) for row, practice in session.exec(its)]


def not_well(engine: Engine) -> tuple[list[Standing], int]:
    """Those that fail or were never looked at, by the names of their practices; and how many more are healthy."""
    healthy = col(AccountHealth.outcome) == CheckOutcome.HEALTHY
    others = or_(~healthy, col(AccountHealth.outcome).is_(None))
    its = select(AccountHealth, Practice).join(Practice).where(others).order_by(Practice.key)
    with reading(engine) as session:
        number = session.exec(select(func.count()).select_from(AccountHealth).where(healthy)).one()
        return [(row, practice) for row, practice in session.exec(its)], number


def any_known(engine: Engine, by: datetime, *, handed_after: datetime) -> bool:
    """Whether any account stood as it does by that moment, or a check of any was handed out after the other one."""
    known = or_(col(AccountHealth.since) <= by, col(AccountHealth.handed_at) > handed_after)
    with reading(engine) as session:
        return session.exec(select(AccountHealth.practice_id).where(known).limit(1)).first() is not None


def some_failing(engine: Engine, each: int) -> tuple[list[Standing], list[Failing]]:
    """Of those that fail alike the first ones by name, `each` of them; and how many fail in which way.

    A password that only expires soon is no failure: see `soon_expiring`.
    """
    outcome, grade = col(AccountHealth.outcome), col(AccountHealth.grade)
    fails = outcome.not_in((CheckOutcome.EXPIRING, CheckOutcome.HEALTHY))
    place = func.row_number().over(partition_by=(outcome, grade), order_by=Practice.key).label("place")
    first = select(col(AccountHealth.practice_id), place).join(Practice).where(fails).subquery()
    its = select(AccountHealth, Practice).join(Practice).join(first, first.c.practice_id == Practice.id)
    its = its.where(first.c.place <= each).order_by(Practice.key)
    how_many = select(outcome, grade, func.count()).where(fails).group_by(outcome, grade)
    with reading(engine) as session:
        counts = [Failing(one, its_grade, number) for one, its_grade, number in session.exec(how_many) if one]
        return [(row, practice) for row, practice in session.exec(its)], counts


def soon_expiring(engine: Engine, most: int) -> tuple[list[Standing], int]:
    """The first ones by name whose password expires soon, and how many there are."""
    soon = col(AccountHealth.outcome) == CheckOutcome.EXPIRING
    its = select(AccountHealth, Practice).join(Practice).where(soon).order_by(Practice.key).limit(most)
    with reading(engine) as session:
        number = session.exec(select(func.count()).select_from(AccountHealth).where(soon)).one()
        return [(row, practice) for row, practice in session.exec(its)], number


def standing(engine: Engine, practice_id: int) -> AccountHealth | None:
    """How one practice's account stands; None for one that isn't provisioned."""
    with reading(engine) as session:
        return session.get(AccountHealth, practice_id)


def outstanding(engine: Engine, *, now: datetime) -> int:
    """How many checks are due or on their way."""
    waits = or_(col(AccountHealth.due_at) <= now, _on_its_way())
    with reading(engine) as session:
        return session.exec(select(func.count()).select_from(AccountHealth).where(waits)).one()


def lately(engine: Engine, since: datetime, limit: int = 400) -> list[tuple[HealthCheck, str]]:
    """The newest checks after that moment, newest first, each with its EHR's address as `host` says."""
    newest = select(HealthCheck, Practice.url).join(Practice).order_by(col(HealthCheck.id).desc()).limit(limit)
    with reading(engine) as session:
        return [(check, host(url)) for check, url in session.exec(newest) if check.at > since]


# Quiet


def snooze(engine: Engine, practice_ids: Collection[int], until: datetime) -> int:
    """Say nothing about failures of these until then, or until they are healthy again; how many."""
    its = col(AccountHealth.practice_id).in_(practice_ids)
    with transaction(engine) as session:
        return session.exec(update(AccountHealth).where(its).values(snoozed_until=until)).rowcount


def mute(engine: Engine, practice_id: int, muted: bool) -> bool:
    """Say nothing about this practice's failures, or speak of them again; False when it isn't provisioned."""
    with transaction(engine) as session:
        its = update(AccountHealth).where(col(AccountHealth.practice_id) == practice_id)
        return session.exec(its.values(muted=muted)).rowcount == 1


# Parts


def _current() -> tuple[ColumnElement[bool], ...]:
    return col(StoredCredential.purpose) == Purpose.FINAL, col(StoredCredential.stage) == Stage.CURRENT


def _provisioned() -> ColumnElement[int]:
    return select(StoredCredential.practice_id).where(*_current()).scalar_subquery()


def _proved_since() -> ColumnElement[bool]:
    proved = select(StoredCredential.id).where(
        *_current(),
        col(StoredCredential.practice_id) == col(AccountHealth.practice_id),
        col(StoredCredential.verified_at) > col(AccountHealth.looked_at),
    )
    return proved.exists()


def _on_its_way() -> ColumnElement[bool]:
    unseen = or_(col(AccountHealth.looked_at).is_(None), col(AccountHealth.looked_at) < col(AccountHealth.handed_at))
    return and_(col(AccountHealth.handed_at).is_not(None), unseen)


def _behind() -> SelectOfScalar[int]:
    """Practices with a check that is newer than their row; each is asked by itself, so that old checks cost nothing."""
    newest = select(func.max(HealthCheck.id)).where(HealthCheck.practice_id == AccountHealth.practice_id)
    return select(AccountHealth.practice_id).where(newest.scalar_subquery() > AccountHealth.check_id).limit(AT_ONCE)


def _first_due(session: Session, now: datetime, a_minute: int) -> list[tuple[int, datetime, str]]:
    """What is due, oldest first, with no more of one address than may begin in a minute."""
    in_turn = (col(AccountHealth.due_at), col(AccountHealth.practice_id))
    place = func.row_number().over(partition_by=col(Practice.url), order_by=in_turn)
    due = (
        select(AccountHealth.practice_id, AccountHealth.due_at, Practice.url, place.label("place"))
        .join(Practice)
        .where(col(AccountHealth.due_at) <= now)
        .subquery()
    )
    its = select(due.c.practice_id, due.c.due_at, due.c.url).where(due.c.place <= a_minute)
    first = session.execute(its.order_by(due.c.due_at, due.c.practice_id))
    return [(practice_id, due_at, url) for practice_id, due_at, url in first]


def _begun(session: Session, since: datetime) -> Counter[str]:
    """How many checks began after that moment at each EHR address."""
    lately_begun = (
        select(Practice.url, func.count())
        .join(AccountHealth)
        .where(col(AccountHealth.handed_at) > since)
        .group_by(Practice.url)
    )
    begun = Counter[str]()
    for url, number in session.exec(lately_begun):
        begun[host(url)] += number
    return begun
