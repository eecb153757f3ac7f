"""So many practices in a database, invented: for pictures of what a team sees that looks after one, forty or thousands.

Each has an account that works or fails in its own way, and one in some dozens a run that goes on. No EHR knows any of
them, and nothing here is random: the same number makes the same practices. Home tab and summary are the bot's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk import WebClient
from sqlalchemy import Engine
from sqlmodel import select

from bot.approvers import Approvers
from bot.blocks import Message
from bot.checks.summary import summary
from bot.office import Office
from storage import health, rotations
from storage.database import transaction
from storage.models import (
    AccountHealth,
    CheckOutcome,
    DriftGrade,
    ErrorClass,
    Practice,
    Rotation,
    Run,
    RunStatus,
    ThreadMessage,
    Verb,
)
from storage.threads import ROOT
from storage.vault import Vault, new_key

PLACES = ("Maple", "Harbor", "Cedar", "Lakeside", "Summit", "Prairie", "Willow", "Canyon", "Orchard", "Riverbend")
SORTS = ("Eye Care", "Vision", "Optometry", "Family Eye Clinic", "Optical", "Eye Associates", "Vision Center")
PEOPLE = ("U0ANA", "U0CLEO", "U0BEN")

FOUND: dict[CheckOutcome, str] = {
    CheckOutcome.LOGIN_REFUSED: "RevolutionEHR says “Invalid username or password”.",
    CheckOutcome.LOCKED: "RevolutionEHR says that the account is locked.",
    CheckOutcome.PERSON_NEEDED: "RevolutionEHR shows new terms of use that somebody has to accept.",
    CheckOutcome.PASSWORD_EXPIRED: "RevolutionEHR asks for a new password before it lets the account in.",
    CheckOutcome.EHR_DOWN: "The login page did not answer within 60 seconds.",
    CheckOutcome.SCREEN_CHANGED: "There is no “My Profile” in the menu at the top right.",
    CheckOutcome.DRIFT: "The permission “Fee Schedules - View” is not ticked any more.",
    CheckOutcome.EXPIRING: "The password expires in 6 days.",
}
EVERY: tuple[tuple[int, CheckOutcome], ...] = (
    (13, CheckOutcome.DRIFT),
    (17, CheckOutcome.EXPIRING),
    (29, CheckOutcome.LOGIN_REFUSED),
    (37, CheckOutcome.PASSWORD_EXPIRED),
    (101, CheckOutcome.LOCKED),
    (211, CheckOutcome.PERSON_NEEDED),
    (307, CheckOutcome.SCREEN_CHANGED),
)
"""Every how many practices one fails like that."""

OPEN: tuple[tuple[int, RunStatus], ...] = (
    (11, RunStatus.PLANNED),
    (19, RunStatus.RUNNING),
    (23, RunStatus.FAILED),
    (83, RunStatus.WAITING),
)
"""Every how many practices one has a run that stands there."""


def name(number: int) -> str:
    """What the practice of this number, from 1, is called."""
    place, sort = PLACES[number % len(PLACES)], SORTS[number // len(PLACES) % len(SORTS)]
    town = number // (len(PLACES) * len(SORTS))
    return f"{place} {sort}" + (f" {town + 1}" if town else "")


def fill(engine: Engine, practices: int, now: datetime, channel: str = "C0ONBOARD") -> None:
    """So many practices, into an empty database."""
    numbers = range(1, practices + 1)
    with transaction(engine) as session:
        session.add_all([_practice(number, now) for number in numbers])
        session.flush()
        session.add_all([_account(number, now) for number in numbers])
        session.add_all([run for number in numbers for run in _runs(number, now, channel)])
        session.add_all([_new_password(number, now) for number in numbers[30::97]])
        session.flush()
        open_ = [run for run in session.exec(select(Run)).all() if run.status is not RunStatus.SUCCEEDED]
        session.add_all([_root(run.id, channel) for run in open_])


def office(engine: Engine, client: WebClient, now: datetime, approvers: str = "S0LEADS") -> Office:
    """An office that looks after them, from which nothing can be begun."""
    parts: dict[str, Any] = {"dispatcher": None, "later": None, "answers": None, "threads": None}
    vault, rules = Vault(engine, [new_key()]), Approvers(approvers, client)
    return Office(engine, vault, client, "T0SANDBOX", rules, **parts, now=lambda: now, revolutionehr_url="")


def todays_summary(engine: Engine, now: datetime) -> Message:
    """The daily summary of them, as the bot posts it."""
    standings, healthy = health.not_well(engine)
    waiting = [practice.name for _, practice in rotations.waiting_for_handover(engine)]
    return summary(standings, now, UTC, waiting, healthy=healthy)


def _practice(number: int, now: datetime) -> Practice:
    its: dict[str, Any] = {"url": "https://revolutionehr.com/static/", "username": f"OneSpot{2914 + number}"}
    made = now - timedelta(days=40, minutes=number)
    return Practice(id=number, key=name(number).casefold(), name=name(number), created_at=made, **its)


def _account(number: int, now: datetime) -> AccountHealth:
    outcome = next((outcome for every, outcome in EVERY if number % every == 0), CheckOutcome.HEALTHY)
    facts: dict[str, Any] = {"since": now - timedelta(hours=number % 90 + 1), "alike": 1}
    if outcome is CheckOutcome.DRIFT:
        facts["grade"] = list(DriftGrade)[number // 13 % 3]
    looked = now - timedelta(minutes=number % 50 + 10)
    detail = [FOUND.get(outcome, "It logs in and has what it needs.")]
    return AccountHealth(practice_id=number, outcome=outcome, detail=detail, looked_at=looked, **facts)


def _runs(number: int, now: datetime, channel: str) -> Iterator[Run]:
    who = PEOPLE[number % 2]
    began = now - timedelta(days=30, minutes=number)
    facts: dict[str, Any] = {"practice_id": number, "requested_by": who, "channel": channel}
    yield Run(**facts, verb=Verb.PROVISION, status=RunStatus.SUCCEEDED, requested_at=began, moved_at=began)
    status = next((status for every, status in OPEN if number % every == 0), None)
    if status is not None:
        at = now - timedelta(minutes=number % 55 + 3)
        if status in (RunStatus.FAILED, RunStatus.WAITING):
            facts |= {"error_class": ErrorClass.TRANSIENT, "error_what": "The page did not load.", "error_step": 8}
        yield Run(**facts, verb=Verb.REPAIR, status=status, requested_at=at, moved_at=at)


def _root(run_id: int, channel: str) -> ThreadMessage:
    """The message that the run's thread hangs on."""
    return ThreadMessage(run_id=run_id, key=ROOT, channel=channel, ts=f"1.{run_id:06}", digest="", said="")


def _new_password(number: int, now: datetime) -> Rotation:
    """A new password that nobody has entered in OneSpot yet."""
    asked = now - timedelta(hours=5)
    facts: dict[str, Any] = {"why": "somebody asked for it", "asked_by": "U0BEN", "begun_at": asked}
    return Rotation(practice_id=number, proved_at=asked, ended_at=asked, **facts)
