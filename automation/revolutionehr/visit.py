"""One visit to a practice's RevolutionEHR: who is logged in, on which screen, and how to start afresh or leave.

A context of its own for each account; every way out logs out. What is done there is in guide.py, plan.py and check.py.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError

from automation import evidence
from automation.browser import Browser
from automation.errors import AutomationError, Halted, LoginRefused, PersonNeeded, ScreenChanged
from automation.revolutionehr import part
from automation.revolutionehr.address import Address, Pause
from automation.revolutionehr.keep import Keep
from automation.revolutionehr.outline import Trust
from automation.revolutionehr.pages import header, login
from automation.revolutionehr.record import NotWritten, Recorder
from automation.screen import Screen
from storage.models import Credential


@dataclass
class Visit:
    """The browser at one practice. At most one account is logged in at a time."""

    browser: Browser
    address: Address
    keep: Keep
    fence: Callable[[], None] = lambda: None
    credential: Credential | None = None
    _screen: Screen | None = None
    _context: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    _asked: int = 0
    _step: str = ""
    _shown: str = ""

    def __post_init__(self) -> None:
        if self.address.ask is not None:
            self.fence = partial(self._ask_first, self.address.ask, self.fence)

    def _ask_first(self, ask: Callable[[Pause], None], fence: Callable[[], None]) -> None:
        """The fence of a walk that asks: the lease, then the person, then (that may take long) the lease again."""
        fence()
        self._asked += 1
        picture = self.picture(f"before-click-{self._asked}")
        ask(Pause(self.screen.next_press or "the next button", tuple(self.screen.deeds), picture))
        self.screen.deeds.clear()
        fence()

    @property
    def screen(self) -> Screen:
        """The page in use.

        Raises:
            ScreenChanged: nobody is logged in; a step was walked out of order.
        """
        if self._screen is None:
            raise ScreenChanged("Nobody is logged in.", "A step came out of order.", "Start again.")
        return self._screen

    @property
    def is_open(self) -> bool:
        return self._screen is not None

    def arrive(self, credential: Credential) -> login.Arrival:
        """Logs in with a fresh context; a refusal is counted, and no try is made when the budget is used up.

        Raises:
            LoginRefused: not accepted, or not tried any more today.
        """
        if not self.keep.may_try(credential.username):
            raise LoginRefused(
                f"The login of {credential.username} was refused too often today.",
                "It is not tried again, so that the account isn't locked.",
                "Check the password by hand; it can be tried again tomorrow.",
            )
        self._close()
        self.credential = None
        self._screen = self._context.enter_context(self.browser.visit())
        login.open_login(self.screen, self.address.url)
        self.note("login")
        try:
            arrival = login.log_in(self.screen, credential)
        except LoginRefused:
            self.keep.refused(credential.username)
            raise
        except (AutomationError, Halted):
            self.credential = credential
            raise
        self.credential = credential
        self.screen.deeds.clear()
        self.note("home", Trust.LITTLE)
        if arrival is login.Arrival.APP and self.address.words:
            self.screen.read_as(self.address.words.read)
        return arrival

    def afresh(self) -> None:
        """Loads the app again, so that what is read next comes from the server and no form is left open."""
        if not self._reload() and login.shows_form(self.screen.look()) and self.credential is not None:
            login.log_in(self.screen, self.credential)
        self.screen.deeds.clear()

    def _reload(self, seconds: float = login.FIRST_LOAD) -> bool:
        """Loads the app again; True when that leads into it (a login form may show for a moment on the way)."""
        self.screen.open(self.address.url)
        self.screen.wait_for(lambda s: True if header.in_app(s) or login.shows_form(s) else None, seconds)
        self.screen.steady(6)
        return self.screen.wait_for(lambda s: True if header.in_app(s) else None, 3) is not None

    def leave(self) -> None:
        """Logs out, proves it, and closes the context.

        Raises:
            ScreenChanged: it could not be logged out.
        """
        try:
            header.log_out(self.screen, self.address.url, login.shows_form)
        finally:
            self._close()

    def leave_anyhow(self) -> None:
        """Logs out as well as it can be done after a failure; never raises for what RevolutionEHR shows.

        Also from a locked screen, where it shows the way out.
        """
        if self._screen is None:
            return
        with contextlib.suppress(AutomationError):
            if self.credential is not None and (self._reload(15) or header.way_out(self.screen.look())):
                header.log_out(self.screen, self.address.url, login.shows_form)
        self._close()

    def _close(self) -> None:
        self._context.close()
        self._context = contextlib.ExitStack()
        self._screen = None

    def note(self, name: str, trust: Trust = Trust.SCREEN, lines: Iterable[str] = ()) -> None:
        """Records what the screen in use is made of, where that is wanted; never in the way of what is done there."""
        if self.address.recorder is not None and self._screen is not None:
            self.address.recorder.add(self._screen, name, trust, lines=lines)

    def explain(self, error: BaseException) -> None:
        """Adds to an error about a screen that the tenant's words weren't used, where they are for another build."""
        words = self.address.words
        if not words or self._screen is None or not isinstance(error, AutomationError) or error.sought is None:
            return
        with contextlib.suppress(AutomationError):
            build = self._screen.look()[0].build
            if not words.fits(build):
                error.do += f" The file of words is for build {words.build}, and this is {build}: it wasn't used."

    def note_failure(self, error: BaseException, name: str = "failed") -> None:
        """The same for the screen where something failed, with what was looked for."""
        if self.address.recorder is None or self._screen is None or not isinstance(error, AutomationError):
            return
        with contextlib.suppress(AutomationError):
            trust = Trust.SCREEN if header.in_admin(self._screen.look()) else Trust.LITTLE
            self.address.recorder.add(self._screen, name, trust, error)

    def record_failure(self, error: AutomationError, number: int, name: str) -> None:
        """Where somebody watches: what the screen that failed is made of, beside its picture."""
        screen, folder = self._screen, self.address.evidence
        if self.address.ask is None or screen is None or folder is None:
            return
        given = [secret.get_secret_value() for secret in screen.secrets]
        recorder = Recorder(folder, (*given, *([self.credential.username] if self.credential else [])))
        with contextlib.suppress(AutomationError, NotWritten):
            trust = Trust.SCREEN if header.in_admin(screen.look()) else Trust.LITTLE
            recorder.add(screen, f"{name}-failed", trust, error)
            recorder.write(number)

    def begin_step(self, name: str) -> None:
        """From here on what is shown belongs to this step, of which nothing is shown yet."""
        self._step, self._shown = name, ""

    def show(self, *, from_top: bool = False) -> None:
        """Takes the picture of what the step in hand has proved, where the screen shows it now.

        A later one of the same step takes its place. One that can't be taken is left out; it never fails a step.
        `from_top`: a list that was scrolled through is scrolled back first.
        """
        folder = self.address.evidence
        if folder is None or self._screen is None or not self._step:
            return
        with contextlib.suppress(AutomationError, PlaywrightError):
            if from_top:
                self._to_top(self._screen)
            found = part.of(self._screen.look(), self.ours)
            if found is not None:
                self._shown = evidence.take_part(self._screen, folder, self._step, found) or self._shown

    def _to_top(self, screen: Screen) -> None:
        for sight in screen.look():
            for scroller in {check.scroller for check in sight.fitting(("check",)) if check.scroller}:
                screen.scroll(sight, scroller, 0)
        screen.steady(1)

    def end_step(self) -> str:
        """The SHA-256 of the step's picture, taken now or on its way; empty where there is none.

        A picture that an earlier walk took at this step goes, when this one has none.
        """
        if not self._shown:
            self.show()
        if self.address.evidence is not None and not self._shown:
            evidence.drop_part(self.address.evidence, self._step)
        return self._shown

    @property
    def ours(self) -> part.Ours:
        """What may be shown of a screen: what is known to belong to our account."""
        return part.Ours()

    def picture(self, name: str) -> Path | None:
        """A masked picture of the Admin screen or the login form; none of any screen that may show patients."""
        if self._screen is None:
            return None
        with contextlib.suppress(AutomationError):
            sights = self._screen.look()
            at_login = login.shows_form(sights) or login.reset_fields(sights) is not None
            if at_login or header.in_admin(sights):
                return evidence.take(self._screen, self.address.evidence, name)
        return None


def reset_needed() -> PersonNeeded:
    """The error for an administrator whose password has to be changed: that is never done for a person."""
    return PersonNeeded(
        "RevolutionEHR asks the administrator for a new password.",
        "The administrator's own password is never changed here.",
        "The administrator logs in by hand, sets a new one, and the run is started again with it.",
    )
