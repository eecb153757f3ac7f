"""Says in ONESPOT_CHANNEL how the accounts stand: what Slack was told is compared with the rows, and caught up with.

Each tick asks again and again what is to be said next, and says it, one message at a time; what Slack took is kept
right after. So a Slack that is down loses nothing: the next tick begins where this one stopped. Which words are said is
messages.py's, what is worth saying is incidents.py's.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from http.client import HTTPException

import structlog
from slack_sdk.errors import SlackApiError
from sqlalchemy import Engine

from bot import handover
from bot.blocks import Message
from bot.checks import incidents
from bot.checks import messages as words
from bot.checks.due import window_end
from bot.checks.incidents import Group
from bot.checks.messages import AlertView
from bot.checks.rounds import Rounds
from bot.checks.summary import summary
from bot.refusals import CLOSED, GONE, NO_THREAD, silence, slacks_word
from bot.voice import Voice
from storage import alerts, duties, health, rotations, runs
from storage.alerts import Unsaid
from storage.health import Standing
from storage.models import HealthAlert, Practice, Rotation, Run

log = structlog.get_logger("onespot.announce")

ANNOUNCE, SUMMARY = "announce", "summary"
MOST = 30
"""Messages of one tick; at one a second it is over well before the duty."""
HELD = timedelta(minutes=3)
"""How long one of several clocks keeps the duty of speaking, if it dies meanwhile."""
PATIENCE = timedelta(hours=1)
"""So long after the window's end the summary waits for checks that are still on their way."""

Deed = Callable[[], None]
State = tuple[object, ...]


class Announcer:
    """Speaks for all accounts. One thread of one clock calls `tick`."""

    def __init__(
        self,
        engine: Engine,
        voice: Voice,
        channel: str,
        rounds: Rounds,
        draw: Callable[[int], tuple[bytes, str] | None] = lambda _: None,
    ) -> None:
        """`channel` is ONESPOT_CHANNEL, empty where none is set: then only rotations are told, where they belong.

        `draw` makes the picture of a practice's last days, with the same in words; None where there is little to see.
        """
        self._engine, self._voice, self._channel, self._draw = engine, voice, channel, draw
        self._rounds, self._now = rounds, rounds.now
        self._silent_until: datetime | None = None
        self._right: set[State] = set()
        self._right_rotations: set[State] = set()
        """The states of alerts and rotations that were drawn and found to be what Slack shows: drawing all is dear."""
        self._stopping = False

    def stop(self) -> None:
        """Say nothing more than the sentence in hand."""
        self._stopping = True

    def tick(self) -> None:
        """Say what there is to say now. What Slack doesn't take is tried again later."""
        if self._rounds.paused_for_maintenance or (self._silent_until and self._now() < self._silent_until):
            return
        mine = False
        try:
            for _ in range(MOST):
                deed = self._next()
                if deed is None or self._stopping:
                    return
                if not mine:
                    mine = duties.take(self._engine, ANNOUNCE, now=self._now(), until=self._now() + HELD)
                    if not mine:
                        return
                    continue  # another clock may have said it in between: look again
                deed()
        except (SlackApiError, OSError, HTTPException) as error:
            self._be_silent(error)
        finally:
            if mine:
                duties.leave(self._engine, ANNOUNCE)

    # What is to be said next

    def _next(self) -> Deed | None:
        now = self._now()
        return self._rotation(now) or (self._account(now) if self._channel else None)

    def _account(self, now: datetime) -> Deed | None:
        unsaid = self._settled(incidents.worth_saying(alerts.unsaid(self._engine), now))
        drawn = alerts.unclosed(self._engine)
        unclosed = [alert for alert, _ in drawn]
        new = incidents.alike(one for one in unsaid if incidents.needs_alert(one[0], one[2]))
        for group, its in new.items():
            return lambda: self._alert(group, its, incidents.incident(group, unclosed, self._channel, self._now()))
        for alert in {alert.id: alert for _, _, alert in unsaid if alert is not None}.values():
            its = [one for one in unsaid if one[2] is not None and one[2].id == alert.id]
            if incidents.is_ripe(alert, its, now):
                return functools.partial(self._answer, alert, its)
        return (
            self._edit(drawn)
            or self._pause(unclosed)
            or self._remind(drawn, now)
            or self._picture(drawn)
            or self._summary(now)
        )

    def _settled(self, unsaid: list[Unsaid]) -> list[Unsaid]:
        """Not those whose password is being replaced just now: how they stand is told when that is over."""
        open_ones = {practice.id for _, practice in rotations.open_ones(self._engine)} if unsaid else set()
        return [one for one in unsaid if one[1].id not in open_ones]

    def _alert(self, group: Group, its: list[Unsaid], incident: HealthAlert | None) -> None:
        """A new alert about these, or an incident that they belong to."""
        now, ids = self._now(), [practice.id for _, practice, _ in its]
        if incident is not None:
            first = [row.practice_id for row, _ in alerts.members(self._engine, incident.id) if incident.size == 1]
            alerts.joined(self._engine, incident.id, {*ids, *first}, None, now=now)
            return
        outcome, name = group[0], its[0][1].name
        standings = [(row, practice) for row, practice, _ in its]
        requester = self._requester(ids[0]) if len(ids) == 1 else ""
        message = words.alert(AlertView(outcome, group[1], name, len(ids), now, standings, requester))
        where = self._voice.post(self._channel, message)
        told, digest = (outcome if len(ids) == 1 else None), message.digest
        alerts.opened(
            self._engine, outcome, group[1], where, ids, told, name=name, requester=requester, digest=digest, now=now
        )

    def _answer(self, alert: HealthAlert, its: list[Unsaid]) -> None:
        """The first of the messages that the alert's thread is to have about these."""
        answer = words.answers(alert.outcome, [(row, practice) for row, practice, _ in its])[0]
        if self._in_thread(alert, answer.message):
            alerts.told(self._engine, answer.told)

    def _edit(self, drawn: Sequence[tuple[HealthAlert, list[Standing]]]) -> Deed | None:
        """An alert that doesn't show how its practices stand, made right."""
        states = {alert.id: _state(alert, members) for alert, members in drawn}
        self._right &= set(states.values())
        for alert, members in drawn:
            if states[alert.id] in self._right:
                continue
            view = AlertView.of(alert, members)
            message = words.alert(view)
            if message.digest != alert.digest or not view.open:
                if self._voice.must_wait():
                    return None
                return functools.partial(self._update, alert, message, closed=not view.open)
            self._right.add(states[alert.id])
        return None

    def _pause(self, unclosed: list[HealthAlert]) -> Deed | None:
        may = [one for one in unclosed if one.outcome in incidents.NOT_THE_ACCOUNT and not one.pause_said]
        pauses = self._rounds.pauses() if may else {}
        for alert in may:
            pause = pauses.get(alert.host)
            if pause is not None and pause.outcome is alert.outcome:
                return functools.partial(self._say_pause, alert, words.paused(pause))
        return None

    def _say_pause(self, alert: HealthAlert, message: Message) -> None:
        if self._in_thread(alert, message):
            alerts.pause_said(self._engine, alert.id)

    def _remind(self, drawn: Sequence[tuple[HealthAlert, list[Standing]]], now: datetime) -> Deed | None:
        for alert, members in drawn:
            if incidents.needs_reminder(alert, members, now):
                message = words.reminder(AlertView.of(alert, members), now)
                return functools.partial(self._say_reminder, alert, message, now)
        return None

    def _say_reminder(self, alert: HealthAlert, message: Message, now: datetime) -> None:
        if self._in_thread(alert, message):
            alerts.reminded(self._engine, alert.id, now)

    def _picture(self, drawn: Sequence[tuple[HealthAlert, list[Standing]]]) -> Deed | None:
        """The last days of an alert's one practice, drawn: how long it went well, and whether it comes and goes."""
        for alert, members in drawn:
            if alert.size == 1 and members and not alert.pictured:
                return functools.partial(self._upload, alert, members[0][1].id)
        return None

    def _upload(self, alert: HealthAlert, practice_id: int) -> None:
        drawn = self._draw(practice_id)
        if drawn is not None:
            try:
                self._voice.upload(alert.channel, alert.ts, drawn[0], "The last 30 days", drawn[1])
            except SlackApiError as error:
                log.warning("picture refused", error=slacks_word(error))
        alerts.pictured(self._engine, alert.id)

    def _rotation(self, now: datetime) -> Deed | None:
        """A rotation that Slack doesn't show as it stands, or that OneSpot still waits for."""
        ended = rotations.ended(self._engine, since=now - handover.OVER)
        self._right_rotations &= {_rotation_state(*one) for one in ended}
        for rotation, practice, run in ended:
            if _rotation_state(rotation, practice, run) not in self._right_rotations:
                message = handover.message(rotation, practice, run)
                channel = (run.channel if run is not None else None) or self._channel
                if rotation.ts is None and channel:
                    return functools.partial(self._post_rotation, rotation, message, channel)
                shown = rotation.digest == message.digest
                if rotation.ts is not None and not shown and not self._voice.must_wait():
                    return functools.partial(self._edit_rotation, rotation, message)
                if rotation.ts is not None and shown:
                    self._right_rotations.add(_rotation_state(rotation, practice, run))
            if handover.is_due(rotation, practice, now):
                return functools.partial(self._remind_of_rotation, rotation, handover.reminder(rotation, run, now))
        return None

    def _post_rotation(self, rotation: Rotation, message: Message, channel: str) -> None:
        where = self._voice.post(channel, message)
        rotations.shown(self._engine, rotation.id, *where, message.digest)

    def _edit_rotation(self, rotation: Rotation, message: Message) -> None:
        """One that was deleted meanwhile is left deleted: the summary still tells of it."""
        channel, ts = str(rotation.channel), str(rotation.ts)
        try:
            self._voice.update(channel, ts, message)
        except SlackApiError as error:
            if slacks_word(error) not in (*GONE, *CLOSED):
                raise
        rotations.shown(self._engine, rotation.id, channel, ts, message.digest)

    def _remind_of_rotation(self, rotation: Rotation, message: Message) -> None:
        try:
            self._voice.post(str(rotation.channel), message, rotation.ts)
        except SlackApiError as error:
            if slacks_word(error) not in (NO_THREAD, *CLOSED):
                raise
        rotations.reminded(self._engine, rotation.id, now=self._now())

    def _summary(self, now: datetime) -> Deed | None:
        """Once a day, after the window's end and when what was due was looked at, where anything was."""
        hours = self._rounds.hours
        day = now.astimezone(hours.zone).date()
        end = window_end(hours, day)
        if end is None or now < end or duties.done(self._engine, SUMMARY) == day.isoformat():
            return None
        if now < end + PATIENCE and health.outstanding(self._engine, now=now):
            return None
        # On the first day of all, an account that was made after the window's end is no daily round.
        if not health.any_known(self._engine, end, handed_after=now - timedelta(days=1)):
            return None
        standings, healthy = health.not_well(self._engine)
        waiting = rotations.waiting_names(self._engine)
        message = summary(standings, now, hours.zone, waiting, healthy=healthy)
        return lambda: self._summarise(message, day.isoformat())

    def _summarise(self, message: Message, day: str) -> None:
        self._voice.post(self._channel, message)
        duties.keep_done(self._engine, SUMMARY, day)

    def _requester(self, practice_id: int) -> str:
        run = runs.last_of(self._engine, practice_id)
        return run.requested_by if run is not None and run.channel is not None else ""

    # To Slack

    def _in_thread(self, alert: HealthAlert, message: Message) -> bool:
        """False when the alert isn't there any more: then who still fails is told anew."""
        try:
            self._voice.post(alert.channel, message, alert.ts)
        except SlackApiError as error:
            if not self._lost(alert, error):
                raise
            alerts.gone(self._engine, alert.id)
            return False
        return True

    def _update(self, alert: HealthAlert, message: Message, *, closed: bool) -> None:
        try:
            self._voice.update(alert.channel, alert.ts, message)
        except SlackApiError as error:
            if not self._lost(alert, error):
                raise
            alerts.gone(self._engine, alert.id)
        else:
            alerts.shows(self._engine, alert.id, message.digest, closed=closed)

    def _lost(self, alert: HealthAlert, error: SlackApiError) -> bool:
        """Whether the alert can't be reached for good: deleted, or in a former channel that is closed."""
        word = slacks_word(error)
        return word in (*GONE, NO_THREAD) or (word in CLOSED and alert.channel != self._channel)

    def _be_silent(self, error: Exception) -> None:
        seconds = silence(error)
        log.warning("not announced", error=slacks_word(error), again_in=seconds)
        self._silent_until = self._now() + timedelta(seconds=seconds)


def _state(alert: HealthAlert, members: Sequence[Standing]) -> State:
    """All that an alert is drawn from, as something that can be compared."""
    its = ((row.practice_id, row.check_id, row.outcome, row.snoozed_until) for row, _ in members)
    return (alert.id, alert.digest, alert.size, *its)


def _rotation_state(rotation: Rotation, practice: Practice, run: Run | None) -> State:
    """All that an ended rotation is drawn from and that may change."""
    its = (rotation.id, rotation.digest, rotation.ts, rotation.proved_at, rotation.handed_over_at)
    return (*its, practice.name, practice.retired_at, run.id if run is not None else None)
