"""The seal of an evidence file and its chain: what is signed, what a verifier recomputes, and what it says then.

Pure: bytes in, bytes or a verdict out. A file is its content and then one last line, the seal: the public key, and an
Ed25519 signature over every byte before that line. Nothing may follow it. Inside, each step's entry holds the hash of
the one before, the first one that of all else in the record; the last hash, the head, is signed on its own, so that a
record taken out of its file can still be verified.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from storage.signing import PublicKey

FORMAT = "onespot-evidence-1"

Record = dict[str, Any]


class Kind(StrEnum):
    """The forms of a file; each is signed as what it is."""

    HTML = "html"
    PDF = "pdf"
    JSON = "json"


class Signs(Protocol):
    """Whoever signs (storage's `Signer`)."""

    @property
    def public(self) -> PublicKey: ...

    def sign(self, message: bytes) -> bytes: ...


_SEALS: dict[Kind, tuple[str, str]] = {
    Kind.HTML: ("\n<!-- onespot-evidence-seal key=", " -->\n"),
    Kind.PDF: ("\n%onespot-evidence-seal key=", "\n"),
    Kind.JSON: (',\n "seal": "key=', '"\n}\n'),
}
"""What stands around key and signature in the last line. A PDF's own end is before it, where readers look for it."""

_VALUES = rb"([0-9a-f]{64}) signature=([0-9a-f]{128})"
_PATTERNS = {
    kind: re.compile(re.escape(before.encode()) + _VALUES + re.escape(after.encode()) + rb"\Z")
    for kind, (before, after) in _SEALS.items()
}
_LONGEST = 400
"""Bytes that hold any seal."""

RECORD_IN_HTML = ('<pre id="record">', "</pre>")
"""What stands around the record in the page, escaped."""


def canonical(value: object) -> bytes:
    """The one way to write a value that is hashed or signed: JSON, sorted, without spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


# ---- making ------------------------------------------------------------------------------------------------


def chained(record: Record, signer: Signs) -> Record:
    """The record with its steps chained, its head, and the head's signature."""
    whole = {**record, "format": FORMAT, "key": signer.public.hex}
    before, steps = _root(whole), []
    for step in whole["steps"]:
        entry = {**step, "previous": before}
        before = digest(canonical(entry))
        steps.append({**entry, "hash": before})
    return {**whole, "steps": steps, "head": before, "signature": signer.sign(_head(before)).hex()}


def sealed(kind: Kind, content: bytes, signer: Signs) -> bytes:
    """The file: the content with the seal as its last line."""
    before, after = _SEALS[kind]
    signature = signer.sign(_signed(kind, content)).hex()
    return content + f"{before}{signer.public.hex} signature={signature}{after}".encode()


def as_json(record: Record, pictures: Mapping[str, bytes]) -> bytes:
    """The content of the JSON file; its seal closes it."""
    shown = {name: base64.b64encode(data).decode() for name, data in sorted(pictures.items())}
    text = json.dumps({"record": record, "pictures": shown}, indent=1, ensure_ascii=False)
    return text.removesuffix("\n}").encode()


def _root(record: Record) -> str:
    """The hash of everything in the record but its steps: what the first step's entry holds."""
    return digest(canonical({name: value for name, value in record.items() if name not in _CHAIN}))


_CHAIN = ("steps", "head", "signature")


def _head(head: str) -> bytes:
    return f"{FORMAT} head {head}".encode()


def _signed(kind: Kind, content: bytes) -> bytes:
    return f"{FORMAT} {kind}\n".encode() + content


# ---- verifying ---------------------------------------------------------------------------------------------


class Found(StrEnum):
    """What a verifier found."""

    UNCHANGED = "unchanged"
    UNKNOWN_KEY = "unchanged, by a key that isn't known here"
    OTHER_KEY = "signed by another key"
    CHANGED = "changed"


@dataclass(frozen=True)
class Seen:
    """The verdict on a file. `why` is a sentence; `record` is what the file says, where it can be believed."""

    found: Found
    why: str
    kind: Kind | None = None
    key: PublicKey | None = None
    record: Record = field(default_factory=dict)


NO_SEAL = "It has no seal as its last line: it was cut off or added to, or it never was an evidence file of OneSpot's."
BROKEN = "What is in it isn't what was signed: at least one byte was changed."


def verify(data: bytes, expected: str | None) -> Seen:
    """Whether the file is as it was when it was signed, and by the key that is expected.

    `expected` is a fingerprint in hex, spaces and case don't count; None where none is known.
    """
    kind, match = _seal_of(data)
    if kind is None or match is None:
        return Seen(Found.CHANGED, NO_SEAL)
    content, key = data[: match.start()], PublicKey(bytes.fromhex(match[1].decode()))
    if not _holds(key, bytes.fromhex(match[2].decode()), _signed(kind, content)):
        return Seen(Found.CHANGED, BROKEN, kind)
    record: Record = {}
    if kind is not Kind.PDF:
        try:
            record, pictures = _read(kind, content)
            wrong = _wrong(record, pictures, key)
        except (ValueError, KeyError, TypeError, AttributeError):
            wrong = "the record in it can't be read"
        if wrong:
            return Seen(Found.CHANGED, f"It was signed as it is, but it contradicts itself: {wrong}.", kind, key)
    return Seen(*_known(key, expected), kind, key, record)


def _known(key: PublicKey, expected: str | None) -> tuple[Found, str]:
    if expected is None:
        return Found.UNKNOWN_KEY, "It is unchanged since it was signed, by a key that isn't known here."
    if plain(expected) != plain(key.fingerprint):
        return Found.OTHER_KEY, "It is unchanged since it was signed, but by another key than the expected one."
    return Found.UNCHANGED, "It is unchanged since it was signed, by the expected key."


def plain(fingerprint: str) -> str:
    """A fingerprint as compared: its hex digits alone."""
    return re.sub(r"[\s:]", "", fingerprint).lower()


def _seal_of(data: bytes) -> tuple[Kind | None, re.Match[bytes] | None]:
    start = max(len(data) - _LONGEST, 0)
    for kind, pattern in _PATTERNS.items():
        match = pattern.search(data, start)
        if match:
            return kind, match
    return None, None


def _holds(key: PublicKey, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key.raw).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _read(kind: Kind, content: bytes) -> tuple[Record, dict[str, bytes]]:
    """The record of a file, and its pictures by the hashes that they are kept under."""
    if kind is Kind.JSON:
        document = json.loads(content + b"\n}")
        return document["record"], {name: base64.b64decode(data) for name, data in document["pictures"].items()}
    text = content.decode()
    before, after = RECORD_IN_HTML
    start = text.rindex(before) + len(before)
    record: Record = json.loads(html.unescape(text[start : text.index(after, start)]))
    shown = re.findall(r'<img [^>]*src="data:image/jpeg;base64,([A-Za-z0-9+/=]+)"', text)
    return record, {digest(data): data for data in map(_decoded, shown)}


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""


def _wrong(record: Record, pictures: Mapping[str, bytes], key: PublicKey) -> str | None:
    """Where the record contradicts itself, its file or its pictures; None where it doesn't."""
    if record["format"] != FORMAT or record["key"] != key.hex:
        return "its record is of another form, or by another key"
    before = _root(record)
    for step in record["steps"]:
        entry = {name: value for name, value in step.items() if name != "hash"}
        if step["previous"] != before or digest(canonical(entry)) != step["hash"]:
            return f"the chain breaks at step {step['number']}"
        before = step["hash"]
    if record["head"] != before or not _holds(key, bytes.fromhex(record["signature"]), _head(before)):
        return "the chain's head isn't the one that was signed"
    wanted = {step["picture"] for step in record["steps"] if step["picture_state"] == "shown"}
    if wanted != set(pictures) or any(digest(data) != name for name, data in pictures.items()):
        return "a picture isn't the one that the record names"
    return None
