"""The pieces of messages: escaped, cut, and never over Slack's limits."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import blocks as b


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("Lumen Eye", "Lumen Eye"),
        ("<!channel> & <@U1>", "&lt;!channel&gt; &amp; &lt;@U1&gt;"),
        ("*bold* ~gone~ `code`", "∗bold∗ ∼gone∼ ˋcodeˋ"),
        ("_slanted_ but one_word", "＿slanted＿ but one_word"),
        ("two\nlines\t and a bell\a", "two lines and a bell"),
    ],
)
def test_text_from_outside_formats_and_mentions_nothing(text: str, escaped: str) -> None:
    assert b.escape(text) == escaped


@given(st.text(max_size=5000))
def test_no_text_gets_markup_into_a_message(text: str) -> None:
    escaped = b.escape(text)
    assert not set("<>*~`\n\r") & set(escaped)
    assert re.sub(r"&(amp|lt|gt);", "", escaped).count("&") == 0


@given(st.text(max_size=400), st.integers(min_value=10, max_value=200))
def test_a_cut_never_goes_through_an_escaped_character(text: str, most: int) -> None:
    cut = b.cut(b.escape(text), most)
    assert len(cut) <= most
    assert re.sub(r"&(amp|lt|gt);", "", cut).count("&") == 0


def test_a_cut_never_goes_through_a_mention() -> None:
    assert b.cut("by <@U0ANA> today", 8) == "by …"


@given(st.text(max_size=10_000), st.text(max_size=10_000))
def test_no_block_is_over_slacks_limits(text: str, more: str) -> None:
    made = [b.header(text), b.section(b.escape(text)), b.context(more), b.fields([(text, more)] * 12)]
    for block in made:
        block.validate_json()
        shown = block.to_dict()
        assert len(shown.get("fields", [])) <= 10
        for part in [
            *shown.get("fields", []),
            *shown.get("elements", []),
            *([shown["text"]] if "text" in shown else []),
        ]:
            assert 1 <= len(part["text"]) <= {"header": 150, "section": 3000, "context": 3000}[shown["type"]]


def test_a_user_is_mentioned_and_somebody_at_a_terminal_is_named() -> None:
    assert (b.person("U0ANA"), b.person("ana"), b.person("USER*")) == ("<@U0ANA>", "ana", "USER∗")


def test_a_moment_is_shown_in_each_readers_zone() -> None:
    moment = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
    assert b.when(moment) == "<!date^1795798800^{date_short_pretty} at {time}|2026-11-27 17:00 UTC>"
