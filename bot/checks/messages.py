"""What Slack is told about accounts, as values: alerts, and answers in their threads. Pure.

The daily summary is in summary.py. Nothing here reads a row, decides what is worth saying (incidents.py) or sends
(announce.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from slack_sdk.models.blocks import Block, ButtonElement, ConfirmObject

from bot import blocks as b
from bot.blocks import Message, escape, person, when
from bot.checks.incidents import LAST, PAUSE, SEVERITY, Pause
from bot.run_view import in_slack
from storage.health import Failing, Standing
from storage.models import AccountHealth, CheckOutcome, DriftGrade, HealthAlert

CHECK_AGAIN, ROTATE, REPAIR, SNOOZE = "health_check_again", "health_rotate", "health_repair", "health_snooze"

NAME = 60
"""Letters of a practice's name where many stand together."""
NAMED, EACH = 5, 10
"""So many names fit into an alert itself; so many answers have a line each, more are named only."""
ANSWER = 2800
"""Letters of one answer in a thread."""

ROTATED = "RevolutionEHR has it at once, and OneSpot's sync can't log in until it is entered in its auto-sync settings."

MEANS: dict[CheckOutcome, tuple[str, str]] = {
    CheckOutcome.HEALTHY: ("The account works.", "Nothing."),
    CheckOutcome.EXPIRING: (
        "The account works, but RevolutionEHR will ask for a new password soon. From then on the sync can't log in.",
        "Press Rotate password at a time when somebody can enter the new one in OneSpot.",
    ),
    CheckOutcome.DRIFT: (
        "The login works, but the account is no longer as it was approved.",
        "Press Repair: an administrator's login is asked for, and only what differs is changed.",
    ),
    CheckOutcome.EHR_DOWN: (
        "Nothing could be seen, so nothing is known about the account. If it stays so, tonight's sync fails.",
        "Wait: it is looked at again after 15, 30 and 60 minutes. If it lasts, see whether the address opens.",
    ),
    CheckOutcome.SCREEN_CHANGED: (
        "RevolutionEHR looks other than the check knows, so it stopped there. The account may well work.",
        "Open that screen by hand; if all is well there, report it to whoever maintains this bot.",
    ),
    CheckOutcome.PERSON_NEEDED: (
        "RevolutionEHR asks for something that only a person may answer. The sync stops there too.",
        "Log in as OneSpot by hand and answer it; then press Check again.",
    ),
    CheckOutcome.PASSWORD_EXPIRED: (
        "RevolutionEHR wants a new password before it lets the account in. The sync can't log in.",
        "Press Rotate password: it sets a new one, which is then entered in OneSpot.",
    ),
    CheckOutcome.LOCKED: (
        "RevolutionEHR has locked the account. The sync can't log in.",
        "Ask the practice's administrator to unlock it, then press Check again; or press Repair.",
    ),
    CheckOutcome.LOGIN_REFUSED: (
        "The kept password isn't right any more, or the employee was deactivated. The sync can't log in, and the login "
        "is not tried again by itself, so that the account isn't locked.",
        "Ask the practice what was changed. Then press Repair: with an administrator's login it sets a new one; "
        "or Check again, where the practice has put it right.",
    ),
}
"""What each outcome means, and the next best thing to do."""

DRIFTS: dict[DriftGrade, str] = {
    DriftGrade.EXCESS: "The account may do more in RevolutionEHR than was approved. The sync goes on.",
    DriftGrade.MISSING: "The account lacks something that the sync needs: data may be missing from tonight on.",
    DriftGrade.COSMETIC: "The sync isn't touched, but the account isn't quite as it was approved.",
}
"""What each grade of drift means."""

GRADES: dict[DriftGrade, str] = {
    DriftGrade.EXCESS: "more rights than approved",
    DriftGrade.MISSING: "something is missing",
    DriftGrade.COSMETIC: "looks only",
}
"""Each grade in a few words."""

BEST: dict[CheckOutcome, str] = {
    CheckOutcome.EXPIRING: ROTATE,
    CheckOutcome.PASSWORD_EXPIRED: ROTATE,
    CheckOutcome.DRIFT: REPAIR,
    CheckOutcome.LOCKED: REPAIR,
    CheckOutcome.LOGIN_REFUSED: REPAIR,
}
"""The button that is drawn as the next best thing; for the others it is Check again."""


@dataclass(frozen=True)
class AlertView:
    """All that an alert is drawn from. `requester` is who asked for the account, where it is about one."""

    outcome: CheckOutcome
    host: str
    name: str
    size: int
    opened_at: datetime
    members: Sequence[Standing]
    requester: str = ""

    @classmethod
    def of(cls, alert: HealthAlert, members: Sequence[Standing]) -> AlertView:
        """From its rows."""
        words = (alert.outcome, alert.host, alert.name, alert.size, alert.opened_at)
        return cls(*words, members, alert.requester)

    @property
    def open(self) -> list[Standing]:
        """Who still fails."""
        return [one for one in self.members if one[0].outcome is not CheckOutcome.HEALTHY]


@dataclass(frozen=True)
class Answer:
    """A message for a thread, and what it tells about which practice, by id."""

    message: Message
    told: dict[int, CheckOutcome] = field(default_factory=dict)


# Alerts


def alert(view: AlertView) -> Message:
    """The message in the channel, as it should be now."""
    if not view.open:
        return _closed(view)
    head = _head(view)
    mark = _mark(view.outcome)
    shown: list[Block] = [b.header(f"{mark} {head}")]
    row = view.open[0][0]
    now = row.outcome if view.size == 1 and row.outcome else view.outcome
    if view.size == 1:
        changed = f" (now: {now})" if now is not view.outcome else ""
        shown.append(b.section(f"*What was found{changed}:* {_found(row)}"))
    else:
        shown.append(b.section(_names(view)))
    means, to_do = meaning(now, row.grade if view.size == 1 else None)
    then = [f"*What it means:* {means}", f"*What to do:* {to_do}"]
    shown += [*map(b.section, then), b.context(_facts(view)), b.actions(*_buttons(view, now))]
    first = _found(row) if view.size == 1 else _names(view)
    text = "\n".join([f"{mark} {escape(head)}. {first}", *then, _facts(view)])
    return Message("alert", b.spoken(text), shown)


def meaning(outcome: CheckOutcome, grade: DriftGrade | None) -> tuple[str, str]:
    """What it means, and the next best thing to do."""
    means, to_do = MEANS[outcome]
    return (f"{means} {DRIFTS[grade]}" if grade is not None else means), to_do


def _buttons(view: AlertView, now: CheckOutcome) -> list[ButtonElement]:
    """All four for one practice; of an incident only those that make sense for many."""
    best = BEST.get(now, CHECK_AGAIN) if view.size == 1 else CHECK_AGAIN
    name = view.name if view.size == 1 else count(view.size)

    def button(words: str, action: str, value: str = "", confirm: ConfirmObject | None = None) -> ButtonElement:
        style = "primary" if action == best else None
        return b.button(words, action, value, style=style, confirm=confirm, about=name)

    again, quiet = button("Check again", CHECK_AGAIN), button("Snooze", SNOOZE)
    if view.size > 1:
        return [again, quiet]
    practice = str(view.open[0][1].id)
    sure = b.sure("Set a new password?", ROTATED, "Set a new password")
    return [again, button("Rotate password", ROTATE, practice, sure), button("Repair", REPAIR, practice), quiet]


def _head(view: AlertView) -> str:
    return f"{view.name if view.size == 1 else count(view.size)}: {view.outcome}"


def _names(view: AlertView) -> str:
    if len(view.open) > NAMED:
        return f"{_still(view)}. Their names are in the thread."
    return f"{_still(view)}: {', '.join(f'*{escape(practice.name)}*' for _, practice in view.open)}."


def _still(view: AlertView) -> str:
    healthy = len(view.members) - len(view.open)
    return f"{len(view.open)} of {view.size} still fail" + (f", {healthy} work again" if healthy else "")


def _facts(view: AlertView) -> str:
    row = view.open[0][0]
    facts = [f"Since {when(view.opened_at)}", escape(view.host)]
    if view.size == 1 and row.looked_at is not None:
        facts.append(f"looked at {when(row.looked_at)}")
    quiet = [one.snoozed_until for one, _ in view.open if one.snoozed_until is not None]
    if len(quiet) == len(view.open):
        facts.append(f"💤 snoozed until {when(max(quiet))}")
    else:
        facts.append("Snooze keeps quiet about it for 24 hours; the checks go on")
    if view.requester and view.size == 1:
        facts.append(f"{person(view.requester)} asked for this account")
    return " · ".join(facts)


def _closed(view: AlertView) -> Message:
    """An alert that is over; its buttons are gone."""
    recovered = [row.since for row, _ in view.members if row.since is not None]
    name = escape(view.name) if view.size == 1 else count(view.size)
    if len(view.members) < view.size:
        gone = "What fails now has an alert of its own." if not recovered else "The others have alerts of their own."
    else:
        gone = ""
    words = f"🟢 {name}: {'works' if view.size == 1 else 'work'} again" if recovered else f"⚪ {name}: over"
    facts = f"It was: {view.outcome}, since {when(view.opened_at)}"
    until = f" until {when(max(recovered))}" if recovered else ""
    shown = [b.section(f"*{words}.* {gone}".strip()), b.context(f"{facts}{until} · {escape(view.host)}")]
    text = " ".join(filter(None, (f"{words}.", gone, f"{facts}{until}")))
    return Message("alert", b.spoken(text), shown)


# Answers in an alert's thread


def answers(about: CheckOutcome, standings: Sequence[Standing]) -> list[Answer]:
    """What the thread of an alert about `about` says of these: a line each, or where they are many, their names."""
    told = [(row, practice) for row, practice in standings if row.outcome is not None]
    if len(told) <= EACH:
        return _in_messages("\n", [("", one, _line(about, one)) for one in told])
    said: list[Answer] = []
    for outcome in sorted({row.outcome for row, _ in told if row.outcome}, key=lambda one: SEVERITY[one]):
        names = [one for one in told if one[0].outcome is outcome]
        head = f"{_mark(outcome)} *{_now(about, outcome)}* ({len(names)}): "
        said += _in_messages(", ", [(head, one, escape(b.cut(one[1].name, NAME))) for one in names])
    return said


def _line(about: CheckOutcome, standing: Standing) -> str:
    row, practice = standing
    outcome = row.outcome or CheckOutcome.HEALTHY
    said = f"{_mark(outcome)} *{escape(practice.name)}*: {_now(about, outcome)}"
    return said if outcome is CheckOutcome.HEALTHY else b.cut(f"{said}. {_found(row)}", 600)


def _now(about: CheckOutcome, outcome: CheckOutcome) -> str:
    if outcome is CheckOutcome.HEALTHY:
        return "works again"
    return str(outcome) if outcome is about else f"now {outcome}"


def _in_messages(between: str, parts: Sequence[tuple[str, Standing, str]]) -> list[Answer]:
    """The parts together, as many in a message as it well holds; each message begins with the part's head."""
    said: list[Answer] = []
    text, told = "", dict[int, CheckOutcome]()
    for head, (row, practice), part in parts:
        if told and len(text) + len(between) + len(part) > ANSWER:
            said.append(Answer(_plain(text), told))
            text, told = "", {}
        text = f"{text}{between}{part}" if told else f"{head}{part}"
        told[practice.id] = row.outcome or CheckOutcome.HEALTHY
    return [*said, Answer(_plain(text), told)] if told else said


def reminder(view: AlertView, now: datetime) -> Message:
    """That it is still so, to whoever asked for the account."""
    days = (now - view.opened_at).days
    to = f"{person(view.requester)} " if view.requester and view.size == 1 else ""
    what = f"{_still(view)}: {view.outcome}" if view.size > 1 else f"*{escape(view.name)}*: {_outcome(view)}"
    return _plain(f"⏰ {to}{what}, for {days} days now. Snooze keeps quiet about it for a day.")


def _outcome(view: AlertView) -> str:
    return str(view.open[0][0].outcome or view.outcome)


def paused(pause: Pause) -> Message:
    """That no check begins for a while, and why."""
    minutes = int(PAUSE.total_seconds() // 60)
    return _plain(
        f"⏸️ {pause.failed} of the last {LAST} checks ended like this, so checks at this address pause, {minutes} "
        "minutes each time, until it answers as it should. What is due is looked at afterwards."
    )


def _plain(text: str) -> Message:
    return Message("answer", b.spoken(text), [b.section(text)])


# Small parts


def standing_line(row: AccountHealth, name: str) -> str:
    """How one account stands, as one line of mrkdwn."""
    if row.outcome is None or row.looked_at is None:
        return f"⚪ *not looked at yet* · *{escape(name)}*"
    said = f"{_mark(row.outcome)} *{row.outcome}* {_found(row) if row.detail else ''}".strip()
    return f"{b.cut(said, 600)} · *{escape(name)}* {when(row.looked_at)}"


def account_line(row: AccountHealth, name: str) -> str:
    """An account that fails, among others that do, as one line of mrkdwn: which one, why, how long ago that began."""
    outcome, said = row.outcome or CheckOutcome.HEALTHY, b.cut(_found(row), 150) if row.detail else ""
    named = f"{_mark(outcome)} *{escape(b.cut(name, NAME))}*"
    if said and outcome is CheckOutcome.EXPIRING:
        return f"{named} · {said.rstrip('.')}"
    since = [b.ago(row.since)] if row.since is not None else []
    return " · ".join([named, cause(row), *([said.rstrip(".")] if said else []), *since])


def cause(row: AccountHealth | Failing) -> str:
    """What is wrong in a few words: the outcome, for a drift with its grade."""
    outcome = row.outcome or CheckOutcome.HEALTHY
    return f"{outcome}: {GRADES[row.grade]}" if outcome is CheckOutcome.DRIFT and row.grade else str(outcome)


def count(number: int) -> str:
    """So many practices, in words."""
    return "1 practice" if number == 1 else f"{number:,} practices"


def _found(row: AccountHealth) -> str:
    return b.cut(escape(in_slack(sentence(row))), 1500) or "—"


def sentence(row: AccountHealth) -> str:
    """What the last check said, as it came: not escaped."""
    return str(row.detail[0]) if row.detail else ""


def _mark(outcome: CheckOutcome) -> str:
    return {CheckOutcome.HEALTHY: "🟢", CheckOutcome.EXPIRING: "🟡"}.get(outcome, "🔴")
