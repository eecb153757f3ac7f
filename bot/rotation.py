"""A rotation at work: a wish for a new password becomes a proved one, or a sentence that says why not.

The row is the truth, as a run's is: every verb may be called any number of times by anybody, the practice's lease lets
one of them work, and what a crash left is settled by whoever comes next. A rotation stays open exactly as long as it
isn't known which password holds. Nobody talks here: Slack shows the rows (handover.py), a terminal the outcome
(terminal/rotate.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine

from automation.browser import Browser
from automation.errors import AutomationError
from automation.revolutionehr.address import Address
from bot.guard import Late, Stopped
from bot.hands import NoBrowser, wanted
from bot.verdicts import trouble_of, worth_another_try
from bot.watch import Watch
from bot.workplace import Busy, Workplace
from storage import audit, health, rotations, runs
from storage.database import StorageError
from storage.models import Credential, ErrorClass, Lease, Practice, Purpose, Rotation, Stage, Trouble

ASKED = "somebody asked for it"
RESET = "RevolutionEHR asked for a new password"
EXPIRY = "the password was about to expire"
REPAIRED = "a repair set it"
"""What a rotation is for, in the words that follow "because"."""
THE_CHECKS = "the checks"

HAND_OVER = "OneSpot's auto-sync settings must get the new password; until then the nightly sync can't log in."
"""What is left to a person after a new password."""

DEADLINE = 300.0
"""Seconds for the whole visit: two or three logins, and one form."""
AT_MOST = timedelta(hours=24)
"""A rotation that could not even begin for so long is given up."""
APART = timedelta(hours=20)
"""The checks begin no rotation sooner after another one, however it ended."""

_INTERRUPTED = "It was interrupted before RevolutionEHR had taken the new password; the former one still holds."
_TOO_LATE = "It could not be begun for a day."
_NONE_KEPT = "No proved password of this practice is kept, so there is none to replace."


@dataclass(frozen=True)
class Ended:
    """How a rotation ended: the row as it stands, and what stopped it. One that is still open is settled later.

    `unusable` says that this machine has no browser.
    """

    rotation: Rotation
    trouble: Trouble | None = None
    unusable: bool = False

    @property
    def proved(self) -> bool:
        """Whether a new password is current now."""
        return self.rotation.proved_at is not None


# For whoever knocks: a dispatcher, the sweep


def ask(engine: Engine, practice: Practice, why: str, *, now: datetime) -> Rotation | None:
    """The checks want a new password; None when one is on its way, or was tried in the last hours."""
    last = rotations.latest(engine, practice.id)
    if last is not None and last.begun_at > now - APART:
        return None
    return rotations.begin(engine, practice.id, why, THE_CHECKS, now=now)


def go_on(place: Workplace, practice: Practice) -> Ended | None:
    """Carry out the practice's open rotation, however far it had come; None when it has none.

    Raises Busy when somebody is at the practice, Stopped when somebody asked to stop (it stays open).
    """
    rotation = rotations.unfinished(place.engine, practice.id)
    return None if rotation is None else _carry_out(place, practice, lambda: rotation)


def recover(place: Workplace, practice: Practice) -> Ended | None:
    """End what nobody is at any more (`rotations.adrift` says which): settle it if it had begun, else carry it out.

    What had begun is not begun anew: when the former password still holds, it has failed, and somebody may ask again.
    Raises like `go_on`.
    """
    rotation = rotations.unfinished(place.engine, practice.id)
    if rotation is None:
        return None
    if rotation.tried_at is not None:
        return _carry_out(place, practice, lambda: rotation, only_settle=True)
    if rotation.begun_at < place.now() - AT_MOST:
        rotations.failed(place.engine, rotation.id, _TOO_LATE, now=place.now())
        return Ended(_as_it_stands(place, rotation))
    return _carry_out(place, practice, lambda: rotation)


def rotate_practice(place: Workplace, practice: Practice, why: str, asked_by: str) -> Ended:
    """Give the practice's account a new password now; an open rotation is gone on with.

    Raises like `go_on`.
    """

    def rotation() -> Rotation:
        engine = place.engine
        begun = rotations.unfinished(engine, practice.id)
        begun = begun or rotations.begin(engine, practice.id, why, asked_by, now=place.now())
        begun = begun or rotations.unfinished(engine, practice.id)
        if begun is None:
            raise Busy(practice.name)
        return begun

    return _carry_out(place, practice, rotation)


def _carry_out(
    place: Workplace, practice: Practice, which: Callable[[], Rotation], *, only_settle: bool = False
) -> Ended:
    with _alone(place, practice) as (lease, watch):
        turn = _Turn(place, practice, which(), lease, watch)
        return turn.take(only_settle=only_settle)


@contextmanager
def _alone(place: Workplace, practice: Practice) -> Iterator[tuple[Lease, Watch]]:
    lease = runs.claim_practice(place.engine, practice.id, place.holder, now=place.now())
    if lease is None:
        raise Busy(practice.name)
    with place.guard.holding(lease) as watch:
        yield lease, watch


@dataclass
class _Turn:
    """One go at a rotation, under the practice's lease."""

    place: Workplace
    practice: Practice
    rotation: Rotation
    lease: Lease
    watch: Watch
    clicked: bool = False
    """Whether a new password was sent off by this very go: then nothing is tried again by itself."""

    def take(self, *, only_settle: bool) -> Ended:
        """From where it stands to its end, or to where it isn't known which password holds."""
        place = self.place
        if not rotations.trying(place.engine, self.rotation.id, now=place.now()):
            return Ended(_as_it_stands(place, self.rotation))
        if rotations.came_true(place.engine, self.rotation):
            return self._proved()
        if place.vault.kept(self.practice.id, Purpose.FINAL, Stage.CURRENT) is None:
            return self._failed(Trouble(ErrorClass.CREDENTIAL, _NONE_KEPT, "", "Provision it first."))
        try:
            once = self._settle_once if only_settle else self._rotate_once
            is_new = place.guard.patiently(once, (AutomationError, Late), self._worth_another_try)
        except Stopped:
            self._put_back()
            raise
        except (AutomationError, Late) as error:
            return self._failed(trouble_of(error), unusable=isinstance(error, NoBrowser))
        if is_new or rotations.came_true(place.engine, self.rotation):
            return self._proved()
        return self._failed(Trouble(ErrorClass.TRANSIENT, _INTERRUPTED, "", "Ask for it again."))

    def _rotate_once(self) -> bool:
        """True: a new password holds now."""
        place, practice = self.place, self.practice
        with self._visit() as browser:
            address, keep = self._address(), place.keep(practice)
            place.hands.rotate(browser, address, self._current(), wanted(practice), keep, self._fence)
        return True

    def _settle_once(self) -> bool:
        """Whether what was left behind turned out to be a new password that holds."""
        before = self._current()
        with self._visit() as browser:
            holds = self.place.hands.settle(browser, self._address(), self.place.keep(self.practice))
        return holds not in (None, before)

    def _current(self) -> Credential:
        current = self.place.vault.kept(self.practice.id, Purpose.FINAL, Stage.CURRENT)
        if current is None:
            raise StorageError(_NONE_KEPT)
        return current

    def _visit(self) -> AbstractContextManager[Browser]:
        return self.place.visit(self.watch, self.practice, self.place.blank(self.practice), DEADLINE)

    def _address(self) -> Address:
        return Address(self.practice.url, self.place.folder("rotations", str(self.practice.id)))

    def _fence(self) -> None:
        """Asked right before the click that sends the new password: raises when the practice isn't ours any more."""
        place = self.place
        if place.guard.stopping:
            raise Stopped
        if self.watch.lost or not runs.holds(place.engine, self.lease, now=place.now()):
            raise runs.LeaseLost
        self.clicked = True

    def _worth_another_try(self, error: Exception) -> str | None:
        return None if self.clicked else worth_another_try(error)

    def _proved(self) -> Ended:
        place, practice = self.place, self.practice
        if rotations.proved(place.engine, self.rotation.id, now=place.now()):
            self._audit("rotated the password", self._current().username)
        health.due_at_once(place.engine, [practice.id], now=place.now())
        return Ended(_as_it_stands(place, self.rotation))

    def _failed(self, trouble: Trouble, *, unusable: bool = False) -> Ended:
        """It ends, unless a new password may hold: then it stays open. A person who is needed is called either way."""
        place = self.place
        open_still = place.vault.was_submitted(self.practice.id, Purpose.FINAL)
        if not (open_still and trouble.error_class is ErrorClass.TRANSIENT):
            problem = f"{trouble.what} {trouble.do}".strip()
            rotations.failed(place.engine, self.rotation.id, problem, now=place.now())
            self._audit("failed to rotate the password", trouble.what)
        return Ended(_as_it_stands(place, self.rotation), trouble, unusable)

    def _put_back(self) -> None:
        """Whoever comes next begins it anew, where nothing was sent off; else it is settled."""
        if not self.place.vault.was_submitted(self.practice.id, Purpose.FINAL):
            self.place.keep(self.practice).drop()
            rotations.put_back(self.place.engine, self.rotation.id)

    def _audit(self, what: str, detail: str) -> None:
        by, engine, now = self.rotation.asked_by, self.place.engine, self.place.now()
        audit.write(engine, by, what, practice_id=self.practice.id, detail=detail, now=now)


def _as_it_stands(place: Workplace, rotation: Rotation) -> Rotation:
    return rotations.get(place.engine, rotation.id) or rotation
