"""Masked pictures of a screen: no password, and never the home screen, where patients' names stand.

Fields that held a secret are covered whatever their type, as are all password fields. No trace, no video, no HAR.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator

from automation.screen import Screen

_COLOUR = "#283747"


def take(screen: Screen, folder: Path | None, name: str) -> Path | None:
    """A masked PNG `folder/name.png`, or None where none is wanted or none can be taken."""
    if folder is None:
        return None
    path = folder / f"{name}.png"
    try:
        screen.page.screenshot(
            path=path, mask=_secrets(screen), mask_color=_COLOUR, timeout=10_000, animations="disabled"
        )
    except (PlaywrightError, OSError):
        path.unlink(missing_ok=True)
        return None
    path.chmod(0o600)
    return path


def _secrets(screen: Screen) -> list[Locator]:
    masks: list[Locator] = []
    for frame in screen.page.frames:
        masks += [frame.locator("input[type=password]"), frame.locator("input[autocomplete*=password]")]
    masks += [screen.page.frames[number].locator(f"onespot={element}") for number, element in screen.secret_fields
              if number < len(screen.page.frames)]  # fmt: skip
    return masks
