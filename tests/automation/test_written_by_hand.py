"""What pages draw that were written by hand: signs for arrows, pictures for checks, a page load at every press."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Route

from automation import trees
from automation.errors import ScreenChanged
from automation.fields import spot
from automation.lists import read_list, set_list
from automation.revolutionehr.desired import DAYS
from automation.revolutionehr.pages import employee, user_roles
from automation.revolutionehr.pages.days import day_checks, day_hours
from automation.screen import Screen
from tests.automation.conftest import Show

pytestmark = pytest.mark.browser

ROOT = ("Accounting Module",)

SIGNS_FOR_ARROWS = """
<ul>
  <li><a href="#">[+]</a> <input type=checkbox> Accounting Module
    <ul hidden><li><input type=checkbox> View Claims</li><li><input type=checkbox checked> View Invoices</li></ul></li>
  <li><a href="#">[+]</a> <input type=checkbox> Tasks Module
    <ul hidden><li><input type=checkbox checked> View Tasks</li></ul></li>
</ul>
<script>
  for (const sign of document.querySelectorAll('a')) {
    const inside = sign.parentElement.querySelector('ul');
    sign.onclick = () => { inside.hidden = !inside.hidden; sign.textContent = inside.hidden ? '[+]' : '[-]'; };
  }
</script>"""
"""A tree whose arrows are written as signs."""


@pytest.mark.parametrize(("closed", "opened"), [("[+]", "[-]"), ("+", "−"), ("▸", "▾"), ("►", "▼")])
def test_a_folder_before_which_a_plus_is_written_is_opened(show: Show, closed: str, opened: str) -> None:
    page = SIGNS_FOR_ARROWS.replace("[+]", closed).replace("[-]", opened)
    nodes = trees.open_all(show(page).screen, ROOT)
    assert [n.name for n in trees.ticked(nodes)] == ["View Invoices", "View Tasks"]
    assert [n.opened for n in nodes if not n.folders] == [True, True]


PICTURES_FOR_CHECKS = """
<style>
  i { display: inline-block; width: 18px; height: 18px; cursor: pointer }
  .fa-caret-right::before { content: "▸" } .fa-caret-down::before { content: "▾" } .fa-square-o::before { content: "☐" }
  .fa-check-square-o::before { content: "☑" } .fa-minus-square-o::before { content: "⊟" }
  ul { list-style: none; padding-left: 48px }
</style>
<ul>
  <li><i class="fa fa-caret-right"></i> <i class="fa fa-minus-square-o"></i> <span>Accounting Module</span>
    <ul hidden><li><i class="fa fa-square-o"></i> <span>View Claims</span></li>
      <li><i class="fa fa-check-square-o"></i> <span>View Invoices</span></li></ul></li>
  <li><i class="fa fa-caret-right"></i> <i class="fa fa-square-o"></i> <span>Tasks Module</span>
    <ul hidden><li><i class="fa fa-square-o"></i> <span>View Tasks</span></li></ul></li>
</ul>
<script>
  for (const arrow of document.querySelectorAll('.fa-caret-right')) arrow.onclick = () => {
    arrow.parentElement.querySelector('ul').hidden = arrow.classList.toggle('fa-caret-right');
    arrow.classList.toggle('fa-caret-down');
  };
</script>"""
"""A tree whose checks are pictures by their classes; the folder that is ticked in part has a minus in a square."""


def test_a_minus_in_a_square_after_an_arrow_is_a_check_that_is_mixed(show: Show) -> None:
    shown = show(PICTURES_FOR_CHECKS)
    assert [n.check and n.check.checked for n in trees.read(shown.screen, ROOT)] == ["mixed", "false"]
    nodes = trees.open_all(shown.screen, ROOT)
    assert [(n.folders, n.name) for n in trees.ticked(nodes)] == [(("Accounting Module",), "View Invoices")]


def test_a_minus_in_a_square_with_nothing_before_it_is_an_arrow(show: Show) -> None:
    page = PICTURES_FOR_CHECKS.replace('<i class="fa fa-caret-right"></i> ', "")
    assert [n.name for n in trees.read(show(page).screen, ROOT) if n.check] == ["Tasks Module"]


def test_a_tree_is_read_whole_of_which_each_folder_loads_the_page_anew(screen: Screen) -> None:
    modules = [f"{name} Module" for name in ("Accounting", "Inventory", "Orders", "Patients", "Tasks")]

    def page(route: Route) -> None:
        opened = parse_qs(urlsplit(route.request.url).query).get("open", [])
        lines = ""
        for name in modules:
            others = "&".join(f"open={one}" for one in modules if (one in opened) is not (one == name))
            inside = f"<ul><li><input type=checkbox checked> View {name}</ul>" if name in opened else ""
            sign = "-" if name in opened else "+"
            lines += f'<li><a href="/?{others}">[{sign}]</a> <input type=checkbox> {name}{inside}'
        screen.page.wait_for_timeout(120)
        route.fulfill(body=f"<ul>{lines}</ul>", content_type="text/html")

    screen.page.route("**/*", page)
    screen.open("http://127.0.0.1:9/")
    nodes = trees.open_all(screen, ROOT)
    assert [n.name for n in trees.ticked(nodes)] == [f"View {name}" for name in modules]


HEADS = "".join(f"<th>{day}</th>" for day in DAYS)
DAYS_IN_WIDE_COLUMNS = f"""
<style>table {{ width: 1600px; table-layout: fixed }} th {{ text-align: left }}
  td:not(:first-child) {{ text-align: center }} .times td {{ text-align: left }}</style>
<h3>Login Restrictions</h3>
<table><tr><td></td>{HEADS}</tr>
  <tr><td>Login Allowed</td>{"".join(f"<td><input type=checkbox data-as={day} checked></td>" for day in DAYS)}</tr>
  <tr class=times><td>From</td>{"<td><input size=5 value=08:00></td>" * 7}</tr>
  <tr class=times><td>To</td>{"<td><input size=5 value=18:00></td>" * 7}</tr></table>"""
"""The days head columns in which their checks stand far to the right of where the words begin, and the hours do not."""


def test_a_day_heads_all_of_its_column(show: Show) -> None:
    shown = show(DAYS_IN_WIDE_COLUMNS.replace("Sunday checked", "Sunday"))
    checks = day_checks(shown.screen.look())
    assert {day: place.widget.checked for day, place in checks.items()} == {d: str(d != "Sunday").lower() for d in DAYS}
    assert day_hours(checks) == dict.fromkeys(DAYS, ("08:00", "18:00"))
    employee.set_days(shown.screen)
    assert set(shown.truth().values()) == {"on"}


def test_two_checks_in_the_column_of_a_day_are_not_told_apart(show: Show) -> None:
    two = DAYS_IN_WIDE_COLUMNS.replace(
        "<input type=checkbox data-as=Friday", "<input type=checkbox> <input type=checkbox"
    )
    assert "Friday" not in day_checks(show(two).screen.look())


def test_the_lists_of_roles_are_told_from_one_below_them(show: Show) -> None:
    lists = "".join(
        f"<td>{head}<br><select multiple size=4 style=width:120px data-as={head}>{options}</select>"
        for head, options in (("Available", "<option>Biller<option>OneSpot"), ("Assigned", ""))
    )
    shown = show(f"""
<table><tr><td colspan=2><i>User Roles</i><tr><td>Roles<td><table><tr>{lists}</table>
  <tr><td>Accessible Locations<td><select multiple data-as=places><option>Alder<option>Birch</select></table>""")
    assert read_list(shown.screen, "User Roles") == {"Biller": False, "OneSpot": False}
    with pytest.raises(ScreenChanged):  # nothing moves it: chosen on the left, it is not taken
        set_list(shown.screen, "User Roles", lambda name: name == "OneSpot")
    assert set(set_list(shown.screen, "Accessible Locations", lambda name: True)) == {"Alder", "Birch"}
    assert shown.truth()["places"] == "Alder | Birch"


def test_an_image_that_is_pressed_is_an_icon(show: Show) -> None:
    (sight,) = show(
        "<form><input type=image src=data:, alt=Search style='width: 16px; height: 16px'></form>"
    ).screen.look()
    assert [icon.said for icon in sight.icons] == [("Search",)]


A_SERVER_THAT_SAYS_NO = """
<p><span style="color: #c00">Please complete all of it.</span></p><div id=said></div><h2>Add User Role</h2>
<form><table><tr><td>User Role Name</td><td><input value=OneSpot></td></tr><tr><td>Access Permissions</td></tr></table>
  <input type=submit value=Save></form>
<script>
  document.forms[0].onsubmit = () => {
    said.innerHTML = '<b STYLE>This name is already in use.</b>';
    return false;
  };
</script>"""
"""What is said above the form is known for an error by its colour alone; one sentence in red was there before."""


@pytest.mark.parametrize(
    ("style", "said"), [("style=color:#b91c1c", True), ("style=color:#1c1cb9", False), ("", False)]
)
def test_what_is_written_in_red_when_a_form_stays_open_is_why(show: Show, style: str, said: bool) -> None:
    error = user_roles.save(show(A_SERVER_THAT_SAYS_NO.replace("STYLE", style)).screen, lambda: None)
    assert (error is not None) is said
    assert error is None or error.what == "RevolutionEHR did not save the user role: “This name is already in use.”"


@pytest.mark.parametrize(("color", "said"), [("#b10e1c", True), ("#0e700e", False)])
def test_a_message_beside_a_red_sign_is_an_error(show: Show, color: str, said: bool) -> None:
    sign = f"<svg width=20 height=20 fill=currentColor style=color:{color}><circle cx=10 cy=10 r=8 /></svg>"
    bar = f"<div class=kit-MessageBar role=group>{sign}<b>This name is already in use.</b></div>"
    page = A_SERVER_THAT_SAYS_NO.replace("<b STYLE>This name is already in use.</b>", bar)
    error = user_roles.save(show(page).screen, lambda: None)
    assert (error is not None) is said
    assert error is None or error.what == "RevolutionEHR did not save the user role: “This name is already in use.”"


A_TOGGLE = """
<style>i { display: inline-block; width: 28px; height: 16px; cursor: pointer; background: #ccc }</style>
<div><label>Allow Emergency Access</label> <span><i class="fa fa-toggle-on" data-as=it data-value=on></i></span></div>
<script>document.querySelector('i').onclick = ({ target }) => {
  target.dataset.value = target.classList.toggle('fa-toggle-off') ? 'off' : 'on';
  target.classList.toggle('fa-toggle-on');
};</script>"""
"""A check that is the picture of a toggle."""


def test_the_picture_of_a_toggle_is_a_check(show: Show) -> None:
    shown = show(A_TOGGLE)
    employee.set_emergency_off(shown.screen)
    assert shown.truth()["it"] == "off"
    employee.set_emergency_off(shown.screen)
    assert shown.truth()["it"] == "off"


DAYS_IN_A_GROUP = f"""
<div><label>Login Allowed</label>
  <div class=btn-group>{"".join(f"<button class=btn data-as={day} data-value=up>{day}</button>" for day in DAYS)}</div>
  <button class="btn active">Monday</button></div>
<script>for (const button of document.querySelectorAll('.btn-group button')) {{
  const press = () => {{ button.dataset.value = button.classList.toggle('active') ? 'down' : 'up'; }};
  button.onclick = press;
  if (button.dataset.as === 'Tuesday') press();
}}</script>"""
"""A button for each day in a group of them; which are down is told by the name of their looks. One is in no group."""


def test_a_button_of_a_group_is_down_that_looks_so(show: Show) -> None:
    shown = show(DAYS_IN_A_GROUP)
    checks = day_checks(shown.screen.look())
    assert [day for day, place in checks.items() if place.widget.checked == "true"] == ["Tuesday"]
    employee.set_days(shown.screen)
    assert set(shown.truth().values()) == {"down"}


@pytest.mark.parametrize("head", ["2. Login Details", "Step 2: Login Details", "2 Login Details"])
def test_the_head_of_a_section_may_be_numbered(show: Show, head: str) -> None:
    shown = show(f"""
<div>1. Personal Details</div><div onclick="document.querySelector('p').hidden = false">{head}</div><div>Details</div>
<p hidden><label>Username <input data-as=name></label></p>""")
    employee.set_username(shown.screen, "OneSpot2915")
    assert shown.truth()["name"] == "OneSpot2915"


A_DRAWER = """
<style>
  .scrim { position: fixed; inset: 0; background: #0008; z-index: 4 }
  .drawer { position: fixed; right: 0; top: 0; bottom: 0; width: 600px; background: #fff; z-index: 5; padding: 20px }
  .list { position: absolute; left: 1360px; top: 62px }
</style>
<h2>Employees</h2><input placeholder=Search><div class=list>Front Desk</div>
<div class=scrim></div>
<aside class=drawer><div>New Employee</div><p>Primary Location</p>
  <button aria-haspopup=listbox>Choose</button><button>Save</button></aside>"""
"""A drawer over a page that it keeps out of reach, and of which nothing says that it is a dialog."""


def test_what_lies_over_a_backdrop_is_a_dialog_and_no_menu(show: Show) -> None:
    (sight,) = show(A_DRAWER).screen.look()
    assert sight.dialog is not None
    assert sight.dialog.text.startswith("New Employee")
    assert [w.kind for w in sight.fitting(("text", "choice"))] == ["choice"]
    assert not any(t.nav for t in sight.texts)
    assert spot((sight,), "Primary Location", ("choice",)) is not None


@pytest.mark.parametrize(
    ("now", "then"),
    [("<button aria-haspopup=listbox>Choose</button><button>Save</button>", ""), ("class=scrim", "class=scrim hidden")],
    ids=["nothing to press in it", "no backdrop"],
)
def test_what_only_floats_over_the_page_is_no_dialog(show: Show, now: str, then: str) -> None:
    (sight,) = show(A_DRAWER.replace(now, then)).screen.look()
    assert sight.dialog is None


CHIPS_DRAWN_ANEW = """
<style>
  .chips { border: 1px solid #999; width: 560px; padding: 6px; position: relative }
  .chips input { border: 0; outline: 0 }
  .pop { position: absolute; left: 0; top: 100%; width: 100%; background: #fff }
</style>
<main></main>
<script>
  let taken = ['Alder'], open = false;
  const main = document.querySelector('main'), all = ['Alder', 'Birch', 'Cedar'];
  const draw = () => {
    const rest = all.filter((one) => !taken.includes(one)).map((one) => `<div role=option>${one}</div>`).join('');
    main.innerHTML = `<p>Accessible Locations</p><div class=chips data-as=places data-value="${taken}">
      ${taken.map((one) => `<span>${one}<button>×</button></span>`).join('')}<input placeholder="Add a location">
      ${open ? `<div class=pop role=listbox>${rest || '<div>No matches</div>'}</div>` : ''}</div>
      <p><button>Cancel</button></p>`;
  };
  document.addEventListener('mousedown', (event) => {
    const option = event.target.closest('[role=option]');
    if (option) { event.preventDefault(); taken = [...taken, option.textContent]; }
    if (!option && event.target.closest('input')) return;
    if (open) { open = false; draw(); }
  });
  document.addEventListener('focusin', ({ target }) => {
    if (!target.matches('input') || open) return;
    open = true;
    draw();
    document.querySelector('input').focus();
  });
  draw();
</script>"""
"""A field to type in after the chips of what is taken, which offers the rest; every time all of it is drawn anew."""


def test_a_field_that_offers_what_may_be_added_is_a_list(show: Show) -> None:
    shown = show(CHIPS_DRAWN_ANEW)
    assert read_list(shown.screen, "Accessible Locations") == {"Alder": True, "Birch": False, "Cedar": False}
    assert set(set_list(shown.screen, "Accessible Locations", lambda name: True)) == {"Alder", "Birch", "Cedar"}
    assert shown.truth()["places"] == "Alder,Birch,Cedar"
    assert read_list(shown.screen, "Accessible Locations") == {"Alder": True, "Birch": True, "Cedar": True}


DRAWN_ANEW_WHEN_SCROLLED = """
<style>[role=tree] { height: 90px; overflow: auto } button { border: 0; width: 20px; height: 20px; padding: 0 }</style>
<div role=tree></div>
<script>
  const tree = document.querySelector('[role=tree]'), opened = new Set();
  const line = (name, level, head) =>
    `<div role=treeitem aria-level=${level}>${head}<input type=checkbox> ${name}</div>`;
  const draw = () => {
    tree.innerHTML = ['Accounting', 'Orders', 'Pulse', 'Tasks'].map((name) => {
      const arrow = `<button aria-expanded=${opened.has(name)} data-name=${name}><svg width=9 height=9></svg></button>`;
      return line(`${name} Module`, 1, arrow) + (opened.has(name) ? line(`View ${name}`, 2, '') : '');
    }).join('');
  };
  tree.onscroll = draw;
  tree.onclick = ({ target }) => {
    const name = target.closest('button')?.dataset.name;
    if (name) { opened.has(name) ? opened.delete(name) : opened.add(name); draw(); }
  };
  draw();
</script>"""
"""A tree whose lines are others whenever it is scrolled; its arrows have no name, and say only if they are open."""


def test_an_arrow_that_is_drawn_anew_when_it_is_scrolled_to_is_pressed(show: Show) -> None:
    nodes = trees.open_all(show(DRAWN_ANEW_WHEN_SCROLLED).screen, ROOT)
    assert [n.name for n in nodes if n.folders] == ["View Accounting", "View Orders", "View Pulse", "View Tasks"]


A_FIELDSET_THAT_WAITS_FOR_EDIT = """
<h4>Personal Details</h4><button>Edit</button>
<fieldset disabled><label>First Name <input data-as=first></label>
<label>Last Name <input data-as=last></label></fieldset>
<script>
  document.querySelector('button').onclick = () => { document.querySelector('fieldset').disabled = false; };
</script>"""
"""A section whose fields are locked all at once by what holds them."""


def test_fields_that_their_fieldset_locks_wait_for_edit(show: Show) -> None:
    shown = show(A_FIELDSET_THAT_WAITS_FOR_EDIT)
    employee.set_name(shown.screen)
    assert shown.changed() == {"first": "Sync", "last": "OneSpot"}
