"""`onespot init`: asks for the settings one by one, makes the keys, and writes `.env`, whole or not at all.

What the settings mean is settings.py's, whether they work is the doctor's to say. A secret is typed unseen and never
shown again: no sentence here quotes an answer. What the environment sets already is neither asked nor written down,
and what a former `.env` holds beside the questions is carried over as it stands.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import typer
from dotenv.parser import Binding, parse_stream
from pydantic import ValidationError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.address import LOOPBACK, read_address
from bot.house import open_database
from bot.keys import find_keys, key_file, write_keys
from bot.outfile import new_file
from bot.problems import SettingsProblem
from bot.settings import Settings
from storage.vault import new_key

FILE = Path(".env")
MANIFEST = Path(__file__).parents[2] / "manifest.yml"
NONE = "-"
"""The answer that leaves a setting out which has a value."""

HEAD = (
    "# Settings of OneSpot, written by `onespot init`. There are secrets in here: keep it to yourself.\n"
    "# What the environment sets wins over this file. docs/settings.md has all settings.\n"
)
_COMMAS = re.compile(r"\s*,\s*")
_PLAIN = re.compile(r"[\w./:@%+,?&=~-]*")
"""A value that every reader of such a file takes as it stands: Docker's, systemd's, a shell's, ours."""


@dataclass(frozen=True)
class Question:
    """One setting: what it is and where it is found, in a line, and how an answer is looked at.

    `wrong` is said of an answer that doesn't fit; it quotes nothing.
    """

    name: str
    about: str
    wrong: str
    fits: Callable[[str], bool]
    default: str = ""
    secret: bool = False


class Answered(NamedTuple):
    """What `.env` is made of: the answers, and the former file's lines about other settings."""

    values: dict[str, str]
    kept: list[Binding]
    outside: frozenset[str]
    """The settings that the environment has, so that nobody was asked."""


Ask = Callable[[str, bool], str]
"""Shows the words and gives the answer, typed unseen when it is a secret. Raises SettingsProblem when none comes."""


# --- the questions


def _matches(pattern: str) -> Callable[[str], bool]:
    return lambda answer: re.fullmatch(pattern, answer) is not None


def _as_setting(name: str) -> Callable[[str], bool]:
    """Fits when settings.py takes it, whatever the other settings are."""

    def fits(answer: str) -> bool:
        try:
            Settings(_env_file=None, **{name.lower(): answer})  # type: ignore[call-arg, arg-type]
        except ValidationError as error:
            return all(name.lower() not in one["loc"] for one in error.errors(include_input=False))
        return True

    return fits


def _is_address(answer: str) -> bool:
    try:
        read_address(answer)
    except SettingsProblem:
        return False
    return True


def _is_public(answer: str) -> bool:
    """An https address without anything behind its path; http is for trying things on this very machine."""
    if not _is_address(answer):
        return False
    parts = urlsplit(answer)
    safe = parts.scheme == "https" or parts.hostname in LOOPBACK
    return safe and not parts.query and not parts.fragment


QUESTIONS = (
    Question(
        "SLACK_BOT_TOKEN",
        "“Bot User OAuth Token” under “OAuth & Permissions” (xoxb-...).",
        "A bot token begins with xoxb-: copy it from “OAuth & Permissions”.",
        _matches(r"xoxb-[\w-]+"),
        secret=True,
    ),
    Question(
        "SLACK_APP_TOKEN",
        "For Socket Mode: “App-Level Tokens” under “Basic Information” (xapp-...).",
        "An app-level token begins with xapp-: make one under “Basic Information”.",
        _matches(r"xapp-[\w-]+"),
        secret=True,
    ),
    Question(
        "SLACK_SIGNING_SECRET",
        "Only without Socket Mode: “Signing Secret” under “Basic Information”.",
        "A signing secret is 16 letters and digits at least: see “Basic Information”.",
        _matches(r"[A-Za-z0-9]{16,}"),
        secret=True,
    ),
    Question(
        "ONESPOT_APPROVERS",
        "Who may approve: member ids (U...) and user groups (S...), with commas.\n"
        "In Slack: somebody's profile, the three dots, “Copy member ID”.",
        "These begin with U, W or S, with commas between: U012AB3CD,S045EF6GH.",
        _matches(r"[UWS][A-Z0-9]{2,}(\s*,\s*[UWS][A-Z0-9]{2,})*"),
    ),
    Question(
        "ONESPOT_CHANNEL",
        "Where the daily summary and alerts go: a channel id (C...), at the end of\n"
        "the channel's details. Without it none are posted.",
        "A channel's id begins with C or G: see the end of the channel's details.",
        _matches(r"[CG][A-Z0-9]{2,}"),
    ),
    Question(
        "PUBLIC_URL",
        "Where the bot's pages are reached from outside, by https. Without it\n"
        "secrets go through Slack's modals, which show what is typed.",
        "This begins with https://, such as https://onespot.example.com.",
        _is_public,
    ),
    Question(
        "REVOLUTIONEHR_URL",
        "RevolutionEHR's address, which the form for a new practice begins with.",
        "A web address such as https://revolutionehr.com/static/, no password in it.",
        _is_address,
        default=str(Settings.model_fields["revolutionehr_url"].default),
    ),
    Question(
        "CHECK_TIME",
        "When the daily checks begin, HH:MM.",
        "A time of day has four digits: 06:30.",
        _as_setting("CHECK_TIME"),
        default=str(Settings.model_fields["check_time"].default),
    ),
    Question(
        "ONESPOT_TZ",
        "The zone of that clock, such as America/Chicago.",
        "No such zone is known: write it like America/Chicago, America/New_York or UTC.",
        _as_setting("ONESPOT_TZ"),
        default=str(Settings.model_fields["onespot_tz"].default),
    ),
    Question(
        "DATABASE_URL",
        "Where everything is kept: a file here, or postgresql://USER:PASSWORD@HOST/NAME.",
        "This begins with sqlite:/// and names a file, or with postgresql://.",
        _as_setting("DATABASE_URL"),
        default=Settings.model_fields["database_url"].default.get_secret_value(),
        secret=True,
    ),
)


# --- what is said


def app_link(manifest: str) -> str:
    """The address at Slack that opens "Create an app" with this manifest in it; comments are left out."""
    lines = [line for line in manifest.splitlines() if not line.lstrip().startswith("#")]
    return f"https://api.slack.com/apps?new_app=1&manifest_yaml={quote(chr(10).join(lines), safe='')}"


def introduction(file: Path = FILE) -> str:
    """What is going on, and how the app is made in Slack."""
    return (
        f"This writes {file.resolve()}, which only you can read. Enter takes what stands\n"
        f"in brackets, “{NONE}” leaves a setting out. Secrets are not shown while you type.\n"
        "\n"
        "Slack (to work from a terminal only, press Enter at each):\n"
        "  1. At api.slack.com/apps: “Create New App”, “From a manifest”, your workspace;\n"
        f"     paste {MANIFEST}\n"
        "     or follow the link below, which has it in it.\n"
        "  2. “Install to Workspace”.\n"
        "  3. “Basic Information”, “App-Level Tokens”: make one with connections:write.\n"
        f"{_link()}"
    )


def _link() -> str:
    try:
        return f"\n{app_link(MANIFEST.read_text(encoding='utf-8'))}"
    except OSError:  # installed without its source
        return ""


# --- asking


def from_terminal(words: str, secret: bool) -> str:
    """Ask a person at a terminal."""
    try:
        if secret:
            return getpass(words, stream=sys.stderr)
        return str(typer.prompt(words, default="", show_default=False, prompt_suffix="", err=True))
    except EOFError:
        raise typer.Abort from None


def from_lines(words: str, secret: bool) -> str:
    """Take the next line of a pipe or a file."""
    sys.stderr.write(f"{words}\n")
    line = sys.stdin.readline()
    if not line:
        name = words.split()[0]
        raise SettingsProblem(f"The answers ended before {name}: give one a line, or say --yes for the defaults.")
    return line


def answers(
    ask: Ask | None, say: Callable[[str], object], environment: Mapping[str, str], former: Sequence[Binding] = ()
) -> Answered:
    """Every setting's answer. Without `ask` each takes its default: the former file's value, else the usual one.

    Raises `SettingsProblem`: nobody answers, or a former value that would be taken unasked doesn't fit.
    """
    before = {one.key: one.value or "" for one in former if one.key}
    asked = {question.name for question in QUESTIONS}
    outside = frozenset(name for name in asked if environment.get(name))
    values = {}
    for question in QUESTIONS:
        if question.name in outside:
            say(f"{question.name} is set in the environment, which wins over the file.")
            continue
        value = before.get(question.name) or question.default
        values[question.name] = _answer(question, value, ask, say)
    kept = [one for one in former if one.key and one.key not in asked]
    if not environment.get("ONESPOT_KEYS") and not before.get("ONESPOT_KEYS"):
        database = environment.get("DATABASE_URL") or values.get("DATABASE_URL", "")
        if _is_postgresql(database):
            values["ONESPOT_KEYS"] = new_key().get_secret_value()
            kept = [one for one in kept if one.key != "ONESPOT_KEYS"]
    return Answered(values, kept, outside)


def _answer(question: Question, value: str, ask: Ask | None, say: Callable[[str], object]) -> str:
    """One setting's answer, asked for until it fits; empty for a setting that is left out."""
    if ask is None:
        if value and not question.fits(value):
            raise SettingsProblem(f"{question.name} in {FILE}: {question.wrong} Correct it there, or leave out --yes.")
        return value
    say(f"\n{question.about}")
    hidden = question.secret and value != question.default
    offered = ("the former one" if hidden else value) or "none"
    while True:
        answer = _COMMAS.sub(",", ask(f"{question.name} [{offered}]: ", question.secret).strip()) or value
        if answer == NONE or not answer:
            return ""
        if question.fits(answer) and "${" not in answer:  # which a reader of such a file would fill in
            return answer
        say(question.wrong)


def _is_postgresql(url: str) -> bool:
    try:
        return make_url(url).get_backend_name() in ("postgres", "postgresql")
    except ArgumentError:
        return False


# --- the file


def read_former(file: Path = FILE) -> list[Binding]:
    """What the file holds, setting by setting; nothing where there is none. Raises `SettingsProblem`."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError):
        raise SettingsProblem(f"The file {file} can't be read as text: move it away first.") from None
    return list(parse_stream(io.StringIO(text)))


def env_text(answered: Answered) -> str:
    """The text of the file: a line on each setting, then it; one that is left out stands there as a comment."""
    return "".join([HEAD, *_lines(answered)])


def _lines(answered: Answered) -> Iterator[str]:
    for question in QUESTIONS:
        about = question.about.translate({ord("“"): '"', ord("”"): '"'}).replace("\n", "\n# ")
        yield f"\n# {about}\n"
        value = answered.values.get(question.name, "")
        if question.name in answered.outside:
            yield f"# {question.name} is set in the environment.\n"
        else:
            yield f"{question.name}={_written(value)}\n" if value else f"# {question.name}=\n"
    if "ONESPOT_KEYS" in answered.values:
        yield "\n# The keys that seal every password, newest first: back them up, apart from the database.\n"
        yield f"ONESPOT_KEYS={answered.values['ONESPOT_KEYS']}\n"
    if answered.kept:
        yield "\n# Kept from the former file.\n"
        yield from (f"{one.original.string.strip()}\n" for one in answered.kept)


def _written(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def write_env(answered: Answered, *, replace: bool, file: Path = FILE) -> None:
    """Write the file, mode 0600, whole or not at all; over another only with `replace`. Raises `SettingsProblem`."""
    with new_file(file, force=replace) as out:
        out.write(env_text(answered).encode())


def make_keys(settings: Settings) -> str:
    """Where the keys are, in a sentence; a key file is made where there is none. Raises `SettingsProblem`.

    Also `StorageError`: a database that is there is asked first whether anything in it is sealed with a lost file.
    """
    path, database = key_file(settings), settings.database_file
    if path is None or database is None:
        return "Keys: ONESPOT_KEYS. Back them up, apart from the database:\nwithout them no password can be read."
    made = not path.exists()
    if made and database.exists():
        with open_database(settings.database_url.get_secret_value()) as engine:
            find_keys(settings, engine)
    elif made:
        write_keys(path, [new_key()], replace=False)
    how = "made now" if made else "there already"
    return f"Keys: {path}, {how}. Back it up, apart from {database}:\nwithout it no password can be read."
