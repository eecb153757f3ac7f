"""Tokens that are revoked, and whatever word Slack has for one call in the middle: the run goes on, calls are few.

What is lost of scopes, channels and people is in test_slack_losses.py; outages and rates are in test_slack_faults.py.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.house import House
from bot.problems import SettingsProblem
from bot.service import service
from sandbox.slack import SandboxSlack
from sandbox.slack.seen import NotSeen
from storage.models import RunStatus
from tests.bot.between import Between, Said, Spoiled, between
from tests.bot.hostile import ends_well, hold, planned, press
from tests.bot.talk import CHANNEL, ask, set_up, until
from tests.onespot import daily

REVOKED = ["token_revoked", "invalid_auth", "token_expired", "org_login_required", "team_access_not_granted"]


@pytest.fixture
def spoiler(workspace: SandboxSlack) -> Iterator[Between]:
    with between(workspace) as spoiler:
        yield spoiler


@pytest.mark.parametrize("word", daily(REVOKED, "token_revoked"))
def test_a_token_that_is_revoked_in_the_middle_fails_no_run_and_is_not_tried_hot(
    workspace: SandboxSlack,
    engine: Engine,
    tmp_path: Path,
    spoiler: Between,
    word: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    talk = set_up(workspace, engine, tmp_path, mode="http", slack_api_url=spoiler.url)
    with talk.bot():
        planned(talk)
        held = hold(talk, 4)
        press(talk)
        held.wait()
        spoiler.before = lambda said: Spoiled.error(word)
        held.go_on.set()
        talk.becomes(RunStatus.SUCCEEDED)
        before = len(spoiler.said)
        time.sleep(1)
        assert len(spoiler.said) - before < 10
        spoiler.before = lambda said: None
        ends_well(talk)
    said = capsys.readouterr()
    assert word in said.out + said.err


@pytest.mark.parametrize("word", ["token_revoked", "account_inactive"])
def test_a_bot_whose_token_is_refused_at_the_start_says_so_and_ends(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path, spoiler: Between, word: str
) -> None:
    spoiler.before = lambda said: Spoiled.error(word)
    talk = set_up(workspace, engine, tmp_path, slack_api_url=spoiler.url)
    with (
        pytest.raises(SettingsProblem, match=rf"Slack refuses SLACK_BOT_TOKEN \({word}\)"),
        service(House(talk.settings, engine, None), threading.Event()),
    ):
        pass
    assert spoiler.count("auth.test") == 1


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
@pytest.mark.parametrize(
    "trouble",
    [
        Spoiled(502, "<html>502 Bad Gateway</html>"),
        Spoiled.error("internal_error"),
        Spoiled(503, '{"ok": false, "error": "team_is_being_moved"}'),
    ],
    ids=["page", "word", "status"],
)
def test_a_slack_that_fails_once_at_the_start_is_asked_again(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path, spoiler: Between, method: str, trouble: Spoiled
) -> None:
    once = [trouble]
    spoiler.before = lambda said: once.pop() if said.method == method and once else None
    talk = set_up(workspace, engine, tmp_path, slack_api_url=spoiler.url)
    with talk.bot():
        assert once == []
        until(lambda: workspace.connections > 0, "the connection")


def test_an_app_token_that_is_refused_at_the_start_is_said(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path, spoiler: Between
) -> None:
    spoiler.before = lambda said: Spoiled.error("invalid_auth") if said.method == "apps.connections.open" else None
    talk = set_up(workspace, engine, tmp_path, slack_api_url=spoiler.url)
    with pytest.raises(SettingsProblem, match=r"Slack refuses SLACK_APP_TOKEN \(invalid_auth\)"), talk.bot():
        pass


def test_a_slack_that_is_down_at_the_start_is_waited_for_until_somebody_stops_the_bot(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path
) -> None:
    workspace.faults.on("down")
    talk, stop = set_up(workspace, engine, tmp_path), threading.Event()
    threading.Timer(1.5, stop.set).start()
    with (
        pytest.raises(SettingsProblem, match="could not be reached before the bot was stopped"),
        service(House(talk.settings, engine, None), stop),
    ):
        pass
    assert sum(call.method == "auth.test" for call in workspace.calls) <= 3


def test_an_app_token_that_is_refused_is_not_knocked_with_hot(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path, spoiler: Between
) -> None:
    talk = set_up(workspace, engine, tmp_path, slack_api_url=spoiler.url)
    with talk.bot():
        planned(talk)

        def refused(said: Said) -> Spoiled | None:
            return Spoiled.error("invalid_auth") if said.method == "apps.connections.open" else None

        spoiler.before = refused
        before = spoiler.count("apps.connections.open")
        workspace.cut_sockets()
        time.sleep(1.5)
        assert spoiler.count("apps.connections.open") - before < 10
        spoiler.before = lambda said: None
        until(lambda: workspace.connections > 0, "the connection", 30)
        press(talk)
        ends_well(talk)


WORDS = [
    "message_not_found",
    "cant_update_message",
    "edit_window_closed",
    "msg_too_long",
    "invalid_blocks",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "ekm_access_denied",
    "no_permission",
    "a_word_that_nobody_knows",
]


@pytest.mark.parametrize("word", daily(WORDS, "message_not_found", "a_word_that_nobody_knows"))
@pytest.mark.parametrize("method", daily(["chat.update", "chat.postMessage"], "chat.update"))
def test_whatever_word_slack_refuses_a_message_with_once_the_thread_comes_right(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path, spoiler: Between, method: str, word: str
) -> None:
    talk = set_up(workspace, engine, tmp_path, mode="http", slack_api_url=spoiler.url)
    once = [word]
    with talk.bot():
        planned(talk)
        spoiler.before = lambda said: Spoiled.error(once.pop()) if said.method == method and once else None
        press(talk)
        talk.becomes(RunStatus.SUCCEEDED)
        until(lambda: "works" in (talk.person().sees("The OneSpot account").text), "the end", 30)
        assert once == []


@pytest.mark.parametrize("word", ["edit_window_closed", "a_word_that_nobody_knows"])
def test_where_slack_lets_nothing_be_edited_the_plan_and_the_end_still_come(
    workspace: SandboxSlack,
    engine: Engine,
    tmp_path: Path,
    spoiler: Between,
    word: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.thread.BACK_OFF", (600.0,))  # what is new doesn't wait for the next try of an edit
    spoiler.before = lambda said: Spoiled.error(word) if said.method == "chat.update" else None
    talk = set_up(workspace, engine, tmp_path, mode="http", slack_api_url=spoiler.url, secret_intake="modal")
    with talk.bot():
        ask(talk)
        talk.person("U0BEN").sees("Plan for Lumen Eye")
        press(talk)
        talk.person().sees("The OneSpot account of Lumen Eye works")


def test_while_slack_takes_no_edits_it_is_knocked_with_one_at_a_time(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path, spoiler: Between
) -> None:
    talk = set_up(workspace, engine, tmp_path, mode="http", slack_api_url=spoiler.url)
    with talk.bot():
        planned(talk)
        busy = Spoiled(429, '{"ok": false, "error": "ratelimited"}')
        spoiler.before = lambda said: busy if said.method == "chat.update" else None
        before = spoiler.count("chat.update")
        press(talk)
        talk.person().sees("The OneSpot account of Lumen Eye works")
        assert spoiler.count("chat.update") - before < 10
        spoiler.before = lambda said: None
        ends_well(talk)


@pytest.mark.parametrize(
    ("word", "helps"),
    [
        ("restricted_action_read_only_channel", "let the app too, in the channel's settings"),
        ("missing_scope", "update it from manifest.yml and install it again"),
        ("not_in_channel", "Invite me there with /invite"),
    ],
)
def test_a_channel_that_takes_nothing_is_told_with_what_helps(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path, spoiler: Between, word: str, helps: str
) -> None:
    def closed(said: Said) -> Spoiled | None:
        return Spoiled.error(word) if said.method == "chat.postMessage" and "t write about" not in said else None

    spoiler.before = closed
    talk = set_up(workspace, engine, tmp_path, mode="http", slack_api_url=spoiler.url, secret_intake="modal")
    with talk.bot():
        ask(talk)
        text = talk.person().sees("I can't write about Lumen Eye").text
        assert f"({word})" in text
        assert helps in text


def test_a_proxys_page_is_logged_as_its_status(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path, spoiler: Between, capsys: pytest.CaptureFixture[str]
) -> None:
    page = [Spoiled(502, "<html><title>502 Bad Gateway</title></html>")]
    spoiler.before = lambda said: page.pop() if said.method == "chat.postMessage" and page else None
    talk = set_up(workspace, engine, tmp_path, mode="http", slack_api_url=spoiler.url, secret_intake="modal")
    with talk.bot():
        ask(talk)
        talk.person().sees("Plan for Lumen Eye")
    said = capsys.readouterr().out
    assert "error=http 502" in said.replace("'", "")
    assert "Bad Gateway" not in said


@pytest.mark.parametrize("word", ["expired_trigger_id", "invalid_trigger_id", "exchanged_trigger_id"])
def test_a_form_that_slack_does_not_open_any_more_is_said(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path, spoiler: Between, word: str
) -> None:
    spoiler.before = lambda said: Spoiled.error(word) if said.method == "views.open" else None
    talk = set_up(workspace, engine, tmp_path, mode="http", slack_api_url=spoiler.url)
    with talk.bot():
        talk.person().command("/onespot-provision", CHANNEL)
        talk.person().sees("Slack did not open the form: type the command once more.")
        planned_without_form = [call.method for call in workspace.calls]
        assert "chat.postMessage" not in planned_without_form
        spoiler.before = lambda said: None
        planned(talk)
        spoiler.before = lambda said: Spoiled.error(word) if said.method == "views.open" else None
        press(talk, "Reject")
        talk.person("U0BEN").sees("Press once more")
        assert talk.run().status is RunStatus.PLANNED


def test_an_approver_who_was_deactivated_since_the_group_was_asked_still_needs_a_click_of_slacks(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path
) -> None:
    """Slack lets nobody press who is deactivated; and the plan waits for another approver."""
    workspace.state.usergroups["S0LEADS"].users.append("U0CLEO")
    talk = set_up(workspace, engine, tmp_path, mode="http")
    with talk.bot():
        planned(talk)
        workspace.faults.on("user-deactivated")
        with pytest.raises(NotSeen, match="account_inactive"):
            press(talk)
        assert talk.run().status is RunStatus.PLANNED
        press(talk, "Approve", "U0CLEO")
        ends_well(talk)
