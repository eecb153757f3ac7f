"""The key that signs evidence: one per installation, sealed, the same for all who ask for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Engine, text

from storage.models import SigningKey
from storage.signing import public_key, signer
from storage.vault import Vault, VaultError, new_key
from tests.storage.conftest import NOW


def row(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        (found,) = connection.execute(text("SELECT id, public, ciphertext FROM signing_key")).mappings()
        return {name: str(value) for name, value in found.items()}


def test_it_is_made_once_and_is_the_same_ever_after(engine: Engine) -> None:
    vault = Vault(engine, [new_key()])
    assert public_key(engine) is None
    made = signer(engine, vault, now=NOW)
    again = signer(engine, vault, now=NOW)
    assert made.public == again.public == public_key(engine)
    Ed25519PublicKey.from_public_bytes(made.public.raw).verify(again.sign(b"words"), b"words")
    with pytest.raises(InvalidSignature):
        Ed25519PublicKey.from_public_bytes(made.public.raw).verify(again.sign(b"words"), b"other words")


def test_its_fingerprint_is_the_hash_of_the_key_in_groups(engine: Engine) -> None:
    public = signer(engine, Vault(engine, [new_key()]), now=NOW).public
    groups = public.fingerprint.split()
    assert [len(group) for group in groups] == [4] * 16
    assert int("".join(groups), 16) > 0


def test_processes_that_make_it_at_once_end_with_one_key(url: str) -> None:
    key = new_key().get_secret_value()
    script = """
import os, sys
from pydantic import SecretStr
from storage.database import connect
from storage.models import utcnow
from storage.signing import signer
from storage.vault import Vault

ready, go = os.pipe()
said, say = os.pipe()
started = []
for _ in range(4):
    if not (child := os.fork()):
        os.close(go)
        engine = connect(sys.argv[1])
        vault = Vault(engine, [SecretStr(sys.argv[2])])
        os.read(ready, 1)  # until nobody holds the other end
        os.write(say, signer(engine, vault, now=utcnow()).public.hex.encode() + b"\\n")
        os._exit(0)
    started.append(child)
os.close(go)
ended = [os.waitpid(child, 0)[1] for child in started]
os.close(say)
print(ended, len(set(os.read(said, 10_000).split())))
"""
    told = subprocess.run([sys.executable, "-c", script, url, key], capture_output=True, text=True)
    assert (told.stdout, told.stderr) == ("[0, 0, 0, 0] 1\n", "")


def test_rotating_the_keys_seals_it_anew(engine: Engine) -> None:
    old, new = new_key(), new_key()
    made = signer(engine, Vault(engine, [old]), now=NOW).public
    before = row(engine)["ciphertext"]
    assert Vault(engine, [new, old]).rotate() == 1
    assert row(engine)["ciphertext"] != before
    assert signer(engine, Vault(engine, [new]), now=NOW).public == made
    with pytest.raises(VaultError, match="wrong keys"):
        signer(engine, Vault(engine, [old]), now=NOW)


def test_wrong_keys_are_said_and_make_no_other_key(engine: Engine) -> None:
    made = signer(engine, Vault(engine, [new_key()]), now=NOW).public
    for verb in (lambda vault: signer(engine, vault, now=NOW), Vault.check, Vault.rotate):
        with pytest.raises(VaultError, match="wrong keys"):
            verb(Vault(engine, [new_key()]))
    assert public_key(engine) == made


def test_a_key_from_elsewhere_does_not_open_as_ours(engine: Engine) -> None:
    vault = Vault(engine, [new_key()])
    signer(engine, vault, now=NOW)
    with engine.begin() as connection:
        connection.execute(text("UPDATE signing_key SET public = :public"), {"public": "00" * 32})
    with pytest.raises(VaultError, match="another place"):
        signer(engine, vault, now=NOW)


def test_the_private_part_lies_nowhere_in_the_clear(engine: Engine, tmp_path: Path) -> None:
    key = new_key()
    vault = Vault(engine, [key])
    made = signer(engine, vault, now=NOW)
    kept = row(engine)
    place = {"version": 1, "purpose": "signing", "public": kept["public"]}
    private = vault.open_key(place, kept["ciphertext"]).get_secret_value()
    assert len(private) == 64
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for form in (private, private.upper(), private[:32], private[32:]):
        assert form.encode() not in written
        assert form not in f"{made!r} {vars(made)!r} {SigningKey.__name__} {kept}"
    assert bytes.fromhex(private) not in written
