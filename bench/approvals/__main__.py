"""`python -m bench.approvals`: measure, show, keep. Its exit status tells whether the goal was reached."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from bench.approvals.measure import measure
from bench.processes import NotStarted
from bench.results import RESULTS, keep
from sandbox.slack.seen import NotSeen

app = typer.Typer(add_completion=False)


@app.command()
def main(
    rounds: Annotated[int, typer.Option(min=1, help="How many approvals.")] = 15,
    out: Annotated[Path, typer.Option(help="The file that keeps the figures.")] = RESULTS,
) -> None:
    """Measure how soon the first step of an approved run is running, with a warm browser."""
    people, asides = Console(), Console(stderr=True)
    try:
        found = measure(rounds, lambda what: asides.print(f"approvals: {what}"))
    except (NotStarted, NotSeen) as why:
        asides.print(str(why))
        raise typer.Exit(1) from None
    keep("approvals", found, out)
    people.print(table(found))
    reached = found["p50"] < found["goal"]
    if not reached:
        people.print(
            f"[red]Missed:[/] half of them took {found['p50']:.2f} s or more; the goal is {found['goal']:g} s."
        )
    raise typer.Exit(0 if reached else 1)


def table(found: dict[str, Any]) -> Table:
    """One row."""
    title = "Approve to first step, in s"
    drawn = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for head in ("approvals", "p50", "p95", "lowest to highest"):
        drawn.add_column(head, justify="right", no_wrap=True)
    spread = f"{found['min']:.2f}-{found['max']:.2f}"
    drawn.add_row(str(found["rounds"]), f"{found['p50']:.2f}", f"{found['p95']:.2f}", spread)
    return drawn


if __name__ == "__main__":
    app()
