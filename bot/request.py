"""Asking for a run: `/onespot-provision`, the form, and what it leaves behind: a run that waits for its password."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk.errors import SlackApiError

from bot import blocks as b
from bot import policy
from bot.bulk import BULK, send_sheet_link
from bot.modals import REQUEST, Place, Request, read_request, request_view
from bot.office import Office, name_typed, sender, typist, words_typed
from bot.password import given, send_link
from bot.status import ASKS_FOR_HELP, HELP, status_text, tell, unknown, which
from storage import audit, practices, runs
from storage.audit import ASKED
from storage.database import StorageError
from storage.models import Practice, Run, Verb

NOT_OPENED = "Slack did not open the form: type the command once more."
IN_A_CHANNEL = "Use this in a channel where approvers can see it, not in a direct message."


def register(app: App, office: Office) -> None:
    """Listen to the command and to the form."""

    @app.command("/onespot-provision")
    def typed(ack: Ack, respond: Respond, body: dict[str, Any]) -> None:
        words = words_typed(body)
        refusal = policy.may_ask(typist(body), office.rules_for_all())
        first, _, rest = words.partition(" ")
        if refusal or words.lower() in ASKS_FOR_HELP:
            ack(text=refusal or HELP)
        elif first.lower() in (Verb.REPAIR, Verb.RETIRE) and not rest.strip():
            ack(text=which("/onespot-provision", first.lower()))
        elif first.lower() == "status":
            ack()
            tell(office, respond, body, status_text(office, name_typed(rest)))
        elif str(body["channel_id"]).startswith("D"):
            ack(text=IN_A_CHANNEL)
        elif words.lower() == BULK:
            ack()
            send_sheet_link(office, body["user_id"], body["channel_id"])
        else:
            ack()
            problem = _open(office, words, body["trigger_id"], body["channel_id"])
            if problem is not None:
                tell(office, respond, body, problem)

    @app.view(REQUEST)
    def submitted(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        place, user = Place.unpacked(view["private_metadata"]), body["user"]["id"]
        actor = sender(body)
        known = practices.get(office.engine, place.practice_id or 0)
        form = read_request(view, fixed_practice=known.name if known else "", with_password=office.in_modal)
        refusal = policy.may_ask(actor, office.rules_for_all())
        if refusal:
            form = {_first(place): refusal}
        if isinstance(form, dict):
            ack(response_action="errors", errors=form)
            return
        try:
            run = ask_for(office, form, user, place.channel, place.verb)
        except runs.UnfinishedRun as other:
            said = f"{form.practice} has an unfinished run: see its thread."
            ack(response_action="errors", errors={_first(place): said})
            _point_to(office, other.run, user, place.channel)
            return
        ack()
        office.threads.touch(run.id)
        if form.password is not None:
            given(office, run, form.password, user)
        else:
            send_link(office, run, user, place.channel)
        rules = office.rules_unasked()
        if rules and (why := policy.lacks_approver(run, rules)):
            office.whisper(user, place.channel, why)


def _open(office: Office, words: str, trigger: str, channel: str) -> str | None:
    """The form that these words ask for; why it can't be opened, in a sentence, where it can't."""
    verb, _, name = words.partition(" ")
    practice = None
    if verb.lower() in (Verb.REPAIR, Verb.RETIRE) and name.strip():
        practice = practices.find(office.engine, name_typed(name))
        if practice is None:
            return unknown(office, name_typed(name))
    try:
        if practice is not None:
            open_form(office, trigger, practice, channel, Verb(verb.lower()))
        else:
            form = Request(practice=name_typed(words)[:100], url=office.revolutionehr_url)
            view = request_view(form, Place(channel), with_password=office.in_modal)
            office.client.views_open(trigger_id=trigger, view=view)
    except SlackApiError:
        return NOT_OPENED
    return None


def open_form(office: Office, trigger: str, practice: Practice, channel: str, verb: Verb) -> None:
    """The form for a repair or a retirement, filled with what the practice's last run had."""
    last = runs.last_of(office.engine, practice.id)
    form = Request(practice.name, practice.url, location=practice.primary_location or "")
    if last is not None:
        form = replace(form, administrator=last.administrator or "")
    place = Place(channel, verb=verb, practice_id=practice.id)
    office.client.views_open(trigger_id=trigger, view=request_view(form, place, with_password=office.in_modal))


def _first(place: Place) -> str:
    """The block of the form's first field, where what is wrong with the whole is said."""
    return "url" if place.practice_id else "practice"


def ask_for(office: Office, form: Request, user: str, channel: str, verb: Verb = Verb.PROVISION) -> Run:
    """The new run. Raises UnfinishedRun when the practice has one, and then nothing was changed."""
    known = practices.find(office.engine, form.practice)
    former = runs.unfinished(office.engine, known.id) if known else None
    if former is not None:
        raise runs.UnfinishedRun(former)
    practice = _saved(office, form)
    run = runs.request(
        office.engine,
        practice.id,
        user,
        verb=verb,
        administrator=form.administrator,
        channel=channel,
        notes=form.notes,
        now=office.now(),
    )
    audit.write(office.engine, user, ASKED[verb], practice_id=practice.id, run_id=run.id, now=office.now())
    return run


def _saved(office: Office, form: Request) -> Practice:
    """The practice as the form says; made anew where two people make it in the same moment."""
    for last in (False, True):
        try:
            return practices.save(
                office.engine, form.practice, form.url, primary_location=form.location or None, now=office.now()
            )
        except StorageError:
            if last:
                raise
    raise StorageError("The practice could not be kept.")


def _point_to(office: Office, run: Run, user: str, channel: str) -> None:
    link = office.permalink(run)
    name = b.escape(office.practice(run).name)
    where = f"<{link}|its thread>" if link else f"run {run.id}, which was not asked for in Slack"
    text = f"*{name}* has an unfinished run ({run.status}): see {where}. Finish or cancel that one first."
    office.whisper(user, channel, text)
