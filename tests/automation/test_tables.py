"""Lines of a list, as a reader takes them, on sights drawn by hand."""

from __future__ import annotations

import pytest

from automation.tables import equals, rows, search_box
from tests.automation.drawn import Drawing


@pytest.mark.parametrize("words", ["OneSpot", "onespot", " OneSpot  "])
def test_equal_words_are_equal(words: str) -> None:
    assert equals("OneSpot")(words)


@pytest.mark.parametrize("words", ["OneSpot2", "One Spot", "OneSpot Test", "OneSpot (old)", "My OneSpot", ""])
def test_near_words_are_not(words: str) -> None:
    assert not equals("OneSpot", "Sync OneSpot")(words)


def table(*lines: tuple[str, ...]) -> Drawing:
    page = Drawing()
    page.text("OneSpot", 20, 10, nav=True)
    with page.part():
        for n, head in enumerate(("Last Name", "First Name", "Username")):
            page.text(head, 20 + 200 * n, 60, head=True)
    for n, line in enumerate(lines):
        with page.part():
            for m, words in enumerate(line):
                page.text(words, 20 + 200 * m, 100 + 30 * n, row=100 + n)
    return page


def test_a_line_is_what_stands_beside_each_other() -> None:
    page = table(("Ames", "Rita", "rames"), ("OneSpot", "Sync", "OneSpot2915"), ("Spot", "One", "ospot"))
    assert [r.words for r in rows((page.sight(),), equals("OneSpot"))] == [("OneSpot", "Sync", "OneSpot2915")]


def test_a_line_that_matches_twice_is_one_line() -> None:
    page = table(("OneSpot", "Sync", "OneSpot"))
    assert len(rows((page.sight(),), equals("OneSpot"))) == 1


def test_two_lines_are_two() -> None:
    page = table(("OneSpot", "Sync", "OneSpot2915"), ("OneSpot", "Sync", "OneSpot2916"))
    found = rows((page.sight(),), equals("OneSpot"))
    assert [r.words[-1] for r in found] == ["OneSpot2915", "OneSpot2916"]
    assert found[0].has("onespot2915")
    assert not found[0].has("OneSpot29")


def test_menus_tabs_and_heads_are_no_lines() -> None:
    page = Drawing()
    page.text("User Roles", 20, 10, nav=True)
    page.text("User Roles", 20, 60, head=True)
    page.text("User Roles", 20, 90, tab=True)
    page.text("User Roles", 20, 120, role="tab")
    assert rows((page.sight(),), equals("User Roles")) == []


def test_who_is_logged_in_is_no_line_where_a_list_has_one() -> None:
    """The header shows the user's own name, as an entry of its menu."""
    page = table(("OneSpot", "Sync", "OneSpot2915"))
    page.text("Sync OneSpot", 800, 30, nav=True, popup=True, row=7)
    found = rows((page.sight(),), equals("OneSpot", "Sync OneSpot"))
    assert [r.words for r in found] == [("OneSpot", "Sync", "OneSpot2915")]


def test_what_stands_behind_a_dialog_is_no_line() -> None:
    page = table(("OneSpot", "Sync", "OneSpot2915"))
    with page.part(dialog="Sure?"):
        page.text("Yes", 600, 600)
    assert rows((page.sight(),), equals("OneSpot")) == []


def test_the_box_for_searching_is_the_one_that_says_so() -> None:
    page = Drawing()
    page.widget("text", 20, 200, placeholder="Last Name")
    box = page.widget("text", 20, 100, placeholder="Search employees")
    found = search_box((page.sight(),))
    assert found is not None
    assert found[1].id == box


def test_a_form_without_a_search_box_has_none() -> None:
    page = Drawing()
    page.widget("text", 20, 200, placeholder="First Name")
    assert search_box((page.sight(),)) is None
