"""What people are told when they ask about runs and accounts: help, status, what a check finds. Texts only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.client import HTTPException
from typing import Any

from slack_bolt import Respond

from bot import blocks as b
from bot.checks.messages import standing_line
from bot.messages import check_line
from bot.office import Office
from bot.run_view import STATES, sentence_of
from storage import checks, health, practices, runs
from storage.models import CheckOutcome, HealthCheck, Practice, Purpose, Run, Stage

HELP = """*OneSpot* creates the OneSpot account in a practice's RevolutionEHR, and keeps it working.
• `/onespot-provision` opens the form. You give the administrator's login, see what would change, and somebody approves.
• `/onespot-provision status` lists the latest runs; `/onespot-provision status PRACTICE` tells about one practice.
• `/onespot-provision bulk` takes many practices from a spreadsheet: one approval for all, walked in waves.
• `/onespot-provision repair PRACTICE` puts right what differs; `/onespot-provision retire PRACTICE` ends the account.
• `/onespot-check PRACTICE` looks whether the account works; `/onespot-check` says what the latest checks found.
• `/onespot-check mute PRACTICE` keeps its alerts quiet; `/onespot-check unmute PRACTICE` takes that back."""

ASKS_FOR_HELP = ("help", "?", "--help", "-h")

SHOWN = 10


def check_now(office: Office, name: str, tell: Callable[[str], object]) -> str:
    """Start a check of the practice of this name; says so, or why not. What it finds is told as soon as it is known."""
    practice = practices.find(office.engine, name)
    if practice is None:
        return unknown(office, name)
    if office.vault.kept(practice.id, Purpose.FINAL, Stage.CURRENT) is None:
        return f"*{b.escape(practice.name)}* has no account yet: `/onespot-provision` makes it."
    before = office.answers.newest(practice.id)
    office.dispatcher.check(practice.id)
    office.answers.wait(practice.id, before, lambda found: tell(_found(practice, found)))
    return f"Looking at the account of *{b.escape(practice.name)}* now: what is found comes here, for you alone."


def _found(practice: Practice, check: HealthCheck | None) -> str:
    name = b.escape(practice.name)
    if check is None:
        return f"Nobody has come to look at *{name}* yet; a browser may be busy. `/onespot-check` says what is found."
    return f"*{name}*: {check_line(check)}"


def checks_text(office: Office) -> str:
    """What the latest check of each practice found, failing ones first."""
    standings = health.standings(office.engine)
    seen = [
        (row.outcome is CheckOutcome.HEALTHY, standing_line(row, its.name)) for row, its in standings if row.outcome
    ]
    lines = [line for _, line in sorted(seen, key=lambda one: one[0])]
    never = len(standings) - len(seen)
    said = lines[:SHOWN] or ["No account was checked yet."]
    if len(lines) > SHOWN:
        failing = sum(not healthy for healthy, _ in seen)
        said.append(f"… and {len(lines) - SHOWN} more; {failing} of {len(lines)} fail.")
    return "\n".join([*said, *([f"{never} not checked yet."] if never else [])])


def status_text(office: Office, name: str) -> str:
    """The latest runs, or one practice's."""
    if not name:
        latest = runs.latest(office.engine, SHOWN)
        lines = [_line(office, run, practice) for run, practice in latest]
        return "\n".join(lines) or "There is no run yet: `/onespot-provision` makes the first one."
    practice = practices.find(office.engine, name)
    if practice is None:
        return unknown(office, name)
    mine = [run for run, _ in runs.latest(office.engine, 3, practice_id=practice.id)]
    account = f"account {b.escape(practice.username)}" if practice.username else "no account yet"
    check = checks.latest(office.engine, practice.id)
    lines = [f"*{b.escape(practice.name)}*: {account}", *(_line(office, run, practice) for run in mine)]
    return "\n".join([*lines, *([f"{check_line(check)} · {b.when(check.at)}"] if check else [])])


def _line(office: Office, run: Run, practice: Practice) -> str:
    link = office.permalink(run)
    thread = f" · <{link}|thread>" if link else ""
    said = f"{STATES[run.status]} *{b.escape(practice.name)}* · {sentence_of(run)}"
    return f"{said} · {b.person(run.requested_by)} {b.when(run.moved_at)}{thread}"


def tell(office: Office, respond: Respond, body: Mapping[str, Any], text: str) -> None:
    """Answer a command for whoever typed it alone: where Slack takes answers, else as a private note.

    Raises OSError or HTTPException where Slack takes neither.
    """
    problem: Exception | None = None
    try:
        if body.get("response_url") and respond(text=cut(text), response_type="ephemeral").status_code == HTTPStatus.OK:
            return
    except (OSError, HTTPException) as error:
        problem = error
    if (
        not office.whisper(str(body.get("user_id") or ""), str(body.get("channel_id") or ""), cut(text))
        and problem is not None
    ):
        raise problem


def which(command: str, verb: str) -> str:
    """That a practice has to be said too."""
    return f"Say which practice: `{command} {verb} PRACTICE`."


def cut(text: str) -> str:
    """As long as an answer to a command may well be."""
    return b.cut(text, 3900)


def unknown(office: Office, name: str) -> str:
    """That there is no such practice, and which names are near."""
    near = practices.near(office.engine, name)
    meant = f" Did you mean {' or '.join(b.escape(one) for one in near)}?" if near else ""
    else_ = " `/onespot-check` lists the accounts that there are, and `/onespot-provision` makes another."
    return f"There is no practice named “{b.escape(name)}”.{meant or else_}"
