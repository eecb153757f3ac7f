"""Lists of records: find the line of one, through search and pages, and open it by its name, never by an icon.

A line is what a reader takes for one: the texts that stand beside each other. Whether the list is a table, a grid or a
list of links doesn't matter. Concluding that something isn't there takes every page of the list, at rest.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from automation.errors import Unavailable, quoted
from automation.fields import spot
from automation.screen import Screen, Sights, WentAway
from automation.sight import Icon, Sight, Text, Widget, plain

BY_ITSELF = 1.5
"""Seconds until a search must have begun."""

_ROOM = 60
"""Pixels that may be without words at an edge of a scroll where all lines are drawn."""

_SEARCH = re.compile(r"search|find|filter|look ?up", re.I)
_BACK = re.compile(r"^(prev(ious)?( page)?|go to (the )?prev(ious)? page|‹|«|<|←)$", re.I)
_BACK_GLYPH = re.compile(
    r"(^|[-_ ])(prev(ious)?|chevron-left|angle-left|arrow-left|caret-left|navigate_?before|left)([-_ ]|$)"
)
_BROKEN = re.compile(r"error|fail|could ?n[o'’]t|unable|try again|unavailable|timed? ?out", re.I)
_SHOWN = {"active", "current", "selected", "is-active", "is-current"}
_MORE = re.compile(
    r"^((show|load|see|view|display|fetch) )?(the next )?(\d+ )?more( (rows|records|items|results|entries|lines))?"
    r"( ?[(\[] ?\d+ ?(/|of) ?\d+ ?[)\]])?[.… ]*$",
    re.I,
)
_NEXT = re.compile(r"^(next( page)?|go to (the )?next page|›|»|>|→)$", re.I)
_NEXT_GLYPH = re.compile(
    r"(^|[-_ ])(next|pagination-next|chevron-right|angle-right|arrow-right|caret-right|navigate_?next|right)([-_ ]|$)"
)


@dataclass(frozen=True)
class Row:
    """One line of a list: its texts, left to right, and the one that named it."""

    sight: Sight
    named: Text
    texts: tuple[Text, ...]

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(words for t in self.texts for words in _said(self.sight, t))

    def has(self, words: str) -> bool:
        """True when one of its texts is just these words."""
        return any(t.is_just(words) for t in self.texts)


def rows(sights: Sights, is_it: Callable[[str], bool]) -> list[Row]:
    """The lines in which a text satisfies `is_it`; menus, tabs and column heads are no lines.

    A menu's entry counts only where no list has such a line: the header may show the name of who is logged in.
    """
    found: list[Row] = []
    for sight in sights:
        for text in sight.texts:
            if text.tab or text.head or text.role in ("tab", "menuitem") or not sight.reachable(text):
                continue
            if ((text.nav or text.popup) and not text.row) or not any(map(is_it, _said(sight, text))):
                continue
            line = tuple(sorted((t for t in sight.texts if t.box.same_line(text.box)), key=lambda t: t.box.x))
            beside = tuple(t for t in line if not t.nav and _near(t, text))
            if not any(r.named.box.same_line(text.box) for r in found if r.sight is sight):
                found.append(Row(sight, text, beside or (text,)))
    return [row for row in found if not row.named.nav] or found


def _said(sight: Sight, text: Text) -> tuple[str, ...]:
    """Its words; of one word in which a part is marked, as lists do with what was searched for, the whole word too."""
    cut = text.whole != text.own and " " not in text.whole
    marked = cut and any(t.id != text.id and t.inside((text.start, text.end)) for t in sight.in_line(text.box))
    return (text.own, text.whole) if marked else (text.own,)


def _near(a: Text, b: Text) -> bool:
    return a.row == b.row if b.row else not a.popup


def search(screen: Screen, words: str) -> bool:
    """Types into the list's search box and asks for the result, by its button or with Enter; False if it has none.

    A box without a button may search by itself, a while after the last key: until then the list is still the whole one,
    and its next page may be that of a search which hasn't begun. One that has left only lines with these words while
    they were typed has searched already.
    """
    whole = screen.look()
    box = search_box(whole)
    if box is None:
        return False
    typed = box[1].value != words
    if typed:
        screen.type_into(*box, words)
    sights = screen.look()
    box, button = search_box(sights) or box, _search_button(sights)
    if button:
        screen.press(*button)
    else:
        before = _lines(sights)
        screen.focus(*box)
        screen.key("Enter")
        if typed:
            screen.wait_for(
                lambda now: (
                    True if screen.traffic.loading() or _lines(now) != before or _found(now, words, whole) else None
                ),
                BY_ITSELF,
            )
    screen.steady(5)
    return True


def _found(sights: Sights, words: str, whole: Sights) -> bool:
    """True when the list isn't the whole one any more, and each of its lines has the words that were searched for."""
    said: dict[tuple[int, int], str] = {}
    for sight in sights:
        for text in sight.texts:
            if text.row and not text.head:
                said[sight.frame, text.row] = f"{said.get((sight.frame, text.row), '')} {text.own}"
    return bool(said) and all(plain(words) in plain(line) for line in said.values()) and _lines(sights) != _lines(whole)


def search_box(sights: Sights) -> tuple[Sight, Widget] | None:
    """The one text field of the list that says it is for searching."""
    for sight in sights:
        found = [w for w in sight.fitting(("text",)) if w.enabled and (_is_search(w) or _has_lens(sight, w))]
        if len(found) > 1:
            found = [w for w in found if w.box.y > 60] or found
        if found:
            return sight, max(found, key=lambda w: w.box.w)
    labelled = spot(sights, "Search", ("text",)) or spot(sights, "Last Name", ("text",))
    return (labelled.sight, labelled.widget) if labelled else None


def _is_search(widget: Widget) -> bool:
    said = " ".join((*widget.names, widget.placeholder, widget.aria, widget.role))
    return bool(_SEARCH.search(said))


def _has_lens(sight: Sight, widget: Widget) -> bool:
    """True when a picture of a lens stands in the field or right beside it."""
    return any(
        icon.box.same_line(widget.box)
        and -widget.box.w <= icon.box.x - widget.box.right <= 60
        and any("search" in g or "magnif" in g for g in icon.glyphs)
        for icon in sight.icons
    )


def _search_button(sights: Sights) -> tuple[Sight, Text] | None:
    for sight in sights:
        found = [
            t for t in sight.saying("Search") if t.click and not t.nav and t.role in ("button", "a", "submit", "input")
        ]
        if len(found) == 1:
            return sight, found[0]
    return None


def pages(screen: Screen) -> Iterator[Sights]:
    """The list as it stands at each of its pages, and wherever more of its lines are drawn: some draw only a part."""
    sights = _first_page(screen, screen.steady())
    shown: set[object] = set()
    for _ in range(100):
        lines = _lines(sights)
        if lines in shown:
            return
        shown.add(lines)
        for part in _screenfuls(screen, sights):
            shown.add(_lines(part))
            yield part
        onward = _next_page(sights := screen.look()) or _more(sights)
        if onward is None:
            return
        screen.press(*onward)
        screen.wait_for(lambda now: None if _lines(now) in shown else True, 6, rest=0.6)
        sights = screen.steady()


def _screenfuls(screen: Screen, sights: Sights) -> Iterator[Sights]:
    """What a list shows from the top of its scroll to the end, where more lines may come; once if it doesn't scroll.

    Where all its lines are drawn, the end is looked at, else every screenful on the way.
    """
    if (scroll := _scroll(sights)) and screen.scroll(*scroll, None)[0] > 0:  # it was left further down
        screen.scroll(*scroll, 0)
        sights = screen.steady(3)
    yield sights
    if scroll is None:
        yield from _further_down(screen, sights)
        return
    for _ in range(200):
        scroll = _scroll(sights)
        if scroll is None:
            return
        at, end, bottom, top = screen.scrolled(*scroll)
        if at >= end - 1:
            return
        part = bottom - max(t.box.bottom for t in scroll[0].texts if t.scroller == scroll[1]) > _ROOM
        to = at + max(bottom - top + at - end - 90, 60) if part else end
        at, _ = screen.scroll(*scroll, to)
        sights = _once_drawn(screen, scroll, at, part)
        if not part and _grows(screen, _drawn(sights)):
            sights = screen.steady(3)
        yield sights


def _once_drawn(screen: Screen, scroll: tuple[Sight, int], at: float, part: bool) -> Sights:
    """What is seen once words fill the list's scroll, also where the list was drawn anew."""
    return screen.once_filled(lambda now: _scroll(now) or scroll, at, lambda now: _ROOM, top_too=part)


def _further_down(screen: Screen, sights: Sights) -> Iterator[Sights]:
    """What a list shows further down a page that scrolls as a whole: others of its lines, or more of them."""
    drawn = _drawn(sights)
    if not drawn or not screen.scroll_page(down=True):
        return
    for _ in range(200):
        sights = screen.steady(3)
        if _drawn(sights) != drawn:
            drawn = _drawn(sights)
            yield sights
        if not screen.scroll_page(down=True) and not _grows(screen, drawn):
            break
    screen.scroll_page(down=False)


def _grows(screen: Screen, drawn: tuple[str, ...]) -> bool:
    """True when further lines come by themselves, as in lists that ask for them once their end is seen."""
    return bool(screen.wait_for(lambda now: True if _drawn(now) != drawn else None, 1))


def _drawn(sights: Sights) -> tuple[str, ...]:
    """The words of the lines that are drawn, wherever they stand now."""
    return tuple(t.own for s in sights for t in _in_lines(s))


def _in_lines(sight: Sight) -> list[Text]:
    """The words that stand in lines, of a list or a table."""
    return [t for t in sight.texts if t.row and not (t.nav or t.head or t.popup or t.tab)]


def _scroll(sights: Sights) -> tuple[Sight, int] | None:
    """What scrolls the lines of the list, and its frame."""
    for sight in sights:
        lines = Counter(t.scroller for t in _in_lines(sight))
        for scroller, _ in lines.most_common(1):
            if scroller:
                return sight, scroller
    return None


def _lines(sights: Sights) -> tuple[object, ...]:
    return tuple((t.own, t.box.y) for s in sights for t in s.texts)


def _first_page(screen: Screen, sights: Sights) -> Sights:
    """A list may still stand at the page where it was left."""
    for _ in range(100):
        back = _turn(sights, _BACK, _BACK_GLYPH) or _numbered(sights, -1)
        if back is None:
            break
        before = _lines(sights)
        screen.press(*back)
        if not screen.wait_for(lambda now, b=before: True if _lines(now) != b else None, 6, rest=0.6):  # type: ignore[misc]
            break
        sights = screen.steady(5)
    return sights


def _next_page(sights: Sights) -> tuple[Sight, Text | Icon] | None:
    return _turn(sights, _NEXT, _NEXT_GLYPH) or _numbered(sights, 1)


def _numbered(sights: Sights, step: int) -> tuple[Sight, Icon] | None:
    """The number of the page that comes next (or before), where the pages have numbers and one is marked as shown."""
    for sight in sights:
        pager = [
            i for i in sight.icons if i.shown.isdigit() and any("pag" in g for g in i.glyphs) and sight.reachable(i)
        ]
        here = [int(i.shown) for i in pager if _SHOWN & set(i.glyphs)]
        there = [i for i in pager if len(here) == 1 and int(i.shown) == here[0] + step and not i.disabled]
        if len(there) == 1:
            return sight, there[0]
    return None


def _more(sights: Sights) -> tuple[Sight, Text] | None:
    """What draws more lines at the end of the list, as "More" or "Show 10 more": it stands alone under all of them."""
    for sight in sights:
        lines = _in_lines(sight)
        for text in sight.texts:
            if not _MORE.match(text.own.strip()) or not text.click or text.disabled or text.nav or text.popup:
                continue
            above = [t for t in lines if t.row != text.row]
            alone = all(t.own == text.own or not t.own for t in lines if t.row == text.row)
            under = above and text.box.y >= max(t.box.bottom for t in above) - 2
            if alone and under and text.box.x >= min(t.box.x for t in above) and sight.reachable(text):
                return sight, text
    return None


def _turn(sights: Sights, words: re.Pattern[str], glyph: re.Pattern[str]) -> tuple[Sight, Text | Icon] | None:
    """The control that turns the list's page, if it is there and enabled."""
    for sight in sights:
        for text in sight.texts:
            usable = text.click and not text.disabled and not text.active and sight.reachable(text)
            if usable and words.match(text.own.strip()):
                return sight, text
        for icon in sight.icons:
            said = any(words.match(s.strip()) for s in icon.said)
            drawn = any(glyph.search(g) for g in icon.glyphs) and any("pag" in g for g in icon.glyphs)
            fields = sight.fitting(("choice", "box", "text")) if drawn else []  # a dropdown has an arrow of its own
            drawn = drawn and not any(w.box.holds(icon.box.middle) for w in fields)
            drawn = drawn and not icon.shown.isdigit()
            if (said or drawn) and not icon.disabled and sight.reachable(icon):
                return sight, icon
    return None


def all_rows(screen: Screen, is_it: Callable[[str], bool]) -> list[tuple[str, ...]]:
    """The words of every line, on every page, in which a text satisfies `is_it`.

    Raises:
        Unavailable: there is none, but the list wasn't loaded whole: nothing can be concluded from it.
    """
    found: list[tuple[str, ...]] = []
    said: list[str] = []
    for sights in pages(screen):
        found += [row.words for row in rows(sights, is_it) if row.words not in found]
        said += [a.text for s in sights for a in s.alerts if a.bad and _BROKEN.search(a.text)]
    if not found and (said or screen.traffic.failed):
        raise Unavailable(
            f"The list could not be read: {quoted(said[0], 200)}" if said else "The list could not be read.",
            "RevolutionEHR answered with an error, so what isn't in the list may be there all the same.",
            "Try again later.",
        )
    return found


def open_row(
    screen: Screen,
    is_it: Callable[[str], bool],
    matches: Callable[[Row], bool],
    is_open: Callable[[Sights], bool] | None = None,
) -> bool:
    """Presses the words that name the first line that matches, on whichever page it stands; False if none does.

    A line that was drawn anew under the press is looked for again. Where the press only chooses the line, and nothing
    `is_open` then, Edit is pressed.

    Raises:
        WentAway: it was drawn anew each time.
    """
    for sights in pages(screen):
        for last in (False, False, True):
            row = next((r for r in rows(sights, is_it) if matches(r)), None)
            if row is None:
                break
            try:
                screen.press(row.sight, row.named)
                if is_open and not screen.wait_for(lambda s: True if is_open(s) else None, 15, rest=1.5):
                    _edit(screen, row)
                return True
            except WentAway:
                if last:
                    raise
            sights = screen.steady(3)
    return False


def _edit(screen: Screen, row: Row) -> None:
    """The line's own Edit, else the one that stands over the list."""
    is_edit = equals("Edit")
    for sight in screen.look():
        own = [i for i in sight.icons if i.row and i.box.same_line(row.named.box) and any(map(is_edit, i.said))]
        over = [t for t in sight.saying("Edit") if t.click and not t.row and not t.disabled]
        if len(own or over) == 1:
            screen.press(sight, (own or over)[0])
            return


def equals(*names: str) -> Callable[[str], bool]:
    """A test for words: equal to one of these, case and spaces aside."""
    wanted = {plain(n) for n in names}
    return lambda words: plain(words) in wanted
