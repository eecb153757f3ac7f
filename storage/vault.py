"""The vault: the only place where secrets are written down, and only sealed.

A sealed credential names its practice, its purpose and its row, so a ciphertext copied elsewhere does not open.
Nothing here types a password or decides which one to try.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import SecretStr
from sqlalchemy import Engine

from storage.database import StorageError
from storage.models import Credential, Purpose, Stage


class VaultError(StorageError):
    """A credential or a key is not as it must be; str() is a sentence that quotes neither."""


def new_key() -> SecretStr:
    """A fresh key."""
    raise NotImplementedError


def read_keys(keys: str) -> list[SecretStr]:
    """The keys of a setting or a key file, separated by commas or lines, newest first. Raises VaultError."""
    raise NotImplementedError


class Vault:
    """Credentials, sealed in the database with the newest key, opened with any of the keys."""

    def __init__(self, engine: Engine, keys: Sequence[SecretStr]) -> None:
        """`keys` newest first, at least one; else VaultError."""
        raise NotImplementedError

    def keep(self, practice_id: int, purpose: Purpose, credential: Credential, *, now: datetime) -> None:
        """Seal a credential as pending, before it is typed anywhere; a former pending one becomes previous."""
        raise NotImplementedError

    def kept(self, practice_id: int, purpose: Purpose, stage: Stage) -> Credential | None:
        """The credential of this purpose and stage (of the previous ones the newest), or None."""
        raise NotImplementedError

    def mark_submitted(self, practice_id: int, purpose: Purpose, *, now: datetime) -> None:
        """Remember, before the click, that the pending one is being sent off. VaultError when there is none."""
        raise NotImplementedError

    def was_submitted(self, practice_id: int, purpose: Purpose) -> bool:
        """Whether the pending one was ever sent off, however that ended."""
        raise NotImplementedError

    def prove(self, practice_id: int, *, now: datetime) -> None:
        """A login proved the pending final password: it becomes current, the former one previous, temporary ones go.

        Without a pending one it refreshes the current one's `verified_at`; without either, VaultError.
        """
        raise NotImplementedError

    def verified(self, practice_id: int, now: datetime) -> bool:
        """A login proved the current final password again; False when there is none."""
        raise NotImplementedError

    def verified_at(self, practice_id: int) -> datetime | None:
        """When a login last proved the current final password."""
        raise NotImplementedError

    def knows(self, practice_id: int, username: str) -> bool:
        """Whether a temporary or final password of this user name is kept: the employee is ours."""
        raise NotImplementedError

    def forget(self, practice_id: int, purpose: Purpose | None = None, stage: Stage | None = None) -> int:
        """Destroy what is kept for the practice, of this purpose and stage or of all; how many."""
        raise NotImplementedError

    def forget_previous(self, now: datetime, older_than: timedelta = timedelta(days=7)) -> int:
        """Destroy credentials replaced longer ago than that; how many."""
        raise NotImplementedError

    def forget_administrators(self, now: datetime, older_than: timedelta = timedelta(hours=24)) -> int:
        """Destroy administrators' logins sealed longer ago than that; how many."""
        raise NotImplementedError

    def rotate(self, keys: Sequence[SecretStr] | None = None) -> int:
        """Re-seal every credential with the newest of `keys` (or of the vault's own); how many needed it.

        Safe to interrupt and to repeat; afterwards the older keys can go.
        """
        raise NotImplementedError

    def check(self) -> None:
        """Raise VaultError when the newest credentials can't be opened with these keys: they are the wrong ones."""
        raise NotImplementedError
