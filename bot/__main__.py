"""The `onespot` command: its entry point, and the commands that need more than the bot itself.

Those that visit an EHR are in terminal/accounts.py, those on what is kept in terminal/upkeep.py. What is heavy is
imported where it is needed, so that `onespot --help` is there at once.
"""

from __future__ import annotations

import contextlib
import functools
import io
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.problems import Exit, SettingsProblem
from bot.terminal import accounts, upkeep  # noqa: F401  (so that their commands are there)
from bot.terminal.behaviour import in_words
from bot.terminal.command import app, words_app

if TYPE_CHECKING:
    from bot.house import House
    from bot.settings import Settings
    from bot.terminal.stand_ins import StandIn

T = TypeVar("T")


@app.command()
@in_words
def run() -> int:
    """Run the bot in Slack, with its pages and browsers.

    Socket Mode when SLACK_APP_TOKEN is set, else HTTP on PORT. Ctrl-C or SIGTERM
    ends it after the step in hand; what is unfinished goes on at the next start.

    \b
    Example:
      onespot run
    """
    from bot.service import service

    return _in_role(service, lambda doors: f"OneSpot is in Slack ({doors.mode} mode), pages on port {doors.port}.")


@app.command()
@in_words
def web() -> int:
    """Run only what people reach: Slack and the web pages. For PostgreSQL.

    \b
    Example:
      onespot web
    """
    return _in_role(_roles().web, lambda doors: f"OneSpot takes Slack ({doors.mode} mode), pages on port {doors.port}.")


@app.command()
@in_words
def worker() -> int:
    """Run only browsers, which work off what waits. Any number, for PostgreSQL.

    \b
    Example:
      onespot worker
    """
    return _in_role(_roles().worker, lambda size: f"OneSpot works, in {size} browser thread(s).")


@app.command()
@in_words
def clock() -> int:
    """Run only the clock: daily checks, and what Slack shows.

    It also finds what was lost. One works; a second one waits to take over.
    For PostgreSQL.

    \b
    Example:
      onespot clock
    """
    return _in_role(_roles().clock, lambda _: "OneSpot's clock is here, and works when no other one does.")


def _roles() -> ModuleType:
    """The roles, whose libraries only those have who installed them."""
    try:
        from bot import roles
    except ModuleNotFoundError:
        pass
    else:
        return roles
    raise SettingsProblem("web, worker and clock need the extra `scale`: install onespot-provisioner[scale].")


def _in_role(role: Callable[[House, threading.Event], AbstractContextManager[T]], said: Callable[[T], str]) -> int:
    """Until Ctrl-C or SIGTERM; the step in hand is ended, and what is unfinished goes on elsewhere."""
    from bot.house import open_house
    from bot.logs import log_to_stderr

    over = threading.Event()
    _stop_on_signal(over)
    with open_house() as house:
        house.use_words()
        log_to_stderr()
        with house.metrics.served(house.settings.metrics_port, house.engine), role(house, over) as running:
            sys.stderr.write(f"{said(running)} Press Ctrl-C to stop.\n")
            _until_stopped(over)
    return Exit.DONE


@app.command()
@in_words
def doctor(
    install: Annotated[bool, typer.Option("--install", help="Only get a Chromium, if there is none.")] = False,
) -> int:
    """Look whether everything is here that a run needs.

    Says what to do about whatever isn't. Exit status: 0 all is well, 1 something isn't.

    \b
    Example:
      onespot doctor
      onespot doctor --install
    """
    from bot.settings import read_settings

    settings = read_settings()
    return _install(settings.browser) if install else _diagnosis(settings)


@app.command()
@in_words
def init(
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing, take every default.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over a .env without asking.")] = False,
) -> int:
    """Ask for the settings, make the keys, and write .env.

    Says where each of Slack's secrets is found. A former .env gives the
    defaults, and keeps what isn't asked. Ends with what the doctor says.
    Answers also come from a pipe, one a line, in the order of the questions.

    \b
    Example:
      onespot init
      onespot init --yes
    """
    from bot.settings import read_settings
    from bot.terminal import init as initial
    from storage.database import StorageError

    terminal, there = sys.stdin.isatty(), initial.FILE.exists()
    if there and not force:
        if yes or not terminal:
            raise SettingsProblem("There is a .env already: say --force to write it anew with its values as defaults.")
        typer.confirm("There is a .env already. Write it anew, with its values as defaults?", err=True, abort=True)
    former = initial.read_former()
    sys.stdout.write(f"{initial.introduction()}\n")
    sys.stdout.flush()
    ask = None if yes else initial.from_terminal if terminal else initial.from_lines
    initial.write_env(initial.answers(ask, _say, os.environ, former), replace=there)
    settings = read_settings()
    try:
        keys = initial.make_keys(settings)
    except StorageError as problem:
        raise SettingsProblem(str(problem)) from None
    sys.stdout.write(f"\nWritten: {initial.FILE.resolve()}\n{keys}\n\nWhat `onespot doctor` says:\n")
    sys.stdout.flush()
    _diagnosis(settings)
    return Exit.DONE


def _say(text: str) -> None:
    """Lines to whoever answers, of our own words only."""
    sys.stderr.write(f"{text}\n")


def _install(browser: str | None) -> int:
    """Get a Chromium where there is none; 0 when there is one in the end."""
    from bot.house import no_secrets_inherited
    from bot.terminal import doctor as doctors
    from bot.terminal.screen import Patient, to_stderr
    from bot.terminal.views import findings_view

    with no_secrets_inherited():
        find = functools.partial(_find_chromium, browser)
        install_one = functools.partial(doctors.install_browser, find, to_stderr, root=doctors.is_root())
        finding = doctors.look_at("browser", install_one)
    Patient().print(findings_view([finding]))
    return 0 if finding.well else 1


def _diagnosis(settings: Settings) -> int:
    """All that the doctor looks at, and what to do next; 0 when all is well."""
    from bot.terminal import doctor as doctors
    from bot.terminal.screen import Patient
    from bot.terminal.views import findings_view

    looks: dict[str, Callable[[], str]] = {
        "python": doctors.python,
        "browser": functools.partial(_find_chromium, settings.browser),
        "database": lambda: doctors.database(settings),
        "keys": lambda: doctors.keys(settings),
        "address": lambda: doctors.address(settings),
        "slack": lambda: doctors.slack(settings),
        "words": lambda: _words(settings.onespot_ehr_words),
    }
    findings = [doctors.look_at(name, look) for name, look in looks.items()]
    screen = Patient()
    screen.print(findings_view(findings))
    screen.print(doctors.next_step(findings, slack=settings.slack_bot_token is not None))
    return 0 if all(finding.well for finding in findings) else 1


@app.command()
@in_words
def demo(
    serve: Annotated[bool, typer.Option("--serve", help="Leave it running afterwards, to play with.")] = False,
) -> int:
    """Play the whole story in a stand-in Slack with a stand-in EHR.

    Takes about two minutes, needs no account and asks nothing.

    \b
    Example:
      onespot demo
      onespot demo --serve
    """
    from bot.terminal.demo import Demo
    from bot.terminal.screen import line, people
    from bot.terminal.stand_ins import stage

    screen = people()
    with stage() as scene:
        status = Demo(screen, scene).play()
        if serve and status is Exit.DONE:
            line(screen.out, f"It goes on at {scene.workspace} until you press Ctrl-C.")
            _until_stopped()
    return status


@words_app.command("try")
@in_words
def words_try(file: Annotated[Path, typer.Argument(metavar="FILE", help="The file of words.")]) -> int:
    """Prove a file of words, which has to be before it is used.

    Starts the stand-in RevolutionEHR with these words on its screens, in both
    front ends; plans, provisions and checks there, and looks at its truth.
    Takes two minutes or so. Exit status: 0 proved, 1 not.

    \b
    Example:
      onespot words try tenant.toml
    """
    from bot.ehr_words import load, mark_proved
    from bot.house import no_secrets_inherited
    from bot.terminal.screen import to_stderr
    from bot.terminal.stand_ins import FRONTS, prove
    from storage.models import utcnow

    words = load(file)
    with no_secrets_inherited():
        for front in FRONTS:
            to_stderr(f"Plan, guide and check in the stand-in ({front}), with the words of {file} ...")
            problem = prove(words, front)
            if problem:
                to_stderr(f"Not proved: in the {front} front end {problem}")
                return Exit.FAILED
    sys.stdout.write(f"Proved, in both front ends. {mark_proved(file, words, utcnow())} says so.\n")
    return Exit.DONE


@app.command()
@in_words
def sandbox(
    ehr: Annotated[bool, typer.Option("--ehr", help="The stand-in RevolutionEHR.")] = False,
    slack: Annotated[bool, typer.Option("--slack", help="The stand-in Slack.")] = False,
    front: Annotated[str, typer.Option(metavar="legacy|modern", help="Which front end of the EHR.")] = "legacy",
    port: Annotated[int, typer.Option(metavar="N", help="The port on 127.0.0.1. [a free one]", min=0, max=65535)] = 0,
    fault: Annotated[list[str] | None, typer.Option(metavar="NAME", help="A fault; may be said many times.")] = None,
    no_test_ids: Annotated[bool, typer.Option("--no-test-ids", help="Serve pages without test-ids.")] = False,
    words: Annotated[Path | None, typer.Option(metavar="FILE", help="Show these words on its screens.")] = None,
    faults: Annotated[bool, typer.Option("--faults", help="List the faults, and end.")] = False,
) -> int:
    """Serve a stand-in EHR or Slack to click through.

    Runs until Ctrl-C.

    \b
    Example:
      onespot sandbox --ehr --port 8080 --fault slow-save
      onespot sandbox --slack
      onespot sandbox --slack --faults
    """
    from bot.terminal.screen import Patient
    from bot.terminal.views import facts_view

    if ehr and slack:
        raise SettingsProblem("One stand-in at a time: start the other one in a second terminal.")
    if faults:
        from bot.terminal.stand_ins import EHR_FAULTS, SLACK_FAULTS

        Patient().print(facts_view(SLACK_FAULTS if slack else EHR_FAULTS))
        return 0
    if not ehr and not slack:
        raise SettingsProblem("Say which stand-in: --ehr or --slack.")
    if front not in ("legacy", "modern"):
        raise SettingsProblem("--front is legacy or modern.")
    from bot.terminal import stand_ins

    if slack:
        return _serve(lambda: stand_ins.slack(port, fault or []), port)
    which = stand_ins.FRONTS[front == "modern"]
    return _serve(lambda: stand_ins.ehr(which, port, fault or [], not no_test_ids, words), port)


def _serve(make: Callable[[], StandIn], port: int) -> int:
    """Serve a stand-in until Ctrl-C or SIGTERM."""
    try:
        server, words = make()
    except ValueError as problem:
        raise SettingsProblem(f"{problem} `onespot sandbox --faults` lists them all.") from None
    try:
        server.start()
    except OSError:
        raise SettingsProblem(f"Port {port} is taken: leave out --port for a free one.") from None
    over = threading.Event()
    _stop_on_signal(over)
    try:
        sys.stdout.write("".join(f"{line}\n" for line in (*words(), "Press Ctrl-C to stop.")))
        sys.stdout.flush()
        _until_stopped(over)
    finally:
        server.stop()
    return Exit.DONE


def _until_stopped(over: threading.Event | None = None) -> None:
    """Wait for Ctrl-C or SIGTERM."""
    over = over or threading.Event()
    _stop_on_signal(over)
    while not over.wait(3600):
        pass


def _stop_on_signal(over: threading.Event) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: over.set())


def _find_chromium(browser: str | None) -> str:
    """The Chromium that would be used. Raises the doctor's `Unwell` when there is none."""
    from automation.browser import BrowserMissing, find_chromium
    from bot.terminal.doctor import Unwell

    try:
        return find_chromium(browser)
    except BrowserMissing as missing:
        problem = str(missing)
    raise Unwell(problem)


def _words(file: Path | None) -> str:
    """What the doctor says of the file of words. Raises the doctor's `Unwell`."""
    from bot.terminal.doctor import Unwell

    if file is None:
        return "The guide's own; for a site that has others: ONESPOT_EHR_WORDS"
    from bot.ehr_words import about

    try:
        return about(file)
    except SettingsProblem as wrong:
        problem = str(wrong)
    raise Unwell(problem)


def main() -> None:
    """The entry point."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    _leave_no_core()
    app()


def _leave_no_core() -> None:
    """A crash of ours, or of a browser that we start, writes no memory to the disk: there are passwords in it."""
    with contextlib.suppress(ImportError):  # Windows has none
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, most))


if __name__ == "__main__":
    main()
