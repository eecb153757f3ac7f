"""Walk a guide: for each step look whether its work is done, do it, prove it, and tell.

It knows neither browsers nor RevolutionEHR. A step may say once that the walk has to go back to an earlier one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from automation.errors import AutomationError, Unavailable
from storage.models import StepStatus

V = TypeVar("V")


def not_yet(visit: object) -> bool:
    """For a step that is done each time."""
    return False


def as_it_was_done(visit: object) -> None:
    """For a step that has proved itself while it was done."""


@dataclass(frozen=True)
class GuideStep(Generic[V]):
    """A numbered step of the guide. `already` looks first; `do` does it; `prove` raises unless it is so afterwards."""

    number: int
    name: str
    title: str
    do: Callable[[V], None]
    already: Callable[[V], bool] = not_yet
    prove: Callable[[V], None] = as_it_was_done


@dataclass(frozen=True)
class Told:
    """What happened at a step. `seconds` is how long it took, once it is over.

    `picture` is the SHA-256 (hex) of the picture of what it has proved, where one was taken.
    """

    number: int
    name: str
    title: str
    status: StepStatus
    detail: str = ""
    seconds: float = 0.0
    picture: str = ""


Tell = Callable[[Told], None]


class GoBack(Exception):
    """The walk must go on at an earlier step: what was done since is lost or refused. `why` is for a person."""

    def __init__(self, to: str, why: str) -> None:
        super().__init__(why)
        self.to, self.why = to, why


def walk(guide: Sequence[GuideStep[V]], visit: V, tell: Tell, times_back: int = 2) -> None:
    """Does the steps one after the other.

    Raises:
        AutomationError: a step failed; it was told first.
    """
    position = 0
    while position < len(guide):
        step = guide[position]
        try:
            _take(step, visit, tell)
            position += 1
        except GoBack as back:
            times_back -= 1
            if times_back < 0:
                raise Unavailable(back.why, "It did not get better by doing it again.", "Try again later.") from None
            position = next(i for i, s in enumerate(guide) if s.name == back.to)


def _take(step: GuideStep[V], visit: V, tell: Tell) -> None:
    started = time.monotonic()

    def say(status: StepStatus, detail: str = "") -> None:
        tell(Told(step.number, step.name, step.title, status, detail, time.monotonic() - started))

    say(StepStatus.RUNNING)
    try:
        if step.already(visit):
            step.prove(visit)
            say(StepStatus.ALREADY_THERE)
            return
        step.do(visit)
        step.prove(visit)
    except GoBack as back:
        say(StepStatus.PENDING, back.why)
        raise
    except AutomationError as error:
        say(StepStatus.FAILED, error.what)
        raise
    say(StepStatus.DONE)
