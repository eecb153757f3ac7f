"""Searching a list that searches by itself, a while after the last key. A real browser."""

from __future__ import annotations

import pytest

from automation.tables import all_rows, equals, search
from tests.automation.conftest import Show

pytestmark = pytest.mark.browser


def test_nothing_is_concluded_from_a_list_whose_search_has_not_begun(show: Show) -> None:
    screen = show("late_search").screen
    assert search(screen, "OneSpot")
    assert all_rows(screen, equals("OneSpot")) == [("OneSpot", "Sync")]
    assert search(screen, "Nobody")
    assert all_rows(screen, equals("Nobody")) == []
