"""A small Bolt app in the stand-in workspace, reached in both ways: what people do there, and what it answers."""

from __future__ import annotations

import threading

import pytest
from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from sandbox.slack.person import Person
from sandbox.slack.seen import NotSeen
from sandbox.slack.server import SandboxSlack
from tests.sandbox.slack.conftest import Connection, over_sockets
from tests.sandbox.slack.kit import Heard, Json, actions, button, section, select

COMMAND = "/onespot-check"


# --- commands


def test_a_command_comes_in_full_and_its_answer_is_for_one(
    slack: SandboxSlack, app: App, connected: Connection, ana: Person, ben: Person
) -> None:
    heard = Heard()

    @app.command(COMMAND)
    def command(ack: Ack, body: Json) -> None:
        heard(body)
        ack(text="Checking *now*")

    with connected(slack, app):
        ana.command(f"{COMMAND}  Lumen Eye ", "onboarding")
        assert ana.sees("Checking now").ephemeral
        assert ben.messages("onboarding") == []
    body = heard.wait()
    assert {name: body[name] for name in ("command", "text", "user_id", "user_name", "channel_id", "channel_name")} == {
        "command": COMMAND,
        "text": "Lumen Eye",
        "user_id": "U0ANA",
        "user_name": "ana",
        "channel_id": "C0ONBOARD",
        "channel_name": "onboarding",
    }
    assert (body["team_id"], body["team_domain"]) == ("T0SANDBOX", "sandbox-optics")
    assert (body["api_app_id"], body["is_enterprise_install"]) == ("A0ONESPOT", "false")


def test_a_command_may_answer_with_blocks_or_in_the_channel(
    slack: SandboxSlack, app: App, ana: Person, ben: Person
) -> None:
    said: list[Json] = [
        {"text": "x", "blocks": [section("In *blocks*")]},
        {"text": "All", "response_type": "in_channel"},
    ]

    @app.command(COMMAND)
    def command(ack: Ack) -> None:
        ack(**said.pop(0))

    with over_sockets(slack, app):
        ana.command(COMMAND, "onboarding")
        assert ana.sees("In blocks").ephemeral
        ana.command(COMMAND, "onboarding")
        assert not ben.sees("All").ephemeral


def test_an_answer_that_slack_can_not_show_is_an_error_for_the_person(
    slack: SandboxSlack, app: App, ana: Person
) -> None:
    @app.command(COMMAND)
    def command(ack: Ack) -> None:
        ack(text="x", blocks=[section("x" * 3001)])

    with over_sockets(slack, app), pytest.raises(NotSeen, match="invalid_blocks"):
        ana.command(COMMAND, "onboarding")


def test_a_late_acknowledgement_is_an_operation_timeout(
    slack: SandboxSlack, app: App, connected: Connection, ana: Person
) -> None:
    go_on = threading.Event()

    @app.command(COMMAND)
    def command(ack: Ack) -> None:
        go_on.wait(5)
        ack(text="too late")

    slack.dials.patience = 0.1
    with connected(slack, app):
        with pytest.raises(NotSeen, match="operation_timeout"):
            ana.command(COMMAND, "onboarding")
        go_on.set()
    assert ana.notices() == [f"{COMMAND} failed with the error “operation_timeout”"]
    assert ana.all_seen("too late") == []


def test_without_an_app_a_command_is_not_dispatched(slack: SandboxSlack, ana: Person) -> None:
    with pytest.raises(NotSeen, match="dispatch_failed"):
        ana.command(COMMAND, "onboarding")
    assert ana.view()["app"]["online"] is False


def test_a_command_that_is_not_in_the_manifest_is_none(slack: SandboxSlack, ana: Person) -> None:
    with pytest.raises(NotSeen, match="invalid_command"):
        ana.command("/remind me", "onboarding")
    assert ana.notices() == ["/remind is not a valid command."]


# --- buttons


def test_a_press_comes_in_full(
    slack: SandboxSlack, app: App, connected: Connection, client: WebClient, ana: Person
) -> None:
    heard = Heard()

    @app.action("go")
    def go(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        heard(body)
        client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="Gone", blocks=[])

    with connected(slack, app):
        root = client.chat_postMessage(channel="C0ONBOARD", text="root")["ts"]
        blocks = [section(block_id="s"), actions(button(value="7"), button("Other", "other"), block_id="b")]
        ts = client.chat_postMessage(channel="C0ONBOARD", text="card", blocks=blocks, thread_ts=root)["ts"]
        ana.press("Go")
        ana.sees("Gone")
    body = heard.wait()
    assert body["type"] == "block_actions"
    assert body["user"] == {"id": "U0ANA", "username": "ana", "name": "ana", "team_id": "T0SANDBOX"}
    assert body["team"] == {"id": "T0SANDBOX", "domain": "sandbox-optics"}
    assert body["channel"] == {"id": "C0ONBOARD", "name": "onboarding"}
    assert body["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": "C0ONBOARD",
        "is_ephemeral": False,
        "thread_ts": root,
    }
    assert (body["enterprise"], body["is_enterprise_install"], body["api_app_id"]) == (None, False, "A0ONESPOT")
    assert (body["message"]["text"], body["message"]["thread_ts"]) == ("card", root)
    action = body["actions"][0]
    assert (action["action_id"], action["block_id"], action["value"]) == ("go", "b", "7")
    assert action["text"] == {"type": "plain_text", "text": "Go", "emoji": True}
    assert body["trigger_id"]
    assert body["response_url"].startswith(f"{slack.origin}/response/actions/")


def test_a_press_in_an_ephemeral_message_brings_no_message_and_can_replace_it(
    slack: SandboxSlack, app: App, client: WebClient, ana: Person
) -> None:
    heard = Heard()

    @app.action("go")
    def go(ack: Ack, body: Json, respond: Respond) -> None:
        ack()
        heard(body)
        respond(text="Replaced", replace_original=True)

    with over_sockets(slack, app):
        client.chat_postEphemeral(channel="C0ONBOARD", user="U0ANA", text="x", blocks=[actions(button())])
        ana.press("Go")
        assert ana.sees("Replaced").ephemeral
    body = heard.wait()
    assert "message" not in body
    assert body["container"]["is_ephemeral"] is True
    assert len(ana.messages("onboarding")) == 1


def test_a_choice_comes_as_an_option_and_stays_chosen(
    slack: SandboxSlack, app: App, client: WebClient, ana: Person
) -> None:
    heard = Heard()

    @app.action("pick")
    def pick(ack: Ack, body: Json) -> None:
        ack()
        heard(body)

    with over_sockets(slack, app):
        client.chat_postMessage(channel="C0ONBOARD", text="x", blocks=[actions(select("one", "two"), block_id="b")])
        ana.pick("Two")
    body = heard.wait()
    assert body["actions"][0]["selected_option"]["value"] == "two"
    assert body["state"]["values"]["b"]["pick"]["selected_option"]["value"] == "two"
    assert slack.state.channels["C0ONBOARD"].messages[0].values == body["state"]["values"]


def test_a_question_is_asked_before_a_press(slack: SandboxSlack, app: App, client: WebClient, ana: Person) -> None:
    heard = Heard()

    @app.action("go")
    def go(ack: Ack, body: Json) -> None:
        ack()
        heard(body)

    sure = {name: {"type": "plain_text", "text": name} for name in ("title", "text", "confirm", "deny")}
    with over_sockets(slack, app):
        client.chat_postMessage(channel="C0ONBOARD", text="x", blocks=[actions(button(confirm=sure))])
        ana.press("Go", confirm=False)
        assert heard.bodies == []
        ana.press("Go")
        heard.wait()


def test_a_press_without_an_answer_is_said_to_the_person(
    slack: SandboxSlack, app: App, client: WebClient, ana: Person
) -> None:
    @app.action("go")
    def go(ack: Ack) -> None:
        ack()

    slack.dials.patience = 0.1
    slack.faults.on("lose-acks")
    with over_sockets(slack, app):
        client.chat_postMessage(channel="C0ONBOARD", text="x", blocks=[actions(button())])
        with pytest.raises(NotSeen, match="operation_timeout"):
            ana.press("Go")
    assert "operation_timeout" in ana.notices()[0]


def test_what_was_seen_before_a_change_can_still_be_pressed(
    slack: SandboxSlack, app: App, client: WebClient, ana: Person
) -> None:
    heard = Heard()

    @app.action("go")
    def go(ack: Ack, body: Json) -> None:
        ack()
        heard(body)

    with over_sockets(slack, app):
        ts = client.chat_postMessage(channel="C0ONBOARD", text="x", blocks=[section("card"), actions(button())])["ts"]
        card = ana.sees("card")
        client.chat_update(channel="C0ONBOARD", ts=ts, text="Over", blocks=[])
        ana.press("Go", message=card)
        assert heard.wait()["message"]["text"] == "Over"
        with pytest.raises(NotSeen, match="Over"):
            ana.press("Go", timeout=0.1)


def test_a_stranger_acts_from_another_workspace(slack: SandboxSlack, app: App, client: WebClient) -> None:
    heard = Heard()

    @app.action("go")
    def go(ack: Ack, body: Json) -> None:
        ack()
        heard(body)

    with over_sockets(slack, app):
        client.chat_postMessage(channel="C0ONBOARD", text="x", blocks=[actions(button())])
        Person(slack.origin, "U9EVE").press("Go")
    assert heard.wait()["user"]["team_id"] == "T9OTHER"
