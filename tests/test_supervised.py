"""A supervised first run, everything real but the EHR: at a terminal, asked before every save.

The truth of the stand-in says whether anything was saved. What is typed at the terminal is typed ahead.
"""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest

from bot.problems import PASSWORD
from sandbox.ehr import ADMIN_PASSWORD, ADMIN_USERNAME, SandboxEhr
from tests.onespot import PRACTICE, TIME_LIMIT, Said, Story, with_everything

pytestmark = pytest.mark.browser

STEPPED = ("provision", PRACTICE, "--admin", ADMIN_USERNAME, "--yes", "--step")


def at_a_terminal(story: Story, answers: str, *words: str) -> Said:
    """The command as a person runs it who gives these answers, one letter each."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{story.folder}/onespot.db", PASSWORD: ADMIN_PASSWORD}
    os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=story.folder,
            env={**environment, "COLUMNS": "200"},
            stdin=theirs,
            capture_output=True,
            text=True,
            timeout=TIME_LIMIT,
            check=False,
        )
    finally:
        os.close(ours)
        os.close(theirs)
    return Said(ended.returncode, ended.stdout, ended.stderr)


def pictures(said: Said) -> list[Path]:
    return [Path(path) for path in re.findall(r"picture +(/\S+\.png)", said.out)]


def test_a_no_before_the_first_save_leaves_the_ehr_as_it_was(tmp_path: Path) -> None:
    with SandboxEhr("legacy") as ehr:
        before = ehr.state.as_json()
        said = at_a_terminal(Story(ehr, tmp_path), "n", *STEPPED, "--url", ehr.url)
        assert said.status == 1, said
        assert ehr.state.mutations == []
        assert ehr.state.as_json()["roles"] == before["roles"]
        assert [one for one in ehr.state.sessions if one.lasts] == []
    assert "Before a save: step 7, Save the user role" in said.out
    assert re.search(r"would press +Save", said.out)
    assert re.search(r"entered +User Role Name: OneSpot", said.out)
    assert "View Invoices: ticked" in said.out
    assert "Nothing was saved by that press." in said.err
    (picture,) = pictures(said)
    assert picture.stat().st_mode & 0o777 == 0o600


@with_everything
@pytest.mark.parametrize("front", ["legacy", "modern"])
def test_yes_each_time_makes_the_account_and_a_no_can_be_gone_on_with(
    tmp_path: Path, front: Literal["legacy", "modern"]
) -> None:
    with SandboxEhr(front) as ehr:
        story = Story(ehr, tmp_path)
        said = at_a_terminal(story, "yn", *STEPPED, "--url", ehr.url)
        assert said.status == 1, said
        assert _changes(ehr) == ["role created"]
        said = at_a_terminal(story, "yn", *STEPPED, "--resume")
        assert said.status == 1, said
        assert _changes(ehr) == ["role created", "employee created"]
        said = at_a_terminal(story, "y", *STEPPED, "--resume")
        assert said.status == 0, said
        assert _changes(ehr) == ["role created", "employee created", "password reset"]
        assert ehr.state.password_is("OneSpot2915", story.password())
        assert ehr.state.as_json()["failedLogins"] == {}
        assert story.password() not in said.out + said.err
    assert "not shown" in said.out


@with_everything
def test_a_plan_records_the_screens_into_a_new_folder(tmp_path: Path) -> None:
    with SandboxEhr("modern") as ehr:
        story = Story(ehr, tmp_path)
        said = story.onespot("plan", PRACTICE, "--url", ehr.url, "--admin", ADMIN_USERNAME, "--record", "screens")
        assert said.status == 0, said
        assert ehr.state.mutations == []
    assert "14 screens recorded in screens" in said.out
    files = sorted((tmp_path / "screens").iterdir())
    assert len(files) == 14
    assert not any(ADMIN_PASSWORD in file.read_text() or ADMIN_USERNAME in file.read_text() for file in files)


@with_everything
def test_a_screen_that_fails_while_somebody_watches_is_recorded(tmp_path: Path) -> None:
    with SandboxEhr("legacy", labels={"First Name": "Given Name"}) as ehr:
        said = at_a_terminal(Story(ehr, tmp_path), "y", *STEPPED, "--url", ehr.url)
        assert said.status == 1, said
        assert "“First Name” isn't on the screen. Looked for a field" in said.err
    (file,) = (tmp_path / "evidence").rglob("*-failed.json")
    assert file.stat().st_mode & 0o777 == 0o600
    failed = json.loads(file.read_text())["problem"]
    assert (failed["looked for"], failed["kind"]) == ("First Name", "a field")
    assert "Given Name" in failed["nearest on the screen"]


@with_everything
def test_the_update_of_each_section_is_asked_for_too(tmp_path: Path) -> None:
    with SandboxEhr("legacy", faults=["section-edit-buttons"]) as ehr:
        said = at_a_terminal(Story(ehr, tmp_path), "y" * 9, *STEPPED, "--url", ehr.url)
        assert said.status == 0, said
        assert _changes(ehr) == ["role created", "employee created", "password reset"]
    assert re.search(r"would press +Update", said.out)


def _changes(ehr: SandboxEhr) -> list[str]:
    return [one.what for one in ehr.state.mutations]
