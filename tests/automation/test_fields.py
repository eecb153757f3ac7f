"""Which control belongs to which words, decided on sights drawn by hand: the right one, or a refusal. Never another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.errors import ScreenChanged
from automation.fields import CHECK, TEXT, candidates, distance, missing, seek, spot
from automation.sight import Box, Sight
from storage.models import ErrorClass
from tests.automation.drawn import Drawing

NAMES = ("First Name", "Middle Name", "Last Name", "Username")


def found(sight: Sight, label: str, kinds: tuple[str, ...] = TEXT) -> int | None:
    place = spot((sight,), label, kinds)
    return place.widget.id if place else None


# ---- how far the eye goes ------------------------------------------------------------------------------------------


def far(text: Box, kind: str, x: float, y: float, w: float = 200, h: float = 30) -> float | None:
    page = Drawing()
    page.widget(kind, x, y, w, h)
    return distance(text, page.sight().widgets[0])


LABEL = Box(100, 100, 80, 18)


def test_a_field_stands_right_of_its_label() -> None:
    assert far(LABEL, "text", 190, 94) == 10
    assert far(LABEL, "text", 180 + 421, 94) is None


def test_a_field_stands_directly_below_its_label() -> None:
    assert far(LABEL, "text", 100, 122) == 5 + 4
    assert far(LABEL, "text", 100, 180) is None


def test_a_field_that_holds_its_floating_label_is_nearest() -> None:
    assert far(LABEL, "text", 90, 90, 300, 40) == 0


def test_a_field_left_of_the_words_or_above_them_is_not_theirs() -> None:
    assert far(LABEL, "text", -150, 94) is None
    assert far(LABEL, "text", 100, 50) is None


def test_a_check_stands_left_of_its_words_rather_than_right_of_them() -> None:
    left, right = far(LABEL, "check", 80, 100, 16, 16), far(LABEL, "check", 184, 100, 16, 16)
    assert left is not None
    assert right is not None
    assert left < right


def test_a_check_in_another_line_is_not_theirs() -> None:
    assert far(LABEL, "check", 80, 60, 16, 16) is None
    assert far(LABEL, "check", 80, 170, 16, 16) is None


@given(st.floats(0, 1000), st.floats(0, 1000), st.sampled_from(["text", "check", "choice", "password"]))
def test_no_distance_is_negative(x: float, y: float, kind: str) -> None:
    assert (far(LABEL, kind, x, y) or 0) >= 0


# ---- layouts -------------------------------------------------------------------------------------------------------


def labels_left(*, grouped: bool) -> tuple[Sight, dict[str, int]]:
    page, ids = Drawing(), {}
    for n, name in enumerate(NAMES):
        if grouped:
            with page.part():
                page.text(name + " *", 20, 100 + 44 * n, tag="label")
                with page.part():
                    ids[name] = page.widget("text", 160, 94 + 44 * n)
        else:
            page.text(name + " *", 20, 100 + 44 * n)
            ids[name] = page.widget("text", 160, 94 + 44 * n)
    return page.sight(), ids


def labels_above(*, grouped: bool) -> tuple[Sight, dict[str, int]]:
    page, ids = Drawing(), {}
    for n, name in enumerate(NAMES):
        x, y = 20 + 240 * (n % 2), 100 + 90 * (n // 2)
        if grouped:
            with page.part():
                page.text(name, x, y, tag="label")
                ids[name] = page.widget("text", x, y + 22)
        else:
            page.text(name, x, y)
            ids[name] = page.widget("text", x, y + 22)
    return page.sight(), ids


def labels_floating() -> tuple[Sight, dict[str, int]]:
    page, ids = Drawing(), {}
    for n, name in enumerate(NAMES):
        with page.part():
            ids[name] = page.widget("text", 20, 100 + 70 * n, 300, 56)
            page.text(name, 34, 118 + 70 * n)
    return page.sight(), ids


def table_of_two_columns() -> tuple[Sight, dict[str, int]]:
    page, ids = Drawing(), {}
    for n in (0, 2):
        with page.part():
            for m in (0, 1):
                with page.part():
                    page.text(NAMES[n + m] + ":", 20 + 330 * m, 100 + 20 * n)
                with page.part():
                    ids[NAMES[n + m]] = page.widget("text", 120 + 330 * m, 94 + 20 * n)
    return page.sight(), ids


def labels_over_a_row() -> tuple[Sight, dict[str, int]]:
    """The words in one row, the fields in the next: only where they stand tells which is which."""
    page, ids = Drawing(), {}
    with page.part():
        for n, name in enumerate(NAMES):
            page.text(name, 20 + 220 * n, 100)
    with page.part():
        for n, name in enumerate(NAMES):
            ids[name] = page.widget("text", 20 + 220 * n, 124)
    return page.sight(), ids


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "layout",
    [
        labels_left(grouped=True),
        labels_left(grouped=False),
        labels_above(grouped=True),
        labels_above(grouped=False),
        labels_floating(),
        table_of_two_columns(),
        labels_over_a_row(),
    ],
    ids=["left-grouped", "left-flat", "above-grouped", "above-flat", "floating", "table", "over-a-row"],
)
def test_each_label_leads_to_its_own_field(layout: tuple[Sight, dict[str, int]], name: str) -> None:
    sight, ids = layout
    assert found(sight, name) == ids[name]


@pytest.mark.parametrize(
    "layout",
    [labels_left(grouped=True), labels_above(grouped=False), labels_floating(), table_of_two_columns()],
    ids=["left", "above", "floating", "table"],
)
def test_a_near_name_leads_nowhere(layout: tuple[Sight, dict[str, int]]) -> None:
    sight, _ = layout
    for near in ("Name", "First", "First Names", "User", "Confirm Username", "Preferred First Name"):
        assert found(sight, near) is None


def test_the_words_of_the_page_itself_count_first() -> None:
    page = Drawing()
    page.text("ID", 20, 100)
    page.widget("text", 60, 94, names=("Tax ID",))
    ours = page.widget("text", 60, 300, names=("ID *",))
    assert found(page.sight(), "ID") in (ours, None)


def test_a_field_that_is_named_otherwise_is_not_taken_for_its_placeholder() -> None:
    page = Drawing()
    page.widget("text", 20, 20, names=("Search",), placeholder="Username")
    assert found(page.sight(), "Username") is None


def test_a_placeholder_counts_where_nothing_else_names_the_field() -> None:
    page = Drawing()
    username = page.widget("text", 20, 20, placeholder="Username")
    page.widget("password", 20, 60, placeholder="Password")
    assert found(page.sight(), "Username") == username


def test_an_aria_label_counts_last() -> None:
    page = Drawing()
    page.widget("text", 20, 20, aria="First Name")
    drawn = page.widget("text", 20, 80, placeholder="First Name")
    assert found(page.sight(), "First Name") == drawn


# ---- checks --------------------------------------------------------------------------------------------------------


def test_of_checks_in_one_line_each_belongs_to_the_words_right_of_it() -> None:
    page, ids = Drawing(), {}
    for n, name in enumerate(("Login Allowed", "Allow Emergency Access", "Locked")):
        ids[name] = page.check(20 + 220 * n, 100)
        page.text(name, 42 + 220 * n, 100)
    for name, check in ids.items():
        assert found(page.sight(), name, CHECK) == check


def test_a_check_right_of_its_words_alone_in_its_line_is_found() -> None:
    page = Drawing()
    with page.part():
        page.text("Allow Emergency Access", 20, 100)
        check = page.check(300, 100)
    with page.part():
        page.text("Login Allowed", 20, 130)
        page.check(300, 130)
    assert found(page.sight(), "Allow Emergency Access", CHECK) == check


def test_a_text_field_is_never_taken_for_a_check() -> None:
    page = Drawing()
    with page.part():
        page.text("Login Allowed", 20, 100)
        page.widget("text", 160, 94)
    assert found(page.sight(), "Login Allowed", CHECK) is None


# ---- refusals ------------------------------------------------------------------------------------------------------


def two_forms() -> Sight:
    page = Drawing()
    for y, hint in ((100, "home"), (400, "work")):
        with page.part():
            page.text("First Name", 20, y)
            page.widget("text", 160, y - 6, hints=(f"{hint}FirstName",))
    return page.sight()


def test_two_that_fit_are_refused_and_both_are_named() -> None:
    with pytest.raises(ScreenChanged) as refusal:
        seek((two_forms(),), "First Name", TEXT)
    assert "fits 2 controls" in refusal.value.what
    assert "homeFirstName" in refusal.value.what
    assert "workFirstName" in refusal.value.what
    assert refusal.value.error_class is ErrorClass.UI_CHANGED
    assert refusal.value.means
    assert refusal.value.do


def test_a_hint_decides_between_two_whose_label_agrees() -> None:
    place = seek((two_forms(),), "First Name", TEXT, ("workFirst",))
    assert place.widget.hints == ("workFirstName",)


def test_a_hint_alone_finds_nothing() -> None:
    with pytest.raises(ScreenChanged):
        seek((two_forms(),), "Given Name", TEXT, ("workFirst",))


def test_a_hint_that_fits_both_decides_nothing() -> None:
    with pytest.raises(ScreenChanged):
        seek((two_forms(),), "First Name", TEXT, ("FirstName",))


def test_the_same_association_twice_is_refused() -> None:
    page = Drawing()
    page.widget("text", 160, 94, names=("Username",))
    page.widget("text", 160, 194, names=("Username",))
    with pytest.raises(ScreenChanged, match="fits 2"):
        seek((page.sight(),), "Username", TEXT)


def test_association_and_place_that_contradict_each_other_are_refused() -> None:
    page = Drawing()
    page.text("Username", 20, 100, tag="label")
    page.widget("text", 160, 94)
    page.widget("text", 900, 700, names=("Username",))
    with pytest.raises(ScreenChanged, match="fits 2"):
        seek((page.sight(),), "Username", TEXT)


def test_the_refusal_says_what_looks_nearest() -> None:
    page = Drawing()
    page.text("User Role Title", 20, 100)
    said = missing((page.sight(),), "User Role Name").what
    assert said.startswith("“User Role Name” isn't on the screen.")
    assert "User Role Title" in said


def test_a_field_whose_nearest_words_are_others_is_not_taken() -> None:
    """ "Notes" ends a paragraph above; the field below it says what it is itself."""
    page = Drawing()
    page.text("Notes", 20, 60)
    page.text("Last Name", 20, 84)
    page.widget("text", 20, 104)
    assert found(page.sight(), "Notes") is None


def test_the_value_of_the_row_above_is_nobodys_label() -> None:
    """A column of labels and one of values: over the field of the second row stands what the first row says."""
    page = Drawing()
    with page.part():
        page.text("Practice Name", 20, 60)
        page.text("Lumen Eye Associates", 220, 60)
    with page.part():
        page.text("ID", 20, 94)
        number = page.widget("text", 220, 86)
    assert found(page.sight(), "ID") == number


def test_a_tab_right_above_a_field_is_nobodys_label() -> None:
    page = Drawing()
    page.text("Location Access", 200, 60, tab=True, nav=True, role="tab")
    with page.part():
        page.text("Primary Location", 20, 94)
        place = page.widget("choice", 190, 90)
    assert [w.id for w in candidates(page.sight(), "Primary Location", ("choice",))] == [place]


def test_a_span_limits_where_is_looked() -> None:
    sight = two_forms()
    second = sight.widgets[1]
    assert [w.id for w in candidates(sight, "First Name", TEXT, (second.start - 2, second.end))] == [second.id]


def test_a_field_behind_a_dialog_is_not_found() -> None:
    page = Drawing()
    with page.part():
        page.text("Username", 20, 100)
        page.widget("text", 160, 94)
    with page.part(dialog="Enter the code"):
        page.text("Code", 420, 400)
        page.widget("text", 480, 394)
    assert found(page.sight(), "Username") is None


def test_words_behind_a_dialog_are_no_label_of_what_is_in_it() -> None:
    page = Drawing()
    page.text("Boyd", 430, 398)
    with page.part(dialog="Add Employee"), page.part():
        page.text("Primary Location", 300, 400, 120)
        place = page.widget("choice", 480, 394)
    assert found(page.sight(), "Primary Location", ("choice",)) == place


@pytest.mark.parametrize(("lines", "field"), [(7, 0), (0, 7)], ids=["lines", "field"])
def test_what_has_scrolled_over_a_field_is_no_label_of_it(lines: int, field: int) -> None:
    page = Drawing()
    with page.part():
        page.text("User Role Name", 300, 400, 120, scroller=field)
        name = page.widget("text", 480, 394, scroller=field)
    page.text("Void Claims", 380, 402, scroller=lines)
    assert found(page.sight(), "User Role Name") == name


def test_what_stands_nearer_in_the_same_scroll_is_its_label() -> None:
    page = Drawing()
    with page.part():
        page.text("User Role Name", 200, 400, 120, scroller=7)
        page.widget("text", 480, 394, scroller=7)
    page.text("Void Claims", 380, 402, scroller=7)
    assert found(page.sight(), "User Role Name") is None


def test_of_two_frames_the_one_that_holds_the_field_counts() -> None:
    empty, page = Drawing(), Drawing()
    empty.text("Loading", 0, 0)
    with page.part():
        page.text("Username", 20, 100)
        page.widget("text", 160, 94)
    assert seek((empty.sight(), page.sight(frame=1)), "Username", TEXT).sight.frame == 1
