"""What is timed: what the clock does again and again, and what people ask for. Each says how long its answer is.

They are the program's own verbs, called as it calls them; only Slack and the workers are missing.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk import WebClient
from sqlalchemy import Engine

from bench.growth.fill import CHANNEL, NOW
from bot.answers import Answers
from bot.approvers import Approvers
from bot.checks.announce import SUMMARY, Announcer
from bot.checks.due import Hours
from bot.checks.rounds import Rounds
from bot.checks.summary import summary
from bot.home import home
from bot.office import Office
from bot.pace import Pace
from bot.schedule import Clock
from bot.terminal.records import practice_rows, run_rows
from bot.voice import Voice
from storage import alerts, duties, health, history, retention, rotations, runs, threads
from storage.vault import Vault, new_key

NOWHERE = "http://127.0.0.1:9/"
"""Where nobody listens: what is timed has nothing to say in Slack, and fails if it tries to."""


@dataclass(frozen=True)
class Deed:
    """One thing that is timed: `do` gives the length of its answer, in things that somebody reads or compares."""

    name: str
    words: str
    do: Callable[[], int]


class Counting:
    """A dispatcher that only counts."""

    def __init__(self) -> None:
        self.knocks = 0

    def run(self, run_id: int, seen: datetime | None = None) -> bool:
        self.knocks += 1
        return True

    def check(self, practice_id: int) -> bool:
        self.knocks += 1
        return True

    def rotate(self, practice_id: int) -> bool:
        self.knocks += 1
        return True

    def start(self) -> None: ...

    def stop(self) -> None: ...


class Nobody:
    """Whoever would look after the runs' threads."""

    def touch(self, run_id: int, *, calm: bool = False) -> None: ...


@contextmanager
def deeds(engine: Engine) -> Iterator[tuple[Deed, ...]]:
    """All of them, on this database, which `fill` has filled. Their order matters: handing out comes last."""
    zone = ZoneInfo("UTC")
    hours = Hours(time(6, 30), zone)
    rounds = Rounds(engine, hours, lambda: NOW)
    vault, client = Vault(engine, [new_key()]), WebClient(token="xoxb-unused", base_url=NOWHERE)  # noqa: S106
    duties.keep_done(engine, SUMMARY, NOW.date().isoformat())
    days = itertools.count(1)

    def summed_up() -> int:
        standings, healthy = health.not_well(engine)
        summary(standings, NOW, zone, rotations.waiting_names(engine), healthy=healthy)
        return len(standings) + healthy

    def due() -> int:
        """Each time another day on which everything is due."""
        later = NOW + timedelta(days=next(days))
        return len(Rounds(engine, hours, lambda: later).hand_out(Counting()))

    def sweep() -> int:
        found: list[Any] = []

        def catch_up() -> None:
            found.extend(threads.told_in_slack(engine, NOW))

        Clock(engine, vault, Counting(), lambda _: None, catch_up, lambda: NOW, rounds).sweep()
        return len(found)

    with ThreadPoolExecutor(1) as later:
        office = Office(
            engine,
            vault,
            client,
            "T0",
            Approvers("U0BEN", client),
            Counting(),
            later,
            Answers(engine),
            Nobody(),
            lambda: NOW,
            NOWHERE,
        )
        announcer = Announcer(engine, Voice(client, Pace()), CHANNEL, rounds)

        compared = len(alerts.unclosed(engine)) + len(rotations.ended(engine, since=NOW))

        def said() -> int:
            announcer.tick()
            return compared

        yield (
            Deed("summary", "the daily summary", summed_up),
            Deed("sweep", "one sweep (10 s)", sweep),
            Deed("speak", "is Slack right? (2 s)", said),
            Deed("home", "the Home tab", lambda: len(home(office, "U0BEN").blocks)),
            Deed("practices", "onespot practices", lambda: len(practice_rows(engine))),
            Deed("runs", "onespot runs", lambda: len(run_rows(engine))),
            Deed("metrics", "what Prometheus reads", lambda: len(runs.count(engine))),
            Deed("month", "the chart of a month", lambda: sum(_days(engine, zone))),
            Deed("prune", "is anything too old?", lambda: _prunable(engine)),
            Deed("due", "what is due (60 s)", due),
        )


def _days(engine: Engine, zone: ZoneInfo) -> list[int]:
    found = history.counts(engine, history.last_days(NOW, zone), zone)
    return [sum(day.practices.values()) for day in found]


def _prunable(engine: Engine) -> int:
    found = retention.prunable(engine, NOW - timedelta(days=400))
    return found.steps + found.checks
