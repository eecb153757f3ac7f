"""The bench for runs: the bare script does all of the guide, and ratios are of the same round. Never how quick."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from typer.testing import CliRunner

from bench.ehr import FRONTS, DistantEhr, Front, verdict
from bench.runs.__main__ import app
from bench.runs.bare import FINAL, SCRIPTS
from bench.runs.measure import NotRight, Sample, figures, missed
from sandbox.ehr import ADMIN_PASSWORD, ADMIN_USERNAME
from tests.onespot import with_everything


@pytest.mark.browser
@pytest.mark.parametrize("front", FRONTS)
def test_the_bare_script_leaves_what_the_guide_says(chromium: Browser, front: Front) -> None:
    with DistantEhr(front) as ehr:
        before = ehr.state.as_json()
        context = chromium.new_context(viewport={"width": 1920, "height": 1080})
        expect.set_options(timeout=15_000)
        try:
            script = SCRIPTS[front](context.new_page(), ehr.url)
            assert script.run(ADMIN_USERNAME, ADMIN_PASSWORD) == FINAL
        finally:
            expect.set_options(timeout=5_000)
            context.close()
        assert verdict(ehr, before, FINAL)["verdict"] == "COMPLETED"
        assert verdict(ehr, before, "another")["verdict"] == "WRONG"


@pytest.mark.parametrize("front", FRONTS)
def test_an_ehr_in_which_nothing_was_done_is_not_right(front: Front) -> None:
    ehr = DistantEhr(front)
    assert verdict(ehr, ehr.state.as_json(), FINAL)["verdict"] == "WRONG"


def test_ratios_are_of_the_same_round_and_the_median_decides() -> None:
    ours = [Sample(3.0, 2.0, {"1 Log in": 0.5, "2 Note the ID": 0.2}), Sample(1.0, 2.0, {"1 Log in": 0.9})]
    found = figures({"ours": ours, "bare": [Sample(2.0, 1.0), Sample(1.0, 2.0)]})
    assert found["ratios"]["wall time"] == {"median": 1.25, "min": 1.0, "max": 1.5}
    assert found["ratios"]["CPU time"] == {"median": 1.5, "min": 1.0, "max": 2.0}
    assert list(found["steps"].items()) == [("1 Log in", 0.7), ("2 Note the ID", 0.2)]
    assert missed({"fronts": {"legacy": found}}) == []
    slow = figures({"ours": [Sample(2.6, 1.0)], "bare": [Sample(2.0, 1.0)]})
    assert missed({"fronts": {"legacy": slow}}) == ["legacy: 1.30 times as long as the bare script"]


def test_a_run_that_is_not_right_ends_it_with_a_sentence_and_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(*_: object) -> None:
        raise NotRight("ours, with every proof, legacy: WRONG, no login on Sunday")

    monkeypatch.setattr("bench.runs.__main__.measure", wrong)
    done = CliRunner().invoke(app, ["--out", str(tmp_path / "results.json")])
    assert (done.exit_code, "no login on Sunday" in done.output) == (1, True)
    assert not (tmp_path / "results.json").exists()


@with_everything
@pytest.mark.browser
@pytest.mark.timeout(300)
def test_both_are_measured_and_kept(tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    done = CliRunner().invoke(app, ["--rounds", "1", "--front", "legacy", "--out", str(out)])
    assert done.exit_code in (0, 1), done.output
    its = json.loads(out.read_text())["runs"]["fronts"]["legacy"]
    for way in ("ours", "bare"):
        assert its["ways"][way]["seconds"]["median"] > 0
        assert its["ways"][way]["cpu"]["median"] > 0
    assert len(its["steps"]) == 17
