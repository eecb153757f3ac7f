"""Trees as Chakra draws them: a small arrow at the far end of a folder's line, and nothing else that opens it."""

from __future__ import annotations

import pytest

from automation import trees
from automation.errors import ScreenChanged
from tests.automation.conftest import Show

pytestmark = pytest.mark.browser

_ROOTS = ("Accounting Module", "Administration Module")


def _line(name: str, more: str = "") -> str:
    check = f"<span role=checkbox tabindex=-1 aria-checked=false data-as='{name}'><svg></svg></span>"
    return f"<div class=line>{check}<span>{name}</span>{more}</div>"


def _folder(name: str, *names: str) -> str:
    drawn = "viewBox='0 0 24 24' width=12 height=12 stroke=black stroke-width=2 fill=none"
    chevron = f"<svg {drawn}><path d='m9 18 6-6-6-6'/></svg>"
    leaves = "".join(f"<div role=treeitem aria-level=2>{_line(n)}</div>" for n in names)
    head = _line(name, f"<i></i><div role=button class=trigger><div aria-hidden=true>{chevron}</div></div>")
    return f"<div role=treeitem aria-level=1 aria-expanded=false>{head}<div role=group hidden>{leaves}</div></div>"


_TREE = f"""
<style>
  .line {{ display: flex; align-items: center; gap: 6px; height: 28px; width: 600px }} i {{ flex: 1 }}
  [role=group] .line {{ padding-left: 22px }} .trigger, [role=checkbox] {{ cursor: pointer }}
  [role=checkbox] {{ width: 16px; height: 16px; border: 1px solid }}
</style>
<p>Access Permissions</p><div role=tree>{_folder("Accounting Module", "View Invoices", "View Claims")}
{_folder("Administration Module", "General")}</div>
<script>
  for (const one of document.querySelectorAll('.trigger')) one.onclick = () => {{
    const item = one.closest('[role=treeitem]');
    item.ariaExpanded = item.ariaExpanded === 'false';
    item.lastElementChild.hidden = item.ariaExpanded === 'false';
  }};
  for (const one of document.querySelectorAll('[role=group] [role=checkbox]')) one.onclick = () => {{
    one.ariaChecked = one.ariaChecked === 'false';
    one.closest('[role=group]').parentElement.querySelector('[role=checkbox]').ariaChecked = 'mixed';
  }};
</script>"""


def test_the_arrow_may_be_a_small_drawing_at_the_end_of_a_folders_line(show: Show) -> None:
    shown = show(_TREE)
    trees.tick(shown.screen, _ROOTS, ("Accounting Module",), "View Claims")
    assert shown.changed() == {"View Claims": "true", "Accounting Module": "mixed"}


def test_a_folder_with_its_arrow_at_the_end_is_opened_to_be_read(show: Show) -> None:
    shown = show(_TREE.replace("aria-checked=false data-as='View Claims'", "aria-checked=true data-as='View Claims'"))
    ticked = trees.ticked(trees.open_all(shown.screen, _ROOTS))
    assert [(n.folders, n.name) for n in ticked] == [(("Accounting Module",), "View Claims")]


def test_a_half_ticked_folder_that_nothing_opens_is_not_read_as_empty(show: Show) -> None:
    page = _TREE.replace("aria-checked=false data-as='Acc", "aria-checked=mixed data-as='Acc").replace(
        "class=trigger", "hidden"
    )
    with pytest.raises(ScreenChanged, match="can't be opened"):
        trees.open_all(show(page).screen, _ROOTS)


def test_a_folder_whose_line_takes_the_keys_is_opened_by_them(show: Show) -> None:
    page = _TREE.replace("class=trigger", "hidden").replace("<div class=line>", "<div class=line tabindex=-1>")
    shown = show(f"""{page}<script>
      for (const line of document.querySelectorAll('[aria-level="1"] > .line')) line.onkeydown = ({{ key }}) => {{
        if (key === 'ArrowRight') line.querySelector('[role=button]').click();
      }};
      for (const one of document.querySelectorAll('[role=button]')) one.onclick = () => {{
        const item = one.closest('[role=treeitem]');
        item.ariaExpanded = 'true';
        item.lastElementChild.hidden = false;
      }};
    </script>""")
    names = {n.name for n in trees.open_all(shown.screen, _ROOTS)}
    assert {"View Invoices", "View Claims", "General"} <= names
    assert shown.changed() == {}
