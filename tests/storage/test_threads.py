"""Which runs' threads may have something to follow, wherever the runs are walked."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine

from storage import practices, runs, threads
from storage.models import Run, RunStatus
from tests.storage.conftest import NOW

LONG_AGO = NOW - timedelta(hours=1)


def _asked(engine: Engine, name: str, channel: str | None = "C0ONBOARDING") -> Run:
    practice = practices.save(engine, name, "https://ehr.example.org/static/", now=LONG_AGO)
    return runs.request(engine, practice.id, "U0ANA", channel=channel, now=LONG_AGO)


def test_what_just_moved_and_what_is_walked_is_followed_and_what_waits_is_not(engine: Engine) -> None:
    _asked(engine, "Waits")
    walked, moved, elsewhere = _asked(engine, "Walked"), _asked(engine, "Moved"), _asked(engine, "Elsewhere", None)
    for run, now in ((walked, LONG_AGO), (moved, NOW), (elsewhere, NOW)):
        assert runs.claim(engine, run.id, "worker", now=now, to=RunStatus.PLANNING)
    assert runs.move(engine, moved.id, RunStatus.FAILED, now=NOW, from_={RunStatus.PLANNING})
    assert threads.astir(engine, NOW) == [walked.id, moved.id]
