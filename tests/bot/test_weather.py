"""Slack's bad weather: its rates, outages, deleted messages. The run goes on, and afterwards the thread is right.

The stand-in keeps Slack's documented rates here, and misbehaves by its faults.
"""

from __future__ import annotations

import http.client
import logging
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from automation.revolutionehr.walking import Outcome
from bot.hands import steps_of
from bot.messages import thread
from bot.office import read_view
from bot.run_view import RunView
from sandbox.slack import SandboxSlack
from storage import runs, threads
from storage.models import Plan, RunStatus, Verdict, utcnow
from tests.bot.talk import ADMIN_PASSWORD, CHANNEL, Talk, ask, give_password, set_up, until
from tests.bot.tiny import TinyHands
from tests.onespot import daily, with_everything


def view_of(talk: Talk, run_id: int = 1) -> RunView:
    view = read_view(talk.engine, run_id, titles=steps_of, approvers="<!subteam^S0LEADS>", style="classic")
    assert view is not None
    return view


def is_right(talk: Talk, run_id: int = 1) -> bool:
    """Whether Slack has every message of the run as it should be now, each once."""
    wanted = {message.key: message.text for message in thread(view_of(talk, run_id))}
    kept = threads.messages(talk.engine, run_id)
    if not wanted.keys() <= kept.keys():
        return False  # without looking at Slack, which costs more
    shown = {one["ts"]: one["text"] for one in everything(talk)}
    return all(shown.get(kept[key].ts) == text for key, text in wanted.items())


def everything(talk: Talk) -> list[dict[str, Any]]:
    """Every message of the channel and its threads that the bot posted for all."""
    channels = talk.person().view()["channels"]
    roots = [m for one in channels if one["id"] == CHANNEL for m in one["messages"] if not m.get("ephemeral")]
    return roots + [reply for root in roots for reply in root["replies"] if not reply.get("ephemeral")]


def approve(talk: Talk, run_id: int = 1) -> None:
    """As Ben would, but without Slack; the sweep finds it."""
    run = talk.run(run_id)
    assert run.plan_hash is not None
    assert runs.approve(talk.engine, run_id, run.plan_hash, Verdict.APPROVED, "U0BEN", now=utcnow())


def planned(talk: Talk) -> None:
    ask(talk)
    give_password(talk)
    talk.becomes(RunStatus.PLANNED)
    until(lambda: is_right(talk), "the plan")


@pytest.mark.parametrize("fault", daily(["down", "http-500", "rate-storm", "slow"], "http-500", "slow"))
def test_a_slack_that_is_not_itself_for_the_whole_walk_has_the_right_thread_afterwards(talk: Talk, fault: str) -> None:
    planned(talk)
    talk.ehr.before[1] = lambda: talk.slack.faults.on(fault)
    talk.person("U0BEN").press("Approve")
    talk.becomes(RunStatus.SUCCEEDED, patience=20)
    talk.slack.faults.off(fault)
    until(lambda: is_right(talk), "the thread", 40)
    assert max(Counter(one["ts"] for one in everything(talk)).values()) == 1
    assert sum("OneSpot for Lumen Eye" in one["text"] for one in everything(talk)) == 1


def test_a_socket_that_is_dropped_is_there_again_and_nothing_is_posted_twice(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path
) -> None:
    talk = set_up(workspace, engine, tmp_path)
    with talk.bot():
        planned(talk)
        talk.slack.cut_sockets()
        until(lambda: talk.slack.connections > 0, "the connection", 30)
        talk.person("U0BEN").press("Approve")
        talk.becomes(RunStatus.SUCCEEDED)
        until(lambda: is_right(talk), "the thread")
    assert sum("OneSpot for Lumen Eye" in one["text"] for one in everything(talk)) == 1


@pytest.mark.parametrize("key", ["root", "checklist"])
def test_a_message_that_somebody_deleted_is_posted_again(talk: Talk, key: str) -> None:
    here, go_on = threading.Event(), threading.Event()
    talk.ehr.before[5] = lambda: (here.set(), go_on.wait(20))
    planned(talk)
    talk.person("U0BEN").press("Approve")
    assert here.wait(20)
    until(lambda: key in threads.messages(talk.engine, 1), key)
    kept = threads.messages(talk.engine, 1)[key]
    messages = talk.slack.state.channels[kept.channel].messages
    messages.remove(next(one for one in messages if one.ts == kept.ts))
    go_on.set()
    talk.becomes(RunStatus.SUCCEEDED)
    until(lambda: is_right(talk), "the thread", 20)


def test_a_channel_that_is_archived_in_the_middle_fails_nothing_and_is_not_knocked_at_without_end(talk: Talk) -> None:
    planned(talk)
    talk.ehr.before[1] = lambda: talk.slack.faults.on("channel-archived")
    before = len(talk.slack.calls)
    talk.person("U0BEN").press("Approve")
    talk.becomes(RunStatus.SUCCEEDED)
    time.sleep(1)
    assert len(talk.slack.calls) - before < 20


def test_slacks_plan_block_ticks_off_the_steps_where_that_is_set(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path
) -> None:
    talk = set_up(workspace, engine, tmp_path, progress_style="plan")
    with talk.bot():
        planned(talk)
        talk.person("U0BEN").press("Approve")
        talk.becomes(RunStatus.SUCCEEDED)
        kept = until(lambda: threads.messages(engine, 1).get("checklist"), "the checklist")
        until(lambda: "17 of 17" in threads.messages(engine, 1)["checklist"].said, "the end")
        shown = next(one for one in everything(talk) if one["ts"] == kept.ts)
        assert shown["blocks"][0]["type"] == "plan"
        assert {task["status"] for task in shown["blocks"][0]["tasks"]} == {"complete"}


class EachTheirOwn(TinyHands):
    """Hands for many practices, each with an EHR of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.ehrs: dict[int, TinyHands] = defaultdict(TinyHands)

    def make_plan(self, browser: Any, address: Any, admin: Any, wanted: Any, keep: Any, *, adopt: bool) -> Plan:
        return self.ehrs[keep.practice.id].make_plan(browser, address, admin, wanted, keep, adopt=adopt)

    def provision(self, *given: Any, adopt: bool) -> Outcome:
        keep = given[5]
        return self.ehrs[keep.practice.id].provision(*given, adopt=adopt)


@with_everything
def test_ten_runs_at_once_end_with_the_right_threads_under_slacks_rates(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path
) -> None:
    talk = set_up(workspace, engine, tmp_path, secret_intake="modal", onespot_workers=5)
    talk.hands = EachTheirOwn()
    workspace.limits = True
    with talk.bot(paced=True):
        for number in range(1, 11):
            ask(talk, practice=f"Practice {number}")
        for number in range(1, 11):
            talk.becomes(RunStatus.PLANNED, number, patience=30)
            approve(talk, number)
        for number in range(1, 11):
            talk.becomes(RunStatus.SUCCEEDED, number, patience=60)
        until(lambda: all(is_right(talk, number) for number in range(1, 11)), "all threads", 150)
        refused = [call.method for call in workspace.calls if call.outcome == "ratelimited"]
        assert refused == []


# --- the door


def test_a_wrong_signature_is_401_and_its_body_is_in_no_log(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    talk = set_up(workspace, engine, tmp_path, mode="http")
    with talk.bot() as running:
        path = "/slack/events"
        body = f"command=%2Fonespot-provision&text={ADMIN_PASSWORD}"
        now = str(int(time.time()))
        for headers in (
            {},
            {"X-Slack-Signature": "v0=" + "0" * 64, "X-Slack-Request-Timestamp": now},
            {"X-Slack-Signature": "v0=" + "0" * 64, "X-Slack-Request-Timestamp": str(int(time.time()) - 600)},
        ):
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            asking = http.client.HTTPConnection("127.0.0.1", running.port, timeout=10)
            asking.request("POST", path, body, {**kind, **headers})
            assert asking.getresponse().status == 401
            asking.close()
    assert ADMIN_PASSWORD not in caplog.text
