"""The budget of failed logins per account, shared by runs, checks and rotations: we must never lock an account."""

from datetime import datetime, timedelta

from sqlalchemy import Engine


def failed(engine: Engine, account: str, *, now: datetime) -> None:
    """One login to `account` (`f"{url}|{username}"`, in any case) was refused. Stored as a hash."""
    raise NotImplementedError


def may_try(
    engine: Engine, account: str, *, now: datetime, limit: int = 2, within: timedelta = timedelta(hours=24)
) -> bool:
    """Whether fewer than `limit` logins were refused in the last `within`."""
    raise NotImplementedError
