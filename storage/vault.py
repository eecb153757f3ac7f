"""The vault: the only place where secrets are written down, and only sealed.

A sealed credential names its practice, its purpose and its row, so a ciphertext copied elsewhere does not open.
Nothing here types a password or decides which one to try.
"""

import json
import re
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr
from sqlalchemy import Engine, delete
from sqlmodel import Session, col, select

from storage.database import StorageError, reading, transaction
from storage.models import FINISHED, Credential, Purpose, Run, SigningKey, Stage, StoredCredential

VERSION = 1
"""Of the sealed payload's form."""

_KEY = re.compile(r"[A-Za-z0-9_-]{43}=")
_OURS = (Purpose.TEMPORARY, Purpose.FINAL)


class VaultError(StorageError):
    """A credential or a key is not as it must be; str() is a sentence that quotes neither."""


def new_key() -> SecretStr:
    """A fresh key."""
    return SecretStr(Fernet.generate_key().decode())


def read_keys(keys: str) -> list[SecretStr]:
    """The keys of a setting or a key file, separated by commas or lines, newest first. Raises VaultError."""
    found = [key.strip() for key in keys.replace(",", "\n").splitlines() if key.strip()]
    if not found:
        raise VaultError("There are no keys: ONESPOT_KEYS must hold at least one. `onespot keys new` makes one.")
    for number, key in enumerate(found, start=1):
        if not _KEY.fullmatch(key):
            raise VaultError(
                f"Key {number} of {len(found)} in ONESPOT_KEYS is not a key: one has 44 characters and ends with =. "
                "`onespot keys new` makes one."
            )
    return [SecretStr(key) for key in dict.fromkeys(found)]


class Vault:
    """Credentials, sealed in the database with the newest key, opened with any of the keys."""

    def __init__(
        self, engine: Engine, keys: Sequence[SecretStr], anew: Callable[[], Sequence[SecretStr]] = lambda: ()
    ) -> None:
        """`keys` newest first, at least one; else VaultError.

        `anew` gives the keys as they are now, where another process may have put a newer one in front; none where that
        can't be told. It is asked before anything is sealed, and when something doesn't open.
        """
        self._engine, self._anew = engine, anew
        self._secrets, self._keys = list(keys), _fernets(keys)
        self._learning = threading.Lock()

    # One credential's life

    def keep(self, practice_id: int, purpose: Purpose, credential: Credential, *, now: datetime) -> None:
        """Seal a credential as pending, before it is typed anywhere; a former pending one becomes previous."""
        with transaction(self._engine) as session:
            _replace(session, practice_id, purpose, Stage.PENDING, now)
            session.add(self._sealed(practice_id, purpose, credential, now))

    def keep_administrator(self, run_id: int, credential: Credential, *, now: datetime) -> bool:
        """Seal the administrator's login for this run, in the place of a former one, which is destroyed.

        False when the run has ended meanwhile: then nothing is kept, and whoever asked since keeps what is theirs.
        """
        with transaction(self._engine) as session:
            run = session.exec(select(Run).where(Run.id == run_id).with_for_update()).one_or_none()
            if run is None or run.status in FINISHED:
                return False
            self.seal_administrator(session, run.practice_id, credential, now=now)
        return True

    def seal_administrator(self, session: Session, practice_id: int, credential: Credential, *, now: datetime) -> None:
        """Seal the administrator's login of the practice's run, as a part of somebody's transaction."""
        _destroy(session, _of(practice_id, Purpose.ADMINISTRATOR, None))
        session.add(self._sealed(practice_id, Purpose.ADMINISTRATOR, credential, now))

    def kept(self, practice_id: int, purpose: Purpose, stage: Stage) -> Credential | None:
        """The credential of this purpose and stage (of the previous ones the newest), or None.

        VaultError when it is there and doesn't open.
        """
        with reading(self._engine) as session:
            row = _row(session, practice_id, purpose, stage)
        return None if row is None else self._open(row)

    def mark_submitted(self, practice_id: int, purpose: Purpose, *, now: datetime) -> None:
        """Remember, before the click, that the pending one is being sent off. VaultError when there is none."""
        with transaction(self._engine) as session:
            row = _row(session, practice_id, purpose, Stage.PENDING)
            if row is None:
                raise VaultError(f"No {purpose} password was kept before it was sent off.")
            row.submitted_at = now

    def was_submitted(self, practice_id: int, purpose: Purpose) -> bool:
        """Whether the pending one was ever sent off, however that ended."""
        with reading(self._engine) as session:
            row = _row(session, practice_id, purpose, Stage.PENDING)
        return row is not None and row.submitted_at is not None

    def prove(self, practice_id: int, *, now: datetime) -> None:
        """A login proved the pending final password: it becomes current, the former one previous, temporary ones go.

        Without a pending one it refreshes the current one's `verified_at`; without either, VaultError.
        """
        with transaction(self._engine) as session:
            row = _row(session, practice_id, Purpose.FINAL, Stage.PENDING)
            if row is not None:
                _replace(session, practice_id, Purpose.FINAL, Stage.CURRENT, now)
            else:
                row = _row(session, practice_id, Purpose.FINAL, Stage.CURRENT)
            if row is None:
                raise VaultError("There is no final password that a login could have proved.")
            row.stage, row.verified_at = Stage.CURRENT, now
            _destroy(session, _of(practice_id, Purpose.TEMPORARY, None))

    def verified(self, practice_id: int, now: datetime) -> bool:
        """A login proved the current final password again; False when there is none."""
        with transaction(self._engine) as session:
            row = _row(session, practice_id, Purpose.FINAL, Stage.CURRENT)
            if row is not None:
                row.verified_at = now
        return row is not None

    def verified_at(self, practice_id: int) -> datetime | None:
        """When a login last proved the current final password; None when there is none."""
        with reading(self._engine) as session:
            row = _row(session, practice_id, Purpose.FINAL, Stage.CURRENT)
        return row.verified_at if row is not None else None

    def knows(self, practice_id: int, username: str) -> bool:
        """Whether a temporary or final password of this user name is kept, in any stage: the employee is ours."""
        with reading(self._engine) as session:
            its = select(StoredCredential).where(StoredCredential.practice_id == practice_id)
            rows = session.exec(its.where(col(StoredCredential.purpose).in_(_OURS))).all()
        return any(self._open(row).username.casefold() == username.casefold() for row in rows)

    def kept_for(self, practice_id: int) -> list[Credential]:
        """Everything that is kept for the practice, of any purpose and stage. For whoever must not let it be said."""
        with reading(self._engine) as session:
            rows = session.exec(select(StoredCredential).where(*_of(practice_id, None, None))).all()
        return [self._open(row) for row in rows]

    # Destroying

    def forget(self, practice_id: int, purpose: Purpose | None = None, stage: Stage | None = None) -> int:
        """Destroy what is kept for the practice, of this purpose and stage or of all; how many."""
        with transaction(self._engine) as session:
            return _destroy(session, _of(practice_id, purpose, stage))

    def forget_previous(self, now: datetime, older_than: timedelta = timedelta(days=7)) -> int:
        """Destroy credentials replaced longer ago than that; how many."""
        with transaction(self._engine) as session:
            return _destroy(session, [col(StoredCredential.replaced_at) < now - older_than])

    def forget_administrators(self, now: datetime, older_than: timedelta = timedelta(hours=24)) -> int:
        """Destroy administrators' logins sealed longer ago than that; how many."""
        administrators = StoredCredential.purpose == Purpose.ADMINISTRATOR
        with transaction(self._engine) as session:
            return _destroy(session, [administrators, col(StoredCredential.sealed_at) < now - older_than])

    # Keys

    def rotate(self, keys: Sequence[SecretStr] | Callable[[], Sequence[SecretStr]] | None = None) -> int:
        """Re-seal all that is sealed with the newest of `keys` (or of the vault's own); how many needed it.

        All or none: interrupted, nothing changed; repeated, it finds nothing to do. Afterwards the older keys can go,
        once no other process seals with them any more. VaultError when one can't be opened by any key. Keys that are
        made by a call are made inside the transaction: on SQLite nobody else seals or rotates meanwhile.
        """
        with transaction(self._engine) as session:
            given = keys() if callable(keys) else keys
            newest = self._keys if given is None else _fernets(given)
            opening = MultiFernet([*newest, *self._keys])
            rows: list[StoredCredential | SigningKey] = [*session.exec(select(StoredCredential).with_for_update())]
            rows += session.exec(select(SigningKey).with_for_update()).all()
            old = [row for row in rows if _decrypt(newest[0], row.ciphertext) is None]
            for row in old:
                sealed = _decrypt(opening, row.ciphertext)
                if sealed is None:
                    raise VaultError(
                        f"{_WRONG_KEYS} So nothing was sealed anew; keep the older keys in ONESPOT_KEYS till it is."
                    )
                row.ciphertext = newest[0].encrypt(sealed).decode()
            self._learn(given or ())
        return len(old)

    def check(self) -> None:
        """Raise VaultError when what was sealed last can't be opened with these keys: they are the wrong ones."""
        with reading(self._engine) as session:
            rows = session.exec(select(StoredCredential).order_by(col(StoredCredential.id).desc()).limit(20)).all()
            keys = session.exec(select(SigningKey)).all()
        for row in rows:
            self._open(row)
        for key in keys:
            self._unsealed(key.ciphertext)

    # Sealing and opening

    def seal_key(self, place: dict[str, Any], key: SecretStr) -> str:
        """A key that is no credential, sealed for its place: to be called in the transaction that adds its row."""
        self._learn(self._anew())
        payload = {**place, "key": key.get_secret_value()}
        return self._keys[0].encrypt(json.dumps(payload).encode()).decode()

    def open_key(self, place: dict[str, Any], ciphertext: str) -> SecretStr:
        """What `seal_key` has sealed for this very place; else VaultError."""
        payload = self._unsealed(ciphertext)
        if any(payload.get(name) != value for name, value in place.items()):
            raise VaultError("A kept key was sealed for another place, so it stays shut.")
        return SecretStr(payload["key"])

    def _sealed(self, practice_id: int, purpose: Purpose, credential: Credential, now: datetime) -> StoredCredential:
        """A new row, pending; to be made in the transaction that adds it, else its key may have gone meanwhile."""
        serial = uuid4().hex
        return StoredCredential(
            practice_id=practice_id,
            purpose=purpose,
            stage=Stage.PENDING,
            serial=serial,
            ciphertext=self._seal(_place(practice_id, purpose, serial), credential),
            sealed_at=now,
        )

    def _learn(self, newer: Sequence[SecretStr]) -> None:
        """These keys come first from now on; the others still open."""
        with self._learning:
            secrets = list(dict.fromkeys([*newer, *self._secrets]))
            if secrets != self._secrets:
                self._secrets, self._keys = secrets, _fernets(secrets)

    def _seal(self, place: dict[str, Any], credential: Credential) -> str:
        self._learn(self._anew())
        payload = {**place, "username": credential.username, "password": credential.password.get_secret_value()}
        return self._keys[0].encrypt(json.dumps(payload).encode()).decode()

    def _unsealed(self, ciphertext: str) -> dict[str, Any]:
        sealed = _decrypt(MultiFernet(self._keys), ciphertext)
        if sealed is None:
            self._learn(self._anew())
            sealed = _decrypt(MultiFernet(self._keys), ciphertext)
        if sealed is None:
            raise VaultError(_WRONG_KEYS)
        payload: dict[str, Any] = json.loads(sealed)
        return payload

    def _open(self, row: StoredCredential) -> Credential:
        payload = self._unsealed(row.ciphertext)
        place = _place(row.practice_id, row.purpose, row.serial)
        if any(payload.get(name) != value for name, value in place.items()):
            raise VaultError("A kept password was sealed for another practice, purpose or place, so it stays shut.")
        return Credential(payload["username"], SecretStr(payload["password"]))


_WRONG_KEYS = (
    "A kept password can't be opened with these keys: ONESPOT_KEYS are the wrong keys, or one is missing, "
    "or what was kept has been changed."
)


def _fernets(keys: Sequence[SecretStr]) -> list[Fernet]:
    return [Fernet(key.get_secret_value()) for key in read_keys(",".join(key.get_secret_value() for key in keys))]


def _decrypt(keys: Fernet | MultiFernet, ciphertext: str) -> bytes | None:
    """What is sealed; None when none of the keys opens it."""
    try:
        return keys.decrypt(ciphertext)
    except (InvalidToken, ValueError):  # ValueError: not even ASCII
        return None


def _place(practice_id: int, purpose: Purpose, serial: str) -> dict[str, Any]:
    """What ties a ciphertext to its row. The stage isn't in it: it changes while the password stays."""
    return {"version": VERSION, "practice_id": practice_id, "purpose": purpose.value, "serial": serial}


# Rows, inside one transaction


def _of(practice_id: int, purpose: Purpose | None, stage: Stage | None) -> list[Any]:
    conditions: list[Any] = [StoredCredential.practice_id == practice_id]
    if purpose is not None:
        conditions.append(StoredCredential.purpose == purpose)
    if stage is not None:
        conditions.append(StoredCredential.stage == stage)
    return conditions


def _row(session: Session, practice_id: int, purpose: Purpose, stage: Stage) -> StoredCredential | None:
    newest = (col(StoredCredential.replaced_at).desc(), col(StoredCredential.id).desc())
    rows = select(StoredCredential).where(*_of(practice_id, purpose, stage)).order_by(*newest)
    return session.exec(rows.limit(1)).one_or_none()


def _replace(session: Session, practice_id: int, purpose: Purpose, stage: Stage, now: datetime) -> None:
    """Make room at this stage: what stands there becomes previous."""
    row = _row(session, practice_id, purpose, stage)
    if row is not None:
        row.stage, row.replaced_at = Stage.PREVIOUS, now
        session.flush()


def _destroy(session: Session, conditions: list[Any]) -> int:
    return session.exec(delete(StoredCredential).where(*conditions)).rowcount
