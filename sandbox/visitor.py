"""Somebody with a browser at one of the bot's own pages: opens it, types into its form, presses its button.

Without JavaScript, as the pages are. For the demo and the tests.
"""

from __future__ import annotations

import urllib.request
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from urllib.parse import urlencode


def fill_in(url: str, **typed: str) -> str:
    """The page that follows when the form at this address is sent with what was typed. Raises HTTPError (OSError)."""
    browser = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
    )
    with browser.open(url, timeout=15) as page:
        hidden = _Hidden(page.read().decode())
    with browser.open(url, urlencode({**hidden.fields, **typed}).encode(), timeout=15) as answer:
        return str(answer.read().decode())


class _Hidden(HTMLParser):
    """The hidden fields of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden":
            self.fields[given.get("name") or ""] = given.get("value") or ""
