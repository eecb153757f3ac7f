"""How often somebody may knock: token buckets in memory, one for each address and one for all together.

Not a lock on the links (nobody guesses 256 bits) but a lid on the work that strangers can make the database do. It
counts in one process only, and the address is what the server says: a proxy's, unless the server trusts that proxy.
"""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

REMEMBERED = 10_000
"""So many addresses; the one that was quiet for longest is forgotten first, and begins anew."""


@dataclass(frozen=True)
class Pace:
    """So many at once, and so many a second from then on."""

    burst: float
    per_second: float


EACH = Pace(60, 1)
ALL = Pace(600, 20)


class Bucket:
    """Full at first; each knock takes one token, and time brings them back."""

    def __init__(self, pace: Pace, now: float) -> None:
        self._pace, self._tokens, self._at = pace, pace.burst, now

    def missing(self, now: float) -> float:
        """The seconds until there is a token; 0 when there is one."""
        self._tokens = min(self._pace.burst, self._tokens + (now - self._at) * self._pace.per_second)
        self._at = now
        return max(0.0, (1 - self._tokens) / self._pace.per_second)

    def take(self) -> None:
        """Take one, which `missing` has just said is there."""
        self._tokens -= 1


class Rate:
    """The buckets. To be asked from one thread, the event loop's."""

    def __init__(self, each: Pace = EACH, together: Pace = ALL, clock: Callable[[], float] = time.monotonic) -> None:
        self._each, self._clock = each, clock
        self._all = Bucket(together, clock())
        self._clients: OrderedDict[str, Bucket] = OrderedDict()

    def knock(self, address: str) -> float:
        """0.0: come in. Else the seconds to wait; such a knock takes nothing from anybody."""
        now = self._clock()
        own = self._bucket(address, now)
        wait = max(own.missing(now), self._all.missing(now))
        if not wait:
            own.take()
            self._all.take()
        return wait

    def _bucket(self, address: str, now: float) -> Bucket:
        who = _neighbourhood(address)
        bucket = self._clients.get(who) or Bucket(self._each, now)
        self._clients[who] = bucket
        self._clients.move_to_end(who)
        if len(self._clients) > REMEMBERED:
            self._clients.popitem(last=False)
        return bucket


def _neighbourhood(address: str) -> str:
    """An IPv4 address; of an IPv6 address the /64, since one machine has as many addresses of it as it likes."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address) or ip.ipv4_mapped:
        return address
    return str(ipaddress.IPv6Network((ip, 64), strict=False))
