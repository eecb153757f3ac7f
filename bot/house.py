"""The house: settings, database, keys, a worker, opened by hand for one command and closed after it.

No globals: what a command needs is passed on from here.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from getpass import getpass, getuser
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr
from sqlalchemy import Engine

from bot.address import must_answer, read_address
from bot.keys import open_vault
from bot.metrics import Metrics
from bot.problems import PASSWORD, SettingsProblem
from bot.seats import Seats
from bot.settings import Settings, read_settings
from storage import practices
from storage.database import StorageError, connect, upgrade
from storage.models import Credential, utcnow
from storage.vault import Vault

if TYPE_CHECKING:
    from bot.hands import Words
    from bot.worker import Worker

SECRETS = (PASSWORD, "ONESPOT_KEYS", "DATABASE_URL", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")
"""Variables that no browser, driver or package manager started by us inherits."""


class House:
    """What most commands need, opened in this order and only as far as needed: settings, database, keys."""

    def __init__(self, settings: Settings, engine: Engine, password: str | None) -> None:
        self.settings, self.engine, self._password = settings, engine, password
        self._words: Words | None = None

    @functools.cached_property
    def metrics(self) -> Metrics:
        """What this process counts."""
        return Metrics()

    @functools.cached_property
    def seats(self) -> Seats:
        """At each EHR, for all threads of this process."""
        return Seats(self.engine, self.settings.onespot_ehr_sessions, self.settings.onespot_login_rest)

    @functools.cached_property
    def vault(self) -> Vault:
        """The vault, whose keys are known to open what is sealed."""
        vault = open_vault(self.settings, self.engine)
        vault.check()
        return vault

    def use_words(self, file: Path | None = None) -> None:
        """The file of words for this command: the given one, else ONESPOT_EHR_WORDS, else none.

        Raises `SettingsProblem`: it can't be read, something in it is wrong, or it wasn't proved.
        """
        chosen = file or self.settings.onespot_ehr_words
        if chosen is not None:
            from bot.ehr_words import load_proved

            self._words = load_proved(chosen)

    def worker(self, news: Callable[[str], object], *, keep_browser: bool = False) -> Worker:
        """A worker with a real browser, whose evidence is kept beside the database.

        With `keep_browser` it stays open from visit to visit, until the worker's thread closes it (`hands.close`).
        """
        from bot.guard import Guard  # (the browser's library takes its time; lists don't need it)
        from bot.hands import Hands, Words
        from bot.worker import Worker

        evidence = self.settings.evidence
        try:
            evidence.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            raise SettingsProblem(f"The folder {evidence} can't be made: DATABASE_URL says where.") from None
        guard = Guard(self.engine, utcnow, news=news)
        if self._words is None:
            self.use_words()
        hands = Hands(self.settings.browser, keep=keep_browser)
        return Worker(self.engine, self.vault, evidence, guard, hands, words=self._words or Words(), seats=self.seats)

    def administrator(self, username: str) -> Credential:
        """The administrator's login: the password from its variable, else asked without showing it."""
        if not username.strip():
            raise SettingsProblem("--admin is empty: say the administrator's user name.")
        password = self._password
        if password is None:
            if not sys.stdin.isatty():
                raise SettingsProblem(f"The administrator's password is missing: put it into {PASSWORD}.")
            password = getpass(f"Password of {username.strip()} in RevolutionEHR: ", stream=sys.stderr)
        if not password.strip():
            raise SettingsProblem("The administrator's password is empty.")
        return Credential(username.strip(), SecretStr(password))

    def administrators(self) -> Callable[[str], Credential]:
        """The logins of several, one after the other. The variable is for one user name: never tried with another."""
        first: list[str] = []

        def login(username: str) -> Credential:
            first.append(username)
            if self._password is not None and username != first[0]:
                raise SettingsProblem(
                    f"{PASSWORD} is one password, and the file names {first[0]} and {username}: give it a column "
                    "“administrator password” instead, or unset the variable to be asked for each."
                )
            return self.administrator(username)

        return login

    def looked_at(self, practice: str, url: str | None, policy: str | None) -> str:
        """The address for this practice, after all that was typed was looked at and something answers there.

        A new name that is near to a known one, without an address, is taken for a slip of the pen.
        """
        from bot.hands import check_policy

        if not practice.strip():
            raise SettingsProblem("The practice's name is empty.")
        try:
            check_policy(policy)
        except ValueError as problem:
            raise SettingsProblem(f"--password-policy: {problem}") from None
        self.vault  # noqa: B018  (keys that are missing or wrong are said before anything is asked)
        known = practices.find(self.engine, practice)
        near = practices.near(self.engine, practice) if known is None and url is None else []
        if near:
            meant = f"did you mean {' or '.join(near)}?"
            raise SettingsProblem(f'There is no practice named "{practice}": {meant} A new one is made with --url.')
        at = read_address(url or (known.url if known else self.settings.revolutionehr_url))
        must_answer(at)
        return at


@contextmanager
def open_house() -> Iterator[House]:
    """The house, closed at the end. What is wrong with the database is said in one sentence."""
    settings = read_settings()
    try:
        with open_database(settings.database_url.get_secret_value()) as engine, no_secrets_inherited() as hidden:
            yield House(settings, engine, hidden.get(PASSWORD))
    except StorageError as problem:
        raise SettingsProblem(str(problem)) from None


@contextmanager
def open_database(url: str) -> Iterator[Engine]:
    """The database at this address, its tables up to date. Raises StorageError."""
    engine = connect(url)
    try:
        upgrade(engine)
        yield engine
    finally:
        engine.dispose()


@contextmanager
def no_secrets_inherited() -> Iterator[dict[str, str]]:
    """Take our secrets out of the environment meanwhile: programs that we start see none of them."""
    hidden = {name: os.environ.pop(name) for name in SECRETS if name in os.environ}
    try:
        yield hidden
    finally:
        os.environ.update(hidden)


def me() -> str:
    """Who sits at the terminal, as the system knows them."""
    try:
        return getuser()
    except (KeyError, OSError):
        return "somebody at a terminal"
