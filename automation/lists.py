"""Lists, several of many: which entries there are and which are taken; bring a list to exactly the wanted ones.

A list may be drawn as checks under a heading, as a native list, as a list of options, inside a popup, or as two lists
between which entries move; all are read and set the same way from outside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from automation import shuttles
from automation.choices import seek_choice
from automation.errors import ScreenChanged
from automation.fields import CHECK, Place, distance, only_of_row, shown, spot
from automation.nearest import LIST, missing
from automation.popups import (
    ALL,
    HINT,
    close,
    first_of_each_row,
    fresh_texts,
    in_sight,
    is_option,
    listed,
    may_open,
    open_again,
    open_popup,
)
from automation.screen import Screen, Sights
from automation.sight import Sight, Text, Widget, line_height, plain, section

_MORE = re.compile(r"^\+? ?\d+$|^\+ ?\d+|\d+ (more|items?|others?)\b|[…]$|\.\.\.$", re.I)


@dataclass(frozen=True)
class Entry:
    """One entry of a list: its words, whether it is taken, and where to press to change that."""

    name: str
    taken: bool
    sight: Sight
    press: Text | Widget


def read_list(screen: Screen, label: str, known: Iterable[str] = ()) -> dict[str, bool]:
    """The entries of the list under that label, and which are taken; `known` names help where a row has many words.

    Raises:
        ScreenChanged: there is no such list, or no words stand beside its checks.
    """
    return _go_through(screen, label, frozenset(map(plain, known)), None)


class NotListed(ScreenChanged):
    """The list does not hold an entry that it must hold. Nothing was pressed in it."""


def set_list(
    screen: Screen, label: str, wanted: Callable[[str], bool], known: Iterable[str] = (), must: str | None = None
) -> dict[str, bool]:
    """Brings each entry of the list to `wanted(name)`, touching only those that differ, and proves it.

    Returns what the list shows afterwards. "Select all" is never used: each is ticked, then all are counted.

    Raises:
        NotListed: the list doesn't hold `must`.
        ScreenChanged: there is no such list, no words stand beside its checks, or an entry does not change.
    """
    names = frozenset(map(plain, known))
    now = _go_through(screen, label, names, None)
    if must is not None and plain(must) not in map(plain, now):
        raise NotListed(f"“{label}” doesn't hold “{must}”.", "It may not be loaded yet.", "Retry.")
    entries = set(now)
    before = dict(now)
    for attempt in range(3):
        if entries <= set(now) and all(taken is wanted(name) for name, taken in now.items()):
            changed = [name for name, taken in now.items() if before.get(name) is not taken]
            screen.deeds += [f"{label}, {name}: {'ticked' if now[name] else 'unticked'}" for name in changed]
            return now
        if attempt < 2:
            _go_through(screen, label, names, wanted)
            now = _go_through(screen, label, names, None)
    wrong = [name for name, taken in now.items() if taken is not wanted(name)] or sorted(entries - set(now))
    raise ScreenChanged(
        f"“{label}” does not take: {', '.join(wrong[:5])}.", "RevolutionEHR puts it back.", "Look at the picture."
    )


def _go_through(
    screen: Screen, label: str, known: frozenset[str], wanted: Callable[[str], bool] | None
) -> dict[str, bool]:
    """Reads the whole list, screenful by screenful; where `wanted` is given, presses what differs on the way."""
    if pair := shuttles.find(screen.look(), label):
        return shuttles.bring(screen, label, wanted) if wanted else pair.entries()
    if shuttles.columns(screen.look(), label):
        return _go_through_columns(screen, label, known, wanted)
    place, how = _list_at(screen.look(), label)
    if how == "native":
        return _native_list(screen, place, wanted)

    def find(sights: Sights) -> Place:
        return _as_now(sights, place, label)

    opened: list[tuple[Sight, Text]] = []
    before: set[tuple[int, int]] = set()
    if how == "popup":
        before = in_sight(screen, drawn_anew=place.widget.kind == "text")
        if wanted is None:
            looked_into = may_open(screen, label, find, before)
            if looked_into is None:
                words = [n.strip("×✕✖ ") for n in shown(place) if not HINT.search(n) and any(c.isalnum() for c in n)]
                return dict.fromkeys(words or _chips_around(place), True)
            opened = looked_into
        else:
            opened = open_popup(screen, label, find, before)

    def read(sights: Sights) -> list[Entry]:
        if how == "popup":
            return _popup_entries(sights, before, find(sights), {(s.frame, t.id) for s, t in opened})
        place_now, how_now = _list_at(sights, label)
        return _check_entries(sights, label, known) if how_now == "checks" else _option_entries(place_now)

    def again() -> None:
        if how == "popup":
            opened[:] = open_again(screen, label, find, before, opened)

    seen: dict[str, bool] = {}
    for _ in _screenfuls(screen, read):
        for entry in _put_right(screen, read, wanted, again):
            seen[entry.name] = entry.taken
    if not seen and how == "checks" and _nameless(screen.look(), label):
        screen.wait_for(lambda sights: None if _nameless(sights, label) else True, 5, rest=1.5)
        if nameless := _nameless(screen.look(), label):
            raise ScreenChanged(
                f"No words stand beside the checks of “{label}” ({nameless} in all).",
                "It may be drawn in a way that isn't understood; which entry is which can't be told.",
                "Look at the picture.",
            )
        return _go_through(screen, label, known, wanted)  # its words have come
    if opened:
        close(screen, find, before, opened)
        seen |= dict.fromkeys(_chips(find(screen.look()), seen, label), True)
    return seen


def _go_through_columns(
    screen: Screen, label: str, known: frozenset[str], wanted: Callable[[str], bool] | None
) -> dict[str, bool]:
    """Ticks in each of two columns of checks what doesn't belong there, and moves it; returns what they hold then.

    In some kits a tick moves at once, and what is taken stays in the other column, too.
    """
    for taken in (True, False) if wanted else ():
        ticked = _column(screen, label, known, taken, lambda name, t=taken: wanted(name) is not t)  # type: ignore[misc]
        if any(ticked.values()):
            shuttles.move_ticked(screen, label, give=not taken)
    free = _column(screen, label, known, False, None)
    return dict.fromkeys(free, False) | dict.fromkeys(_column(screen, label, known, True, None, free), True)


def _column(
    screen: Screen,
    label: str,
    known: frozenset[str],
    taken: bool,
    wanted: Callable[[str], bool] | None,
    other: Iterable[str] = (),
) -> dict[str, bool]:
    """What one of two columns of checks holds, and whether it is ticked; where `wanted` is given, ticks just that.

    Words without a check are an entry where the `other` column holds it, too.
    """

    def read(sights: Sights) -> list[Entry]:
        pair = shuttles.columns(sights, label)
        if not pair:
            return []
        named = [(check_name(pair.sight, w, known), w) for w in pair.checks(taken)]
        entries = [Entry(n, w.checked == "true", pair.sight, w) for n, w in named if n and not ALL.match(n)]
        bare = [t for t in pair.words(taken) if t.own in other and not any(t.own == e.name for e in entries)]
        return entries + [Entry(t.own, False, pair.sight, t) for t in bare]

    seen: dict[str, bool] = {}
    for _ in _screenfuls(screen, read):
        seen |= {entry.name: entry.taken for entry in _put_right(screen, read, wanted, lambda: None)}
    return seen


def _chips(place: Place, seen: dict[str, bool], label: str) -> list[str]:
    """What the control shows as chosen, and its list doesn't: some no longer offer what is taken.

    Its label may stand in it, too.
    """
    listed = {plain(name) for name in seen}
    texts = [t for t in place.sight.texts if t.inside(place.widget.field) and place.widget.box.holds(t.box.middle)]
    return [
        t.own
        for t in texts
        if is_option(t)
        and not t.says(label)
        and not _MORE.search(t.own)
        and not any(plain(part) in listed for part in t.own.split(","))
    ]


def _chips_around(place: Place) -> list[str]:
    """What stands right above or below a control that shows nothing itself: some kits put what is chosen there."""
    box = place.widget.box
    around = [t for t in place.sight.texts if t.inside(place.widget.field) and not t.box.same_line(box)]
    near = [t for t in around if max(t.box.y - box.bottom, box.y - t.box.bottom) < 60]
    return [t.own for t in near if t.role in ("button", "li") and is_option(t)]


def _as_now(sights: Sights, place: Place, label: str) -> Place:
    """The same control as it is now, also where it was drawn anew; never the list that it opened."""
    for sight in sights:
        for widget in sight.widgets:
            if (sight.frame, widget.id) == (place.sight.frame, place.widget.id):
                return Place(sight, widget)
    return spot(sights, label, (place.widget.kind,)) or place


def _put_right(
    screen: Screen,
    read: Callable[[Sights], list[Entry]],
    wanted: Callable[[str], bool] | None,
    again: Callable[[], None],
) -> list[Entry]:
    """Presses what differs, each at most twice; some lists close at every choice and are opened `again`."""
    tried: dict[str, int] = {}
    while True:
        entries = read(screen.look())
        if tried and not entries:
            again()
            entries = read(screen.look())
        todo = [e for e in entries if wanted and e.taken is not wanted(e.name) and tried.get(e.name, 0) < 2]
        if not todo:
            return entries
        entry = todo[0]
        tried[entry.name] = tried.get(entry.name, 0) + 1
        screen.press(entry.sight, entry.press)
        screen.wait_for(lambda sights, e=entry: True if _changed(read(sights), e) else None, 2)  # type: ignore[misc]


def _changed(entries: list[Entry], entry: Entry) -> bool:
    """True once the entry shows the other state, or nothing is to be read any more as the list has closed."""
    return not entries or any(e.name == entry.name and e.taken is not entry.taken for e in entries)


def _screenfuls(screen: Screen, read: Callable[[Sights], list[Entry]]) -> Iterator[None]:
    """Yields once for a list that is all there; once for each scroll position where only a part of it is drawn."""
    first = read(screen.steady(3))
    scroller = next((e.press.scroller for e in first if e.press.scroller), 0)
    if not scroller:
        yield
        yield from _wheeled_entries(screen, read, first)
        return
    moved = screen.scroll(first[0].sight, scroller, None)[0] > 0  # it may have opened further down
    at, end, bottom, top = screen.scrolled(first[0].sight, scroller, 0)
    step = max(min(150, bottom - top + at - end - 30), 20)  # no line is skipped in a low one
    names = {e.name for e in _once_drawn(screen, read, first[0], at, moved)}
    yield
    for _ in range(200):
        if at >= end - 1:
            return
        at, end = screen.scroll(first[0].sight, scroller, at + step)
        now = {e.name for e in _once_drawn(screen, read, first[0], at, moved=True)}
        if now - names or len(now) < len(names):
            yield
        names |= now


def _once_drawn(
    screen: Screen, read: Callable[[Sights], list[Entry]], one: Entry, at: float, moved: bool
) -> list[Entry]:
    """The entries once words fill the scroll in which that one stood, which was `moved` to where it is now."""

    def scroll(now: Sights) -> tuple[Sight, int]:
        return next((s for s in now if s.frame == one.sight.frame), one.sight), one.press.scroller

    def room(now: Sights) -> float:
        return 0.8 * line_height(e.press.box.y for e in read(now))

    screen.once_filled(scroll, at, room, top_too=moved)
    return read(screen.steady(2))


def _wheeled_entries(screen: Screen, read: Callable[[Sights], list[Entry]], first: list[Entry]) -> Iterator[None]:
    seen, now = {e.name for e in first}, first
    for _ in range(40):
        if not now or not isinstance(now[0].press, Text):
            return
        screen.wheel(now[len(now) // 2].sight, now[len(now) // 2].press)
        now = read(screen.steady(2))
        if not {e.name for e in now} - seen:
            return
        seen |= {e.name for e in now}
        yield


def _list_at(sights: Sights, label: str) -> tuple[Place, str]:
    """The list that stands under the label, and how it is drawn: checks, native, options or popup.

    Of several texts that say the label, the one that stands closest to a list is meant.
    """
    found: list[tuple[int, Place, str]] = []
    for sight in sights:
        for heading in _headings(sight, label):
            nearest = _nearest_list(sight, heading)
            if nearest:
                found.append(nearest)
    if found:
        _, place, how = min(found, key=lambda f: f[0])
        return place, how
    place_of_list = spot(sights, label, ("list",))
    if place_of_list:
        return place_of_list, "native" if place_of_list.widget.native else "options"
    if spot(sights, label, ("choice",)) or spot(sights, label, ("box",)):
        return seek_choice(sights, label), "popup"
    if field := spot(sights, label, ("text",)):  # to type in, after what is taken: it offers what may be added
        return field, "popup"
    raise missing(sights, label, LIST)


def _nearest_list(sight: Sight, heading: Text) -> tuple[int, Place, str] | None:
    """The first list that the parts of the page around a heading hold, with how big that part is."""
    limit = section(sight, heading)
    for span in heading.up:
        inside = [w for w in sight.fitting(("check", "choice", "list", "box")) if w.inside(span) and w.inside(limit)]
        inside = [w for w in inside if _stands_under(heading, w)] or inside[:0]
        inside = [w for w in inside if w.kind != "check" or not _heads(sight, w)]
        kinds = {kind: [w for w in inside if w.kind == kind] for kind in ("check", "list", "choice", "box")}
        size = span[1] - span[0]
        if len(kinds["check"]) > 1 or (kinds["check"] and not kinds["choice"]):
            return size, Place(sight, kinds["check"][0]), "checks"
        if kinds["list"]:
            return size, Place(sight, kinds["list"][0]), "native" if kinds["list"][0].native else "options"
        if kinds["choice"] or kinds["box"]:
            return size, Place(sight, (kinds["choice"] or kinds["box"])[0]), "popup"
    return None


def _stands_under(heading: Text, widget: Widget) -> bool:
    """True when the eye goes from the heading to the control: right of it or below it, not far away."""
    box = widget.box
    return box.bottom >= heading.box.y - 4 and box.y - heading.box.bottom < 220 and box.right > heading.box.x - 60


def _headings(sight: Sight, label: str) -> list[Text]:
    """The texts that say the label; menu items, tabs and column heads are no headings of a list."""
    return [t for t in sight.saying(label) if not t.nav and not t.head and t.role not in ("tab", "menuitem")]


def _native_list(screen: Screen, place: Place, wanted: Callable[[str], bool] | None) -> dict[str, bool]:
    options = [(name, chosen) for name, chosen, disabled in place.widget.options if name and not disabled]
    if wanted is None:
        return dict(options)
    positions = [
        i for i, (name, _, disabled) in enumerate(place.widget.options) if name and not disabled and wanted(name)
    ]
    screen.select(place.sight, place.widget, positions)
    return {name: wanted(name) for name, _ in options}


def _check_entries(sights: Sights, label: str, known: frozenset[str]) -> list[Entry]:
    sight, checks = _checks_under(sights, label)
    named = [(check_name(sight, w, known), w) for w in checks]
    return [Entry(n, w.checked == "true", sight, w) for n, w in named if n and not ALL.match(n)]


def _checks_under(sights: Sights, label: str) -> tuple[Sight, list[Widget]]:
    place, _ = _list_at(sights, label)
    sight = place.sight
    for heading in _headings(sight, label):
        limit = section(sight, heading)
        for span in heading.up:
            checks = [w for w in sight.fitting(CHECK) if w.inside(span) and w.inside(limit) and not _heads(sight, w)]
            if checks and place.widget in checks:
                return sight, checks
            if checks:
                break
    return sight, []


def _nameless(sights: Sights, label: str) -> int:
    """How many checks the list has, where no words stand beside any of them; that isn't a list without entries."""
    place, how = _list_at(sights, label)
    sight, checks = _checks_under(sights, label) if how == "checks" else (place.sight, [])
    names = [name for w in checks if not ALL.match(name := check_name(sight, w))]
    return 0 if any(names) else len(names)


def _heads(sight: Sight, check: Widget) -> bool:
    """True for the check in the head of a table of checks: it takes all lines, and is none of them."""
    return any(t.head for t in sight.in_line(check.box))


def check_name(sight: Sight, check: Widget, known: frozenset[str] = frozenset()) -> str:
    """What a check is for, in the words beside it; of several a known one, else the first that isn't a number."""
    kind = _names_of_next(sight, check)
    own = [n for n in (*check.names, check.aria) if n and n not in kind]
    after = [w.box.x for w in sight.widgets if w.kind in CHECK and w.box.same_line(check.box) and w.box.x > check.box.x]
    end = min(after, default=float("inf"))  # what stands beyond the next check is for that one
    row = [t for t in sight.texts if t.box.same_line(check.box) and t.box.x < end and any(c.isalnum() for c in t.own)]
    words = own + [t.own for t in sorted(row, key=lambda t: t.box.x) if t.box.x > check.box.x]
    for name in words:
        if plain(name) in known:
            return name
    if own:
        return own[0]
    near = sorted(
        ((cost, t.start, t) for t in row if (cost := distance(t.box, check)) is not None and t.box.x > check.box.x),
        key=lambda c: c[:2],
    )
    if near:
        return near[0][2].own
    right = [t.own for t in sorted(row, key=lambda t: t.box.x) if t.box.x > check.box.x and not t.own.isdigit()]
    if right or not only_of_row(sight, check):
        return right[0] if right else ""
    first = [t.own for t in sorted(row, key=lambda t: t.box.x) if t.row == check.row and not t.own.isdigit()]
    return first[0] if first else ""  # the only check of its line, at the end of it


def _names_of_next(sight: Sight, check: Widget) -> tuple[str, ...]:
    """What the next check above or below is called: a name that both have says what kind they are, not which."""
    others = [w for w in sight.fitting(CHECK) if w.id != check.id and w.box.same_column(check.box)]
    nearest = min(others, key=lambda w: abs(w.box.y - check.box.y), default=None)
    return (*nearest.names, nearest.aria) if nearest else ()


def _option_entries(place: Place) -> list[Entry]:
    texts = [t for t in place.sight.texts if t.inside((place.widget.start, place.widget.end)) and is_option(t)]
    said = [(place.sight, t) for t in texts if t.role in ("option", "li", "treeitem")]
    return [Entry(t.own, t.selected == "true", sight, t) for sight, t in first_of_each_row(said)]


def _popup_entries(
    sights: Sights, before: set[tuple[int, int]], place: Place, opened: set[tuple[int, int]]
) -> list[Entry]:
    """What the list offers. In some kits it is drawn in the frame of its control, where the chips are, too."""

    def of_list(sight: Sight, text: Text) -> bool:
        return (text.popup and not place.widget.over) or (sight.frame, text.id) in opened

    control = tuple(t for t in place.sight.texts if not of_list(place.sight, t))
    taken = {plain(v) for v in shown(Place(replace(place.sight, texts=control), place.widget))}
    entries: list[Entry] = []
    for sight, text in listed(fresh_texts(sights, before)):
        offered = text.role == "option" or of_list(sight, text)
        chip = text.inside(place.widget.field) and (not offered or place.widget.box.holds(text.box.middle))
        if not is_option(text) or chip or any(e.name == text.own for e in entries):
            continue
        check = _check_beside(sight, text)
        state = check.checked == "true" if check else text.selected == "true" or plain(text.own) in taken
        entries.append(Entry(text.own, state, sight, text))
    return entries


def _check_beside(sight: Sight, text: Text) -> Widget | None:
    """The check of an entry's line; in a popup that lies over a dialog it is as near as the words in its line.

    Never one that the popup covers: that one is in no line of the list.
    """
    checks = [w for w in sight.fitting(CHECK) if not text.row or w.row == text.row]
    if text.popup and text.row:
        checks += [w for w in sight.widgets if w.kind in CHECK and w.row == text.row and w not in checks]
    near = [w for w in checks if w.box.same_line(text.box) and 0 <= text.box.x - w.box.right + 6 <= 60]
    return near[0] if len(near) == 1 else None


def list_there(sights: Sights, label: str) -> bool:
    """True when there is a list under that label on the screen."""
    try:
        _list_at(sights, label)
    except ScreenChanged:
        return False
    return True
