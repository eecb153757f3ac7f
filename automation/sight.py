"""What a person sees in one frame of a page, as values: texts, controls, icons, and how they stand to each other.

Pure: nothing here touches a browser. The scripts of `automation.eye` collect the data, `automation.screen` runs them,
`automation.fields` decides which control belongs to which words. Lengths are CSS pixels in the frame's viewport.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeVar

_BRACKETS = re.compile(r"[(\[{][^)\]}]*[)\]}]")
_GOOD_NEWS = re.compile(r"\b(saved|success\w*|created|updated|added)\b", re.I)
_AT_WORK = re.compile(
    r"(working|saving|loading|processing|please wait|one moment)([.!]?|\b[^.!?…]{0,40}(\.\.\.|…))", re.I
)
_BAD_NEWS = re.compile(r"\b(not|no|fail\w*|unable|error|invalid)\b|n't\b", re.I)
_EDGES = " \t\n*:?.…"
_T = TypeVar("_T")

BAND = 40
"""Pixels: about a line, so that the texts of one line are found without looking at all of them."""


def normal(words: str) -> str:
    """The words as compared: without `*`, `:`, `?`, bracketed hint, case and extra space. Equal is never "part of"."""
    bare = " ".join(_BRACKETS.sub(" ", words).replace("*", " ").split()).strip(_EDGES)
    return (bare or " ".join(words.split()).strip(_EDGES)).casefold()


def plain(words: str) -> str:
    """The words of a value as compared: only case and spaces don't count. "Roles (View Only)" isn't "Roles"."""
    return " ".join(words.split()).casefold()


def line_height(tops: Iterable[float]) -> float:
    """From one line to the next, by where lines begin: the smallest step; 60 where there is none."""
    return min((b - a for a, b in pairwise(sorted(tops)) if b - a > 8), default=60)


@dataclass(frozen=True)
class Box:
    """A rectangle on the screen."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.w / 2, self.y + self.h / 2

    def holds(self, point: tuple[float, float], slack: float = 2) -> bool:
        """True when the point is inside, give or take `slack` pixels."""
        return self.x - slack <= point[0] <= self.right + slack and self.y - slack <= point[1] <= self.bottom + slack

    def same_line(self, other: Box) -> bool:
        """True when both stand in one line, as a reader would say: half of the lower one overlaps."""
        overlap = min(self.bottom, other.bottom) - max(self.y, other.y)
        return overlap >= 0.5 * min(self.h, other.h)

    def same_column(self, other: Box) -> bool:
        """True when both stand one above the other."""
        overlap = min(self.right, other.right) - max(self.x, other.x)
        return overlap >= 0.3 * min(self.w, other.w)


@dataclass(frozen=True)
class Thing:
    """Anything with a place in the document: `start` and `end` are its span in document order."""

    id: int
    box: Box
    start: int
    end: int

    def inside(self, span: tuple[int, int]) -> bool:
        """True when it stands in that span of the document."""
        return span[0] <= self.start < span[1]


@dataclass(frozen=True)
class Text(Thing):
    """Words that are visible. `up` are the spans of its element and the ancestors; `click` the element to click."""

    own: str
    whole: str
    depth: int
    up: tuple[tuple[int, int], ...]
    click: int
    role: str
    tag: str
    disabled: bool
    expanded: str
    selected: str
    active: bool
    level: int
    nav: bool
    row: int
    scroller: int
    tree: int
    popup: bool
    head: bool
    tab: bool

    def says(self, words: str) -> bool:
        """True when the whole text, or its own part without nested elements, equals the words."""
        want = normal(words)
        return normal(self.own) == want or normal(self.whole) == want

    def is_just(self, words: str) -> bool:
        """True when it shows this value: the whole text or its own part, brackets included."""
        return plain(words) in (plain(self.own), plain(self.whole))


@dataclass(frozen=True)
class Widget(Thing):
    """A control. `kind`: text, password, check, radio, choice, list; box looks like a dropdown but says so nowhere.

    A toggle is a button with words that stays down; that it is down is its `checked`.
    `over` is true where it stands in something that floats over the page (a `popup`, as texts say).
    """

    target: int
    input: int
    kind: str
    depth: int
    field: tuple[int, int]
    names: tuple[str, ...]
    groups: tuple[str, ...]
    aria: str
    placeholder: str
    hints: tuple[str, ...]
    value: str
    length: int
    maxlength: int
    checked: str
    enabled: bool
    readonly: bool
    native: bool
    multiple: bool
    options: tuple[tuple[str, bool, bool], ...]
    expanded: str
    tag: str
    role: str
    drawn: bool
    level: int
    scroller: int
    row: int
    over: bool


@dataclass(frozen=True)
class Icon(Thing):
    """Something to click that shows no words: what it says to assistive technology, and the names of its picture."""

    shown: str
    said: tuple[str, ...]
    glyphs: tuple[str, ...]
    expanded: str
    disabled: bool
    nav: bool
    row: int
    scroller: int
    popup: bool
    head: bool
    tab: bool


@dataclass(frozen=True)
class Notice:
    """A visible message: alert, toast, validation text."""

    id: int
    start: int
    end: int
    text: str
    classes: str
    role: str

    @property
    def bad(self) -> bool:
        """True when it looks like an error rather than news."""
        if re.search(r"danger|error|invalid|fail|red-sign", self.classes):
            return True
        good_words = _GOOD_NEWS.search(self.text) or _AT_WORK.fullmatch(" ".join(self.text.split()))
        good = re.search(r"success|info", self.classes) or (good_words and not _BAD_NEWS.search(self.text))
        return not good and (self.role == "alert" or "warn" in self.classes)


@dataclass(frozen=True)
class Dialog:
    """A modal dialog that lies over everything else."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Sight:
    """One frame, at one moment."""

    url: str
    title: str
    width: int
    height: int
    texts: tuple[Text, ...]
    widgets: tuple[Widget, ...]
    icons: tuple[Icon, ...]
    dialogs: tuple[Dialog, ...]
    busy: bool
    alerts: tuple[Notice, ...]
    build: str
    frame: int = 0

    @property
    def dialog(self) -> Dialog | None:
        """The dialog on top, if any; the last one opened comes last in the document."""
        return self.dialogs[-1] if self.dialogs else None

    def reachable(self, thing: Thing) -> bool:
        """True when no modal dialog lies over it."""
        return self.dialog is None or thing.inside((self.dialog.start, self.dialog.end)) or _floats(thing)

    @cached_property
    def _bands(self) -> dict[int, list[Text]]:
        """The texts by the bands of the screen that they cross, each `BAND` pixels high."""
        bands: dict[int, list[Text]] = {}
        for text in self.texts:
            for band in range(int(text.box.y // BAND), int(text.box.bottom // BAND) + 1):
                bands.setdefault(band, []).append(text)
        return bands

    def in_line(self, box: Box) -> list[Text]:
        """The texts that a reader sees in the same line as this box, in reading order of the document."""
        near: dict[int, Text] = {}
        for band in range(int(box.y // BAND), int(box.bottom // BAND) + 1):
            near |= {t.start: t for t in self._bands.get(band, ()) if t.box.same_line(box)}
        return [near[start] for start in sorted(near)]

    def saying(self, words: str) -> list[Text]:
        """The texts that say just these words, where a person can reach them; one entry for one element."""
        found: dict[int, Text] = {}
        for text in self.texts:
            if text.says(words) and self.reachable(text):
                inner = [t for t in found.values() if t.inside((text.start, text.end))]
                if not inner:
                    found[text.id] = text
        spans = [(t.start, t.end, t.id) for t in found.values()]
        return [t for t in found.values() if not any(i != t.id and t.start < s < t.end for s, _, i in spans)]

    def shows(self, words: str) -> bool:
        """True when these words stand somewhere."""
        return bool(self.saying(words))

    def fitting(self, kinds: Iterable[str]) -> list[Widget]:
        """The controls of these kinds that a person can reach."""
        wanted = set(kinds)
        return [w for w in self.widgets if w.kind in wanted and self.reachable(w)]

    @cached_property
    def fingerprint(self) -> tuple[object, ...]:
        """Changes when what is seen changes; for waiting until a page has come to rest."""
        return (
            self.url,
            tuple((t.own, t.box.y) for t in self.texts),
            tuple((w.kind, w.value, w.checked, w.box.y) for w in self.widgets),
            len(self.icons),
            self.busy,
        )


def _floats(thing: Thing) -> bool:
    return bool(getattr(thing, "popup", False))


def section(sight: Sight, heading: Text) -> tuple[int, int]:
    """The span of the document that stands under a heading: up to the next text drawn as the same kind of heading.

    "The same kind" is: the same tag, as deep in the document (within what a wrapper more or less makes), as far left.
    """
    for text in sight.texts:
        if text.start > heading.start and text.own and _alike(heading, text):
            return heading.start, text.start
    return heading.start, 1_000_000_000


def _alike(heading: Text, text: Text) -> bool:
    if heading.level or text.level:
        return 0 < text.level <= heading.level
    same = text.tag == heading.tag and text.depth == heading.depth
    return same and text.box.x <= heading.box.x + 2 and text.box.y > heading.box.y + 2


def sight_from(data: dict[str, Any], frame: int) -> Sight:
    """A Sight from what `eye/look.js` returned."""
    return Sight(
        url=data["url"],
        title=data["title"],
        width=data["width"],
        height=data["height"],
        texts=tuple(_make(Text, t) for t in data["texts"]),
        widgets=tuple(_make(Widget, w) for w in data["widgets"]),
        icons=tuple(_make(Icon, i) for i in data["icons"]),
        dialogs=tuple(Dialog(**d) for d in data["dialogs"]),
        busy=data["busy"],
        alerts=tuple(Notice(**a) for a in data["alerts"]),
        build=data["build"],
        frame=frame,
    )


def _make(kind: type[_T], data: dict[str, Any]) -> _T:
    values = {k: _frozen(data[k]) for k in _NAMES[kind]}
    values["box"] = Box(*data["box"])
    return kind(**values)


_NAMES: dict[object, tuple[str, ...]] = {kind: tuple(f.name for f in fields(kind)) for kind in (Text, Widget, Icon)}


def _frozen(value: Any) -> Any:
    return tuple(_frozen(v) for v in value) if isinstance(value, list) else value


def lines(things: Iterable[Text]) -> Iterator[list[Text]]:
    """Texts grouped into the lines a reader sees, top to bottom, left to right."""
    line: list[Text] = []
    for text in sorted(things, key=lambda t: (t.box.y, t.box.x)):
        if line and not line[0].box.same_line(text.box):
            yield sorted(line, key=lambda t: t.box.x)
            line = []
        line.append(text)
    if line:
        yield sorted(line, key=lambda t: t.box.x)
