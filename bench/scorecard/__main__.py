"""`python -m bench.scorecard`, which `make scorecard` calls: play, show, write down. Ends with 1 where a defect is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from bench.scorecard.cases import Case, everything, quick
from bench.scorecard.combine import combinations
from bench.scorecard.play import Played, play
from bench.scorecard.table import Scorecard, from_json, write

DOCS = Path(__file__).parents[2] / "docs"

app = typer.Typer(add_completion=False)


@app.command()
def main(
    breadth: Annotated[Literal["quick", "all"], typer.Option(help="A choice of faults, or all on both.")] = "all",
    number: Annotated[int, typer.Option("--combinations", min=0, help="How many combinations.")] = 20,
    seed: Annotated[int, typer.Option(help="Makes the combinations.")] = 7,
    at_once: Annotated[int, typer.Option(min=1, max=8, help="How many are played at a time.")] = 2,
    only: Annotated[str, typer.Option(help="Only cases with this in their name; other rows are kept.")] = "",
    again: Annotated[bool, typer.Option("--again", help="Only what wasn't survived or not yet played.")] = False,
    out: Annotated[Path, typer.Option(help="The folder for scorecard.md and scorecard.json.")] = DOCS,
) -> None:
    """Play the faults of the stand-in EHR and write down how each came out."""
    people = Console(highlight=False, markup=False, emoji=False)
    people.print(f"Combinations by the seed {seed}.")
    cases = [*(quick() if breadth == "quick" else everything()), *combinations(number, seed)]
    card = _known(out, seed) if only or again else Scorecard(seed)
    survived = {key for key, row in card.rows.items() if row["survived"]}
    wanted = [case for case in cases if only in case.key and not (again and case.key in survived)]
    wanted.sort(key=lambda case: case.limit)  # (the longest last: they would keep all players busy)
    raise typer.Exit(keep_score(cases, wanted, card, _players(at_once), out, people))


Players = Callable[[Sequence[Case]], Iterable[Played]]
"""Plays cases and gives each back as soon as it is over."""


def keep_score(
    cases: Sequence[Case], wanted: Sequence[Case], card: Scorecard, players: Players, out: Path, people: Console
) -> int:
    """Play the wanted ones, writing everything down after each: 0 when all that stands there was survived, else 1."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=people) as progress:
        task = progress.add_task("scorecard", total=len(wanted))
        for played in players(wanted):
            card = card.with_(played, datetime.now(UTC).isoformat(timespec="seconds"))
            write(_in_order(card, cases), out)
            progress.console.print(_said(played), soft_wrap=True)
            progress.advance(task)
    card = _in_order(card, cases)
    write(card, out)
    people.print(card.headline)
    return 0 if card.survived == len(card.rows) else 1


def _known(folder: Path, seed: int) -> Scorecard:
    """What was written down before with the same seed."""
    file = folder / "scorecard.json"
    known = from_json(file.read_text(encoding="utf-8")) if file.exists() else Scorecard(seed)
    return known if known.seed == seed else Scorecard(seed)


def _players(at_once: int) -> Players:
    def play_all(cases: Sequence[Case]) -> Iterator[Played]:
        with ThreadPoolExecutor(at_once) as pool:
            for future in as_completed([pool.submit(play, case) for case in cases]):
                yield future.result()

    return play_all


def _in_order(card: Scorecard, cases: Sequence[Case]) -> Scorecard:
    """The rows in the order of the cases; those of no case any more go."""
    return Scorecard(card.seed, {case.key: card.rows[case.key] for case in cases if case.key in card.rows})


def _said(played: Played) -> Text:
    judged, case = played.judged, played.case
    style = "green" if judged.verdict.survived else "bold red"
    said = Text(f"{judged.verdict:<9} ", style=style)
    said.append(f"{case.name}, {case.front}, {case.verb} ({played.seconds:.0f} s)", style="default not bold")
    if judged.why:
        said.append(f": {judged.why}", style="default not bold")
    if played.sentence:
        said.append(f"\n          {played.error_class} {played.sentence}", style="dim not bold")
    return said


if __name__ == "__main__":
    app()
