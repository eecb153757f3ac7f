"""What is said about accounts: within Slack's limits at any size, in words that say what to do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.blocks import Message
from bot.checks import messages as words
from bot.checks.incidents import Pause
from bot.checks.messages import AlertView
from bot.checks.summary import summary
from sandbox.slack.blocks import characters, problems
from storage.health import Standing
from storage.models import AccountHealth, CheckOutcome, DriftGrade, Practice

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
C = CheckOutcome
BAD = [outcome for outcome in C if outcome is not C.HEALTHY]
LONG = "An <odd> *sentence* with & many words that goes on and on. " * 20


def one(number: int, outcome: CheckOutcome | None, detail: str = "The page did not load.", name: str = "") -> Standing:
    practice = Practice(id=number, key=f"{number:05}", name=name or f"Practice {number:04}", url="https://ehr.example/")
    row = AccountHealth(practice_id=number, outcome=outcome, detail=[detail], since=NOW, looked_at=NOW, alike=1)
    return row, practice


def many(number: int, outcome: CheckOutcome = C.EHR_DOWN, **more: Any) -> list[Standing]:
    return [one(n, outcome, **more) for n in range(1, number + 1)]


def view(its: list[Standing], outcome: CheckOutcome = C.EHR_DOWN, size: int = 0, requester: str = "") -> AlertView:
    return AlertView(outcome, "ehr.example", its[0][1].name, size or len(its), NOW, its, requester)


def raw(message: Message) -> list[dict[str, Any]]:
    return [block.to_dict() for block in message.blocks]


def fits(message: Message) -> bool:
    """Whether Slack takes it, in all its forms."""
    for blocks in (message.blocks, message.otherwise):
        shown = [block.to_dict() for block in blocks]
        assert problems(shown, "message") == []
        assert characters(shown) <= 11_000
    return 0 < len(message.text) <= 4000


def table(message: Message) -> list[list[str]]:
    found = [block for block in raw(message) if block["type"] == "table"]
    return [[cell["text"] for cell in row] for block in found for row in block["rows"]]


def buttons(message: Message) -> list[str]:
    return [one["text"]["text"] for block in raw(message) if block["type"] == "actions" for one in block["elements"]]


# --- alerts


def primary(message: Message) -> list[str]:
    """The texts of the buttons drawn as the next best thing."""
    its = [one for block in raw(message) if block["type"] == "actions" for one in block["elements"]]
    return [one["text"]["text"] for one in its if one.get("style") == "primary"]


@pytest.mark.parametrize("outcome", BAD)
def test_one_button_of_an_alert_is_the_next_best_thing(outcome: CheckOutcome) -> None:
    best = primary(words.alert(view([one(1, outcome)], outcome)))
    repaired, rotated = (C.DRIFT, C.LOCKED, C.LOGIN_REFUSED), (C.EXPIRING, C.PASSWORD_EXPIRED)
    assert best == ["Repair" if outcome in repaired else "Rotate password" if outcome in rotated else "Check again"]


def test_an_incident_offers_only_what_makes_sense_for_many() -> None:
    assert buttons(words.alert(view(many(3)))) == ["Check again", "Snooze"]


@pytest.mark.parametrize("grade", DriftGrade)
def test_a_drift_says_what_its_grade_means(grade: DriftGrade) -> None:
    row, practice = one(1, C.DRIFT)
    row.grade = grade
    assert words.DRIFTS[grade] in str(raw(words.alert(view([(row, practice)], C.DRIFT))))


def test_the_summary_groups_drifts_by_grade_the_worst_first() -> None:
    its = many(3, C.DRIFT)
    for (row, _), grade in zip(its, (DriftGrade.COSMETIC, DriftGrade.EXCESS, DriftGrade.MISSING), strict=True):
        row.grade = grade
    causes = [row[0] for row in table(summary(its, NOW, ZoneInfo("UTC")))[1:]]
    assert causes == ["drift: more rights than approved", "drift: something is missing", "drift: looks only"]


@pytest.mark.parametrize("outcome", BAD)
def test_an_alert_says_what_was_found_what_it_means_and_what_to_do(outcome: CheckOutcome) -> None:
    message = words.alert(view([one(1, outcome)], outcome, requester="U0ANA"))
    said = str(raw(message))
    for part in (f"Practice 0001: {outcome}", "The page did not load.", "What it means", "What to do", "<@U0ANA>"):
        assert part in said
    assert buttons(message) == ["Check again", "Rotate password", "Repair", "Snooze"]
    assert fits(message)
    mark = "🟡" if outcome is C.EXPIRING else "🔴"
    assert message.text.startswith(f"{mark} Practice 0001: {outcome}. The page did not load.")


def test_forty_alike_are_one_message_with_their_names_in_the_thread() -> None:
    message = words.alert(view(many(40)))
    assert raw(message)[0]["text"]["text"] == "🔴 40 practices: the EHR is down"
    assert "40 of 40 still fail. Their names are in the thread." in str(raw(message))
    (answer,) = words.answers(C.EHR_DOWN, many(40))
    assert answer.message.text.startswith("🔴 the EHR is down (40): Practice 0001, Practice 0002, ")
    assert set(answer.told) == set(range(1, 41))


def test_an_incident_counts_those_that_work_again() -> None:
    its = [*many(2), *[one(n, C.HEALTHY) for n in (3, 4, 5)]]
    assert "2 of 5 still fail, 3 work again: *Practice 0001*, *Practice 0002*." in str(raw(words.alert(view(its))))


def test_a_recovery_closes_the_alert_and_its_buttons_go() -> None:
    message = words.alert(view([one(1, C.HEALTHY)]))
    assert message.text.startswith("🟢 Practice 0001: works again. It was: ")
    assert buttons(message) == []
    assert words.alert(view([one(n, C.HEALTHY) for n in range(40)])).text.startswith("🟢 40 practices: work again. ")
    assert fits(message)


def test_an_alert_whose_practice_has_another_one_does_not_claim_that_it_recovered() -> None:
    gone = AlertView(C.DRIFT, "ehr.example", "Lumen Eye", 1, NOW, ())
    assert words.alert(gone).text.startswith("⚪ Lumen Eye: over. What fails now has an alert of its own. ")
    some = view([one(1, C.HEALTHY)], size=3)
    assert "The others have alerts of their own." in words.alert(some).text


def test_a_snoozed_alert_says_until_when() -> None:
    row, practice = one(1, C.DRIFT)
    row.snoozed_until = NOW + timedelta(days=1)
    assert "💤 snoozed until <!date^" in str(raw(words.alert(view([(row, practice)], C.DRIFT))))


def test_what_an_ehr_says_formats_nothing_and_mentions_nobody() -> None:
    message = words.alert(view([one(1, C.DRIFT, "<!channel> *bold* <@U0BEN>", "<!here> & Sons")], C.DRIFT))
    said = str(raw(message)[1:]) + message.text
    for tag in ("<!channel>", "<!here>", "<@U0BEN>", " *bold*"):
        assert tag not in said


@settings(max_examples=30, deadline=None)
@given(st.text(min_size=1, max_size=3000), st.text(min_size=1, max_size=3000), st.sampled_from(BAD))
def test_whatever_a_practice_is_called_slack_takes_it(name: str, detail: str, outcome: CheckOutcome) -> None:
    its = [one(1, outcome, detail, name), one(2, outcome, detail, name)]
    assert fits(words.alert(view(its[:1], outcome)))
    assert fits(words.alert(view(its, outcome)))
    assert fits(summary(its, NOW, UTC))
    assert all(fits(answer.message) for answer in words.answers(outcome, its))


# --- answers


def test_a_few_answers_have_a_line_each() -> None:
    (answer,) = words.answers(C.EHR_DOWN, [one(1, C.HEALTHY), one(2, C.DRIFT), one(3, C.EHR_DOWN)])
    assert answer.message.text.splitlines() == [
        "🟢 Practice 0001: works again",
        "🔴 Practice 0002: now drift. The page did not load.",
        "🔴 Practice 0003: the EHR is down. The page did not load.",
    ]
    assert answer.told == {1: C.HEALTHY, 2: C.DRIFT, 3: C.EHR_DOWN}


def test_two_thousand_names_are_a_few_messages_and_none_is_missing() -> None:
    its = [*many(1500), *[one(n, C.HEALTHY) for n in range(1501, 2001)]]
    said = words.answers(C.EHR_DOWN, its)
    assert len(said) <= 14
    assert all(fits(answer.message) for answer in said)
    told = {practice: outcome for answer in said for practice, outcome in answer.told.items()}
    assert told == {practice.id: row.outcome for row, practice in its}
    text = " ".join(answer.message.text for answer in said)
    assert all(practice.name in text for _, practice in its)


def test_long_sentences_of_ten_practices_fit() -> None:
    said = words.answers(C.DRIFT, many(10, C.DRIFT, detail=LONG, name="N" * 300))
    assert all(fits(answer.message) for answer in said)
    assert sum(len(answer.told) for answer in said) == 10


def test_a_pause_says_why_and_how_long() -> None:
    message = words.paused(Pause(C.EHR_DOWN, NOW, 7))
    assert "7 of the last 20 checks ended like this" in message.text
    assert "15 minutes each time" in message.text


# --- the summary


@pytest.mark.parametrize(
    ("healthy", "failing", "said"),
    [
        (0, 0, "No account is checked yet"),
        (1, 0, "🟢 1 practice works."),
        (0, 1, "🔴 1 practice fails. the EHR is down (1): Practice 0001."),
        (37, 3, "🔴 3 practices fail · 🟢 37 practices work. the EHR is down (3): Practice 0001, "),
        (1400, 600, "🔴 600 practices fail · 🟢 1,400 practices work. the EHR is down (600): "),
        (0, 2000, "🔴 2,000 practices fail. the EHR is down (2,000): "),
    ],
)
def test_a_summary_fits_at_any_size_and_reads_well(healthy: int, failing: int, said: str) -> None:
    its = [*many(failing), *[one(n, C.HEALTHY) for n in range(5001, 5001 + healthy)]]
    message = summary(its, NOW, UTC)
    assert fits(message)
    assert message.text.startswith(f"OneSpot accounts on 2026-11-23: {said}")
    rows = table(message)
    assert (len(rows) <= 100, bool(rows)) == (True, failing > 0)
    if 0 < failing <= 40:
        assert len(rows) == failing + 1


def test_a_summary_of_two_thousand_with_long_words_fits_too() -> None:
    its = [one(n, BAD[n % len(BAD)], LONG, f"{n} " + "Ophthalmology " * 30) for n in range(2000)]
    message = summary(its, NOW, ZoneInfo("America/Argentina/ComodRivadavia"))
    assert fits(message)
    assert 40 <= len(table(message)) <= 100
    assert "The table has 40 of 2,000" in str(raw(message))


def test_the_failing_ones_come_first_grouped_by_cause_the_worst_first() -> None:
    its = [one(1, C.DRIFT), one(2, C.HEALTHY), one(3, C.LOCKED), one(4, C.DRIFT), one(5, None), one(6, C.LOGIN_REFUSED)]
    message = summary(its, NOW, ZoneInfo("Asia/Tokyo"))
    rows = table(message)
    assert rows[0] == ["Cause", "Practice", "Since (Asia/Tokyo)", "What was found"]
    assert [row[:3] for row in rows[1:]] == [
        ["locked", "Practice 0003", "2026-11-23 18:00"],
        ["login refused", "Practice 0006", "2026-11-23 18:00"],
        ["drift", "Practice 0001", "2026-11-23 18:00"],
        ["drift", "Practice 0004", "2026-11-23 18:00"],
    ]
    assert "🔴 4 practices fail · 🟢 1 practice works · ⚪ 1 practice not looked at yet" in message.text


def test_where_slack_knows_no_tables_the_names_stand_by_cause() -> None:
    message = summary(many(3), NOW, UTC)
    assert "*the EHR is down:* Practice 0001, Practice 0002, Practice 0003" in str(
        [block.to_dict() for block in message.otherwise]
    )


def test_a_muted_practice_is_in_the_summary_as_such() -> None:
    row, practice = one(1, C.DRIFT)
    row.muted = True
    assert table(summary([(row, practice)], NOW, UTC))[1][3] == "(muted) The page did not load."


def test_a_standing_in_one_line() -> None:
    assert words.standing_line(*[one(1, C.DRIFT)[0], "Lumen"]).startswith(
        "🔴 *drift* The page did not load. · *Lumen* <"
    )
    assert words.standing_line(one(1, None)[0], "Lumen") == "⚪ *not looked at yet* · *Lumen*"


def test_every_outcome_says_what_it_means_and_what_to_do() -> None:
    assert set(words.MEANS) == set(C)
