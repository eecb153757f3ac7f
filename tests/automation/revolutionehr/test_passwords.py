"""The policy in a person's words, and passwords that hold it."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from automation.revolutionehr.passwords import SYMBOLS, Policy

US = "OneSpot2915"

# ---- the policy in words -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "shortest", "longest", "never"),
    [
        ("12-16 no _", 12, 16, "_"),
        ("20", 20, 20, ""),
        ("10-12 no !@", 10, 12, "!@"),
        ("10-12 no ! @ #", 10, 12, "!@#"),
        ("  12 - 16  ", 12, 16, ""),
        ("8-8", 8, 8, ""),
        ("-16", 8, 16, ""),
        ("no _-", 8, 64, "_-"),
        ("6-10", 6, 10, ""),
        (f"12 no {SYMBOLS}", 12, 12, SYMBOLS),
        ("12-16 no symbols", 12, 16, SYMBOLS),
        ("12-16 no Symbols 0 O", 12, 16, SYMBOLS + "0O"),
        ("no 0 O 1 l I", 8, 64, "0O1lI"),
    ],
)
def test_a_policy_is_read(words: str, shortest: int, longest: int, never: str) -> None:
    assert Policy.parse(words) == Policy(shortest, longest, frozenset(never))


@pytest.mark.parametrize(
    "words",
    [
        "",
        "   ",
        "strong",
        "12 to 16",
        "16-12",
        "4",
        "4-7",
        "12-",
        "-",
        "12-16 without _",
        "12-16 no",
        "no",
        "1234",
        "12.5",
        "-5",
        "65",
        "12 no A B C D E F G H I J K L M N O P Q R S T U V W X Y",
        "12 no a b c d e f g h i j k l m n o p q r s t u v w x y z",
        "12 no 123456789",
    ],
)
def test_what_can_not_be_read_or_held_is_refused_with_a_sentence(words: str) -> None:
    with pytest.raises(ValueError, match="The password policy") as refusal:
        Policy.parse(words)
    assert words in str(refusal.value)
    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize(
    "words", ["12-16 no special characters", "12 no _ or !", "12 no _ and no !", "12 no @$% please", "no 0OlI1"]
)
def test_words_are_not_letters(words: str) -> None:
    with pytest.raises(ValueError, match="can't be read") as refusal:
        Policy.parse(words)
    assert words in str(refusal.value)


@pytest.mark.timeout(5)
def test_no_password_is_sought_for_ever() -> None:
    with pytest.raises(ValueError, match="leaves no strong password"):
        Policy.parse("12 no " + " ".join(string.ascii_letters + string.digits))
    with pytest.raises(ValueError, match="leaves no strong password"):
        Policy(12, 12, frozenset(string.printable)).password(US)
    with pytest.raises(ValueError, match="leaves no strong password"):
        Policy(12, 12, frozenset(string.printable) - {"a"}).password(US)


@pytest.mark.parametrize("length", ["8", "64"])
def test_the_policy_that_leaves_least_still_leaves_a_password(length: str) -> None:
    policy = Policy.parse(
        f"{length} no symbols {' '.join(string.ascii_letters[2:26] + string.ascii_letters[28:])} 23456789"
    )
    first = policy.password(US)
    assert re.fullmatch("[abAB01]+", policy.password(US, first).get_secret_value())


def test_a_limit_that_the_ehr_showed_is_kept() -> None:
    assert Policy.parse("12-16 no _").at_most(10) == Policy(10, 10, frozenset("_"))
    assert Policy().at_most(12) == Policy(8, 12)
    assert Policy(12, 16).at_most(None) == Policy(12, 16)
    assert Policy(12, 16).at_most(40) == Policy(12, 16)


# ---- passwords -----------------------------------------------------------------------------------------------------


lengths = st.integers(8, 40)
policies = st.builds(
    lambda a, b, never: Policy(min(a, b), max(a, b), frozenset(never)),
    lengths,
    lengths,
    st.sets(st.sampled_from(SYMBOLS + "0OlI1"), max_size=9),
)


@given(policies)
def test_a_password_holds_its_policy(policy: Policy) -> None:
    word = policy.password(US).get_secret_value()
    assert policy.shortest <= len(word) <= policy.longest
    assert not set(word) & policy.never


@given(policies)
def test_a_password_has_every_kind_of_character_that_may_be(policy: Policy) -> None:
    word = policy.password(US).get_secret_value()
    assert re.search("[A-Z]", word)
    assert re.search("[a-z]", word)
    assert re.search("[0-9]", word)
    assert bool(set(word) & set(SYMBOLS)) is bool(set(SYMBOLS) - policy.never)


@given(policies)
def test_no_three_alike_stand_in_a_row_and_the_first_is_no_symbol(policy: Policy) -> None:
    word = policy.password(US).get_secret_value()
    assert not re.search(r"(.)\1\1", word)
    assert word[0].isalnum()


@given(policies, st.sampled_from(["a", "Q7", "sync", "OneSpot2915", "x_"]))
def test_the_user_name_is_not_part_of_it(policy: Policy, username: str) -> None:
    word = policy.password(username).get_secret_value().casefold()
    assert username.casefold() not in word
    assert "onespot" not in word


@given(policies)
def test_the_final_one_is_unlike_the_temporary_one(policy: Policy) -> None:
    temporary = policy.password(US)
    final = policy.password(US, temporary).get_secret_value()
    same = sum(a == b for a, b in zip(temporary.get_secret_value(), final, strict=False))
    assert same <= len(final) // 3


def test_sixteen_characters_where_nothing_is_known() -> None:
    assert len(Policy().password(US).get_secret_value()) == 16


def test_no_two_are_alike_and_none_is_printed() -> None:
    words = [Policy().password(US) for _ in range(50)]
    assert len({w.get_secret_value() for w in words}) == 50
    assert all(isinstance(w, SecretStr) and w.get_secret_value() not in repr(w) for w in words)
