"""What can go wrong in the browser, in words for a person.

Every error has a class, which decides what happens next, and three sentences: what happened, what it means, what to do.
No error carries a password: texts come from labels, messages on the page and our own sentences.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from storage.models import ErrorClass


@dataclass(frozen=True)
class Sought:
    """What was looked for and not found: its words, what kind of thing, and all candidates, the likest first."""

    words: str
    kind: str
    near: tuple[str, ...]


class AutomationError(Exception):
    """Something stopped the walk. `screenshot` is a masked picture of it, where one could be taken."""

    error_class = ErrorClass.TRANSIENT
    sought: Sought | None = None

    def __init__(self, what: str, means: str = "", do: str = "", *, screenshot: Path | None = None) -> None:
        super().__init__(what)
        self.what, self.means, self.do = what, means, do
        self.screenshot = screenshot

    def reword(self, words: Callable[[str], str]) -> None:
        """Puts each sentence into other words, where it is: for whoever knows what must not be said."""
        self.what, self.means, self.do = map(words, (self.what, self.means, self.do))
        self.args = (self.what,)


class Halted(Exception):
    """Somebody asked to stop (`Browser.halt`). No AutomationError: nothing is wrong with the EHR."""


class LoginRefused(AutomationError):
    """RevolutionEHR did not accept a user name with its password. Never tried again by itself."""

    error_class = ErrorClass.CREDENTIAL


class PasswordRefused(AutomationError):
    """RevolutionEHR did not accept a password that was to be set; `longest` is the limit it showed, where it did."""

    error_class = ErrorClass.POLICY

    def __init__(self, what: str, means: str = "", do: str = "", *, longest: int | None = None) -> None:
        super().__init__(what, means, do)
        self.longest = longest


class Forbidden(AutomationError):
    """What was found in the EHR forbids the run: somebody has to decide or to change it there."""

    error_class = ErrorClass.BUSINESS


class ScreenChanged(AutomationError):
    """A control of the guide isn't there, or more than one would fit: says what was looked for and what was seen."""

    error_class = ErrorClass.UI_CHANGED


class Unavailable(AutomationError):
    """The EHR or the browser is slow, down or in an unknown state: worth trying again later."""

    error_class = ErrorClass.TRANSIENT


class NotRevolutionEHR(AutomationError):
    """The address answers, but not as RevolutionEHR: no password is typed there."""

    error_class = ErrorClass.BUSINESS


class Unreachable(Unavailable):
    """Nothing answers at the address."""


class PersonNeeded(AutomationError):
    """Something only a person may do: a second factor, agreements, a lock, other sessions, an unknown question."""

    error_class = ErrorClass.HUMAN_NEEDED


def quoted(said: str, most: int = 300) -> str:
    """What it says, in quotation marks, as the end of a sentence of ours: on one line, with one full stop."""
    words = " ".join(said.split())[:most]
    return f"“{words}”" if words.endswith((".", "!", "?", "…")) else f"“{words}”."
