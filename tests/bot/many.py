"""Several practices, each with a tiny EHR of its own: what the tests of imports share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from automation.revolutionehr.walking import Outcome
from storage.models import Plan
from tests.bot.tiny import TinyEhr, TinyHands


class ManyHands(TinyHands):
    """Hands that work at whichever EHR the address names."""

    def __init__(self) -> None:
        super().__init__()
        self.ehrs: dict[str, TinyHands] = {}
        self.walked: list[str] = []
        """The addresses at which the guide was walked, in order."""

    def at(self, name: str) -> TinyEhr:
        """The EHR of a practice, by a word of its address."""
        url = address(name)
        return self.ehrs.setdefault(url, TinyHands(TinyEhr(url))).ehr

    def make_plan(self, browser: Any, address: Any, *more: Any, **named: Any) -> Plan:
        return self._hands(address).make_plan(browser, address, *more, **named)

    def provision(self, browser: Any, address: Any, *more: Any, **named: Any) -> Outcome:
        self.walked.append(address.url)
        return self._hands(address).provision(browser, address, *more, **named)

    def check(self, browser: Any, address: Any, *more: Any) -> Any:
        return self._hands(address).check(browser, address, *more)

    def _hands(self, address: Any) -> TinyHands:
        return self.ehrs.setdefault(address.url, TinyHands(TinyEhr(address.url)))


def address(name: str) -> str:
    return f"http://{name.split()[0].lower()}.example/static/"


def sheet(names: list[str], password: Callable[[str], str] = lambda name: "canary-admin-password") -> str:
    lines = [f"{name},{address(name)},mhalloran,{password(name)}" for name in names]
    return "\n".join(["practice,address,administrator,administrator password", *lines])
