"""Every button pressed twice in the same instant, by two people who both may: one effect, and no listener fails.

Then what comes between two people who do different things to the same run at once.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from automation.errors import PersonNeeded, Unavailable
from automation.revolutionehr.walking import Outcome
from bot.modals import DETAILS, Place
from sandbox.slack import SandboxSlack
from sandbox.slack.form import Form
from sandbox.slack.seen import Seen
from storage import audit, checks, runs
from storage.models import RunStatus, StepStatus
from tests.bot import forged
from tests.bot.hostile import hold, planned, press, strays
from tests.bot.talk import Talk, set_up, until
from tests.bot.test_weather import is_right
from tests.bot.tiny import TinyHands

TIMES = 4
"""How many press at once: two people, twice each."""


@pytest.fixture
def talk(workspace: SandboxSlack, engine: Engine, tmp_path: Path) -> Iterator[Talk]:
    """Ben and Cleo approve; secrets in modals, so that a run needs no page."""
    workspace.state.usergroups["S0LEADS"].users.append("U0CLEO")
    talk = set_up(workspace, engine, tmp_path, mode="http", secret_intake="modal", onespot_workers=4)
    with talk.bot():
        yield talk


def at_once(deeds: list[Callable[[], object]]) -> None:
    """All of them, in the same instant."""
    together = threading.Barrier(len(deeds))

    def go(deed: Callable[[], object]) -> None:
        together.wait(5)
        deed()

    threads = [threading.Thread(target=go, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)


def all_press(talk: Talk, button: str, card: Seen) -> None:
    people = [talk.person("U0BEN"), talk.person("U0CLEO")] * (TIMES // 2)
    at_once([lambda one=one: one.press(button, card) for one in people])  # type: ignore[misc]


def said(talk: Talk) -> Counter[str]:
    """How often the audit says what."""
    return Counter(one.what for one in audit.entries(talk.engine, run_id=1))


def quiet(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    """No listener failed, and the thread is right, each message once."""
    until(lambda: is_right(talk), "the thread", 20)
    until(lambda: not strays(talk), "no second copy", 3)
    captured = capsys.readouterr()
    assert "listener failed" not in captured.out + captured.err


def failed(talk: Talk) -> Seen:
    talk.ehr.troubles[8] = [Unavailable("It failed.", "It was down.", "Wait.")] * 3
    planned(talk)
    press(talk)
    talk.becomes(RunStatus.FAILED)
    return talk.person().sees("[Retry]")


def test_approve(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    planned(talk)
    all_press(talk, "Approve", talk.person("U0BEN").sees("may this be done?"))
    talk.becomes(RunStatus.SUCCEEDED)
    assert len(runs.approvals(talk.engine, 1)) == 1
    assert talk.ehr.logins == 1
    quiet(talk, capsys)


def test_reject(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    planned(talk)
    forms: list[Form] = []
    for user in ("U0BEN", "U0CLEO"):
        press(talk, "Reject", user)
        forms.append(talk.person(user).modal("Reject the plan"))
        forms[-1].fill("Reason", f"{user} says no")
    answers: list[dict[str, str]] = []
    at_once([lambda form=form: answers.append(form.submit()) for form in forms])  # type: ignore[misc]
    assert sorted(map(len, answers)) == [0, 1]
    talk.becomes(RunStatus.REJECTED)
    assert len(runs.approvals(talk.engine, 1)) == 1
    quiet(talk, capsys)


def test_approve_and_reject(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    planned(talk)
    card = talk.person("U0BEN").sees("may this be done?")
    press(talk, "Reject", "U0CLEO")
    form = talk.person("U0CLEO").modal("Reject the plan")
    form.fill("Reason", "No")
    at_once([lambda: talk.person("U0BEN").press("Approve", card), form.submit])
    until(lambda: talk.run().status in (RunStatus.SUCCEEDED, RunStatus.REJECTED), "an end")
    assert len(runs.approvals(talk.engine, 1)) == 1
    assert talk.ehr.logins == (1 if talk.run().status is RunStatus.SUCCEEDED else 0)
    quiet(talk, capsys)


def test_cancel(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    planned(talk)
    all_press(talk, "Cancel", talk.person("U0BEN").sees("may this be done?"))
    talk.becomes(RunStatus.CANCELLED)
    assert said(talk)["cancelled the run"] == 1
    quiet(talk, capsys)


def test_cancel_and_approve(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    planned(talk)
    card = talk.person("U0BEN").sees("may this be done?")
    at_once([lambda: talk.person("U0BEN").press("Approve", card), lambda: talk.person("U0CLEO").press("Cancel", card)])
    until(lambda: talk.run().status in (RunStatus.SUCCEEDED, RunStatus.CANCELLED), "an end")
    if talk.run().status is RunStatus.CANCELLED:  # before the first step, or between two
        until(lambda: talk.ehr.open_sessions == 0, "the logout")
        assert {step.number: step.status for step in runs.steps(talk.engine, 1)}.get(17) is not StepStatus.DONE
    quiet(talk, capsys)


def test_plan_again(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    planned(talk)
    all_press(talk, "Plan again", talk.person("U0BEN").sees("may this be done?"))
    until(lambda: talk.ehr.plans >= 2, "the second plan")
    talk.becomes(RunStatus.PLANNED)
    quiet(talk, capsys)
    assert talk.ehr.plans == 2
    assert said(talk)["asked to plan again"] == 1


def test_retry(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    card = failed(talk)
    all_press(talk, "Retry", card)
    talk.becomes(RunStatus.SUCCEEDED)
    quiet(talk, capsys)
    assert talk.ehr.logins == 4  # three tries, and one more
    assert said(talk)["retried"] == 1


def test_i_did_it_continue(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    talk.ehr.troubles[15] = [PersonNeeded("A second factor is asked for.", "", "Enter it.")]
    planned(talk)
    press(talk)
    talk.becomes(RunStatus.WAITING)
    all_press(talk, "I did it, continue", talk.person().sees("[I did it, continue]"))
    talk.becomes(RunStatus.SUCCEEDED)
    quiet(talk, capsys)
    assert talk.ehr.logins == 2
    assert said(talk)["went on"] == 1


def test_change_details(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    card = failed(talk)
    forms: list[Form] = []
    ana = talk.person()
    for _ in range(2):
        ana.press("Change details", card)
        form = ana.modal("Change details")
        form.fill("Administrator password", "another")
        forms.append(form)
    answers: list[dict[str, str]] = []
    at_once([lambda form=form: answers.append(form.submit()) for form in forms])  # type: ignore[misc]
    refused = str(answers).count("This run has gone on meanwhile.")  # when the other one was quicker by a moment
    until(
        lambda: said(talk)["changed the details"] + len(ana.all_seen("Nothing was changed")) == 2 - refused,
        "both forms",
    )
    talk.becomes(RunStatus.PLANNED)  # a yes to the former details is none to these
    quiet(talk, capsys)
    press(talk)
    talk.becomes(RunStatus.SUCCEEDED)
    quiet(talk, capsys)


def test_reveal_is_for_each_who_may_and_each_is_in_the_audit(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    planned(talk)
    press(talk)
    talk.becomes(RunStatus.SUCCEEDED)
    card = talk.person("U0BEN").sees("[Reveal credentials]")
    all_press(talk, "Reveal credentials", card)
    for user in ("U0BEN", "U0CLEO"):
        assert "canary-final" in talk.person(user).modal("Credentials").text
    until(lambda: said(talk)["saw the credentials"] == TIMES, "the audit")
    quiet(talk, capsys)


def test_check_now(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    planned(talk)
    press(talk)
    talk.becomes(RunStatus.SUCCEEDED)
    all_press(talk, "Check now", talk.person("U0BEN").sees("[Check now]"))
    until(lambda: checks.latest(talk.engine, 1), "the check")
    quiet(talk, capsys)
    assert len(checks.since(talk.engine, 1, talk.run().moved_at)) <= TIMES


def test_the_form_twice_at_once_makes_one_run(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    forms: list[Form] = []
    for user in ("U0ANA", "U0BEN"):
        person = talk.person(user)
        person.command("/onespot-provision", "C0ONBOARD")
        form = person.modal("Provision OneSpot")
        form.fill("Practice name", "Lumen Eye")
        form.fill("Administrator username", "mhalloran")
        form.fill("Administrator password", "canary-admin-password")
        forms.append(form)
    answers: list[dict[str, str]] = []
    at_once([lambda form=form: answers.append(form.submit()) for form in forms])  # type: ignore[misc]
    assert sorted(map(len, answers)) == [0, 1]
    talk.becomes(RunStatus.PLANNED)
    assert runs.get(talk.engine, 2) is None
    quiet(talk, capsys)


# --- different things at once


class WatchedHands(TinyHands):
    """Hands that note where they walked."""

    def __init__(self) -> None:
        super().__init__()
        self.walked: list[str] = []

    def provision(self, browser: Any, address: Any, *given: Any, adopt: bool) -> Outcome:
        self.walked.append(address.url)
        return super().provision(browser, address, *given, adopt=adopt)


def test_nobodys_yes_is_used_for_an_address_that_was_changed_after_the_plan(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path
) -> None:
    talk = set_up(workspace, engine, tmp_path, mode="http", secret_intake="modal", onespot_workers=1)
    talk.hands = hands = WatchedHands()
    with talk.bot():
        planned(talk)
        ben = talk.person("U0BEN")
        card = ben.sees("Plan for Lumen Eye")
        planned(talk, "Harbor Vision")
        held = hold(talk, 5)
        ben.press("Approve", ben.sees("Plan for Harbor Vision"))  # the one browser is busy from here on
        held.wait()
        try:
            login = {"url": "http://elsewhere.example/static/", "administrator": "mhalloran", "password": "x"}
            form = forged.submission(DETAILS, Place(card.channel, 1), login, "U0ANA", forged.OURS)
            assert forged.payload(talk, form).body == ""  # as of a form that was open since the plan was forbidden
            until(lambda: "changed the details" in said(talk), "the change")
            ben.press("Approve", card)
            until(lambda: runs.approvals(engine, 1) or ben.all_seen("Nothing was done"), "an answer")
        finally:
            held.go_on.set()
        talk.becomes(RunStatus.SUCCEEDED, 2)
        until(lambda: talk.run().status in (RunStatus.SUCCEEDED, RunStatus.PLANNED, RunStatus.FAILED), "an end")
        assert "http://elsewhere.example/static/" not in hands.walked
