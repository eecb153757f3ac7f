"""The buttons of an alert: look again, or keep quiet about it for a day. What alerts say is announce.py's."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from http.client import HTTPException
from typing import Any

import structlog
from slack_bolt import Ack, App
from slack_sdk.errors import SlackApiError

from bot import blocks as b
from bot import policy
from bot.health_messages import CHECK_AGAIN, SNOOZE, count
from bot.office import Click, Office, Refused, must
from storage import alerts, audit, health, runs
from storage.database import StorageError
from storage.health import Standing
from storage.models import CheckOutcome

log = structlog.get_logger("onespot.slack")

SNOOZED = timedelta(hours=24)
KEPT_SOON = (0.0, 0.1, 0.3, 0.6)
"""Seconds before each look for the alert whose button was pressed."""

OVER = "Nothing was done: none of this fails any more, or it has an alert of its own by now."

Deed = Callable[[Office, Click, list[Standing]], str]


def register(app: App, office: Office) -> None:
    """Listen to the two buttons."""

    @app.action(CHECK_AGAIN)
    def again(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        office.later.submit(_answer, office, body, check_again)

    @app.action(SNOOZE)
    def quiet(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        office.later.submit(_answer, office, body, snooze)


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
    mine = [practice for _, practice in failing if _may_snooze(office, click, practice.id) is None]
    if not mine:
        must(_may_snooze(office, click, failing[0][1].id))
    until = office.now() + SNOOZED
    health.snooze(office.engine, [practice.id for practice in mine], until)
    for practice in mine:
        _audit(office, click, "snoozed", practice.id)
    name = f"*{b.escape(mine[0].name)}*" if len(mine) == 1 else count(len(mine))
    return f"Nothing is said about {name} until {b.when(until)}, unless it recovers. The checks go on."


def _may_snooze(office: Office, click: Click, practice_id: int) -> str | None:
    rules = office.rules()
    if policy.may_reject(click.actor, rules) is None:
        return None
    run = runs.last_of(office.engine, practice_id)
    return policy.may_reject(click.actor, rules) if run is None else policy.may_steer(click.actor, run, rules)


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
    try:
        must(policy.may_ask(click.actor, office.rules()))
        click.note(office, deed(office, click, _failing(office, body)))
    except Refused as why:
        click.note(office, str(why))
    except (StorageError, SlackApiError, OSError, HTTPException) as problem:
        log.error("click failed", action=click.action, error=type(problem).__name__)
        click.note(office, "That did not work: press once more.")


def _audit(office: Office, click: Click, what: str, practice_id: int) -> None:
    audit.write(office.engine, click.actor.user, what, practice_id=practice_id, now=office.now())
