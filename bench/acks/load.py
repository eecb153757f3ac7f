"""Many clients at once from one thread, each sending its next request when the last one was answered.

It knows bytes, and neither Slack nor who answers. Requests are made before the clock runs, and of an answer only the
status and the length are read, so that the client costs little beside what it measures.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.acks.signed import Signed

PATIENCE = 15.0
"""Seconds that are waited for the last answers; what comes later has failed."""


@dataclass
class Answers:
    """What one load brought: seconds per answer with status 200, by kind; and how many had none, by what came."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    lasted: float = 0.0
    busy: float = 0.0
    """The share of one core that the clients needed."""

    @property
    def all_seconds(self) -> list[float]:
        """Of every kind."""
        return [one for kind in self.seconds.values() for one in kind]

    def fail(self, what: str) -> None:
        """Count one that wasn't answered with 200."""
        self.failed[what] = self.failed.get(what, 0) + 1


def load(port: int, requests: Sequence[Signed], clients: int, seconds: float) -> Answers:
    """Keep `clients` connections to 127.0.0.1 busy for so long; each sends every request in turn."""
    answers = Answers({one.kind: [] for one in requests})
    began, worked = time.perf_counter(), time.process_time()
    asyncio.run(_all(port, requests, clients, seconds, answers))
    answers.lasted = time.perf_counter() - began
    answers.busy = (time.process_time() - worked) / answers.lasted
    return answers


async def _all(port: int, requests: Sequence[Signed], clients: int, seconds: float, answers: Answers) -> None:
    end = time.perf_counter() + seconds
    async with asyncio.TaskGroup() as group:
        for first in range(clients):
            turn = [requests[(first + at) % len(requests)] for at in range(len(requests))]
            group.create_task(_client(port, turn, end, answers))


async def _client(port: int, turn: Sequence[Signed], end: float, answers: Answers) -> None:
    try:
        async with asyncio.timeout(max(0.0, end - time.perf_counter()) + PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                await _talk(reader, writer, turn, end, answers)
            finally:
                writer.close()
    except TimeoutError:
        answers.fail("no answer in time")
    except (OSError, asyncio.IncompleteReadError) as error:
        answers.fail(type(error).__name__)


async def _talk(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, turn: Sequence[Signed], end: float, answers: Answers
) -> None:
    """At least one request, however short the load is."""
    for one in itertools.cycle(turn):
        sent = time.perf_counter()
        writer.write(one.wire)
        status = await _answer(reader)
        took = time.perf_counter() - sent
        if status == b"200":
            answers.seconds[one.kind].append(took)
        else:
            answers.fail(f"{one.kind}: status {status.decode('ascii', 'replace')}")
        if sent + took >= end:
            return


async def _answer(reader: asyncio.StreamReader) -> bytes:
    """The status; the body is read too, so that the connection is free again."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    _, found, after = head.partition(b"\r\ncontent-length:")
    if found:
        await reader.readexactly(int(after.partition(b"\r\n")[0]))
    return head.split(b" ", 2)[1]
