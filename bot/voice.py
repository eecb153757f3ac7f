"""How a message of no run gets to Slack: at the pace Slack allows, in other blocks where it refuses the first ones.

Runs have their threads (thread.py). Nothing here decides what is said, or tries again.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.blocks import FALLBACK, Message, cut
from bot.pace import Pace
from bot.refusals import REFUSED, slacks_word

log = structlog.get_logger("onespot.voice")


class Together(Pace):
    """A pace that several threads keep together."""

    def __init__(self, pace: Pace) -> None:
        self._kept, self._lock = pace, threading.Lock()

    def update(self, *, minor: bool) -> float:
        with self._lock:
            return self._kept.update(minor=minor)

    def post(self, channel: str) -> None:
        with self._lock:
            self._kept.post(channel)


class Voice:
    """Posts and updates. SlackApiError and OSError leave as they are."""

    def __init__(self, client: WebClient, pace: Pace) -> None:
        self._client, self._pace = client, pace

    def must_wait(self) -> bool:
        """Whether no message may be updated just now; else one may, and counts."""
        return self._pace.update(minor=True) > 0

    def post(self, channel: str, message: Message, thread_ts: str | None = None) -> tuple[str, str]:
        """Channel and ts of the new message. Waits until the channel may have one."""
        self._pace.post(channel)
        post = functools.partial(
            self._client.chat_postMessage, channel=channel, thread_ts=thread_ts, unfurl_links=False, unfurl_media=False
        )
        answer = self._call(post, message)
        return str(answer["channel"]), str(answer["ts"])

    def update(self, channel: str, ts: str, message: Message) -> None:
        """Make that message this one."""
        self._call(functools.partial(self._client.chat_update, channel=channel, ts=ts), message)

    def upload(self, channel: str, thread_ts: str, picture: bytes, title: str, alt: str) -> None:
        """A PNG below that message."""
        self._pace.post(channel)
        name = f"{title.lower().replace(' ', '-')}.png"
        self._client.files_upload_v2(
            content=picture, filename=name, title=title, alt_txt=cut(alt, 1000), channel=channel, thread_ts=thread_ts
        )

    def upload_text(self, channel: str, thread_ts: str, text: str, name: str, title: str) -> None:
        """A text file of that name below that message."""
        self._pace.post(channel)
        self._client.files_upload_v2(content=text, filename=name, title=title, channel=channel, thread_ts=thread_ts)

    def _call(self, call: Callable[..., SlackResponse], message: Message) -> SlackResponse:
        """The call with the message in it; where Slack refuses its blocks in others, and at last in words alone."""
        text = cut(message.text, FALLBACK - 100)
        for blocks in filter(None, (message.blocks, message.otherwise)):
            try:
                return call(text=text, blocks=[block.to_dict() for block in blocks])
            except SlackApiError as error:
                if slacks_word(error) not in REFUSED:
                    raise
                log.error("blocks refused", key=message.key, error=slacks_word(error))
        return call(text=text, blocks=[])
