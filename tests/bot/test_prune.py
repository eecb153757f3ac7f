"""Once a day what is too old goes, rows and pictures; what isn't ours or may be needed stays."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from pydantic import ValidationError

from bot.prune import Gone, by_the_clock, prune
from bot.schedule import PRUNE_AFTER, Clock
from bot.settings import AT_LEAST_DAYS, Settings
from storage import checks, runs
from storage.models import CheckOutcome, RunStatus, StepStatus, utcnow
from tests.bot.conftest import Place

LATER = timedelta(days=401)


@pytest.fixture
def evidence(place: Place) -> Path:
    """Pictures of a finished run, of one that failed, of looks and checks, and what somebody else put there."""
    ended, failed = place.requested(), None
    runs.move(place.engine, ended.id, RunStatus.CANCELLED, now=utcnow())
    failed = place.requested()
    runs.move(place.engine, failed.id, RunStatus.PLANNING, now=utcnow())
    runs.move(place.engine, failed.id, RunStatus.FAILED, now=utcnow())
    lease = runs.claim_practice(place.engine, place.practice.id, "here/1/1/x", now=utcnow())
    assert lease is not None
    runs.record(place.engine, lease, ended.id, 1, "log in", StepStatus.DONE, now=utcnow())
    folder = place.folder / "evidence"
    for name in (f"{ended.id}/01.png", f"{ended.id}/plan/1.png", f"{failed.id}/01.png", "4711/01.png", "mine/01.png"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"png")
    for name in ("looks/1/a.png", "checks/1/a.png", "checks/1/b.png"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"png")
    return folder


def pictures(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if not file.is_dir())


def test_old_rows_and_pictures_go_and_the_rest_stays(place: Place, evidence: Path) -> None:
    young = utcnow() + timedelta(days=380)
    os.utime(evidence / "checks/1/b.png", (young.timestamp(),) * 2)
    gone = prune(place.engine, evidence, 400, utcnow() + LATER)
    assert gone == Gone(steps=1, messages=0, checks=0, links=0, pictures=4)
    assert pictures(evidence) == ["2/01.png", "4711/01.png", "checks/1/b.png", "mine/01.png"]
    assert not (evidence / "1").exists()
    assert prune(place.engine, evidence, 400, utcnow() + LATER) == Gone(0, 0, 0, 0, 0)


def test_nothing_goes_that_is_young(place: Place, evidence: Path) -> None:
    before = pictures(evidence)
    assert prune(place.engine, evidence, 400, utcnow()) == Gone(0, 0, 0, 0, 0)
    assert pictures(evidence) == before


def test_a_dry_run_only_counts(place: Place, evidence: Path) -> None:
    before = pictures(evidence)
    counted = prune(place.engine, evidence, 400, utcnow() + LATER, dry_run=True)
    assert pictures(evidence) == before
    assert counted == prune(place.engine, evidence, 400, utcnow() + LATER) != Gone(0, 0, 0, 0, 0)


def test_a_link_is_followed_nowhere(place: Place, evidence: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "mine.png").write_bytes(b"png")
    for link in (evidence / "checks/1/away", evidence / "1" / "away"):
        link.symlink_to(tmp_path / "elsewhere")
    assert prune(place.engine, evidence, 400, utcnow() + LATER).pictures == 7
    assert (tmp_path / "elsewhere" / "mine.png").exists()
    assert not (evidence / "checks/1/away").is_symlink()
    (evidence / "1").symlink_to(tmp_path / "elsewhere")
    assert prune(place.engine, evidence, 400, utcnow() + LATER).pictures == 0
    assert (tmp_path / "elsewhere" / "mine.png").exists()


def test_without_an_evidence_folder_the_rows_go_all_the_same(place: Place, evidence: Path, tmp_path: Path) -> None:
    assert prune(place.engine, tmp_path / "none", 400, utcnow() + LATER).steps == 1


def test_zero_days_keep_everything(place: Place, evidence: Path) -> None:
    by_the_clock(place.engine, evidence, 0, utcnow() + LATER)
    assert prune(place.engine, evidence, 400, utcnow() + LATER).steps == 1


def test_it_goes_by_the_clock_once_a_day(place: Place, evidence: Path) -> None:
    at = []
    now = utcnow()
    clock = Clock(place.engine, place.vault, None, at.append, now=lambda: now, prune=at.append)  # type: ignore[arg-type]
    scheduler = BackgroundScheduler()
    clock.schedule(scheduler)
    job = next(job for job in scheduler.get_jobs() if job.id == "prune")
    assert job.next_run_time == now + PRUNE_AFTER
    assert job.trigger.interval == timedelta(days=1)
    job.func()
    assert at == [now]


@pytest.mark.parametrize("days", ["-1", "1", str(AT_LEAST_DAYS - 1), "soon"])
def test_a_time_too_short_is_refused(days: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETENTION_DAYS", days)
    with pytest.raises(ValidationError):
        Settings(_env_file=None)  # type: ignore[call-arg]


@pytest.mark.parametrize(("days", "number"), [("0", 0), ("30", 30), ("", 400)])
def test_how_long_is_a_setting(days: str, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETENTION_DAYS", days)
    assert Settings(_env_file=None).retention_days == number  # type: ignore[call-arg]


def test_the_newest_check_stays(place: Place, tmp_path: Path) -> None:
    for _ in range(3):
        checks.record(place.engine, place.practice.id, CheckOutcome.HEALTHY, [], now=utcnow())
    assert prune(place.engine, tmp_path, 400, utcnow() + LATER).checks == 2
    assert checks.latest(place.engine, place.practice.id) is not None
