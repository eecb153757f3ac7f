"""How a command can end, and the one exception for what is wrong with how it was called or set up. Light to import."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

PASSWORD = "ONESPOT_ADMIN_PASSWORD"  # noqa: S105  (a variable's name)


class Exit(IntEnum):
    """The exit statuses of every command."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    REFUSED = 3
    PERSON_NEEDED = 4


class SettingsProblem(Exception):
    """One sentence about a setting, a key, an option or a name; the command ends with exit status 2."""


def problem_json(error_class: str, sentence: str) -> dict[str, Any]:
    """A problem that isn't a run's own, as a JSON object: what `--json` prints for it."""
    return {"event": "failed", "status": "failed", "error": {"class": error_class, "message": sentence}}
