"""What Slack shows of an import, as a value: one card, from the first look to the end. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from bot import blocks as b
from bot.blocks import Message, cut, escape, person, when
from bot.imports.waves import LOOKING, WALKED, Group, group_of, last_wave, waves
from storage.imports import Member, stopped
from storage.models import IMPORT_SENTENCES, Import, ImportStatus, RunStatus

APPROVE, REJECT, GO_ON, CANCEL = "import_approve", "import_reject", "import_go_on", "import_cancel"

NAME, NAMED, REASONS, REASON = 60, 12, 10, 200
"""Letters of a practice's name, names in one group, lines with a reason, letters of one."""

MARKS = {
    ImportStatus.PLANNING: "👀",
    ImportStatus.PLANNED: "📝",
    ImportStatus.WALKING: "⏳",
    ImportStatus.HALTED: "✋",
    ImportStatus.ENDED: "🏁",
    ImportStatus.REJECTED: "🚫",
    ImportStatus.CANCELLED: "🚫",
}
GROUPS = {
    Group.CREATE: "➕",
    Group.CHANGE: "✏️",
    Group.DONE: "✔️",
    Group.FORBIDDEN: "⛔",
    Group.UNPLANNED: "❓",
}
WHAT = (
    "In each of them the role OneSpot with its six permissions and the employee are made, where they aren't there yet. "
    "First one practice is walked, then five, then the rest; from the first one that stops on, no other one is begun. "
    "Every plan is in the thread, as CSV."
)
STEPS = (
    (RunStatus.SUCCEEDED, "✅", "succeeded"),
    (RunStatus.RUNNING, "⏳", "running"),
    (RunStatus.APPROVED, "👍", "waiting for a browser"),
    (RunStatus.WAITING, "✋", "waiting for a person"),
    (RunStatus.FAILED, "❌", "stopped"),
    (RunStatus.PLANNED, "📝", "to come"),
    (RunStatus.REJECTED, "⛔", "rejected"),
    (RunStatus.CANCELLED, "🚫", "cancelled"),
    (RunStatus.EXPIRED, "⌛", "expired"),
)
"""How runs stand, in the order of the card."""


def card(whole: Import, members: Sequence[Member]) -> Message:
    """The card as it should be now."""
    head = title(whole, members)
    asked = f"Asked for by {person(whole.requested_by)} {when(whole.requested_at)}"
    body = _body(whole, members)
    blocks: list[Block] = [b.header(head), b.section(f"{MARKS[whole.status]} {sentence(whole)}"), *map(b.section, body)]
    blocks += [b.context(f"{asked}{_decided(whole)}"), *_buttons(whole, members)]
    said = [f"{head}.", sentence(whole), *body, f"{asked}{_decided(whole)}"]
    return Message("import", b.spoken("\n".join(said)), blocks)


def title(whole: Import, members: Sequence[Member]) -> str:
    """What the import is called."""
    return f"Import {whole.id}: {_practices(len(members))}"


def sentence(whole: Import) -> str:
    """How it stands."""
    return IMPORT_SENTENCES[whole.status]


def _body(whole: Import, members: Sequence[Member]) -> list[str]:
    if whole.status is ImportStatus.PLANNING:
        looked = sum(one.run.status not in LOOKING for one in members)
        return [f"Looked at {looked} of {len(members)}."]
    if whole.status is ImportStatus.PLANNED:
        return [*_groups(members), WHAT]
    return [*_progress(whole, members), *_reasons(members)]


def _groups(members: Sequence[Member]) -> list[str]:
    """A paragraph for each group: how many, and which."""
    said = []
    for group in Group:
        its = [one for one in members if group_of(one) is group]
        if its:
            names = _names(its) if group in WALKED else _lines(its)
            said.append(f"{GROUPS[group]} *{len(its)} {group}*{': ' if group in WALKED else chr(10)}{names}")
    return said


def _progress(whole: Import, members: Sequence[Member]) -> list[str]:
    counts = Counter(one.run.status for one in members)
    said = [f"{mark} {counts[status]} {words}" for status, mark, words in STEPS if counts[status]]
    wave = f"Wave {whole.wave} of {last_wave(members)} · " if whole.wave else ""
    return [wave + " · ".join(said)]


def _reasons(members: Sequence[Member]) -> list[str]:
    """Those that somebody has to see to, each with the reason."""
    its = [one for one in members if one.run.status in (RunStatus.FAILED, RunStatus.WAITING, RunStatus.REJECTED)]
    its += [one for one in members if one.run.status is RunStatus.PLANNED and stopped(one)]
    return [_lines(its)] if its else []


def _names(its: Sequence[Member]) -> str:
    names = ", ".join(escape(cut(one.practice.name, NAME)) for one in its[:NAMED])
    return f"{names}, and {len(its) - NAMED} more" if len(its) > NAMED else names


def _lines(its: Sequence[Member]) -> str:
    lines = [f"• *{escape(cut(one.practice.name, NAME))}*: {escape(cut(reason(one), REASON))}" for one in its[:REASONS]]
    if len(its) > REASONS:
        lines.append(f"… and {len(its) - REASONS} more.")
    return "\n".join(lines)


def reason(member: Member) -> str:
    """Why a run isn't walked, or stopped."""
    run, plan = member.run, member.run.the_plan
    if plan is not None and plan.forbidden:
        return " ".join(f"{one.what}: {one.detail}" if one.detail else one.what for one in plan.forbidden)
    if run.status is RunStatus.PLANNED:
        return "What would be done has changed since the yes; it needs a plan and a yes of its own."
    return run.error_what or "It was not looked at."


def _decided(whole: Import) -> str:
    said = {
        ImportStatus.WALKING: "approved by",
        ImportStatus.HALTED: "approved by",
        ImportStatus.ENDED: "approved by",
        ImportStatus.REJECTED: "rejected by",
        ImportStatus.CANCELLED: "cancelled by",
    }.get(whole.status)
    if said is None or whole.decided_by is None:
        return ""
    why = f": {escape(cut(whole.reason, REASON))}" if whole.reason else ""
    return f" · {said} {person(whole.decided_by)}{why}"


def _buttons(whole: Import, members: Sequence[Member]) -> list[Block]:
    number, about = str(whole.id), title(whole, members)
    stop = b.button(
        "Cancel",
        CANCEL,
        number,
        about=about,
        confirm=b.sure("Cancel the import?", "No further practice is begun. What runs now goes on.", "Cancel it"),
    )
    if whole.status is ImportStatus.PLANNED and waves(members):
        value, count = f"{number}:{whole.digest}", len(waves(members))
        ask = b.sure("Approve all of them?", f"The guide is walked for {_practices(count)}, in waves.", "Approve")
        yes = b.button(f"Approve {count}", APPROVE, value, style="primary", confirm=ask, about=about)
        return [b.actions(yes, b.button("Reject", REJECT, value, about=about), stop)]
    if whole.status is ImportStatus.HALTED:
        ask = b.sure(
            "Go on with the rest?", "What stopped is left to its own thread, and the next ones are begun.", "Go on"
        )
        return [b.actions(b.button("Go on with the rest", GO_ON, number, confirm=ask, about=about), stop)]
    return [b.actions(stop)] if whole.status in (ImportStatus.PLANNING, ImportStatus.WALKING) else []


def _practices(number: int) -> str:
    return f"{number} practice{'' if number == 1 else 's'}"
