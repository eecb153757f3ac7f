"""Checks in every drawing: the right one is turned, only where it differs, and nothing else; or it is refused."""

from __future__ import annotations

import pytest

from automation.errors import ScreenChanged
from automation.fields import CHECK, is_checked, seek, set_check
from automation.screen import Screen
from tests.automation.conftest import Show

pytestmark = pytest.mark.browser


def turn(screen: Screen, label: str, wanted: bool) -> None:
    set_check(screen, label, lambda sights: seek(sights, label, CHECK), wanted)


CHECKS = [
    ("icheck", "Monday", "monday", False),
    ("icheck", "Tuesday", "tuesday", True),
    ("icheck", "Friday", "friday", False),
    ("icheck", "Saturday", "saturday", True),
    ("aria_checks", "Monday", "monday", False),
    ("aria_checks", "Allow Emergency Access", "emergency", True),
    ("aria_checks", "Login Allowed", "allowed", False),
    ("aria_checks", "Friday", "friday", False),
    ("aria_checks", "Saturday", "saturday", True),
    ("wrapping", "Allow Emergency Access", "emergency", True),
    ("wrapping", "Login Allowed", "allowed", False),
    ("hidden_copy", "Login Allowed", "allowed", False),
    ("shadow", "Login Allowed", "allowed", False),
    ("shadow", "Allow Emergency Access", "emergency", False),
    ("iframe", "Login Allowed", "allowed", False),
    ("table", "Allow Emergency Access", "emergency", True),
]
"""Page, label, the control's name in its source, and whether it is ticked at first."""
EACH = pytest.mark.parametrize(
    ("page", "label", "name", "on"), CHECKS, ids=[f"{page}-{name}" for page, _, name, _ in CHECKS]
)


@EACH
def test_a_check_is_read_turned_and_turned_back(show: Show, page: str, label: str, name: str, on: bool) -> None:
    shown = show(page)
    assert is_checked(seek(shown.screen.look(), label, CHECK)) is on
    turn(shown.screen, label, not on)
    assert list(shown.changed()) == [name]
    turn(shown.screen, label, on)
    assert shown.changed() == {}


@EACH
def test_a_check_that_is_right_is_not_touched(show: Show, page: str, label: str, name: str, on: bool) -> None:
    shown = show(page)
    for frame in shown.screen.page.frames:
        frame.evaluate("() => document.addEventListener('click', () => { document.title = 'clicked' }, true)")
    turn(shown.screen, label, on)
    assert shown.changed() == {}
    assert all(frame.evaluate("document.title") != "clicked" for frame in shown.screen.page.frames)


def test_a_near_name_is_refused(show: Show) -> None:
    shown = show("near_names")
    with pytest.raises(ScreenChanged):
        turn(shown.screen, "Allow Emergency Access", True)
    assert shown.changed() == {}


def test_two_that_say_the_same_are_refused(show: Show) -> None:
    shown = show("two_forms")
    with pytest.raises(ScreenChanged, match="fits 2 controls"):
        turn(shown.screen, "Login Allowed", True)
    assert shown.changed() == {}


@pytest.mark.parametrize(
    ("page", "label"),
    [("locked", "Login Allowed"), ("rerender", "Allow Emergency Access"), ("aria_checks", "Always On")],
)
def test_a_check_that_does_not_turn_fails(show: Show, page: str, label: str) -> None:
    shown = show(page)
    wanted = not is_checked(seek(shown.screen.look(), label, CHECK))
    with pytest.raises(ScreenChanged):
        turn(shown.screen, label, wanted)
    assert shown.changed() == {}


def test_a_check_that_is_put_back_once_is_ticked_again(show: Show) -> None:
    shown = show("rerender")
    turn(shown.screen, "Login Allowed", True)
    assert shown.changed() == {"allowed": "on"}


def test_a_check_under_a_badge_is_scrolled_free(show: Show) -> None:
    shown = show("covered")
    turn(shown.screen, "Login Allowed", True)
    assert shown.changed() == {"allowed": "on"}


def test_a_check_that_stays_under_a_badge_is_not_pressed_through_it(show: Show) -> None:
    shown = show("covered")
    place = seek(shown.screen.look(), "Send Newsletter", CHECK)
    with pytest.raises(ScreenChanged, match="can't be clicked"):
        shown.screen.press(place.sight, place.widget, seconds=1)
    assert shown.changed() == {}


def test_mixed_is_not_ticked(show: Show) -> None:
    shown = show("<label><input type=checkbox id=c> General</label><script>c.indeterminate = true</script>")
    assert not is_checked(seek(shown.screen.look(), "General", CHECK))
