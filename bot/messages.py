"""What a run's thread shows, as values: the rows in, messages out. Pure: nothing here asks, decides or sends.

A message has a key, so that whoever sends it knows whether Slack has it already and what it showed last. Every message
also reads well as its plain `text`: that is what notifications and screen readers have.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from slack_sdk.models.blocks import Block, ButtonElement, PlanBlock, TaskCardBlock

from bot import blocks as b
from bot.blocks import escape, person, when
from bot.words import parts
from storage.models import (
    FINISHED,
    SENTENCES,
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
    Trouble,
    Verb,
    Verdict,
)
from storage.threads import ROOT

CHECKLIST, DONE = "checklist", "done"
PLAN, TROUBLE, PICTURE, CHECK = "plan-", "trouble-", "picture-", "check-"

FACT, LONG, MOST = 200, 1500, 7500
"""Letters of a small fact, of one line, and of all lines of a card: Slack refuses blocks beyond some 11,000 in all."""

MARKS = {
    StepStatus.PENDING: "◻️",
    StepStatus.RUNNING: "⏳",
    StepStatus.DONE: "✅",
    StepStatus.ALREADY_THERE: "☑️",
    StepStatus.FAILED: "❌",
}
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
KINDS = {ChangeKind.CREATE: "➕", ChangeKind.CHANGE: "✏️", ChangeKind.LEAVE: "✔️", ChangeKind.FORBID: "⛔"}
TASKS = {
    StepStatus.PENDING: "pending",
    StepStatus.RUNNING: "in_progress",
    StepStatus.DONE: "complete",
    StepStatus.ALREADY_THERE: "complete",
    StepStatus.FAILED: "error",
}
"""A task card's status for each of ours (Slack's plan block knows these four)."""

HEADS: dict[str, str] = {
    Verb.PROVISION: "OneSpot for {}",
    Verb.REPAIR: "Repair of OneSpot for {}",
    Verb.RETIRE: "Retirement of OneSpot for {}",
}
PLAN_HEADS: dict[str, str] = {
    Verb.PROVISION: "Plan for {}",
    Verb.REPAIR: "Repair plan for {}",
    Verb.RETIRE: "Retirement plan for {}",
}
"""What a run of each verb is called, with the practice's name."""

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
class Message:
    """One message of a thread as it should be now. `key` "root" is the one that the thread hangs on."""

    key: str
    text: str
    blocks: Sequence[Block] = ()
    otherwise: Sequence[Block] = ()
    """The same in blocks that every Slack knows, where `blocks` has newer ones."""

    @property
    def digest(self) -> str:
        """What it shows, as a hash: it is edited only when that changed."""
        shown = json.dumps([self.text, [block.to_dict() for block in self.blocks]], sort_keys=True)
        return hashlib.sha256(shown.encode()).hexdigest()


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


def thread(view: RunView) -> list[Message]:
    """Every message that the run's thread should show now, in the order in which they are posted."""
    now = [root(view)]
    if view.run.the_plan is not None and view.run.plan_hash is not None:
        now.append(plan_card(view, view.run.the_plan, view.run.plan_hash))
    if _walked(view):
        now.append(checklist(view))
    if view.run.trouble is not None and view.run.status in (RunStatus.FAILED, RunStatus.WAITING):
        now.append(trouble_card(view, view.run.trouble))
    if view.run.status is RunStatus.SUCCEEDED:
        now.append(success(view))
        now += [check_result(view, check) for check in view.checks]
    current = {message.key for message in now}
    return now + [closed(view, old) for key, old in view.posted.items() if key not in current and _closes(key)]


def _closes(key: str) -> bool:
    return key.startswith((PLAN, TROUBLE))


def _walked(view: RunView) -> bool:
    return bool(view.steps) or view.run.status in (RunStatus.APPROVED, RunStatus.RUNNING)


# The messages


def root(view: RunView) -> Message:
    """The message in the channel: which practice, how far, what it waits for."""
    run, name = view.run, view.practice.name
    count = f"{view.done}/{len(view.titles)}"
    state = f"{STATES[run.status]} *{count}* · {_state(view)}"
    facts = f"Asked for by {person(run.requested_by)} {when(run.requested_at)} · run {run.id} · {_host(view)}"
    head = HEADS[run.verb]
    notes = f"Notes: {escape(run.notes)}" if run.notes else ""
    shown = [b.header(head.format(name)), b.section(state), b.context(facts), *([b.context(notes)] if notes else [])]
    buttons = _root_buttons(view)
    if buttons:
        shown.append(b.actions(*buttons))
    asked = f"Asked for by {person(run.requested_by)}, run {run.id}. {notes}".strip()
    return Message(ROOT, b.spoken(f"{head.format(escape(name))}: {count} steps. {_state(view)}\n{asked}"), shown)


def _state(view: RunView) -> str:
    """Where the run stands, as a sentence; for one that is walked, at which step."""
    run = view.run
    if run.status is RunStatus.RUNNING:
        at = next((step for step in view.latest.values() if step.status is StepStatus.RUNNING), None)
        return f"Walking through the guide{f': step {at.number}, {_title(view, at.number)}' if at else ''}."
    if run.status is RunStatus.FAILED and run.error_step:
        return f"Stopped at step {run.error_step}; it can be retried."
    if run.status is RunStatus.FAILED:
        return "Stopped before the first step; it can be retried."
    return sentence_of(run)


def sentence_of(run: Run) -> str:
    """Where the run stands, in words."""
    retired = run.verb == Verb.RETIRE and run.status is RunStatus.SUCCEEDED
    return RETIRED if retired else SENTENCES[run.status]


def _root_buttons(view: RunView) -> list[ButtonElement]:
    run, value = view.run, str(view.run.id)
    if run.status is RunStatus.REQUESTED:
        words, about = "Enter the administrator's password", view.practice.name
        enter = b.button(words, "enter_password", value, style="primary", about=about)
        return [enter, _cancel(view)]
    if run.status in (RunStatus.APPROVED, RunStatus.RUNNING, RunStatus.PLANNING):
        return [_cancel(view)]
    return []


def plan_card(view: RunView, plan: Plan, plan_hash: str) -> Message:
    """What would be created, changed and left alone, or what forbids the run; with buttons while it waits for a yes."""
    run, head = view.run, PLAN_HEADS[view.run.verb]
    about = [
        ("Practice ID", b.cut(escape(plan.ehr_id), FACT)),
        ("User name", b.cut(escape(plan.username), FACT)),
        ("Primary location", b.cut(escape(plan.primary_location), FACT) or "—"),
        ("Locations", str(len(plan.locations))),
    ]
    shown = [b.header(head.format(view.practice.name)), b.fields(about)]
    lines = _lines(plan)
    shown += [b.section("\n".join(part)) for part in _chunks(lines)]
    said = [f"{head.format(escape(view.practice.name))}: {_summary(plan)}"]
    outcome = _plan_outcome(view, plan_hash)
    if outcome:
        shown.append(b.section(outcome))
        said = [b.spoken(f"{said[0]} {outcome}")]
    elif run.status is RunStatus.PLANNED:
        said.append(_asking(view, plan))
        shown += [b.section(said[-1]), b.actions(*_plan_buttons(view, plan, plan_hash))]
    return Message(f"{PLAN}{plan_hash[:12]}", b.spoken("\n".join([*said, *_facts(about), *lines])), shown)


def _asking(view: RunView, plan: Plan) -> str:
    if plan.forbidden:
        return "⛔ *The plan forbids this run.* Settle it in RevolutionEHR, or change the details; then plan again."
    return f"{view.approvers or 'An approver'}: may this be done? {person(view.run.requested_by)} asked for it."


def _plan_buttons(view: RunView, plan: Plan, plan_hash: str) -> list[ButtonElement]:
    name, value = view.practice.name, f"{view.run.id}:{plan_hash}"
    again, cancel = b.button("Plan again", "plan_again", _as_of_now(view.run), about=name), _cancel(view)
    if plan.forbidden:
        return [again, b.button("Change details", "change_details", str(view.run.id), about=name), cancel]
    approve = b.button("Approve", "approve", value, style="primary", about=name)
    reject = b.button("Reject", "reject", value, style="danger", about=name)
    return [approve, reject, again, cancel]


def _plan_outcome(view: RunView, plan_hash: str) -> str:
    """Who said what to this very plan; empty while nobody has."""
    said = [one for one in view.approvals if one.plan_hash == plan_hash]
    if said and view.run.status is not RunStatus.PLANNED:
        last = said[-1]
        if last.verdict is Verdict.APPROVED:
            return f"👍 Approved by {person(last.by)} {when(last.at)}"
        why = b.cut(escape(last.reason), LONG) or "no reason given"
        return f"🚫 Rejected by {person(last.by)} {when(last.at)}: {why}"
    return _ended(view) if view.run.status in FINISHED else ""


def _summary(plan: Plan) -> str:
    if plan.forbidden:
        return "forbidden, see why."
    if plan.changes_nothing:
        return "nothing has to be changed."
    counted = [(kind, sum(change.kind is kind for change in plan.changes)) for kind in ChangeKind]
    return ", ".join(f"{number} to {kind}" for kind, number in counted if number) + "."


def _line(change: Change) -> str:
    detail = f": {escape(in_slack(change.detail))}" if change.detail else ""
    return f"{KINDS[change.kind]} *{change.kind}* {escape(change.what)}{detail}"


def _lines(plan: Plan) -> list[str]:
    """The plan's lines, as many as a message holds together; what forbids the run first."""
    lines = [_line(change) for change in (*plan.forbidden, *(c for c in plan.changes if c not in plan.forbidden))]
    kept: list[str] = []
    for line in (b.cut(one, LONG) for one in lines):
        if sum(map(len, kept)) + len(line) > MOST:
            return [*kept, f"… and {len(lines) - len(kept)} more."]
        kept.append(line)
    return kept


def checklist(view: RunView) -> Message:
    """The guide's steps, each with its state in a word."""
    lines = []
    latest = view.latest
    for number, title in view.titles:
        step = latest.get(number)
        status = _status(view, number)
        took = f" · {step.seconds:.0f} s" if step and status in (StepStatus.DONE, StepStatus.FAILED) else ""
        lines.append(f"{MARKS[status]} {number}. {escape(title)} · {status}{took}")
    head = f"{escape(view.practice.name)}: {view.done} of {len(view.titles)} steps"
    text = b.spoken("\n".join([f"{head}.", *lines]))
    classic = [b.section("\n".join(part)) for part in _chunks(lines)]
    if view.style == "plan":
        return Message(CHECKLIST, text, [_plan_block(view, head)], classic)
    return Message(CHECKLIST, text, classic)


def _status(view: RunView, number: int) -> StepStatus:
    """How the step stands: one at which the run stopped runs no longer, also where the program was killed in it."""
    step = view.latest.get(number)
    if step is None:
        return StepStatus.PENDING
    stopped = step.status is StepStatus.RUNNING and view.run.error_step == number
    return StepStatus.FAILED if stopped else step.status


def _plan_block(view: RunView, title: str) -> PlanBlock:
    cards = []
    for number, name in view.titles:
        status = _status(view, number)
        cards.append(
            TaskCardBlock(task_id=f"step-{number}", title=f"{number}. {name} · {status}", status=TASKS[status])
        )
    return PlanBlock(title=b.cut(title, b.HEADER), tasks=cards)


def trouble_card(view: RunView, trouble: Trouble) -> Message:
    """What happened, what it means, what to do; buttons for whoever decides."""
    run = view.run
    waits = run.status is RunStatus.WAITING
    head = "✋ A person is needed" if waits else "❌ Stopped"
    at = f" at step {trouble.step}, {escape(_title(view, trouble.step))}" if trouble.step else ""
    said = [b.cut(f"*{name}:* {escape(in_slack(words))}", LONG) for name, words in parts(trouble)]
    if trouble.error_class is ErrorClass.CREDENTIAL and not waits:
        said[-1] += " Press *Change details* for that."
    shown = [b.section(f"*{head}{at}* ({trouble.error_class}) · {person(run.requested_by)}"), *map(b.section, said)]
    shown.append(b.actions(*_trouble_buttons(view, trouble)))
    what = b.cut(escape(in_slack(trouble.what)), LONG)
    text = "\n".join([f"{head}{at}: {what}", *said[1:], f"{person(run.requested_by)} asked for this run."])
    return Message(_trouble_key(run), b.spoken(text), shown)


def _trouble_buttons(view: RunView, trouble: Trouble) -> list[ButtonElement]:
    value, name = _as_of_now(view.run), view.practice.name
    if view.run.status is RunStatus.WAITING:
        return [b.button("I did it, continue", "continue", value, style="primary", about=name), _cancel(view)]
    change = b.button("Change details", "change_details", str(view.run.id), about=name)
    retry = b.button("Retry", "retry", value, style="primary", about=name)
    refused = trouble.error_class is ErrorClass.CREDENTIAL
    return [change, retry, _cancel(view)] if refused else [retry, change, _cancel(view)]


def _trouble_key(run: Run) -> str:
    return f"{TROUBLE}{stamp(run.moved_at)}"


def success(view: RunView) -> Message:
    """The good end: what was made, and where its password is got."""
    run, plan, name = view.run, view.run.the_plan, escape(view.practice.name)
    if run.verb == Verb.RETIRE:
        return _retired(view)
    made = plan is None or not plan.changes_nothing
    head = f"✅ *The OneSpot account of {name} works.*" if made else f"✅ *{name} had everything already.*"
    facts = [
        ("User name", escape(view.practice.username or "")),
        ("Role", "OneSpot"),
        ("Locations", escape(", ".join(plan.locations)) if plan else ""),
        ("Evidence", f"run {run.id}, {view.done} of {len(view.titles)} steps proved"),
    ]
    about = view.practice.name
    reveal = b.button("Reveal credentials", "reveal", str(run.id), style="primary", about=about)
    check = b.button("Check now", "check_now", str(run.id), about=about)
    then = f"{person(run.requested_by)}: enter the credentials in OneSpot's auto-sync settings."
    shown = [b.section(head), b.fields(facts), b.section(then), b.actions(reveal, check, _evidence(view))]
    return Message(DONE, b.spoken("\n".join([head, then, *_facts(facts)])), shown)


def _retired(view: RunView) -> Message:
    """The good end of a retirement: what is no more, and what is left to do elsewhere."""
    head = f"✅ *The OneSpot account of {escape(view.practice.name)} is retired.*"
    what = "The employee is inactive in RevolutionEHR, its password is destroyed here, and it is no longer checked."
    then = f"{person(view.run.requested_by)}: switch its auto-sync off in OneSpot."
    facts = f"Evidence: run {view.run.id}, {view.done} of {len(view.titles)} steps proved"
    shown = [b.section(head), b.section(what), b.section(then), b.context(facts), b.actions(_evidence(view))]
    return Message(DONE, b.spoken(f"{head} {what}\n{then}\n{facts}"), shown)


def _evidence(view: RunView) -> ButtonElement:
    return b.button("Evidence", "evidence", str(view.run.id), about=view.practice.name)


def check_result(view: RunView, check: HealthCheck) -> Message:
    """What a check found, in the thread of the run that made the account."""
    shown = f"{check_line(check)} · {when(check.at)}"
    found = f" {escape(in_slack(str(check.detail[0])))}" if check.detail else ""
    text = f"{escape(view.practice.name)}: {check.outcome}.{found} Looked at {when(check.at)}."
    return Message(f"{CHECK}{check.id}", text, [b.section(shown)])


def check_line(check: HealthCheck) -> str:
    """One check as one line of mrkdwn."""
    mark = "🟢" if check.outcome is CheckOutcome.HEALTHY else "🔴"
    sentence = escape(in_slack(str(check.detail[0]))) if check.detail else ""
    return f"{mark} *{check.outcome}* {sentence}".strip()


def closed(view: RunView, old: ThreadMessage) -> Message:
    """A card that is past: what it said in one line, and who decided what. Its buttons are gone."""
    first = old.said.split("\n")[0]
    decided = view.decision(_since(old))
    if decided is not None:
        outcome = f"{DECISIONS[decided.what]} {person(decided.who)} {when(decided.at)}"
    else:
        outcome = _ended(view) or "Replaced by what follows."
    return Message(old.key, b.spoken(f"{first}\n{outcome}"), [b.section(first), b.context(outcome)])


def _ended(view: RunView) -> str:
    run = view.run
    cancelled = next((entry for entry in reversed(view.entries) if entry.what == CANCELLED), None)
    if run.status is RunStatus.CANCELLED and cancelled is not None:
        return f"🚫 Cancelled by {person(cancelled.who)} {when(cancelled.at)}"
    return f"{STATES[run.status]} {sentence_of(run)} {when(run.moved_at)}" if run.status in FINISHED else ""


# Small parts


def stamp(moment: datetime) -> int:
    """A moment in milliseconds, as keys and buttons carry it."""
    return int(moment.timestamp() * 1000)


def _as_of_now(run: Run) -> str:
    """A button's value: this run, as it stands now."""
    return f"{run.id}:{stamp(run.moved_at)}"


def _cancel(view: RunView) -> ButtonElement:
    words = f"The run for {view.practice.name} ends here. What was done in RevolutionEHR so far stays there."
    sure = b.sure("Cancel this run?", words, "Cancel the run")
    return b.button("Cancel", "cancel", str(view.run.id), confirm=sure, about=view.practice.name)


def _facts(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Names with their values as lines of plain text."""
    return [f"{name}: {value or '—'}" for name, value in pairs]


def _title(view: RunView, number: int | None) -> str:
    return dict(view.titles).get(number or 0, "")


def _host(view: RunView) -> str:
    return escape(view.practice.url.split("//")[-1].split("/")[0])


def _since(message: ThreadMessage) -> datetime:
    """The moment from which people can have decided about it: a trouble's own, else Slack's `ts`, in seconds."""
    own = message.key.removeprefix(TROUBLE)
    return datetime.fromtimestamp(int(own) / 1000 if own.isdigit() else float(message.ts), UTC)


def _chunks(lines: Sequence[str], most: int = b.TEXT) -> list[list[str]]:
    """The lines, so many together as a section can hold."""
    parts_: list[list[str]] = [[]]
    length = 0
    for line in (b.cut(line, most) for line in lines):
        if parts_[-1] and length + len(line) + 1 > most:
            parts_.append([])
            length = 0
        parts_[-1].append(line)
        length += len(line) + 1
    return parts_ if parts_[-1] else []


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
