"""The 17 steps as a careful developer scripts them for a front end that they know: Playwright's own waits, no sleeps.

It looks for nothing first, reads nothing back and takes no picture; it waits for what it is to click, and after a save
for the form to be gone. It knows this markup by heart, which ours doesn't. One class a front end.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping

from playwright.sync_api import Locator, Page, expect

TEMPORARY, FINAL = "Quartz-Lantern-58-Birch", "Meadow!Copper#7714-Vine"
PRIMARY = "Fairhaven Main"
SIX = {
    "Accounting Module": ("View Invoices", "View Claims"),
    "Administration Module": ("View Administration", "General", "Employee/Roles", "Vendors/Partners"),
}


class Script(ABC):
    """The guide, in its order; each front end has its own clicks."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url

    def run(self, username: str, password: str) -> str:
        """All 17 steps; the password that the account has then."""
        self.page.goto(self.url)
        self.log_in(username, password)
        name = f"OneSpot{self.read_id()}"
        self.make_role()
        self.make_employee(name)
        self.log_out()
        self.log_in(name, TEMPORARY)
        self.reset()
        self.log_out()
        self.log_in(name, FINAL)
        self.log_out()
        return FINAL

    @abstractmethod
    def log_in(self, username: str, password: str) -> None: ...

    @abstractmethod
    def log_out(self) -> None: ...

    @abstractmethod
    def read_id(self) -> str: ...

    @abstractmethod
    def make_role(self) -> None: ...

    @abstractmethod
    def make_employee(self, username: str) -> None: ...

    @abstractmethod
    def reset(self) -> None: ...


class Legacy(Script):
    """The front end of `sandbox/ehr/legacy`."""

    def log_in(self, username: str, password: str) -> None:
        self.page.locator("#login-panel input[placeholder=Username]").fill(username)
        self.page.locator("#login-panel input[placeholder=Password]").fill(password)
        self.page.locator("#login-panel button[type=submit]").click()

    def log_out(self) -> None:
        self.page.locator("#header .user-nav .fa-power-off").click()
        expect(self.page.locator("#login-panel input[placeholder=Username]")).to_be_visible()

    def read_id(self) -> str:
        self._open("General", "Basic Information")
        label = self.page.locator("label.control-label:text-is('ID')")
        value = self.page.locator(".form-group:visible", has=label).locator(".form-control-static")
        expect(value).to_have_text(re.compile(r"^\d+$"))
        return value.inner_text()

    def make_role(self) -> None:
        self._open("Employee/Roles", "User Roles")
        self._add()
        self._fill("User Role Name", "OneSpot")
        for module, names in SIX.items():
            top = self._form.locator(".permission-tree > li").filter(
                has=self.page.locator(f":scope > .permission .tree-name:text-is('{module}')")
            )
            top.locator("> .permission .tree-arrow").click()
            for name in names:
                line = top.locator("> ul > li > .permission")
                box = line.filter(has=self.page.locator(f".tree-name:text-is('{name}')")).locator("input")
                box.click()
                expect(box).to_be_checked()
        self._save()

    def make_employee(self, username: str) -> None:
        self._open("Employee/Roles", "Employees")
        self._add()
        self._fill("First Name", "Sync")
        self._fill("Last Name", "OneSpot")
        self._section("Login Details")
        self._fill("Username", username)
        self._fill("Temporary Password", TEMPORARY)
        self._fill("Confirm Temporary Password", TEMPORARY)
        emergency = self._form.locator("label.checkbox:visible:has-text('Allow Emergency Access') input")
        expect(emergency).not_to_be_checked()
        self._unfold("Login Restrictions")
        for box in self._each(self._form.locator("label.checkbox:visible:has-text('Login Allowed') input"), 7):
            box.check()
        self._unfold("User Roles")
        self._pick("User Roles", "OneSpot")
        self._section("Location Access")
        self._pick("Primary Location", PRIMARY)
        for box in self._each(self._form.locator(".location-list input"), 3):
            box.check()
        self._save()

    def reset(self) -> None:
        self.page.locator("#login-panel input[placeholder='New Password']").fill(FINAL)
        self.page.locator("#login-panel input[placeholder='Confirm Password']").fill(FINAL)
        self.page.locator("#login-panel button[type=submit]").click()

    @property
    def _form(self) -> Locator:
        return self.page.locator(".record:visible")

    def _open(self, group: str, item: str) -> None:
        self.page.locator("#header .main-nav li:has(> a .nav-name:text-is('Admin')) > a").click()
        panel = self.page.locator("#sidebar .panel", has=self.page.locator(f".panel-heading a:text-is('{group}')"))
        expect(panel).to_be_visible()
        entry = panel.locator(f"li a:text-is('{item}')")
        if not entry.is_visible():
            panel.locator(".panel-heading a").click()
        entry.click()

    def _add(self) -> None:
        self.page.locator("#main .nav-tools .fa-plus:visible").click()

    def _save(self) -> None:
        self.page.locator("button[rev-button=save]:visible").click()
        expect(self._form).to_have_count(0)

    def _group(self, label: str) -> Locator:
        label_of = self.page.locator("label.control-label", has_text=re.compile(rf"^{label}\s*\*?$"))
        return self._form.locator(".form-group:visible", has=label_of)

    def _fill(self, label: str, text: str) -> None:
        self._group(label).locator("input").fill(text)

    def _section(self, name: str) -> None:
        self._form.locator(f".section-tabs > .nav-tabs a:text-is('{name}')").click()

    def _unfold(self, name: str) -> None:
        self._form.locator(f".accordion-toggle:has-text('{name}')").click()

    def _pick(self, label: str, option: str) -> None:
        group = self._group(label)
        group.locator(".multiselect").click()
        group.locator("label.dropdown-item").filter(has_text=re.compile(rf"^\s*{option}\s*$")).click()
        if group.locator(".multiselect-container").is_visible():
            self.page.locator("#footer").click()
        expect(group.locator(".multiselect-text")).to_have_text(option)

    def _each(self, boxes: Locator, number: int) -> list[Locator]:
        expect(boxes).to_have_count(number)
        return boxes.all()


class Modern(Script):
    """The front end of `sandbox/ehr/modern`."""

    def log_in(self, username: str, password: str) -> None:
        self.page.get_by_placeholder("Username", exact=True).fill(username)
        self.page.get_by_placeholder("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Login").click()

    def log_out(self) -> None:
        self.page.locator(".header-logout a").click()
        expect(self.page.get_by_placeholder("Username", exact=True)).to_be_visible()

    def read_id(self) -> str:
        self._open("General", "Basic Information")
        value = self.page.locator(".fact", has=self.page.locator(".field-label:text-is('ID')")).locator(".fact-value")
        expect(value).to_have_text(re.compile(r"^\d+$"))
        return value.inner_text()

    def make_role(self) -> None:
        self._open("Employee/Roles", "User Roles")
        self._add()
        self.page.locator("rev-field[label='User Role Name'] input").fill("OneSpot")
        for module, names in SIX.items():
            self._line(1, module).locator(".twisty").click()
            for name in names:
                box = self._line(2, name).get_by_role("checkbox")
                box.click()
                expect(box).to_have_attribute("aria-checked", "true")
            self._line(1, module).locator(".twisty").click()
        self._save()

    def make_employee(self, username: str) -> None:
        self._open("Employee/Roles", "Employees")
        self._add()
        self._beside("First Name").locator("input").fill("Sync")
        self._beside("Last Name").locator("input").fill("OneSpot")
        self._step("Login Details")
        for label, text in (
            ("Username", username),
            ("Temporary Password", TEMPORARY),
            ("Confirm Temporary Password", TEMPORARY),
        ):
            self.page.locator(f"rev-field[label='{label}']:visible input").fill(text)
        emergency = self.page.get_by_role("switch", name="Allow Emergency Access")
        expect(emergency).to_have_attribute("aria-checked", "false")
        days = self.page.locator(".restrictions").get_by_role("checkbox")
        expect(days).to_have_count(7)
        for day in days.all():
            expect(day).to_have_attribute("aria-checked", "true")
        self.page.locator(".chips:visible").click()
        popup = self.page.locator(".popup.is-open")
        popup.get_by_role("option").get_by_text("OneSpot", exact=True).click()
        self.page.keyboard.press("Escape")
        expect(popup).to_be_hidden()
        self._step("Location Access")
        self._beside("Primary Location").locator(".combobox").click()
        popup.get_by_role("option", name=PRIMARY, exact=True).click()
        places = self.page.locator(".places:visible").get_by_role("option")
        expect(places).to_have_count(3)
        for place in places.all():
            place.click()
            expect(place).to_have_attribute("aria-selected", "true")
        self._save()

    def reset(self) -> None:
        self.page.get_by_placeholder("New Password", exact=True).fill(FINAL)
        self.page.get_by_placeholder("Confirm New Password").fill(FINAL)
        self.page.get_by_role("button", name="Reset Password").click()

    def _open(self, group: str, title: str) -> None:
        self.page.locator(".header-wide [data-module=administration]").click()
        self.page.locator(".top-tab", has_text=group).click()
        self.page.locator(".card-title:visible").get_by_text(title, exact=True).click()
        expect(self.page.get_by_role("heading", name=title, exact=True, level=2)).to_be_visible()

    def _add(self) -> None:
        self.page.locator(".grid-tools:visible .primary").click()

    def _save(self) -> None:
        save = self.page.locator("button:visible:text-is('Save')")
        save.click()
        expect(save).to_be_hidden()

    def _step(self, title: str) -> None:
        self.page.locator(".step:visible", has_text=title).click()

    def _beside(self, caption: str) -> Locator:
        label = self.page.locator(f".field-label:text-matches('^{caption}\\\\s*\\\\*?$')")
        return self.page.locator(".field:visible").filter(has=label)

    def _line(self, level: int, name: str) -> Locator:
        """A line of the tree, which has only those in view: one module is open at a time, so that all of it is."""
        text = self.page.locator(f".tree-text:text-is('{name}')")
        return self.page.locator(f".tree-row[aria-level='{level}']:visible").filter(has=text)


SCRIPTS: Mapping[str, Callable[[Page, str], Script]] = {"legacy": Legacy, "modern": Modern}
