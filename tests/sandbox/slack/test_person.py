"""A person of the stand-in workspace: what is readable, how waiting ends, and the JSON below it all."""

from __future__ import annotations

import threading
import time
import urllib.request

import pytest
from slack_sdk import WebClient

from sandbox.slack import NotSeen, Person, SandboxSlack
from sandbox.slack.readable import plain, readable
from tests.sandbox.slack.kit import Json, actions, button, mrkdwn, option, section, typed

NAMES = {"U0ANA": "@Ana Reyes", "C0ONBOARD": "#onboarding", "S0LEADS": "@onboarding-leads"}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("*bold* _it_ ~gone~ `code` ```pre```", "bold it gone code pre"),
        ("*_both_*", "both"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        (
            "<@U0ANA> in <#C0ONBOARD> for <!subteam^S0LEADS> <!here>",
            "@Ana Reyes in #onboarding for @onboarding-leads @here",
        ),
        ("<https://x.y|a link> <https://x.y>", "a link https://x.y"),
        ("<!date^1764244800^{date_short}|27 Nov>", "27 Nov"),
        ("a &lt; b &amp; c", "a < b & c"),
    ],
)
def test_mrkdwn_is_read_as_a_person_reads_it(written: str, read: str) -> None:
    assert plain(written, NAMES) == read


def test_all_blocks_can_be_read() -> None:
    rich = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "Rich"}]}],
    }
    select = {"type": "static_select", "action_id": "a", "options": [option("one")]}
    blocks: list[Json] = [
        {"type": "header", "text": {"type": "plain_text", "text": "Head *er*"}},
        {"type": "section", "text": mrkdwn("*Text*"), "fields": [mrkdwn("Field")], "accessory": button("Beside")},
        {"type": "context", "elements": [mrkdwn("small"), {"type": "image", "alt_text": "picture", "image_url": "x"}]},
        {"type": "divider"},
        actions(button("Go"), select),
        typed("Label"),
        {"type": "image", "alt_text": "words", "image_url": "x", "title": mrkdwn("Title")},
        rich,
        {"type": "markdown", "text": "# Mark"},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}, {"type": "raw_number", "value": 3}]]},
        {
            "type": "plan",
            "title": "Plan",
            "tasks": [{"task_id": "1", "title": "Step", "status": "complete", "output": rich}],
        },
    ]
    read = readable(blocks, NAMES).splitlines()
    first = ["Head *er*", "Text", "Field", "[Beside]", "small picture", "[Go] [One]", "Label", "Title", "words"]
    assert read == [*first, "Rich", "# Mark", "a | 3", "Plan", "Step (complete)", "Rich"]


def test_waiting_ends_as_soon_as_it_is_there(client: WebClient, ana: Person) -> None:
    timer = threading.Timer(0.1, lambda: client.chat_postMessage(channel="C0ONBOARD", text="there"))
    begin = time.monotonic()
    timer.start()
    assert ana.sees("there", timeout=5).text == "there"
    assert time.monotonic() - begin < 2
    timer.join()


def test_waiting_in_vain_says_what_is_visible(client: WebClient, ana: Person) -> None:
    client.chat_postMessage(channel="C0ONBOARD", text="something else", blocks=[section("*something* else")])
    with pytest.raises(NotSeen, match=r"(?s)waited 0.1 s for a message with \"nothing\".*something else"):
        ana.sees("nothing", timeout=0.1)
    with pytest.raises(NotSeen, match="the modal"):
        ana.modal("A form", timeout=0.1)
    with pytest.raises(NotSeen, match='something "Go"'):
        ana.press("Go", timeout=0.1)
    with pytest.raises(NotSeen, match="There are: onboarding, onespot-health"):
        ana.messages("nowhere")


def test_without_an_app_the_home_tab_stays_empty(slack: SandboxSlack, ana: Person) -> None:
    with pytest.raises(NotSeen, match="Home tab"):
        ana.home(timeout=0.1)


def test_the_workspace_is_told_as_the_page_needs_it(slack: SandboxSlack, client: WebClient, ana: Person) -> None:
    root = client.chat_postMessage(channel="C0ONBOARD", text="root")["ts"]
    ana.say("answer", "onboarding", thread=ana.sees("root"))
    client.chat_postEphemeral(channel="C0ONBOARD", user="U0ANA", text="psst", thread_ts=root)
    view = ana.view()
    assert view["team"] == {"id": "T0SANDBOX", "name": "Sandbox Optics"}
    assert view["me"]["real_name"] == "Ana Reyes"
    assert {user["id"]: user["deleted"] for user in view["users"]}["U0DAN"] is True
    assert view["usergroups"] == [{"id": "S0LEADS", "handle": "onboarding-leads"}]
    assert [one["command"] for one in view["app"]["commands"]] == ["/onespot-provision", "/onespot-check"]
    channel = view["channels"][0]
    assert (channel["id"], channel["name"], channel["member"], channel["archived"]) == (
        "C0ONBOARD",
        "onboarding",
        True,
        False,
    )
    message = channel["messages"][0]
    assert (message["app_name"], message["reply_count"]) == ("OneSpot", 1)
    assert [(one["text"], one["ephemeral"]) for one in message["replies"]] == [("answer", False), ("psst", True)]


def test_nobody_else_sees_a_workspace(slack: SandboxSlack) -> None:
    with pytest.raises(NotSeen, match="answered 404"):
        Person(slack.origin, "U0BOT").view()


def test_pictures_and_permalinks_can_be_opened(slack: SandboxSlack, client: WebClient, ana: Person) -> None:
    client.files_upload_v2(content=b"\x89PNG", filename="a.png", channel="C0ONBOARD")
    file = ana.messages("onboarding")[0].raw["files"][0]
    with urllib.request.urlopen(slack.origin + file["url"]) as answer:
        assert (answer.headers["content-type"], answer.read()) == ("image/png", b"\x89PNG")
    ts = ana.messages("onboarding")[0].ts
    link = client.chat_getPermalink(channel="C0ONBOARD", message_ts=ts)["permalink"]
    with urllib.request.urlopen(link) as answer:
        assert answer.url == f"{slack.origin}/?channel=C0ONBOARD&thread={ts}"


@pytest.mark.parametrize("path", ["../server.py", "%2e%2e/server.py", "no-such-file"])
def test_only_the_pages_own_files_are_served(slack: SandboxSlack, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404") as caught:
        urllib.request.urlopen(f"{slack.origin}/{path}")
    caught.value.close()
