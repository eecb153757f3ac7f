"""The plan card: Approve, Reject with a reason, Plan again, Cancel. Every click is authorised anew."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App

from bot import policy
from bot.modals import REJECT, Place, reject_view, typed
from bot.office import Click, Office, Refused, answer, must, sender, stale
from bot.run_view import CANCELLED, PLANNED_AGAIN
from storage import audit, runs
from storage.models import Run, RunStatus, Verdict

OTHER_PLAN = "Nothing was done: the plan has changed meanwhile. Look at the newest card."


def register(app: App, office: Office) -> None:
    """Listen to the buttons of the plan card, and to the modal that asks why not."""

    @app.action("approve")
    def approved(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        answer(office, Click.read(body), approve)

    @app.action("reject")
    def rejecting(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        answer(office, Click.read(body), ask_why)

    @app.view(REJECT)
    def rejected(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        place, reason = Place.unpacked(view["private_metadata"]), typed(view, "reason")
        actor = sender(body)
        run = runs.get(office.engine, place.run_id or 0)
        refusal = "Say why." if not reason else policy.may_reject(actor, office.rules_at_once())
        if run is None or refusal:
            ack(response_action="errors", errors={"reason": refusal or "That run isn't known any more."})
            return
        if not _say(office, run, place.plan_hash, Verdict.REJECTED, actor.user, reason):
            ack(response_action="errors", errors={"reason": "Somebody else decided about this plan meanwhile."})
            return
        ack()

    @app.action("plan_again")
    def again(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        answer(office, Click.read(body), plan_again)

    @app.action("cancel")
    def cancelled(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        answer(office, Click.read(body), cancel)

    @app.action("open_page")
    def opened(ack: Ack) -> None:
        """A button that opens one of our pages tells us so; there is nothing to do."""
        ack()


def approve(office: Office, click: Click, run: Run) -> None:
    """Yes to this very plan: of all who press, one person's yes counts, and one browser starts."""
    must(policy.may_approve(click.actor, run, office.rules()))
    plan_hash = click.value.partition(":")[2]
    if run.status is not RunStatus.PLANNED:
        raise stale(run)
    if run.the_plan is not None and run.the_plan.forbidden:
        raise Refused("The plan forbids this run, so it can't be approved.")
    if not _say(office, run, plan_hash, Verdict.APPROVED, click.actor.user):
        raise _beaten(office, run)
    office.dispatcher.run(run.id)


def ask_why(office: Office, click: Click, run: Run) -> None:
    """The modal that asks for the reason of a no."""
    must(policy.may_reject(click.actor, office.rules()))
    if run.status is not RunStatus.PLANNED:
        raise stale(run)
    view = reject_view(office.practice(run).name, Place(click.channel, run.id, click.value.partition(":")[2]))
    office.client.views_open(trigger_id=click.trigger, view=view)


def plan_again(office: Office, click: Click, run: Run) -> None:
    """Look at RevolutionEHR once more; the plan that comes of it needs a yes of its own."""
    must(policy.may_steer(click.actor, run, office.rules()))
    if run.status is not RunStatus.PLANNED or not click.is_fresh(run):
        raise stale(run)
    if not office.dispatcher.run(run.id, run.moved_at):
        raise stale(runs.get(office.engine, run.id) or run)
    office.decided(run, click.actor.user, PLANNED_AGAIN)


def cancel(office: Office, click: Click, run: Run) -> None:
    """End the run. One that is walked stops between two steps and logs out."""
    must(policy.may_steer(click.actor, run, office.rules()))
    if not runs.move(office.engine, run.id, RunStatus.CANCELLED, now=office.now()):
        raise stale(runs.get(office.engine, run.id) or run)
    office.decided(run, click.actor.user, CANCELLED)


def _say(office: Office, run: Run, plan_hash: str, verdict: Verdict, user: str, reason: str = "") -> bool:
    """The verdict, with its audit entry."""
    won = runs.approve(office.engine, run.id, plan_hash, verdict, user, reason, now=office.now())
    if won:
        detail = f"{plan_hash[:12]} {reason}".strip()
        what = f"{verdict} the plan"
        audit.write(
            office.engine, user, what, practice_id=run.practice_id, run_id=run.id, detail=detail, now=office.now()
        )
        office.threads.touch(run.id)
    return won


def _beaten(office: Office, run: Run) -> Refused:
    now = runs.get(office.engine, run.id) or run
    return Refused(OTHER_PLAN) if now.status is RunStatus.PLANNED else stale(now)
