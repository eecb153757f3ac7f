"""The Bolt app: registers the conversations, and is the one place where their errors become words.

It listens nowhere by itself: Socket Mode and HTTP are wired in service.py.
"""

from __future__ import annotations

import functools
import logging
import ssl
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from prometheus_client import Histogram
from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import approve, bulk, evidence, failed, handover, health, home, password, request, reveal
from bot.metrics import CountLimits, Metrics
from bot.office import Click, Office
from storage.database import StorageError

log = structlog.get_logger("onespot.slack")

LISTENERS = 32
"""Threads for listeners. Bolt's own five are soon used up, and the sixth command would get no answer."""

SILENT = ("slack_bolt.RequestVerification", "slack_sdk.web.base_client", "slack_sdk.socket_mode.builtin.client")
"""These log whole request bodies, one of them at INFO; a body may hold a password.

They are disabled, not only set to a level: Bolt gives them a level of its own when the app is made.
"""


class TimedApp(App):
    """Bolt's app; it measures how long an ack takes."""

    def __init__(self, acks: Histogram, **more: Any) -> None:
        super().__init__(**more)
        self._acks = acks

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """Comes back once the request is acked."""
        with self._acks.time():
            return super().dispatch(req)


def make_app(office: Office, bot_token: str, signing_secret: str | None, listeners: ThreadPoolExecutor) -> App:
    """The app with every conversation. `listeners` runs them: whoever makes it ends it."""
    app = TimedApp(
        office.metrics.acks,
        client=office.client,
        token=bot_token,
        signing_secret=signing_secret,
        listener_executor=listeners,
        token_verification_enabled=False,
        raise_error_for_unhandled_request=False,
    )
    for name in SILENT:
        logging.getLogger(name).disabled = True
    for conversation in (request, bulk, password, approve, failed, reveal, evidence, health, handover, home):
        conversation.register(app, office)

    @app.error
    def in_words(error: Exception, body: dict[str, Any]) -> BoltResponse | None:
        log.error("listener failed", error=type(error).__name__, slack=_slacks_word(error))
        if body.get("type") == "block_actions":
            Click.read(body).note(office, _sentence(error))
        return None

    return app


def _sentence(error: Exception) -> str:
    if isinstance(error, StorageError):
        return f"That did not work: {error}"
    return "That did not work: something unexpected happened. Try it once more; it was noted in the log."


def _slacks_word(error: Exception) -> str | None:
    return str(error.response.get("error")) if isinstance(error, SlackApiError) else None


def listeners() -> ThreadPoolExecutor:
    """Threads for the listeners of one app."""
    return ThreadPoolExecutor(LISTENERS, thread_name_prefix="listener")


def client(token: str, api_url: str | None, metrics: Metrics | None = None) -> WebClient:
    """Slack's Web API, or the stand-in's (SLACK_API_URL). Ten seconds are enough for any call."""
    slack = WebClient(token=token, timeout=10, ssl=_trusted())
    if api_url is not None:
        slack.base_url = f"{api_url.rstrip('/')}/"
    if metrics is not None:
        slack.retry_handlers.append(CountLimits(metrics))
    return slack


@functools.cache
def _trusted() -> ssl.SSLContext:
    """The authorities that this machine trusts, read once: slack_sdk alone reads them anew for each call."""
    return ssl.create_default_context()
