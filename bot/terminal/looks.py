"""Looking from a terminal, without changing anything: the plan alone, and the health checks.

The looks themselves are the worker's.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from bot.checks.messages import GRADES
from bot.guard import Stopped
from bot.hands import NoBrowser
from bot.outfile import new_folder
from bot.problems import Exit, SettingsProblem
from bot.terminal.provision import EXITS, at_it, sentence, stoppable
from bot.terminal.screen import Screen, line, write_line
from bot.words import clean
from bot.worker import Worker
from bot.workplace import Busy
from storage.models import CheckOutcome, Credential, Drift, DriftGrade, Practice

NEVER_MADE = "not provisioned"


def show_plan(
    worker: Worker,
    screen: Screen,
    practice: Practice,
    admin: Credential,
    *,
    adopt: bool,
    record: Path | None = None,
) -> Exit:
    """Show what a run would change, and where its screens were recorded.

    Raises `SettingsProblem` when the address is wrong, somebody is at it, or `record` can't be used as a folder.
    """
    folder = None if record is None else new_folder(record)
    try:
        with stoppable(worker):
            looked = worker.plan_practice(practice, admin, adopt=adopt, record=folder)
    except Busy:
        raise at_it(practice) from None
    if folder is not None:
        count = sum(1 for _ in folder.iterdir())
        screen.news(f"{count} screen{'' if count == 1 else 's'} recorded in {folder}: what they are made of, no data.")
    if looked.trouble is not None:
        if looked.unusable:
            raise SettingsProblem(sentence(looked.trouble))
        screen.failed(looked.trouble)
        return EXITS.get(looked.trouble.error_class, Exit.FAILED)
    assert looked.plan is not None
    screen.plan(practice.name, looked.plan)
    return Exit.REFUSED if looked.plan.forbidden else Exit.DONE


def check(worker: Worker, practices: Sequence[Practice], say: Callable[[Mapping[str, Any]], None]) -> Exit:
    """Check them one after the other; DONE when all are healthy. One that is busy or not made yet isn't healthy.

    Raises `SettingsProblem` when there is no browser.
    """
    healthy = True
    with stoppable(worker), suppress(Stopped):
        for practice in practices:
            found = _check_one(worker, practice)
            say(found)
            healthy = healthy and found["healthy"]
    return Exit.DONE if healthy and not worker.guard.stopping else Exit.FAILED


def as_lines(out: Console) -> Callable[[Mapping[str, Any]], None]:
    """Say each check as a line for a person, with its drifts below it."""

    def say(found: Mapping[str, Any]) -> None:
        mark, style = ("✓", "green") if found["healthy"] else ("✗", "bold red")
        text = Text(f"{mark} {found['status']}", style=style)
        text.append(f"  {clean(found['practice'])}: {clean(found['message'])}", style="default not bold")
        line(out, text)
        for grade, drift in zip(found["grades"], found["drifts"], strict=True):
            line(out, f"    {GRADES[DriftGrade(grade)]}: {clean(drift)}")

    return say


def as_json(found: Mapping[str, Any]) -> None:
    """Say each check as a JSON line."""
    write_line(sys.stdout, found)


def _check_one(worker: Worker, practice: Practice) -> dict[str, Any]:
    try:
        checked = worker.check_practice(practice)
    except Busy:
        return _found(practice, "busy", "A run or another check is at this practice now.")
    except NoBrowser as error:
        raise SettingsProblem(error.what) from None
    if checked is None:
        return _found(practice, NEVER_MADE, "No proved password is kept: provision it first.")
    return _found(practice, str(checked.outcome), checked.sentence, checked.drifts)


def _found(practice: Practice, status: str, message: str, drifts: Sequence[Drift] = ()) -> dict[str, Any]:
    return {
        "event": "check",
        "practice": practice.name,
        "status": status,
        "healthy": status == CheckOutcome.HEALTHY,
        "message": message,
        "grade": str(drifts[0].grade) if drifts else None,
        "drifts": [f"the {drift.what}" for drift in drifts],
        "grades": [str(drift.grade) for drift in drifts],
    }
