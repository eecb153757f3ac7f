"""The conversation at a terminal, over a tiny EHR: which run, what is asked, how it ends."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlmodel import select

from automation.errors import LoginRefused, NotRevolutionEHR, PersonNeeded, ScreenChanged, Unreachable
from bot.problems import Exit, SettingsProblem
from bot.terminal.provision import Order, Provisioning, stoppable
from bot.terminal.screen import JsonLines, Patient, Plain
from bot.worker import Worker
from storage import audit, practices, runs
from storage.database import reading
from storage.models import Approval, Run, RunStatus, Verdict, utcnow
from tests.bot.conftest import Place
from tests.bot.tiny import ADMIN, URL


@dataclass
class Talk:
    """A terminal that says yes (or no) and remembers what it showed."""

    place: Place
    yes: bool = True
    asked: list[str] = field(default_factory=list)
    out: io.StringIO = field(default_factory=io.StringIO)
    err: io.StringIO = field(default_factory=io.StringIO)

    def provision(self, worker: Worker | None = None, *, as_json: bool = False, **order: Any) -> Exit:
        wanted = Order(**{"practice": "Lumen Eye", "url": URL, "admin": ADMIN, "by": "somebody", **order})
        err = Patient(self.err)
        screen = JsonLines(self.out, err) if as_json else Plain(Patient(self.out), err)
        return Provisioning(worker or self.place.worker(), screen, wanted, self._ask).talk()

    def _ask(self, question: str) -> bool:
        self.asked.append(question)
        return self.yes

    @property
    def said(self) -> str:
        return " ".join((self.out.getvalue() + self.err.getvalue()).split())


@pytest.fixture
def talk(place: Place) -> Talk:
    return Talk(place)


def _newest(place: Place) -> Run:
    return runs.latest(place.engine)[0][0]


def _dead_holder() -> str:
    """A process of this machine that has ended, as it would sign a lease."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    host, _, rest = runs.this_process().split("/", 2)
    return f"{host}/{ended.pid}/{rest}"


def _interrupted(place: Place) -> Run:
    """A run whose program was killed in the middle."""
    run = place.approved()
    assert runs.claim(place.engine, run.id, _dead_holder(), now=utcnow()) is not None
    return place.run(run.id)


def test_the_plan_is_shown_somebody_is_asked_and_the_guide_is_walked(talk: Talk, place: Place) -> None:
    assert talk.provision() is Exit.DONE
    assert len(talk.asked) == 1
    assert "Plan for Lumen Eye" in talk.said
    assert "17/17" in talk.said
    assert "OneSpot2915" in talk.said
    assert "onespot credentials show 'Lumen Eye'" in talk.said
    assert _newest(place).status is RunStatus.SUCCEEDED


def test_the_audit_says_who_asked_and_who_approved(talk: Talk, place: Place) -> None:
    talk.provision()
    entries = audit.entries(place.engine)
    assert [(entry.who, entry.what) for entry in entries] == [
        ("somebody", "provisioned"),
        ("somebody", "approved the plan"),
        ("somebody", "requested a run"),
    ]
    assert {entry.run_id for entry in entries} == {_newest(place).id}


def test_a_new_practice_is_kept_with_what_was_said_of_it(talk: Talk, place: Place) -> None:
    talk.provision(practice="Harbor Vision", location="North", policy="12-16 no _")
    kept = practices.find(place.engine, "harbor vision")
    assert kept is not None
    assert (kept.url, kept.primary_location, kept.password_policy) == (URL, "North", "12-16 no _")


def test_the_second_time_nothing_has_to_be_changed(talk: Talk) -> None:
    talk.provision()
    assert talk.provision() is Exit.DONE
    assert "Nothing had to be changed" in talk.said


def test_a_no_changes_nothing_and_leaves_nothing_unfinished(talk: Talk, place: Place) -> None:
    talk.yes = False
    assert talk.provision() is Exit.REFUSED
    assert _newest(place).status is RunStatus.REJECTED
    assert place.ehr.logins == 0
    assert "Nothing was changed" in talk.said


def test_a_plan_that_forbids_the_run_is_refused_without_asking(talk: Talk, place: Place) -> None:
    place.ehr.forbidden = "also may edit invoices"
    assert talk.provision() is Exit.REFUSED
    assert talk.asked == []
    assert "also may edit invoices" in talk.said
    assert _newest(place).status is RunStatus.REJECTED
    with reading(place.engine) as session:
        approval = session.exec(select(Approval)).one()
    assert approval.verdict is Verdict.REJECTED
    assert "also may edit invoices" in approval.reason


def test_a_failure_ends_with_one_and_says_how_to_go_on(talk: Talk, place: Place) -> None:
    place.ehr.troubles[8] = [ScreenChanged("The Add button isn't there.")]
    assert talk.provision() is Exit.FAILED
    assert "What happened The Add button isn't there." in talk.said
    assert "onespot provision 'Lumen Eye' --admin mhalloran --resume" in talk.said
    assert "evidence" in talk.said


def test_a_person_who_is_needed_ends_with_four_also_while_planning(talk: Talk, place: Place) -> None:
    place.ehr.troubles[0] = [PersonNeeded("A code is asked for.")]
    assert talk.provision() is Exit.PERSON_NEEDED
    place.ehr.troubles[16] = [PersonNeeded("Agreements are shown.")]
    assert talk.provision() is Exit.PERSON_NEEDED
    assert _newest(place).status is RunStatus.WAITING
    assert talk.provision(resume=True) is Exit.DONE


def test_a_refused_administrator_ends_with_one(talk: Talk, place: Place) -> None:
    place.ehr.troubles[0] = [LoginRefused("The login was refused.")]
    assert talk.provision() is Exit.FAILED


@pytest.mark.parametrize(
    "errors",
    [[NotRevolutionEHR("This page isn't RevolutionEHR's.")], [Unreachable("Nothing answers.") for _ in range(3)]],
)
def test_a_wrong_address_is_a_matter_of_settings_and_leaves_no_unfinished_run(
    talk: Talk, place: Place, errors: list[Exception]
) -> None:
    place.ehr.troubles[0] = errors
    with pytest.raises(SettingsProblem, match=str(errors[0])):
        talk.provision()
    assert runs.unfinished(place.engine, place.practice.id) is None


# --- going on, or beginning anew


def test_resuming_goes_on_with_the_failed_run_without_asking_again(talk: Talk, place: Place) -> None:
    place.ehr.troubles[14] = [ScreenChanged("The Save button isn't there.")]
    talk.provision()
    first = _newest(place)
    assert talk.provision(resume=True) is Exit.DONE
    assert _newest(place).id == first.id
    assert len(talk.asked) == 1
    assert f"Going on with run {first.id} at step 14, Save the employee." in talk.said


def test_resuming_goes_on_with_a_run_that_was_killed(talk: Talk, place: Place) -> None:
    run = _interrupted(place)
    assert talk.provision(resume=True) is Exit.DONE
    ended = place.run(run.id)
    assert (ended.status, ended.crashes) == (RunStatus.SUCCEEDED, 1)


def test_resuming_a_run_that_was_killed_while_planning_plans_and_asks(talk: Talk, place: Place) -> None:
    run = place.requested()
    assert runs.claim(place.engine, run.id, _dead_holder(), now=utcnow(), to=RunStatus.PLANNING) is not None
    assert talk.provision(resume=True) is Exit.DONE
    assert len(talk.asked) == 1
    assert _newest(place).id == run.id


def test_resuming_a_run_that_nobody_decided_about_asks(talk: Talk, place: Place) -> None:
    run = place.requested()
    place.worker().plan_run(run.id, ADMIN)
    assert talk.provision(resume=True) is Exit.DONE
    assert len(talk.asked) == 1


def test_resuming_after_the_approval_lapsed_shows_the_new_plan_and_asks_again(talk: Talk, place: Place) -> None:
    run = place.approved()
    place.ehr.primary = "North"
    place.worker().execute_run(run.id, ADMIN)
    assert talk.provision(resume=True) is Exit.DONE
    assert len(talk.asked) == 1
    assert "primary location North" in talk.said


def test_nothing_to_resume_is_said(talk: Talk) -> None:
    with pytest.raises(SettingsProblem, match="no unfinished run"):
        talk.provision(resume=True)
    with pytest.raises(SettingsProblem, match="did you mean Lumen Eye"):
        talk.provision(resume=True, practice="Lumen Ey")


def test_adopting_is_another_plan_and_can_not_be_slipped_into_a_run(talk: Talk, place: Place) -> None:
    place.ehr.troubles[8] = [ScreenChanged("No.")]
    talk.provision()
    with pytest.raises(SettingsProblem, match="--adopt"):
        talk.provision(resume=True, adopt=True)


@pytest.mark.parametrize("left_over", ["failed", "killed", "planned"])
def test_a_run_that_was_left_over_is_replaced_by_a_new_one(talk: Talk, place: Place, left_over: str) -> None:
    if left_over == "failed":
        place.ehr.troubles[8] = [ScreenChanged("No.")]
        talk.provision()
    elif left_over == "killed":
        _interrupted(place)
    else:
        place.worker().plan_run(place.requested().id, ADMIN)
    old = _newest(place)
    assert talk.provision() is Exit.DONE
    assert place.run(old.id).status is RunStatus.CANCELLED
    assert _newest(place).id != old.id
    assert f"Run {old.id}, which was not finished" in talk.said


@pytest.mark.parametrize("resume", [False, True])
def test_nothing_begins_or_goes_on_while_somebody_is_at_it(talk: Talk, place: Place, resume: bool) -> None:
    run = place.approved()
    assert runs.claim(place.engine, run.id, runs.this_process(), now=utcnow()) is not None
    with pytest.raises(SettingsProblem, match="Somebody is at Lumen Eye now"):
        talk.provision(resume=resume)
    assert place.run(run.id).status is RunStatus.RUNNING


def test_a_check_that_is_going_on_keeps_a_run_from_being_planned(talk: Talk, place: Place) -> None:
    assert runs.claim_practice(place.engine, place.practice.id, runs.this_process(), now=utcnow()) is not None
    with pytest.raises(SettingsProblem, match="Somebody"):
        talk.provision()


def test_a_decision_that_somebody_else_made_meanwhile_counts(talk: Talk, place: Place) -> None:
    class Slow(Talk):
        def _ask(self, question: str) -> bool:
            runs.move(place.engine, _newest(place).id, RunStatus.CANCELLED, now=utcnow())
            return True

    slow = Slow(place)
    assert slow.provision() is Exit.FAILED
    assert "decided about this run meanwhile" in slow.said
    assert place.ehr.logins == 0


# --- stopping


def test_a_signal_stops_between_two_steps_and_the_run_can_be_resumed(talk: Talk, place: Place) -> None:
    place.ehr.before[7] = lambda: os.kill(os.getpid(), signal.SIGTERM)
    assert talk.provision() is Exit.FAILED
    assert place.ehr.role
    assert place.ehr.open_sessions == 0
    assert "The run was stopped, as asked." in talk.said
    assert "--resume" in talk.said
    assert talk.provision(resume=True) is Exit.DONE


def test_a_signal_while_planning_stops_before_anybody_is_asked(talk: Talk, place: Place) -> None:
    class Stopping(list[Exception]):
        def __bool__(self) -> bool:
            os.kill(os.getpid(), signal.SIGINT)
            return False

    place.ehr.troubles[0] = Stopping()
    assert talk.provision() is Exit.FAILED
    assert talk.asked == []
    place.ehr.troubles.clear()
    assert talk.provision(resume=True) is Exit.DONE


def test_the_second_signal_ends_the_browser_and_the_old_handlers_come_back(place: Place) -> None:
    worker, before = place.worker(), signal.getsignal(signal.SIGINT)
    with stoppable(worker):
        os.kill(os.getpid(), signal.SIGINT)
        assert worker.guard.stopping
        os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


# --- for programs


def test_json_lines_tell_plan_steps_and_end(talk: Talk) -> None:
    assert talk.provision(as_json=True) is Exit.DONE
    events = [json.loads(line) for line in talk.out.getvalue().splitlines()]
    assert [event["event"] for event in events] == ["plan", *["step"] * 17, "done"]
    assert [event["step"] for event in events[1:-1]] == list(range(1, 18))
    assert {event["status"] for event in events[1:-1]} <= {"done", "already there"}
    assert events[-1]["username"] == "OneSpot2915"
    assert "canary" not in talk.out.getvalue() + talk.err.getvalue()


def test_json_lines_tell_a_failure_with_its_class_and_message(talk: Talk, place: Place) -> None:
    place.ehr.troubles[8] = [ScreenChanged("The Add button isn't there.")]
    talk.provision(as_json=True)
    last = json.loads(talk.out.getvalue().splitlines()[-1])
    assert (last["event"], last["step"], last["title"]) == ("failed", 8, "Add an employee")
    assert last["error"]["class"] == "UI_CHANGED"
    assert last["error"]["message"] == "The Add button isn't there."


def test_json_lines_tell_that_nothing_had_to_be_changed(talk: Talk) -> None:
    talk.provision()
    talk.out.truncate(0)
    talk.out.seek(0)
    talk.provision(as_json=True)
    events = [json.loads(line) for line in talk.out.getvalue().splitlines()]
    assert events[-1]["changed"] is False
