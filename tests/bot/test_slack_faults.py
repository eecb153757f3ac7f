"""The bot against a hostile Slack: rates, outages, odd and lost answers, cut sockets, events and acks gone wrong.

Whatever Slack does, the run goes on; afterwards the thread is right, nothing stands there twice, and nothing is
knocked at without end.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from sandbox.slack import SandboxSlack
from sandbox.slack.seen import NotSeen
from storage import runs, threads
from storage.models import RunStatus
from tests.bot.between import Between, Said, Spoiled, between
from tests.bot.hostile import ends_well, hold, planned, posted, press, strays
from tests.bot.talk import CHANNEL, Talk, ask, give_password, set_up, until
from tests.bot.test_weather import EachTheirOwn, approve, is_right
from tests.onespot import daily, with_everything


@pytest.fixture
def spoiler(workspace: SandboxSlack) -> Iterator[Between]:
    with between(workspace) as spoiler:
        yield spoiler


@pytest.fixture
def spoiled(workspace: SandboxSlack, engine: Engine, tmp_path: Path, spoiler: Between) -> Iterator[Talk]:
    """The bot, whose calls go through the spoiler."""
    talk = set_up(workspace, engine, tmp_path, slack_api_url=spoiler.url)
    with talk.bot():
        yield talk


@pytest.fixture
def socketed(workspace: SandboxSlack, engine: Engine, tmp_path: Path) -> Iterator[Talk]:
    """The bot in Socket Mode."""
    talk = set_up(workspace, engine, tmp_path, mode="socket")
    with talk.bot():
        yield talk


# --- rates, and a Slack that knows no plan block


def refuse_plans(said: Said) -> Spoiled | None:
    return Spoiled.error("invalid_blocks") if said.method.startswith("chat.") and '"type": "plan"' in said else None


def test_where_slack_knows_no_plan_block_the_steps_are_ticked_off_in_words(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path, spoiler: Between
) -> None:
    spoiler.before = refuse_plans
    talk = set_up(workspace, engine, tmp_path, slack_api_url=spoiler.url, progress_style="plan")
    with talk.bot():
        planned(talk)
        press(talk)
        ends_well(talk)
        kept = threads.messages(engine, 1)["checklist"]
        shown = next(one for one in posted(talk) if one.ts == kept.ts)
        assert {block["type"] for block in shown.blocks} == {"section"}
        assert "17. " in str(shown.blocks)


def test_a_plan_block_that_was_refused_is_not_offered_at_each_update_again(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path, spoiler: Between
) -> None:
    spoiler.before = refuse_plans
    talk = set_up(workspace, engine, tmp_path, slack_api_url=spoiler.url, progress_style="plan")
    with talk.bot():
        planned(talk)
        press(talk)
        ends_well(talk)
        assert sum(refuse_plans(said) is not None for said in spoiler.said) <= 1


@with_everything
@pytest.mark.parametrize("style", ["classic", "plan", "refused plan"])
def test_ten_runs_at_once_draw_no_429_and_stand_right_in_the_end(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path, spoiler: Between, style: str
) -> None:
    spoiler.before = refuse_plans if style == "refused plan" else spoiler.before
    shown = {"progress_style": "classic" if style == "classic" else "plan", "secret_intake": "modal"}
    talk = set_up(workspace, engine, tmp_path, onespot_workers=5, slack_api_url=spoiler.url, **shown)
    talk.hands = EachTheirOwn()
    workspace.limits = True
    numbers = range(1, 11)
    with talk.bot(paced=True):
        for number in numbers:
            ask(talk, practice=f"Practice {number}")
        for number in numbers:
            talk.becomes(RunStatus.PLANNED, number, patience=30)
            approve(talk, number)
        for number in numbers:
            talk.becomes(RunStatus.SUCCEEDED, number, patience=60)
        until(lambda: all("17/17" in said(talk, number, "root") for number in numbers), "the roots", 150)
        until(lambda: all("17 of 17" in said(talk, number, "checklist") for number in numbers), "the steps", 150)
    assert [call.method for call in workspace.calls if call.outcome == "ratelimited"] == []
    assert len(posted(talk)) == sum(len(threads.messages(engine, number)) for number in numbers)


def said(talk: Talk, run_id: int, key: str) -> str:
    kept = threads.messages(talk.engine, run_id).get(key)
    return kept.said if kept else ""


# --- outages


@pytest.mark.parametrize("fault", daily(["down", "http-500", "rate-storm", "slow"], "down", "rate-storm"))
def test_an_outage_in_the_middle_of_a_run_is_caught_up(talk: Talk, fault: str) -> None:
    talk.slack.dials.slow = 0.5
    planned(talk)
    held = hold(talk, 9)
    talk.ehr.before[4] = lambda: talk.slack.faults.on(fault)
    press(talk)
    held.wait()
    time.sleep(1)
    calls = len(talk.slack.calls)
    talk.slack.faults.off(fault)
    held.go_on.set()
    ends_well(talk)
    assert calls < 40


@pytest.mark.parametrize("fault", daily(["http-500", "rate-storm"], "http-500"))
def test_an_outage_when_the_run_is_asked_for_is_caught_up(talk: Talk, fault: str) -> None:
    talk.slack.dials.storm = "chat.postMessage"
    ana = talk.person()
    ana.command("/onespot-provision", CHANNEL)
    form = ana.modal("Provision OneSpot")
    form.fill("Practice name", "Lumen Eye")
    form.fill("Administrator username", "mhalloran")
    talk.slack.faults.on(fault)
    assert form.submit() == {}
    time.sleep(1.5)
    talk.slack.faults.off(fault)
    ana.sees("OneSpot for Lumen Eye", timeout=30)
    assert talk.run().status is RunStatus.REQUESTED
    ana.press("Enter the administrator's password", ana.sees("Waiting for the administrator's password"))
    give_password(talk)
    talk.becomes(RunStatus.PLANNED)
    press(talk)
    ends_well(talk)


# --- odd and lost answers


ODD = [
    Spoiled(200, "<html>sorry</html>"),
    Spoiled(200, ""),
    Spoiled(502, "{}"),
    Spoiled(200, '{"ok": false}'),
    Spoiled(lost=True),
    Spoiled(200, "[]"),
]


@pytest.mark.parametrize(
    "answer", daily(ODD, ODD[0], ODD[3], ODD[4]), ids=["a page", "nothing", "502", "no word", "lost", "a list"]
)
def test_an_answer_that_makes_no_sense_stops_nothing(spoiled: Talk, spoiler: Between, answer: Spoiled) -> None:
    odd = [answer]
    ask(spoiled)
    spoiler.before = lambda said: odd.pop() if odd and said.method == "chat.update" else None
    give_password(spoiled)
    spoiled.becomes(RunStatus.PLANNED)
    spoiled.person("U0BEN").sees("may this be done?", timeout=5)
    press(spoiled)
    ends_well(spoiled)
    assert odd == []


METHODS = ["chat.update", "chat.postEphemeral", "users.info", "usergroups.users.list"]


@pytest.mark.parametrize("method", daily(METHODS, "chat.update", "usergroups.users.list"))
def test_an_answer_that_is_lost_after_the_deed_changes_nothing(spoiled: Talk, spoiler: Between, method: str) -> None:
    lost = [1]
    spoiler.after = lambda said: Spoiled(lost=True) if said.method == method and lost and lost.pop() else None
    planned(spoiled)
    press(spoiled)
    ends_well(spoiled)
    assert lost == []


def test_a_form_is_asked_for_while_slack_is_slow_to_say_who_the_approvers_are(spoiled: Talk, spoiler: Between) -> None:
    said = spoiler.count("usergroups.users.list")
    spoiler.before = lambda call: time.sleep(5) if call.method == "usergroups.users.list" else None
    began = time.monotonic()
    ask(spoiled)
    spoiled.person().command("/onespot-check Lumen Eye", CHANNEL)
    spoiled.person().sees("has no account yet")
    assert time.monotonic() - began < 3
    assert spoiler.count("usergroups.users.list") == said


# --- sockets, acks, events


def test_a_socket_that_is_cut_in_the_middle_of_a_run_comes_back_and_later_clicks_count(socketed: Talk) -> None:
    talk = socketed
    planned(talk)
    held = hold(talk, 5)
    press(talk)
    held.wait()
    talk.slack.cut_sockets()
    held.go_on.set()
    ends_well(talk)
    until(lambda: talk.slack.connections > 0, "the connection", 30)
    press(talk, "Check now", "U0ANA")
    talk.person().sees("healthy")
    until(lambda: not strays(talk), "the note that it was posted")


def test_sockets_that_are_dropped_for_seconds_are_not_knocked_at_hot(socketed: Talk) -> None:
    talk = socketed
    planned(talk)
    before = len(talk.slack.calls)
    talk.slack.faults.on("drop-sockets")
    time.sleep(1.5)
    knocks = sum(call.method == "apps.connections.open" for call in talk.slack.calls[before:])
    talk.slack.faults.off("drop-sockets")
    assert knocks < 10
    until(lambda: talk.slack.connections > 0, "the connection", 30)
    until(lambda: pressed(talk, "Approve"), "a click that arrives", 20)
    ends_well(talk)


def pressed(talk: Talk, button: str) -> bool:
    """A press, as people repeat one that didn't work."""
    try:
        press(talk, button)
    except NotSeen:
        return False
    return True


def test_a_socket_that_is_replaced_at_slacks_wish_loses_nothing(socketed: Talk) -> None:
    talk = socketed
    planned(talk)
    talk.slack.refresh_sockets()
    until(lambda: pressed(talk, "Approve"), "a click that arrives", 20)
    ends_well(talk)
    assert len(runs.approvals(talk.engine, 1)) == 1


@pytest.mark.parametrize("mode", daily(["socket", "http"], "socket"))
def test_a_click_whose_ack_is_lost_counts_once(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path, mode: str
) -> None:
    talk = set_up(workspace, engine, tmp_path, mode=mode)
    workspace.dials.patience = 0.5
    with talk.bot():
        planned(talk)
        workspace.faults.on("lose-acks")
        card = talk.person("U0BEN").sees("may this be done?")
        for _ in range(2):
            with pytest.raises(NotSeen):
                talk.person("U0BEN").press("Approve", message=card)
        workspace.faults.off("lose-acks")
        ends_well(talk)
        assert len(runs.approvals(engine, 1)) == 1
        assert talk.ehr.logins == 1


def test_a_form_whose_ack_is_lost_makes_one_run_and_the_second_try_says_where_it_is(talk: Talk) -> None:
    talk.slack.dials.patience = 0.5
    ana = talk.person()
    ana.command("/onespot-provision", CHANNEL)
    form = ana.modal("Provision OneSpot")
    form.fill("Practice name", "Lumen Eye")
    form.fill("Administrator username", "mhalloran")
    talk.slack.faults.on("lose-acks")
    assert "" in form.submit()
    talk.slack.faults.off("lose-acks")
    assert set(ana.modal("Provision OneSpot").submit()) == {"Practice name"}
    ana.sees("has an unfinished run")
    assert runs.get(talk.engine, 2) is None
    until(lambda: is_right(talk), "the thread")
    assert strays(talk) == []


@pytest.mark.parametrize("mode", daily(["socket", "http"], "http"))
def test_events_that_come_twice_draw_the_home_tab_and_nothing_else(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path, mode: str
) -> None:
    talk = set_up(workspace, engine, tmp_path, mode=mode)
    with talk.bot():
        planned(talk)
        workspace.faults.on("duplicate-events")
        before = len(workspace.calls)
        assert "Lumen Eye" in talk.person("U0BEN").home()
        until(lambda: count(workspace, before, "views.publish") == 2, "both")
        time.sleep(0.3)
        assert {call.method for call in workspace.calls[before:]} <= {"views.publish", "ack", "usergroups.users.list"}
        assert strays(talk) == []


def count(slack: SandboxSlack, since: int, method: str) -> int:
    return sum(call.method == method for call in slack.calls[since:])
