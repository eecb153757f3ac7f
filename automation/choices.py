"""Dropdowns, one of many: which options there are, and choose one by its whole words.

A dropdown is worked by what became newly visible after the click and whose whole text equals the option, so it does not
matter whose component it is (`automation.popups`).
"""

from __future__ import annotations

from collections.abc import Iterable

from automation.errors import ScreenChanged
from automation.fields import Place, seek, shown, shows, spot, twice
from automation.popups import HINT, Find, close, in_sight, is_option, listed, may_open, open_popup, popup_pages
from automation.screen import Screen, Sights
from automation.sight import Sight, Text, plain


def seek_choice(sights: Sights, label: str) -> Place:
    """The dropdown of that label; what only looks like a dropdown counts where nothing says that it is one."""
    return spot(sights, label, ("choice",)) or spot(sights, label, ("box",)) or seek(sights, label, ("choice", "list"))


def choose(screen: Screen, label: str, option: str, find: Find | None = None) -> None:
    """Chooses an option by its whole text and proves that the dropdown shows it. `find` finds one without a label.

    Raises:
        ScreenChanged: no such dropdown or option (says which options there are), or it shows another afterwards.
    """
    find = find or _choice_finder(label)
    for _ in range(2):
        place = find(screen.look())
        if shows(place, option):
            return
        if place.widget.native:
            _choose_native(screen, place, label, option)
        else:
            _choose_in_popup(screen, label, option, find)
        if twice(screen, lambda sights: shows(find(sights), option)):
            screen.deeds.append(f"{label}: {option}")
            return
    raise ScreenChanged(f"“{label}” does not take “{option}”.", "RevolutionEHR puts it back.", "Look at the picture.")


def options(screen: Screen, label: str, find: Find | None = None) -> list[str]:
    """The options of a dropdown, in its order, without its invitation to choose. Leaves it closed and unchanged.

    Raises:
        ScreenChanged: there is none, or it shows another of its options afterwards.
    """
    find = find or _choice_finder(label)
    place = find(screen.look())
    if place.widget.native:
        return [name for name, _, disabled in place.widget.options if name and not disabled and not HINT.search(name)]
    names: list[str] = []
    before = in_sight(screen)
    first = may_open(screen, label, find, before)
    if first is None:
        return [name for name in shown(place) if not HINT.search(name)]
    opened: list[tuple[Sight, Text]] = []
    for texts in popup_pages(screen, first, before):
        opened += texts
        names += [t.own for _, t in listed(texts) if t.own not in names and is_option(t)]
    close(screen, find, before, opened)
    fresh = [n for n in shown(find(screen.look())) if n in names and not shows(place, n)]
    if fresh:
        raise ScreenChanged(
            f"“{label}” shows “{fresh[0]}” after its options were only looked at.",
            "Its list could not be closed without choosing something.",
            "Nothing was saved; look at the picture.",
        )
    return names


def _choice_finder(label: str) -> Find:
    return lambda sights: seek_choice(sights, label)


def _choose_native(screen: Screen, place: Place, label: str, option: str) -> None:
    for position, (name, _, _) in enumerate(place.widget.options):
        if plain(name) == plain(option):
            screen.select(place.sight, place.widget, [position])
            return
    raise _no_option(label, option, [name for name, _, _ in place.widget.options])


def _choose_in_popup(screen: Screen, label: str, option: str, find: Find) -> None:
    seen: list[str] = []
    opened: list[tuple[Sight, Text]] = []
    before = in_sight(screen)
    for texts in popup_pages(screen, open_popup(screen, label, find, before), before, typed=option):
        opened += texts
        seen += [t.own for _, t in texts if is_option(t)]
        matches = [(s, t) for s, t in texts if t.is_just(option)]
        if matches:
            screen.press(*min(matches, key=lambda m: m[1].end - m[1].start))
            screen.steady(3)
            close(screen, find, before, opened)
            return
    close(screen, find, before, opened)
    raise _no_option(label, option, seen)


def _no_option(label: str, option: str, seen: Iterable[str]) -> ScreenChanged:
    there = ", ".join(f"“{name}”" for name in list(dict.fromkeys(seen))[:8] if name)
    return ScreenChanged(
        f"“{label}” has no option “{option}”; it has {there or 'none'}.",
        "It may not be loaded yet, or it has another name.",
        "Check the name in RevolutionEHR.",
    )
