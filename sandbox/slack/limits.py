"""Slack's rate limits (docs.slack.dev/apis/web-api/rate-limits), as buckets that fill with time. Knows no HTTP.

Slack promises a lower bound ("50+ per minute") and allows bursts without saying how large; here a bucket holds a
minute's worth, and for chat.postMessage, one a second in a channel, ten.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

PER_MINUTE: dict[str, int] = {
    "chat.update": 50,
    "chat.delete": 50,
    "chat.postEphemeral": 100,
    "views.open": 100,
    "views.push": 100,
    "views.update": 100,
    "views.publish": 100,
    "users.info": 100,
    "usergroups.users.list": 20,
    "conversations.open": 50,
    "conversations.info": 50,
    "files.getUploadURLExternal": 100,
    "files.completeUploadExternal": 100,
}
POSTS_PER_SECOND, POSTS_AT_ONCE = 1.0, 10


@dataclass
class _Bucket:
    tokens: float
    at: datetime


class Limits:
    """Counts calls. Nothing is refused while `on` is False."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.on = True
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def refused(self, method: str, channel: str) -> int | None:
        """None when the call may go on, else how many whole seconds to wait (Retry-After)."""
        if not self.on:
            return None
        if method == "chat.postMessage":
            return self._take(f"{method} {channel}", POSTS_PER_SECOND, POSTS_AT_ONCE)
        if method in PER_MINUTE:
            return self._take(method, PER_MINUTE[method] / 60, PER_MINUTE[method])
        return None

    def _take(self, key: str, per_second: float, most: int) -> int | None:
        now = self._clock()
        bucket = self._buckets.setdefault(key, _Bucket(most, now))
        passed = max(0.0, (now - bucket.at).total_seconds())
        bucket.tokens, bucket.at = min(most, bucket.tokens + passed * per_second), now
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return None
        return max(1, math.ceil((1 - bucket.tokens) / per_second))
