"""`python -m bench.checks`: measure, show, keep. Its exit status tells of checks that failed, never of speed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from bench.checks.measure import WORDS, measure
from bench.results import RESULTS, keep

app = typer.Typer(add_completion=False)


@app.command()
def main(
    checks: Annotated[int, typer.Option(min=1, help="How many checks each way does in a round.")] = 4,
    rounds: Annotated[int, typer.Option(min=1, help="How often.")] = 3,
    out: Annotated[Path, typer.Option(help="The file that keeps the figures.")] = RESULTS,
) -> None:
    """Measure what a check of an account costs, beside bare scripts that only log in and out."""
    people, asides = Console(), Console(stderr=True)
    try:
        found = measure(checks, rounds, lambda what: asides.print(f"checks: {what}"))
    except (RuntimeError, OSError) as why:
        asides.print(str(why))
        raise typer.Exit(1) from None
    keep("checks", found, out)
    people.print(table(found))
    for words, its in found["ratios"].items():
        people.print(f"{words}: {its['median']:.2f} ({its['min']:.2f} to {its['max']:.2f})")
    failed = sum(way["failed"] for way in found["ways"].values())
    if failed:
        asides.print(f"{failed} checks did not end as they should.")
    raise typer.Exit(1 if failed else 0)


def table(found: dict[str, Any]) -> Table:
    """A row for each way; it fits into 80 columns."""
    title = "Checks of one account on a page of 47 requests and 2.1 MB"
    drawn = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    drawn.add_column("")
    for head in ("checks\na minute", "CPU s\nper check", "lowest to\nhighest", "peak\nMB"):
        drawn.add_column(head, justify="right", no_wrap=True)
    for way, words in WORDS.items():
        its = found["ways"][way]
        spread = f"{its['lowest']:.2f}-{its['highest']:.2f}"
        drawn.add_row(
            words, f"{its['checks_a_minute']:.1f}", f"{its['cpu_seconds_per_check']:.2f}", spread, str(its["peak_mb"])
        )
    return drawn


if __name__ == "__main__":
    app()
