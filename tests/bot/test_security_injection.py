"""What strangers write into a cell, a file's name or a page: text stays text, and paths stay where they are."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.errors import Unavailable
from automation.revolutionehr.guide import GUIDE
from automation.revolutionehr.retire import STEPS as RETIREMENT
from bot.serve import serving
from bot.tables import write_csv
from bot.terminal.export import CHECKS, export_checks
from bot.thread import picture_file
from bot.web import pages
from storage import checks, practices
from storage.models import CheckOutcome, RunStatus, Step, StepStatus, utcnow
from tests.bot import test_web
from tests.bot.conftest import Place
from tests.bot.test_web import Place as Pages
from tests.bot.tiny import ADMIN
from tests.odd_texts import odd_texts
from tests.properties import examples

# CSV

SIGNS = "=+-@＝＋－＠"
PIECES = st.sampled_from([*SIGNS, ";", ",", "\t", "|", "\n", "\r\n", '"', "'", " ", "x", "1+1", "cmd|' /C calc'!A0"])


@examples(200, 5000)
@given(pieces=st.lists(PIECES, max_size=12), between=st.sampled_from([",", ";", "\t", "|"]))
def test_no_cell_is_a_formula_wherever_a_spreadsheet_cuts_the_row(pieces: list[str], between: str) -> None:
    """Excel cuts at semicolons where lists are written with them, and others at tabs, too; ours are commas."""
    out = io.StringIO()
    write_csv(out, ("a", "b", "c"), [{"a": 1, "b": "".join(pieces), "c": "end"}])
    rows = list(csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=between))
    for row in rows:
        for cell in row:
            assert not cell.lstrip(" ").startswith(tuple(SIGNS)), rows


@examples(50, 2000)
@given(text=odd_texts(2000))
def test_any_text_becomes_a_cell_of_a_file(text: str) -> None:
    out = io.StringIO()
    write_csv(out, ("a", "b"), [{"a": text, "b": "end"}])
    out.getvalue().encode()
    _, row = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert (len(row), row[1]) == (2, "end")


def test_half_an_emoji_that_an_ehr_has_left_breaks_no_export(place: Place, tmp_path: Path) -> None:
    checks.record(
        place.engine, place.practice.id, CheckOutcome.DRIFT, ["Cut\ud83d", "a;=1+1"], now=utcnow(), grade=None
    )
    out = tmp_path / "out.csv"
    assert export_checks(place.engine, place.practice.id, utcnow().replace(year=2020), out, force=False) == 1
    (row,) = csv.DictReader(io.StringIO(out.read_bytes().decode(), newline=""))
    assert tuple(row) == CHECKS
    assert (row["sentence"], row["drifts"]) == ("Cut\ufffd", "a;'=1+1")


# Paths

PATHS = [
    "../../../etc/cron.d/x",
    "/etc/passwd",
    "..\\..\\x",
    "x" * 5000,
    "a\0b",
    "\u202egnp.exe",
    "CON",
    ".",
    "..",
    "~root",
    "$(touch x)",
    "%2e%2e%2f",
    "a\nb",
    " ",
]


@pytest.mark.parametrize("name", PATHS, ids=range(len(PATHS)))
def test_no_name_from_outside_is_part_of_a_path(place: Place, name: str) -> None:
    """A practice, an employee, a location and an EHR's message of that name: pictures lie in numbered folders."""
    before = everything(place.folder.parent)
    place.practice = practices.save(place.engine, f"Practice {name}", "http://tiny.example/", now=utcnow())
    place.ehr.primary = name
    place.ehr.troubles[8] = [Unavailable(name, name, name)] * 3
    run = place.approved()
    ended = place.worker().execute_run(run.id, ADMIN)
    assert ended is not None
    assert ended.status is RunStatus.FAILED
    place.worker().plan_practice(place.practice, ADMIN)
    place.ehr.check_says = Unavailable(name, name, name)
    place.worker().check_practice(place.practice)
    made = {path for path in everything(place.folder.parent) - before if "evidence" in path.parts}
    under = {path.relative_to(place.folder / "evidence").as_posix() for path in made if path.name != "evidence"}
    assert under
    assert all(re.fullmatch(r"(looks|checks)?/?[0-9]*(/[0-9]{2}-[a-z_-]+\.png)?", path) for path in under), under


def everything(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


def test_pictures_are_named_by_the_guide_alone() -> None:
    names = [step.name for step in (*GUIDE, *RETIREMENT)]
    assert [name for name in names if not re.fullmatch(r"[a-z0-9_-]{1,60}", name)] == []


@pytest.mark.parametrize("name", ["../../secret", "/secret", "x\0y", "y" * 4000, "\u202egnp", "..", "", "save/../x"])
def test_a_step_of_another_name_shows_no_file(tmp_path: Path, name: str) -> None:
    """Whoever writes rows makes the bot upload no other file: a picture lies in its run's folder, and nowhere else."""
    (tmp_path / "evidence" / "7").mkdir(parents=True)
    for file in (tmp_path / "secret.png", tmp_path / "evidence" / "7" / "x.png", Path(tmp_path, "evidence/7/08-.png")):
        file.write_bytes(b"canary")
    step = Step(run_id=7, number=8, name=name, status=StepStatus.FAILED, token=1, at=utcnow())
    assert picture_file(tmp_path / "evidence", step) is None


def test_a_step_of_the_guide_shows_its_picture(tmp_path: Path) -> None:
    file = tmp_path / "7" / f"08-{GUIDE[7].name}.png"
    file.parent.mkdir()
    file.write_bytes(b"x")
    step = Step(run_id=7, number=8, name=GUIDE[7].name, status=StepStatus.FAILED, token=1, at=utcnow())
    assert picture_file(tmp_path, step) == file


# Pages

MARKUP = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "${form} $$ $title ${style}",
    "</title><meta http-equiv=refresh content=0;url=//evil.example>",
    "&lt;script&gt;",
    "javascript:alert(1)",
    "\ud83d\0\u202e",
]


@pytest.mark.parametrize("words", MARKUP, ids=range(len(MARKUP)))
def test_no_words_of_a_practice_or_person_become_markup_of_a_page(
    place: Place, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(test_web, "FACTS", test_web.Facts(words, words, words, words))
    desk = Pages(place.engine, place.practice)
    desk.forbidden = words
    with serving(pages(desk.desk()), 0) as port, httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        for path in (desk.secret(), desk.reveal()):
            page = client.get(path)
            said = [page, test_web.press(client, path) if "reveal" in path else test_web.save(client, path)]
            for one in said:
                assert one.status_code in (200, 422)
                assert one.text.count("<script") == one.text.count("<img") == one.text.count("<meta http-equiv") == 0
                assert not re.search(r"<[^>]*\son\w+=", one.text)
                assert one.text.count('name="form"') == 1
                assert one.text.count("<title>") == one.text.count("</title>") == 1
