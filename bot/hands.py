"""What the bot uses of automation, as it is: the deeds at an EHR, the steps' names, the ways to read what people typed.

Nothing is decided or kept here; what is done with it is worker.py's and rotation.py's.
"""

from __future__ import annotations

import functools
from contextlib import AbstractContextManager
from dataclasses import dataclass

from automation import printing
from automation.browser import Browser, KeptBrowser, open_browser
from automation.errors import AutomationError
from automation.revolutionehr.check import check
from automation.revolutionehr.desired import Wanted
from automation.revolutionehr.guide import GUIDE, provision
from automation.revolutionehr.passwords import Policy
from automation.revolutionehr.plan import make_plan
from automation.revolutionehr.repair import plan_repair, repair
from automation.revolutionehr.retire import STEPS as RETIREMENT
from automation.revolutionehr.retire import plan_retirement, retire
from automation.revolutionehr.rotate import rotate, settle
from automation.revolutionehr.words import Words as Words
from automation.revolutionehr.words import parse
from bot.pack.make import NotPrinted
from storage.models import ErrorClass, Practice, Verb

STEPS: tuple[tuple[int, str], ...] = tuple((step.number, step.title) for step in GUIDE)
"""The guide's numbers and titles, for whoever shows progress."""

PLACES: dict[str, str] = {
    name: f"step {number}, {title}"
    for name, number, title in (
        *((step.name, step.number, step.title) for step in RETIREMENT),
        *((step.name, step.number, step.title) for step in GUIDE),
    )
}
"""Where a run stands, in words, by the name that its steps are recorded under."""


def steps_of(verb: Verb) -> tuple[tuple[int, str], ...]:
    """The numbers and titles of a run's steps: a repair walks the guide's, a retirement has its own."""
    return tuple((step.number, step.title) for step in RETIREMENT) if verb is Verb.RETIRE else STEPS


@dataclass(frozen=True)
class Hands:
    """What the worker uses of automation, as it is. (The tests have other hands of the same shape.)"""

    executable: str | None = None
    keep: bool = False
    """Whether the browser stays open from visit to visit, until `close`."""
    make_plan = staticmethod(make_plan)
    provision = staticmethod(provision)
    plan_repair = staticmethod(plan_repair)
    repair = staticmethod(repair)
    plan_retirement = staticmethod(plan_retirement)
    retire = staticmethod(retire)
    check = staticmethod(check)
    rotate = staticmethod(rotate)
    settle = staticmethod(settle)

    def open_browser(self) -> AbstractContextManager[Browser]:
        """A Chromium of this machine. Raises BrowserMissing."""
        return self._kept.lend() if self.keep else open_browser(self.executable)

    def close(self) -> None:
        """Ends a browser that was kept. In the thread that used it."""
        self._kept.close()

    @functools.cached_property
    def _kept(self) -> KeptBrowser:
        return KeptBrowser(self.executable)


class NoBrowser(AutomationError):
    """This machine has no Chromium that starts; no try again helps."""

    error_class = ErrorClass.BUSINESS


def wanted(practice: Practice) -> Wanted:
    """What this practice's own settings ask for."""
    policy = Policy.parse(practice.password_policy) if practice.password_policy else Policy()
    return Wanted(practice.primary_location, policy)


def check_policy(text: str | None) -> None:
    """Raises ValueError with a sentence when the text isn't a password policy; no text is fine."""
    if text is not None:
        Policy.parse(text)


def read_words(text: str) -> Words:
    """The words of a file for a tenant. Raises ValueError with a sentence that names the line and what to do."""
    return parse(text)


def print_pdf(html: str, executable: str | None = None) -> bytes:
    """A page of ours as a PDF, by a browser of its own; in any thread. Raises NotPrinted."""
    try:
        return printing.print_pdf(html, executable)
    except printing.NotPrinted as error:
        why = str(error)
    raise NotPrinted(why)
