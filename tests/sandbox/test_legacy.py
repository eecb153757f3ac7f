"""The `legacy` front end: a person can do the whole guide on it, it keeps the awkward facts, it acts out its faults.

Everything is done by selectors written by hand for this markup: what the automation finds is tested elsewhere.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Browser, Dialog, Error, Locator, Page, expect

from automation.browser import open_browser
from sandbox.ehr import ADMIN_PASSWORD, ADMIN_USERNAME, SandboxEhr
from sandbox.ehr.permissions import ONESPOT_PERMISSIONS
from tests.sandbox.conftest import FINAL, ONESPOT, TEMPORARY

pytestmark = pytest.mark.browser

SIX = {
    "Accounting Module": ("View Invoices", "View Claims"),
    "Administration Module": ("View Administration", "General", "Employee/Roles", "Vendors/Partners"),
}


class Person:
    """Somebody in front of the screen, with the deeds that the guide asks for."""

    def __init__(self, page: Page, ehr: SandboxEhr) -> None:
        self.page = page
        self.ehr = ehr
        self.header = page.locator("#header .main-nav")
        self.logout_icon = page.locator("#header .user-nav .fa-power-off")
        self.form = page.locator(".record:visible")
        self.rows = page.locator(".rev-administration-app tbody tr:visible")
        self.errors = page.locator("rev-model-validation li:visible")

    def log_in(self, username: str = ADMIN_USERNAME, password: str = ADMIN_PASSWORD) -> Person:
        if not self.page.url.startswith(self.ehr.url):
            self.page.goto(self.ehr.url)
        self.page.locator("#login-panel input[placeholder=Username]").fill(username)
        self.page.locator("#login-panel input[placeholder=Password]").fill(password)
        self.page.locator("#login-panel button[type=submit]").click()
        return self

    def log_out(self) -> None:
        self.logout_icon.click()
        expect(self.page.locator("#login-panel input[placeholder=Username]")).to_be_visible()

    def module(self, name: str) -> None:
        self.header.locator(f"li:has(> a .nav-name:text-is('{name}')) > a").click()

    def open(self, group: str, item: str) -> Person:
        """Admin > group > item, as a person does: the group is opened if it is closed."""
        self.module("Admin")
        panel = self.page.locator("#sidebar .panel", has=self.page.locator(f".panel-heading a:text-is('{group}')"))
        expect(panel).to_be_visible()
        entry = panel.locator(f"li a:text-is('{item}')")
        if not entry.is_visible():
            panel.locator(".panel-heading a").click()
        entry.click()
        expect(self.page.locator(f"#main .nav-tabs a:visible:text-is('{item}')")).to_be_visible()
        return self

    def add(self) -> None:
        self.page.locator("#main .nav-tools .fa-plus:visible").click()
        expect(self.save_button()).to_be_visible()

    def save_button(self) -> Locator:
        return self.page.locator("button[rev-button=save]:visible")

    def save(self) -> None:
        """Save, until the form is gone."""
        self.save_button().click()
        expect(self.form).to_have_count(0)

    def group(self, label: str) -> Locator:
        """The visible form group with this label; the label may end with a star."""
        label_of = self.page.locator("label.control-label", has_text=re.compile(rf"^{label}\s*\*?$"))
        return self.form.locator(".form-group:visible", has=label_of)

    def fill(self, label: str, text: str) -> None:
        self.group(label).locator("input").fill(text)

    def type(self, label: str, text: str) -> str:
        """What a field holds after a text was typed into it."""
        field = self.group(label).locator("input")
        field.press_sequentially(text)
        return field.input_value()

    def section(self, name: str) -> None:
        self.form.locator(f".section-tabs > .nav-tabs a:text-is('{name}')").click()

    def unfold(self, name: str) -> None:
        """Opens a closed part of Login Details."""
        self.form.locator(f".accordion-toggle:has-text('{name}')").click()

    # Roles

    def line(self, name: str, within: str | None = None) -> Locator:
        """A line of the permission tree: a module, or what is directly below one."""
        here = self.form.locator(".permission-tree > li")
        if within is not None:
            here = here.filter(has=self.page.locator(f":scope > .permission .tree-name:text-is('{within}')"))
            here = here.locator("> ul > li")
        return here.locator("> .permission").filter(has=self.page.locator(f".tree-name:text-is('{name}')"))

    def expand(self, module: str) -> None:
        self.line(module).locator(".tree-arrow").click()
        expect(self.form.locator(".permission-tree > li > ul > li").first).to_be_visible()

    def tick_six(self) -> None:
        for module, names in SIX.items():
            self.expand(module)
            for name in names:
                self.line(name, module).locator("input").click()

    def ticked(self) -> list[str]:
        return self.form.locator(".permission:has(input:checked) .tree-name").all_inner_texts()

    def make_role(self) -> None:
        self.open("Employee/Roles", "User Roles").add()
        self.fill("User Role Name", "OneSpot")
        self.tick_six()

    # Employees

    def pick(self, label: str, *options: str) -> None:
        """Opens a select that is a div and picks."""
        group = self.group(label)
        group.locator(".multiselect").click()
        for option in options:
            group.locator("label.dropdown-item").filter(has_text=re.compile(rf"^\s*{option}\s*$")).click()
        if group.locator(".multiselect-container").is_visible():
            group.locator(".control-label").click()
            self.page.locator("#footer").click()
        expect(group.locator(".multiselect-text")).to_have_text(", ".join(options))

    def boxes(self, label: str) -> Locator:
        return self.form.locator(f"label.checkbox:visible:has-text('{label}') input")

    def fill_employee(self, username: str = ONESPOT) -> None:
        """Everything that the guide asks for, short of Save."""
        self.open("Employee/Roles", "Employees").add()
        self.fill("First Name", "Sync")
        self.fill("Last Name", "OneSpot")
        self.section("Login Details")
        self.fill("Username", username)
        self.fill("Temporary Password", TEMPORARY)
        self.fill("Confirm Temporary Password", TEMPORARY)
        self.unfold("User Roles")
        self.pick("User Roles", "OneSpot")
        self.section("Location Access")
        self.pick("Primary Location", "Fairhaven Main")
        for box in self.form.locator(".location-list input").all():
            box.check()


Sit = Callable[..., AbstractContextManager[Person]]


@pytest.fixture
def sit(chromium: Browser) -> Sit:
    """A person in front of a fresh EHR with these faults; afterwards no script of the page may have failed."""

    @contextlib.contextmanager
    def sit_down(*faults: str, test_ids: bool = True) -> Iterator[Person]:
        broken: list[str] = []
        with SandboxEhr("legacy", faults=faults, test_ids=test_ids) as ehr:
            context = chromium.new_context(viewport={"width": 1920, "height": 1080})
            page = context.new_page()
            page.set_default_timeout(15_000)
            page.on("pageerror", lambda error: broken.append(str(error)))
            page.on("console", lambda line: broken.append(line.text) if "Error: [" in line.text else None)
            try:
                yield Person(page, ehr)
            finally:
                context.close()
        assert broken == []

    return sit_down


# The guide


@pytest.mark.parametrize("test_ids", [True, False], ids=["with test ids", "without test ids"])
def test_a_person_can_do_the_whole_guide(sit: Sit, test_ids: bool) -> None:
    with sit(test_ids=test_ids) as person:
        page, state = person.page, person.ehr.state
        person.log_in().open("General", "Basic Information")
        label = page.locator("label.control-label:text-is('ID')")
        static = page.locator(".form-group:visible", has=label).locator(".form-control-static")
        expect(static).to_have_text("2915")
        username = f"OneSpot{static.text_content()}"

        person.make_role()
        person.save()
        expect(page.locator("#successToast .e-toast")).to_have_text("User Role saved.")

        person.fill_employee(username)
        person.section("Login Details")
        assert not person.boxes("Allow Emergency Access").is_checked()
        person.unfold("Login Restrictions")
        expect(person.boxes("Login Allowed")).to_have_count(7)
        assert all(box.is_checked() for box in person.boxes("Login Allowed").all())
        person.save()
        person.log_out()

        person.log_in(ONESPOT, TEMPORARY)
        page.locator("#login-panel input[placeholder='New Password']").fill(FINAL)
        page.locator("#login-panel input[placeholder='Confirm Password']").fill(FINAL)
        page.locator("#login-panel button[type=submit]").click()
        expect(person.logout_icon).to_be_visible()
        person.log_out()
        person.log_in(ONESPOT, FINAL)
        expect(person.logout_icon).to_be_visible()
        assert person.header.locator(".nav-name").all_inner_texts() == ["Home", "Accounting", "Admin"]
        person.log_out()

        (role,) = state.roles_named("OneSpot")
        assert role.permissions == ONESPOT_PERMISSIONS
        who = state.employee(ONESPOT)
        assert who is not None
        assert (who.name, who.role_ids, who.emergency, who.must_reset) == ("Sync OneSpot", [role.id], False, False)
        assert who.primary_location_id == "4471"
        assert sorted(who.location_ids) == ["4471", "4488", "4602"]
        assert all(day.allowed for day in who.days.values())
        assert [one.what for one in state.mutations] == ["role created", "employee created", "password reset"]
        assert {one.ended_how for one in state.sessions} == {"logged out"}
        assert (page.locator("[data-test-id]").count() > 0) is test_ids


# The awkward facts


def test_the_login_form_stays_in_the_document_with_what_was_typed(sit: Sit) -> None:
    with sit() as person:
        person.log_in()
        expect(person.logout_icon).to_be_visible()
        password = person.page.locator("[data-test-id=loginPassword]")
        expect(password).to_be_hidden()
        expect(password).to_have_value(ADMIN_PASSWORD)


def test_header_items_exist_twice_have_no_href_and_logout_has_no_name(sit: Sit) -> None:
    with sit() as person:
        person.log_in()
        expect(person.page.locator("[data-test-id=headerParentNavigateButtonadmin]")).to_be_visible()
        expect(person.page.locator("[data-test-id=headerParentNavigateButtonMobileadmin]")).to_be_hidden()
        expect(person.page.get_by_role("link", name="Admin")).to_have_count(0)
        logout = person.page.locator("[data-test-id=headerLogoutButton] a")
        assert logout.evaluate("e => [e.textContent, e.title, e.ariaLabel, e.getAttribute('href')]") == [
            "",
            "",
            None,
            None,
        ]
        expect(person.page.get_by_text("Logout")).to_be_hidden()


def test_labels_are_tied_to_nothing(sit: Sit) -> None:
    with sit() as person:
        person.log_in().open("Employee/Roles", "Employees").add()
        for label in ("First Name", "Username", "Temporary Password", "Primary Location"):
            expect(person.page.get_by_label(label)).to_have_count(0)


def test_a_folder_box_ticks_everything_below_and_its_children_come_late(sit: Sit) -> None:
    with sit() as person:
        person.log_in().open("Employee/Roles", "User Roles").add()
        expect(person.line("Accounting Module")).to_be_visible()
        expect(person.line("View Invoices", "Accounting Module")).to_have_count(0)
        person.line("Accounting Module").locator("input").click()
        person.expand("Accounting Module")
        expect(person.line("Edit Invoices", "Accounting Module").locator("input")).to_be_checked()
        person.line("Edit Invoices", "Accounting Module").locator("input").click()
        expect(person.line("Accounting Module").locator("input")).not_to_be_checked()


def test_an_existing_role_shows_its_permissions(sit: Sit) -> None:
    with sit("role-exists-different") as person:
        person.log_in().open("Employee/Roles", "User Roles")
        person.rows.get_by_text("OneSpot", exact=True).click()
        expect(person.group("User Role Name").locator("input")).to_have_value("OneSpot")
        person.expand("Accounting Module")
        assert set(person.ticked()) == {"View Invoices", "Edit Invoices", "View Claims"}


def test_opened_records_stay_as_tabs_with_a_second_form(sit: Sit) -> None:
    with sit() as person:
        person.log_in().open("Employee/Roles", "Employees")
        person.rows.get_by_text("Begmatov", exact=True).click()
        expect(person.group("First Name").locator("input")).to_have_value("Farrukh")
        person.page.locator("#main .nav-tabs a:visible:text-is('Employees')").click()
        person.rows.get_by_text("Dubrow", exact=True).click()
        expect(person.group("First Name").locator("input")).to_have_value("Camille")
        expect(person.page.locator("input[name=firstName]")).to_have_count(2)
        person.page.locator("#main .fa-close:visible").last.click()
        expect(person.rows).to_have_count(10)
        expect(person.page.locator("input[name=firstName]")).to_have_count(2)


def test_a_row_icon_deactivates_at_once(sit: Sit) -> None:
    with sit() as person:
        person.log_in().open("Employee/Roles", "Employees")
        row = person.rows.filter(has_text="cdubrow")
        row.locator(".fa-times").click()
        expect(row).to_have_count(0)
        person.page.locator("button:visible:text-is('Inactive')").click()
        expect(row).to_be_visible()
        who = person.ehr.state.employee("cdubrow")
        assert who is not None
        assert not who.active


def test_lists_have_ten_rows_and_search_on_enter_or_button(sit: Sit) -> None:
    with sit() as person:
        person.log_in().open("Employee/Roles", "Employees")
        expect(person.rows).to_have_count(10)
        person.page.locator("[data-test-id=pagination-next]:visible").click()
        expect(person.rows.get_by_text("Spotswood", exact=True)).to_be_visible()
        expect(person.rows).to_have_count(6)
        search = person.page.locator(".list-search:visible input")
        search.fill("wren")
        expect(person.rows).to_have_count(6)
        search.press("Enter")
        expect(person.rows).to_have_count(1)
        search.fill("quill")
        person.page.locator("button[rev-button=search]:visible").click()
        expect(person.rows.get_by_text("Perpetua", exact=True)).to_be_visible()


def test_basic_information_is_also_a_section_of_a_location(sit: Sit) -> None:
    with sit() as person:
        person.log_in().open("General", "Locations")
        person.rows.get_by_text("Lakeside Optical", exact=True).click()
        expect(person.page.locator("#main h4:visible")).to_have_text("Basic Information")
        expect(person.page.locator("#main rev-static:visible").first).to_contain_text("4602")


def test_accounting_opens_from_a_menu(sit: Sit) -> None:
    with sit() as person:
        person.log_in().header.locator("li:has-text('Accounting')").first.hover()
        person.page.locator("[data-test-id=headerChildNavigateButtonclaims]").click()
        expect(person.page.locator(".rev-accounting-app").get_by_text("Northern Vision Mutual")).to_be_visible()


def test_a_locked_session_comes_back_with_its_forms(sit: Sit) -> None:
    with sit() as person:
        person.log_in().open("Employee/Roles", "User Roles").add()
        person.fill("User Role Name", "Half done")
        person.page.locator("[data-test-id=headerUserMenu] > a").click()
        person.page.locator("[data-test-id=headerUserLockScreen]").click()
        lock = person.page.locator("[data-test-id=lockPage]")
        lock.locator("input").fill(ADMIN_PASSWORD)
        lock.locator("button").click()
        expect(person.group("User Role Name").locator("input")).to_have_value("Half done")


# Between the password and the application


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("multiple-login", "Click here to clear all active sessions"),
        ("session-expired-message", "Your session has expired"),
        ("session-locked-message", "Your session is locked"),
        ("outdated-browser-banner", "You may be using an old browser"),
        ("motd-warning", "Scheduled maintenance tonight"),
        ("account-locked", "Your account has been locked"),
        ("login-500-once", "An unexpected error has occurred"),
        ("admin-password-expired", "Your password must be changed"),
        ("mfa", "verification code"),
        ("sso", "single sign-on"),
        ("agreements-admin", "You must accept the following agreement"),
        ("expired-agreements-admin", "Updated License Agreement"),
        ("lock-state", "enter your password to unlock"),
    ],
)
def test_the_panel_says_what_stands_in_the_way(sit: Sit, fault: str, words: str) -> None:
    with sit(fault) as person:
        person.page.goto(person.ehr.url)
        if not fault.endswith(("-message", "-banner", "-warning")):
            person.log_in()
        expect(person.page.get_by_text(words)).to_be_visible()
        expect(person.logout_icon).to_be_hidden()


def test_clearing_other_sessions_lets_the_login_through(sit: Sit) -> None:
    with sit("multiple-login") as person:
        person.log_in()
        person.page.locator("#message-list a[ng-click='forceLogout()']").click()
        expect(person.page.locator("#message-list a[ng-click='forceLogout()']")).to_be_hidden()
        person.log_in()
        expect(person.logout_icon).to_be_visible()


def test_an_agreement_is_read_ticked_and_accepted(sit: Sit) -> None:
    with sit("agreements-admin", "release-notes-modal") as person:
        person.log_in()
        person.page.locator(".agreements label.checkbox").click()
        person.page.locator("button:visible:text-is('Accept')").click()
        expect(person.page.locator(".modal-title")).to_contain_text("What's New")
        person.page.locator("button:visible:text-is('Got It')").click()
        expect(person.page.locator(".modal-title")).to_have_count(0)


@pytest.mark.parametrize("faults", [("reset-three-fields", "reset-back-to-login"), ("reset-500-but-done",)])
def test_the_reset_form_has_other_shapes_and_endings(sit: Sit, faults: tuple[str, ...]) -> None:
    with sit("employee-exists-by-hand", *faults) as person:
        who = person.ehr.state.employee(ONESPOT)
        assert who is not None
        who.must_reset = True
        person.log_in(ONESPOT, "Staff-Room-2026!")
        fields = person.page.locator("#login-panel input[type=password]:visible")
        expect(fields).to_have_count(3 if "reset-three-fields" in faults else 2)
        if "reset-three-fields" in faults:
            fields.nth(0).fill("Staff-Room-2026!")
        fields.nth(-2).fill(FINAL)
        fields.nth(-1).fill(FINAL)
        person.page.locator("#login-panel button[type=submit]").click()
        kind = "danger" if "reset-500-but-done" in faults else "success"
        expect(person.page.locator(f"#message-list .alert-{kind}:visible")).to_be_visible()
        person.log_in(ONESPOT, FINAL)
        expect(person.logout_icon).to_be_visible()


# The faults that the front end acts out


def test_the_id_can_stand_in_a_disabled_input(sit: Sit) -> None:
    with sit("id-in-disabled-input") as person:
        person.log_in().open("General", "Basic Information")
        field = person.page.locator("input[name=practiceId]")
        expect(field).to_have_value("2915")
        expect(field).to_be_disabled()


@pytest.mark.parametrize(("fault", "shown"), [("menu-groups-collapsed", 0), ("menu-groups-expanded", 9)])
def test_menu_groups_can_be_closed_or_open_on_arrival(sit: Sit, fault: str, shown: int) -> None:
    with sit(fault) as person:
        person.log_in().module("Admin")
        expect(person.page.locator("#sidebar .panel").first).to_be_visible()
        expect(person.page.locator("#sidebar li a:visible")).to_have_count(shown)


def test_a_folder_can_tick_nothing_below(sit: Sit) -> None:
    with sit("tree-no-cascade") as person:
        person.log_in().open("Employee/Roles", "User Roles").add()
        person.line("Accounting Module").locator("input").click()
        person.expand("Accounting Module")
        assert person.ticked() == ["Accounting Module"]


def test_ticking_general_can_tick_what_is_below_it(sit: Sit) -> None:
    with sit("general-is-a-folder") as person:
        person.log_in().make_role()
        person.line("General", "Administration Module").locator(".tree-arrow").click()
        expect(person.form.locator(".permission:has(input:checked)")).to_have_count(10)


def test_search_can_have_no_button_or_start_by_itself(sit: Sit) -> None:
    with sit("search-needs-enter") as person:
        person.log_in().open("Employee/Roles", "Employees")
        search = person.page.locator(".list-search:visible input")
        expect(person.page.locator("button[rev-button=search]")).to_have_count(0)
        person.ehr.faults.off("search-needs-enter")
        person.ehr.faults.on("search-debounce")
        person.page.locator("button:visible:text-is('Inactive')").click()
        expect(person.rows).to_have_count(3)
        search.press_sequentially("oakes")
        expect(person.rows).to_have_count(1)


def test_a_save_can_be_followed_by_no_message(sit: Sit) -> None:
    with sit("save-without-toast") as person:
        person.log_in().make_role()
        person.save()
        expect(person.rows.filter(has_text="OneSpotter")).to_be_visible()
        expect(person.page.locator(".e-toast")).to_have_count(0)


def test_a_message_can_be_gone_in_a_blink(sit: Sit) -> None:
    with sit("toast-vanishes") as person:
        person.log_in().make_role()
        person.page.evaluate(
            "() => new MutationObserver(() => { if (document.querySelector('.e-toast')) window.seen = true; })"
            ".observe(document.querySelector('#successToast'), {childList: true})"
        )
        person.save()
        person.page.wait_for_function("window.seen && !document.querySelector('.e-toast')")


def test_the_chat_badge_can_lie_over_save(sit: Sit) -> None:
    with sit("save-covered-by-badge") as person:
        person.log_in().make_role()
        person.page.set_default_timeout(1500)
        with pytest.raises(Error, match="intercepts pointer events"):
            person.save_button().click()
        person.save_button().press("Enter")
        expect(person.form).to_have_count(0)
        assert len(person.ehr.state.roles_named("OneSpot")) == 1


@pytest.mark.parametrize(("faults", "made"), [((), 1), (("save-twice-makes-two",), 2)])
def test_a_double_click_on_save_makes_one_or_two(sit: Sit, faults: tuple[str, ...], made: int) -> None:
    with sit(*faults) as person:
        person.log_in().make_role()
        person.save_button().dblclick()
        expect(person.form).to_have_count(0)
        with contextlib.suppress(Error):
            person.page.wait_for_function("() => false", timeout=700)
        assert len(person.ehr.state.roles_named("OneSpot")) == made


def test_sections_can_be_guarded_by_edit_and_update(sit: Sit) -> None:
    with sit("section-edit-buttons", "role-exists-identical") as person:
        person.log_in().open("Employee/Roles", "Employees").add()
        expect(person.group("First Name").locator("input")).to_be_disabled()
        person.form.locator("button:visible:text-is('Edit')").click()
        person.fill("First Name", "Sync")
        person.save_button().click()
        expect(person.errors).to_have_text("Please update or cancel the section that you are editing.")
        person.form.locator("button:visible:text-is('Update')").click()
        expect(person.group("First Name").locator("input")).to_be_disabled()
        person.section("Location Access")
        person.group("Primary Location").locator(".multiselect").click()
        expect(person.page.locator(".multiselect-container")).to_have_count(0)


def test_password_fields_can_cut_silently(sit: Sit) -> None:
    with sit("confirm-cut-differently") as person:
        person.log_in().open("Employee/Roles", "Employees").add()
        person.section("Login Details")
        assert person.type("Temporary Password", TEMPORARY) == TEMPORARY
        assert person.type("Confirm Temporary Password", TEMPORARY) == TEMPORARY[:12]
        person.ehr.faults.on("maxlength-12")
        person.page.reload()
        person.open("Employee/Roles", "Employees").add()
        person.section("Login Details")
        assert person.type("Temporary Password", TEMPORARY) == TEMPORARY[:12]


def test_a_new_role_can_be_missing_until_the_page_is_loaded_anew(sit: Sit) -> None:
    with sit("new-role-missing-until-reload") as person:
        person.log_in().make_role()
        person.save()
        for found in (0, 1):
            person.open("Employee/Roles", "Employees").add()
            person.section("Login Details")
            person.unfold("User Roles")
            person.group("User Roles").locator(".multiselect").click()
            option = person.page.locator("label.dropdown-item").filter(has_text=re.compile(r"^\s*OneSpot\s*$"))
            expect(option).to_have_count(found)
            person.page.reload()


def test_locations_can_be_many_with_select_all_and_ticked_by_the_primary(sit: Sit) -> None:
    with sit("many-locations", "select-all-present", "primary-auto-ticks") as person:
        person.log_in().open("Employee/Roles", "Employees").add()
        person.section("Location Access")
        boxes = person.form.locator(".location-list input")
        expect(boxes).to_have_count(14)
        person.pick("Primary Location", "Juniper Square")
        expect(person.boxes("Juniper Square")).to_be_checked()
        person.form.locator("input[placeholder='Search locations']").fill("mill")
        expect(boxes).to_have_count(0)
        person.form.locator("input[placeholder='Search locations']").fill("")
        person.form.locator("a:text-is('Select All')").click()
        expect(person.form.locator(".location-list input:checked")).to_have_count(14)


def test_leaving_unsaved_changes_can_be_asked_about(sit: Sit) -> None:
    with sit("unsaved-changes-dialog", "native-beforeunload") as person:
        asked: list[str] = []

        def yes(dialog: Dialog) -> None:
            asked.append(dialog.type)
            dialog.accept()

        person.page.on("dialog", yes)
        person.log_in().open("Employee/Roles", "User Roles").add()
        person.fill("User Role Name", "Half done")
        person.page.reload()
        assert asked == ["beforeunload"]
        person.open("Employee/Roles", "User Roles").add()
        person.fill("User Role Name", "Half done")
        person.logout_icon.click()
        person.page.locator(".modal button:text-is('No')").click()
        expect(person.group("User Role Name").locator("input")).to_have_value("Half done")
        person.logout_icon.click()
        person.page.locator(".modal button:text-is('Yes')").click()
        expect(person.page.locator("#login-panel input[placeholder=Username]")).to_be_visible()


TYPES_AT_ONCE = """
    new MutationObserver((_, watch) => {
        const field = document.querySelector('[data-test-id=loginPassword]');
        if (!field) return;
        watch.disconnect();
        field.focus();
        window.wasInPassword = document.activeElement === field;
    }).observe(document, { subtree: true, childList: true });
"""
"""Puts the cursor into the password's field as soon as there is one, however slow the machine is."""


def test_the_focus_can_jump_to_the_username_while_the_password_is_typed(sit: Sit) -> None:
    with sit("late-autofocus") as person:
        person.page.add_init_script(TYPES_AT_ONCE)
        person.page.goto(person.ehr.url)
        expect(person.page.locator("[data-test-id=loginUsername]")).to_be_focused()
        assert person.page.evaluate("window.wasInPassword")


def test_resting_on_a_cell_can_show_its_text_twice(sit: Sit) -> None:
    with sit("cell-popovers") as person:
        person.log_in().open("Employee/Roles", "User Roles")
        person.rows.get_by_text("Scribe", exact=True).hover()
        expect(person.rows.get_by_text("Scribe", exact=True)).to_have_count(2)


def test_admin_can_stand_in_an_iframe(sit: Sit) -> None:
    with sit("admin-in-iframe", "tree-animated") as person:
        person.log_in().module("Admin")
        frame = person.page.frame_locator(".admin-frame")
        frame.locator("#sidebar a:text-is('Employee/Roles')").click()
        frame.locator("#sidebar a:text-is('User Roles')").click()
        frame.locator("#main .nav-tools .fa-plus").click()
        expect(frame.locator(".permission-tree > li")).to_have_count(11)
        frame.locator(".tree-arrow").first.click()
        frame.locator(".permission", has_text="View Claims History").locator("input").click()
        expect(frame.locator("#header")).to_be_hidden()
        person.log_out()


def test_a_new_version_can_ask_for_a_reload(sit: Sit) -> None:
    with sit("app-update-banner") as person:
        person.log_in()
        person.page.locator(".app-update a").click()
        expect(person.logout_icon).to_be_visible()


def test_a_banner_can_say_that_the_password_expires_soon(sit: Sit) -> None:
    with sit("password-expires-soon") as person:
        expect(person.log_in().page.get_by_text("Your password will expire in 5 days")).to_be_visible()


def test_errors_of_the_server_stand_at_the_top_of_the_form(sit: Sit) -> None:
    with sit("save-validation-list", "admin-page-500-once") as person:
        person.log_in().make_role()
        person.save_button().click()
        expect(person.save_button()).to_be_disabled()
        expect(person.errors).to_have_text(["External Reference is required.", "Cost Center is required."])
        person.open("Employee/Roles", "Employees")
        expect(person.page.locator("#main .alert-danger:visible")).to_contain_text("unexpected error")
        person.log_out()
        person.log_in().open("Employee/Roles", "Employees")
        expect(person.rows).to_have_count(10)


def test_a_session_that_timed_out_leads_back_to_login(sit: Sit) -> None:
    with sit("session-timeout-mid-form") as person:
        person.log_in().make_role()
        person.save_button().click()
        expect(person.page.locator("#message-list .alert-danger:visible")).to_contain_text("session has expired")
        person.log_in().make_role()
        person.save()
        assert len(person.ehr.state.roles_named("OneSpot")) == 1


def test_the_role_form_can_freeze_the_page() -> None:
    """The page sends a heartbeat until it freezes. Closing a frozen page can take for ever: its browser is killed."""
    with SandboxEhr(faults=["frozen-page"]) as ehr, open_browser(os.environ.get("BROWSER")) as browser:
        elsewhere = browser._chromium.new_page()
        person = Person(browser._chromium.new_page(), ehr)
        person.log_in().open("Employee/Roles", "User Roles")
        beats: list[str] = []
        person.page.on("request", lambda request: beats.append(request.url) if "beat" in request.url else None)
        person.page.evaluate("() => { setInterval(() => fetch('/beat'), 40); }")
        elsewhere.wait_for_timeout(300)
        assert beats
        person.page.locator("#main .nav-tools .fa-plus:visible").click(no_wait_after=True)
        elsewhere.wait_for_timeout(500)
        beats.clear()
        elsewhere.wait_for_timeout(300)
        assert beats == []
        browser.kill()
