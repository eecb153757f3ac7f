"""Inactive employees are found whatever switches the list to them, and no dropdown in an employee's line is touched."""

from __future__ import annotations

import pytest

from automation.revolutionehr.pages.employees import Found, find
from automation.revolutionehr.pages.inactive import says_inactive
from tests.automation.conftest import Show, Shown

pytestmark = pytest.mark.browser

OURS, OTHER = ("OneSpot", "Sync", "OneSpot2915"), ("Okafor", "Ben", "bokafor")

PAGE = """<!doctype html><title>RevolutionEHR</title>
<style>body {{ font: 14px sans-serif }} td, th {{ padding: 6px 40px 6px 0; text-align: left }}
.kit {{ display: inline-block; width: 160px; height: 32px; border: 1px solid #999; padding: 6px }}
.popup {{ position: absolute; z-index: 1000; background: #fff; border: 1px solid #999; width: 158px }}</style>
<h1>Employees</h1>
<div>{switch} <button type="button">Add</button></div>
<table><thead><tr>{heads}</tr></thead><tbody></tbody></table>
<script>
  const ALL = [['Okafor', 'Ben', 'bokafor', true], ['OneSpot', 'Sync', 'OneSpot2915', false]];
  const cell = {cell};
  const draw = (which) => {{
    const shown = ALL.filter((one) => which === 'All' || one[3] === (which === 'Active'));
    document.querySelector('tbody').innerHTML = shown.map((one) =>
      `<tr>${{one.slice(0, 3).map((words) => `<td>${{words}}</td>`).join('')}}${{cell(one[3])}}</tr>`).join('');
  }};
  draw('{first}');
  {script}
</script>"""
HEADS = "<th>Last Name</th><th>First Name</th><th>Username</th>"
NATIVE = """<select onchange="draw(this.value)" data-as="filter"><option>Active<option>Inactive<option>All</select>"""
ACTIVE_OR_ALL = """<label for="which">Show</label>
  <select id="which" onchange="draw(this.value)" data-as="filter"><option>Active<option>All</select>"""
KIT = """<div class="kit" role="combobox" aria-haspopup="listbox" aria-expanded="false" tabindex="0" data-as="filter"
  data-value="Active"><span>Active</span></div>"""
KIT_SCRIPT = """const kit = document.querySelector('.kit');
  let popup = null;
  const shut = () => { popup?.remove(); popup = null; kit.setAttribute('aria-expanded', 'false'); };
  kit.onclick = () => {
    if (popup) return shut();
    popup = document.createElement('div'); popup.className = 'popup'; popup.setAttribute('role', 'listbox');
    for (const words of ['Active', 'Inactive']) {
      const option = document.createElement('div'); option.setAttribute('role', 'option'); option.textContent = words;
      option.onclick = () => { kit.dataset.value = kit.firstChild.textContent = words; shut(); draw(words); };
      popup.append(option);
    }
    document.body.append(popup); kit.setAttribute('aria-expanded', 'true');
  };
  document.onkeydown = (e) => { if (e.key === 'Escape') shut(); };"""
ACTIVE_ONLY = """<label><input type="checkbox" checked data-as="filter"
  onchange="draw(this.checked ? 'Active' : 'All')"> Active only</label>"""
TABS = """<input placeholder="Search" style="width: 240px"><button role="tab" aria-selected="true">Active</button>
  <button role="tab" aria-selected="false">Inactive</button>"""
NARROWER = """const box = document.querySelector('input'), tabs = [...document.querySelectorAll('[role=tab]')];
  box.onfocus = () => { box.style.width = '240px' }; box.onblur = () => { box.style.width = '140px' };
  for (const tab of tabs) tab.onclick = () => {
    tabs.forEach((one) => one.setAttribute('aria-selected', one === tab)); draw(tab.textContent);
  };"""
"""A search box that is narrower without the focus: what stands beside it moves away while it is pressed."""
IN_LINE = (
    "(active) => `<td><select data-as='line'><option>Active<option ${active ? '' : 'selected'}>Inactive</select></td>`"
)


def page(
    switch: str = "", script: str = "", *, first: str = "Active", heads: str = HEADS, cell: str = "() => ''"
) -> str:
    return PAGE.format(switch=switch, script=script, first=first, heads=heads, cell=cell)


def looked(shown: Shown) -> Found:
    return find(shown.screen, "OneSpot2915")


@pytest.mark.parametrize(
    "markup",
    [page(NATIVE), page(ACTIVE_OR_ALL), page(KIT, KIT_SCRIPT), page(ACTIVE_ONLY)],
    ids=["no label", "all or active", "drawn", "active only"],
)
def test_whatever_switches_to_the_inactive_ones_is_used_and_put_back(show: Show, markup: str) -> None:
    shown = show(markup)
    assert looked(shown) == Found((), (OURS,))
    assert shown.changed() == {}


def test_a_tab_that_moved_away_under_the_press_is_pressed_again(show: Show) -> None:
    shown = show(page(TABS, NARROWER))
    assert looked(shown) == Found((), (OURS,))
    assert "Okafor" in {t.own for t in shown.screen.look()[0].texts}


def test_a_list_of_all_is_told_apart_by_what_its_lines_say(show: Show) -> None:
    says = "(active) => `<td>${active ? 'Active' : 'Inactive'}</td>`"
    shown = show(page(first="All", heads=HEADS + "<th>Status</th>", cell=says))
    assert looked(shown) == Found((), ((*OURS, "Inactive"),))


@pytest.mark.parametrize(
    "heads", [HEADS + "<th>Status</th>", HEADS + "<th></th>", ""], ids=["named", "bare", "no heads"]
)
def test_a_dropdown_in_a_line_is_never_touched(show: Show, heads: str) -> None:
    shown = show(page(heads=heads, cell=IN_LINE))
    touched = "document.addEventListener('change', () => { document.title = 'touched' }, true)"
    shown.screen.page.evaluate(touched)
    looked(shown)
    assert shown.screen.page.title() == "RevolutionEHR"
    assert shown.changed() == {}


def test_a_line_says_inactive_only_without_saying_active() -> None:
    assert says_inactive((*OURS, "Inactive"))
    assert not says_inactive((*OURS, "Active"))
    assert not says_inactive((*OURS, "Active", "Inactive"))  # two buttons, such as in every line
    assert not says_inactive(OURS)
