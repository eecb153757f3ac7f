"""Block Kit's composition objects and elements, with their limits (docs.slack.dev/reference/block-kit).

Only what the reference says of one object at a time; blocks.py says where each may stand.
"""

from __future__ import annotations

from typing import Any

from sandbox.slack.shapes import (
    Check,
    Report,
    also,
    at_least_one,
    different,
    either,
    flag,
    kind,
    not_both,
    number,
    pattern,
    shape,
    some,
    text,
    url,
    words,
)

identifier = text(255)
date = pattern(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "date")


def plain(most: int) -> Check:
    """A plain_text object."""
    return kind("plain_text", {"text": text(most)}, {"emoji": flag})


def mrkdwn(most: int) -> Check:
    """A mrkdwn object."""
    return kind("mrkdwn", {"text": text(most)}, {"verbatim": flag})


def any_text(most: int) -> Check:
    """Either of the two."""
    return either({"plain_text": plain(most), "mrkdwn": mrkdwn(most)})


confirm = shape(
    {"title": plain(100), "text": any_text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": words("primary", "danger")},
)


def option(*, label: Check, with_url: bool = False) -> Check:
    """One choice of several."""
    return shape(
        {"text": label, "value": text(150)}, {"description": any_text(75), **({"url": url} if with_url else {})}
    )


_values = different(lambda one: one.get("value") if isinstance(one, dict) else None, "option value")


def options(most: int, *, label: Check, with_url: bool = False) -> Check:
    """Choices, each with a value of its own."""
    return also(some(option(label=label, with_url=with_url), most), _values)


select_option = option(label=plain(75))
option_group = shape({"label": plain(75), "options": options(100, label=plain(75))})
dispatch = shape({"trigger_actions_on": some(words("on_enter_pressed", "on_character_entered"), 2)})

_action = {"action_id": identifier}
_confirm = {**_action, "confirm": confirm}
_focus = {"focus_on_load": flag}
_placeholder = {"placeholder": plain(150)}
_typed = {**_action, **_focus, **_placeholder, "dispatch_action_config": dispatch}


def choices(element: dict[str, Any]) -> list[dict[str, Any]]:
    """All options of an element, those in groups too."""
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(one for group in groups for one in group["options"])]


def _initial(value: Any, at: str, report: Report) -> None:
    """What is chosen at first stands among the options, exactly."""
    known = [_bare(one) for one in choices(value)]
    first = [value["initial_option"]] if value.get("initial_option") else []
    if any(_bare(one) not in known for one in [*first, *(value.get("initial_options") or [])]):
        report(at, "the initial option must be one of the provided options")


def _bare(option: dict[str, Any]) -> dict[str, Any]:
    """An option without what Slack adds by itself."""
    return {
        name: {key: one for key, one in value.items() if key not in ("emoji", "verbatim")}
        if isinstance(value, dict)
        else value
        for name, value in option.items()
    }


def _lengths(value: Any, at: str, report: Report) -> None:
    least, most = value.get("min_length"), value.get("max_length")
    if least is not None and most is not None and least > most:
        report(f"{at}/min_length", "must be less than or equal to max_length")
    first = value.get("initial_value")
    if first is not None and most is not None and len(first) > most:
        report(f"{at}/initial_value", "must be no longer than max_length")


_number = pattern(r"-?\d+(\.\d+)?", "number")

button = kind(
    "button",
    {"text": plain(75)},
    {
        **_confirm,
        "url": url,
        "value": text(2000, 0),
        "style": words("primary", "danger"),
        "accessibility_label": text(75),
    },
)
overflow = kind("overflow", {"options": options(5, label=plain(75), with_url=True)}, _confirm)
static_select = also(
    kind(
        "static_select",
        {},
        {
            **_confirm,
            **_focus,
            **_placeholder,
            "options": options(100, label=plain(75)),
            "option_groups": some(option_group, 100),
            "initial_option": select_option,
        },
    ),
    at_least_one("options", "option_groups"),
    not_both("options", "option_groups"),
    _initial,
)
users_select = kind("users_select", {}, {**_confirm, **_focus, **_placeholder, "initial_user": text(20)})
radio_buttons = also(
    kind(
        "radio_buttons",
        {"options": options(10, label=any_text(75))},
        {**_confirm, **_focus, "initial_option": option(label=any_text(75))},
    ),
    _initial,
)
checkboxes = also(
    kind(
        "checkboxes",
        {"options": options(10, label=any_text(75))},
        {**_confirm, **_focus, "initial_options": some(option(label=any_text(75)), 10)},
    ),
    _initial,
)
datepicker = kind("datepicker", {}, {**_confirm, **_focus, **_placeholder, "initial_date": date})
plain_text_input = also(
    kind(
        "plain_text_input",
        {},
        {
            **_typed,
            "initial_value": text(3000),
            "multiline": flag,
            "min_length": number(0, 3000),
            "max_length": number(1, 3000),
        },
    ),
    _lengths,
)
email_text_input = kind("email_text_input", {}, {**_typed, "initial_value": text(3000)})
url_text_input = kind("url_text_input", {}, {**_typed, "initial_value": text(3000)})
number_input = kind(
    "number_input",
    {"is_decimal_allowed": flag},
    {**_typed, "initial_value": _number, "min_value": _number, "max_value": _number},
)
image = also(
    kind("image", {"alt_text": text(2000)}, {"image_url": url, "slack_file": shape({}, {"id": text(20), "url": url})}),
    at_least_one("image_url", "slack_file"),
    not_both("image_url", "slack_file"),
)

CLICKED: dict[str, Check] = {
    "button": button,
    "overflow": overflow,
    "static_select": static_select,
    "users_select": users_select,
    "radio_buttons": radio_buttons,
    "checkboxes": checkboxes,
    "datepicker": datepicker,
}
"""What stands in an actions block, or beside a section."""

FILLED: dict[str, Check] = {
    "plain_text_input": plain_text_input,
    "email_text_input": email_text_input,
    "url_text_input": url_text_input,
    "number_input": number_input,
    **{name: CLICKED[name] for name in CLICKED if name not in ("button", "overflow")},
}
"""What stands in an input block."""
