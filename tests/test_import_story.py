"""`onespot import` as somebody at a terminal runs it: three practices, killed in the middle, gone on with.

Real processes, Chromium, HTTP, a SQLite file; only the EHRs are stand-ins, one for each practice. It takes minutes, so
it runs with ONESPOT_ALL_STEPS=1.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from sandbox.ehr import ADMIN_PASSWORD, ADMIN_USERNAME, SandboxEhr
from tests.onespot import Story, kill, with_everything

pytestmark = [pytest.mark.browser, with_everything]

NAMES = ("Ash Eyes", "Birch Eyes", "Cedar Eyes")
PATIENCE = 240
"""Seconds till a moment must have come."""


@pytest.fixture
def ehrs() -> Iterator[list[SandboxEhr]]:
    with ExitStack() as stack:
        yield [stack.enter_context(SandboxEhr(front)) for front in ("legacy", "modern", "legacy")]


def test_killed_in_the_second_wave_it_goes_on_and_makes_everything_once(ehrs: list[SandboxEhr], tmp_path: Path) -> None:
    story = Story(ehrs[0], tmp_path)
    sheet = tmp_path / "practices.csv"
    rows = [f"{name},{ehr.url},{ADMIN_USERNAME},{ADMIN_PASSWORD}" for name, ehr in zip(NAMES, ehrs, strict=True)]
    sheet.write_text("\n".join(["practice,address,administrator,administrator password", *rows]))
    sheet.chmod(0o600)
    words = ("import", str(sheet), "--yes", "--out", str(tmp_path / "outcomes.csv"))
    process = story.start(*words)
    until(lambda: roles(ehrs[1]) == 1 or process.poll() is not None, "the role of the second practice")
    assert process.poll() is None, story.errors.read_text()
    kill(process)
    assert [roles(ehr) for ehr in ehrs] == [1, 1, 0]
    said = story.onespot(*words, "--resume")
    assert said.status == 0, said
    assert [roles(ehr) for ehr in ehrs] == [1, 1, 1]
    assert [employees(ehr) for ehr in ehrs] == [1, 1, 1]
    with open(tmp_path / "outcomes.csv", newline="") as file:
        assert [row["status"] for row in csv.DictReader(file)] == ["SUCCEEDED"] * 3
    assert story.onespot("check", "--all").status == 0


def roles(ehr: SandboxEhr) -> int:
    return sum(role.name == "OneSpot" for role in list(ehr.state.roles.values()))


def employees(ehr: SandboxEhr) -> int:
    return sum(one.username.startswith("OneSpot") for one in list(ehr.state.employees.values()))


def until(look: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not look():
        assert time.monotonic() < end, f"{what} did not come"
        time.sleep(0.2)
