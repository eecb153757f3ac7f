"""Sealed passwords: what opens, what doesn't, and that nothing of them is ever in the clear."""

import base64
import json
import sqlite3
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy import Engine, text

from storage import practices
from storage.database import Conflict, StorageError, connect, reading, transaction, upgrade
from storage.models import Credential, Practice, Purpose, Stage
from storage.vault import Vault, VaultError, new_key, read_keys
from tests.storage.conftest import NOW

CANARY = "Canary!Quokka-77x"
LATER = NOW + timedelta(hours=1)
T, F, A = Purpose.TEMPORARY, Purpose.FINAL, Purpose.ADMINISTRATOR
PENDING, CURRENT, PREVIOUS = Stage.PENDING, Stage.CURRENT, Stage.PREVIOUS


def ours(password: str, username: str = "OneSpot2915") -> Credential:
    return Credential(username, SecretStr(password))


def password(vault: Vault, practice: Practice, purpose: Purpose, stage: Stage) -> str | None:
    kept = vault.kept(practice.id, purpose, stage)
    return None if kept is None else kept.password.get_secret_value()


def stages(vault: Vault, practice: Practice, purpose: Purpose = F) -> tuple[str | None, str | None, str | None]:
    """The passwords that are pending, current, previous."""
    pending, current, previous = (password(vault, practice, purpose, stage) for stage in Stage)
    return pending, current, previous


def ciphertexts(engine: Engine) -> dict[int, str]:
    with reading(engine) as session:
        rows = session.connection().execute(text("SELECT id, ciphertext FROM stored_credential ORDER BY id"))
        return {row[0]: row[1] for row in rows}


@pytest.fixture
def vault(engine: Engine) -> Vault:
    return Vault(engine, [new_key()])


# Keys


def test_a_new_key_is_a_key_and_no_two_are_alike() -> None:
    assert read_keys(new_key().get_secret_value()) != [new_key()]


@pytest.mark.parametrize("between", [",", "\n", " , ", "\r\n\n", ",\n"])
def test_keys_are_separated_by_commas_or_lines(between: str) -> None:
    keys = [new_key(), new_key(), new_key()]
    setting = between.join(key.get_secret_value() for key in keys)
    assert read_keys(f"\n{setting}\n") == keys


def test_a_key_given_twice_is_one_key() -> None:
    key = new_key()
    assert read_keys(f"{key.get_secret_value()},{key.get_secret_value()}") == [key]


@pytest.mark.parametrize("keys", ["", " ", ",\n,"])
def test_no_keys_are_one_sentence(keys: str) -> None:
    with pytest.raises(VaultError, match=r"There are no keys: .* `onespot keys new` makes one\."):
        read_keys(keys)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda key: key[:-1],
        lambda key: key + "=",
        lambda key: key[:20] + "!" + key[20:],
        lambda key: key[:20] + " " + key[20:],
        lambda key: key[:-1] + "A",
    ],
)
def test_a_key_that_is_none_is_one_sentence_that_does_not_quote_it(spoil: Callable[[str], str]) -> None:
    good, bad = new_key().get_secret_value(), spoil(new_key().get_secret_value())
    with pytest.raises(VaultError, match="Key 2 of 2 in ONESPOT_KEYS is not a key") as caught:
        read_keys(f"{good}\n{bad}")
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value.__context__)
    assert bad not in told
    assert bad[:20] not in told


def test_a_vault_needs_a_key(engine: Engine) -> None:
    with pytest.raises(VaultError, match="There are no keys"):
        Vault(engine, [])


# A credential's life


def test_what_is_kept_is_pending_and_opens_again(vault: Vault, practice: Practice) -> None:
    vault.keep(practice.id, F, ours(CANARY), now=NOW)
    assert vault.kept(practice.id, F, PENDING) == ours(CANARY)
    assert stages(vault, practice) == (CANARY, None, None)
    assert stages(vault, practice, T) == (None, None, None)


@pytest.mark.parametrize("secret", ["x", 'quote" back\\ and\nline', "größe-密码-🔑", "a" * 500])
def test_any_password_comes_back_as_it_was(vault: Vault, practice: Practice, secret: str) -> None:
    vault.keep(practice.id, F, Credential("Örtlich", SecretStr(secret)), now=NOW)
    assert vault.kept(practice.id, F, PENDING) == Credential("Örtlich", SecretStr(secret))


def test_nothing_kept_is_silently_overwritten(vault: Vault, practice: Practice) -> None:
    for secret in ("first", "second", "third"):
        vault.keep(practice.id, F, ours(secret), now=NOW)
    assert stages(vault, practice) == ("third", None, "second")
    assert vault.forget(practice.id) == 3


def test_a_proved_password_is_current_and_the_former_one_previous(vault: Vault, practice: Practice) -> None:
    for secret in ("first", "second"):
        vault.keep(practice.id, T, ours("temporary"), now=NOW)
        vault.keep(practice.id, F, ours(secret), now=NOW)
        vault.prove(practice.id, now=LATER)
    assert stages(vault, practice) == (None, "second", "first")
    assert stages(vault, practice, T) == (None, None, None)
    assert vault.verified_at(practice.id) == LATER


def test_proving_twice_changes_nothing_but_the_time(vault: Vault, practice: Practice) -> None:
    vault.keep(practice.id, F, ours("first"), now=NOW)
    vault.prove(practice.id, now=NOW)
    vault.prove(practice.id, now=LATER)
    assert stages(vault, practice) == (None, "first", None)
    assert vault.verified_at(practice.id) == LATER


def test_nothing_kept_can_not_be_proved_and_forgets_nothing(vault: Vault, practice: Practice) -> None:
    vault.keep(practice.id, T, ours("temporary"), now=NOW)
    with pytest.raises(VaultError, match="no final password"):
        vault.prove(practice.id, now=NOW)
    assert stages(vault, practice, T) == ("temporary", None, None)


def test_proving_one_practice_leaves_the_others(engine: Engine, vault: Vault, practice: Practice) -> None:
    other = practices.save(engine, "Other", "https://ehr.example", now=NOW)
    for each in (practice, other):
        vault.keep(each.id, T, ours("temporary"), now=NOW)
        vault.keep(each.id, F, ours("final"), now=NOW)
    vault.prove(practice.id, now=NOW)
    assert stages(vault, other) == ("final", None, None)
    assert stages(vault, other, T) == ("temporary", None, None)


def test_a_login_refreshes_the_current_one(vault: Vault, practice: Practice) -> None:
    assert not vault.verified(practice.id, NOW)
    assert vault.verified_at(practice.id) is None
    vault.keep(practice.id, F, ours("first"), now=NOW)
    vault.prove(practice.id, now=NOW)
    assert vault.verified(practice.id, LATER)
    assert vault.verified_at(practice.id) == LATER


def test_whether_it_was_sent_off_is_remembered_across_processes(
    engine: Engine, url: str, vault: Vault, practice: Practice
) -> None:
    vault.keep(practice.id, F, ours("first"), now=NOW)
    assert not vault.was_submitted(practice.id, F)
    vault.mark_submitted(practice.id, F, now=NOW)
    other = connect(url)
    assert Vault(other, [new_key()]).was_submitted(practice.id, F)
    assert not Vault(other, [new_key()]).was_submitted(practice.id, T)
    other.dispose()


def test_a_new_pending_password_was_not_sent_off(vault: Vault, practice: Practice) -> None:
    vault.keep(practice.id, F, ours("first"), now=NOW)
    vault.mark_submitted(practice.id, F, now=NOW)
    vault.keep(practice.id, F, ours("second"), now=NOW)
    assert not vault.was_submitted(practice.id, F)


def test_what_was_not_kept_can_not_be_sent_off(vault: Vault, practice: Practice) -> None:
    with pytest.raises(VaultError, match="No final password was kept before it was sent off"):
        vault.mark_submitted(practice.id, F, now=NOW)


def test_the_vault_knows_our_user_name_in_any_case_and_stage(vault: Vault, practice: Practice) -> None:
    assert not vault.knows(practice.id, "OneSpot2915")
    vault.keep(practice.id, T, ours("temporary"), now=NOW)
    assert vault.knows(practice.id, "ONESPOT2915")
    vault.keep(practice.id, F, ours("final"), now=NOW)
    vault.prove(practice.id, now=NOW)
    assert vault.knows(practice.id, "OneSpot2915")
    assert not vault.knows(practice.id, "OneSpot29")


def test_an_administrator_is_not_ours_and_another_practices_employee_neither(
    engine: Engine, vault: Vault, practice: Practice
) -> None:
    other = practices.save(engine, "Other", "https://ehr.example", now=NOW)
    vault.keep(practice.id, A, ours("x", "ada"), now=NOW)
    vault.keep(other.id, F, ours("x"), now=NOW)
    assert not vault.knows(practice.id, "ada")
    assert not vault.knows(practice.id, "OneSpot2915")


def test_nothing_is_kept_for_a_practice_that_is_not_there(vault: Vault) -> None:
    with pytest.raises(Conflict):
        vault.keep(77, F, ours(CANARY), now=NOW)


# Destroying


def test_what_is_forgotten_is_of_that_practice_purpose_and_stage(vault: Vault, practice: Practice) -> None:
    for purpose in Purpose:
        for secret in ("first", "second"):
            vault.keep(practice.id, purpose, ours(secret), now=NOW)
    assert vault.forget(practice.id, F, PREVIOUS) == 1
    assert stages(vault, practice) == ("second", None, None)
    assert vault.forget(practice.id, A) == 2
    assert stages(vault, practice, A) == (None, None, None)
    assert stages(vault, practice, T) == ("second", None, "first")
    assert vault.forget(practice.id + 1) == 0
    assert vault.forget(practice.id) == 3


def test_previous_ones_are_kept_for_a_week(vault: Vault, practice: Practice) -> None:
    vault.keep(practice.id, F, ours("first"), now=NOW)
    vault.keep(practice.id, F, ours("second"), now=NOW)
    assert vault.forget_previous(NOW + timedelta(days=7)) == 0
    assert vault.forget_previous(NOW + timedelta(days=7, seconds=1)) == 1
    assert stages(vault, practice) == ("second", None, None)


def test_an_administrators_login_is_kept_for_a_day(vault: Vault, practice: Practice) -> None:
    vault.keep(practice.id, A, ours("x", "ada"), now=NOW)
    vault.keep(practice.id, F, ours("final"), now=NOW)
    assert vault.forget_administrators(NOW + timedelta(hours=24)) == 0
    assert vault.forget_administrators(NOW + timedelta(hours=24, seconds=1)) == 1
    assert stages(vault, practice) == ("final", None, None)


# Sealing


@pytest.mark.parametrize("there", ["another practice", "another purpose", "another row of the same kind"])
def test_a_ciphertext_copied_elsewhere_does_not_open(
    engine: Engine, vault: Vault, practice: Practice, there: str
) -> None:
    other = practices.save(engine, "Other", "https://ehr.example", now=NOW)
    vault.keep(practice.id, F, ours("former"), now=NOW)
    target = (other if there == "another practice" else practice, T if there == "another purpose" else F)
    vault.keep(target[0].id, target[1], ours("mine"), now=NOW)
    with transaction(engine) as session:
        copy = "UPDATE stored_credential SET ciphertext = (SELECT ciphertext FROM stored_credential WHERE id = 1)"
        session.connection().execute(text(f"{copy} WHERE id = 2"))
    with pytest.raises(VaultError, match="sealed for another practice, purpose or place") as caught:
        vault.kept(target[0].id, target[1], PENDING)
    assert "former" not in "".join(traceback.format_exception(caught.value))
    with pytest.raises(VaultError):
        vault.check()


@pytest.mark.parametrize(("column", "value"), [("practice_id", "2"), ("purpose", "'temporary'"), ("serial", "'x'")])
def test_a_row_that_was_moved_does_not_open(
    engine: Engine, vault: Vault, practice: Practice, column: str, value: str
) -> None:
    practices.save(engine, "Other", "https://ehr.example", now=NOW)
    vault.keep(practice.id, F, ours(CANARY), now=NOW)
    with transaction(engine) as session:
        session.connection().execute(text(f"UPDATE stored_credential SET {column} = {value}"))
    with pytest.raises(VaultError, match="sealed for another"):
        vault.check()


@pytest.mark.parametrize("spoiled", ["", "x", "gAAAAA", "größe"])
def test_a_spoiled_ciphertext_is_one_sentence(engine: Engine, vault: Vault, practice: Practice, spoiled: str) -> None:
    vault.keep(practice.id, F, ours(CANARY), now=NOW)
    with transaction(engine) as session:
        session.connection().execute(text("UPDATE stored_credential SET ciphertext = :it"), {"it": spoiled})
    with pytest.raises(VaultError, match="ONESPOT_KEYS are the wrong keys"):
        vault.kept(practice.id, F, PENDING)


def test_the_sealed_payload_names_its_practice_and_purpose(engine: Engine, practice: Practice) -> None:
    key = new_key()
    Vault(engine, [key]).keep(practice.id, F, ours(CANARY), now=NOW)
    payload = json.loads(Fernet(key.get_secret_value()).decrypt(ciphertexts(engine)[1]))
    assert len(payload.pop("serial")) == 32
    expected = {"practice_id": practice.id, "purpose": "final", "version": 1}
    assert payload == {**expected, "username": "OneSpot2915", "password": CANARY}


def test_the_same_password_is_never_sealed_alike(engine: Engine, vault: Vault, practice: Practice) -> None:
    for _ in range(2):
        vault.keep(practice.id, F, ours(CANARY), now=NOW)
    assert len(set(ciphertexts(engine).values())) == 2


# Keys that change


def test_the_newest_key_seals_and_every_key_opens(engine: Engine, practice: Practice) -> None:
    old, new = new_key(), new_key()
    Vault(engine, [old]).keep(practice.id, T, ours("sealed with old"), now=NOW)
    both = Vault(engine, [new, old])
    both.keep(practice.id, F, ours("sealed with new"), now=NOW)
    assert stages(both, practice, T)[0] == "sealed with old"
    assert stages(Vault(engine, [new]), practice)[0] == "sealed with new"
    with pytest.raises(VaultError):
        Vault(engine, [old]).kept(practice.id, F, PENDING)


def test_rotating_reseals_everything_and_the_old_key_can_go(engine: Engine, practice: Practice) -> None:
    old, new = new_key(), new_key()
    vault = Vault(engine, [old])
    for purpose in Purpose:
        for secret in ("first", "second"):
            vault.keep(practice.id, purpose, ours(secret), now=NOW)
    before = ciphertexts(engine)
    assert vault.rotate([new, old]) == 6
    assert not set(before.values()) & set(ciphertexts(engine).values())
    for reader in (vault, Vault(engine, [new])):
        reader.check()
        assert [stages(reader, practice, purpose) for purpose in Purpose] == [("second", None, "first")] * 3


def test_rotating_again_finds_nothing_to_do(engine: Engine, practice: Practice) -> None:
    old, new = new_key(), new_key()
    Vault(engine, [old]).keep(practice.id, F, ours(CANARY), now=NOW)
    assert [Vault(engine, [new, old]).rotate() for _ in range(2)] == [1, 0]


def test_the_new_key_alone_is_enough_to_rotate_to(engine: Engine, practice: Practice) -> None:
    new, vault = new_key(), Vault(engine, [new_key()])
    vault.keep(practice.id, F, ours(CANARY), now=NOW)
    assert vault.rotate([new]) == 1
    assert stages(Vault(engine, [new]), practice)[0] == CANARY


def test_rotating_without_a_key_that_is_needed_changes_nothing(engine: Engine, practice: Practice) -> None:
    lost, old, new = new_key(), new_key(), new_key()
    Vault(engine, [old]).keep(practice.id, T, ours("x"), now=NOW)
    Vault(engine, [lost]).keep(practice.id, F, ours("y"), now=NOW)
    before, vault = ciphertexts(engine), Vault(engine, [old])
    with pytest.raises(VaultError, match="nothing was sealed anew"):
        vault.rotate([new, old])
    assert ciphertexts(engine) == before
    assert stages(vault, practice, T)[0] == "x"


def test_the_wrong_keys_are_one_sentence(engine: Engine, vault: Vault, practice: Practice) -> None:
    wrong = Vault(engine, [new_key()])
    wrong.check()  # nothing is kept yet: any key is right
    vault.keep(practice.id, F, ours(CANARY), now=NOW)
    for fails in (wrong.check, lambda: wrong.kept(practice.id, F, PENDING), lambda: wrong.knows(practice.id, "x")):
        with pytest.raises(VaultError, match="ONESPOT_KEYS are the wrong keys") as caught:
            fails()
        assert "\n" not in str(caught.value)


# Nothing in the clear


def disguises(secret: str) -> set[bytes]:
    """The ways in which a secret could be lying in a file."""
    raw = secret.encode()
    shifted = {base64.b64encode(b"x" * shift + raw)[4:-4] for shift in range(3)}
    return {raw, raw.lower(), secret.encode("utf-16-le"), raw.hex().encode(), raw[:9], json.dumps(secret).encode()} | (
        shifted
    )


def test_nothing_of_a_password_is_in_the_database_nor_in_the_files_beside_it(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'onespot.db'}")
    upgrade(engine)
    practice = practices.save(engine, "Lumen Eye", "https://ehr.example", now=NOW)
    keys = [new_key(), new_key()]
    vault = Vault(engine, keys[1:])
    for purpose in Purpose:
        for number in (1, 2):
            vault.keep(practice.id, purpose, Credential(f"{CANARY}-user", SecretStr(f"{CANARY}{number}")), now=NOW)
    vault.mark_submitted(practice.id, F, now=NOW)
    vault.prove(practice.id, now=NOW)
    vault.rotate(keys)
    vault.forget(practice.id, A)

    def written() -> bytes:
        return b"".join(path.read_bytes() for path in tmp_path.iterdir())

    running = written()
    engine.dispose()
    assert len(running) > 100_000  # there was something to look at, the -wal too
    for disguise in disguises(CANARY):
        assert disguise not in running
        assert disguise not in written()


def test_a_destroyed_credential_leaves_no_ciphertext_in_the_file(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'onespot.db'}")
    upgrade(engine)
    practice = practices.save(engine, "Lumen Eye", "https://ehr.example", now=NOW)
    vault = Vault(engine, [new_key()])
    vault.keep(practice.id, A, ours(CANARY, "ada"), now=NOW)
    (sealed,) = ciphertexts(engine).values()
    vault.forget(practice.id, A)
    engine.dispose()
    assert sealed[20:60].encode() not in (tmp_path / "onespot.db").read_bytes()


def test_no_failure_shows_a_password_or_a_key(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'onespot.db'}")
    upgrade(engine)
    key = new_key()
    vault = Vault(engine, [key])
    other = sqlite3.connect(tmp_path / "onespot.db")
    told = []

    def fail(verb: Callable[[], object]) -> None:
        try:
            verb()
        except StorageError as error:
            told.append("".join(traceback.format_exception(error)) + repr(error) + repr(error.__context__))

    fail(lambda: vault.keep(77, F, ours(CANARY), now=NOW))
    other.execute("DROP TABLE stored_credential")
    other.commit()
    fail(lambda: vault.keep(1, F, ours(CANARY), now=NOW))
    fail(lambda: vault.kept(1, F, PENDING))
    other.close()
    engine.dispose()
    assert len(told) == 3
    assert CANARY not in "".join(told) + repr(vault) + str(vars(vault))
    assert key.get_secret_value() not in "".join(told) + repr(vault) + str(vars(vault))
