"""`python -m bench.runs`: measure, show, keep. Its exit status tells whether the goal was reached."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from bench.ehr import FRONTS
from bench.processes import NotStarted
from bench.results import RESULTS, keep
from bench.runs.measure import GOAL, WORDS, NotRight, measure, missed

app = typer.Typer(add_completion=False)

LONGEST = 5


@app.command()
def main(
    rounds: Annotated[int, typer.Option(min=1, help="How many runs each way, at each front end.")] = 2,
    front: Annotated[list[str] | None, typer.Option(help="legacy or modern; both.")] = None,
    out: Annotated[Path, typer.Option(help="The file that keeps the figures.")] = RESULTS,
) -> None:
    """Measure what a run costs with all its proofs, beside a bare script that does the same clicks."""
    people, asides = Console(), Console(stderr=True)
    fronts = front or list(FRONTS)
    if strangers := set(fronts) - set(FRONTS):
        raise typer.BadParameter(f"{', '.join(strangers)} is neither legacy nor modern.")
    try:
        browser = os.environ.get("BROWSER", "")
        found = measure(fronts, rounds, lambda what: asides.print(f"runs: {what}"), browser)
    except (NotStarted, NotRight) as why:
        asides.print(str(why))
        raise typer.Exit(1) from None
    keep("runs", found, out)
    people.print(table(found))
    for name, its in found["fronts"].items():
        steps = ", ".join(f"{step} {seconds:.1f} s" for step, seconds in list(its["steps"].items())[:LONGEST])
        people.print(f"Our longest steps, {name}: {steps}")
    broken = missed(found)
    for one in broken:
        people.print(f"[red]Missed:[/] {one}; {GOAL:g} times are allowed.")
    raise typer.Exit(1 if broken else 0)


def table(found: dict[str, Any]) -> Table:
    """A row for each way at each front end; it fits into 80 columns."""
    title = "A run: 17 steps, with the first login and the last"
    drawn = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    drawn.add_column("")
    for head in ("seconds", "lowest to\nhighest", "CPU s", "lowest to\nhighest"):
        drawn.add_column(head, justify="right", no_wrap=True)
    for front, its in found["fronts"].items():
        for way, words in WORDS.items():
            wall, cpu = its["ways"][way]["seconds"], its["ways"][way]["cpu"]
            drawn.add_row(f"{front}, {words}", *_cells(wall), *_cells(cpu))
        ratios = its["ratios"]
        drawn.add_row(f"{front}, ours by bare", *_cells(ratios["wall time"], "x"), *_cells(ratios["CPU time"], "x"))
    return drawn


def _cells(its: dict[str, float], unit: str = "") -> tuple[str, str]:
    return f"{its['median']:.2f}{unit}", f"{its['min']:.2f}-{its['max']:.2f}"


if __name__ == "__main__":
    app()
