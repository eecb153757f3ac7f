"""One run of the measurement: ours and the bare script in turn, on both front ends, each time on an EHR of its own.

A run that does not leave in the EHR what the guide says is no run: then the measurement ends.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.checks.usage import EVERY, Usage
from bench.processes import Program, program
from bench.results import circumstances

WAYS = ("ours", "bare")
WORDS = {"ours": "ours, with every proof", "bare": "a bare script"}
GOAL = 1.25


class NotRight(Exception):
    """A run left something else than the guide says; str() says which and what."""


@dataclass(frozen=True)
class Sample:
    """One run. Seconds of wall time and of CPU time, of the program, the driver and the browser."""

    seconds: float
    cpu: float
    steps: Mapping[str, float] = field(default_factory=dict)
    """Seconds of each of our steps."""


def measure(fronts: Sequence[str], rounds: int, say: Callable[[str], None], executable: str = "") -> dict[str, Any]:
    """Everything that is kept. Raises NotStarted or NotRight."""
    found: dict[str, Any] = {}
    for front in fronts:
        taken: dict[str, list[Sample]] = {way: [] for way in WAYS}
        with tempfile.TemporaryDirectory(prefix="onespot-bench-") as name:
            folder = Path(name)
            with program("bench.ehr", folder, front, str(rounds * len(WAYS))) as ehr:
                for turn in range(rounds):
                    say(f"{front}, round {turn + 1} of {rounds}")
                    for place, way in enumerate(WAYS if turn % 2 == 0 else reversed(WAYS)):
                        taken[way].append(_run(folder, ehr, turn * len(WAYS) + place, front, way, executable))
        found[front] = figures(taken)
    return {
        **circumstances(),
        "rounds": rounds,
        "goal": GOAL,
        "fronts": found,
    }


def figures(taken: dict[str, list[Sample]]) -> dict[str, Any]:
    """From the runs of one front end to what is told: each way's, and ours by the bare script's of the same round."""
    pairs = list(zip(taken["ours"], taken["bare"], strict=True))
    return {
        "ways": {
            way: {"seconds": _spread([one.seconds for one in its]), "cpu": _spread([one.cpu for one in its])}
            for way, its in taken.items()
        },
        "ratios": {
            "wall time": _spread([ours.seconds / bare.seconds for ours, bare in pairs]),
            "CPU time": _spread([ours.cpu / bare.cpu for ours, bare in pairs]),
        },
        "steps": _steps([one.steps for one in taken["ours"]]),
    }


def missed(found: dict[str, Any]) -> list[str]:
    """The front ends at which a run takes longer than it may, in words."""
    return [
        f"{front}: {its['ratios']['wall time']['median']:.2f} times as long as the bare script"
        for front, its in found["fronts"].items()
        if its["ratios"]["wall time"]["median"] > GOAL
    ]


def _run(folder: Path, ehr: Program, number: int, front: str, way: str, executable: str) -> Sample:
    told = {
        "front": front,
        "url": ehr.said["urls"][number],
        "username": ehr.said["username"],
        "password": ehr.said["password"],
        "executable": executable,
    }
    with program("bench.runs.contender", folder, way, told=told) as contender, Usage(contender.pid) as usage:
        time.sleep(4 * EVERY)
        before = usage.cpu
        said = contender.ask(go=True)
        time.sleep(4 * EVERY)
        sample = Sample(said["seconds"], usage.cpu - before, said.get("steps", {}))
    judged = ehr.ask(judge=number, password=said["password"])
    if judged["verdict"] != "COMPLETED":
        raise NotRight(f"{WORDS[way]}, {front}: {judged['verdict']}, {judged['why']}")
    return sample


def _steps(runs: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The seconds of our steps, the longest first."""
    names = {name for one in runs for name in one}
    each = {name: round(statistics.median(one[name] for one in runs if name in one), 2) for name in names}
    return dict(sorted(each.items(), key=lambda one: -one[1]))


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {
        "median": round(statistics.median(values), 2),
        "min": round(min(values), 2),
        "max": round(max(values), 2),
    }
