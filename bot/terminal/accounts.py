"""The commands that visit an EHR: what may be typed, and who does it.

No work is done here. The heavy parts (database, browser) are imported by the command that needs them, so that
`onespot --help` is there at once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.problems import SettingsProblem
from bot.terminal.behaviour import in_words
from bot.terminal.command import (
    Admin,
    Adopt,
    Force,
    Json,
    Location,
    Policy,
    PracticeName,
    Resume,
    Url,
    WordsFile,
    Yes,
    app,
)

if TYPE_CHECKING:
    from storage.models import Verb


@app.command()
@in_words
def plan(
    practice: PracticeName,
    admin: Admin,
    url: Url = None,
    location: Location = None,
    password_policy: Policy = None,
    adopt: Adopt = False,
    record: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Record what the screens are made of.")] = None,
    words: WordsFile = None,
    as_json: Json = False,
) -> int:
    """Show what provisioning would change, and change nothing.

    --record writes a JSON file for each screen: tags, labels and names
    of controls, no values and no patients. For a first run elsewhere.

    \b
    Example:
      onespot plan "Lumen Eye" --admin mhalloran
      onespot plan "Lumen Eye" --admin mhalloran --record screens
    """
    from bot.house import open_house
    from bot.terminal.looks import show_plan
    from bot.terminal.screen import screen
    from storage import practices
    from storage.models import utcnow

    with open_house() as house:
        house.use_words(words)
        at = house.looked_at(practice, url, password_policy)
        known = practices.find(house.engine, practice)
        login = house.administrator(admin)
        found = known or practices.save(house.engine, practice, at, now=utcnow())
        found.url = at
        found.primary_location = location or found.primary_location
        found.password_policy = password_policy or found.password_policy
        show = screen(as_json=as_json)
        return show_plan(house.worker(show.news), show, found, login, adopt=adopt, record=record)


@app.command()
@in_words
def provision(
    practice: PracticeName,
    admin: Admin,
    url: Url = None,
    location: Location = None,
    password_policy: Policy = None,
    adopt: Adopt = False,
    resume: Resume = False,
    yes: Yes = False,
    step: Annotated[bool, typer.Option("--step", help="Stop before every save, show it, and ask.")] = False,
    words: WordsFile = None,
    as_json: Json = False,
) -> int:
    """Make the OneSpot account: the guide's 17 steps.

    Shows the plan, asks, walks the steps, and leaves the password sealed in the vault.
    For a first run on a new site: --step, which --yes doesn't answer.

    \b
    Exit status: 0 done, 1 failed, 2 usage or settings, 3 refused,
    4 a person is needed.
    \b
    Example:
      onespot provision "Lumen Eye" --admin mhalloran
      onespot provision "Lumen Eye" --admin mhalloran --resume
    """
    from bot.house import me, open_house
    from bot.terminal.provision import Order, Provisioning
    from bot.terminal.screen import screen

    with open_house() as house:
        house.use_words(words)
        at = house.looked_at(practice, url, password_policy)
        _somebody_to_ask(yes=yes)
        if step:
            _somebody_to_watch(as_json=as_json)
        login = house.administrator(admin)
        order = Order(practice, at, login, me(), location, password_policy, adopt, resume)
        show, ask = screen(as_json=as_json), _yes if yes else _ask
        return Provisioning(house.worker(show.news), show, order, ask, _go_on if step else None).talk()


@app.command()
@in_words
def check(
    practice: Annotated[str | None, typer.Argument(metavar="PRACTICE", help="The practice's name.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every practice that was provisioned.")] = False,
    words: WordsFile = None,
    as_json: Json = False,
) -> int:
    """Look whether the account works and is as it must be.

    Logs in as the OneSpot account, looks at it, logs out. Exit status: 0 healthy, 1 not.

    \b
    Example:
      onespot check "Lumen Eye"
      onespot check --all --json
    """
    from bot.house import open_house
    from bot.terminal import looks
    from bot.terminal.records import known_practice, provisioned
    from bot.terminal.screen import Patient, to_stderr

    if (practice is None) != all_:
        raise SettingsProblem("Say either the practice's name or --all.")
    with open_house() as house:
        house.use_words(words)
        chosen = provisioned(house.engine) if practice is None else [known_practice(house.engine, practice)]
        if not chosen:
            to_stderr("No practice was provisioned yet, so there is nothing to check.")
        say = looks.as_json if as_json else looks.as_lines(Patient())
        return looks.check(house.worker(to_stderr), chosen, say)


@app.command()
@in_words
def rotate(
    practice: PracticeName,
    handed_over: Annotated[bool, typer.Option("--handed-over", help="Only say that OneSpot has the new one.")] = False,
    as_json: Json = False,
) -> int:
    """Give the OneSpot account a new password, and prove it.

    Needs no administrator. OneSpot's auto-sync settings must get it afterwards.

    \b
    Exit status: 0 done, 1 failed, 2 usage or settings, 4 a person is needed.
    \b
    Example:
      onespot rotate "Lumen Eye"
      onespot rotate "Lumen Eye" --handed-over
    """
    from bot.house import me, open_house
    from bot.terminal import rotate as rotating
    from bot.terminal.records import known_practice
    from bot.terminal.screen import screen
    from storage.models import Purpose, Stage, utcnow

    with open_house() as house:
        known, show = known_practice(house.engine, practice), screen(as_json=as_json)
        if handed_over:
            return rotating.hand_over(house.engine, show, known, me(), utcnow())
        if house.vault.kept(known.id, Purpose.FINAL, Stage.CURRENT) is None:
            raise SettingsProblem(f"No login has proved a password of {known.name} yet: provision it first.")
        return rotating.rotate(house.worker(show.news), show, known, me())


@app.command()
@in_words
def repair(
    practice: PracticeName,
    admin: Admin,
    resume: Resume = False,
    yes: Yes = False,
    words: WordsFile = None,
    as_json: Json = False,
) -> int:
    """Put the OneSpot account right: what differs, nothing else.

    Shows the plan, asks, walks the guide's steps over what is there.
    A password that RevolutionEHR refuses becomes a new one.

    \b
    Exit status: 0 done, 1 failed, 2 usage or settings, 3 refused,
    4 a person is needed.
    \b
    Example:
      onespot repair "Lumen Eye" --admin mhalloran
    """
    from storage.models import Verb

    return _walk_over(Verb.REPAIR, practice, admin, resume=resume, yes=yes, words=words, as_json=as_json)


@app.command()
@in_words
def retire(
    practice: PracticeName,
    admin: Admin,
    resume: Resume = False,
    yes: Yes = False,
    words: WordsFile = None,
    as_json: Json = False,
) -> int:
    """End the OneSpot account: deactivated, credentials destroyed.

    Shows the plan, asks, deactivates the employee, and proves it. Its
    password is destroyed here and its checks stop; the role stays.

    \b
    Exit status: 0 done, 1 failed, 2 usage or settings, 3 refused,
    4 a person is needed.
    \b
    Example:
      onespot retire "Lumen Eye" --admin mhalloran
    """
    from storage.models import Verb

    return _walk_over(Verb.RETIRE, practice, admin, resume=resume, yes=yes, words=words, as_json=as_json)


@app.command("import")
@in_words
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file; its first line names the columns.")],
    resume: Annotated[bool, typer.Option("--resume", help="Go on with what this file began.")] = False,
    skip: Annotated[bool, typer.Option("--skip", help="With --resume: leave out what stopped.")] = False,
    plans: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write all plans there, before the question.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write how each ended there, as CSV.")] = None,
    words: WordsFile = None,
    yes: Yes = False,
    force: Force = False,
) -> int:
    """Provision many practices: all planned, one question, waves.

    Columns: practice, administrator; and as you need address, primary
    location, notes, administrator password (else it is asked for, or in
    ONESPOT_ADMIN_PASSWORD; a file that has it must be of mode 0600).
    First one is walked, then five, then the rest; a wave in which one
    stops is the last, until --resume.

    \b
    Exit status: 0 all done, 1 some aren't, 2 usage or settings, 3 refused.
    \b
    Example:
      onespot import practices.csv --plans plans.csv --out outcomes.csv
      onespot import practices.csv --resume
    """
    from bot.house import me, open_house
    from bot.imports import deeds as imports
    from bot.terminal.imports import Importing, read_file
    from bot.terminal.screen import Patient, to_stderr

    if skip and not resume:
        raise SettingsProblem("--skip goes with --resume.")
    if out is not None and out.exists() and not (force or resume):
        raise SettingsProblem(f"There is a file {out} already: say another name, or --force to replace it.")
    with open_house() as house:
        house.use_words(words)
        _somebody_to_ask(yes=yes)
        about = (lambda _: None) if resume else imports.about(house.engine)
        rows = read_file(file, house.settings.revolutionehr_url, about, house.administrators())
        importing = Importing(house.worker(to_stderr), Patient(), _yes if yes else _ask, me(), plans, out, force=force)
        return importing.resume(rows, skip=skip) if resume else importing.new(rows)


def _walk_over(
    verb: Verb, practice: str, admin: str, *, resume: bool, yes: bool, words: Path | None, as_json: bool
) -> int:
    """A run over an account that there is already."""
    from bot.house import me, open_house
    from bot.terminal.provision import Order, Provisioning
    from bot.terminal.records import known_practice
    from bot.terminal.screen import screen

    with open_house() as house:
        house.use_words(words)
        known = known_practice(house.engine, practice)
        at = house.looked_at(known.name, None, None)
        _somebody_to_ask(yes=yes)
        order = Order(known.name, at, house.administrator(admin), me(), resume=resume, verb=verb)
        show = screen(as_json=as_json)
        return Provisioning(house.worker(show.news), show, order, _yes if yes else _ask).talk()


def _somebody_to_ask(*, yes: bool) -> None:
    if not yes and not sys.stdin.isatty():
        raise SettingsProblem("Nobody can be asked here: say --yes to walk without being asked.")


def _somebody_to_watch(*, as_json: bool) -> None:
    if as_json:
        raise SettingsProblem("--step asks a person before every save, and --json is for programs: say one of them.")
    if not sys.stdin.isatty():
        raise SettingsProblem("--step asks before every save, and nobody can be asked here: use it at a terminal.")


def _go_on(question: str) -> bool:
    try:
        return _ask(question)
    except typer.Abort:
        return False


def _yes(question: str) -> bool:
    return True


def _ask(question: str) -> bool:
    return typer.confirm(question, err=True)
