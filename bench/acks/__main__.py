"""`python -m bench.acks`: measure, show, keep. Its exit status tells of failures to answer, never of speed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.acks.measure import CLIENTS, failures, measure
from bench.acks.servers import NotStarted, servers
from bench.acks.table import remarks, table
from bench.results import RESULTS, keep

app = typer.Typer(add_completion=False)


@app.command()
def main(
    seconds: Annotated[float, typer.Option(min=0.05, help="How long one load lasts.")] = 10.0,
    rounds: Annotated[int, typer.Option(min=1, help="How often each load is repeated.")] = 5,
    clients: Annotated[list[int] | None, typer.Option(min=1, help="How many at once; may be given again.")] = None,
    out: Annotated[Path, typer.Option(help="The file that keeps the figures.")] = RESULTS,
) -> None:
    """Measure how quickly Slack's requests are acked: by the bot, and by a Bolt app that does nothing else."""
    people, asides = Console(), Console(stderr=True)
    try:
        with servers() as running:
            figures = measure(running, clients or CLIENTS, seconds, rounds, lambda what: asides.print(f"acks: {what}"))
    except NotStarted as why:
        asides.print(str(why))
        raise typer.Exit(1) from None
    keep("acks", figures, out)
    people.print(table(figures))
    for remark in remarks(figures):
        people.print(remark)
    failed = failures(figures)
    for what, number in failed.items():
        asides.print(f"not answered with 200: {what} ({number} times)")
    raise typer.Exit(1 if failed else 0)


if __name__ == "__main__":
    app()
