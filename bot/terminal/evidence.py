"""Evidence files at a terminal: written for their owner only, and verified with no more than the file at hand."""

from __future__ import annotations

import sys
from collections.abc import Collection
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bot.outfile import new_file
from bot.pack.make import NoPack, Packs
from bot.pack.seal import Found, Kind, Seen, plain, verify
from bot.problems import Exit, SettingsProblem
from bot.settings import read_settings
from bot.words import clean
from storage.models import utcnow

LARGEST = 200_000_000
"""Bytes of a file that is read to be verified."""

STATUSES = {
    Found.UNCHANGED: Exit.DONE,
    Found.UNKNOWN_KEY: Exit.PERSON_NEEDED,
    Found.OTHER_KEY: Exit.FAILED,
    Found.CHANGED: Exit.FAILED,
}


def kinds_of(form: str | None) -> tuple[Kind, ...]:
    """The kinds that were asked for; all when none was named. Raises SettingsProblem."""
    if form is None:
        return tuple(Kind)
    if form not in list(Kind):
        raise SettingsProblem(f'There is no format "{form}": say {", ".join(Kind)}.')
    return (Kind(form),)


def write(packs: Packs, run_id: int, kinds: Collection[Kind], out: Path, by: str, *, force: bool) -> int:
    """Make the files and write them to the folder, all or none; what could not be printed is said, and is a failure."""
    if not out.is_dir():
        raise SettingsProblem(f"The folder {out} does not exist: make it, or say another one.")
    there = [path for kind in kinds if (path := out / f"onespot-evidence-run-{run_id}.{kind}").exists()]
    if there and not force:
        raise SettingsProblem(f"There is a file {there[0]} already: say another folder, or --force to replace it.")
    try:
        pack = packs.make(run_id, kinds, by, now=utcnow())
    except NoPack as why:
        raise SettingsProblem(str(why)) from None
    with ExitStack() as all_:
        for kind, data in pack.files.items():
            all_.enter_context(new_file(out / pack.name(kind), force=force)).write(data)
    for kind in pack.files:
        sys.stdout.write(f"{out / pack.name(kind)}\n")
    sys.stdout.write(f"Signed; the key's fingerprint: {pack.key.fingerprint}\n")
    if pack.unprinted:
        sys.stderr.write(f"There is no PDF: {pack.unprinted}\n")
        return Exit.FAILED
    return Exit.DONE


def verify_file(file: Path, fingerprint: str | None) -> int:
    """Say what a verifier finds; the exit status says it too. Raises SettingsProblem for what can't be read."""
    if fingerprint is not None and len(plain(fingerprint)) != 64:
        raise SettingsProblem("--fingerprint is 64 hex digits, as `onespot evidence key` prints them.")
    seen = verify(_read(file), fingerprint or _own_fingerprint())
    sys.stdout.write("".join(f"{line}\n" for line in _lines(seen)))
    return STATUSES[seen.found]


def _lines(seen: Seen) -> list[str]:
    """The verdict, then what the file says of itself, where it can be believed."""
    lines = [f"{str(seen.found)[0].upper()}{str(seen.found)[1:]}. {seen.why}"]
    if seen.found is Found.CHANGED or seen.key is None:
        return lines
    lines.append(f"Fingerprint of the key that signed it: {seen.key.fingerprint}")
    if seen.found is Found.UNKNOWN_KEY:
        lines.append("Compare it with the one that you got from whoever made it, in another way than the file.")
    if seen.record:
        lines.append(_about(seen.record))
    return lines


def _about(record: dict[str, Any]) -> str:
    """What the file says of itself, which somebody else wrote."""
    run, practice, made = record["run"], record["practice"], record["made"]
    what = f"run {run['number']} ({run['kind']}) for {practice['name']}, {run['status']}, ended {run['ended_at']}"
    return clean(f"It says: {what}; made {made['at']} by {made['by']}.")


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST:
            raise SettingsProblem(f"{file} is too large for an evidence file.")
        return file.read_bytes()
    except OSError as error:
        problem = f"The file {file} can't be read ({error.strerror})."
    raise SettingsProblem(problem)


def _own_fingerprint() -> str | None:
    """This installation's, where there is one. Nothing is made for it; what is wrong there doesn't matter here."""
    from bot.house import open_house
    from storage.signing import public_key

    try:
        file = read_settings().database_file
        if file is not None and not file.exists():
            return None
        with open_house() as house:
            key = public_key(house.engine)
    except SettingsProblem:
        return None
    return None if key is None else key.fingerprint
