"""Sights drawn by hand: words and controls at their places, in parts that hold each other. No browser, no page."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from automation.sight import Box, Dialog, Icon, Notice, Sight, Text, Widget

CHAR = 7.5
"""Pixels that a letter is wide here."""

_EMPTY: dict[str, Any] = {
    "str": "",
    "int": 0,
    "bool": False,
    "tuple[str, ...]": (),
    "tuple[int, int]": (0, 0),
    "tuple[tuple[int, int], ...]": (),
    "tuple[tuple[str, bool, bool], ...]": (),
}


def _blank(thing: Any, **values: object) -> Any:
    return thing(**({f.name: _EMPTY.get(str(f.type)) for f in fields(thing)} | values))


class Drawing:
    """A page on paper. Things stand in the document in the order in which they are drawn, at x, y in pixels."""

    def __init__(self) -> None:
        self._parents: list[int | None] = []
        self._inside: int | None = None
        self._things: list[tuple[int, Any]] = []
        self._dialogs: list[tuple[int, str]] = []
        self._alerts: list[Notice] = []

    def _node(self) -> int:
        self._parents.append(self._inside)
        return len(self._parents) - 1

    @contextlib.contextmanager
    def part(self, dialog: str | None = None) -> Iterator[None]:
        """An element around what is drawn meanwhile: a form group, a table row, a modal dialog."""
        node = self._node()
        if dialog is not None:
            self._dialogs.append((node, dialog))
        before, self._inside = self._inside, node
        yield
        self._inside = before

    def text(self, own: str, x: float, y: float, w: float | None = None, h: float = 18, **more: object) -> int:
        """Words; returns their id."""
        node = self._node()
        box = Box(x, y, w or len(own) * CHAR, h)
        values = {"tag": "span", "whole": own, "click": 0, "row": 0} | more
        self._things.append((node, _blank(Text, id=node + 1, box=box, start=0, end=0, own=own, **values)))
        return node + 1

    def widget(self, kind: str, x: float, y: float, w: float = 200, h: float = 30, **more: object) -> int:
        """A control; returns its id."""
        node = self._node()
        values = {"enabled": True, "tag": "input", "checked": "false" if kind in ("check", "radio") else ""} | more
        own = _blank(Widget, id=node + 1, target=node + 1, input=node + 1, box=Box(x, y, w, h), start=0, end=0,
                     kind=kind, **values)  # fmt: skip
        self._things.append((node, own))
        return node + 1

    def check(self, x: float, y: float, **more: object) -> int:
        """A check of the usual size."""
        return self.widget("check", x, y + 1, 16, 16, **more)

    def icon(self, x: float, y: float, *glyphs: str, **more: object) -> int:
        """A picture to click."""
        node = self._node()
        values = {"glyphs": glyphs, "shown": "", **more}
        self._things.append((node, _blank(Icon, id=node + 1, box=Box(x, y, 16, 16), start=0, end=0, **values)))
        return node + 1

    def alert(self, text: str, classes: str = "", role: str = "") -> None:
        """A message on the screen."""
        self._alerts.append(Notice(len(self._alerts), 0, 0, text, classes, role))

    def sight(self, **more: Any) -> Sight:
        """What was drawn, with its spans in document order."""
        things = [self._placed(node, thing) for node, thing in self._things]
        values: dict[str, Any] = {
            "url": "http://127.0.0.1/",
            "title": "RevolutionEHR",
            "width": 1920,
            "height": 1080,
            "texts": tuple(t for t in things if isinstance(t, Text)),
            "widgets": tuple(t for t in things if isinstance(t, Widget)),
            "icons": tuple(t for t in things if isinstance(t, Icon)),
            "dialogs": tuple(Dialog(*self._span(node), text) for node, text in self._dialogs),
            "busy": False,
            "alerts": tuple(self._alerts),
            "build": "",
        }
        return Sight(**values | more)

    def _placed(self, node: int, thing: Any) -> Any:
        start, end = self._span(node)
        values: dict[str, Any] = {"start": start, "end": end}
        if isinstance(thing, Text):
            values |= {"up": tuple(self._span(n) for n in self._up(node)), "depth": len(self._up(node))}
        if isinstance(thing, Widget):
            values |= {"field": self._span(self._parents[node] or node), "depth": len(self._up(node))}
        return replace(thing, **values)

    def _up(self, node: int | None) -> list[int]:
        chain = []
        while node is not None:
            chain.append(node)
            node = self._parents[node]
        return chain

    def _span(self, node: int) -> tuple[int, int]:
        end = node + 1
        while end < len(self._parents) and node in self._up(end):
            end += 1
        return node, end
