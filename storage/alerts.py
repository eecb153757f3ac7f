"""What was said in Slack about accounts that fail: the alerts, who is in which, and what was told there last.

An alert is a message with its thread. Whoever sends it keeps it here right after; so a crash in between says a thing
twice, never not at all. Nothing here talks to Slack, and nothing decides what is worth saying.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Engine, update
from sqlmodel import Session, col, or_, select

from storage.database import reading, transaction
from storage.health import Standing
from storage.models import AccountHealth, CheckOutcome, HealthAlert, Practice

Unsaid = tuple[AccountHealth, Practice, HealthAlert | None]


def unsaid(engine: Engine) -> list[Unsaid]:
    """The accounts of which Slack doesn't say how they stand, each with its alert, by name: one SELECT."""
    told = col(AccountHealth.told)
    in_none = col(AccountHealth.alert_id).is_(None)
    differs = or_(told.is_(None), told != col(AccountHealth.outcome))
    fails = col(AccountHealth.outcome) != CheckOutcome.HEALTHY
    its = (
        select(AccountHealth, Practice, HealthAlert)
        .join(Practice, col(Practice.id) == col(AccountHealth.practice_id))
        .outerjoin(HealthAlert, col(HealthAlert.id) == col(AccountHealth.alert_id))
        .where(or_(fails, ~in_none), differs)
        .order_by(Practice.key)
    )
    with reading(engine) as session:
        return [(row, practice, alert) for row, practice, alert in session.exec(its)]


def unclosed(engine: Engine) -> list[tuple[HealthAlert, list[Standing]]]:
    """The alerts that may have to be edited, oldest first, each with those it was last about: two SELECTs."""
    still = col(HealthAlert.closed).is_(False)
    its = select(AccountHealth, Practice).join(Practice).join(HealthAlert).where(still).order_by(Practice.key)
    with reading(engine) as session:
        found = session.exec(select(HealthAlert).where(still).order_by(col(HealthAlert.id))).all()
        members: dict[int | None, list[Standing]] = {}
        for row, practice in session.exec(its) if found else ():
            members.setdefault(row.alert_id, []).append((row, practice))
    return [(alert, members.get(alert.id, [])) for alert in found]


def get(engine: Engine, alert_id: int) -> HealthAlert | None:
    """The alert with this id."""
    with reading(engine) as session:
        return session.get(HealthAlert, alert_id)


def at(engine: Engine, channel: str, ts: str) -> HealthAlert | None:
    """The alert that is this message in Slack."""
    with reading(engine) as session:
        its = select(HealthAlert).where(HealthAlert.channel == channel, HealthAlert.ts == ts)
        return session.exec(its).one_or_none()


def members(engine: Engine, alert_id: int) -> list[Standing]:
    """Who was last spoken of there, by the names of practices."""
    its = select(AccountHealth, Practice).join(Practice).where(AccountHealth.alert_id == alert_id)
    with reading(engine) as session:
        return [(row, practice) for row, practice in session.exec(its.order_by(Practice.key))]


def opened(
    engine: Engine,
    outcome: CheckOutcome,
    host: str,
    where: tuple[str, str],
    practice_ids: Collection[int],
    told: CheckOutcome | None,
    *,
    name: str,
    requester: str = "",
    digest: str,
    now: datetime,
) -> HealthAlert:
    """Keep the alert that Slack just took at `where` (channel, ts), and that these are in it: see `joined`."""
    alert = HealthAlert(outcome=outcome, host=host, name=name, channel=where[0], ts=where[1], size=0, digest=digest)
    alert.requester, alert.opened_at, alert.grew_at = requester, now, now
    with transaction(engine) as session:
        session.add(alert)
        session.flush()
        _join(session, alert, practice_ids, told, now)
    return alert


def joined(
    engine: Engine, alert_id: int, practice_ids: Collection[int], told: CheckOutcome | None, *, now: datetime
) -> None:
    """These are in the alert from now on. `told` is what it says about them itself; None: its thread has still to."""
    with transaction(engine) as session:
        alert = session.get_one(HealthAlert, alert_id)
        _join(session, alert, practice_ids, told, now)


def told(engine: Engine, said: Mapping[int, CheckOutcome]) -> None:
    """The alert's thread said this about these practices, by their ids."""
    with transaction(engine) as session:
        for practice_id, outcome in said.items():
            its = update(AccountHealth).where(col(AccountHealth.practice_id) == practice_id)
            session.exec(its.values(told=outcome))


def shows(engine: Engine, alert_id: int, digest: str, *, closed: bool) -> None:
    """The alert was edited and shows this now."""
    with transaction(engine) as session:
        its = update(HealthAlert).where(col(HealthAlert.id) == alert_id)
        session.exec(its.values(digest=digest, closed=closed))


def pause_said(engine: Engine, alert_id: int) -> None:
    """The alert's thread says that checks pause."""
    with transaction(engine) as session:
        session.exec(update(HealthAlert).where(col(HealthAlert.id) == alert_id).values(pause_said=True))


def reminded(engine: Engine, alert_id: int, now: datetime) -> None:
    """The alert's thread said that it is still so."""
    with transaction(engine) as session:
        session.exec(update(HealthAlert).where(col(HealthAlert.id) == alert_id).values(reminded_at=now))


def pictured(engine: Engine, alert_id: int) -> None:
    """The alert's thread has the picture of the last days, or is to have none."""
    with transaction(engine) as session:
        session.exec(update(HealthAlert).where(col(HealthAlert.id) == alert_id).values(pictured=True))


def gone(engine: Engine, alert_id: int) -> None:
    """Somebody deleted the message: who still fails is in no alert, and so is told anew."""
    with transaction(engine) as session:
        its = update(AccountHealth).where(col(AccountHealth.alert_id) == alert_id)
        session.exec(its.values(alert_id=None, told=None))
        session.exec(update(HealthAlert).where(col(HealthAlert.id) == alert_id).values(closed=True))


def _join(
    session: Session, alert: HealthAlert, practice_ids: Collection[int], told: CheckOutcome | None, now: datetime
) -> None:
    its = col(AccountHealth.practice_id).in_(practice_ids)
    already = session.exec(select(AccountHealth.practice_id).where(its, AccountHealth.alert_id == alert.id)).all()
    session.exec(update(AccountHealth).where(its).values(alert_id=alert.id, told=told))
    alert.size, alert.grew_at, alert.closed = alert.size + len(practice_ids) - len(already), now, False
