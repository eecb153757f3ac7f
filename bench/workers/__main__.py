"""`python -m bench.workers`: measure, show, keep. Its exit status tells whether the goal was reached."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from bench.processes import NotStarted
from bench.results import RESULTS, keep
from bench.workers.measure import WORKERS, NotDone, measure, missed
from tests import postgresql

app = typer.Typer(add_completion=False)


@app.command()
def main(
    practices: Annotated[int, typer.Option(min=1, help="How many for each worker.")] = 1,
    workers: Annotated[list[int] | None, typer.Option(min=1, help="How many; may be given again.")] = None,
    answer: Annotated[float, typer.Option(min=0, help="Seconds that the EHR takes for each answer.")] = 0.2,
    out: Annotated[Path, typer.Option(help="The file that keeps the figures.")] = RESULTS,
) -> None:
    """Measure how much more is done with more workers."""
    people, asides = Console(), Console(stderr=True)
    if why := postgresql.why_not():
        asides.print(f"workers: not measured. {why}")
        raise typer.Exit(0)
    try:
        found = measure(workers or WORKERS, practices, answer, lambda what: asides.print(f"workers: {what}"))
    except (NotStarted, NotDone) as problem:
        asides.print(str(problem))
        raise typer.Exit(1) from None
    keep("workers", found, out)
    people.print(table(found))
    broken = missed(found)
    if broken:
        people.print(f"[red]Missed:[/] {broken}; the goal is {found['goal']:g}.")
    raise typer.Exit(1 if broken else 0)


def table(found: dict[str, Any]) -> Table:
    """A row for each number of workers."""
    title = f"Practices done while each answer of the EHR takes {found['answer_s'] * 1000:.0f} ms"
    drawn = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for head in (
        "workers",
        "practices",
        "seconds",
        "a minute",
        "times one\nworker",
        "of all\ncores",
        "steps\nbegun again",
    ):
        drawn.add_column(head, justify="right")
    for number, its in found["workers"].items():
        times = "-" if its["times"] is None else f"{its['times']:.2f}x"
        done = (str(its["practices"]), f"{its['seconds']:.1f}", f"{its['a_minute']:.2f}")
        drawn.add_row(number, *done, times, f"{its['busy']:.0%}", str(its["begun_again"]))
    return drawn


if __name__ == "__main__":
    app()
