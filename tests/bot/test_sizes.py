"""The Home tab and the daily summary where 0, 1, 40 and 2,000 practices are looked after: they fit and read quickly."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.blocks import Message
from bot.checks.summary import ROWS
from bot.home import FEW, MOST, home
from bot.office import Office
from docs import crowd
from sandbox.slack.blocks import characters, problems
from sandbox.slack.readable import readable
from sandbox.slack.views import too_large, view_problems
from storage import health
from storage.models import CheckOutcome
from tests.engines import cheap

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PARTS = ("Needs you", "Running", "Stopped", "Accounts that fail", "Passwords that expire soon", "Latest runs")


@pytest.fixture(scope="module", params=[0, 1, 40, 2000])
def office(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """An office that looks after so many practices; no Slack answers there."""
    folder = tmp_path_factory.mktemp("crowd")
    shutil.copyfile(sqlite_template, folder / "onespot.db")
    engine = cheap(f"sqlite:///{folder}/onespot.db")
    crowd.fill(engine, request.param, NOW)
    nobody = WebClient(token="xoxb-none", base_url="http://127.0.0.1:9/", timeout=1)
    yield crowd.office(engine, nobody, NOW, approvers="U0BEN")
    engine.dispose()


@pytest.fixture
def size(office: Office) -> int:
    standings = health.standings(office.engine)
    return len(standings)


def tab(office: Office) -> dict[str, Any]:
    drawn: dict[str, Any] = json.loads(json.dumps(home(office, "U0BEN").to_dict()))
    return drawn


def told(office: Office) -> Message:
    """The daily summary, as the announcer has it drawn."""
    return crowd.todays_summary(office.engine, NOW)


def table(message: Message) -> list[list[str]]:
    found = [block.to_dict() for block in message.blocks if block.type == "table"]
    return [[cell["text"] for cell in row] for block in found for row in block["rows"]]


def test_slack_takes_the_home_tab(office: Office) -> None:
    assert view_problems(tab(office), "home") == []
    assert not too_large(tab(office))
    assert len(tab(office)["blocks"]) <= 40


def test_slack_takes_the_summary_in_both_its_forms(office: Office) -> None:
    for blocks in (told(office).blocks, told(office).otherwise):
        shown = [block.to_dict() for block in blocks]
        assert problems(shown, "message") == []
        assert characters(shown) <= 11_000
    assert 0 < len(told(office).text) <= 3900


def test_the_home_tab_begins_with_what_to_do_and_has_no_empty_part(office: Office, size: int) -> None:
    text = readable(tab(office)["blocks"], {})
    assert ("No practice is set up yet." in text) == (size == 0)
    assert "Needs you" in text
    assert "None." not in text
    shown = [part for part in PARTS if f"\n{part}" in f"\n{text}"]
    assert shown == {0: ["Needs you"], 1: ["Needs you", "Latest runs"]}.get(size, list(PARTS))
    assert ("Nothing waits for you." in text) == (size <= 1)
    assert ("Nothing is running. No run has stopped. No account fails." in text) == (size == 1)


def test_a_part_names_the_first_few_and_counts_the_rest(office: Office, size: int) -> None:
    text = readable(tab(office)["blocks"], {})
    if size < 2000:
        assert "… and" not in text
        return
    needs = text.partition("Needs you")[2].partition("Running")[0]
    assert needs.count("📝") == MOST
    assert "(181)" in needs
    assert f"… and {181 - MOST} more. onespot export runs lists them at a terminal" in needs
    expiring = text.partition("Passwords that expire soon")[2].partition("New passwords")[0]
    assert expiring.count("🟡") == FEW
    assert f"… and {108 - FEW} more. The daily summary has them by cause" in expiring


def test_of_many_accounts_that_fail_the_tab_shows_some_of_each_cause_the_worst_first(office: Office, size: int) -> None:
    failing = readable(tab(office)["blocks"], {}).partition("Accounts that fail")[2].partition("Passwords that")[0]
    lines = [line for line in failing.splitlines() if line.startswith("🔴")]
    causes = [line.split(" · ")[1] for line in lines]
    if size <= 1:
        assert lines == []
    elif size == 40:
        assert causes == ["login refused", "password expired", *[one for one in causes if one.startswith("drift")]]
    else:
        assert len(lines) == MOST
        assert len(set(causes)) == 8
        assert causes[:3] == ["locked", "locked", "login refused"]
        assert "locked: 17 · login refused: 59" in failing
        assert "(290)" in failing


def test_the_summarys_table_has_some_of_each_cause_and_says_how_many_it_leaves_out(office: Office, size: int) -> None:
    message = told(office)
    rows = table(message)[1:]
    shown = readable([block.to_dict() for block in message.blocks], {})
    failing = sum(row.outcome is not CheckOutcome.HEALTHY for row, _ in health.standings(office.engine))
    assert len(rows) == min(failing, ROWS)
    assert ("The table has" in shown) == (failing > ROWS)
    if failing > ROWS:
        assert f"The table has {ROWS} of 398, some of each cause. onespot practices lists all" in shown
        assert len({row[0] for row in rows}) == 9
        assert rows == sorted(rows, key=lambda row: [one[0] for one in rows].index(row[0]))
        assert rows[0][0] == "locked"


def test_the_summarys_first_line_counts_all_of_them(office: Office, size: int) -> None:
    said = {
        0: "No account is checked yet",
        1: "🟢 1 practice works.",
        40: "🔴 5 practices fail · 🟡 2 practices with a password that expires soon · 🟢 33 practices work",
        2000: "🔴 290 practices fail · 🟡 108 practices with a password that expires soon · 🟢 1,602 practices work",
    }
    assert told(office).text.startswith(f"OneSpot accounts on 2026-11-23: {said[size]}")
