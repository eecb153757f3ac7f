"""Pages that imitate what component kits draw, with their truth read beside the automation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from automation.browser import Browser
from automation.screen import Screen

PAGES = Path(__file__).parent / "pages"

_TRUTH = """() => {
  const out = {};
  const stateOf = (el) => {
    if (el.tagName === 'SELECT') return [...el.selectedOptions].map((o) => o.label).join(' | ');
    if (el.type === 'checkbox' || el.type === 'radio') return el.checked ? 'on' : 'off';
    if (el.tagName === 'INPUT' || el.tagName === 'TEXTAREA') return el.value;
    return el.dataset.value ?? el.getAttribute('aria-checked') ?? el.textContent.trim();
  };
  const look = (root) => root.querySelectorAll('*').forEach((el) => {
    if (el.dataset && el.dataset.as) out[el.dataset.as] = stateOf(el);
    if (el.shadowRoot) look(el.shadowRoot);
  });
  look(document);
  return out;
}"""
"""Every element with `data-as`, by that name, and what it holds: the page's own truth."""


class Shown:
    """A page on the screen, and what its controls really hold."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.before = self.truth()

    def truth(self) -> dict[str, str]:
        """What each control holds now, by its name in the page's source."""
        found: dict[str, Any] = {}
        for frame in self.screen.page.frames:
            found |= frame.evaluate(_TRUTH)
        return {name: str(state) for name, state in found.items()}

    def changed(self) -> dict[str, str]:
        """What holds something else than when the page was shown."""
        now = self.truth()
        return {name: now.get(name, "gone") for name in now | self.before if now.get(name) != self.before.get(name)}


Show = Callable[[str], Shown]


@pytest.fixture
def screen(browser: Browser) -> Iterator[Screen]:
    """An empty page in a context of its own."""
    with browser.visit() as opened:
        yield opened


@pytest.fixture
def show(screen: Screen) -> Show:
    """Shows a page: the name of a file in pages/, or its markup."""

    def put(page: str) -> Shown:
        markup = page if page.lstrip().startswith("<") else (PAGES / f"{page}.html").read_text(encoding="utf-8")
        screen.page.set_content(markup)
        return Shown(screen)

    return put
