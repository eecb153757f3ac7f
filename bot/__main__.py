"""The `onespot` command: reads what was typed, wires everything by hand, and turns what went wrong into words.

No work is done here. The heavy parts (database, browser, stand-in) are imported by the command that needs them, so that
`onespot --help` is there at once. Besides worker.py this is the only file of the bot that imports automation, and the
only one that imports the sandbox.
"""

from __future__ import annotations

import functools
import io
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from bot.problems import PASSWORD, Exit, SettingsProblem, problem_json

HELP = {"help_option_names": ["-h", "--help"]}


def _group(**words: Any) -> typer.Typer:
    return typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings=HELP,
        **words,
    )


app = _group(name="onespot", help="Creates the OneSpot employee account in RevolutionEHR, and keeps it working.")
credentials_app, keys_app, db_app = _group(), _group(), _group()
app.add_typer(credentials_app, name="credentials", help="The passwords in the vault.")
app.add_typer(keys_app, name="keys", help="The keys that seal the passwords.")
app.add_typer(db_app, name="db", help="The database.")

PracticeName = Annotated[str, typer.Argument(metavar="PRACTICE", help="The practice's name.")]
Url = Annotated[str | None, typer.Option(metavar="URL", help="RevolutionEHR's address. [kept, else REVOLUTIONEHR_URL]")]
Admin = Annotated[str, typer.Option(metavar="USERNAME", help=f"The administrator. The password: {PASSWORD}, or asked.")]
Location = Annotated[str | None, typer.Option(metavar="NAME", help="The primary location. [the first listed]")]
Policy = Annotated[str | None, typer.Option(metavar="TEXT", help='What passwords must look like: "12-16 no _".')]
Adopt = Annotated[bool, typer.Option("--adopt", help="Take over an employee of our user name that isn't known here.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")]


def in_words(command: Callable[..., int | None]) -> Callable[..., None]:
    """The one place where exceptions of a command become words and exit statuses."""

    @functools.wraps(command)
    def worded(*args: Any, **given: Any) -> None:
        try:
            status = command(*args, **given) or 0
        except SettingsProblem as problem:
            status = _usage(str(problem), as_json=bool(given.get("as_json")))
        except (KeyboardInterrupt, typer.Abort):
            sys.stderr.write("\nStopped.\n")
            status = 1
        except typer.Exit:
            raise
        except Exception as error:  # noqa: BLE001  (the last resort: nobody reads a traceback who didn't ask for it)
            status = _unexpected(error, as_json=bool(given.get("as_json")))
        raise typer.Exit(int(status))

    return worded


@app.command()
@in_words
def plan(
    practice: PracticeName,
    admin: Admin,
    url: Url = None,
    location: Location = None,
    password_policy: Policy = None,
    adopt: Adopt = False,
    as_json: Json = False,
) -> int:
    """Show what provisioning would change, and change nothing.

    \b
    Example:
      onespot plan "Lumen Eye" --admin mhalloran
    """
    from bot.house import open_house
    from bot.looks import show_plan
    from bot.terminal import screen
    from storage import practices
    from storage.models import utcnow

    with open_house() as house:
        at = house.looked_at(practice, url, password_policy)
        known = practices.find(house.engine, practice)
        login = house.administrator(admin)
        found = known or practices.save(house.engine, practice, at, now=utcnow())
        found.url = at
        found.primary_location = location or found.primary_location
        found.password_policy = password_policy or found.password_policy
        show = screen(as_json=as_json)
        return show_plan(house.worker(show.news), show, found, login, adopt=adopt)


@app.command()
@in_words
def provision(
    practice: PracticeName,
    admin: Admin,
    url: Url = None,
    location: Location = None,
    password_policy: Policy = None,
    adopt: Adopt = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the practice's unfinished run.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask after the plan.")] = False,
    as_json: Json = False,
) -> int:
    """Make the OneSpot account: the guide's 17 steps.

    Shows the plan, asks, walks the steps, and leaves the password sealed in the vault.

    \b
    Exit status: 0 done, 1 failed, 2 usage or settings, 3 refused,
    4 a person is needed.
    \b
    Example:
      onespot provision "Lumen Eye" --admin mhalloran
      onespot provision "Lumen Eye" --admin mhalloran --resume
    """
    from bot.house import me, open_house
    from bot.provision import Order, Provisioning
    from bot.terminal import screen

    with open_house() as house:
        at = house.looked_at(practice, url, password_policy)
        if not yes and not sys.stdin.isatty():
            raise SettingsProblem("Nobody can be asked here: say --yes to walk without being asked.")
        login = house.administrator(admin)
        order = Order(practice, at, login, me(), location, password_policy, adopt, resume)
        show = screen(as_json=as_json)
        return Provisioning(house.worker(show.news), show, order, _yes if yes else _ask).talk()


@app.command()
@in_words
def check(
    practice: Annotated[str | None, typer.Argument(metavar="PRACTICE", help="The practice's name.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every practice that was provisioned.")] = False,
    as_json: Json = False,
) -> int:
    """Look whether the account works and is as it must be.

    Logs in as the OneSpot account, looks at it, logs out. Exit status: 0 healthy, 1 not.

    \b
    Example:
      onespot check "Lumen Eye"
      onespot check --all --json
    """
    from bot import looks
    from bot.house import open_house
    from bot.records import known_practice, provisioned
    from bot.terminal import Patient, to_stderr

    if (practice is None) != all_:
        raise SettingsProblem("Say either the practice's name or --all.")
    with open_house() as house:
        chosen = provisioned(house.engine) if practice is None else [known_practice(house.engine, practice)]
        if not chosen:
            to_stderr("No practice was provisioned yet, so there is nothing to check.")
        say = looks.as_json if as_json else looks.as_lines(Patient())
        return looks.check(house.worker(to_stderr), chosen, say)


@app.command()
@in_words
def practices() -> None:
    """List the practices, with what the last check found.

    \b
    Example:
      onespot practices
    """
    from bot.house import open_house
    from bot.records import PRACTICE_COLUMNS, practice_rows
    from bot.terminal import Patient
    from bot.views import table_view

    with open_house() as house:
        Patient().print(table_view(PRACTICE_COLUMNS, practice_rows(house.engine), empty="No practices yet."))


@app.command()
@in_words
def runs() -> None:
    """List the newest runs, with where each stands.

    \b
    Example:
      onespot runs
    """
    from bot.house import open_house
    from bot.records import RUN_COLUMNS, run_rows
    from bot.terminal import Patient
    from bot.views import table_view

    with open_house() as house:
        Patient().print(table_view(RUN_COLUMNS, run_rows(house.engine), empty="No runs yet."))


@credentials_app.command("show")
@in_words
def credentials_show(practice: PracticeName, as_json: Json = False) -> int:
    """Print the OneSpot account's user name and password. Leaves an audit entry.

    \b
    Example:
      onespot credentials show "Lumen Eye"
    """
    from bot.house import me, open_house
    from bot.records import known_practice, reveal
    from bot.terminal import to_stderr, write_credential
    from storage.models import utcnow

    with open_house() as house:
        known = known_practice(house.engine, practice)
        credential = reveal(house.engine, house.vault, known, me(), utcnow())
        if credential is None:
            to_stderr(f"No login has proved a password of {known.name} yet: provision it, or go on with its run.")
            return Exit.FAILED
        write_credential(sys.stdout, known.name, credential, as_json=as_json)
        return 0


@keys_app.command("new")
@in_words
def keys_new() -> None:
    """Print a new key, to put in front in ONESPOT_KEYS.

    \b
    Example:
      ONESPOT_KEYS="$(onespot keys new)"
    """
    from storage.vault import new_key

    sys.stdout.write(f"{new_key().get_secret_value()}\n")


@keys_app.command("rotate")
@in_words
def keys_rotate() -> None:
    """Seal every password anew with the newest key.

    A key file gets a new key by itself; into ONESPOT_KEYS you put it in front before.

    \b
    Example:
      onespot keys rotate
    """
    from bot.house import me, open_house
    from bot.keys import key_file, rotate
    from storage import audit
    from storage.models import utcnow

    with open_house() as house:
        count = rotate(house.settings, house.engine, utcnow())
        audit.write(house.engine, me(), "rotated the keys", detail=f"{count} sealed anew", now=utcnow())
        where = key_file(house.settings) or "ONESPOT_KEYS"
        sys.stdout.write(
            f"{count} sealed anew with the newest key. The older keys in {where} are needed only for older backups.\n"
        )


@db_app.command("upgrade")
@in_words
def db_upgrade() -> None:
    """Bring the database's tables up to date.

    Every command does so by itself; a deployment may do it first.

    \b
    Example:
      onespot db upgrade
    """
    from bot.house import open_house
    with open_house() as house:
        sys.stdout.write(f"{house.settings.database.render_as_string(hide_password=True)} is up to date.\n")


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
    from bot.house import no_secrets_inherited, open_database
    from bot.settings import read_settings
    from bot.terminal import people
    from bot.worker import Chromium, Worker
    from sandbox.ehr import ADMIN_PASSWORD, ADMIN_USERNAME, SandboxEhr
    from storage.models import Credential
    from storage.vault import Vault, new_key

    browser = read_settings().browser
    screen, admin = people(), Credential(ADMIN_USERNAME, SecretStr(ADMIN_PASSWORD))
    with (
        tempfile.TemporaryDirectory(prefix="onespot-demo-") as folder,
        SandboxEhr("legacy") as first,
        SandboxEhr("modern") as second,
        open_database(f"sqlite:///{folder}/onespot.db") as engine,
        no_secrets_inherited(),
    ):
        vault, hands = Vault(engine, [new_key()]), Chromium(browser)
        worker = Worker(engine, vault, Path(folder) / "evidence", hands, pauses=(), news=screen.news)
        return Demo(worker, screen, first, second, admin).play()


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
            f"Faults: {', '.join(ehr.faults) or 'none'} (`onespot sandbox --faults` lists them)",
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


def _yes(question: str) -> bool:
    return True


def _ask(question: str) -> bool:
    return typer.confirm(question, err=True)


def _usage(sentence: str, *, as_json: bool) -> int:
    if as_json:
        _line(problem_json("USAGE", sentence))
    sys.stderr.write(f"onespot: {sentence}\n")
    return Exit.USAGE


def _unexpected(error: Exception, *, as_json: bool) -> int:
    """Words for a defect. The error's own text may quote anything, so it is shown only where somebody debugs."""
    if os.environ.get("ONESPOT_DEBUG") == "1":
        traceback.print_exception(error)
    what = f"Something unexpected happened ({type(error).__name__})."
    if as_json:
        _line(problem_json("TRANSIENT", what))
    sys.stderr.write(
        f"What happened: {what}\n"
        "What it means: this is a defect of the program; what was done so far is kept.\n"
        "What to do: try again (provision: with --resume); to report it, run it with ONESPOT_DEBUG=1.\n"
    )
    return Exit.FAILED


def _line(values: dict[str, Any]) -> None:
    from bot.terminal import write_line

    write_line(sys.stdout, values)


def main() -> None:
    """The entry point."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    app()


if __name__ == "__main__":
    main()
