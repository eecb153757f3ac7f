"""Links that work once: the verbs on a `OneTimeLink`. Nothing here knows what a link opens, nor its address.

The token is 256 random bits and is told once, to whoever made the link. Only its SHA-256 is stored, so neither the
database nor a backup of it opens anything. No salt is needed: what is hashed can't be guessed.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Engine, delete, update
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col, select

from storage.database import StorageError, reading, transaction
from storage.models import LinkPurpose, OneTimeLink, Practice

LASTS = timedelta(minutes=15)
"""How long a link works when nobody says otherwise."""

_BYTES = 32


def make(
    engine: Engine,
    purpose: LinkPurpose,
    practice_id: int | None,
    for_user: str,
    *,
    run_id: int | None = None,
    channel: str | None = None,
    now: datetime,
    lasts: timedelta = LASTS,
) -> str:
    """The token of a new link, 43 letters that need no quoting in an address. It can't be had a second time.

    The unused ones that this user had for the same purpose and practice (or none) end with it. `channel` is where what
    comes of it is told. StorageError when there is no such practice or run.
    """
    token = secrets.token_urlsafe(_BYTES)
    with transaction(engine) as session:
        if practice_id is not None:
            _lock(session, practice_id)
        same = (
            col(OneTimeLink.purpose) == purpose,
            col(OneTimeLink.practice_id) == practice_id,
            col(OneTimeLink.for_user) == for_user,
        )
        session.exec(update(OneTimeLink).where(*same, *_works(now)).values(expires_at=now))
        session.add(
            OneTimeLink(
                digest=_digest(token),
                purpose=purpose,
                practice_id=practice_id,
                run_id=run_id,
                for_user=for_user,
                channel=channel,
                made_at=now,
                expires_at=now + lasts,
            )
        )
    return token


def find(engine: Engine, token: str, *, now: datetime) -> OneTimeLink | None:
    """The link, when it still works; None when it was used, has expired or never was. Changes nothing."""
    with reading(engine) as session:
        its = select(OneTimeLink).where(OneTimeLink.digest == _digest(token), *_works(now))
        return session.exec(its).one_or_none()


def use(engine: Engine, token: str, *, now: datetime) -> OneTimeLink | None:
    """Use the link up; of all who try, exactly one gets it, and the others None."""
    digest = _digest(token)
    with transaction(engine) as session:
        used = session.exec(
            update(OneTimeLink).where(col(OneTimeLink.digest) == digest, *_works(now)).values(used_at=now)
        )
        if used.rowcount != 1:
            return None
        return session.exec(select(OneTimeLink).where(OneTimeLink.digest == digest)).one()


def forget(engine: Engine, now: datetime, older_than: timedelta) -> int:
    """Delete the links that ended more than `older_than` ago, used or not; how many."""
    with transaction(engine) as session:
        return session.exec(delete(OneTimeLink).where(col(OneTimeLink.expires_at) < now - older_than)).rowcount


def _lock(session: Session, practice_id: int) -> None:
    """One maker of links at a time per practice, so that two at once can't both leave a link that works."""
    practice = select(Practice).where(Practice.id == practice_id).with_for_update(key_share=True)
    if session.exec(practice).one_or_none() is None:
        raise StorageError("There is no such practice.")


def _works(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The conditions under which a link works."""
    return col(OneTimeLink.used_at).is_(None), col(OneTimeLink.expires_at) > now


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
