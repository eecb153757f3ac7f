"""A run's Slack thread, kept as the rows say: what Slack shows is compared with what it should show, and mended.

One thread of this process sends everything. Slack being slow or down fails nothing: a run stays `due` until its thread
is right. What is said is decided in messages.py; nothing here reads a click.
"""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any, Literal, NoReturn

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from sqlalchemy import Engine

from bot.blocks import FALLBACK, Message, cut, escape
from bot.messages import CHECKLIST, PICTURE, thread
from bot.pace import Pace
from bot.refusals import (
    CLOSED,
    CLOSED_FOR,
    FIXED,
    GONE,
    NO_THREAD,
    REFUSED,
    cure,
    is_busy,
    retry_after,
    slacks_word,
)
from bot.run_view import TROUBLE, RunView
from storage import threads
from storage.database import StorageError
from storage.models import FINISHED, RunStatus, Step, StepStatus, ThreadMessage, utcnow
from storage.threads import ROOT

log = structlog.get_logger("onespot.thread")

CALM = 2.5
"""Seconds between two looks at the thread of a run that is walked."""
BACK_OFF = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
"""Seconds before the next try, while Slack doesn't answer."""

_NAME = re.compile(r"[a-z0-9_-]{1,80}")


class ThreadClosed(Exception):
    """Slack will not take messages for this run's channel; `.error` is its word for it."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


class _Anew(Exception):
    """What Slack was thought to have is gone: look again."""


class _Unedited(SlackApiError):
    """Slack refused an edit, and has what is new."""

    def __init__(self, error: SlackApiError) -> None:
        super().__init__(str(error), error.response)  # type: ignore[no-untyped-call]


@dataclass
class _Due:
    """A run whose thread has to be looked at: when, and how often that went wrong."""

    at: float
    failures: int = 0
    takes_news: bool = False
    """Whether only edits went wrong, for Slack has something against them: what is new need not wait."""


class Threads:
    """Every run's thread. `touch` may be called from any thread, as often as one likes."""

    def __init__(
        self,
        engine: Engine,
        client: WebClient,
        view: Callable[[int], RunView | None],
        evidence: Path,
        *,
        pace: Pace | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`view` reads the rows of a run; `evidence` is where its masked pictures are."""
        self._engine, self._client, self._view, self._evidence = engine, client, view, evidence
        self._clock, self._pace = clock, pace or Pace(clock)
        self._due: dict[int, _Due] = {}
        self._last: dict[int, float] = {}
        self._said: set[int] = set()
        self._no_plans = False
        self._wake = threading.Condition()
        self._over = False
        self._thread = threading.Thread(target=self._keep_sending, name="threads", daemon=True)

    # What others call

    def touch(self, run_id: int, *, calm: bool = False) -> None:
        """Something about this run changed. `calm`: no hurry, other changes will follow."""
        at = max(self._clock(), self._last.get(run_id, 0.0) + CALM) if calm else self._clock()
        with self._wake:
            due = self._due.get(run_id)
            if due is None:
                self._due[run_id] = _Due(at)
            elif due.takes_news or not due.failures:
                due.at = min(due.at, at)
            self._wake.notify()

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self, patience: float = 10.0) -> None:
        """Send what can be sent now, for at most so many seconds, and end."""
        until = time.monotonic() + patience
        while self._anything_soon() and time.monotonic() < until and self._thread.is_alive():
            time.sleep(0.05)
        with self._wake:
            self._over = True
            self._wake.notify()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def _anything_soon(self) -> bool:
        """Not what waits for a Slack that is down, or for a channel that is closed: the next start tells it."""
        soon = self._clock() + CALM
        with self._wake:
            return any(due.at <= soon and not due.failures for due in self._due.values())

    # The thread that sends

    def _keep_sending(self) -> None:
        while True:
            with self._wake:
                run_id = self._next()
                while run_id is None and not self._over:
                    self._wake.wait(self._until_next())
                    run_id = self._next()
                if self._over or run_id is None:
                    return
                due = self._due.pop(run_id)
            try:
                self._look_after(run_id, due)
            except Exception as error:  # noqa: BLE001  (it sends for all runs: it outlives whatever one of them brings)
                log.error("thread not told", run=run_id, error=type(error).__name__)
                self._again(run_id, due, BACK_OFF[min(due.failures, len(BACK_OFF) - 1)])
                due.failures += 1

    def _next(self) -> int | None:
        now = self._clock()
        return min(
            (run for run, due in self._due.items() if due.at <= now), key=lambda r: self._due[r].at, default=None
        )

    def _until_next(self) -> float | None:
        soonest = min((due.at for due in self._due.values()), default=None)
        return None if soonest is None else max(0.02, soonest - self._clock())

    def _look_after(self, run_id: int, due: _Due) -> None:
        """One look; the run is due again when its thread isn't right yet."""
        self._last[run_id] = self._clock()
        try:
            wait = self.mend(run_id)
        except ThreadClosed as closed:
            log.warning("thread closed", run=run_id, error=closed.error)
            self._say_closed(run_id, closed)
            wait = CLOSED_FOR
            due.failures, due.takes_news = due.failures + 1, False
        except (SlackApiError, OSError, HTTPException, StorageError) as error:
            wait = retry_after(error) or BACK_OFF[min(due.failures, len(BACK_OFF) - 1)]
            log.warning("slack unreachable", run=run_id, error=slacks_word(error), again_in=wait)
            due.failures += 1
            due.takes_news = isinstance(error, _Unedited) and not is_busy(error)
        else:
            due.failures = 0
        if wait is not None:
            self._again(run_id, due, wait)

    def _again(self, run_id: int, due: _Due, wait: float) -> None:
        with self._wake:
            later = self._due.setdefault(run_id, due)
            later.at, later.failures, later.takes_news = self._clock() + wait, due.failures, due.takes_news

    def _say_closed(self, run_id: int, closed: ThreadClosed) -> None:
        """Tell the requester, once and directly, that the channel takes no messages."""
        view = self._view(run_id)
        if view is None or run_id in self._said:
            return
        self._said.add(run_id)
        where = f"in <#{view.run.channel}> ({closed.error})"
        text = f"I can't write about {escape(view.practice.name)} {where}. {cure(closed.error)}"
        with contextlib.suppress(SlackApiError, OSError, HTTPException):
            self._client.chat_postMessage(channel=view.run.requested_by, text=text)

    # One thread made right

    def mend(self, run_id: int) -> float | None:
        """Make Slack show what the rows say. None when it does; else after how many seconds to look again.

        Raises SlackApiError or OSError when Slack doesn't take something, ThreadClosed when it never will.
        """
        view = self._view(run_id)
        if view is None or view.run.channel is None or _is_past(view):
            return None
        try:
            return self._mend(view)
        except _Anew:
            return 0.0

    def _mend(self, view: RunView) -> float | None:
        """An edit that Slack refuses holds up no message that isn't there yet: a decision may wait for it."""
        wait: float | None = None
        failed: SlackApiError | None = None
        for message in thread(view):
            edit = message.key in view.posted
            if edit and failed is not None and is_busy(failed):
                continue
            minor = view.run.status is RunStatus.RUNNING and message.key in (ROOT, CHECKLIST)
            try:
                pause = self._show(view, message, minor=minor)
            except SlackApiError as error:
                if not edit:
                    raise
                failed = error
                continue
            wait = pause if wait is None else min(wait, pause) if pause is not None else wait
        self._picture(view)
        if failed is not None:
            raise _Unedited(failed)
        return wait

    def _show(self, view: RunView, message: Message, *, minor: bool) -> float | None:
        digest = message.digest
        had = view.posted.get(message.key)
        if had is not None and had.digest == digest:
            return None
        if had is not None:
            pause = self._pace.update(minor=minor)
            if pause > 0:
                return pause
            if self._update(view, message, had, digest):
                return None
            if message.key == ROOT:
                self._leave_thread(view)
        self._post(view, message, digest)
        return None

    def _post(self, view: RunView, message: Message, digest: str) -> None:
        root = None if message.key == ROOT else threads.root(self._engine, view.run.id)
        channel = root.channel if root else str(view.run.channel)
        self._pace.post(channel)
        try:
            answer = self._call(
                self._client.chat_postMessage,
                message,
                channel=channel,
                thread_ts=root.ts if root else None,
                unfurl_links=False,
                unfurl_media=False,
            )
        except SlackApiError as error:
            if slacks_word(error) != NO_THREAD:
                raise
            self._leave_thread(view)
        self._remember(view, message, str(answer["channel"]), str(answer["ts"]), digest)

    def _leave_thread(self, view: RunView) -> NoReturn:
        """The root was deleted: what still stands below it goes, and all is told again in a new thread."""
        for key, message in view.posted.items():
            if key != ROOT and message.digest:
                with contextlib.suppress(SlackApiError):
                    self._client.chat_delete(channel=message.channel, ts=message.ts)
        threads.forget(self._engine, view.run.id)
        raise _Anew

    def _update(self, view: RunView, message: Message, had: ThreadMessage, digest: str) -> bool:
        """False when the message isn't there any more. One that may not be edited any more counts as edited."""
        try:
            self._call(self._client.chat_update, message, channel=had.channel, ts=had.ts)
        except SlackApiError as error:
            if slacks_word(error) in GONE:
                return False
            if slacks_word(error) not in FIXED:
                raise
            log.warning("message stays as it is", key=message.key)
        self._remember(view, message, had.channel, had.ts, digest)
        return True

    def _call(self, call: Callable[..., SlackResponse], message: Message, **where: Any) -> SlackResponse:
        """The call with the message in it; where Slack refuses its blocks in others, and at last in words alone."""
        text = cut(message.text, FALLBACK - 100)
        newest = () if message.otherwise and self._no_plans else message.blocks
        for blocks in filter(None, (newest, message.otherwise)):
            try:
                return call(text=text, blocks=[block.to_dict() for block in blocks], **where)
            except SlackApiError as error:
                word = slacks_word(error)
                if word in CLOSED:
                    raise ThreadClosed(word) from None
                if word not in REFUSED:
                    raise
                log.error("blocks refused", key=message.key)
                self._no_plans = self._no_plans or bool(message.otherwise)
        return call(text=text, blocks=[], **where)

    def _remember(self, view: RunView, message: Message, channel: str, ts: str, digest: str) -> None:
        threads.showed(self._engine, view.run.id, message.key, channel, ts, digest, message.text)

    # The picture of a failure

    def _picture(self, view: RunView) -> None:
        """Upload the masked picture of the step that failed, once, below what says why."""
        troubles = [key for key in threads.messages(self._engine, view.run.id) if key.startswith(TROUBLE)]
        step = view.latest.get(view.run.error_step or 0)
        if not troubles or step is None or step.status is not StepStatus.FAILED:
            return
        key = PICTURE + troubles[-1].removeprefix(TROUBLE)
        file = picture_file(self._evidence, step)
        root = threads.root(self._engine, view.run.id)
        if key in view.posted or root is None or file is None:
            return
        title = f"Step {step.number} as the browser saw it (masked)"
        uploaded = self._upload(file, title, f"{title}: {step.detail}", root)
        threads.showed(self._engine, view.run.id, key, root.channel, uploaded, "", title)

    def _upload(self, file: Path, title: str, alt: str, root: ThreadMessage) -> str:
        """The file's id; empty where Slack will not have it (the bot isn't a member, say): the words say all."""
        try:
            answer = self._client.files_upload_v2(
                file=str(file),
                filename=file.name,
                title=title,
                alt_txt=cut(alt, 1000),
                channel=root.channel,
                thread_ts=root.ts,
            )
        except SlackApiError as error:
            if retry_after(error) is not None or error.response.status_code >= 500:
                raise
            log.warning("picture refused", error=slacks_word(error))
            return ""
        return str(answer["file"]["id"])


def picture_file(evidence: Path, step: Step, kind: Literal["png", "jpg"] = "png") -> Path | None:
    """The picture of this step, where there is one: a PNG of a failure, a JPEG of what it has proved.

    Of its name only what steps are called: it becomes a path.
    """
    if not _NAME.fullmatch(step.name):
        return None
    file = evidence / str(step.run_id) / f"{step.number:02d}-{step.name}.{kind}"
    return file if file.is_file() else None


def _is_past(view: RunView) -> bool:
    """Whether what is known of its thread was pruned long after its end: it isn't told all over again."""
    over = view.run.status in FINISHED and ROOT not in view.posted
    return over and utcnow() - view.run.moved_at > threads.LATELY
