"""The scorecard plays every fault, says how each came out, and repeats itself. Two cases are played with a browser."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bench.scorecard.__main__ import app, keep_score
from bench.scorecard.cases import FRONTS, QUICK, Case, Start, Verb, everything, missing, quick
from bench.scorecard.combine import APART, combinations
from bench.scorecard.judge import Judged, Verdict
from bench.scorecard.play import Played, play, read_claim
from bench.scorecard.table import Scorecard, as_json, as_markdown, from_json
from sandbox.ehr.faults import FAULTS, LEGACY
from tests.onespot import daily

# --- which cases


def test_every_fault_of_the_stand_in_is_played_on_each_front_end_that_knows_it() -> None:
    assert missing() == set()
    played = {(fault, case.front) for case in everything() for fault in case.faults}
    assert played == {(name, front) for name in FAULTS for front in FRONTS if front == "legacy" or name not in LEGACY}


def test_no_case_stands_there_twice() -> None:
    keys = [case.key for case in [*everything(), *combinations(20, 7)]]
    assert len(keys) == len(set(keys))


def test_the_quick_ones_are_among_all() -> None:
    assert set(QUICK) - {""} <= set(FAULTS)
    assert {case.key for case in quick()} <= {case.key for case in everything()}


def test_a_seed_makes_the_same_combinations_again_and_another_one_others() -> None:
    first, again, other = (combinations(20, seed) for seed in (7, 7, 8))
    assert first == again
    assert first != other
    assert len(first) == 20
    for case in first:
        assert len(case.faults) in (2, 3)
        assert all(len(group.intersection(case.faults)) <= 1 for group in APART)
        assert case.completes or case.stops


# --- what a command said


def test_a_claim_is_read_from_what_the_command_prints() -> None:
    failed = {"event": "failed", "error": {"class": "POLICY", "message": "Too short.", "means": "The policy."}}
    claim = read_claim(1, json.dumps(failed) + "\n", "")
    assert (claim.ended, claim.succeeded, claim.error_class, claim.sentence) == (True, False, "POLICY", "Too short.")
    checked = {"event": "check", "status": "password expires soon", "message": "It works."}
    assert read_claim(1, json.dumps(checked), "").error_class == "EXPIRING"
    plan = {"event": "plan", "plan": {"changes": [{"kind": "forbid", "what": "user role", "detail": "is another's"}]}}
    assert read_claim(3, json.dumps(plan), "").sentence == "user role: is another's"
    assert read_claim(2, "", "onespot: no such page.\n") == read_claim(2, "", "news\nonespot: no such page.")
    assert read_claim(2, "", "onespot: no such page.").error_class == "USAGE"
    assert read_claim(None, json.dumps(failed), "").ended is False
    assert read_claim(0, "", "").succeeded is True


# --- on paper


def _card(*verdicts: Verdict) -> Scorecard:
    card = Scorecard(7)
    for number, verdict in enumerate(verdicts):
        front = FRONTS[number % 2]
        case = Case((f"fault-{number // 2}",), front, Verb.PROVISION, Start.NOTHING, True, ())
        why = "" if verdict.survived else "that is why"
        card = card.with_(Played(case, Judged(verdict, why), 1.26, f"<b> a | b {number}", "POLICY"), "2026-11-28")
    return card


def test_the_headline_counts_what_survived() -> None:
    assert _card(Verdict.COMPLETED, Verdict.STOPPED).headline == "2 of 2 survived, seed 7"
    assert _card(*Verdict).headline == "2 of 7 survived, seed 7"


def test_the_table_names_defects_first_and_breaks_no_line() -> None:
    text = as_markdown(_card(Verdict.COMPLETED, Verdict.WRONG))
    assert text.startswith("# 1 of 2 survived, seed 7\n")
    assert text.index("## Defects") < text.index("that is why") < text.index("## Each fault alone")
    rows = [line for line in text.splitlines() if line.startswith("| fault-0")]
    assert len(rows) == 3
    assert rows[1] == "| fault-0 | legacy | provision, nothing | COMPLETED | POLICY | 1 | &lt;b> a \\| b 0 |"
    assert "## Defects" not in as_markdown(_card(Verdict.STOPPED))


def test_the_same_comes_back_from_json() -> None:
    card = _card(Verdict.COMPLETED, Verdict.LEFT)
    assert from_json(as_json(card)) == card
    case = json.loads(as_json(card))["cases"][1]
    assert (case["verdict"], case["survived"], case["defect"], case["seconds"]) == ("LEFT", False, "that is why", 1.3)


def _keep(card: Scorecard, verdict: Verdict, out: Path) -> tuple[int, str]:
    """Two cases are known; the first one is played and comes out like this. Exit status, and what people read."""
    cases = [case for case in everything() if case.faults == ("mfa",)]

    def players(wanted: Sequence[Case]) -> list[Played]:
        why = "" if verdict.survived else "no cause"
        return [Played(case, Judged(verdict, why), 0.1, "Oh.", "POLICY") for case in wanted]

    people = Console(file=io.StringIO(), record=True, width=100)
    return keep_score(cases, cases[:1], card, players, out, people), people.export_text()


def test_one_defect_ends_it_with_one_and_is_named(tmp_path: Path) -> None:
    status, text = _keep(Scorecard(7), Verdict.VAGUE, tmp_path)
    assert status == 1
    assert "VAGUE" in text
    assert "no cause" in text
    assert "0 of 1 survived, seed 7" in text
    assert (tmp_path / "scorecard.md").read_text().startswith("# 0 of 1 survived, seed 7\n")
    assert _keep(from_json((tmp_path / "scorecard.json").read_text()), Verdict.STOPPED, tmp_path)[0] == 0


def test_a_defect_that_was_found_before_still_counts(tmp_path: Path) -> None:
    other = next(case for case in everything() if (case.faults, case.front) == (("mfa",), "modern"))
    before = Scorecard(7).with_(Played(other, Judged(Verdict.STUCK, "why"), 300.0, ""), "2026-11-28")
    status, text = _keep(before, Verdict.STOPPED, tmp_path)
    assert (status, "1 of 2 survived" in text) == (1, True)


# --- played


def _one(fault: str, front: str) -> Case:
    return next(case for case in everything() if case.faults == (fault,) and case.front == front)


@pytest.mark.browser
@pytest.mark.timeout(120)
def test_a_refused_login_is_stopped_and_a_table_says_so(tmp_path: Path) -> None:
    words = ["--only", "admin-password-wrong | modern", "--combinations", "0", "--out", str(tmp_path), "--seed", "11"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert "seed 11" in done.output
    assert (tmp_path / "scorecard.md").read_text().startswith("# 1 of 1 survived, seed 11\n")
    (row,) = json.loads((tmp_path / "scorecard.json").read_text())["cases"]
    assert (row["faults"], row["verdict"], row["class"]) == (["admin-password-wrong"], "STOPPED", "CREDENTIAL")
    assert "refused the login" in row["sentence"]


@pytest.mark.browser
@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    "fault", daily(["motd-warning", "reset-500-but-done", "mfa", "save-employee-500-but-saved"], "motd-warning")
)
def test_what_can_be_survived_is_survived(fault: str) -> None:
    played = play(_one(fault, "legacy"))
    assert played.judged.verdict.survived, played
