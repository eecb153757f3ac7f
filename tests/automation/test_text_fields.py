"""Text fields on pages as kits draw them: the right one is filled and nothing else, or it is refused."""

from __future__ import annotations

import pytest

from automation.errors import ScreenChanged
from automation.fields import TEXT, seek, set_text, spot
from tests.automation.conftest import Show

pytestmark = pytest.mark.browser

GUIDES = [
    (page, label, name)
    for page, fields in {
        "bootstrap3": {"First Name": "first", "Last Name": "last", "Username": "username", "Suffix": "suffix"},
        "label_for": {"First Name": "first", "Last Name": "last", "Username": "username", "Email": "email"},
        "wrapping": {"First Name": "first", "Last Name": "last", "Username": "username"},
        "floating": {"First Name": "first", "Last Name": "last", "Username": "username"},
        "table": {
            "First Name": "first",
            "Last Name": "last",
            "Username": "username",
            "Zip Code": "zip",
            "City": "city",
        },
        "shadow": {"First Name": "first", "Last Name": "last", "Username": "username"},
        "iframe": {"First Name": "first", "Last Name": "last"},
        "hidden_copy": {"First Name": "first"},
        "modal": {"First Name": "first"},
    }.items()
    for label, name in fields.items()
]


@pytest.mark.parametrize(("page", "label", "name"), GUIDES, ids=[f"{p}-{n}" for p, _, n in GUIDES])
def test_the_field_of_a_label_is_filled_and_no_other(show: Show, page: str, label: str, name: str) -> None:
    shown = show(page)
    set_text(shown.screen, label, "OneSpot2915")
    assert shown.changed() == {name: "OneSpot2915"}


@pytest.mark.parametrize("page", ["bootstrap3", "floating"])
@pytest.mark.parametrize(
    ("label", "name"), [("Temporary Password", "temporary"), ("Confirm Temporary Password", "confirm")]
)
def test_the_password_and_its_confirmation_are_told_apart(show: Show, page: str, label: str, name: str) -> None:
    shown = show(page)
    place = seek(shown.screen.look(), label, TEXT)
    shown.screen.type_into(place.sight, place.widget, "x")
    assert shown.changed() == {name: "x"}


@pytest.mark.parametrize(
    "label", ["User Role Name", "Username", "First Name", "Last Name", "Temporary Password", "ID", "Name", "Role"]
)
def test_names_that_are_nearly_it_are_refused(show: Show, label: str) -> None:
    shown = show("near_names")
    with pytest.raises(ScreenChanged, match=r"isn't on the screen|fits"):
        set_text(shown.screen, label, "OneSpot")
    assert shown.changed() == {}


@pytest.mark.parametrize("label", ["First Name", "Username"])
def test_two_forms_in_front_are_refused(show: Show, label: str) -> None:
    shown = show("two_forms")
    with pytest.raises(ScreenChanged, match="fits 2 controls"):
        set_text(shown.screen, label, "Sync")
    assert shown.changed() == {}


def test_what_lies_behind_a_dialog_is_not_touched(show: Show) -> None:
    shown = show("modal")
    with pytest.raises(ScreenChanged):
        set_text(shown.screen, "Username", "OneSpot2915")
    assert shown.changed() == {}


def test_a_field_that_is_drawn_anew_once_is_filled_again(show: Show) -> None:
    shown = show("rerender")
    set_text(shown.screen, "First Name", "Sync")
    set_text(shown.screen, "Last Name", "OneSpot")
    assert shown.changed() == {"first": "Sync", "last": "OneSpot"}


def test_a_field_that_takes_only_real_keys_is_filled(show: Show) -> None:
    shown = show("rerender")
    set_text(shown.screen, "Suffix", "Jr")
    assert shown.changed() == {"suffix": "Jr"}


def test_a_field_that_puts_something_else_there_fails_and_says_what(show: Show) -> None:
    shown = show("rerender")
    with pytest.raises(ScreenChanged, match="“Username” shows “JSMITH” instead of “OneSpot2915”"):
        set_text(shown.screen, "Username", "OneSpot2915")


def test_a_locked_field_is_read_but_not_written(show: Show) -> None:
    shown = show("locked")
    widget = seek(shown.screen.look(), "ID", TEXT).widget
    assert (widget.value, widget.enabled) == ("2915", False)
    assert seek(shown.screen.look(), "Username", TEXT).widget.readonly
    with pytest.raises(ScreenChanged):
        set_text(shown.screen, "Username", "OneSpot2915")
    assert shown.changed() == {}


def test_what_stands_there_already_is_left_alone(show: Show) -> None:
    shown = show("<label>First Name <input data-as=first value=Sync onfocus=\"this.value = 'touched'\"></label>")
    set_text(shown.screen, "First Name", "Sync")
    assert shown.changed() == {}


def test_a_field_that_appears_late_is_there_when_it_is_waited_for(show: Show) -> None:
    shown = show(
        "<div id=d></div><script>setTimeout(() => { d.innerHTML = '<label>ID <input></label>' }, 200)</script>"
    )
    assert spot(shown.screen.look(), "ID", TEXT) is None
    assert shown.screen.wait_for(lambda sights: spot(sights, "ID", TEXT), 5)
