"""What is older than RETENTION_DAYS goes: rows and pictures. Which rows those are is storage's to say.

Kept for ever: the audit, credentials, practices, the runs, and each practice's newest check.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import Engine

from storage import retention

log = structlog.get_logger("onespot.prune")

AT_LEAST = 30
"""Days that everything is kept: a thread in Slack that somebody may still press a button in needs its rows."""
OTHERS = ("looks", "checks")
"""Where the pictures are that belong to no run."""


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
    for file in list(_old_pictures(engine, evidence, before)):
        pictures += 1
        if not dry_run:
            file.unlink(missing_ok=True)
    if not dry_run:
        _sweep_folders(engine, evidence, before)
    return Gone(**asdict(rows), pictures=pictures)


def by_the_clock(engine: Engine, evidence: Path, days: int, now: datetime) -> None:
    """The same once a day; 0 days keeps everything."""
    if days == 0:
        return
    gone = prune(engine, evidence, days, now)
    if gone != replace(gone, steps=0, messages=0, checks=0, links=0, pictures=0):
        log.info("pruned", **asdict(gone))


def _old_pictures(engine: Engine, evidence: Path, before: datetime) -> Iterator[Path]:
    """The files of long finished runs, and of looks and checks that were made before then."""
    for folder in _run_folders(engine, evidence, before):
        yield from _files(folder)
    for name in OTHERS:
        yield from (file for file in _files(evidence / name) if _is_older(file, before))


def _run_folders(engine: Engine, evidence: Path, before: datetime) -> list[Path]:
    """The folders of long finished runs, which are named by their ids. What else is there isn't ours."""
    numbered = {int(folder.name): folder for folder in _entries(evidence) if folder.name.isdecimal()}
    return [numbered[run_id] for run_id in retention.long_finished(engine, numbered, before)]


def _sweep_folders(engine: Engine, evidence: Path, before: datetime) -> None:
    for folder in _run_folders(engine, evidence, before):
        shutil.rmtree(folder, ignore_errors=True)


def _entries(folder: Path) -> list[Path]:
    """The folders in this one that are no links to elsewhere."""
    if not folder.is_dir():
        return []
    return [one for one in folder.iterdir() if one.is_dir() and not one.is_symlink()]


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_symlink() or not folder.is_dir():
        return
    for one in folder.iterdir():
        if one.is_dir() and not one.is_symlink():
            yield from _files(one)
        else:
            yield one


def _is_older(file: Path, before: datetime) -> bool:
    try:
        return file.lstat().st_mtime < before.timestamp()
    except FileNotFoundError:
        return False
