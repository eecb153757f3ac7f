"""The `onespot` command: its entry point, and the commands that need more than the bot itself.

Those on practices, runs, passwords and keys are in commands.py. Besides worker.py this is the only file of the bot that
imports automation, and the only one that imports the sandbox; both where they are needed, so that `onespot --help` is
there at once.
"""

from __future__ import annotations

import functools
import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.commands import app
from bot.problems import Exit, SettingsProblem
from bot.words import in_words


@app.command()
@in_words
def run() -> int:
    """Run the bot: Slack, the web pages, the browser threads and the clock.

    Socket Mode when SLACK_APP_TOKEN is set, else HTTP on PORT. Ctrl-C or SIGTERM
    ends it after the step in hand; what is unfinished goes on at the next start.

    \b
    Example:
      onespot run
    """
    import signal
    import threading

    from bot.house import open_house
    from bot.logs import log_to_stderr
    from bot.service import service

    log_to_stderr()
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: over.set())
    with open_house() as house, service(house, over) as running:
        people_read = (
            f"OneSpot is in Slack ({running.mode} mode, workspace {running.team}), pages on port {running.port}."
        )
        sys.stderr.write(f"{people_read} Press Ctrl-C to stop.\n")
        while not over.wait(3600):
            pass
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
    from bot import doctor as doctors
    from bot.house import no_secrets_inherited
    from bot.settings import read_settings
    from bot.terminal import Patient, to_stderr
    from bot.views import findings_view

    settings = read_settings()
    find = functools.partial(_find_chromium, settings.browser)
    if install:
        with no_secrets_inherited():
            install_one = functools.partial(doctors.install_browser, find, to_stderr, root=doctors.is_root())
            finding = doctors.look_at("browser", install_one)
        Patient().print(findings_view([finding]))
        return 0 if finding.well else 1
    looks: dict[str, Callable[[], str]] = {
        "python": doctors.python,
        "browser": find,
        "database": lambda: doctors.database(settings),
        "keys": lambda: doctors.keys(settings),
        "address": lambda: doctors.address(settings),
    }
    findings = [doctors.look_at(name, look) for name, look in looks.items()]
    Patient().print(findings_view(findings))
    return 0 if all(finding.well for finding in findings) else 1


@app.command()
@in_words
def demo() -> int:
    """Play the whole story against a stand-in EHR.

    Takes about a minute, needs no account and asks nothing.

    \b
    Example:
      onespot demo
    """
    import tempfile

    from pydantic import SecretStr

    from bot.demo import Demo
    from bot.guard import Guard
    from bot.house import no_secrets_inherited, open_database
    from bot.settings import read_settings
    from bot.terminal import people
    from bot.worker import Hands, Worker
    from sandbox.ehr import ADMIN_PASSWORD, ADMIN_USERNAME, SandboxEhr
    from storage.models import Credential, utcnow
    from storage.vault import Vault, new_key

    browser = read_settings().browser
    screen, admin = people(), Credential(ADMIN_USERNAME, SecretStr(ADMIN_PASSWORD))
    with (
        tempfile.TemporaryDirectory(prefix="onespot-demo-") as folder,
        SandboxEhr("legacy") as ehr,
        open_database(f"sqlite:///{folder}/onespot.db") as engine,
        no_secrets_inherited(),
    ):
        guard = Guard(engine, utcnow, pauses=(), news=screen.news)
        worker = Worker(engine, Vault(engine, [new_key()]), Path(folder) / "evidence", guard, Hands(browser))
        return Demo(worker, screen, ehr, admin).play()


@app.command()
@in_words
def sandbox(
    ehr: Annotated[bool, typer.Option("--ehr", help="The stand-in RevolutionEHR.")] = False,
    front: Annotated[str, typer.Option(metavar="legacy|modern", help="Which front end.")] = "legacy",
    port: Annotated[int, typer.Option(metavar="N", help="The port on 127.0.0.1. [a free one]", min=0, max=65535)] = 0,
    fault: Annotated[list[str] | None, typer.Option(metavar="NAME", help="A fault; may be said many times.")] = None,
    no_test_ids: Annotated[bool, typer.Option("--no-test-ids", help="Serve pages without test-ids.")] = False,
    faults: Annotated[bool, typer.Option("--faults", help="List the faults, and end.")] = False,
) -> int:
    """Serve a stand-in EHR to click through.

    Runs until Ctrl-C.

    \b
    Example:
      onespot sandbox --ehr --port 8080 --fault slow-save
      onespot sandbox --faults
    """
    from bot.terminal import Patient
    from bot.views import facts_view
    from sandbox.ehr import FAULTS

    if faults:
        Patient().print(facts_view(FAULTS))
        return 0
    if not ehr:
        raise SettingsProblem("Say which stand-in: --ehr.")
    if front not in ("legacy", "modern"):
        raise SettingsProblem("--front is legacy or modern.")
    return _serve("legacy" if front == "legacy" else "modern", port, fault or [], test_ids=not no_test_ids)


def _serve(front: Literal["legacy", "modern"], port: int, faults: list[str], *, test_ids: bool) -> int:
    """Serve the stand-in until Ctrl-C or SIGTERM."""
    import signal
    import threading

    from sandbox.ehr import ADMIN_PASSWORD, ADMIN_USERNAME, SandboxEhr

    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    try:
        ehr = SandboxEhr(front, port, faults, test_ids)
    except ValueError as problem:
        raise SettingsProblem(f"{problem} `onespot sandbox --faults` lists them all.") from None
    try:
        ehr.start()
    except OSError:
        raise SettingsProblem(f"Port {port} is taken: leave out --port for a free one.") from None
    try:
        lines = (
            f"A stand-in RevolutionEHR ({front}) runs at {ehr.url}",
            f"Administrator: {ADMIN_USERNAME}   Password: {ADMIN_PASSWORD}   (invented; nobody else has them)",
            f"Faults on: {', '.join(ehr.faults) or 'none'} (`onespot sandbox --faults` lists them all)",
            f'To switch: curl -d \'{{"on": ["slow-save"], "off": []}}\' {ehr.origin}/_sandbox/faults',
            "Press Ctrl-C to stop.",
        )
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        sys.stdout.flush()
        while not over.wait(3600):
            pass
    finally:
        ehr.stop()
    return Exit.DONE


def _find_chromium(browser: str | None) -> str:
    """The Chromium that would be used. Raises the doctor's `Unwell` when there is none."""
    from automation.browser import BrowserMissing, find_chromium
    from bot.doctor import Unwell

    try:
        return find_chromium(browser)
    except BrowserMissing as missing:
        problem = str(missing)
    raise Unwell(problem)


def main() -> None:
    """The entry point."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    app()


if __name__ == "__main__":
    main()
