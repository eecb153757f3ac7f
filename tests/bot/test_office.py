"""What every conversation reads alike."""

from __future__ import annotations

from bot.office import words_typed


def test_the_words_behind_a_command_are_those_that_were_typed() -> None:
    for text in (" Smith & <Sons> ", " Smith &amp; &lt;Sons&gt; "):
        assert words_typed({"text": text}) == "Smith & <Sons>"
    assert words_typed({"text": "&amp;lt;"}) == "&lt;"
    assert words_typed({}) == words_typed({"text": None}) == ""
