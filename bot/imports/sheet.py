"""A sheet of practices to be provisioned together: text in, rows out, or everything that is wrong with it at once.

Pure. The first line names the columns, in any order; what a spreadsheet copies (tabs) is read as well as a CSV file
with commas or semicolons. What is wrong is said by line and column, and never quotes a password.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import SecretStr

from bot.address import read_address
from bot.modals import LONGEST
from bot.problems import SettingsProblem

PRACTICE, ADDRESS, ADMINISTRATOR = "practice", "address", "administrator"
PASSWORD, LOCATION, NOTES = "administrator password", "primary location", "notes"

COLUMNS = (PRACTICE, ADDRESS, ADMINISTRATOR, PASSWORD, LOCATION, NOTES)
NEEDED = (PRACTICE, ADMINISTRATOR)
OTHERWISE = {
    "practice name": PRACTICE,
    "revolutionehr address": ADDRESS,
    "url": ADDRESS,
    "administrator username": ADMINISTRATOR,
    "password": PASSWORD,
    "location": LOCATION,
}
"""Other names of columns that people write: those of the form, for one."""

SIZES = {
    PRACTICE: LONGEST["practice"],
    ADDRESS: LONGEST["url"],
    ADMINISTRATOR: LONGEST["administrator"],
    PASSWORD: LONGEST["password"],
    LOCATION: LONGEST["location"],
    NOTES: LONGEST["notes"],
}
"""How many characters each may have, as in the form."""

MOST = 500
"""Rows of one sheet."""


@dataclass(frozen=True)
class Row:
    """One practice of a sheet. `line` is its line in the sheet, from 1; `password` None where the sheet has none."""

    line: int
    practice: str
    url: str
    administrator: str
    password: SecretStr | None = None
    location: str = ""
    notes: str = ""


class Unfit(Exception):
    """The sheet can't be used; `problems` are all that is wrong with it, one sentence each, in the sheet's order."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = list(problems)


def read(
    text: str, default_url: str, *, needs_password: bool = False, about: Callable[[Row], str | None] = lambda _: None
) -> list[Row]:
    """The rows of a sheet. Raises Unfit with everything that is wrong.

    An address that is left out is `default_url`. `about` may say more that is wrong with a row, in a sentence.
    """
    lines = _lines(text)
    if not lines:
        raise Unfit([f"There is nothing in it: the first line names the columns ({', '.join(COLUMNS)})."])
    (first, head), *rest = lines
    names = _names(head, first, needs_password=needs_password)
    if not rest:
        raise Unfit(["There is no practice in it, only the names of the columns."])
    if len(rest) > MOST:
        raise Unfit([f"There are {len(rest)} practices in it: at most {MOST} go together."])
    return _rows(names, rest, default_url, about)


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """Every line that isn't empty, with its number (of a cell with line breaks, that of its last)."""
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        raise Unfit(["It isn't text: save it as CSV (UTF-8)."])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        found = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except csv.Error:
        pass
    else:
        return [(number, cells) for number, cells in found if any(cells)]
    raise Unfit([f"Line {reader.line_num}: a quotation mark isn't closed, or stands in the middle of a cell."])


def _delimiter(text: str) -> str:
    """What stands between the cells: whichever of the three is in the first line most."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max("\t;,", key=first.count)


def _names(head: Sequence[str], line: int, *, needs_password: bool) -> list[str]:
    names = [OTHERWISE.get(name, name) for name in (" ".join(cell.casefold().split()) for cell in head)]
    needed = (*NEEDED, PASSWORD) if needs_password else NEEDED
    problems = [
        *(f"Line {line}: there is no column “{name}”." for name in needed if name not in names),
        *(f"Line {line}: the column “{name}” is there twice." for name in COLUMNS if names.count(name) > 1),
        *(
            f"Line {line}: “{cell[:60]}” is no column that is known: {', '.join(COLUMNS)} are."
            for cell, name in zip(head, names, strict=True)
            if name not in COLUMNS
        ),
    ]
    if problems:
        raise Unfit(problems)
    return names


def _rows(
    names: Sequence[str], lines: Sequence[tuple[int, list[str]]], url: str, about: Callable[[Row], str | None]
) -> list[Row]:
    rows: list[Row] = []
    problems: list[str] = []
    seen: dict[str, int] = {}
    for number, cells in lines:
        if len(cells) > len(names) and any(cells[len(names) :]):
            problems.append(f"Line {number}: it has {len(cells)} cells, and there are {len(names)} columns.")
            continue
        row, wrong = _row(number, dict(zip(names, cells, strict=False)), url)
        key = " ".join(row.practice.split()).casefold()
        if key and key in seen:
            wrong.append(f"{row.practice} stands in line {seen[key]} already.")
        seen.setdefault(key, number)
        wrong += _more(row, about) if not wrong else []
        problems += [f"Line {number}: {sentence}" for sentence in wrong]
        rows.append(row)
    if problems:
        raise Unfit(problems)
    return rows


def _row(number: int, cells: dict[str, str], url: str) -> tuple[Row, list[str]]:
    """The row, and what is wrong with its cells."""
    wrong = [f"the {name} is empty." for name in NEEDED if not cells.get(name)]
    wrong += [
        f"the {name} is longer than {SIZES[name]} characters." for name in cells if len(cells[name]) > SIZES[name]
    ]
    if PASSWORD in cells and not cells[PASSWORD]:
        wrong.append(f"the {PASSWORD} is empty.")
    address = cells.get(ADDRESS) or url
    try:
        address = read_address(address)
    except SettingsProblem as problem:
        wrong.append(str(problem))
    secret = SecretStr(cells[PASSWORD]) if cells.get(PASSWORD) else None
    row = Row(
        number,
        cells.get(PRACTICE, ""),
        address,
        cells.get(ADMINISTRATOR, ""),
        secret,
        cells.get(LOCATION, ""),
        cells.get(NOTES, ""),
    )
    return row, wrong


def _more(row: Row, about: Callable[[Row], str | None]) -> Iterator[str]:
    sentence = about(row)
    if sentence is not None:
        yield sentence
