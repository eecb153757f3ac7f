"""Where passwords are written down before they are typed: what automation asks of whoever keeps them.

The one implementation is over the vault (bot/keep.py). Everything here is about one practice.
"""

from __future__ import annotations

from typing import Protocol

from storage.models import Credential, Purpose, Stage


class Keep(Protocol):
    """The kept credentials of one practice, and how often a login may still be tried."""

    def kept(self, purpose: Purpose, stage: Stage) -> Credential | None:
        """The credential of that purpose and stage, or None."""

    def keep(self, purpose: Purpose, credential: Credential) -> None:
        """Seals it as pending. When this returns it survives a crash; only then may it be typed."""

    def mark_submitted(self, purpose: Purpose) -> None:
        """Notes that the pending one is about to be submitted: from here on it may be the valid one."""

    def was_submitted(self, purpose: Purpose) -> bool:
        """True when the pending one was marked."""

    def prove(self) -> None:
        """A login with the pending (or current) final password worked: it becomes, or stays, the current one."""

    def drop(self) -> None:
        """Destroys the pending final password: it was never submitted, or a login showed that the former one holds."""

    def knows(self, username: str) -> bool:
        """True when any credential of this user name is kept for this practice."""

    def may_try(self, username: str) -> bool:
        """False when the budget of failed logins of this account is used up: no try must be made."""

    def refused(self, username: str) -> None:
        """Counts a refused login of this account."""

    def forgive(self, username: str) -> None:
        """Forgets the refused logins of this account: an administrator has just saved a new password for it."""
