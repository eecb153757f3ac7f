"""The bench for acks works and keeps figures of the right shape. How quick anything is, is never judged here."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bench.acks.__main__ import app
from bench.acks.bare import bolt, site
from bench.acks.figures import Round, Sample, percentile, ratios
from bench.acks.load import Answers, load
from bench.acks.measure import failures
from bench.acks.signed import signed
from bench.results import keep
from bot.app import listeners
from bot.serve import serving


@pytest.mark.timeout(60)
def test_a_second_of_it_answers_everything_and_keeps_its_figures(tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    words = ["--seconds", "0.1", "--rounds", "1", "--clients", "4", "--out", str(out)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert "ratio" in done.output
    figures = json.loads(out.read_text())["acks"]
    assert [row["clients"] for row in figures["clients"]] == [4]
    assert failures(figures) == {}
    for row in figures["clients"]:
        assert len(row["p99_ratio"]["rounds"]) == 1
        for side in (row["ours"], row["bare"], row["client_alone"]):
            assert side["answers"] > 0
            assert 0 < side["p50"] <= side["p99"] <= side["max"]
            assert set(side["by_kind"]) == {"command", "press"}


def test_what_is_not_answered_with_200_is_counted_and_never_timed() -> None:
    with listeners() as pool, serving(site(bolt("xoxb-unused", "http://127.0.0.1:9/", "the secret", pool)), 0) as port:
        answers = load(port, signed("another secret"), 2, 0.1)
    assert answers.all_seconds == []
    assert answers.failed["command: status 401"] > 0
    rows = [{"ours": {"failed": {}}, "bare": {"failed": answers.failed}}]
    found = failures({"warming_failed": {"ours": {"late": 2}, "bare": {}}, "clients": rows})
    assert found["bare: command: status 401"] > 0
    assert found["ours: late"] == 2


def test_nobody_listening_is_a_failure_for_each_client() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        assert load(silent.getsockname()[1], signed("any"), 3, 0.1).failed == {"ConnectionRefusedError": 3}


def test_p99_is_a_value_that_99_of_100_do_not_exceed() -> None:
    assert percentile([float(n) for n in range(100, 0, -1)], 0.99) == 99.0
    assert percentile([7.0], 0.99) == 7.0


def _sample(*seconds: float) -> Sample:
    return Sample(Answers({"command": list(seconds)}, lasted=1.0), 0.0, 0.0)


def test_the_ratio_is_the_middle_rounds_with_its_spread() -> None:
    rounds = [Round(_sample(ours), _sample(1.0)) for ours in (3.0, 1.0, 1.5)]
    assert ratios(rounds) == {"rounds": [3.0, 1.0, 1.5], "median": 1.5, "min": 1.0, "max": 3.0}


def test_a_round_without_an_answer_has_no_ratio() -> None:
    assert ratios([Round(_sample(), _sample(1.0))]) == {"rounds": []}


def test_what_another_measurement_kept_stays(tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    keep("one", {"a": 1}, out)
    keep("two", {"b": 2}, out)
    keep("one", {"a": 3}, out)
    assert json.loads(out.read_text()) == {"one": {"a": 3}, "two": {"b": 2}}
