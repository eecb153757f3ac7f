"""One run of the measurement: both servers in turn, round after round, at each number of clients."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from bench.acks.figures import Round, Sample, ratios, side
from bench.acks.load import load
from bench.acks.servers import Server, Servers
from bench.acks.signed import signed
from bench.results import circumstances

CLIENTS = (1, 16, 64)
REST = 0.3
"""Seconds between two loads: what the bot does after an ack is over then, and doesn't disturb the other's turn."""

WARMING = 1.0
"""Seconds, at most, that each server is used before anything counts."""


def measure(
    servers: Servers, clients: Sequence[int], seconds: float, rounds: int, told: Callable[[str], None]
) -> dict[str, Any]:
    """Everything that is kept. `seconds` is the length of one load; `told` hears which round begins."""
    short = min(seconds, WARMING)
    warming = {
        name: _load(servers, server, max(clients), short).answers.failed
        for name, server in (("ours", servers.ours), ("bare", servers.bare))
    }
    floors = {number: _load(servers, servers.floor, number, short) for number in clients}
    taken: dict[int, list[Round]] = {number: [] for number in clients}
    for turn in range(rounds):
        told(f"round {turn + 1} of {rounds}")
        for number in clients:
            taken[number].append(_round(servers, number, seconds, ours_first=turn % 2 == 0))
    return {
        **circumstances(),
        "seconds": seconds,
        "rounds": rounds,
        "warming_failed": warming,
        "clients": [
            {
                "clients": number,
                "ours": side([one.ours for one in taken[number]]),
                "bare": side([one.bare for one in taken[number]]),
                "p99_ratio": ratios(taken[number]),
                "client_alone": side([floors[number]]),
            }
            for number in clients
        ],
    }


def _round(servers: Servers, clients: int, seconds: float, *, ours_first: bool) -> Round:
    """Who comes first changes from round to round, so that a slow start hurts both alike."""
    if ours_first:
        ours = _load(servers, servers.ours, clients, seconds)
        return Round(ours, _load(servers, servers.bare, clients, seconds))
    bare = _load(servers, servers.bare, clients, seconds)
    return Round(_load(servers, servers.ours, clients, seconds), bare)


def _load(servers: Servers, server: Server, clients: int, seconds: float) -> Sample:
    server_before, slack_before = server.cpu(), servers.slack.cpu()
    answers = load(server.port, signed(servers.secret), clients, seconds)
    sample = Sample(answers, server.cpu() - server_before, servers.slack.cpu() - slack_before)
    time.sleep(min(REST, seconds))
    return sample


def failures(figures: dict[str, Any]) -> dict[str, int]:
    """What was not answered with 200, on either side, the first seconds included; and how often."""
    found: Counter[str] = Counter()
    for name in ("ours", "bare"):
        for failed in (figures["warming_failed"][name], *(row[name]["failed"] for row in figures["clients"])):
            found.update({f"{name}: {what}": number for what, number in failed.items()})
    return dict(found)
