"""CSV for a spreadsheet: quoted, defused, streamed, for its owner only, and never over a file that was there."""

from __future__ import annotations

import csv
import io
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from bot.outfile import new_file
from bot.problems import SettingsProblem
from bot.tables import cell, write_csv
from bot.terminal.export import CHECKS, COLUMNS, Table, export, export_checks, read_date
from storage import checks, practices, runs
from storage.models import CheckOutcome
from tests.bot.conftest import Place
from tests.bot.tiny import ADMIN

NOW = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "＠x"])
def test_a_formula_becomes_text(text: str) -> None:
    assert cell(text).startswith("'")
    assert cell(text).replace("'", "") == text.replace("\r", "\n")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (3, "3"),
        (1.2345, "1.2"),
        (CheckOutcome.EHR_DOWN, "the EHR is down"),
        ("a-b=c", "a-b=c"),
        (datetime(2026, 11, 27, 23, 0, tzinfo=timezone(timedelta(hours=-6))), "2026-11-28T05:00:00Z"),
        ("a\0b\rc\r\nd", "ab\nc\nd"),
    ],
)
def test_a_value_is_text(value: object, text: str) -> None:
    assert cell(value) == text


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",))))
def test_whatever_somebody_wrote_is_one_cell_again_and_no_formula(text: str) -> None:
    out = io.StringIO()
    write_csv(out, ("a", "b"), [{"a": text, "b": "end"}])
    header, row = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert header == ["a", "b"]
    assert row == [cell(text), "end"]
    kept = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    assert row[0].replace("'", "") == kept.replace("'", "")
    assert not row[0].lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))


def test_rows_are_written_as_they_come() -> None:
    out = io.StringIO()

    def rows() -> Iterator[dict[str, int]]:
        for number in range(3):
            assert out.getvalue().count("\n") == number + 1
            yield {"a": number}

    assert write_csv(out, ("a",), rows()) == 3


@pytest.mark.parametrize("table", Table)
def test_each_table_has_its_header_also_when_it_is_empty(engine: Engine, table: Table, tmp_path: Path) -> None:
    since = None if table is Table.PRACTICES else NOW + timedelta(days=3650)
    export(engine, table, tmp_path / "out.csv", since=since, force=False)
    first, *_ = (tmp_path / "out.csv").read_text().splitlines()
    assert first == ",".join(COLUMNS[table])


def test_practices_are_exported(place: Place, tmp_path: Path) -> None:
    practices.save(place.engine, '=HYPERLINK("http://evil")', "https://ehr.example/", now=NOW)
    number = export(place.engine, Table.PRACTICES, tmp_path / "out.csv", since=None, force=False)
    rows = read(tmp_path / "out.csv")
    assert (number, [row["practice"] for row in rows]) == (2, ["Lumen Eye", '\'=HYPERLINK("http://evil")'])
    assert rows[1]["created_at"] == "2026-11-27T09:30:00Z"


def test_checks_are_exported_with_their_drifts_from_a_day_on(place: Place, tmp_path: Path) -> None:
    for at in (NOW - timedelta(days=3), NOW):
        checks.record(place.engine, place.practice.id, CheckOutcome.DRIFT, ["Two, to be exact.", "a", "b"], now=at)
    assert export(place.engine, Table.CHECKS, tmp_path / "all.csv", since=None, force=False) == 2
    assert export(place.engine, Table.CHECKS, tmp_path / "out.csv", since=read_date("2026-11-27"), force=False) == 1
    (row,) = read(tmp_path / "out.csv")
    assert row == dict(
        zip(CHECKS, ("Lumen Eye", "2026-11-27T09:30:00Z", "drift", "", "Two, to be exact.", "a; b"), strict=True)
    )
    assert export_checks(place.engine, place.practice.id + 1, NOW, tmp_path / "none.csv", force=False) == 0


def test_no_secret_is_in_any_table(place: Place, tmp_path: Path) -> None:
    place.worker().execute_run(place.approved().id, ADMIN)
    runs.request(place.engine, place.practice.id, "U0ANA", notes="canary-notes", now=NOW)
    for table in Table:
        export(place.engine, table, tmp_path / f"{table}.csv", since=None, force=False)
    everything = "".join(path.read_text() for path in tmp_path.glob("*.csv"))
    assert "OneSpot2915" in everything
    assert "canary-notes" not in everything
    assert ADMIN.password.get_secret_value() not in everything


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "", "27.11.2026"])
def test_a_day_that_is_none_is_one_sentence(text: str) -> None:
    with pytest.raises(SettingsProblem, match="--since is a day like"):
        read_date(text)


def test_practices_have_no_since(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(SettingsProblem, match="--since is for runs and checks"):
        export(engine, Table.PRACTICES, tmp_path / "out.csv", since=NOW, force=False)
    assert not (tmp_path / "out.csv").exists()


# --- the file


@pytest.mark.parametrize("force", [False, True])
def test_the_file_is_its_owners_alone(tmp_path: Path, force: bool) -> None:
    with new_file(tmp_path / "out.csv", force=force) as file:
        file.write(b"text")
    assert stat.S_IMODE((tmp_path / "out.csv").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_a_file_that_is_there_stays_unless_it_is_forced(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("mine")
    with pytest.raises(SettingsProblem, match="--force"), new_file(path):
        pass
    assert path.read_text() == "mine"
    with new_file(path, force=True) as file:
        file.write(b"new")
    assert path.read_text() == "new"


def test_force_replaces_a_link_and_not_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("mine")
    (tmp_path / "out.csv").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SettingsProblem), new_file(tmp_path / "out.csv"):
        pass
    with new_file(tmp_path / "out.csv", force=True) as file:
        file.write(b"new")
    assert (tmp_path / "elsewhere").read_text() == "mine"


@pytest.mark.parametrize("force", [False, True])
def test_what_breaks_in_the_middle_leaves_nothing_new(tmp_path: Path, force: bool) -> None:
    path = tmp_path / "out.csv"
    if force:
        path.write_text("mine")
    with pytest.raises(TypeError), new_file(path, force=force) as file:
        file.writelines([b"half", "not bytes"])  # type: ignore[list-item]
    assert {one.name: one.read_text() for one in tmp_path.iterdir()} == ({"out.csv": "mine"} if force else {})


@pytest.mark.parametrize("force", [False, True])
def test_a_place_that_can_not_be_written_is_one_sentence(tmp_path: Path, force: bool) -> None:
    with pytest.raises(SettingsProblem, match="does not exist"), new_file(tmp_path / "no" / "out.csv", force=force):
        pass
    (tmp_path / "folder").mkdir()
    with pytest.raises(SettingsProblem), new_file(tmp_path / "folder", force=force):
        pass
