"""Accounts for the tests of health: provisioned practices by the dozen, checks as they come, a clock that is moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pydantic import SecretStr
from sqlalchemy import Engine

from bot.checks.due import Hours
from bot.checks.maintenance import read_windows
from bot.checks.rounds import Rounds
from storage import checks, health
from storage.models import AccountHealth, CheckOutcome, Credential, Practice, Purpose
from storage.vault import Vault, new_key
from tests.engines import save_all

MONDAY = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
URL = "http://tiny.example/static/"


@dataclass
class Knocks:
    """A dispatcher that only remembers; or one that at once finds what `says` for each practice."""

    accounts: Accounts
    checks: list[tuple[datetime, int]] = field(default_factory=list)
    says: CheckOutcome | None = None

    def run(self, run_id: int, seen: datetime | None = None) -> bool:
        return True

    def check(self, practice_id: int) -> bool:
        self.checks.append((self.accounts.now, practice_id))
        if self.says is not None:
            self.accounts.find(practice_id, self.says)
        return True

    def rotate(self, practice_id: int) -> bool:
        return True

    def start(self) -> None: ...

    def stop(self) -> None: ...

    @property
    def ids(self) -> list[int]:
        return [practice_id for _, practice_id in self.checks]


@dataclass
class Accounts:
    """Provisioned practices, and the time."""

    engine: Engine
    now: datetime = MONDAY
    zone: str = "UTC"
    maintenance: str = ""

    def __post_init__(self) -> None:
        windows = read_windows(self.maintenance)
        self.rounds = Rounds(self.engine, Hours.read("06:30", self.zone), lambda: self.now, windows)
        self.knocks = Knocks(self)

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def make(self, *names: str, url: str = URL, due: datetime | None = None) -> list[Practice]:
        """So many practices with a proved password, and their rows; due when their ids say, or then."""
        vault = Vault(self.engine, [new_key()])
        made = save_all(self.engine, names, url, self.now)
        for practice in made[:1]:  # sealing is slow: one is enough where they are many
            vault.keep(practice.id, Purpose.FINAL, Credential("OneSpot1", SecretStr("secret")), now=self.now)
            vault.prove(practice.id, now=self.now)
        with self.engine.begin() as connection:
            connection.exec_driver_sql(
                "INSERT INTO stored_credential "
                "(practice_id, purpose, stage, serial, ciphertext, sealed_at, verified_at) "
                "SELECT p.id, 'final', 'current', 'serial' || p.id, 'sealed', p.created_at, p.created_at "
                "FROM practice p WHERE NOT EXISTS (SELECT 1 FROM stored_credential c WHERE c.practice_id = p.id)"
            )
        self.rounds.cover()
        if due is not None:
            with self.engine.begin() as connection:
                connection.execute(AccountHealth.__table__.update().values(due_at=due))  # type: ignore[attr-defined]
        return made

    def find(self, practice: int | Practice, outcome: CheckOutcome, sentence: str = "") -> None:
        """A check of this practice that found this."""
        practice_id = practice if isinstance(practice, int) else practice.id
        checks.record(self.engine, practice_id, outcome, [sentence or f"It is: {outcome}."], now=self.now)
        self.rounds.looked(practice_id)

    def find_all(self, its: Iterable[Practice], outcome: CheckOutcome) -> None:
        """The same for many."""
        for practice in its:
            checks.record(self.engine, practice.id, outcome, [f"It is: {outcome}."], now=self.now)
        self.rounds.cover()

    def stands(self, practice: Practice) -> AccountHealth:
        row = health.standing(self.engine, practice.id)
        assert row is not None
        return row

    def tick(self) -> list[int]:
        """A minute later: what is handed out."""
        self.later(minutes=1)
        return self.rounds.hand_out(self.knocks)


def named(number: int) -> list[str]:
    return [f"Practice {n:04}" for n in range(number)]
