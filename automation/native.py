"""The browser's own dialogs (alert, confirm, prompt, "leave this page?"), which stop a page until they are answered.

None is agreed to but what somebody announced (`agreeing`); what one only says is closed, and is seen as a message until
the next press.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Dialog, Page

from automation.errors import PersonNeeded, quoted
from automation.sight import Notice


class NativeDialogs:
    """Those of one page. `told` is what they said since the last press; `announce` is given it too.

    `leaving` is whether the page may be left now, even with something unsaved.
    """

    def __init__(self, page: Page, announce: Callable[[str], None]) -> None:
        self.told: tuple[Notice, ...] = ()
        self._announce = announce
        self.leaving = False
        self._questions: list[str] = []
        self._agrees: Callable[[str], bool] = lambda question: False
        page.on("dialog", self._came)

    @contextmanager
    def agreeing(self, to: Callable[[str], bool]) -> Iterator[None]:
        """While this lasts, dialogs whose question it knows are agreed to; all others are dismissed as ever."""
        before, self._agrees = self._agrees, to
        try:
            yield
        finally:
            self._agrees = before

    def no_questions(self) -> None:
        """Raises PersonNeeded when the page asked something (it was dismissed, not agreed to)."""
        if self._questions:
            asked = self._questions.pop(0)
            raise PersonNeeded(
                f"RevolutionEHR asked: {quoted(asked)}", "Only a person should answer that.", "Look at it and retry."
            )

    def _came(self, dialog: Dialog) -> None:
        said = dialog.message[:300]
        if dialog.type == "alert":
            self.told += (Notice(id=-1, start=-1, end=-1, text=said, classes="", role="alert"),)
            self._announce(said)
            dialog.accept()
        elif self.leaving if dialog.type == "beforeunload" else dialog.type == "confirm" and self._agrees(said):
            dialog.accept()
        else:
            self._questions.append(said)
            dialog.dismiss()
