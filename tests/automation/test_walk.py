"""A walk through a guide: look, do, prove, tell; back to an earlier step at most twice."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from automation.errors import AutomationError, ScreenChanged, Unavailable
from automation.walk import GoBack, GuideStep, Told, walk
from storage.models import StepStatus

RUNNING, DONE, THERE = StepStatus.RUNNING, StepStatus.DONE, StepStatus.ALREADY_THERE
FAILED, PENDING = StepStatus.FAILED, StepStatus.PENDING


@dataclass
class Diary:
    """What was done, and what a test lets go wrong."""

    there: set[str] = field(default_factory=set)
    unproved: set[str] = field(default_factory=set)
    broken: dict[str, BaseException] = field(default_factory=dict)
    back: list[str] = field(default_factory=list)
    deeds: list[str] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)


def step(number: int, name: str) -> GuideStep[Diary]:
    def already(diary: Diary) -> bool:
        diary.deeds.append(f"look at {name}")
        return name in diary.there

    def do(diary: Diary) -> None:
        diary.deeds.append(f"do {name}")
        if name in diary.broken:
            raise diary.broken[name]
        if name == "paint" and diary.back:
            raise GoBack(diary.back.pop(0), "the wall was wet")

    def prove(diary: Diary) -> None:
        diary.deeds.append(f"prove {name}")
        if name in diary.unproved:
            raise ScreenChanged(f"{name} does not show")

    return GuideStep(number, name, f"{name.capitalize()} the house", do, already, prove)


HOUSE = (step(1, "build"), step(2, "paint"), step(3, "furnish"))


def walked(diary: Diary, **more: int) -> list[tuple[int, StepStatus]]:
    walk(HOUSE, diary, diary.told.append, **more)
    return said(diary)


def said(diary: Diary) -> list[tuple[int, StepStatus]]:
    return [(told.number, told.status) for told in diary.told]


def test_each_step_is_looked_at_done_and_proved_in_order() -> None:
    diary = Diary()
    assert walked(diary) == [(1, RUNNING), (1, DONE), (2, RUNNING), (2, DONE), (3, RUNNING), (3, DONE)]
    assert diary.deeds[:4] == ["look at build", "do build", "prove build", "look at paint"]
    assert len(diary.deeds) == 9


def test_what_is_there_is_not_done_again_but_proved() -> None:
    diary = Diary(there={"paint"})
    assert (2, THERE) in walked(diary)
    assert "do paint" not in diary.deeds
    assert "prove paint" in diary.deeds


def test_a_proof_that_fails_fails_the_step_and_stops_the_walk() -> None:
    diary = Diary(unproved={"paint"})
    with pytest.raises(ScreenChanged, match="paint does not show"):
        walked(diary)
    assert said(diary) == [(1, RUNNING), (1, DONE), (2, RUNNING), (2, FAILED)]
    assert diary.told[-1].detail == "paint does not show"
    assert "look at furnish" not in diary.deeds


def test_what_is_there_but_can_not_be_proved_fails_too() -> None:
    diary = Diary(there={"build"}, unproved={"build"})
    with pytest.raises(ScreenChanged):
        walked(diary)
    assert said(diary)[-1] == (1, FAILED)


def test_an_error_is_told_before_it_is_raised() -> None:
    diary = Diary(broken={"furnish": Unavailable("The shop is closed.")})
    with pytest.raises(Unavailable):
        walked(diary)
    assert said(diary)[-1] == (3, FAILED)
    assert diary.told[-1].detail == "The shop is closed."


def test_what_is_not_of_our_errors_passes_through() -> None:
    """A lost lease, raised by the fence, is no failure of the step."""
    diary = Diary(broken={"paint": RuntimeError("the lease is gone")})
    with pytest.raises(RuntimeError):
        walked(diary)
    assert (2, FAILED) not in said(diary)


def test_a_step_may_send_the_walk_back() -> None:
    diary = Diary(back=["build"])
    assert walked(diary)[2:5] == [(2, RUNNING), (2, PENDING), (1, RUNNING)]
    assert [told.detail for told in diary.told if told.status is PENDING] == ["the wall was wet"]
    assert diary.deeds.count("do build") == 2
    assert diary.deeds.count("do paint") == 2
    assert said(diary)[-1] == (3, DONE)


def test_it_goes_back_twice_but_not_three_times() -> None:
    assert walked(Diary(back=["build"] * 2))[-1] == (3, DONE)
    diary = Diary(back=["build"] * 3)
    with pytest.raises(Unavailable, match="the wall was wet") as end:
        walked(diary)
    assert end.value.means
    assert diary.deeds.count("do paint") == 3
    assert "do furnish" not in diary.deeds


def test_how_often_it_goes_back_can_be_said() -> None:
    with pytest.raises(AutomationError):
        walked(Diary(back=["build"]), times_back=0)


def test_what_is_told_carries_title_and_time() -> None:
    diary = Diary()
    walked(diary)
    first, last = diary.told[0], diary.told[-1]
    assert (first.name, first.title, first.detail) == ("build", "Build the house", "")
    assert last.seconds >= 0
