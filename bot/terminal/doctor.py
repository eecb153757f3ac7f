"""The doctor: is everything here that a run needs? Each thing is looked at, and what to do about it is said.

It changes nothing, but for bringing an existing database's tables up to date, as every command does, and for
`install_browser`, which installs a Chromium and nothing else. How a Chromium is found is passed in.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import NamedTuple

from slack_sdk.errors import SlackApiError
from sqlalchemy import Engine

from bot.address import look, read_address
from bot.keys import find_keys, holds_sealed_rows, key_file, read_key_file
from bot.problems import SettingsProblem
from bot.settings import Settings
from storage.database import StorageError, connect, upgrade
from storage.practices import all_practices
from storage.vault import Vault

OLDEST_PYTHON = (3, 11)
MINUTES = 60.0
INSTALL_LIMIT = 15 * MINUTES
DOWNLOAD_PATIENCE = {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "15000"}
"""Milliseconds after which a download that doesn't begin is given up: in a closed network there is another way."""


SCOPES = ("chat:write", "chat:write.public", "commands", "files:write", "usergroups:read", "users:read")
"""What manifest.yml asks for. Slack names a token's scopes in the header x-oauth-scopes of each answer."""


NO_SLACK = "Not set up; the terminal needs none. `onespot run` does, and `onespot init` asks for it:"


class Unwell(Exception):
    """Something is not as it must be; str() says what and what to do."""


class Finding(NamedTuple):
    """One thing that was looked at."""

    name: str
    well: bool
    text: str


def look_at(name: str, look: Callable[[], str]) -> Finding:
    """Look at one thing. A look gives what it found, or raises `Unwell`."""
    try:
        return Finding(name, True, look())
    except Unwell as problem:
        return Finding(name, False, str(problem))


def python() -> str:
    """The Python that runs this."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info < OLDEST_PYTHON:
        raise Unwell(f"Python {version} is too old: install Python 3.11 or newer.")
    return f"Python {version}"


def database(settings: Settings) -> str:
    """The database, opened as every command opens it; a file that isn't there yet is not made."""
    file = settings.database_file
    if file is not None and not file.exists():
        if not os.access(file.parent, os.W_OK):
            raise Unwell(f"{file.parent} can't be written to: set DATABASE_URL to a file in another folder.")
        return f"{file} will be made on first use"
    with _opened(settings) as engine:
        count = len(all_practices(engine))
    return f"{settings.database.render_as_string(hide_password=True)}, {count} practice{'' if count == 1 else 's'}"


def keys(settings: Settings) -> str:
    """The keys: there, and able to open what is sealed. A key file that isn't there yet is not made."""
    path, file = key_file(settings), settings.database_file
    if path is not None and file is not None and not file.exists():
        return _without_a_database(path)
    with _opened(settings) as engine:
        try:
            if path is not None and not path.exists() and not holds_sealed_rows(engine):
                return f"{path} will be made on first use"
            found = find_keys(settings, engine)
            Vault(engine, found).check()
        except (SettingsProblem, StorageError) as problem:
            raise Unwell(str(problem)) from None
    return f"{len(found)} in {path or 'ONESPOT_KEYS'}, and they open what is sealed"


def _without_a_database(path: Path) -> str:
    """What there is to say of a key file whose database isn't there yet. Neither is made."""
    if not path.exists():
        return f"{path} will be made on first use"
    try:
        return f"{len(read_key_file(path))} in {path}"
    except SettingsProblem as problem:
        raise Unwell(str(problem)) from None


def address(settings: Settings) -> str:
    """RevolutionEHR's address: reachable, and its page names RevolutionEHR."""
    url = settings.revolutionehr_url
    try:
        named = look(read_address(url))
    except SettingsProblem as problem:
        raise Unwell(f"{problem} (REVOLUTIONEHR_URL)") from None
    except TimeoutError:
        raise Unwell(f"{url} is very slow to answer: try again later.") from None
    if not named:
        raise Unwell(f"{url} answers, but its page doesn't name RevolutionEHR: check REVOLUTIONEHR_URL.")
    return f"{url} answers as RevolutionEHR"


def slack(settings: Settings) -> str:
    """Whether the bot gets into its Slack, with all its scopes; well too where no Slack is set up at all."""
    missing = settings.missing_for_slack()
    if settings.slack_bot_token is None and settings.slack_app_token is None and settings.slack_signing_secret is None:
        return "\n".join([NO_SLACK, *missing])
    if missing or settings.slack_bot_token is None:
        raise Unwell("\n".join(missing))
    from bot.app import client  # (Slack's library takes its time)

    try:
        answer = client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url).auth_test()
    except SlackApiError as error:
        raise Unwell(f"Slack refuses SLACK_BOT_TOKEN ({error.response.get('error')}): copy it anew.") from None
    except (OSError, HTTPException):
        raise Unwell("Slack can't be reached from here: check the network.") from None
    given = str(answer.headers.get("x-oauth-scopes") or "")
    lacking = sorted(set(SCOPES) - {scope.strip() for scope in given.split(",")}) if given else []
    if lacking:
        raise Unwell(f"The app lacks {', '.join(lacking)}: update it from manifest.yml and install it again.")
    return f"{answer['team']} ({answer['team_id']}), as {answer['user']}"


def next_step(findings: Sequence[Finding], *, slack: bool) -> str:
    """The one thing to do next, in a sentence. `slack`: whether a token of Slack's is set."""
    unwell = [finding.name for finding in findings if not finding.well]
    if unwell:
        return f"Next: put right what isn't well ({', '.join(unwell)}), then `onespot doctor` again."
    if slack:
        return "Next: `onespot run`, and /invite @OneSpot in the channels where it is used."
    return "Next: `onespot demo` shows it all; `onespot plan --help` begins with a practice; `onespot init` with Slack."


def ways_to_install(*, root: bool) -> list[list[list[str]]]:
    """The ways to get a Chromium, best first; each is a list of commands that must all succeed."""
    playwright = [sys.executable, "-m", "playwright", "install", "--only-shell"]
    if not root:
        return [[[*playwright, "chromium"]]]
    apt = ["apt-get", "-o", "Acquire::Retries=2"]
    install = [*apt, "install", "-y", "--no-install-recommends"]
    return [
        [[*playwright, "--with-deps", "chromium"]],
        [[*apt, "update"], [*install, "chromium-headless-shell"]],
        [[*apt, "update"], [*install, "chromium"]],
    ]


def install_browser(find: Callable[[], str], say: Callable[[str], object], *, root: bool) -> str:
    """Install a Chromium by the first way that leaves one that starts; which one. At no cost when there is one.

    Raises `Unwell` with one sentence when no way does.
    """
    found = _found(find)
    for way in [] if found else ways_to_install(root=root):
        if all(_run(command, say) for command in way):
            found = _found(find)
        if found:
            break
    if found:
        return found
    raise Unwell(
        "No Chromium could be installed: as root run `apt-get install chromium-headless-shell`, "
        "or set BROWSER to a Chromium or Chrome that starts."
    )


def is_root() -> bool:
    """True when packages may be installed."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


@contextmanager
def _opened(settings: Settings) -> Iterator[Engine]:
    try:
        engine = connect(settings.database_url.get_secret_value())
        try:
            upgrade(engine)
            yield engine
        finally:
            engine.dispose()
    except StorageError as problem:
        raise Unwell(str(problem)) from None


def _found(find: Callable[[], str]) -> str | None:
    try:
        return find()
    except Unwell:
        return None


def _run(command: Sequence[str], say: Callable[[str], object]) -> bool:
    """Run it with its output on standard error; False when it fails, isn't there, or takes a quarter of an hour."""
    if shutil.which(command[0]) is None:
        return False
    say(f"$ {' '.join(command)}")
    environment = {**os.environ, **DOWNLOAD_PATIENCE, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, timeout=INSTALL_LIMIT, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
