"""Admin > General > Basic Information: the practice ID (guide, step 2). Nothing is ever pressed here.

Locations have IDs too, and a Tax ID and an NPI stand beside it: only the label "ID" itself counts, and only a number.
"""

from __future__ import annotations

import re

from automation.errors import ScreenChanged
from automation.fields import candidates
from automation.nearest import FIELD, missing
from automation.revolutionehr.pages import header, messages
from automation.screen import Screen, Sights
from automation.sight import Sight, Text

LABELS = ("ID", "Practice ID")


def read_id(screen: Screen) -> str:
    """The number in the ID field, as digits.

    Raises:
        ScreenChanged: there is no field "ID", it stays empty, it holds no number, or there are two.
    """
    header.go(screen, "General", "Basic Information", lambda s: any(_shows_label(s, label) for label in LABELS))
    found = screen.wait_for(lambda s: _numbers(s) or (set() if _covered(s) else None), 15)
    if found is not None and not found:
        messages.clear_announcements(screen)  # it came after the page did
        found = screen.wait_for(lambda s: _numbers(s) or None, 15)
    again = _numbers(screen.steady(3))
    if len(again) == 1 and again == found:
        return again.pop()
    if len(again) > 1:
        raise ScreenChanged(
            f"Basic Information shows more than one ID: {', '.join(sorted(again))}.",
            "Guessing is not allowed.",
            "Look.",
        )
    if any(_shows_label(screen.look(), label) for label in LABELS):
        raise ScreenChanged(
            "The ID field of Basic Information is empty or holds no number.",
            "It did not load, or this login may not see it.",
            "Look at the picture and retry.",
        )
    raise missing(screen.look(), "ID", FIELD)


def _shows_label(sights: Sights, label: str) -> bool:
    return any(s.shows(label) for s in sights) or bool(_inline(sights))


def _covered(sights: Sights) -> bool:
    """True when a dialog lies over the label that was seen."""
    return any(s.dialog for s in sights) and not any(_shows_label(sights, label) for label in LABELS)


def _numbers(sights: Sights) -> set[str]:
    for label in LABELS:
        found = {number for sight in sights for number in _beside(sight, label)}
        if found:
            return found
    return _inline(sights)


def _inline(sights: Sights) -> set[str]:
    return {m.group(1) for s in sights for t in s.texts if (m := re.fullmatch(r"ID\s*[:#]?\s*(\d{1,10})", t.whole))}


def _beside(sight: Sight, label: str) -> set[str]:
    found: set[str] = set()
    for widget in candidates(sight, label, ("text",)):
        number = digits(widget.value)
        if number:
            found.add(number)
    if found:
        return found
    for text in sight.saying(label):
        value = _value_of(sight, text)
        if value:
            found.add(value)
    return found


def _value_of(sight: Sight, label: Text) -> str:
    """The text that a reader takes for the label's value: the next one in its line, else right below it."""
    for span in label.up:
        others = [t for t in sight.texts if t.inside(span) and t.start > label.start and t.own != label.own]
        if others:
            value = digits(others[0].own)
            if value:
                return value
            break
    near: list[tuple[float, int, Text]] = []
    for text in sight.texts:
        right, below = text.box.x - label.box.right, text.box.y - label.box.bottom
        if text.id != label.id and text.box.same_line(label.box) and -2 <= right <= 420:
            near.append((right, text.start, text))
        elif abs(text.box.x - label.box.x) <= 40 and -2 <= below <= 40:
            near.append((below + 5, text.start, text))
    return digits(min(near, key=lambda n: n[:2])[2].own) if near else ""


def digits(words: str) -> str:
    """The number without thousands separators and spaces, or "" when it isn't just a number."""
    bare = re.sub(r"(?<=\d)[,.\s\u00a0\u202f](?=\d{3}\b)", "", words.strip())
    return bare if re.fullmatch(r"\d{1,10}", bare) else ""
