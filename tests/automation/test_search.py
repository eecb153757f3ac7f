"""Searching a list that searches by itself, a while after the last key. A real browser."""

from __future__ import annotations

import time

import pytest

from automation.tables import BY_ITSELF, all_rows, equals, search
from tests.automation.conftest import PAGES, Show

pytestmark = pytest.mark.browser


def test_nothing_is_concluded_from_a_list_whose_search_has_not_begun(show: Show) -> None:
    screen = show("late_search").screen
    assert search(screen, "OneSpot")
    assert all_rows(screen, equals("OneSpot")) == [("OneSpot", "Sync")]
    assert search(screen, "Nobody")
    assert all_rows(screen, equals("Nobody")) == []


LATE = (PAGES / "late_search.html").read_text(encoding="utf-8")
LATER = "waiting = setTimeout(() => { page = 0; draw(); }, 700);"


def test_a_list_that_searches_at_once_is_not_waited_for(show: Show) -> None:
    shown = show(LATE.replace(LATER, "page = 0; draw();"))
    begun = time.monotonic()
    assert search(shown.screen, "OneSpot")
    assert time.monotonic() - begun < BY_ITSELF
    assert all_rows(shown.screen, equals("OneSpot")) == [("OneSpot", "Sync")]


def test_a_list_that_is_emptied_until_it_searches_is_waited_for(show: Show) -> None:
    screen = show(LATE.replace(LATER, f"{LATER} document.querySelector('tbody').replaceChildren();")).screen
    assert search(screen, "OneSpot")
    assert all_rows(screen, equals("OneSpot")) == [("OneSpot", "Sync")]
