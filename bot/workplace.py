"""The place that work is done at: rows, vault, evidence and hands, and a guarded visit to one practice's EHR with them.

Nothing here moves a run or says how something ended: that is for those who work at it (worker.py, execution.py,
rotation.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Engine

from automation.browser import Browser, BrowserMissing
from automation.errors import AutomationError
from automation.revolutionehr.address import Address
from bot.blank import Blank, blank_for
from bot.guard import Guard
from bot.hands import Hands, NoBrowser, Words, wanted
from bot.keep import VaultKeep
from bot.seats import Seats
from bot.watch import Watch
from storage import checks, practices, runs
from storage.database import StorageError
from storage.models import Credential, Plan, Practice, Run, Verb, utcnow
from storage.vault import Vault

VISIT_DEADLINE = 300.0
"""Seconds for a look (a plan, a check), which has no steps to time."""


class Busy(Exception):
    """Somebody else is at this practice now."""


@dataclass
class Workplace:
    """All that work at a practice needs, passed in. For one thread; its guard can be told to stop from any."""

    engine: Engine
    vault: Vault
    evidence: Path
    guard: Guard
    hands: Hands = field(default_factory=Hands)
    now: Callable[[], datetime] = utcnow
    holder: str = field(default_factory=runs.this_process)
    words: Words = field(default_factory=Words)
    """What the guide's words are called at the practices of this installation."""
    seats: Seats | None = None
    """How many visits there are at one EHR at a time, on all machines together; without it as many as come."""
    planned: dict[int, datetime] = field(default_factory=dict)
    """When this worker planned which run, for as long as it remembers."""

    @contextmanager
    def visit(
        self, watch: Watch, practice: Practice, blank: Blank, deadline: float = VISIT_DEADLINE
    ) -> Iterator[Browser]:
        """A browser under the guard, once there is a seat at this practice's EHR; errors that leave it are blanked.

        Raises NoBrowser when there is none, LeaseLost, Stopped or Late when it ended.
        """
        with ExitStack() as seat:
            if self.seats is not None:
                host = urlsplit(practice.url).netloc
                seat.enter_context(self.seats.at(host, lambda: self.guard.go_on_waiting(watch)))
            with self._browser(watch, blank, deadline) as browser:
                yield browser

    @contextmanager
    def _browser(self, watch: Watch, blank: Blank, deadline: float) -> Iterator[Browser]:
        try:
            with self.hands.open_browser() as browser, self.guard.over(browser, watch, deadline):
                yield browser
        except AutomationError as error:
            error.reword(blank)
            raise
        except BrowserMissing as error:
            missing = NoBrowser(str(error), "Nothing was done in RevolutionEHR.", "Run `onespot doctor --install`.")
        else:
            return
        raise missing

    def blank(self, practice: Practice, *given: Credential) -> Blank:
        """What takes this practice's passwords, and those that were given, out of a sentence."""
        return blank_for(self.vault, practice.id, *given)

    def keep(self, practice: Practice) -> VaultKeep:
        """What a walk at this practice may remember."""
        return VaultKeep(self.engine, self.vault, practice, self.now)

    def folder(self, *names: str) -> Path:
        """A folder for pictures, of a run by its id, for this user only; made when it isn't there."""
        folder = self.evidence
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in names:
            folder = folder / name
            folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def rows(self, run_id: int) -> tuple[Run, Practice]:
        """The run and its practice, as they stand."""
        run = runs.get(self.engine, run_id)
        practice = None if run is None else practices.get(self.engine, run.practice_id)
        if run is None or practice is None:
            raise StorageError(f"Run {run_id} isn't in the database any more.")
        return run, practice

    def plan(
        self, browser: Browser, practice: Practice, address: Address, admin: Credential, verb: Verb, *, adopt: bool
    ) -> Plan:
        """What a run of this verb would change, looked at now."""
        hands, keep = self.hands, self.keep(practice)
        if verb is Verb.REPAIR:
            new = checks.is_refused(self.engine, practice.id, self.vault.verified_at(practice.id))
            return hands.plan_repair(browser, address, admin, wanted(practice), keep, new_password=new)
        if verb is Verb.RETIRE:
            was = practice.retired_at is not None
            return hands.plan_retirement(browser, address, admin, keep, retired=was)
        return hands.make_plan(browser, address, admin, wanted(practice), keep, adopt=adopt)

    @contextmanager
    def practice_alone(self, practice: Practice) -> Iterator[Watch]:
        """Holds the practice while somebody only looks there. Raises Busy when somebody is at it."""
        lease = runs.claim_practice(self.engine, practice.id, self.holder, now=self.now())
        if lease is None:
            raise Busy(practice.name)
        with self.guard.holding(lease) as watch:
            yield watch
