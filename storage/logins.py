"""The budget of failed logins per account, shared by runs, checks and rotations: we must never lock an account.

Nothing here logs in. Whoever is about to asks `may_try` first and reports a refusal with `failed`.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Engine, delete, func
from sqlmodel import col, select

from storage.database import reading, transaction
from storage.models import LoginFailure


def failed(engine: Engine, account: str, *, now: datetime) -> None:
    """One login to `account` (`f"{url}|{username}"`, in any case) was refused. Stored as a hash."""
    with transaction(engine) as session:
        session.add(LoginFailure(account=_hash(account), at=now))


def may_try(
    engine: Engine, account: str, *, now: datetime, limit: int = 2, within: timedelta = timedelta(hours=24)
) -> bool:
    """Whether fewer than `limit` logins were refused in the last `within`."""
    with reading(engine) as session:
        failures = select(func.count()).select_from(LoginFailure).where(LoginFailure.account == _hash(account))
        return session.exec(failures.where(col(LoginFailure.at) > now - within)).one() < limit


def forgive(engine: Engine, account: str) -> None:
    """Forget its refused logins: an administrator gave it a new password, with which the EHR counts anew, too."""
    with transaction(engine) as session:
        session.exec(delete(LoginFailure).where(col(LoginFailure.account) == _hash(account)))


def _hash(account: str) -> str:
    return sha256(account.casefold().encode()).hexdigest()
