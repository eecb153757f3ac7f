"""What only one of several clocks does at a time, and what was done last. Nothing here knows what the duties are."""

from datetime import datetime

from sqlalchemy import Engine, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, or_, select

from storage.database import reading, transaction
from storage.models import ClockDuty


def take(engine: Engine, name: str, *, now: datetime, until: datetime) -> bool:
    """Take a duty that one clock has at a time, until then; False while another one has it."""
    with transaction(engine) as session:
        insert_if_missing(session, ClockDuty, {"name": name, "done": ""})
        free = or_(col(ClockDuty.held_until).is_(None), col(ClockDuty.held_until) <= now)
        its = update(ClockDuty).where(col(ClockDuty.name) == name, free)
        return session.exec(its.values(held_until=until)).rowcount == 1


def leave(engine: Engine, name: str) -> None:
    """Give the duty back."""
    with transaction(engine) as session:
        session.exec(update(ClockDuty).where(col(ClockDuty.name) == name).values(held_until=None))


def keep_done(engine: Engine, name: str, what: str) -> None:
    """Keep what was done last under this duty."""
    with transaction(engine) as session:
        session.merge(ClockDuty(name=name, done=what))


def done(engine: Engine, name: str) -> str:
    """What was done last under this duty; empty when nothing was."""
    with reading(engine) as session:
        duty = session.get(ClockDuty, name)
        return duty.done if duty is not None else ""


# For the verbs of others, in their own transaction


def one_at_a_time(session: Session, name: str) -> None:
    """Wait till no other transaction has this place; SQLite's writer has it from the first line."""
    insert_if_missing(session, ClockDuty, {"name": name, "done": ""})
    session.exec(select(ClockDuty).where(ClockDuty.name == name).with_for_update()).one()


def insert_if_missing(session: Session, table: type, values: dict[str, object]) -> None:
    """A new row, unless there is one with this key; also when others do the same in this moment."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.connection().execute(dialect.insert(table).values(**values).on_conflict_do_nothing())
