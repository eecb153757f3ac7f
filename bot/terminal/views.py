"""What a terminal shows, as values: data in, text out. Nothing here prints, decides or works.

Text from outside is taken as it is, without markup and without control characters: what an EHR's page says must not
move the cursor. Every state is said in a word; colour only helps.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.told import Pause, Told
from bot.words import clean, parts
from storage.models import Change, ChangeKind, Plan, StepStatus, Trouble

LOOKS = {
    StepStatus.PENDING: ("·", "dim"),
    StepStatus.RUNNING: ("▸", "bold cyan"),
    StepStatus.DONE: ("✓", "green"),
    StepStatus.ALREADY_THERE: ("✓", "cyan"),
    StepStatus.FAILED: ("✗", "bold red"),
}
KINDS = {
    ChangeKind.CREATE: ("+", "green"),
    ChangeKind.CHANGE: ("~", "yellow"),
    ChangeKind.LEAVE: ("=", "dim"),
    ChangeKind.FORBID: ("✗", "bold red"),
}


class Progress:
    """The live list: the guide's steps, each with its state in a word and its seconds. A try again starts it anew."""

    def __init__(self, steps: Sequence[tuple[int, str]], clock: Callable[[], float] = time.monotonic) -> None:
        self.titles = dict(steps)
        self.status = dict.fromkeys(self.titles, StepStatus.PENDING)
        self.seconds: dict[int, float] = {}
        self._clock, self._since = clock, clock()

    def tell(self, told: Told) -> None:
        """Show what was told."""
        if told.status is StepStatus.RUNNING:
            self._since = self._clock()
        self.titles.setdefault(told.number, told.title)
        self.status[told.number] = told.status
        self.seconds[told.number] = told.seconds

    def __rich__(self) -> Table:
        table = Table(box=None, padding=(0, 1), show_header=False, expand=False)
        table.add_column(justify="right")
        table.add_column(ratio=None, no_wrap=True, overflow="ellipsis", max_width=50)
        table.add_column(no_wrap=True)
        table.add_column(justify="right", no_wrap=True)
        for number, title in self.titles.items():
            status = self.status[number]
            mark, style = LOOKS[status]
            word = Text(f"{mark} {status}", style=style)
            table.add_row(Text(str(number)), Text(clean(title)), word, Text(self._time(number), style="dim"))
        return table

    def _time(self, number: int) -> str:
        status = self.status[number]
        if status is StepStatus.PENDING:
            return ""
        seconds = self._clock() - self._since if status is StepStatus.RUNNING else self.seconds.get(number, 0.0)
        return f"{seconds:.1f} s"


def step_line(told: Told, *, of: int) -> str:
    """One step that ended, as one line."""
    detail = f" ({clean(told.detail)})" if told.detail else ""
    return f"{told.number:>2}/{of}  {told.status:<13}  {clean(told.title)}{detail}, {told.seconds:.1f} s"


def step_json(told: Told) -> dict[str, Any]:
    """One step that ended, as a JSON object."""
    return {
        "event": "step",
        "step": told.number,
        "title": told.title,
        "status": str(told.status),
        "detail": told.detail,
        "seconds": round(told.seconds, 1),
    }


def plan_json(practice: str, plan: Plan) -> dict[str, Any]:
    """The plan, as a JSON object."""
    status = "forbidden" if plan.forbidden else "planned"
    return {"event": "plan", "practice": practice, "status": status, "hash": plan.hash, "plan": plan.as_json()}


def trouble_json(trouble: Trouble, step: tuple[int, str] | None = None) -> dict[str, Any]:
    """What stopped a run, as a JSON object."""
    (_, what), (_, means), (_, do) = parts(trouble)
    number = trouble.step
    return {
        "event": "failed",
        "step": number,
        "title": step[1] if step is not None and step[0] == number else None,
        "status": "failed",
        "error": {"class": str(trouble.error_class), "message": what, "means": means, "do": do},
    }


def plan_view(practice: str, plan: Plan) -> RenderableType:
    """The plan as a person reads it: each line says what would be created, changed, left alone or forbids the run."""
    rows = Table(box=None, padding=(0, 1), show_header=False)
    rows.add_column(no_wrap=True)
    rows.add_column(ratio=1)
    for change in plan.changes:
        rows.add_row(*_change_cells(change))
    title = Text(f"Plan for {clean(practice)}", style="bold")
    about = Text(
        f"Practice ID {clean(plan.ehr_id)}, user name {clean(plan.username)}, "
        f"primary location {clean(plan.primary_location)}, {_count(len(plan.locations), 'location')}."
    )
    end = "Nothing has to be changed." if plan.changes_nothing else ""
    end = "The run is forbidden until that is settled." if plan.forbidden else end
    return Group(title, about, rows, *([Text(end, style="bold")] if end else []))


def done_view(facts: Mapping[str, str], *, changed: bool) -> RenderableType:
    """The good end as a person reads it."""
    head = "Done: the OneSpot account works." if changed else "Nothing had to be changed: the OneSpot account works."
    return Group(Text(f"✓ {head}", style="bold green"), Padding(facts_view(facts), (0, 0, 0, 2)))


def facts_view(facts: Mapping[str, str]) -> Table:
    """Names and values, one under the other."""
    table = Table(box=None, padding=(0, 1, 0, 0), show_header=False)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for name, value in facts.items():
        table.add_row(Text(name.replace("_", " ")), Text(clean(value)))
    return table


def trouble_view(trouble: Trouble, hints: Iterable[str] = ()) -> RenderableType:
    """An error in its three parts, then the hints."""
    table = Table(box=None, padding=(0, 1, 0, 0), show_header=False)
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for name, text in parts(trouble):
        table.add_row(name, Text(text))
    at = f" at step {trouble.step}" if trouble.step else ""
    head = Text(f"✗ Stopped{at} ({trouble.error_class})", style="bold red")
    return Group(head, table, *(Text(clean(hint)) for hint in hints))


def pause_view(told: Told, pause: Pause) -> RenderableType:
    """What would be saved now, as a person reads it before they say go on or stop."""
    entered = list(pause.entered) or ["nothing"]
    lines = [("would press", pause.press), ("entered", entered[0]), *(("", one) for one in entered[1:])]
    lines.append(("picture", str(pause.picture) if pause.picture else "none could be made of this screen"))
    table = Table(box=None, padding=(0, 1, 0, 0), show_header=False)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for name, value in lines:
        table.add_row(Text(name), Text(clean(value)))
    head = Text(f"Before a save: step {told.number}, {clean(told.title)}", style="bold")
    return Group(head, Padding(table, (0, 0, 0, 2)))


def findings_view(findings: Iterable[tuple[str, bool, str]]) -> Table:
    """What the doctor found: the thing, whether it is well, and what was seen or is to be done."""
    table = Table(box=None, padding=(0, 1, 0, 0), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for name, well, text in findings:
        table.add_row(Text("✓ well" if well else "✗ not well", style="green" if well else "bold red"), name, Text(text))
    return table


def table_view(columns: Sequence[str], rows: Sequence[Sequence[str]], empty: str) -> RenderableType:
    """A table of plain cells; cells that are too long are folded, not lost. `empty` when there is no row."""
    if not rows:
        return Text(empty)
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    for name in columns:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(clean(cell)) for cell in row))
    return table


def _change_cells(change: Change) -> tuple[Text, Text]:
    mark, style = KINDS[change.kind]
    what = Text(clean(change.what))
    if change.detail:
        what.append(f": {clean(change.detail)}", style="dim")
    return Text(f"{mark} {change.kind}", style=style), what


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
