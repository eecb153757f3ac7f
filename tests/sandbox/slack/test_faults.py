"""What can go wrong in the stand-in Slack: each fault as an app or a person meets it, and how it ends."""

from __future__ import annotations

import time
from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.slack import NotSeen, Person, SandboxSlack
from sandbox.slack.faults import FAULTS, SEEDS
from tests.sandbox.slack.conftest import MANIFEST, Connection, over_sockets
from tests.sandbox.slack.kit import Json, home
from tests.sandbox.slack.test_delivery import acknowledges, until
from tests.sandbox.slack.test_web_api import error

COMMAND = "/onespot-check"
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""The SDK leaves the socket of a connection that was cut to the garbage collector."""


def status(client: WebClient, **post: Any) -> int:
    """The HTTP status of a post."""
    try:
        return client.chat_postMessage(channel="C0ONBOARD", text="x", **post).status_code
    except SlackApiError as failed:
        return failed.response.status_code


def test_every_fault_has_a_name_with_hyphens_and_a_sentence() -> None:
    for name, sentence in FAULTS.items():
        assert name == name.lower().replace("_", "-").replace(" ", "-")
        assert sentence[0].isupper() or sentence[0] == "#"
        assert sentence.endswith(".")
    assert set(SEEDS) <= set(FAULTS)


def test_an_unknown_fault_is_refused_with_those_near_it(slack: SandboxSlack) -> None:
    with pytest.raises(ValueError, match=r'no fault named "drop-socket".*drop-sockets'):
        slack.faults.on("slow", "drop-socket")
    assert list(slack.faults) == []


def test_faults_can_be_on_from_the_start() -> None:
    with SandboxSlack(MANIFEST, faults=["channel-archived"]) as slack:
        assert "channel-archived" in slack.faults
        assert slack.state.channels["C0ONBOARD"].archived


def test_down_is_503_for_the_app_and_nothing_is_delivered(
    slack: SandboxSlack, app: App, client: WebClient, ana: Person
) -> None:
    acknowledges(app)
    with over_sockets(slack, app):
        slack.faults.on("down")
        until(lambda: slack.connections == 0)
        assert status(client) == 503
        with pytest.raises(NotSeen, match="dispatch_failed"):
            ana.command(COMMAND, "onboarding")
        slack.faults.off("down")
        assert status(client) == 200
        until(lambda: slack.connections == 1)
        ana.command(COMMAND, "onboarding")


def test_stopped_it_refuses_connections(slack: SandboxSlack, client: WebClient) -> None:
    slack.stop()
    with pytest.raises(OSError, match="refused"):
        client.auth_test()
    slack.start()
    client.auth_test()


def test_http_500_does_nothing(slack: SandboxSlack, client: WebClient, ana: Person) -> None:
    slack.faults.on("http-500")
    assert status(client) == 500
    assert ana.messages("onboarding") == []


def test_slow_takes_its_time(slack: SandboxSlack, client: WebClient) -> None:
    slack.faults.on("slow")
    begin = time.monotonic()
    client.auth_test()
    assert time.monotonic() - begin >= slack.dials.slow


def test_a_rate_storm_is_429_for_one_method(slack: SandboxSlack, client: WebClient) -> None:
    ts = client.chat_postMessage(channel="C0ONBOARD", text="x")["ts"]
    slack.faults.on("rate-storm")
    slack.dials.storm_retry_after = 7
    with pytest.raises(SlackApiError) as caught:
        client.chat_update(channel="C0ONBOARD", ts=ts, text="x")
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "7")
    assert status(client) == 200
    slack.dials.storm = "chat.postMessage"
    assert status(client) == 429


def test_dropped_sockets_come_back_when_it_is_over(slack: SandboxSlack, app: App, ana: Person) -> None:
    acknowledges(app)
    with over_sockets(slack, app):
        slack.faults.on("drop-sockets")
        until(lambda: slack.connections == 0)
        slack.faults.off("drop-sockets")
        until(lambda: slack.connections == 1)
        ana.command(COMMAND, "onboarding")


def test_duplicate_events_come_twice(slack: SandboxSlack, app: App, ana: Person) -> None:
    came: list[Any] = []

    @app.event("app_home_opened")
    def opened(event: Json, request: Any, client: WebClient) -> None:
        came.append(request.headers.get("x-slack-retry-num", ["0"])[0] or "0")
        client.views_publish(user_id=event["user"], view=home())

    slack.faults.on("duplicate-events")
    with over_sockets(slack, app):
        ana.home()
        until(lambda: len(came) == 2)
    assert sorted(came) == ["0", "1"]


def test_lost_acks_are_a_timeout_for_the_person(
    slack: SandboxSlack, app: App, connected: Connection, ana: Person
) -> None:
    did: list[str] = []

    @app.command(COMMAND)
    def command(ack: Ack) -> None:
        ack()
        did.append("it")

    slack.faults.on("lose-acks")
    slack.dials.patience = 0.2
    with connected(slack, app), pytest.raises(NotSeen, match="operation_timeout"):
        ana.command(COMMAND, "onboarding")
    assert did == ["it"]


def test_an_archived_channel_can_be_opened_again(slack: SandboxSlack, client: WebClient, ana: Person) -> None:
    slack.faults.on("channel-archived")
    assert error(client.chat_postMessage, channel="C0ONBOARD", text="x") == "is_archived"
    with pytest.raises(NotSeen, match="is_archived"):
        ana.command(COMMAND, "onboarding")
    slack.faults.off("channel-archived")
    assert status(client) == 200


def test_a_deactivated_user_is_gone(slack: SandboxSlack, client: WebClient, ben: Person) -> None:
    slack.faults.on("user-deactivated")
    assert client.users_info(user="U0BEN")["user"]["deleted"] is True
    assert client.usergroups_users_list(usergroup="S0LEADS")["users"] == []
    assert error(client.chat_postEphemeral, channel="C0ONBOARD", user="U0BEN", text="x") == "user_not_in_channel"
    with pytest.raises(NotSeen, match="account_inactive"):
        ben.say("still here", "onboarding")


def test_a_missing_scope_is_named(slack: SandboxSlack, client: WebClient) -> None:
    slack.faults.on("missing-scope")
    with pytest.raises(SlackApiError) as caught:
        client.usergroups_users_list(usergroup="S0LEADS")
    assert (caught.value.response["error"], caught.value.response["needed"]) == ("missing_scope", "usergroups:read")
    assert "usergroups:read" not in caught.value.response["provided"]


def test_an_uninvited_bot_may_still_write_but_show_nothing_private(slack: SandboxSlack, client: WebClient) -> None:
    slack.faults.on("bot-not-invited")
    assert status(client) == 200
    assert error(client.chat_postEphemeral, channel="C0ONBOARD", user="U0ANA", text="x") == "not_in_channel"
    slack.faults.off("bot-not-invited")
    client.chat_postEphemeral(channel="C0ONBOARD", user="U0ANA", text="x")
