"""What forbids a run, told from the lines of the list. No browser."""

from __future__ import annotations

import pytest

from automation.revolutionehr.pages.employees import Found
from automation.revolutionehr.plan import forbidden

USERNAME = "OneSpot2915"
US, SOMEBODY = ("OneSpot, Sync", USERNAME, "OneSpot"), ("Oldham, Nora", USERNAME, "Front Desk")


@pytest.mark.parametrize(
    ("active", "inactive", "words"),
    [
        ([SOMEBODY], [], "belongs to somebody else (Oldham, Nora Front Desk)"),
        ([], [SOMEBODY], "belongs to somebody else, who is inactive (Oldham, Nora Front Desk)"),
        ([US, US], [], "there are 2 employees Sync OneSpot"),
        ([], [US], "it exists but is inactive"),
    ],
)
def test_the_line_says_whose_the_user_name_is(
    active: list[tuple[str, ...]], inactive: list[tuple[str, ...]], words: str
) -> None:
    line = forbidden(Found(tuple(active), tuple(inactive)), USERNAME, "employee")
    assert line is not None
    assert words in line.detail


def test_nothing_forbids_what_is_ours_or_not_there_yet() -> None:
    assert forbidden(Found((), ()), USERNAME, "employee") is None
    assert forbidden(Found((US,), ()), USERNAME, "employee") is None
