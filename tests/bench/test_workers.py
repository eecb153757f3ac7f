"""The bench for workers counts rightly, and plays a small one for real where there is time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bench.workers.__main__ import app
from bench.workers.measure import GOAL, NotDone, Sample, figures, missed
from tests import postgresql
from tests.onespot import with_everything


def test_what_workers_do_is_counted_in_practices_a_minute_beside_one() -> None:
    found = figures([Sample(1, 2, 60.0, 0.3), Sample(2, 4, 60.0, 0.5), Sample(4, 8, 120.0, 1.0)])
    its = {number: (one["a_minute"], one["times"]) for number, one in found["workers"].items()}
    assert its == {"1": (2.0, 1.0), "2": (4.0, 2.0), "4": (4.0, 2.0)}
    assert missed(found) is None
    assert missed(figures([Sample(2, 4, 60.0, 0.5)])) is None
    slow = figures([Sample(1, 1, 60.0, 0.3), Sample(2, 2, 70.0, 1.0)])
    assert missed(slow) == "two workers do 1.71 times what one does"


def _found(*taken: Sample) -> dict[str, Any]:
    return {"practices_each": 1, "answer_s": 0.2, "goal": GOAL, **figures(taken)}


@pytest.mark.parametrize(("seconds", "status"), [(62.0, 0), (90.0, 1)])
def test_a_goal_that_was_missed_is_said_in_words_and_by_the_exit_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, status: int
) -> None:
    monkeypatch.setattr("bench.workers.__main__.postgresql.why_not", lambda: None)
    found = _found(Sample(1, 1, 60.0, 0.3), Sample(2, 2, seconds, 0.5))
    monkeypatch.setattr("bench.workers.__main__.measure", lambda *_: found)
    done = CliRunner().invoke(app, ["--out", str(tmp_path / "results.json")])
    assert (done.exit_code, "Missed:" in done.output) == (status, bool(status))


def test_a_run_that_did_not_go_on_ends_it_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise NotDone("Run 3 did not go on: FAILED")

    monkeypatch.setattr("bench.workers.__main__.postgresql.why_not", lambda: None)
    monkeypatch.setattr("bench.workers.__main__.measure", stopped)
    done = CliRunner().invoke(app, ["--out", str(tmp_path / "results.json")])
    assert (done.exit_code, "Run 3 did not go on" in done.output) == (1, True)


@with_everything
@pytest.mark.browser
@pytest.mark.skipif(postgresql.why_not() is not None, reason=str(postgresql.why_not()))
@pytest.mark.timeout(600)
def test_a_practice_is_done_by_a_worker_and_judged(tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    words = ["--practices", "1", "--workers", "1", "--answer", "0", "--out", str(out)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert json.loads(out.read_text())["workers"]["workers"]["1"]["practices"] == 1
