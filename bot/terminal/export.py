"""Exports at a terminal: the practices, runs and checks as CSV, into a file or to standard output.

Which rows there are is storage's to say, how they become CSV is tables.py's. No secret is in any of these tables.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from bot.outfile import new_file
from bot.problems import SettingsProblem
from bot.tables import write_csv
from bot.terminal.screen import Patient
from storage import history

PRACTICES = (
    *("practice", "practice_id", "user_name", "address", "primary_location", "time_zone", "created_at", "retired_at"),
    *("outcome", "grade", "since", "checked_at", "next_check_at", "muted"),
)
RUNS = (
    *("run", "practice", "verb", "status", "requested_by", "requested_at", "approved_by", "moved_at"),
    *("steps_done", "seconds", "error_class", "error_step", "error"),
)
CHECKS = ("practice", "at", "outcome", "grade", "sentence", "drifts")


class Table(StrEnum):
    """What can be exported."""

    PRACTICES = "practices"
    RUNS = "runs"
    CHECKS = "checks"


COLUMNS = {Table.PRACTICES: PRACTICES, Table.RUNS: RUNS, Table.CHECKS: CHECKS}


def export(engine: Engine, table: Table, out: Path | None, *, since: datetime | None, force: bool) -> int:
    """Write the table to a file, or to standard output; how many rows. A reader that goes away ends it in silence."""
    return write(_rows(engine, table, since), COLUMNS[table], out, force=force)


def export_checks(engine: Engine, practice_id: int, since: datetime, out: Path, *, force: bool) -> int:
    """Write one practice's checks to a file; how many rows."""
    return write(_checks(history.check_rows(engine, since, practice_id)), CHECKS, out, force=force)


def write(rows: Iterable[Mapping[str, Any]], columns: tuple[str, ...], out: Path | None, *, force: bool) -> int:
    """Write a header and the rows, each as it comes; how many rows."""
    if out is None:
        try:
            number = write_csv(sys.stdout, columns, rows)
            sys.stdout.flush()
        except BrokenPipeError:
            Patient(sys.stdout).on_broken_pipe()
            return 0
        return number
    with new_file(out, force=force) as file, io.TextIOWrapper(file, encoding="utf-8", newline="") as text:
        return write_csv(text, columns, rows)


def read_date(text: str) -> datetime:
    """The day that was typed, from its beginning in UTC. Raises `SettingsProblem`."""
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        sentence = f'--since is a day like 2026-11-01, not "{text}".'
    raise SettingsProblem(sentence)


def _rows(engine: Engine, table: Table, since: datetime | None) -> Iterator[Mapping[str, Any]]:
    if table is Table.RUNS:
        return history.run_rows(engine, since)
    if table is Table.CHECKS:
        return _checks(history.check_rows(engine, since))
    if since is not None:
        raise SettingsProblem("--since is for runs and checks: of practices, all that there are are exported.")
    return history.practice_rows(engine)


def _checks(rows: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for row in rows:
        sentence, *drifts = [str(word) for word in row["detail"]] or [""]
        yield {**row, "sentence": sentence, "drifts": "; ".join(drifts)}
