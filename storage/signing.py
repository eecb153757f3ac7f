"""The key that this installation signs its evidence with: one Ed25519 key, made once, shared by all its machines.

Its private part lies in the database, sealed with the vault's keys like a password (`keys rotate` seals it anew); the
public part beside it in the clear, because whoever verifies needs it. What is signed is for others to say.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import SecretStr
from sqlalchemy import Engine

from storage.database import reading, transaction
from storage.duties import insert_if_missing
from storage.models import SigningKey
from storage.vault import Vault, VaultError

THE_ONE = 1
"""The id of the only row."""


@dataclass(frozen=True)
class PublicKey:
    """What others may know of a signing key: 32 bytes."""

    raw: bytes

    @property
    def hex(self) -> str:
        """As it stands in evidence."""
        return self.raw.hex()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the key in hex, in groups of four: to be compared by eye or over the telephone."""
        digest = hashlib.sha256(self.raw).hexdigest()
        return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


class Signer:
    """Signs with the installation's key, which it shows nobody."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = PublicKey(private.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """The signature, 64 bytes."""
        return self._private.sign(message)


def signer(engine: Engine, vault: Vault, *, now: datetime) -> Signer:
    """The installation's key, made when there is none; two who make it at once end with the same one.

    Raises VaultError when the vault's keys don't open it, or when what is kept isn't the public key's own.
    """
    with reading(engine) as session:
        row = session.get(SigningKey, THE_ONE)
    if row is None:
        row = _made(engine, vault, now)
    kept = vault.open_key(_place(row.public), row.ciphertext)
    found = Signer(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(kept.get_secret_value())))
    if found.public.hex != row.public:
        raise VaultError("The signing key in the database doesn't belong to the public key beside it.")
    return found


def public_key(engine: Engine) -> PublicKey | None:
    """The installation's public key; None before one was made."""
    with reading(engine) as session:
        row = session.get(SigningKey, THE_ONE)
    return None if row is None else PublicKey(bytes.fromhex(row.public))


def _made(engine: Engine, vault: Vault, now: datetime) -> SigningKey:
    """The row, ours or that of somebody who was quicker."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw().hex()
    with transaction(engine) as session:
        sealed = vault.seal_key(_place(public), SecretStr(private.private_bytes_raw().hex()))
        values = {"id": THE_ONE, "public": public, "ciphertext": sealed, "made_at": now}
        insert_if_missing(session, SigningKey, values)
        row = session.get(SigningKey, THE_ONE)
        if row is None:  # the database holds what was just put there
            raise VaultError("The signing key could not be kept.")
        return row


def _place(public: str) -> dict[str, object]:
    """What ties the sealed key to its row: a ciphertext copied from elsewhere does not open as one."""
    return {"version": 1, "purpose": "signing", "public": public}
