"""The permission tree in five drawings: six leaves of many near names are ticked, and never a folder."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route

from automation import trees
from automation.errors import ScreenChanged, Unavailable
from automation.looking import BLINK
from automation.revolutionehr.desired import PERMISSIONS
from automation.screen import Screen
from tests.automation.conftest import PAGES, Show, Shown

pytestmark = pytest.mark.browser

ROOT = ("Accounting Module",)
SIX = sorted(
    [
        "Accounting Module/View Invoices",
        "Accounting Module/View Claims",
        "Administration Module/View Administration",
        "Administration Module/Employee/Roles",
        "Administration Module/Vendors/Partners",
        "Administration Module/General",
    ]
)
WAYS = pytest.mark.parametrize("way", ["nested", "levels", "indented", "virtual", "late"])


def tree(show: Show, way: str) -> Shown:
    page = (PAGES / "tree.html").read_text(encoding="utf-8")
    page = page.replace("LATE = 0", "LATE = 400") if way == "late" else page
    return show(page.replace("way = 'nested'", f"way = '{'virtual' if way == 'late' else way}'"))


def ticked(shown: Shown) -> list[str]:
    return sorted(filter(None, shown.truth()["ticked"].split(" | ")))


@WAYS
def test_leaves_are_ticked_and_nothing_else(show: Show, way: str) -> None:
    shown = tree(show, way)
    for folders, names in PERMISSIONS.items():
        for name in names:
            if name != "General":
                trees.tick(shown.screen, ROOT, folders, name)
    assert ticked(shown) == [path for path in SIX if not path.endswith("General")]
    assert set(shown.changed()) == {"ticked"}


@WAYS
def test_the_whole_tree_is_read_and_nothing_is_ticked(show: Show, way: str) -> None:
    shown = tree(show, way)
    nodes = trees.open_all(shown.screen, ROOT)
    assert len(nodes) == 4 + 6 + 6 + 3 + 2 + 2
    assert ticked(shown) == []
    places = {(n.folders, n.name) for n in nodes}
    assert (("Administration Module", "General"), "Edit Locations") in places
    assert (("Inventory Module",), "General") in places
    assert (("Pulse Module",), "View Claims") in places


@WAYS
def test_a_leaf_is_unticked(show: Show, way: str) -> None:
    shown = tree(show, way)
    trees.tick(shown.screen, ROOT, ("Pulse Module",), "View Claims")
    assert ticked(shown) == ["Pulse Module/View Claims"]
    trees.tick(shown.screen, ROOT, ("Pulse Module",), "View Claims", wanted=False)
    assert ticked(shown) == []


@WAYS
def test_what_is_ticked_is_said_with_its_folder(show: Show, way: str) -> None:
    shown = tree(show, way)
    for folder, name in (("Inventory Module", "General"), ("Accounting Module", "View Claims History")):
        trees.tick(shown.screen, ROOT, (folder,), name)
    found = {(n.folders, n.name) for n in trees.ticked(trees.open_all(shown.screen, ROOT))}
    assert found == {(("Inventory Module",), "General"), (("Accounting Module",), "View Claims History")}


@WAYS
def test_a_name_that_is_not_in_the_folder_is_refused(show: Show, way: str) -> None:
    shown = tree(show, way)
    with pytest.raises(ScreenChanged, match="isn't on the screen"):
        trees.tick(shown.screen, ROOT, ("Inventory Module",), "View Claims")
    assert ticked(shown) == []


@WAYS
def test_a_folder_that_is_not_there_is_refused(show: Show, way: str) -> None:
    shown = tree(show, way)
    with pytest.raises(ScreenChanged, match="isn't on the screen"):
        trees.tick(shown.screen, ROOT, ("Marketing Module",), "View Claims")
    assert ticked(shown) == []


@WAYS
def test_a_folder_opened_before_is_read_as_it_is(show: Show, way: str) -> None:
    shown = tree(show, way)
    trees.reveal(shown.screen, ROOT, ("Accounting Module",), "View Invoices")
    names = [n.name for n in trees.read(shown.screen, ROOT) if n.folders == ("Accounting Module",)]
    assert names == [
        "Edit Invoices",
        "View Invoices",
        "View Invoices History",
        "View Claims",
        "View Claims History",
        "Void Credit Card Payment",
    ]


SCROLLED = """
    <div style="position: absolute; top: 22px; left: 34px">OneSpot</div>
    <div id=scroll style="position: absolute; top: 60px; height: 90px; width: 400px; overflow: auto; line-height: 20px">
      <div>{lines}</div>
    </div>
    <script>document.getElementById('scroll').scrollTop = 40</script>
"""


def test_what_has_scrolled_out_of_the_tree_keeps_its_own_words(show: Show) -> None:
    """Above the tree stands a tab's title, just where a line of the tree would be if it weren't scrolled away."""
    names = ["Accounting Module", "View Claims", "View Deposits", "View Invoices", "Void Claims", "Write Off", "Zero"]
    lines = "".join(f"<div><input type=checkbox> <a style='margin-left: 30px'>{name}</a></div>" for name in names)
    nodes = trees.read(show(SCROLLED.replace("{lines}", lines)).screen, ROOT)
    assert [node.name for node in nodes] == names


A_WIDE_TABLE = """
<style>
  .back, .over { position: fixed; left: 0; top: 0; width: 100%; height: 100%; background: #eee }
  .over { left: 200px; top: 100px; width: 1200px; height: 500px; background: #fff }
  .over td, li { line-height: 24px; padding: 0; white-space: nowrap } .over td + td { padding-left: 800px }
  ul { position: absolute; left: 700px; top: 100px; margin: 0 }
</style>
<ul><li>Biller<li>Clerk<li>Scribe<li>Optician</ul>
<div class=back></div>
<div class=over role=dialog aria-modal=true><table>{lines}</table></div>
"""


def test_the_checks_of_a_wide_table_have_the_first_words_of_their_rows(show: Show) -> None:
    """The list behind the dialog is nearer to the checks than what they are named, which is far away in their rows."""
    names = ["Accounting Module", "View Claims", "View Invoices"]
    lines = "".join(f"<tr><td>{name}<td><input type=checkbox>" for name in names)
    nodes = trees.read(show(A_WIDE_TABLE.replace("{lines}", lines)).screen, ROOT)
    assert [(node.name, node.check is not None) for node in nodes] == [(name, True) for name in names]


def test_two_checks_far_away_in_a_row_have_no_words(show: Show) -> None:
    two = "<tr><td>Accounting Module<td><input type=checkbox><tr><td>Claims<td><input type=checkbox>"
    lines = f"{two}<span style='display: inline-block; width: 60px'></span><input type=checkbox>"
    nodes = trees.read(show(A_WIDE_TABLE.replace("{lines}", lines)).screen, ROOT)
    assert [node.name for node in nodes] == ["Accounting Module"]


ARROWS_WITHOUT_ROOM = """
<style>
  p { margin: 0; line-height: 24px; width: 400px; position: relative } input { position: absolute; right: 20px }
  .arrow { display: inline-block; width: 16px; height: 16px; background: #ccc }
</style>
<p><i class="arrow arrow-down"></i> Administration Module <input type=checkbox></p>
<p style="padding-left: 32px">View Administration <input type=checkbox></p>
<p style="padding-left: 32px"><i class="arrow arrow-down"></i> General <input type=checkbox checked></p>
<p style="padding-left: 64px">Locations <input type=checkbox></p>
<p style="padding-left: 32px">Vendors/Partners <input type=checkbox></p>
"""


def test_a_folder_whose_arrow_pushes_its_words_aside_is_in_no_line_before_it(show: Show) -> None:
    root = "Administration Module"
    nodes = trees.read(show(ARROWS_WITHOUT_ROOM).screen, (root,))
    assert [(node.folders, node.name) for node in nodes] == [
        ((), root),
        ((root,), "View Administration"),
        ((root,), "General"),
        ((root, "General"), "Locations"),
        ((root,), "Vendors/Partners"),
    ]


UNDER_A_HEADER = """
    <div style="position: fixed; top: 0; left: 0; right: 0; height: 50px; z-index: 9; background: #fff">
      <b style="position: absolute; top: 12px; left: 34px">Inventory</b></div>
    <div style="margin-top: 60px; line-height: 20px; height: 3000px">{lines}</div>
"""


def test_what_has_scrolled_beneath_a_header_keeps_its_own_words(show: Show) -> None:
    """A word of the header, which stays, stands just where a line of the tree has gone with the page."""
    names = ["Accounting Module", "View Claims", "View Deposits", "View Invoices", "Void Claims", "Write Off", "Zero"]
    lines = "".join(f"<div><input type=checkbox> <a style='margin-left: 30px'>{name}</a></div>" for name in names)
    shown = show(UNDER_A_HEADER.replace("{lines}", lines))
    for y in (40, 48, 56, 64):
        shown.screen.page.evaluate("y => scrollTo(0, y)", y)
        shown.screen.pause(0.1)
        assert [node.name for node in trees.read(shown.screen, ROOT)] == names


A_TABLE_AS_TREE = """
<style>
  #scroll { position: absolute; top: 60px; height: 150px; width: 400px; overflow: auto }
  table { border-collapse: collapse; width: 100%; font: 14px/20px sans-serif }
  th, td { padding: 6px; text-align: left } thead { position: sticky; top: 0; background: #fff }
  button { width: 20px; height: 20px; padding: 0; border: 0 }
</style>
<div style="position: absolute; top: 36px; left: 60px; font: 14px/20px sans-serif">Access Permissions</div>
<div id=scroll><table role=treegrid><thead><tr><th>Permission</th></tr></thead><tbody id=lines></tbody></table></div>
<script>
  const inside = { 'Accounting Module': ['View Invoices', 'View Claims', 'Void Claims', 'Edit Claims', 'View Totals'],
    'Administration Module': ['View Administration', 'General', 'Vendors/Partners'], General: ['Edit General'],
    'Pulse Module': ['View Pulse'] };
  const open = new Set(), on = new Set(TICKED), body = document.getElementById('lines');
  const line = (name, level) => {
    const tr = body.insertRow();
    tr.role = 'row'; tr.ariaLevel = level;
    if (open.has(name)) tr.ariaExpanded = true;   // a closed one says nothing
    const hidden = inside[name] ? '' : 'visibility: hidden; ';
    tr.innerHTML = `<td><button class=node-toggle tabindex=-1 style="${hidden}margin-left: ${level * 16}px">
      <svg width=14 height=14><path d="M4 13L10 7L4 1"></path></svg></button> <input type=checkbox> ${name}</td>`;
    tr.querySelector('input').checked = on.has(name);
    tr.querySelector('input').onchange = (event) => on[event.target.checked ? 'add' : 'delete'](name);
    tr.querySelector('button').onclick = () => { open[open.has(name) ? 'delete' : 'add'](name); draw(); };
    if (open.has(name)) inside[name].forEach((one) => line(one, level + 1));
  };
  const folders = ['Accounting Module', 'Administration Module', 'Pulse Module'];
  const draw = () => { body.replaceChildren(); folders.forEach((name) => line(name, 1)); };
  draw();
</script>"""
"""A tree that is a table with a head, in a scroll under a heading; a folder that is closed says nothing of that."""


def table(show: Show, *ticked: str) -> Shown:
    return show(A_TABLE_AS_TREE.replace("TICKED", str(list(ticked))))


def scroll_to(shown: Shown, at: int) -> None:
    shown.screen.page.evaluate("at => { document.getElementById('scroll').scrollTop = at; }", at)
    shown.screen.pause(BLINK)  # nothing was pressed, so a look from before would still hold


def test_an_arrow_that_has_scrolled_away_makes_no_folder_of_a_heading(show: Show) -> None:
    shown = table(show)
    for name in ("View Invoices", "View Claims"):
        trees.tick(shown.screen, ROOT, ROOT, name)
    trees.reveal(shown.screen, ROOT, ("Administration Module",), "General")
    for at in range(0, 200, 6):
        scroll_to(shown, at)
        assert "Access Permissions" not in [node.name for node in trees.read(shown.screen, ROOT)]


@pytest.mark.parametrize("head", ["sticky", "static"])
def test_a_tree_that_is_drawn_whole_under_a_head_is_read_without_scrolling(show: Show, head: str) -> None:
    shown = show(A_TABLE_AS_TREE.replace("TICKED", "[]").replace("sticky", head))
    trees.reveal(shown.screen, ROOT, ROOT, "View Invoices")
    scroll_to(shown, 40)
    assert len(trees.read(shown.screen, ROOT)) == 3 + 5
    assert shown.screen.page.evaluate("() => document.getElementById('scroll').scrollTop") == 40


def test_a_folder_of_which_nothing_says_that_it_is_closed_is_opened(show: Show) -> None:
    shown = table(show, "View Invoices", "General", "Edit General", "View Pulse")
    nodes = trees.open_all(shown.screen, ROOT)
    assert len(nodes) == 3 + 5 + 3 + 1 + 1
    assert [n.name for n in nodes if n.ticked] == ["View Invoices", "General", "Edit General", "View Pulse"]


def test_nothing_is_closed_by_looking_into_all_folders(show: Show) -> None:
    shown = table(show, "View Pulse")
    trees.open_all(shown.screen, ROOT)
    assert len(trees.open_all(shown.screen, ROOT)) == 3 + 5 + 3 + 1 + 1


UNDER_A_WAY_BACK = """
<div><button class="icon-button {glyph}" style="width: 24px; height: 24px; border: 0">‹</button>
  <h3 style="display: inline">Edit User Role</h3></div>
<ul role=tree style="list-style: none">
  <li role=treeitem tabindex=0 aria-expanded=false><input type=checkbox><span>Accounting Module</span>
    <ul role=group hidden><li role=treeitem><input type=checkbox checked><span>View Claims</span></li></ul></li></ul>
<script>
  document.querySelector('[tabindex]').onkeydown = ({{ currentTarget, key }}) => {{
    if (key !== 'ArrowRight') return;
    currentTarget.querySelector('ul').hidden = false;
    currentTarget.setAttribute('aria-expanded', true);
  }};
</script>"""
"""Folders that the keyboard opens, below a heading that has an arrow before it."""


@pytest.mark.parametrize("glyph", ["arrow-back-icon", "arrow-left"])
def test_an_arrow_before_a_heading_tells_nothing_of_the_folders_below_it(show: Show, glyph: str) -> None:
    shown = show(UNDER_A_WAY_BACK.format(glyph=glyph))
    assert [node.name for node in trees.ticked(trees.open_all(shown.screen, ROOT))] == ["View Claims"]


A_NAMELESS_ARROW = """
<ul role=tree style="list-style: none">
  <li role=treeitem aria-expanded=false>
    <div style="display: flex; width: 300px">
      <div class=css-1x2y><svg width=16 height=16><path d="M5 2 11 8 5 14z"/></svg></div>
      <label><input type=checkbox data-as=folder><span>Accounting Module</span></label></div>
    <ul role=group hidden><li role=treeitem><div style="display: flex"><div style="width: 16px; height: 16px"></div>
      <label><input type=checkbox data-as=claims><span>View Claims</span></label></div></li></ul></li></ul>
<script>
  document.querySelector('svg').parentElement.onclick = () => {
    document.querySelector('[role=group]').hidden = false;
    document.querySelector('[aria-expanded]').setAttribute('aria-expanded', true);
  };
</script>"""
"""A folder whose words tick it, and whose arrow is called nothing and shows no hand."""


def test_a_folder_is_opened_by_the_drawing_before_it_where_its_words_tick(show: Show) -> None:
    shown = show(A_NAMELESS_ARROW)
    trees.tick(shown.screen, ROOT, ROOT, "View Claims")
    assert shown.changed() == {"claims": "on"}


def test_a_folders_arrow_is_one_also_where_it_has_a_background(show: Show) -> None:
    page = A_NAMELESS_ARROW.replace("class=css-1x2y", "class='arrow has-background'")
    shown = show(page)
    trees.tick(shown.screen, ROOT, ROOT, "View Claims")
    assert shown.changed() == {"claims": "on"}


ONE_AT_A_TIME = """
<style>button { display: block; width: 400px; height: 40px; text-align: left }</style>
<div id=tree style="width: 400px"></div>
<script>
  const RIGHTS = { 'Accounting Module': ['View Claims', 'Edit Claims'],
    'Inventory Module': ['View Stock', 'Edit Stock'], 'Administration Module': ['General', 'View Roles'] };
  for (const [name, rights] of Object.entries(RIGHTS)) {
    const part = document.createElement('section');
    part.innerHTML = `<button aria-expanded=false>${name}</button>
      <div hidden style="padding-left: 30px">${rights.map((right) => `<p><label>
        <input type=checkbox ${/Edit Stock|General/.test(right) && 'checked'}> ${right}</label></p>`).join('')}</div>`;
    document.getElementById('tree').append(part);
  }
  const heads = [...document.querySelectorAll('button')];
  for (const head of heads) head.onclick = () => {
    const open = head.getAttribute('aria-expanded') !== 'true';
    for (const one of heads) {
      one.setAttribute('aria-expanded', open && one === head);
      one.nextElementSibling.hidden = !(open && one === head);
    }
  };
</script>"""
"""Folders of which only one is open at a time."""


def test_folders_that_close_each_other_are_all_read(show: Show) -> None:
    shown = show(ONE_AT_A_TIME)
    nodes = trees.open_all(shown.screen, ROOT)
    assert [(n.folders, n.name) for n in nodes if n.check] == [
        (("Accounting Module",), "View Claims"),
        (("Accounting Module",), "Edit Claims"),
        (("Inventory Module",), "View Stock"),
        (("Inventory Module",), "Edit Stock"),
        (("Administration Module",), "General"),
        (("Administration Module",), "View Roles"),
    ]
    assert [n.name for n in trees.ticked(nodes)] == ["Edit Stock", "General"]


def test_a_folder_that_opens_only_after_a_while_is_not_closed_again(show: Show) -> None:
    page = (PAGES / "tree.html").read_text(encoding="utf-8").replace("way = 'nested'", "way = 'virtual'")
    shown = show(page.replace("open.has(path) ? 0 : 90", "900").replace("240px", "150px"))
    assert len(trees.open_all(shown.screen, ROOT)) == 4 + 6 + 6 + 3 + 2 + 2


def test_a_leaf_is_ticked_where_folders_close_each_other(show: Show) -> None:
    shown = show(ONE_AT_A_TIME)
    for folder, name in (("Administration Module", "View Roles"), ("Accounting Module", "View Claims")):
        trees.tick(shown.screen, ROOT, (folder,), name)
    found = [n.name for n in trees.ticked(trees.open_all(shown.screen, ROOT))]
    assert found == ["View Claims", "Edit Stock", "General", "View Roles"]


@WAYS
def test_an_open_folder_is_not_closed_by_reading_also_at_the_edge_of_what_is_drawn(show: Show, way: str) -> None:
    shown = tree(show, way)
    trees.tick(shown.screen, ROOT, ("Pulse Module",), "View Claims")
    assert [n.name for n in trees.ticked(trees.open_all(shown.screen, ROOT))] == ["View Claims"]
    assert shown.screen.page.evaluate("shut") == []


LAZY = """
<style>i { display: inline-block; width: 12px; height: 12px; background: teal }</style>
<ul role=tree style="list-style: none"></ul>
<script>
  const tree = document.querySelector('ul');
  const line = (name, more) => `<li role=treeitem ${more}><div><i class="fa fa-caret-right"></i> <label>
    <input type=checkbox> ${name}</label></div><ul></ul></li>`;
  tree.innerHTML = line('Accounting Module', 'aria-expanded=false') + line('Inventory Module', 'aria-expanded=false');
  tree.onclick = async (event) => {
    const item = event.target.closest('li');
    if (event.target.tagName !== 'I') return;
    const answer = await fetch(`/rights?in=${item.textContent.trim()}`).catch(() => ({}));
    if (!answer.ok) return;
    item.setAttribute('aria-expanded', true);
    item.querySelector('ul').innerHTML = await answer.text();
  };
</script>"""
"""Folders that ask the server for what is in them when they are opened."""


@pytest.mark.parametrize("broken", [500, None, 200])
def test_a_folder_that_the_server_does_not_open_is_not_passed_over(screen: Screen, broken: int | None) -> None:
    def serve(route: Route) -> None:
        folder = route.request.url.partition("?in=")[2]
        if not folder:
            route.fulfill(body=LAZY, content_type="text/html")
        elif folder.startswith("Inventory") and broken is None:
            route.abort("connectionreset")
        else:
            status = broken if broken and folder.startswith("Inventory") else 200
            right = "<li role=treeitem><label><input type=checkbox checked> Edit Stock</label></li>"
            route.fulfill(status=status, body=right, content_type="text/html")

    screen.page.route("**/*", serve)
    screen.open("http://tree.invalid/")
    if broken == 200:
        assert [n.name for n in trees.ticked(trees.open_all(screen, ROOT))] == ["Edit Stock", "Edit Stock"]
    else:
        with pytest.raises(Unavailable, match="“Inventory Module” could not be opened"):
            trees.open_all(screen, ROOT)
