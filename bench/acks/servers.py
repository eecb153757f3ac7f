"""Starts and ends what is measured: the bot as `onespot run`, the bare Bolt app, the floor, and a Slack for both.

Each is a process of its own. Nothing is measured here but how much CPU time a process has used.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).parents[2]
STARTS_WITHIN, STOPS_WITHIN = 40.0, 20.0
NEUTRAL = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV", "SYSTEMROOT")


class NotStarted(Exception):
    """A process that is needed did not start: str() says which, and its last words."""


@dataclass(frozen=True)
class Server:
    """One process: where it listens, and which it is."""

    port: int
    pid: int

    def cpu(self) -> float:
        """Seconds of CPU time so far."""
        times = psutil.Process(self.pid).cpu_times()
        return float(times.user + times.system)


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
def _program(name: str, folder: Path, told: Mapping[str, str] | None = None) -> Iterator[tuple[Server, Any]]:
    """One of our own programs, and what it said at its start."""
    said = folder / f"{name}.log"
    with said.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", f"bench.acks.{name}"],
            cwd=ROOT,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    with _ended(process):
        if process.stdin is None or process.stdout is None:
            raise NotStarted(f"{name} has no pipes.")
        if told is not None:
            with suppress(BrokenPipeError):  # it is gone already, and said why
                process.stdin.write(json.dumps(dict(told)) + "\n")
                process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            raise NotStarted(f"bench.acks.{name} did not start: {_last_words(said)}")
        spoken = json.loads(line)
        yield Server(spoken["port"], process.pid), spoken


@contextmanager
def _bot(folder: Path, slack: Mapping[str, str]) -> Iterator[tuple[Server, Callable[[], None]]]:
    """`onespot run` in HTTP mode, and what waits until it is ready: it starts while others do."""
    port, said = _free_port(), folder / "bot.log"
    settings = {
        "SLACK_BOT_TOKEN": slack["bot_token"],
        "SLACK_SIGNING_SECRET": slack["signing_secret"],
        "SLACK_API_URL": slack["api_url"],
        "DATABASE_URL": f"sqlite:///{folder}/onespot.db",
        "ONESPOT_APPROVERS": "S0LEADS",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
    }
    with said.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=folder,
            env=_environment() | settings,
            stdin=subprocess.DEVNULL,
            stderr=log,
            text=True,
        )
    with _ended(process):
        yield Server(port, process.pid), lambda: _wait_for(process, f"http://127.0.0.1:{port}/readyz", said)


_Process = subprocess.Popen[str]


@contextmanager
def _ended(process: _Process) -> Iterator[None]:
    """Ends the process: by the end of its stdin, by SIGTERM, and by SIGKILL when neither helps."""
    try:
        yield
    finally:
        if process.stdin is None:
            process.terminate()
        else:
            with suppress(BrokenPipeError):
                process.stdin.close()
        try:
            process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _wait_for(process: _Process, url: str, said: Path) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise NotStarted(f"onespot run did not start: {_last_words(said)}")


def _last_words(said: Path) -> str:
    return " ".join(said.read_text(encoding="utf-8", errors="replace").split()[-40:]) or "it said nothing"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment() -> dict[str, str]:
    """What any program needs, and no setting of ours: nobody's real tokens or database are used here."""
    return {name: os.environ[name] for name in NEUTRAL if name in os.environ}
