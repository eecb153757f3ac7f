"""Reading fields under any names: words are compared alike whatever they are, and each leads to its own field only."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from automation.errors import ScreenChanged
from automation.fields import seek, shows, spot
from automation.sight import Sight, normal, plain
from bot.blank import BLANK, blanked
from tests.automation.drawn import Drawing
from tests.odd_texts import odd_texts
from tests.properties import examples

KINDS = ("text", "password")
LETTERS = st.text(st.characters(categories=("L", "N", "S", "Z")), min_size=1, max_size=30)
NAMES = st.lists(odd_texts(40) | LETTERS, min_size=1, max_size=6)


@examples(150, 5000)
@given(odd_texts(500))
def test_words_as_compared_are_the_same_again(words: str) -> None:
    assert plain(plain(words)) == plain(words)
    assert normal(words.upper().lower()) == normal(words.lower())
    assert normal(f"  {words}\n") == normal(words)
    assert not normal(words) or normal(words) == normal(words).strip()


@examples(150, 5000)
@given(LETTERS, st.sampled_from(["", " ", "*", " *", ":", " :", "?", " *:", "…", " (required)", " [optional]:"]))
def test_what_a_page_adds_to_its_labels_does_not_count(words: str, added: str) -> None:
    assume(normal(words))
    assert normal(words + added) == normal(words)


@examples(150, 5000)
@given(odd_texts(80), odd_texts(80))
def test_a_value_is_never_taken_for_another_one(one: str, other: str) -> None:
    same = [word.casefold() for word in one.split()] == [word.casefold() for word in other.split()]
    assert (plain(one) == plain(other)) is same


def drawn(names: list[str], *, above: bool, grouped: bool) -> tuple[Sight, list[int]]:
    """A form with a field for each of these names, left of it or above it."""
    page, ids = Drawing(), []
    for n, name in enumerate(names):
        y = 100 + 90 * n
        if grouped:
            with page.part():
                page.text(name, 20, y, w=120, tag="label")
                ids.append(page.widget("text", 20 if above else 160, y + 22 if above else y - 6))
        else:
            page.text(name, 20, y, w=120)
            ids.append(page.widget("text", 20 if above else 160, y + 22 if above else y - 6))
    return page.sight(), ids


@examples(120, 4000)
@given(names=NAMES, above=st.booleans(), grouped=st.booleans(), stranger=odd_texts(40))
def test_each_name_leads_to_its_own_field_and_a_strangers_nowhere(
    names: list[str], above: bool, grouped: bool, stranger: str
) -> None:
    known = [normal(name) for name in names]
    assume(all(known) and len(set(known)) == len(known))
    sight, ids = drawn(names, above=above, grouped=grouped)
    for name, widget in zip(names, ids, strict=True):
        assert seek([sight], name, KINDS).widget.id == widget
    if normal(stranger) and normal(stranger) not in known:
        assert spot([sight], stranger, KINDS) is None
        with pytest.raises(ScreenChanged):
            seek([sight], stranger, KINDS)


@examples(80, 2000)
@given(name=LETTERS, above=st.booleans(), grouped=st.booleans())
def test_two_fields_of_one_name_are_never_guessed_among(name: str, above: bool, grouped: bool) -> None:
    assume(normal(name))
    sight, _ = drawn([name, name], above=above, grouped=grouped)
    with pytest.raises(ScreenChanged, match="fits 2 controls"):
        seek([sight], name, KINDS)


@examples(80, 2000)
@given(typed=odd_texts(80), other=odd_texts(80))
def test_a_field_shows_what_it_holds_and_nothing_else(typed: str, other: str) -> None:
    page = Drawing()
    page.text("Name", 20, 100)
    page.widget("text", 160, 94, value=typed)
    place = seek([page.sight()], "Name", KINDS)
    if plain(typed):
        assert shows(place, typed)
    if plain(other) and plain(other) != plain(typed):
        assert not shows(place, other)


@examples(100, 4000)
@given(
    before=odd_texts(100),
    after=odd_texts(100),
    passwords=st.lists(st.text(st.characters(exclude_characters="•"), min_size=4, max_size=30), min_size=1, max_size=4),
    how=st.sampled_from([str, str.upper, str.lower, str.swapcase]),
)
def test_no_password_that_is_known_stays_in_a_sentence(
    before: str, after: str, passwords: list[str], how: type[str]
) -> None:
    sentence = before + how(passwords[0]) + after
    left = blanked(sentence, passwords)
    assert not any(password in left for password in passwords)
    if how is str:
        assert BLANK in left
