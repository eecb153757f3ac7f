"""What a recorded visit leaves: files that tell how the screens are made, and nobody's name, value or password."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Literal

import pytest

from automation.browser import Browser
from automation.errors import LoginRefused
from automation.nearest import FIELD, missing
from automation.revolutionehr.address import Address
from automation.revolutionehr.desired import Wanted
from automation.revolutionehr.outline import Trust
from automation.revolutionehr.plan import make_plan
from automation.revolutionehr.record import NotWritten, Recorder
from sandbox.ehr import ADMIN_PASSWORD, ADMIN_USERNAME, SandboxEhr, seed
from storage.models import Credential
from tests.automation.conftest import Show
from tests.automation.test_repair import ADMIN
from tests.onespot import daily

pytestmark = pytest.mark.browser

SCREENS = (
    "login", "home", "basic-information", "user-roles", "user-role-form", "user-role-permissions", "employees",
    "employee-form", "employee-personal-details", "employee-login-details", "employee-emergency",
    "employee-restrictions", "employee-roles", "employee-locations",
)  # fmt: skip


class NothingKept:
    """A practice that nothing is known of."""

    def may_try(self, username: str) -> bool:
        return True

    def refused(self, username: str) -> None:
        """Nobody counts."""

    def knows(self, username: str) -> bool:
        return False

    def kept(self, *which: object) -> Credential | None:
        return None


def visit(browser: Browser, ehr: SandboxEhr, folder: Path) -> list[Path]:
    """A recorded plan; its files."""
    recorder = Recorder(folder, (ADMIN_USERNAME, ADMIN_PASSWORD))
    try:
        make_plan(browser, Address(ehr.url, recorder=recorder), ADMIN, Wanted(), NothingKept())  # type: ignore[arg-type]
    finally:
        files = recorder.write()
    return files


def document(file: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(file.read_text())
    return loaded


def canaries() -> set[str]:
    """Everything about people and places that the stand-in shows somewhere."""
    people = [*seed._STAFF, *seed._FORMER_STAFF, ("Maureen", "Halloran", ADMIN_USERNAME, "")]
    found = {word for first, last, username, _ in people for word in (first, last, username)}
    found |= {word for line in seed.HOME["schedule"] for word in (*line["patient"].split(), line["reason"])}
    found |= {line["subject"] for line in seed.HOME["messages"]} | {line["task"] for line in seed.HOME["tasks"]}
    found |= {text for place in seed._LOCATIONS for text in (place.name, place.npi, place.phone)}
    return found | {ADMIN_PASSWORD, seed.STAFF_PASSWORD, "@lumen-eye", "2915", *(f"5820{n}" for n in range(10))}


@pytest.mark.parametrize("front", daily(["legacy", "modern"], "legacy"))
def test_a_recorded_plan_tells_what_each_screen_is_made_of_and_nobody_s_name(
    browser: Browser, tmp_path: Path, front: Literal["legacy", "modern"]
) -> None:
    with SandboxEhr(front) as ehr:
        files = visit(browser, ehr, tmp_path / "screens")
        assert ehr.state.mutations == []
        assert [one for one in ehr.state.sessions if one.lasts] == []
    assert [file.stem[3:] for file in files] == list(SCREENS)
    assert (tmp_path / "screens").stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    for file in files:
        written = file.read_text()
        assert {one for one in canaries() if re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", written, re.I)} == set()
    by_name = {file.stem[3:]: file.read_text() for file in files}
    for screen, words in {
        "user-roles": ("User Roles", "Employee/Roles", "User Role Name"),
        "user-role-form": ("Access Permissions", "Accounting Module"),
        "employees": ("Last Name" if front == "legacy" else "Username", "Inactive"),
        "employee-restrictions": ("Login Allowed",),
        "employee-locations": ("Primary Location", "Accessible Locations"),
    }.items():
        assert [word for word in words if f'"{word}"' not in by_name[screen]] == []
    tree = document(files[SCREENS.index("user-role-permissions")])["tree"]
    assert {"Accounting Module", "  View Invoices", "  Vendors/Partners", "    View Encounters"} <= set(tree)
    assert document(files[2])["build"] == "192124"


def test_a_screen_that_fails_is_recorded_with_what_was_looked_for(browser: Browser, tmp_path: Path) -> None:
    with SandboxEhr("legacy", faults=["no-employee-roles"]) as ehr, pytest.raises(LoginRefused) as failed:
        visit(browser, ehr, tmp_path)
    assert "Employee/Roles" in failed.value.what
    last = document(sorted(tmp_path.iterdir())[-1])
    assert last["screen"] == "failed"
    assert (last["problem"]["looked for"], last["problem"]["kind"]) == ("Employee/Roles", "a menu entry")
    assert {"General", "Vendors/Partners"} <= set(last["problem"]["nearest on the screen"])


@pytest.mark.parametrize("trust", list(Trust))
def test_no_canary_of_a_hostile_page_is_written_down(show: Show, tmp_path: Path, trust: Trust) -> None:
    shown = show("canaries")
    recorder = Recorder(tmp_path, ("Canary-Pass-1",))
    recorder.add(shown.screen, "hostile", trust, missing(shown.screen.look(), "Canary Grade", FIELD))
    (file,) = recorder.write()
    written = file.read_text()
    assert re.findall(r"\S*(?:canary(?! Grade)|\bSue\b)\S*", written, re.I) == []
    assert '"Save"' in written
    if trust is not Trust.LITTLE:
        assert '"Clearance Grade"' in written
        assert '"Shadow Name"' in written


def test_a_folder_that_can_not_be_written_to_is_said_in_words(show: Show, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    recorder = Recorder(tmp_path / "file")
    recorder.add(show("wrapping").screen, "some", Trust.SCREEN)
    with pytest.raises(NotWritten, match="can't be written to"):
        recorder.write()
