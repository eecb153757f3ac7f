"""What a run's thread is drawn from: rows as read in one moment, and the words and parts that its messages share.

Pure. The messages themselves are in messages.py and plan_card.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from slack_sdk.models.blocks import ButtonElement

from bot import blocks as b
from bot.blocks import escape, person, when
from storage.models import (
    FINISHED,
    SENTENCES,
    Approval,
    AuditEntry,
    HealthCheck,
    Practice,
    Run,
    RunStatus,
    Step,
    StepStatus,
    ThreadMessage,
    Verb,
)

TROUBLE = "trouble-"
"""With what the key of a trouble's card begins; the moment follows (`stamp`)."""

FACT, LONG = 200, 1500
"""Letters of a small fact and of one line."""

RETIRED = "Done: the account is retired."
"""What a retirement that has succeeded says, instead of that the account works."""

STATES = {
    RunStatus.REQUESTED: "🔑",
    RunStatus.PLANNING: "👀",
    RunStatus.PLANNED: "📝",
    RunStatus.APPROVED: "👍",
    RunStatus.RUNNING: "⏳",
    RunStatus.WAITING: "✋",
    RunStatus.SUCCEEDED: "✅",
    RunStatus.FAILED: "❌",
    RunStatus.REJECTED: "🚫",
    RunStatus.EXPIRED: "⌛",
    RunStatus.CANCELLED: "🚫",
}
GIVEN, PLANNED_AGAIN, RETRIED, CONTINUED = "gave the password", "asked to plan again", "retried", "went on"
CHANGED, CANCELLED, STOPPED = "changed the details", "cancelled the run", "the run ended"
DECISIONS = {
    GIVEN: "The password was given by",
    PLANNED_AGAIN: "Planned again for",
    RETRIED: "Retried by",
    CONTINUED: "Done and continued by",
    CHANGED: "Details changed by",
    CANCELLED: "Cancelled by",
}
"""What people decide about a run, as the audit has it, and as a message that it closes says it."""


@dataclass(frozen=True)
class RunView:
    """All that a thread is drawn from: rows, as read in one moment."""

    run: Run
    practice: Practice
    titles: Sequence[tuple[int, str]]
    steps: Sequence[Step] = ()
    approvals: Sequence[Approval] = ()
    entries: Sequence[AuditEntry] = ()
    """The run's audit, oldest first."""
    posted: Mapping[str, ThreadMessage] = field(default_factory=dict)
    checks: Sequence[HealthCheck] = ()
    """Checks of the practice since the run succeeded, oldest first."""
    approvers: str = ""
    """Mentions of who may approve."""
    style: str = "classic"

    @property
    def latest(self) -> dict[int, Step]:
        """How each step stands: the newest word on it."""
        return {step.number: step for step in self.steps}

    @property
    def done(self) -> int:
        """How many of the steps are done or were there already."""
        over = (StepStatus.DONE, StepStatus.ALREADY_THERE)
        return sum(step.status in over for step in self.latest.values())

    def decision(self, since: datetime) -> AuditEntry | None:
        """What somebody decided first after that moment."""
        return next((entry for entry in self.entries if entry.what in DECISIONS and entry.at >= since), None)


def sentence_of(run: Run) -> str:
    """Where the run stands, in words."""
    retired = run.verb == Verb.RETIRE and run.status is RunStatus.SUCCEEDED
    return RETIRED if retired else SENTENCES[run.status]


def ended(view: RunView) -> str:
    """How and when the run ended, and by whom where somebody cancelled it; empty while it goes on."""
    run = view.run
    cancelled = next((entry for entry in reversed(view.entries) if entry.what == CANCELLED), None)
    if run.status is RunStatus.CANCELLED and cancelled is not None:
        return f"🚫 Cancelled by {person(cancelled.who)} {when(cancelled.at)}"
    return f"{STATES[run.status]} {sentence_of(run)} {when(run.moved_at)}" if run.status in FINISHED else ""


def stamp(moment: datetime) -> int:
    """A moment in milliseconds, as keys and buttons carry it."""
    return int(moment.timestamp() * 1000)


def as_of_now(run: Run) -> str:
    """A button's value: this run, as it stands now."""
    return f"{run.id}:{stamp(run.moved_at)}"


def cancel(view: RunView) -> ButtonElement:
    """The button that ends the run, once somebody is sure."""
    words = f"The run for {view.practice.name} ends here. What was done in RevolutionEHR so far stays there."
    sure = b.sure("Cancel this run?", words, "Cancel the run")
    return b.button("Cancel", "cancel", str(view.run.id), confirm=sure, about=view.practice.name)


def fact_lines(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Names with their values as lines of plain text."""
    return [f"{name}: {value or '—'}" for name, value in pairs]


def title_of(view: RunView, number: int | None) -> str:
    """What that step is called; empty where there is none of this number."""
    return dict(view.titles).get(number or 0, "")


def host(view: RunView) -> str:
    """Where the practice's RevolutionEHR is, in short."""
    return escape(view.practice.url.split("//")[-1].split("/")[0])


def since(message: ThreadMessage) -> datetime:
    """The moment from which people can have decided about it: a trouble's own, else Slack's `ts`, in seconds."""
    own = message.key.removeprefix(TROUBLE)
    return datetime.fromtimestamp(int(own) / 1000 if own.isdigit() else float(message.ts), UTC)


IN_SLACK: Sequence[tuple[str, str]] = (
    ("run with --adopt", "tick “Take over” under Change details"),
    ("--adopt", "“Take over” under Change details"),
    ("--password-policy", "the practice's password policy"),
    ("`onespot doctor --install`", "`onespot doctor --install` on the bot's machine"),
)


def in_slack(text: str) -> str:
    """A sentence that speaks of the command line, for somebody who has buttons."""
    for there, here in IN_SLACK:
        text = text.replace(there, here)
    return text
