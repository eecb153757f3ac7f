"""The `modern` front end: a person can do the whole guide on it, it keeps the awkward facts, it acts out its faults.

Everything is done by selectors written by hand for this markup; what the automation finds by itself is tested
elsewhere.
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
from sandbox.ehr.faults import FRONT
from sandbox.ehr.permissions import ONESPOT_PERMISSIONS
from sandbox.ehr.seed import STAFF_PASSWORD
from sandbox.ehr.server import ADMIN_PASSWORD, ADMIN_USERNAME, SandboxEhr
from sandbox.ehr.state import WEEKDAYS

pytestmark = pytest.mark.browser

TEMPORARY = "Quartz-Lantern-58-Birch"
FINAL = "Meadow!Copper#7714-Vine"
ROW = 38
"""Pixels, the height of a line of the permission tree."""


class Person:
    """Somebody in front of the screen, with the deeds that the guide asks for."""

    def __init__(self, page: Page, ehr: SandboxEhr) -> None:
        self.page = page
        self.ehr = ehr

    def log_in(self, username: str = ADMIN_USERNAME, password: str = ADMIN_PASSWORD) -> Person:
        if not self.page.url.startswith(self.ehr.url):
            self.page.goto(self.ehr.url)
        self.page.get_by_placeholder("Username", exact=True).fill(username)
        self.page.get_by_placeholder("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Login").click()
        return self

    def log_out(self) -> None:
        self.page.locator(".header-logout a").click()
        expect(self.page.get_by_placeholder("Username", exact=True)).to_be_visible()

    def open(self, group: str, title: str) -> Person:
        self.page.locator(".header-wide [data-module=administration]").click()
        self.page.locator(".top-tab", has_text=group).click()
        self.page.locator(".card-title:visible").get_by_text(title, exact=True).click()
        expect(self.page.get_by_role("heading", name=title, exact=True, level=2)).to_be_visible()
        return self

    def add(self) -> Person:
        self.page.locator(".grid-tools:visible .primary").click()
        expect(self.button("Save")).to_be_visible()
        return self

    def button(self, name: str) -> Locator:
        return self.page.locator(f"button:visible:text-is('{name}')")

    def save(self) -> None:
        self.button("Save").click()
        expect(self.button("Save")).to_be_hidden()

    def step(self, title: str) -> None:
        self.page.locator(".step:visible", has_text=title).click()

    # The form of a role

    def tree(self) -> list[tuple[int, int, str]]:
        """Every line of the permission tree, in view or not: number, level, name."""
        rows = self.page.locator(".tree-rows:visible")
        expect(rows.locator(".tree-row").first).to_be_visible()
        lines: dict[int, tuple[int, int, str]] = {}
        for top in range(0, rows.evaluate("e => e.scrollHeight"), 8 * ROW):
            self._scroll_tree(top)
            for line in rows.locator(".tree-row").evaluate_all(
                "all => all.map(e => [+e.ariaRowIndex, +e.ariaLevel, e.querySelector('.tree-text').textContent])"
            ):
                lines[line[0]] = (line[0], line[1], line[2])
        return [lines[number] for number in sorted(lines)]

    def line(self, module: str, name: str = "") -> Locator:
        """The line of a module, or of a permission directly below it."""
        lines = self.tree()
        start = next(i for i, line in enumerate(lines) if line[1:] == (1, module))
        if name:
            start = next(i for i in range(start + 1, len(lines)) if lines[i][1:] == (2, name))
        number = lines[start][0]
        self._scroll_tree((number - 4) * ROW)
        return self.page.locator(f".tree-row[aria-rowindex='{number}']:visible")

    def expand(self, module: str) -> None:
        self.line(module).locator(".twisty").click()
        expect(self.line(module)).to_have_attribute("aria-expanded", "true")

    def tick(self, module: str, name: str) -> None:
        box = self.line(module, name).get_by_role("checkbox")
        box.click()
        expect(box).to_have_attribute("aria-checked", "true")

    def _scroll_tree(self, top: int) -> None:
        self.page.locator(".tree-rows:visible").evaluate(
            "(e, top) => new Promise(done => { e.scrollTop = top; requestAnimationFrame(() => setTimeout(done)); })",
            top,
        )

    # The form of an employee

    def beside(self, caption: str) -> Locator:
        """The control below a caption that is tied to nothing."""
        fields = self.page.locator(".field:visible")
        return fields.filter(has=self.page.locator(f".field-label:text-matches('^{caption}\\\\s*\\\\*?$')"))

    def labelled(self, label: str) -> Locator:
        """The input inside the open shadow root of a field."""
        return self.page.locator(f"rev-field[label='{label}']:visible input")

    def pick_role(self, name: str) -> None:
        self.page.locator(".chips:visible").click()
        popup = self.page.locator(".popup.is-open")
        popup.get_by_role("option").get_by_text(name, exact=True).click()
        expect(self.page.locator(".chips:visible .chip-text").get_by_text(name, exact=True)).to_be_visible()
        self.page.keyboard.press("Escape")
        expect(popup).to_be_hidden()

    def pick_primary(self, name: str) -> None:
        self.beside("Primary Location").locator(".combobox").click()
        self.page.locator(".popup.is-open").get_by_role("option", name=name, exact=True).click()
        expect(self.beside("Primary Location").locator(".combobox-value")).to_have_text(name)

    def places(self) -> Locator:
        return self.page.locator(".places:visible").get_by_role("option")

    def fill_employee(self, username: str, role: str, password: str = TEMPORARY) -> None:
        """Everything that the guide asks for, short of Save."""
        self.beside("First Name").locator("input").fill("Sync")
        self.beside("Last Name").locator("input").fill("OneSpot")
        self.step("Login Details")
        self.labelled("Username").fill(username)
        self.labelled("Temporary Password").fill(password)
        self.labelled("Confirm Temporary Password").fill(password)
        self.pick_role(role)
        self.step("Location Access")
        self.pick_primary("Fairhaven Main")
        for place in self.places().all():
            place.click()
            expect(place).to_have_attribute("aria-selected", "true")

    def employees(self) -> Person:
        return self.open("Employee/Roles", "Employees")

    def names(self) -> Locator:
        return self.page.locator(".grid-body:visible .grid-link")


Sit = Callable[..., AbstractContextManager[Person]]


@contextlib.contextmanager
def seat(chromium: Browser, *faults: str, test_ids: bool = True) -> Iterator[Person]:
    """A person in front of a fresh EHR with these faults."""
    with SandboxEhr("modern", faults=faults, test_ids=test_ids) as ehr:
        page = chromium.new_context(viewport={"width": 1920, "height": 1080}).new_page()
        page.set_default_timeout(15_000)
        yield Person(page, ehr)


@pytest.fixture
def sit(chromium: Browser) -> Sit:
    """`seat` in the common browser; afterwards no script of the page may have failed."""

    @contextlib.contextmanager
    def sit_down(*faults: str, test_ids: bool = True) -> Iterator[Person]:
        with seat(chromium, *faults, test_ids=test_ids) as person:
            broken: list[str] = []
            person.page.on("pageerror", lambda error: broken.append(str(error)))
            try:
                yield person
            finally:
                person.page.context.close()
            assert broken == []

    return sit_down


# The guide


@pytest.mark.parametrize("test_ids", [True, False], ids=["with test ids", "without test ids"])
def test_a_person_can_do_the_whole_guide(sit: Sit, test_ids: bool) -> None:
    with sit(test_ids=test_ids) as person:
        page, state = person.page, person.ehr.state
        person.log_in()

        person.open("General", "Basic Information")
        fact = page.locator(".fact", has=page.locator(".field-label:text-is('ID')")).locator(".fact-value")
        expect(fact).to_have_text(re.compile(r"^\d+$"))
        username = f"OneSpot{fact.inner_text()}"

        person.open("Employee/Roles", "User Roles").add()
        page.locator("rev-field[label='User Role Name'] input").fill("OneSpot")
        person.expand("Accounting Module")
        for name in ("View Invoices", "View Claims"):
            person.tick("Accounting Module", name)
        person.expand("Administration Module")
        for name in ("View Administration", "General", "Employee/Roles", "Vendors/Partners"):
            person.tick("Administration Module", name)
        expect(page.locator(".tree-summary:visible")).to_have_text("6 permissions selected")
        person.save()
        expect(page.get_by_role("status").filter(has_text="User role created")).to_be_visible()

        person.employees().add()
        person.fill_employee(username, "OneSpot")
        expect(page.locator(".places-count")).to_have_text("3 of 3 selected")
        person.step("Login Details")
        expect(page.get_by_role("switch", name="Allow Emergency Access")).to_have_attribute("aria-checked", "false")
        days = page.locator(".restrictions").get_by_role("checkbox")
        assert [box.get_attribute("aria-checked") for box in days.all()] == ["true"] * 7
        person.save()
        person.log_out()

        person.log_in(username, TEMPORARY)
        page.get_by_placeholder("New Password", exact=True).fill(FINAL)
        page.get_by_placeholder("Confirm New Password").fill(FINAL)
        page.get_by_role("button", name="Reset Password").click()
        expect(page.get_by_role("heading", name="Welcome, Sync")).to_be_visible()
        modules = page.locator(".header-wide .nav-name").all_inner_texts()
        person.log_out()
        person.log_in(username, FINAL)
        expect(page.get_by_role("heading", name="Welcome, Sync")).to_be_visible()
        person.log_out()

    who = state.employee("OneSpot2915")
    (role,) = state.roles_named("OneSpot")
    assert role.permissions == ONESPOT_PERMISSIONS
    assert who is not None
    assert (who.name, who.username, who.role_ids) == ("Sync OneSpot", "OneSpot2915", [role.id])
    assert (who.active, who.emergency, who.must_reset) == (True, False, False)
    assert {name: (day.allowed, day.start, day.end) for name, day in who.days.items()} == dict.fromkeys(
        WEEKDAYS, (True, "", "")
    )
    assert state.locations[who.primary_location_id].name == "Fairhaven Main"
    assert set(who.location_ids) == {place.id for place in state.locations.values() if place.active}
    assert modules == ["Accounting", "Admin"]
    assert [one.what for one in state.mutations] == ["role created", "employee created", "password reset"]
    assert {one.ended_how for one in state.sessions} == {"logged out"}


# The awkward facts


def test_the_login_form_stays_hidden_in_the_page_with_what_was_typed(sit: Sit) -> None:
    with sit() as person:
        person.log_in()
        expect(person.page.get_by_role("heading", name="Welcome, Maureen")).to_be_visible()
        username = person.page.get_by_placeholder("Username", exact=True)
        expect(username).to_have_value(ADMIN_USERNAME)
        expect(username).to_be_hidden()


def test_a_wrong_password_is_said_in_the_login_panel(sit: Sit) -> None:
    with sit() as person:
        person.log_in(password="not this one")
        expect(person.page.locator(".alert-danger:visible")).to_contain_text("incorrect")
        person.log_in()
        expect(person.page.locator(".header-wide")).to_be_visible()


def test_every_header_item_exists_twice_and_logout_has_no_name(sit: Sit) -> None:
    with sit() as person:
        page = person.log_in().page
        expect(page.locator("[data-test-id=headerParentNavigateButtonadmin]")).to_be_visible()
        expect(page.locator("[data-test-id=headerParentNavigateButtonMobileadmin]")).to_be_hidden()
        expect(page.get_by_text("Logout")).to_be_hidden()
        expect(page.get_by_role("link", name="Admin")).to_have_count(0)
        logout = page.locator("[data-test-id=headerLogoutButton] a")
        assert logout.evaluate("e => [e.textContent, e.title, e.ariaLabel, e.getAttribute('href')]") == [
            "",
            "",
            None,
            None,
        ]


def test_without_test_ids_no_element_carries_one(sit: Sit) -> None:
    with sit(test_ids=False) as person:
        person.log_in().employees().add()
        expect(person.page.locator("[data-test-id]")).to_have_count(0)


def test_only_the_permissions_in_view_are_in_the_page(sit: Sit) -> None:
    with sit() as person:
        person.log_in().open("Employee/Roles", "User Roles").add()
        person.expand("Accounting Module")
        person.expand("Administration Module")
        assert len(person.tree()) > 35
        assert person.page.locator(".tree-row").count() < 20
        assert sum(line[2] == "General" for line in person.tree()) == 1


def test_the_box_of_a_permission_folder_ticks_everything_below(sit: Sit) -> None:
    with sit() as person:
        person.log_in().open("Employee/Roles", "User Roles").add()
        person.line("Accounting Module").get_by_role("checkbox").click()
        expect(person.page.locator(".tree-summary:visible")).to_have_text("17 permissions selected")
        person.expand("Accounting Module")
        person.line("Accounting Module", "Void Invoices").get_by_role("checkbox").click()
        expect(person.line("Accounting Module").get_by_role("checkbox")).to_have_attribute("aria-checked", "mixed")


def test_employees_come_ten_at_a_time_active_ones_first_and_are_searched_by_name(sit: Sit) -> None:
    with sit() as person:
        page = person.log_in().employees().page
        expect(person.names()).to_have_count(10)
        expect(page.locator(".pager-summary:visible")).to_have_text("1 of 2 pages (16 items)")
        page.get_by_title("Go to next page").click()
        expect(person.names()).to_have_count(6)
        page.get_by_placeholder("Search").fill("oneSpot")
        expect(person.names()).to_have_text(["Onespotto, Sylvie"])
        page.get_by_role("button", name="Inactive", exact=True).click()
        expect(page.get_by_text("No records to display")).to_be_visible()
        expect(page.locator(".pager-summary:visible")).to_have_text("1 of 1 pages (1 items)")
        page.get_by_placeholder("Search").fill("")
        expect(person.names()).to_have_count(3)


def test_the_icon_in_an_employees_row_deactivates_at_once(sit: Sit) -> None:
    with sit() as person:
        page = person.log_in().employees().page
        page.locator(".grid-row", has_text="Begmatov").locator(".row-icon").click()
        expect(person.names().get_by_text("Begmatov")).to_have_count(0)
        who = person.ehr.state.employee("fbegmatov")
        assert who is not None
        assert not who.active


def test_opened_records_stay_as_tabs_with_hidden_copies_of_the_form(sit: Sit) -> None:
    with sit() as person:
        page = person.log_in().employees().page
        for name in ("Begmatov, Farrukh", "Castellane, Imogen"):
            person.names().get_by_text(name).click()
            expect(page.locator(".record-tab[aria-selected=true]:visible")).to_have_text(name)
            expect(person.button("Save")).to_have_count(1)
            page.locator(".record-tab", has_text="All Employees").click()
        person.open("General", "Locations")
        person.page.locator(".top-tab", has_text="Employee/Roles").click()
        person.page.locator(".card-title:visible").get_by_text("Employees", exact=True).click()
        page.locator(".record-tab", has_text="Begmatov").click()
        expect(page.locator("rev-field[label=Username]")).to_have_count(2)
        expect(person.beside("First Name").locator("input")).to_have_value("Farrukh")


def test_a_location_has_an_id_and_a_basic_information_of_its_own(sit: Sit) -> None:
    with sit() as person:
        page = person.log_in().open("General", "Locations").page
        person.names().get_by_text("Lakeside Optical").click()
        expect(page.get_by_role("heading", name="Basic Information", level=3)).to_be_visible()
        expect(page.locator(".fact:visible", has_text=re.compile("^ID"))).to_contain_text("4602")


def test_an_employee_can_be_changed_without_a_new_password(sit: Sit) -> None:
    with sit() as person:
        person.log_in().employees()
        person.names().get_by_text("Begmatov, Farrukh").click()
        person.step("Location Access")
        person.places().filter(has_text="Lakeside Optical").click()
        person.save()
        who = person.ehr.state.employee("fbegmatov")
        assert who is not None
        assert "4602" in who.location_ids
        assert person.ehr.state.password_is("fbegmatov", STAFF_PASSWORD)


def test_refused_values_are_listed_above_the_form_and_the_form_stays(sit: Sit) -> None:
    with sit() as person:
        page = person.log_in().employees().add().page
        person.button("Save").click()
        expect(page.locator(".form-errors:visible li").first).to_have_text("First Name is required.")
        expect(person.button("Save")).to_be_enabled()


def test_a_server_error_is_said_in_place_of_the_list_and_the_next_login_finds_it_mended(sit: Sit) -> None:
    with sit("admin-page-500-once") as person:
        page = person.log_in().employees().page
        expect(page.locator(".grid-error:visible")).to_contain_text("unexpected error")
        person.log_out()
        person.log_in().employees()
        expect(person.names()).to_have_count(10)


def test_who_may_only_look_is_offered_no_change(sit: Sit) -> None:
    with sit("role-exists-shared") as person:
        page = person.log_in("gmarsh", STAFF_PASSWORD).employees().page
        expect(person.names()).to_have_count(10)
        expect(page.locator(".row-icon, .grid-tools .primary")).to_have_count(0)
        person.names().first.click()
        expect(person.button("Close")).to_be_visible()
        expect(person.beside("First Name").locator("input")).to_be_disabled()
        person.step("Login Details")
        days = page.locator(".restrictions").get_by_role("checkbox")
        assert [box.get_attribute("aria-disabled") for box in days.all()] == ["true"] * 7
        expect(person.button("Save")).to_have_count(0)


# What stands between the password and the application


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ("mfa", "verification code"),
        ("sso", "single sign-on"),
        ("agreements-admin", "End User License Agreement"),
        ("expired-agreements-admin", "agreement has expired"),
        ("lock-state", "session is locked"),
        ("admin-password-expired", "Reset your password"),
        ("multiple-login", "Click here to clear all active sessions"),
        ("account-locked", "account has been locked"),
    ],
)
def test_a_login_can_end_before_the_application(sit: Sit, fault: str, text: str) -> None:
    with sit(fault) as person:
        person.log_in()
        expect(person.page.locator("#login-panel")).to_contain_text(text, ignore_case=True)
        expect(person.page.locator(".header-wide")).to_be_hidden()


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ("outdated-browser-banner", "outdated browser"),
        ("session-expired-message", "session has expired"),
        ("session-locked-message", "session is locked"),
    ],
)
def test_messages_stand_above_a_login_form_that_works(sit: Sit, fault: str, text: str) -> None:
    with sit(fault) as person:
        person.page.goto(person.ehr.url)
        expect(person.page.locator("#message-list .alert:visible")).to_contain_text(text)
        person.log_in()
        expect(person.page.locator(".header-wide")).to_be_visible()


def test_a_locked_session_goes_on_where_it_was(sit: Sit) -> None:
    with sit() as person:
        page = person.log_in().employees().add().page
        person.beside("First Name").locator("input").fill("Sync")
        page.locator(".header-link", has_text="Maureen Halloran").click()
        page.locator(".header-menu a:visible", has_text="Lock").click()
        page.locator("#login-panel input[type=password]:visible").fill(ADMIN_PASSWORD)
        person.button("Unlock").click()
        expect(person.beside("First Name").locator("input")).to_have_value("Sync")


def test_a_session_that_was_locked_meanwhile_keeps_the_form(sit: Sit) -> None:
    with sit() as person:
        page = person.log_in().employees().add().page
        person.beside("First Name").locator("input").fill("Sync")
        person.ehr.state.open_sessions(ADMIN_USERNAME)[0].state = "lock"
        person.button("Save").click()
        page.locator("#login-panel input[type=password]:visible").fill(ADMIN_PASSWORD)
        person.button("Unlock").click()
        expect(person.beside("First Name").locator("input")).to_have_value("Sync")


def test_a_session_that_times_out_in_a_form_ends_at_the_login_form(sit: Sit) -> None:
    with sit("session-timeout-mid-form") as person:
        page = person.log_in().employees().add().page
        person.button("Save").click()
        expect(page.get_by_placeholder("Username", exact=True)).to_be_visible()
        expect(page.locator("#message-list .alert:visible")).to_contain_text("expired")


def test_the_fields_of_the_reset_cut_passwords_too(sit: Sit) -> None:
    with sit("maxlength-12") as person:
        who = person.ehr.state.employee("gmarsh")
        assert who is not None
        who.must_reset = True
        person.log_in("gmarsh", STAFF_PASSWORD)
        for placeholder in ("New Password", "Confirm New Password"):
            field = person.page.get_by_placeholder(placeholder, exact=True)
            field.press_sequentially(FINAL)
            expect(field).to_have_value(FINAL[:12])


def test_the_reset_can_ask_for_the_current_password_and_lead_back_to_the_login_form(sit: Sit) -> None:
    with sit("reset-three-fields", "reset-back-to-login") as person:
        page = person.page
        who = person.ehr.state.employee("gmarsh")
        assert who is not None
        who.must_reset = True
        person.log_in("gmarsh", STAFF_PASSWORD)
        page.get_by_placeholder("Current Password").fill(STAFF_PASSWORD)
        page.get_by_placeholder("New Password", exact=True).fill(FINAL)
        page.get_by_placeholder("Confirm New Password").fill(FINAL)
        person.button("Reset Password").click()
        expect(page.locator(".alert-success:visible")).to_contain_text("has been changed")
        person.log_in("gmarsh", FINAL)
        expect(page.locator(".header-wide")).to_be_visible()


# The faults that the front end acts out


def release_notes(person: Person) -> None:
    dialog = person.log_in().page.get_by_role("dialog")
    expect(dialog).to_contain_text("What’s new")
    dialog.get_by_role("button", name="Got It").click()
    expect(dialog).to_be_hidden()


def app_update(person: Person) -> None:
    expect(person.log_in().page.get_by_text("A new version of RevolutionEHR")).to_be_visible()


def expires_soon(person: Person) -> None:
    expect(person.log_in().page.get_by_text("your password expires on Thursday, Dec. 3")).to_be_visible()


def groups_collapsed(person: Person) -> None:
    page = person.log_in().page
    page.locator(".header-wide [data-module=administration]").click()
    expect(page.locator(".top-tab[aria-selected=false]")).to_have_count(4)
    expect(page.locator(".card:visible")).to_have_count(0)
    page.locator(".top-tab", has_text="General").click()
    expect(page.locator(".card:visible")).to_have_count(4)


def groups_expanded(person: Person) -> None:
    page = person.log_in().page
    page.locator(".header-wide [data-module=administration]").click()
    expect(page.locator(".cards-title:visible")).to_have_count(4)
    page.locator(".card-title:visible").get_by_text("User Roles", exact=True).click()
    expect(page.get_by_role("heading", name="User Roles")).to_be_visible()


def id_in_input(person: Person) -> None:
    page = person.log_in().open("General", "Basic Information").page
    expect(
        page.locator(".fact", has=page.locator(".field-label:text-is('ID')")).locator("input:disabled")
    ).to_have_value("2915")


def no_cascade(person: Person) -> None:
    person.log_in().open("Employee/Roles", "User Roles").add()
    box = person.line("Accounting Module").get_by_role("checkbox")
    box.click()
    expect(box).to_have_attribute("aria-checked", "true")
    expect(person.page.locator(".tree-summary:visible")).to_have_text("0 permissions selected")


def needs_enter(person: Person) -> None:
    search = person.log_in().employees().page.get_by_placeholder("Search")
    expect(person.page.locator(".search-button")).to_have_count(0)
    search.press_sequentially("wren")
    person.page.wait_for_timeout(600)
    expect(person.names()).to_have_count(10)
    search.press("Enter")
    expect(person.names()).to_have_text(["Wren, Tobias"])


def needs_patience(person: Person) -> None:
    search = person.log_in().employees().page.get_by_placeholder("Search")
    expect(person.names()).to_have_count(10)
    search.fill("wren")
    search.press("Enter")
    expect(person.names()).to_have_count(10)
    expect(person.names()).to_have_text(["Wren, Tobias"])


def save_a_role(person: Person) -> None:
    person.log_in().open("Employee/Roles", "User Roles").add()
    person.page.locator("rev-field[label='User Role Name']:visible input").fill("Recall Desk")


def no_toast(person: Person) -> None:
    save_a_role(person)
    person.save()
    expect(person.page.locator(".toast")).to_have_count(0)


def quick_toast(person: Person) -> None:
    save_a_role(person)
    person.page.evaluate(
        """() => new MutationObserver(() => {
            const toast = document.querySelector('.toast');
            if (toast) window.since ??= performance.now();
            else if (window.since) window.lasted ??= performance.now() - window.since;
        }).observe(document.getElementById('toasts'), { childList: true })"""
    )
    person.button("Save").click()
    person.page.wait_for_function("window.lasted")
    assert person.page.evaluate("window.lasted") < 2000


def badge_over_save(person: Person) -> None:
    save_a_role(person)
    save = person.button("Save")
    under = save.evaluate(
        """e => {
            const box = e.getBoundingClientRect();
            return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2).id;
        }"""
    )
    assert under == "chat-badge"
    save.press("Enter")
    expect(save).to_be_hidden()


def save_twice(person: Person) -> None:
    save_a_role(person)
    person.button("Save").dblclick()
    expect(person.names().get_by_text("Recall Desk")).to_have_count(0)
    expect(person.button("Save")).to_be_hidden()
    person.page.get_by_placeholder("Search").fill("Recall Desk")
    expect(person.names()).to_have_text(["Recall Desk", "Recall Desk"])


def section_edits(person: Person) -> None:
    person.log_in().employees()
    person.names().get_by_text("Begmatov, Farrukh").click()
    name = person.beside("Middle Name").locator("input")
    expect(name).to_be_disabled()
    person.button("Edit").click()
    name.fill("Q.")
    person.button("Save").click()
    expect(person.page.locator(".form-errors:visible")).to_contain_text("Personal Details")
    person.button("Update").click()
    expect(name).to_be_disabled()
    person.save()
    who = person.ehr.state.employee("fbegmatov")
    assert who is not None
    assert who.other["middleName"] == "Q."


def passwords_cut(person: Person) -> None:
    person.log_in().employees().add()
    person.step("Login Details")
    for label in ("Temporary Password", "Confirm Temporary Password"):
        person.labelled(label).press_sequentially(TEMPORARY)
        expect(person.labelled(label)).to_have_value(TEMPORARY[:12])


def confirm_cut(person: Person) -> None:
    person.log_in().employees().add()
    person.step("Login Details")
    for label, kept in (("Temporary Password", TEMPORARY), ("Confirm Temporary Password", TEMPORARY[:12])):
        person.labelled(label).press_sequentially(TEMPORARY)
        expect(person.labelled(label)).to_have_value(kept)


def stale_roles(person: Person) -> None:
    save_a_role(person)
    person.save()
    person.employees().add()
    person.step("Login Details")
    person.page.locator(".chips:visible").click()
    options = person.page.locator(".popup.is-open").get_by_role("option")
    expect(options.get_by_text("Front Desk")).to_be_visible()
    expect(options.get_by_text("Recall Desk")).to_have_count(0)
    person.page.reload()
    person.employees().add()
    person.step("Login Details")
    person.pick_role("Recall Desk")


def select_all(person: Person) -> None:
    person.log_in().employees().add()
    person.step("Location Access")
    person.button("Select All").click()
    expect(person.page.locator(".places-count")).to_have_text("3 of 3 selected")


def primary_ticks(person: Person) -> None:
    person.log_in().employees().add()
    person.step("Location Access")
    person.pick_primary("Fairhaven North")
    expect(person.places().filter(has_text="Fairhaven North")).to_have_attribute("aria-selected", "true")


def unsaved_dialog(person: Person) -> None:
    save_a_role(person)
    dialog = person.page.get_by_role("dialog")
    person.button("Cancel").click()
    dialog.get_by_role("button", name="No").click()
    expect(dialog).to_have_count(0)
    expect(person.button("Save")).to_be_visible()
    person.page.locator(".header-logout a").click()
    dialog.get_by_role("button", name="Yes").click()
    expect(person.page.get_by_placeholder("Username", exact=True)).to_be_visible()


def before_unload(person: Person) -> None:
    save_a_role(person)
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    person.page.on("dialog", answer)
    person.page.reload()
    assert asked == ["beforeunload"]


def edit_profile(person: Person) -> Page:
    person.log_in().page.locator("[data-test-id=headerUserMenu]").click()
    person.page.get_by_text("Edit Profile", exact=True).click()
    return person.page


def no_profile(person: Person) -> None:
    expect(edit_profile(person).get_by_text("Not available here")).to_be_visible()
    expect(person.page.get_by_text("My Profile", exact=True)).to_have_count(0)


def profile_alone(person: Person) -> None:
    expect(edit_profile(person).get_by_text("My Profile", exact=True)).to_be_visible()
    expect(person.page.get_by_text("Change Password", exact=True)).to_have_count(0)


def first_record(person: Person) -> Person:
    person.log_in().employees().names().get_by_text("Ferreira").click()
    expect(person.button("Save")).to_be_visible()
    return person


def activation_asks(person: Person) -> None:
    first_record(person).button("Deactivate").click()
    dialog = person.page.get_by_role("dialog")
    expect(dialog.get_by_text("Do you want to deactivate Abigail Ferreira?")).to_be_visible()
    dialog.get_by_role("button", name="No").click()
    expect(person.button("Deactivate")).to_be_visible()


def no_activation(person: Person) -> None:
    expect(first_record(person).page.get_by_role("button", name="Deactivate", exact=True)).to_have_count(0)


ACTED: dict[str, Callable[[Person], None]] = {
    "release-notes-modal": release_notes,
    "app-update-banner": app_update,
    "password-expires-soon": expires_soon,
    "menu-groups-collapsed": groups_collapsed,
    "menu-groups-expanded": groups_expanded,
    "id-in-disabled-input": id_in_input,
    "tree-no-cascade": no_cascade,
    "search-needs-enter": needs_enter,
    "search-debounce": needs_patience,
    "save-without-toast": no_toast,
    "toast-vanishes": quick_toast,
    "save-covered-by-badge": badge_over_save,
    "save-twice-makes-two": save_twice,
    "section-edit-buttons": section_edits,
    "maxlength-12": passwords_cut,
    "confirm-cut-differently": confirm_cut,
    "new-role-missing-until-reload": stale_roles,
    "select-all-present": select_all,
    "primary-auto-ticks": primary_ticks,
    "unsaved-changes-dialog": unsaved_dialog,
    "native-beforeunload": before_unload,
    "no-edit-profile": no_profile,
    "activate-asks": activation_asks,
    "record-without-activate": no_activation,
    "profile-without-password": profile_alone,
}


@pytest.mark.parametrize("name", sorted(set(FRONT) - {"frozen-page"}))
def test_a_fault_of_the_front_end_is_acted_out(sit: Sit, name: str) -> None:
    with sit(name) as person:
        ACTED[name](person)


def click_on(locator: Locator) -> None:
    for _ in range(20):
        locator.click()


def test_a_frozen_page_answers_nothing() -> None:
    """Closing a frozen page can take for ever: its browser is killed."""
    with open_browser(os.environ.get("BROWSER")) as browser, seat(browser._chromium, "frozen-page") as person:
        person.log_in().open("Employee/Roles", "User Roles").page.set_default_timeout(1500)
        person.page.locator(".grid-tools:visible .primary").click()
        with pytest.raises(Error, match="Timeout"):
            click_on(person.page.locator(".record-tab:visible").first)
        browser.kill()
