"""Who waits for what a check finds: told once, and told too when nobody came to look."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from bot.answers import Answers
from storage import checks, practices
from storage.models import CheckOutcome, HealthCheck, utcnow


@pytest.fixture
def practice(engine: Engine) -> int:
    return practices.save(engine, "Lumen Eye", "https://ehr.example/", now=utcnow()).id


class Waiting:
    """Somebody who waits, and what they were told."""

    def __init__(self) -> None:
        self.told: list[HealthCheck | None] = []

    def tell(self, found: HealthCheck | None) -> None:
        self.told.append(found)

    def outcomes(self) -> list[CheckOutcome | None]:
        return [None if one is None else one.outcome for one in self.told]


def until(so: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not so():
        assert time.monotonic() < end
        time.sleep(0.02)


def looked(engine: Engine, practice: int, outcome: CheckOutcome) -> None:
    checks.record(engine, practice, outcome, ["In words."], now=utcnow())


def test_only_a_check_that_came_after_the_question_answers_it_and_once(engine: Engine, practice: int) -> None:
    looked(engine, practice, CheckOutcome.HEALTHY)
    answers, ana = Answers(engine, beat=0.02), Waiting()
    answers.wait(practice, answers.newest(practice), ana.tell)
    time.sleep(0.2)
    assert ana.told == []

    looked(engine, practice, CheckOutcome.DRIFT)
    until(lambda: ana.told != [])
    looked(engine, practice, CheckOutcome.HEALTHY)
    time.sleep(0.2)
    answers.stop()
    assert ana.outcomes() == [CheckOutcome.DRIFT]


def test_where_nobody_comes_to_look_that_is_told(engine: Engine, practice: int) -> None:
    answers, ana, ben = Answers(engine, beat=0.02, patience=0.1), Waiting(), Waiting()
    answers.wait(practice, 0, ana.tell)
    until(lambda: ana.told != [])
    until(lambda: "answers" not in [thread.name for thread in threading.enumerate()])  # nobody waits: no thread does
    answers.wait(practice, 0, ben.tell)
    looked(engine, practice, CheckOutcome.HEALTHY)
    until(lambda: ben.told != [])
    answers.stop()
    assert (ana.outcomes(), ben.outcomes()[0]) == ([None], CheckOutcome.HEALTHY)


def test_a_slack_that_takes_no_answer_is_tried_again_while_there_is_time(engine: Engine, practice: int) -> None:
    answers, tries = Answers(engine, beat=0.02, patience=5), []

    def refuse(found: HealthCheck | None) -> None:
        tries.append(found)
        if len(tries) < 3:
            raise OSError("down")

    looked(engine, practice, CheckOutcome.HEALTHY)
    answers.wait(practice, 0, refuse)
    until(lambda: len(tries) == 3)
    time.sleep(0.1)
    answers.stop()
    assert len(tries) == 3
