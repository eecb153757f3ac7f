"""What is older than RETENTION_DAYS goes: rows and pictures. Which rows those are is storage's to say.

Kept for ever: the audit, credentials, practices, the runs, and each practice's newest check.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import Engine

from storage import retention

log = structlog.get_logger("onespot.prune")

OTHERS = ("looks", "checks")
"""Where the pictures are that belong to no run."""

_NUMBER = re.compile(r"[1-9][0-9]{0,17}")


@dataclass(frozen=True)
class Gone:
    """How much went, or would go."""

    steps: int
    messages: int
    checks: int
    links: int
    pictures: int

    def __str__(self) -> str:
        return (
            f"{self.steps:,} steps and {self.messages:,} thread messages of finished runs, {self.checks:,} checks, "
            f"{self.links:,} one-time links, {self.pictures:,} pictures"
        )


def prune(engine: Engine, evidence: Path, days: int, now: datetime, *, dry_run: bool = False) -> Gone:
    """Delete what is older than so many days; `dry_run`: only count it. Called again, it goes on where it stopped."""
    before = now - timedelta(days=days)
    rows = retention.prunable(engine, before) if dry_run else retention.prune(engine, before)
    pictures = 0
    for folder in _of_long_finished_runs(engine, evidence, before):
        pictures += sum(1 for _ in _files(folder))
        if not dry_run:
            shutil.rmtree(folder, ignore_errors=True)
    for file in [file for name in OTHERS for file in _files(evidence / name) if _is_older(file, before)]:
        pictures += 1
        if not dry_run:
            file.unlink(missing_ok=True)
    return Gone(**asdict(rows), pictures=pictures)


def by_the_clock(engine: Engine, evidence: Path, days: int, now: datetime) -> None:
    """The same once a day; 0 days keeps everything."""
    if days == 0:
        return
    gone = prune(engine, evidence, days, now)
    if gone != replace(gone, steps=0, messages=0, checks=0, links=0, pictures=0):
        log.info("pruned", **asdict(gone))


def _of_long_finished_runs(engine: Engine, evidence: Path, before: datetime) -> list[Path]:
    """The folders named by the ids of such runs. What else is there isn't ours."""
    numbered = {int(folder.name): folder for folder in _folders(evidence) if _NUMBER.fullmatch(folder.name)}
    return [numbered[run_id] for run_id in retention.long_finished(engine, numbered, before)]


def _folders(folder: Path) -> list[Path]:
    """The folders in this one that are no links to elsewhere."""
    if not folder.is_dir():
        return []
    return [one for one in folder.iterdir() if one.is_dir() and not one.is_symlink()]


def _files(folder: Path) -> Iterator[Path]:
    """All files below; a link is a file, whatever it leads to."""
    for path, folders, names in os.walk(folder):
        yield from (Path(path) / name for name in names)
        yield from (link for name in folders if (link := Path(path) / name).is_symlink())


def _is_older(file: Path, before: datetime) -> bool:
    try:
        return file.lstat().st_mtime < before.timestamp()
    except FileNotFoundError:
        return False
