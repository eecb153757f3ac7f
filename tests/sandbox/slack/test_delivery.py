"""How the stand-in Slack delivers: Socket Mode's connections, HTTP's signatures, retries of events, response_url."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from sandbox.slack.person import Person
from sandbox.slack.server import SandboxSlack
from tests.sandbox.slack.conftest import Clock, Connection, over_http, over_sockets
from tests.sandbox.slack.kit import Json, actions, button, home, section

COMMAND = "/onespot-check"
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""The SDK leaves the socket of a connection that it replaces to the garbage collector."""


def until(look: Callable[[], Any], patience: float = 5.0) -> None:
    """Waits until it is so."""
    end = time.monotonic() + patience
    while not look():
        assert time.monotonic() < end
        time.sleep(0.01)


def acknowledges(app: App, text: str = "ok") -> None:
    @app.command(COMMAND)
    def command(ack: Ack) -> None:
        ack(text=text)


# --- Socket Mode


def test_hello_says_how_many_connections_there_are(slack: SandboxSlack, app: App) -> None:
    said: list[Json] = []
    with over_sockets(slack, app), over_sockets(slack, app, said.append):
        until(lambda: said)
    assert said[0]["type"] == "hello"
    assert said[0]["num_connections"] == 2
    assert said[0]["debug_info"]["approximate_connection_time"] > 0
    assert said[0]["connection_info"] == {"app_id": "A0ONESPOT"}


def test_each_envelope_goes_to_one_connection(slack: SandboxSlack, app: App, ana: Person) -> None:
    first: list[Json] = []
    second: list[Json] = []
    acknowledges(app)
    with over_sockets(slack, app, first.append), over_sockets(slack, app, second.append):
        for _ in range(4):
            ana.command(COMMAND, "onboarding")
        until(lambda: len(first) + len(second) == 6)
    assert [one["type"] for one in first] == [one["type"] for one in second] == ["hello", *["slash_commands"] * 2]


def test_asked_to_refresh_the_app_connects_anew(slack: SandboxSlack, app: App, ana: Person) -> None:
    acknowledges(app)
    with over_sockets(slack, app) as handler:
        before = handler.client.session_id()
        slack.refresh_sockets()
        until(lambda: handler.client.session_id() != before and slack.connections == 1)
        ana.command(COMMAND, "onboarding")
    until(lambda: slack.connections == 0)


def test_a_ticket_works_once(slack: SandboxSlack, app: App) -> None:
    with over_sockets(slack, app) as handler:
        handler.client.wss_uri, used = None, handler.client.wss_uri
        handler.client.auto_reconnect_enabled = False
        assert used is not None
        assert used.partition("ticket=")[2].partition("&")[0] not in slack._ws.tickets


# --- HTTP


def test_requests_are_signed_as_slack_signs_them(slack: SandboxSlack, app: App, ana: Person) -> None:
    seen: list[tuple[Json, str]] = []

    @app.middleware
    def look(request: Any, next: Callable[[], None]) -> None:
        seen.append((request.headers, request.raw_body))
        next()

    acknowledges(app)
    with over_http(slack, app):
        ana.command(COMMAND, "onboarding")
    headers, body = seen[0]
    at = headers["x-slack-request-timestamp"][0]
    mac = hmac.new(slack.signing_secret.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256)
    assert headers["x-slack-signature"] == [f"v0={mac.hexdigest()}"]
    assert headers["content-type"] == ["application/x-www-form-urlencoded"]


def test_an_app_with_another_secret_refuses_and_the_person_hears_of_it(slack: SandboxSlack, client: WebClient) -> None:
    other = App(client=client, signing_secret="another", token_verification_enabled=False)
    acknowledges(other)
    with over_http(slack, other):
        assert Person(slack.origin, "U0ANA").deed("command", {"channel": "C0ONBOARD", "text": COMMAND}) == {
            "ok": False,
            "error": "http_service_error",
        }


def test_an_address_must_pass_the_challenge_before_it_gets_events(slack: SandboxSlack, app: App, ana: Person) -> None:
    with over_http(slack, app):
        assert slack.verify()
        assert "url_verification" not in str(ana.view())
    assert not slack.verify()


# --- retries of events


def test_an_event_without_an_answer_comes_again_three_times(
    slack: SandboxSlack, client: WebClient, connected: Connection, ana: Person
) -> None:
    tries: list[str | None] = []
    app = App(client=client, signing_secret=slack.signing_secret, token_verification_enabled=False)

    @app.middleware
    def counts(request: Any, next: Callable[[], Any]) -> Any:
        if request.body.get("type") == "event_callback":
            tries.append((request.headers.get("x-slack-retry-num") or [None])[0])
        return next()

    with connected(slack, app):
        slack.dials.patience = 0.1
        ana.deed("home", {})
        until(lambda: len(tries) == 4)
    assert [one or "0" for one in tries] == ["0", "1", "2", "3"]


def test_an_event_with_an_answer_comes_once(slack: SandboxSlack, app: App, ana: Person) -> None:
    tries: list[str] = []

    @app.event("app_home_opened")
    def opened(event: Json, client: WebClient) -> None:
        tries.append(event["user"])
        client.views_publish(user_id=event["user"], view=home())

    with over_sockets(slack, app):
        ana.home()
        time.sleep(0.1)
    assert tries == ["U0ANA"]


# --- response_url


@pytest.fixture
def link(slack: SandboxSlack, app: App, client: WebClient, ana: Person) -> str:
    """The response_url of a press."""
    got: list[str] = []

    @app.action("go")
    def go(ack: Ack, body: Json) -> None:
        ack()
        got.append(body["response_url"])

    with over_sockets(slack, app):
        client.chat_postMessage(channel="C0ONBOARD", text="card", blocks=[section("card"), actions(button())])
        ana.press("Go")
        until(lambda: got)
    return got[0]


def test_a_response_url_posts_replaces_and_deletes(link: str, ana: Person, ben: Person) -> None:
    hook = WebhookClient(link)
    assert hook.send(text="for you").body == "ok"
    assert ana.sees("for you").ephemeral
    hook.send(text="for all", response_type="in_channel")
    assert not ben.sees("for all").ephemeral
    hook.send(text="instead", replace_original=True)
    assert [one.text for one in ben.messages("onboarding")] == ["instead", "for all"]
    hook.send(delete_original=True)
    assert [one.text for one in ben.messages("onboarding")] == ["for all"]


def test_a_response_url_is_used_five_times(link: str) -> None:
    hook = WebhookClient(link)
    for _ in range(5):
        assert hook.send(text="x").status_code == 200
    answer = hook.send(text="x")
    assert (answer.status_code, json.loads(answer.body)["error"]) == (404, "used_url")


def test_a_response_url_lives_thirty_minutes(link: str, clock: Clock) -> None:
    clock.pass_(30 * 60 - 1)
    assert WebhookClient(link).send(text="x").status_code == 200
    clock.pass_(2)
    answer = WebhookClient(link).send(text="x")
    assert (answer.status_code, json.loads(answer.body)["error"]) == (404, "expired_url")


def test_a_response_url_refuses_wrong_blocks(link: str) -> None:
    answer = WebhookClient(link).send(text="x", blocks=[section("x" * 3001)])
    assert (answer.status_code, json.loads(answer.body)["error"]) == (400, "invalid_blocks")


# --- starting and stopping


def test_it_stops_while_people_wait_and_starts_again_at_the_same_address(slack: SandboxSlack, ana: Person) -> None:
    version, ended = ana.view()["version"], threading.Event()

    def waits() -> None:
        ana._ask("GET", f"/workspace/wait?user=U0ANA&since={version}")
        ended.set()

    thread = threading.Thread(target=waits)
    thread.start()
    time.sleep(0.05)
    address = slack.origin
    slack.stop()
    assert ended.wait(2)
    thread.join(2)
    assert not [one for one in threading.enumerate() if one.name == "sandbox-slack"]
    assert slack.start().origin == address
    assert ana.view()["me"]["name"] == "ana"
