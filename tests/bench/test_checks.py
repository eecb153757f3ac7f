"""The bench for checks counts rightly. How quick anything is, is never judged here."""

from __future__ import annotations

import subprocess
import sys

import httpx

from bench.checks.ehr import HeavyEhr, provision
from bench.checks.measure import Sample, figures, ratio
from bench.checks.usage import Usage

BUSY = "import time; end = time.process_time() + 0.4\nwhile time.process_time() < end: pass\ntime.sleep(0.2)"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BUSY!r}])"


def test_the_cpu_time_of_a_child_that_has_ended_is_counted() -> None:
    process = subprocess.Popen([sys.executable, "-c", PARENT])
    with Usage(process.pid) as usage:
        process.wait()
    assert 0.4 <= usage.cpu < 5
    assert usage.peak > 1_000_000


def test_figures_are_per_check_and_ratios_of_the_same_round() -> None:
    ours, theirs = [Sample(2, 0, 6.0, 4.0, 10**8), Sample(2, 1, 6.0, 8.0, 10**9)], [Sample(2, 0, 3.0, 8.0, 0)] * 2
    assert figures(ours) | {"peak_mb": 0} == {
        "checks": 4,
        "failed": 1,
        "checks_a_minute": 20.0,
        "cpu_seconds_per_check": 3.0,
        "lowest": 2.0,
        "highest": 4.0,
        "peak_mb": 0,
    }
    assert ratio(ours, theirs) == {"median": 1.5, "min": 1.0, "max": 2.0}


def test_the_first_page_asks_for_more_than_the_stand_ins_own() -> None:
    with HeavyEhr("legacy") as ehr, httpx.Client() as visitor:
        provision(ehr)
        page = visitor.get(ehr.url).text
        asked = [one.split('"')[0] for one in page.split('"/static/weight/')[1:]]
        sizes = [len(visitor.get(f"{ehr.url}weight/{name}").content) for name in asked]
    assert len(asked) == 25
    assert 60_000 < sum(sizes) < 100_000
