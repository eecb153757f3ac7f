"""The Home tab: what needs me, what is running, failing and expiring, and the latest runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from slack_bolt import App
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot import blocks as b
from bot import policy
from bot.health_messages import standing_line
from bot.messages import STATES, sentence_of
from bot.office import Office
from bot.policy import Actor
from storage import health, rotations, runs, threads
from storage.models import FINISHED, CheckOutcome, Practice, Run, RunStatus

LATEST, MOST = 10, 15

Pair = tuple[Run, Practice]


def register(app: App, office: Office) -> None:
    """Draw the tab whenever somebody opens it."""

    @app.event("app_home_opened")
    def opened(event: dict[str, Any], body: dict[str, Any]) -> None:
        ours = body.get("team_id") in (None, office.team)
        if ours and event.get("tab", "home") == "home":
            office.client.views_publish(user_id=event["user"], view=home(office, event["user"]))


def home(office: Office, user: str) -> View:
    """The tab of this person, as things are now."""
    rules, pairs = office.rules(), runs.latest(office.engine, 200)
    me = Actor(user, office.team)
    open_ = [(run, its) for run, its in pairs if run.status not in FINISHED]
    mine = [pair for pair in open_ if _needs(pair[0], me, rules)]
    others = [pair for pair in open_ if pair not in mine]
    bad = health.standings(office.engine, failing=True)
    failing = [one for one in bad if one[0].outcome is not CheckOutcome.EXPIRING]
    expiring = [one for one in bad if one[0].outcome is CheckOutcome.EXPIRING]
    waiting = [f"🔑 *{b.escape(its.name)}*" for _, its in rotations.waiting_for_handover(office.engine)]
    over = [pair for pair in pairs if pair[0].status in FINISHED][:LATEST]
    shown = [
        b.header("OneSpot"),
        b.context("Type `/onespot-provision` in a channel to create the account of a practice."),
        *_part("Needs you", mine, office, "Nothing waits for you."),
        *_part(
            "Running",
            [pair for pair in others if pair[0].status is not RunStatus.FAILED],
            office,
            "Nothing is running.",
        ),
        *_part(
            "Stopped", [pair for pair in others if pair[0].status is RunStatus.FAILED], office, "No run has stopped."
        ),
        *_accounts("Accounts that fail", [standing_line(row, its.name) for row, its in failing]),
        *_accounts("Passwords that expire soon", [standing_line(row, its.name) for row, its in expiring]),
        *_accounts("New passwords that OneSpot doesn't have yet", waiting),
        *_part("Latest runs", over, office, "No run has ended yet."),
    ]
    return View(type="home", callback_id="home", blocks=shown[:100])


def _needs(run: Run, me: Actor, rules: policy.Rules) -> bool:
    """Whether this run waits for this very person."""
    if run.status is RunStatus.PLANNED:
        return policy.may_approve(me, run, rules) is None
    return run.requested_by == me.user and run.status in (RunStatus.REQUESTED, RunStatus.FAILED, RunStatus.WAITING)


def _part(title: str, pairs: Sequence[Pair], office: Office, empty: str) -> list[Block]:
    lines = [_line(office, run, practice) for run, practice in pairs[:MOST]] or [empty]
    if len(pairs) > MOST:
        lines.append(f"… and {len(pairs) - MOST} more.")
    return [b.divider(), b.section(f"*{title}*"), *(b.section(part) for part in _together(lines))]


def _accounts(title: str, all_lines: Sequence[str]) -> list[Block]:
    lines = [*all_lines[:MOST], *([f"… and {len(all_lines) - MOST} more."] if len(all_lines) > MOST else [])]
    return [b.divider(), b.section(f"*{title}*"), *(b.section(part) for part in _together(lines or ["None."]))]


def _line(office: Office, run: Run, practice: Practice) -> str:
    root = threads.root(office.engine, run.id)
    where = f" · in <#{root.channel}>" if root else ""
    said = f"{STATES[run.status]} *{b.escape(practice.name)}* · {sentence_of(run)}"
    return f"{said} · {b.person(run.requested_by)} {b.when(run.moved_at)}{where}"


def _together(lines: Sequence[str], size: int = 5) -> list[str]:
    """A few lines a block, so that none is too long."""
    return ["\n".join(lines[start : start + size]) for start in range(0, len(lines), size)]
