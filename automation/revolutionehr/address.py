"""Where a practice's RevolutionEHR is, and who takes part in a visit: a recorder, or somebody who is asked. Values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from automation.revolutionehr.record import Recorder
from automation.revolutionehr.words import Words


@dataclass(frozen=True)
class Pause:
    """Where a walk stands right before a click that changes something.

    What it would press, what was entered since the last such click (no secrets), and a masked picture, where one could
    be taken.
    """

    press: str
    entered: tuple[str, ...] = ()
    picture: Path | None = None


@dataclass(frozen=True)
class Address:
    """Where a practice's RevolutionEHR is, and the folder for masked pictures (None: none are taken).

    With a `recorder` a plan records what each screen that it opens is made of. With `ask` a walk asks before each click
    that changes something, and it raises to stop. `words` are those that a tenant has for the guide's.
    """

    url: str
    evidence: Path | None = None
    recorder: Recorder | None = None
    ask: Callable[[Pause], None] | None = None
    words: Words | None = None
