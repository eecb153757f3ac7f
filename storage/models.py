"""The vocabulary: rows, statuses with a sentence each, the table of moves, and the few values passed between folders.

Nothing here reads or writes anything; verbs are in the files beside this one. Times are aware UTC. Enumerations are
stored by their value. Table models hold no secret in the clear: passwords exist as `Credential` values in memory and
as ciphertext in `StoredCredential`.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Generic, Self, TypeVar
from uuid import uuid4

from pydantic import SecretStr
from sqlalchemy import JSON, Column, DateTime, Dialect, Index, String, TypeDecorator, text
from sqlmodel import Field, SQLModel


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


class LinkPurpose(StrEnum):
    """What a one-time link is for: to give the administrator's password, to see the kept one, to bring many rows."""

    INTAKE = "intake"
    REVEAL = "reveal"
    IMPORT = "import"


class ImportStatus(StrEnum):
    """Where an import stands: many runs that were asked for, and are approved, together."""

    PLANNING = "PLANNING"
    PLANNED = "PLANNED"
    WALKING = "WALKING"
    HALTED = "HALTED"
    ENDED = "ENDED"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"


IMPORT_SENTENCES: dict[ImportStatus, str] = {
    ImportStatus.PLANNING: "Looking at each practice's RevolutionEHR, changing nothing.",
    ImportStatus.PLANNED: "Waiting for somebody to approve the plans.",
    ImportStatus.WALKING: "Walking through the guide, one wave after the other.",
    ImportStatus.HALTED: "Halted: a run of the last wave did not succeed, so no further one is begun.",
    ImportStatus.ENDED: "Over: each practice has come to its end.",
    ImportStatus.REJECTED: "Somebody said no to the plans.",
    ImportStatus.CANCELLED: "Somebody cancelled it; no further run is begun.",
}

_I = ImportStatus
IMPORT_MOVES: dict[ImportStatus, frozenset[ImportStatus]] = {
    _I.PLANNING: frozenset({_I.PLANNED, _I.CANCELLED}),
    _I.PLANNED: frozenset({_I.WALKING, _I.ENDED, _I.REJECTED, _I.CANCELLED}),
    _I.WALKING: frozenset({_I.HALTED, _I.ENDED, _I.CANCELLED}),
    _I.HALTED: frozenset({_I.WALKING, _I.CANCELLED}),
    _I.ENDED: frozenset(),
    _I.REJECTED: frozenset(),
    _I.CANCELLED: frozenset(),
}
"""What an import may become from each status."""

IMPORT_OVER = frozenset(status for status, onward in IMPORT_MOVES.items() if not onward)


class CheckOutcome(StrEnum):
    """What one look at an account found."""

    HEALTHY = "healthy"
    LOGIN_REFUSED = "login refused"
    LOCKED = "locked"
    PASSWORD_EXPIRED = "password expired"  # noqa: S105  (an outcome, not a password)
    PERSON_NEEDED = "a person is needed"
    EXPIRING = "password expires soon"
    DRIFT = "drift"
    EHR_DOWN = "the EHR is down"
    SCREEN_CHANGED = "the screen changed"


class DriftGrade(StrEnum):
    """How bad a drift is, the worst first: more rights than approved, something the sync needs gone, or looks only."""

    EXCESS = "EXCESS"
    MISSING = "MISSING"
    COSMETIC = "COSMETIC"


class Verb(StrEnum):
    """What a run is to do. All three are planned, approved and walked; checks and rotations are no runs."""

    PROVISION = "provision"
    REPAIR = "repair"
    RETIRE = "retire"


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
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The plan back from `as_json`."""
        changes = tuple(Change(ChangeKind(c["kind"]), c["what"], c["detail"]) for c in data["changes"])
        return cls(data["ehr_id"], data["username"], data["primary_location"], tuple(data["locations"]), changes)


@dataclass(frozen=True)
class Drift:
    """A difference between what must be true of an account and what is, in words that go on after "the"."""

    grade: DriftGrade
    what: str


@dataclass(frozen=True)
class Trouble:
    """What went wrong, in words for a person: what happened, what it means, what to do.

    `step` is the guide's number of the step it happened at, None when it happened outside the 17. Holds no secret:
    it is stored in the clear.
    """

    error_class: ErrorClass
    what: str
    means: str
    do: str
    step: int | None = None


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


AnyEnum = TypeVar("AnyEnum", bound=StrEnum)


class ByValue(TypeDecorator[AnyEnum], Generic[AnyEnum]):
    """An enumeration stored by its value as text, and never anything else: a stranger's value is a ValueError."""

    impl = String
    cache_ok = True

    def __init__(self, kind: type[AnyEnum]) -> None:
        super().__init__(32)
        self.kind = kind

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> AnyEnum | None:
        return None if value is None else self.kind(value)


def _by_value(kind: type[StrEnum], *, nullable: bool = False) -> Any:
    """A field stored by its value. (SQLModel's own way stores an enumeration's names.)"""
    return Field(default=None, sa_column=Column(ByValue(kind), nullable=nullable))


def _time(*, nullable: bool = False) -> Any:
    """A field that is a moment in UTC."""
    return Field(default=None, sa_column=Column(UtcTime(), nullable=nullable))


# The rows. Every one is a value: read in one transaction, detached, without lazy relationships. Table models don't
# validate, so each is made by the verb beside this file that owns it, and `ByValue` and `UtcTime` guard what is bound.


class Practice(SQLModel, table=True):
    """A practice whose EHR we provision. `key` is its name, trimmed and casefolded: names are found by it."""

    id: int = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    name: str
    url: str
    primary_location: str | None = None
    password_policy: str | None = None
    ehr_id: str | None = None
    """The number of Admin > General > Basic Information (guide, step 2), once a run has read it."""
    username: str | None = None
    """The OneSpot employee's user name (guide, step 10), once a run has made it."""
    timezone: str | None = None
    """Where its days are, as "America/Chicago"; None: where ONESPOT_TZ says."""
    retired_at: datetime | None = _time(nullable=True)
    """When its employee was deactivated and its credentials were destroyed, on somebody's wish."""
    created_at: datetime = _time()


UNFINISHED = text("status NOT IN ('CANCELLED', 'EXPIRED', 'REJECTED', 'SUCCEEDED')")
"""Of a run, in the words of the index. `runs.unfinished_ids` reads that one only, however many runs there ever were."""


class Run(SQLModel, table=True):
    """One walk through the guide for one practice. `status` is written by `runs.move` and nobody else."""

    __table_args__ = (
        Index(
            "one_unfinished_run_per_practice",
            "practice_id",
            unique=True,
            sqlite_where=UNFINISHED,
            postgresql_where=UNFINISHED,
        ),
        Index("runs_by_last_move", "moved_at"),
    )

    id: int = Field(default=None, primary_key=True)
    practice_id: int = Field(foreign_key="practice.id", index=True)
    verb: Verb = _by_value(Verb)
    status: RunStatus = _by_value(RunStatus)
    requested_by: str
    requested_at: datetime = _time()
    moved_at: datetime = _time()
    plan: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    plan_hash: str | None = None
    adopt: bool = False
    administrator: str | None = None
    """The user name that the run logs in with, once it was said. Its password is the vault's alone."""
    channel: str | None = None
    """Where in Slack it was asked for and is told about; None for one asked for at a terminal."""
    notes: str = ""
    error_class: ErrorClass | None = _by_value(ErrorClass, nullable=True)
    error_step: int | None = None
    error_what: str | None = None
    error_means: str | None = None
    error_do: str | None = None
    crashes: int = 0
    """How often the program was stopped in the middle of this run."""
    outcome: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    """What a run that came to its end has proved, and with which versions; None for others."""

    @property
    def the_plan(self) -> Plan | None:
        """The plan as a value; None before one was made."""
        return None if self.plan is None else Plan.from_json(self.plan)

    @property
    def trouble(self) -> Trouble | None:
        """What stopped it, as a value; None when nothing did."""
        if self.error_class is None:
            return None
        means, do = self.error_means or "", self.error_do or ""
        return Trouble(self.error_class, self.error_what or "", means, do, self.error_step)


class Step(SQLModel, table=True):
    """What happened at a step of the guide in one run. Appended, never changed: the newest of a name is how it stands.

    `token` is the lease's, so it can be seen which holder wrote it. `seconds` is how long the step took. `picture` is
    the SHA-256 (hex) of the picture that was taken when it was done; empty where there is none.
    """

    id: int = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="run.id", index=True)
    number: int
    name: str
    status: StepStatus = _by_value(StepStatus)
    detail: str = ""
    seconds: float = 0.0
    picture: str = ""
    token: int
    at: datetime = _time()


class Approval(SQLModel, table=True):
    """Somebody's yes or no, on one plan's hash."""

    id: int = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="run.id", index=True)
    plan_hash: str
    verdict: Verdict = _by_value(Verdict)
    by: str
    reason: str = ""
    at: datetime = _time()


class Import(SQLModel, table=True):
    """Runs for many practices that were asked for together; one yes is for all of their plans.

    `status` is written by `imports` alone. `channel` is where in Slack it is told about; None for one from a terminal.
    """

    __tablename__ = "import"

    id: int = Field(default=None, primary_key=True)
    status: ImportStatus = _by_value(ImportStatus)
    requested_by: str
    requested_at: datetime = _time()
    moved_at: datetime = _time()
    channel: str | None = None
    wave: int = 0
    """The wave that was begun last; 0 before the first."""
    digest: str = ""
    """What the yes was for: a hash over the plans' hashes."""
    decided_by: str | None = None
    reason: str = ""
    ts: str | None = None
    """Its card in Slack."""
    shown: str = ""
    """What that card shows, as a hash: it is edited only when that changed."""
    sheets: int = 0
    """How many of its sheets are in the card's thread: the plans first, the outcomes at the end."""


class ImportedRun(SQLModel, table=True):
    """A run that belongs to an import: the line it came from, and the wave it is walked in."""

    __tablename__ = "imported_run"

    run_id: int = Field(primary_key=True, foreign_key="run.id")
    import_id: int = Field(foreign_key="import.id", index=True)
    line: int
    """Of the sheet, from 1."""
    wave: int | None = None
    """None before the yes; 0 for one that this import doesn't walk: forbidden, not planned, or left to a person."""
    plan_hash: str | None = None
    """The plan that the yes was for."""


class Lease(SQLModel, table=True):
    """Who alone may work at a practice now. `holder` is None when nobody does; `token` grows by 1 with every claim."""

    practice_id: int = Field(foreign_key="practice.id", primary_key=True)
    holder: str | None = None
    token: int = 0
    expires_at: datetime | None = _time(nullable=True)


_STANDING = text("stage <> 'previous'")


class StoredCredential(SQLModel, table=True):
    """A credential as ciphertext; only `vault` reads and writes it. `serial` is sealed inside too: see there."""

    __tablename__ = "stored_credential"
    __table_args__ = (
        Index(
            "one_credential_per_stage",
            "practice_id",
            "purpose",
            "stage",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )

    id: int = Field(default=None, primary_key=True)
    practice_id: int = Field(foreign_key="practice.id", index=True)
    purpose: Purpose = _by_value(Purpose)
    stage: Stage = _by_value(Stage)
    serial: str = Field(default_factory=lambda: uuid4().hex, unique=True)
    ciphertext: str
    sealed_at: datetime = _time()
    submitted_at: datetime | None = _time(nullable=True)
    """When its form was sent off to the EHR, with an outcome that nobody may ever have seen."""
    verified_at: datetime | None = _time(nullable=True)
    replaced_at: datetime | None = _time(nullable=True)


class SigningKey(SQLModel, table=True):
    """The one key that this installation signs evidence with; only `signing` reads and writes it.

    `public` is in hex, for whoever verifies; `ciphertext` is the private part, sealed with the vault's keys.
    """

    __tablename__ = "signing_key"

    id: int = Field(default=None, primary_key=True)
    public: str
    ciphertext: str
    made_at: datetime = _time()


class LoginFailure(SQLModel, table=True):
    """One refused login. `account` is a hash: neither the address nor the user name can be read from it."""

    __tablename__ = "login_failure"
    __table_args__ = (Index("login_failures_of_an_account", "account", "at"),)

    id: int = Field(default=None, primary_key=True)
    account: str
    at: datetime = _time()


class HealthCheck(SQLModel, table=True):
    """One try of a credential and one look at the account, with its outcome."""

    __tablename__ = "health_check"
    __table_args__ = (Index("checks_of_a_practice", "practice_id", "id"), Index("checks_by_time", "at"))

    id: int = Field(default=None, primary_key=True)
    practice_id: int = Field(foreign_key="practice.id", index=True)
    outcome: CheckOutcome = _by_value(CheckOutcome)
    detail: list[Any] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """The sentence, then each drift in words."""
    grade: DriftGrade | None = _by_value(DriftGrade, nullable=True)
    """Of the worst drift; None where there is none."""
    at: datetime = _time()


class HealthAlert(SQLModel, table=True):
    """A message in Slack about accounts that fail alike, with its thread: one practice, or forty in one incident."""

    __tablename__ = "health_alert"

    id: int = Field(default=None, primary_key=True)
    outcome: CheckOutcome = _by_value(CheckOutcome)
    host: str
    """Of the EHR's address that its practices share."""
    name: str
    """Of the first practice in it."""
    requester: str = ""
    """Who asked for that one's account, where the alert was about it alone."""
    channel: str
    ts: str
    size: int
    """How many practices it was ever about."""
    digest: str = ""
    """What it shows, so that it is edited only when that changed."""
    opened_at: datetime = _time()
    grew_at: datetime = _time()
    pause_said: bool = False
    """Whether its thread says that checks pause."""
    reminded_at: datetime | None = _time(nullable=True)
    """When its thread last said that it is still so."""
    pictured: bool = False
    """Whether its thread has the picture of the last days."""
    closed: bool = False
    """Whether it shows that none of its practices fails any more."""


class AccountHealth(SQLModel, table=True):
    """How a provisioned practice's account stands, when it is looked at next, and what was said about it where.

    Made from the practice's checks by `health.take_in`; `check_id` is the newest one that is in here.
    """

    __tablename__ = "account_health"

    practice_id: int = Field(primary_key=True, foreign_key="practice.id")
    due_at: datetime | None = _time(nullable=True)
    """When the next check is handed out; None: not by itself (a refused login waits for a person)."""
    handed_at: datetime | None = _time(nullable=True)
    """When a check was last handed out."""
    check_id: int = 0
    outcome: CheckOutcome | None = _by_value(CheckOutcome, nullable=True)
    detail: list[Any] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    grade: DriftGrade | None = _by_value(DriftGrade, nullable=True)
    since: datetime | None = _time(nullable=True)
    """Since when the outcome is this one."""
    looked_at: datetime | None = _time(nullable=True)
    alike: int = 0
    """How many checks in a row ended like the last one."""
    alert_id: int | None = Field(default=None, foreign_key="health_alert.id", index=True)
    told: CheckOutcome | None = _by_value(CheckOutcome, nullable=True)
    """What that alert or its thread said about it last; None while its name isn't in there yet."""
    snoozed_until: datetime | None = _time(nullable=True)
    muted: bool = False


_NOT_ENDED = text("ended_at IS NULL")


class Rotation(SQLModel, table=True):
    """A new password for a practice's account: why, how it ended, and whether OneSpot was told of it since."""

    __table_args__ = (
        Index(
            "one_open_rotation_per_practice",
            "practice_id",
            unique=True,
            sqlite_where=_NOT_ENDED,
            postgresql_where=_NOT_ENDED,
        ),
    )

    id: int = Field(default=None, primary_key=True)
    practice_id: int = Field(foreign_key="practice.id", index=True)
    why: str
    """What it was for, in words: "somebody asked for it", "RevolutionEHR asked for a new password"."""
    asked_by: str
    """Who pressed the button or typed the command; "the checks" where a check began it."""
    begun_at: datetime = _time()
    tried_at: datetime | None = _time(nullable=True)
    """When a worker last set to it; None while it only waits for one."""
    proved_at: datetime | None = _time(nullable=True)
    """When a fresh login proved the new password; None while that is open, or when it failed."""
    ended_at: datetime | None = _time(nullable=True)
    problem: str = ""
    """Why it ended without a new password, in a sentence."""
    handed_over_at: datetime | None = _time(nullable=True)
    """When somebody said that OneSpot's auto-sync settings have the new password."""
    handed_over_by: str | None = None
    channel: str | None = None
    ts: str | None = None
    """Where Slack shows who is to hand it over."""
    reminded_at: datetime | None = _time(nullable=True)
    digest: str = ""


class ClockDuty(SQLModel, table=True):
    """What only one of several clocks does at a time, by its name; `done` says what it did last."""

    __tablename__ = "clock_duty"

    name: str = Field(primary_key=True)
    held_until: datetime | None = _time(nullable=True)
    done: str = ""


class OneTimeLink(SQLModel, table=True):
    """An address that works once, for one person, for a while. Kept as a hash: the address can't be read from it."""

    __tablename__ = "one_time_link"

    id: int = Field(default=None, primary_key=True)
    digest: str = Field(unique=True)
    purpose: LinkPurpose = _by_value(LinkPurpose)
    practice_id: int | None = Field(default=None, foreign_key="practice.id", index=True)
    """None for one that is about no practice yet: an import's."""
    run_id: int | None = Field(default=None, foreign_key="run.id", index=True)
    for_user: str
    channel: str | None = None
    """Where in Slack it was asked for, where what comes of it is told there."""
    made_at: datetime = _time()
    expires_at: datetime = _time()
    used_at: datetime | None = _time(nullable=True)


class ThreadMessage(SQLModel, table=True):
    """One message of a run's thread, as Slack has it: `key` says which one, `said` its text, `digest` what it shows."""

    __tablename__ = "thread_message"
    __table_args__ = (Index("one_message_of_a_kind_per_run", "run_id", "key", unique=True),)

    id: int = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="run.id")
    key: str
    channel: str
    ts: str
    digest: str
    said: str


class AuditEntry(SQLModel, table=True):
    """Who did what, when. The database itself refuses to change or delete one.

    The two ids are no foreign keys: an entry outlives what it speaks of.
    """

    __tablename__ = "audit_entry"

    id: int = Field(default=None, primary_key=True)
    at: datetime = _time()
    who: str
    what: str
    practice_id: int | None = Field(default=None, index=True)
    run_id: int | None = Field(default=None, index=True)
    detail: str = ""
