"""What component kits do that a reader doesn't notice, as Angular's own kit does it: heads of folders that hold no
check, labels over their control, buttons that stay down, pictures that a font draws for their names."""

from __future__ import annotations

import pytest

from automation import choices, lists, trees
from automation.errors import ScreenChanged
from automation.fields import seek
from automation.revolutionehr.pages import employee
from automation.revolutionehr.pages.days import day_checks
from automation.revolutionehr.pages.inactive import show_inactive
from automation.tables import all_rows, equals
from tests.automation.conftest import Show

pytestmark = pytest.mark.browser


A_STATUS_TO_CHOOSE = """
<label id=name>Status</label>
<div role=combobox tabindex=0 aria-labelledby=name aria-expanded=false style="width: 200px; border: 1px solid #aaa">
  <span data-as=status>Active</span></div>
<div id=list role=listbox hidden><div role=option>Active</div><div role=option>Inactive</div></div>
<script>
  const list = document.getElementById('list'), box = document.querySelector('[role=combobox]');
  const open = (so) => { list.hidden = !so; box.setAttribute('aria-expanded', so); };
  box.onclick = () => open(list.hidden);
  list.onclick = (event) => { box.firstElementChild.textContent = event.target.textContent; open(false); };
</script>"""
"""A list of employees that is switched to inactive ones by a dropdown, which shows what is chosen."""


def test_what_a_dropdown_shows_as_chosen_is_no_button(show: Show) -> None:
    shown = show(A_STATUS_TO_CHOOSE)
    assert show_inactive(shown.screen, True)
    assert shown.truth()["status"] == "Inactive"
    assert show_inactive(shown.screen, False)
    assert shown.truth()["status"] == "Active"
    assert not any(t.role == "option" for t in shown.screen.look()[0].texts)


FOLDERS_WITHOUT_A_CHECK = """
<style>
  [role=button] { display: flex; width: 400px; padding: 4px 24px } [role=button] > b { flex: 1 }
  [role=option] { display: flex; width: 400px; padding: 2px 32px }
</style>
<div id=tree></div>
<script>
  const names = { 'Accounting Module': ['View Invoices', 'View Claims'], 'Administration Module': ['General'] };
  for (const [name, leaves] of Object.entries(names)) {
    document.getElementById('tree').insertAdjacentHTML('beforeend', `<div>
      <div role=button tabindex=0 aria-expanded=false><b>${name}</b><span>0 of ${leaves.length}</span></div>
      <div hidden>${leaves.map((leaf) => `<div role=option><input type=checkbox data-as="${leaf}">
        <span>${leaf}</span></div>`).join('')}</div></div>`);
  }
  for (const head of document.querySelectorAll('[role=button]')) head.onclick = () => {
    head.nextElementSibling.hidden = !head.nextElementSibling.hidden;
    head.setAttribute('aria-expanded', !head.nextElementSibling.hidden);
  };
</script>"""
"""Permissions in parts that fold: the head of each is a button without a check, which counts those that are taken."""


def test_a_count_beside_the_name_of_a_folder_is_no_folder(show: Show) -> None:
    shown = show(FOLDERS_WITHOUT_A_CHECK)
    trees.tick(shown.screen, ("Accounting Module",), ("Accounting Module",), "View Claims")
    assert shown.changed() == {"View Claims": "on"}


def test_a_folder_that_is_a_button_opens_where_it_is_pressed(show: Show) -> None:
    shown = show(FOLDERS_WITHOUT_A_CHECK)
    assert trees.drawn(shown.screen.look(), ("Accounting Module",))
    nodes = trees.open_all(shown.screen, ("Accounting Module",))
    assert [(n.folders, n.name) for n in nodes if n.check] == [
        (("Accounting Module",), "View Invoices"),
        (("Accounting Module",), "View Claims"),
        (("Administration Module",), "General"),
    ]
    assert shown.changed() == {}


CHECKS_AT_THE_END = """
<style>[role=option] { display: flex; width: 500px; padding: 6px } [role=option] > span { flex: 1 }</style>
<h3>Accessible Locations</h3>
<div role=listbox aria-multiselectable=true>
  <div role=option><span>Main</span><input type=checkbox data-as=main></div>
  <div role=option><span>North</span><input type=checkbox data-as=north checked></div></div>"""
"""A list whose checks stand at the end of their lines."""


def test_a_check_at_the_end_of_its_line_is_named_by_the_line(show: Show) -> None:
    shown = show(CHECKS_AT_THE_END)
    assert lists.read_list(shown.screen, "Accessible Locations") == {"Main": False, "North": True}
    assert lists.set_list(shown.screen, "Accessible Locations", lambda name: True) == {"Main": True, "North": True}
    assert shown.changed() == {"main": "on"}


def test_two_checks_at_the_end_of_a_line_are_not_named_by_it(show: Show) -> None:
    page = CHECKS_AT_THE_END.replace("<input type=checkbox data-as=main>", "<input type=checkbox><input type=checkbox>")
    assert lists.read_list(show(page).screen, "Accessible Locations") == {"North": True}


A_LABEL_OVER_ITS_CONTROL = """
<div style="position: relative; width: 160px">
  <label id=name style="position: absolute; inset: 4px 8px; z-index: 1">Primary Location</label>
  <div role=combobox tabindex=0 aria-labelledby=name aria-expanded=false style="height: 26px; border: 1px solid #aaa">
    <span data-as=primary></span></div></div>
<div id=list role=listbox hidden><div role=option>Main</div><div role=option>North</div></div>
<script>
  const list = document.getElementById('list'), box = document.querySelector('[role=combobox]');
  const open = (so) => { list.hidden = !so; box.setAttribute('aria-expanded', so); };
  box.parentElement.onclick = () => open(list.hidden);
  list.onclick = (event) => {
    box.firstElementChild.textContent = event.target.textContent;
    document.getElementById('name').style.top = '-12px';
    open(false);
  };
</script>"""
"""A dropdown with nothing chosen: its label stands in it, over its middle."""


def test_a_dropdown_is_pressed_through_the_label_that_floats_in_it(show: Show) -> None:
    shown = show(A_LABEL_OVER_ITS_CONTROL)
    choices.choose(shown.screen, "Primary Location", "North")
    assert shown.truth()["primary"] == "North"


def test_the_label_of_something_else_is_not_pressed_through(show: Show) -> None:
    page = A_LABEL_OVER_ITS_CONTROL.replace("aria-labelledby=name", "aria-label='Primary Location'")
    shown = show(page)
    sight = shown.screen.look()[0]
    with pytest.raises(ScreenChanged, match="can't be clicked"):
        shown.screen.press(sight, seek((sight,), "Primary Location", ("choice",)).widget, seconds=0.5)


DAYS_THAT_STAY_DOWN = """
<style>button { padding: 8px } .tick { display: inline-block; width: 0; height: 18px; overflow: hidden }
  .tick i { display: block; width: 18px; height: 18px } [aria-pressed=true] .tick { width: 18px }</style>
<h3>Login Restrictions</h3>
<div><span>Login Allowed</span> <span id=days></span></div>
<script>
  for (const day of ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']) {
    const button = document.createElement('button');
    button.innerHTML = `<span class=tick><i class="kit-checkbox kit-checkbox-checked"></i></span><span>${day}</span>`;
    const show = (down) => { button.setAttribute('aria-pressed', down); button.dataset.value = down; };
    button.dataset.as = day;
    button.onclick = () => show(button.getAttribute('aria-pressed') !== 'true');
    show(day === 'Tue');
    document.getElementById('days').append(button);
  }
</script>"""
"""A button for each day, which stays down where login is allowed; each holds a tick that is hidden while it is up."""


def test_a_day_is_allowed_whose_button_is_down(show: Show) -> None:
    shown = show(DAYS_THAT_STAY_DOWN)
    assert [day for day, place in day_checks(shown.screen.look()).items() if place.widget.checked == "true"] == [
        "Tuesday"
    ]
    employee.set_days(shown.screen)
    assert set(shown.truth().values()) == {"true"}


@pytest.mark.parametrize(("words", "found"), [("Login Allowed", 7), ("Days to show", 0)])
def test_buttons_for_days_count_only_where_they_say_what_they_are_for(show: Show, words: str, found: int) -> None:
    page = DAYS_THAT_STAY_DOWN.replace("kit-checkbox ", "").replace("kit-checkbox-checked", "")
    assert len(day_checks(show(page.replace("Login Allowed", words)).screen.look())) == found


A_CHIP_AND_ITS_CROSS = """
<style>i { font-family: "Material Icons"; font-style: normal }</style>
<div>User Roles</div><div role=row><span>OneSpot</span><button><i>cancel</i></button></div>
<button><i>person_add</i><span>Add</span></button>"""
"""Pictures that a font draws for their names."""


def test_the_name_of_a_picture_is_not_read_as_words(show: Show) -> None:
    sight = show(A_CHIP_AND_ITS_CROSS).screen.look()[0]
    assert [t.own for t in sight.texts] == ["User Roles", "OneSpot", "Add"]
    assert [i.said for i in sight.icons] == [("cancel",)]


A_FRAME_IN_PARTS = """
<style>.part { position: absolute; top: 0; bottom: 0; border: 1px solid #777; pointer-events: none }</style>
<label for=role>User Roles</label>
<div style="position: relative; width: 400px; padding: 20px 12px">
  <div class=part style="left: 0; width: 12px; border-right: 0"></div>
  <div class=part style="left: 12px; right: 0; border-left: 0"></div>
  <div id=chips></div>
  <input id=role role=combobox aria-expanded=false style="border: 0; width: 100%"></div>
<div id=list role=listbox hidden><div role=option>Biller</div><div role=option>OneSpot</div></div>
<script>
  const list = document.getElementById('list'), input = document.querySelector('input');
  const open = (so) => { list.hidden = !so; input.setAttribute('aria-expanded', so); };
  input.onclick = () => open(list.hidden);
  list.onclick = (event) => {
    document.getElementById('chips').innerHTML += `<span data-as=role>${event.target.textContent}</span>`;
    event.target.remove();
    open(false);
  };
</script>"""
"""A dropdown to type into; the frame around it and the chips above it is drawn by parts that lie over both."""


def test_what_is_chosen_is_read_in_a_frame_that_is_drawn_in_parts(show: Show) -> None:
    shown = show(A_FRAME_IN_PARTS)
    assert lists.set_list(shown.screen, "User Roles", lambda name: name == "OneSpot", must="OneSpot") == {
        "Biller": False,
        "OneSpot": True,
    }
    assert shown.truth() == {"role": "OneSpot"}


def test_what_stands_beside_a_menu_is_no_menu_for_being_called_its_content(show: Show) -> None:
    page = """<div class="kit"><div class="mat-sidenav"><a>Employees</a></div><div class="mat-sidenav-content">
      <table><tr><td>OneSpot</td><td>Sync</td></tr></table></div></div>"""
    assert all_rows(show(page).screen, equals("OneSpot")) == [("OneSpot", "Sync")]
