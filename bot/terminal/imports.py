"""Provisioning many practices from a terminal: a sheet is read, all are planned, one question, then wave after wave.

What is done is imports/deeds.py's and the worker's, one run after the other. Killed at any point, `--resume` goes on
with it: what was interrupted or stopped is tried again first.
"""

from __future__ import annotations

import stat
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.address import must_answer
from bot.imports import deeds
from bot.imports.sheet import Row, Unfit, read
from bot.imports.waves import WALKED, Group, group_of, last_wave, waves
from bot.problems import Exit, SettingsProblem
from bot.terminal.export import write
from bot.terminal.provision import sentence, stoppable
from bot.terminal.screen import line
from bot.terminal.views import table_view
from bot.words import clean
from bot.worker import Ended, Worker
from storage import imports, practices, runs
from storage.imports import Member, stopped
from storage.models import (
    IMPORT_SENTENCES,
    Credential,
    ErrorClass,
    Import,
    ImportStatus,
    Purpose,
    RunStatus,
    Stage,
)

BIGGEST = 5_000_000
"""Bytes that a file may have."""
NAMED = 6
"""So many practices of a group are named."""
AT_ONCE = timedelta()
"""Nobody else works here: a run that stopped has stopped."""

Login = Callable[[str], Credential]


def read_file(file: Path, default_url: str, about: Callable[[Row], str | None], login: Login) -> list[Row]:
    """The rows of a CSV file, each with its administrator's password.

    Passwords come from the file's own column, which nobody else may then read, or are asked for by `login`, once for
    each administrator. Raises SettingsProblem with all that is wrong.
    """
    text = _text(file)
    try:
        rows = read(text, default_url, about=about)
    except Unfit as unfit:
        wrong = "\n".join(f"  {problem}" for problem in unfit.problems)
        problem = f"{file} can't be used, and nothing was begun:\n{wrong}"
    else:
        _must_be_private(file, rows)
        for url in dict.fromkeys(row.url for row in rows):
            must_answer(url)
        return _with_passwords(rows, login)
    raise SettingsProblem(problem)


@dataclass(frozen=True)
class Importing:
    """One conversation about one import. `ask` puts the question whether to go on and gives the answer."""

    worker: Worker
    out: Console
    ask: Callable[[str], bool]
    by: str
    plans: Path | None = None
    outcomes: Path | None = None
    force: bool = False

    def new(self, rows: Sequence[Row]) -> Exit:
        """From the rows to the end. Raises SettingsProblem when somebody began the same meanwhile."""
        worker = self.worker
        try:
            whole = deeds.begin(worker.engine, worker.vault, rows, self.by, now=worker.now())
        except imports.Unfinished as other:
            problem = str(other)
        else:
            return self._go(whole)
        raise SettingsProblem(problem)

    def resume(self, rows: Sequence[Row], *, skip: bool) -> Exit:
        """Go on with the import that the rows were begun as; `skip` leaves what stopped, and goes on with the rest.

        Raises SettingsProblem when there is none.
        """
        whole = self._left_over(rows)
        self._say(f"Going on with import {whole.id}. {IMPORT_SENTENCES[whole.status]}")
        self._give_passwords(whole, rows)
        if whole.status in (ImportStatus.PLANNING, ImportStatus.PLANNED):
            return self._go(whole)
        return self._go_on(whole) if self._try_again(whole, skip=skip) else self._over(whole)

    # --- from the plans to the end

    def _go(self, whole: Import) -> Exit:
        worker = self.worker
        with stoppable(worker):
            self._plan(whole)
        if worker.guard.stopping:
            return self._over(whole)
        self._push(whole)
        now = self._as_it_stands(whole)
        if now.status is ImportStatus.PLANNED and not self._decided(now):
            return Exit.REFUSED
        return self._go_on(whole)

    def _go_on(self, whole: Import) -> Exit:
        with stoppable(self.worker):
            self._walk(whole)
        return self._over(whole)

    def _plan(self, whole: Import) -> None:
        for member in imports.members(self.worker.engine, whole.id):
            run = member.run
            again = run.status is RunStatus.FAILED and run.error_class is ErrorClass.TRANSIENT
            if self.worker.guard.stopping or run.plan is not None:
                continue
            if run.status is RunStatus.REQUESTED or again:
                admin = self._login(member)
                ended = None if admin is None else self.worker.plan_run(run.id, admin)
                self._say_of(member, "looked at", ended)

    def _decided(self, whole: Import) -> bool:
        """Show what would happen, and ask; True after a yes."""
        worker, members = self.worker, imports.members(self.worker.engine, whole.id)
        if self.plans is not None:
            write(deeds.plan_rows(members), deeds.PLANS, self.plans, force=self.force)
        self.out.print(table_view(("What", "How many", "Practices"), _groups(members), empty=""))
        if self.ask(_question(members)):
            return deeds.approve(worker.engine, whole, whole.digest, self.by, now=worker.now())
        imports.reject(worker.engine, whole.id, whole.digest, self.by, "no", now=worker.now())
        self._say("Nothing was changed.")
        return False

    def _walk(self, whole: Import) -> None:
        """Run after run, until a wave halts, all is over, or somebody stops it."""
        worker, said = self.worker, 0
        while not worker.guard.stopping:
            begun = self._push(whole)
            now = self._as_it_stands(whole)
            members = imports.members(worker.engine, whole.id)
            if now.wave != said:
                said = now.wave
                self._say(_wave(said, members))
            for member in members:
                if member.run.id in begun:
                    self._walk_one(member)
            if not begun:
                return

    def _walk_one(self, member: Member) -> None:
        admin = self._login(member)
        ended = None if admin is None else self.worker.execute_run(member.run.id, admin)
        self._say_of(member, "done", ended)

    def _push(self, whole: Import) -> list[int]:
        return deeds.push(self.worker.engine, whole.id, now=self.worker.now(), at_once=1, settles=AT_ONCE)

    # --- going on with one

    def _left_over(self, rows: Sequence[Row]) -> Import:
        engine = self.worker.engine
        known = {practice.id for row in rows if (practice := practices.find(engine, row.practice)) is not None}
        for whole in reversed(imports.open_ones(engine)):
            its = {member.practice.id for member in imports.members(engine, whole.id)}
            if whole.channel is None and its & known:
                return whole
        raise SettingsProblem("No import with these practices is unfinished: leave out --resume to begin one.")

    def _give_passwords(self, whole: Import, rows: Sequence[Row]) -> None:
        """The runs that aren't over get the logins once more: those that were kept are destroyed after a day."""
        given = {row.practice.casefold(): row for row in rows}
        for member in imports.members(self.worker.engine, whole.id):
            row = given.get(member.practice.name.casefold())
            if row is not None and row.password is not None:
                login = Credential(row.administrator, row.password)
                self.worker.vault.keep_administrator(member.run.id, login, now=self.worker.now())

    def _try_again(self, whole: Import, *, skip: bool) -> bool:
        """First what was interrupted or stopped in the wave in hand; True when the rest may go on."""
        engine, now = self.worker.engine, self.worker.now()
        with stoppable(self.worker):
            for member in imports.members(engine, whole.id):
                if member.imported.wave and not self.worker.guard.stopping:
                    self._take_up(member, skip=skip)
        left = [one for one in imports.members(engine, whole.id) if stopped(one)]
        if left and not skip:
            return False
        if self._as_it_stands(whole).status is ImportStatus.WALKING and left:
            imports.halt(engine, whole.id, now=now)
        imports.go_on(engine, whole.id, now=now)
        return not self.worker.guard.stopping

    def _take_up(self, member: Member, *, skip: bool) -> None:
        engine, run = self.worker.engine, member.run
        if run.status in (RunStatus.RUNNING, RunStatus.PLANNING):
            runs.interrupted(engine, run.id, now=self.worker.now())
        elif run.status in (RunStatus.FAILED, RunStatus.WAITING) and skip:
            return
        runs.move(engine, run.id, RunStatus.APPROVED, now=self.worker.now(), from_={RunStatus.FAILED})
        stands = runs.get(engine, run.id)
        if stands is not None and stands.status in (RunStatus.APPROVED, RunStatus.WAITING):
            self._walk_one(member)

    # --- what is said

    def _over(self, whole: Import) -> Exit:
        """How it stands, the table of outcomes, and how to go on."""
        now, members = self._as_it_stands(whole), imports.members(self.worker.engine, whole.id)
        if self.outcomes is not None:
            write(deeds.outcome_rows(now, members), deeds.OUTCOMES, self.outcomes, force=True)
        counts = Counter(member.run.status for member in members)
        said = ", ".join(f"{number} {status}" for status, number in sorted(counts.items()))
        self._say(f"Import {now.id}: {said}. {IMPORT_SENTENCES[now.status]}")
        if now.status in (ImportStatus.PLANNING, ImportStatus.PLANNED, ImportStatus.WALKING, ImportStatus.HALTED):
            self._say("Go on with the same command and --resume; with --skip too, what stopped is left out.")
        elif counts[RunStatus.FAILED] or counts[RunStatus.WAITING]:
            self._say("What stopped goes on with `onespot provision PRACTICE --admin USERNAME --resume`.")
        return Exit.DONE if counts[RunStatus.SUCCEEDED] == len(members) else Exit.FAILED

    def _say_of(self, member: Member, well: str, ended: Ended | None) -> None:
        """One practice's line."""
        name = clean(member.practice.name)
        if ended is not None and ended.trouble is None:
            line(self.out, Text("✓ ", style="green").append(f"{name}: {well}", style="default"))
            return
        why = "the password isn't kept any more, or somebody else is at it." if ended is None else ""
        if ended is not None and ended.trouble is not None:
            why = clean(sentence(ended.trouble))
        line(self.out, Text("✗ ", style="bold red").append(f"{name}: {why}", style="default"))

    def _say(self, text: str) -> None:
        line(self.out, clean(text))

    def _login(self, member: Member) -> Credential | None:
        return self.worker.vault.kept(member.practice.id, Purpose.ADMINISTRATOR, Stage.PENDING)

    def _as_it_stands(self, whole: Import) -> Import:
        return imports.get(self.worker.engine, whole.id) or whole


# Parts


def _text(file: Path) -> str:
    try:
        data = file.read_bytes() if file.stat().st_size <= BIGGEST else None
    except OSError as error:
        problem = f"{file} can't be read: {error.strerror}."
    else:
        if data is None:
            raise SettingsProblem(f"{file} is bigger than {BIGGEST // 1_000_000} MB: is it the right one?")
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            problem = f"{file} isn't text in UTF-8: save it as “CSV UTF-8”."
    raise SettingsProblem(problem)


def _must_be_private(file: Path, rows: Sequence[Row]) -> None:
    """Raises SettingsProblem for a file with passwords that others may read."""
    if any(row.password for row in rows) and stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise SettingsProblem(f"{file} holds passwords and others may read it: `chmod 600 {file}` first.")


def _with_passwords(rows: Sequence[Row], login: Login) -> list[Row]:
    logins = {}
    for row in rows:
        place = (row.url, row.administrator)
        if row.password is None and place not in logins:
            logins[place] = login(row.administrator)
    return [row if row.password else replace(row, password=logins[row.url, row.administrator].password) for row in rows]


def _groups(members: Sequence[Member]) -> list[Sequence[str]]:
    """A row for each group that is walked; those that aren't have a row each, with the reason."""
    found: list[Sequence[str]] = []
    for group in Group:
        its = [member for member in members if group_of(member) is group]
        if its and group in WALKED:
            more = f", and {len(its) - NAMED} more" if len(its) > NAMED else ""
            found.append((str(group), str(len(its)), ", ".join(one.practice.name for one in its[:NAMED]) + more))
        elif its:
            found += [(str(group), "1", f"{one.practice.name}: {why_not(one)}") for one in its]
    return found


def why_not(member: Member) -> str:
    """Why a run isn't to be walked."""
    plan = member.run.the_plan
    if plan is None:
        return member.run.error_what or "it wasn't looked at."
    return " ".join(f"{one.what}: {one.detail}" if one.detail else one.what for one in plan.forbidden)


def _question(members: Sequence[Member]) -> str:
    number = len(waves(members))
    return f"Walk the guide for {number} practice{'' if number == 1 else 's'}?"


def _wave(wave: int, members: Sequence[Member]) -> str:
    number = sum(member.imported.wave == wave for member in members)
    return f"Wave {wave} of {last_wave(members)}: {number} practice{'' if number == 1 else 's'}."
