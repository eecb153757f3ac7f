"""Modals and the Home tab in the stand-in Slack: triggers, stacks, hashes, and what a view must be like."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import InputBlock, PlainTextInputElement
from slack_sdk.models.views import View

from sandbox.slack.person import Person
from sandbox.slack.server import SandboxSlack
from sandbox.slack.views import view_problems
from tests.sandbox.slack.conftest import Clock
from tests.sandbox.slack.kit import Json, home, modal, plain, section, typed, without
from tests.sandbox.slack.test_web_api import error

WRONG: dict[str, tuple[Json, str]] = {
    "no title": (modal() | {"title": None}, "missing required field: title"),
    "title too long": (modal(title="x" * 25), "must be less than 25 characters"),
    "submit too long": (modal(submit=plain("x" * 25)), "must be less than 25 characters"),
    "close too long": (modal(close=plain("x" * 25)), "must be less than 25 characters"),
    "title a string": (modal() | {"title": "A form"}, "must provide an object"),
    "no submit for an input": (without(modal(), "submit"), "missing required field: submit"),
    "null": (modal() | {"close": None}, "must not be null"),
    "private_metadata too long": (modal(private_metadata="x" * 3001), "must be less than 3001 characters"),
    "private_metadata an object": (modal(private_metadata={"run": 1}), "must be a string"),
    "callback_id too long": (modal(callback_id="x" * 256), "must be less than 256 characters"),
    "unknown field": (modal(color="red"), "invalid additional property: color"),
    "no blocks": (without(modal(), "blocks"), "missing required field: blocks"),
    "a wrong block": (modal(section("x" * 3001)), "must be less than 3001 characters"),
    "a Home tab instead": (home(), "must be a valid enum value: modal"),
    "101 blocks": (modal(*[{"type": "divider"}] * 101), "no more than 100 items allowed"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_modal_is_refused_with_what_is_wrong(name: str) -> None:
    view, sentence = WRONG[name]
    assert any(sentence in what for _, what in view_problems(view, "modal")), view_problems(view, "modal")


def test_right_views_are_taken() -> None:
    full = modal(section(), title="x" * 24, private_metadata="x" * 3000, notify_on_close=True, close=plain("Cancel"))
    field = InputBlock(label="L", element=PlainTextInputElement(action_id="a"))
    built = View(type="modal", callback_id="c", title="T", submit="S", close="C", private_metadata="", blocks=[field])
    assert view_problems(full, "modal") == []
    assert view_problems(built.to_dict(), "modal") == []
    assert view_problems(home() | {"callback_id": "home"}, "home") == []
    assert view_problems(home() | {"title": plain()}, "home") == [("/view", "invalid additional property: title")]


def trigger(slack: SandboxSlack, view: str | None = None) -> str:
    return slack.state.new_trigger("U0ANA", view)


def test_a_trigger_opens_one_modal(slack: SandboxSlack, client: WebClient, ana: Person, ben: Person) -> None:
    name = trigger(slack)
    view = client.views_open(trigger_id=name, view=modal())["view"]
    assert (view["root_view_id"], view["previous_view_id"], view["app_id"]) == (view["id"], None, "A0ONESPOT")
    assert view["state"]["values"] == {"name": {"typed": {"type": "plain_text_input", "value": None}}}
    assert ana.modal("A form").fields == ["Name"]
    assert ben.view()["modals"] == []
    assert error(client.views_open, trigger_id=name, view=modal()) == "exchanged_trigger_id"
    assert error(client.views_open, trigger_id="12.34.abc", view=modal()) == "invalid_trigger_id"


def test_a_trigger_lives_three_seconds(slack: SandboxSlack, client: WebClient, clock: Clock) -> None:
    name, other = trigger(slack), trigger(slack)
    clock.pass_(2.9)
    client.views_open(trigger_id=name, view=modal())
    clock.pass_(0.2)
    assert error(client.views_open, trigger_id=other, view=modal()) == "expired_trigger_id"


def test_a_wrong_view_is_said_to_be_so(slack: SandboxSlack, client: WebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        client.views_open(trigger_id=trigger(slack), view=modal(title="x" * 25))
    assert caught.value.response["error"] == "invalid_arguments"
    said = caught.value.response["response_metadata"]["messages"]
    assert said == ["[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"]
    large = modal(*[typed(block=f"{number}", element={"initial_value": "x" * 2900}) for number in range(95)])
    assert error(client.views_open, trigger_id=trigger(slack), view=large) == "view_too_large"


def test_three_modals_lie_on_each_other_at_most(slack: SandboxSlack, client: WebClient, ana: Person) -> None:
    first = client.views_open(trigger_id=trigger(slack), view=modal(title="1"))["view"]
    second = client.views_push(trigger_id=trigger(slack, first["id"]), view=modal(title="2"))["view"]
    third = client.views_push(trigger_id=trigger(slack, second["id"]), view=modal(title="3"))["view"]
    assert (third["root_view_id"], third["previous_view_id"]) == (first["id"], second["id"])
    more = {"trigger_id": trigger(slack, third["id"]), "view": modal(title="4")}
    assert error(client.views_push, **more) == "push_limit_reached"
    ana.modal("3").close()
    assert ana.modal().title == "2"


def test_an_update_keeps_what_was_typed_and_heeds_the_hash(slack: SandboxSlack, client: WebClient, ana: Person) -> None:
    view = client.views_open(trigger_id=trigger(slack), view=modal())["view"]
    slack.state.modals["U0ANA"][0].values["name"]["typed"]["value"] = "Lumen"
    shown = client.views_update(view_id=view["id"], hash=view["hash"], view=modal(typed(), section("more")))["view"]
    assert shown["state"]["values"]["name"]["typed"]["value"] == "Lumen"
    assert ana.modal().value("Name") == "Lumen"
    assert error(client.views_update, view_id=view["id"], hash=view["hash"], view=modal()) == "hash_conflict"
    assert error(client.views_update, view_id="V0NONE", view=modal()) == "not_found"
    ana.modal().close()
    assert error(client.views_update, view_id=view["id"], view=modal()) == "not_found"


def test_an_external_id_is_used_once(slack: SandboxSlack, client: WebClient) -> None:
    given: dict[str, Any] = {"view": modal(external_id="mine")}
    client.views_open(trigger_id=trigger(slack), **given)
    assert error(client.views_open, trigger_id=trigger(slack), **given) == "duplicate_external_id"
    assert client.views_update(external_id="mine", view=modal(title="Other"))["view"]["title"]["text"] == "Other"


def test_everybody_has_a_home_tab_of_their_own(client: WebClient, ana: Person, ben: Person) -> None:
    view = client.views_publish(user_id="U0ANA", view=home())["view"]
    assert view["type"] == "home"
    assert ana.view()["home"]["blocks"][0]["text"]["text"] == "Welcome home"
    assert ben.view()["home"] is None
    again = client.views_publish(user_id="U0ANA", view=home(section("Other")), hash=view["hash"])["view"]
    assert again["id"] == view["id"]
    assert error(client.views_publish, user_id="U0ANA", view=home(), hash=view["hash"]) == "hash_conflict"
    assert error(client.views_publish, user_id="U0ANA", view=modal()) == "invalid_arguments"
    assert error(client.views_publish, user_id="U0NOBODY", view=home()) == "invalid_arguments"
