"""A tree of checks, read by its words: open a folder, tick a leaf, say everything that is ticked.

A folder's own box is never pressed: it would tick everything below. What belongs to which folder is told by the page
(aria-level), else by indentation, as a reader does. Trees that draw only a part of themselves are read through their
scroll. Nothing here knows which tree it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from automation.errors import ScreenChanged, Unavailable
from automation.fields import CHECK, Place, beside, only_of_row, set_check
from automation.nearest import FOLDER, LINE, missing
from automation.screen import DRAWN, Screen, Sights, WentAway
from automation.sight import Icon, Sight, Text, Widget, line_height, plain

_CLOSED = re.compile(r"expandable|collapsed|closed|plus|right|e-icon-expand|chevron-right|caret-right|arrow-right|add")
_OPEN = re.compile(r"collapsible|expanded|opened|minus|down|remove")
_WAY_BACK = re.compile(r"(^|[-_]|arrow)back(?!ground)")
_ARROW = re.compile(
    r"expand|collaps|arrow|caret|chevron|toggle|plus|minus|angle|switcher|ocl|folder|twist|disclosure|menu-(right|down)"
)
_SIGNS = dict.fromkeys("+⊞▸▹►▶▷", "plus") | dict.fromkeys("-−–⊟▾▿▼▽", "minus")
"""What an arrow is that is written as a sign, with or without brackets."""


@dataclass(frozen=True)
class Node:
    """One line of the tree. `folders` are the names above it, outermost first; `y` counts from the tree's top."""

    sight: Sight
    text: Text
    check: Widget | None
    arrow: Icon | None
    x: float
    y: float
    folders: tuple[str, ...] = ()
    opened: bool = False

    @property
    def name(self) -> str:
        return self.text.own

    @property
    def ticked(self) -> bool:
        return self.check is not None and self.check.checked == "true"

    @property
    def closed(self) -> bool:
        """True when it is a folder that shows nothing of what is in it."""
        if self.opened:
            return False
        if "false" in self._said or (self.check is not None and self.check.checked == "mixed"):
            return True
        glyphs = " ".join(_glyphs(self.arrow)) if self.arrow else ""
        return "true" not in self._said and bool(_CLOSED.search(glyphs)) and "leaf" not in glyphs

    @property
    def says_open(self) -> bool:
        """True when it is a folder that says of itself that it is open, also where nothing in it is to be seen."""
        return "true" in self._said

    @property
    def _said(self) -> set[str]:
        """What its parts say of whether it is open: "true", "false", or nothing."""
        return {part.expanded for part in (self.text, self.arrow, self.check) if part}

    @property
    def says_closed(self) -> bool:
        """True when the page itself says so, not only a picture."""
        return self.closed and "false" in self._said

    def untold(self, arrows: frozenset[str]) -> bool:
        """True when it has an arrow like these, shows nothing of what is in it, and nothing says whether it is open."""
        if self.opened or self.closed or not self.arrow or not arrows & _names(self.arrow):
            return False
        # behind the words an arrow that points down offers to open, as that of a dropdown does
        behind = self.arrow.box.x >= self.text.box.right - 2
        return self._said == {""} and (behind or not _OPEN.search(" ".join(_glyphs(self.arrow))))

    def under(self, folders: Iterable[str]) -> bool:
        """True when it stands in a folder of one of these names, at any depth."""
        above = {plain(f) for f in self.folders}
        return any(plain(f) in above for f in folders)


def _glyphs(arrow: Icon) -> tuple[str, ...]:
    """The names of its picture, or what the sign is that is written in its place."""
    sign = _SIGNS.get(arrow.shown.strip("[]() "))
    return (*arrow.glyphs, sign) if sign else arrow.glyphs


def _names(arrow: Icon) -> set[str]:
    return {name for name in _glyphs(arrow) if _ARROW.search(name)}


def _arrows(nodes: Sequence[Node], roots: Sequence[str]) -> frozenset[str]:
    """How the arrows are named of lines that are folders for certain: the top ones."""
    top = [n.arrow for n in nodes if n.arrow and any(n.text.is_just(words) for words in roots)]
    return frozenset(name for arrow in top for name in _names(arrow))


def may_be_closed(nodes: Sequence[Node], roots: Sequence[str]) -> list[Node]:
    """The folders that may have something in them that isn't to be seen."""
    arrows = _arrows(nodes, roots)
    return [n for n in nodes if n.closed or n.untold(arrows)]


# ---- reading -----------------------------------------------------------------------------------------------


def read(screen: Screen, roots: Sequence[str]) -> list[Node]:
    """All lines of the tree that holds one of these words (its top folders), in reading order."""
    tree = _tree_from_top(screen, roots, screen.look())
    return _structured(_all_lines(screen, tree) if _draws_a_part(screen, tree) else tree.lines)


def drawn(sights: Sights, roots: Sequence[str]) -> bool:
    """True when the tree is there with its checks, not only its first words; or with heads that are closed buttons."""
    tree = _find_tree(sights, roots)
    lines = [n for n in tree.lines if n.text.start >= tree.anchor.start] if tree else []
    heads = bool(lines) and all(n.text.role == "button" and n.text.expanded == "false" for n in lines)
    return heads or any(n.check for n in lines)


@dataclass(frozen=True)
class _Tree:
    """A tree as it stands on the screen: the words by which it was found, and the lines that are drawn."""

    sight: Sight
    anchor: Text
    lines: list[Node]

    @property
    def scroller(self) -> int:
        return self.anchor.scroller


def _draws_a_part(screen: Screen, tree: _Tree) -> bool:
    """True when the scroll holds the tree alone and goes on where its last line ends: the rest isn't drawn yet."""
    if not tree.scroller:
        return False
    if any(w.scroller == tree.scroller and w.kind in ("text", "password") for w in tree.sight.widgets):
        return False
    at, end, bottom, top = screen.scrolled(tree.sight, tree.scroller)
    inside = [n.text.box for n in tree.lines if n.text.scroller == tree.scroller]
    if end <= 4 or not inside:
        return False
    room = _room(tree.lines)
    above = room + _head_height(tree, top, at)
    return bottom - max(b.bottom for b in inside) > room or min(b.y for b in inside) - (top - at) > above


def _head_height(tree: _Tree, top: float, at: float) -> float:
    """How high the head is that stands in the scroll, above its lines; its words are in the middle of it.

    One that has gone with the lines, and isn't quite in view any more, is measured where it would be at the top.
    """
    heads = [t.box for t in tree.sight.texts if t.head and t.scroller == tree.scroller]
    return 2 * max(min((b.middle[1] - top + (at if b.y < top else 0) for b in heads), default=0), 0)


def _room(lines: Sequence[Node]) -> float:
    """Pixels that may be without words at an edge of the scroll where all lines are drawn."""
    return min(60, 0.8 * line_height(n.text.box.y for n in lines))


def _all_lines(screen: Screen, tree: _Tree, opening: frozenset[str] | None = None) -> list[Node]:
    """Every line of a tree that draws only a part of itself; read once more when it grew meanwhile.

    With `opening`, the names of its folders' arrows, each closed folder is opened on the way down.
    """
    found: list[Node] = []
    for _ in range(4):
        _, end = screen.scroll(tree.sight, tree.scroller, 0)
        found, end_now = _scroll_through(screen, tree.scroller, end, opening)
        if opening is not None or end_now == end:
            return found
        screen.steady(3)
    return found


def _scroll_through(
    screen: Screen, scroller: int, end: float, opening: frozenset[str] | None
) -> tuple[list[Node], float]:
    """The lines of all screenfuls from the top, and where the scroll ends afterwards."""
    found: list[Node] = []
    at = 0.0
    for _ in range(200):
        sights = _once_drawn(screen, scroller, at)
        if opening is not None:
            sights = _open_in_view(screen, scroller, at, sights, opening)
            scroller = _same_scroller(sights, scroller)
        # while folders open, what is drawn beneath the edge still moves
        for node in _inside(screen, sights, scroller, at) if opening is not None else _in_view(sights, scroller, at):
            if not any(_is(n, node) for n in found):
                found.append(node)
        owner = _owner(sights, scroller)
        _, end, bottom, top = screen.scrolled(owner, scroller)
        if at >= end - 1:
            break
        height = bottom - top + at - end
        at, end = screen.scroll(owner, scroller, at + max(height - 90, 60))
    return sorted(found, key=lambda n: (n.y, n.x)), end


def _once_drawn(screen: Screen, scroller: int, at: float) -> Sights:
    """What is seen once words fill the tree's scroll, also where the tree was drawn anew."""

    def scroll(now: Sights) -> tuple[Sight, int]:
        same = _same_scroller(now, scroller)
        return _owner(now, same), same

    def room(now: Sights) -> float:
        return _room(_in_view(now, _same_scroller(now, scroller), at))

    return screen.once_filled(scroll, at, room, top_too=at >= 1)


def _owner(sights: Sights, scroller: int) -> Sight:
    """The frame in which the scroll is."""
    return next((s for s in sights if any(t.scroller == scroller for t in s.texts)), sights[0])


def _in_view(sights: Sights, scroller: int, at: float) -> list[Node]:
    return [node for sight in sights for node in _lines(sight, scroller, at)]


def _inside(screen: Screen, sights: Sights, scroller: int, at: float) -> list[Node]:
    """The lines that stand within the edges of the scroll: of all that is drawn, what a person sees."""
    nodes = _in_view(sights, scroller, at)
    if not nodes:
        return nodes
    _, end, bottom, top = screen.scrolled(nodes[0].sight, scroller)
    return [n for n in nodes if top <= n.text.box.middle[1] <= bottom + at - end]


def _open_in_view(screen: Screen, scroller: int, at: float, sights: Sights, arrows: frozenset[str]) -> Sights:
    """Opens what is closed in this screenful, from the top; returns what is seen then.

    What stays closed is pressed again: the page may have drawn it anew at that moment. What stands under its last line
    is seen in the next screenful; so that line isn't closed where it says that it is open.
    """
    tried: list[Node] = []
    for _ in range(40):
        lines = _structured(_inside(screen, sights, scroller, at))
        goes_on = bool(lines) and at < screen.scrolled(lines[0].sight, scroller)[1] - 1
        whole = lines[:-1] if goes_on else lines
        closed = [n for n in lines if n.arrow and (n.closed or n.untold(arrows))]
        closed = [n for n in closed if n in whole or (n.closed and not n.says_open)]
        closed = [n for n in closed if sum(_is(n, one) for one in tried) < (3 if n.closed and n in whole else 1)]
        if not closed or not closed[0].arrow:
            return sights
        tried.append(closed[0])
        with suppress(WentAway):
            screen.press(closed[0].sight, closed[0].arrow)
        screen.wait_for(partial(_no_more_closed, closed[0], scroller, at), DRAWN)
        sights = screen.steady(5)
        scroller = _same_scroller(sights, scroller)
        owner = _owner(sights, scroller)
        if abs(screen.scrolled(owner, scroller)[0] - at) > 1:
            screen.scroll(owner, scroller, at)
            screen.steady(2)
        sights = _once_drawn(screen, scroller, at)
    return sights


def _no_more_closed(node: Node, scroller: int, at: float, sights: Sights) -> bool | None:
    lines = _structured(_in_view(sights, _same_scroller(sights, scroller), at))
    return None if any(n.closed and _is(n, node) for n in lines) else True


def _is(node: Node, other: Node) -> bool:
    """True for one line, seen twice."""
    return node.name == other.name and abs(node.y - other.y) < 18


def _same_scroller(sights: Sights, scroller: int) -> int:
    """The tree's scroll, also where the tree was drawn anew: the one that holds most checks."""
    held = [w.scroller for s in sights for w in s.fitting(CHECK) if w.scroller]
    return scroller if scroller in held or not held else max(held, key=held.count)


def _tree_from_top(screen: Screen, roots: Sequence[str], sights: Sights) -> _Tree:
    """The tree; one that draws only a part of itself is scrolled to its top to show its first words."""
    tree = _find_tree(sights, roots)
    if tree is None:
        for sight in sights:
            for scroller in {w.scroller for w in sight.fitting(CHECK) if w.scroller}:
                screen.scroll(sight, scroller, 0)
        screen.steady(3)
        tree = screen.wait_for(lambda now: _find_tree(now, roots), DRAWN)
    if tree is None:
        raise missing(screen.look(), roots[0], FOLDER)
    return tree


def _find_tree(sights: Sights, roots: Sequence[str]) -> _Tree | None:
    """The tree in which the first of these words stands in a line."""
    for sight in sights:
        lines = _lines(sight, 0, 0)
        for words in roots:
            for node in lines:
                if node.text.is_just(words):
                    return _Tree(sight, node.text, _without_trees_beside(lines, node.text.tree))
    return None


def _without_trees_beside(lines: list[Node], tree: int) -> list[Node]:
    """The lines without those of other trees that stand left or right of this one, such as a menu."""
    left = min(n.x for n in lines if n.text.tree == tree)
    right = max(n.text.box.right for n in lines if n.text.tree == tree)
    others = [[n for n in lines if n.text.tree == other] for other in {n.text.tree for n in lines} - {0, tree} if tree]
    beside = [o for o in others if max(n.text.box.right for n in o) <= left or min(n.x for n in o) >= right]
    return [n for n in lines if not any(n in other for other in beside)]


def _lines(sight: Sight, scroller: int, scrolled: float) -> list[Node]:
    checks = {id(t): w for w in sight.fitting(CHECK) if (t := _words_of(sight, w)) is not None}
    found: list[Node] = []
    named = [t for t in sight.texts if t.row and id(t) in checks]
    rows = {t.row for t in named}
    for text in sight.texts:
        if not sight.reachable(text) or (scroller and text.scroller != scroller) or text.head:
            continue
        check = checks.get(id(text))
        if check is None and text.row in rows and not _heads_row(text, named):  # a count beside the name
            continue
        arrow = _arrow_of(sight, text, check) or (_arrow_behind(sight, text) if check else None)
        if check is None and any(_goes_on(n.text, text) for n in found):
            continue
        if check or ((text.expanded or arrow) and not text.nav and any(c.isalnum() for c in text.own)):
            x = min(text.box.x, check.box.x if check else text.box.x)
            found.append(Node(sight, text, check, arrow, x, text.box.y + scrolled))
    in_levels = any(n.text.level for n in found)
    return (
        sorted(found, key=lambda n: (n.y, n.x)) if in_levels or scroller else sorted(found, key=lambda n: n.text.start)
    )


def _heads_row(text: Text, named: list[Text]) -> bool:
    """True for a head that shares its row with all that it opens, as in a list item: none of it stands in its line."""
    beside = any(t.row == text.row and t.box.same_line(text.box) for t in named)
    return text.role == "button" and bool(text.expanded) and not beside


def _goes_on(name: Text, text: Text) -> bool:
    """True when the head that shows the name goes on in its line with these words: a count, a description."""
    return bool(text.click) and name.click == text.click and name.box.same_line(text.box)


def _words_of(sight: Sight, check: Widget) -> Text | None:
    """The words that stand beside a check."""
    near = [
        (cost, t.start, t)
        for t in sight.in_line(check.box)
        if sight.reachable(t) and any(c.isalnum() for c in t.own) and (cost := beside(t, check)) is not None
    ]
    right = [n for n in near if n[2].box.x >= check.box.x]
    return min(right or near, key=lambda n: n[:2])[2] if near else _first_of_row(sight, check)


def _first_of_row(sight: Sight, check: Widget) -> Text | None:
    """Where no words stand near: the first ones of its row, if it is the only check of that row, as in a wide table."""
    if not only_of_row(sight, check):
        return None
    words = [
        t
        for t in sight.in_line(check.box)
        if t.row == check.row and t.scroller == check.scroller and any(c.isalnum() for c in t.own)
    ]
    return min(words, key=lambda t: t.box.x, default=None)


def _arrow_of(sight: Sight, text: Text, check: Widget | None) -> Icon | None:
    left = min(text.box.x, check.box.x if check else text.box.x)
    near = [
        icon
        for icon in sight.icons
        if icon.scroller == text.scroller  # what has scrolled away lies, by its numbers, where other words stand
        and (text.nav or not icon.nav)  # that of a menu beside the tree
        and icon.box.same_line(text.box)
        and (-4 <= left - icon.box.right <= 40 or 0 <= text.box.x - icon.box.right <= 30)
        and (icon.expanded or _ARROW.search(" ".join((*_glyphs(icon), *icon.said)).casefold()))
        and not any(_WAY_BACK.search(glyph) for glyph in icon.glyphs)  # that one leads to the page before
        and (check is None or icon.id not in (check.id, check.target))
    ]
    return min(near, key=lambda i: (i.box.w * i.box.h, left - i.box.right)) if near else None


def _arrow_behind(sight: Sight, text: Text) -> Icon | None:
    """The arrow behind the words of a line, where none stands before them; of a folder also at the end of its line."""
    behind = [
        icon
        for icon in sight.icons
        if icon.scroller == text.scroller
        and icon.row == text.row
        and icon.box.same_line(text.box)
        and icon.box.x - text.box.right >= -2
        and not icon.shown
        and _ARROW.search(" ".join(icon.glyphs))
    ]
    near = [icon for icon in behind if icon.box.x - text.box.right <= 16]
    far = behind if text.row and text.expanded in ("true", "false") else []
    found = near or far
    return found[0] if len(found) == 1 else None


def closed_arrow(sight: Sight, text: Text) -> Icon | None:
    """The arrow before words, where it shows that what is under them is folded away."""
    arrow = _arrow_of(sight, text, None)
    return arrow if arrow and Node(sight, text, None, arrow, text.box.x, text.box.y).closed else None


def _structured(flat: Sequence[Node]) -> list[Node]:
    """The lines with the names of the folders they stand in."""
    out: list[Node] = []
    above: list[Node] = []
    for node in flat:
        while above and not (_deeper(node, above[-1]) or _in_part_of(node, above[-1], flat)):
            above.pop()
        for folder in above:
            position = next(i for i, n in enumerate(out) if n.text is folder.text)
            out[position] = replace(out[position], opened=True)
        node = replace(node, folders=tuple(n.name for n in above))
        out.append(node)
        above.append(node)
    return out


def _deeper(node: Node, other: Node) -> bool:
    if node.text.level and other.text.level:
        return node.text.level > other.text.level
    if node.text.box.same_line(other.text.box) and abs(node.y - other.y) < 4:
        return False
    # a folder's arrow where the words of a line without one begin: both are equally far in
    if node.arrow and not other.arrow and other.text.expanded != "true" and abs(node.arrow.box.x - other.x) <= 3:
        return False
    if abs(node.x - other.x) > 3:
        return node.x > other.x
    return node.text.depth > other.text.depth + 1 and other.check is None


def _in_part_of(node: Node, folder: Node, flat: Sequence[Node]) -> bool:
    """True for a line no further in than the folder before it, in whose own part of the page it stands.

    That part holds the folder's words, its check and its arrow, and no other folder beside it.
    """
    arrow, check = folder.arrow, folder.check
    if node.arrow or not arrow or not check or node.text.level or abs(node.x - folder.x) > 3:
        return False
    part = next((s for s in folder.text.up if arrow.inside(s) and check.inside(s)), None)
    if part is None or not node.text.inside(part):
        return False
    held = [
        n for n in flat if n.sight.frame == folder.sight.frame and n.text.inside(part) and n.text is not folder.text
    ]
    return all(n.text.start > folder.text.start for n in held) and not any(
        n.arrow and abs(n.arrow.box.x - arrow.box.x) <= 3 for n in held
    )


# ---- opening and ticking -----------------------------------------------------------------------------------


def leaf(nodes: Sequence[Node], folders: Sequence[str], name: str) -> Node | None:
    """The line of that name in that folder; of several the one directly in it.

    Raises:
        ScreenChanged: two of them stand equally near.
    """
    found = [n for n in nodes if n.check and n.text.is_just(name) and n.under(folders)]
    nearest = [n for n in found if len(n.folders) == min(len(m.folders) for m in found)]
    if len(nearest) > 1:
        raise ScreenChanged(
            f"“{name}” stands {len(nearest)} times in “{folders[0]}”.", "Guessing could give a wrong right.", "Look."
        )
    return nearest[0] if nearest else None


def folder(nodes: Sequence[Node], names: Sequence[str]) -> Node | None:
    """The top folder of one of these names."""
    for name in names:
        found = [n for n in nodes if n.text.is_just(name)]
        if found:
            return min(found, key=lambda n: (len(n.folders), n.text.level, n.x))
    return None


def reveal(screen: Screen, roots: Sequence[str], folders: Sequence[str], name: str) -> Node:
    """The line of that name in that folder, after opening the folder if it was closed.

    Raises:
        ScreenChanged: no such folder or line; or opening the folder ticked something, which is put back first.
    """
    nodes = read(screen, roots)
    found = leaf(nodes, folders, name)
    if found:
        return found
    place = folder(nodes, folders)
    if place is None:
        raise missing(screen.look(), folders[0], FOLDER, [n.name for n in nodes if not n.folders])
    before = {(n.folders, n.name) for n in nodes if n.ticked}
    for way in ("arrow", "key", "words"):
        node = folder(read(screen, roots), folders)
        if node is None or not _open(screen, roots, node, way):
            continue
        now = _read_until(screen, roots, folders, name)
        if node.check is not None:  # a head without one ticks nothing: what is ticked in it was so before
            _nothing_ticked(screen, roots, before, now)
        found = leaf(now, folders, name)
        if found:
            return found
        if any(n.under(folders) for n in now):
            break
    raise missing(screen.look(), name, LINE, [n.name for n in read(screen, roots)])


def _read_until(screen: Screen, roots: Sequence[str], folders: Sequence[str], name: str) -> list[Node]:
    nodes: list[Node] = []
    screen.steady(3)
    for _ in range(25):
        nodes = read(screen, roots)
        if leaf(nodes, folders, name):
            return nodes
        if any(n.under(folders) for n in nodes) and not screen.traffic.loading():
            screen.steady(3)
            return read(screen, roots)
        screen.pause(0.15)
    return nodes


def _open(screen: Screen, roots: Sequence[str], node: Node, way: str) -> bool:
    """Tries one way of opening a folder; False where that way doesn't exist here."""
    node = into_view(screen, roots, node)
    if way == "arrow" and node.arrow:
        try:
            screen.press(node.sight, node.arrow)
        except WentAway:  # it was drawn anew, as it was scrolled into view
            tree = _find_tree(screen.steady(2), roots)
            again = next((n for n in _structured(tree.lines) if _key(n) == _key(node)), None) if tree else None
            if again is None or again.arrow is None:
                raise
            screen.press(again.sight, again.arrow)
        return True
    if way == "key" and node.text.role == "treeitem":
        screen.focus(node.sight, node.text)
        screen.key("ArrowRight")
        return True
    if way == "words" and node.text.tag != "label" and node.text.role != "label":
        screen.press(node.sight, node.text)
        return True
    return False


def into_view(screen: Screen, roots: Sequence[str], node: Node) -> Node:
    """The same line, seen now: in a tree that draws only a part of itself, scrolled to where it is."""
    tree = _Tree(node.sight, node.text, _lines(node.sight, node.text.scroller, 0))
    if not _draws_a_part(screen, tree):
        return node
    top = screen.scrolled(node.sight, node.text.scroller)[3]
    at, _ = screen.scroll(node.sight, node.text.scroller, max(node.y - top - 60, 0))
    screen.steady(2)
    for line in _in_view(_once_drawn(screen, node.text.scroller, at), node.text.scroller, at):
        if _is(line, node):
            return replace(line, folders=node.folders, opened=node.opened)
    return node


def _nothing_ticked(
    screen: Screen, roots: Sequence[str], before: set[tuple[tuple[str, ...], str]], nodes: Sequence[Node]
) -> None:
    was = {name for _, name in before}
    fresh = [n for n in nodes if n.ticked and n.name not in was]
    if fresh and not before:
        for node in fresh[:1]:
            now = into_view(screen, roots, node)
            if now.check:
                screen.press(now.sight, now.check)
        raise ScreenChanged(
            f"Opening the folder ticked “{fresh[0].name}”.", "The tree works otherwise than expected.", "Look at it."
        )


def tick(screen: Screen, roots: Sequence[str], folders: Sequence[str], name: str, wanted: bool = True) -> None:
    """Ticks (or unticks) the leaf of that name in that folder and proves it."""
    node = reveal(screen, roots, folders, name)
    in_parts = _draws_a_part(screen, _Tree(node.sight, node.text, _lines(node.sight, node.text.scroller, 0)))

    def find(sights: Sights) -> Place:
        tree = None if in_parts else _find_tree(sights, roots)
        now = leaf(_structured(tree.lines), folders, name) if tree else into_view(screen, roots, node)
        if now is None or now.check is None:
            raise missing(sights, name, LINE)
        return Place(now.sight, now.check)

    set_check(screen, name, find, wanted)


def open_all(screen: Screen, roots: Sequence[str]) -> list[Node]:
    """Opens every closed folder and returns all lines, also those of a folder that closed when the next one opened.

    Raises:
        Unavailable: a folder stayed closed, and what it asked the server for failed or got no answer.
        ScreenChanged: one that says it is closed doesn't open.
    """
    screen.traffic.failed.clear()
    unanswered = screen.traffic.unanswered
    nodes, pressed = _open_all(screen, roots)
    maybe = may_be_closed(nodes, roots)
    if maybe and (screen.traffic.failed or screen.traffic.unanswered > unanswered):
        raise Unavailable(
            f"“{maybe[0].name}” could not be opened.",
            "RevolutionEHR answered with an error, so what is ticked in there can't be told.",
            "Try again later.",
        )
    # a check that is half ticked has something in it, whatever else its line looks like
    shut = [n for n in pressed if n.says_closed and (n.arrow or n.check is None or n.check.checked == "mixed")]
    if shut:
        raise ScreenChanged(
            f"“{shut[0].name}” can't be opened.", "What is ticked in it can't be seen.", "Look at the picture."
        )
    return nodes


def _open_all(screen: Screen, roots: Sequence[str]) -> tuple[list[Node], list[Node]]:
    """All lines, and those that were pressed as often as it makes sense, if they needed it."""
    tree = _tree_from_top(screen, roots, screen.look())
    if _draws_a_part(screen, tree):
        return _opened_on_the_way(screen, roots, tree)
    tried: Counter[_Key] = Counter()
    nodes = _structured(tree.lines)
    seen: dict[_Key, list[Node]] = {}
    for _ in range(60):
        seen |= {_key(n): _lines_in(n, nodes) for n in nodes if n.opened}
        # where lines of the tree have arrows, one without is no folder, whatever the page says of it
        arrows = any(n.arrow for n in nodes if n.text.start >= tree.anchor.start)
        # a press that comes while another folder still unfolds may be lost: what stays closed is pressed again
        closed = [n for n in may_be_closed(nodes, roots) if n.arrow or not arrows]
        closed = [n for n in closed if _key(n) not in seen and tried[_key(n)] < (3 if n.closed else 1)]
        if not closed:
            break
        opened = _open_each(screen, roots, [n for n in closed if not tried[_key(n)]] or closed[:1], tried)
        tried.update(map(_key, opened))
        nodes = _wait_open(screen, roots, opened)
        tree = _tree_from_top(screen, roots, screen.look())
        if _draws_a_part(screen, tree):  # since it has grown
            return _opened_on_the_way(screen, roots, tree)
    return _with_seen(nodes, seen), [n for n in nodes if _key(n) not in seen and tried[_key(n)] > 2]


def _opened_on_the_way(screen: Screen, roots: Sequence[str], tree: _Tree) -> tuple[list[Node], list[Node]]:
    lines = _structured(_all_lines(screen, tree, _arrows(tree.lines, roots)))
    return lines, lines


_Key = tuple[tuple[str, ...], str]


def _key(node: Node) -> _Key:
    return node.folders, node.name


def _lines_in(folder: Node, nodes: Sequence[Node]) -> list[Node]:
    inside = (*folder.folders, folder.name)
    return [n for n in nodes if n.folders[: len(inside)] == inside]


def _with_seen(nodes: Sequence[Node], seen: dict[_Key, list[Node]]) -> list[Node]:
    """The lines, and below each folder that has closed again those that were seen in it."""
    out: list[Node] = []
    for node in nodes:
        again = [] if node.opened else seen.get(_key(node), [])
        out.append(replace(node, opened=True) if again else node)
        out += _with_seen(again, seen)
    return out


def _open_each(screen: Screen, roots: Sequence[str], closed: Sequence[Node], tried: Mapping[_Key, int]) -> list[Node]:
    """Opens folders from below: what opens moves only what stands beneath it. Ends early where the tree is redrawn.

    Where each of them loads the page anew, only one is opened: a press before that is over would be lost.
    """
    opened: list[Node] = []
    for node in reversed(closed):
        try:
            # a head that says itself that it is closed opens wherever it is pressed: a check stands beside it, if any
            heads = node.check is None or (node.text.role == "button" and not node.text.level)
            says_closed = heads and node.text.expanded == "false"
            ways = ["arrow", "key", *(["words"] if says_closed else [])]
            if says_closed and not node.arrow and tried[_key(node)] % 2:  # the key did nothing
                ways.reverse()
            any(_open(screen, roots, node, way) for way in ways)
        except WentAway:  # drawn anew just then: it is looked for again
            return opened or [node]
        except ScreenChanged:
            if not opened:
                raise
            break
        opened.append(node)
        if screen.reloading():
            break
    return opened


def _wait_open(screen: Screen, roots: Sequence[str], folders: Sequence[Node]) -> list[Node]:
    """All lines, once each of these folders shows something, or it is clear that nothing more comes."""
    names = {(n.folders, n.name) for n in folders}

    def all_open(sights: Sights) -> bool | None:
        tree = _find_tree(sights, roots)
        nodes = _structured(tree.lines) if tree else []
        return True if names <= {(n.folders, n.name) for n in nodes if n.opened} else None

    screen.wait_for(all_open, 20, rest=0.4)
    screen.steady(3)
    return read(screen, roots)


def ticked(nodes: Sequence[Node]) -> list[Node]:
    """The ticked lines, without the folders that are ticked only because something in them is."""
    on = [n for n in nodes if n.ticked]
    above = {(n.folders[:i], n.folders[i]) for n in on for i in range(len(n.folders))}
    return [n for n in on if (n.folders, n.name) not in above]
