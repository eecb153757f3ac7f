"""Messages in the stand-in Slack: where an app may write, what it may change, and how long a text may be."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient

from sandbox.slack.person import Person
from sandbox.slack.server import SandboxSlack
from tests.sandbox.slack.kit import actions, button, section
from tests.sandbox.slack.test_web_api import error


def test_a_message_is_seen_by_everybody(client: WebClient, ana: Person, ben: Person) -> None:
    answer = client.chat_postMessage(channel="C0ONBOARD", text="plain", blocks=[section("*Hello* <@U0BEN>")])
    assert answer["message"]["bot_id"] == "B0ONESPOT"
    assert answer["message"]["blocks"][0]["block_id"]
    for person in (ana, ben):
        assert person.sees("Hello @Ben Okafor").ts == answer["ts"]


def test_a_reply_stands_in_its_thread(client: WebClient, ana: Person) -> None:
    root = client.chat_postMessage(channel="C0ONBOARD", text="root")["ts"]
    client.chat_postMessage(channel="C0ONBOARD", text="reply", thread_ts=root)
    assert [one.text for one in ana.messages("onboarding")] == ["root"]
    assert [one.text for one in ana.thread(ana.sees("root"))] == ["reply"]


def test_a_reply_must_have_a_root(client: WebClient) -> None:
    root = client.chat_postMessage(channel="C0ONBOARD", text="root")["ts"]
    reply = client.chat_postMessage(channel="C0ONBOARD", text="reply", thread_ts=root)["ts"]
    call = client.chat_postMessage
    assert error(call, channel="C0ONBOARD", text="x", thread_ts="1.000001") == "thread_not_found"
    assert error(call, channel="C0ONBOARD", text="x", thread_ts=reply) == "cannot_reply_to_message"


def test_a_user_id_as_channel_means_direct_messages(client: WebClient, ana: Person, ben: Person) -> None:
    answer = client.chat_postMessage(channel="U0ANA", text="for you alone")
    assert answer["channel"].startswith("D")
    assert ana.sees("for you alone").channel == answer["channel"]
    assert [one["name"] for one in ben.view()["channels"]] == ["onboarding", "onespot-health"]
    assert error(client.chat_postMessage, channel="U0DAN", text="x") == "channel_not_found"
    assert error(client.chat_update, channel="U0ANA", ts=answer["ts"], text="x") == "channel_not_found"


def test_a_public_channel_needs_no_membership_for_messages_only(slack: SandboxSlack, client: WebClient) -> None:
    client.chat_postMessage(channel="C0HEALTH", text="x")
    assert error(client.chat_postEphemeral, channel="C0HEALTH", user="U0ANA", text="x") == "not_in_channel"
    upload = {"content": "x", "filename": "a.txt", "channel": "C0HEALTH"}
    assert error(client.files_upload_v2, **upload) == "not_in_channel"
    slack.faults.on("missing-scope")
    slack.dials.withheld = {"chat:write.public"}
    assert error(client.chat_postMessage, channel="C0HEALTH", text="x") == "not_in_channel"


def test_a_private_channel_is_unknown_to_strangers(slack: SandboxSlack, client: WebClient) -> None:
    slack.state.channels["C0HEALTH"].private = True
    assert error(client.chat_postMessage, channel="C0HEALTH", text="x") == "channel_not_found"


@pytest.mark.parametrize("channel", ["C0NONE", "#onboarding", "U0NOBODY", "U9EVE", "U0BOT"])
def test_an_unknown_channel_is_refused(client: WebClient, channel: str) -> None:
    assert error(client.chat_postMessage, channel=channel, text="x") == "channel_not_found"


def test_a_text_has_40000_characters_and_in_an_update_4000(client: WebClient) -> None:
    ts = client.chat_postMessage(channel="C0ONBOARD", text="x" * 40_000)["ts"]
    assert error(client.chat_postMessage, channel="C0ONBOARD", text="x" * 40_001) == "msg_too_long"
    client.chat_update(channel="C0ONBOARD", ts=ts, text="x" * 4_000)
    assert error(client.chat_update, channel="C0ONBOARD", ts=ts, text="x" * 4_001) == "msg_too_long"


def test_a_message_without_words_or_blocks_is_refused(client: WebClient) -> None:
    assert error(client.api_call, "chat.postMessage", json={"channel": "C0ONBOARD", "text": " "}) == "no_text"
    assert error(client.api_call, "chat.postMessage", json={"channel": "C0ONBOARD", "blocks": []}) == "no_text"
    client.api_call("chat.postMessage", json={"channel": "C0ONBOARD", "blocks": [section()]})


def test_an_update_replaces_words_and_keeps_blocks_that_it_does_not_mention(client: WebClient, ana: Person) -> None:
    ts = client.chat_postMessage(channel="C0ONBOARD", text="x", blocks=[section("old"), actions(button())])["ts"]
    client.chat_update(channel="C0ONBOARD", ts=ts, text="new")
    assert ana.sees("old").edited
    client.chat_update(channel="C0ONBOARD", ts=ts, text="newest", blocks=[])
    assert ana.sees("newest").buttons == []


def test_only_its_own_messages_may_be_changed(client: WebClient, ana: Person) -> None:
    ts = ana.say("mine", "onboarding")
    assert error(client.chat_update, channel="C0ONBOARD", ts=ts, text="x") == "cant_update_message"
    assert error(client.chat_delete, channel="C0ONBOARD", ts=ts) == "cant_delete_message"
    assert error(client.chat_update, channel="C0ONBOARD", ts="1.000001", text="x") == "message_not_found"


def test_an_archived_channel_takes_nothing(slack: SandboxSlack, client: WebClient) -> None:
    ts = client.chat_postMessage(channel="C0ONBOARD", text="x")["ts"]
    slack.faults.on("channel-archived")
    assert error(client.chat_postMessage, channel="C0ONBOARD", text="x") == "is_archived"
    assert error(client.chat_update, channel="C0ONBOARD", ts=ts, text="x") == "is_inactive"
    assert error(client.chat_postEphemeral, channel="C0ONBOARD", user="U0ANA", text="x") == "is_archived"


def test_a_deleted_message_is_gone_and_a_thread_keeps_a_tombstone(client: WebClient, ana: Person) -> None:
    lone = client.chat_postMessage(channel="C0ONBOARD", text="lone")["ts"]
    root = client.chat_postMessage(channel="C0ONBOARD", text="root")["ts"]
    client.chat_postMessage(channel="C0ONBOARD", text="reply", thread_ts=root)
    client.chat_delete(channel="C0ONBOARD", ts=lone)
    client.chat_delete(channel="C0ONBOARD", ts=root)
    assert [one.text for one in ana.messages("onboarding")] == ["This message was deleted."]
    assert error(client.chat_update, channel="C0ONBOARD", ts=lone, text="x") == "message_not_found"
    assert error(client.chat_update, channel="C0ONBOARD", ts=root, text="x") == "message_not_found"


def test_an_ephemeral_message_is_seen_by_one_and_cannot_be_changed(client: WebClient, ana: Person, ben: Person) -> None:
    ts = client.chat_postEphemeral(channel="C0ONBOARD", user="U0ANA", text="psst")["message_ts"]
    assert ana.sees("psst").ephemeral
    assert ben.messages("onboarding") == []
    assert error(client.chat_update, channel="C0ONBOARD", ts=ts, text="x") == "message_not_found"


@pytest.mark.parametrize("user", ["U0DAN", "U0NOBODY", "U0BOT"])
def test_an_ephemeral_message_needs_somebody_in_the_channel(slack: SandboxSlack, client: WebClient, user: str) -> None:
    slack.state.channels["C0ONBOARD"].members.discard("U0BOT") if user == "U0BOT" else None
    word = "not_in_channel" if user == "U0BOT" else "user_not_in_channel"
    assert error(client.chat_postEphemeral, channel="C0ONBOARD", user=user, text="x") == word


def test_an_ephemeral_reply_shows_only_where_a_thread_is(client: WebClient, ana: Person) -> None:
    root = client.chat_postMessage(channel="C0ONBOARD", text="root")["ts"]
    say = {"channel": "C0ONBOARD", "user": "U0ANA", "thread_ts": root}
    client.chat_postEphemeral(text="lost", **say)
    ana.say("an answer", "onboarding", thread=ana.sees("root"))
    client.chat_postEphemeral(text="shown", **say)
    assert [one.text for one in ana.thread(ana.sees("root"))] == ["an answer", "shown"]


def test_a_permalink_leads_to_the_thread(slack: SandboxSlack, client: WebClient) -> None:
    root = client.chat_postMessage(channel="C0ONBOARD", text="root")["ts"]
    link = client.chat_getPermalink(channel="C0ONBOARD", message_ts=root)["permalink"]
    assert link == f"{slack.origin}/archives/C0ONBOARD/p{root.replace('.', '')}"
    assert error(client.chat_getPermalink, channel="C0ONBOARD", message_ts="1.000001") == "message_not_found"


def test_a_picture_goes_into_a_thread_with_words_for_those_who_cannot_see_it(client: WebClient, ana: Person) -> None:
    root = client.chat_postMessage(channel="C0ONBOARD", text="root")["ts"]
    client.files_upload_v2(
        content=b"\x89PNG\xff",
        filename="step.png",
        title="Step 3",
        alt_txt="A form with a red line",
        channel="C0ONBOARD",
        thread_ts=root,
        initial_comment="See",
    )
    reply = ana.thread(ana.sees("root"))[0]
    assert reply.text == "See\n(Step 3: A form with a red line)"
    assert reply.raw["files"][0]["mimetype"] == "image/png"


def test_an_upload_must_be_as_long_as_was_said_and_complete(client: WebClient) -> None:
    call = client.files_getUploadURLExternal
    assert error(call, filename="a.txt", length=0) == "missing_argument"
    assert error(call, filename="a.txt", length=1, alt_txt="x" * 1001) == "alt_txt_too_large"
    waiting = call(filename="a.txt", length=3)
    assert error(client.files_completeUploadExternal, files=[{"id": waiting["file_id"]}]) == "file_not_found"
