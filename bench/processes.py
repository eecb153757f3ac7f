"""Programs that a measurement starts and ends, each a process of its own in the folder that it is given.

Nothing is measured here but how much CPU time a process has used. A program of ours says in one line of JSON that it is
ready, answers further lines where it takes any, and ends when its stdin does.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).parents[1]
STARTS_WITHIN, STOPS_WITHIN = 60.0, 20.0
NEUTRAL = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV", "SYSTEMROOT", "BROWSER")

Process = subprocess.Popen[str]


class NotStarted(Exception):
    """A process that is needed did not start: str() says which, and its last words."""


@dataclass(frozen=True)
class Program:
    """One of our own programs, running, and what it said at its start."""

    process: Process
    said: Mapping[str, Any]
    log: Path

    @property
    def pid(self) -> int:
        """Its number."""
        return self.process.pid

    def ask(self, **words: Any) -> dict[str, Any]:
        """Its answer to a line. Raises NotStarted where it has ended instead."""
        if self.process.stdin is None or self.process.stdout is None:
            raise NotStarted(f"{self.log.stem} has no pipes.")
        with suppress(BrokenPipeError):  # it is gone already, and said why
            self.process.stdin.write(json.dumps(words) + "\n")
            self.process.stdin.flush()
        return _spoken(self.process, self.log)


def cpu(pid: int) -> float:
    """Seconds of CPU time that this process has used so far."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


@contextmanager
def program(module: str, folder: Path, *words: str, told: Mapping[str, Any] | None = None) -> Iterator[Program]:
    """`python -m MODULE WORDS`, once it has said that it is ready. `told` is a line that it waits for first."""
    said = folder / f"{module}-{len(list(folder.glob(f'{module}-*.log')))}.log"
    with said.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *words],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    with ended(process):
        if told is None:
            yield Program(process, _spoken(process, said), said)
        else:
            yield Program(process, Program(process, {}, said).ask(**told), said)


@contextmanager
def onespot(role: str, folder: Path, settings: Mapping[str, str]) -> Iterator[tuple[Process, Callable[[str], None]]]:
    """`onespot ROLE` in this folder; and what waits until an address of it answers, or its log says something."""
    said = folder / f"{role}.log"
    with said.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", role],
            cwd=folder,
            env={**environment(), **settings},
            stdin=subprocess.DEVNULL,
            stderr=log,
            text=True,
        )

    def until_it_says(words: str) -> None:
        wait_for(process, said, lambda: words in said.read_text(encoding="utf-8", errors="replace"))

    with ended(process):
        yield process, until_it_says


@contextmanager
def ended(process: Process) -> Iterator[None]:
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


def wait_for(process: Process, said: Path, ready: Callable[[], bool]) -> None:
    """Until it is ready. Raises NotStarted where that takes too long, or it ended."""
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end and process.poll() is None:
        if ready():
            return
        time.sleep(0.05)
    raise NotStarted(f"{said.stem} did not start: {last_words(said)}")


def last_words(said: Path) -> str:
    """The end of a log, for a message."""
    return " ".join(said.read_text(encoding="utf-8", errors="replace").split()[-40:]) or "it said nothing"


def free_port() -> int:
    """A port of this machine that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment() -> dict[str, str]:
    """What any program needs, and no setting of ours: nobody's real tokens or database are used here."""
    return {name: os.environ[name] for name in NEUTRAL if name in os.environ}


def _spoken(process: Process, said: Path) -> dict[str, Any]:
    line = process.stdout.readline() if process.stdout is not None else ""
    if not line:
        raise NotStarted(f"{said.stem} ended too soon: {last_words(said)}")
    spoken: dict[str, Any] = json.loads(line)
    return spoken
