"""The guide in code against the guide in words: the same 17 steps in the same order."""

from __future__ import annotations

import re

import pytest

from automation.errors import AutomationError, Unavailable
from automation.revolutionehr import guide
from automation.revolutionehr.guide import GUIDE
from automation.walk import not_yet
from storage.models import ErrorClass

SAYS = {
    1: ("Log in", "RevolutionEHR"),
    2: ("ID", "Basic Information"),
    3: ("Add", "user role"),
    4: ("Name", "OneSpot"),
    5: ("two", "Accounting"),
    6: ("four", "Administration"),
    7: ("Save", "user role"),
    8: ("Add", "employee"),
    9: ("name", "Sync OneSpot"),
    10: ("user name", "temporary password"),
    11: ("login", "every day"),
    12: ("role", "OneSpot"),
    13: ("primary", "all locations"),
    14: ("Save", "employee"),
    15: ("Log out",),
    16: ("Log in as OneSpot", "reset"),
    17: ("Confirm", "log out"),
}
"""Step numbers of guide.md and what their title must speak of."""


def test_there_are_seventeen_in_order() -> None:
    assert [step.number for step in GUIDE] == list(range(1, 18))


def test_names_are_unique_and_fit_for_a_file() -> None:
    names = [step.name for step in GUIDE]
    assert len(set(names)) == 17
    assert all(re.fullmatch(r"[a-z][a-z_]+", name) for name in names)


@pytest.mark.parametrize("number", SAYS)
def test_each_title_says_what_the_guide_says_there(number: int) -> None:
    title = GUIDE[number - 1].title
    assert all(words.casefold() in title.casefold() for words in SAYS[number])
    assert len(title) <= 60


def test_titles_are_unique() -> None:
    assert len({step.title for step in GUIDE}) == 17


def test_the_steps_whose_work_may_be_there_already_look_first() -> None:
    """Role (3 to 7) and employee (8 to 14) may be there; logins and logouts are always done."""
    always = {step.number for step in GUIDE if step.already is not_yet}
    assert always == {1, 2, 15, 16, 17}


class Afresh:
    """A walk of which only counts how often all was loaded anew."""

    times = 0

    def afresh(self) -> None:
        self.times += 1


SAID = Unavailable("RevolutionEHR did not save it: “Server error”.", "", "Retry.")
OPEN = Unavailable("The save came to nothing.", "The form stayed open.", "Retry.")


@pytest.mark.parametrize(
    ("prove", "look", "nothing"), [("role", "_listed_roles", []), ("employee", "_opens_ours", False)]
)
@pytest.mark.parametrize(("error", "unseen"), [(None, None), (SAID, None), (None, OPEN), (SAID, OPEN)])
def test_what_was_saved_without_a_word_and_is_not_listed_is_not_saved_again_by_itself(
    monkeypatch: pytest.MonkeyPatch,
    prove: str,
    look: str,
    nothing: object,
    error: AutomationError | None,
    unseen: AutomationError | None,
) -> None:
    monkeypatch.setattr(guide, look, lambda _: nothing)
    visit = Afresh()
    with pytest.raises(AutomationError) as raised:
        getattr(guide, f"prove_{prove}")(visit, error, unseen)
    if error or unseen:
        assert (raised.value, visit.times) == (error or unseen, 0)
        return
    assert raised.value.error_class is ErrorClass.UI_CHANGED  # TRANSIENT would be tried once more by itself
    assert "could make a second one" in raised.value.means
    assert visit.times == 1
