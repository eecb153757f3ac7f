"""The administrator's password: asked for where nobody else sees it, sealed, and the run goes on by itself.

By a one-time link to our own page, or (SECRET_INTAKE=modal) in a modal. It is in no message, button or metadata.
"""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr
from slack_bolt import Ack, App

from bot import blocks as b
from bot import policy
from bot.modals import PASSWORD, Place, filled_from, password_view, read_password
from bot.office import MINUTES, Click, Office, answer, must, sender, stale
from bot.policy import Actor
from bot.run_view import GIVEN
from bot.work import keep_password
from storage import runs
from storage.models import Credential, LinkPurpose, Purpose, Run, RunStatus, Stage

ASK = "Enter the administrator's password"
WANTED = (RunStatus.REQUESTED, RunStatus.FAILED, RunStatus.PLANNED)
"""Where a run may stand that waits for its administrator's password."""
NOT_WANTED = "This run doesn't wait for a password any more."


def register(app: App, office: Office) -> None:
    """Listen to the button that asks for the link or the modal, and to the modal."""

    @app.action("enter_password")
    def pressed(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        answer(office, Click.read(body), enter)

    @app.view(PASSWORD)
    def submitted(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        password = read_password(view)
        run = runs.get(office.engine, Place.unpacked(view["private_metadata"]).run_id or 0)
        actor = sender(body)
        refusal = "The password is empty." if password is None else refused(office, run, actor)
        if password is None or run is None or refusal:
            ack(response_action="errors", errors={"password": refusal or "That run isn't known any more."})
            return
        ack()
        given(office, run, password, body["user"]["id"])


def enter(office: Office, click: Click, run: Run) -> None:
    """Somebody wants to give the password: only who asked may."""
    must(policy.may_give_password(click.actor, run, office.rules()))
    if run.status not in WANTED:
        raise stale(run)
    ask(office, run, click)


def ask(office: Office, run: Run, click: Click) -> None:
    """Ask the person who clicked: a modal, or a message that only they see with the one-time link."""
    if office.in_modal:
        practice = office.practice(run)
        form = filled_from(run, practice.name, practice.url, practice.primary_location)
        view = password_view(form, Place(click.channel, run.id))
        office.client.views_open(trigger_id=click.trigger, view=view)
        return
    send_link(office, run, click.actor.user, click.channel, click.thread_ts)


def send_link(office: Office, run: Run, user: str, channel: str, thread_ts: str | None = None) -> None:
    """The one-time link, for this person only."""
    practice = office.practice(run)
    url = office.link(LinkPurpose.INTAKE, run, user)
    name = b.escape(practice.name)
    said = f"The administrator's password for *{name}* is needed. The page works once, for {MINUTES} minutes."
    shown = [
        b.section(said),
        b.actions(b.button(ASK, "open_page", style="primary", url=url, about=practice.name)),
        b.context("Never type a password into Slack."),
    ]
    office.whisper(user, channel, f"{b.spoken(said)} <{url}|{ASK}>", shown, thread_ts)


def refused(office: Office, run: Run | None, actor: Actor) -> str | None:
    """Why this person can't give this run a password now; None when they can."""
    if run is None:
        return "That run isn't known any more."
    if run.status not in WANTED:
        return NOT_WANTED
    return policy.may_give_password(actor, run, office.rules_for_all())


def given(office: Office, run: Run, password: SecretStr, user: str) -> bool:
    """Seal the password, say that it was given (not what it is), and go on. False when the run has just ended."""
    if not keep_password(office.vault, run, Credential(run.administrator or "", password), office.now()):
        return False
    office.decided(run, user, GIVEN)
    go_on(office, run)
    return True


def has_password(office: Office, run: Run) -> bool:
    """Whether the run can log in as the administrator."""
    return office.vault.kept(run.practice_id, Purpose.ADMINISTRATOR, Stage.PENDING) is not None


def go_on(office: Office, run: Run) -> bool:
    """Let the run go on from where it stands: walk, where an approval holds, else plan. False when it does already."""
    if runs.move(office.engine, run.id, RunStatus.APPROVED, now=office.now(), from_={RunStatus.FAILED}):
        return office.dispatcher.run(run.id)
    return office.dispatcher.run(run.id, run.moved_at)
