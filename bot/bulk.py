"""Many practices at once: `/onespot-provision bulk`, a page that takes the sheet, one yes or no for all plans.

The sheet holds passwords, so it never passes through Slack: it is pasted into a page of our own. What becomes of it is
imports/deeds.py's; the card is imports/card.py's.
"""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App

from bot import blocks as b
from bot import policy
from bot.imports import deeds
from bot.imports.card import APPROVE, CANCEL, GO_ON, REJECT
from bot.imports.sheet import Row, Unfit, read
from bot.modals import REJECT_IMPORT, Place, reject_import_view, typed
from bot.office import MINUTES, Click, Office, Refused, must, refused_or_done, sender
from storage import imports
from storage.models import IMPORT_SENTENCES, Import, ImportStatus

BULK = "bulk"
"""What is typed after the command."""

NO_PAGES = (
    "Many practices at once need a page that takes their administrators' passwords, which never pass through Slack: "
    "set PUBLIC_URL (with SECRET_INTAKE=link), or use `onespot import` in a terminal."
)
OTHER_PLANS = "Nothing was done: the plans have changed meanwhile. Look at the card once more."
BRING = "Bring the practices"


def register(app: App, office: Office) -> None:
    """Listen to the buttons of the card, and to the modal that asks why not."""

    def listen(action: str, deed: Any) -> None:
        @app.action(action)
        def pressed(ack: Ack, body: dict[str, Any]) -> None:
            ack()
            click = Click.read(body)
            office.later.submit(refused_or_done, office, click, lambda: deed(office, click, _import(office, click)))

    for action, deed in ((APPROVE, approve), (REJECT, ask_why), (GO_ON, go_on), (CANCEL, cancel)):
        listen(action, deed)

    @app.view(REJECT_IMPORT)
    def rejected(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        place, reason = Place.unpacked(view["private_metadata"]), typed(view, "reason")
        actor = sender(body)
        whole = imports.get(office.engine, place.import_id or 0)
        refusal = "Say why." if not reason else policy.may_reject(actor, office.rules_at_once())
        if whole is None or refusal:
            ack(response_action="errors", errors={"reason": refusal or "That import isn't known any more."})
            return
        if not imports.reject(office.engine, whole.id, place.plan_hash, actor.user, reason, now=office.now()):
            ack(response_action="errors", errors={"reason": "Somebody else decided about these plans meanwhile."})
            return
        ack()
        deeds.note(office.engine, whole, actor.user, "rejected the plans", office.now(), detail=reason)


def send_sheet_link(office: Office, user: str, channel: str) -> None:
    """The one-time link to the page that takes the sheet, for this person only."""
    if office.in_modal or not office.public_url:
        office.whisper(user, channel, NO_PAGES)
        return
    url = office.sheet_link(user, channel)
    said = f"Bring the practices, with their administrators' logins. The page works once, for {MINUTES} minutes."
    shown = [
        b.section(said),
        b.actions(b.button(BRING, "open_page", style="primary", url=url)),
        b.context("Never paste a password into Slack."),
    ]
    office.whisper(user, channel, f"{said} <{url}|{BRING}>", shown)


def problems(office: Office, sheet: str) -> list[str]:
    """All that is wrong with a sheet, one sentence each."""
    try:
        _rows(office, sheet)
    except Unfit as unfit:
        return unfit.problems
    return []


def begin(office: Office, sheet: str, user: str, channel: str) -> str | None:
    """Begin the import, and let every practice be looked at. None, or why nothing was begun."""
    try:
        rows = _rows(office, sheet)
        whole = deeds.begin(office.engine, office.vault, rows, user, channel=channel, now=office.now())
    except (Unfit, imports.Unfinished) as problem:
        return str(problem)
    for member in imports.members(office.engine, whole.id):
        office.dispatcher.run(member.run.id)
    return None


def approve(office: Office, click: Click, whole: Import) -> None:
    """Yes to all of these plans that allow it: of all who press, one person's yes counts."""
    must(policy.may_approve(click.actor, whole, office.rules()))
    if whole.status is not ImportStatus.PLANNED:
        raise _stale(whole)
    digest = click.value.partition(":")[2]
    if not deeds.approve(office.engine, whole, digest, click.actor.user, now=office.now()):
        now = _import(office, click)
        raise Refused(OTHER_PLANS) if now.status is ImportStatus.PLANNED else _stale(now)
    _push(office, whole)


def ask_why(office: Office, click: Click, whole: Import) -> None:
    """The modal that asks for the reason of a no."""
    must(policy.may_reject(click.actor, office.rules()))
    if whole.status is not ImportStatus.PLANNED:
        raise _stale(whole)
    number = len(imports.members(office.engine, whole.id))
    place = Place(click.channel, plan_hash=click.value.partition(":")[2], import_id=whole.id)
    office.client.views_open(trigger_id=click.trigger, view=reject_import_view(number, place))


def go_on(office: Office, click: Click, whole: Import) -> None:
    """Go on with the rest after a halt; what stopped keeps its own thread."""
    must(policy.may_steer(click.actor, whole, office.rules()))
    if not imports.go_on(office.engine, whole.id, now=office.now()):
        raise _stale(_import(office, click))
    deeds.note(office.engine, whole, click.actor.user, "went on with the rest", office.now())
    _push(office, whole)


def cancel(office: Office, click: Click, whole: Import) -> None:
    """Begin no further run."""
    must(policy.may_steer(click.actor, whole, office.rules()))
    if not imports.cancel(office.engine, whole.id, click.actor.user, now=office.now()):
        raise _stale(_import(office, click))
    deeds.note(office.engine, whole, click.actor.user, "cancelled the import", office.now())
    for member in imports.members(office.engine, whole.id):
        office.threads.touch(member.run.id)


def _rows(office: Office, sheet: str) -> list[Row]:
    """Raises Unfit."""
    return read(sheet, office.revolutionehr_url, needs_password=True, about=deeds.about(office.engine))


def _push(office: Office, whole: Import) -> None:
    """Begin what may begin at once; the clock sees to the rest."""
    for run_id in deeds.push(office.engine, whole.id, now=office.now()):
        office.dispatcher.run(run_id)


def _import(office: Office, click: Click) -> Import:
    number = click.value.partition(":")[0]
    whole = imports.get(office.engine, int(number)) if number.isdecimal() and len(number) < 10 else None
    if whole is None:
        raise Refused("That import isn't known any more.")
    return whole


def _stale(whole: Import) -> Refused:
    return Refused(f"Nothing was done. {IMPORT_SENTENCES[whole.status]}")
