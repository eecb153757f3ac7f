"""How often this process may call Slack: its documented rates, kept with something to spare.

Slack allows one chat.postMessage a second for each channel, and about 50 chat.update a minute for the whole workspace
(docs.slack.dev/apis/web-api/rate-limits, Tier 3).
"""

from __future__ import annotations

import time
from collections.abc import Callable

UPDATES_A_MINUTE = 35
AT_ONCE = 15
"""Together they make 50 in the worst minute."""
KEPT_BACK = 5
"""Updates that are never spent on progress, so that an end is always told at once."""
BETWEEN_POSTS = 1.1


class Pace:
    """Counts the calls of one process. Used by one thread."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
        between_posts: float = BETWEEN_POSTS,
    ) -> None:
        self._clock, self._sleep, self._between = clock, sleep, between_posts
        self._tokens, self._counted = float(AT_ONCE), clock()
        self._posted: dict[str, float] = {}

    def update(self, *, minor: bool) -> float:
        """0 when a message may be updated now, which then counts; else the seconds until it may. `minor`: progress."""
        now = self._clock()
        a_second = UPDATES_A_MINUTE / 60
        self._tokens = min(AT_ONCE, self._tokens + (now - self._counted) * a_second)
        self._counted = now
        needed = KEPT_BACK + 1 if minor else 1
        if self._tokens >= needed:
            self._tokens -= 1
            return 0.0
        return max(0.05, (needed - self._tokens) / a_second)

    def post(self, channel: str) -> None:
        """Wait until a message may be posted to this channel."""
        wait = self._posted.get(channel, float("-inf")) + self._between - self._clock()
        if wait > 0:
            self._sleep(wait)
        self._posted[channel] = self._clock()
