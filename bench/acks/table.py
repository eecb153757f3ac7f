"""The figures as people read them: a table, and what to think of it. Measures nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich import box
from rich.table import Table

TIMES = ("p50", "p99", "max")
SIDES = ("ours", "bare")


def table(figures: dict[str, Any]) -> Table:
    """A row for each number of clients. It fits into 80 columns."""
    title = "Acks over HTTP, in ms: the bot beside a Bolt app that only acks"
    drawn = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    drawn.add_column("clients", justify="right")
    for head in (
        *(f"{who}\n{what}" for who in SIDES for what in TIMES),
        "ratio\nof p99",
        "lowest to\nhighest",
        "over\n3 s",
    ):
        drawn.add_column(head, justify="right", no_wrap=True)
    for row in figures["clients"]:
        drawn.add_row(
            str(row["clients"]),
            *(_ms(row[who][what]) for who in SIDES for what in TIMES),
            *_ratio(row["p99_ratio"]),
            "/".join(str(row[who]["over_3_s"]) for who in SIDES),
        )
    return drawn


def remarks(figures: dict[str, Any]) -> Iterator[str]:
    """What the table has no room for: each kind of request, who was busy, and whether the client could keep up."""
    yield f"{figures['rounds']} rounds of {figures['seconds']:g} s each; the ratio is the middle one of the rounds'."
    for row in figures["clients"]:
        yield f"{row['clients']} clients, the client alone {row['client_alone']['per_second']:.0f}/s:"
        yield from (f"  {who}: {_side(row[who])}" for who in SIDES)


def _side(found: dict[str, Any]) -> str:
    kinds = ", ".join(f"{kind} {_ms(times['p50'])}/{_ms(times['p99'])}" for kind, times in found["by_kind"].items())
    busy = ", ".join(f"{who} {found[f'{who}_busy']:.0%}" for who in ("server", "slack", "client"))
    return (
        f"{found['answers']} acks, {found['per_second']:.0f}/s, {found['cpu_ms_per_answer']:.1f} ms of CPU each; "
        f"p50/p99 of {kinds}; busy at most: {busy} of a core"
    )


def _ms(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _ratio(found: dict[str, Any]) -> tuple[str, str]:
    if not found["rounds"]:
        return "-", "-"
    return f"{found['median']:.2f}", f"{found['min']:.2f}-{found['max']:.2f}"
