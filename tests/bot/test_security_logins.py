"""The administrator's login is sealed to one run: however that run ends, nobody's next run logs in with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine

from automation.errors import PersonNeeded
from sandbox.slack import SandboxSlack
from storage import runs
from storage.models import Purpose, RunStatus, Stage, utcnow
from tests.bot.hostile import planned, press
from tests.bot.talk import ADMIN_PASSWORD, Talk, ask, link_in, set_up, until


@pytest.fixture
def talk(workspace: SandboxSlack, engine: Engine, tmp_path: Path) -> Iterator[Talk]:
    talk = set_up(workspace, engine, tmp_path, mode="http")
    with talk.bot():
        yield talk


def kept(talk: Talk) -> bool:
    return talk.vault.kept(1, Purpose.ADMINISTRATOR, Stage.PENDING) is not None


def test_a_waiting_run_that_is_cancelled_leaves_no_login_to_the_next_one(talk: Talk) -> None:
    talk.ehr.troubles[8] = [PersonNeeded("A second factor.", "", "Enter it.")]
    planned(talk)
    press(talk)
    talk.becomes(RunStatus.WAITING)
    talk.person().sees("I did it, continue")
    assert kept(talk)
    press(talk, "Cancel", "U0ANA")
    talk.becomes(RunStatus.CANCELLED)
    assert not kept(talk)
    logins = talk.ehr.plans + talk.ehr.logins
    second = ask(talk, talk.person("U0CLEO"))
    assert second.requested_by == "U0CLEO"
    until(lambda: talk.person("U0CLEO").all_seen("The page works once"), "the link")
    assert talk.run(second.id).status is RunStatus.REQUESTED
    assert talk.ehr.plans + talk.ehr.logins == logins


def test_a_password_that_is_sent_while_the_run_is_being_cancelled_is_not_kept(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cancelled in the moment between the last look at the run and the sealing."""
    ask(talk)
    url = link_in(talk.person().sees("The page works once"))
    use = talk.vault.keep_administrator

    def cancelled_just_now(self: object, run_id: int, *given: object, **more: object) -> bool:
        assert runs.move(talk.engine, run_id, RunStatus.CANCELLED, now=utcnow())
        return use(run_id, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(type(talk.vault), "keep_administrator", cancelled_just_now)
    with httpx.Client() as browser:
        mark = browser.get(url).text.split('name="form" value="')[1].split('"')[0]
        answer = browser.post(url, data={"form": mark, "password": ADMIN_PASSWORD})
    assert answer.status_code == 409
    assert "doesn&#x27;t wait for a password any more" in answer.text
    assert not kept(talk)
