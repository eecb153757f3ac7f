"""Trees that draw only a part of themselves: read through their scroll, and opened on the way down."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial

from automation.fields import CHECK
from automation.nearest import FOLDER, missing
from automation.screen import DRAWN, Screen, Sights, WentAway
from automation.sight import Sight, line_height
from automation.trees.nodes import Node, structured
from automation.trees.seen import Tree, find_tree, lines_of


def draws_a_part(screen: Screen, tree: Tree) -> bool:
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


def _head_height(tree: Tree, top: float, at: float) -> float:
    """How high the head is that stands in the scroll, above its lines; its words are in the middle of it.

    One that has gone with the lines, and isn't quite in view any more, is measured where it would be at the top.
    """
    heads = [t.box for t in tree.sight.texts if t.head and t.scroller == tree.scroller]
    return 2 * max(min((b.middle[1] - top + (at if b.y < top else 0) for b in heads), default=0), 0)


def _room(lines: Sequence[Node]) -> float:
    """Pixels that may be without words at an edge of the scroll where all lines are drawn."""
    return min(60, 0.8 * line_height(n.text.box.y for n in lines))


def all_lines(screen: Screen, tree: Tree, opening: frozenset[str] | None = None) -> list[Node]:
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
    return [node for sight in sights for node in lines_of(sight, scroller, at)]


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
        lines = structured(_inside(screen, sights, scroller, at))
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
    lines = structured(_in_view(sights, _same_scroller(sights, scroller), at))
    return None if any(n.closed and _is(n, node) for n in lines) else True


def _is(node: Node, other: Node) -> bool:
    """True for one line, seen twice."""
    return node.name == other.name and abs(node.y - other.y) < 18


def _same_scroller(sights: Sights, scroller: int) -> int:
    """The tree's scroll, also where the tree was drawn anew: the one that holds most checks."""
    held = [w.scroller for s in sights for w in s.fitting(CHECK) if w.scroller]
    return scroller if scroller in held or not held else max(held, key=held.count)


def tree_from_top(screen: Screen, roots: Sequence[str], sights: Sights) -> Tree:
    """The tree; one that draws only a part of itself is scrolled to its top to show its first words."""
    tree = find_tree(sights, roots)
    if tree is None:
        for sight in sights:
            for scroller in {w.scroller for w in sight.fitting(CHECK) if w.scroller}:
                screen.scroll(sight, scroller, 0)
        screen.steady(3)
        tree = screen.wait_for(lambda now: find_tree(now, roots), DRAWN)
    if tree is None:
        raise missing(screen.look(), roots[0], FOLDER)
    return tree


def into_view(screen: Screen, roots: Sequence[str], node: Node) -> Node:
    """The same line, seen now: in a tree that draws only a part of itself, scrolled to where it is."""
    tree = Tree(node.sight, node.text, lines_of(node.sight, node.text.scroller, 0))
    if not draws_a_part(screen, tree):
        return node
    top = screen.scrolled(node.sight, node.text.scroller)[3]
    at, _ = screen.scroll(node.sight, node.text.scroller, max(node.y - top - 60, 0))
    screen.steady(2)
    for line in _in_view(_once_drawn(screen, node.text.scroller, at), node.text.scroller, at):
        if _is(line, node):
            return replace(line, folders=node.folders, opened=node.opened)
    return node
