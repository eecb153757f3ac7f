"""What stands in which folder of a tree, told by levels or by indentation, and what is ticked. No browser."""

from __future__ import annotations

import pytest

from automation.errors import ScreenChanged
from automation.sight import Icon, Sight
from automation.trees.nodes import Node, folder, leaf, structured, ticked
from tests.automation.drawn import Drawing

ACCOUNTING = ("Accounting Module", "Accounting")
ADMINISTRATION = ("Administration Module", "Administration")

RIGHTS = (
    (1, "Accounting Module", ""),
    (2, "View Invoices", "x"),
    (2, "View Claims", "x"),
    (2, "View Claims History", ""),
    (1, "Administration Module", ""),
    (2, "View Administration", "x"),
    (2, "General", ""),
    (3, "Edit General", "x"),
    (3, "View Claims", ""),
    (1, "Pulse Module", ""),
    (2, "View Pulse", ""),
)
"""Level, name, ticked."""


def tree(*lines: tuple[int, str, str], levels: bool, indent: float = 20) -> list[Node]:
    page, ids = Drawing(), []
    for n, (level, name, mark) in enumerate(lines):
        x, y = 20 + indent * (level - 1), 100 + 26 * n
        with page.part():
            check = page.check(x, y, checked="true" if mark else "false")
            ids.append((page.text(name, x + 24, y, level=level if levels else 0), check, x, y))
    sight = page.sight()
    return structured([_node(sight, *line) for line in ids])


def _node(sight: Sight, text: int, check: int, x: float, y: float) -> Node:
    words = next(t for t in sight.texts if t.id == text)
    box = next((w for w in sight.widgets if w.id == check), None)
    return Node(sight, words, box, None, x, y)


WAYS = pytest.mark.parametrize(
    "nodes", [tree(*RIGHTS, levels=True, indent=0), tree(*RIGHTS, levels=False)], ids=["levels", "indentation"]
)


@WAYS
def test_each_line_knows_the_folders_above_it(nodes: list[Node]) -> None:
    above = {(n.folders, n.name) for n in nodes}
    assert ((), "Pulse Module") in above
    assert (("Accounting Module",), "View Claims History") in above
    assert (("Administration Module", "General"), "Edit General") in above
    assert (("Administration Module",), "General") in above


@WAYS
def test_a_folder_that_shows_something_is_open(nodes: list[Node]) -> None:
    assert {n.name for n in nodes if n.opened} == {
        "Accounting Module", "Administration Module", "General", "Pulse Module",
    }  # fmt: skip


@WAYS
def test_the_leaf_of_that_name_directly_in_the_folder_is_meant(nodes: list[Node]) -> None:
    found = leaf(nodes, ADMINISTRATION, "General")
    assert found is not None
    assert found.folders == ("Administration Module",)
    claims = leaf(nodes, ACCOUNTING, "View Claims")
    assert claims is not None
    assert claims.ticked


@WAYS
def test_a_near_name_and_another_folder_are_not_meant(nodes: list[Node]) -> None:
    assert leaf(nodes, ACCOUNTING, "View Claim") is None
    assert leaf(nodes, ACCOUNTING, "View Pulse") is None
    assert leaf(nodes, ("Inventory Module",), "View Claims") is None


@WAYS
def test_a_folder_that_is_called_without_module_is_found(nodes: list[Node]) -> None:
    found = folder(nodes, ("Accounting", "Accounting Module"))
    assert found is not None
    assert found.name == "Accounting Module"
    assert folder(nodes, ("Inventory Module",)) is None


@WAYS
def test_all_that_is_ticked_is_said(nodes: list[Node]) -> None:
    assert [n.name for n in ticked(nodes)] == ["View Invoices", "View Claims", "View Administration", "Edit General"]


def test_a_folder_ticked_for_what_is_in_it_does_not_count() -> None:
    nodes = tree((1, "Accounting Module", "x"), (2, "View Invoices", "x"), (1, "Pulse Module", "x"), levels=True)
    assert [(n.folders, n.name) for n in ticked(nodes)] == [
        (("Accounting Module",), "View Invoices"),
        ((), "Pulse Module"),
    ]


def test_the_top_folder_is_meant_where_a_leaf_has_its_name() -> None:
    nodes = tree(
        (1, "Reports", ""), (2, "Administration", ""), (1, "Administration", ""), (2, "General", ""), levels=False
    )
    found = folder(nodes, ADMINISTRATION)
    assert found is not None
    assert found.folders == ()


def test_two_of_a_name_equally_near_are_refused() -> None:
    nodes = tree((1, "Accounting Module", ""), (2, "View Claims", ""), (2, "View Claims", ""), levels=True)
    with pytest.raises(ScreenChanged, match="stands 2 times"):
        leaf(nodes, ACCOUNTING, "View Claims")


def test_a_line_without_a_check_is_no_leaf() -> None:
    nodes = tree((1, "Accounting Module", ""), (2, "View Claims", ""), levels=True)
    bare = [nodes[0], Node(nodes[1].sight, nodes[1].text, None, None, 40, 126, nodes[1].folders)]
    assert leaf(bare, ACCOUNTING, "View Claims") is None


def arrow(*glyphs: str, expanded: str = "") -> Icon:
    page = Drawing()
    page.icon(0, 100, *glyphs, expanded=expanded)
    return page.sight().icons[0]


@pytest.mark.parametrize(
    ("icon", "closed"),
    [
        (arrow("e-icon-expandable"), True),
        (arrow("e-icon-collapsible"), False),
        (arrow("fa", "fa-chevron-right"), True),
        (arrow("fa", "fa-chevron-down"), False),
        (arrow("toggle", expanded="false"), True),
        (arrow("chevron-right", expanded="true"), False),
        (arrow("tree-leaf", "arrow-right"), False),
    ],
    ids=["ej2-closed", "ej2-open", "fa-closed", "fa-open", "aria-closed", "aria-open", "leaf"],
)
def test_an_arrow_says_whether_a_folder_is_closed(icon: Icon, closed: bool) -> None:
    node = tree((1, "Accounting Module", ""), levels=False)[0]
    assert Node(node.sight, node.text, node.check, icon, node.x, node.y).closed is closed


def test_a_folder_that_shows_what_is_in_it_is_never_closed() -> None:
    node = tree((1, "Accounting Module", ""), levels=False)[0]
    assert not Node(node.sight, node.text, node.check, arrow("fa-chevron-right"), 0, 0, (), opened=True).closed
