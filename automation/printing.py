"""A page of ours as a PDF, printed by the headless browser. No RevolutionEHR here, no network, and no script.

The page is shown in a context of its own that is offline; what it shows has to be in it.
"""

from __future__ import annotations

import threading

from playwright.sync_api import Error as PlaywrightError

from automation.browser import BrowserMissing, open_browser
from automation.errors import AutomationError

PATIENCE = 60.0
"""Seconds after which a browser that still prints is ended."""

_FOOT = (
    '<div style="width:100%;margin:0 14mm;display:flex;justify-content:space-between;'
    'color:#525f6f;font:7.5pt sans-serif">'
    '<span class="title"></span><span>Page <span class="pageNumber"></span> of <span class="totalPages"></span></span>'
    "</div>"
)
_MARGINS = {"top": "14mm", "right": "14mm", "bottom": "16mm", "left": "14mm"}


class NotPrinted(Exception):
    """There is no PDF; str() says why and what to do."""


def print_pdf(html: str, executable: str | None = None) -> bytes:
    """The page on paper of the size Letter. Starts a browser of its own, so that it may be called in any thread.

    Raises NotPrinted.
    """
    try:
        with open_browser(executable) as browser, browser.visit() as screen:
            late = threading.Timer(PATIENCE, browser.kill)
            late.daemon = True
            late.start()
            try:
                screen.page.context.set_offline(True)
                screen.page.set_content(html, wait_until="load")
                return screen.page.pdf(
                    format="Letter",
                    print_background=True,
                    display_header_footer=True,
                    header_template="<span></span>",
                    footer_template=_FOOT,
                    margin=_MARGINS,  # type: ignore[arg-type]
                    tagged=True,
                    outline=True,
                )
            finally:
                late.cancel()
    except BrowserMissing as missing:
        why = str(missing)
    except (PlaywrightError, AutomationError):
        why = "The browser did not print it: try again, or print the page from your own browser."
    raise NotPrinted(why)
