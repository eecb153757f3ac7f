"""What is worth saying about accounts that fail, to whom it belongs, and when checks pause. Pure: rows in, values out.

A practice has an alert when it starts to fail, or fails worse than its alert says. Those that fail alike at the same
EHR within ten minutes are one incident: it is rarely forty accounts that broke, and probably the EHR.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.alerts import Unsaid
from storage.health import Standing, host
from storage.models import AccountHealth, CheckOutcome, HealthAlert, HealthCheck

TOGETHER = timedelta(minutes=10)
"""So long after the last one has joined, another one that fails alike belongs to the same incident."""

GATHER, AT_MOST, MANY = timedelta(minutes=2), timedelta(minutes=10), 40
"""The thread of an incident waits until nothing more came for so long, for so long at most, or until they are many:
so forty names that come one by one are a few messages."""

REMIND = timedelta(hours=48)
"""So long after an alert, and after each reminder, its thread says that it is still so."""

LATELY = timedelta(hours=2)
LAST, TOO_MANY, PAUSE = 20, 0.3, timedelta(minutes=15)
"""Checks pause for so long when more than this part of the last ones at an EHR failed alike."""

NOT_THE_ACCOUNT = (CheckOutcome.EHR_DOWN, CheckOutcome.SCREEN_CHANGED)
"""Outcomes whose cause is at the EHR: looking at more accounts finds nothing more."""

SEVERITY: Mapping[CheckOutcome, int] = {
    CheckOutcome.HEALTHY: 0,
    CheckOutcome.EXPIRING: 1,
    CheckOutcome.DRIFT: 2,
    CheckOutcome.SCREEN_CHANGED: 3,
    CheckOutcome.EHR_DOWN: 3,
    CheckOutcome.PERSON_NEEDED: 4,
    CheckOutcome.PASSWORD_EXPIRED: 4,
    CheckOutcome.LOCKED: 5,
    CheckOutcome.LOGIN_REFUSED: 5,
}
"""How bad it is: it will fail soon, the sync works in part, nobody knows, it can't log in until a person helps."""

Group = tuple[CheckOutcome, str]
"""What fails alike: the outcome, and the host of the EHR."""


@dataclass(frozen=True)
class Pause:
    """No check begins at this EHR until then, because so many of the last ones ended alike."""

    outcome: CheckOutcome
    until: datetime
    failed: int


def is_quiet(row: AccountHealth, now: datetime) -> bool:
    """Whether nothing is said about this one's failures just now."""
    return row.muted or (row.snoozed_until is not None and row.snoozed_until > now)


def worth_saying(unsaid: Iterable[Unsaid], now: datetime) -> list[Unsaid]:
    """Those that are spoken of: every recovery of what was told, and the failures of those that aren't quiet."""
    return [one for one in unsaid if one[0].outcome is CheckOutcome.HEALTHY or not is_quiet(one[0], now)]


def needs_alert(row: AccountHealth, alert: HealthAlert | None) -> bool:
    """Whether it is told in a message of its own: it began to fail, or it fails worse than its alert says.

    Else it is told in the thread of its alert.
    """
    if row.outcome in (None, CheckOutcome.HEALTHY):
        return False
    if alert is None or row.told is CheckOutcome.HEALTHY:
        return True
    return SEVERITY[row.outcome or CheckOutcome.HEALTHY] > SEVERITY[alert.outcome]


def is_ripe(alert: HealthAlert, its: Sequence[Unsaid], now: datetime) -> bool:
    """Whether the alert's thread is told of these now: of one practice at once, of an incident's in a few messages."""
    changed = [row.since for row, _, _ in its if row.since is not None]
    if alert.size == 1 or len(its) >= MANY or not changed:
        return True
    return now - max(changed) >= GATHER or now - min(changed) >= AT_MOST


def needs_reminder(alert: HealthAlert, members: Iterable[Standing], now: datetime) -> bool:
    """Whether its thread says once more that it is still so: every other day, while somebody in it is spoken of."""
    still = any(row.outcome is not CheckOutcome.HEALTHY and not is_quiet(row, now) for row, _ in members)
    return still and now - (alert.reminded_at or alert.opened_at) >= REMIND


def alike(unsaid: Iterable[Unsaid]) -> dict[Group, list[Unsaid]]:
    """Those that fail alike, together; the worst first."""
    groups: dict[Group, list[Unsaid]] = {}
    for row, practice, alert in unsaid:
        if row.outcome is not None:
            groups.setdefault((row.outcome, host(practice.url)), []).append((row, practice, alert))
    return dict(sorted(groups.items(), key=lambda one: (-SEVERITY[one[0][0]], one[0])))


def incident(group: Group, unclosed: Sequence[HealthAlert], channel: str, now: datetime) -> HealthAlert | None:
    """The alert that those who fail alike belong to, if one of late is about that; the newest."""
    for alert in reversed(unclosed):
        if (alert.outcome, alert.host, alert.channel) == (*group, channel) and now - alert.grew_at < TOGETHER:
            return alert
    return None


def pauses(lately: Iterable[tuple[HealthCheck, str]], now: datetime) -> dict[str, Pause]:
    """Where no check begins now, by host. `lately` are the checks of the last hours, newest first.

    Of each practice only its newest check counts, so one that always fails stops nobody. The pause runs from the newest
    of those failures: if the EHR answers again, nothing pauses a second time.
    """
    last: dict[str, dict[int, HealthCheck]] = {}
    for check, where in lately:
        its = last.setdefault(where, {})
        if check.practice_id not in its and len(its) < LAST:
            its[check.practice_id] = check
    found = {}
    for where, newest in last.items():
        for outcome in NOT_THE_ACCOUNT:
            failed = [check.at for check in newest.values() if check.outcome is outcome]
            if len(failed) > LAST * TOO_MANY and max(failed) + PAUSE > now:
                found[where] = Pause(outcome, max(failed) + PAUSE, len(failed))
    return found
