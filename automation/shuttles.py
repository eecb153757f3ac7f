"""Two lists side by side, of which the left says what is to be had and the right what is taken; entries move between.

Which is which is told by the words above them, never by their order: without these it isn't taken for such a pair. An
entry is moved as a person would: it is chosen, and where that doesn't move it, the one button is pressed that says so.
Some of these lists are columns of checks, where a tick says what is to be moved.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from automation.screen import Screen, Sights
from automation.sight import Box, Icon, Sight, Text, Widget, plain, section

_TO_BE_HAD = re.compile(r"^(available|unassigned|unselected|not (selected|assigned|chosen)|remaining)\b", re.I)
_TAKEN = re.compile(r"^(selected|assigned|chosen|accessible|allowed|granted)\b", re.I)
_GIVE = re.compile(r"^((add|move|assign)( selected| right)?|(add|assign)? ?[>›→])$", re.I)
_TAKE = re.compile(r"^((remove|move|unassign)( selected| left)?|[<‹←] ?(remove|unassign)?)$", re.I)
_RIGHT = re.compile(r"(arrow|chevron|angle|caret)[-_]?(circle[-_])?right$")
_LEFT = re.compile(r"(arrow|chevron|angle|caret)[-_]?(circle[-_])?left$")


@dataclass(frozen=True)
class Shuttle:
    """The two lists, as they are seen now."""

    sight: Sight
    free: Widget
    taken: Widget

    def entries(self) -> dict[str, bool]:
        """All entries, and whether each is taken."""
        return {n: False for n, _ in _entries(self.sight, self.free)} | {
            n: True for n, _ in _entries(self.sight, self.taken)
        }


def find(sights: Sights, label: str) -> Shuttle | None:
    """The two lists that stand under the label, or of which one has it; None where there is no such pair."""
    for sight, heading, end in _headings(sights, label):
        for span in heading.up:
            lists = [w for w in sight.fitting(("list",)) if w.inside(span) and w.start < end]
            if len(lists) == 1 and (pair := _beside_an_empty_one(sight, lists[0], span, label)):
                return pair
            if len(lists) < 2:
                continue
            if len(lists) > 2:  # others stand above and below
                after = [w for w in lists if w.start > heading.start]
                lists = [w for w in after if w.box.same_line(min(after, key=lambda w: w.start).box)]
            if len(lists) == 2 and (pair := _pair(sight, lists, label)):
                return pair
            break
    return None


def _headings(sights: Sights, label: str) -> Iterator[tuple[Sight, Text, int]]:
    """Where the label stands over a part of the page, and where in the document that part ends."""
    for sight in sights:
        for heading in sight.saying(label):
            if not (heading.nav or heading.head or heading.role in ("tab", "menuitem")):
                yield sight, heading, section(sight, heading)[1]


def _pair(sight: Sight, lists: list[Widget], label: str) -> Shuttle | None:
    left, right = sorted(lists, key=lambda w: w.box.x)
    if not left.box.same_line(right.box) or left.box.right > right.box.x + 2:
        return None
    for free, taken in ((left, right), (right, left)):
        if (_holds_taken(sight, free, label), _holds_taken(sight, taken, label)) == (False, True):
            return Shuttle(sight, free, taken)
    return None


def _beside_an_empty_one(sight: Sight, there: Widget, span: tuple[int, int], label: str) -> Shuttle | None:
    """The pair of which only one list is drawn, as the other holds nothing: the words over both still stand there."""
    around = [
        t for t in sight.texts if t.inside(span) and not t.inside((there.start, there.end)) and sight.reachable(t)
    ]
    heads, box, holds = _heads(around), there.box, _holds_taken(sight, there, label)
    if not heads or holds is None:
        return None
    over, other = (heads[1], heads[0]) if holds else heads
    room = Box(other.box.x, box.y, box.w, box.h)
    if not over.box.same_column(box) or over.box.bottom > box.y + 4 or max(box.x, room.x) < min(box.right, room.right):
        return None
    empty = replace(there, box=room, start=other.end, end=other.end, options=())
    return Shuttle(sight, *((empty, there) if holds else (there, empty)))


def _heads(texts: list[Text]) -> tuple[Text, Text] | None:
    """The words over what is to be had and those over what is taken, in one line; None where they are not just two."""
    free = [t for t in texts if _TO_BE_HAD.search(t.own)]
    taken = [t for t in texts if _TAKEN.search(t.own) and any(t.box.same_line(f.box) for f in free)]
    return (free[0], taken[0]) if len(free) == len(taken) == 1 else None


def _holds_taken(sight: Sight, widget: Widget, label: str) -> bool | None:
    """What the list's own name says, else the nearest words above it that say whether it holds what is taken."""
    box = widget.box
    column = [t for t in sight.texts if sight.reachable(t) and box.x - 8 <= t.box.x and t.box.middle[0] <= box.right]
    above = sorted((t for t in column if -4 <= box.y - t.box.bottom < 120), key=lambda t: -t.box.bottom)
    for words in (*widget.names, widget.aria, *(t.own for t in above)):
        if _TO_BE_HAD.search(words):
            return False
        if _TAKEN.search(words) or plain(words) == plain(label):
            return True
    return None


def _entries(sight: Sight, widget: Widget) -> list[tuple[str, int | Text]]:
    """The entries of one list, each with its place in it or with the words to press."""
    if widget.native:
        return [(name, n) for n, (name, _, disabled) in enumerate(widget.options) if name and not disabled]
    texts = [t for t in sight.texts if t.inside((widget.start, widget.end)) and t.role in ("option", "li", "treeitem")]
    first: dict[int, Text] = {}
    for text in texts:
        first.setdefault(text.row or -text.id, text)
    return [(t.own, t) for t in first.values() if any(c.isalnum() for c in t.own)]


def bring(screen: Screen, label: str, wanted: Callable[[str], bool]) -> dict[str, bool]:
    """Moves what is on the wrong side, one by one and each once; returns what the lists show afterwards."""
    tried: set[str] = set()
    while True:
        pair = find(screen.steady(2), label)
        now = pair.entries() if pair else {}
        wrong = [name for name, taken in now.items() if taken is not wanted(name) and name not in tried]
        if not pair or not wrong:
            return now
        tried.add(wrong[0])
        _move(screen, label, pair, wrong[0])


def _move(screen: Screen, label: str, pair: Shuttle, name: str) -> None:
    give = not pair.entries()[name]

    def moved(sights: Sights) -> bool | None:
        now = find(sights, label)
        return True if now and now.entries().get(name) is give else None

    source = pair.free if give else pair.taken
    where = next(at for entry, at in _entries(pair.sight, source) if entry == name)
    if isinstance(where, Text):
        screen.press(pair.sight, where)
    else:
        screen.select(pair.sight, source, [where])
    if screen.wait_for(moved, 2, rest=0.5):
        return
    now = find(screen.look(), label)
    button = _button(now.sight, now.free.box, now.taken.box, give) if now else None
    if now and button:
        screen.press(now.sight, button)
        screen.wait_for(moved, 3)


def _button(sight: Sight, free: Box, taken: Box, give: bool) -> Text | Icon | None:
    """What moves the chosen entry: between both lists, or right above or below the one that it leaves."""
    left, right = sorted((free, taken), key=lambda b: b.x)
    top, bottom = min(left.y, right.y), max(left.bottom, right.bottom)  # a list may be no higher than its few entries
    source = free if give else taken
    forth = give is (free.x < taken.x)
    words, arrow = (_GIVE if give else _TAKE), (_RIGHT if forth else _LEFT)

    def at_hand(thing: Text | Icon) -> bool:
        x, y = thing.box.middle
        between = left.right - 4 <= x <= right.x + 4 and top - 20 <= y <= bottom + 20
        beside = source.x <= x <= source.right and (0 <= source.y - y < 60 or 0 <= y - source.bottom < 60)
        return sight.reachable(thing) and not thing.disabled and (between or beside)

    said = [t for t in sight.texts if t.role == "button" and at_hand(t) and words.search(t.own)]
    icons = [i for i in sight.icons if at_hand(i)]
    told = [i for i in icons if any(words.search(w) for w in (*i.said, i.shown) if w)]
    drawn = [i for i in icons if not i.said and any(arrow.search(g) for g in i.glyphs)]
    found: list[Text | Icon] = [*said, *(told or drawn)]
    return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class Columns:
    """Two columns of checks under headings of their own, as they are seen now; a tick says only what is to be moved."""

    sight: Sight
    free: Text
    taken: Text

    def checks(self, taken: bool) -> list[Widget]:
        """The checks of one column, without the one beside its heading, which ticks all."""
        heading, span = (self.taken if taken else self.free), self._span(taken)
        checks = [w for w in self.sight.fitting(("check",)) if w.inside(span)]
        return [w for w in checks if not w.box.same_line(heading.box)]

    def words(self, taken: bool) -> list[Text]:
        """All words of one column."""
        return [t for t in self.sight.texts if t.inside(self._span(taken))]

    def box(self, taken: bool) -> Box:
        """What a column covers of the screen."""
        boxes = [t.box for t in (*self.words(taken), *self.sight.widgets) if t.inside(self._span(taken))]
        x, y = min(b.x for b in boxes), min(b.y for b in boxes)
        return Box(x, y, max(b.right for b in boxes) - x, max(b.bottom for b in boxes) - y)

    def _span(self, taken: bool) -> tuple[int, int]:
        """The biggest part of the page that holds the one heading and not the other."""
        own, other = (self.taken, self.free) if taken else (self.free, self.taken)
        return max((s for s in own.up if not other.inside(s)), key=lambda s: s[1] - s[0], default=(own.start, own.end))


def columns(sights: Sights, label: str) -> Columns | None:
    """The two columns of checks that stand under the label; None where there is no such pair."""
    for sight, heading, end in _headings(sights, label):
        for span in heading.up:
            in_span = [t for t in sight.texts if t.inside(span) and heading.start < t.start < end]
            under = [t for t in in_span if sight.reachable(t)]
            pair = Columns(sight, *heads) if (heads := _heads(under)) else None
            if pair and (pair.checks(False) or pair.checks(True)):
                return pair
            if any(_TO_BE_HAD.search(t.own) for t in under):
                break
    return None


def move_ticked(screen: Screen, label: str, give: bool) -> None:
    """Presses the one button that moves what is ticked to the other column, and waits until it has gone."""
    pair = columns(screen.steady(2), label)
    button = _button(pair.sight, pair.box(False), pair.box(True), give) if pair else None

    def gone(sights: Sights) -> bool | None:
        now = columns(sights, label)
        return None if now and any(w.checked == "true" for w in now.checks(not give)) else True

    if pair and button:
        screen.press(pair.sight, button)
        screen.wait_for(gone, 3)
