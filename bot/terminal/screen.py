"""How a terminal is talked to: live for a person, plain lines for a file or a pipe, JSON lines for a program.

What is shown is made in views.py. An output that is closed early (`| head`) never stops the work.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any, Protocol, TextIO

from rich.console import Console, RenderableType
from rich.live import Live
from rich.text import Text

from bot.problems import SettingsProblem
from bot.terminal.signals import heeding
from bot.terminal.views import (
    Progress,
    done_view,
    pause_view,
    plan_json,
    plan_view,
    step_json,
    step_line,
    trouble_json,
    trouble_view,
)
from bot.told import Pause, Told
from bot.words import clean
from storage.models import Credential, Plan, StepStatus, Trouble

Tell = Callable[[Any], None]


class Screen(Protocol):
    """What the commands show, whoever reads it."""

    def news(self, text: str) -> None:
        """One line that is neither a step nor a result."""

    def plan(self, practice: str, plan: Plan) -> None:
        """What would change."""

    def walk(self, steps: Sequence[tuple[int, str]]) -> AbstractContextManager[Tell]:
        """Show the steps while they are walked; what it gives is told each of them."""

    def aside(self) -> AbstractContextManager[None]:
        """Room for a question while the steps are walked."""

    def pause(self, told: Told, pause: Pause) -> None:
        """What would be saved now, before somebody is asked."""

    def done(self, facts: Mapping[str, str], *, changed: bool) -> None:
        """The good end, with what is worth knowing."""

    def failed(self, trouble: Trouble, hints: Iterable[str] = ()) -> None:
        """The other end, in three parts, and what else helps."""


class Plain:
    """Lines for a file, a pipe or a log: one per step that ended."""

    def __init__(self, out: Console, err: Console) -> None:
        self.out, self.err = out, err

    def news(self, text: str) -> None:
        line(self.out, clean(text))

    def plan(self, practice: str, plan: Plan) -> None:
        self.out.print(plan_view(practice, plan))

    @contextmanager
    def walk(self, steps: Sequence[tuple[int, str]]) -> Iterator[Tell]:
        def tell(told: Told) -> None:
            if told.status not in (StepStatus.PENDING, StepStatus.RUNNING):
                line(self.out, step_line(told, of=len(steps)))

        yield tell

    @contextmanager
    def aside(self) -> Iterator[None]:
        yield

    def pause(self, told: Told, pause: Pause) -> None:
        self.out.print(pause_view(told, pause))

    def done(self, facts: Mapping[str, str], *, changed: bool) -> None:
        self.out.print(done_view(facts, changed=changed))

    def failed(self, trouble: Trouble, hints: Iterable[str] = ()) -> None:
        self.err.print(trouble_view(trouble, hints))


class ForPeople(Plain):
    """The same for a person at a terminal, with a list of the steps that lives while they are walked."""

    _live: Live | None = None

    @contextmanager
    def walk(self, steps: Sequence[tuple[int, str]]) -> Iterator[Tell]:
        progress = Progress(steps)
        with Live(progress, console=self.out, refresh_per_second=4) as self._live:
            yield progress.tell

    @contextmanager
    def aside(self) -> Iterator[None]:
        """The list stands still meanwhile, and goes on below."""
        if self._live is None:
            yield
            return
        self._live.stop()
        try:
            yield
        finally:
            self._live.start()


class JsonLines:
    """One JSON object a line on standard output, and nothing else there; news goes to standard error."""

    def __init__(self, out: TextIO, err: Console) -> None:
        self.out, self.err = out, err
        self.step: tuple[int, str] | None = None

    def news(self, text: str) -> None:
        line(self.err, clean(text))

    def plan(self, practice: str, plan: Plan) -> None:
        write_line(self.out, plan_json(practice, plan))

    @contextmanager
    def walk(self, steps: Sequence[tuple[int, str]]) -> Iterator[Tell]:
        def tell(told: Told) -> None:
            self.step = (told.number, told.title)
            if told.status not in (StepStatus.PENDING, StepStatus.RUNNING):
                write_line(self.out, step_json(told))

        yield tell

    @contextmanager
    def aside(self) -> Iterator[None]:
        yield

    def pause(self, told: Told, pause: Pause) -> None:
        """On standard error: a program can't be asked, so this is only for whoever looks on."""
        self.err.print(pause_view(told, pause))

    def done(self, facts: Mapping[str, str], *, changed: bool) -> None:
        write_line(self.out, {"event": "done", "status": "done", "changed": changed, **facts})

    def failed(self, trouble: Trouble, hints: Iterable[str] = ()) -> None:
        write_line(self.out, trouble_json(trouble, self.step))
        self.err.print(trouble_view(trouble, hints))


class Patient(Console):
    """A console that takes nothing for markup, and goes on in silence when nobody reads any more."""

    def __init__(self, file: TextIO | None = None) -> None:
        super().__init__(file=file, highlight=False, markup=False, emoji=False)

    def on_broken_pipe(self) -> None:
        """Rich's own way ends the program here; a run must not end because its reader did."""
        self.quiet = True
        _nobody_reads(self.file)


def keep_showing(screen: Console, table: Callable[[int], RenderableType], seconds: float = 2.0) -> None:
    """The table as it is now, again and again, until Ctrl-C: as many rows as the screen has place for.

    Raises SettingsProblem where nobody watches: a file would get the same table for ever.
    """
    if not screen.is_terminal:
        raise SettingsProblem("--watch needs a terminal: leave it out to get the list once.")
    pressed: list[int] = []

    def heard(number: int, _: object) -> None:
        pressed.append(number)  # what is raised while something is tidied away is passed on to nobody
        raise KeyboardInterrupt

    live = Live(console=screen, auto_refresh=False, screen=True)
    with heeding(heard, signal.SIGINT), suppress(KeyboardInterrupt), live:
        while not pressed:
            live.update(table(max(1, (screen.height - 4) // 2)), refresh=True)
            time.sleep(seconds)


def screen(*, as_json: bool) -> Screen:
    """The right one for this process's standard output."""
    return JsonLines(sys.stdout, Patient(sys.stderr)) if as_json else people()


def people() -> Plain:
    """The screen for people, on this process's standard output."""
    out, err = Patient(), Patient(sys.stderr)
    return ForPeople(out, err) if out.is_terminal else Plain(out, err)


def line(where: Console, text: Text | str) -> None:
    """Print one line, which nobody but the terminal itself may break."""
    where.print(text, soft_wrap=True)


def write_line(out: TextIO, values: Mapping[str, Any]) -> None:
    """One JSON object on one line, flushed; a reader that has gone away doesn't matter."""
    try:
        out.write(json.dumps(values) + "\n")
        out.flush()
    except BrokenPipeError:
        _nobody_reads(out)


def write_credential(out: TextIO, practice: str, credential: Credential, *, as_json: bool) -> None:
    """The one place that prints a password in the clear."""
    password = credential.password.get_secret_value()
    if as_json:
        write_line(out, {"practice": practice, "username": credential.username, "password": password})
    else:
        out.write(f"User name  {credential.username}\nPassword   {password}\n")


def to_stderr(text: str) -> None:
    """One line of news where standard output is for results."""
    sys.stderr.write(f"{clean(text)}\n")
    sys.stderr.flush()


def _nobody_reads(stream: Any) -> None:
    """From now on what is written there goes nowhere, also at the interpreter's last flush."""
    try:
        number = stream.fileno()
    except (AttributeError, OSError, ValueError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)
