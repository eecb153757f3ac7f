"""Where the vault's keys come from: ONESPOT_KEYS, else a file of mode 0600 beside the SQLite database.

Not the sealing itself (storage.vault). The file is made on first use, and only while the database holds no sealed row:
a lost key file must never be replaced silently by one that opens nothing. PostgreSQL always needs ONESPOT_KEYS.
"""

from __future__ import annotations

import functools
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Engine
from sqlmodel import col, select

from bot.problems import SettingsProblem
from bot.settings import Settings
from storage.database import reading
from storage.models import Lease, SigningKey, StoredCredential
from storage.runs import is_dead
from storage.vault import Vault, VaultError, new_key, read_keys

PRIVATE = 0o600


def key_file(settings: Settings) -> Path | None:
    """The file in question (`onespot.db` -> `onespot.keys`); None when the keys come from elsewhere."""
    if settings.onespot_keys is not None or settings.database_file is None:
        return None
    return settings.database_file.with_suffix(".keys")


def find_keys(settings: Settings, engine: Engine) -> list[SecretStr]:
    """The keys, newest first. Makes the key file on first use. Raises `SettingsProblem` with one sentence."""
    if settings.onespot_keys is not None:
        return _read(settings.onespot_keys.get_secret_value(), "ONESPOT_KEYS")
    path = key_file(settings)
    if path is None:
        raise SettingsProblem("ONESPOT_KEYS is required with PostgreSQL: `onespot keys new` prints a key to put there.")
    if not path.exists():
        _refuse_to_replace_a_lost_file(path, engine)
        write_keys(path, [new_key()], replace=False)
    return read_key_file(path)


def read_key_file(path: Path) -> list[SecretStr]:
    """The keys in the file, newest first; a file that others could read is closed to them on the way."""
    try:
        if path.stat().st_mode & 0o077:
            path.chmod(PRIVATE)
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise SettingsProblem(f"The key file {path} can't be read: check who owns it.") from None
    return _read(text, f"The key file {path}")


def write_keys(path: Path, keys: Sequence[SecretStr], *, replace: bool) -> None:
    """Write the whole file or nothing of it, mode 0600. Without `replace`, somebody else's file stays as it is.

    Two processes at their first use at once end with one file: the link of the slower one fails and is forgotten.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write("".join(f"{key.get_secret_value()}\n" for key in keys))
                file.flush()
                os.fsync(file.fileno())
            if replace:
                os.replace(name, path)
            else:
                with suppress(FileExistsError):
                    os.link(name, path)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(name)
    except OSError:
        raise SettingsProblem(f"The key file {path} can't be written: choose a folder that you may write to.") from None


def open_vault(settings: Settings, engine: Engine) -> Vault:
    """The vault with these keys, which reads a key file again where it has to. Raises `SettingsProblem`."""
    return Vault(engine, find_keys(settings, engine), functools.partial(keys_anew, settings))


def keys_anew(settings: Settings) -> list[SecretStr]:
    """The keys as the file has them now, newest first; none where there is no file, or none that can be read."""
    path = key_file(settings)
    try:
        return read_key_file(path) if path is not None else []
    except SettingsProblem:
        return []


def rotate(settings: Settings, engine: Engine, now: datetime) -> int:
    """Seal all that is sealed anew with the newest key; how many needed it. Safe to interrupt and to repeat.

    Keys in a file get a new one first, and the older ones stay in the file: backups need them. Whoever is at work
    meanwhile reads the file again. Keys in ONESPOT_KEYS are the operator's: a new one is put in front there before this
    is called. Those raise `SettingsProblem` while anybody works, because a program that knows the older keys only would
    seal with them.
    """
    path = key_file(settings)
    if path is None and _somebody_works(engine, now):
        raise SettingsProblem("Somebody is at work with the present keys: rotate them when no run or check goes on.")
    vault = open_vault(settings, engine)
    vault.check()
    return vault.rotate() if path is None else vault.rotate(lambda: _one_more(path))


def _one_more(path: Path) -> list[SecretStr]:
    """A new key in front of those in the file, as they are now: to be called where nobody else can rotate."""
    keys = [new_key(), *read_key_file(path)]
    write_keys(path, keys, replace=True)
    return keys


def _somebody_works(engine: Engine, now: datetime) -> bool:
    with reading(engine) as session:
        leases = session.exec(select(Lease).where(col(Lease.holder).is_not(None), col(Lease.expires_at) > now)).all()
    return any(lease.holder is not None and not is_dead(lease.holder) for lease in leases)


def holds_sealed_rows(engine: Engine) -> bool:
    """True when at least one password, or the signing key, is sealed in the database."""
    with reading(engine) as session:
        sealed = (session.exec(select(col(table.id)).limit(1)).first() for table in (StoredCredential, SigningKey))
        return any(row is not None for row in sealed)


def _refuse_to_replace_a_lost_file(path: Path, engine: Engine) -> None:
    if holds_sealed_rows(engine):
        raise SettingsProblem(
            f"The key file {path} is missing, but the database holds passwords sealed with it: "
            "put the file back, or set ONESPOT_KEYS to its keys."
        )


def _read(text: str, source: str) -> list[SecretStr]:
    try:
        keys = read_keys(text)
    except (VaultError, ValueError) as error:
        raise SettingsProblem(f"{source}: {error}") from None
    if not keys:
        raise SettingsProblem(f"{source} holds no key: `onespot keys new` prints one.")
    return keys
