"""Takes kept passwords out of sentences, so that an EHR which quotes one gets it into no row, thread or terminal.

Nothing here knows where a sentence goes. What is blanked is every password kept for the practice, and the ones given.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from storage.models import Credential
from storage.vault import Vault

BLANK = "•••"

Blank = Callable[[str], str]
"""The same sentence, without any known password."""


def blank_for(vault: Vault, practice_id: int, *given: Credential) -> Blank:
    """Blanks this practice's passwords as they are kept at each call's moment; `given` are others that are used."""

    def blank(sentence: str) -> str:
        if not sentence:
            return sentence
        known = [*vault.kept_for(practice_id), *given]
        return blanked(sentence, [one.password.get_secret_value() for one in known])

    return blank


def blanked(sentence: str, passwords: list[str]) -> str:
    """The longest first, so that one which holds another leaves no part of itself; whatever case it is quoted in."""
    for password in sorted(filter(None, passwords), key=len, reverse=True):
        sentence = re.sub(re.escape(password), BLANK, sentence, flags=re.IGNORECASE)
    return sentence
