"""Which employees the list shows: the active ones, as it does at first, or the inactive ones too.

The switch is whatever a person would take for it: a check, a button or tab, or a dropdown, whatever it is called, that
shows which are listed now.
"""

from __future__ import annotations

from automation import choices, tables
from automation.fields import CHECK, Place, seek, set_check, shows, spot
from automation.revolutionehr.pages import buttons
from automation.screen import Screen, Sights
from automation.sight import Sight, Text, normal, plain

_SHOWN_TOO = ("Inactive", "Show Inactive", "Include Inactive", "Inactive Employees", "Show Inactive Employees")
_HIDDEN = ("Active Only", "Show Active Only", "Active Employees Only", "Only Active", "Hide Inactive")
"""Checks that list the inactive ones too when they are ticked, and those that do when they are not."""

_ACTIVE = ("Active", "Active Only", "Active Employees", "Show Active", "Only Active")
_INACTIVE = ("Inactive", "Inactive Only", "Inactive Employees", "Show Inactive", "Only Inactive")
_ALL = ("All", "All Employees", "Show All", "Active and Inactive", "Any", "Both")
"""What a dropdown of such a list says; where it has no entry of the inactive ones alone, all of them will do."""
_LIST = "Active or inactive"
"""What such a dropdown is called in an error, as it may have no name of its own."""

TAKEN = 2
"""Seconds until what was pressed must say that it is the one that is shown."""


def show_inactive(screen: Screen, wanted: bool) -> bool:
    """Switches the list to inactive employees, or back; False where there is no such switch."""
    switched = _by_check(screen, wanted) or _by_button(screen, wanted) or _by_dropdown(screen, wanted)
    if switched:
        screen.steady()
    return switched


def _by_check(screen: Screen, wanted: bool) -> bool:
    for words in (*_SHOWN_TOO, *_HIDDEN):
        if spot(screen.look(), words, CHECK):
            set_check(screen, words, lambda s, w=words: seek(s, w, CHECK), wanted is (words in _SHOWN_TOO))  # type: ignore[misc]
            return True
    return False


def _by_button(screen: Screen, wanted: bool) -> bool:
    name = "Inactive" if wanted else "Active"
    button = _button(screen.look(), name)
    if button is None and not wanted:
        button = _button(screen.look(), "Inactive")
    if button:
        screen.press(*button)
        if screen.wait_for(lambda s: None if _stays_off(_button(s, name)) else True, TAKEN) is None:
            screen.press(*(_button(screen.look(), name) or button))
    return button is not None


def _stays_off(button: tuple[Sight, Text] | None) -> bool:
    """True for one of several, such as a tab, that says it isn't the one that is shown.

    The page may have moved under the press, as where a search box that is left becomes narrower: it did nothing then.
    """
    return button is not None and button[1].role in ("tab", "radio") and button[1].selected == "false"


def _button(sights: Sights, name: str) -> tuple[Sight, Text] | None:
    for sight in sights:
        said = [t for t in sight.saying(name) if t.click and not t.disabled and not t.head]
        found = [t for t in said if t.role not in ("row", "gridcell") and t.tag != "td" and not _in_dropdown(sight, t)]
        outside = [t for t in found if t.role in ("button", "tab", "radio", "a", "label", "input", "switch")] or found
        if outside:
            return sight, min(outside, key=lambda t: t.start)
    return None


def _in_dropdown(sight: Sight, text: Text) -> bool:
    """True for the words that a dropdown shows as its value."""
    return any(text.inside((w.start, w.end)) or w.box.holds(text.box.middle) for w in sight.fitting(("choice", "box")))


def _by_dropdown(screen: Screen, wanted: bool) -> bool:
    here = _dropdown(screen.look(), wanted)
    if here is None:
        return False

    def find(sights: Sights) -> Place:
        return _again(sights, here) or _dropdown(sights, wanted) or seek(sights, "Status", ("choice",))

    offered = choices.options(screen, _LIST, find)
    for name in (*_INACTIVE, *_ALL) if wanted else _ACTIVE:
        option = next((o for o in offered if normal(o) == normal(name)), None)
        if option is not None:
            choices.choose(screen, _LIST, option, find)
            return True
    return False


def _dropdown(sights: Sights, wanted: bool) -> Place | None:
    """The one above the list that shows which employees are listed, else the one that is called Status.

    Never one in a line of the list: it may change the employee whose line that is.
    """
    says = (*_ACTIVE, *_INACTIVE) if wanted else (*_ACTIVE, *_INACTIVE, *_ALL)
    ones = [Place(sight, widget) for sight in sights for widget in sight.fitting(("choice", "box"))]
    above = [one for one in ones if any(shows(one, name) for name in says) and _above(sights, one)]
    if len(above) == 1:
        return above[0]
    called = spot(sights, "Status", ("choice",))
    if called is None or _above(sights, called):
        return called
    return None if called.widget.row or any(text.head for text in called.sight.saying("Status")) else called


def _again(sights: Sights, place: Place) -> Place | None:
    """The same dropdown in another look, whatever it shows now."""
    number, id_ = place.sight.frame, place.widget.id
    return next((Place(s, w) for s in sights if s.frame == number for w in s.widgets if w.id == id_), None)


def _above(sights: Sights, place: Place) -> bool:
    """True for what stands above the heads of the columns, or in one line with the search or the button that adds."""
    box, sight = place.widget.box, place.sight
    if place.widget.row:
        return False
    heads = [text.box for text in sight.texts if text.head]
    if heads:
        return box.bottom <= min(head.y for head in heads) + 2
    searching, adding = tables.search_box(sights), buttons.find(sights, "Add", "Add Employee", "Add New", "New")
    tools = [tool[1].box for tool in (searching, adding) if tool and tool[0] is sight]
    return any(box.same_line(tool) or box.bottom <= tool.y for tool in tools)


def says_inactive(row: tuple[str, ...]) -> bool:
    """True for a line of a list of all employees that says so itself."""
    said = {plain(words) for words in row}
    return "inactive" in said and "active" not in said
