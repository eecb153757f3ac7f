"""Many practices at once in the stand-in Slack: a page that takes the sheet, one card, one yes, waves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine

from automation.errors import AutomationError, Unavailable
from sandbox.slack import SandboxSlack
from sandbox.slack.seen import Seen
from storage import imports, runs
from storage.models import ErrorClass, ImportStatus, RunStatus
from tests.bot.many import ManyHands, sheet
from tests.bot.talk import CHANNEL, QUICK, Talk, set_up, until

NAMES = [f"{name} Eyes" for name in ("Ash", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gum", "Hazel")]


class Refused(AutomationError):
    error_class = ErrorClass.CREDENTIAL


@pytest.fixture
def talk(workspace: SandboxSlack, engine: Engine, tmp_path: Path) -> Iterator[Talk]:
    talk = set_up(workspace, engine, tmp_path, mode="http")
    talk.hands = ManyHands()
    with talk.bot(beats=replace(QUICK, sweep=0.5)):
        yield talk


def hands(talk: Talk) -> ManyHands:
    assert isinstance(talk.hands, ManyHands)
    return talk.hands


def walked(talk: Talk) -> list[str]:
    return [url.removeprefix("http://").split(".")[0] for url in hands(talk).walked]


def page_for(talk: Talk) -> str:
    """Ana asks for the page that takes many practices."""
    ana = talk.person()
    ana.command("/onespot-provision bulk", CHANNEL)
    message = ana.all_seen("Bring the practices")[-1] if ana.sees("Bring the practices") else None
    assert message is not None
    found = re.search(r"http://127\.0\.0\.1:\d+/import/[\w-]+", str(message.raw["blocks"]))
    assert found
    return found[0]


def bring(url: str, text: str) -> httpx.Response:
    with httpx.Client(follow_redirects=True) as browser:
        page = browser.get(url)
        mark = re.search(r'name="form" value="([^"]+)"', page.text)
        assert mark
        return browser.post(url, data={"form": mark[1], "sheet": text})


def card(talk: Talk, words: str) -> Seen:
    return talk.person().sees(words, channel=CHANNEL)


def planned(talk: Talk, names: list[str] = NAMES) -> Seen:
    """The card, with all plans made."""
    answer = bring(page_for(talk), sheet(names))
    assert answer.status_code == 200, answer.text
    assert "The practices are on their way" in answer.text
    return card(talk, "Waiting for somebody to approve the plans")


def stands(talk: Talk) -> ImportStatus:
    whole = imports.get(talk.engine, 1)
    assert whole is not None
    return whole.status


def statuses(talk: Talk) -> dict[str, RunStatus]:
    return {one.practice.name.split()[0]: one.run.status for one in imports.members(talk.engine, 1)}


def files(talk: Talk) -> list[str]:
    return [one.name for one in talk.slack.state.files.values()]


def approve(talk: Talk, user: str = "U0BEN") -> None:
    person = talk.person(user)
    message = person.sees("Waiting for somebody to approve the plans", channel=CHANNEL)
    person.press(next(one for one in message.buttons if one.startswith("Approve")), message)


def test_many_practices_are_one_card_one_yes_and_waves(talk: Talk) -> None:
    hands(talk).at("Cedar").forbidden = "it has other permissions"
    hands(talk).at("Dogwood").troubles[0] = [Refused("The login was refused.", "", "Give it anew.")]
    message = planned(talk)
    assert "6 to create" in message.text
    assert "1 forbidden" in message.text
    assert "Cedar Eyes" in message.text
    assert "The login was refused." in message.text
    assert message.buttons == ["Approve 6", "Reject", "Cancel"]
    assert walked(talk) == []
    approve(talk)
    end = card(talk, "Over: each practice has come to its end")
    assert "6 succeeded" in end.text
    assert end.buttons == []
    assert walked(talk)[0] == "ash"
    assert sorted(walked(talk)[1:6]) == ["birch", "elm", "fir", "gum", "hazel"]
    assert statuses(talk)["Cedar"] is RunStatus.REJECTED
    until(lambda: len(files(talk)) == 2 or None, "both sheets")
    assert sorted(files(talk)) == ["import-1-outcomes.csv", "import-1-plans.csv"]
    dogwood = card(talk, "OneSpot for Dogwood Eyes")  # what could not be planned goes on in a thread of its own
    assert "stopped" in dogwood.text.lower() or "❌" in dogwood.text
    assert not talk.person().all_seen("OneSpot for Ash Eyes")


def test_a_run_that_stops_halts_it_and_going_on_takes_the_rest(talk: Talk) -> None:
    hands(talk).at("Ash").troubles[8] = [Unavailable("The page failed.", "It is down.", "Try again.")] * 3
    planned(talk, NAMES[:3])
    approve(talk)
    halted = card(talk, "Halted")
    assert "The page failed." in halted.text
    assert set(walked(talk)) == {"ash"}
    assert stands(talk) is ImportStatus.HALTED
    ana = talk.person()
    thread = ana.sees("Ash Eyes", channel=CHANNEL)
    assert thread
    ana.press("Go on with the rest", halted)
    card(talk, "Over: each practice has come to its end")
    assert statuses(talk) == {"Ash": RunStatus.FAILED, "Birch": RunStatus.SUCCEEDED, "Cedar": RunStatus.SUCCEEDED}
    ana.press("Retry", ana.sees("What it means"))
    until(lambda: statuses(talk)["Ash"] is RunStatus.SUCCEEDED or None, "the retry")


def test_who_asked_may_not_approve_and_a_stranger_may_not_cancel(talk: Talk) -> None:
    message = planned(talk, NAMES[:2])
    approve(talk, "U0ANA")
    talk.person().sees("Only approvers may do this")
    cleo = talk.person("U0CLEO")
    cleo.press("Cancel", message)
    assert cleo.sees("Only the person who asked")
    assert stands(talk) is ImportStatus.PLANNED


def test_a_no_with_its_reason_ends_every_run(talk: Talk) -> None:
    message = planned(talk, NAMES[:2])
    ben = talk.person("U0BEN")
    ben.press("Reject", message)
    form = ben.modal("Reject the plans")
    form.fill("Reason", "not this week")
    assert form.submit() == {}
    assert "not this week" in card(talk, "Somebody said no to the plans").text
    assert set(statuses(talk).values()) == {RunStatus.REJECTED}


def test_cancelled_before_the_yes_nothing_is_left(talk: Talk) -> None:
    message = planned(talk, NAMES[:2])
    talk.person().press("Cancel", message)
    card(talk, "no further run is begun")
    assert set(statuses(talk).values()) == {RunStatus.CANCELLED}
    assert walked(talk) == []


def test_a_second_yes_gets_a_private_note(talk: Talk) -> None:
    message = planned(talk, NAMES[:1])
    approve(talk)
    card(talk, "Over: each practice has come to its end")
    ben = talk.person("U0BEN")
    ben.press("Approve 1", message)
    ben.sees("Nothing was done. Over: each practice has come to its end.")
    assert walked(talk) == ["ash"]


def test_all_that_is_wrong_is_said_on_the_page_and_the_link_still_works(talk: Talk) -> None:
    url = page_for(talk)
    wrong = bring(url, "practice,administrator,administrator password\n,ana,canary-1\n<b>Ash</b>,,canary-2\n")
    assert wrong.status_code == 422
    said = unescape(wrong.text)
    assert "Line 2: the practice is empty." in said
    assert "Line 3: the administrator is empty." in said
    assert "canary" not in wrong.text
    assert imports.open_ones(talk.engine) == []
    assert bring(url, sheet(NAMES[:1])).status_code == 200
    assert bring_again(url) == 410


def bring_again(url: str) -> int:
    with httpx.Client() as browser:
        return browser.get(url).status_code


def test_a_practice_that_is_under_way_is_named(talk: Talk) -> None:
    planned(talk, NAMES[:1])
    again = bring(page_for(talk), sheet(NAMES[:2]))
    assert again.status_code == 422
    assert "Line 2: Ash Eyes has an unfinished run (PLANNED" in unescape(again.text)


def test_without_pages_it_says_what_to_do(workspace: SandboxSlack, engine: Engine, tmp_path: Path) -> None:
    talk = set_up(workspace, engine, tmp_path, mode="http", secret_intake="modal")
    with talk.bot():
        ana = talk.person()
        ana.command("/onespot-provision bulk", CHANNEL)
        ana.sees("set PUBLIC_URL")


def test_no_password_of_a_sheet_is_in_the_database_in_the_clear(talk: Talk, tmp_path: Path) -> None:
    text = sheet(NAMES[:2], lambda name: f"canary-{name.split()[0].lower()}")
    assert bring(page_for(talk), text).status_code == 200
    card(talk, "Waiting for somebody to approve the plans")
    kept = b"".join(file.read_bytes() for file in tmp_path.glob("onespot.db*"))
    assert b"Birch Eyes" in kept
    assert b"canary-" not in kept
    assert len(runs.latest(talk.engine)) == 2
