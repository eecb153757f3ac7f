"""`onespot evidence` as it is typed: files for their owner only, and a verdict with an exit status."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.keys import read_key_file
from storage import audit
from storage.database import connect, upgrade
from storage.vault import Vault
from tests.bot.packs import Office
from tests.bot.terminal.test_command import _a_folder_of_its_own, _sentence, onespot

__all__ = ["_a_folder_of_its_own"]

NAMES = {kind: f"onespot-evidence-run-1.{kind}" for kind in ("html", "json", "pdf")}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """The default database in this folder, its key file, and a finished run."""
    onespot("keys", "rotate")
    engine = connect(f"sqlite:///{tmp_path}/onespot.db")
    upgrade(engine)
    office = Office(engine, tmp_path)
    office.vault = Vault(engine, read_key_file(tmp_path / "onespot.keys"))
    office.finished(pictures={"read_id": b"\xff\xd8\xff"})
    yield office
    engine.dispose()


def elsewhere(tmp_path: Path, name: str) -> Path:
    """The file, in a folder where nothing else is."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    os.chdir(folder)
    return Path(shutil.copy(tmp_path / name, folder))


def fingerprint() -> str:
    found = re.search(r"Fingerprint: (.*)", onespot("evidence", "key").stdout)
    assert found
    return found[1]


@pytest.mark.parametrize("form", ["html", "json"])
def test_a_file_is_written_for_its_owner_only_and_verifies(office: Office, tmp_path: Path, form: str) -> None:
    made = onespot("evidence", "1", "--format", form)
    assert made.exit_code == 0, made.output
    assert made.stdout.splitlines() == [NAMES[form], f"Signed; the key's fingerprint: {fingerprint()}"]
    assert (tmp_path / NAMES[form]).stat().st_mode & 0o777 == 0o600
    said = onespot("evidence", "verify", NAMES[form])
    assert said.exit_code == 0
    assert said.stdout.startswith("Unchanged. ")
    assert "run 1 (provision) for Lumen Eye, SUCCEEDED" in said.stdout


@pytest.mark.browser
def test_all_three_are_written_where_a_browser_is(office: Office, tmp_path: Path) -> None:
    made = onespot("evidence", "make", "1", **({"BROWSER": os.environ["BROWSER"]} if "BROWSER" in os.environ else {}))
    assert made.exit_code == 0, made.output
    for name in NAMES.values():
        assert onespot("evidence", "verify", name).exit_code == 0
    pdf = (tmp_path / NAMES["pdf"]).read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert pdf.rindex(b"%%EOF") > len(pdf) - 1024  # where readers look for it


def test_without_a_browser_the_others_are_written_and_it_is_a_failure(office: Office, tmp_path: Path) -> None:
    made = onespot("evidence", "1", BROWSER="/no/such/browser")
    assert made.exit_code == 1
    assert made.stderr.startswith("There is no PDF: The browser /no/such/browser (BROWSER) does not start")
    assert sorted(path.suffix for path in tmp_path.glob("onespot-evidence-*")) == [".html", ".json"]


def test_a_changed_file_is_found_and_the_status_says_so(office: Office, tmp_path: Path) -> None:
    onespot("evidence", "1", "--format", "html")
    file = tmp_path / NAMES["html"]
    file.write_bytes(file.read_bytes().replace(b"Fairhaven", b"Fairhafen", 1))
    said = onespot("evidence", "verify", NAMES["html"])
    assert said.exit_code == 1
    assert said.stdout == "Changed. What is in it isn't what was signed: at least one byte was changed.\n"


def test_elsewhere_the_file_and_the_fingerprint_are_enough(office: Office, tmp_path: Path) -> None:
    onespot("evidence", "1", "--format", "json")
    key = fingerprint()
    file = elsewhere(tmp_path, NAMES["json"])
    for right in (key, key.replace(" ", ""), key.upper()):
        assert onespot("evidence", "verify", file.name, "--fingerprint", right).exit_code == 0
    other = onespot("evidence", "verify", file.name, "--fingerprint", "ab" * 32)
    assert (other.exit_code, other.stdout.split(".")[0]) == (1, "Signed by another key")


def test_elsewhere_without_the_fingerprint_a_person_has_to_compare(office: Office, tmp_path: Path) -> None:
    onespot("evidence", "1", "--format", "json")
    key = fingerprint()
    file = elsewhere(tmp_path, NAMES["json"])
    said = onespot("evidence", "verify", file.name)
    assert said.exit_code == 4
    assert "by a key that isn't known here" in said.stdout
    assert f"Fingerprint of the key that signed it: {key}" in said.stdout
    assert [path.name for path in file.parent.iterdir()] == [file.name]  # no database was made for it


def test_at_another_installation_it_is_another_key(office: Office, tmp_path: Path) -> None:
    onespot("evidence", "1", "--format", "json")
    file = elsewhere(tmp_path, NAMES["json"])
    fingerprint()
    assert onespot("evidence", "verify", file.name).exit_code == 1


def test_the_keys_can_be_rotated_and_the_evidence_stays_as_good(office: Office) -> None:
    before = fingerprint()
    onespot("evidence", "1", "--format", "json")
    assert onespot("keys", "rotate").stdout.startswith("1 sealed anew")
    assert fingerprint() == before
    assert onespot("evidence", "verify", NAMES["json"]).exit_code == 0


def test_a_lost_key_file_is_not_replaced_while_a_signing_key_is_sealed_with_it(tmp_path: Path) -> None:
    fingerprint()
    (tmp_path / "onespot.keys").unlink()
    assert "is missing" in _sentence(onespot("evidence", "key"))


def test_a_file_that_is_there_is_replaced_only_when_asked(office: Office, tmp_path: Path) -> None:
    (tmp_path / NAMES["json"]).write_text("mine")
    assert "--force" in _sentence(onespot("evidence", "1", "--format", "json"))
    assert (tmp_path / NAMES["json"]).read_text() == "mine"
    assert "--force" in _sentence(onespot("evidence", "1"))
    assert not (tmp_path / NAMES["html"]).exists()
    assert audit.entries(office.engine, run_id=1) == [], "nothing was made"
    assert onespot("evidence", "make", "1", "--format", "json", "--force").exit_code == 0
    assert onespot("evidence", "verify", NAMES["json"]).exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("7",), "There is no run 7"),
        (("1", "--format", "docx"), 'There is no format "docx": say html, pdf, json.'),
        (("1", "--out", "nowhere"), "The folder nowhere does not exist"),
        (("verify", "nothing.html"), "can't be read"),
        (("verify", ".", "--fingerprint", "abc"), "64 hex digits"),
    ],
)
def test_what_can_not_be_done_is_said_in_a_sentence(office: Office, words: tuple[str, ...], said: str) -> None:
    assert said in _sentence(onespot("evidence", *words))


def test_an_unfinished_run_is_refused(office: Office) -> None:
    office.running()
    assert "Run 2 isn't finished" in _sentence(onespot("evidence", "2"))
