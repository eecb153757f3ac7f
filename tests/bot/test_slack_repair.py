"""Repair and retirement in the stand-in workspace: asked for, planned, approved by somebody else, done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from sandbox.slack import SandboxSlack
from storage import health, practices, runs
from storage.models import Purpose, RunStatus, Stage
from tests.bot.talk import CHANNEL, QUICK, Talk, give_password, set_up, until
from tests.bot.test_health import HEALTH, HEALTHY, alerted, provisioned


@pytest.fixture
def talk(request: pytest.FixtureRequest, workspace: SandboxSlack, engine: Engine, tmp_path: Path) -> Iterator[Talk]:
    """The bot with a channel for health; it sweeps as often as the test asks for, else as usual."""
    talk = set_up(workspace, engine, tmp_path, mode="http", onespot_channel=HEALTH)
    with talk.bot(beats=replace(QUICK, **getattr(request, "param", {}))):
        yield talk


def approved(talk: Talk, head: str) -> None:
    """Ana gives the administrator's password, and Ben approves the plan of this name."""
    until(lambda: len(talk.person().all_seen("The page works once")) == 2, "the second link")
    give_password(talk)
    talk.becomes(RunStatus.PLANNED, 2)
    ben = talk.person("U0BEN")
    ben.press("Approve", ben.sees(head))
    talk.becomes(RunStatus.SUCCEEDED, 2)


def test_a_drift_is_repaired_from_its_alert(talk: Talk) -> None:
    alert = alerted(talk)
    ana = talk.person()
    ana.press("Repair", message=alert)
    assert ana.modal("Repair OneSpot").submit() == {}
    talk.ehr.check_says = HEALTHY
    approved(talk, "Repair plan for Lumen Eye")
    ana.sees("Repair of OneSpot for Lumen Eye", channel=HEALTH)
    ana.press("Check again", message=alert)
    ana.sees("🟢 Lumen Eye: works again", channel=HEALTH)


@pytest.mark.parametrize("talk", [{"sweep": 0.5}], indirect=True, ids=["swept"])
def test_a_retired_account_is_checked_no_more_and_its_password_is_gone(talk: Talk) -> None:
    provisioned(talk)
    until(lambda: health.standing(talk.engine, 1), "the row")
    ana = talk.person()
    ana.command("/onespot-provision retire Lumen Eye", CHANNEL)
    assert ana.modal("Retire OneSpot").submit() == {}
    approved(talk, "Retirement plan for Lumen Eye")
    end = ana.sees("The OneSpot account of Lumen Eye is retired")
    assert end.buttons == ["Evidence"]
    assert "switch its auto-sync off in OneSpot" in end.text
    assert [talk.vault.kept(1, purpose, stage) for purpose in Purpose for stage in Stage] == [None] * 9
    practice = practices.get(talk.engine, 1)
    assert practice is not None
    assert practice.retired_at is not None
    until(lambda: health.standing(talk.engine, 1) is None, "the row's end", 20)
    run = runs.get(talk.engine, 2)
    assert run is not None
    assert run.status is RunStatus.SUCCEEDED
