"""A sheet of practices: what is read, and everything that is wrong with it said at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.imports.sheet import COLUMNS, MOST, Row, Unfit, read

URL = "https://ehr.example/static/"


def problems(text: str, **more: bool) -> list[str]:
    with pytest.raises(Unfit) as unfit:
        read(text, URL, **more)  # type: ignore[arg-type]
    return unfit.value.problems


@pytest.mark.parametrize("between", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_cells_may_stand_apart_as_spreadsheets_write_them(between: str, end: str) -> None:
    lines = [("Practice", "Administrator"), ("Lumen Eye", "mhalloran"), ("Harbor Vision", "kdoyle")]
    text = end.join(between.join(cells) for cells in lines)
    assert [(row.line, row.practice, row.administrator, row.url) for row in read(text, URL)] == [
        (2, "Lumen Eye", "mhalloran", URL),
        (3, "Harbor Vision", "kdoyle", URL),
    ]


def test_every_column_is_read_in_any_order_and_by_the_names_of_the_form() -> None:
    text = (
        "\ufeffNotes,Primary location,Administrator password,Administrator username,RevolutionEHR address,"
        "Practice name\nfirst wave,North,canary-1,mhalloran,https://one.example/static/,Lumen Eye\n"
    )
    (row,) = read(text, URL)
    assert row == Row(2, "Lumen Eye", "https://one.example/static/", "mhalloran", row.password, "North", "first wave")
    assert row.password is not None
    assert row.password.get_secret_value() == "canary-1"


def test_empty_lines_are_passed_over_and_lines_are_counted_as_an_editor_does() -> None:
    text = 'practice,administrator,notes\n\nLumen Eye,ana,"two\nlines"\n,,\nHarbor Vision,ana,\n'
    assert [(row.line, row.practice) for row in read(text, URL)] == [(4, "Lumen Eye"), (6, "Harbor Vision")]


def test_all_that_is_wrong_is_said_at_once() -> None:
    text = (
        "practice,administrator,address,administrator password\n"
        ",ana,,canary-1\n"
        "Lumen Eye,,ftp://somewhere,canary-2\n"
        f"{'x' * 101},ana,,\n"
        "Harbor Vision,ana,,canary-3\n"
        "harbor  VISION,ana,,canary-4\n"
        "Cedar Optical,ana,,canary-5,and more\n"
    )
    found = problems(text)
    assert [one.split(":")[0] for one in found] == [f"Line {n}" for n in (2, 3, 3, 4, 4, 6, 7)]
    assert "practice is empty" in found[0]
    assert "administrator is empty" in found[1]
    assert "ftp://somewhere" in found[2] or "address" in found[2]
    assert "longer than 100" in found[3]
    assert "administrator password is empty" in found[4]
    assert "stands in line 5 already" in found[5]
    assert "5 cells" in found[6]
    assert "canary" not in " ".join(found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "There is nothing in it"),
        ("practice,administrator\n", "no practice in it"),
        ("practice\nLumen Eye\n", "no column “administrator”"),
        ("practice,administrator,shoe size\nLumen Eye,ana,9\n", "“shoe size” is no column that is known"),
        ("practice,practice,administrator\na,b,c\n", "there twice"),
        ('practice,administrator\n"Lumen Eye,ana\n', "quotation mark"),
        ("practice,administrator\nLumen\0,ana\n", "isn't text"),
        ("practice,administrator\n" + "".join(f"p{n},ana\n" for n in range(MOST + 1)), f"at most {MOST}"),
    ],
)
def test_what_is_no_sheet_is_said_in_a_sentence(text: str, said: str) -> None:
    assert said in " ".join(problems(text))


def test_a_page_that_needs_the_passwords_says_that_their_column_is_missing() -> None:
    assert problems("practice,administrator\nLumen Eye,ana\n", needs_password=True) == [
        "Line 1: there is no column “administrator password”."
    ]


def test_who_knows_more_of_a_practice_adds_to_what_is_wrong() -> None:
    with pytest.raises(Unfit) as unfit:
        read("practice,administrator\nLumen Eye,ana\nHarbor Vision,ana\n", URL, about=lambda row: f"{row.practice}!")
    assert unfit.value.problems == ["Line 2: Lumen Eye!", "Line 3: Harbor Vision!"]


@given(st.text(alphabet=st.sampled_from('ab,;\t"\n\r \ufeffé\0'), max_size=60), st.booleans())
def test_whatever_is_given_becomes_rows_or_sentences(tail: str, headed: bool) -> None:
    text = ("practice,administrator,notes\n" if headed else "") + tail
    rows, wrong = rows_or_problems(text)
    assert rows or wrong
    assert all(row.practice and row.administrator for row in rows)
    assert all(one.endswith((".", ").")) for one in wrong)


def rows_or_problems(text: str) -> tuple[list[Row], list[str]]:
    try:
        return read(text, URL), []
    except Unfit as unfit:
        return [], unfit.problems


def test_the_columns_that_are_told_are_the_ones_that_are_read() -> None:
    (row,) = read(",".join(COLUMNS) + "\n" + ",".join(["Lumen Eye", URL, "ana", "canary", "North", "x"]), URL)
    assert (row.practice, row.url, row.administrator, row.location, row.notes) == (
        "Lumen Eye",
        URL,
        "ana",
        "North",
        "x",
    )
