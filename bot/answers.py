"""What somebody asked for with a command and waits for: told to them alone, as soon as a check has found it.

Only in the memory of this process: an answer that is lost in a restart is asked for once more. Slack takes answers to a
command for 30 minutes (docs.slack.dev/interactivity/handling-user-interaction).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException

import structlog
from slack_sdk.errors import SlackApiError
from sqlalchemy import Engine

from storage import checks
from storage.database import StorageError
from storage.models import HealthCheck

log = structlog.get_logger("onespot.slack")

BEAT = 1.0
"""Seconds between two looks at what was found meanwhile."""
PATIENCE = 600.0
"""Seconds after which nobody waits any more: a browser may be busy, or RevolutionEHR slow."""

Tell = Callable[[HealthCheck | None], object]
"""Takes what was found; None where it took too long."""


@dataclass(frozen=True)
class _Asked:
    practice_id: int
    after: int
    until: float
    tell: Tell


class Answers:
    """Those who wait. `stop` ends the waiting; nobody is told then."""

    def __init__(self, engine: Engine, *, beat: float = BEAT, patience: float = PATIENCE) -> None:
        self._engine, self._beat, self._patience = engine, beat, patience
        self._asked: list[_Asked] = []
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def newest(self, practice_id: int) -> int:
        """The practice's newest check so far, to be given to `wait`; 0 for none."""
        found = checks.latest(self._engine, practice_id)
        return 0 if found is None or found.id is None else found.id

    def wait(self, practice_id: int, after: int, tell: Tell) -> None:
        """Tell what the first check after that one found."""
        with self._lock:
            self._asked.append(_Asked(practice_id, after, time.monotonic() + self._patience, tell))
            if self._thread is None and not self._over.is_set():
                self._thread = threading.Thread(target=self._keep_looking, name="answers", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._over.set()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(timeout=5)

    def _keep_looking(self) -> None:
        while not self._over.wait(self._beat):
            with self._lock:
                asked = list(self._asked)
                if not asked:
                    self._thread = None
                    return
            over = [one for one in asked if self._answered(one)]
            with self._lock:
                self._asked = [one for one in self._asked if one not in over]

    def _answered(self, one: _Asked) -> bool:
        try:
            found = checks.latest(self._engine, one.practice_id)
            known = found is not None and (found.id or 0) > one.after
            if known or time.monotonic() > one.until:
                one.tell(found if known else None)
                return True
        except (StorageError, SlackApiError, OSError, HTTPException) as error:
            log.warning("answer not given", practice=one.practice_id, error=type(error).__name__)
            return time.monotonic() > one.until
        return False
