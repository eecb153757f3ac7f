"""Many practices from a terminal: one question, waves, a halt, and going on."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from rich.console import Console
from sqlalchemy import Engine

from automation.errors import AutomationError, Unavailable
from bot.guard import Guard
from bot.imports import deeds
from bot.imports.sheet import read
from bot.problems import Exit, SettingsProblem
from bot.terminal.imports import Importing, read_file
from bot.worker import Worker
from sandbox.ehr import SandboxEhr
from storage import imports, practices, runs
from storage.models import Credential, ErrorClass, ImportStatus, Purpose, RunStatus, Stage, utcnow
from storage.vault import Vault, new_key
from tests.bot.many import ManyHands, address, sheet

NAMES = [f"{name} Eyes" for name in ("Ash", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gum", "Hazel", "Ivy")]


class Refused(AutomationError):
    error_class = ErrorClass.CREDENTIAL


class Terminal:
    """Somebody at a terminal, whose answers are given."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.folder, self.hands = engine, folder, ManyHands()
        self.vault = Vault(engine, [new_key()])
        self.asked: list[str] = []
        self.shown = io.StringIO()
        self.answer = True
        self.worker = self.new_worker()

    def new_worker(self) -> Worker:
        guard = Guard(self.engine, utcnow, pauses=(0.0, 0.0), sleep=lambda _: None)
        return Worker(self.engine, self.vault, self.folder / "evidence", guard, self.hands)  # type: ignore[arg-type]

    def importing(self) -> Importing:
        out = Console(file=self.shown, width=100, highlight=False, markup=False, emoji=False)
        plans, outcomes = self.folder / "plans.csv", self.folder / "outcomes.csv"
        return Importing(self.worker, out, self.ask, "ana", plans, outcomes, force=True)

    def ask(self, question: str) -> bool:
        self.asked.append(question)
        return self.answer

    def new(self, names: list[str]) -> Exit:
        return self.importing().new(read(sheet(names), ""))

    def resume(self, names: list[str], *, skip: bool = False) -> Exit:
        return self.importing().resume(read(sheet(names), ""), skip=skip)

    def knows(self, name: str, password: str) -> None:
        """The practice has an account already, with this password."""
        practice = practices.save(self.engine, name, address(name), now=utcnow())
        self.vault.keep(practice.id, Purpose.FINAL, Credential("OneSpot2915", SecretStr(password)), now=utcnow())
        self.vault.prove(practice.id, now=utcnow())

    def statuses(self) -> dict[str, RunStatus]:
        return {practice.name.split()[0]: run.status for run, practice in runs.latest(self.engine)}

    def walked(self) -> list[str]:
        return [url.removeprefix("http://").split(".")[0] for url in self.hands.walked]

    def outcomes(self) -> list[dict[str, str]]:
        with open(self.folder / "outcomes.csv", newline="") as file:
            return list(csv.DictReader(file))


@pytest.fixture
def terminal(engine: Engine, tmp_path: Path) -> Terminal:
    return Terminal(engine, tmp_path)


def stood(terminal: Terminal) -> ImportStatus:
    whole = imports.get(terminal.engine, 1)
    assert whole is not None
    return whole.status


def test_all_are_planned_asked_for_once_and_walked_in_waves(terminal: Terminal) -> None:
    done, forbidden, refused = terminal.hands.at("Birch"), terminal.hands.at("Cedar"), terminal.hands.at("Dogwood")
    done.role, done.password = True, "known"
    terminal.knows("Birch Eyes", "known")
    forbidden.forbidden = "it has other permissions"
    refused.troubles[0] = [Refused("The login was refused.", "", "Give it anew.")]
    assert terminal.new(NAMES) is Exit.FAILED  # not all of them could be done
    said = terminal.shown.getvalue()
    assert terminal.asked == ["Walk the guide for 7 practices?"]
    assert re.search(r"to create +6 +Ash Eyes, Elm Eyes", said)
    assert re.search(r"already done +1 +Birch Eyes", said)
    assert "Cedar Eyes: Role OneSpot: it has other permissions" in said
    assert "Dogwood Eyes: The login was refused." in said
    assert terminal.walked() == ["ash", "elm", "fir", "gum", "hazel", "ivy", "birch"]  # what makes a difference first
    assert "Wave 1 of 3: 1 practice." in said
    assert "Wave 2 of 3: 5 practices." in said
    assert "Wave 3 of 3: 1 practice." in said
    assert stood(terminal) is ImportStatus.ENDED
    found = {row["practice"].split()[0]: (row["group"], row["wave"], row["status"]) for row in terminal.outcomes()}
    assert found["Ash"] == ("to create", "1", "SUCCEEDED")
    assert found["Birch"] == ("already done", "3", "SUCCEEDED")
    assert found["Cedar"] == ("forbidden", "", "REJECTED")
    assert found["Dogwood"] == ("without a plan", "", "FAILED")


def test_all_well_ends_with_nought(terminal: Terminal) -> None:
    assert terminal.new(NAMES[:2]) is Exit.DONE
    assert set(terminal.statuses().values()) == {RunStatus.SUCCEEDED}
    assert [row["status"] for row in terminal.outcomes()] == ["SUCCEEDED", "SUCCEEDED"]


def test_a_no_ends_every_run_and_changes_nothing(terminal: Terminal) -> None:
    terminal.answer = False
    assert terminal.new(NAMES) is Exit.REFUSED
    assert terminal.walked() == []
    assert set(terminal.statuses().values()) == {RunStatus.REJECTED}
    assert stood(terminal) is ImportStatus.REJECTED


def test_a_run_that_stops_is_the_last_one_until_somebody_goes_on(terminal: Terminal) -> None:
    terminal.hands.at("Cedar").troubles[8] = [Unavailable("The page failed.", "", "Try again.")] * 3
    assert terminal.new(NAMES) is Exit.FAILED
    assert terminal.walked() == ["ash", "birch", "cedar", "cedar", "cedar"]
    assert stood(terminal) is ImportStatus.HALTED
    assert "--resume" in terminal.shown.getvalue()
    assert terminal.resume(NAMES) is Exit.DONE
    assert terminal.walked()[5:] == ["cedar", "dogwood", "elm", "fir", "gum", "hazel", "ivy"]
    assert len(terminal.asked) == 1  # the yes was given
    assert stood(terminal) is ImportStatus.ENDED


def test_what_still_stops_halts_it_once_more_or_is_skipped(terminal: Terminal) -> None:
    terminal.hands.at("Ash").troubles[8] = [Unavailable("The page failed.", "", "Try again.")] * 6
    assert terminal.new(NAMES[:3]) is Exit.FAILED
    assert terminal.resume(NAMES[:3]) is Exit.FAILED
    assert set(terminal.walked()) == {"ash"}
    assert terminal.resume(NAMES[:3], skip=True) is Exit.FAILED
    assert terminal.statuses() == {
        "Ash": RunStatus.FAILED,
        "Birch": RunStatus.SUCCEEDED,
        "Cedar": RunStatus.SUCCEEDED,
    }
    assert stood(terminal) is ImportStatus.ENDED


def test_stopped_in_the_middle_it_goes_on_where_it_was(terminal: Terminal) -> None:
    terminal.hands.at("Birch").before[9] = lambda: terminal.worker.guard.stop()
    assert terminal.new(NAMES[:3]) is Exit.FAILED
    assert terminal.statuses()["Cedar"] is RunStatus.PLANNED
    terminal.worker = terminal.new_worker()
    assert terminal.resume(NAMES[:3]) is Exit.DONE
    assert terminal.walked() == ["ash", "birch", "birch", "cedar"]


def test_stopped_while_it_plans_it_plans_the_rest_and_asks(terminal: Terminal) -> None:
    plan, worker = terminal.hands.make_plan, terminal.worker

    def stop_after_the_first(*what: object, **named: object) -> object:
        worker.guard.stop()
        return plan(*what, **named)  # type: ignore[arg-type]

    terminal.hands.make_plan = stop_after_the_first  # type: ignore[method-assign, assignment]
    assert terminal.new(NAMES[:3]) is Exit.FAILED
    assert terminal.asked == []
    terminal.hands.make_plan = plan  # type: ignore[method-assign]
    terminal.worker = terminal.new_worker()
    assert terminal.resume(NAMES[:3]) is Exit.DONE
    assert terminal.asked == ["Walk the guide for 3 practices?"]


def test_a_killed_run_is_found_and_walked_again(terminal: Terminal) -> None:
    whole = deeds.begin(terminal.engine, terminal.vault, read(sheet(NAMES[:2]), ""), "ana", now=utcnow())
    for member in imports.members(terminal.engine, whole.id):
        admin = terminal.vault.kept(member.practice.id, Purpose.ADMINISTRATOR, Stage.PENDING)
        assert admin is not None
        terminal.worker.plan_run(member.run.id, admin)
    deeds.push(terminal.engine, whole.id, now=utcnow())
    planned = imports.get(terminal.engine, whole.id)
    assert planned is not None
    assert deeds.approve(terminal.engine, planned, planned.digest, "ana", now=utcnow())
    (begun,) = deeds.push(terminal.engine, whole.id, now=utcnow())
    lease = runs.claim(terminal.engine, begun, "a process that is dead", now=utcnow())
    assert lease is not None
    runs.release(terminal.engine, lease)  # as its death does
    assert terminal.resume(NAMES[:2]) is Exit.DONE
    assert terminal.walked() == ["ash", "birch"]


def test_an_import_that_nobody_began_is_not_gone_on_with(terminal: Terminal) -> None:
    with pytest.raises(SettingsProblem, match="leave out --resume"):
        terminal.resume(NAMES)


def test_a_practice_with_an_unfinished_run_is_said_before_anything_is_begun(terminal: Terminal) -> None:
    known = practices.save(terminal.engine, "Birch Eyes", address("Birch"), now=utcnow())
    runs.request(terminal.engine, known.id, "ben", now=utcnow())
    with pytest.raises(Exception, match="Line 3: Birch Eyes has an unfinished run"):
        read(sheet(NAMES[:3]), "", about=deeds.about(terminal.engine))


# ---- the file


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with SandboxEhr() as ehr:
        yield ehr.url


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    file = folder / "practices.csv"
    file.write_text(text)
    file.chmod(mode)
    return file


def nobody(username: str) -> Credential:
    raise AssertionError("nobody is to be asked")


def test_a_file_with_passwords_that_others_may_read_is_refused(tmp_path: Path, site: str) -> None:
    text = "practice,administrator,administrator password\nLumen Eye,ana,canary-1\n"
    with pytest.raises(SettingsProblem, match="chmod 600"):
        read_file(written(tmp_path, text, 0o644), site, lambda _: None, nobody)
    (row,) = read_file(written(tmp_path, text), site, lambda _: None, nobody)
    assert row.password is not None


def test_each_administrator_is_asked_for_once(tmp_path: Path, site: str) -> None:
    asked: list[str] = []

    def login(username: str) -> Credential:
        asked.append(username)
        return Credential(username, SecretStr(f"canary-{username}"))

    text = "practice,administrator\nLumen Eye,ana\nHarbor Vision,ben\nCedar Optical,ana\n"
    rows = read_file(written(tmp_path, text, 0o644), site, lambda _: None, login)
    assert asked == ["ana", "ben"]
    assert [row.password.get_secret_value() for row in rows if row.password] == [
        "canary-ana",
        "canary-ben",
        "canary-ana",
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"practice,administrator\n\xff\xfe,ana\n", "UTF-8"),
        (b"practice,administrator\n,ana\nLumen Eye,\n", "  Line 2: the practice is empty.\n  Line 3: the admin"),
        (b"practice,administrator,address\nLumen Eye,ana,http://127.0.0.1:9/static/\n", "127.0.0.1:9"),
    ],
)
def test_a_file_that_can_not_be_used_is_refused_with_all_its_reasons(
    tmp_path: Path, site: str, data: bytes, said: str
) -> None:
    (tmp_path / "practices.csv").write_bytes(data)
    with pytest.raises(SettingsProblem) as refused:
        read_file(tmp_path / "practices.csv", site, lambda _: None, nobody)
    assert said in str(refused.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsProblem, match="can't be read"):
        read_file(tmp_path / "nothing.csv", "", lambda _: None, nobody)
