"""Tables for a spreadsheet, as CSV: rows in, text out. Which rows there are, and where the text goes, is the callers'.

Times are ISO 8601 in UTC. What a spreadsheet would take for a formula gets an apostrophe before it, so that what an
EHR's page or a person wrote is text and nothing else. That is also done within a cell: where lists are separated by
semicolons, spreadsheets cut our rows at those, too.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TextIO

from storage.database import whole

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a formula begins with, in a spreadsheet of any language: the wide signs too."""

_WOULD_BEGIN = re.compile('([;\t\n|][ "]*)(?=[=+\\-@\uff1d\uff0b\uff0d\uff20])')
"""Where a formula would begin within a cell, for a spreadsheet that cuts at more than commas."""


def write_csv(out: TextIO, columns: tuple[str, ...], rows: Iterable[Mapping[str, Any]]) -> int:
    """A header and the rows, in these columns; how many rows."""
    writer, number = csv.writer(out, lineterminator="\n"), 0
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(row[name]) for name in columns])
        number += 1
    return number


def as_text(rows: Iterable[Mapping[str, Any]], columns: tuple[str, ...]) -> str:
    """A header and the rows, as one text."""
    out = io.StringIO(newline="")
    write_csv(out, columns, rows)
    return out.getvalue()


def cell(value: object) -> str:
    """A value as the text of a cell, which no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        value = round(value, 1)
    text = str(value).replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")  # csv quotes no lone \r
    text = _WOULD_BEGIN.sub(r"\1'", whole(text))
    return f"'{text}" if text.lstrip(" ").startswith(FORMULAS) else text
