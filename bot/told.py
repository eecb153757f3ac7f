"""What a walk tells, as protocols: so that nobody but the worker needs automation. Nothing is done here."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from storage.models import StepStatus


class Told(Protocol):
    """What a walk tells about one step (automation's `Told`)."""

    @property
    def number(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def status(self) -> StepStatus: ...
    @property
    def detail(self) -> str: ...
    @property
    def seconds(self) -> float: ...


class Pause(Protocol):
    """Where a walk stands right before a click that changes something (automation's `Pause`)."""

    @property
    def press(self) -> str: ...
    @property
    def entered(self) -> tuple[str, ...]: ...
    @property
    def picture(self) -> Path | None: ...
