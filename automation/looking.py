"""A page being looked at, as a person does: what is there now, once something comes, once it rests.

It knows nothing of labels or of RevolutionEHR, and touches nothing. All waits for states, never for a fixed time.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from playwright.sync_api import ElementHandle, Frame, Page
from playwright.sync_api import Error as PlaywrightError

from automation import eye
from automation.errors import ScreenChanged, Unavailable
from automation.native import NativeDialogs
from automation.sight import Sight, sight_from
from automation.traffic import Traffic

BEAT = 0.08
"""Seconds between two looks at a page that is waited for."""

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


class Looking:
    """One page, as it is seen. `heed` is asked before each look, and raises to end what is done here.

    `traffic` is what the page asks its server for, `native` the dialogs that are the browser's own. `announced` is what
    dialogs said that were closed because they only announce something: those, and the page's.
    """

    def __init__(self, page: Page, heed: Callable[[], None] = lambda: None) -> None:
        self.page = page
        self.traffic = Traffic(page)
        self.announced: list[str] = []
        self.native = NativeDialogs(page, self.announced.append)
        self._heed = heed
        self._reader: Callable[[Sight], Sight] = lambda sight: sight
        self._seen: dict[int, tuple[str, Sight]] = {}
        self._still: tuple[object, float] = (None, 0.0)
        self._last: tuple[Sights, float] = ((), 0.0)
        self._failed = ""

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
                if self.native.told:
                    sights = replace(sights[0], alerts=sights[0].alerts + self.native.told), *sights[1:]
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
            gone, failed = is_gone(error), _OWN_ERROR.match(str(error))
        if gone:
            raise browser_gone()
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
        if now != before or self.traffic.loading() or any(s.busy for s in sights):
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

    def reloading(self) -> bool:
        """True while another page is on its way, or this one anew; asked a blink after a press."""
        self.pause(BLINK)
        return self.traffic.loading_a_page()

    def pause(self, seconds: float) -> None:
        """Lets the page go on. For polling only: nothing waits a fixed time for something to be so."""
        try:
            self.page.wait_for_timeout(seconds * 1000)
            gone = False
        except PlaywrightError as error:
            gone = is_gone(error)
        if gone:
            raise browser_gone()

    def _element(self, sight: Sight, element_id: int) -> ElementHandle | None:
        try:
            return self.page.frames[sight.frame].evaluate_handle(_FIND, element_id).as_element()
        except (PlaywrightError, IndexError) as error:
            gone = isinstance(error, PlaywrightError) and is_gone(error)
        if gone:
            raise browser_gone()
        return None


def is_gone(error: PlaywrightError) -> bool:
    """True when the page or its browser is no more."""
    words = str(error)
    return any(sign in words for sign in ("has been closed", "Target crashed", "Connection closed", "crashed"))


def browser_gone() -> Unavailable:
    """What is told then."""
    return Unavailable(
        "The browser stopped in the middle.",
        "It crashed, was killed, or a page froze for too long; what RevolutionEHR had saved by then is kept.",
        "Go on with the same run: it looks first at what is there already.",
    )
