"""Words as they are compared, boxes as a reader sees them, and what is reachable, on sights drawn by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.nearest import missing
from automation.sight import Box, Notice, lines, normal, section, sight_from
from tests.automation.drawn import Drawing


@pytest.mark.parametrize(
    ("seen", "wanted"),
    [
        ("First Name *", "First Name"),
        ("* First Name:", "First Name"),
        ("First\n   Name", "First Name"),
        ("First\u00a0Name", "First Name"),
        ("FIRST NAME", "First Name"),
        ("Login Allowed?", "Login Allowed"),
        ("Temporary Password (8 to 16 characters)", "Temporary Password"),
        ("Primary Location [required] *", "Primary Location"),
        ("ID…", "ID"),
    ],
)
def test_decoration_does_not_count(seen: str, wanted: str) -> None:
    assert normal(seen) == normal(wanted)


@pytest.mark.parametrize(
    ("seen", "wanted"),
    [
        ("Tax ID", "ID"),
        ("ID Card", "ID"),
        ("View Claims History", "View Claims"),
        ("Employee / Roles", "Employee/Roles"),
        ("Preferred First Name", "First Name"),
        ("Username2", "Username"),
        ("Confirm Temporary Password", "Temporary Password"),
    ],
)
def test_a_part_is_not_the_whole(seen: str, wanted: str) -> None:
    assert normal(seen) != normal(wanted)


def test_words_in_brackets_alone_keep_what_they_say() -> None:
    assert normal("(none)") != normal("")
    assert normal("(none)") != normal("(all)")


@given(st.text(max_size=60))
def test_what_is_normal_stays_so(words: str) -> None:
    assert normal(normal(words)) == normal(words) or "(" in words or "[" in words or "{" in words


@given(st.text(alphabet=st.characters(categories=("L", "N")), min_size=1, max_size=20))
def test_case_space_and_stars_never_matter(word: str) -> None:
    assert normal(f"  * {word} : ") == normal(word)


# ---- boxes ---------------------------------------------------------------------------------------------------------


def test_a_label_and_a_higher_field_beside_it_stand_in_one_line() -> None:
    assert Box(0, 8, 80, 16).same_line(Box(100, 0, 200, 34))
    assert Box(100, 0, 200, 34).same_line(Box(0, 8, 80, 16))


def test_two_rows_are_not_one_line() -> None:
    assert not Box(0, 0, 80, 20).same_line(Box(100, 20, 200, 20))
    assert not Box(0, 0, 80, 20).same_line(Box(100, 11, 200, 20))


def test_a_narrow_box_under_a_wide_one_is_in_its_column() -> None:
    assert Box(0, 0, 300, 20).same_column(Box(10, 30, 40, 20))
    assert not Box(0, 0, 100, 20).same_column(Box(100, 30, 40, 20))


def test_a_box_holds_its_middle_and_a_little_more_than_its_edge() -> None:
    box = Box(10, 10, 100, 20)
    assert box.holds(box.middle)
    assert box.holds((8.5, 10))
    assert not box.holds((7, 10))
    assert (box.right, box.bottom) == (110, 30)


BOXES = st.builds(Box, st.floats(0, 2000), st.floats(0, 2000), st.floats(1, 500), st.floats(1, 500))


@given(BOXES, BOXES)
def test_lines_and_columns_are_mutual(a: Box, b: Box) -> None:
    assert a.same_line(b) == b.same_line(a)
    assert a.same_column(b) == b.same_column(a)


def test_texts_are_read_line_by_line_from_the_left() -> None:
    page = Drawing()
    for words, x, y in (("c", 0, 40), ("b", 90, 2), ("a", 0, 0), ("d", 50, 41)):
        page.text(words, x, y)
    assert [[t.own for t in line] for line in lines(page.sight().texts)] == [["a", "b"], ["c", "d"]]


# ---- what stands there ---------------------------------------------------------------------------------------------


def test_words_are_said_by_the_innermost_element_once() -> None:
    page = Drawing()
    with page.part():
        page.text("Save", 0, 0)
    page.text("Save and close", 0, 30)
    assert [t.own for t in page.sight().saying("save")] == ["Save"]


def test_behind_a_modal_dialog_nothing_is_reachable() -> None:
    page = Drawing()
    page.text("Save", 0, 0)
    page.widget("text", 100, 0)
    with page.part(dialog="Release notes"):
        page.text("Close", 400, 400)
        page.widget("text", 500, 400)
    sight = page.sight()
    assert not sight.shows("Save")
    assert sight.shows("Close")
    assert [w.box.x for w in sight.fitting(["text"])] == [500]


def test_the_words_that_look_most_like_it_are_named() -> None:
    page = Drawing()
    page.text("User Role Name *", 0, 0)
    page.text("Zip Code", 0, 40)
    assert missing((page.sight(),), "Role Name").what.endswith("nearest: “User Role Name *”.")


def test_a_section_ends_at_the_next_heading_of_its_kind() -> None:
    page = Drawing()
    first = page.text("User Roles", 0, 0, tag="h4")
    page.text("OneSpot", 20, 30)
    page.text("Location Access", 0, 60, tag="h4")
    page.text("Main Street", 20, 90)
    sight = page.sight()
    heading = next(t for t in sight.texts if t.id == first)
    assert [t.own for t in sight.texts if t.inside(section(sight, heading))] == ["User Roles", "OneSpot"]


@pytest.mark.parametrize(
    ("text", "classes", "role", "bad"),
    [
        ("Username is required", "alert alert-danger", "", True),
        ("Saved", "alert alert-success", "alert", False),
        ("Role created successfully", "toast", "alert", False),
        ("The role could not be stored", "toast", "alert", True),
        ("Welcome to RevolutionEHR", "alert alert-info", "", False),
        ("You may be using an old browser", "alert alert-warning", "", True),
        ("Enter at least 8 characters", "help-block", "", False),
        ("Enter at least 8 characters", "invalid-feedback", "", True),
        ("3 results", "", "status", False),
        ("Working...", "label label-warning", "", False),
        ("Saving the user role…", "alert", "alert", False),
        ("Please wait", "alert", "alert", False),
        ("Saving failed...", "alert", "alert", True),
        ("Working hours are required", "alert", "alert", True),
    ],
)
def test_bad_news_is_told_from_news(text: str, classes: str, role: str, bad: bool) -> None:
    assert Notice(1, 0, 1, text, classes, role).bad is bad


def test_a_sight_comes_from_plain_data() -> None:
    page = Drawing()
    page.text("ID", 0, 0)
    text = page.sight().texts[0]
    data = {k: list(v) if isinstance(v, tuple) else v for k, v in text.__dict__.items()}
    data["box"] = [1, 2, 3, 4]
    whole = {"url": "u", "title": "t", "width": 1, "height": 2, "texts": [data], "widgets": [], "icons": []}
    sight = sight_from(whole | {"dialogs": [], "busy": True, "alerts": [], "build": "192124"}, 3)
    assert (sight.texts[0].box, sight.frame, sight.busy, sight.build) == (Box(1, 2, 3, 4), 3, True, "192124")
