"""The sections of an employee's form: closed tabs, panels that open, and text that an Edit button puts to editing.

A section is pressed only while what is in it isn't there, and never one that is open: it would close.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from automation.screen import Screen, Sights
from automation.sight import Icon, Sight, Text, plain

PERSONAL = ("Personal Details", "Personal Information")
LOGIN = ("Login Details", "Login Information")
RESTRICTIONS = ("Login Details", "Login Restrictions")
ROLES_IN = ("Login Details", "User Roles")
LOCATIONS = ("Location Access", "Locations")
_TOGGLE = re.compile(r"(^|[-_ ])(plus|expand|collapse|toggle|toggler|chevron|caret|angle|arrow)([-_ ]|$)")
_NUMBER = re.compile(r"(step )?\d{1,2} ?[.):–-]? +", re.I)
_IN_MENU = ("User Roles", "Locations")
"""Sections that have the name of a screen: what says so in the menu is that screen."""


def reveal(
    screen: Screen,
    sections: tuple[str, ...],
    there: Callable[[Sights], bool],
    locked: Callable[[Sights], bool] = lambda sights: False,
) -> bool:
    """Opens the sections (outer first) until what is in them is there; each is pressed once only, none that is open.

    A section that shows only text, or whose controls are there but `locked`, is put to editing with its Edit button.
    """
    if screen.wait_for(lambda s: True if there(s) else None, 3, rest=0.2):
        return True
    closed = [] if locked(screen.look()) else list(sections)
    while head := _innermost(screen.look(), closed):
        closed.remove(head[0])
        screen.press(head[1], head[2])
        if screen.wait_for(lambda s: True if there(s) or locked(s) else None, 6, rest=0.6):
            screen.steady(3)
            break
    if there(screen.look()):
        return True
    for section in reversed(sections):
        edit = edit_in(screen.look(), section)
        if edit:
            screen.press(*edit)
            if screen.wait_for(lambda s: True if there(s) else None, 6, rest=0.8):
                return True
    return False


def _innermost(sights: Sights, sections: list[str]) -> tuple[str, Sight, Text | Icon] | None:
    """The last of these sections whose head is to be seen and doesn't say that it is open already."""
    for section in reversed(sections):
        head = section_head(sights, section)
        if head:
            sight, text = head
            toggle = text if text.click else _toggle_beside(sight, text) or text
            if toggle.expanded != "true":
                return section, sight, toggle
    return None


def _toggle_beside(sight: Sight, head: Text) -> Icon | None:
    """The picture in a head's line that opens what is under it, where the words themselves are nothing to press."""
    for span in head.up[:6]:
        icons = [i for i in sight.icons if i.inside(span) and i.box.same_line(head.box)]
        found = [i for i in icons if i.expanded or any(_TOGGLE.search(g) for g in i.glyphs)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def section_head(sights: Sights, section: str) -> tuple[Sight, Text] | None:
    """The words that head this section: a tab, what opens it, or a mere heading."""
    for sight in sights:
        said = [t for t in _saying(sight, section) if section not in _IN_MENU or _in_form(sight, t)]
        heads = [t for t in said if t.click and not t.row] or [t for t in said if t.click] or said
        if heads:
            return sight, max(
                heads, key=lambda t: (t.role == "tab" or t.tab, t.expanded == "false", not t.nav, t.start)
            )
    return None


def _saying(sight: Sight, section: str) -> list[Text]:
    """The words of a section's head, which may be numbered as a step: "2. Login Details"."""
    return sight.saying(section) or [
        t
        for t in sight.texts
        if (n := _NUMBER.match(t.own)) and plain(t.own[n.end() :]) == plain(section) and sight.reachable(t)
    ]


def _in_form(sight: Sight, text: Text) -> bool:
    """True when words come after, and not left of, the head of a section that only the form has."""
    heads = [h for name in (PERSONAL[0], LOGIN[0], LOCATIONS[0]) for h in _saying(sight, name)]
    return any(h.start < text.start and h.box.x - 40 <= text.box.x for h in heads)


def edit_in(sights: Sights, section: str) -> tuple[Sight, Text] | None:
    """The Edit button of this section: in the line of its head, else the next one after it."""
    for sight in sights:
        edits = [t for t in sight.saying("Edit") if t.click]
        for head in [t for t in sight.saying(section) if section not in _IN_MENU or _in_form(sight, t)]:
            beside = [t for t in edits if t.box.same_line(head.box)]
            after = [t for t in edits if t.start > head.start]
            if beside or after:
                return sight, min(beside or after, key=lambda t: (abs(t.box.y - head.box.y), t.start))
    return None
