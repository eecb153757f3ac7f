"""The lines of a tree, as values: which are folders, which stand in which, which are ticked. Looks at no page.

What belongs to which folder is told by the page (aria-level), else by indentation, as a reader does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from automation.errors import ScreenChanged
from automation.sight import Icon, Sight, Text, Widget, plain

_CLOSED = re.compile(r"expandable|collapsed|closed|plus|right|e-icon-expand|chevron-right|caret-right|arrow-right|add")
_OPEN = re.compile(r"collapsible|expanded|opened|minus|down|remove")
ARROW = re.compile(
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
        glyphs = " ".join(glyphs_of(self.arrow)) if self.arrow else ""
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
        return self._said == {""} and (behind or not _OPEN.search(" ".join(glyphs_of(self.arrow))))

    def under(self, folders: Iterable[str]) -> bool:
        """True when it stands in a folder of one of these names, at any depth."""
        above = {plain(f) for f in self.folders}
        return any(plain(f) in above for f in folders)


def glyphs_of(arrow: Icon) -> tuple[str, ...]:
    """The names of its picture, or what the sign is that is written in its place."""
    sign = _SIGNS.get(arrow.shown.strip("[]() "))
    return (*arrow.glyphs, sign) if sign else arrow.glyphs


def _names(arrow: Icon) -> set[str]:
    return {name for name in glyphs_of(arrow) if ARROW.search(name)}


def arrows_of(nodes: Sequence[Node], roots: Sequence[str]) -> frozenset[str]:
    """How the arrows are named of lines that are folders for certain: the top ones."""
    top = [n.arrow for n in nodes if n.arrow and any(n.text.is_just(words) for words in roots)]
    return frozenset(name for arrow in top for name in _names(arrow))


def may_be_closed(nodes: Sequence[Node], roots: Sequence[str]) -> list[Node]:
    """The folders that may have something in them that isn't to be seen."""
    arrows = arrows_of(nodes, roots)
    return [n for n in nodes if n.closed or n.untold(arrows)]


def structured(flat: Sequence[Node]) -> list[Node]:
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


Key = tuple[tuple[str, ...], str]


def key_of(node: Node) -> Key:
    return node.folders, node.name


def lines_in(folder: Node, nodes: Sequence[Node]) -> list[Node]:
    inside = (*folder.folders, folder.name)
    return [n for n in nodes if n.folders[: len(inside)] == inside]


def with_seen(nodes: Sequence[Node], seen: dict[Key, list[Node]]) -> list[Node]:
    """The lines, and below each folder that has closed again those that were seen in it."""
    out: list[Node] = []
    for node in nodes:
        again = [] if node.opened else seen.get(key_of(node), [])
        out.append(replace(node, opened=True) if again else node)
        out += with_seen(again, seen)
    return out


def ticked(nodes: Sequence[Node]) -> list[Node]:
    """The ticked lines, without the folders that are ticked only because something in them is."""
    on = [n for n in nodes if n.ticked]
    above = {(n.folders[:i], n.folders[i]) for n in on for i in range(len(n.folders))}
    return [n for n in on if (n.folders, n.name) not in above]
