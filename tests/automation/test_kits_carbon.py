"""Checks, accordions and pagers as Carbon draws them: a box before the words, heads in one item with all below."""

from __future__ import annotations

import pytest

from automation import tables, trees
from automation.lists import read_list, set_list
from tests.automation.conftest import Show

pytestmark = pytest.mark.browser

_STYLE = """
<style>
  .cds--checkbox { position: absolute; clip: rect(0, 0, 0, 0); width: 1px; height: 1px; overflow: hidden; margin: -1px }
  .cds--checkbox-label { position: relative; display: flex; padding: 1px 0 0 20px; min-height: 20px; cursor: pointer }
  .cds--checkbox-label::before {
    content: ''; position: absolute; left: 3px; width: 14px; height: 14px; border: 1px solid;
  }
  .cds--checkbox-label-text { padding-left: 10px } .cds--checkbox-wrapper { width: fit-content }
  ul { list-style: none } li { display: list-item } li > button { display: flex; gap: 16px; width: 100%; border: 0 }
  li > div { padding-left: 38px } li > div[hidden] { display: none }
</style>"""


def _check(name: str) -> str:
    return f"""<div class=cds--checkbox-wrapper><input type=checkbox id="{name}" data-as="{name}" class=cds--checkbox>
      <label for="{name}" class=cds--checkbox-label><div class=cds--checkbox-label-text>{name}</div></label></div>"""


def _module(name: str, *permissions: str) -> str:
    arrow = (
        '<svg width=16 height=16 viewBox="0 0 16 16" class=arrow><path d="M8 11 3 6 3.7 5.3 8 9.6 12.3 5.3z"/></svg>'
    )
    return f"""<li><button aria-expanded=false>{arrow}<div dir=auto>{name}</div></button>
      <div hidden><div>{_check(f"Select all of {name}")}{"".join(map(_check, permissions))}</div></div></li>"""


_ACCORDION = f"""{_STYLE}<fieldset><legend>Access Permissions</legend><ul>
  {_module("Accounting Module", "View Invoices", "Edit Invoices", "View Claims")}
  {_module("Administration Module", "View Administration", "General")}</ul></fieldset>
<script>
  for (const head of document.querySelectorAll('li > button')) head.onclick = (event) => {{
    event.preventDefault();
    head.nextElementSibling.hidden = head.ariaExpanded === 'true';
    head.ariaExpanded = head.ariaExpanded === 'false';
  }};
</script>"""
_ROOTS = ("Accounting Module", "Administration Module")


def test_a_head_may_share_its_list_item_with_all_that_it_opens(show: Show) -> None:
    shown = show(_ACCORDION)
    trees.tick(shown.screen, _ROOTS, ("Accounting Module",), "View Claims")
    trees.tick(shown.screen, _ROOTS, ("Administration Module",), "General")
    assert shown.changed() == {"View Claims": "on", "General": "on"}
    ticked = trees.ticked(trees.open_all(shown.screen, _ROOTS))
    assert [(n.folders, n.name) for n in ticked] == [
        (("Accounting Module",), "View Claims"),
        (("Administration Module",), "General"),
    ]


def test_a_button_in_the_line_of_a_check_is_no_head(show: Show) -> None:
    style = "<style>.cds--checkbox-wrapper { display: flex }</style>"
    more = "</label><button aria-expanded=false>Used by</button>"
    shown = show(style + _ACCORDION.replace("View Claims</div></label>", f"View Claims</div>{more}"))
    names = [n.name for n in trees.open_all(shown.screen, _ROOTS)]
    assert "View Claims" in names
    assert "Used by" not in names


def test_a_box_drawn_before_the_words_of_a_label_ends_where_they_begin(show: Show) -> None:
    shown = show(_STYLE + _check("Allow Emergency Access"))
    (check,) = shown.screen.look()[0].fitting(("check",))
    (words,) = shown.screen.look()[0].saying("Allow Emergency Access")
    assert check.box.right <= words.box.x + 1


def test_checks_drawn_before_their_words_are_set_in_a_list(show: Show) -> None:
    shown = show(
        f"{_STYLE}<fieldset><legend>Accessible Locations</legend>{_check('Downtown')}{_check('Harbor')}</fieldset>"
    )
    set_list(shown.screen, "Accessible Locations", lambda name: name == "Harbor")
    assert shown.changed() == {"Harbor": "on"}
    assert read_list(shown.screen, "Accessible Locations") == {"Downtown": False, "Harbor": True}


def test_the_arrow_of_the_dropdown_of_a_pager_turns_no_page(show: Show) -> None:
    arrow = (
        '<svg width=16 height=16 viewBox="0 0 16 16" class=cds--select__arrow><path d="M8 11 3 6 8 9.6 13 6z"/></svg>'
    )
    shown = show(f"""
<style>
  .cds--pagination {{ display: flex }} div {{ position: relative }}
  select, .one {{ appearance: none; width: 80px; height: 40px }}
  svg.cds--select__arrow {{ position: absolute; right: 8px; top: 12px; pointer-events: none }}
</style>
<table><tr><td>OneSpot</td></tr></table>
<div class=cds--pagination><div class=cds--pagination__left>Items per page:
    <div class=one><select><option>10<option>25</select>{arrow}</div></div>
  <div class=cds--pagination__right><div class=one><select><option>1</select>{arrow}</div> of 1 page
    <button disabled aria-label="Previous page"><svg width=16 height=16></svg></button>
    <button disabled aria-label="Next page"><svg width=16 height=16></svg></button></div></div>""")
    assert tables.all_rows(shown.screen, tables.equals("OneSpot")) == [("OneSpot",)]


def test_a_hand_over_the_one_arrow_under_the_mouse_marks_no_other_as_none(show: Show) -> None:
    def item(name: str, *names: str) -> str:
        arrow = "<span class=cds--tree-parent-node__toggle><svg width=16 height=16></svg></span>"
        leaves = "".join(f"<li role=treeitem>{_check(n)}</li>" for n in names)
        return f"<li role=treeitem aria-expanded=false><div>{arrow}{_check(name)}</div><ul hidden>{leaves}</ul></li>"

    shown = show(f"""{_STYLE}
<style>
  .cds--tree-parent-node__toggle {{ width: 24px; height: 24px }}
  .cds--tree-parent-node__toggle:hover {{ cursor: pointer }}
  [role=treeitem] > div {{ display: flex; padding: 0 }} ul ul {{ padding-left: 60px }}
</style>
<p>Access Permissions</p><ul role=tree>{item("Accounting Module", "View Invoices", "View Claims")}
  {item("Administration Module", "Vendors/Partners")}{item("Pulse Module", "View Pulse")}</ul>
<script>
  for (const one of document.querySelectorAll('.cds--tree-parent-node__toggle')) one.onclick = () => {{
    const item = one.closest('[role=treeitem]');
    item.ariaExpanded = item.ariaExpanded === 'false';
    item.lastElementChild.hidden = item.ariaExpanded === 'false';
  }};
</script>""")
    trees.tick(shown.screen, _ROOTS, ("Accounting Module",), "View Claims")
    trees.tick(shown.screen, _ROOTS, ("Administration Module",), "Vendors/Partners")
    assert shown.changed() == {"View Claims": "on", "Vendors/Partners": "on"}
