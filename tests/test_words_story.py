"""A tenant that calls things by other words: proved in the stand-in, then used, everything real but the EHR."""

from __future__ import annotations

from pathlib import Path

import pytest

from automation.browser import Browser
from automation.errors import AutomationError
from automation.revolutionehr.address import Address
from automation.revolutionehr.desired import Wanted
from automation.revolutionehr.plan import make_plan
from automation.revolutionehr.words import parse
from sandbox.ehr import ADMIN_USERNAME, SandboxEhr
from storage.models import Plan
from tests.automation.test_record import NothingKept
from tests.automation.test_repair import ADMIN
from tests.onespot import PRACTICE, Story, with_everything

pytestmark = pytest.mark.browser

TENANT = """\
build = "any"

[words]
"Admin" = "Settings"
"Employee/Roles" = "Staff/Security"
"User Roles" = "Security Roles"
"Employees" = "Staff"
"User Role Name" = "Role Title"
"Add" = "Create new"
"Save" = "Apply"
"First Name" = "Given Name"
"Username" = "Sign-in Name"
"Temporary Password" = "Initial Password"
"Confirm Temporary Password" = "Repeat Initial Password"
"Login Allowed" = "May sign on"
"Allow Emergency Access" = "Break glass"
"Location Access" = "Office Access"
"Primary Location" = "Home Office"
"Accessible Locations" = "Offices"

[permissions]
"Accounting Module" = "Accounting & Billing"
"View Invoices" = "Invoices: View"
"General" = "General Settings"
"""


def plan(browser: Browser, ehr: SandboxEhr, words: str) -> Plan:
    address = Address(ehr.url, words=parse(words))
    return make_plan(browser, address, ADMIN, Wanted(), NothingKept())  # type: ignore[arg-type]


def at_a_tenant() -> SandboxEhr:
    labels, permissions = parse(TENANT).renamed()
    return SandboxEhr("legacy", labels=labels, permissions=permissions)


def test_a_plan_finds_its_way_by_the_tenant_s_words(browser: Browser) -> None:
    with at_a_tenant() as ehr:
        made = plan(browser, ehr, TENANT)
        assert (made.ehr_id, made.primary_location, len(made.locations)) == ("2915", "Fairhaven Main", 3)
        assert ehr.state.mutations == []


@with_everything
def test_without_the_words_or_for_another_build_it_says_what_it_looked_for(browser: Browser) -> None:
    with at_a_tenant() as ehr:
        with pytest.raises(AutomationError) as lost:
            plan(browser, ehr, TENANT.replace('"Employees" = "Staff"\n', ""))
        assert "“Employees” isn't on the screen. Looked for a menu entry" in lost.value.what
        with pytest.raises(AutomationError) as unused:
            plan(browser, ehr, TENANT.replace('"any"', '"191000"'))
        assert "for build 191000, and this is 192124: it wasn't used." in unused.value.do


@with_everything
def test_words_are_proved_then_used_by_plan_guide_and_check(tmp_path: Path) -> None:
    with at_a_tenant() as ehr:
        story = Story(ehr, tmp_path)
        (tmp_path / "tenant.toml").write_text(TENANT)
        refused = story.provision("--words", "tenant.toml")
        assert (refused.status, ehr.state.sessions) == (2, [])
        proved = story.onespot("words", "try", "tenant.toml")
        assert proved.status == 0, proved
        assert "Proved, in both front ends." in proved.out
        assert ehr.state.sessions == []  # the proof is made in a stand-in of its own
        done = story.provision("--words", "tenant.toml")
        assert done.status == 0, done
        assert [one.what for one in ehr.state.mutations] == ["role created", "employee created", "password reset"]
        checked = story.onespot("check", PRACTICE, "--words", "tenant.toml")
        assert checked.status == 0, checked


@with_everything
def test_words_that_collide_with_others_of_the_screen_are_not_proved(tmp_path: Path) -> None:
    with SandboxEhr("legacy") as ehr:
        story = Story(ehr, tmp_path)
        (tmp_path / "tenant.toml").write_text('build = "any"\n[words]\n"First Name" = "Middle Name"\n')
        tried = story.onespot("words", "try", "tenant.toml")
        assert tried.status == 1, tried
        assert (
            "Not proved: in the legacy front end the guide can't be walked. “First Name” fits 2 controls" in tried.err
        )
        assert not (tmp_path / "tenant.toml.proved").exists()
        assert ADMIN_USERNAME not in tried.out + tried.err
