"""What the database says, for a terminal: practices, runs, and the one place where a password is shown.

Reads only, but for the audit entry that showing a password leaves before it is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine

from bot.problems import SettingsProblem
from bot.words import when
from storage import audit, checks, practices, runs
from storage.checks import Listed
from storage.models import SENTENCES, Credential, Practice, Purpose, Run, RunStatus, Stage, Verb
from storage.vault import Vault

PRACTICE_COLUMNS = ("Practice", "ID", "User name", "Last check", "Found", "Address")
RUN_COLUMNS = ("Run", "Practice", "Status", "Since", "About")


def known_practice(engine: Engine, name: str) -> Practice:
    """The practice of this name. Raises `SettingsProblem` that says which names are near."""
    practice = practices.find(engine, name)
    if practice is not None:
        return practice
    near = practices.near(engine, name)
    if near:
        hint = f"did you mean {' or '.join(near)}?"
    elif practices.all_practices(engine):
        hint = "`onespot practices` lists them."
    else:
        hint = "`onespot provision` makes the first one."
    raise SettingsProblem(f'There is no practice named "{name.strip()}": {hint}')


def provisioned(engine: Engine) -> list[Practice]:
    """The practices that have an account, as far as a run has got that far; not those whose account was retired."""
    return [one for one in practices.all_practices(engine) if one.username and one.retired_at is None]


def practice_rows(engine: Engine) -> list[Sequence[str]]:
    """One row of text for each practice, under PRACTICE_COLUMNS."""
    return [_practice_row(one) for one in checks.latest_of_all(engine)]


def run_rows(engine: Engine, most: int = 50) -> list[Sequence[str]]:
    """One row of text for each of the newest runs, `most` of them, under RUN_COLUMNS."""
    return [
        (str(run.id), practice.name, str(run.status), when(run.moved_at), _about(run))
        for run, practice in runs.latest(engine, most)
    ]


def reveal(engine: Engine, vault: Vault, practice: Practice, by: str, now: datetime) -> Credential | None:
    """The practice's proved user name and password, after an audit entry says who sees it. None when there is none."""
    credential = vault.kept(practice.id, Purpose.FINAL, Stage.CURRENT)
    if credential is not None:
        audit.write(engine, by, "saw the credentials", practice_id=practice.id, detail=credential.username, now=now)
    return credential


def _practice_row(practice: Listed) -> Sequence[str]:
    found = "retired" if practice.retired_at else str(practice.outcome or "-")
    return (
        practice.name,
        practice.ehr_id or "-",
        practice.username or "-",
        when(practice.checked_at),
        found,
        practice.url,
    )


def _about(run: Run) -> str:
    trouble = run.trouble
    if run.verb is Verb.RETIRE and run.status is RunStatus.SUCCEEDED:
        return "Done: the account is retired."
    if trouble is None or run.status is RunStatus.CANCELLED:
        return SENTENCES[run.status]
    place = f"Step {trouble.step}: " if trouble.step else ""
    return f"{place}{trouble.what}"
