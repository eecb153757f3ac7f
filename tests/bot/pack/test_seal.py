"""The seal: whatever was changed of an evidence file is found, in each of its forms; and whose key it was is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from bot.pack.make import Pack
from bot.pack.seal import FORMAT, Found, Kind, as_json, canonical, chained, sealed, verify
from storage.signing import Signer
from tests.bot.packs import NOW, Office

PICTURES = {"read_id": b"\xff\xd8\xff one", "save_role": b"\xff\xd8\xff two" * 500}


@pytest.fixture
def pack(engine: Engine, tmp_path: Path) -> Pack:
    office = Office(engine, tmp_path)
    return office.packs.make(office.finished(pictures=PICTURES).id, list(Kind), "ana", now=NOW)


@pytest.fixture
def signer() -> Signer:
    return Signer(Ed25519PrivateKey.generate())


def small(signer: Signer) -> bytes:
    """A JSON file with a chain of two steps."""
    steps = [{"number": n, "picture": "", "picture_state": "none"} for n in (1, 2)]
    return sealed(Kind.JSON, as_json(chained({"steps": steps, "practice": "Lumen Eye"}, signer), {}), signer)


def found(data: bytes, fingerprint: str | None = None) -> Found:
    return verify(data, fingerprint).found


@pytest.mark.parametrize("kind", Kind)
def test_a_file_as_it_was_made_is_unchanged(pack: Pack, kind: Kind) -> None:
    seen = verify(pack.files[kind], pack.key.fingerprint)
    assert (seen.found, seen.kind, seen.key) == (Found.UNCHANGED, kind, pack.key)
    assert found(pack.files[kind], pack.key.fingerprint.replace(" ", "").upper()) is Found.UNCHANGED


@pytest.mark.parametrize("kind", Kind)
def test_whose_key_it_was_decides_whether_it_can_be_believed(pack: Pack, kind: Kind, signer: Signer) -> None:
    assert found(pack.files[kind]) is Found.UNKNOWN_KEY
    assert found(pack.files[kind], signer.public.fingerprint) is Found.OTHER_KEY


def test_every_byte_of_a_small_file_counts(signer: Signer) -> None:
    data = small(signer)
    assert found(data, signer.public.fingerprint) is Found.UNCHANGED
    for at in range(len(data)):
        for bit in (0x01, 0x20, 0x80):
            changed = data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :]
            assert found(changed, signer.public.fingerprint) is Found.CHANGED, (at, bit)


@pytest.mark.parametrize("kind", Kind)
def test_a_changed_byte_is_found_wherever_it_is(pack: Pack, kind: Kind) -> None:
    data = pack.files[kind]
    places = {*range(0, len(data), max(len(data) // 300, 1)), *range(50), *range(len(data) - 400, len(data))}
    for at in sorted(place for place in places if 0 <= place < len(data)):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        assert found(changed, pack.key.fingerprint) is Found.CHANGED, at


@pytest.mark.parametrize("kind", Kind)
def test_what_was_cut_off_or_added_is_found(pack: Pack, kind: Kind) -> None:
    data = pack.files[kind]
    pieces = [data[:-1], data[:-2], data[: len(data) // 2], data[1:], b"", data + b"\n", data + b" ", b" " + data]
    pieces += [data + data, data[:100] + data[101:], data.replace(b"\n", b"\r\n"), data.replace(b"o", b"0")]
    for number, piece in enumerate(pieces):
        assert found(piece, pack.key.fingerprint) is Found.CHANGED, number


def test_the_same_values_written_otherwise_are_a_change(signer: Signer) -> None:
    data = small(signer)
    for other in (
        json.dumps(json.loads(data)),
        json.dumps(json.loads(data), indent=1),
        json.dumps(json.loads(data)) + "\n",
    ):
        assert found(other.encode(), signer.public.fingerprint) is Found.CHANGED


def test_a_seal_of_one_form_is_none_of_another(signer: Signer) -> None:
    data = sealed(Kind.HTML, b"<!doctype html>", signer)
    line = data.splitlines()[-1].decode()
    values = line.removeprefix("<!-- onespot-evidence-seal ").removesuffix(" -->")
    as_pdf = f"<!doctype html>\n%onespot-evidence-seal {values}\n".encode()
    assert found(as_pdf, signer.public.fingerprint) is Found.CHANGED


def test_somebody_else_who_signs_a_changed_file_is_another_key(pack: Pack, signer: Signer) -> None:
    """Nobody can be kept from that; the fingerprint tells it."""
    document = json.loads(pack.files[Kind.JSON])
    record = {name: value for name, value in document["record"].items() if name not in ("head", "signature")}
    record["run"] = {**record["run"], "asked_by": "Mallory"}
    record["steps"] = [{k: v for k, v in step.items() if k not in ("hash", "previous")} for step in record["steps"]]
    forged = {"record": chained(record, signer), "pictures": document["pictures"]}
    text = json.dumps(forged, indent=1, ensure_ascii=False).removesuffix("\n}").encode()
    assert found(sealed(Kind.JSON, text, signer)) is Found.UNKNOWN_KEY
    assert found(sealed(Kind.JSON, text, signer), pack.key.fingerprint) is Found.OTHER_KEY


# --- inside


Change = Callable[[dict[str, Any]], object]


def broken(signer: Signer, change: Change) -> str:
    """What is said of a file that was signed as it is, but whose record was changed before."""
    steps = [{"number": n, "picture": "", "picture_state": "none"} for n in (1, 2, 3)]
    record = chained({"steps": steps, "practice": "Lumen Eye"}, signer)
    change(record)
    return verify(sealed(Kind.JSON, as_json(record, {}), signer), signer.public.fingerprint).why


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda record: None, "by the expected key"),
        (lambda record: record.update(practice="Other Eye"), "the chain breaks at step 1"),
        (lambda record: record["steps"][1].update(number=7), "the chain breaks at step 7"),
        (lambda record: record["steps"].pop(1), "the chain breaks at step 3"),
        (lambda record: record["steps"].reverse(), "the chain breaks at step 3"),
        (lambda record: record["steps"].pop(), "the chain's head isn't the one that was signed"),
        (lambda record: record.update(head="ab" * 32), "the chain's head isn't the one that was signed"),
        (lambda record: record.update(signature="ab" * 64), "the chain's head isn't the one that was signed"),
        (lambda record: record.update(key="ab" * 32), "by another key"),
        (lambda record: record.update(format="other"), "of another form"),
        (lambda record: record["steps"][0].update(picture_state="shown", picture="ab"), "the chain breaks at step 1"),
        (lambda record: record.pop("steps"), "can't be read"),
    ],
)
def test_a_record_that_contradicts_itself_is_found(signer: Signer, change: Change, said: str) -> None:
    assert said in broken(signer, change)


def test_a_picture_that_the_record_does_not_name_is_found(signer: Signer) -> None:
    steps = [{"number": 1, "picture": "ab" * 32, "picture_state": "shown"}]
    for pictures in ({}, {"ab" * 32: b"another"}):
        data = sealed(Kind.JSON, as_json(chained({"steps": steps}, signer), pictures), signer)
        assert "a picture isn't the one" in verify(data, signer.public.fingerprint).why


def test_each_entry_holds_the_hash_of_the_one_before_it(pack: Pack) -> None:
    record = json.loads(pack.files[Kind.JSON])["record"]
    steps = record["steps"]
    assert [later["previous"] for later in steps[1:]] == [earlier["hash"] for earlier in steps[:-1]]
    assert record["head"] == steps[-1]["hash"]
    assert record["format"] == FORMAT
    assert canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()


def test_page_and_data_hold_the_same_record(pack: Pack) -> None:
    page = verify(pack.files[Kind.HTML], None).record
    assert page == verify(pack.files[Kind.JSON], None).record
    assert page["run"]["number"] == pack.run_id
