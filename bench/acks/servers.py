"""Starts and ends what is measured: the bot as `onespot run`, the bare Bolt app, the floor, and a Slack for both.

Nothing is measured here but how much CPU time a process has used.
"""

from __future__ import annotations

import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.processes import NotStarted as NotStarted
from bench.processes import cpu, free_port, onespot, program, wait_for


@dataclass(frozen=True)
class Server:
    """One process: where it listens, and which it is."""

    port: int
    pid: int

    def cpu(self) -> float:
        """Seconds of CPU time so far."""
        return cpu(self.pid)


@dataclass(frozen=True)
class Servers:
    """All of them, running."""

    ours: Server
    bare: Server
    floor: Server
    slack: Server
    secret: str


@contextmanager
def servers() -> Iterator[Servers]:
    """All of them, in a temporary folder that is gone afterwards. Raises NotStarted."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="onespot-bench-")))
        slack, told = stack.enter_context(_program("workspace", folder))
        ours, ready = stack.enter_context(_bot(folder, told))
        bare, _ = stack.enter_context(_program("bare", folder, told))
        floor, _ = stack.enter_context(_program("floor", folder))
        ready()
        yield Servers(ours, bare, floor, slack, told["signing_secret"])


@contextmanager
def _program(
    name: str, folder: Path, told: Mapping[str, Any] | None = None
) -> Iterator[tuple[Server, Mapping[str, Any]]]:
    """One of our own programs, and what it said at its start."""
    with program(f"bench.acks.{name}", folder, told=told) as its:
        yield Server(its.said["port"], its.pid), its.said


@contextmanager
def _bot(folder: Path, slack: Mapping[str, str]) -> Iterator[tuple[Server, Callable[[], None]]]:
    """`onespot run` in HTTP mode, and what waits until it is ready: it starts while others do."""
    port = free_port()
    settings = {
        "SLACK_BOT_TOKEN": slack["bot_token"],
        "SLACK_SIGNING_SECRET": slack["signing_secret"],
        "SLACK_API_URL": slack["api_url"],
        "DATABASE_URL": f"sqlite:///{folder}/onespot.db",
        "ONESPOT_APPROVERS": "S0LEADS",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
    }
    with onespot("run", folder, settings) as (process, _):
        ready = f"http://127.0.0.1:{port}/readyz"
        yield Server(port, process.pid), lambda: wait_for(process, folder / "run.log", lambda: _answers(ready))


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False
