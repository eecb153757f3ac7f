"""The Home tab: what needs me, what is running, failing and expiring, and the latest runs.

A tab is read in a few seconds, also where thousands of practices are looked after: what nobody has to think of takes
no room, of each part the first few are named, and the rest is counted, with where to find it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from slack_bolt import App
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot import blocks as b
from bot import policy
from bot.checks.messages import NAME, account_line, cause
from bot.checks.summary import by_cause, causes, some_of_each
from bot.imports.card import MARKS
from bot.office import Office
from bot.policy import Actor
from bot.run_view import STATES, sentence_of
from storage import health, imports, rotations, runs, threads
from storage.health import Failing, Standing
from storage.models import IMPORT_SENTENCES, Import, ImportStatus, Practice, Run, RunStatus, ThreadMessage

MOST, FEW = 10, 5
"""Lines of a part that somebody has to act on, and of the others."""

MORE_RUNS = "`onespot export runs` lists them at a terminal, as CSV."
MORE_ACCOUNTS = "The daily summary has them by cause; `onespot practices` lists them at a terminal."
START = (
    "*No practice is set up yet.* Type `/onespot-provision` in a channel: you name the practice and its administrator, "
    "see what would be changed in RevolutionEHR, and nothing is done before an approver has said yes."
)
AGAIN = "Type `/onespot-provision` in a channel to create the account of a practice, `/onespot-check` to look at one."

Pair = tuple[Run, Practice]


def register(app: App, office: Office) -> None:
    """Draw the tab whenever somebody opens it."""

    @app.event("app_home_opened")
    def opened(event: dict[str, Any], body: dict[str, Any]) -> None:
        ours = body.get("team_id") in (None, office.team)
        if ours and event.get("tab", "home") == "home":
            office.client.views_publish(user_id=event["user"], view=home(office, event["user"]))


@dataclass(frozen=True)
class Part:
    """A part of the tab: its lines, of how many they are the first, and what is said instead where there are none."""

    title: str
    lines: Sequence[str]
    number: int = 0
    nothing: str = ""

    def drawn(self) -> list[Block]:
        """Its head, and a few lines a block, so that none is too long."""
        head = f"*{self.title}* ({self.number:,})" if self.number else f"*{self.title}*"
        together = ["\n".join(self.lines[start : start + 5]) for start in range(0, len(self.lines), 5)]
        return [b.divider(), *map(b.section, [head, *together])]


def home(office: Office, user: str) -> View:
    """The tab of this person, as things are now."""
    rules, me = office.rules(), Actor(user, office.team)
    together = imports.told_together(office.engine)  # their import has one line for all of them
    open_ = [pair for pair in runs.unfinished_ones(office.engine) if pair[0].id not in together]
    whole = [one for one in imports.open_ones(office.engine) if one.channel is not None]
    mine = [pair for pair in open_ if _needs(pair[0], me, rules)]
    my_imports = [one for one in whole if _import_needs(one, me, rules)]
    others = [pair for pair in open_ if pair not in mine]
    other_imports = [one for one in whole if one not in my_imports]
    stopped = [pair for pair in others if pair[0].status is RunStatus.FAILED]
    running = [pair for pair in others if pair not in stopped]
    over = runs.latest(office.engine, FEW, finished=True)
    more, other = (" else", "other ") if mine or my_imports else ("", "")
    parts = [
        Part(
            "Running",
            [*_imports(other_imports), *_runs(running, office, FEW)],
            len(other_imports) + len(running),
            f"Nothing{more} is running.",
        ),
        Part("Stopped", _runs(stopped, office, FEW), len(stopped), f"No {other}run has stopped."),
        *_accounts(office),
        Part("Latest runs", _runs(over, office, FEW), nothing="No run has ended yet."),
    ]
    waits = [*_imports(my_imports), *_runs(mine, office, MOST)]
    needs = Part("Needs you", waits or ["✅ Nothing waits for you."], len(my_imports) + len(mine))
    anything = bool(waits) or any(part.lines for part in parts)
    shown = [b.header("OneSpot"), b.context(AGAIN) if anything else b.section(START)]
    shown += [block for part in (needs, *parts) if part.lines for block in part.drawn()]
    nothing = " ".join(part.nothing for part in parts if not part.lines)
    if anything and nothing:
        shown += [b.divider(), b.context(nothing)]
    return View(type="home", callback_id="home", blocks=shown[:100])


def _needs(run: Run, me: Actor, rules: policy.Rules) -> bool:
    """Whether this run waits for this very person."""
    if run.status is RunStatus.PLANNED:
        return policy.may_approve(me, run, rules) is None
    return run.requested_by == me.user and run.status in (RunStatus.REQUESTED, RunStatus.FAILED, RunStatus.WAITING)


def _import_needs(whole: Import, me: Actor, rules: policy.Rules) -> bool:
    """Whether this import waits for this very person."""
    if whole.status is ImportStatus.PLANNED:
        return policy.may_approve(me, whole, rules) is None
    return whole.requested_by == me.user and whole.status is ImportStatus.HALTED


def _imports(its: Sequence[Import]) -> list[str]:
    return [
        f"{MARKS[one.status]} *Import {one.id}* · {IMPORT_SENTENCES[one.status].rstrip('.')} · "
        f"{b.person(one.requested_by)}, {b.ago(one.moved_at)} · <#{one.channel}>"
        for one in its[:FEW]
    ]


def _runs(pairs: Sequence[Pair], office: Office, most: int) -> list[str]:
    roots = threads.roots(office.engine, [run.id for run, _ in pairs[:most]])
    lines = [_line(run, practice, roots.get(run.id)) for run, practice in pairs[:most]]
    return [*lines, *_more(len(pairs) - most, MORE_RUNS)]


def _accounts(office: Office) -> list[Part]:
    """The accounts that fail or will, and the new passwords that nobody has entered yet."""
    failing, counts = health.some_failing(office.engine, MOST)
    expiring, expire = health.soon_expiring(office.engine, FEW)
    fail = sum(one.number for one in counts)
    waiting = [f"🔑 *{_name(name)}*" for name in rotations.waiting_names(office.engine)]
    soon = [account_line(row, practice.name) for row, practice in expiring]
    soon += _more(expire - FEW, MORE_ACCOUNTS)
    new = [*waiting[:FEW], *_more(len(waiting) - FEW, "The daily summary names more of them.")]
    return [
        Part("Accounts that fail", _failing(sorted(failing, key=by_cause), counts), fail, "No account fails."),
        Part("Passwords that expire soon", soon, expire, "No password expires soon."),
        Part("New passwords that OneSpot doesn't have yet", new, len(waiting), "OneSpot has every new password."),
    ]


def _failing(failing: Sequence[Standing], counts: Sequence[Failing]) -> list[str]:
    """Where they are many, first how many of each cause, then some of each."""
    lines = [account_line(row, practice.name) for row, practice in some_of_each(failing, MOST)]
    numbers, number = {cause(one): one.number for one in counts}, sum(one.number for one in counts)
    if len(numbers) > 1 and number > MOST:
        lines.insert(0, " · ".join(f"{why}: *{numbers[why]:,}*" for why, _ in causes(failing)))
    return [*lines, *_more(number - MOST, MORE_ACCOUNTS)]


def _more(number: int, where: str) -> list[str]:
    return [f"… and {number:,} more. {where}"] if number > 0 else []


def _line(run: Run, practice: Practice, root: ThreadMessage | None) -> str:
    at = f"Stopped at step {run.error_step}" if run.status is RunStatus.FAILED and run.error_step else sentence_of(run)
    where = f" · <#{root.channel}>" if root else ""
    who = f"{b.person(run.requested_by)}, {b.ago(run.moved_at)}"
    return f"{STATES[run.status]} *{_name(practice.name)}* · {at.rstrip('.')} · {who}{where}"


def _name(name: str) -> str:
    return b.escape(b.cut(name, NAME))
