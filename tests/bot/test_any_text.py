"""Whatever text comes from outside, every message and every view is one that Slack takes, and says nothing of its own.

The judge is the stand-in's validator of Block Kit, which has Slack's documented limits. Every message and view of the
bot is drawn here; what they look like is tested where each is drawn.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from slack_sdk import WebClient
from slack_sdk.models.views import View
from sqlalchemy import Engine

from bot import handover, modals, status
from bot.approvers import Approvers
from bot.blocks import FALLBACK, Message, cut
from bot.checks import messages as health_words
from bot.checks import summary
from bot.checks.incidents import Pause
from bot.checks.messages import AlertView
from bot.home import home
from bot.messages import thread
from bot.modals import Place, Request
from bot.office import Office
from bot.rotation import ASKED
from bot.run_view import CANCELLED, DECISIONS, RunView
from sandbox.slack.blocks import characters, problems
from sandbox.slack.views import first_values, too_large, view_problems
from storage import checks, practices, runs
from storage.database import whole
from storage.models import (
    AccountHealth,
    Approval,
    AuditEntry,
    Change,
    ChangeKind,
    CheckOutcome,
    Credential,
    DriftGrade,
    ErrorClass,
    HealthCheck,
    Plan,
    Practice,
    Rotation,
    Run,
    RunStatus,
    Step,
    StepStatus,
    ThreadMessage,
    Verb,
    Verdict,
)
from storage.vault import Vault, new_key
from tests.odd_texts import odd_texts
from tests.properties import examples

NOW = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
TITLES = tuple((number, f"Step number {number}") for number in range(1, 18))
MOST_IN_BLOCKS = 11_000
"""Letters in all blocks of a message: what Slack was seen to take."""
LIVE = ("<!channel", "<!here", "<@U0EVIL", "<!subteam^S0LEADS", "<#C0EVIL", "<https://evil", "<!date^0", "```")
"""What must never come of a stranger's words."""


def takes(message: Message) -> None:
    """Slack takes it, in each of its forms and in words alone, as the bot sends it."""
    text = cut(message.text, FALLBACK - 100)
    assert text.strip()
    speaks_plainly([text])
    for blocks in filter(None, (message.blocks, message.otherwise)):
        shown = [block.to_dict() for block in blocks]
        assert problems(shown, "message") == []
        assert characters(shown) <= MOST_IN_BLOCKS
        assert sum(block["type"] == "table" for block in shown) <= 1
        speaks_plainly(shown)


def takes_view(view: View, surface: str = "modal") -> dict[str, Any]:
    """Slack takes the view; what its fields hold at first."""
    shown: dict[str, Any] = json.loads(json.dumps(view.to_dict()))
    assert view_problems(shown, surface) == []  # type: ignore[arg-type]
    assert not too_large(shown)
    speaks_plainly([block for block in shown["blocks"] if block["type"] not in ("input", "rich_text")])
    return first_values(shown["blocks"])


def speaks_plainly(shown: Any, *, formatted: bool = True) -> None:
    """No mention, link, date or code of a stranger's; nothing unseen, and nothing that can't be sent."""
    if isinstance(shown, str):
        shown.encode()
        assert not any(letter in shown for letter in "\0\u202e\x1b")
        assert not (formatted and any(live in shown for live in LIVE)), shown
    elif isinstance(shown, dict):
        formatted = shown.get("type") not in ("plain_text", "raw_text")
        for name, one in shown.items():
            if name not in ("type", "action_id", "block_id", "value", "url"):
                speaks_plainly(one, formatted=formatted and name != "accessibility_label")
    elif isinstance(shown, list):
        for one in shown:
            speaks_plainly(one, formatted=formatted)


# --- a run's thread


def a_run(status: RunStatus, plan: Plan, said: str, verb: Verb) -> Run:
    trouble = {"error_class": ErrorClass.TRANSIENT, "error_what": said, "error_means": said, "error_do": said}
    return Run(
        id=7,
        practice_id=1,
        verb=verb,
        status=status,
        requested_by="U0ANA",
        requested_at=NOW,
        moved_at=NOW,
        channel="C1",
        notes=said,
        plan=plan.as_json(),
        plan_hash=plan.hash,
        **{**trouble, "error_step": 3},
    )


@examples(40, 2000)
@given(
    name=odd_texts(),
    said=odd_texts(),
    who=odd_texts(300),
    many=st.integers(0, 60),
    status=st.sampled_from(list(RunStatus)),
    verb=st.sampled_from(list(Verb)),
    style=st.sampled_from(["classic", "plan"]),
    verdict=st.sampled_from(list(Verdict)),
)
def test_a_runs_thread(
    name: str, said: str, who: str, many: int, status: RunStatus, verb: Verb, style: str, verdict: Verdict
) -> None:
    changes = tuple(Change(list(ChangeKind)[n % 3], said, name) for n in range(many))
    plan = Plan(said, said, name, tuple([said] * many), changes)
    steps = [
        Step(
            run_id=7, number=n, name="s", status=list(StepStatus)[n % 5], detail=said, seconds=n * 1e5, token=1, at=NOW
        )
        for n in range(1, 18)
    ]
    old = [
        ThreadMessage(run_id=7, key=key, channel="C1", ts="1.0", digest="x", said=cut(f"Plan for {n}", 3000))
        for n, key in enumerate(("plan-0123456789ab", f"trouble-{int(NOW.timestamp() * 1000)}"))
    ]
    shown = RunView(
        run=a_run(status, plan, said, verb),
        practice=Practice(id=1, key="x", name=name, url=f"https://{said}/", username=said),
        titles=TITLES,
        steps=steps,
        approvals=[Approval(run_id=7, plan_hash=plan.hash, verdict=verdict, by=who, reason=said, at=NOW)],
        entries=[AuditEntry(at=NOW, who=who, what=what) for what in (*DECISIONS, CANCELLED)],
        posted={one.key: one for one in old},
        checks=[HealthCheck(id=3, practice_id=1, outcome=CheckOutcome.DRIFT, detail=[said], at=NOW)],
        approvers="<@U0BEN>",
        style=style,
    )
    for message in thread(shown):
        takes(message)


# --- accounts


def standing(number: int, outcome: CheckOutcome, said: str, name: str) -> tuple[AccountHealth, Practice]:
    grade = list(DriftGrade)[number % 3] if outcome is CheckOutcome.DRIFT else None
    row = AccountHealth(
        practice_id=number, outcome=outcome, detail=[said, said], since=NOW, looked_at=NOW, alike=1, grade=grade
    )
    return row, Practice(id=number, key=f"{number}", name=name, url=f"https://{said}/")


@examples(30, 1500)
@given(
    name=odd_texts(), said=odd_texts(), who=odd_texts(300), size=st.integers(1, 60), first=st.sampled_from(CheckOutcome)
)
def test_alerts_answers_reminders_and_the_summary(
    name: str, said: str, who: str, size: int, first: CheckOutcome
) -> None:
    outcomes = list(CheckOutcome)
    its = [standing(n, first if n == 1 else outcomes[n % len(outcomes)], said, name) for n in range(1, size + 1)]
    view = AlertView(CheckOutcome.DRIFT, said, name, size, NOW, its, who)
    takes(health_words.alert(view))
    if view.open:
        takes(health_words.reminder(view, NOW + timedelta(days=3)))
    for answer in health_words.answers(CheckOutcome.DRIFT, its):
        takes(answer.message)
    takes(health_words.paused(Pause(CheckOutcome.EHR_DOWN, NOW, size)))
    takes(summary.summary(its, NOW, UTC, [name] * size))


@examples(30, 1000)
@given(
    name=odd_texts(),
    said=odd_texts(),
    who=odd_texts(300),
    proved=st.booleans(),
    handed=st.booleans(),
    asked=st.booleans(),
)
def test_a_rotation(name: str, said: str, who: str, proved: bool, handed: bool, asked: bool) -> None:
    rotation = Rotation(
        id=1,
        practice_id=1,
        why=ASKED if asked else said,
        asked_by=who,
        begun_at=NOW,
        ended_at=NOW,
        problem=said,
        proved_at=NOW if proved else None,
        handed_over_at=NOW if handed else None,
        handed_over_by=who,
    )
    practice = Practice(id=1, key="x", name=name, url="https://x/")
    run = a_run(RunStatus.SUCCEEDED, Plan("", "", "", ()), said, Verb.PROVISION)
    run.requested_by = who
    takes(handover.message(rotation, practice, run))
    takes(handover.message(rotation, practice, None))
    takes(handover.reminder(rotation, run, NOW + timedelta(hours=30)))


# --- modals and the Home tab


@examples(40, 2000)
@given(
    name=odd_texts(),
    said=odd_texts(),
    verb=st.sampled_from(list(Verb)),
    with_password=st.booleans(),
    tick=st.booleans(),
)
def test_every_modal(name: str, said: str, verb: Verb, with_password: bool, tick: bool) -> None:
    form = Request(name, said, said, None, said, said, tick)
    place = Place("C1", 7, "f" * 64, verb, 1)
    takes_view(modals.request_view(form, place, with_password=with_password))
    takes_view(modals.details_view(form, place, with_password=with_password))
    takes_view(modals.password_view(form, place))
    takes_view(modals.reject_view(name, place))
    takes_view(modals.message_view("How it stands", health_words.standing_line(*named(name, said))))
    word = whole(said)[:200] or "x"
    takes_view(modals.revealed_view(name, Credential(word[:100], SecretStr(word))))


def named(name: str, said: str) -> tuple[AccountHealth, str]:
    row, practice = standing(1, CheckOutcome.DRIFT, said, name)
    return row, practice.name


@examples(60, 3000)
@given(
    practice=odd_texts(100),
    administrator=odd_texts(100),
    location=odd_texts(100),
    notes=odd_texts(500),
    password=odd_texts(200),
    tick=st.booleans(),
)
def test_what_a_form_was_filled_with_is_what_is_read(
    practice: str, administrator: str, location: str, notes: str, password: str, tick: bool
) -> None:
    """Shown and sent back untouched, it says the same: only spaces around it are gone, never of a password."""
    given_ = Request(practice, "https://ehr.example/static/", administrator, None, location, notes, tick)
    values = takes_view(modals.details_view(given_, Place("C1", 7), with_password=True))
    values["password"][modals.TYPED]["value"] = password
    read = modals.read_request({"state": {"values": values}}, fixed_practice=practice, with_password=True)
    missing = {
        *({"practice"} if not practice else set()),
        *({"administrator"} if not whole(administrator).strip() else set()),
        *({"password"} if not password.strip() else set()),
    }
    if missing:
        assert isinstance(read, dict)
        assert set(read) == missing
        return
    assert isinstance(read, Request)
    assert read.password is not None
    assert read.password.get_secret_value() == password
    assert (read.practice, read.administrator) == (practice, whole(administrator).strip())
    assert (read.location, read.notes, read.take_over) == (whole(location).strip(), whole(notes).strip(), tick)
    again = takes_view(modals.details_view(read, Place("C1", 7), with_password=True))
    assert again["notes"][modals.TYPED]["value"] == (read.notes or None)


@examples(60, 3000)
@given(
    channel=odd_texts(200),
    run_id=st.none() | st.integers(1, 2**62),
    plan=odd_texts(100),
    verb=st.sampled_from(list(Verb)),
    practice=st.none() | st.integers(1, 2**62),
)
def test_a_place_comes_back_from_a_modals_metadata(
    channel: str, run_id: int | None, plan: str, verb: Verb, practice: int | None
) -> None:
    place = Place(channel, run_id, plan, verb if practice else Verb.PROVISION, practice)
    assert Place.unpacked(place.packed()) == place


@pytest.fixture
def office(engine: Engine) -> Office:
    """An office without any Slack: nobody answers there."""
    nobody = WebClient(token="xoxb-none", base_url="http://127.0.0.1:9/", timeout=1)
    vault = Vault(engine, [new_key()])
    parts: dict[str, Any] = {"dispatcher": None, "later": None, "answers": None, "threads": None}
    return Office(
        engine, vault, nobody, "T1", Approvers("U0BEN", nobody), **parts, now=lambda: NOW, revolutionehr_url=""
    )


def test_the_home_tab_and_a_commands_answers(office: Office, tmp_path: Path) -> None:
    """Many practices with odd names, in every state that there is."""
    odd = ["🦉" * 300, "&" * 3000, "<!channel> <@U0EVIL>", "x" * 10_000, "עין \u202eטובה", "a\0b\ud83d", "`c` ```d```"]
    outcomes = list(CheckOutcome)
    for number in range(60):
        name = f"{odd[number % len(odd)]} {number}"
        its = practices.save(office.engine, name, "https://x/", now=NOW)
        checks.record(office.engine, its.id, outcomes[number % len(outcomes)], [name], now=NOW, grade=None)
        run = runs.request(office.engine, its.id, ["U0ANA", name][number % 2], notes=name, now=NOW)
        for to in _way_to(list(RunStatus)[number % len(RunStatus)]):
            assert runs.move(office.engine, run.id, to, now=NOW, plan=Plan(name, name, name, ()))
    for user in ("U0ANA", "U0BEN"):
        takes_view(home(office, user), "home")
    for text in (status.checks_text(office), status.unknown(office, odd[2]), status.unknown(office, "x" * 10_000)):
        speaks_plainly([status.cut(text)])


def _way_to(status: RunStatus) -> list[RunStatus]:
    S = RunStatus
    ways = {
        S.REQUESTED: [],
        S.PLANNED: [S.PLANNING, S.PLANNED],
        S.FAILED: [S.PLANNING, S.FAILED],
        S.REJECTED: [S.PLANNING, S.PLANNED, S.REJECTED],
        S.EXPIRED: [S.EXPIRED],
        S.CANCELLED: [S.CANCELLED],
    }
    return ways.get(status, [S.PLANNING])
