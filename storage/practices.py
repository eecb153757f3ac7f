"""The verbs on a practice. A practice is found by its name, whatever its case and spaces."""

from datetime import datetime

from sqlalchemy import Engine

from storage.models import Practice


def find(engine: Engine, name: str) -> Practice | None:
    """The practice of this name; case and surrounding or doubled spaces don't matter."""
    raise NotImplementedError


def get(engine: Engine, practice_id: int) -> Practice | None:
    """The practice with this id."""
    raise NotImplementedError


def save(
    engine: Engine,
    name: str,
    url: str,
    *,
    primary_location: str | None = None,
    password_policy: str | None = None,
    now: datetime,
) -> Practice:
    """Create the practice, or update what is given; None leaves what was there. An empty name is a StorageError."""
    raise NotImplementedError


def learned(engine: Engine, practice_id: int, ehr_id: str, username: str) -> None:
    """Keep what a run read in the EHR: the practice's ID there, and our user name."""
    raise NotImplementedError


def all_practices(engine: Engine) -> list[Practice]:
    """All of them, by name."""
    raise NotImplementedError
