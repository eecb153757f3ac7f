"""What Slack takes from the bot in the middle: messages, the channel, its membership, scopes, people, the user group.

The run goes on; whoever asked is told what they can do about it; nothing is knocked at without end, and nobody who
has lost a right keeps it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from automation.errors import Unavailable
from automation.revolutionehr.guide import GUIDE
from sandbox.slack import SandboxSlack
from sandbox.slack.state import Channel
from storage import threads
from storage.models import RunStatus
from tests.bot.between import Between, Said, Spoiled, between
from tests.bot.hostile import delete, ends_well, hold, planned, posted, press, strays
from tests.bot.talk import CHANNEL, Talk, ask, enter_password, give_password, set_up, until
from tests.bot.test_weather import is_right
from tests.onespot import daily, with_everything


@pytest.fixture
def spoiler(workspace: SandboxSlack) -> Iterator[Between]:
    with between(workspace) as spoiler:
        yield spoiler


# --- messages


@pytest.mark.parametrize("key", ["plan", "checklist"])
def test_a_message_of_the_thread_that_was_deleted_is_told_again(talk: Talk, key: str) -> None:
    planned(talk)
    held = hold(talk, 5)
    press(talk)
    held.wait()
    until(lambda: is_right(talk), "the thread", 10)
    delete(talk, next(one for one in threads.messages(talk.engine, 1) if one.startswith(key)))
    held.go_on.set()
    talk.becomes(RunStatus.SUCCEEDED)
    until(lambda: "works" in str([one.text for one in posted(talk)]), "the end", 20)
    until(lambda: strays(talk) == [], "each thing once", 10)


def test_a_root_that_was_deleted_leaves_no_second_thread(talk: Talk) -> None:
    planned(talk)
    held = hold(talk, 5)
    press(talk)
    held.wait()
    delete(talk, "root")
    held.go_on.set()
    talk.becomes(RunStatus.SUCCEEDED)
    until(lambda: is_right(talk), "the thread", 20)
    assert strays(talk) == []


def test_what_is_found_after_the_root_was_deleted_is_told_all_the_same(talk: Talk) -> None:
    planned(talk)
    press(talk)
    ends_well(talk)
    button = talk.person().sees("[Check now]")
    delete(talk, "root")
    talk.person().press("Check now", message=button)
    talk.person().sees("healthy", timeout=8)


# --- the channel


def request_in(talk: Talk, channel: str) -> None:
    ana = talk.person()
    ana.command("/onespot-provision", channel)
    form = ana.modal("Provision OneSpot")
    form.fill("Practice name", "Lumen Eye")
    form.fill("Administrator username", "mhalloran")
    assert form.submit() == {}


def calls_in(talk: Talk, seconds: float) -> int:
    """How many calls of chat.* the bot makes meanwhile."""
    before = len(talk.slack.calls)
    time.sleep(seconds)
    return sum(call.method.startswith("chat.") for call in talk.slack.calls[before:])


def told_directly(talk: Talk, user: str = "U0ANA") -> str:
    """All that the bot wrote to this person alone."""
    with talk.slack.state.lock:
        name = f"D{user[1:]}"
        return "\n".join(one.text for one in talk.slack.state.channels[name].messages) if _there(talk, name) else ""


def _there(talk: Talk, name: str) -> bool:
    return name in talk.slack.state.channels


def test_a_channel_that_is_archived_in_the_middle_is_said_to_who_asked(talk: Talk) -> None:
    planned(talk)
    talk.ehr.before[3] = lambda: talk.slack.faults.on("channel-archived")
    press(talk)
    talk.becomes(RunStatus.SUCCEEDED)
    assert until(lambda: told_directly(talk), "a word to Ana", 4).count("can't write") == 1
    assert calls_in(talk, 1) < 4


def test_who_asked_is_not_advised_to_invite_the_bot_into_an_archived_channel(talk: Talk) -> None:
    ana = talk.person()
    ana.command("/onespot-provision", CHANNEL)
    form = ana.modal("Provision OneSpot")
    form.fill("Practice name", "Lumen Eye")
    form.fill("Administrator username", "mhalloran")
    talk.slack.faults.on("channel-archived")
    assert form.submit() == {}
    assert "/invite" not in until(lambda: told_directly(talk), "a word to Ana", 8)


def test_a_private_channel_without_the_bot_is_said_and_told_once_it_is_invited(talk: Talk) -> None:
    talk.slack.state.channels["C0SECRET"] = Channel("C0SECRET", "secret", private=True, members={"U0ANA", "U0BEN"})
    ana = talk.person()
    request_in(talk, "C0SECRET")
    until(lambda: "/invite" in told_directly(talk), "a word to Ana")
    enter_password(ana, "canary-admin-password")
    talk.becomes(RunStatus.PLANNED)
    assert calls_in(talk, 1) < 4


@with_everything
def test_a_closed_channel_is_left_alone_for_as_long_as_is_declared(talk: Talk) -> None:
    talk.slack.state.channels["C0SECRET"] = Channel("C0SECRET", "secret", private=True, members={"U0ANA"})
    request_in(talk, "C0SECRET")
    until(lambda: told_directly(talk), "a word to Ana")
    assert calls_in(talk, 25) == 0


# --- scopes


SCOPES = ["chat:write", "chat:write.public", "files:write", "usergroups:read", "users:read"]


@pytest.mark.parametrize("scope", daily(SCOPES, "chat:write", "files:write", "usergroups:read"))
def test_a_scope_that_is_missing_fails_no_run(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path, scope: str, capsys: pytest.CaptureFixture[str]
) -> None:
    talk = set_up(workspace, engine, tmp_path, onespot_approvers="U0BEN,S0LEADS")
    workspace.dials.withheld = {scope}
    workspace.faults.on("missing-scope")
    talk.ehr.troubles[8] = [Unavailable("It failed.", "It was down.", "Wait.")] * 3
    with talk.bot():
        ask(talk)
        if scope == "chat:write":
            until(lambda: "missing_scope" in capsys.readouterr().out, "a word in the log")
            assert calls_in(talk, 1) < 4
            return
        give_password(talk)
        talk.becomes(RunStatus.PLANNED)
        press(talk)
        talk.becomes(RunStatus.FAILED)
        press(talk, "Retry")
        ends_well(talk)


def test_who_asks_for_what_nobody_else_may_approve_is_told_at_once(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path
) -> None:
    talk = set_up(workspace, engine, tmp_path, onespot_approvers="U0ANA")
    with talk.bot():
        ask(talk)
        assert "you asked for it" in talk.person("U0ANA").sees("Nobody may approve this run").text


def test_that_the_user_group_can_not_be_read_stands_in_the_log(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    talk.slack.dials.withheld = {"usergroups:read"}
    talk.slack.faults.on("missing-scope")
    planned(talk)
    press(talk)
    talk.person("U0BEN").sees("Nobody may approve anything")
    said = capsys.readouterr()
    assert "missing_scope" in said.out + said.err


def test_a_group_that_can_not_be_read_is_not_said_to_be_no_group(talk: Talk) -> None:
    talk.slack.dials.withheld = {"usergroups:read"}
    talk.slack.faults.on("missing-scope")
    planned(talk)
    press(talk)
    ben = talk.person("U0BEN")
    ben.sees("approve anything")
    assert not ben.all_seen("names no user and no user group")


# --- people


def test_nobody_of_an_emptied_group_may_approve_once_it_is_asked_again(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path
) -> None:
    talk = set_up(workspace, engine, tmp_path)
    workspace.state.usergroups["S0LEADS"].users.clear()
    with talk.bot():
        planned(talk)
        press(talk)
        talk.person("U0BEN").sees("Nobody may approve")
        assert talk.run().status is RunStatus.PLANNED


def test_where_the_group_never_could_be_asked_nobody_may_approve_and_it_is_not_asked_hot(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path, spoiler: Between
) -> None:
    spoiler.before = lambda said: Spoiled.error("no_such_subteam") if said.method.startswith("usergroups") else None
    talk = set_up(workspace, engine, tmp_path, slack_api_url=spoiler.url)
    with talk.bot():
        planned(talk)
        press(talk)
        talk.person("U0BEN").sees("Nobody may approve")
        assert talk.run().status is RunStatus.PLANNED
        before = spoiler.count("usergroups.users.list")
        time.sleep(1)
        assert spoiler.count("usergroups.users.list") == before


def test_who_asked_and_was_deactivated_meanwhile_holds_nothing_up(talk: Talk) -> None:
    planned(talk)
    talk.slack.state.users["U0ANA"].deleted = True
    press(talk)
    ends_well(talk)


def test_a_picture_that_can_not_be_uploaded_stops_nothing(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path, spoiler: Between
) -> None:
    def down_then(said: Said) -> None:
        if said.method == "files.getUploadURLExternal":
            workspace.faults.on("down")

    spoiler.after = down_then
    talk = set_up(workspace, engine, tmp_path, slack_api_url=spoiler.url)
    talk.ehr.troubles[8] = [Unavailable("It failed.", "It was down.", "Wait.")] * 3
    talk.ehr.before[8] = lambda: picture(tmp_path)
    with talk.bot():
        planned(talk)
        press(talk)
        talk.becomes(RunStatus.FAILED)
        until(lambda: any(call.method == "upload" for call in workspace.calls), "the upload", 10)
        spoiler.after = lambda said: None
        workspace.faults.off("down")
        talk.person().sees("What to do")
        until(lambda: workspace.connections > 0, "the connection", 30)
        press(talk, "Retry", "U0ANA")
        ends_well(talk, 15)


def picture(folder: Path) -> None:
    """What the browser would leave behind when step 8 fails."""
    place = folder / "evidence" / "1"
    place.mkdir(parents=True, exist_ok=True)
    (place / f"08-{GUIDE[7].name}.png").write_bytes(b"\x89PNG\r\n\x1a\n")
