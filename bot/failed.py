"""A run that stopped: Retry from the failed step, Change details, or "I did it, continue" after a person's deed."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App

from bot import policy
from bot.modals import DETAILS, Place, Request, details_view, filled_from, read_request
from bot.office import Click, Office, answer, must, sender, stale
from bot.password import ask, go_on, has_password, send_link
from bot.policy import Actor
from bot.run_view import CHANGED, CONTINUED, RETRIED
from bot.work import keep_password
from storage import practices, runs
from storage.models import Credential, Run, RunStatus

CHANGEABLE = (RunStatus.FAILED, RunStatus.PLANNED)


def register(app: App, office: Office) -> None:
    """Listen to the buttons of a failure, and to the form "Change details"."""

    @app.action("retry")
    def retried(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        answer(office, Click.read(body), retry)

    @app.action("continue")
    def continued(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        answer(office, Click.read(body), go_on_after_a_person)

    @app.action("change_details")
    def changing(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        answer(office, Click.read(body), show_details)

    @app.view(DETAILS)
    def changed(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        place = Place.unpacked(view["private_metadata"])
        run = runs.get(office.engine, place.run_id or 0)
        actor = sender(body)
        refusal = "That run isn't known any more." if run is None else _may_not_change(office, run, actor)
        if run is None or refusal:
            ack(response_action="errors", errors={"url": refusal or ""})
            return
        form = read_request(view, fixed_practice=office.practice(run).name, with_password=office.in_modal)
        if isinstance(form, dict):
            ack(response_action="errors", errors=form)
            return
        ack()
        change(office, run, form, actor.user, place.channel)


def retry(office: Office, click: Click, run: Run) -> None:
    """Go on at the failed step with the approval that was given; without the password, ask for it first."""
    must(policy.may_steer(click.actor, run, office.rules()))
    if run.status is not RunStatus.FAILED or not click.is_fresh(run):
        raise stale(run)
    if not has_password(office, run):
        must(policy.may_give_password(click.actor, run, office.rules()))
        ask(office, run, click)
        return
    if not go_on(office, run):
        raise stale(runs.get(office.engine, run.id) or run)
    office.decided(run, click.actor.user, RETRIED)


def go_on_after_a_person(office: Office, click: Click, run: Run) -> None:
    """Somebody did what only a person may: the step's postcondition is looked at, then the walk goes on."""
    must(policy.may_steer(click.actor, run, office.rules()))
    if run.status is not RunStatus.WAITING or not click.is_fresh(run):
        raise stale(run)
    if not office.dispatcher.run(run.id, run.moved_at):
        raise stale(runs.get(office.engine, run.id) or run)
    office.decided(run, click.actor.user, CONTINUED)


def show_details(office: Office, click: Click, run: Run) -> None:
    """The form, filled with what the run has."""
    must(policy.may_give_password(click.actor, run, office.rules()))
    if run.status not in CHANGEABLE:
        raise stale(run)
    practice = office.practice(run)
    form = filled_from(run, practice.name, practice.url, practice.primary_location)
    view = details_view(form, Place(click.channel, run.id), with_password=office.in_modal)
    office.client.views_open(trigger_id=click.trigger, view=view)


def change(office: Office, run: Run, form: Request, user: str, channel: str) -> None:
    """Keep the new details and go on: with the new password, or once it is given."""
    new = form.administrator
    if not runs.change(office.engine, run.id, administrator=new, notes=form.notes, adopt=form.take_over):
        office.whisper(user, channel, "Nothing was changed: this run has gone on meanwhile.")
        return
    practices.save(office.engine, form.practice, form.url, primary_location=form.location or None, now=office.now())
    office.decided(run, user, CHANGED)
    if form.password is not None:
        keep_password(office.vault, run, Credential(form.administrator, form.password), office.now())
    elif new != run.administrator or not has_password(office, run):
        send_link(office, run, user, channel)
        return
    go_on(office, runs.get(office.engine, run.id) or run)


def _may_not_change(office: Office, run: Run, actor: Actor) -> str | None:
    if run.status not in CHANGEABLE:
        return "This run has gone on meanwhile."
    return policy.may_give_password(actor, run, office.rules_for_all())
