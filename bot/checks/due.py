"""When a practice's account is checked next. Pure: nothing here reads a clock, a row or a setting.

Every practice has one moment on each of its local days: within two hours from CHECK_TIME, at a place that its id gives
(so a thousand practices are spread), with a few minutes that differ from day to day. It is never within OneSpot's
nightly sync, which would be thrown out by another login of its account: what is left of the two hours outside it is
used, and where nothing is left, the hours behind it or before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

WINDOW = timedelta(hours=2)
JITTER = 1 / 24
"""The part of the window by which the moment differs from day to day: five minutes of two hours."""

SYNC_ZONE = ZoneInfo("America/New_York")
SYNC_BEGINS, SYNC_ENDS = time(21), time(1)
"""OneSpot's nightly sync, in US Eastern time; it ends on the day after."""

ENOUGH = timedelta(minutes=30)
"""A window that the sync leaves shorter than this is moved out of its way."""
AGAIN = (timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=1))
"""When an EHR that was down is looked at again, before the next day's turn."""

Span = tuple[datetime, datetime]
"""From and to (not with it), in UTC."""


@dataclass(frozen=True)
class Hours:
    """When the checks of a practice begin (its wall clock), and where that clock hangs."""

    begin: time
    zone: ZoneInfo

    @classmethod
    def read(cls, check_time: str, zone: str) -> Hours:
        """From CHECK_TIME ("06:30") and the name of a zone. Raises ValueError for what is neither."""
        return cls(time.fromisoformat(check_time), named(zone))


def named(zone: str) -> ZoneInfo:
    """The zone of this name. Raises ValueError for a name that is none."""
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError):  # as zoneinfo says: unknown, not a name at all, or a folder of names
        raise ValueError("must be the name of a time zone, like America/Chicago") from None


def next_due(practice_id: int, hours: Hours, now: datetime) -> datetime:
    """The practice's next moment, strictly after `now` (aware); in UTC."""
    first = now.astimezone(hours.zone).date() - timedelta(days=1)
    for number in range(10):
        moment = moment_on(practice_id, hours, first + timedelta(days=number))
        if moment is not None and moment > now:
            return moment
    raise ValueError("A zone skips no ten days.")


def again_due(practice_id: int, hours: Hours, now: datetime, failed_alike: int) -> datetime:
    """The next moment after the EHR was down: soon, for three times; and never within the sync."""
    daily = next_due(practice_id, hours, now)
    if not 1 <= failed_alike <= len(AGAIN):
        return daily
    soon = now.astimezone(UTC) + AGAIN[failed_alike - 1]
    return daily if in_sync(soon) else min(soon, daily)


def moment_on(practice_id: int, hours: Hours, day: date) -> datetime | None:
    """The practice's moment on this local day; None on a day that its zone skips."""
    free = _free(hours, day)
    total = sum((to - from_ for from_, to in free), timedelta())
    place = _part(f"{practice_id}") * (1 - JITTER) + _part(f"{practice_id} {day.isoformat()}") * JITTER
    ahead = timedelta(seconds=int(total.total_seconds() * place))
    for from_, to in free:
        if ahead < to - from_:
            return from_ + ahead
        ahead -= to - from_
    return None


def window_end(hours: Hours, day: date) -> datetime | None:
    """When the checks of this local day have all been due, in UTC; None on a day that the zone skips."""
    free = _free(hours, day)
    return free[-1][1] if free else None


def in_sync(moment: datetime) -> bool:
    """Whether OneSpot syncs at this moment."""
    return any(from_ <= moment < to for from_, to in _syncs((moment, moment)))


def _free(hours: Hours, day: date) -> list[Span]:
    """The parts of the day's window that are outside the sync, in order; they never leave the local day."""
    whole = _instant(day, time(), hours.zone), _instant(day + timedelta(days=1), time(), hours.zone)
    latest = max(whole[0], whole[1] - timedelta(minutes=1))
    begin = min(max(_instant(day, hours.begin, hours.zone), whole[0]), latest)
    wanted = begin, min(begin + WINDOW, whole[1])
    free = _without_sync(wanted)
    if _length(free) >= min(ENOUGH, wanted[1] - wanted[0]):
        return free
    return _beside_sync(wanted, whole) or free


def _beside_sync(wanted: Span, whole: Span) -> list[Span]:
    """The window moved behind the sync that it runs into, or before it where the day ends sooner."""
    for from_, to in _syncs(wanted):
        if from_ >= wanted[1] or to <= wanted[0]:
            continue
        behind = to, min(to + WINDOW, whole[1])
        before = max(from_ - WINDOW, whole[0]), from_
        for moved in (behind, before):
            if moved[1] - moved[0] >= ENOUGH:
                return [moved]
    return []


def _without_sync(span: Span) -> list[Span]:
    left = [span] if span[0] < span[1] else []
    for from_, to in _syncs(span):
        left = [part for one in left for part in ((one[0], min(one[1], from_)), (max(one[0], to), one[1]))]
        left = [part for part in left if part[0] < part[1]]
    return left


def _syncs(span: Span) -> Iterator[Span]:
    """Every sync that may touch this span."""
    day = span[0].astimezone(SYNC_ZONE).date() - timedelta(days=1)
    while day <= span[1].astimezone(SYNC_ZONE).date():
        yield _instant(day, SYNC_BEGINS, SYNC_ZONE), _instant(day + timedelta(days=1), SYNC_ENDS, SYNC_ZONE)
        day += timedelta(days=1)


def _instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """A wall clock's time as a moment in UTC: the first of two; one that is skipped, as if it were not."""
    return datetime.combine(day, clock, zone).astimezone(UTC)


def _length(spans: list[Span]) -> timedelta:
    return sum((to - from_ for from_, to in spans), timedelta())


def _part(text: str) -> float:
    """A number from 0 to 1 (not with it) that is always the same for the same text."""
    return int.from_bytes(sha256(text.encode()).digest()[:6]) / 2**48
