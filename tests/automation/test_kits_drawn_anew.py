"""What kits of grids and lists do that a reader doesn't notice: scrolls with a bar of their own, a menu that is a tree
beside a tree, lines and checks that are drawn anew under the press, folders that take no key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from automation import trees
from automation.errors import ScreenChanged
from automation.revolutionehr.pages import employee
from automation.screen import Screen, WentAway
from automation.tables import equals, open_row, rows
from tests.automation.conftest import PAGES, Show

pytestmark = pytest.mark.browser

ROOT = ("Accounting Module",)
LINES = 4 + 6 + 6 + 3 + 2 + 2
"""All lines of the tree in pages/tree.html."""

BAR = """
<style>
  #tree.virtual { overflow-y: hidden } .kit-scrollbar { position: absolute; right: 0; width: 8px; height: 90px }
</style>
<script>
  const replace = tree.replaceChildren.bind(tree);
  tree.replaceChildren = (...lines) => {
    const bar = document.createElement('div');
    bar.className = 'kit-scrollbar';
    replace(...lines, bar);
  };
  draw();
</script>"""
"""Put below the tree that draws a part of itself: it hides what is over its edge, and draws the bar itself."""


def _virtual() -> str:
    return (PAGES / "tree.html").read_text(encoding="utf-8").replace("way = 'nested'", "way = 'virtual'")


def test_a_tree_with_a_bar_of_its_own_is_read_whole(show: Show) -> None:
    assert len(trees.open_all(show(_virtual() + BAR).screen, ROOT)) == LINES


def test_what_is_over_an_edge_without_a_bar_is_not_there(show: Show) -> None:
    page = _virtual() + BAR.replace("'kit-scrollbar'", "'kit-line'")
    assert {n.name for n in trees.read(show(page).screen, ROOT)} == {
        "Accounting Module", "Administration Module", "Inventory Module", "Pulse Module"}  # fmt: skip
    shown = show(page.replace("open = new Set()", "open = new Set(['Accounting Module', 'Administration Module'])"))
    assert "Employee/Roles" not in {t.own for t in shown.screen.look()[0].texts}


IN_A_SHELL = """
<div style="height: 300px; overflow: hidden"><div style="height: 400px; overflow-y: auto">
  <label>Location Access</label><div style="height: 900px"></div><label>Primary Location <input data-as=low></label>
</div></div>
<div style="height: 60px; overflow: hidden"><div style="height: 90px"></div><label>Never <input></label></div>"""
"""A page whose frame hides what is over its edge, around a part that scrolls, and around one that doesn't."""


def test_what_has_scrolled_away_is_seen_also_within_a_frame_that_hides(show: Show) -> None:
    (sight,) = show(IN_A_SHELL).screen.look()
    assert {t.own for t in sight.texts} == {"Location Access", "Primary Location"}
    assert [w.names for w in sight.fitting(("text",))] == [("Primary Location",)]


@pytest.mark.parametrize(("hidden", "seen"), [("hidden=until-found", False), ("", True)])
def test_what_a_closed_part_keeps_to_be_found_is_not_seen(show: Show, hidden: str, seen: bool) -> None:
    shown = show(f"<h3>General</h3><div {hidden}><a>Basic Information</a></div><h3>Vendors/Partners</h3>")
    assert shown.screen.look()[0].shows("Basic Information") is seen


A_MENU_THAT_IS_A_TREE = """
<style>
  .side { position: absolute; left: 0; top: 0; width: 180px; line-height: 30px } #tree, h4 { margin-left: 240px }
  .side i { display: inline-block; width: 14px; height: 14px; background: #ddd; cursor: pointer }
</style>
<div class=side role=tree data-as=pressed data-value=""></div>
<script>
  const side = document.querySelector('.side');
  const menu = ['General', 'Employee/Roles', 'Vendors/Partners', 'Accounting', 'Solutions'];
  side.innerHTML = menu.map((name) => `<div role=treeitem aria-level=1 aria-expanded=false>
    <i class=toggle></i> ${name}</div>`).join('');
  side.onclick = (event) => { side.dataset.value += event.target.textContent; };
</script>"""
"""Put below the tree: a menu of closed folders left of it, at the same heights."""


@pytest.mark.parametrize("way", ["levels", "virtual"])
def test_the_lines_of_a_tree_beside_are_no_lines_of_this_one(show: Show, way: str) -> None:
    page = (PAGES / "tree.html").read_text(encoding="utf-8").replace("way = 'nested'", f"way = '{way}'")
    shown = show(page + A_MENU_THAT_IS_A_TREE)
    trees.tick(shown.screen, ROOT, ROOT, "View Claims")
    nodes = trees.open_all(shown.screen, ROOT)
    assert len(nodes) == LINES
    assert [(n.folders, n.name) for n in trees.ticked(nodes)] == [(ROOT, "View Claims")]
    assert shown.truth()["pressed"] == ""


def test_trees_one_below_the_other_are_one(show: Show) -> None:
    line = """<div role=tree><div role=treeitem aria-level=1 aria-expanded=true><i class=caret-down></i>
      <input type=checkbox> %s</div><div role=treeitem aria-level=2 style="margin-left: 24px">
      <input type=checkbox checked> %s</div></div>"""
    nodes = trees.read(show(line % (*ROOT, "View Claims") + line % ("Pulse Module", "View Pulse")).screen, ROOT)
    assert [n.name for n in trees.ticked(nodes)] == ["View Claims", "View Pulse"]


LINES_DRAWN_ANEW = """
<table id=list></table><span data-as=opened></span>
<script>
  const draw = () => {
    document.getElementById('list').innerHTML = '<tr><td><b>OneSpot</b><td>6</tr><tr><td><b>OneSpot 2</b><td>9</tr>';
    for (const line of document.querySelectorAll('tr')) line.onclick = () => {
      document.querySelector('[data-as=opened]').textContent += line.innerText;
    };
  };
  draw();
</script>"""
"""A list that marks what was searched for, a moment after it has found it: all its lines are new then."""


def _just_before_each_press(screen: Screen, script: str, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    press: Callable[..., None] = screen.press
    left = [script] * times

    def after(*what: Any, **how: Any) -> None:
        if left:
            screen.page.evaluate(left.pop())
        press(*what, **how)

    monkeypatch.setattr(screen, "press", after)


def test_a_line_that_is_drawn_anew_is_looked_for_again(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = show(LINES_DRAWN_ANEW)
    _just_before_each_press(shown.screen, "draw()", 2, monkeypatch)
    assert open_row(shown.screen, equals("OneSpot"), lambda row: True)
    assert shown.truth()["opened"] == "OneSpot\t6"


def test_a_line_that_does_not_rest_is_given_up(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = show(LINES_DRAWN_ANEW)
    _just_before_each_press(shown.screen, "draw()", 9, monkeypatch)
    with pytest.raises(WentAway):
        open_row(shown.screen, equals("OneSpot"), lambda row: True)
    assert shown.truth()["opened"] == ""


MARKED = """
<table><tr><td>Stone</td><td>Mia</td><td><mark>OneSpot</mark>2915</td><td>Old <mark>OneSpot</mark></td></tr>
<tr><td><mark>OneSpot</mark></td><td>Sync</td><td><mark>OneSpot</mark>29150<sup>new</sup></td><td>-</td></tr></table>"""
"""A list that marks in each word the part that was searched for."""


def test_a_word_in_which_a_part_is_marked_is_read_whole(show: Show) -> None:
    screen = show(MARKED).screen
    (row,) = rows(screen.look(), equals("OneSpot2915"))
    assert {"Stone", "Mia", "OneSpot2915"} <= set(row.words)
    assert "Old OneSpot" not in row.words
    assert not rows(screen.look(), equals("OneSpot29150"))


DAYS_DRAWN_ANEW = """
<table><thead><tr><th>Day<th>Login Allowed</tr></thead><tbody></tbody></table>
<script>
  const names = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
  const on = new Set(['Monday']);
  const draw = () => {
    document.querySelector('tbody').innerHTML = names.map((day) => `<tr><td>${day}<td>
      <input type=checkbox data-as=${day} ${on.has(day) ? 'checked' : ''}></tr>`).join('');
    for (const box of document.querySelectorAll('input')) box.onchange = () => {
      box.checked ? on.add(box.dataset.as) : on.delete(box.dataset.as);
    };
  };
  draw();
</script>"""
"""A grid whose cells are edited: all are drawn anew when one is left."""


def test_days_that_are_drawn_anew_are_all_allowed(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = show(DAYS_DRAWN_ANEW)
    _just_before_each_press(shown.screen, "draw()", 3, monkeypatch)
    employee.set_days(shown.screen)
    assert set(shown.truth().values()) == {"on"}
    assert len(shown.screen.deeds) == 6


@pytest.mark.parametrize("words", ["Loading...", "Please wait…", "Loading data"])
def test_a_page_that_says_it_loads_is_busy(show: Show, words: str) -> None:
    screen = show(f"<p id=says>{words}</p><p>Loading dock</p><p>Please wait for the office to call.</p>").screen
    assert screen.look()[0].busy
    screen.page.evaluate("document.getElementById('says').hidden = true")
    screen.pause(0.1)
    assert not screen.look()[0].busy


FOLDERS = """
<style> [role=treeitem] { line-height: 24px } i { display: inline-block; width: 16px; height: 16px } </style>
<div role=tree></div>
<script>
  const names = { 'Accounting Module': ['View Invoices', 'View Claims'], 'Pulse Module': ['View Pulse'] };
  for (const [name, leaves] of Object.entries(names)) {
    const head = document.createElement('div'), inner = document.createElement('div');
    head.setAttribute('role', 'treeitem');
    head.setAttribute('aria-expanded', 'false');
    head.tabIndex = 0;
    head.innerHTML = `MARK <span class=words>${name}</span>`;
    inner.hidden = true;
    inner.innerHTML = leaves.map((leaf) => `<div role=treeitem style="padding-left: 40px">
      <input type=checkbox ${leaf === 'View Claims' ? 'checked' : ''}> ${leaf}</div>`).join('');
    document.querySelector('[role=tree]').append(head, inner);
    head.querySelector('WHERE').onclick = () => {
      inner.hidden = !inner.hidden;
      head.setAttribute('aria-expanded', !inner.hidden);
    };
  }
</script>"""
"""A tree whose folders hold no check and take no key; MARK is the picture before their words, WHERE what opens them."""


@pytest.mark.parametrize(
    ("mark", "where"), [("<button><i class=mdi-menu-right></i></button>", "button"), ("", ".words")]
)
def test_folders_that_take_no_key_are_opened(show: Show, mark: str, where: str) -> None:
    nodes = trees.open_all(show(FOLDERS.replace("MARK", mark).replace("WHERE", where)).screen, ROOT)
    assert [(n.folders, n.name) for n in nodes if n.check] == [
        (ROOT, "View Invoices"), (ROOT, "View Claims"), (("Pulse Module",), "View Pulse")]  # fmt: skip
    assert [n.name for n in trees.ticked(nodes)] == ["View Claims"]


def test_nothing_is_said_of_a_folder_that_can_not_be_opened(show: Show) -> None:
    page = FOLDERS.replace("MARK", "<em></em>").replace("WHERE", "em")
    with pytest.raises(ScreenChanged, match="Module” can't be opened"):
        trees.open_all(show(page).screen, ROOT)


@pytest.mark.parametrize("way", ["levels", "virtual"])
def test_nothing_is_said_of_a_tree_of_which_one_folder_stays_closed(show: Show, way: str) -> None:
    page = (PAGES / "tree.html").read_text(encoding="utf-8").replace("way = 'nested'", f"way = '{way}'")
    shown = show(page.replace("if (!folder) return;", "if (!folder || path === 'Inventory Module') return;"))
    with pytest.raises(ScreenChanged, match="“Inventory Module” can't be opened"):
        trees.open_all(shown.screen, ROOT)
