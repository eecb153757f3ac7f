"""What kits of web components do that a reader doesn't notice: words handed into slots of shadow roots, many layers
deep, checks that leave the click to the line they stand in."""

from __future__ import annotations

import pytest

from automation import trees
from automation.lists import read_list, set_list
from automation.revolutionehr.pages.header import menu_item, module_item
from automation.sight import Box
from tests.automation.conftest import Show

pytestmark = pytest.mark.browser


LAYERS = """
<kit-bar data-as=bar><kit-button>
  <kit-item><kit-icon></kit-icon> Admin</kit-item></kit-button></kit-bar>
<kit-nav>Employee/Roles<kit-nav slot=children>Employees</kit-nav></kit-nav>
<div data-as=pressed></div>
<script>
  const draws = (name, markup, then = () => {}) => customElements.define(name, class extends HTMLElement {
    constructor() { super(); this.attachShadow({ mode: 'open' }).innerHTML = markup; then(this); }
  });
  const says = (words) => { document.querySelector('[data-as=pressed]').textContent += words + ';'; };
  draws('kit-icon', '<svg width=16 height=16></svg>');
  draws('kit-item', '<div part=content><slot></slot></div>');
  draws('kit-button', '<div class=box><span part=label><slot></slot></span><slot name=suffix></slot></div>', (el) => {
    el.setAttribute('role', 'menuitem');
    el.tabIndex = -1;
    el.onclick = () => says('Admin');
  });
  draws('kit-bar', '<div role=menubar style="display: flex"><slot></slot></div>');
  draws('kit-nav', `<nav style="display: block; padding: 8px"><a href="#" style="display: block"><slot></slot></a>
    <div style="padding-left: 20px"><slot name=children></slot></div></nav>`, (el) => {
    el.shadowRoot.querySelector('a').onclick = (event) => {
      event.preventDefault();
      says(el.firstChild.data);
    };
  });
</script>"""
"""Words that stand in one place of the source and are drawn in another: below several shadow roots."""


def test_words_in_slots_are_pressed_at_what_is_drawn_around_them(show: Show) -> None:
    shown = show(LAYERS)
    target = module_item(shown.screen.look(), "Admin")
    assert target
    shown.screen.press(*target)
    for words in ("Employee/Roles", "Employees"):
        item = menu_item(shown.screen.look(), words)
        assert item
        shown.screen.press(*item)
    assert shown.truth()["pressed"] == "Admin;Employee/Roles;Employees;"


DRAWN_IN_A_SHADOW = """
<kit-alert>The password is <b>incorrect</b>.<i hidden> Never said.</i></kit-alert>
<kit-button>Save</kit-button>
<script>
  const draws = (name, markup) => customElements.define(name, class extends HTMLElement {
    constructor() { super(); this.attachShadow({ mode: 'open' }).innerHTML = markup; }
  });
  draws('kit-alert', '<div class=frame role=alert style="display: block; padding: 8px"><slot></slot></div>');
  draws('kit-button', '<button><slot name=prefix></slot><slot></slot></button>');
</script>"""


def test_a_message_in_a_slot_is_read_whole(show: Show) -> None:
    (sight,) = show(DRAWN_IN_A_SHADOW).screen.look()
    assert [alert.text for alert in sight.alerts] == ["The password is incorrect."]


def test_a_button_with_words_in_a_slot_is_no_picture(show: Show) -> None:
    (sight,) = show(DRAWN_IN_A_SHADOW).screen.look()
    (save,) = sight.saying("Save")
    assert save.role == "button"
    assert not sight.icons


TREE = """
<style>[role=treeitem] { display: block; padding-left: 20px }</style>
<div role=tree aria-multiselectable=true></div>
<script>
  customElements.define('kit-check', class extends HTMLElement {
    constructor() {
      super();
      this.attachShadow({ mode: 'open' }).innerHTML = `<label style="display: inline-flex">
        <input type=checkbox tabindex=-1 style="position: absolute; opacity: 0">
        <span class=control style="width: 16px; height: 16px; border: 1px solid #888"></span></label>`;
    }
  });
  customElements.define('kit-line', class extends HTMLElement {
    connectedCallback() {
      const folder = !!this.querySelector('kit-line');
      const arrow = '<svg width=16 height=16><path d="M4 2l6 6-6 6" /></svg>';
      this.attachShadow({ mode: 'open' }).innerHTML = `<div class=line style="display: flex; cursor: pointer">
        <div class=expand-button style="width: 20px; height: 20px">${folder ? arrow : ''}</div>
        <kit-check style="pointer-events: none"></kit-check><slot class=label style="display: flex"></slot></div>
        <div role=group><slot name=children></slot></div>`;
      this.setAttribute('role', 'treeitem');
      const inside = (part) => this.shadowRoot.querySelector(part), group = inside('[role=group]');
      const open = (so) => {
        group.hidden = !so;
        if (folder) this.setAttribute('aria-expanded', so);
      };
      this.tick = (on) => {
        inside('kit-check').shadowRoot.querySelector('input').checked = on;
        this.dataset.value = on;
        for (const line of this.querySelectorAll('kit-line')) line.tick(on);
      };
      inside('.line').onclick = (event) => {
        if (event.target.closest('.expand-button')) open(group.hidden);
        else this.tick(this.dataset.value !== 'true');
      };
      open(false);
    }
  });
  const names = { 'Accounting Module': ['View Invoices', 'View Claims'], 'Reports Module': ['View Claims'] };
  const leaf = (folder, name) =>
    `<kit-line slot=children data-value=false data-as="${folder}/${name}">${name}</kit-line>`;
  for (const [name, leaves] of Object.entries(names)) {
    const inside = leaves.map((one) => leaf(name, one)).join('');
    document.querySelector('[role=tree]').insertAdjacentHTML('beforeend', `<kit-line>${name}${inside}</kit-line>`);
  }
</script>"""
"""A tree whose checks let the mouse through: their line takes the click."""


def test_a_check_that_lets_the_mouse_through_is_ticked_by_its_line(show: Show) -> None:
    shown = show(TREE)
    trees.tick(shown.screen, ("Accounting Module", "Reports Module"), ("Accounting Module",), "View Claims")
    assert shown.changed() == {"Accounting Module/View Claims": "true"}


def test_the_empty_room_before_a_leaf_is_no_arrow(show: Show) -> None:
    shown = show(TREE)
    shown.screen.page.evaluate("""() => {
      document.body.insertAdjacentHTML('beforeend', '<p data-as=presses>0</p>');
      const count = document.querySelector('[data-as=presses]');
      document.querySelector('[role=tree]').addEventListener('click', () => { count.textContent++; });
    }""")
    nodes = trees.open_all(shown.screen, ("Accounting Module",))
    assert [n.name for n in nodes if n.folders] == ["View Invoices", "View Claims", "View Claims"]
    assert shown.truth()["presses"] == "2"


IN_ONE_ROOT = """
<kit-app></kit-app><output data-as=pressed></output>
<script>
  customElements.define('kit-app', class extends HTMLElement {
    constructor() {
      super();
      const at = (left) => `position: absolute; left: ${left}px; top: 0; width: 300px; height: 300px`;
      this.attachShadow({ mode: 'open' }).innerHTML = `<div style="position: fixed; inset: 0">
        <button style="${at(0)}">Deactivate</button><kit-button style="${at(300)}">Save</kit-button></div>`;
      this.onclick = (event) => {
        const pressed = event.composedPath().find((n) => n.matches?.('button, kit-button'));
        if (pressed) document.querySelector('output').textContent += pressed.textContent + ';';
      };
    }
  });
  customElements.define('kit-button', class extends HTMLElement {
    constructor() {
      super();
      this.attachShadow({ mode: 'open' }).innerHTML = '<span style="display: block; height: 99%"><slot></slot></span>';
    }
    connectedCallback() {
      this.setAttribute('role', 'button');
      this.tabIndex = 0;
    }
  });
</script>"""
"""A page that is drawn in one shadow root, buttons and all."""


@pytest.mark.parametrize("x", [100, 400])
def test_a_click_beside_a_control_hits_no_button_of_a_shadow_root(show: Show, x: float) -> None:
    shown = show(IN_ONE_ROOT)
    shown.screen.press_beside(Box(x, 100, 100, 30))
    assert shown.changed() == {}


PARTS = """
<style>[hidden] { display: none !important } [role=row] { display: flex; padding: 4px; width: 400px }</style>
<div role=treegrid></div>
<script>
  customElements.define('kit-toggle', class extends HTMLElement {
    constructor() {
      super();
      this.attachShadow({ mode: 'open' }).innerHTML = `<style>
          :host { display: inline-flex } [part] { width: 20px; height: 20px } [part]::before { content: '>' }
        </style><span part=toggle></span><slot></slot>`;
      this.onclick = () => {
        const row = this.parentElement, open = row.getAttribute('aria-expanded') !== 'true';
        row.setAttribute('aria-expanded', open);
        for (let leaf = row.nextElementSibling; leaf?.ariaLevel === '2'; leaf = leaf.nextElementSibling) {
          leaf.hidden = !open;
        }
      };
    }
  });
  const names = { 'Accounting Module': ['View Invoices', 'View Claims'], 'Reports Module': ['View Claims'] };
  for (const [name, leaves] of Object.entries(names)) {
    const inside = leaves.map((leaf) => `<div role=row aria-level=2 hidden style="padding-left: 44px">
      <input type=checkbox data-as="${name}/${leaf}"><span>${leaf}</span></div>`).join('');
    document.querySelector('[role=treegrid]').insertAdjacentHTML('beforeend',
      `<div role=row aria-level=1 aria-expanded=false><kit-toggle>${name}</kit-toggle></div>${inside}`);
  }
</script>"""
"""A tree whose arrows have no class: a part of a shadow root that is called toggle."""


def test_the_arrow_of_a_folder_is_known_by_the_name_of_its_part(show: Show) -> None:
    shown = show(PARTS)
    assert ["toggle" in icon.glyphs for icon in shown.screen.look()[0].icons] == [True, True]
    trees.tick(shown.screen, ("Accounting Module",), ("Accounting Module",), "View Claims")
    assert shown.changed() == {"Accounting Module/View Claims": "on"}


def test_words_that_only_a_screen_reader_says_are_no_part_of_a_message(show: Show) -> None:
    shown = show("""
<message-strip class=message-strip>The username is already in use</message-strip>
<script>
  document.querySelector('message-strip').attachShadow({ mode: 'open' }).innerHTML = `<div role=note>
    <span style="position: absolute; clip: rect(1px, 1px, 1px, 1px); left: -1000em">Error Message Strip</span>
    <span><slot></slot></span></div>`;
</script>""")
    assert {a.text for a in shown.screen.look()[0].alerts} == {"The username is already in use"}


TICKS_IN_ENTRIES = """
<kit-select></kit-select>
<script>
  customElements.define('kit-option', class extends HTMLElement {
    connectedCallback() {
      this.setAttribute('role', 'option');
      this.setAttribute('aria-selected', 'false');
      this.dataset.as = this.textContent;
      this.attachShadow({ mode: 'open' }).innerHTML = `<style>
          div { display: flex; padding: 6px; cursor: pointer } svg { visibility: hidden }
          :host([aria-selected=true]) svg { visibility: visible }
        </style><div><svg class=checkbox__icon width=16 height=16 viewBox="0 0 16 16">
          <path d="M3 8 6 11 13 4" fill=none stroke=currentColor stroke-width=2 /></svg><slot></slot></div>`;
      this.onmouseup = () => this.setAttribute('aria-selected', this.getAttribute('aria-selected') !== 'true');
    }
  });
  customElements.define('kit-select', class extends HTMLElement {
    connectedCallback() {
      const names = ['Downtown', 'Northgate', 'Optical Lab'];
      this.innerHTML = names.map((name) => `<kit-option>${name}</kit-option>`).join('');
      this.attachShadow({ mode: 'open' }).innerHTML = `<label for=box>Accessible Locations</label>
        <div><input id=box role=combobox readonly aria-haspopup=listbox aria-expanded=false aria-controls=list></div>
        <div id=list role=listbox aria-multiselectable=true hidden style="width: 300px"><slot></slot></div>`;
      const [box, list] = ['box', 'list'].map((id) => this.shadowRoot.getElementById(id));
      const open = (is) => { list.hidden = !is; box.ariaExpanded = is; };
      box.onmousedown = () => open(list.hidden);
      box.onkeydown = (event) => event.key === 'Escape' && open(false);
      document.addEventListener('mousedown', (event) => event.composedPath().includes(this) || open(false));
    }
  });
</script>"""


def test_a_tick_that_shows_in_a_taken_entry_is_no_check_that_is_off(show: Show) -> None:
    shown = show(TICKS_IN_ENTRIES)
    taken = set_list(shown.screen, "Accessible Locations", lambda name: name != "Northgate")
    assert taken == {"Downtown": True, "Northgate": False, "Optical Lab": True}
    assert shown.screen.page.locator("kit-option[aria-selected=true]").all_inner_texts() == ["Downtown", "Optical Lab"]


CALLED_ALIKE = """
<h4>Accessible Locations</h4><div id=all></div>
<script>
  for (const name of ['Downtown', 'Northgate', 'Old Mill']) {
    const line = document.createElement('div');
    line.setAttribute('role', 'listitem');
    line.attachShadow({ mode: 'open' }).innerHTML = `<div style="display: flex; width: 500px; padding: 6px">
      <div role=checkbox aria-checked=false aria-label="Selection Mode" tabindex=0
        style="width: 18px; height: 18px; border: 1px solid"></div><span style="margin-left: 6px"><slot></slot></span>
      ${name === 'Old Mill' ? '<span style="margin-left: auto">Inactive</span>' : ''}</div>`;
    line.textContent = name;
    const check = line.shadowRoot.querySelector('[role=checkbox]');
    check.onclick = () => { check.ariaChecked = check.ariaChecked !== 'true'; };
    all.append(line);
  }
</script>"""


def test_what_all_checks_of_a_list_are_called_names_none_of_them(show: Show) -> None:
    shown = show(CALLED_ALIKE)
    assert list(read_list(shown.screen, "Accessible Locations")) == ["Downtown", "Northgate", "Old Mill"]
    taken = set_list(shown.screen, "Accessible Locations", lambda name: name != "Old Mill", known=["Downtown"])
    assert taken == {"Downtown": True, "Northgate": True, "Old Mill": False}
