"""What the pages ask for: the desk behind them, as functions that are handed in. Here are only their promises.

Each is called in a thread, may wait for the database, and may raise StorageError.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import SecretStr

from storage.models import Credential, OneTimeLink


@dataclass(frozen=True)
class Facts:
    """What the pages say about a link: nothing secret."""

    practice: str
    person: str
    """Who the link was made for, as people call them."""
    username: str
    """The administrator's user name."""
    url: str
    """The EHR's address; its host is shown."""


@dataclass(frozen=True)
class Desk:
    """Who answers for the pages."""

    find: Callable[[str], OneTimeLink | None]
    """The link of a token while it works; changes nothing."""
    use: Callable[[str], OneTimeLink | None]
    """Uses the link up; of several who try, one gets it."""
    about: Callable[[OneTimeLink], Facts]
    may: Callable[[OneTimeLink], str | None]
    """Asked before a link is used up: None, or the sentence that says why not (yet). The link still works then."""
    intake: Callable[[OneTimeLink, SecretStr], str | None]
    """Takes the administrator's password, once the link is used up: None, or why it could not be taken after all."""
    reveal: Callable[[OneTimeLink], Credential | str]
    """The credential, once the link is used up, after noting in the audit that it is shown; or why there is none."""
    look_at: Callable[[OneTimeLink, str], Sequence[str]]
    """All that is wrong with a sheet of practices, one sentence each; asked before the link is used up."""
    bring: Callable[[OneTimeLink, str], str | None]
    """Takes the sheet, once the link is used up: None, or why nothing was begun after all."""
    ready: Callable[[], Mapping[str, str]]
    """What isn't ready, by its name, and why; empty when all is. Only the names are told outside."""
