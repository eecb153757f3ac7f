"""Buttons by their words: Save, Add, Cancel, and the ones that are only a picture.

Buttons are looked for where a person would: enabled, visible, not behind a dialog. Of several with the same words the
one nearest in the page to the control in question is meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from automation.fields import Place
from automation.nearest import BUTTON, missing
from automation.screen import Screen, Sights
from automation.sight import Icon, Sight, Text, normal

Button = tuple[Sight, Text | Icon]
_PLUS = re.compile(r"(^|[-_ ])(plus|add|addicon|plusoutlined|plus-circle|circle-plus|plus-lg)([-_ ]|$)")


def find(sights: Sights, *names: str, near: Place | None = None) -> Button | None:
    """The button of the first of these names that is there; of several the one nearest in the page to `near`."""
    for name in names:
        found: list[Button] = []
        for sight in sights:
            found += [(sight, t) for t in sight.saying(name) if t.click and not t.disabled and not t.tab]
            found += [(sight, i) for i in sight.icons if _says(i, name) and not i.disabled and sight.reachable(i)]
        buttons = [b for b in found if _is_button(b[1])] or found
        if near is not None:
            buttons = [b for b in buttons if b[0].frame == near.sight.frame] or buttons
            buttons = sorted(buttons, key=lambda b: _apart(b, near))
        if buttons:
            return buttons[0]
    return None


def _is_button(thing: Text | Icon) -> bool:
    return isinstance(thing, Icon) or thing.role in ("button", "input", "submit") or thing.tag in ("button", "input")


def _says(icon: Icon, name: str) -> bool:
    return any(normal(s) == normal(name) for s in icon.said)


def _apart(button: Button, near: Place) -> tuple[int, float]:
    """How big a part of the page holds both; then how far apart they stand."""
    thing, widget = button[1], near.widget
    spans = thing.up if isinstance(thing, Text) else ((thing.start, thing.end),)
    size = next((e - s for s, e in spans if s <= widget.start < e), 1_000_000)
    return size, abs(thing.box.y - widget.box.y)


def find_add(sights: Sights, *things: str) -> Button:
    """The control that adds a record: "Add", "Add Employee", "New", "+", or a picture of a plus (ehr-facts, section 5).

    Raises:
        ScreenChanged: there is none.
    """
    button = _adder(sights, *things)
    if button is None:
        raise missing(sights, "Add", BUTTON)
    return button


def _adder(sights: Sights, *things: str) -> Button | None:
    names = ["Add", "+", "+ Add", "Add +"]
    for thing in things:
        names += [
            f"Add {thing}",
            f"+ Add {thing}",
            f"Add New {thing}",
            f"New {thing}",
            f"+ New {thing}",
            f"Create {thing}",
        ]
    button = find(sights, *names, "Add New", "New", "Create")
    if button:
        return button
    drawn = [(s, i) for s in sights for i in s.icons if _is_plus(i) and not i.disabled and s.reachable(i)]
    in_body = [b for b in drawn if not b[1].row and not b[1].head] or drawn
    return in_body[0] if in_body else None


def shows_list(sights: Sights, *things: str) -> bool:
    """True when a list of records is shown: it can be added to, or (for who may only look) it has column heads."""
    if any(t.head and sight.reachable(t) for sight in sights for t in sight.texts):
        return True
    return _adder(sights, *things) is not None


def _is_plus(icon: Icon) -> bool:
    return icon.shown in ("+", "＋") or any(_PLUS.search(g) for g in icon.glyphs)


def press(screen: Screen, names: Sequence[str], near: Place | None = None) -> None:
    """Presses the button of one of these names once it is there.

    Raises:
        ScreenChanged: it does not appear.
    """
    button = screen.wait_for(lambda sights: find(sights, *names, near=near), 8)
    if button is None:
        raise missing(screen.look(), names[0], BUTTON)
    screen.press(*button, seconds=15)
