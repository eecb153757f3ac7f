"""The verbs on a run: request, approve, claim, move, record, and where to resume.

Nothing here walks the guide. The row is the truth: every verb is one transaction, and its result says who won.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Engine

from storage.database import StorageError
from storage.models import Lease, Plan, Practice, Run, RunStatus, Step, StepStatus, Trouble, Verdict

TTL = timedelta(seconds=30)
"""How long a lease lives without being renewed."""


class UnfinishedRun(StorageError):
    """The practice has an unfinished run already; `.run` is it."""

    def __init__(self, run: Run) -> None:
        super().__init__(f"This practice has an unfinished run already (number {run.id}, {run.status}).")
        self.run = run


class LeaseLost(StorageError):
    """Somebody else took over this practice: stop at once, touch nothing more."""

    def __init__(self) -> None:
        super().__init__("Another process has taken over this practice, so this one stopped.")


def request(
    engine: Engine, practice_id: int, by: str, *, verb: str = "provision", adopt: bool = False, now: datetime
) -> Run:
    """A new run, REQUESTED. Raises UnfinishedRun when the practice has one that is not finished (FAILED counts)."""
    raise NotImplementedError


def get(engine: Engine, run_id: int) -> Run | None:
    """The run with this id, as it stands."""
    raise NotImplementedError


def move(
    engine: Engine,
    run_id: int,
    to: RunStatus,
    *,
    now: datetime,
    from_: Collection[RunStatus] | None = None,
    plan: Plan | None = None,
    error: Trouble | None = None,
    lease: Lease | None = None,
) -> bool:
    """Move the run, when the table of moves allows it from where it stands; True says "it was me".

    `from_` narrows the statuses it may come from. With `lease`, only its present holder can move. APPROVED needs an
    approval of the run's very plan hash, so a retry keeps its approval and nothing else gets by. `plan` and `error` are
    written with the status; a former error goes when the run goes on.
    """
    raise NotImplementedError


def approve(
    engine: Engine, run_id: int, plan_hash: str, verdict: Verdict, by: str, reason: str = "", *, now: datetime
) -> bool:
    """Say yes or no to the plan with this hash: the Approval and the move are one transaction, and one person wins.

    False when the run isn't PLANNED (any more) or its plan is another one; then nothing was written.
    """
    raise NotImplementedError


def this_process() -> str:
    """How this process signs a lease: `host/pid/start`, and a mark of the machine where Linux gives one."""
    raise NotImplementedError


def is_dead(holder: str) -> bool:
    """True only when the holder was a process of this machine and is gone; False when that can't be known."""
    raise NotImplementedError


def claim(
    engine: Engine,
    run_id: int,
    holder: str,
    *,
    now: datetime,
    ttl: timedelta = TTL,
    to: RunStatus = RunStatus.RUNNING,
) -> Lease | None:
    """Take the practice's lease and move the run to RUNNING (or PLANNING), both or neither; None when somebody else has.

    A lease is free when it was released, has expired, or its holder is dead.
    """
    raise NotImplementedError


def claim_practice(
    engine: Engine, practice_id: int, holder: str, *, now: datetime, ttl: timedelta = TTL
) -> Lease | None:
    """Take the practice's lease for a check; None when somebody else has it."""
    raise NotImplementedError


def renew(engine: Engine, lease: Lease, *, now: datetime, ttl: timedelta = TTL) -> bool:
    """Prolong the lease to `now + ttl`; False when it was taken or released."""
    raise NotImplementedError


def holds(engine: Engine, lease: Lease, *, now: datetime) -> bool:
    """Whether this lease is still good: not taken, not released, not expired. Ask right before every mutating click."""
    raise NotImplementedError


def release(engine: Engine, lease: Lease) -> None:
    """Give the lease back; does nothing when somebody else has it by now."""
    raise NotImplementedError


def record(
    engine: Engine,
    lease: Lease,
    run_id: int,
    number: int,
    name: str,
    status: StepStatus,
    detail: str = "",
    seconds: float = 0.0,
    *,
    now: datetime,
) -> None:
    """Append what happened at a step. Raises LeaseLost when the lease is no longer the practice's newest."""
    raise NotImplementedError


def steps(engine: Engine, run_id: int) -> list[Step]:
    """Everything recorded of a run, oldest first; a step tried twice is there twice."""
    raise NotImplementedError


def resume_at(engine: Engine, run_id: int) -> str | None:
    """The name of the first step of this run's history that isn't done; None when nothing was recorded.

    When all that was recorded is done (stopped between two steps), the last of them: looking at it again costs nothing.
    """
    raise NotImplementedError


def unfinished(engine: Engine, practice_id: int) -> Run | None:
    """The practice's one unfinished run, if any."""
    raise NotImplementedError


def latest(engine: Engine, limit: int = 50) -> list[tuple[Run, Practice]]:
    """The newest runs with their practices, newest first."""
    raise NotImplementedError


def interrupted(engine: Engine, run_id: int, *, now: datetime) -> bool:
    """Whether the program was stopped in the middle of this run; if so it is FAILED now, as TRANSIENT.

    A run that is RUNNING or PLANNING while its lease is free (holder dead, expired, released) was. The former holder's
    token is fenced off, should it wake up. False, and nothing changed, while the holder lives.
    """
    raise NotImplementedError
