"""A Slack that isn't reachable when the bot starts is waited for; a token that it refuses ends the start."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.client import HTTPException
from typing import TypeVar

import structlog
from slack_sdk.errors import SlackApiError

from bot.problems import SettingsProblem
from bot.refusals import PASSING, is_busy, slacks_word

log = structlog.get_logger("onespot.slack")

SOON = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds between tries to reach Slack at the start; the last one again and again."""

T = TypeVar("T")


def reached(ask: Callable[[], T], setting: str, stop: threading.Event) -> T:
    """What Slack answers, however long it takes. Raises SettingsProblem when it refuses this setting, and at `stop`."""
    tries = 0
    while True:
        try:
            return ask()
        except SlackApiError as error:
            word = slacks_word(error)
            if not is_busy(error) and not word.startswith("http ") and word not in PASSING:
                raise SettingsProblem(f"Slack refuses {setting} ({word}): copy it anew.") from None
        except (OSError, HTTPException):
            pass
        pause = SOON[min(tries, len(SOON) - 1)]
        tries += 1
        log.warning("slack unreachable", again_in=pause)
        if stop.wait(pause):
            raise SettingsProblem("Slack could not be reached before the bot was stopped.")
