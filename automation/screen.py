"""A page being touched, as a person does: open, press, type, choose, scroll.

It knows nothing of labels or of RevolutionEHR. A click lands only where nothing else lies above; a secret that is typed
is never part of an error.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from playwright.sync_api import ElementHandle, FloatRect, Page
from playwright.sync_api import Error as PlaywrightError
from pydantic import SecretStr

from automation import eye
from automation.errors import ScreenChanged, Unreachable
from automation.looking import BEAT, Looking, browser_gone, is_gone
from automation.looking import Sights as Sights
from automation.sight import Box, Icon, Sight, Text, Widget

BADGE = 2.0
"""Seconds that a button under a badge is waited for, before it is pressed with the keyboard."""

DOUBLE = 0.5
"""Seconds within which a second click on the same thing is a double click: to a person, and to what still closes."""

DRAWN = 2.0
"""Seconds after which a list has drawn what it was scrolled to."""

T = TypeVar("T")

_ENTER = """(el, words) => {
  el.focus();
  if (!words || el.getRootNode().activeElement !== el) return false;
  el.select?.();
  return document.execCommand('insertText', false, words);
}"""
"""Words for a control, in one go: a page that takes the focus away just then would get them in another control."""
_HOLDS = "(el, secret) => el.value === secret || /^(.)\\1*$/.test(el.value)"
_POINT = eye.script("point")
_EMPTY = eye.script("empty")
_FOCUS = "el => { el.focus(); return el.getRootNode().activeElement === el; }"
_FOCUS_AROUND = """el => {
  const around = el.closest('[tabindex]');
  if (!around || around.matches('[role=tree]')) return false;
  around.focus();
  return around.getRootNode().activeElement === around;
}"""
"""The focus to the part of a line that takes it, around the words; never to the whole tree."""
_FOCUS_BUTTON = """el => {
  const button = el.closest('button, a[href], [role=button], input[type=submit], input[type=button]');
  if (!button || button.matches(':disabled, [aria-disabled=true]')) return false;
  button.focus();
  return button.getRootNode().activeElement === button;
}"""
_SCROLL = """(el, to) => {
  if (to !== null) el.scrollTop = to;
  const box = el.getBoundingClientRect();
  return [el.scrollTop, el.scrollHeight - el.clientHeight, box.top - el.scrollTop + el.scrollHeight, box.top];
}"""

_SCROLL_PAGE = """down => {
  const page = document.scrollingElement, was = page?.scrollTop;
  page?.scrollTo({ top: down ? was + innerHeight - 90 : 0, behavior: 'instant' });
  return page?.scrollTop !== was;
}"""


class _Point(NamedTuple):
    """Where a click would land: whether on what is meant (`mine`), else on what, and whether that only floats there."""

    x: float
    y: float
    mine: bool
    name: str
    floats: bool


class WentAway(ScreenChanged):
    """What was to be pressed isn't there any more. Whoever can looks for it again."""


class Screen(Looking):
    """One page. `deeds` is what was entered since somebody last emptied it, `next_press` what is pressed next: for
    whoever is asked before a save.
    """

    def __init__(self, page: Page, heed: Callable[[], None] = lambda: None) -> None:
        super().__init__(page, heed)
        self.deeds: list[str] = []
        self.next_press = ""
        self.secret_fields: set[tuple[int, int]] = set()
        self.secrets: list[SecretStr] = []
        self._pressed: tuple[tuple[int, int], float] = ((0, 0), 0.0)

    def open(self, url: str) -> int:
        """Goes to an address; returns the HTTP status.

        Raises:
            Unreachable: nothing answers there.
        """
        self.native.leaving = True
        self.traffic.unanswered = 0
        self.native.told = ()
        self._touched()
        try:
            response = self.page.goto(url, wait_until="domcontentloaded")
            status = response.status if response else 200
        except PlaywrightError as error:
            status = 0
            why = _network_words(str(error))
        finally:
            self.native.leaving = False
        if status == 0:
            raise Unreachable(
                f"{url} can't be reached: {why}.", "Nothing answers there, or not in time.", "Check the address."
            )
        return status

    def press(self, sight: Sight, thing: Text | Widget | Icon, *, seconds: float = 6) -> None:
        """A click where a person would click: in the middle of the words or of the control, and only if it gets there.

        A button under something small that floats there, such as a chat badge, is pressed with the keyboard. Never a
        double click: what was pressed last is pressed again only after the time of one.

        Raises:
            ScreenChanged: something else lies above it.
            WentAway: it isn't there any more; it may have been drawn anew.
        """
        last, moment = self._pressed
        if last == (sight.frame, thing.id):
            self.pause(max(moment + DOUBLE - time.monotonic(), 0))
        element = self._element(sight, thing.click or thing.id if isinstance(thing, Text) else _target(thing))
        own = self._element(sight, thing.id) if isinstance(thing, Text) else element
        begun = time.monotonic()
        covered, gone = "nothing", not (element and own)
        while element and own:
            point = self._point(element, own, isinstance(thing, Text))
            if point is None:
                gone = True
                break
            if point.mine:
                self.native.told = ()
                self.page.mouse.click(point.x, point.y)
                self._pressed = (sight.frame, thing.id), time.monotonic()
                self._touched()
                return
            covered, waited = point.name, time.monotonic() - begun
            if point.floats and waited > BADGE and self._press_by_key(element):
                return
            if waited > seconds:
                break
            self.pause(0.1)
        raise (WentAway if gone else ScreenChanged)(
            f"“{name_of(thing)}” can't be clicked.",
            f"Something else lies over it ({covered}), or it went away.",
            "Look at the picture; if the EHR shows a message there, deal with it and retry.",
        )

    def _press_by_key(self, element: ElementHandle) -> bool:
        """Enter on the button, once it has the focus; False where it is no button or doesn't take it."""
        if not element.evaluate(_FOCUS_BUTTON):
            return False
        self.page.keyboard.press("Enter")
        self._touched()
        return True

    def press_corner(self, sight: Sight, widget: Widget) -> None:
        """A click at the right end of a control, where dropdowns have their arrow."""
        box = _box(self._element(sight, widget.target))
        if box:
            self.page.mouse.click(box["x"] + box["width"] - 12, box["y"] + box["height"] / 2)
            self._touched()

    def wheel(self, sight: Sight, thing: Text | Widget | Icon) -> None:
        """Turns the mouse's wheel by some lines over it."""
        self.hover(sight, thing)
        self.page.mouse.wheel(0, 160)
        self._touched()

    def press_beside(self, box: Box) -> None:
        """A click on the empty page near a control, to leave what it opened; never on what reacts.

        Where a modal window is open only right beside the control: a click beside the window would close that.
        """
        left, right = max(box.x - 6, 1), box.right + 6
        points = [[x, y] for x in (left, right) for y in (max(box.y - 6, 1), box.middle[1], box.bottom + 6)]
        if point := self.page.evaluate(_EMPTY, points):
            self.page.mouse.click(*point)
            self._touched()

    def _point(self, element: ElementHandle, own: ElementHandle, words: bool) -> _Point | None:
        try:
            inner = own.evaluate(_POINT, words)
            mine = inner["mine"] or (element != own and element.evaluate(_POINT, False)["mine"])
            box = own.bounding_box()
        except PlaywrightError:
            return None
        if box is None:
            return None
        if inner["moves"]:
            return _Point(0, 0, False, "it still moves", False)
        return _Point(box["x"] + inner["dx"], box["y"] + inner["dy"], mine, inner["name"], inner["floats"])

    def hover(self, sight: Sight, thing: Text | Widget | Icon) -> None:
        """The mouse over it; for menus that open so."""
        box = _box(self._element(sight, thing.id))
        if box:
            self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            self._touched()

    def leave(self) -> None:
        """The mouse off to the middle of the page, so that what opened under it may close."""
        self.page.mouse.move(*self.page.evaluate("[innerWidth / 2, innerHeight / 2]"))
        self._touched()

    def type_into(self, sight: Sight, widget: Widget, words: str, *, keys: bool = False) -> None:
        """Puts words into a text control, replacing what is there, and leaves it with Tab."""
        element = self._element(sight, widget.input)
        self._touched()
        try:
            if element:
                self._replace(element, words, keys=keys)
                return
        except PlaywrightError as error:
            why = str(error).splitlines()[0][:120]
        else:
            why = "it went away"
        raise ScreenChanged(f"“{name_of(widget)}” can't be typed into: {why}.", "", "Look at the picture and retry.")

    def type_secret(self, sight: Sight, widget: Widget, secret: SecretStr, *, keys: bool = False) -> None:
        """`type_into` for a password. Playwright's own error may quote it, so the error here knows nothing of that one.

        Raises:
            ScreenChanged: the control can't be typed into.
        """
        element = self._element(sight, widget.input)
        self.secret_fields.add((sight.frame, widget.input))
        if secret not in self.secrets:
            self.secrets.append(secret)
        self._touched()
        typed = False
        try:
            if element:
                self._replace(element, secret.get_secret_value(), keys=keys)
                typed = True
        except PlaywrightError:
            typed = False
        if not typed:
            raise ScreenChanged(
                f"“{name_of(widget)}” can't be typed into.", "The field went away or is locked.", "Retry."
            )

    def _replace(self, element: ElementHandle, words: str, *, keys: bool) -> None:
        """Words in place of what is there, in one go or key by key, and Tab. A PlaywrightError of it may quote them."""
        if keys:
            element.click(timeout=5000)
            self.page.keyboard.press("ControlOrMeta+a")
            self.page.keyboard.type(words, delay=15)
        elif not element.evaluate(_ENTER, words):
            element.fill(words, timeout=5000)
        self.page.keyboard.press("Tab")

    def holds(self, sight: Sight, widget: Widget, secret: SecretStr) -> bool:
        """Whether the password field holds just this; also one that shows a row of dots in its place and tells no more.

        The page is asked, and never tells what else it holds.
        """
        return bool(_ask(self._element(sight, widget.input), _HOLDS, secret.get_secret_value()))

    def key(self, name: str) -> None:
        """One key, where the focus is."""
        self.page.keyboard.press(name)
        self._touched()

    def keys(self, words: str) -> None:
        """Words, key by key, where the focus is."""
        self.page.keyboard.type(words)
        self._touched()

    def focus(self, sight: Sight, thing: Text | Widget | Icon) -> None:
        """The keyboard's focus to it, where it takes it; else to the input that it is drawn around.

        Words that don't take it leave it to the part of their line that does.
        """
        if isinstance(thing, Text):
            ways = [(thing.click or thing.id, _FOCUS), (thing.id, _FOCUS_AROUND)]
        else:
            ways = [(_target(thing), _FOCUS), (_input(thing), _FOCUS)]
        for place, script in dict.fromkeys(ways):
            if element := self._element(sight, place):
                self._touched()
                if _ask(element, script):
                    return

    def select(self, sight: Sight, widget: Widget, positions: list[int]) -> None:
        """Chooses options of a native select, by their place in it."""
        element = self._element(sight, widget.input)
        if element:
            element.select_option(index=positions, timeout=5000)
            self._touched()

    def scroll(self, sight: Sight, element_id: int, to: float | None) -> tuple[float, float]:
        """Scrolls a container to `to` pixels from its top (None: where it is); returns where it is and its end."""
        return self.scrolled(sight, element_id, to)[:2]

    def scrolled(self, sight: Sight, element_id: int, to: float | None = None) -> tuple[float, float, float, float]:
        """`scroll`, then where on the screen the bottom of all that is in the container would be, and its own top."""
        at, end, bottom, top = _ask(self._element(sight, element_id), _SCROLL, to) or (0, 0, 0, 0)
        if to is not None:
            self._touched()
        return float(at), float(end), float(bottom), float(top)

    def scroll_page(self, *, down: bool) -> bool:
        """The page as a whole, down by most of what is in view, or back to its top; False where it didn't move."""
        moved = bool(self.page.evaluate(_SCROLL_PAGE, down))
        self._touched()
        return moved

    def once_filled(
        self, scroll: Callable[[Sights], tuple[Sight, int]], at: float, room: Callable[[Sights], float], top_too: bool
    ) -> Sights:
        """What is seen once words fill a container that was scrolled to `at`: some lists draw only a while after that.

        `scroll` says where the container is now, `room` how many pixels may be without words at its bottom, and at its
        top where that counts too.
        """
        self.pause(BEAT)
        sights = self.steady(2) if self.traffic.loading() else self.look()
        _, end, bottom, top = self.scrolled(*scroll(sights))
        edge, gap = bottom + at - end, room(sights)

        def filled(now: Sights) -> bool | None:
            sight, container = scroll(now)
            boxes = [t.box for t in sight.texts if t.scroller == container]
            from_top = not top_too or any(box.y < top + gap for box in boxes)
            return True if from_top and any(box.bottom > edge - gap for box in boxes) else None

        self.wait_for(filled, DRAWN)
        return self.look()


def name_of(thing: Text | Widget | Icon) -> str:
    """What a person would call it."""
    if isinstance(thing, Text):
        return thing.own or thing.whole
    if isinstance(thing, Icon):
        return next(iter(thing.said), "an icon")
    return next(iter(thing.names), "") or thing.placeholder or thing.aria or "a control"


def _input(thing: Widget | Icon) -> int:
    return thing.input if isinstance(thing, Widget) else thing.id


def _target(thing: Widget | Icon) -> int:
    return thing.target if isinstance(thing, Widget) else thing.id


def _ask(element: ElementHandle | None, script: str, about: object = None) -> Any:
    """What a script says of the element; None where that has gone, as with a page that has just been left."""
    return _unless_left(lambda: element.evaluate(script, about) if element else None)


def _box(element: ElementHandle | None) -> FloatRect | None:
    """Where the element is; None where it has gone."""
    return _unless_left(lambda: element.bounding_box() if element else None)


def _unless_left(ask: Callable[[], T]) -> T | None:
    try:
        return ask()
    except PlaywrightError as error:
        gone = is_gone(error)
    if gone:
        raise browser_gone()
    return None


def _network_words(error: str) -> str:
    """Chromium's reason in words, without the call log."""
    reasons = {
        "ERR_NAME_NOT_RESOLVED": "no such host",
        "ERR_CONNECTION_REFUSED": "the connection was refused",
        "ERR_CERT": "its certificate is not valid",
        "ERR_SSL": "no secure connection could be made",
        "Timeout": "it did not answer in time",
        "ERR_INTERNET_DISCONNECTED": "there is no network",
        "invalid URL": "that is not a web address",
    }
    return next((words for sign, words in reasons.items() if sign in error), "the connection failed")
