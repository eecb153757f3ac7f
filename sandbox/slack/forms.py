"""What Slack's own client checks before a modal is submitted: required fields, lengths, addresses, numbers. Pure."""

from __future__ import annotations

import re
from typing import Any

from sandbox.slack.things import Json

REQUIRED = "Please complete this required field."
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"https?://\S+")


def problems(blocks: list[Json], values: Json) -> dict[str, str]:
    """For each input block that is wrong, its id and a sentence."""
    found = {}
    for block in blocks:
        if block["type"] == "input":
            element = block["element"]
            sentence = _problem(block, element, values[block["block_id"]][element["action_id"]])
            if sentence:
                found[block["block_id"]] = sentence
    return found


def _problem(block: Json, element: Json, value: Json) -> str | None:
    held = given(value)
    if held in (None, "", []):
        return None if block.get("optional") else REQUIRED
    check = _CHECKS.get(element["type"])
    return check(element, str(held)) if check else None


def given(value: Json) -> Any:
    """What an element's state holds."""
    return next((one for name, one in value.items() if name != "type"), None)


def _text(element: Json, text: str) -> str | None:
    least, most = element.get("min_length"), element.get("max_length") or 3000
    if least and len(text) < least:
        return f"Please use at least {least} characters."
    return f"Please use no more than {most} characters." if len(text) > most else None


def _email(element: Json, text: str) -> str | None:
    return None if _EMAIL.fullmatch(text) else "Please enter a valid email address."


def _url(element: Json, text: str) -> str | None:
    return None if _URL.fullmatch(text) else "Please enter a valid URL."


def _number(element: Json, text: str) -> str | None:
    form = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
    if not re.fullmatch(form, text):
        return "Please enter a valid number."
    least, most = element.get("min_value"), element.get("max_value")
    low, high = least is not None and float(text) < float(least), most is not None and float(text) > float(most)
    return "Please enter a number in the range." if low or high else None


_CHECKS = {"plain_text_input": _text, "email_text_input": _email, "url_text_input": _url, "number_input": _number}
