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


def test_the_unfinished_ones_and_those_of_late_may_have_something_to_catch_up_on(engine: Engine) -> None:
    waits, young, old, elsewhere = (
        _asked(engine, name, channel)
        for name, channel in (("Waits", "C0"), ("Young", "C0"), ("Old", "C0"), ("Elsewhere", None))
    )
    for run, now in ((young, NOW), (old, LONG_AGO - threads.LATELY), (elsewhere, NOW)):
        assert runs.move(engine, run.id, RunStatus.CANCELLED, now=now)
    assert threads.told_in_slack(engine, NOW) == [waits.id, young.id]


def test_the_roots_of_several_threads_come_by_their_runs(engine: Engine) -> None:
    told, untold, other = _asked(engine, "Told"), _asked(engine, "Untold"), _asked(engine, "Other")
    for run, key in ((told, threads.ROOT), (told, "plan"), (untold, "plan"), (other, threads.ROOT)):
        threads.showed(engine, run.id, key, "C0", f"1.{run.id}", "", "")
    roots = threads.roots(engine, [told.id, untold.id])
    assert {run_id: message.ts for run_id, message in roots.items()} == {told.id: f"1.{told.id}"}
