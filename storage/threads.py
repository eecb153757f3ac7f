"""What Slack has of a run's thread: which messages, and what each last showed. Nothing here talks to Slack."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, union
from sqlmodel import col, or_, select

from storage.database import reading, transaction
from storage.models import Run, RunStatus, ThreadMessage
from storage.runs import unfinished_ids

ROOT = "root"
"""The key of the message that the thread hangs on."""
LATELY = timedelta(days=2)
"""So long after its end a run's thread may still have something to catch up on."""


def messages(engine: Engine, run_id: int) -> dict[str, ThreadMessage]:
    """The run's messages by their keys, oldest first."""
    with reading(engine) as session:
        its = select(ThreadMessage).where(ThreadMessage.run_id == run_id).order_by(col(ThreadMessage.id))
        return {message.key: message for message in session.exec(its)}


def root(engine: Engine, run_id: int) -> ThreadMessage | None:
    """The message that the run's thread hangs on; None before it was posted."""
    with reading(engine) as session:
        its = select(ThreadMessage).where(ThreadMessage.run_id == run_id, ThreadMessage.key == ROOT)
        return session.exec(its).one_or_none()


def roots(engine: Engine, run_ids: Collection[int]) -> dict[int, ThreadMessage]:
    """The same of several runs, by their ids; those whose thread wasn't begun are missing."""
    with reading(engine) as session:
        its = select(ThreadMessage).where(col(ThreadMessage.run_id).in_(run_ids), ThreadMessage.key == ROOT)
        return {message.run_id: message for message in session.exec(its)}


def showed(engine: Engine, run_id: int, key: str, channel: str, ts: str, digest: str, said: str) -> None:
    """Remember that Slack has this message now, new or changed. Nothing secret belongs in `said`."""
    with transaction(engine) as session:
        its = select(ThreadMessage).where(ThreadMessage.run_id == run_id, ThreadMessage.key == key)
        former = session.exec(its).one_or_none()
        message = ThreadMessage(run_id=run_id, key=key, channel=channel, ts=ts, digest=digest, said=said)
        if former is not None:
            message.id = former.id
        session.merge(message)


def forget(engine: Engine, run_id: int) -> None:
    """The thread is gone from Slack: nothing of it was shown."""
    with transaction(engine) as session:
        session.exec(delete(ThreadMessage).where(col(ThreadMessage.run_id) == run_id))


def told_in_slack(engine: Engine, now: datetime, lately: timedelta = LATELY) -> list[int]:
    """The ids of the runs whose threads may have something to catch up on: the unfinished ones, and those of late."""
    with reading(engine) as session:
        young = union(unfinished_ids(), select(Run.id).where(col(Run.moved_at) > now - lately))
        its = select(Run.id).where(col(Run.channel).is_not(None), col(Run.id).in_(young))
        return list(session.exec(its.order_by(col(Run.id))))


def astir(engine: Engine, moment: datetime) -> list[int]:
    """The ids of the runs told in Slack that are being looked at or walked, or moved at that moment or later."""
    with reading(engine) as session:
        young = union(unfinished_ids(), select(Run.id).where(col(Run.moved_at) >= moment))
        moved = or_(col(Run.status).in_((RunStatus.PLANNING, RunStatus.RUNNING)), col(Run.moved_at) >= moment)
        its = select(Run.id).where(col(Run.channel).is_not(None), col(Run.id).in_(young), moved)
        return list(session.exec(its.order_by(col(Run.id))))
