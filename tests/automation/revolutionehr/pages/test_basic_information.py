"""The practice ID: the number beside the label "ID" itself, however it is drawn, and no other number."""

from __future__ import annotations

import pytest

from automation.revolutionehr.pages.basic_information import _numbers, digits, read_id
from tests.automation.conftest import Show
from tests.automation.drawn import Drawing


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("2915", "2915"),
        (" 2915 ", "2915"),
        ("2,915", "2915"),
        ("2.915", "2915"),
        ("2 915", "2915"),
        ("2\u00a0915", "2915"),
        ("2\u202f915", "2915"),
        ("1,234,567", "1234567"),
        ("007", "007"),
        ("1234567890", "1234567890"),
        ("", ""),
        ("12345678901", ""),
        ("12-3456789", ""),
        ("ID 2915", ""),
        ("2915a", ""),
        ("29.15", ""),
        ("(555) 010-2915", ""),
        ("555 010 2915", ""),
        ("Loading…", ""),
        ("-", ""),
    ],
)
def test_only_a_number_is_a_number(words: str, number: str) -> None:
    assert digits(words) == number


def decoys(page: Drawing) -> None:
    for n, (label, value) in enumerate((("Tax ID", "123456789"), ("NPI", "1234567893"), ("Location ID", "4471"))):
        with page.part():
            page.text(label, 20, 300 + 40 * n, tag="label")
            page.text(value, 160, 300 + 40 * n)


def test_a_plain_text_right_of_the_label() -> None:
    page = Drawing()
    decoys(page)
    with page.part():
        page.text("ID:", 20, 100, tag="label")
        page.text("2,915", 160, 100)
    assert _numbers((page.sight(),)) == {"2915"}


def test_a_plain_text_below_the_label() -> None:
    page = Drawing()
    decoys(page)
    page.text("ID", 20, 100, tag="label")
    page.text("2915", 20, 122)
    assert _numbers((page.sight(),)) == {"2915"}


def test_a_locked_field() -> None:
    page = Drawing()
    decoys(page)
    with page.part():
        page.text("ID", 20, 100, tag="label")
        page.widget("text", 160, 94, value="2915", enabled=False, readonly=True)
    assert _numbers((page.sight(),)) == {"2915"}


def test_words_and_number_in_one_text() -> None:
    page = Drawing()
    decoys(page)
    page.text("ID: 2915", 20, 100)
    assert _numbers((page.sight(),)) == {"2915"}


def test_practice_id_is_another_name_for_it() -> None:
    page = Drawing()
    decoys(page)
    page.text("Practice ID", 20, 100)
    page.text("2915", 160, 100)
    assert _numbers((page.sight(),)) == {"2915"}


def test_no_label_id_no_number() -> None:
    page = Drawing()
    decoys(page)
    assert _numbers((page.sight(),)) == set()


def test_an_id_that_is_still_loading_is_no_number() -> None:
    page = Drawing()
    page.text("ID", 20, 100)
    page.text("Tax ID", 20, 140)
    page.text("123456789", 160, 140)
    assert _numbers((page.sight(),)) == set()


def test_two_ids_are_both_said() -> None:
    page = Drawing()
    for y, value in ((100, "2915"), (400, "4471")):
        page.text("ID", 20, y)
        page.text(value, 160, y)
    assert _numbers((page.sight(),)) == {"2915", "4471"}


NEWS_AFTER_THE_PAGE = """
<nav><a onclick="arrive()" style="cursor: pointer">Basic Information</a></nav>
<main style="padding: 40px"></main>
<div role=dialog aria-modal=true hidden style="position: fixed; inset: 60px; background: #fff">
  <p>What's new</p><button onclick="this.parentElement.hidden = true">Got it</button></div>
<script>
  const part = (name) => document.querySelector(name);
  const arrive = () => {
    part('main').innerHTML = '<label>ID</label> <b></b>';
    setTimeout(() => { part('[role=dialog]').hidden = false; part('b').textContent = '2915'; }, 700);
  };
</script>"""


@pytest.mark.browser
def test_the_id_is_read_under_an_announcement_that_came_after_the_page(show: Show) -> None:
    screen = show(NEWS_AFTER_THE_PAGE).screen
    assert read_id(screen) == "2915"
    assert any("new" in said for said in screen.announced)
