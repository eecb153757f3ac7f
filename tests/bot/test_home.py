"""The Home tab and the status of one practice where hundreds of runs were asked for since. Without any Slack."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_sdk import WebClient
from sqlalchemy import Engine

from bot import status
from bot.approvers import Approvers
from bot.home import MOST, home
from bot.office import Office
from storage import checks, health, imports, practices, runs
from storage.database import transaction
from storage.models import CheckOutcome, Credential, Purpose, Run, RunStatus, Verb
from storage.vault import Vault, new_key
from tests.bot.tiny import ADMIN
from tests.engines import save_all

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
MANY = 600


@pytest.fixture
def office(engine: Engine) -> Office:
    """One practice whose plan waits for a yes, and hundreds of runs of others that have ended since."""
    nobody = WebClient(token="xoxb-none", base_url="http://127.0.0.1:9/", timeout=1)
    first, *others = save_all(engine, ["Lumen Eye", *(f"Other {n:03}" for n in range(MANY))], "https://x/", NOW)
    made: dict[str, Any] = {"verb": Verb.PROVISION, "requested_by": "U0ANA", "requested_at": NOW, "moved_at": NOW}
    with transaction(engine) as session:
        session.add(Run(practice_id=first.id, status=RunStatus.PLANNED, **made))
        session.flush()
        session.add_all([Run(practice_id=one.id, status=RunStatus.SUCCEEDED, **made) for one in others])
    parts: dict[str, Any] = {"dispatcher": None, "later": None, "answers": None, "threads": None}
    vault = Vault(engine, [new_key()])
    return Office(
        engine, vault, nobody, "T1", Approvers("U0BEN", nobody), **parts, now=lambda: NOW, revolutionehr_url=""
    )


def _text(office: Office) -> str:
    return json.dumps(home(office, "U0BEN").to_dict(), ensure_ascii=False)


def test_what_needs_me_is_there_however_many_runs_were_asked_for_since(office: Office) -> None:
    needs, _, latest = _text(office).partition("Latest runs")
    assert "Lumen Eye" in needs.partition("Needs you")[2]
    assert f"Other {MANY - 1:03}" in latest


def test_what_stands_above_is_not_denied_below(office: Office) -> None:
    assert "Nothing else is running. No other run has stopped. No account fails." in _text(office)


def test_a_practices_status_is_told_however_many_runs_were_asked_for_since(office: Office) -> None:
    assert "Waiting for somebody to approve the plan" in status.status_text(office, "Lumen Eye")


def test_more_accounts_that_fail_than_the_tab_names_are_counted(office: Office) -> None:
    for number in range(MOST + 2):
        practice = practices.find(office.engine, f"Other {number:03}")
        assert practice is not None
        office.vault.keep(practice.id, Purpose.FINAL, Credential("OneSpot1", ADMIN.password), now=NOW)
        office.vault.prove(practice.id, now=NOW)
        checks.record(office.engine, practice.id, CheckOutcome.LOCKED, ["It is locked."], now=NOW)
    health.cover(office.engine, lambda _: NOW, now=NOW)
    health.take_in(office.engine, lambda *_: NOW + timedelta(days=1))
    failing = _text(office).partition("Accounts that fail")[2].partition("Latest runs")[0]
    assert len(set(re.findall(r"Other \d{3}", failing))) == MOST
    assert "… and 2 more." in failing
    assert len(runs.unfinished_ones(office.engine)) == 1


def test_an_import_is_one_line_and_its_runs_are_none(office: Office) -> None:
    names = ["Ash Eyes", "Birch Eyes"]
    made = [practices.save(office.engine, name, "https://x/", now=NOW) for name in names]
    asked = [imports.Asked(line, one.id, ADMIN) for line, one in enumerate(made, 2)]
    whole = imports.begin(office.engine, office.vault, asked, "U0ANA", channel="C0ONBOARD", now=NOW)
    running = _text(office)
    assert "Import 1* · Looking at each practice" in running.partition("Running")[2]
    assert "Ash Eyes" not in running
    imports.planned(office.engine, whole.id, now=NOW)
    needs = _text(office).partition("Needs you")[2].partition("Running")[0]
    assert "Import 1* · Waiting for somebody to approve the plans" in needs
