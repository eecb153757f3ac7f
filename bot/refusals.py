"""What Slack's refusals mean: its words for what is wrong, and how long to say nothing then. Pure.

The words are those of docs.slack.dev/reference/methods, per method; what is done about them is for who calls Slack.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from slack_sdk.errors import SlackApiError

_WORD = re.compile(r"[a-z0-9_]{1,80}")

PASSING = ("ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout")
"""What Slack says when it can't just now."""
REFUSED = ("invalid_blocks", "invalid_blocks_format", "invalid_attachments", "msg_blocks_too_long")
GONE = ("message_not_found", "cant_update_message")
FIXED = ("edit_window_closed",)
"""What Slack says of a message that stays as it is, because the workspace lets nothing so old be edited."""
NO_THREAD = "thread_not_found"
ARCHIVED = ("is_archived", "is_inactive")
RESERVED = (
    "restricted_action",
    "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel",
    "restricted_action_non_threadable_channel",
    "restricted_action_thread_locked",
)
"""What Slack says where a workspace's owners let only some people write, or only in some way."""
CLOSED = (*ARCHIVED, *RESERVED, "channel_not_found", "not_in_channel", "account_inactive", "missing_scope")
NO_FILES = ("missing_scope", "unknown_method", "no_permission", "file_uploads_disabled", "storage_limit_reached")
"""What Slack says where it takes no files of ours, whoever invites us."""

CLOSED_FOR = 60.0
"""Seconds until a channel that would not take messages is tried again: somebody may have invited the bot."""
A_FEW = 5.0
"""Seconds of silence after Slack did not take something and asked for no more."""


def slacks_word(error: Exception) -> str:
    """Slack's own word for what is wrong, else the status, where a proxy's page was answered; else the error's name."""
    if isinstance(error, SlackApiError):
        word = str(error.response.get("error") or "")
        return word if _WORD.fullmatch(word) else f"http {error.response.status_code}"
    return type(error).__name__


def cure(word: str) -> str:
    """What helps where Slack closes a channel with this word, in a sentence."""
    if word in ARCHIVED:
        return "It is archived: ask for a new run elsewhere."
    if word in RESERVED:
        return "Only some may write there: let the app too, in the channel's settings, and the thread follows."
    if word == "missing_scope":
        return "The app lacks a scope: update it from manifest.yml and install it again."
    return "Invite me there with /invite, and the thread follows."


def silence(error: Exception) -> float:
    """The seconds to say nothing after Slack did not take something: what it asks for, longer where it never will."""
    asked = retry_after(error)
    return CLOSED_FOR if slacks_word(error) in CLOSED else A_FEW if asked is None else asked


def is_busy(error: SlackApiError) -> bool:
    """Whether Slack has too much to do, or is down; else it has something against just this call."""
    status = int(error.response.status_code)
    return status == 429 or status >= 500


def retry_after(error: Exception) -> float | None:
    """The seconds that Slack asks to wait (429, Retry-After)."""
    if not isinstance(error, SlackApiError):
        return None
    asked = {name.lower(): value for name, value in error.response.headers.items()}.get("retry-after")
    text = asked[0] if isinstance(asked, Sequence) and not isinstance(asked, str) else asked
    return float(text) if text and str(text).isdigit() else None
