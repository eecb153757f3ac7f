"""The bench for approvals: one approval is measured for real, and a goal that was missed is not claimed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bench.approvals.__main__ import app
from bench.approvals.measure import figures
from tests.onespot import with_everything


def test_p50_is_the_middle_and_p95_what_nearly_all_do_not_exceed() -> None:
    found = figures([n / 100 for n in range(100, 0, -1)])
    assert found == {"rounds": 100, "p50": 0.505, "p95": 0.95, "min": 0.01, "max": 1.0, "goal": 0.5}


@pytest.mark.parametrize(("slowest", "status"), [(0.4, 0), (0.9, 1)])
def test_a_goal_that_was_missed_is_said_in_words_and_by_the_exit_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slowest: float, status: int
) -> None:
    monkeypatch.setattr("bench.approvals.__main__.measure", lambda *_: figures([0.1, slowest, slowest]))
    done = CliRunner().invoke(app, ["--out", str(tmp_path / "results.json")])
    assert (done.exit_code, "Missed:" in done.output) == (status, bool(status))


@with_everything
@pytest.mark.browser
@pytest.mark.timeout(240)
def test_an_approval_is_measured_from_the_press_to_the_first_step(tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    done = CliRunner().invoke(app, ["--rounds", "1", "--out", str(out)])
    assert done.exit_code in (0, 1), done.output
    found = json.loads(out.read_text())["approvals"]
    assert found["rounds"] == 1
    assert 0 < found["min"] == found["p50"] == found["max"]
