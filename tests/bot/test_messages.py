"""What a thread shows for the rows as they are: which messages, in which words, with which buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from bot.blocks import Message
from bot.messages import CHECKLIST, DONE, check_line, thread
from bot.run_view import RETRIED, RunView, in_slack
from storage.models import (
    Approval,
    AuditEntry,
    Change,
    ChangeKind,
    CheckOutcome,
    ErrorClass,
    HealthCheck,
    Plan,
    Practice,
    Run,
    RunStatus,
    Step,
    StepStatus,
    ThreadMessage,
    Verdict,
)
from tests.bot.gallery import PLAN

NOW = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
TITLES = tuple((number, f"Step number {number}") for number in range(1, 18))
FORBIDDEN = replace(PLAN, changes=(Change(ChangeKind.FORBID, "employee", "it exists; --adopt repairs it"),))


def run(status: RunStatus, plan: Plan | None = PLAN, **more: Any) -> Run:
    kept = {} if plan is None else {"plan": plan.as_json(), "plan_hash": plan.hash}
    facts = {
        "requested_by": "U0ANA",
        "requested_at": NOW,
        "moved_at": NOW,
        "channel": "C1",
        "notes": "",
        **kept,
        **more,
    }
    return Run(id=7, practice_id=1, verb="provision", status=status, **facts)


def view(status: RunStatus, plan: Plan | None = PLAN, **more: Any) -> RunView:
    fields = {name: more.pop(name) for name in list(more) if name in RunView.__dataclass_fields__}
    practice = Practice(
        id=1, key="lumen eye", name="Lumen Eye", url="https://ehr.example/static/", username="OneSpot2915"
    )
    return RunView(run(status, plan, **more), fields.pop("practice", practice), TITLES, **fields)


def step(number: int, status: StepStatus) -> Step:
    return Step(run_id=7, number=number, name=f"s{number}", status=status, token=1, at=NOW, seconds=2.0)


def keys(shown: Sequence[Message]) -> list[str]:
    return [message.key.partition("-")[0] for message in shown]


def buttons(message: Message) -> list[str]:
    elements = [e for b in dicts(message) if b["type"] == "actions" for e in b["elements"]]
    return [element["text"]["text"] for element in elements]


def dicts(message: Message) -> list[dict[str, Any]]:
    return [block.to_dict() if isinstance(block, Block) else block for block in message.blocks]


def words(message: Message) -> str:
    return str(dicts(message))


FAILED = {"error_class": ErrorClass.TRANSIENT, "error_what": "It was down.", "error_step": 8}


@pytest.mark.parametrize(
    ("status", "plan", "more", "shown", "offered"),
    [
        (RunStatus.REQUESTED, None, {}, ["root"], ["Enter the administrator's password", "Cancel"]),
        (RunStatus.PLANNING, None, {}, ["root"], ["Cancel"]),
        (RunStatus.PLANNED, PLAN, {}, ["root", "plan"], ["Approve", "Reject", "Plan again", "Cancel"]),
        (RunStatus.PLANNED, FORBIDDEN, {}, ["root", "plan"], ["Plan again", "Change details", "Cancel"]),
        (RunStatus.RUNNING, PLAN, {}, ["root", "plan", "checklist"], ["Cancel"]),
        (RunStatus.FAILED, None, FAILED, ["root", "trouble"], ["Retry", "Change details", "Cancel"]),
        (
            RunStatus.FAILED,
            None,
            {**FAILED, "error_class": ErrorClass.CREDENTIAL},
            ["root", "trouble"],
            ["Change details", "Retry", "Cancel"],
        ),
        (
            RunStatus.WAITING,
            PLAN,
            {**FAILED, "error_class": ErrorClass.HUMAN_NEEDED},
            ["root", "plan", "trouble"],
            ["I did it, continue", "Cancel"],
        ),
        (RunStatus.SUCCEEDED, PLAN, {}, ["root", "plan", "done"], ["Reveal credentials", "Check now", "Evidence"]),
        (RunStatus.CANCELLED, PLAN, {}, ["root", "plan"], []),
        (RunStatus.EXPIRED, PLAN, {}, ["root", "plan"], []),
        (RunStatus.REJECTED, PLAN, {}, ["root", "plan"], []),
    ],
)
def test_each_state_shows_its_messages_and_offers_its_buttons(
    status: RunStatus, plan: Plan | None, more: dict[str, Any], shown: list[str], offered: list[str]
) -> None:
    messages = thread(view(status, plan, **more))
    assert keys(messages) == shown
    assert [text for message in messages for text in buttons(message)] == offered


def test_the_root_says_how_far_it_is_and_who_asked() -> None:
    steps = [step(1, StepStatus.DONE), step(2, StepStatus.ALREADY_THERE), step(3, StepStatus.RUNNING)]
    root = thread(view(RunStatus.RUNNING, steps=steps))[0]
    assert (
        root.text.splitlines()[0]
        == "OneSpot for Lumen Eye: 2/17 steps. Walking through the guide: step 3, Step number 3."
    )
    assert "<@U0ANA>" in words(root)


def test_the_checklist_has_each_step_with_its_state_in_a_word() -> None:
    steps = [step(1, StepStatus.DONE), step(2, StepStatus.ALREADY_THERE), step(3, StepStatus.FAILED)]
    checklist = next(m for m in thread(view(RunStatus.RUNNING, steps=steps)) if m.key == CHECKLIST)
    text = dicts(checklist)[0]["text"]["text"].splitlines()
    assert len(text) == 17
    assert [line.split(" · ")[1] for line in text[:4]] == ["done", "already there", "failed", "pending"]


@pytest.mark.parametrize("status", [RunStatus.FAILED, RunStatus.CANCELLED])
@pytest.mark.parametrize("style", ["classic", "plan"])
def test_a_step_in_which_the_program_was_killed_is_not_said_to_be_running(status: RunStatus, style: str) -> None:
    steps = [step(1, StepStatus.DONE), step(2, StepStatus.RUNNING)]
    shown = next(m for m in thread(view(status, steps=steps, error_step=2, style=style)) if m.key == CHECKLIST)
    assert "2. Step number 2 · failed" in str([dicts(shown), shown.text])
    assert "running" not in str([dicts(shown), shown.text])


def test_slacks_plan_block_is_used_where_that_is_set_with_the_classic_one_to_fall_back_on() -> None:
    message = next(m for m in thread(view(RunStatus.RUNNING, style="plan")) if m.key == CHECKLIST)
    assert dicts(message)[0]["type"] == "plan"
    assert [task["status"] for task in dicts(message)[0]["tasks"]] == ["pending"] * 17
    classic = dicts(thread(view(RunStatus.RUNNING))[2])
    assert [block.to_dict() for block in message.otherwise] == classic


def test_an_approved_plan_says_who_and_when_and_has_no_buttons() -> None:
    said = Approval(run_id=7, plan_hash=PLAN.hash, verdict=Verdict.APPROVED, by="U0BEN", at=NOW)
    card = thread(view(RunStatus.APPROVED, approvals=[said]))[1]
    assert "Approved by <@U0BEN>" in card.text
    assert buttons(card) == []


def test_a_rejected_plan_says_why() -> None:
    said = Approval(run_id=7, plan_hash=PLAN.hash, verdict=Verdict.REJECTED, by="U0BEN", reason="<!here> no", at=NOW)
    card = thread(view(RunStatus.REJECTED, approvals=[said]))[1]
    assert "Rejected by <@U0BEN>" in card.text
    assert "&lt;!here&gt; no" in card.text


def test_a_failure_that_is_past_is_closed_by_who_decided() -> None:
    posted = ThreadMessage(
        run_id=7,
        key=f"trouble-{int(NOW.timestamp() * 1000)}",
        channel="C1",
        ts="1.0",
        digest="x",
        said="❌ Stopped at 8",
    )
    entry = AuditEntry(at=NOW + timedelta(minutes=1), who="U0BEN", what=RETRIED)
    closed = thread(view(RunStatus.RUNNING, posted={posted.key: posted}, entries=[entry]))[-1]
    assert closed.key == posted.key
    assert closed.text.startswith("❌ Stopped at 8\nRetried by <@U0BEN>")
    assert buttons(closed) == []


def test_a_plan_that_was_replaced_is_closed() -> None:
    posted = ThreadMessage(run_id=7, key="plan-0123456789ab", channel="C1", ts="1.0", digest="x", said="Plan for X")
    closed = thread(view(RunStatus.PLANNED, posted={posted.key: posted}))[-1]
    assert "Replaced by what follows." in closed.text


def test_a_success_names_user_role_and_locations_and_no_password() -> None:
    done = next(m for m in thread(view(RunStatus.SUCCEEDED)) if m.key == DONE)
    assert all(part in words(done) for part in ("OneSpot2915", "Main Street, North", "<@U0ANA>"))


def test_checks_after_success_are_in_the_thread() -> None:
    check = HealthCheck(id=3, practice_id=1, outcome=CheckOutcome.HEALTHY, detail=["It works."], at=NOW)
    assert "healthy" in thread(view(RunStatus.SUCCEEDED, checks=[check]))[-1].text
    assert check_line(check) == "🟢 *healthy* It works."


def test_the_command_lines_options_are_buttons_here() -> None:
    assert "Take over" in in_slack("it exists; --adopt gives it a new password")
    card = thread(view(RunStatus.PLANNED, FORBIDDEN))[1]
    assert "--adopt" not in words(card)


@given(name=st.text(min_size=1, max_size=10_000), said=st.text(max_size=10_000), many=st.integers(0, 60))
def test_no_name_and_no_sentence_of_the_ehr_makes_a_message_that_slack_refuses(name: str, said: str, many: int) -> None:
    practice = Practice(id=1, key="x", name=name, url=f"https://{said}", username=said)
    changes = tuple(Change(ChangeKind.CREATE, said, name) for _ in range(many % 12))
    plan = Plan(said, said, name, tuple([said] * many), changes)
    error = {
        "error_class": ErrorClass.TRANSIENT,
        "error_what": said,
        "error_means": name,
        "error_do": said,
        "error_step": 3,
    }
    for status in RunStatus:
        shown = view(status, plan, practice=practice, notes=said[:500], **error)
        for message in thread(shown):
            _assert_slack_takes(message)


def _assert_slack_takes(message: Message) -> None:
    blocks = dicts(message)
    assert 1 <= len(blocks) <= 50
    for block in blocks:
        for part in [*block.get("fields", []), *([block["text"]] if "text" in block else [])]:
            most = {"header": 150}.get(block["type"], 2000 if "fields" in block else 3000)
            assert 1 <= len(part["text"]) <= most
        for element in block.get("elements", []):
            assert len(str(element.get("text"))) <= 3200
            if element["type"] == "button":
                assert len(element["text"]["text"]) <= 75
                assert len(element.get("value", "")) <= 2000


@pytest.mark.parametrize(
    ("error_class", "status", "named"),
    [
        (ErrorClass.CREDENTIAL, RunStatus.FAILED, True),
        (ErrorClass.TRANSIENT, RunStatus.FAILED, False),
        (ErrorClass.CREDENTIAL, RunStatus.WAITING, False),
    ],
)
def test_where_a_login_was_refused_the_button_that_takes_another_is_named(
    error_class: ErrorClass, status: RunStatus, named: bool
) -> None:
    cards = [m for m in thread(view(status, **{**FAILED, "error_class": error_class})) if m.key.startswith("trouble")]
    assert ("Press *Change details* for that." in str(dicts(cards[-1]))) is named
    assert ("Press Change details for that." in cards[-1].text) is named
