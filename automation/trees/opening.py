"""What is done with a tree: reading all of it, opening folders, ticking a leaf and proving it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from automation.errors import ScreenChanged, Unavailable
from automation.fields import Place, set_check
from automation.nearest import FOLDER, LINE, missing
from automation.screen import Screen, Sights, WentAway
from automation.trees.nodes import (
    Key,
    Node,
    arrows_of,
    folder,
    key_of,
    leaf,
    lines_in,
    may_be_closed,
    structured,
    with_seen,
)
from automation.trees.scrolled import all_lines, draws_a_part, into_view, tree_from_top
from automation.trees.seen import Tree, find_tree, lines_of


def read(screen: Screen, roots: Sequence[str]) -> list[Node]:
    """All lines of the tree that holds one of these words (its top folders), in reading order."""
    tree = tree_from_top(screen, roots, screen.look())
    return structured(all_lines(screen, tree) if draws_a_part(screen, tree) else tree.lines)


def drawn(sights: Sights, roots: Sequence[str]) -> bool:
    """True when the tree is there with its checks, not only its first words; or with heads that are closed buttons."""
    tree = find_tree(sights, roots)
    lines = [n for n in tree.lines if n.text.start >= tree.anchor.start] if tree else []
    heads = bool(lines) and all(n.text.role == "button" and n.text.expanded == "false" for n in lines)
    return heads or any(n.check for n in lines)


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
            tree = find_tree(screen.steady(2), roots)
            again = next((n for n in structured(tree.lines) if key_of(n) == key_of(node)), None) if tree else None
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
    in_parts = draws_a_part(screen, Tree(node.sight, node.text, lines_of(node.sight, node.text.scroller, 0)))

    def find(sights: Sights) -> Place:
        tree = None if in_parts else find_tree(sights, roots)
        now = leaf(structured(tree.lines), folders, name) if tree else into_view(screen, roots, node)
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
    tree = tree_from_top(screen, roots, screen.look())
    if draws_a_part(screen, tree):
        return _opened_on_the_way(screen, roots, tree)
    tried: Counter[Key] = Counter()
    nodes = structured(tree.lines)
    seen: dict[Key, list[Node]] = {}
    for _ in range(60):
        seen |= {key_of(n): lines_in(n, nodes) for n in nodes if n.opened}
        # where lines of the tree have arrows, one without is no folder, whatever the page says of it
        arrows = any(n.arrow for n in nodes if n.text.start >= tree.anchor.start)
        # a press that comes while another folder still unfolds may be lost: what stays closed is pressed again
        closed = [n for n in may_be_closed(nodes, roots) if n.arrow or not arrows]
        closed = [n for n in closed if key_of(n) not in seen and tried[key_of(n)] < (3 if n.closed else 1)]
        if not closed:
            break
        opened = _open_each(screen, roots, [n for n in closed if not tried[key_of(n)]] or closed[:1], tried)
        tried.update(map(key_of, opened))
        nodes = _wait_open(screen, roots, opened)
        tree = tree_from_top(screen, roots, screen.look())
        if draws_a_part(screen, tree):  # since it has grown
            return _opened_on_the_way(screen, roots, tree)
    return with_seen(nodes, seen), [n for n in nodes if key_of(n) not in seen and tried[key_of(n)] > 2]


def _opened_on_the_way(screen: Screen, roots: Sequence[str], tree: Tree) -> tuple[list[Node], list[Node]]:
    lines = structured(all_lines(screen, tree, arrows_of(tree.lines, roots)))
    return lines, lines


def _open_each(screen: Screen, roots: Sequence[str], closed: Sequence[Node], tried: Mapping[Key, int]) -> list[Node]:
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
            if says_closed and not node.arrow and tried[key_of(node)] % 2:  # the key did nothing
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
        tree = find_tree(sights, roots)
        nodes = structured(tree.lines) if tree else []
        return True if names <= {(n.folders, n.name) for n in nodes if n.opened} else None

    screen.wait_for(all_open, 20, rest=0.4)
    screen.steady(3)
    return read(screen, roots)
