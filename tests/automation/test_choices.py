"""Dropdowns and lists in the drawings of five kits: the wanted options and no others, or a refusal."""

from __future__ import annotations

import pytest

from automation import choices, lists
from automation.errors import ScreenChanged
from automation.fields import shown as shown_by
from tests.automation.conftest import Show

pytestmark = pytest.mark.browser

DROPDOWNS = {
    "Primary Location": "native",
    "Billing Location": "mouse",
    "Home Location": "antd",
    "Second Location": "ej2",
    "Third Location": "button",
}
ALL = ["Harbor", "Harbor Annex", "Lake View", "Main Street", "North Mall", "Old Town", "South Mall", "Main Street West"]
EACH = pytest.mark.parametrize(("label", "name"), DROPDOWNS.items(), ids=DROPDOWNS.values())


@EACH
def test_an_option_is_chosen_by_its_whole_words(show: Show, label: str, name: str) -> None:
    shown = show("dropdowns")
    choices.choose(shown.screen, label, "Main Street")
    assert shown.changed() == {name: "Main Street"}
    choices.choose(shown.screen, label, "Harbor Annex")
    assert shown.changed() == {name: "Harbor Annex"}


@EACH
def test_options_are_read_and_nothing_is_chosen(show: Show, label: str, name: str) -> None:
    shown = show("dropdowns")
    wanted = ["Harbor", "Harbor Annex", "Main Street"] if name == "native" else ALL
    assert choices.options(shown.screen, label) == wanted
    assert shown.changed() == {}
    assert shown.screen.page.locator(".popup").count() == 0


@EACH
def test_an_option_that_is_not_there_is_refused_and_those_that_are_are_named(show: Show, label: str, name: str) -> None:
    shown = show("dropdowns")
    with pytest.raises(ScreenChanged, match="has no option “Main”") as refusal:
        choices.choose(shown.screen, label, "Main")
    assert "“Main Street”" in refusal.value.what
    assert shown.changed() == {}


def test_what_is_chosen_already_is_left_alone(show: Show) -> None:
    shown = show("dropdowns")
    assert shown_by(choices.seek_choice(shown.screen.look(), "Second Location")) == ("Harbor",)
    choices.choose(shown.screen, "Second Location", "harbor")
    assert shown.changed() == {}


def test_two_dropdowns_of_one_label_are_refused(show: Show) -> None:
    shown = show("two_forms")
    with pytest.raises(ScreenChanged):
        choices.choose(shown.screen, "Primary Location", "Main Street")
    assert shown.changed() == {}


@pytest.mark.parametrize(("page", "name"), [("wrapping", "primary"), ("table", "primary")])
def test_a_native_dropdown_in_other_layouts(show: Show, page: str, name: str) -> None:
    shown = show(page)
    choices.choose(shown.screen, "Primary Location", "Main Street")
    assert shown.changed() == {name: "Main Street"}


# ---- several of many ---------------------------------------------------------------------------------------------

PLACES = [
    "Harbor",
    "Harbor Annex",
    "Lake View",
    "Main Street",
    "Main Street West",
    "North Mall",
    "Old Town",
    "South Mall",
    "West End",
]


def test_checks_in_a_box_that_scrolls_are_all_read(show: Show) -> None:
    shown = show("lists")
    there = lists.read_list(shown.screen, "Accessible Locations")
    assert list(there) == PLACES
    assert [name for name, taken in there.items() if taken] == ["Harbor", "Main Street West", "West End"]
    assert shown.changed() == {}


def test_all_are_ticked_one_by_one_and_not_by_select_all(show: Show) -> None:
    shown = show("lists")
    assert lists.set_list(shown.screen, "Accessible Locations", lambda name: True) == dict.fromkeys(PLACES, True)
    assert shown.changed() == {f"p{n}": "on" for n in range(9) if n % 4}


def test_of_the_roles_exactly_one_is_taken(show: Show) -> None:
    shown = show("lists")
    lists.set_list(shown.screen, "User Roles", lambda name: name == "OneSpot", ("OneSpot",))
    assert shown.changed() == {"onespot": "on", "test": "off"}


def test_another_list_with_the_same_entries_is_not_touched(show: Show) -> None:
    shown = show("lists")
    lists.set_list(shown.screen, "Scheduling Locations", lambda name: name == "Main Street")
    assert shown.changed() == {"s-main": "on"}


def test_a_native_list_of_several(show: Show) -> None:
    shown = show("lists")
    assert lists.read_list(shown.screen, "Departments") == {"Contact Lenses": True, "Frames": False, "Surgery": True}
    lists.set_list(shown.screen, "Departments", lambda name: name == "Frames")
    assert shown.changed() == {"departments": "Frames"}


def test_a_popup_with_checks(show: Show) -> None:
    shown = show("lists")
    there = lists.read_list(shown.screen, "Work Groups")
    assert there == {"Billing": False, "Front Desk": True, "Lab": False}
    assert shown.changed() == {}
    lists.set_list(shown.screen, "Work Groups", lambda name: name == "Lab")
    assert shown.changed() == {"groups": "Lab"}


def test_chips(show: Show) -> None:
    shown = show("chips")
    there = lists.read_list(shown.screen, "User Roles", ("OneSpot",))
    assert there == {"Office Manager": False, "OneSpot": False, "OneSpot Test": False, "Optician": True}
    lists.set_list(shown.screen, "User Roles", lambda name: name == "OneSpot", ("OneSpot",))
    assert shown.changed() == {"roles": "OneSpot"}


def test_a_list_that_is_not_there_is_refused(show: Show) -> None:
    shown = show("lists")
    assert not lists.list_there(shown.screen.look(), "Accessible Rooms")
    with pytest.raises(ScreenChanged):
        lists.set_list(shown.screen, "Accessible Rooms", lambda name: True)
    assert shown.changed() == {}


CHECKS_WITHOUT_WORDS = """
<style>.scroll label { display: block; height: 24px; width: 300px }</style>
<h4>Accessible Locations</h4>
<label><input type=checkbox> Select All</label>
<div class=scroll><label><input type=checkbox data-as=first> <img alt=""></label>
  <label><input type=checkbox data-as=second> <img alt=""></label></div>"""
"""A list that names its entries in pictures."""


def test_checks_without_any_words_are_not_taken_for_an_empty_list(show: Show) -> None:
    shown = show(CHECKS_WITHOUT_WORDS)
    for go_through in (lists.read_list, lambda screen, label: lists.set_list(screen, label, lambda name: True)):
        with pytest.raises(ScreenChanged, match=r"No words stand beside the checks of “Accessible Locations” \(2 in"):
            go_through(shown.screen, "Accessible Locations")
    assert shown.changed() == {}


def test_a_list_that_holds_no_entries_yet_is_empty(show: Show) -> None:
    shown = show(CHECKS_WITHOUT_WORDS.replace("<div class=scroll>", "<div hidden>"))
    assert lists.read_list(shown.screen, "Accessible Locations") == {}


def test_words_that_come_after_their_checks_are_waited_for(show: Show) -> None:
    words = "document.querySelectorAll('img').forEach((one, n) => one.replaceWith('AB'[n]))"
    shown = show(CHECKS_WITHOUT_WORDS + f"<script>setTimeout(() => {words}, 900)</script>")
    assert lists.set_list(shown.screen, "Accessible Locations", lambda name: True) == {"A": True, "B": True}
    assert shown.changed() == {"first": "on", "second": "on"}


A_DROPDOWN_THAT_IS_CALLED_ITS_LIST = """
<div class="form-group"><label>Primary Location *</label>
  <span class="e-ddl" role="listbox" aria-haspopup="true" aria-expanded="false" tabindex="0" style="display: block">
    <input role="textbox" readonly placeholder="Select a location" data-as="primary"><span>&#9662;</span></span></div>
<ul id="popup" hidden style="position: absolute; z-index: 1000; background: #fff">
<li>Main Street</li><li>Harbor</li></ul>
<script>
  const frame = document.querySelector('.e-ddl');
  const open = (is) => { popup.hidden = !is; frame.setAttribute('aria-expanded', is); };
  frame.onclick = () => open(popup.hidden);
  for (const entry of popup.children) entry.onclick = () => {
    frame.firstElementChild.value = entry.textContent;
    open(false);
  };
</script>"""
"""As Syncfusion's was until its version 19: what opens the list has the list's role, with a field in it."""


def test_a_closed_list_that_opens_is_a_dropdown(show: Show) -> None:
    shown = show(A_DROPDOWN_THAT_IS_CALLED_ITS_LIST)
    assert choices.options(shown.screen, "Primary Location") == ["Main Street", "Harbor"]
    choices.choose(shown.screen, "Primary Location", "Harbor")
    assert shown.changed() == {"primary": "Harbor"}


A_FIELD_CALLED_A_DROPDOWN = """
<label>User Roles</label>
<div class="e-multiselect" style="width: 200px"><span><input readonly placeholder="Select roles"></span></div>
<label>Search</label><div class="e-multiselect" style="width: 200px"><input placeholder="Name"></div>
<label>Username</label><div class="e-input-group" style="width: 200px"><input readonly placeholder="None"></div>"""
"""Fields of which one takes no words and stands in the frame of a dropdown, which says so by its name only."""


def test_a_field_that_takes_no_words_and_is_called_a_dropdown_is_one(show: Show) -> None:
    (sight,) = show(A_FIELD_CALLED_A_DROPDOWN).screen.look()
    assert [(w.placeholder, w.kind) for w in sight.widgets if w.kind != "box"] == [
        ("Select roles", "choice"), ("Name", "text"), ("None", "text")]  # fmt: skip
