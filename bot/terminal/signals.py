"""What Ctrl-C and its like do for a while, in place of what they did before. Knows nothing of what is interrupted."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""The signals that ask a program to end: Ctrl-C, whoever supervises it, a terminal that is closed."""


@contextmanager
def heeding(heard: Callable[[int, FrameType | None], object], *numbers: signal.Signals) -> Iterator[None]:
    """While this lasts `heard` is called on these signals, also where whoever started us had them ignored."""
    before = {number: signal.signal(number, heard) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
