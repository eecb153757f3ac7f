"""What can go wrong in the stand-in Slack: every fault by name, with a sentence. The names live only here.

A fault in `SEEDS` also changes something in the workspace while it is on, and takes it back when it is switched off.
`Dials` says how much, and of what.
"""

from __future__ import annotations

import difflib
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.slack import seed
from sandbox.slack.state import State

FAULTS: dict[str, str] = {
    "down": "Slack is down for apps: every call is answered 503, sockets are cut, nothing is delivered.",
    "slow": "Every answer of the Web API takes some seconds (dials.slow).",
    "http-500": "Every call of the Web API is answered with a server error, and nothing is done.",
    "rate-storm": "Every call of one method (dials.storm) is answered 429.",
    "drop-sockets": "All WebSockets are cut, and new ones are cut as soon as they were greeted.",
    "duplicate-events": "Every event is delivered twice, the second time as a retry.",
    "lose-acks": "What the app answers to a delivery never arrives.",
    "channel-archived": "#onboarding is archived.",
    "user-deactivated": "Ben's account is deactivated.",
    "missing-scope": "The app was installed without some scopes of its manifest (dials.withheld).",
    "bot-not-invited": "The bot is no member of #onboarding.",
}


def _archive(state: State, on: bool) -> None:
    state.channels[seed.ONBOARDING].archived = on


def _deactivate(state: State, on: bool) -> None:
    state.users[seed.BEN].deleted = on


def _uninvite(state: State, on: bool) -> None:
    members = state.channels[seed.ONBOARDING].members
    members.discard(seed.BOT_USER) if on else members.add(seed.BOT_USER)


SEEDS: dict[str, Callable[[State, bool], None]] = {
    "channel-archived": _archive,
    "user-deactivated": _deactivate,
    "bot-not-invited": _uninvite,
}


@dataclass
class Dials:
    """How strong a fault is, and how patient Slack is; seconds. Tests turn them down, never up."""

    slow: float = 2.0
    storm: str = "chat.update"
    storm_retry_after: int = 1
    withheld: set[str] = field(default_factory=lambda: {"usergroups:read", "files:write"})
    patience: float = 3.0
    """How long an app may take to acknowledge."""
    trigger_life: float = 3.0
    event_retries: tuple[float, ...] = (0.5, 60.0, 300.0)
    """Slack tries an event again nearly at once, after a minute and after five."""


def check_name(name: str) -> str:
    """The name itself. Raises ValueError with a sentence that lists the names nearest to an unknown one."""
    if name not in FAULTS:
        near = difflib.get_close_matches(name, FAULTS, n=4, cutoff=0.4) or sorted(FAULTS)[:4]
        raise ValueError(f'There is no fault named "{name}". Near it are: {", ".join(near)}.')
    return name


class Faults:
    """The faults that are on, a live set; safe to switch from any thread while the server runs."""

    def __init__(self, state: State, names: Iterable[str] = ()) -> None:
        self._state = state
        self._on: set[str] = set()
        self._lock = threading.Lock()
        self.on_switch: list[Callable[[], None]] = []
        self.on(*names)

    def on(self, *names: str) -> None:
        """Switches faults on. Raises ValueError for an unknown name, before switching any."""
        self._switch([check_name(one) for one in names], True)

    def off(self, *names: str) -> None:
        """Switches faults off, and what they changed back."""
        self._switch([check_name(one) for one in names], False)

    def _switch(self, names: list[str], on: bool) -> None:
        for name in names:
            with self._state.lock, self._lock:
                if (name in self._on) == on:
                    continue
                self._on = self._on | {name} if on else self._on - {name}
                if name in SEEDS:
                    SEEDS[name](self._state, on)
        self._state.changed()
        for tell in list(self.on_switch):
            tell()

    def __contains__(self, name: Any) -> bool:
        return check_name(name) in self._on

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._on))

    def __len__(self) -> int:
        return len(self._on)
