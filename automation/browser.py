"""All we take from Playwright: find and launch a Chromium, a fresh context for each account, an end to everything.

One thread, one Playwright, one browser (sync Playwright objects die outside the thread that made them). Only `halt` and
`kill` may be called from another thread. `kill` ends the browser's processes, which is the one thing that frees a
thread that waits for a frozen page. What a page shows and how it is touched is in `automation.screen`.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import ParamSpec, TypeVar

import psutil
from playwright._impl import transport
from playwright._impl._driver import get_driver_env
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Playwright, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from automation.errors import Halted, Unavailable
from automation.screen import Screen

P = ParamSpec("P")
R = TypeVar("R")

VIEWPORT = 1920, 1080
"""Pixels. The EHR hides the names in its header below Bootstrap's "lg" (ehr-facts, section 10)."""

VISITS, OLD_AFTER = 200, 6 * 3600.0
"""A kept browser is made anew after so many visits or seconds: what it gathers meanwhile is given back."""

QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
SYSTEM = [
    "/usr/lib/chromium/chromium-headless-shell",
    "/usr/lib/chromium/chromium",
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/opt/google/chrome/chrome",
    "/usr/bin/microsoft-edge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
]


NEEDED = {
    *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP"),
    *("DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "LD_LIBRARY_PATH"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS"),
    *("PLAYWRIGHT_BROWSERS_PATH", "PLAYWRIGHT_SKIP_VALIDATE_HOST_REQUIREMENTS", "CHROME_DEVEL_SANDBOX"),
    *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "USERPROFILE", "APPDATA", "LOCALAPPDATA"),
    *("PROGRAMDATA", "PROGRAMFILES", "PROGRAMFILES(X86)"),
}
BEGINNINGS = ("LC_", "XDG_", "FONTCONFIG_", "PW_LANG_", "PW_CLI_", "__CF_")
"""The variables that driver and browser inherit, by their names and by what their names begin with."""


class BrowserMissing(Exception):
    """No Chromium could be launched. Its text is one sentence with the one command that mends it."""


class Browser:
    """A launched Chromium. Make it with `open_browser`, in the thread that will use it."""

    def __init__(self, chromium: Chromium, executable: str, processes: list[psutil.Process]) -> None:
        self._chromium = chromium
        self.executable = executable
        self.version = chromium.version
        self._processes = processes
        self.killed = False
        self._halted = False

    @contextlib.contextmanager
    def visit(self) -> Iterator[Screen]:
        """A page in a context of its own: no cookie, storage or service worker of any other account is in it.

        Raises:
            Unavailable: the browser died, or was killed, on the way.
        """
        context = in_words(self._chromium.new_context)(
            viewport={"width": VIEWPORT[0], "height": VIEWPORT[1]}, locale="en-US", service_workers="block"
        )
        try:
            yield in_words(_new_screen)(context, self._heed)
        finally:
            with contextlib.suppress(PlaywrightError):
                context.close()

    @property
    def is_alive(self) -> bool:
        """False once it was killed or died."""
        return not self.killed and self._chromium.is_connected()

    def halt(self) -> None:
        """What is done in it ends at its next look at a page, with Halted. Only once: one can still log out then."""
        self._halted = True

    def _heed(self) -> None:
        if self._halted:
            self._halted = False
            raise Halted

    def kill(self) -> None:
        """Ends the browser's processes at once. May be called from any thread, and more than once."""
        self.killed = True
        for process in self._processes:
            with contextlib.suppress(psutil.Error):
                for child in [*process.children(recursive=True), process]:
                    with contextlib.suppress(psutil.Error):
                        child.kill()


GONE = (
    "The browser stopped in the middle.",
    "It crashed, was killed, or a page froze for too long; what RevolutionEHR had saved by then is kept.",
    "Go on with the same run: it looks first at what is there already.",
)


def in_words(deed: Callable[P, R]) -> Callable[P, R]:
    """The same deed; what Playwright raises in it becomes our own error, which knows nothing of Playwright's text."""

    def done(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return deed(*args, **kwargs)
        except PlaywrightError:
            pass
        raise Unavailable(*GONE)

    return done


def _new_screen(context: BrowserContext, heed: Callable[[], None]) -> Screen:
    context.set_default_timeout(15_000)
    context.set_default_navigation_timeout(60_000)
    return Screen(context.new_page(), heed)


@contextlib.contextmanager
def open_browser(executable: str | None = None, headless: bool = True) -> Iterator[Browser]:
    """A Chromium, launched and tried: `executable` (BROWSER) if given, else Playwright's own, else the system's.

    Raises:
        BrowserMissing: none of them starts; the sentence names the one command that mends it.
    """
    _inherit_little()
    me = psutil.Process()
    before = {p.pid for p in me.children()}
    with sync_playwright() as playwright:
        driver = [p for p in me.children() if p.pid not in before]
        chromium, path = _launch(playwright, executable, headless)
        processes = [child for d in driver for child in d.children()]
        browser = Browser(chromium, path, processes)
        try:
            yield browser
        finally:
            with contextlib.suppress(PlaywrightError):
                if not browser.killed:
                    chromium.close()


def inherited(environment: Mapping[str, str]) -> dict[str, str]:
    """What of our environment driver and browser are told: what they need, and no secret of anybody's.

    Not DEBUG or the like either: the driver would write down all that it is told, typed passwords too.
    """
    return {
        name: value
        for name, value in environment.items()
        if name.upper() in NEEDED or name.upper().startswith(BEGINNINGS)
    }


def _inherit_little() -> None:
    """Playwright hands its whole environment on, and asks nobody. `os.environ` stays: other threads read it."""
    transport.get_driver_env = lambda: inherited(get_driver_env())  # type: ignore[attr-defined]


class KeptBrowser:
    """A browser kept from visit to visit, launched at the first; made anew before it grows old or after it died.

    For one thread only, which also closes it. `clock` tells seconds.
    """

    def __init__(self, executable: str | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._executable, self._clock = executable, clock
        self._open: contextlib.ExitStack | None = None
        self._browser: Browser | None = None
        self._lent, self._since = 0, 0.0

    @contextlib.contextmanager
    def lend(self) -> Iterator[Browser]:
        """The browser, for visits of its own contexts. Raises BrowserMissing when none starts."""
        browser = self._browser or self._launch()
        self._lent += 1
        try:
            yield browser
        finally:
            old = self._lent >= VISITS or self._clock() - self._since >= OLD_AFTER
            if old or not browser.is_alive:
                self.close()

    def close(self) -> None:
        """Ends the browser; the next visit launches another."""
        open_, self._open, self._browser = self._open, None, None
        if open_ is not None:
            with contextlib.suppress(PlaywrightError):
                open_.close()

    def _launch(self) -> Browser:
        self._open = contextlib.ExitStack()
        self._browser = self._open.enter_context(open_browser(self._executable))
        self._lent, self._since = 0, self._clock()
        return self._browser


SELECTOR = """{
  query: (root, id) => globalThis[Symbol.for('onespot.sight')]?.refs.get(Number(id))?.deref() ?? null,
  queryAll: (root, id) => [globalThis[Symbol.for('onespot.sight')]?.refs.get(Number(id))?.deref()].filter(Boolean),
}"""
"""Finds an element by the number that `eye/look.js` gave it."""


def _launch(playwright: Playwright, executable: str | None, headless: bool) -> tuple[Chromium, str]:
    playwright.selectors.register("onespot", SELECTOR)
    for path in candidates(playwright, executable):
        try:
            chromium = playwright.chromium.launch(
                executable_path=path,
                headless=headless,
                args=QUIET,
                chromium_sandbox=not _is_root(),
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
                timeout=60_000,
            )
        except PlaywrightError:
            continue
        return chromium, path or "Playwright's own"
    raise BrowserMissing(_missing(executable))


def candidates(playwright: Playwright, executable: str | None) -> list[str | None]:
    """The Chromiums to try, best first; None stands for Playwright's own headless shell."""
    if executable:
        return [executable]
    return [None, *(path for path in SYSTEM if Path(path).exists())]


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _missing(executable: str | None) -> str:
    if executable:
        return f"The browser {executable} (BROWSER) does not start; unset BROWSER to have one found."
    command = "onespot doctor --install" if sys.platform == "linux" else "playwright install chromium"
    return f"No Chromium was found that starts; install one with: {command}"


def find_chromium(executable: str | None = None) -> str:
    """Which Chromium would be used, by launching it once.

    Raises:
        BrowserMissing: none starts.
    """
    with open_browser(executable) as browser:
        return browser.executable
