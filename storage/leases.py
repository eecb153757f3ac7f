"""Who alone may work at a practice: a lease with a fencing token, held by a run or a check, and never by two.

Two logins of one account throw each other out, so runs and checks take the same lease. Nothing here knows what its
holder does with it. People use these verbs through `runs`.
"""

import os
import platform
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

import psutil
from sqlalchemy import Engine, update
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col, select

from storage.database import StorageError, reading, transaction
from storage.models import Lease, Practice

TTL = timedelta(seconds=30)
"""How long a lease lives without being renewed."""


class LeaseLost(StorageError):
    """Somebody else took over this practice: stop at once, touch nothing more."""

    def __init__(self) -> None:
        super().__init__("Another process has taken over this practice, so this one stopped.")


def this_process() -> str:
    """How this process signs a lease: `host/pid/start`, and a mark of the machine where Linux gives one.

    `start` is in seconds since the machine's boot, so setting the clock makes nobody look dead.
    """
    return f"{platform.node()}/{os.getpid()}/{_started(psutil.Process()):.2f}/{_machine()}"


def is_dead(holder: str) -> bool:
    """True only when the holder was a process of this machine and is gone; False when that can't be known.

    Containers may share a host's name and still count their processes apart: the mark tells them from each other.
    """
    host, pid, start, machine = _parts(holder)
    if host != platform.node() or machine not in ("", _machine()) or not pid.isdecimal():
        return False
    try:
        process = psutil.Process(int(pid))
        return process.status() == psutil.STATUS_ZOMBIE or abs(_started(process) - float(start)) > 2
    except psutil.NoSuchProcess:
        return True
    except (psutil.AccessDenied, ValueError):
        return False


def claim_practice(
    engine: Engine, practice_id: int, holder: str, *, now: datetime, ttl: timedelta = TTL
) -> Lease | None:
    """Take the practice's lease for a check; None when somebody else has it."""
    with transaction(engine) as session:
        lease = locked(session, practice_id)
        if not is_free(lease, now):
            return None
        take(lease, holder, now + ttl)
    return lease


def renew(engine: Engine, lease: Lease, *, now: datetime, ttl: timedelta = TTL) -> bool:
    """Prolong the lease to `now + ttl`; False when it was taken or released.

    One that expired and that nobody took is prolonged: its token is still the newest, so nobody worked in between.
    """
    with transaction(engine) as session:
        prolonged = session.exec(update(Lease).where(*is_still(lease)).values(expires_at=now + ttl))
        return prolonged.rowcount == 1


def holds(engine: Engine, lease: Lease, *, now: datetime) -> bool:
    """Whether this lease is still good: not taken, not released, not expired. Ask right before every mutating click."""
    with reading(engine) as session:
        good = select(Lease.token).where(*is_still(lease), col(Lease.expires_at) > now)
        return session.exec(good).one_or_none() is not None


def release(engine: Engine, lease: Lease) -> None:
    """Give the lease back; does nothing when somebody else has it by now."""
    with transaction(engine) as session:
        session.exec(update(Lease).where(*is_still(lease)).values(holder=None, expires_at=None))


# For the verbs on a run, which take or check a lease in their own transaction


def locked(session: Session, practice_id: int) -> Lease:
    """The practice's lease, made when missing, and locked till the transaction ends."""
    practice = select(Practice).where(Practice.id == practice_id).with_for_update(key_share=True)
    if session.exec(practice).one_or_none() is None:
        raise StorageError("There is no such practice.")
    lease = session.exec(select(Lease).where(Lease.practice_id == practice_id).with_for_update()).one_or_none()
    if lease is None:
        lease = Lease(practice_id=practice_id)
        session.add(lease)
    return lease


def is_free(lease: Lease, now: datetime) -> bool:
    """Released, expired, or held by a process that is gone."""
    return lease.holder is None or lease.expires_at is None or lease.expires_at <= now or is_dead(lease.holder)


def take(lease: Lease, holder: str | None, until: datetime | None) -> None:
    """Give the lease to `holder` (or to nobody), and fence off whoever had it."""
    lease.holder, lease.token, lease.expires_at = holder, lease.token + 1, until


def is_still(lease: Lease) -> tuple[ColumnElement[bool], ...]:
    """The conditions under which this lease has been neither taken nor released."""
    return (
        col(Lease.practice_id) == lease.practice_id,
        col(Lease.token) == lease.token,
        col(Lease.holder) == lease.holder,
    )


def _parts(holder: str) -> tuple[str, str, str, str]:
    host, pid, start, machine = ([*holder.split("/"), "", "", "", ""])[:4]
    return host, pid, start, machine


def _started(process: psutil.Process) -> float:
    return process.create_time() - psutil.boot_time()


@cache
def _machine() -> str:
    """Where a process number means something: this boot and this space of numbers; empty where it can't be told."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        space = os.stat("/proc/self/ns/pid").st_ino
    except OSError:
        return ""
    return sha256(f"{boot} {space}".encode()).hexdigest()[:12]
