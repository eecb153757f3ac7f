"""A small Bolt app in the stand-in workspace, reached in both ways: what people do there, and what it answers."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from sandbox.slack.person import Person
from sandbox.slack.seen import NotSeen
from sandbox.slack.server import SandboxSlack
from tests.sandbox.slack.conftest import Connection, over_sockets
from tests.sandbox.slack.kit import Json, actions, button, home, modal, option, section, select, typed

COMMAND = "/onespot-check"


class Heard:
    """The payloads that an app got."""

    def __init__(self) -> None:
        self.bodies: list[Json] = []
        self.came = threading.Event()

    def __call__(self, body: Json) -> None:
        self.bodies.append(body)
        self.came.set()

    def wait(self) -> Json:
        assert self.came.wait(5)
        return self.bodies[-1]


def opens(app: App, view: Json) -> None:
    """The command opens a modal."""

    @app.command(COMMAND)
    def command(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=view)


def answers(app: App, heard: Heard, **said: Any) -> None:
    """A submitted modal gets this acknowledgement."""

    @app.view("form")
    def submitted(ack: Ack, body: Json) -> None:
        heard(body)
        ack(**said)


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


# --- modals


def test_a_submission_comes_in_full_and_an_empty_answer_closes_the_modal(
    slack: SandboxSlack, app: App, connected: Connection, ana: Person
) -> None:
    heard = Heard()
    view = modal(
        typed(), typed("Notes", "notes", optional=True), section(accessory=select("one")), private_metadata="m"
    )
    opens(app, view)
    answers(app, heard)
    with connected(slack, app):
        ana.command(COMMAND, "onboarding")
        form = ana.modal("A form")
        form.fill("Name", "Lumen Eye")
        assert form.submit() == {}
        ana.no_modal()
    body = heard.wait()
    assert (body["type"], body["response_urls"], body["view"]["private_metadata"]) == ("view_submission", [], "m")
    assert body["view"]["callback_id"] == "form"
    values = body["view"]["state"]["values"]
    assert values["name"]["typed"] == {"type": "plain_text_input", "value": "Lumen Eye"}
    assert values["notes"]["typed"]["value"] is None
    assert [one for block in values.values() for one in block.values() if one["type"] == "static_select"] == [
        {"type": "static_select", "selected_option": None}
    ]


def test_slack_itself_checks_the_fields_before_the_app_hears_of_it(slack: SandboxSlack, app: App, ana: Person) -> None:
    heard = Heard()
    number = {"type": "number_input", "action_id": "n", "is_decimal_allowed": False, "max_value": "9"}
    fields = [
        typed(),
        typed("Short", "short", element={"max_length": 3}),
        typed("Long", "long", element={"min_length": 3}),
        typed("Mail", "mail") | {"element": {"type": "email_text_input", "action_id": "m"}},
        typed("Link", "link") | {"element": {"type": "url_text_input", "action_id": "u"}},
        typed("Number", "number") | {"element": number},
    ]
    opens(app, modal(*fields))
    answers(app, heard)
    with over_sockets(slack, app):
        ana.command(COMMAND, "onboarding")
        form = ana.modal()
        for label, value in (("Short", "xxxx"), ("Long", "x"), ("Mail", "x"), ("Link", "x"), ("Number", "10")):
            form.fill(label, value)
        assert set(form.submit()) == {"Name", "Short", "Long", "Mail", "Link", "Number"}
        assert heard.bodies == []
        assert "Please complete this required field." in ana.modal().text


def test_the_app_says_what_is_wrong_at_a_field_and_what_was_typed_stays(
    slack: SandboxSlack, app: App, connected: Connection, ana: Person
) -> None:
    opens(app, modal())
    answers(app, Heard(), response_action="errors", errors={"name": "Nobody is called so."})
    with connected(slack, app):
        ana.command(COMMAND, "onboarding")
        form = ana.modal()
        form.fill("Name", "X")
        assert form.submit() == {"Name": "Nobody is called so."}
    assert ana.modal().value("Name") == "X"
    assert "Nobody is called so." in ana.modal().text


@pytest.mark.parametrize(
    ("said", "titles"),
    [
        ({"response_action": "update", "view": modal(title="Other")}, ["Other"]),
        ({"response_action": "push", "view": modal(title="Other")}, ["A form", "Other"]),
        ({"response_action": "clear"}, []),
    ],
    ids=["update", "push", "clear"],
)
def test_a_modal_goes_on_as_the_answer_says(
    slack: SandboxSlack, app: App, ana: Person, said: Json, titles: list[str]
) -> None:
    opens(app, modal(typed(optional=True)))
    answers(app, Heard(), **said)
    with over_sockets(slack, app):
        ana.command(COMMAND, "onboarding")
        assert ana.modal().submit() == {}
    assert [view["title"]["text"] for view in ana.view()["modals"]] == titles


@pytest.mark.parametrize(
    "said",
    [
        {"response_action": "errors", "errors": {"nowhere": "There is no such field"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "update", "view": modal(title="x" * 25)},
        {"response_action": "dance"},
    ],
    ids=["unknown field", "no errors", "wrong view", "unknown deed"],
)
def test_after_a_wrong_answer_the_modal_stays_and_says_there_was_trouble(
    slack: SandboxSlack, app: App, ana: Person, said: Json
) -> None:
    opens(app, modal(typed(optional=True)))

    @app.view("form")
    def submitted(ack: Ack) -> Any:
        return ack(**said)

    with over_sockets(slack, app):
        ana.command(COMMAND, "onboarding")
        assert list(ana.modal().submit()) == [""]
    assert "We had some trouble connecting" in ana.modal().text


def test_a_submission_without_an_answer_leaves_the_modal_open(slack: SandboxSlack, app: App, ana: Person) -> None:
    opens(app, modal(typed(optional=True)))
    answers(app, Heard())
    with over_sockets(slack, app):
        ana.command(COMMAND, "onboarding")
        slack.dials.patience = 0.1
        slack.faults.on("lose-acks")
        assert "operation_timeout" in ana.modal().submit()[""]
        assert "We had some trouble connecting" in ana.modal().text
        slack.faults.off("lose-acks")
        assert ana.modal().submit() == {}
        ana.no_modal()


def test_closing_is_told_only_when_the_view_asks_for_it(slack: SandboxSlack, app: App, ana: Person) -> None:
    heard = Heard()
    opens(app, modal(notify_on_close=True))

    @app.view_closed("form")
    def closed(ack: Ack, body: Json) -> None:
        ack()
        heard(body)

    with over_sockets(slack, app):
        ana.command(COMMAND, "onboarding")
        ana.modal().close()
        body = heard.wait()
    assert (body["type"], body["is_cleared"]) == ("view_closed", False)
    assert "trigger_id" not in body
    assert ana.view()["modals"] == []


def test_a_button_in_a_modal_brings_what_is_typed_and_may_push(
    slack: SandboxSlack, app: App, client: WebClient, ana: Person
) -> None:
    heard = Heard()
    opens(app, modal(typed(), actions(button())))

    @app.action("go")
    def go(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        heard(body)
        client.views_push(trigger_id=body["trigger_id"], view=modal(title="Second"))

    with over_sockets(slack, app):
        ana.command(COMMAND, "onboarding")
        form = ana.modal("A form")
        form.fill("Name", "Lumen")
        ana.press("Go", form)
        assert ana.modal("Second").fields == ["Name"]
    body = heard.wait()
    assert body["container"] == {"type": "view", "view_id": form.raw["id"]}
    assert body["view"]["state"]["values"]["name"]["typed"]["value"] == "Lumen"
    assert "response_url" not in body


def test_all_kinds_of_fields_can_be_filled_in(slack: SandboxSlack, app: App, ana: Person) -> None:
    heard = Heard()
    elements: dict[str, Json] = {
        "Select": select("one", "two"),
        "Radio": {"type": "radio_buttons", "action_id": "r", "options": [option("one"), option("two")]},
        "Boxes": {"type": "checkboxes", "action_id": "c", "options": [option("one"), option("two")]},
        "Person": {"type": "users_select", "action_id": "u"},
        "Date": {"type": "datepicker", "action_id": "d"},
    }
    opens(app, modal(*[typed(name, name) | {"element": element} for name, element in elements.items()]))
    answers(app, heard)
    with over_sockets(slack, app):
        ana.command(COMMAND, "onboarding")
        form = ana.modal()
        form.choose("Select", "Two")
        form.choose("Radio", "One")
        form.choose("Boxes", "One", "Two")
        form.choose("Person", "Ben Okafor")
        form.fill("Date", "2026-11-30")
        with pytest.raises(NotSeen, match="There are: One, Two"):
            form.choose("Select", "Three")
        assert form.submit() == {}
    values = heard.wait()["view"]["state"]["values"]
    assert values["Select"]["pick"]["selected_option"]["value"] == "two"
    assert values["Radio"]["r"]["selected_option"]["value"] == "one"
    assert [one["value"] for one in values["Boxes"]["c"]["selected_options"]] == ["one", "two"]
    assert values["Person"]["u"]["selected_user"] == "U0BEN"
    assert values["Date"]["d"]["selected_date"] == "2026-11-30"


# --- the Home tab


def test_opening_the_home_tab_is_an_event(slack: SandboxSlack, app: App, connected: Connection, ana: Person) -> None:
    heard = Heard()

    @app.event("app_home_opened")
    def opened(event: Json, body: Json, client: WebClient) -> None:
        heard(body)
        client.views_publish(user_id=event["user"], view=home(section("Hello *you*"), actions(button())))

    @app.action("go")
    def go(ack: Ack, body: Json) -> None:
        ack()
        heard(body)

    with connected(slack, app):
        tab = ana.home()
        assert "Hello you" in tab
        assert tab.buttons == ["Go"]
        body = heard.wait()
        ana.press("Go", tab)
    assert (body["type"], body["event"]["tab"], body["event"]["user"]) == ("event_callback", "home", "U0ANA")
    assert body["authorizations"][0]["user_id"] == "U0BOT"
    assert body["event"]["channel"].startswith("D")
    assert heard.bodies[-1]["view"]["type"] == "home"
