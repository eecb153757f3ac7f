"""The Web API of the stand-in Slack, asked by the real client: tokens, scopes, arguments, limits, people."""

from __future__ import annotations

import http.client
import json
import urllib.parse
from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.slack.server import SandboxSlack
from tests.sandbox.slack.conftest import Clock


def error(call: Callable[..., Any], *args: Any, **named: Any) -> str:
    """Slack's word for why a call was refused."""
    with pytest.raises(SlackApiError) as caught:
        call(*args, **named)
    return str(caught.value.response["error"])


def post(slack: SandboxSlack, method: str, body: str, **headers: str) -> dict[str, Any]:
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(slack.origin).netloc, timeout=5)
    try:
        connection.request(
            "POST", f"/api/{method}", body, {name.replace("_", "-"): one for name, one in headers.items()}
        )
        answer: dict[str, Any] = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    return answer


def test_the_app_learns_who_it_is(client: WebClient) -> None:
    me = client.auth_test()
    assert (me["team_id"], me["user_id"], me["bot_id"]) == ("T0SANDBOX", "U0BOT", "B0ONESPOT")


def test_arguments_come_as_a_form_as_json_or_as_multipart(slack: SandboxSlack) -> None:
    header = {"Authorization": f"Bearer {slack.bot_token}"}
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    said = {"channel": "C0ONBOARD", "text": "täxt"}
    assert post(slack, "chat.postMessage", urllib.parse.urlencode(said), **header, **form)["ok"]
    kind = {"Content_Type": "application/json; charset=utf-8"}
    assert post(slack, "chat.postMessage", json.dumps(said), **header, **kind)["message"]["text"] == "täxt"
    parts = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{one}\r\n' for name, one in said.items()
    )
    kind = {"Content_Type": "multipart/form-data; boundary=b"}
    assert post(slack, "chat.postMessage", f"{parts}--b--\r\n".encode().decode(), **header, **kind)["ok"]


def test_the_token_may_stand_in_a_form_but_not_in_json(slack: SandboxSlack) -> None:
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    assert post(slack, "auth.test", f"token={slack.bot_token}", **form)["ok"]
    kind = {"Content_Type": "application/json"}
    assert post(slack, "auth.test", json.dumps({"token": slack.bot_token}), **kind)["error"] == "not_authed"


@pytest.mark.parametrize(("token", "word"), [(None, "not_authed"), ("xoxb-wrong", "invalid_auth")])
def test_a_call_without_the_right_token_is_refused(slack: SandboxSlack, token: str | None, word: str) -> None:
    assert error(WebClient(token=token, base_url=slack.api_url).auth_test) == word


def test_each_token_is_for_its_own_methods(slack: SandboxSlack, client: WebClient) -> None:
    assert error(client.api_call, "apps.connections.open") == "not_allowed_token_type"
    other = WebClient(token=slack.app_token, base_url=slack.api_url)
    assert error(other.chat_postMessage, channel="C0ONBOARD", text="x") == "not_allowed_token_type"
    assert other.apps_connections_open(app_token=slack.app_token)["url"].startswith("ws://127.0.0.1:")


@pytest.mark.parametrize("method", ["no.such", "files.upload", "reminders.add"])
def test_an_unknown_method_is_said_to_be_so(client: WebClient, method: str) -> None:
    assert error(client.api_call, method) == "unknown_method"


def test_what_the_manifest_has_no_scope_for_is_refused(client: WebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        client.conversations_info(channel="C0ONBOARD")
    answer = caught.value.response
    assert answer["error"] == "missing_scope"
    assert "channels:read" in answer["needed"]
    assert "chat:write" in answer["provided"]


def test_a_missing_argument_is_named(client: WebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        client.api_call("chat.postMessage", json={"text": "x"})
    assert caught.value.response["error"] == "invalid_arguments"
    assert "channel" in caught.value.response["response_metadata"]["messages"][0]


def test_broken_json_is_refused(slack: SandboxSlack) -> None:
    header = {"Authorization": f"Bearer {slack.bot_token}", "Content_Type": "application/json"}
    assert post(slack, "chat.postMessage", "{", **header)["error"] == "invalid_json"


def test_people_can_be_looked_up(client: WebClient) -> None:
    assert client.users_info(user="U0ANA")["user"]["real_name"] == "Ana Reyes"
    assert client.users_info(user="U0DAN")["user"]["deleted"] is True
    assert client.users_info(user="U9EVE")["user"]["team_id"] == "T9OTHER"
    assert error(client.users_info, user="U0NOBODY") == "user_not_found"


def test_user_groups_can_be_looked_up(slack: SandboxSlack, client: WebClient) -> None:
    assert client.usergroups_users_list(usergroup="S0LEADS")["users"] == ["U0BEN"]
    assert error(client.usergroups_users_list, usergroup="S0NONE") == "no_such_subteam"


def test_a_channel_takes_ten_messages_at_once_and_then_one_a_second(client: WebClient, clock: Clock) -> None:
    for _ in range(10):
        client.chat_postMessage(channel="C0ONBOARD", text="x")
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel="C0ONBOARD", text="x")
    assert caught.value.response.status_code == 429
    assert caught.value.response["error"] == "ratelimited"
    assert caught.value.response.headers["Retry-After"] == "1"
    client.chat_postMessage(channel="C0HEALTH", text="another channel has its own limit")
    clock.pass_(1)
    client.chat_postMessage(channel="C0ONBOARD", text="x")
    assert error(client.chat_postMessage, channel="C0ONBOARD", text="x") == "ratelimited"


def test_a_workspace_takes_fifty_updates_a_minute(client: WebClient, clock: Clock) -> None:
    ts = client.chat_postMessage(channel="C0ONBOARD", text="x")["ts"]
    for number in range(50):
        client.chat_update(channel="C0ONBOARD", ts=ts, text=f"{number}")
    assert error(client.chat_update, channel="C0ONBOARD", ts=ts, text="x") == "ratelimited"
    clock.pass_(60)
    client.chat_update(channel="C0ONBOARD", ts=ts, text="x")


def test_limits_can_be_switched_off(slack: SandboxSlack, client: WebClient) -> None:
    slack.limits = False
    for _ in range(25):
        client.usergroups_users_list(usergroup="S0LEADS")


def test_every_call_and_body_is_remembered_for_a_search(slack: SandboxSlack, client: WebClient) -> None:
    client.chat_postMessage(channel="C0ONBOARD", text='se"cret & more', blocks=[{"type": "divider"}])
    client.files_upload_v2(content="hid den", filename="a.txt", title="ti/tle")
    assert [call.method for call in slack.calls if call.outcome == "ok"] == [
        "chat.postMessage",
        "files.getUploadURLExternal",
        "upload",
        "files.completeUploadExternal",
    ]
    everything = b"\n".join(slack.received).decode()
    for part in ('se"cret & more', "hid den", "ti/tle"):
        assert part in everything
