"""What component kits do that a reader doesn't notice: leaves that say they are closed, tabs around everything, a
scroll that a script moves, a head that ticks all lines, a combobox whose input is a spot in its frame."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from automation import choices, trees
from automation.errors import ScreenChanged
from automation.fields import CHECK, TEXT, seek, set_check, set_secret, set_text, shows, spot
from automation.lists import read_list, set_list
from automation.revolutionehr.pages import employee, header, user_roles
from automation.tables import equals, open_row
from tests.automation.conftest import PAGES, Show

pytestmark = pytest.mark.browser

ROOT = ("Accounting Module",)

LEAVES_THAT_SAY_CLOSED = """
<style>
  .arrow { display: inline-block; width: 14px; height: 14px; background: #ddd; cursor: pointer }
  .leaf { visibility: hidden }
  [role=group] { margin-left: 24px } [role=treeitem] > div { line-height: 22px }
</style>
<div role=tree>
  <div role=treeitem tabindex=0 aria-expanded=false>
    <div><i class="arrow expand-icon"></i> <label><input type=checkbox data-as=folder></label>
      <span>Accounting Module</span></div>
  </div>
</div>
<script>
  const folder = document.querySelector('[role=treeitem]');
  const leaf = (name) => `<div role=treeitem tabindex=-1 aria-expanded=false>
    <div><i class="arrow expand-icon leaf"></i> <label><input type=checkbox data-as="${name}"></label>
      <span>${name}</span></div></div>`;
  document.querySelector('.arrow').onclick = () => {
    if (folder.getAttribute('aria-expanded') === 'true') return;
    folder.setAttribute('aria-expanded', 'true');
    const leaves = ['View Invoices', 'Edit Invoices'].map(leaf).join('');
    folder.insertAdjacentHTML('beforeend', `<div role=group>${leaves}</div>`);
  };
  addEventListener('keydown', (event) => {     // the kit's way: an arrow key is a click, and a click on a leaf ticks it
    const line = event.key === 'ArrowRight' && event.target.closest('[role=treeitem]');
    if (line && line !== folder) line.querySelector('input').click();
  });
</script>"""
"""A tree in which every line says that it is closed, the leaves too, and an arrow key ticks a leaf."""


def test_a_line_without_an_arrow_is_not_opened_where_folders_have_one(show: Show) -> None:
    shown = show(LEAVES_THAT_SAY_CLOSED)
    assert [n.name for n in trees.open_all(shown.screen, ROOT)] == [
        "Accounting Module",
        "View Invoices",
        "Edit Invoices",
    ]
    assert set(shown.truth().values()) == {"off"}


THREE_TWISTIES = """
<style>
  .twistie { cursor: pointer } .collapsed, .expanded, .leaf { display: none } .shut > ul { display: none }
  .shut > .twistie .collapsed, .open > .twistie .expanded, .last > .twistie .leaf { display: inline }
</style>
<ul>
  <li class=shut><span class=twistie id=mark><span class="collapsed">(+)</span><span class="expanded">(-)</span
      ><span class="leaf">o</span></span> <input type=checkbox> <span>Accounting Module</span>
    <ul><li class=last><span class=twistie><span class="collapsed">(+)</span><span class="expanded">(-)</span
      ><span class="leaf">o</span></span> <input type=checkbox checked> <span>View Invoices</span></li></ul></li>
</ul>
<script>
  const folder = document.querySelector('.shut');
  document.getElementById('mark').onclick = () => { folder.className = folder.className === 'shut' ? 'open' : 'shut'; };
</script>"""
"""A tree in which each line holds the marks of all states, of which one is shown."""


def test_a_mark_that_is_not_shown_says_nothing(show: Show) -> None:
    nodes = trees.open_all(show(THREE_TWISTIES).screen, ROOT)
    assert [(n.folders, n.name, n.ticked) for n in nodes][1:] == [(ROOT, "View Invoices", True)]


PLAIN_MARKS = (
    THREE_TWISTIES.replace("collapsed", "a").replace("expanded", "b").replace("leaf", "c")
    + """
<script>document.querySelector('input').indeterminate = true</script>"""
)
"""The same without any name for its marks; but the folder is ticked in part."""


def test_a_folder_that_is_ticked_in_part_hides_something(show: Show) -> None:
    nodes = trees.open_all(show(PLAIN_MARKS.replace("class=twistie", "class='twistie toggle'")).screen, ROOT)
    assert [n.name for n in nodes if n.ticked] == ["View Invoices"]


def test_a_tree_that_a_script_scrolls_is_read_whole(show: Show) -> None:
    page = (PAGES / "tree.html").read_text(encoding="utf-8").replace("'nested'", "'virtual'", 1)
    shown = show(page.replace("overflow-y: auto", "overflow-y: hidden; overflow-anchor: none"))
    assert len(trees.open_all(shown.screen, ROOT)) == 4 + 6 + 6 + 3 + 2 + 2


TABS_AROUND_EVERYTHING = """
<div role=tablist>
  <div><div role=tab>Location Access</div><div role=tabpanel>
    <div><label>Accessible Locations</label>
      <div><label><input type=checkbox data-as=main> Fairhaven Main</label></div>
      <div><label><input type=checkbox data-as=north> Fairhaven North</label></div></div></div></div>
</div>
<div id=sidebar role=tablist><div><div role=tab>Employee/Roles</div>
  <div role=tabpanel><a>User Roles</a></div></div></div>"""
"""An accordion whose sections stand in its list of tabs; and a menu made of the same."""


def test_what_a_tab_opens_is_no_part_of_the_menu(show: Show) -> None:
    shown = show(TABS_AROUND_EVERYTHING)
    assert read_list(shown.screen, "Accessible Locations") == {"Fairhaven Main": False, "Fairhaven North": False}
    nav = {t.own: t.nav for t in shown.screen.look()[0].texts}
    assert nav == {"Location Access": True, "Accessible Locations": False, "Fairhaven Main": False,
                   "Fairhaven North": False, "Employee/Roles": True, "User Roles": True}  # fmt: skip


A_HEAD_THAT_TICKS_ALL = """
<div style="display: flex"><div style="width: 160px">Accessible Locations</div><table>
  <thead><tr><th><input type=checkbox data-as=all></th><th>Location</th></tr></thead>
  <tr><td><input type=checkbox data-as=main></td><td>Fairhaven Main</td></tr>
  <tr><td><input type=checkbox data-as=north></td><td>Fairhaven North</td></tr>
  <tr><td><input type=checkbox data-as=closed></td><td>Old Mill Road (closed)</td></tr></table></div>
<script>
  const boxes = document.querySelectorAll('td input');
  document.querySelector('th input').onchange = (event) => {
    for (const box of boxes) box.checked = event.target.checked;
  };
</script>"""
"""A table of checks; the one in its head ticks every line."""


def test_the_check_in_the_head_of_a_table_is_no_entry(show: Show) -> None:
    shown = show(A_HEAD_THAT_TICKS_ALL)
    set_list(shown.screen, "Accessible Locations", lambda name: "closed" not in name)
    assert shown.changed() == {"main": "on", "north": "on"}


A_SPOT_IN_A_FRAME = """
<div><div>User Roles</div>
  <div id=frame style="border: 1px solid #888; width: 400px; height: 30px; position: relative">
    <input role=combobox aria-expanded=false style="width: 10px; border: 0; outline: 0; margin: 6px">
    <div id=list style="position: absolute; top: 32px; left: 0; z-index: 1000; background: #fff" hidden>
      <div role=option data-as=desk data-value=no>Front Desk</div>
      <div role=option data-as=onespot data-value=no>OneSpot</div></div>
  </div>
</div>
<script>
  const input = document.querySelector('input'), list = document.getElementById('list');
  const turn = (open) => { list.hidden = !open; input.setAttribute('aria-expanded', open); };
  input.onclick = () => turn(true);
  input.onkeydown = (event) => { if (event.key === 'ArrowDown') turn(true); };
  document.onmousedown = (event) => { if (!document.getElementById('frame').contains(event.target)) turn(false); };
  for (const option of list.children) option.onclick = () => {
    option.dataset.value = 'yes'; option.remove();
    input.insertAdjacentHTML('beforebegin', `<span>${option.textContent}</span>`); turn(false);
  };
</script>"""
"""A combobox that opens only from its own input, which is a spot in its frame, and whose list is a part of it."""


def test_a_combobox_opens_from_the_spot_that_takes_the_keys(show: Show) -> None:
    shown = show(A_SPOT_IN_A_FRAME)
    assert read_list(shown.screen, "User Roles") == {"Front Desk": False, "OneSpot": False}
    assert set_list(shown.screen, "User Roles", lambda name: name == "OneSpot")["OneSpot"] is True
    assert shown.truth()["desk"] == "no"


def test_a_button_drawn_in_red_is_no_message(show: Show) -> None:
    sight = show("<div class='alert alert-danger'>Not saved</div><button class='btn btn-danger'>Deactivate</button>")
    assert [alert.text for alert in sight.screen.look()[0].alerts] == ["Not saved"]


UNDER_A_HEAD = """
<button style="display: block; width: 500px; height: 30px; margin: 0" data-as=head data-value=untouched
  onclick="this.dataset.value = 'pressed'">Location Access</button>
<div style="padding-left: 20px"><input role=combobox aria-label="Primary Location" aria-expanded=false readonly value=""
  style="display: block; width: 400px; height: 30px; margin: 0; border: 1px solid"></div>
<div id=list style="position: absolute; top: 120px; z-index: 1000" hidden><div role=option>Fairhaven Main</div>
  <div role=option>Fairhaven North</div></div>
<script>
  const input = document.querySelector('input'), list = document.getElementById('list');
  const turn = (open) => { list.hidden = !open; input.setAttribute('aria-expanded', open); };
  input.onclick = () => turn(true);
  document.onmousedown = (event) => { if (event.target !== input && !list.contains(event.target)) turn(false); };
</script>"""
"""A dropdown that closes only when something else is pressed, close under the head of its section."""


def test_to_close_a_dropdown_nothing_is_pressed_that_reacts(show: Show) -> None:
    shown = show(UNDER_A_HEAD)
    assert choices.options(shown.screen, "Primary Location") == ["Fairhaven Main", "Fairhaven North"]
    assert shown.truth()["head"] == "untouched"
    assert not shown.screen.page.locator("#list").is_visible()


CHIPS_BELOW = """
<div><div>User Roles</div><div><input role=combobox disabled placeholder="Select roles" style="width: 300px">
  <div><button disabled>OneSpot</button></div></div></div><p>Location Access</p><input>"""
"""A dropdown that may only be looked at; what is chosen stands below it."""


def test_what_is_chosen_may_stand_below_the_control(show: Show) -> None:
    assert read_list(show(CHIPS_BELOW).screen, "User Roles") == {"OneSpot": True}


A_SEARCH_IN_ITS_PLACE = """
<div><label>Primary Location</label><div>
  <button id=value class=select-toggle style="width: 300px; height: 30px" data-as=value>Fairhaven Main</button>
  <input id=search type=search placeholder=Search hidden></div>
  <div id=list style="position: absolute; z-index: 1000" hidden><div role=option>Fairhaven Main</div></div></div>
<script>
  const of = (id) => document.getElementById(id);
  of('value').onclick = () => { of('value').hidden = true; of('search').hidden = of('list').hidden = false; };
  document.onmousedown = (event) => {
    if (of('list').hidden || of('list').contains(event.target)) return;
    of('search').hidden = of('list').hidden = true;
    setTimeout(() => { of('value').hidden = false; }, 700);        // it fades in
  };
</script>"""
"""A dropdown that gives its place to a search box while it is open, and is back a moment after it closed."""


def test_a_dropdown_is_there_again_when_it_has_been_read(show: Show) -> None:
    shown = show(A_SEARCH_IN_ITS_PLACE)
    assert choices.options(shown.screen, "Primary Location") == ["Fairhaven Main"]
    assert shows(choices.seek_choice(shown.screen.look(), "Primary Location"), "Fairhaven Main")


CHIPS_WITH_A_CROSS = """
<div><div>User Roles</div><div style="border: 1px solid; width: 300px; padding: 3px">
  <span><span>\u00d7</span> <span>OneSpot</span></span>
  <input role=combobox disabled style="border: 0; width: 100px"></div></div><p>Location Access</p><input>"""
"""A locked dropdown: each chip has a cross that would take it away."""


def test_the_cross_of_a_chip_is_no_entry(show: Show) -> None:
    assert read_list(show(CHIPS_WITH_A_CROSS).screen, "User Roles") == {"OneSpot": True}


LEFT_SCROLLED = """
<div><label>Primary Location</label><input role=combobox readonly aria-label="Primary Location" style="width: 300px">
  <div id=frame style="overflow: hidden; height: 60px; width: 300px" hidden>
    <div id=list style="overflow: auto; height: 60px; line-height: 20px"></div></div></div>
<script>
  const frame = document.getElementById('frame'), list = document.getElementById('list');
  list.innerHTML = [...'ABCDEFGHIJ'].map((name) => `<div role=option>Branch ${name}</div>`).join('');
  document.querySelector('input').onclick = () => { frame.hidden = false; list.scrollTop = 140; };
  document.onmousedown = (event) => { if (!frame.contains(event.target)) frame.hidden = true; };
</script>"""
"""A dropdown whose list opens where somebody left it: at its end."""


def test_a_list_that_opens_at_its_end_is_read_from_its_top(show: Show) -> None:
    shown = show(LEFT_SCROLLED)
    assert set(choices.options(shown.screen, "Primary Location")) == {f"Branch {name}" for name in "ABCDEFGHIJ"}


ENTRIES_LIKE_DROPDOWNS = """
<style>.select-toggle, .select-row { width: 300px; height: 24px; line-height: 20px; cursor: pointer }</style>
<div><label>Primary Location</label><div>
  <button id=value class=select-toggle data-as=value>Birchwood</button>
  <div id=list style="position: absolute; top: 24px; z-index: 1000"></div></div></div>
<script>
  const value = document.getElementById('value'), list = document.getElementById('list');
  for (const name of ['Alder Creek', 'Birchwood', 'Cedar Hills']) {
    const row = Object.assign(document.createElement('div'), { className: 'select-row', textContent: name });
    row.onclick = () => { value.textContent = name; turn(false); };
    {role}
    list.append(row);
  }
  const turn = (open) => { list.hidden = !open; value.hidden = open; };
  turn(false);
  value.onclick = () => turn(true);
  document.onmousedown = (event) => { if (!list.contains(event.target)) turn(false); };
  onkeydown = (event) => { if (event.key === 'Tab') { value.textContent = 'Cedar Hills'; turn(false); } };
</script>"""
"""A dropdown that is hidden while it is open, and whose entries are drawn like dropdowns themselves."""


@pytest.mark.parametrize("role", ["", "row.setAttribute('role', 'option');"], ids=["no role", "option"])
def test_reading_what_a_dropdown_offers_never_chooses_an_entry(show: Show, role: str) -> None:
    shown = show(ENTRIES_LIKE_DROPDOWNS.replace("{role}", role))
    assert choices.options(shown.screen, "Primary Location") == ["Alder Creek", "Birchwood", "Cedar Hills"]
    assert shown.changed() == {}


def test_an_entry_of_an_open_list_is_no_dropdown(show: Show) -> None:
    entry = "<div role=option class=select-row style='width: 200px; height: 24px; cursor: pointer'>Birchwood</div>"
    sight = show(f"<label>Primary Location</label><ul><li>{entry}</li></ul>").screen.look()[0]
    assert sight.widgets == ()


A_LIST_LIKE_A_DIALOG = """
<style>
  #window { position: fixed; top: 40px; left: 40px; width: 500px; height: 400px; background: #fff; z-index: 1001 }
  .overlay { position: fixed; inset: 0; z-index: 1000; background: rgba(0, 0, 0, 0.4) }
  #list { position: absolute; top: 150px; left: 60px; z-index: 1002; background: #fff; height: 60px; width: 200px }
</style>
<div id=window role=dialog aria-modal=true aria-label="New Employee">
  <div><label>First Name <input></label></div>
  <div style="margin-top: 40px"><label>Primary Location</label>
    <div id=box role=combobox tabindex=0 aria-expanded=false style="width: 200px; height: 28px; border: 1px solid">
      <span data-as=place></span></div></div></div>
<div class=overlay></div>
<script>
  const box = document.getElementById('box');
  const turn = (open) => {
    box.setAttribute('aria-expanded', open);
    const old = document.getElementById('list');
    if (!open) { box.removeAttribute('aria-owns'); if (old) setTimeout(() => old.remove(), 150); return; }
    box.setAttribute('aria-owns', 'list');
    document.body.insertAdjacentHTML('beforeend', `<div id=list role=dialog><ul role=listbox>
      <li role=option>Alder Creek</li><li role=option>Birchwood</li></ul></div>`);
    document.getElementById('list').onclick = ({ target }) => {
      box.firstElementChild.textContent = target.textContent;
      turn(false);
    };
  };
  box.onclick = () => turn(box.getAttribute('aria-expanded') !== 'true');
</script>"""
"""A form in a modal window, whose dropdown opens a list that calls itself a dialog and fades away when it is closed."""


def test_the_list_of_a_dropdown_is_no_dialog_over_its_form(show: Show) -> None:
    shown = show(A_LIST_LIKE_A_DIALOG)
    assert choices.options(shown.screen, "Primary Location") == ["Alder Creek", "Birchwood"]
    assert shown.changed() == {}
    choices.choose(shown.screen, "Primary Location", "Birchwood")
    assert shown.changed() == {"place": "Birchwood"}


SLIDING_SWITCH = """
<style>
  .switch { position: relative; display: inline-block; width: 46px; height: 20px; overflow: hidden; cursor: pointer }
  .switch input { position: absolute; opacity: 0; width: 1px; height: 1px }
  .switch span { position: absolute; top: 2px; width: 42px; height: 16px; background: #ccc; left: 2px }
  .switch .on { left: -40px } input:checked ~ .on { left: 2px } input:checked ~ .off { left: 44px }
</style>
<div><span style="display: inline-block; width: 100px">Monday</span>
  <label class=switch><input type=checkbox role=switch data-as=monday>
    <span class=on></span><span class=off></span></label></div>"""
"""A switch of two halves that slide: the one that isn't meant stands outside of its frame, and is cut off there."""


def test_a_switch_is_pressed_where_it_is_seen(show: Show) -> None:
    shown = show(SLIDING_SWITCH)
    for wanted, state in ((True, "on"), (False, "off")):
        set_check(shown.screen, "Monday", lambda sights: seek(sights, "Monday", CHECK), wanted)
        assert shown.truth() == {"monday": state}


def test_what_holds_the_page_is_no_menu_for_being_named_after_one(show: Show) -> None:
    """Kits mark the part that a side menu pushes aside, or the whole page, with a class that begins like the menu's."""
    part = "<div class={name} style='width: 95vw; height: 90vh'><div class=sidebar>Locations</div><p>OneSpot</p></div>"
    for name in ("e-sidebar-context", "sidebar-mini", "nav-md"):
        seen = {t.own: t.nav for t in show(part.replace("{name}", name)).screen.look()[0].texts}
        assert seen == {"Locations": True, "OneSpot": False}


WHAT_A_FIELD_SAYS = """
<style>
  .mask { position: fixed; inset: 0; z-index: 1000; background: rgba(0, 0, 0, 0.4) }
  #window { position: fixed; inset: 0 0 0 40%; background: #fff; z-index: 1001 }
  #meter { position: absolute; top: 100px; left: 45%; width: 220px; height: 70px; background: #fff; z-index: 1002 }
</style>
<div class=mask></div>
<div id=window role=complementary aria-modal=true aria-label="New Employee" style="padding: 20px">
  <label>Username <input data-as=name></label>
  <div><label>Password <input type=password id=password></label></div></div>
<script>
  const password = document.getElementById('password');
  password.onfocus = () =>
    document.body.insertAdjacentHTML('beforeend', '<div id=meter role=dialog aria-live=polite>Enter a password</div>');
  password.onblur = () => setTimeout(() => document.getElementById('meter').remove(), 150);
</script>"""
"""A form in a drawer, where a field calls what it says of a password a dialog, and lets it fade away afterwards."""


def test_what_a_field_says_of_its_password_is_no_dialog_over_its_form(show: Show) -> None:
    shown = show(WHAT_A_FIELD_SAYS)
    set_text(shown.screen, "Username", "OneSpot2915")  # leaving it opens what the next one says
    sight = shown.screen.look()[0]
    assert sight.shows("Enter a password")
    assert len(sight.dialogs) == 1
    assert shown.changed() == {"name": "OneSpot2915"}
    shown.screen.key("Tab")
    assert len(shown.screen.look()[0].dialogs) == 1


@pytest.mark.parametrize("around", ["", "aria-modal=true"])
def test_a_dialog_over_the_field_that_is_typed_in_is_one(show: Show, around: str) -> None:
    shown = show(f"""
      <div style="position: fixed; inset: 0; z-index: 9" class=mask></div>
      <label>Username <input autofocus></label><script>document.querySelector('input').focus()</script>
      <div role=dialog {around} style="position: fixed; inset: 80px; z-index: 10; background: #fff">Wait</div>""")
    assert [d.text for d in shown.screen.look()[0].dialogs] == ["Wait"]


A_WINDOW_FOR_THE_PASSWORD = """
<label>Username <input></label> <button id=opens>{words}</button>
<div role=dialog aria-modal=true hidden style="position: fixed; top: 80px; left: 80px; width: 400px; height: 200px">
  <h2>Temporary Password</h2>
  <div><label>Temporary Password <input type=password data-as=one></label></div>
  <div><label>Confirm Temporary Password <input type=password data-as=two></label></div>
  <button id=ok data-as=ok data-value=no>OK</button> <button>Cancel</button></div>
<button data-as=save data-value=no onclick="this.dataset.value = 'pressed'">Save</button>
<script>
  const of = (id) => document.getElementById(id), dialog = document.querySelector('[role=dialog]');
  of('opens').onclick = () => { dialog.hidden = false; };
  of('ok').onclick = () => { of('ok').dataset.value = 'pressed'; dialog.hidden = true; };
</script>"""
"""An employee's form whose temporary password is entered in a window of its own."""
WORDS = SecretStr("Otter-Candle-41")


def test_a_new_password_is_entered_in_the_window_that_asks_for_it(show: Show) -> None:
    shown = show(A_WINDOW_FOR_THE_PASSWORD.replace("{words}", "Set Temporary Password..."))
    employee.set_password(shown.screen, WORDS, new=True)
    truth = shown.truth()
    assert truth["one"] == truth["two"] == WORDS.get_secret_value()
    assert (truth["ok"], truth["save"]) == ("pressed", "no")


@pytest.mark.parametrize(("words", "new"), [("Set Temporary Password", False), ("Reset Password", True)])
def test_a_button_that_may_act_at_once_is_not_pressed(show: Show, words: str, new: bool) -> None:
    shown = show(A_WINDOW_FOR_THE_PASSWORD.replace("{words}", words))
    with pytest.raises(ScreenChanged, match="Temporary Password"):
        employee.set_password(shown.screen, WORDS, new=new)
    assert shown.changed() == {}
    assert not shown.screen.look()[0].dialogs


def test_a_form_in_a_window_does_not_keep_us_from_logging_out(show: Show) -> None:
    """Loading the app again leaves the form, and saves nothing."""
    shown = show("<div role=dialog aria-modal=true style='height: 200px'>Edit Employee <input></div>")
    out = "document.body.innerHTML = `<input type=password>`"
    app = f"data:text/html,<button onclick='{out}'>Logout</button>"
    header.log_out(shown.screen, app, lambda sights: any(s.fitting(("password",)) for s in sights))
    assert shown.screen.page.locator("[type=password]").is_visible()


def test_a_drawer_over_the_way_out_does_not_keep_us_from_logging_out(show: Show) -> None:
    """It calls itself no dialog; loading the app again leaves it, too."""
    drawer = "<div style='position: fixed; inset: 0; background: #fff'>Edit Employee <input></div>"
    shown = show(f"<button style='position: fixed; top: 4px; right: 4px'>Logout</button>{drawer}")
    out = "document.body.innerHTML = `<input type=password>`"
    app = f"data:text/html,<button onclick='{out}'>Logout</button>"
    header.log_out(shown.screen, app, lambda sights: any(s.fitting(("password",)) for s in sights))
    assert shown.screen.page.locator("[type=password]").is_visible()


THIEF = """
<p>RevolutionEHR</p> <label>Username <input data-as=name></label>
<label>Password <input type=password data-as=secret value="{stale}"></label> <button>Login</button>
<script>
  const [name, secret] = document.querySelectorAll('input');
  let times = {times};
  secret.addEventListener('focus', () => times-- > 0 && queueMicrotask(() => setTimeout(() => name.focus())));
</script>"""
"""A login form that puts the mark into the user name, late, when somebody is at the password already."""


@pytest.mark.parametrize("stale", ["", "Heron-Basket-82"])
@pytest.mark.parametrize("times", [1, 50])
def test_a_password_gets_into_no_other_field_where_the_focus_is_taken_away(show: Show, times: int, stale: str) -> None:
    assert len(stale) in (0, len(WORDS.get_secret_value()))
    shown = show(THIEF.format(times=times, stale=stale))
    set_text(shown.screen, "Username", "OneSpot2915")
    set_secret(shown.screen, lambda sights: seek(sights, "Password", ("password",)), WORDS)
    assert shown.truth() == {"name": "OneSpot2915", "secret": WORDS.get_secret_value()}


def test_a_field_that_keeps_another_password_of_the_same_length_has_not_taken_it(show: Show) -> None:
    keeps = (
        "<label>Password <input type=password value='Heron-Basket-82' oninput='this.value = this.defaultValue'></label>"
    )
    shown = show(keeps)
    with pytest.raises(ScreenChanged, match="did not take"):
        set_secret(shown.screen, lambda sights: seek(sights, "Password", ("password",)), WORDS)


OUT = "document.body.innerHTML = `<input type=password>`"


@pytest.mark.parametrize(
    "page",
    [
        f"""<button onclick="if (confirm('Are you sure you want to log out?')) {OUT}">Logout</button>""",
        f"""<button onclick="document.querySelector('dialog').showModal()">Logout</button>
          <dialog aria-modal=true><p>Do you really want to log out?</p>
          <button onclick="this.parentElement.close()">Cancel</button>
          <button onclick='{OUT}'>Log out</button></dialog>""",
        f"""<a href="#" style="position: fixed; top: 4px; right: 4px" onclick="m.hidden = false">
          <i class="fa fa-user" style="display: inline-block; width: 20px; height: 20px; background: teal"></i></a>
          <div id=m hidden style="position: fixed; top: 40px; right: 4px"><a href="#">Lock</a><br>
          <a href="#" onclick='{OUT}'>Sign out</a></div>""",
    ],
    ids=["native", "dialog", "menu"],
)
def test_a_question_or_a_menu_is_gone_through_on_the_way_out(show: Show, page: str) -> None:
    shown = show(page)
    header.log_out(shown.screen, "data:text/html,gone", lambda sights: any(s.fitting(("password",)) for s in sights))
    assert shown.screen.page.locator("[type=password]").is_visible()


NATIVE = """
<script>
  const save = () => {{ {does} document.body.innerHTML = '<h1>User Roles</h1>'; }};
</script>
<label>Name <input></label> <div role=tree></div> <button onclick="save()">Save</button>"""


@pytest.mark.parametrize(
    ("does", "said"),
    [
        ("if (!confirm('Do you want to save this user role?')) return;", None),
        ("alert('User role saved successfully.');", None),
        ("alert('This name is in use already.'); return;", "This name is in use already."),
    ],
)
def test_what_the_browser_itself_asks_and_says_at_a_save_is_answered_and_read(
    show: Show, does: str, said: str | None
) -> None:
    shown = show(NATIVE.format(does=does))
    error = user_roles.press_save(
        shown.screen,
        lambda: None,
        "user role",
        lambda sights: seek(sights, "Name", TEXT),
        lambda sights: spot(sights, "Name", TEXT) is not None,
    )
    assert (said in error.what if error else None) == (True if said else None)
    assert shown.screen.look()[0].shows("User Roles") == (said is None)


A_FRAME_FOR_LOADING = """
<style>@keyframes turn { to { transform: rotate(360deg) } }
  .turns::after { content: '*'; display: inline-block; animation: turn 1s linear infinite }</style>
<div class="nested-loading" id=frame><table><tr><th>User Role</th></tr><tr><td>Biller</td></tr></table></div>"""
"""A table in the frame that its kit makes for a sign of loading, which is there at all times."""


def test_a_frame_that_holds_content_is_busy_only_while_something_in_it_moves(show: Show) -> None:
    screen = show(A_FRAME_FOR_LOADING).screen
    assert not screen.look()[0].busy
    screen.page.evaluate("document.getElementById('frame').classList.add('turns')")
    screen.pause(0.1)
    assert screen.look()[0].busy


A_WINDOW_OF_LINES = """
<style>
  .line { display: flex; gap: 6px; height: 28px; align-items: center } .toggle { width: 22px; height: 22px }
  .folder .toggle { cursor: pointer; background: #ddd } .leaf .toggle { border-left: 1px solid #ddd }
  .holder { height: 140px; overflow-y: hidden; overflow-anchor: none } .lines { position: relative }
</style>
<label>User Role Name <input></label> <h4>Access Permissions</h4>
<div role=tree><div class=holder><div class=space><div class=lines></div></div></div></div>
<span data-as=presses></span>
<script>
  const FOLDERS = { 'Accounting Module': ['View Invoices', 'View Claims'], 'Orders Module': ['View Orders'],
    'Pulse Module': ['View Pulse', 'Edit Pulse'] };
  const holder = document.querySelector('.holder'), lines = document.querySelector('.lines');
  const open = new Set(), ticked = new Set(['View Claims']);
  let moves = false, presses = 0;
  const draw = () => {
    const all = Object.entries(FOLDERS).flatMap(([folder, names]) =>
      [[folder, true], ...(open.has(folder) ? names.map((name) => [name, false]) : [])]);
    const first = Math.max(Math.floor(holder.scrollTop / 28) - EARLY, 0);
    document.querySelector('.space').style.height = all.length * 28 + 'px';
    lines.style.top = first * 28 + 'px';
    lines.replaceChildren(...all.slice(first, first + 6).map(([name, folder]) => {
      const line = document.createElement('div');
      line.setAttribute('role', 'treeitem');
      line.setAttribute('aria-expanded', open.has(name));
      line.className = 'line ' + (folder ? 'folder' : 'leaf');
      line.innerHTML = `${folder ? '' : '<span style="width: 24px"></span>'}<span class=toggle></span>
        <span role=checkbox aria-checked=${ticked.has(name)} style="width: 16px; height: 16px"></span>
        <span>${name}</span>`;
      line.querySelector('.toggle').onclick = () => {
        document.querySelector('[data-as=presses]').textContent = folder ? presses : ++presses;
        if (!folder || moves) return;          // while one folder unfolds, the others take no press
        open.has(name) ? open.delete(name) : open.add(name);
        moves = true;
        setTimeout(() => { moves = false; draw(); }, UNFOLDS);
      };
      return line;
    }));
  };
  holder.onscroll = draw;
  draw();
</script>"""
"""A tree of which six lines are drawn, one of them above those that are seen; all lines say that they are closed."""


def _window(unfolds: int, early: int = 0) -> str:
    return A_WINDOW_OF_LINES.replace("UNFOLDS", str(unfolds)).replace("EARLY", str(early))


WHOLE = [
    *("Accounting Module", "View Invoices", "View Claims", "Orders Module", "View Orders"),
    *("Pulse Module", "View Pulse", "Edit Pulse"),
]


@pytest.mark.parametrize("early", [0, 1])
def test_a_tree_is_read_whole_that_outgrows_its_window(show: Show, early: int) -> None:
    nodes = trees.open_all(show(_window(0, early)).screen, ROOT)
    assert [n.name for n in nodes] == WHOLE
    assert [n.name for n in trees.ticked(nodes)] == ["View Claims"]


def test_one_line_that_is_not_drawn_is_read_all_the_same(show: Show) -> None:
    shown = show(_window(0, 1))
    shown.screen.page.evaluate("open.add('Accounting Module'); open.add('Pulse Module'); draw(); holder.scrollTop = 99")
    shown.screen.pause(0.1)
    assert [n.name for n in trees.read(shown.screen, ROOT)] == [n for n in WHOLE if n != "View Orders"]


def test_a_folder_that_did_not_take_its_press_is_pressed_again(show: Show) -> None:
    tall = _window(300).replace("height: 140px", "height: 400px").replace("first + 6", "first + 20")
    assert [n.name for n in trees.open_all(show(tall).screen, ROOT)] == WHOLE


def test_where_the_mouse_shows_no_hand_nothing_opens(show: Show) -> None:
    shown = show(_window(0))
    trees.open_all(shown.screen, ROOT)
    assert shown.truth()["presses"] in ("", "0")


A_VALUE_OVER_ITS_INPUT = """
<style>
  .frame { position: relative; border: 1px solid #aaa; width: 300px; height: 32px }
  .frame input { position: absolute; inset: 0; border: 0; width: 100% }
  .value { position: absolute; inset: 4px; background: #fff; z-index: 1 }
</style>
<label for=role>User Roles</label>
<div class=frame onmousedown="event.preventDefault(); list.hidden = !list.hidden">
  <span><input id=role role=combobox aria-expanded=false></span><span class=value data-as=role>Biller</span></div>
<div id=list role=listbox hidden>
  <div role=option onclick="choose(this)">Biller</div><div role=option onclick="choose(this)">OneSpot</div></div>
<script>
  const list = document.getElementById('list');
  const choose = (option) => { document.querySelector('.value').textContent = option.textContent; list.hidden = true; };
</script>"""
"""A dropdown to type into; what is chosen lies over its input, in the frame around both."""


def test_a_dropdown_opens_through_what_it_shows_as_chosen(show: Show) -> None:
    shown = show(A_VALUE_OVER_ITS_INPUT)
    choices.choose(shown.screen, "User Roles", "OneSpot")
    assert shown.truth()["role"] == "OneSpot"


def test_a_button_in_the_frame_of_a_dropdown_is_not_pressed_for_it(show: Show) -> None:
    page = A_VALUE_OVER_ITS_INPUT.replace("<span class=value data-as=role>Biller</span>",
        "<button type=button class=value style='inset: 0' onclick='this.remove()'>Remove Biller</button>")  # fmt: skip
    shown = show(page)
    sight = shown.screen.look()[0]
    with pytest.raises(ScreenChanged, match="can't be clicked"):
        shown.screen.press(sight, next(w for w in sight.widgets if w.kind == "choice"), seconds=0.5)


A_LIST_OVER_A_WINDOW = """
<div role=dialog aria-modal=true style="position: fixed; inset: 0 0 0 50%; background: #fff">
  <label for=places>Accessible Locations</label>
  <div style="border: 1px solid #aaa; width: 300px; height: 32px" onclick="list.hidden = !list.hidden">
    <input id=places role=combobox readonly style="width: 200px; border: 0"> <span id=count></span></div></div>
<div id=list hidden style="position: fixed; top: 70px; left: 60%; z-index: 1050; background: #fff">
  <div role=tree>
    <div role=treeitem><span role=checkbox aria-checked=false data-as=main class=box></span> <span>Main</span></div>
    <div role=treeitem><span role=checkbox aria-checked=false data-as=north class=box></span> <span>North</span></div>
  </div></div>
<style>.box { display: inline-block; width: 16px; height: 16px; border: 1px solid }</style>
<script>
  const list = document.getElementById('list');
  for (const line of document.querySelectorAll('[role=treeitem]')) line.onclick = () => {
    const box = line.firstElementChild;
    box.setAttribute('aria-checked', box.getAttribute('aria-checked') !== 'true');
    document.getElementById('count').textContent = `+ ${document.querySelectorAll('[aria-checked=true]').length}`;
  };
</script>"""
"""A list that opens over the window in which its dropdown stands; it says how many are taken, not which."""


def test_the_checks_of_a_list_that_opens_over_a_window_are_seen(show: Show) -> None:
    shown = show(A_LIST_OVER_A_WINDOW)
    assert set_list(shown.screen, "Accessible Locations", lambda name: True) == {"Main": True, "North": True}
    assert shown.changed() == {"main": "true", "north": "true"}


def test_words_in_pieces_are_read_as_they_are_drawn(show: Show) -> None:
    shown = show("<table><tr><td id=name></td><td>OneSpot</td></tr></table><p id=two></p>")
    shown.screen.page.evaluate(
        """() => {
      name.append('OneSpot', ', ', document.createComment('x'), 'Sync');
      two.append('User', ' ', 'Roles', document.createElement('br'), 'Employees');
    }""".replace("name.", "document.getElementById('name').").replace("two.", "document.getElementById('two').")
    )
    assert [t.own for t in shown.screen.look()[0].texts] == ["OneSpot, Sync", "OneSpot", "User Roles Employees"]
    assert open_row(shown.screen, equals("OneSpot, Sync"), lambda row: row.has("OneSpot"))


A_MENU_THAT_CLOSES = """
<div style="height: 60px"></div>
<nav><a id=group>Employee/Roles</a></nav>
<nav id=flyout style="position: fixed; left: 200px; top: 60px; z-index: 9"><a id=item>Employees</a></nav>
<p id=at></p>
<script>
  const flyout = document.getElementById('flyout');
  const close = () => { flyout.animate({ left: ['200px', '260px'] }, 400).onfinish = () => flyout.remove(); };
  document.getElementById('group').onclick = () => document.body.append(flyout);
  document.getElementById('item').onclick = () => { document.getElementById('at').textContent = 'The list'; };
  setTimeout(close, 0);
</script>"""
"""A menu beside the screen whose group was open, and is just closing again."""


def test_an_item_of_a_menu_that_is_closing_is_gone_to_through_its_group(show: Show) -> None:
    shown = show(A_MENU_THAT_CLOSES)
    header.go(shown.screen, "Employee/Roles", "Employees", lambda sights: any(s.shows("The list") for s in sights))


A_MENU_THAT_FADES = """
<style>a { cursor: pointer } nav { position: fixed; left: 200px; top: 120px; z-index: 9 } nav a { display: block }
  #admin { position: absolute; left: 300px; top: 20px } #at { margin-top: 300px }</style>
<a id=admin>Admin</a><p id=at></p>
<script>
  const menu = () => {
    document.body.insertAdjacentHTML('beforeend', '<nav><a>General</a><a class=group>Employee/Roles</a></nav>');
    const nav = document.body.lastElementChild;
    nav.querySelector('.group').onclick = ({ target }) => {
      target.onclick = null;
      target.insertAdjacentHTML('afterend', '<a class=item>Employees</a>');
      nav.querySelector('.item').onclick = () => { document.getElementById('at').textContent = 'The list'; };
    };
    return nav;
  };
  document.getElementById('admin').onclick = menu;
  const left = menu();
  left.querySelector('.group').onclick = null;
  left.animate({ opacity: [1, 0.5] }, 900).onfinish = () => left.remove();
</script>"""
"""Admin's menu over the page. It was left, and is still to be seen for a moment; what is pressed in it does nothing."""


def test_a_group_pressed_in_a_menu_that_fades_away_is_pressed_in_admin(show: Show) -> None:
    shown = show(A_MENU_THAT_FADES)
    header.go(shown.screen, "Employee/Roles", "Employees", lambda sights: any(s.shows("The list") for s in sights))


def test_an_item_that_its_group_does_not_show_is_missing(show: Show) -> None:
    shown = show(A_MENU_THAT_FADES)
    with pytest.raises(ScreenChanged, match=r"“User Roles” isn't on the screen.*Employee/Roles"):
        header.go(shown.screen, "Employee/Roles", "User Roles", lambda sights: False)


A_LIST_WITH_TICKS = """
<style>.entry { display: flex; width: 240px; height: 28px } .entry > div { flex: auto }
  .icon-check { display: inline-block; width: 12px; height: 12px }</style>
<label for=places>Accessible Locations</label>
<div style="border: 1px solid #aaa; width: 300px; height: 32px" onclick="list.hidden = !list.hidden">
  <input id=places role=combobox readonly style="width: 200px; border: 0"> <span id=count></span></div>
<div id=list hidden style="position: absolute; top: 70px; z-index: 1050; background: #fff; cursor: pointer">
  <div class=entry data-as=main data-value=off><div>Main</div></div>
  <div class=entry data-as=north data-value=on><div>North</div><span class=mark><i class=icon-check></i></span></div>
  <div class=entry data-as=west data-value=off><div>West</div></div></div>
<script>
  const list = document.getElementById('list');
  for (const line of document.querySelectorAll('.entry')) line.onclick = () => {
    line.dataset.value = line.dataset.value === 'on' ? 'off' : 'on';
    line.querySelector('.mark')?.remove();
    if (line.dataset.value === 'on')
      line.insertAdjacentHTML('beforeend', '<span class=mark><i class=icon-check></i></span>');
    document.getElementById('count').textContent = `+ ${document.querySelectorAll('.mark').length} ...`;
  };
</script>"""
"""A list that shows by a tick which entries are taken, and says nothing of it; its dropdown only counts them."""


def test_a_tick_beside_an_entry_says_that_it_is_taken(show: Show) -> None:
    shown = show(A_LIST_WITH_TICKS)
    assert read_list(shown.screen, "Accessible Locations") == {"Main": False, "North": True, "West": False}
    assert set_list(shown.screen, "Accessible Locations", lambda name: name != "West")["Main"]
    assert shown.changed() == {"main": "on"}


A_PART_LEFT_SCROLLED = """
<div><label for=places>Accessible Locations</label>
  <input id=places role=combobox readonly style="width: 300px; height: 24px"> <span id=count></span>
  <div id=list hidden
    style="position: relative; overflow: auto; height: 120px; width: 300px; line-height: 20px"></div></div>
<script>
  const list = document.getElementById('list'), taken = new Set(), names = [...'ABCDEFGHIJ'];
  const draw = () => {
    const first = Math.floor(list.scrollTop / 20);
    const line = (name, i) => `<div role=option aria-selected=${taken.has(name)}
      style="position: absolute; top: ${(first + i) * 20}px">Branch ${name}</div>`;
    list.innerHTML = '<div style="height: 200px"></div>' + names.slice(first, first + 6).map(line).join('');
  };
  list.onscroll = draw;
  list.onclick = (event) => { const name = event.target.textContent.at(-1);
    taken.has(name) ? taken.delete(name) : taken.add(name);
    document.getElementById('count').textContent = `+ ${taken.size} ...`; draw(); };
  document.querySelector('input').onclick = () => { list.hidden = !list.hidden; draw(); list.scrollTop = 80; };
</script>"""
"""A list of which only a part is drawn, and which opens at its end."""


def test_a_part_that_was_seen_when_the_list_opened_is_gone_to_again(show: Show) -> None:
    screen = show(A_PART_LEFT_SCROLLED).screen
    wanted = {f"Branch {name}": True for name in "ABCDEFGHIJ"}
    assert set(read_list(screen, "Accessible Locations")) == set(wanted)
    assert set_list(screen, "Accessible Locations", lambda name: True) == wanted


def test_a_list_that_draws_a_while_after_it_was_scrolled_is_read_whole(show: Show) -> None:
    later = "setTimeout(() => { if (at !== list.scrollTop) { at = list.scrollTop; draw(); } }, 400)"
    late = A_PART_LEFT_SCROLLED.replace("list.onscroll = draw", f"let at = 0; list.onscroll = () => {later}")
    screen = show(late).screen
    wanted = {f"Branch {name}": True for name in "ABCDEFGHIJ"}
    assert set(read_list(screen, "Accessible Locations")) == set(wanted)
    assert set_list(screen, "Accessible Locations", lambda name: True) == wanted


LOCATIONS_ON_PAGES = """
<h4>Location Access</h4>
<div><label for=primary>Primary Location</label> <select id=primary><option></option><option>Main</option>
  <option>North</option><option>West</option></select></div>
<div><div>Accessible Locations</div><table id=table></table><button aria-label="Next page">›</button></div>
<script>
  const show = (names) => { document.getElementById('table').innerHTML = names.map((name) =>
    `<tr><td><input type=checkbox data-as=${name}></td><td>${name}</td></tr>`).join(''); };
  document.querySelector('button').onclick = () => show(['West']);
  show(['Main', 'North']);
</script>"""
"""A list of locations of which the rest stands on another page."""


def test_locations_that_the_list_does_not_show_are_not_taken_for_accessible(show: Show) -> None:
    screen = show(LOCATIONS_ON_PAGES).screen
    assert employee.read_locations(screen)[2] == {"Main": False, "North": False, "West": False}
    employee.set_primary(screen, "Main")
    with pytest.raises(ScreenChanged, match="does not show West"):
        employee.set_locations(screen, ("Main", "North", "West"))


def test_a_list_that_leaves_out_the_primary_location_is_whole(show: Show) -> None:
    shown = show(LOCATIONS_ON_PAGES.replace("show(['Main', 'North'])", "show(['North', 'West'])"))
    employee.set_primary(shown.screen, "Main")
    assert employee.read_locations(shown.screen)[2] == {"North": False, "West": False}
    assert employee.set_locations(shown.screen, ("Main", "North", "West")) == ("North", "West")


A_LABEL_ON_THE_FRAME = """
<div style="position: relative; width: 300px; height: 40px; margin-top: 20px">
  <label id=name style="position: absolute; left: 14px; top: 3px; font-size: 11px">User Roles</label>
  <div role=combobox tabindex=0 aria-labelledby=name aria-expanded=false style="height: 38px; border: 1px solid #aaa">
    <div style="padding: 16px 14px 0"><span>OneSpot</span></div></div></div>
<div id=list hidden style="position: absolute; top: 100px; width: 300px; background: #fff; z-index: 1300">
  <ul role=listbox aria-multiselectable=true style="list-style: none; margin: 0">
    <li role=option aria-selected=false>Billing</li><li role=option aria-selected=true>OneSpot</li></ul></div>
<script>
  const list = document.getElementById('list');
  document.querySelector('[role=combobox]').onclick = ({ currentTarget }) => {
    list.hidden = !list.hidden;
    currentTarget.setAttribute('aria-expanded', !list.hidden);
  };
</script>"""
"""A list whose label stands small on the upper edge of its own frame, above what is taken."""


def test_a_label_in_the_frame_of_its_list_is_nothing_that_is_taken(show: Show) -> None:
    shown = show(A_LABEL_ON_THE_FRAME)
    assert read_list(shown.screen, "User Roles") == {"Billing": False, "OneSpot": True}


A_FORM_WITH_A_WRONG_FIELD = """
<form class="ng-invalid ng-touched">
  <div class="form-group has-error"><label for="user">Username</label> <input id="user" class="ng-invalid" value="ana">
    <span class="help-block">Username is taken</span></div>
  <div class="form-group"><label for="place">Primary Location</label>
    <select id="place"><option>Harbor<option>Main Street</select></div>
</form>"""


def test_a_form_that_is_marked_as_wrong_is_no_message_itself(show: Show) -> None:
    (sight,) = show(A_FORM_WITH_A_WRONG_FIELD).screen.look()
    assert [alert.text for alert in sight.alerts] == ["Username Username is taken", "Username is taken"]
