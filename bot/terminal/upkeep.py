"""The commands on what is kept: practices, runs and checks, passwords and keys, evidence, the database.

No work is done here, and nothing visits an EHR. The heavy parts are imported by the command that needs them, as in
accounts.py.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.problems import Exit, SettingsProblem
from bot.terminal.behaviour import in_words
from bot.terminal.command import Force, Json, PracticeName, app, credentials_app, db_app, evidence_app, keys_app

if TYPE_CHECKING:
    from rich.console import RenderableType


@app.command()
@in_words
def practices() -> None:
    """List the practices, with what the last check found.

    \b
    Example:
      onespot practices
    """
    from bot.house import open_house
    from bot.terminal.records import PRACTICE_COLUMNS, practice_rows
    from bot.terminal.screen import Patient
    from bot.terminal.views import table_view

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
    from bot.terminal.records import RUN_COLUMNS, run_rows
    from bot.terminal.screen import Patient, keep_showing
    from bot.terminal.views import table_view

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
    from bot.house import open_house
    from bot.terminal import history
    from bot.terminal.records import known_practice
    from bot.terminal.screen import Patient
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
    from bot.house import open_house
    from bot.terminal import export as exports
    from bot.terminal.screen import to_stderr

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
    from bot.terminal.records import known_practice, reveal
    from bot.terminal.screen import to_stderr, write_credential
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
    from bot.service import make_packs
    from bot.terminal.evidence import kinds_of, write

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
    from bot.terminal.evidence import verify_file

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
