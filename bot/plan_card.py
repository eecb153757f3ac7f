"""The plan's card: what a run would create, change and leave alone, what forbids it, who said what to it. Pure."""

from __future__ import annotations

from slack_sdk.models.blocks import ButtonElement

from bot import blocks as b
from bot.blocks import Message, chunks, escape, person, when
from bot.run_view import FACT, LONG, RunView, as_of_now, cancel, ended, fact_lines, in_slack
from storage.models import FINISHED, Change, ChangeKind, Plan, RunStatus, Verb, Verdict

PLAN = "plan-"
"""With what its key begins; a plan's hash follows."""
MOST = 7500
"""Letters of all lines of a card: Slack refuses blocks beyond some 11,000 in all."""

KINDS = {ChangeKind.CREATE: "➕", ChangeKind.CHANGE: "✏️", ChangeKind.LEAVE: "✔️", ChangeKind.FORBID: "⛔"}
PLAN_HEADS: dict[str, str] = {
    Verb.PROVISION: "Plan for {}",
    Verb.REPAIR: "Repair plan for {}",
    Verb.RETIRE: "Retirement plan for {}",
}
"""What a plan of each verb is called, with the practice's name."""


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
    shown += [b.section("\n".join(part)) for part in chunks(lines)]
    said = [f"{head.format(escape(view.practice.name))}: {_summary(plan)}"]
    outcome = _plan_outcome(view, plan_hash)
    if outcome:
        shown.append(b.section(outcome))
        said = [b.spoken(f"{said[0]} {outcome}")]
    elif run.status is RunStatus.PLANNED:
        said.append(_asking(view, plan))
        shown += [b.section(said[-1]), b.actions(*_plan_buttons(view, plan, plan_hash))]
    return Message(f"{PLAN}{plan_hash[:12]}", b.spoken("\n".join([*said, *fact_lines(about), *lines])), shown)


def _asking(view: RunView, plan: Plan) -> str:
    if plan.forbidden:
        return "⛔ *The plan forbids this run.* Settle it in RevolutionEHR, or change the details; then plan again."
    return f"{view.approvers or 'An approver'}: may this be done? {person(view.run.requested_by)} asked for it."


def _plan_buttons(view: RunView, plan: Plan, plan_hash: str) -> list[ButtonElement]:
    name, value = view.practice.name, f"{view.run.id}:{plan_hash}"
    again = b.button("Plan again", "plan_again", as_of_now(view.run), about=name)
    if plan.forbidden:
        return [again, b.button("Change details", "change_details", str(view.run.id), about=name), cancel(view)]
    approve = b.button("Approve", "approve", value, style="primary", about=name)
    reject = b.button("Reject", "reject", value, style="danger", about=name)
    return [approve, reject, again, cancel(view)]


def _plan_outcome(view: RunView, plan_hash: str) -> str:
    """Who said what to this very plan; empty while nobody has."""
    said = [one for one in view.approvals if one.plan_hash == plan_hash]
    if said and view.run.status is not RunStatus.PLANNED:
        last = said[-1]
        if last.verdict is Verdict.APPROVED:
            return f"👍 Approved by {person(last.by)} {when(last.at)}"
        why = b.cut(escape(last.reason), LONG) or "no reason given"
        return f"🚫 Rejected by {person(last.by)} {when(last.at)}: {why}"
    return ended(view) if view.run.status in FINISHED else ""


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
