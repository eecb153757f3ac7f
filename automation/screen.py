"""A page being looked at and touched, as a person does: look, wait until something is seen, press, type.

It knows nothing of labels or of RevolutionEHR. Everything waits for states, never for a fixed time. A click lands only
where nothing else lies above; a secret that is typed is never part of an error.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

from playwright.sync_api import Dialog, ElementHandle, FloatRect, Frame, Page, Request, Response
from playwright.sync_api import Error as PlaywrightError
from pydantic import SecretStr

from automation import eye
from automation.errors import PersonNeeded, ScreenChanged, Unavailable, Unreachable, quoted
from automation.sight import Box, Icon, Notice, Sight, Text, Widget, sight_from

BEAT = 0.08
"""Seconds between two looks at a page that is waited for."""
BADGE = 2.0
"""Seconds that a button under a badge is waited for, before it is pressed with the keyboard."""

DOUBLE = 0.5
"""Seconds within which a second click on the same thing is a double click: to a person, and to what still closes."""

DRAWN = 2.0
"""Seconds after which a list has drawn what it was scrolled to."""

BLINK = 0.03
"""Seconds for which a look still holds: those who look one after the other at the same moment share it."""

T = TypeVar("T")
Sights = tuple[Sight, ...]

_STORE = "globalThis[Symbol.for('onespot.sight')]"
_SEE = f"known => {_STORE}?.see?.(known) ?? null"
_INSTALL = f"""known => {{
  const see = {eye.look()};
  const seen = see(known);
  if ({_STORE}) {_STORE}.see = see;
  return seen;
}}"""
_OWN_ERROR = re.compile(r"Frame\.evaluate: (\w+Error)\b")
"""What a script of ours says that failed; a page that is left meanwhile fails with no such word."""
_FIND = f"id => {_STORE}?.refs.get(id)?.deref() ?? null"
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


class _Point(NamedTuple):
    """Where a click would land: whether on what is meant (`mine`), else on what, and whether that only floats there."""

    x: float
    y: float
    mine: bool
    name: str
    floats: bool


class WentAway(ScreenChanged):
    """What was to be pressed isn't there any more. Whoever can looks for it again."""


class Screen:
    """One page. `questions` collects what native dialogs asked; none is agreed to but what `agreeing` knows.

    What a native dialog only says is closed, and is seen as a message until the next press.

    `failed_answers` are the HTTP statuses (500 and more) with which its own server answered what the page asked for;
    whoever needs to know empties the list first. `unanswered` counts what got no answer at all since the page was
    opened. `announced` is what dialogs said that were closed because they only announce something. `deeds` is what was
    entered since somebody last emptied it, `next_press` what is pressed next: for whoever is asked before a save.
    `heed` is asked before each look, and raises to end what is done here.
    """

    def __init__(self, page: Page, heed: Callable[[], None] = lambda: None) -> None:
        self.page = page
        self._heed = heed
        self.questions: list[str] = []
        self.announced: list[str] = []
        self.leaving = False
        self._agrees: Callable[[str], bool] = lambda question: False
        self._told: tuple[Notice, ...] = ()
        self.failed_answers: list[int] = []
        self.unanswered = 0
        self.deeds: list[str] = []
        self.next_press = ""
        self.secret_fields: set[tuple[int, int]] = set()
        self.secrets: list[SecretStr] = []
        self._reader: Callable[[Sight], Sight] = lambda sight: sight
        self._open: dict[Request, float] = {}
        self._seen: dict[int, tuple[str, Sight]] = {}
        self._still: tuple[object, float] = (None, 0.0)
        self._last: tuple[Sights, float] = ((), 0.0)
        self._failed = ""
        self._pressed: tuple[tuple[int, int], float] = ((0, 0), 0.0)
        page.on("request", self._sent)
        page.on("requestfinished", self._answered)
        page.on("requestfailed", self._unanswered)
        page.on("response", self._came)
        page.on("dialog", self._asked)

    # ---- looking --------------------------------------------------------------------------------------------------

    def look(self) -> Sights:
        """Every visible frame, the page's own first: as it is now, or was a blink ago if nothing was touched since.

        Raises:
            Unavailable: the browser or the page is gone.
            ScreenChanged: our own look fails on what is drawn there.
            Halted: somebody asked to stop.
        """
        self._heed()
        sights, moment = self._last
        if sights and time.monotonic() - moment < BLINK:
            return sights
        for _ in range(40):
            sights = tuple(s for s in map(self._look_into, range(len(self.page.frames)), self.page.frames) if s)
            if sights and sights[0].frame == 0:
                if self._told:
                    sights = replace(sights[0], alerts=sights[0].alerts + self._told), *sights[1:]
                self._last = sights, time.monotonic()
                return sights
            self.pause(0.1)
        if self._failed:
            raise ScreenChanged(
                f"This screen could not be looked at ({self._failed}).",
                "OneSpot's own look failed on something that is drawn there.",
                "Tell those who maintain OneSpot which screen it was.",
            )
        raise Unavailable("The page keeps reloading.", "RevolutionEHR does not come to rest.", "Try again later.")

    def _look_into(self, number: int, frame: Frame) -> Sight | None:
        try:
            mark, before = self._seen.get(number, ("", None))
            found = frame.evaluate(_SEE, mark) or frame.evaluate(_INSTALL, mark)
            if found.get("mark") == mark and before:
                return before
            if "seen" not in found:
                return None
            sight = self._reader(sight_from(json.loads(found["seen"]), number))
            self._seen[number] = found["mark"], sight
            return sight
        except PlaywrightError as error:
            gone, failed = _is_gone(error), _OWN_ERROR.match(str(error))
        if gone:
            raise Unavailable(
                "The browser stopped in the middle.",
                "It crashed, was killed, or a page froze for too long; what RevolutionEHR had saved by then is kept.",
                "Go on with the same run: it looks first at what is there already.",
            )
        if number == 0:
            self._failed = failed[1] if failed else ""
        return None

    def wait_for(self, probe: Callable[[Sights], T | None], seconds: float = 15, rest: float | None = None) -> T | None:
        """What the probe returns as soon as it isn't None; None when the time is over.

        With `rest` it gives up earlier: when the page has been at rest for so many seconds since it was last touched,
        nothing comes any more.
        """
        end = time.monotonic() + seconds
        while True:
            sights = self.look()
            still, found = self._at_rest_for(sights), probe(sights)
            if found is not None or time.monotonic() > end:
                return found
            if rest is not None and still > rest:
                return None
            self.pause(BEAT)

    def steady(self, seconds: float = 12) -> Sights:
        """What is seen once the page has come to rest: nothing loading, two looks alike. At most `seconds`.

        A look before this one counts as the first of the two, if nothing was touched since.
        """
        end = time.monotonic() + seconds
        while True:
            sights = self.look()
            if self._at_rest_for(sights) >= BEAT or time.monotonic() > end:
                return sights
            self.pause(BEAT)

    def _at_rest_for(self, sights: Sights) -> float:
        """Seconds since when it has looked just like this, with nothing touched, nothing loading and nothing busy."""
        now, moment = tuple(s.fingerprint for s in sights), time.monotonic()
        before, since = self._still
        if now != before or self.loading() or any(s.busy for s in sights):
            self._still = now, moment
            return 0
        return moment - since

    def read_as(self, reader: Callable[[Sight], Sight]) -> None:
        """From here on everything that is seen is first put into other words by the reader."""
        self._reader = reader
        self._seen.clear()
        self._touched()

    def _touched(self) -> None:
        """From here on the page may change: what was seen before says nothing of whether it rests."""
        self._still, self._last = (None, 0.0), ((), 0.0)

    def loading(self) -> bool:
        """True while the page waits for an answer that it asked for less than 20 s ago."""
        now = time.monotonic()
        return any(now - since < 20 for since in self._open.values())

    def reloading(self) -> bool:
        """True while another page is on its way, or this one anew; asked a blink after a press."""
        self.pause(BLINK)
        return self.loading() and any(request.resource_type == "document" for request in self._open)

    def pause(self, seconds: float) -> None:
        """Lets the page go on. For polling only: nothing waits a fixed time for something to be so."""
        try:
            self.page.wait_for_timeout(seconds * 1000)
            gone = False
        except PlaywrightError as error:
            gone = _is_gone(error)
        if gone:
            raise Unavailable(
                "The browser stopped in the middle.", "It crashed or was killed.", "Go on with the same run."
            )

    # ---- touching -------------------------------------------------------------------------------------------------

    def open(self, url: str) -> int:
        """Goes to an address; returns the HTTP status.

        Raises:
            Unreachable: nothing answers there.
        """
        self.leaving = True
        self.unanswered = 0
        self._told = ()
        self._touched()
        try:
            response = self.page.goto(url, wait_until="domcontentloaded")
            status = response.status if response else 200
        except PlaywrightError as error:
            status = 0
            why = _network_words(str(error))
        finally:
            self.leaving = False
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
                self._told = ()
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
        """The keyboard's focus to it, where it takes it; else to the input that it is drawn around."""
        places = [thing.click or thing.id] if isinstance(thing, Text) else [_target(thing), _input(thing)]
        for element in (self._element(sight, place) for place in dict.fromkeys(places)):
            if element:
                self._touched()
                if _ask(element, "el => { el.focus(); return el.getRootNode().activeElement === el; }"):
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

    def once_filled(
        self, scroll: Callable[[Sights], tuple[Sight, int]], at: float, room: Callable[[Sights], float], top_too: bool
    ) -> Sights:
        """What is seen once words fill a container that was scrolled to `at`: some lists draw only a while after that.

        `scroll` says where the container is now, `room` how many pixels may be without words at its bottom, and at its
        top where that counts too.
        """
        self.pause(BEAT)
        sights = self.steady(2) if self.loading() else self.look()
        _, end, bottom, top = self.scrolled(*scroll(sights))
        edge, gap = bottom + at - end, room(sights)

        def filled(now: Sights) -> bool | None:
            sight, container = scroll(now)
            boxes = [t.box for t in sight.texts if t.scroller == container]
            from_top = not top_too or any(box.y < top + gap for box in boxes)
            return True if from_top and any(box.bottom > edge - gap for box in boxes) else None

        self.wait_for(filled, DRAWN)
        return self.look()

    def _element(self, sight: Sight, element_id: int) -> ElementHandle | None:
        try:
            return self.page.frames[sight.frame].evaluate_handle(_FIND, element_id).as_element()
        except (PlaywrightError, IndexError) as error:
            gone = isinstance(error, PlaywrightError) and _is_gone(error)
        if gone:
            raise Unavailable("The browser stopped in the middle.", "It crashed or was killed.", "Go on with the run.")
        return None

    # ---- what the page does by itself -------------------------------------------------------------------------------

    def _sent(self, request: Request) -> None:
        if request.resource_type in ("xhr", "fetch", "document", "script"):
            self._open[request] = time.monotonic()

    def _came(self, response: Response) -> None:
        own = urlsplit(response.url).netloc == urlsplit(self.page.url).netloc
        if own and response.status >= 500 and response.request.resource_type in ("xhr", "fetch"):
            self.failed_answers.append(response.status)

    def _answered(self, request: Request) -> None:
        self._open.pop(request, None)

    def _unanswered(self, request: Request) -> None:
        self._answered(request)
        if "ERR_ABORTED" not in (request.failure or ""):  # that one nobody waits for any more
            self.unanswered += 1

    @contextmanager
    def agreeing(self, to: Callable[[str], bool]) -> Iterator[None]:
        """While this lasts, native dialogs whose question it knows are agreed to; all others are dismissed as ever."""
        before, self._agrees = self._agrees, to
        try:
            yield
        finally:
            self._agrees = before

    def _asked(self, dialog: Dialog) -> None:
        said = dialog.message[:300]
        if dialog.type == "alert":
            self._told += (Notice(id=-1, start=-1, end=-1, text=said, classes="", role="alert"),)
            self.announced.append(said)
            dialog.accept()
        elif self.leaving if dialog.type == "beforeunload" else dialog.type == "confirm" and self._agrees(said):
            dialog.accept()
        else:
            self.questions.append(said)
            dialog.dismiss()

    def no_questions(self) -> None:
        """Raises PersonNeeded when the page asked something in a native dialog (it was dismissed, not agreed to)."""
        if self.questions:
            asked = self.questions.pop(0)
            raise PersonNeeded(
                f"RevolutionEHR asked: {quoted(asked)}", "Only a person should answer that.", "Look at it and retry."
            )


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
        gone = _is_gone(error)
    if gone:
        raise Unavailable("The browser stopped in the middle.", "It crashed or was killed.", "Go on with the run.")
    return None


def _is_gone(error: PlaywrightError) -> bool:
    words = str(error)
    return any(sign in words for sign in ("has been closed", "Target crashed", "Connection closed", "crashed"))


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
