"""`onespot runs --watch`: the table stays on a terminal until Ctrl-C, and is refused where nobody watches."""

from __future__ import annotations

import contextlib
import io
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot.terminal.screen import keep_showing
from bot.terminal.upkeep import app
from storage import runs
from storage.models import RunStatus, utcnow
from tests.bot.conftest import Place

PATIENCE = 30.0


def _read_until(ours: int, words: str) -> str:
    """What the terminal was shown, up to these words."""
    shown, end = "", time.monotonic() + PATIENCE
    while words not in shown:
        assert time.monotonic() < end, shown
        if select.select([ours], [], [], 0.2)[0]:
            shown += os.read(ours, 65536).decode(errors="replace")
    return shown


def _read_to_its_end(ours: int) -> None:
    """Goes on as a terminal does, until nobody writes to it any more: who isn't read waits in the middle of a line."""
    end = time.monotonic() + PATIENCE
    with contextlib.suppress(OSError):
        while time.monotonic() < end and (not select.select([ours], [], [], 0.2)[0] or os.read(ours, 65536)):
            pass


def test_runs_are_shown_as_they_stand_until_ctrl_c(place: Place) -> None:
    run = place.requested()
    ours, theirs = pty.openpty()
    environment = {**os.environ, "DATABASE_URL": str(place.engine.url), "COLUMNS": "80", "LINES": "24"}
    watching = subprocess.Popen(
        [sys.executable, "-m", "bot", "runs", "--watch"], env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    try:
        _read_until(ours, "REQUESTED")
        assert runs.move(place.engine, run.id, RunStatus.CANCELLED, now=utcnow())
        _read_until(ours, "CANCELLED")
        watching.send_signal(signal.SIGINT)
        _read_to_its_end(ours)
        assert watching.wait(PATIENCE) == 0
    finally:
        watching.kill()
        watching.wait()
        os.close(ours)


class _Tidied:
    """Ctrl-C comes just as this is tidied away: what is raised then is passed on to nobody."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_ctrl_c_that_is_raised_where_nobody_hears_it_ends_the_watch_all_the_same() -> None:
    shown = []

    def table(most: int) -> str:
        shown.append(most)
        assert len(shown) < 3, "it goes on"
        _Tidied()
        return "No runs yet."

    before = signal.getsignal(signal.SIGINT)
    keep_showing(Console(file=io.StringIO(), force_terminal=True), table, seconds=0)
    assert len(shown) == 1
    assert signal.getsignal(signal.SIGINT) is before


def test_where_nobody_watches_it_is_refused_in_a_sentence(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/onespot.db"
    result = CliRunner().invoke(app, ["runs", "--watch"], env={"COLUMNS": "80", "DATABASE_URL": database})
    assert result.exit_code == 2
    assert "--watch needs a terminal" in result.stderr
