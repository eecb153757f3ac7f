"""The `onespot` command as somebody at a terminal runs it: a process of its own, in a folder of its own.

What a story needs on both sides of the browser; nothing here asserts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from bot.house import SECRETS
from bot.problems import PASSWORD
from bot.settings import Settings
from sandbox.ehr import ADMIN_PASSWORD, ADMIN_USERNAME, SandboxEhr

PRACTICE = "Lumen Eye"
TIME_LIMIT = 280
"""Seconds for one command; pytest's own limit comes after it."""

EVERYTHING = "ONESPOT_ALL_STEPS"
"""The variable that runs what is too much for every day: each step, each fault, both front ends."""

_OURS = {*SECRETS, *(name.upper() for name in Settings.model_fields), "ONESPOT_DEBUG"} - {"BROWSER"}


with_everything = pytest.mark.skipif(EVERYTHING not in os.environ, reason=f"runs with {EVERYTHING}=1 only")
"""For tests that take minutes: the whole breadth is for a night, not for each change."""


def only_with_everything(*values: object) -> Any:
    """A row of `parametrize` that runs with ONESPOT_ALL_STEPS=1 only."""
    return pytest.param(*values, marks=pytest.mark.skipif(EVERYTHING not in os.environ, reason=f"{EVERYTHING}=1"))


def daily(rows: Iterable[Any], *usual: Any) -> list[Any]:
    """Rows of `parametrize`, tuples or single values: the usual ones run always, others with ONESPOT_ALL_STEPS=1."""
    return [row if row in usual else only_with_everything(*(row if isinstance(row, tuple) else [row])) for row in rows]


@dataclass(frozen=True)
class Said:
    """What a command said and how it ended."""

    status: int
    out: str
    err: str

    def told(self, event: str) -> list[dict[str, Any]]:
        """The JSON lines of that kind, in their order."""
        return [line for line in map(json.loads, self.out.splitlines()) if line["event"] == event]

    @property
    def steps(self) -> dict[int, str]:
        """How each step ended the last time."""
        return {line["step"]: line["status"] for line in self.told("step")}

    @property
    def error_class(self) -> str:
        return str(self.told("failed")[-1]["error"]["class"])

    @property
    def message(self) -> str:
        return str(self.told("failed")[-1]["error"]["message"])

    def __str__(self) -> str:
        return f"status {self.status}\n{self.out}\n{self.err}"


@dataclass
class Story:
    """A practice's EHR, and the folder of whoever provisions it: database, keys, evidence, temporary files, errors."""

    ehr: SandboxEhr
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.temporary.mkdir(exist_ok=True)

    @property
    def temporary(self) -> Path:
        """The temp folder of every process of this story."""
        return self.folder / "tmp"

    @property
    def errors(self) -> Path:
        """The standard error of what was started."""
        return self.folder / "stderr.txt"

    def onespot(self, *words: str) -> Said:
        """One command, from its start to its end."""
        return end(self.start(*words), self.errors)

    def provision(self, *more: str) -> Said:
        return self.onespot(*self.order(*more))

    def check(self) -> Said:
        return self.onespot("check", PRACTICE, "--json")

    def password(self) -> str:
        """The password that is kept, as the command shows it."""
        said = self.onespot("credentials", "show", PRACTICE, "--json")
        return str(json.loads(said.out)["password"]) if said.status == 0 else ""

    def order(self, *more: str) -> tuple[str, ...]:
        """The words that provision this practice."""
        return ("provision", PRACTICE, "--url", self.ehr.url, "--admin", ADMIN_USERNAME, "--yes", "--json", *more)

    def start(self, *words: str) -> subprocess.Popen[str]:
        """A command that goes on by itself; end it with `end` or `kill`."""
        environment = {name: value for name, value in os.environ.items() if name not in _OURS}
        environment |= {
            "DATABASE_URL": f"sqlite:///{self.folder}/onespot.db",
            "TMPDIR": str(self.temporary),
            "COLUMNS": "120",
            PASSWORD: ADMIN_PASSWORD,
            **self.environment,
        }
        with self.errors.open("a") as errors:
            return subprocess.Popen(
                [sys.executable, "-m", "bot", *words],
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )


def end(process: subprocess.Popen[str], errors: Path, before: str = "") -> Said:
    """Wait for it. `before` is what was read of it already. Raises TimeoutExpired, and leaves nothing running."""
    try:
        out, _ = process.communicate(timeout=TIME_LIMIT)
    except subprocess.TimeoutExpired:
        kill(process)
        raise
    return Said(process.returncode, before + out, errors.read_text())


def read_until(process: subprocess.Popen[str], step: int) -> str:
    """What it prints, up to the line that tells that this step is over. Fails when it ends before."""
    assert process.stdout is not None
    read = ""
    for text in process.stdout:
        read += text
        line = json.loads(text)
        if (line["event"], line.get("step")) == ("step", step) and line["status"] != "failed":
            return read
    kill(process)
    return pytest.fail(f"It ended before step {step} was over:\n{read}")


def family(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Its driver and its browser."""
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(process.pid).children(recursive=True)
    return []


def kill(process: subprocess.Popen[str]) -> None:
    """SIGKILL, for the program first and then for the browser that it leaves behind, each by its id."""
    left = family(process)
    process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()
    for one in left:
        with suppress(psutil.NoSuchProcess):
            one.kill()
    psutil.wait_procs(left, timeout=2)
