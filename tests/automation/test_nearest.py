"""What is said about words or a control that aren't there: what was looked for, and what looks most like it."""

from __future__ import annotations

import pytest

from automation import trees
from automation.errors import ScreenChanged
from automation.fields import CHECK, TEXT, seek, spot
from automation.nearest import BUTTON, FIELD, FOLDER, LINE, MENU, WORDS, likeness, missing
from automation.revolutionehr.pages import buttons, header
from automation.revolutionehr.pages.user_roles import ROOTS
from tests.automation.conftest import Show

MENU_PAGE = """
<style>nav a { display: block }</style>
<nav><a>General</a><a>Staff/Roles</a><a>Vendors</a></nav>
<main style="margin-top: 60px"><h2>Welcome</h2><button>Append</button><button>Add Staff</button>
<label for=a>Role Name</label><input id=a placeholder="User Role Nam"><label><input type=checkbox> Login allow</label>
<table><tr><td><a>Role Namer, Sue</a></td></tr></table><p>Role Name is required</p></main>"""


def _sought(error: ScreenChanged) -> tuple[str, str]:
    assert error.sought is not None
    return error.sought.words, error.sought.kind


def test_the_closest_names_are_said_first() -> None:
    assert likeness("User Roles", "Roles") > likeness("User Roles", "User List") > likeness("User Roles", "Save")
    assert likeness("Employee/Roles", "Staff Security Roles of Employees") < 0.6
    error = missing((), "User Roles", MENU, ["Save", "Roles", "Users’ Roles"])
    nearest = "Looked for a menu entry of that name; nearest: “Users’ Roles”, “Roles”."
    assert error.what == f"“User Roles” isn't on the screen. {nearest}"
    assert error.sought is not None
    assert error.sought.near == ("Users’ Roles", "Roles", "Save")


def test_where_nothing_looks_like_it_that_is_said() -> None:
    error = missing((), "User Roles", WORDS, ["Save"])
    assert error.what == "“User Roles” isn't on the screen. Looked for these words; nothing there looks like it."


@pytest.mark.browser
def test_each_kind_of_control_says_what_it_looked_for_and_names_candidates_of_its_kind(show: Show) -> None:
    sights = show(MENU_PAGE).screen.look()
    with pytest.raises(
        ScreenChanged, match=r"“User Role Name” .*a field of that name; nearest: .*“Role Name”"
    ) as field:
        seek(sights, "User Role Name", TEXT)
    assert _sought(field.value) == ("User Role Name", FIELD)
    assert "User Role Nam" in field.value.what  # its placeholder
    assert "Sue" not in str(field.value.sought)  # a line of a list is data
    with pytest.raises(ScreenChanged, match=r"a check of that name; nearest: “Login allow”"):
        seek(sights, "Login Allowed", CHECK)
    with pytest.raises(ScreenChanged, match=r"a button of that name; nearest: “Add Staff”") as button:
        buttons.find_add(sights, "Employee")
    assert _sought(button.value) == ("Add", BUTTON)
    error = header._no_group(sights, "Employee/Roles")
    assert "Its menu has: Staff/Roles" in error.what
    assert error.sought is not None
    assert set(error.sought.near) == {"General", "Staff/Roles", "Vendors"}


@pytest.mark.browser
def test_a_tree_names_its_folders_and_its_lines(show: Show) -> None:
    screen = show("tree").screen
    with pytest.raises(ScreenChanged) as line:
        trees.tick(screen, ROOTS, ("Accounting Module",), "View Invoice List")
    assert _sought(line.value) == ("View Invoice List", LINE)
    assert "nearest: “View Invoices”" in line.value.what
    with pytest.raises(ScreenChanged) as folder:
        trees.tick(screen, ROOTS, ("Account Module",), "View Invoices")
    assert _sought(folder.value) == ("Account Module", FOLDER)
    assert "“Accounting Module”" in folder.value.what


@pytest.mark.browser
def test_looking_whether_something_is_there_makes_no_error(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked again and again while a page loads."""
    sights = show(MENU_PAGE).screen.look()
    monkeypatch.setattr("automation.fields.missing", None)
    assert spot(sights, "User Role Name", TEXT) is None
