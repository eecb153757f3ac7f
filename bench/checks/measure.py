"""One run of the measurement: each way in turn, round after round, on the same EHR with the same browser."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.checks.usage import Usage
from bench.results import circumstances

ROOT = Path(__file__).parents[2]
WAYS = ("launch", "context", "ours", "ours4")
WORDS = {
    "launch": "bare, a browser launched per check",
    "context": "bare, a new context per check",
    "ours": "ours, with the look at drift",
    "ours4": "ours, four at once",
}


@dataclass(frozen=True)
class Sample:
    """So many checks in one way. `peak` is bytes; `failed` are checks that did not go well."""

    checks: int
    failed: int
    seconds: float
    cpu: float
    peak: int


def measure(number: int, rounds: int, told: Callable[[str], None]) -> dict[str, Any]:
    """Everything that is kept; `number` is how many checks each way does in a round."""
    taken: dict[str, list[Sample]] = {way: [] for way in WAYS}
    with _ehr() as ehr:
        _run("context", 1, ehr)
        for turn in range(rounds):
            told(f"round {turn + 1} of {rounds}")
            for way in WAYS if turn % 2 == 0 else reversed(WAYS):
                taken[way].append(_run(way, number, ehr))
    return {
        **circumstances(),
        "checks_a_round": number,
        "rounds": rounds,
        "ways": {way: figures(samples) for way, samples in taken.items()},
        "ratios": {
            f"checks per CPU second, ours by {way}": ratio(taken["ours"], taken[way]) for way in ("launch", "context")
        },
    }


def figures(samples: list[Sample]) -> dict[str, Any]:
    """Of all rounds of one way: the middle one, and the lowest and highest CPU seconds per check."""
    cpu = [one.cpu / one.checks for one in samples]
    return {
        "checks": sum(one.checks for one in samples),
        "failed": sum(one.failed for one in samples),
        "checks_a_minute": round(statistics.median(60 * one.checks / one.seconds for one in samples), 1),
        "cpu_seconds_per_check": round(statistics.median(cpu), 2),
        "lowest": round(min(cpu), 2),
        "highest": round(max(cpu), 2),
        "peak_mb": round(max(one.peak for one in samples) / 1e6),
    }


def ratio(ours: list[Sample], theirs: list[Sample]) -> dict[str, float]:
    """Checks per CPU second, ours by theirs in the same round: the middle one and the spread."""
    each = [(t.cpu / t.checks) / (o.cpu / o.checks) for o, t in zip(ours, theirs, strict=True)]
    return {"median": round(statistics.median(each), 2), "min": round(min(each), 2), "max": round(max(each), 2)}


def _run(way: str, number: int, ehr: Mapping[str, str]) -> Sample:
    """Raises RuntimeError with its last words when it did not come to its end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.checks.contender", way, str(number)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with Usage(process.pid) as usage:
        out, err = process.communicate(json.dumps(dict(ehr)) + "\n", timeout=120 + 60 * number)
    if process.returncode != 0:
        raise RuntimeError(f"{way} failed: {err.strip().splitlines()[-1:]}")
    said = json.loads(out)
    done = max(1, number // 4) * 4 if way == "ours4" else number
    return Sample(done, done - said["well"], said["seconds"], usage.cpu, usage.peak)


@contextmanager
def _ehr() -> Iterator[Mapping[str, str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.checks.ehr"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("the EHR has no pipes")
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(20)
        process.stdout.close()
