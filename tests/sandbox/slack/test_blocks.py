"""Which blocks the stand-in Slack refuses, and in what words: each limit of the Block Kit reference, one at a time."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    CheckboxesElement,
    ConfirmObject,
    ContextBlock,
    DatePickerElement,
    DividerBlock,
    HeaderBlock,
    ImageBlock,
    InputBlock,
    MarkdownBlock,
    MarkdownTextObject,
    Option,
    OverflowMenuElement,
    PlainTextInputElement,
    PlanBlock,
    RadioButtonsElement,
    RichTextBlock,
    RichTextElementParts,
    RichTextPreformattedElement,
    SectionBlock,
    StaticSelectElement,
    TableBlock,
    TaskCardBlock,
    UserSelectElement,
)

from sandbox.slack.blocks import Surface, completed, problems
from tests.sandbox.slack.kit import Json, actions, button, mrkdwn, option, plain, section, select, typed, without


def header(text: str = "Head") -> Json:
    return {"type": "header", "text": plain(text)}


def picture(**changes: Any) -> Json:
    return {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A picture", **changes}


def table(*rows: list[str], **more: Any) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": cell} for cell in row] for row in rows], **more}


def rich(text: str = "x") -> Json:
    part = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [part]}


def task(name: str = "t", **more: Any) -> Json:
    return {"type": "task_card", "task_id": name, "title": "Do it", "status": "pending", **more}


def asks(**changes: Any) -> Json:
    return {"title": plain(), "text": plain(), "confirm": plain("Yes"), "deny": plain("No"), **changes}


def field(**element: Any) -> Json:
    return typed(element=element)


def of(kind: str, *values: str, **more: Any) -> Json:
    return {"type": kind, "action_id": "a", "options": [option(one) for one in values or ("one", "two")], **more}


WRONG: dict[str, tuple[Json, str]] = {
    "no type": ({}, "missing required field: type"),
    "not an object": ("section", "must provide an object"),  # type: ignore[dict-item]
    "unknown type": ({"type": "secton"}, "unsupported type: secton"),
    "file can't be sent": ({"type": "file", "external_id": "x", "source": "remote"}, "unsupported type: file"),
    "unknown field": ({"type": "divider", "colour": "red"}, "invalid additional property: colour"),
    "block_id too long": (section(block_id="x" * 256), "must be less than 256 characters"),
    "block_id empty": (section(block_id=""), "must be more than 0 characters"),
    "section: nothing in it": ({"type": "section"}, "missing required field: text or fields"),
    "section: text too long": (section("x" * 3001), "must be less than 3001 characters"),
    "section: text empty": (section(""), "must be more than 0 characters"),
    "section: text a string": ({"type": "section", "text": "hello"}, "must provide an object"),
    "section: text of no kind": ({"type": "section", "text": {"text": "x"}}, "missing required field: type"),
    "section: text of a wrong kind": (
        {"type": "section", "text": {"type": "html", "text": "x"}},
        "unsupported type",
    ),
    "section: emoji in mrkdwn": ({"type": "section", "text": mrkdwn() | {"emoji": True}}, "additional property: emoji"),
    "section: verbatim in plain": (header() | {"text": plain() | {"verbatim": True}}, "additional property: verbatim"),
    "section: 11 fields": ({"type": "section", "fields": [plain()] * 11}, "no more than 10 items allowed"),
    "section: no fields": ({"type": "section", "fields": []}, "no less than 1 items allowed"),
    "section: field too long": ({"type": "section", "fields": [plain("x" * 2001)]}, "less than 2001 characters"),
    "section: an input beside it": (section(accessory=typed()["element"]), "unsupported type: plain_text_input"),
    "section: two accessories": (section(accessory=[button()]), "must provide an object"),
    "header: mrkdwn": ({"type": "header", "text": mrkdwn()}, "must be a valid enum value: plain_text"),
    "header: too long": (header("x" * 151), "must be less than 151 characters"),
    "context: 11 elements": ({"type": "context", "elements": [plain()] * 11}, "no more than 10 items allowed"),
    "context: empty": ({"type": "context", "elements": []}, "no less than 1 items allowed"),
    "context: a button": ({"type": "context", "elements": [button()]}, "unsupported type: button"),
    "actions: 26 elements": (actions(*[button(action=f"{n}") for n in range(26)]), "no more than 25 items allowed"),
    "actions: empty": (actions(), "no less than 1 items allowed"),
    "actions: an image": (actions(picture()), "unsupported type: image"),
    "actions: an input": (actions(typed()["element"]), "unsupported type: plain_text_input"),
    "actions: the same action_id": (actions(button(), button()), "`action_id` already exists: go"),
    "button: mrkdwn": (actions(button() | {"text": mrkdwn()}), "must be a valid enum value: plain_text"),
    "button: text too long": (actions(button("x" * 76)), "must be less than 76 characters"),
    "button: value too long": (actions(button(value="x" * 2001)), "must be less than 2001 characters"),
    "button: value a number": (actions(button(value=1)), "must be a string"),
    "button: action_id too long": (actions(button(action="x" * 256)), "must be less than 256 characters"),
    "button: unknown style": (actions(button(style="green")), "must be a valid enum value: primary, danger"),
    "button: url too long": (actions(button(url="https://x.y/" + "x" * 3000)), "must be less than 3001 characters"),
    "button: not a url": (actions(button(url="click here")), "must be a valid URL"),
    "button: no text": (actions(without(button(), "text")), "missing required field: text"),
    "confirm: no deny": (actions(button(confirm=without(asks(), "deny"))), "missing required field: deny"),
    "confirm: title too long": (actions(button(confirm=asks(title=plain("x" * 101)))), "less than 101 characters"),
    "confirm: text too long": (actions(button(confirm=asks(text=plain("x" * 301)))), "less than 301 characters"),
    "confirm: confirm too long": (actions(button(confirm=asks(confirm=plain("x" * 31)))), "less than 31 characters"),
    "confirm: a type": (actions(button(confirm=asks(type="confirm"))), "invalid additional property: type"),
    "select: no options": (actions(without(select(), "options")), "missing required field: options or option_groups"),
    "select: 101 options": (actions(select(*map(str, range(101)))), "no more than 100 items allowed"),
    "select: the same value": (actions(select("a", "a")), "option value already exists: a"),
    "select: value too long": (actions(select("x" * 151)), "must be less than 151 characters"),
    "select: text too long": (actions(select() | {"options": [option("a", "x" * 76)]}), "less than 76 characters"),
    "select: placeholder too long": (actions(select("a", placeholder=plain("x" * 151))), "less than 151 characters"),
    "select: first is no option": (actions(select("a", initial_option=option("b"))), "one of the provided options"),
    "select: an option with a url": (
        actions(select() | {"options": [option() | {"url": "https://x.y"}]}),
        "additional property: url",
    ),
    "overflow: 6 options": (actions(of("overflow", *"abcdef")), "no more than 5 items allowed"),
    "radio: 11 options": (actions(of("radio_buttons", *"abcdefghijk")), "no more than 10 items allowed"),
    "checkboxes: 11 options": (actions(of("checkboxes", *"abcdefghijk")), "no more than 10 items allowed"),
    "checkboxes: unknown first": (
        actions(of("checkboxes", initial_options=[option("z")])),
        "one of the provided options",
    ),
    "datepicker: no date": (
        actions({"type": "datepicker", "action_id": "a", "initial_date": "1.2.2026"}),
        "must be a valid date",
    ),
    "image: no alt_text": (without(picture(), "alt_text"), "missing required field: alt_text"),
    "image: alt_text too long": (picture(alt_text="x" * 2001), "must be less than 2001 characters"),
    "image: no address": (without(picture(), "image_url"), "missing required field: image_url or slack_file"),
    "image: title mrkdwn": (picture(title=mrkdwn()), "must be a valid enum value: plain_text"),
    "input: no label": (without(typed(), "label"), "missing required field: label"),
    "input: label mrkdwn": (typed() | {"label": mrkdwn()}, "must be a valid enum value: plain_text"),
    "input: label too long": (typed("x" * 2001), "must be less than 2001 characters"),
    "input: hint too long": (typed(hint=plain("x" * 2001)), "must be less than 2001 characters"),
    "input: a button": (typed() | {"element": button()}, "unsupported type: button"),
    "input: optional is a word": (typed(optional="yes"), "must be a boolean"),
    "text input: placeholder too long": (field(placeholder=plain("x" * 151)), "must be less than 151 characters"),
    "text input: max_length 3001": (field(max_length=3001), "must be between 1 and 3000"),
    "text input: min over max": (field(min_length=9, max_length=3), "must be less than or equal to max_length"),
    "text input: begins too long": (field(initial_value="xxxx", max_length=3), "must be no longer than max_length"),
    "number: nothing about decimals": (
        typed() | {"element": {"type": "number_input", "action_id": "a"}},
        "missing required field: is_decimal_allowed",
    ),
    "rich text: unknown part": ({"type": "rich_text", "elements": [{"type": "section"}]}, "unsupported type: section"),
    "markdown: too long": ({"type": "markdown", "text": "x" * 12_001}, "must be less than 12001 characters"),
    "table: 101 rows": (table(*[["x"]] * 101), "no more than 100 items allowed"),
    "table: 21 columns": (table(["x"] * 21), "no more than 20 items allowed"),
    "table: an empty cell": (table([""]), "must be more than 0 characters"),
    "table: a cell of mrkdwn": ({"type": "table", "rows": [[mrkdwn()]]}, "unsupported type: mrkdwn"),
    "table: align": (table(["x"], column_settings=[{"align": "justify"}]), "must be a valid enum value"),
    "task: unknown status": (task(status="waiting"), "pending, in_progress, complete, error"),
    "task: no id": (without(task(), "task_id"), "missing required field: task_id"),
    "plan: title an object": ({"type": "plan", "title": plain(), "tasks": []}, "must be a string"),
    "plan: the same task": ({"type": "plan", "title": "x", "tasks": [task(), task()]}, "`task_id` already exists: t"),
    "plan: 51 tasks": (
        {"type": "plan", "title": "x", "tasks": [task(f"{n}") for n in range(51)]},
        "no more than 50 items allowed",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_block_is_refused_with_what_is_wrong(name: str) -> None:
    block, sentence = WRONG[name]
    found = problems([block], "message")
    assert any(sentence in what for _, what in found), found
    assert all(at.startswith("/blocks/0") for at, _ in found)


ON_ENTER = {"trigger_actions_on": ["on_enter_pressed"]}
ONLY_IN_MESSAGES = [table(["a"]), task(), {"type": "markdown", "text": "x"}]
RIGHT = [
    section("x" * 3000, block_id="x" * 255, accessory=button("x" * 75, value="x" * 2000, style="danger")),
    {"type": "section", "fields": [plain("x" * 2000), *[mrkdwn()] * 9], "expand": True},
    header("x" * 150),
    {"type": "context", "elements": [mrkdwn(), plain(), picture()]},
    {"type": "divider"},
    picture(title=plain()),
    actions(*[button(action=f"{number}") for number in range(25)]),
    actions(select(*map(str, range(100)), placeholder=plain(), initial_option=option("7"), confirm=asks())),
    actions(of("overflow"), of("radio_buttons", action_id="b"), of("checkboxes", action_id="c")),
    actions({"type": "users_select", "action_id": "a"}, {"type": "datepicker", "initial_date": "2026-11-30"}),
    actions(button(url="https://example.com/x?y=z"), button(action="other", confirm=asks(style="danger"))),
    typed(hint=plain(), optional=True, dispatch_action=True),
    field(
        min_length=3,
        max_length=3000,
        multiline=True,
        dispatch_action_config=ON_ENTER,
    ),
    typed() | {"element": {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "9"}},
    rich(),
    {"type": "markdown", "text": "# Head"},
    table(["a", "b"], ["c", "d"], column_settings=[{"align": "right"}, None, {"is_wrapped": True}]),
    task(output=rich(), details=rich(), sources=[{"type": "url", "url": "https://x.y", "text": "x"}]),
    {"type": "plan", "title": "Steps", "tasks": [task("1"), without(task("2"), "type")]},
]


@pytest.mark.parametrize("block", RIGHT, ids=lambda block: block["type"])
def test_a_right_block_is_taken(block: Json) -> None:
    assert problems([block], "message") == []


@pytest.mark.parametrize("surface", ["modal", "home"])
@pytest.mark.parametrize("block", ONLY_IN_MESSAGES, ids=lambda one: one["type"])
def test_some_blocks_are_for_messages_only(surface: Surface, block: Json) -> None:
    assert problems([block], surface)[0][1] == f"unsupported type: {block['type']}"


@pytest.mark.parametrize(("surface", "most"), [("message", 50), ("modal", 100), ("home", 100)])
def test_a_surface_holds_so_many_blocks(surface: Surface, most: int) -> None:
    assert problems([{"type": "divider"}] * most, surface) == []
    assert problems([{"type": "divider"}] * (most + 1), surface) == [("/blocks", f"no more than {most} items allowed")]


def test_a_block_id_is_used_once() -> None:
    twice = [section(block_id="a"), section(block_id="b"), section(block_id="a")]
    assert problems(twice, "message") == [("/blocks/2", "`block_id` already exists: a")]


def test_markdown_is_12000_characters_in_all() -> None:
    half = {"type": "markdown", "text": "x" * 6001}
    assert "in all" in problems([half, half], "message")[0][1]


def test_what_was_not_given_is_added_as_slack_does() -> None:
    done = completed([{"type": "section", "text": mrkdwn(), "accessory": without(button(), "action_id")}])[0]
    assert done["block_id"]
    assert done["accessory"]["action_id"]
    assert done["text"]["verbatim"] is False
    assert done["accessory"]["text"]["emoji"] is True


def test_the_web_api_says_what_is_wrong_as_slack_does(client: WebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel="C0ONBOARD", text="x", blocks=[section("x" * 3001)])
    answer = caught.value.response
    said = "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    assert (answer["error"], answer["errors"]) == ("invalid_blocks", [said])
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {said}"]


@pytest.mark.parametrize(
    ("blocks", "word"),
    [
        ("[{", "invalid_blocks_format"),
        ({"type": "divider"}, "invalid_blocks"),
        ([table(["a"]), table(["b"])], "invalid_attachments"),
        ([section("x" * 3000)] * 5, "msg_blocks_too_long"),
    ],
)
def test_blocks_can_be_wrong_as_a_whole(client: WebClient, blocks: Any, word: str) -> None:
    with pytest.raises(SlackApiError) as caught:
        client.api_call("chat.postMessage", json={"channel": "C0ONBOARD", "text": "x", "blocks": blocks})
    assert caught.value.response["error"] == word


def test_what_the_sdk_builds_is_taken() -> None:
    options = [Option(value="a", text="A"), Option(value="b", text="B")]
    sure = ConfirmObject(title="T", text=MarkdownTextObject(text="t"), confirm="Y", deny="N")
    elements = [
        ButtonElement(text="B", action_id="1", value="v", style="primary", confirm=sure),
        StaticSelectElement(action_id="2", options=options, placeholder="P"),
        OverflowMenuElement(action_id="3", options=options),
        UserSelectElement(action_id="4", placeholder="P"),
        RadioButtonsElement(action_id="5", options=options),
        CheckboxesElement(action_id="6", options=options, initial_options=options[:1]),
        DatePickerElement(action_id="7", initial_date="2026-11-30"),
    ]
    cells = [[{"type": "raw_text", "text": "a"}, {"type": "raw_number", "value": 3}]]
    pre = RichTextPreformattedElement(elements=[RichTextElementParts.Text(text="x")])
    blocks = [
        HeaderBlock(text="H"),
        SectionBlock(text="S", fields=["f"], accessory=elements[0]),
        ContextBlock(elements=[MarkdownTextObject(text="c")]),
        DividerBlock(),
        ImageBlock(image_url="https://x.y/a.png", alt_text="a", title="T"),
        ActionsBlock(elements=elements),
        InputBlock(label="L", hint="H", element=PlainTextInputElement(action_id="a", multiline=True, max_length=9)),
        MarkdownBlock(text="# m"),
        TableBlock(rows=cells, column_settings=[{"align": "right"}]),
        RichTextBlock(elements=[pre]),
        PlanBlock(title="P", tasks=[TaskCardBlock(task_id="1", title="t", status="complete")]),
    ]
    assert problems([block.to_dict() for block in blocks], "message") == []
