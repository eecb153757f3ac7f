"""The button Evidence in the stand-in workspace: signed files into the thread, once, for those who may have them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.evidence import EVIDENCE
from bot.pack.seal import Found, Kind, verify
from bot.policy import Actor, Rules, may_have_evidence
from sandbox.slack import SandboxSlack
from sandbox.slack.seed import BOT_USER
from sandbox.slack.things import File
from storage import audit, duties, threads
from storage.models import RunStatus, utcnow
from storage.signing import public_key
from tests.bot.between import Between, Spoiled, between
from tests.bot.talk import CHANNEL, Talk, set_up, until
from tests.bot.test_conversations import approved


@pytest.fixture
def talk(workspace: SandboxSlack, engine: Engine, tmp_path: Path) -> Iterator[Talk]:
    """The bot on a machine without a browser, where a run has succeeded."""
    with succeeded(set_up(workspace, engine, tmp_path, mode="http", browser="/no/such/browser")) as talk:
        yield talk


@pytest.fixture
def spoiled(workspace: SandboxSlack, engine: Engine, tmp_path: Path) -> Iterator[tuple[Talk, Between]]:
    """The same in Socket Mode, and what stands between the bot and Slack."""
    with between(workspace) as spoiler:
        talk = set_up(workspace, engine, tmp_path, slack_api_url=spoiler.url, browser="/no/such/browser")
        with succeeded(talk):
            yield talk, spoiler


@contextmanager
def succeeded(talk: Talk) -> Iterator[Talk]:
    """Starts the bot, and lets a run succeed."""
    with talk.bot():
        approved(talk)
        talk.becomes(RunStatus.SUCCEEDED)
        talk.person().sees("The OneSpot account of Lumen Eye works")
        yield talk


def files(talk: Talk) -> list[File]:
    """What was uploaded and shared."""
    return [file for file in talk.slack.state.files.values() if file.shared]


def made(talk: Talk) -> list[str]:
    """Who made evidence, as the audit has it."""
    return [entry.who for entry in audit.entries(talk.engine, run_id=1) if entry.what == "made evidence"]


def test_it_brings_the_signed_page_into_the_thread_with_people_by_their_names(talk: Talk) -> None:
    talk.person().press("Evidence")
    message = talk.person("U0BEN").sees("Evidence of run 1, signed")
    (file,) = files(talk)
    key = public_key(talk.engine)
    assert key is not None
    assert file.content is not None
    seen = verify(file.content, key.fingerprint)
    assert (seen.found, seen.kind) == (Found.UNCHANGED, Kind.HTML)
    assert seen.record["run"]["asked_by"] == "Ana Reyes (U0ANA)"
    assert key.fingerprint in message.text
    assert message.thread_ts == threads.messages(talk.engine, 1)["root"].ts
    assert made(talk) == ["U0ANA"]


def test_where_no_browser_is_the_thread_says_that_there_is_no_pdf(talk: Talk) -> None:
    talk.person().press("Evidence")
    assert "There is no PDF" in talk.person().sees("Evidence of run 1, signed").text


@pytest.mark.browser
def test_with_a_browser_there_is_a_pdf_beside_it(workspace: SandboxSlack, engine: Engine, tmp_path: Path) -> None:
    talk = set_up(workspace, engine, tmp_path, mode="http", browser=os.environ.get("BROWSER"))
    with talk.bot():
        approved(talk)
        talk.person().sees("The OneSpot account of Lumen Eye works")
        talk.person().press("Evidence")
        message = talk.person().sees("Evidence of run 1, signed", timeout=40)
    assert "There is no PDF" not in message.text
    kinds = [(file.name, verify(file.content or b"", None).found) for file in files(talk)]
    assert kinds == [
        ("onespot-evidence-run-1.html", Found.UNKNOWN_KEY),
        ("onespot-evidence-run-1.pdf", Found.UNKNOWN_KEY),
    ]


def test_a_second_press_brings_nothing_more(talk: Talk) -> None:
    talk.person().press("Evidence")
    talk.person().sees("Evidence of run 1, signed")
    until(lambda: threads.messages(talk.engine, 1).get(EVIDENCE), "the memory of it")
    talk.person("U0BEN").press("Evidence")
    talk.person("U0BEN").sees("The evidence is in this thread already.")
    assert (len(files(talk)), made(talk)) == (1, ["U0ANA"])


def test_while_it_is_being_made_elsewhere_a_press_brings_nothing(talk: Talk) -> None:
    now = utcnow()
    assert duties.take(talk.engine, f"{EVIDENCE}-1", now=now, until=now.replace(year=now.year + 1))
    talk.person().press("Evidence")
    talk.person().sees("being made already")
    assert files(talk) == []
    duties.leave(talk.engine, f"{EVIDENCE}-1")
    talk.person().press("Evidence")
    talk.person().sees("Evidence of run 1, signed")


@pytest.mark.parametrize(("user", "answer"), [("U0CLEO", "Only the person who asked"), ("U9EVE", "of this workspace")])
def test_others_get_none(talk: Talk, user: str, answer: str) -> None:
    talk.person(user).press("Evidence", talk.person().sees("The OneSpot account of Lumen Eye works"))
    talk.person(user).sees(answer)
    assert (files(talk), made(talk)) == ([], [])


def test_who_asked_and_approvers_may_have_it(talk: Talk) -> None:
    rules = Rules("T1", frozenset({"U0BEN"}))
    may = {user: may_have_evidence(Actor(user, "T1"), talk.run(), rules) is None for user in ("U0ANA", "U0BEN", "U0X")}
    assert may == {"U0ANA": True, "U0BEN": True, "U0X": False}
    assert may_have_evidence(Actor("U0ANA", "T2"), talk.run(), rules) is not None


def test_a_channel_that_the_bot_has_left_is_said_and_it_can_be_pressed_again(talk: Talk) -> None:
    members = talk.slack.state.channels[CHANNEL].members
    members.discard(BOT_USER)
    talk.person().press("Evidence")
    talk.person().sees("Slack takes no files from me there (not_in_channel)")
    members.add(BOT_USER)
    talk.person().press("Evidence")
    talk.person().sees("Evidence of run 1, signed")


@pytest.mark.parametrize(
    ("word", "helps"),
    [("unknown_method", "(unknown_method). onespot evidence"), ("missing_scope", "update it from manifest.yml.")],
)
def test_where_slack_takes_no_files_at_all_the_terminal_is_named_not_another_press(
    spoiled: tuple[Talk, Between], word: str, helps: str
) -> None:
    talk, spoiler = spoiled
    spoiler.before = lambda said: Spoiled.error(word) if said.method.startswith("files.") else None
    talk.person().press("Evidence")
    said = talk.person().sees("Slack takes no files from me").text
    assert helps in said
    assert "onespot evidence make 1 writes them at a terminal." in said
    assert "/invite" not in said


def test_slack_failing_in_the_middle_brings_nothing_twice(spoiled: tuple[Talk, Between]) -> None:
    talk, spoiler = spoiled
    spoiler.before = lambda said: Spoiled.error("internal_error") if "completeUpload" in said.method else None
    talk.person().press("Evidence")
    talk.person().sees("That did not work")
    assert EVIDENCE not in threads.messages(talk.engine, 1)
    spoiler.before = lambda said: None
    talk.person().press("Evidence")
    talk.person().sees("Evidence of run 1, signed")
    assert len(files(talk)) == 1
