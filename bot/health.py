"""The buttons of an alert: look again, repair, or keep quiet about it. What alerts say is checks/announce.py's."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from slack_bolt import Ack, App, Respond

from bot import blocks as b
from bot import policy
from bot.checks.messages import CHECK_AGAIN, REPAIR, SNOOZE, count
from bot.office import (
    Click,
    Office,
    Refused,
    must,
    name_typed,
    practice_of,
    refused_or_done,
    speaks_for,
    typist,
    words_typed,
)
from bot.policy import Actor
from bot.request import open_form
from bot.status import ASKS_FOR_HELP, HELP, check_now, checks_text, tell, unknown, which
from storage import alerts, audit, health, practices
from storage.health import Standing
from storage.models import CheckOutcome, Verb

log = structlog.get_logger("onespot.slack")

SNOOZED = timedelta(hours=24)
KEPT_SOON = (0.0, 0.1, 0.3, 0.6)
"""Seconds before each look for the alert whose button was pressed."""

OVER = "Nothing was done: none of this fails any more, or it has an alert of its own by now."

Deed = Callable[[Office, Click, list[Standing]], str]


def register(app: App, office: Office) -> None:
    """Listen to the buttons, and to `/onespot-check`."""

    @app.action(CHECK_AGAIN)
    def again(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        office.later.submit(_answer, office, body, check_again)

    @app.action(SNOOZE)
    def quiet(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        office.later.submit(_answer, office, body, snooze)

    @app.action(REPAIR)
    def repairing(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        click = Click.read(body)
        office.later.submit(refused_or_done, office, click, lambda: repair(office, click))

    @app.command("/onespot-check")
    def typed(ack: Ack, respond: Respond, body: dict[str, Any]) -> None:
        ack()
        say = partial(tell, office, respond, body)
        say(asked(office, typist(body), words_typed(body), say))


def asked(office: Office, actor: Actor, words: str, say: Callable[[str], object]) -> str:
    """What `/onespot-check` with these words answers; with a practice's name it looks at that one, and tells it."""
    refusal = policy.may_ask(actor, office.rules_for_all())
    if refusal is not None:
        return refusal
    first, _, rest = words.partition(" ")
    if first.lower() in ("mute", "unmute"):
        verb = first.lower()
        return mute(office, actor, name_typed(rest), verb == "mute") if rest else which("/onespot-check", verb)
    if words.lower() in ASKS_FOR_HELP:
        return HELP
    return check_now(office, name_typed(words), say) if words else checks_text(office)


def check_again(office: Office, click: Click, failing: list[Standing]) -> str:
    """Look at the failing ones now: one at once, many as many a minute as may be. Anybody of the workspace may."""
    must(policy.may_ask(click.actor, office.rules()))
    for _, practice in failing:
        _audit(office, click, "asked for a check", practice.id)
    if len(failing) > 1:
        health.due_at_once(office.engine, [practice.id for _, practice in failing], now=office.now())
        return f"{count(len(failing))} are looked at again, some each minute; the thread says what is found."
    practice = failing[0][1]
    if not office.dispatcher.check(practice.id):
        return f"*{b.escape(practice.name)}* is being looked at already."
    return f"Looking at *{b.escape(practice.name)}* now: what is found will stand here."


def snooze(office: Office, click: Click, failing: list[Standing]) -> str:
    """Say nothing about them for a day: an approver about all, who asked for an account about that one."""
    mine = [practice for _, practice in failing if speaks_for(office, click.actor, practice.id) is None]
    if not mine:
        must(speaks_for(office, click.actor, failing[0][1].id))
    until = office.now() + SNOOZED
    health.snooze(office.engine, [practice.id for practice in mine], until)
    for practice in mine:
        _audit(office, click, "snoozed", practice.id)
    name = f"*{b.escape(mine[0].name)}*" if len(mine) == 1 else count(len(mine))
    return f"Nothing is said about {name} until {b.when(until)}, unless it recovers. The checks go on."


def repair(office: Office, click: Click) -> None:
    """The form for a repair. Anybody of the workspace may ask for one; its plan needs an approver's yes."""
    must(policy.may_ask(click.actor, office.rules_for_all()))
    open_form(office, click.trigger, practice_of(office, click), click.channel, Verb.REPAIR)


def mute(office: Office, actor: Actor, name: str, muted: bool) -> str:
    """Say nothing of a practice's failures until that is taken back; the summary still counts it. What to answer."""
    practice = practices.find(office.engine, name)
    if practice is None:
        return unknown(office, name)
    refusal = speaks_for(office, actor, practice.id)
    if refusal is not None:
        return refusal
    its = b.escape(practice.name)
    if not health.mute(office.engine, practice.id, muted):
        return f"*{its}* has no account that is checked."
    what = "muted" if muted else "unmuted"
    audit.write(office.engine, actor.user, what, practice_id=practice.id, now=office.now())
    if muted:
        return f"*{its}* is muted: no alerts about it. `/onespot-check unmute {its}` takes that back."
    return f"*{its}* is spoken of again."


def _failing(office: Office, body: dict[str, Any]) -> list[Standing]:
    """Who still fails in the alert whose button was pressed. Raises Refused when nobody does.

    A quick person may press before the alert is kept, right after it was posted: so it is looked for a few times.
    """
    container = body.get("container") or {}
    where = str(container.get("channel_id") or ""), str(container.get("message_ts") or "")
    for pause in KEPT_SOON:
        time.sleep(pause)
        alert = alerts.at(office.engine, *where)
        if alert is not None:
            break
    members = alerts.members(office.engine, alert.id) if alert is not None else []
    failing = [one for one in members if one[0].outcome is not CheckOutcome.HEALTHY]
    if not failing:
        raise Refused(OVER)
    return failing


def _answer(office: Office, body: dict[str, Any], deed: Deed) -> None:
    """Do what the click asks for, and tell who clicked how that went; nobody else."""
    click = Click.read(body)

    def answered() -> None:
        must(policy.may_ask(click.actor, office.rules()))
        click.note(office, deed(office, click, _failing(office, body)))

    refused_or_done(office, click, answered)


def _audit(office: Office, click: Click, what: str, practice_id: int) -> None:
    audit.write(office.engine, click.actor.user, what, practice_id=practice_id, now=office.now())
