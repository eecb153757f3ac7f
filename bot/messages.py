"""What a run's thread shows, as values: the rows in, messages out. Pure: nothing here asks, decides or sends.

A message has a key, so that whoever sends it knows whether Slack has it already and what it showed last. Every message
also reads well as its plain `text`: that is what notifications and screen readers have.
"""

from __future__ import annotations

from slack_sdk.models.blocks import ButtonElement, PlanBlock, TaskCardBlock

from bot import blocks as b
from bot.blocks import Message, chunks, escape, person, when
from bot.plan_card import PLAN, plan_card
from bot.run_view import (
    DECISIONS,
    LONG,
    STATES,
    TROUBLE,
    RunView,
    as_of_now,
    cancel,
    ended,
    fact_lines,
    host,
    in_slack,
    sentence_of,
    since,
    stamp,
    title_of,
)
from bot.words import parts
from storage.models import (
    CheckOutcome,
    ErrorClass,
    HealthCheck,
    Run,
    RunStatus,
    StepStatus,
    ThreadMessage,
    Trouble,
    Verb,
)
from storage.threads import ROOT

CHECKLIST, DONE = "checklist", "done"
PICTURE, CHECK = "picture-", "check-"

MARKS = {
    StepStatus.PENDING: "◻️",
    StepStatus.RUNNING: "⏳",
    StepStatus.DONE: "✅",
    StepStatus.ALREADY_THERE: "☑️",
    StepStatus.FAILED: "❌",
}
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
    facts = f"Asked for by {person(run.requested_by)} {when(run.requested_at)} · run {run.id} · {host(view)}"
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
        return f"Walking through the guide{f': step {at.number}, {title_of(view, at.number)}' if at else ''}."
    if run.status is RunStatus.FAILED and run.error_step:
        return f"Stopped at step {run.error_step}; it can be retried."
    if run.status is RunStatus.FAILED:
        return "Stopped before the first step; it can be retried."
    return sentence_of(run)


def _root_buttons(view: RunView) -> list[ButtonElement]:
    run, value = view.run, str(view.run.id)
    if run.status is RunStatus.REQUESTED:
        words, about = "Enter the administrator's password", view.practice.name
        enter = b.button(words, "enter_password", value, style="primary", about=about)
        return [enter, cancel(view)]
    if run.status in (RunStatus.APPROVED, RunStatus.RUNNING, RunStatus.PLANNING):
        return [cancel(view)]
    return []


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
    classic = [b.section("\n".join(part)) for part in chunks(lines)]
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
    at = f" at step {trouble.step}, {escape(title_of(view, trouble.step))}" if trouble.step else ""
    said = [b.cut(f"*{name}:* {escape(in_slack(words))}", LONG) for name, words in parts(trouble)]
    if trouble.error_class is ErrorClass.CREDENTIAL and not waits:
        said[-1] += " Press *Change details* for that."
    shown = [b.section(f"*{head}{at}* ({trouble.error_class}) · {person(run.requested_by)}"), *map(b.section, said)]
    shown.append(b.actions(*_trouble_buttons(view, trouble)))
    what = b.cut(escape(in_slack(trouble.what)), LONG)
    text = "\n".join([f"{head}{at}: {what}", *said[1:], f"{person(run.requested_by)} asked for this run."])
    return Message(_trouble_key(run), b.spoken(text), shown)


def _trouble_buttons(view: RunView, trouble: Trouble) -> list[ButtonElement]:
    value, name = as_of_now(view.run), view.practice.name
    if view.run.status is RunStatus.WAITING:
        return [b.button("I did it, continue", "continue", value, style="primary", about=name), cancel(view)]
    change = b.button("Change details", "change_details", str(view.run.id), about=name)
    retry = b.button("Retry", "retry", value, style="primary", about=name)
    refused = trouble.error_class is ErrorClass.CREDENTIAL
    return [change, retry, cancel(view)] if refused else [retry, change, cancel(view)]


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
    return Message(DONE, b.spoken("\n".join([head, then, *fact_lines(facts)])), shown)


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
    decided = view.decision(since(old))
    if decided is not None:
        outcome = f"{DECISIONS[decided.what]} {person(decided.who)} {when(decided.at)}"
    else:
        outcome = ended(view) or "Replaced by what follows."
    return Message(old.key, b.spoken(f"{first}\n{outcome}"), [b.section(first), b.context(outcome)])
