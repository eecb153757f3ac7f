"""The vocabulary: rows, statuses with a sentence each, the table of moves, and the few values that pass between folders.

Nothing here reads or writes anything; verbs are in the files beside this one. Times are aware UTC. Enumerations are
stored by their value. Table models hold no secret in the clear: passwords exist as `Credential` values in memory and
as ciphertext in `StoredCredential`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from pydantic import SecretStr
from sqlalchemy import DateTime, Dialect, TypeDecorator


class RunStatus(StrEnum):
    """Where a run stands. `SENTENCES` says each in words for a person."""

    REQUESTED = "REQUESTED"
    PLANNING = "PLANNING"
    PLANNED = "PLANNED"
    APPROVED = "APPROVED"
    RUNNING = "RUNNING"
    WAITING = "WAITING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"


SENTENCES: dict[RunStatus, str] = {
    RunStatus.REQUESTED: "Waiting for the administrator's password.",
    RunStatus.PLANNING: "Looking at RevolutionEHR, changing nothing.",
    RunStatus.PLANNED: "Waiting for somebody to approve the plan.",
    RunStatus.APPROVED: "Approved, waiting for a free browser.",
    RunStatus.RUNNING: "Walking through the guide.",
    RunStatus.WAITING: "A person must do something in RevolutionEHR.",
    RunStatus.SUCCEEDED: "Done: the account works.",
    RunStatus.FAILED: "Stopped at a step; it can be retried.",
    RunStatus.REJECTED: "Somebody said no to the plan.",
    RunStatus.EXPIRED: "Nobody went on with it in time.",
    RunStatus.CANCELLED: "Somebody cancelled it.",
}

_S = RunStatus
MOVES: dict[RunStatus, frozenset[RunStatus]] = {
    _S.REQUESTED: frozenset({_S.PLANNING, _S.EXPIRED, _S.CANCELLED}),
    _S.PLANNING: frozenset({_S.PLANNED, _S.FAILED, _S.CANCELLED}),
    _S.PLANNED: frozenset({_S.APPROVED, _S.REJECTED, _S.EXPIRED, _S.CANCELLED, _S.PLANNING}),
    _S.APPROVED: frozenset({_S.RUNNING, _S.CANCELLED}),
    _S.RUNNING: frozenset({_S.SUCCEEDED, _S.WAITING, _S.FAILED, _S.CANCELLED}),
    _S.WAITING: frozenset({_S.RUNNING, _S.FAILED, _S.CANCELLED}),
    _S.FAILED: frozenset({_S.APPROVED, _S.PLANNING, _S.CANCELLED}),
    _S.SUCCEEDED: frozenset(),
    _S.REJECTED: frozenset(),
    _S.EXPIRED: frozenset(),
    _S.CANCELLED: frozenset(),
}
"""What a run may become from each status (design: "A run"). FAILED is unfinished: it can be retried."""

FINISHED = frozenset(status for status, onward in MOVES.items() if not onward)


class StepStatus(StrEnum):
    """What happened at one numbered step of the guide, in the words people see."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    ALREADY_THERE = "already there"
    FAILED = "failed"


class ErrorClass(StrEnum):
    """What kind of thing went wrong; it decides what happens next."""

    CREDENTIAL = "CREDENTIAL"
    POLICY = "POLICY"
    BUSINESS = "BUSINESS"
    UI_CHANGED = "UI_CHANGED"
    TRANSIENT = "TRANSIENT"
    HUMAN_NEEDED = "HUMAN_NEEDED"


class Purpose(StrEnum):
    """Which password a sealed credential is: the one an administrator sets, the one the reset leaves, the admin's."""

    TEMPORARY = "temporary"
    FINAL = "final"
    ADMINISTRATOR = "administrator"


class Stage(StrEnum):
    """The life of a kept credential: sealed before it is typed, proved by a login, replaced and kept a while."""

    PENDING = "pending"
    CURRENT = "current"
    PREVIOUS = "previous"


class Verdict(StrEnum):
    """Somebody's yes or no on a plan."""

    APPROVED = "approved"
    REJECTED = "rejected"


class CheckOutcome(StrEnum):
    """What one look at an account found."""

    HEALTHY = "healthy"
    LOGIN_REFUSED = "login refused"
    LOCKED = "locked"
    PASSWORD_EXPIRED = "password expired"  # noqa: S105  (an outcome, not a password)
    PERSON_NEEDED = "a person is needed"
    DRIFT = "drift"
    EHR_DOWN = "the EHR is down"
    SCREEN_CHANGED = "the screen changed"


class ChangeKind(StrEnum):
    """What a run would do about one thing."""

    CREATE = "create"
    CHANGE = "change"
    LEAVE = "leave alone"
    FORBID = "forbid"


@dataclass(frozen=True)
class Credential:
    """A user name and its password. Printing it shows no password; pickling or JSON of it is a defect."""

    username: str
    password: SecretStr


@dataclass(frozen=True)
class Change:
    """One line of a plan: what would happen to which thing, and why, in words for a person."""

    kind: ChangeKind
    what: str
    detail: str = ""


@dataclass(frozen=True)
class Plan:
    """What a run would change in one practice's EHR, as read with the administrator's login.

    `ehr_id` is the number of Admin > General > Basic Information; `locations` all accessible locations as read.
    """

    ehr_id: str
    username: str
    primary_location: str
    locations: tuple[str, ...]
    changes: tuple[Change, ...] = field(default=())

    @property
    def forbidden(self) -> tuple[Change, ...]:
        """The lines that forbid the run; empty when it may go on."""
        return tuple(change for change in self.changes if change.kind is ChangeKind.FORBID)

    @property
    def changes_nothing(self) -> bool:
        """True when everything is already as it must be."""
        return all(change.kind is ChangeKind.LEAVE for change in self.changes)

    @property
    def hash(self) -> str:
        """SHA-256 (hex) over the plan's content; an approval signs this."""
        return hashlib.sha256(json.dumps(self.as_json(), sort_keys=True).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """The plan as plain JSON values, for the run's row and for `--json`."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Plan:
        """The plan back from `as_json`."""
        changes = tuple(Change(ChangeKind(c["kind"]), c["what"], c["detail"]) for c in data["changes"])
        return cls(
            data["ehr_id"], data["username"], data["primary_location"], tuple(data["locations"]), changes
        )


def utcnow() -> datetime:
    """The default clock: now, aware, in UTC."""
    return datetime.now(UTC)


class UtcTime(TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out, also on SQLite, which keeps no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone was about to be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


