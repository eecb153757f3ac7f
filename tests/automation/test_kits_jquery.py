"""What kits of jQuery's time draw: dialogs over a page that stays bright, frames in place of a list that they hide."""

from __future__ import annotations

import pytest

from automation import trees
from automation.fields import seek
from automation.lists import read_list, set_list
from tests.automation.conftest import Show

pytestmark = pytest.mark.browser

A_FAINT_BACKDROP = """
<style>
  .overlay { position: fixed; left: 0; top: 0; width: 100%; height: 100%; background: #aaa; opacity: .003; z-index: 9 }
  .over { position: absolute; left: 300px; top: 100px; width: 600px; height: 200px; background: #fff; z-index: 10 }
  .over [role=combobox] { position: absolute; left: 300px; top: 50px; width: 200px; height: 28px; border: 1px solid }
  .over td { position: absolute; left: 120px; top: 54px } table { margin: 88px 0 0 540px }
</style>
<input data-as=search placeholder=Search>
<table><tr><td>Boyd</td></tr><tr><td>Dana Chang</td></tr><tr><td>Dixon</td></tr></table>
<div class=over role=dialog><b>Add Employee</b><table><tr><td>Primary Location:</td></tr></table>
  <span role=combobox tabindex=0 aria-expanded=false data-as=place>Choose</span></div>
<div class=overlay></div>"""
"""A form in a dialog over a list. What keeps the clicks from the list is so faint that nobody sees it."""


def test_a_faint_backdrop_makes_a_dialog_of_what_lies_over_it(show: Show) -> None:
    (sight,) = show(A_FAINT_BACKDROP).screen.look()
    assert sight.dialog is not None
    assert [w.kind for w in sight.fitting(("text", "choice"))] == ["choice"]


def test_without_what_keeps_the_clicks_off_the_page_stays_in_reach(show: Show) -> None:
    off = A_FAINT_BACKDROP.replace("opacity: .003", "opacity: .003; pointer-events: none")
    (sight,) = show(off).screen.look()
    assert sight.dialog is None


def test_words_behind_a_dialog_are_no_label_of_what_is_in_it(show: Show) -> None:
    shown = show(A_FAINT_BACKDROP)
    assert seek(shown.screen.look(), "Primary Location", ("choice",)).widget.value == "Choose"


def _in_place_of_a_list(modal: bool = False) -> str:
    """A list that is hidden, and after it the frame, the chips and the entries that a plugin drew in its place."""
    names = ["Biller", "Clerk", "Front Desk", "Manager", "Optician", "Optometrist", "OneSpot", "Scribe"]
    form = f"""
<fieldset><legend>User Roles</legend>
  <select multiple data-as=roles style="display: none">{"".join(f"<option>{name}" for name in names)}</select>
  <div class=box><ul class=chips><li><input value="Choose roles..." autocomplete=off></li></ul>
    <div class=drop><ul></ul></div></div></fieldset>"""
    return f"""
<style>
  .box {{ position: relative; width: 300px; font: 14px/20px sans-serif }}
  ul {{ margin: 0; padding: 0; list-style: none }}
  .chips {{ border: 1px solid; overflow: hidden }} .chips li {{ float: left; margin: 3px }} input {{ border: 0 }}
  .drop {{ position: absolute; top: 100%; width: 298px; border: 1px solid; background: #fff; z-index: 1010 }}
  .drop:not(.open) {{ clip: rect(0, 0, 0, 0) }} .drop ul {{ max-height: 90px; overflow: auto }}
  .over {{ position: fixed; left: 0; top: 0; width: 100%; height: 100%; background: #fff; z-index: 9 }}
</style>{f"<div class=over role=dialog aria-modal=true>{form}</div>" if modal else form}
<script>
  const [list, chips, drop] = ['select', '.chips', '.drop'].map((one) => document.querySelector(one));
  const input = chips.querySelector('input');
  const close = () => {{ drop.classList.remove('open'); drop.firstElementChild.replaceChildren(); }};
  chips.onclick = () => {{
    drop.classList.add('open');
    drop.firstElementChild.innerHTML = [...list.options].map((o) => `<li>${{o.label}}</li>`).join('');
  }};
  drop.onclick = ({{ target }}) => {{
    const option = [...list.options].find((o) => o.label === target.textContent);
    if (option && !option.selected) {{
      option.selected = true;
      input.value = '';
      input.parentElement.insertAdjacentHTML('beforebegin', `<li><span>${{option.label}}</span> <a>×</a></li>`);
    }}
    close();
  }};
  document.addEventListener('mousedown', ({{ target }}) => target.closest('.box') || close());
</script>"""


@pytest.mark.parametrize("modal", [False, True], ids=["page", "modal"])
def test_what_a_plugin_drew_in_place_of_a_list_is_set_as_that_list(show: Show, modal: bool) -> None:
    shown = show(_in_place_of_a_list(modal))
    before = read_list(shown.screen, "User Roles")
    assert len(before) == 8
    assert not any(before.values())  # also what scrolls past the frame is not chosen
    assert shown.changed() == {}
    after = set_list(shown.screen, "User Roles", lambda name: name == "OneSpot")
    assert [name for name, taken in after.items() if taken] == ["OneSpot"]
    assert shown.changed() == {"roles": "OneSpot"}


def test_a_list_that_closes_at_every_choice_takes_them_all(show: Show) -> None:
    shown = show(_in_place_of_a_list())
    assert set(set_list(shown.screen, "User Roles", lambda name: name != "Clerk").values()) == {True, False}
    assert shown.truth()["roles"] == "Biller | Front Desk | Manager | Optician | Optometrist | OneSpot | Scribe"


def test_a_frame_that_grew_high_with_its_chips_is_still_the_control(show: Show) -> None:
    tall = _in_place_of_a_list().replace("margin: 3px", "margin: 3px; width: 280px; height: 30px")
    shown = show(tall.replace("input { border: 0 }", "input { border: 0; width: 25px }"))
    set_list(shown.screen, "User Roles", lambda name: True)
    assert set(read_list(shown.screen, "User Roles").values()) == {True}
    assert shown.truth()["roles"].count("|") == 7


def test_an_input_after_a_list_that_is_seen_is_no_dropdown(show: Show) -> None:
    (sight,) = show(_in_place_of_a_list().replace("display: none", "width: 90px")).screen.look()
    assert [w.kind for w in sight.fitting(("text", "choice", "list"))] == ["list", "text"]


def test_a_field_with_a_label_after_a_hidden_list_is_no_dropdown(show: Show) -> None:
    page = "<select multiple hidden><option>A</select><div><label>Username</label> <input data-as=user></div>"
    assert seek(show(page).screen.look(), "Username", ("text",)).widget.kind == "text"


THE_ENTRY_THAT_THE_KEYS_STAND_ON = """
<style>
  .control { border: 1px solid; width: 300px; min-height: 30px } .control * { display: inline-block; border: 0 }
  .list { position: absolute; width: 300px; background: #fff; border: 1px solid } .option { padding: 4px }
</style>
<label>User Roles</label>
<select id=all multiple data-as=all style="position: absolute; width: 1px; height: 1px; opacity: 0"></select>
<div class=control><input type=text role=combobox aria-haspopup=listbox aria-expanded=false></div>
<div class=list hidden><div role=listbox></div></div>
<script>
  const names = ['Doctor', 'Front Desk', 'OneSpot', 'Optician'];
  const control = document.querySelector('.control'), input = control.firstChild;
  const list = document.querySelector('.list'), select = document.querySelector('#all');
  const taken = new Set();
  const draw = (cursor) => {
    control.replaceChildren(...[...taken].map((name) => {
      const chip = document.createElement('div');
      chip.innerHTML = `${name}<div role=button title=Remove>×</div>`;
      chip.lastChild.onclick = (event) => { taken.delete(name); draw(0); event.stopPropagation(); };
      return chip;
    }), input);
    list.firstChild.replaceChildren(...names.filter((name) => !taken.has(name)).map((name, n) => {
      const option = document.createElement('div');
      Object.assign(option, { id: `option${n}`, role: 'option', className: 'option', textContent: name });
      if (n === cursor) option.ariaSelected = 'true';
      option.onclick = () => { taken.add(name); draw(n); };
      return option;
    }));
    input.setAttribute('aria-activedescendant', `option${cursor}`);
    select.replaceChildren(...names.map((name) => new Option(name, name, false, taken.has(name))));
  };
  draw(0);
  control.onclick = () => { list.hidden = false; input.ariaExpanded = 'true'; input.focus(); };
  input.onblur = () => { list.hidden = true; input.ariaExpanded = 'false'; };
  input.onkeydown = (event) => event.key === 'Escape' && input.blur();
  list.onmousedown = (event) => event.preventDefault();
</script>"""


def test_the_entry_that_the_keys_stand_on_is_not_taken(show: Show) -> None:
    shown = show(THE_ENTRY_THAT_THE_KEYS_STAND_ON)
    roles = {"Doctor": False, "Front Desk": False, "OneSpot": False, "Optician": False}
    assert read_list(shown.screen, "User Roles") == roles
    assert set_list(shown.screen, "User Roles", lambda name: name == "OneSpot") == roles | {"OneSpot": True}
    assert shown.truth() == {"all": "OneSpot"}


# ---- a square that is no element: drawn before the words, over an input that nobody sees ---------------------

NESTED_LIST = """
<style>
  .ui.checkbox { position: relative; display: inline-block; min-height: 17px; font: 14px/17px sans-serif }
  .ui.checkbox input { position: absolute; top: 0; left: 0; opacity: 0; z-index: -1; width: 17px; height: 17px }
  .ui.checkbox label { position: relative; display: block; padding-left: 26px }
  .ui.checkbox label::before { position: absolute; top: 0; left: 0; width: 17px; height: 17px; content: "" }
  .ui.checkbox label::before { border: 1px solid #d4d4d5 } .ui.checkbox :checked ~ label::before { background: teal }
  .list .list { margin-left: 24px } .item:not(.open) .list { display: none }
  i { display: inline-block; width: 24px; height: 17px; cursor: pointer } .beside { display: inline }
</style>
<h4>Access Permissions</h4><div class="ui list" id=all></div>
<script>
  const check = (name) =>
    `<div class="ui checkbox"><input type=checkbox data-as="${name}"><label>${name}</label></div>`;
  const items = (leaves) => leaves.map((leaf) => `<div class=item>${check(leaf)}</div>`).join('');
  const folder = (name, leaves) => `<div class=item><i class="caret right icon"></i><div class=beside>${check(name)}
    <div class=list>${items(leaves)}</div></div></div>`;
  document.getElementById('all').innerHTML =
    folder('Accounting Module', ['View Invoices', 'View Claims', 'Edit Claims'])
    + folder('Pulse Module', ['View Pulse']);
  for (const arrow of document.querySelectorAll('i'))
    arrow.onclick = () => arrow.parentElement.classList.toggle('open');
  for (const box of document.querySelectorAll('.checkbox')) box.onclick = () => { box.firstChild.checked ^= 1; };
</script>"""
"""As Semantic UI does it: the label is the input's neighbour, and the script ticks at a press on either."""

STRETCHED = """
<style>
  .list > .item > i, .item > .beside { display: table-cell; vertical-align: top } .list .list { margin-left: 0 }
  i::before { content: '›' }
</style>"""
"""The arrow and what stands beside it are cells: as high as all that the folder shows."""


def test_a_leaf_is_ticked_whose_square_is_drawn_before_its_words(show: Show) -> None:
    shown = show(NESTED_LIST)
    trees.tick(shown.screen, ["Accounting Module"], ["Accounting Module"], "View Claims")
    assert shown.changed() == {"View Claims": "on"}
    nodes = trees.open_all(shown.screen, ["Accounting Module"])
    assert [(n.folders, n.name) for n in trees.ticked(nodes)] == [(("Accounting Module",), "View Claims")]


def test_an_arrow_that_a_cell_stretches_is_drawn_in_its_first_line(show: Show) -> None:
    shown = show(NESTED_LIST + STRETCHED)
    trees.tick(shown.screen, ["Accounting Module"], ["Accounting Module"], "View Claims")
    assert shown.changed() == {"View Claims": "on"}
    folders = [n for n in trees.read(shown.screen, ["Accounting Module"]) if n.arrow]
    assert [n.name for n in folders] == ["Accounting Module", "Pulse Module"]


def test_a_square_drawn_before_the_words_of_the_input_s_neighbour_ends_where_they_begin(show: Show) -> None:
    (sight,) = show(NESTED_LIST).screen.look()
    assert [(w.box.w, w.box.h) for w in sight.fitting(("check",))] == [(26, 17), (26, 17)]
