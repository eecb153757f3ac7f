"""The tree in what is seen of a page: its lines with their checks and arrows, found by the words of its top folders."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from automation.fields import CHECK, beside, only_of_row
from automation.screen import Sights
from automation.sight import Icon, Sight, Text, Widget
from automation.trees.nodes import ARROW, Node, glyphs_of

_WAY_BACK = re.compile(r"(^|[-_]|arrow)back(?!ground)")


@dataclass(frozen=True)
class Tree:
    """A tree as it stands on the screen: the words by which it was found, and the lines that are drawn."""

    sight: Sight
    anchor: Text
    lines: list[Node]

    @property
    def scroller(self) -> int:
        return self.anchor.scroller


def find_tree(sights: Sights, roots: Sequence[str]) -> Tree | None:
    """The tree in which the first of these words stands in a line."""
    for sight in sights:
        lines = lines_of(sight, 0, 0)
        for words in roots:
            for node in lines:
                if node.text.is_just(words):
                    return Tree(sight, node.text, _without_trees_beside(lines, node.text.tree))
    return None


def _without_trees_beside(lines: list[Node], tree: int) -> list[Node]:
    """The lines without those of other trees that stand left or right of this one, such as a menu."""
    left = min(n.x for n in lines if n.text.tree == tree)
    right = max(n.text.box.right for n in lines if n.text.tree == tree)
    others = [[n for n in lines if n.text.tree == other] for other in {n.text.tree for n in lines} - {0, tree} if tree]
    beside = [o for o in others if max(n.text.box.right for n in o) <= left or min(n.x for n in o) >= right]
    return [n for n in lines if not any(n in other for other in beside)]


def lines_of(sight: Sight, scroller: int, scrolled: float) -> list[Node]:
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
        and (icon.expanded or ARROW.search(" ".join((*glyphs_of(icon), *icon.said)).casefold()))
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
        and ARROW.search(" ".join(icon.glyphs))
    ]
    near = [icon for icon in behind if icon.box.x - text.box.right <= 16]
    far = behind if text.row and text.expanded in ("true", "false") else []
    found = near or far
    return found[0] if len(found) == 1 else None


def closed_arrow(sight: Sight, text: Text) -> Icon | None:
    """The arrow before words, where it shows that what is under them is folded away."""
    arrow = _arrow_of(sight, text, None)
    return arrow if arrow and Node(sight, text, None, arrow, text.box.x, text.box.y).closed else None
