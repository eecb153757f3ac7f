"""Every message that the bot posts about runs and accounts, drawn by the real code from made-up rows. Nothing is sent.

For tests that look at all of them: how each reads as plain text, and how each looks in a workspace.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from automation.revolutionehr.guide import GUIDE
from bot import handover
from bot.blocks import Message
from bot.checks import messages as accounts
from bot.checks.incidents import Pause
from bot.checks.messages import AlertView
from bot.checks.summary import summary
from bot.imports import card as import_card
from bot.messages import thread
from bot.rotation import ASKED
from bot.run_view import CANCELLED, CONTINUED, RETRIED, RunView
from storage.health import Standing
from storage.imports import Member
from storage.models import (
    AccountHealth,
    Approval,
    AuditEntry,
    Change,
    ChangeKind,
    CheckOutcome,
    DriftGrade,
    ErrorClass,
    HealthCheck,
    Import,
    ImportedRun,
    ImportStatus,
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

NOW = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
NAME = "Lumen Eye"
SAID = "The page did not answer within 30 seconds."
PLAN = Plan(
    "2915",
    "OneSpot2915",
    "Main Street",
    ("Main Street", "North"),
    (
        Change(ChangeKind.CREATE, "role OneSpot", "six permissions"),
        Change(ChangeKind.CREATE, "employee Sync OneSpot"),
        Change(ChangeKind.LEAVE, "everything else"),
    ),
)
FORBIDDEN = Plan(
    "2915", "OneSpot2915", "Main Street", ("Main Street",), (Change(ChangeKind.FORBID, "employee", "it exists"),)
)
TROUBLES = {
    RunStatus.FAILED: (ErrorClass.TRANSIENT, SAID, "RevolutionEHR is slow or down.", "Press Retry in some minutes."),
    RunStatus.WAITING: (
        ErrorClass.HUMAN_NEEDED,
        "A code was asked for.",
        "The login has a second factor.",
        "Enter it.",
    ),
}


def practice() -> Practice:
    return Practice(id=1, key="lumen eye", name=NAME, url="https://ehr.example/static/", username="OneSpot2915")


def run(status: RunStatus, verb: Verb = Verb.PROVISION, plan: Plan | None = PLAN) -> Run:
    kept: dict[str, Any] = {} if plan is None else {"plan": plan.as_json(), "plan_hash": plan.hash}
    if status in TROUBLES:
        kept |= dict(zip(("error_class", "error_what", "error_means", "error_do"), TROUBLES[status], strict=True))
        kept["error_step"] = 8
    facts: dict[str, Any] = {"requested_by": "U0ANA", "requested_at": NOW, "moved_at": NOW, "channel": "C0ONBOARD"}
    return Run(id=7, practice_id=1, verb=verb, status=status, notes="before Monday", **facts, **kept)


def view(status: RunStatus, verb: Verb = Verb.PROVISION, plan: Plan | None = PLAN, style: str = "classic") -> RunView:
    """A run as it stands there, with the steps that come before step 8, and what was said about it."""
    walked = status in (RunStatus.RUNNING, RunStatus.SUCCEEDED, *TROUBLES)
    last = StepStatus.FAILED if status in TROUBLES else StepStatus.RUNNING
    states = [*[StepStatus.DONE] * 6, StepStatus.ALREADY_THERE, last]
    states = [StepStatus.DONE] * 17 if status is RunStatus.SUCCEEDED else states
    steps = [
        Step(run_id=7, number=n, name="s", status=state, token=1, at=NOW, seconds=2.0)
        for n, state in enumerate(states, 1)
    ]
    verdicts = {RunStatus.REJECTED: Verdict.REJECTED, RunStatus.PLANNED: None, RunStatus.CANCELLED: None}
    verdict = verdicts.get(status, Verdict.APPROVED)
    said = {"run_id": 7, "plan_hash": PLAN.hash, "by": "U0BEN", "reason": "not this week", "at": NOW}
    old = ThreadMessage(
        run_id=7,
        key=f"trouble-{int(NOW.timestamp() * 1000) - 1}",
        channel="C0ONBOARD",
        ts="1.0",
        digest="x",
        said=f"❌ Stopped at step 3, Open the roles: {SAID}\nWhat it means: more.",
    )
    what = CANCELLED if status is RunStatus.CANCELLED else CONTINUED if status is RunStatus.WAITING else RETRIED
    healthy = HealthCheck(id=3, practice_id=1, outcome=CheckOutcome.HEALTHY, detail=["It logs in."], at=NOW)
    return RunView(
        run(status, verb, plan),
        practice(),
        [(step.number, step.title) for step in GUIDE],
        steps if walked else [],
        [Approval(verdict=verdict, **said)] if verdict is not None else [],
        [AuditEntry(at=NOW, who="U0BEN", what=what)],
        {old.key: old} if walked else {},
        [healthy] if status is RunStatus.SUCCEEDED else [],
        "<!subteam^S0LEADS>",
        style,
    )


def standing(number: int, outcome: CheckOutcome, grade: DriftGrade | None = None) -> Standing:
    name = NAME if number == 1 else f"Practice {number:02}"
    row = AccountHealth(
        practice_id=number, outcome=outcome, detail=[SAID], since=NOW, looked_at=NOW, alike=1, grade=grade
    )
    return row, Practice(id=number, key=name.casefold(), name=name, url="https://ehr.example/static/")


def everything() -> Iterator[tuple[str, Message]]:
    """Each message with the name of what it is about."""
    for status in RunStatus:
        before = status in (RunStatus.REQUESTED, RunStatus.PLANNING)
        for message in thread(view(status, plan=None if before else PLAN)):
            yield f"run {status}: {message.key}", message
    for name, its in (
        ("forbidden", view(RunStatus.PLANNED, plan=FORBIDDEN)),
        ("repair", view(RunStatus.PLANNED, Verb.REPAIR)),
        ("retired", view(RunStatus.SUCCEEDED, Verb.RETIRE)),
        ("plan block", view(RunStatus.RUNNING, style="plan")),
    ):
        for message in thread(its):
            yield f"run {name}: {message.key}", message
    yield from _about_accounts()
    yield from _about_rotations()
    yield from _about_imports()


def _about_accounts() -> Iterator[tuple[str, Message]]:
    for outcome in CheckOutcome:
        grade = DriftGrade.EXCESS if outcome is CheckOutcome.DRIFT else None
        its = [standing(1, outcome, grade)]
        yield f"alert: {outcome}", accounts.alert(AlertView(outcome, "ehr.example", NAME, 1, NOW, its, "U0ANA"))
        if outcome is not CheckOutcome.HEALTHY:
            reminded = AlertView(outcome, "ehr.example", NAME, 1, NOW - timedelta(days=4), its, "U0ANA")
            yield f"reminder: {outcome}", accounts.reminder(reminded, NOW)
    for size in (3, 40):
        its = [standing(n, CheckOutcome.EHR_DOWN) for n in range(1, size + 1)]
        yield f"incident of {size}", accounts.alert(AlertView(CheckOutcome.EHR_DOWN, "ehr.example", "", size, NOW, its))
        for number, answer in enumerate(accounts.answers(CheckOutcome.EHR_DOWN, its)):
            yield f"answer {number} about {size}", answer.message
    yield "pause", accounts.paused(Pause(CheckOutcome.EHR_DOWN, NOW, 8))
    mixed = [standing(n, list(CheckOutcome)[n % 9]) for n in range(1, 20)]
    yield "summary of none", summary([], NOW, UTC)
    yield "summary", summary(mixed, NOW, UTC, ["Practice 30", "Practice 31"], healthy=12)


def _about_rotations() -> Iterator[tuple[str, Message]]:
    its, asked = practice(), run(RunStatus.SUCCEEDED)
    facts: dict[str, Any] = {"id": 1, "practice_id": 1, "why": ASKED, "asked_by": "U0BEN", "begun_at": NOW}
    new = Rotation(**facts, proved_at=NOW, ended_at=NOW)
    yield "rotation: new", handover.message(new, its, asked)
    yield "rotation: new, of no run", handover.message(new, its, None)
    yield "rotation: reminder", handover.reminder(new, asked, NOW + timedelta(hours=30))
    over = Rotation(**facts, proved_at=NOW, ended_at=NOW, handed_over_at=NOW, handed_over_by="U0ANA")
    yield "rotation: handed over", handover.message(over, its, asked)
    yield "rotation: failed", handover.message(Rotation(**facts, ended_at=NOW, problem="It was refused."), its, asked)
    gone = practice()
    gone.retired_at = NOW
    yield "rotation: retired", handover.message(new, gone, asked)


def _numbered(its: Run, number: int) -> Run:
    its.id = number
    return its


def _about_imports() -> Iterator[tuple[str, Message]]:
    stood = [(RunStatus.SUCCEEDED, PLAN), (RunStatus.FAILED, None), (RunStatus.PLANNED, PLAN)]
    for status in ImportStatus:
        whole = Import(
            id=3, status=status, requested_by="U0ANA", requested_at=NOW, moved_at=NOW, wave=2, decided_by="U0BEN"
        )
        waiting = status in (ImportStatus.PLANNING, ImportStatus.PLANNED)
        its = [
            Member(
                ImportedRun(run_id=number, import_id=3, line=number, wave=None if waiting else number),
                _numbered(run(RunStatus.PLANNED if waiting else stands, plan=plan), number),
                Practice(id=number, key=f"p{number}", name=f"{NAME} {number}", url="https://x/", created_at=NOW),
            )
            for number, (stands, plan) in enumerate(stood, 1)
        ]
        yield f"import {status}", import_card.card(whole, its)
