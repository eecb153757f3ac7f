"""What a page asks its server for, by itself: whether an answer is still awaited, and which ones failed."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

from playwright.sync_api import Page, Request, Response

PATIENCE = 20
"""Seconds after which an answer is no longer waited for: some requests are kept open on purpose."""


class Traffic:
    """The requests of one page.

    `failed` are the HTTP statuses (500 and more) with which its own server answered what the page asked for; whoever
    needs to know empties the list first. `unanswered` counts what got no answer at all since the page was opened.
    """

    def __init__(self, page: Page) -> None:
        self.failed: list[int] = []
        self.unanswered = 0
        self._page = page
        self._open: dict[Request, float] = {}
        page.on("request", self._sent)
        page.on("requestfinished", self._answered)
        page.on("requestfailed", self._unanswered)
        page.on("response", self._came)

    def loading(self) -> bool:
        """True while the page waits for an answer that it asked for lately."""
        now = time.monotonic()
        return any(now - since < PATIENCE for since in self._open.values())

    def loading_a_page(self) -> bool:
        """True while another page is on its way, or this one anew."""
        return self.loading() and any(request.resource_type == "document" for request in self._open)

    def _sent(self, request: Request) -> None:
        if request.resource_type in ("xhr", "fetch", "document", "script"):
            self._open[request] = time.monotonic()

    def _came(self, response: Response) -> None:
        own = urlsplit(response.url).netloc == urlsplit(self._page.url).netloc
        if own and response.status >= 500 and response.request.resource_type in ("xhr", "fetch"):
            self.failed.append(response.status)

    def _answered(self, request: Request) -> None:
        self._open.pop(request, None)

    def _unanswered(self, request: Request) -> None:
        self._answered(request)
        if "ERR_ABORTED" not in (request.failure or ""):  # that one nobody waits for any more
            self.unanswered += 1
