"""What a walk leaves in its folder: a picture of each step that proves something, and its hash in what is told.

ONESPOT_ALL_STEPS=1 runs both front ends and the whole guide; every day a retirement runs on one.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import Error as PlaywrightError

from automation.browser import Browser
from automation.errors import AutomationError
from automation.revolutionehr import part
from automation.revolutionehr.address import Address
from automation.revolutionehr.guide import provision
from automation.revolutionehr.plan import make_plan
from automation.revolutionehr.repair import repair
from automation.revolutionehr.retire import plan_retirement, retire
from automation.revolutionehr.visit import Visit
from automation.screen import Sights
from storage.models import StepStatus
from tests.automation.conftest import Show
from tests.automation.test_repair import ADMIN, FRONTS, At, Begin, Front, Wanted, at
from tests.onespot import daily, with_everything

__all__ = ["at"]

pytestmark = pytest.mark.browser


def told(here: At) -> dict[int, str]:
    """The hash that was told of each step's picture, at its end."""
    return {one.number: one.picture for one in here.told if one.status is not StepStatus.RUNNING}


def kept(folder: Path) -> dict[int, str]:
    """The hashes of the pictures in the folder, by the steps' numbers."""
    return {int(file.name[:2]): hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.glob("*.jpg")}


def retired(here: At, folder: Path) -> None:
    plan = plan_retirement(here.browser, Address(here.ehr.url), ADMIN, here.keep)
    retire(here.browser, Address(here.ehr.url, folder), ADMIN, plan, here.keep, here.told.append, here.fence)


@pytest.mark.parametrize("front", daily(FRONTS, "modern"))
def test_a_retirement_leaves_the_id_and_how_the_employee_stood_before_and_after(
    at: Begin, front: Front, tmp_path: Path
) -> None:
    here = at(front)
    (tmp_path / "04-deactivate.jpg").write_bytes(b"of an earlier walk")
    retired(here, tmp_path)
    pictures = {number: digest for number, digest in told(here).items() if digest}
    assert set(pictures) == {2, 3, 5}
    assert pictures == kept(tmp_path), "and none of an earlier walk"
    assert all(file.stat().st_size < 100_000 for file in tmp_path.glob("*.jpg"))


ADMIN_SCREEN = """<nav><a onclick=1>General</a> <a onclick=1>Employee/Roles</a> <a onclick=1>Vendors/Partners</a></nav>
<h4>Personal Details</h4><div>First Name <input value=Sync></div><div>Last Name <input value=OneSpot></div>"""


@pytest.fixture
def visit(show: Show, browser: Browser, tmp_path: Path) -> Visit:
    """One at an employee's record, in the middle of step 9."""
    visit = Visit(browser, Address("http://127.0.0.1:9/", tmp_path), None, _screen=show(ADMIN_SCREEN).screen)  # type: ignore[arg-type]
    visit.begin_step("09-name_employee")
    return visit


def test_a_step_has_the_picture_that_was_taken_last_on_its_way(visit: Visit, tmp_path: Path) -> None:
    visit.show()
    visit.screen.page.set_content("<h1>Schedule</h1><p>Pat Ient")
    visit.show()
    digest = visit.end_step()
    assert kept(tmp_path) == {9: digest}


def test_a_step_that_ends_at_the_home_screen_has_none(visit: Visit, tmp_path: Path) -> None:
    visit.screen.page.set_content("<h1>Schedule</h1><p>Pat Ient")
    (tmp_path / "09-name_employee.jpg").write_bytes(b"of an earlier walk")
    assert visit.end_step() == ""
    assert kept(tmp_path) == {}


@pytest.mark.parametrize("problem", [AutomationError("The page went away."), PlaywrightError("Target crashed")])
def test_a_picture_that_can_not_be_taken_fails_no_step(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    def broken(sights: Sights, ours: part.Ours) -> None:
        raise problem

    monkeypatch.setattr(part, "of", broken)
    visit.show(from_top=True)
    assert visit.end_step() == ""


def test_a_dead_page_fails_no_step_either(visit: Visit, tmp_path: Path) -> None:
    visit.screen.page.close()
    assert visit.end_step() == ""


@with_everything
@pytest.mark.parametrize("front", FRONTS)
def test_the_whole_guide_leaves_a_picture_of_all_that_may_have_one(at: Begin, front: Front, tmp_path: Path) -> None:
    here = at(front, known=False)
    del here.ehr.state.roles[here.who.role_ids[0]]
    del here.ehr.state.employees[here.who.id]
    provisioned = Address(here.ehr.url, tmp_path)
    plan = make_plan(here.browser, Address(here.ehr.url), ADMIN, Wanted(), here.keep)
    provision(here.browser, provisioned, ADMIN, Wanted(), plan, here.keep, here.told.append, here.fence)
    assert {number for number, digest in told(here).items() if digest} == set(range(2, 15))
    assert {number: digest for number, digest in told(here).items() if digest} == kept(tmp_path)


@with_everything
@pytest.mark.parametrize("front", FRONTS)
def test_a_repair_of_what_is_right_pictures_the_role_and_the_record(at: Begin, front: Front, tmp_path: Path) -> None:
    here = at(front)
    plan = here.plan()
    folder = Address(here.ehr.url, tmp_path)
    repair(here.browser, folder, ADMIN, Wanted(), plan, here.keep, here.told.append, here.fence)
    assert {number for number, digest in told(here).items() if digest} == {2, 3, *range(8, 15)}
