"""Modals and the Home tab with a small Bolt app: what is checked, what the app gets, and what its answer does."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient

from sandbox.slack.person import Person
from sandbox.slack.seen import NotSeen
from sandbox.slack.server import SandboxSlack
from tests.sandbox.slack.conftest import Connection, over_sockets
from tests.sandbox.slack.kit import Heard, Json, actions, button, home, modal, option, section, select, typed

COMMAND = "/onespot-check"


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
