"""The verbs on a practice. A practice is found by its name, whatever its case and spaces."""

import difflib
import unicodedata
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, select

from storage.database import StorageError, reading, transaction
from storage.models import Practice


def find(engine: Engine, name: str) -> Practice | None:
    """The practice of this name; case and surrounding or doubled spaces don't matter."""
    with reading(engine) as session:
        return _by_key(session, _key(name))


def near(engine: Engine, name: str) -> list[str]:
    """The names of practices that somebody may have meant, nearest first."""
    names = {known.name.casefold(): known.name for known in all_practices(engine)}
    return [names[key] for key in difflib.get_close_matches(name.strip().casefold(), names, n=3, cutoff=0.6)]


def get(engine: Engine, practice_id: int) -> Practice | None:
    """The practice with this id."""
    with reading(engine) as session:
        return session.get(Practice, practice_id)


def save(
    engine: Engine,
    name: str,
    url: str,
    *,
    primary_location: str | None = None,
    password_policy: str | None = None,
    now: datetime,
) -> Practice:
    """Create the practice, or update what is given: None leaves what was there, and its name stays as first written.

    An empty name is a StorageError. Conflict when somebody creates it in the same moment (PostgreSQL only).
    """
    key = _key(name)
    if not key:
        raise StorageError("A practice needs a name.")
    with transaction(engine) as session:
        practice = _by_key(session, key) or Practice(key=key, name=" ".join(name.split()), url=url, created_at=now)
        practice.url = url
        if primary_location is not None:
            practice.primary_location = primary_location
        if password_policy is not None:
            practice.password_policy = password_policy
        session.add(practice)
    return practice


def learned(engine: Engine, practice_id: int, ehr_id: str, username: str) -> None:
    """Keep what a run read in the EHR: the practice's ID there (guide, step 2), and our user name (step 10).

    An account that works isn't retired (any more).
    """
    with transaction(engine) as session:
        practice = session.get(Practice, practice_id)
        if practice is None:
            raise StorageError("There is no such practice.")
        practice.ehr_id, practice.username, practice.retired_at = ehr_id, username, None


def retired(engine: Engine, practice_id: int, *, now: datetime) -> None:
    """Its employee was deactivated, on somebody's wish: from now on it has no account here. Destroys nothing itself."""
    with transaction(engine) as session:
        practice = session.get(Practice, practice_id)
        if practice is None:
            raise StorageError("There is no such practice.")
        practice.retired_at = now


def all_practices(engine: Engine) -> list[Practice]:
    """All of them, by name."""
    with reading(engine) as session:
        return list(session.exec(select(Practice).order_by(Practice.key)))


def _key(name: str) -> str:
    return unicodedata.normalize("NFKC", " ".join(name.split())).casefold()


def _by_key(session: Session, key: str) -> Practice | None:
    return session.exec(select(Practice).where(Practice.key == key)).one_or_none()
