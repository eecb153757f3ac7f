"""Keeps the card of each import in Slack as the rows say, with its two sheets below it: the plans, then the outcomes.

One thread of one clock calls `tick`. What Slack doesn't take is tried again later; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from http.client import HTTPException

import structlog
from slack_sdk.errors import SlackApiError
from sqlalchemy import Engine

from bot.imports.card import card, title
from bot.imports.deeds import OUTCOMES, PLANS, outcome_rows, plan_rows
from bot.refusals import GONE, retry_after, silence, slacks_word
from bot.tables import as_text
from bot.voice import Voice
from storage import imports
from storage.imports import Member, Moves
from storage.models import IMPORT_OVER, Import, ImportStatus, utcnow

log = structlog.get_logger("onespot.imports")

LATELY = timedelta(days=1)
"""So long after its end an import is still told about, where Slack was away."""


class ImportCards:
    """The cards of all imports."""

    def __init__(self, engine: Engine, voice: Voice, now: Callable[[], datetime] = utcnow) -> None:
        self._engine, self._voice, self._now = engine, voice, now
        self._silent_until: datetime | None = None
        self._told: dict[int, Moves] = {}

    def tick(self) -> None:
        """Make Slack show what the rows say, as far as it takes it now."""
        now = self._now()
        if self._silent_until is not None and now < self._silent_until:
            return
        try:
            for whole in imports.to_be_told(self._engine, now - LATELY):
                self._tell(whole.id)
        except (SlackApiError, OSError, HTTPException) as error:
            seconds = silence(error)
            log.warning("import not told", error=slacks_word(error), again_in=seconds)
            self._silent_until = now + timedelta(seconds=seconds)

    def _tell(self, import_id: int) -> None:
        moves = imports.moves(self._engine, import_id)  # before the rows: what moves in between is told next time
        whole = imports.get(self._engine, import_id)
        if whole is None or self._told.get(import_id) == moves:
            return
        members = imports.members(self._engine, import_id)
        ts = self._show(whole, members)
        if ts is not None:
            self._sheets(whole, ts, members)
            self._told[import_id] = moves

    def _show(self, whole: Import, members: Sequence[Member]) -> str | None:
        """Where Slack shows it now; None where it has to wait."""
        message, channel = card(whole, members), str(whole.channel)
        if message.digest == whole.shown:
            return whole.ts
        if whole.ts is not None:
            if self._voice.must_wait():
                return None
            try:
                self._voice.update(channel, whole.ts, message)
            except SlackApiError as error:
                if slacks_word(error) not in GONE:
                    raise
            else:
                imports.shown(self._engine, whole.id, whole.ts, message.digest)
                return whole.ts
        _, ts = self._voice.post(channel, message)
        imports.shown(self._engine, whole.id, ts, message.digest)
        return ts

    def _sheets(self, whole: Import, ts: str, members: Sequence[Member]) -> None:
        """The plans as soon as they are made, the outcomes at the end; each once."""
        planned = whole.status not in (ImportStatus.PLANNING, ImportStatus.CANCELLED) or whole.digest != ""
        sheets = whole.sheets
        if sheets == 0 and planned:
            self._upload(whole, ts, members, "plans", as_text(plan_rows(members), PLANS), 1)
            sheets = 1
        if sheets == 1 and whole.status in IMPORT_OVER and not _under_way(members):
            self._upload(whole, ts, members, "outcomes", as_text(outcome_rows(whole, members), OUTCOMES), 2)

    def _upload(self, whole: Import, ts: str, members: Sequence[Member], what: str, text: str, sheets: int) -> None:
        name = f"import-{whole.id}-{what}.csv"
        try:
            self._voice.upload_text(str(whole.channel), ts, text, name, f"{title(whole, members)}: {what}")
        except SlackApiError as error:
            if retry_after(error) is not None or error.response.status_code >= 500:
                raise
            log.warning("sheet refused", error=slacks_word(error))
        imports.sheet_uploaded(self._engine, whole.id, sheets)


def _under_way(members: Sequence[Member]) -> bool:
    return any(one.run.status in imports.UNDER_WAY for one in members)
