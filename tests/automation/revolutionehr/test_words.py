"""A tenant's own words: which files are taken, and how a screen reads that says them."""

from __future__ import annotations

import pytest

from automation import tables
from automation.fields import CHECK, TEXT, seek, spot
from automation.revolutionehr.desired import PERMISSIONS
from automation.revolutionehr.pages import basic_information, buttons, employee, header, modules, sections, user_roles
from automation.revolutionehr.words import FOLDERS, GUIDE, RIGHTS, Words, WordsProblem, parse
from tests.automation.conftest import Show
from tests.automation.drawn import Drawing

FILE = """\
# what Lumen Eye calls things
build = "192124"

[words]
"User Roles" = ["Security Roles", "User Roles"]
"Save" = "Apply"

[permissions]
"View Invoices" = "Invoices: View"
"Accounting Module" = "Accounting & Billing"

[test-ids]
"Add" = "employeeAddButton"
"""


def _problem(text: str) -> str:
    with pytest.raises(WordsProblem) as found:
        parse(text)
    return str(found.value)


# --- the file


def test_a_file_is_read_and_says_what_the_guide_s_words_are() -> None:
    words = parse(FILE)
    assert words.build == "192124"
    assert words.say("User Roles") == ("Security Roles", "User Roles")
    assert words.say("View Invoices") == ("Invoices: View",)
    assert words.say("Employees") == ("Employees",)
    assert words.renamed() == (
        {"User Roles": "Security Roles", "Save": "Apply"},
        {"View Invoices": "Invoices: View", "Accounting Module": "Accounting & Billing"},
    )
    assert not parse('build = "any"')


def test_the_digest_is_of_the_words_not_of_how_they_are_written() -> None:
    assert parse(FILE).digest == parse(FILE.replace("# what", "# So")).digest
    for other in ("Apply now", "apply"):
        assert parse(FILE).digest != parse(FILE.replace("Apply", other)).digest
    assert parse(FILE).digest != parse(FILE.replace("192124", "any")).digest


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[words]\n", "the file: “build” is missing"),
        ('build = 3\n"x" = 1', "line 2: “x” isn't known"),
        ("build = 192124", 'line 1: “build” is missing or isn\'t one: write build = "any"'),
        ('build = "any"\n\n[wrds]\n', "line 3: “wrds” isn't known; a file has build, [words]"),
        ('build = "any"\n[words\n', "line 2 isn't TOML"),
        ('build = "any"\nwords = "Roles"', "line 2: “words” is a table"),
        ('build = "any"\n[words]\n"User Role" = "Roles"', "line 3: the guide has no word “User Role”; did you mean"),
        ('build = "any"\n[words]\n"Save" = ""', "line 3: “Save” needs a word"),
        ('build = "any"\n[words]\n"Save" = " * "', "line 3: “Save” needs a word"),
        ('build = "any"\n[words]\n"Save" = []', "line 3: “Save” needs a word"),
        ('build = "any"\n[words]\n"Save" = ["Go", 3]', "line 3: “Save” needs a word"),
        ('build = "any"\n[words]\nSave = "update:"', "line 3: “update:” would be both “Save” and “Update”"),
        ('build = "any"\n[words]\nSave = "Go"\nAdd = "GO"', "line 4: “GO” would be both “Add” and “Save”"),
        ('build = "any"\n[words]\n"First Name" = "Last Name"', "would be both “First Name” and “Last Name”"),
        ('build = "any"\n[permissions]\n"Edit Claims" = "x"', "line 3: the guide has no word “Edit Claims”"),
        (
            'build = "any"\n[permissions]\n"View Claims" = "General"',
            "“General” is a permission of Administration Module",
        ),
        ('build = "any"\n[permissions]\n"View Claims" = "Edit Claims"', "line 3: “Edit Claims” may be another right"),
        ('build = "any"\n[permissions]\n"View Claims" = "View Claims, Void Claims"', "may be another right"),
        ('build = "any"\n[permissions]\n"View Claims" = "View All"', "may be another right"),
        ('build = "any"\n[permissions]\n"General" = "Edit General"', "may be another right"),
        ('build = "any"\n[permissions]\n"General" = "General (Patients)"', "may be another right"),
        ('build = "any"\n[permissions]\n"Accounting Module" = "Inventory Module"', "may be another right"),
        ('build = "any"\n[permissions]\n"Accounting Module" = "Accounting and Inventory"', "may be another right"),
        ('build = "any"\n[permissions]\n"Accounting Module" = "Administration"', "is another module"),
        ('build = "any"\n[test-ids]\n"Add" = "a b"', "line 3: the test-id of “Add”"),
        ('build = "any"\n[test-ids]\n"Add" = "add1"\n"Save" = "add1"', "line 4: the test-id “add1” stands there twice"),
    ],
)
def test_a_file_with_a_mistake_is_not_taken_and_the_line_is_said(text: str, said: str) -> None:
    assert said in _problem(text)


@pytest.mark.parametrize(
    ("guide", "there"),
    [
        ("View Invoices", "Invoices - View"),
        ("View Invoices", "View Invoice screen"),
        ("View Invoices", "Accounting: Read Invoices"),
        ("Employee/Roles", "Employees & User Roles"),
        ("Vendors/Partners", "Partners, Vendors"),
        ("General", "General Settings"),
        ("Administration Module", "Admin"),
        ("Accounting Module", "Billing & Accounting"),
    ],
)
def test_a_permission_may_be_called_by_its_own_words_in_another_order(guide: str, there: str) -> None:
    assert parse(f'build = "any"\n[permissions]\n"{guide}" = "{there}"').say(guide) == (there,)


def test_every_word_that_the_pages_look_for_may_have_another() -> None:
    headings = (sections.PERSONAL, sections.LOGIN, sections.RESTRICTIONS, sections.ROLES_IN, sections.LOCATIONS)
    looked_for = {
        user_roles.NAME, user_roles.PERMISSIONS_HEAD, employee.FIRST, employee.LAST, employee.USERNAME,
        employee.TEMPORARY, employee.CONFIRM, employee.EMERGENCY, employee.ALLOWED, employee.ROLES,
        employee.PRIMARY, employee.ACCESSIBLE, basic_information.LABELS[0], modules.ACCOUNTING, modules.INVOICES,
        modules.CLAIMS, modules.LOCATIONS, *modules.GROUPS, *(name for heading in headings for name in heading),
    }  # fmt: skip
    assert looked_for <= set(GUIDE)
    assert set(FOLDERS) | set(RIGHTS) == {folders[0] for folders in PERMISSIONS} | {
        name for names in PERMISSIONS.values() for name in names
    }


# --- reading a screen


def _tree(words: Words, *lines: str) -> list[str]:
    page = Drawing()
    page.text("General", 20, 100, nav=True, click=1)
    for number, line in enumerate(lines):
        page.check(300, 200 + 30 * number)
        page.text(line, 324, 200 + 30 * number)
    return [text.own for text in words.read(page.sight()).texts]


def test_a_menu_entry_and_a_permission_of_one_name_have_words_of_their_own() -> None:
    words = parse('build = "any"\n[words]\nGeneral = "Setup"\n[permissions]\n"General" = "General Settings"')
    assert _tree(words, "General Settings", "General", "Setup") == [
        "another General",
        "General",
        "another General",
        "Setup",
    ]


def test_what_has_the_guide_s_word_and_is_not_meant_is_another() -> None:
    words = parse('build = "any"\n[words]\n"User Roles" = "Roles"')
    page = Drawing()
    for number, said in enumerate(("User Roles", "Roles *", "User roles report")):
        page.text(said, 20, 100 + 30 * number)
    assert [t.own for t in words.read(page.sight()).texts] == ["another User Roles", "User Roles", "User roles report"]
    both = parse('build = "any"\n[words]\n"User Roles" = ["Roles", "User Roles"]')
    assert [t.own for t in both.read(page.sight()).texts] == ["User Roles", "User Roles", "User roles report"]


def test_a_permission_with_more_in_brackets_is_another_one() -> None:
    words = parse('build = "any"\n[permissions]\n"View Invoices" = "Invoices View"')
    assert _tree(words, "Invoices View (Void)", "invoices  view")[1:] == ["Invoices View (Void)", "View Invoices"]


def test_words_for_another_build_are_not_used() -> None:
    words = parse(FILE)
    page = Drawing()
    page.text("Apply", 20, 100, click=1)
    assert words.read(page.sight()).texts[0].own == "Apply"
    assert parse(FILE.replace("192124", "any")).read(page.sight()).texts[0].own == "Save"
    assert words.fits("192124")
    assert not words.fits("192125")


def test_without_words_a_screen_is_left_as_it_is() -> None:
    sight = Drawing().sight()
    assert Words().read(sight) is sight


PAGE = """
<meta name=build-number content=192124>
<aside><a id=r>Security Roles</a></aside><main>
<div class=form-group><label>Given Name *</label><input data-as=given></div>
<div class=form-group><label for=a>Login</label><input id=a data-test-id=loginA data-as=a></div>
<div class=form-group><label for=b>Login</label><input id=b data-test-id=loginB data-as=b></div>
<label><input type=checkbox data-as=glass> Break glass</label>
<table><tr><td>Munro</td><td><a data-test-id=employeeAddButton tabindex=0 style="display: inline-block; width: 9px; height: 9px"></a></td></tr></table>
<a data-test-id=employeeAddButton tabindex=0 style="display: inline-block; width: 20px; height: 20px; background: #ccc"></a>
<button>Apply</button></main>"""  # noqa: E501


@pytest.mark.browser
def test_a_screen_is_worked_by_the_tenant_s_words(show: Show) -> None:
    screen = show(PAGE).screen
    words = parse(
        'build = "192124"\n[words]\n"User Roles" = "Security Roles"\n"First Name" = "Given Name"\nSave = "Apply"\n'
        'Username = "Login"\n"Allow Emergency Access" = "Break glass"\n'
        '[test-ids]\n"Add" = "employeeAddButton"\nUsername = "loginB"'
    )
    assert spot(screen.look(), "First Name", TEXT) is None
    screen.read_as(words.read)
    sights = screen.look()
    assert header.menu_item(sights, "User Roles") is not None
    assert seek(sights, "First Name", TEXT).widget.kind == "text"
    assert seek(sights, "Allow Emergency Access", CHECK).widget.kind == "check"
    assert buttons.find(sights, "Save") is not None
    assert "loginB" in seek(sights, "Username", TEXT).widget.hints  # the test-id chooses among those that the words fit
    _, icon = buttons.find_add(sights, "Employee")
    assert not icon.row  # a picture in a line of a list gets no name
    assert tables.rows(sights, tables.equals("Munro"))
