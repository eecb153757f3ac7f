"""From the answers of many loads to the few figures that are told. Pure."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bench.acks.load import Answers

LATE = 3.0
"""Seconds after which Slack gives up (docs.slack.dev/interactivity/implementing-slash-commands)."""


@dataclass(frozen=True)
class Sample:
    """One load of one server, and the seconds of CPU time that the server and the stand-in Slack used meanwhile."""

    answers: Answers
    cpu: float
    slack_cpu: float


@dataclass(frozen=True)
class Round:
    """Both servers, one right after the other."""

    ours: Sample
    bare: Sample


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that at least this share of them does not exceed; NaN without values."""
    if not values:
        return math.nan
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def side(samples: Sequence[Sample]) -> dict[str, Any]:
    """One server's figures over all its loads. Times are in milliseconds."""
    seconds = [one for sample in samples for one in sample.answers.all_seconds]
    failed: Counter[str] = Counter()
    for sample in samples:
        failed.update(sample.answers.failed)
    kinds = samples[0].answers.seconds
    return {
        "answers": len(seconds),
        "per_second": _rounded(len(seconds) / sum(sample.answers.lasted for sample in samples)),
        **_times(seconds),
        "by_kind": {kind: _times([t for one in samples for t in one.answers.seconds[kind]]) for kind in kinds},
        "cpu_ms_per_answer": _rounded(1000 * sum(one.cpu for one in samples) / max(1, len(seconds))),
        "over_3_s": sum(one > LATE for one in seconds),
        "failed": dict(failed),
        "server_busy": _rounded(max(sample.cpu / sample.answers.lasted for sample in samples)),
        "slack_busy": _rounded(max(sample.slack_cpu / sample.answers.lasted for sample in samples)),
        "client_busy": _rounded(max(sample.answers.busy for sample in samples)),
    }


def ratios(rounds: Iterable[Round]) -> dict[str, Any]:
    """Ours by bare at p99: each round's, the one in the middle, and the spread. Empty where a side had no answer."""
    pairs = [
        (percentile(r.ours.answers.all_seconds, 0.99), percentile(r.bare.answers.all_seconds, 0.99)) for r in rounds
    ]
    each = [ours / bare for ours, bare in pairs if not math.isnan(ours / bare)]
    if not each:
        return {"rounds": []}
    return {
        "rounds": [_rounded(one) for one in each],
        "median": _rounded(statistics.median(each)),
        "min": _rounded(min(each)),
        "max": _rounded(max(each)),
    }


def _times(seconds: Sequence[float]) -> dict[str, float | None]:
    if not seconds:
        return {"p50": None, "p99": None, "max": None}
    found = {"p50": percentile(seconds, 0.5), "p99": percentile(seconds, 0.99), "max": max(seconds)}
    return {name: _rounded(1000 * value) for name, value in found.items()}


def _rounded(value: float) -> float:
    return round(value, 3)
