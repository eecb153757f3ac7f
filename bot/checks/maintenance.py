"""Maintenance windows: when no check begins and nothing is said about accounts. Pure: words in, yes or no out.

ONESPOT_MAINTENANCE="Sun 02:00-06:00, 23:45-00:15"
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WINDOW = re.compile(r"(?:([a-z]{3})[a-z]*\s+)?(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})", re.IGNORECASE)


@dataclass(frozen=True)
class Window:
    """From a wall clock's time to another one, which is on the next day where it isn't later; each day, or on one."""

    begins: time
    ends: time
    weekday: int | None = None
    """Monday is 0; None for every day."""

    def holds(self, local: datetime) -> bool:
        """Whether this local time is within it."""
        return any(self._begins_on(local - timedelta(days=back), local) for back in (0, 1))

    def _begins_on(self, day: datetime, local: datetime) -> bool:
        if self.weekday not in (None, day.weekday()):
            return False
        begin = datetime.combine(day.date(), self.begins)
        end = datetime.combine(day.date(), self.ends)
        end += timedelta(days=1) if end <= begin else timedelta()
        return begin <= local.replace(tzinfo=None) < end


def read_windows(words: str) -> tuple[Window, ...]:
    """The windows of the setting; none for no words. Raises ValueError with a sentence."""
    return tuple(_window(part.strip()) for part in words.split(",") if part.strip())


def in_maintenance(windows: Sequence[Window], now: datetime, zone: tzinfo) -> bool:
    """Whether one of them is open at this moment (aware), by the wall clock of the zone."""
    local = now.astimezone(zone)
    return any(window.holds(local) for window in windows)


def _window(words: str) -> Window:
    match = _WINDOW.fullmatch(words)
    day = (match[1] or "").lower() if match else ""
    if match is None or (day and day not in DAYS):
        raise ValueError('must be windows like "Sun 02:00-06:00, 23:45-00:15"')
    try:
        begins, ends = (time.fromisoformat(clock.zfill(5)) for clock in (match[2], match[3]))
    except ValueError:
        raise ValueError(f'has no time of day in "{words}": write it like 02:00-06:00') from None
    if begins == ends:
        raise ValueError(f'has a window without a length: "{words}"')
    return Window(begins, ends, DAYS.index(day) if day else None)
