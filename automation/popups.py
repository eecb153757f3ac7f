"""What opens when a dropdown is pressed, whoever's component it is: open it, go through it, close it.

A popup is what became newly visible after the click. Which control it belongs to, and what is chosen in it, is the
business of `automation.choices` (one of many) and `automation.lists` (several of many).
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator

from automation.errors import ScreenChanged
from automation.fields import Place
from automation.screen import Screen, Sights
from automation.sight import Box, Sight, Text, Widget

ALL = re.compile(
    r"^(\(?(un)?(select|check|tick|choose) all\)?.*|all( locations)?|clear all|select|none|all items)$", re.I
)
"""What stands at a list to take all of it, and is not one of its entries."""

HINT = re.compile(
    r"^(select|choose|pick|please|none|search|no |filter|type |loading|-+ ?)|(selected|found|results?)$", re.I
)
"""What a dropdown says while nothing is chosen, and what counts or looks for its entries."""

Find = Callable[[Sights], Place]


def may_open(screen: Screen, label: str, find: Find, before: set[tuple[int, int]]) -> list[tuple[Sight, Text]] | None:
    """What opens; None for a dropdown that may only be looked at: it shows its value and opens nothing."""
    if not find(screen.look()).widget.enabled:
        return None
    try:
        return open_popup(screen, label, find, before)
    except ScreenChanged:
        return None


def open_popup(screen: Screen, label: str, find: Find, before: set[tuple[int, int]]) -> list[tuple[Sight, Text]]:
    """Opens a dropdown and returns the texts that are new, once they have come to rest.

    Raises:
        ScreenChanged: nothing opens.
    """
    drawn = find(screen.look()).widget.drawn  # then its own input may be a small spot in it, which takes the keys
    for way in ("press", "keys", "corner") if drawn else ("press", "corner", "keys"):
        place = find(screen.look())
        if way == "press":
            screen.press(place.sight, place.widget)
        elif way == "corner":
            screen.press_corner(place.sight, place.widget)
        else:
            screen.focus(place.sight, place.widget)
            screen.key("Alt+ArrowDown")
        if screen.wait_for(lambda sights: fresh_texts(sights, before) or None, 4, rest=0.8):
            return fresh_texts(screen.steady(3), before)
    raise ScreenChanged(f"“{label}” does not open.", "Its list of options does not appear.", "Look at the picture.")


def open_again(
    screen: Screen, label: str, find: Find, before: set[tuple[int, int]], opened: list[tuple[Sight, Text]]
) -> list[tuple[Sight, Text]]:
    """The same list, opened once more where a choice has closed it."""
    if _is_open(screen.steady(2), find, before, opened):
        return opened
    return open_popup(screen, label, find, before)


def popup_pages(
    screen: Screen, fresh: list[tuple[Sight, Text]], before: set[tuple[int, int]], typed: str = ""
) -> Iterator[list[tuple[Sight, Text]]]:
    """What became visible when the dropdown was opened: as it opened, and at each further screenful of its scroll."""
    yield fresh
    scrollers = {t.scroller: s for s, t in fresh if t.scroller}
    if not scrollers:
        yield from wheeled(screen, lambda sights: fresh_texts(sights, before), fresh)
    for scroller, sight in scrollers.items():
        moved = screen.scroll(sight, scroller, None)[0] > 0  # it may open where it was left
        at, end, bottom, top = screen.scrolled(sight, scroller, 0)
        step = max(min(120, bottom - top + at - end - 20), 20)
        if moved:
            yield fresh_texts(screen.steady(2), before)
        for _ in range(60):
            if at >= end - 1:
                break
            at, end = screen.scroll(sight, scroller, at + step)
            yield fresh_texts(screen.steady(2), before)
    inputs = [(s, w) for s in screen.look() for w in s.fitting(("text",)) if _in_popup(w, fresh, s)]
    if typed and len(inputs) == 1:
        sight, widget = inputs[0]
        screen.focus(sight, widget)
        screen.keys(typed)
        screen.steady(3)
        yield fresh_texts(screen.look(), before)


def wheeled(
    screen: Screen,
    read: Callable[[Sights], list[tuple[Sight, Text]]],
    first: list[tuple[Sight, Text]],
) -> Iterator[list[tuple[Sight, Text]]]:
    """Further entries of a popup that scrolls by itself: what the mouse's wheel brings, until it brings nothing new."""
    seen = {t.own for _, t in first}
    now = first
    for _ in range(40):
        entries = [e for e in listed(now) if is_option(e[1])]
        if not entries:
            return
        screen.wheel(*entries[len(entries) // 2])
        now = read(screen.steady(2))
        if not {t.own for _, t in now} - seen:
            return
        seen |= {t.own for _, t in now}
        yield now


def _in_popup(widget: Widget, fresh: list[tuple[Sight, Text]], sight: Sight) -> bool:
    spans = [t.up[min(6, len(t.up) - 1)] for s, t in fresh if s.frame == sight.frame]
    return any(widget.inside(span) and span[1] - span[0] < 2000 for span in spans)


def close(screen: Screen, find: Find, before: set[tuple[int, int]], opened: Iterable[tuple[Sight, Text]]) -> None:
    """Closes a dropdown's popup, as a person would: press it again, press beside it.

    Tab and Escape come last: in some kits they take the entry in focus, or take back what was chosen.
    """
    opened = list(opened)
    for way in ("none", "press", "beside", "tab", "escape"):
        place = _still_there(screen.look(), find)
        if place and _is_fresh(place, before):
            place = None
        if way == "press" and place:
            with contextlib.suppress(ScreenChanged):  # what it opened may lie over it
                screen.press(place.sight, place.widget, seconds=1)
        elif way == "beside":
            screen.press_beside(place.widget.box if place else _top_left(opened))
        elif way in ("tab", "escape"):
            screen.key(way.capitalize())
        patience = 0.1 if way == "none" else 2
        if screen.wait_for(lambda sights: None if _is_open(sights, find, before, opened) else True, patience, rest=0.3):
            screen.wait_for(lambda sights: _still_there(sights, find), 3)  # a search box may still stand in its place
            return


def _is_open(sights: Sights, find: Find, before: set[tuple[int, int]], opened: list[tuple[Sight, Text]]) -> bool:
    """True while the control says that it is open, or what it opened is still to be seen, be it drawn anew."""
    place = _still_there(sights, find)
    if place and place.widget.kind == "list" and _is_fresh(place, before):
        place = None  # the list that it opened, while the control itself can't be told
    if place and place.widget.expanded == "true":
        return True
    control = place.widget.box if place else Box(0, 0, 0, 0)
    same = {(s.frame, t.id) for s, t in opened}
    alike = {(t.own, t.role) for _, t in opened if t.role in ("option", "menuitem", "menuitemcheckbox")}
    floats = {t.own for _, t in opened if t.popup} if place and not place.widget.over else set()
    return any(
        ((s.frame, t.id) in same or (t.own, t.role) in alike or (t.popup and t.own in floats))
        and not control.holds(t.box.middle)
        for s, t in fresh_texts(sights, before)
    )


def _is_fresh(place: Place, before: set[tuple[int, int]]) -> bool:
    """True for what only looks like the control and came with what it opened: pressing an entry would choose it."""
    inside = [t for _, t in fresh_texts((place.sight,), before) if t.inside((place.widget.start, place.widget.end))]
    return any(place.widget.box.holds(t.box.middle) for t in inside)


def _still_there(sights: Sights, find: Find) -> Place | None:
    try:
        return find(sights)
    except ScreenChanged:
        return None


def _top_left(opened: Iterable[tuple[Sight, Text]]) -> Box:
    boxes = [t.box for _, t in opened]
    return Box(min(b.x for b in boxes) - 40, min(b.y for b in boxes) - 60, 0, 0) if boxes else Box(8, 8, 0, 0)


def in_sight(screen: Screen, *, drawn_anew: bool = False) -> set[tuple[int, int]]:
    """Which texts are to be seen now: what is not among them later is what a click brought.

    Where the form around may be `drawn_anew` with it, what stands where it stood is nothing new either.
    """
    texts = [(s, t) for s in screen.look() for t in s.texts]
    places = {_where(s, t) for s, t in texts} if drawn_anew else set()
    return {(s.frame, t.id) for s, t in texts} | places


def _where(sight: Sight, text: Text) -> tuple[int, int]:
    """Stands for these words at this place; no text's own number is negative."""
    return -1 - sight.frame, hash((text.own, round(text.box.x), round(text.box.y)))


def fresh_texts(sights: Sights, before: set[tuple[int, int]]) -> list[tuple[Sight, Text]]:
    return [
        (s, t)
        for s in sights
        for t in s.texts
        if t.own and (s.frame, t.id) not in before and _where(s, t) not in before
    ]


def listed(texts: list[tuple[Sight, Text]]) -> list[tuple[Sight, Text]]:
    """Of what a popup shows, its entries: those that say they are options or list items, where any do."""
    for roles in (("option", "menuitem", "menuitemcheckbox", "treeitem"), ("li",)):
        said = [(s, t) for s, t in texts if t.role in roles]
        if said:
            return first_of_each_row(said)
    return texts


def first_of_each_row(texts: list[tuple[Sight, Text]]) -> list[tuple[Sight, Text]]:
    """An entry's name comes first in its row; what stands beside it (a city, a number) only explains it."""
    rows: dict[tuple[int, int], tuple[Sight, Text]] = {}
    for sight, text in texts:
        rows.setdefault((sight.frame, text.row or -text.id), (sight, text))
    return list(rows.values())


def is_option(text: Text) -> bool:
    """True for words that are an entry rather than an invitation, a counter or a button."""
    return (
        bool(text.own) and any(c.isalnum() for c in text.own) and not HINT.search(text.own) and not ALL.match(text.own)
    )
