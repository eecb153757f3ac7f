"""A walk that is watched step by step: what is shown before each save, and what a no leaves."""

from __future__ import annotations

import io
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from automation.revolutionehr.address import Pause
from bot.guard import Guard
from bot.problems import Exit
from bot.terminal.provision import Order, Provisioning
from bot.terminal.screen import ForPeople, Patient, Plain
from bot.terminal.views import Progress
from bot.worker import Worker
from storage import runs
from storage.models import ErrorClass, RunStatus
from tests.bot.conftest import Place
from tests.bot.tiny import ADMIN, URL, TinyHands

ENTERED = ("User Role Name: OneSpot", "View Invoices: ticked")


class AskingHands(TinyHands):
    """Hands that ask before each change, as automation does where the address says so."""

    def provision(self, browser: Any, address: Any, *rest: Any, **more: Any) -> Any:
        *before, fence = rest

        def asking() -> None:
            if address.ask is not None:
                address.ask(Pause("Save", ENTERED, Path("/evidence/before-click-1.png")))
            fence()

        return super().provision(browser, address, *before, asking, **more)


@dataclass
class Watched:
    """Somebody who watches: their answers, one for each question, and what they saw."""

    place: Place
    answers: list[bool | type[BaseException]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    out: io.StringIO = field(default_factory=io.StringIO)
    then: Callable[[], object] = lambda: None

    def provision(self, *, step: bool = True, resume: bool = False, worker: Worker | None = None) -> Exit:
        self.place.hands.__class__ = AskingHands
        screen = Plain(Patient(self.out), Patient(self.out))
        order = Order("Lumen Eye", URL, ADMIN, "somebody", resume=resume)
        watched = self._answer if step else None
        return Provisioning(worker or self.place.worker(), screen, order, lambda _: True, watched).talk()

    def _answer(self, question: str) -> bool:
        self.asked.append(question)
        self.then()
        answer = self.answers.pop(0) if self.answers else True
        if isinstance(answer, bool):
            return answer
        raise answer

    @property
    def said(self) -> str:
        return " ".join(self.out.getvalue().split())


@pytest.fixture
def watched(place: Place) -> Watched:
    return Watched(place)


def test_before_each_save_it_is_shown_and_asked(watched: Watched) -> None:
    assert watched.provision() is Exit.DONE
    assert len(watched.asked) == 3
    assert all("Press “Save” now?" in question for question in watched.asked)
    assert "Before a save: step 7, Save the user role" in watched.said
    assert "User Role Name: OneSpot" in watched.said
    assert "/evidence/before-click-1.png" in watched.said


def test_without_the_switch_nobody_is_asked(watched: Watched) -> None:
    assert watched.provision(step=False) is Exit.DONE
    assert watched.asked == []


@pytest.mark.parametrize("answer", [False, KeyboardInterrupt])
def test_a_no_makes_no_click_says_so_and_leaves_the_run_to_be_gone_on_with(
    watched: Watched, answer: bool | type[BaseException]
) -> None:
    watched.answers = [True, answer]
    assert watched.provision() is Exit.FAILED
    ehr = watched.place.ehr
    assert (ehr.role, ehr.password, ehr.open_sessions) == (True, None, 0)
    assert "You stopped it before “Save” was pressed." in watched.said
    assert "Nothing was saved by that press." in watched.said
    assert "--resume" in watched.said
    run = runs.latest(watched.place.engine)[0][0]
    assert run.status is RunStatus.FAILED
    assert run.trouble is not None
    assert (run.trouble.error_class, run.trouble.step) == (ErrorClass.TRANSIENT, 14)
    assert watched.provision(resume=True) is Exit.DONE
    assert ehr.logins == 2


def test_a_signal_ends_the_question_and_is_a_no(watched: Watched) -> None:
    thought_on: list[bool] = []

    def interrupted() -> None:
        signal.raise_signal(signal.SIGTERM)
        thought_on.append(True)

    watched.then = interrupted
    before = signal.getsignal(signal.SIGTERM)
    assert watched.provision() is Exit.FAILED
    assert "Nothing was saved by that press." in watched.said
    assert not watched.place.ehr.role
    assert signal.getsignal(signal.SIGTERM) is before
    assert thought_on == []


def test_somebody_who_thinks_for_an_hour_is_not_late(watched: Watched) -> None:
    moment = [0.0]
    guard = Guard(watched.place.engine, watched.place.worker().now, clock=lambda: moment[0])
    worker = watched.place.worker()
    worker.guard = guard

    def an_hour() -> None:
        moment[0] += 3600
        assert guard._watch is not None
        guard._watch._renewed = moment[0]  # (the thread of the watch renews it every ten seconds)
        guard._watch.look()

    watched.then = an_hour
    assert watched.provision(worker=worker) is Exit.DONE
    assert not any(browser.killed.is_set() for browser in watched.place.hands.browsers)


def test_somebody_who_says_yes_after_the_lease_was_lost_presses_nothing(watched: Watched) -> None:
    def lose() -> None:
        with watched.place.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM lease")

    watched.then = lose
    assert watched.provision() is Exit.FAILED
    assert not watched.place.ehr.role


def test_the_live_list_stands_still_while_somebody_is_asked() -> None:
    console = Patient(io.StringIO())
    people = ForPeople(console, console)
    with people.walk(((1, "Log in"),)) as tell:
        assert isinstance(tell.__self__, Progress)  # type: ignore[attr-defined]
        assert people._live is not None
        with people.aside():
            assert not people._live.is_started
        assert people._live.is_started
