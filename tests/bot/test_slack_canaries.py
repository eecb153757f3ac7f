"""No password in anything that the bot sends to Slack, logs, or writes into its database, in any of its usual forms.

The administrator's is given by a link and by a modal, failures are forced at the plan and at a step, and the kept one
is revealed; it is typed with letters that each encoding writes differently.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from automation.errors import LoginRefused, Unavailable
from sandbox.slack import SandboxSlack
from storage.models import Credential, Purpose, RunStatus
from tests.bot.talk import CHANNEL, Talk, enter_password, link_in, open_and_press, set_up, until
from tests.bot.test_weather import is_right
from tests.bot.tiny import TinyHands
from tests.onespot import daily
from tests.test_canaries import CANARY, _forms

FINAL = "Wren\"4&%<Sedge>\\7'Kv"
"""The account's own, which is kept."""


class FinalHands(TinyHands):
    """Hands that keep a final password with odd letters."""

    def _do(self, ehr: Any, number: int, username: str, keep: Any, fence: Any) -> bool:
        if number == 16 and ehr.must_reset:
            keep.keep(Purpose.FINAL, Credential(username, SecretStr(FINAL)))
            keep.mark_submitted(Purpose.FINAL)
            fence()
            ehr.password, ehr.must_reset = FINAL, False
            return True
        return super()._do(ehr, number, username, keep, fence)


@pytest.fixture(params=daily(["link socket", "link http", "modal socket", "modal http"], "link http", "modal socket"))
def talk(
    request: pytest.FixtureRequest,
    workspace: SandboxSlack,
    engine: Engine,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> Iterator[Talk]:
    """The bot, each way that a password can take, with everything logged that anybody logs."""
    intake, mode = request.param.split()
    talk = set_up(workspace, engine, tmp_path, mode=mode, secret_intake=intake)
    talk.hands = FinalHands()
    caplog.set_level(logging.DEBUG)
    with talk.bot():
        yield talk


def give(talk: Talk, password: str) -> None:
    """Ask for a run, with this password."""
    ana = talk.person()
    ana.command("/onespot-provision", CHANNEL)
    form = ana.modal("Provision OneSpot")
    form.fill("Practice name", "Lumen Eye")
    form.fill("Administrator username", "mhalloran")
    if talk.settings.intake == "modal":
        form.fill("Administrator password", password)
    assert form.submit() == {}
    if talk.settings.intake == "link":
        enter_password(ana, password)


def give_again(talk: Talk, password: str) -> None:
    """Press Retry, and give it once more."""
    ana = talk.person()
    if talk.settings.intake == "link":
        before = len(ana.all_seen("The page works once"))
        ana.press("Retry")
        until(lambda: len(ana.all_seen("The page works once")) > before, "the link")
        enter_password(ana, password)
    else:
        ana.press("Retry")
        form = ana.modal("Administrator")
        form.fill("Administrator password", password)
        assert form.submit() == {}


def shown(talk: Talk) -> str:
    """What Ana sees when she reveals the credential."""
    ana = talk.person()
    ana.sees("[Reveal credentials]")
    ana.press("Reveal credentials")
    if talk.settings.intake == "modal":
        return ana.modal("Credentials").text
    return open_and_press(link_in(ana.sees("the page shows them once"))).text


def leaks(talk: Talk, said: str, *, final_in_modal: bool) -> list[str]:
    """Where which password was found in which form; never the password."""
    heard = list(talk.slack.received)
    with talk.slack.state.lock:
        messages = [str((one.text, one.blocks)) for c in talk.slack.state.channels.values() for one in c.messages]
    places = {"the log": said.encode(), "messages": "\n".join(messages).encode()}
    places |= {path.name: path.read_bytes() for path in talk.settings.beside.rglob("*") if path.is_file()}
    to_slack = {"what Slack received": b"\n".join(heard)}
    found = []
    for name, password in (("administrator's", CANARY), ("final", FINAL)):
        # the credential's own modal is drawn by Slack, that is what SECRET_INTAKE=modal is
        where = places if name == "final" and final_in_modal else {**places, **to_slack}
        for form, text in _forms(password).items():
            found += [f"{name}: {place}: {form}" for place, content in where.items() if text in content]
    return found


def test_the_search_finds_what_it_looks_for() -> None:
    assert all(form in b"\n".join(_forms(CANARY).values()) for form in _forms(CANARY).values())


def test_no_password_is_told_logged_or_stored_in_the_clear(
    talk: Talk, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    talk.ehr.troubles[0] = [LoginRefused("Refused.", "Wrong password.", "Check it.")]
    talk.ehr.troubles[8] = [Unavailable("It failed.", "It was down.", "Wait.")] * 3
    give(talk, CANARY)
    talk.becomes(RunStatus.FAILED)
    until(lambda: is_right(talk), "the trouble")
    give_again(talk, CANARY)
    talk.becomes(RunStatus.PLANNED)
    talk.person("U0BEN").press("Approve")
    talk.becomes(RunStatus.FAILED)
    until(lambda: is_right(talk), "the trouble")
    talk.person().press("Retry")
    talk.becomes(RunStatus.SUCCEEDED)
    assert FINAL[:4] in shown(talk)
    assert "Lumen Eye" in talk.person().home()
    captured = capsys.readouterr()
    said = caplog.text + captured.out + captured.err
    assert leaks(talk, said, final_in_modal=talk.settings.intake == "modal") == []
    for secret in (talk.slack.bot_token, talk.slack.app_token, talk.slack.signing_secret):
        assert secret not in said
