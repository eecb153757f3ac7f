"""`python -m bench.growth`: measure, show, keep. Its exit status tells whether anything grows faster than it may."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import structlog
import typer
from rich import box
from rich.console import Console
from rich.table import Table

from bench.growth.figures import AT_MOST, missed
from bench.growth.measure import DATABASES, SIZES, measure
from bench.results import RESULTS, keep
from tests import postgresql

app = typer.Typer(add_completion=False)


@app.command()
def main(
    practices: Annotated[list[int] | None, typer.Option(min=1, help="How many; may be given again.")] = None,
    rounds: Annotated[int, typer.Option(min=1, help="How often each thing is done.")] = 5,
    database: Annotated[list[str] | None, typer.Option(help="SQLite or PostgreSQL; both, where both are here.")] = None,
    out: Annotated[Path, typer.Option(help="The file that keeps the figures.")] = RESULTS,
) -> None:
    """Measure how what the clock does and what people ask for grows with the practices and their history."""
    people, asides = Console(), Console(stderr=True)
    wanted = database or list(DATABASES)
    if strangers := set(wanted) - set(DATABASES):
        raise typer.BadParameter(f"{', '.join(strangers)} is neither SQLite nor PostgreSQL.")
    if "PostgreSQL" in wanted and (why := postgresql.why_not()):
        asides.print(f"growth: SQLite only. {why}")
        wanted.remove("PostgreSQL")
    with _few_words():
        found = measure(wanted, practices or SIZES, rounds, lambda what: asides.print(f"growth: {what}"))
    keep("growth", found, out)
    for name, its in found["databases"].items():
        people.print(table(name, its))
        for size, volume in its["volume"].items():
            people.print(_volume(size, volume))
    broken = missed(found)
    for one in broken:
        people.print(f"[red]Missed:[/] {one}; {AT_MOST:g} times are allowed.")
    raise typer.Exit(1 if broken else 0)


@contextmanager
def _few_words() -> Iterator[None]:
    """What is measured logs its warnings only."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    try:
        yield
    finally:
        structlog.configure(**before)


def table(name: str, its: dict[str, Any]) -> Table:
    """A row for each deed; it fits into 80 columns."""
    sizes = list(its["volume"])
    title = f"{name}, in ms, by the number of practices"
    drawn = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    drawn.add_column("")
    for head in (*(f"{int(size):,}" for size in sizes), "lowest to\nhighest", "things in\nits answer", "grew"):
        drawn.add_column(head, justify="right", no_wrap=True)
    for deed in its["deeds"].values():
        last = deed["ms"][sizes[-1]]
        drawn.add_row(
            deed["words"],
            *(f"{deed['ms'][size]['median']:.1f}" for size in sizes),
            f"{last['min']:.1f}-{last['max']:.1f}",
            f"{deed['answer'][sizes[-1]]:,}",
            "-" if deed["grew"] is None else f"{deed['grew']:.1f}x",
        )
    return drawn


def _volume(size: str, volume: dict[str, float]) -> str:
    rows = ", ".join(f"{volume[name]:,} {words}" for name, words in _ROWS)
    return f"{int(size):,} practices: {volume['mb']:,.0f} MB, {rows}"


_ROWS = (("run", "runs"), ("step", "steps"), ("health_check", "checks"))


if __name__ == "__main__":
    app()
