"""A new password on its way to OneSpot: the button that asks for one, and the word that OneSpot has it.

What Slack shows of a rotation is drawn here too (pure), and sent by checks/announce.py; the rotation itself is
rotation.py's.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from slack_bolt import Ack, App
from slack_sdk.models.blocks import Block

from bot import blocks as b
from bot import policy
from bot.blocks import Message, escape, person, when
from bot.checks.messages import REPAIR, ROTATE
from bot.office import Click, Office, Refused, must, practice_of, refused_or_done, speaks_for
from bot.rotation import ASKED
from bot.run_view import in_slack
from storage import audit, checks, rotations
from storage.models import Practice, Purpose, Rotation, Run, Stage

HANDED_OVER = "handed_over"

REMIND = timedelta(hours=24)
"""So often the thread says that OneSpot still waits for the password."""

OVER = timedelta(days=2)
"""So long after its end a rotation may still have to be shown as it ended."""

NOTHING = "No password of this practice is kept, so there is none to replace: press Repair, or `/onespot-provision`."

NO_LOGIN = (
    "RevolutionEHR refused the kept password at the last check, so nobody can log in with it to change it. Press "
    "Repair: with an administrator's login it sets a new one. Or Check again, where the practice has put it right."
)


def register(app: App, office: Office) -> None:
    """Listen to Rotate password, and to the word that OneSpot has the new one."""

    @app.action(ROTATE)
    def rotating(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        click = Click.read(body)
        office.later.submit(refused_or_done, office, click, lambda: rotate(office, click))

    @app.action(HANDED_OVER)
    def handed(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        click = Click.read(body)
        office.later.submit(refused_or_done, office, click, lambda: handed_over(office, click))


def rotate(office: Office, click: Click) -> None:
    """Begin a rotation; who asked for the account, or an approver, may. What comes of it is told to all."""
    practice = practice_of(office, click)
    must(policy.may_ask(click.actor, office.rules()))
    must(speaks_for(office, click.actor, practice.id))
    if office.vault.kept(practice.id, Purpose.FINAL, Stage.CURRENT) is None:
        raise Refused(NOTHING)
    if checks.is_refused(office.engine, practice.id, office.vault.verified_at(practice.id)):
        raise Refused(NO_LOGIN)
    begun = rotations.begin(office.engine, practice.id, ASKED, click.actor.user, now=office.now())
    if begun is None:
        raise Refused(f"A new password for *{escape(practice.name)}* is on its way already.")
    audit.write(office.engine, click.actor.user, "asked for a rotation", practice_id=practice.id, now=office.now())
    office.dispatcher.rotate(practice.id)
    click.note(office, f"A new password for *{escape(practice.name)}* is being set now; what comes of it is told here.")


def handed_over(office: Office, click: Click) -> None:
    """Somebody says that OneSpot's auto-sync settings have the new password."""
    rotation = rotations.get(office.engine, int(click.value)) if click.value.isdigit() else None
    if rotation is None:
        raise Refused("That rotation isn't known any more.")
    must(policy.may_ask(click.actor, office.rules()))
    must(speaks_for(office, click.actor, rotation.practice_id))
    if not rotations.hand_over(office.engine, rotation.id, click.actor.user, now=office.now()):
        raise Refused("Nothing was done: somebody has said so already.")
    who, what = click.actor.user, "handed the password over"
    audit.write(office.engine, who, what, practice_id=rotation.practice_id, now=office.now())


# What Slack shows


def message(rotation: Rotation, practice: Practice, run: Run | None) -> Message:
    """A rotation that has ended, as it stands: to be handed over, handed over, past, or without a new password."""
    if rotation.proved_at is None:
        return _failed(rotation, practice)
    if rotation.handed_over_at is None and practice.retired_at is not None:
        text = f"⚪ {escape(practice.name)}: its account was retired before OneSpot had this password."
        return Message("rotation", text, [b.section(f"*{text}*")])
    if rotation.handed_over_at is not None:
        return _over(rotation, practice)
    enter = f"{_to(run)}enter it" if _to(run) else "Enter it"
    head = f"🔑 *{escape(practice.name)} has a new password.* {enter} in OneSpot's auto-sync settings."
    means = "Until then the nightly sync can't log in, and the daily summary says “waiting for hand-over”."
    name = practice.name
    said = b.button("OneSpot has it", HANDED_OVER, str(rotation.id), about=name)
    reveal = [] if run is None else [b.button("Reveal credentials", "reveal", str(run.id), style="primary", about=name)]
    facts = f"Set {when(rotation.proved_at)} because {_why(rotation)} · the former one is kept for 7 days"
    shown: list[Block] = [b.section(head), b.section(means), b.actions(*reveal, said), b.context(facts)]
    return Message("rotation", b.spoken(f"{head} {means}\n{facts}"), shown)


def reminder(rotation: Rotation, run: Run | None, now: datetime) -> Message:
    """That OneSpot still waits for it."""
    hours = int((now - (rotation.proved_at or rotation.begun_at)).total_seconds() // 3600)
    text = f"⏰ {_to(run)}OneSpot has waited {hours} hours for this password. Enter it there, then press the button."
    return Message("reminder", text, [b.section(text)])


def is_due(rotation: Rotation, practice: Practice, now: datetime) -> bool:
    """Whether to remind of it now."""
    waits = rotation.proved_at is not None and rotation.handed_over_at is None and rotation.ts is not None
    waits = waits and practice.retired_at is None
    last = rotation.reminded_at or rotation.proved_at
    return waits and last is not None and now - last >= REMIND


def _over(rotation: Rotation, practice: Practice) -> Message:
    text = f"✅ {escape(practice.name)}: OneSpot has the new password."
    who = f"So said {person(rotation.handed_over_by or '')} {when(rotation.handed_over_at or rotation.begun_at)}"
    return Message("rotation", b.spoken(f"{text} {who}"), [b.section(f"*{text}*"), b.context(who)])


def _failed(rotation: Rotation, practice: Practice) -> Message:
    head = f"❌ *{escape(practice.name)} got no new password.* {escape(in_slack(rotation.problem))}"
    means = "The kept password is the one that was proved last; Repair sets a new one with an administrator's login."
    repair = b.button("Repair", REPAIR, str(practice.id), about=practice.name)
    facts = f"Begun {when(rotation.begun_at)} because {_why(rotation)}"
    shown = [b.section(head), b.section(means), b.actions(repair), b.context(facts)]
    return Message("rotation", b.spoken(f"{head} {means}\n{facts}"), shown)


def _why(rotation: Rotation) -> str:
    by = person(rotation.asked_by)
    return f"{by} asked for it" if rotation.why == ASKED else escape(rotation.why)


def _to(run: Run | None) -> str:
    """Whom it is for: who asked for the account in Slack."""
    return f"{person(run.requested_by)}: " if run is not None and run.channel is not None else ""
