"""From the times of each deed at each size to how it grew, and whether that is as little as it must be. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

AT_MOST = 3.0
"""So many times its share a deed may take at the largest size: its share grows as its answer does."""
FLOOR = 10.0
"""Milliseconds below which a deed is quick enough, however it grew up to there."""


@dataclass(frozen=True)
class Timed:
    """What one deed took at one size, in milliseconds, time after time; and how long its answer was."""

    ms: Sequence[float]
    answer: int

    @property
    def median(self) -> float:
        """The time in the middle."""
        return statistics.median(self.ms)


def grew(before: Timed, after: Timed) -> float:
    """How many times more a thing of the answer costs at the larger size; 1 is as much."""
    longer = max(1.0, after.answer / max(1, before.answer))
    return max(after.median, FLOOR) / max(before.median, FLOOR) / longer


def told(timed: Mapping[str, Mapping[int, Timed]], words: Mapping[str, str]) -> dict[str, Any]:
    """Every deed as it is kept: its times and answers by the number of practices, and how it grew at the last step."""
    found: dict[str, Any] = {}
    for name, by_size in timed.items():
        sizes = sorted(by_size)
        found[name] = {
            "words": words[name],
            "ms": {str(size): _spread(by_size[size].ms) for size in sizes},
            "answer": {str(size): by_size[size].answer for size in sizes},
            "grew": round(grew(by_size[sizes[-2]], by_size[sizes[-1]]), 2) if len(sizes) > 1 else None,
        }
    return found


def missed(figures: Mapping[str, Any]) -> list[str]:
    """What grew faster than it may, in words."""
    return [
        f"{deed['words']}, {database}: {deed['grew']:.1f} times as much for each thing of its answer"
        for database, its in figures["databases"].items()
        for deed in its["deeds"].values()
        if deed["grew"] is not None and deed["grew"] > AT_MOST
    ]


def _spread(ms: Sequence[float]) -> dict[str, float]:
    return {"median": round(statistics.median(ms), 2), "min": round(min(ms), 2), "max": round(max(ms), 2)}
