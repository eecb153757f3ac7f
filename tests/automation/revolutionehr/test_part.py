"""What of a screen is pictured: the record, the line or the field in question, and no other person's."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from automation import evidence
from automation.revolutionehr import part
from automation.revolutionehr.part import Ours
from automation.screen import Screen
from automation.sight import Box
from tests.automation.conftest import Show

pytestmark = pytest.mark.browser

OURS = Ours("2915", "OneSpot2915", ("Fairhaven Main", "Fairhaven North"))

MENU = "<nav><a onclick=1>General</a> <a onclick=1>Employee/Roles</a> <a onclick=1>Vendors/Partners</a></nav>"
LIST = (
    "<table id=list><thead><tr><th>Name<th>Username</tr></thead>"
    "<tr id=maria><td>Lopez, Maria<td>mlopez</tr>"
    "<tr id=ours><td>OneSpot, Sync<td>OneSpot2915</tr>"
    "<tr id=patient><td>Pat Ient<td>pient</tr></table>"
)
FORM = (
    "<div id=form><h4>Personal Details</h4><div><label>First Name</label> <input value=Sync></div>"
    "<div><label>Last Name</label> <input value=OneSpot></div></div>"
)
LOCATIONS = (
    "<div id=form><h4>Location Access</h4><div>Primary Location <select><option>Fairhaven Main</select></div>"
    "<div>Accessible Locations<ul><li id=main><input type=checkbox checked> Fairhaven Main</li>"
    "<li id=maria><input type=checkbox> Lopez, Maria</li></ul></div></div>"
)
ROLE = (
    "<div id=form><label>User Role Name</label> <input value=OneSpot><h4>Access Permissions</h4><ul role=tree>"
    "<li role=treeitem><input type=checkbox> Accounting Module<ul><li role=treeitem id=leaf>"
    "<input type=checkbox checked> View Invoices</li></ul></li></ul></div>"
)
PAGES = {
    "an employee's form": (MENU + FORM, "#form"),
    "a form in a window of its own": (MENU + f"<div role=dialog aria-modal=true>{FORM}</div>", "#form"),
    "a form beside a list": (MENU + f"<div style='display:flex;gap:99px'>{LIST}{FORM}</div>", "#form"),
    "a list": (MENU + LIST, "#ours"),
    "a role": (MENU + ROLE, "#form"),
    "the ID": (MENU + "<h4>Basic Information</h4><div id=id><label>ID</label> <span>2915</span></div>", "#id"),
    "the ID as one text": (MENU + "<h4>Basic Information</h4><div id=id>ID: 2915</div>", "#id"),
}
NOTHING = {
    "the home screen": "<h1>Schedule</h1><p>Pat Ient 9:30</p>",
    "our name on the home screen": "<h1>Tasks</h1><table><tr><td>OneSpot<td>Pat Ient</tr></table>",
    "a login form": "<input placeholder=Username><input type=password placeholder=Password><button>Login</button>",
    "a login form over Admin": MENU + LIST + "<input type=password>",
    "a list in which we aren't": MENU + LIST.replace("OneSpot", "Somebody"),
    "another screen of Admin": MENU + "<h1>Vendors</h1><p>Pat Ient</p>",
    "the ID of another practice": MENU + "<div><label>ID</label> <span>4711</span></div>",
}


def found(screen: Screen) -> evidence.Part | None:
    return part.of(screen.look(), OURS)


@pytest.mark.parametrize(("page", "where"), PAGES.values(), ids=PAGES.keys())
def test_the_part_in_question_is_shown(show: Show, page: str, where: str) -> None:
    screen = show(page).screen
    shown, wanted = found(screen), screen.page.locator(where).bounding_box()
    assert shown is not None
    assert wanted is not None
    for text in screen.page.locator(f"{where} *").or_(screen.page.locator(where)).all():
        box = text.bounding_box()
        if box and not text.locator("*").count() and text.text_content():
            assert shown.box.holds((box["x"] + 2, box["y"] + box["height"] / 2))


@pytest.mark.parametrize("page", NOTHING.values(), ids=NOTHING.keys())
def test_nothing_is_shown_of(show: Show, page: str) -> None:
    assert found(show(page).screen) is None


OTHERS = [
    (MENU + LIST, "#maria"),
    (MENU + LIST, "#patient"),
    (PAGES["a form beside a list"][0], "#maria"),
    (PAGES["a form beside a list"][0], "#patient"),
    (MENU + LOCATIONS, "#maria"),
]


@pytest.mark.parametrize(("page", "who"), OTHERS)
def test_nobody_else_is_seen(show: Show, tmp_path: Path, page: str, who: str) -> None:
    screen = show(page).screen
    shown, box = found(screen), screen.page.locator(who).bounding_box()
    assert shown is not None
    assert box is not None
    outside = box["y"] + box["height"] <= shown.box.y or box["y"] >= shown.box.bottom
    outside = outside or box["x"] + box["width"] <= shown.box.x or box["x"] >= shown.box.right
    assert outside or not is_seen(screen, tmp_path, shown, who)


_SPREAD = """async ([jpeg, x, y, w, h]) => {
  const img = new Image(); img.src = 'data:image/jpeg;base64,' + jpeg; await img.decode();
  const pen = new OffscreenCanvas(img.width, img.height).getContext('2d'); pen.drawImage(img, 0, 0);
  const data = pen.getImageData(x, y, w, h).data.filter((_, i) => i % 4 === 0);
  return Math.max(...data) - Math.min(...data);
}"""
"""How far the reds of a part lie from each other: a JPEG has no single colour, but words are far from their ground."""


def is_seen(screen: Screen, folder: Path, shown: evidence.Part, what: str) -> bool:
    """Whether the words of an element can be read on the picture of the whole page, masked like this part."""
    everything = evidence.Part(shown.frame, Box(0, 0, 1920, 1080), shown.covered)
    assert evidence.take_part(screen, folder, "whole", everything)
    box = screen.page.locator(what).bounding_box()
    assert box is not None
    jpeg = base64.b64encode((folder / "whole.jpg").read_bytes()).decode()
    inner = [box["x"] + 4, box["y"] + 4, box["width"] - 8, box["height"] - 8]
    spread: int = screen.page.evaluate(_SPREAD, [jpeg, *inner])
    return spread > 100


def test_our_own_line_and_locations_stay(show: Show, tmp_path: Path) -> None:
    for page, what in ((MENU + LIST, "#ours"), (MENU + LOCATIONS, "#main")):
        screen = show(page).screen
        shown = found(screen)
        assert shown is not None
        assert is_seen(screen, tmp_path, shown, what)
