"""The commands on practices, runs, passwords and keys: what may be typed, and who does it.

No work is done here. The heavy parts (database, browser) are imported by the command that needs them, so that
`onespot --help` is there at once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from bot.problems import PASSWORD, Exit, SettingsProblem
from bot.words import group, in_words

if TYPE_CHECKING:
    from rich.console import RenderableType

    from storage.models import Verb

app = group(name="onespot", help="Creates the OneSpot employee account in RevolutionEHR, and keeps it working.")


class RunOrCommand(TyperGroup):
    """`onespot evidence 12` is `onespot evidence make 12`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["make", *args]
        return super().parse_args(ctx, args)


credentials_app, keys_app, db_app, words_app = group(), group(), group(), group()
evidence_app = group(cls=RunOrCommand)
app.add_typer(credentials_app, name="credentials", help="The passwords in the vault.")
app.add_typer(keys_app, name="keys", help="The keys that seal the passwords.")
app.add_typer(db_app, name="db", help="The database.")
app.add_typer(words_app, name="words", help="What a site calls the guide's things.")
app.add_typer(evidence_app, name="evidence", help="Signed evidence of a run, to make and to verify.")

PracticeName = Annotated[str, typer.Argument(metavar="PRACTICE", help="The practice's name.")]
Url = Annotated[str | None, typer.Option(metavar="URL", help="RevolutionEHR's address. [kept, else REVOLUTIONEHR_URL]")]
Admin = Annotated[str, typer.Option(metavar="USERNAME", help=f"The administrator. The password: {PASSWORD}, or asked.")]
Location = Annotated[str | None, typer.Option(metavar="NAME", help="The primary location. [the first listed]")]
Policy = Annotated[str | None, typer.Option(metavar="TEXT", help='What passwords must look like: "12-16 no _".')]
Adopt = Annotated[bool, typer.Option("--adopt", help="Take over an employee of our user name that isn't known here.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the practice's unfinished run.")]
Yes = Annotated[bool, typer.Option("--yes", help="Don't ask after the plan.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")]
WordsFile = Annotated[
    Path | None, typer.Option("--words", metavar="FILE", help="What the site calls things. [ONESPOT_EHR_WORDS]")
]
Force = Annotated[bool, typer.Option("--force", help="Replace the file if there is one.")]


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
    from bot.looks import show_plan
    from bot.terminal import screen
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
    from bot.provision import Order, Provisioning
    from bot.terminal import screen

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
    from bot import looks
    from bot.house import open_house
    from bot.records import known_practice, provisioned
    from bot.terminal import Patient, to_stderr

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
    from bot import rotate as rotating
    from bot.house import me, open_house
    from bot.records import known_practice
    from bot.terminal import screen
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
    from bot import imports
    from bot.house import me, open_house
    from bot.import_file import Importing, read_file
    from bot.terminal import Patient, to_stderr

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
def runs(
    watch: Annotated[bool, typer.Option("--watch", help="Go on showing them as they stand, until Ctrl-C.")] = False,
) -> None:
    """List the newest runs, with where each stands.

    \b
    Example:
      onespot runs
      onespot runs --watch
    """
    from bot.house import open_house
    from bot.records import RUN_COLUMNS, run_rows
    from bot.terminal import Patient, keep_showing
    from bot.views import table_view

    screen = Patient()
    with open_house() as house:

        def table(most: int = 50) -> RenderableType:
            return table_view(RUN_COLUMNS, run_rows(house.engine, most), empty="No runs yet.")

        if watch:
            keep_showing(screen, table)
        else:
            screen.print(table())


@app.command()
@in_words
def checks(
    practice: PracticeName,
    days: Annotated[int, typer.Option(metavar="N", help="Of how many days.", min=1, max=3650)] = 30,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write them to a CSV file instead.")] = None,
    chart: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw the last 30 days, as a PNG.")] = None,
    force: Force = False,
    as_json: Json = False,
) -> int:
    """List what the practice's checks found, newest first.

    \b
    Example:
      onespot checks "Lumen Eye" --days 90
      onespot checks "Lumen Eye" --chart lumen.png
    """
    from bot import history
    from bot.house import open_house
    from bot.records import known_practice
    from bot.terminal import Patient
    from storage.models import utcnow

    with open_house() as house:
        known, now = known_practice(house.engine, practice), utcnow()
        if chart is not None:
            history.write_chart(house.engine, known, now, house.settings, chart, force=force)
        if csv is not None:
            history.write_csv(house.engine, known, now, days, csv, force=force)
        if csv is None and chart is None:
            found = history.recent(house.engine, known, now, days)
            show = history.as_json if as_json else history.as_table(Patient(), days)
            show(known, found)
    return Exit.DONE


@app.command()
@in_words
def export(
    table: Annotated[str, typer.Argument(metavar="practices|runs|checks", help="Which table.")],
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to. [standard output]")] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="Runs and checks from that day on (UTC).")] = None,
    force: Force = False,
) -> int:
    """Write a table as CSV: practices, runs or checks.

    \b
    Example:
      onespot export practices --out practices.csv
      onespot export checks --since 2026-11-01 --out checks.csv
    """
    from bot import export as exports
    from bot.house import open_house
    from bot.terminal import to_stderr

    if table not in list(exports.Table):
        raise SettingsProblem(f'There is no table "{table}": say {", ".join(exports.Table)}.')
    moment = None if since is None else exports.read_date(since)
    with open_house() as house:
        number = exports.export(house.engine, exports.Table(table), out, since=moment, force=force)
    if out is not None:
        to_stderr(f"{number:,} {table if number != 1 else table[:-1]} in {out}.")
    return Exit.DONE


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


@evidence_app.command("make")
@in_words
def evidence_make(
    run: Annotated[int, typer.Argument(metavar="RUN", help="The run's number.", min=1)],
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where to. [here]", show_default=False)] = Path(),
    form: Annotated[str | None, typer.Option("--format", metavar="html|pdf|json", help="Only this one. [all]")] = None,
    force: Force = False,
) -> int:
    """Write the evidence of a finished run: HTML, PDF and JSON.

    The plan, who approved it, every step with a masked picture, the state
    proved at the end. No password and no patient is in it. Signed, so that
    `verify` finds any byte that was changed.

    \b
    Example:
      onespot evidence make 12
      onespot evidence 12 --out sent --format pdf
    """
    from bot.house import me, open_house
    from bot.pack_files import kinds_of, write
    from bot.service import make_packs

    kinds = kinds_of(form)
    with open_house() as house:
        return write(make_packs(house), run, kinds, out, me(), force=force)


@evidence_app.command("verify")
@in_words
def evidence_verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An evidence file: HTML, PDF or JSON.")],
    fingerprint: Annotated[str | None, typer.Option(metavar="TEXT", help="Of the key that is expected.")] = None,
) -> int:
    """Say whether a byte of an evidence file was changed.

    Needs no database: the file and the key's fingerprint are enough. Without
    --fingerprint this installation's own key is expected, where there is one.

    \b
    Exit status: 0 unchanged, 1 changed or signed by another key, 2 usage,
    4 unchanged, but by a key that isn't known here: compare its fingerprint.
    \b
    Example:
      onespot evidence verify onespot-evidence-run-12.html
    """
    from bot.pack_files import verify_file

    return verify_file(file, fingerprint)


@evidence_app.command("key")
@in_words
def evidence_key() -> None:
    """Print the public key that signs evidence, and its fingerprint.

    Give the fingerprint to whoever gets evidence, in another way than the
    evidence itself.

    \b
    Example:
      onespot evidence key
    """
    from bot.house import open_house
    from storage.models import utcnow
    from storage.signing import signer

    with open_house() as house:
        public = signer(house.engine, house.vault, now=utcnow()).public
        sys.stdout.write(f"Public key (Ed25519): {public.hex}\nFingerprint: {public.fingerprint}\n")


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
    """Seal all that is kept anew with the newest key.

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


@db_app.command("prune")
@in_words
def db_prune(
    days: Annotated[int | None, typer.Option(metavar="N", help="How old. [RETENTION_DAYS]", min=30)] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
) -> int:
    """Delete old steps, checks, thread messages, links, pictures.

    Never the audit, passwords, practices, runs, or a practice's newest check.
    `onespot run` does so once a day by itself.

    \b
    Example:
      onespot db prune --dry-run
      onespot db prune --days 90
    """
    from bot.house import open_house
    from bot.prune import prune
    from storage.models import utcnow

    with open_house() as house:
        old = house.settings.retention_days if days is None else days
        if old == 0:
            raise SettingsProblem("RETENTION_DAYS is 0, which keeps everything: say --days to delete all the same.")
        gone = prune(house.engine, house.settings.evidence, old, utcnow(), dry_run=dry_run)
        sys.stdout.write(f"{'Would delete' if dry_run else 'Deleted'}, older than {old} days: {gone}.\n")
    return Exit.DONE


def _walk_over(
    verb: Verb, practice: str, admin: str, *, resume: bool, yes: bool, words: Path | None, as_json: bool
) -> int:
    """A run over an account that there is already."""
    from bot.house import me, open_house
    from bot.provision import Order, Provisioning
    from bot.records import known_practice
    from bot.terminal import screen

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
