"""The conversations, in the stand-in workspace, by people who find fields by their labels and buttons by their words.

The hands are tiny ones, so no browser is needed; the story with everything real is tests/test_slack_story.py.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from automation.errors import LoginRefused, PersonNeeded, Unavailable
from sandbox.slack import SandboxSlack
from storage import audit, practices, runs
from storage.models import Purpose, RunStatus, Stage
from tests.bot.talk import (
    ADMIN_PASSWORD,
    CHANNEL,
    Talk,
    ask,
    give_password,
    link_in,
    open_and_press,
    set_up,
    until,
)

Begin = Callable[..., Talk]


@pytest.fixture(params=["socket", "http"])
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def modal_talk(workspace: SandboxSlack, engine: Engine, tmp_path: Path) -> Iterator[Talk]:
    """The bot with secrets in modals."""
    talk = set_up(workspace, engine, tmp_path, mode="http", secret_intake="modal")
    with talk.bot():
        yield talk


def planned(talk: Talk) -> None:
    ask(talk)
    give_password(talk)
    talk.becomes(RunStatus.PLANNED)


def approved(talk: Talk) -> None:
    planned(talk)
    talk.person("U0BEN").press("Approve")


# --- the whole way


def test_from_the_command_to_the_credential(workspace: SandboxSlack, engine: Engine, tmp_path: Path, mode: str) -> None:
    talk = set_up(workspace, engine, tmp_path, mode=mode)
    with talk.bot():
        ana, ben = talk.person(), talk.person("U0BEN")
        approved(talk)
        talk.becomes(RunStatus.SUCCEEDED)

        ana.sees("17/17")
        ana.sees("The OneSpot account of Lumen Eye works")
        ana.press("Reveal credentials")
        page = open_and_press(link_in(ana.sees("the page shows them once")))
        assert "canary-final" in page.text
        assert "OneSpot2915" in page.text

        ben.press("Check now")
        ana.sees("healthy")
    said = [(entry.who, entry.what) for entry in audit.entries(engine, run_id=1)[::-1]]
    assert ("U0BEN", "approved the plan") in said
    assert ("U0ANA", "saw the credentials") in said


def test_with_modals_the_password_is_a_field_and_the_credential_a_modal(modal_talk: Talk) -> None:
    talk = modal_talk
    ana = talk.person()
    ask(talk)
    talk.becomes(RunStatus.PLANNED)
    talk.person("U0BEN").press("Approve")
    talk.becomes(RunStatus.SUCCEEDED)
    ana.press("Reveal credentials")
    assert "canary-final" in ana.modal("Credentials").text


def test_the_checklist_ends_with_every_step(talk: Talk) -> None:
    approved(talk)
    talk.becomes(RunStatus.SUCCEEDED)
    ana = talk.person()
    until(lambda: " · pending" not in ana.sees("17. ").text and " · running" not in ana.sees("17. ").text, "the end")
    states = [line.split(" · ")[1] for line in ana.sees("17. ").text.splitlines()]
    assert len(states) == 17
    assert set(states) == {"done", "already there"}


# --- the form


def test_a_form_with_mistakes_says_them_at_the_fields_and_keeps_what_was_typed(talk: Talk) -> None:
    ana = talk.person()
    ana.command("/onespot-provision", CHANNEL)
    form = ana.modal("Provision OneSpot")
    form.fill("Practice name", "Lumen Eye")
    form.fill("RevolutionEHR address", "not an address")
    form.fill("Administrator username", "  ")
    problems = form.submit()
    assert set(problems) == {"RevolutionEHR address", "Administrator username"}
    form.fill("Administrator username", "mhalloran")
    form.fill("RevolutionEHR address", talk.settings.revolutionehr_url)
    assert form.submit() == {}
    assert until(lambda: practices.find(talk.engine, "Lumen Eye"), "the practice")


def test_a_practice_with_an_unfinished_run_is_said_with_a_link_to_its_thread(talk: Talk) -> None:
    ask(talk)
    talk.person().sees("OneSpot for Lumen Eye")
    ben = talk.person("U0BEN")
    ben.command("/onespot-provision", CHANNEL)
    form = ben.modal("Provision OneSpot")
    form.fill("Practice name", "lumen  EYE")
    form.fill("Administrator username", "mhalloran")
    assert set(form.submit()) == {"Practice name"}
    assert "/archives/" in str(ben.sees("has an unfinished run").raw)
    assert runs.get(talk.engine, 2) is None


def test_help_and_status_are_for_the_one_who_asks(talk: Talk) -> None:
    ana = talk.person()
    ana.command("/onespot-provision help", CHANNEL)
    ana.sees("opens the form")
    ask(talk)
    ana.sees("OneSpot for Lumen Eye")
    ana.command("/onespot-provision status", CHANNEL)
    ana.sees("Waiting for the administrator's password.")
    ana.command("/onespot-provision status Lumen", CHANNEL)
    ana.sees("There is no practice named “Lumen”. Did you mean Lumen Eye?")
    ana.command("/onespot-check Lumen Eye", CHANNEL)
    ana.sees("has no account yet")


# --- who may


def test_two_people_press_approve_in_the_same_instant_and_one_run_begins(talk: Talk) -> None:
    talk.slack.state.usergroups["S0LEADS"].users.append("U0CLEO")
    planned(talk)
    people = [talk.person("U0BEN"), talk.person("U0CLEO")]
    cards = [one.sees("may this be done?") for one in people]
    threads = [
        threading.Thread(target=one.press, args=("Approve",), kwargs={"message": card})
        for one, card in zip(people, cards, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    talk.becomes(RunStatus.SUCCEEDED)
    assert len(runs.approvals(talk.engine, 1)) == 1
    assert talk.ehr.logins == 1


def test_the_requester_can_not_approve(talk: Talk) -> None:
    talk.slack.state.usergroups["S0LEADS"].users.append("U0ANA")
    planned(talk)
    ana = talk.person()
    ana.press("Approve")
    ana.sees("somebody else has to approve it")
    assert talk.run().status is RunStatus.PLANNED


@pytest.mark.parametrize("button", ["Approve", "Reject", "Plan again", "Cancel"])
def test_somebody_who_is_no_approver_is_refused_in_private(talk: Talk, button: str) -> None:
    planned(talk)
    cleo = talk.person("U0CLEO")
    cleo.press(button)
    cleo.sees("Only ")
    assert talk.run().status is RunStatus.PLANNED


def test_a_stranger_from_another_workspace_is_refused(talk: Talk) -> None:
    planned(talk)
    eve = talk.person("U9EVE")
    eve.press("Approve")
    eve.sees("people of this workspace only")
    assert talk.run().status is RunStatus.PLANNED


def test_a_button_that_is_over_is_a_private_note(talk: Talk) -> None:
    planned(talk)
    ben = talk.person("U0BEN")
    card = ben.sees("may this be done?")
    ben.press("Approve", message=card)
    talk.becomes(RunStatus.SUCCEEDED)
    ben.press("Approve", message=card)
    ben.sees("this run has succeeded already")
    assert talk.ehr.logins == 1


# --- no, again, and never mind


def test_a_plan_is_rejected_with_a_reason(talk: Talk) -> None:
    planned(talk)
    ben = talk.person("U0BEN")
    ben.press("Reject")
    form = ben.modal("Reject the plan")
    form.fill("Reason", "Wrong *practice*")
    assert form.submit() == {}
    talk.becomes(RunStatus.REJECTED)
    card = talk.person().sees("Rejected by")
    assert "Wrong ∗practice∗" in card.text
    assert talk.vault.kept(1, Purpose.ADMINISTRATOR, Stage.PENDING) is None


def test_a_plan_is_made_again(talk: Talk) -> None:
    planned(talk)
    talk.ehr.primary = "North"
    talk.person().press("Plan again")
    until(lambda: talk.ehr.plans == 2, "the second plan")
    talk.becomes(RunStatus.PLANNED)
    talk.person("U0BEN").sees("Planned again for")
    talk.person("U0BEN").press("Approve")
    talk.becomes(RunStatus.SUCCEEDED)


def test_a_run_is_cancelled_before_it_begins(talk: Talk) -> None:
    planned(talk)
    talk.person().press("Cancel")
    talk.becomes(RunStatus.CANCELLED)
    talk.person().sees("Cancelled by")
    assert talk.ehr.logins == 0


def test_a_run_is_cancelled_while_it_is_walked(talk: Talk) -> None:
    here, go_on = threading.Event(), threading.Event()
    talk.ehr.before[5] = lambda: (here.set(), go_on.wait(10))
    approved(talk)
    assert here.wait(10)
    talk.person().press("Cancel")
    talk.becomes(RunStatus.CANCELLED)
    go_on.set()
    until(lambda: talk.ehr.open_sessions == 0, "the logout")
    assert talk.ehr.password is None


# --- what stops


def test_a_failure_says_what_to_do_and_retry_goes_on_with_the_same_approval(talk: Talk) -> None:
    talk.ehr.troubles[8] = [Unavailable("The page <failed>.", "It was down.", "Wait.")] * 3
    approved(talk)
    talk.becomes(RunStatus.FAILED)
    ana = talk.person()
    assert "Stopped at step 8" in ana.sees("What to do").text
    ana.press("Retry")
    talk.becomes(RunStatus.SUCCEEDED)
    ana.sees("Retried by")
    assert len(runs.approvals(talk.engine, 1)) == 1


def test_after_a_wrong_password_retry_asks_for_another_one(talk: Talk) -> None:
    talk.ehr.troubles[0] = [LoginRefused("Refused.", "Wrong password.", "Check it.")]
    ask(talk)
    give_password(talk, "wrong")
    talk.becomes(RunStatus.FAILED)
    ana = talk.person()
    ana.press("Retry")
    until(lambda: len(ana.all_seen("The page works once")) > 1, "the second link")
    answer = open_and_press(link_in(ana.all_seen("The page works once")[-1]), password=ADMIN_PASSWORD)
    assert answer.status_code == 200
    talk.becomes(RunStatus.PLANNED)


def test_details_are_changed_and_the_plan_is_made_again(talk: Talk) -> None:
    talk.ehr.forbidden = "belongs to somebody else"
    planned(talk)
    ana = talk.person()
    talk.ehr.forbidden = None
    ana.press("Change details")
    form = ana.modal("Change details")
    form.fill("Primary location", "North")
    assert form.submit() == {}
    until(lambda: talk.ehr.plans == 2, "the second plan")
    run = talk.becomes(RunStatus.PLANNED)
    assert run.the_plan is not None
    assert (run.the_plan.primary_location, run.the_plan.forbidden) == ("North", ())


def test_a_forbidden_plan_can_not_be_approved(talk: Talk) -> None:
    talk.ehr.forbidden = "a role of that name has other permissions"
    planned(talk)
    card = talk.person("U0BEN").sees("The plan forbids this run")
    assert "[Approve]" not in card.text


def test_after_a_person_did_it_the_run_goes_on(talk: Talk) -> None:
    talk.ehr.troubles[15] = [PersonNeeded("A second factor is asked for.", "", "Enter it.")]
    approved(talk)
    talk.becomes(RunStatus.WAITING)
    ana = talk.person()
    ana.sees("A person is needed")
    ana.press("I did it, continue")
    talk.becomes(RunStatus.SUCCEEDED)
    ana.sees("Done and continued by")


# --- the Home tab


def test_the_home_tab_says_what_needs_me(talk: Talk) -> None:
    planned(talk)
    assert "Lumen Eye" in talk.person("U0BEN").home().split("Running")[0]
    assert "Nothing waits for you." in talk.person("U0CLEO").home()


# --- nothing secret


def test_slack_and_the_log_never_get_a_password(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    approved(talk)
    talk.becomes(RunStatus.SUCCEEDED)
    ana = talk.person()
    ana.press("Reveal credentials")
    ana.sees("the page shows them once")
    everything = b"".join(bytes(body) for body in talk.slack.received).decode() + caplog.text
    assert "canary" not in everything
