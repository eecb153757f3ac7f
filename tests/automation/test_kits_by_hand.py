"""What pages do that were drawn by hand, without any kit: menus folded to their pictures, checks that are only drawn,
dropdowns made of a frame and an arrow, windows that nothing calls a dialog."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from automation import choices, lists, tables, trees
from automation.revolutionehr.pages import header, login, messages
from tests.automation.conftest import Show

pytestmark = pytest.mark.browser


A_RAIL = """
<style>
  nav { position: fixed; left: 0; top: 56px; bottom: 0; width: 64px; overflow: hidden; z-index: 5; background: white }
  nav.open { width: 240px } nav i { font-family: 'Material Icons'; display: inline-block; width: 24px; overflow:
      hidden }
  nav > div, nav p { padding: 12px 20px; cursor: pointer; white-space: nowrap } nav span { opacity: 0 }
  nav.open span { opacity: 1 } nav p { display: none; margin: 0 } nav.open p.shown { display: block }
  #list { position: absolute; left: 80px; top: 90px }
</style>
<a style="position: absolute; top: 8px; cursor: pointer">Admin</a>
<nav><div><i>menu</i></div><div><i>settings_applications</i><span>General</span></div>
  <div id=group><i>badge</i><span>Employee/Roles</span></div><p id=item>Employees</p>
  <div><i>handshake</i><span>Vendors/Partners</span></div></nav>
<button id=list hidden>The list</button>
<script>
  const nav = document.querySelector('nav'), item = document.getElementById('item');
  HOW_IT_OPENS
  document.getElementById('group').onclick = () => item.classList.add('shown');
  item.onclick = () => { document.getElementById('list').hidden = false; };
</script>"""
"""Admin's menu as a rail of pictures, whose words show once it is unfolded, over the page."""


@pytest.mark.parametrize(
    "opens",
    [
        "nav.onmouseenter = () => nav.classList.add('open'); nav.onmouseleave = () => nav.classList.remove('open');",
        "nav.firstElementChild.onclick = () => nav.classList.toggle('open');",
    ],
)
def test_a_menu_that_shows_only_pictures_is_unfolded(show: Show, opens: str) -> None:
    shown = show(A_RAIL.replace("HOW_IT_OPENS", opens))
    screen = shown.screen
    header.go(screen, "Employee/Roles", "Employees", lambda sights: any(s.shows("The list") for s in sights))
    if "onmouseleave" in opens:  # it doesn't stay open over what it opened
        screen.press(screen.look()[0], screen.look()[0].saying("The list")[0], seconds=2)


A_TREE_OF_PICTURES = """
<style>div { cursor: pointer; white-space: nowrap; height: 24px } a { display: block }
  img { width: 16px; height: 16px; margin-right: 4px; vertical-align: middle }
  .plus { background-image: url(/img/plus.svg) } .minus { background-image: url(/img/minus.svg) }</style>
<a>Admin</a><nav><div id=group><img class=plus alt=""><img alt=""> <span>Employee/Roles</span></div>
  <div id=item hidden><img alt=""><img alt=""> <span>Employees</span></div></nav><button id=list hidden>The
      list</button>
<script>
  const [group, item] = ['group', 'item'].map((id) => document.getElementById(id));
  group.firstElementChild.onclick = ({ target }) => {
    item.hidden = !item.hidden;
    target.className = item.hidden ? 'plus' : 'minus';
  };
  item.onclick = () => { document.getElementById('list').hidden = false; };
</script>"""
"""A menu as a tree, where a press of the words only chooses the line."""


def test_a_group_that_its_words_do_not_open_opens_by_its_arrow(show: Show) -> None:
    shown = show(A_TREE_OF_PICTURES)
    header.go(shown.screen, "Employee/Roles", "Employees", lambda sights: any(s.shows("The list") for s in sights))


ROOTS = ("Accounting Module", "Administration Module")

HEADS_WITH_A_CHECK_BESIDE = """
<style>section { padding-left: 26px } p { display: flex; gap: 10px; margin: 8px 0 } button { text-align: left }</style>
<main></main>
<script>
  for (const [name, leaf] of [['Accounting Module', 'View Claims'], ['Administration Module', 'General']]) {
    document.querySelector('main').insertAdjacentHTML('beforeend', `<p><span role=checkbox aria-checked=false
      data-as="${name}" style="width: 16px; height: 16px; border: 1px solid"></span>
      <button aria-expanded=false>${name}</button></p><section hidden><p><input type=checkbox data-as="${leaf}"
      id="${leaf}"><label for="${leaf}">${leaf}</label></p></section>`);
  }
  for (const check of document.querySelectorAll('[role=checkbox]')) check.onclick = () => check.ariaChecked = 'true';
  for (const head of document.querySelectorAll('button')) head.onclick = () => {
    const below = head.parentElement.nextElementSibling;
    below.hidden = !below.hidden;
    head.setAttribute('aria-expanded', !below.hidden);
  };
</script>"""


def test_folders_whose_check_stands_beside_a_button_are_all_opened(show: Show) -> None:
    shown = show(HEADS_WITH_A_CHECK_BESIDE)
    nodes = trees.open_all(shown.screen, ROOTS)
    assert [n.name for n in nodes if n.folders] == ["View Claims", "General"]
    assert shown.changed() == {}


_BOX = "M19 5v14H5V5h14m0-2H5c-1.1 0-2 .9-2 2v14c0 1.1.9 2 2 2h14c1.1 0 2-.9 2-2V5c0-1.1-.9-2-2-2z"
_TICKED = (
    "M19 3H5c-1.1 0-2 .9-2 2v14c0 1.1.9 2 2 2h14c1.1 0 2-.9 2-2V5c0-1.1-.9-2-2-2zm-9 14l-5-5 1.41-1.41L10 14.17"
    "l7.59-7.59L19 8l-9 9z"
)
_PARTLY = "M19 3H5c-1.1 0-2 .9-2 2v14c0 1.1.9 2 2 2h14c1.1 0 2-.9 2-2V5c0-1.1-.9-2-2-2zm-2 10H7v-2h10v2z"
_ARROW = "M10 6L8.59 7.41 13.17 12l-4.58 4.59L10 18l6-6z"


def _svg(path: str) -> str:
    return f'<svg width=20 height=20 viewBox="0 0 24 24"><path d="{path}"/></svg>'


def _picture(name: str) -> str:
    return f'<img alt="" style="width: 16px; height: 16px; background: url(img/{name}.gif)">'


def _tree_of(boxes: list[str], arrow: str) -> str:
    """A tree whose folders have an arrow, and all lines a check that only its drawing tells: off, on, mixed."""
    return f"""
<style>li div {{ display: flex; gap: 6px; height: 30px; align-items: center }} ul {{ list-style: none }}
  i {{ cursor: pointer; width: 20px; height: 20px }} b {{ font-weight: normal }}</style><ul></ul>
<script>
  const boxes = {boxes!r};
  const add = (list, name, folder) => {{
    list.insertAdjacentHTML('beforeend', `<li><div><i>${{folder ? {arrow!r} : ''}}</i><i data-as="${{name}}"
      data-value=0>${{boxes[0]}}</i><b>${{name}}</b></div></li>`);
    const line = list.lastElementChild, [arrow, box] = line.querySelectorAll('i');
    box.onclick = () => {{ box.dataset.value = 1 - box.dataset.value; box.innerHTML = boxes[box.dataset.value]; }};
    if (folder) arrow.onclick = () => {{
      line.insertAdjacentHTML('beforeend', '<ul></ul>');
      for (const leaf of folder) add(line.lastElementChild, leaf);
      arrow.style.transform = 'rotate(90deg)';
      arrow.onclick = null;
    }};
  }};
  add(document.querySelector('ul'), 'Accounting Module', ['View Invoices', 'Edit Invoices', 'View Claims']);
  add(document.querySelector('ul'), 'Administration Module', ['General', 'Edit General']);
</script>"""


@pytest.mark.parametrize(
    ("boxes", "arrow"),
    [
        ([_svg(_BOX), _svg(_TICKED)], _svg(_ARROW)),
        ([_picture("unchecked"), _picture("checked")], _picture("plus")),
        ([_picture("iconUncheckAll"), _picture("iconCheckAll")], _picture("elbow-plus")),
    ],
)
def test_a_tree_whose_checks_are_only_drawn_is_read_and_ticked(show: Show, boxes: list[str], arrow: str) -> None:
    shown = show(_tree_of(boxes, arrow))
    trees.tick(shown.screen, ROOTS, ROOTS[:1], "View Claims")
    trees.tick(shown.screen, ROOTS, ROOTS[1:], "General")
    assert shown.changed().items() >= {"View Claims": "1", "General": "1"}.items()
    assert [n.name for n in trees.ticked(trees.open_all(shown.screen, ROOTS))] == ["View Claims", "General"]


_SQUARES = {
    "false": _BOX,
    "true": _TICKED,
    "mixed": _PARTLY,
    "": "M17 3H5c-1 0-2 1-2 2v14c0 1 1 2 2 2h14c1 0 2-1 2-2V7l-4-4zm-5 16a3 3 0 1 1 0-6 3 3 0 0 1 0 6zm3-10H5V5h10v4z",
}


@pytest.mark.parametrize(("state", "path"), _SQUARES.items())
def test_only_a_box_with_nothing_a_tick_or_a_bar_is_a_check(show: Show, state: str, path: str) -> None:
    (sight,) = show(f"<div>{_svg(path)} <b>General</b></div>").screen.look()
    assert [w.checked for w in sight.widgets] == ([state] if state else [])


A_FRAME_WITH_AN_ARROW = """
<style>#box, #menu { position: absolute; left: 20px; width: 300px } #box { top: 20px; border: 1px solid #999;
    cursor: pointer; min-height: 50px; padding: 8px; display: flex; justify-content: space-between }
  #box b { display: inline-block; height: 24px; margin: 3px; width: 220px; background: #eee }
  #menu { position: fixed; top: 74px; z-index: 9; background: white } #menu div { padding: 8px; cursor: pointer }
  i { font-family: 'Material Icons'; width: 24px; overflow: hidden; display: inline-block }
  label { position: absolute; left: 30px; top: 12px; background: white; pointer-events: none }</style>
<div id=box><span data-as=chosen></span><i>arrow_drop_down</i></div><label>LABEL</label>
<script>
  const names = ['Downtown', 'Northgate', 'Harbor Point'], taken = new Set(), several = MULTIPLE;
  const box = document.getElementById('box'), menu = document.createElement('div');
  menu.id = 'menu';
  const draw = () => {
    menu.innerHTML = names.map((name) => `<div>${several
      ? `<i>${taken.has(name) ? 'check_box' : 'check_box_outline_blank'}</i>` :
      ''}<span>${name}</span></div>`).join('');
    menu.querySelectorAll('div').forEach((line, at) => { line.onclick = () => {
      if (!several) taken.clear();
      if (taken.delete(names[at])) { /* it was */ } else taken.add(names[at]);
      box.firstElementChild.innerHTML = [...taken].map((name) => several ? `<b>${name}</b>` : name).join('');
      several ? draw() : menu.remove();
    }; });
  };
  box.onclick = () => { if (menu.isConnected) menu.remove(); else { draw(); document.body.append(menu); } };
  addEventListener('mousedown', ({ target }) => menu.contains(target) || box.contains(target) || menu.remove());
</script>"""
"""A dropdown that is nothing but a frame with an arrow at its end; its list is drawn anew at each choice."""


def test_a_frame_with_an_arrow_at_its_end_is_a_dropdown(show: Show) -> None:
    shown = show(A_FRAME_WITH_AN_ARROW.replace("LABEL", "Primary Location *").replace("MULTIPLE", "false"))
    assert choices.options(shown.screen, "Primary Location") == ["Downtown", "Northgate", "Harbor Point"]
    choices.choose(shown.screen, "Primary Location", "Northgate")
    assert shown.truth()["chosen"] == "Northgate"


FRAMED_BESIDE = """
<style>
  .NAME { position: absolute; left: 20px; top: 20px; width: 300px } .NAME #box { position: static; border: 0;
      box-sizing: border-box }
  .frame { position: absolute; inset: 0; border: 1px solid #999; pointer-events: none }
</style>
<script>
  const part = document.createElement('div');
  part.className = 'NAME';
  box.before(part);
  part.append(box);
  box.tabIndex = 0;
  part.insertAdjacentHTML('beforeend', '<div class=frame></div>');
</script>"""
"""Put below it: the frame is an empty layer that is laid over the box, in a part of some name."""


def test_a_box_that_fills_a_part_called_select_is_a_dropdown(show: Show) -> None:
    page = A_FRAME_WITH_AN_ARROW.replace("LABEL", "Primary Location *").replace("MULTIPLE", "false")
    shown = show(page + FRAMED_BESIDE.replace("NAME", "kit-select"))
    choices.choose(shown.screen, "Primary Location", "Northgate")
    assert shown.truth()["chosen"] == "Northgate"


def test_a_box_with_an_arrow_in_a_part_of_another_name_is_none(show: Show) -> None:
    page = A_FRAME_WITH_AN_ARROW.replace("LABEL", "More").replace("MULTIPLE", "false")
    (sight,) = show(page + FRAMED_BESIDE.replace("NAME", "kit-button")).screen.look()
    assert sight.widgets == ()


def test_several_are_taken_in_a_list_that_is_drawn_anew(show: Show) -> None:
    shown = show(A_FRAME_WITH_AN_ARROW.replace("LABEL", "Accessible Locations").replace("MULTIPLE", "true"))
    lists.set_list(shown.screen, "Accessible Locations", lambda name: True)
    assert shown.truth()["chosen"] == "DowntownNorthgateHarbor Point"
    assert not shown.screen.look()[0].saying("check_box")
    assert len(shown.screen.page.query_selector_all("#menu")) == 0
    assert set(lists.read_list(shown.screen, "Accessible Locations").values()) == {True}


AN_INPUT_WITH_A_TRIGGER = """
<table><tr><td>Primary Location:<span>*</span></td>
  <td><input readonly data-as=chosen><span style="display: inline-block; width: 17px; height: 22px; cursor: pointer;
    background: url(NAME.gif) #eee"></span></td></tr></table>
<script>
  document.querySelector('td + td').onclick = () => {
    document.body.insertAdjacentHTML('beforeend', `<div style="position: absolute; z-index: 20000; left: 150px; top:
      40px">
      <div style="cursor: pointer">Downtown</div><div style="cursor: pointer">Northgate</div></div>`);
    const list = document.body.lastElementChild;
    list.onclick = ({ target }) => { document.querySelector('input').value = target.textContent; list.remove(); };
    setTimeout(() => addEventListener('mousedown', (event) => list.contains(event.target) || list.remove()));
  };
</script>"""


def test_an_input_with_a_trigger_at_its_end_is_a_dropdown(show: Show) -> None:
    shown = show(AN_INPUT_WITH_A_TRIGGER.replace("NAME", "trigger"))
    choices.choose(shown.screen, "Primary Location", "Northgate")
    assert shown.truth()["chosen"] == "Northgate"


def test_an_input_with_a_calendar_at_its_end_is_none(show: Show) -> None:
    (sight,) = show(AN_INPUT_WITH_A_TRIGGER.replace("NAME", "date-trigger")).screen.look()
    assert [w.kind for w in sight.widgets] == ["text"]


CHIPS = """
<style>span { cursor: pointer; padding: 6px 12px; margin: 3px; display: inline-block }
  i { font-family: 'Material Icons'; display: inline-block; width: 18px; overflow: hidden }</style><h3>User
        Roles</h3><p id=chips></p>
<script>
  const names = ['Billing', 'Doctor', 'Front Desk', 'OneSpot', 'Optician'], taken = new Set();
  const draw = () => {
    const chips = document.getElementById('chips');
    chips.innerHTML = names.map((name) =>
      `<span class="chip" data-as="${name}" data-value=${taken.has(name)}>${taken.has(name) ? '<i>check</i>' :
      ''}${name}</span>`).join('');
    [...chips.children].forEach((chip, at) => { chip.onclick = () => {
      if (!taken.delete(names[at])) taken.add(names[at]);
      draw();
    }; });
  };
  draw();
</script>"""


def test_chips_that_are_taken_by_a_press_are_a_list(show: Show) -> None:
    shown = show(CHIPS)
    lists.set_list(shown.screen, "User Roles", lambda name: name == "OneSpot", ("OneSpot",), must="OneSpot")
    assert shown.changed() == {"OneSpot": "true"}


CHECKS_IN_ONE_LINE = "<h3>User Roles</h3><p>" + "".join(
    f'<label style="margin: 9px"><input type=checkbox data-as="{name}">{name}</label>'
    for name in ("Billing", "Doctor", "OneSpot", "Optician")
)


def test_a_check_is_not_called_by_words_beyond_the_next_one(show: Show) -> None:
    shown = show(CHECKS_IN_ONE_LINE)
    lists.set_list(shown.screen, "User Roles", lambda name: name == "OneSpot", ("OneSpot",), must="OneSpot")
    assert shown.changed() == {"OneSpot": "on"}


A_LOW_GRID = """
<style>table { border-collapse: collapse; table-layout: fixed; width: 300px } td { height: 22px; padding: 0 6px }
  td:first-child { width: 26px } img { width: 16px; height: 16px } .off { background: url(cb_off.gif) }
  .chk_off { background: url(unchecked.gif) } .chk_on { background: url(checked.gif) }
  #rows { height: 92px; overflow: auto; width: 320px }</style>
<h4>User Roles</h4><div><div><table><tr><td><img class=chk_off alt="" data-as=all
      data-value=0></td><td>Role</td></tr></table></div>
<div id=rows><table></table></div></div>
<script>
  const taken = new Set(), names = [...Array(12).keys()].map((n) => `Role ${n}`), table =
      document.querySelector('#rows table');
  const draw = () => {
    table.innerHTML = names.map((name) => `<tr><td><img class=chk_${taken.has(name) ? 'on' : 'off'} alt=""></td>
      <td data-as="${name}" data-value=${taken.has(name)}>${name}</td></tr>`).join('');
    [...table.rows].forEach((row, at) => { row.onclick = () => {
      if (!taken.delete(names[at])) taken.add(names[at]);
      draw();
    }; });
  };
  draw();
  document.querySelector('[data-as=all]').onclick = ({ target }) => { target.dataset.value = 1; };
</script>"""
"""A list in a low scroll, with its heads in a table of their own, and the check that takes all of it."""


def test_heads_in_a_table_of_their_own_are_none_of_the_entries(show: Show) -> None:
    shown = show(A_LOW_GRID)
    found = lists.set_list(shown.screen, "User Roles", lambda name: name in ("Role 4", "Role 11"))
    assert list(found) == [f"Role {n}" for n in range(12)]
    assert shown.changed() == {"Role 4": "true", "Role 11": "true"}


A_TICK_IN_A_FRAME = """
<style>[role=option] { display: flex; gap: 8px; padding: 8px } #list { position: fixed; z-index: 9; top: 60px }
  b { width: 16px; height: 16px; border: 1px solid } .off svg { visibility: hidden } svg { width: 14px; height: 14px
      }</style>
<label>Accessible Locations</label> <button role=combobox aria-expanded=false aria-haspopup=dialog>Select...</button>
<script>
  const names = ['Downtown', 'Northgate', 'Harbor Point'], taken = new Set(), box = document.querySelector('button');
  const list = document.createElement('div');
  list.id = 'list';
  list.innerHTML = names.map((name) => `<div role=option aria-selected=false data-as="${name}" data-value=false><b
      class=off>
    <svg viewBox="0 0 24 24"><path d="M5 12l5 5L20 7" fill=none stroke=black stroke-width=2
      /></svg></b><span>${name}</span></div>`).join('');
  for (const line of list.children) {
    line.onmouseenter = () => [...list.children].forEach((l) => l.setAttribute('aria-selected', l === line));
    line.onclick = () => {
      line.dataset.value = line.dataset.value === 'false';
      line.firstElementChild.className = line.dataset.value === 'true' ? '' : 'off';
      box.textContent = `${list.querySelectorAll('[data-value=true]').length} selected`;
    };
  }
  box.onclick = () => {
    if (list.isConnected) list.remove(); else document.body.append(list);
    box.setAttribute('aria-expanded', list.isConnected);
  };
</script>"""
"""A list whose entries say they are selected while the mouse is over them, and show what is taken by a tick."""


def test_what_is_taken_is_told_by_the_tick_in_its_frame(show: Show) -> None:
    shown = show(A_TICK_IN_A_FRAME)
    lists.set_list(shown.screen, "Accessible Locations", lambda name: True)
    shown.screen.page.click("button")
    assert list(shown.changed().values()) == ["true"] * 3


OVER_CHECKS = """
<style>label { display: block; height: 30px } #list { position: absolute; top: 30px; left: 16px; width: 300px; z-index:
    300; background: white } [role=option] { height: 30px; padding-left: 16px }</style>
<p style="height: 16px; margin: 6px">Accessible Locations
  <button role=combobox aria-expanded=false aria-haspopup=listbox>Pick</button></p>
<label><input type=checkbox> Biller</label><label><input type=checkbox> Optician</label>
<label><input type=checkbox> Front Desk</label>
<div id=list role=listbox aria-multiselectable=true hidden></div>
<script>
  const list = document.getElementById('list'), box = document.querySelector('button');
  list.innerHTML = ['Downtown', 'Northgate', 'Harbor Point'].map((name) =>
    `<div role=option aria-selected=false data-as="${name}" data-value=false>${name}</div>`).join('');
  for (const line of list.children) line.onclick = () => {
    line.dataset.value = line.dataset.value === 'false';
    line.setAttribute('aria-selected', line.dataset.value);
  };
  box.onclick = () => { list.hidden = !list.hidden; box.setAttribute('aria-expanded', !list.hidden); };
</script>"""
"""A list that opens over checks, each of which then lies where a check of one of its entries would be."""


def test_a_check_that_an_open_list_covers_is_none_of_its_entries(show: Show) -> None:
    shown = show(OVER_CHECKS)
    lists.set_list(shown.screen, "Accessible Locations", lambda name: True)
    assert shown.changed() == dict.fromkeys(("Downtown", "Northgate", "Harbor Point"), "true")


ARROWS_BEHIND = """
<style>ul { list-style: none } div { display: flex; gap: 8px; align-items: center; height: 26px } svg { width: 14px }
  .kit-CheckboxIndicator-box { width: 18px; height: 18px; border: 1px solid #aaa }
  i:not([data-on]) svg { opacity: 0 } [data-on] { background: teal; color: white }</style>
<ul role=tree></ul>
<script>
  const svg = (name, path) =>
    `<svg class="${name}" viewBox="0 0 24 24" fill=none stroke=currentColor><path d="${path}"/></svg>`;
  const box = `<i class=kit-CheckboxIndicator-box>${svg('tick', 'M5 12l5 5L20 7')}</i>`;
  const add = (list, name, leaves) => {
    list.insertAdjacentHTML('beforeend', `<li role=treeitem aria-selected=false><div data-as="${name}" data-value=off>
      ${box} <span><span>${name}</span>${leaves ? svg('chevron-down', 'M6 9l6 6l6 -6') : ''}</span></div></li>`);
    const line = list.lastElementChild, [check, words] = line.firstElementChild.children;
    check.onclick = () => { line.firstElementChild.dataset.value = check.toggleAttribute('data-on') ? 'on' : 'off'; };
    words.onclick = () => {
      const open = line.querySelector('ul');
      if (words.lastElementChild.style) words.lastElementChild.style.transform = open ? '' : 'rotate(180deg)';
      if (open || !leaves) return open?.remove();
      line.insertAdjacentHTML('beforeend', '<ul></ul>');
      for (const leaf of leaves) add(line.lastElementChild, leaf);
    };
  };
  add(document.querySelector('ul'), 'Accounting Module', ['View Invoices', 'View Claims', 'Edit Claims']);
  add(document.querySelector('ul'), 'Administration Module', ['General', 'Edit General']);
</script>"""
"""A tree that says nothing of what is open or ticked. Behind a folder's words stands an arrow: down, then up."""


def test_folders_with_their_arrow_behind_the_words_are_opened(show: Show) -> None:
    shown = show(ARROWS_BEHIND)
    trees.tick(shown.screen, ROOTS, ROOTS[:1], "View Claims")
    assert shown.changed().items() >= {"View Claims": "on", "View Invoices": "off", "Edit Claims": "off"}.items()
    nodes = trees.open_all(shown.screen, ROOTS)
    assert [n.name for n in trees.ticked(nodes)] == ["View Claims"]
    assert len(nodes) == 7


def _window(style: str, inside: str) -> str:
    return f"""<p>The page</p><button>Save</button><div style="position: fixed; inset: 0; {style}"></div>
<div style="position: absolute; left: 300px; top: 200px; width: 300px; height: 140px; background: white; z-index:
      51">{inside}</div>"""


def test_what_stands_on_a_dimmed_page_is_a_dialog(show: Show) -> None:
    asks = (
        "<h3>Save changes?</h3><p>Your changes to the role will be saved.</p>"
        "<button>Cancel</button><button>Save</button>"
    )
    sights = show(_window("background: rgba(0, 0, 0, .6); z-index: 50", asks)).screen.look()
    assert len(sights[0].dialogs) == 1
    assert not sights[0].saying("The page")
    answer = messages.yes_to_save(sights, "user role")
    assert answer is not None
    assert answer[1].own == "Save"


def test_over_a_page_that_is_not_dimmed_it_is_none(show: Show) -> None:
    (sight,) = show(_window("pointer-events: none", "<button>OK</button>")).screen.look()
    assert sight.dialog is None
    assert sight.saying("The page")


def test_a_mask_that_asks_to_wait_is_no_dialog_but_busy(show: Show) -> None:
    shown = show(_window("background: #ccc; opacity: .5", "Please wait..."))
    (sight,) = shown.screen.look()
    assert sight.busy
    assert sight.dialog is None


A_WINDOW_WITH_A_DROPDOWN = """
<p>The page</p><div style="position: fixed; inset: 0; background: rgba(0, 0, 0, .6); z-index: 50"></div>
<div role=dialog style="position: fixed; right: 0; top: 0; bottom: 0; width: 400px; z-index: 51; background: white">
  <h2>Employee</h2><button role=combobox aria-expanded=true aria-controls=list>Select...</button></div>
<div role=dialog id=list style="position: fixed; right: 20px; top: 90px; z-index: 60; width: 300px; height:
      90px"><input></div>
<script>
  document.querySelector('input').focus();
  window.ask = () => document.body.insertAdjacentHTML('beforeend', `<div style="position: fixed; inset: 0; z-index: 70;
    background: rgba(0, 0, 0, .6)"></div><div role=alertdialog style="position: fixed; left: 300px; top: 200px; width:
      300px;
    height: 140px; z-index: 71; background: white">Save changes?<button>Save</button></div>`);
</script>"""


def test_a_question_over_a_window_is_one_dialog_more(show: Show) -> None:
    shown = show(A_WINDOW_WITH_A_DROPDOWN)
    (sight,) = shown.screen.look()
    assert [d.text.split()[0] for d in sight.dialogs] == ["Employee"]
    shown.screen.page.evaluate("document.getElementById('list').remove(), ask()")
    (sight,) = shown.screen.steady()
    assert [d.text.split()[0] for d in sight.dialogs] == ["Employee", "Save"]


@pytest.mark.parametrize("where", ["over", "in the line"])
def test_a_line_that_a_press_only_chooses_is_opened_by_its_edit(show: Show, where: str) -> None:
    icon = "<img title=Edit alt='' style='cursor: pointer; width: 16px; height: 16px'>" if where != "over" else ""
    over = "<span style='cursor: pointer'>Edit</span>" if where == "over" else ""
    lines = "".join(f"<tr><td>{icon} {name}</td><td>2</td></tr>" for name in ("Billing", "OneSpot", "Optician"))
    shown = show(f"""{over}<table>{lines}</table><p data-as=open>none</p><script>
      let chosen = '';
      for (const row of document.querySelectorAll('tr')) row.onclick = () => {{ chosen =
      row.innerText.trim().split('\t')[0]; }};
      for (const edit of document.querySelectorAll('[title=Edit], body > span')) edit.onclick = () => setTimeout(() =>
      {{
        document.querySelector('p').textContent = chosen; }});
    </script>""")
    opened = lambda sights: shown.truth()["open"] != "none"  # noqa: E731
    assert tables.open_row(shown.screen, tables.equals("OneSpot"), lambda row: True, opened)
    shown.screen.steady()
    assert shown.truth()["open"] == "OneSpot"


A_RESET_THAT_IS_ANSWERED_BY_A_BOX = """
<form><input type=password placeholder="New Password"><input type=password placeholder="Confirm New Password">
  <button>Submit</button></form>
<script>
  document.querySelector('form').onsubmit = (event) => {
    event.preventDefault();
    event.target.remove();
    document.body.insertAdjacentHTML('beforeend', `<div style="position: fixed; inset: 0; background: #ccc; opacity:
      .5">
      </div><div style="position: absolute; z-index: 9; left: 200px; top: 200px; width: 300px; height: 120px;
      background: white">
      Your password has been changed. <span style="cursor: pointer">OK</span></div>`);
    document.querySelector('span').onclick = () => {
      document.body.innerHTML = `<input placeholder=Username><input type=password placeholder=Password>
        <button>Login</button>`;
    };
  };
</script>"""


def test_a_box_that_says_the_password_was_changed_is_closed(show: Show) -> None:
    screen = show(A_RESET_THAT_IS_ANSWERED_BY_A_BOX).screen
    assert login.reset(screen, SecretStr("Old#Secret1"), SecretStr("New#Secret2"), lambda: None) is None
    assert screen.announced


A_FOLDED_LINE = """
<style>svg { width: 14px; height: 14px } .switcher { cursor: pointer; margin-right: 8px }</style>
<div><span class=switcher><svg viewBox="0 0 1024 1024"><path d="M880 112H144c-17.7 0-32 14.3-32 32v736c0 17.7 14.3 32
  32 32h736c17.7 0 32-14.3 32-32V144c0-17.7-14.3-32-32-32zm-40 728H184V184h656v656z"/><path d="M328 544h368v-60H328z"/>
  </svg></span><input type=checkbox data-as=folder> Accounting Module</div>
<div style="padding-left: 40px"><input type=checkbox checked data-as=leaf> View Claims</div>"""
"""A folder whose arrow is a box with a minus, before the check of its line."""


@pytest.mark.parametrize("name", ["switcher", "css-1x2y"])
def test_a_box_with_a_minus_before_a_check_is_no_check(show: Show, name: str) -> None:
    (sight,) = show(A_FOLDED_LINE.replace("switcher", name)).screen.look()
    assert [w.checked for w in sight.fitting(("check",))] == ["false", "true"]


A_CHECK_OF_LAYERS = """
<style>
  .mdc-checkbox { position: relative; width: 40px; height: 40px; display: inline-block } input { display: none }
  .background { position: absolute; left: 11px; top: 11px; width: 18px; height: 18px; background: blue }
  .mdc-checkbox__mixedmark { width: 8px; height: 0; border: 1px solid #000; padding: 4px 0; opacity: 0;
    transform: rotate(-45deg) }
</style>
<div role=listbox aria-multiselectable=true><div role=option aria-selected=true><span><div class=mdc-checkbox>
  <input type=checkbox checked><div class=background><div class=mdc-checkbox__mixedmark></div></div></div></span>
  View Claims</div></div>"""
"""A check that keeps, unseen, the mark that it would show if it were ticked in part."""


def test_a_mark_that_nobody_sees_makes_no_check_of_its_own(show: Show) -> None:
    (sight,) = show(A_CHECK_OF_LAYERS).screen.look()
    assert [w.checked for w in sight.fitting(("check",))] == ["true"]


A_MENU_OVER_A_CLEAR_LAYER = """
<style>
  .cdk-overlay-backdrop { position: fixed; inset: 0; background: LAYER; z-index: 4 }
  .panel { position: fixed; left: 200px; top: 80px; width: 260px; height: 260px; background: #fff; z-index: 5 }
</style>
<h2>Employees</h2><input placeholder=Search>
<div class=cdk-overlay-backdrop></div>
<div class=panel><div role=ROLE style="height: 250px"><button>General</button>
  <button>Employee/Roles</button></div></div>"""


@pytest.mark.parametrize(
    ("layer", "role", "dialog"),
    [("transparent", "group", False), ("#0008", "menu", False), ("#0008", "group", True)],
)
def test_an_open_menu_is_no_dialog_and_neither_is_what_lies_over_a_clear_layer(
    show: Show, layer: str, role: str, dialog: bool
) -> None:
    page = A_MENU_OVER_A_CLEAR_LAYER.replace("LAYER", layer).replace("ROLE", role)
    assert (show(page).screen.look()[0].dialog is not None) is dialog


TICKS_THAT_ARE_KEPT = """
<style>
  [role=option] { padding: 6px } svg { width: 14px; height: 14px; color: #fff; stroke: currentColor; fill: none }
  .box { display: inline-block; width: 18px; height: 18px; border: 1px solid #888; background: #fff }
  [data-on] .box { background: teal }
</style>
<div role=listbox aria-multiselectable=MANY style="width: 300px">
  <div role=option aria-selected=true KEYS><span class=box><svg viewBox="0 0 24 24"><path d="M4 12l6 6L20 6"/></svg>
    </span> Front Desk</div>
  <div role=option aria-selected=false TAKEN><span class=box><svg viewBox="0 0 24 24"><path d="M4 12l6 6L20 6"/></svg>
    </span> OneSpot</div></div>"""
"""Entries that all keep their tick, white on white until they are taken."""


@pytest.mark.parametrize(
    ("many", "keys", "taken", "state"),
    [("true", "data-on", "", ["true", "false"]), ("false", "", "data-on", ["false", "true"])],
    ids=["the list says which are taken", "the list says where the keys are"],
)
def test_a_tick_of_an_entry_counts_only_where_it_shows(
    show: Show, many: str, keys: str, taken: str, state: list[str]
) -> None:
    page = TICKS_THAT_ARE_KEPT.replace("MANY", many).replace("KEYS", keys).replace("TAKEN", taken)
    (sight,) = show(page).screen.look()
    assert [w.checked for w in sight.fitting(("check",))] == state
