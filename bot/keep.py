"""What a walk may remember: automation's `Keep`, bound to one practice, over the vault and the failed-login budget.

Not a store of its own. Every call is one transaction that has ended when the call returns: what is kept is safe before
it is typed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from storage import logins
from storage.models import Credential, Practice, Purpose, Stage
from storage.vault import Vault


@dataclass(frozen=True)
class VaultKeep:
    """One practice's part of the vault, and the budget of logins at its address."""

    engine: Engine
    vault: Vault
    practice: Practice
    now: Callable[[], datetime]

    def kept(self, purpose: Purpose, stage: Stage) -> Credential | None:
        """The credential of that purpose in that stage, opened; None where there is none."""
        return self.vault.kept(self.practice.id, purpose, stage)

    def keep(self, purpose: Purpose, credential: Credential) -> None:
        """Seal it as pending. To be called before it is typed anywhere."""
        self.vault.keep(self.practice.id, purpose, credential, now=self.now())

    def mark_submitted(self, purpose: Purpose) -> None:
        """The pending one is about to be sent to the EHR; remembered across a kill."""
        self.vault.mark_submitted(self.practice.id, purpose, now=self.now())

    def was_submitted(self, purpose: Purpose) -> bool:
        """True when the pending one may have reached the EHR."""
        return self.vault.was_submitted(self.practice.id, purpose)

    def prove(self) -> None:
        """A login has proved the pending final password: from now on it is the current one."""
        self.vault.prove(self.practice.id, now=self.now())

    def drop(self) -> None:
        """The pending final password holds nowhere: destroy it."""
        self.vault.forget(self.practice.id, Purpose.FINAL, Stage.PENDING)

    def knows(self, username: str) -> bool:
        """True when this practice's part of the vault holds that user name: the employee is ours."""
        return self.vault.knows(self.practice.id, username)

    def may_try(self, username: str) -> bool:
        """False when today's refused logins of that account are used up: one more might lock it."""
        return logins.may_try(self.engine, self._account(username), now=self.now())

    def refused(self, username: str) -> None:
        """Count a refused login of that account."""
        logins.failed(self.engine, self._account(username), now=self.now())

    def forgive(self, username: str) -> None:
        """An administrator's save of a new password ends what was counted against that account."""
        logins.forgive(self.engine, self._account(username))

    def _account(self, username: str) -> str:
        return f"{self.practice.url}|{username}".casefold()
