"""The file of a tenant's own words (ONESPOT_EHR_WORDS, --words): found, valid, and proved in the stand-in before use.

What may stand in it is automation's to say. That it was proved stands in a small file beside it, with the digest of its
words: so the proof goes with the file to every machine, and whoever changes a word has to prove it again.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.hands import Words, read_words
from bot.problems import SettingsProblem


def load(path: Path) -> Words:
    """The words of the file. Raises `SettingsProblem`: it can't be read, or something in it is wrong."""
    try:
        return read_words(path.read_text(encoding="utf-8"))
    except ValueError as problem:
        unreadable = isinstance(problem, UnicodeDecodeError)
        sentence = f"{path}: it isn't text in UTF-8." if unreadable else f"{path}, {problem}"
    except OSError as error:
        sentence = f"The file of words {path} can't be read ({error.strerror})."
    raise SettingsProblem(sentence)


def load_proved(path: Path) -> Words:
    """The words of a file that was proved as it is now. Raises `SettingsProblem`, too, when it wasn't."""
    words = load(path)
    if not is_proved(path, words):
        raise SettingsProblem(f"The words of {path} weren't proved yet: run `onespot words try {path}` first.")
    return words


def is_proved(path: Path, words: Words) -> bool:
    """True when just these words were proved."""
    try:
        return proof(path).read_text(encoding="utf-8").split()[:1] == [words.digest]
    except (OSError, UnicodeDecodeError):
        return False


def mark_proved(path: Path, words: Words, now: datetime) -> Path:
    """Notes that these words were proved; where. Raises `SettingsProblem` when it can't be written."""
    note = proof(path)
    try:
        note.write_text(f"{words.digest} proved by `onespot words try` at {now.astimezone(UTC):%Y-%m-%d %H:%M} UTC\n")
    except OSError as error:
        sentence = f"{note} can't be written ({error.strerror}), so nothing would know of the proof."
    else:
        return note
    raise SettingsProblem(sentence)


def proof(path: Path) -> Path:
    """The file beside it that says it was proved."""
    return path.with_name(f"{path.name}.proved")


def about(path: Path) -> str:
    """What the doctor says of it. Raises `SettingsProblem` like `load_proved`."""
    words = load_proved(path)
    count = len(words.words) + len(words.permissions) + len(words.test_ids)
    build = "any build" if words.build == "any" else f"build {words.build}"
    return f"{path}, {count} word{'' if count == 1 else 's'} for {build}, proved in the stand-in"
