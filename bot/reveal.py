"""After success: Reveal credentials, once and to one person, and Check now."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App

from bot import blocks as b
from bot import policy
from bot.modals import revealed_view
from bot.office import MINUTES, Click, Office, Refused, answer, must
from storage import audit
from storage.models import Credential, LinkPurpose, Purpose, Run, Stage

NOTHING_KEPT = "No password is kept for this practice any more."


def register(app: App, office: Office) -> None:
    """Listen to the buttons of a success."""

    @app.action("reveal")
    def revealing(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        answer(office, Click.read(body), reveal)

    @app.action("check_now")
    def checking(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        answer(office, Click.read(body), check_now)


def reveal(office: Office, click: Click, run: Run) -> None:
    """The credential: in a modal (SECRET_INTAKE=modal), else behind a one-time link that only this person gets."""
    must(policy.may_reveal(click.actor, run, office.rules()))
    name = office.practice(run).name
    if office.in_modal:
        view = revealed_view(name, shown_to(office, run, click.actor.user))
        office.client.views_open(trigger_id=click.trigger, view=view)
        return
    if office.vault.kept(run.practice_id, Purpose.FINAL, Stage.CURRENT) is None:
        raise Refused(NOTHING_KEPT)
    url = office.link(LinkPurpose.REVEAL, run, click.actor.user)
    said = f"The credentials of *{b.escape(name)}*: the page shows them once, and works for {MINUTES} minutes."
    page = b.button("Open the page", "open_page", style="primary", url=url, about=f"credentials of {name}")
    shown = [b.section(said), b.actions(page)]
    office.whisper(click.actor.user, click.channel, f"{b.spoken(said)} <{url}|Open the page>", shown, click.thread_ts)


def shown_to(office: Office, run: Run, user: str) -> Credential:
    """The kept credential, after an audit entry that says who saw it. Raises Refused when there is none."""
    credential = office.vault.kept(run.practice_id, Purpose.FINAL, Stage.CURRENT)
    if credential is None:
        raise Refused(NOTHING_KEPT)
    detail = credential.username
    audit.write(
        office.engine,
        user,
        "saw the credentials",
        practice_id=run.practice_id,
        run_id=run.id,
        detail=detail,
        now=office.now(),
    )
    return credential


def check_now(office: Office, click: Click, run: Run) -> None:
    """Look at the account now; what is found comes into the thread."""
    must(policy.may_steer(click.actor, run, office.rules()))
    if not office.dispatcher.check(run.practice_id):
        raise Refused("A check is on its way already; its result comes into this thread.")
    click.note(office, "Looking at the account now; the result comes into this thread.")
