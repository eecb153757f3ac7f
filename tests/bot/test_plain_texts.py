"""What a notification shows and a screen reader says: each message's `text`, the names of its buttons, and pictures.

Slack reads the text aloud instead of the blocks, so whatever the blocks say is in it, without marks.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from automation.errors import Unavailable
from bot.blocks import BUTTON, FALLBACK, Message
from sandbox.slack.readable import readable
from storage.models import RunStatus
from tests.bot.gallery import NAME, SAID, everything
from tests.bot.hostile import planned, press
from tests.bot.talk import Talk, until
from tests.bot.test_slack_losses import picture

ALL = dict(everything())


def shown(message: Message) -> list[list[dict[str, Any]]]:
    """Its blocks in each of its forms."""
    forms = (message.blocks, message.otherwise)
    return [[block.to_dict() for block in blocks] for blocks in forms if blocks]


def buttons(message: Message) -> list[dict[str, Any]]:
    return [
        one for blocks in shown(message) for block in blocks if block["type"] == "actions" for one in block["elements"]
    ]


def words(text: str) -> set[str]:
    """The words of three letters and more, and the numbers, as somebody hears them."""
    text = re.sub(r"<!date\^\d+\^[^|]*\|([^>]*)>", r"\1", text)
    return set(re.findall(r"[\w'-]{3,}|\d+", text.lower()))


LABELS = {"what", "was", "found", "happened", "transient", "human_needed", "complete", "in_progress", "error"}
"""What blocks write over a sentence, the class of an error, and Slack's own words for how a task stands."""
WHERE = {"ehr", "example", "2026-11-27", "utc", "09", "30"}
"""Where and when, which the text of a run's first message leaves out."""


@pytest.mark.parametrize("name", ALL)
def test_a_message_is_a_sentence_without_marks(name: str) -> None:
    text = ALL[name].text
    assert 0 < len(text) <= FALLBACK - 100
    assert not re.search(r"[*`\[\]]|\.\.|object|None|<Enum", text), text
    assert any(line.rstrip().endswith((".", "!", "?")) for line in text.splitlines()), text
    assert re.search(r"\w+ \w+", text)


@pytest.mark.parametrize("name", ALL)
def test_whoever_only_hears_the_text_misses_nothing_that_the_blocks_say(name: str) -> None:
    message = ALL[name]
    for blocks in shown(message):
        kept = [block for block in blocks if block["type"] not in ("actions", "table")]
        missing = words(readable(kept, {})) - words(message.text) - LABELS - WHERE
        assert not missing, (message.text, missing)


@pytest.mark.parametrize("name", [name for name, message in ALL.items() if buttons(message)])
def test_a_button_says_which_practice_it_is_about_beginning_with_what_is_seen(name: str) -> None:
    for button in buttons(ALL[name]):
        seen, heard = button["text"]["text"], button["accessibility_label"]
        assert heard.startswith(f"{seen}: ")
        assert len(heard) <= BUTTON
        assert NAME in heard or "practices" in heard


def test_no_two_buttons_of_a_message_sound_alike() -> None:
    for message in ALL.values():
        heard = [button["accessibility_label"] for button in buttons(message)]
        assert len(set(heard)) == len(heard)


def test_no_message_has_a_picture_that_says_nothing() -> None:
    for message in ALL.values():
        for block in (block for blocks in shown(message) for block in blocks):
            images = [one for one in (block, *block.get("elements", [])) if one["type"] == "image"]
            assert all(len(one["alt_text"]) > 3 for one in images)


def test_the_picture_of_a_failure_says_in_words_what_it_shows(talk: Talk, tmp_path: Path) -> None:
    talk.ehr.troubles[8] = [Unavailable(SAID, "It was down.", "Wait.")] * 3
    talk.ehr.before[8] = lambda: picture(tmp_path)
    planned(talk)
    press(talk)
    talk.becomes(RunStatus.FAILED)
    files = talk.slack.state.files
    alt = until(lambda: next((file.alt_text for file in files.values() if file.alt_text), ""), "the picture")
    assert alt == f"Step 8 as the browser saw it (masked): {SAID}"
