"""What pages draw that were written by hand: signs for arrows, pictures for checks, a page load at every press."""

from __future__ import annotations

import pytest

from automation import trees
from tests.automation.conftest import Show

pytestmark = pytest.mark.browser

ROOT = ("Accounting Module",)

SIGNS_FOR_ARROWS = """
<ul>
  <li><a href="#">[+]</a> <input type=checkbox> Accounting Module
    <ul hidden><li><input type=checkbox> View Claims</li><li><input type=checkbox checked> View Invoices</li></ul></li>
  <li><a href="#">[+]</a> <input type=checkbox> Tasks Module
    <ul hidden><li><input type=checkbox checked> View Tasks</li></ul></li>
</ul>
<script>
  for (const sign of document.querySelectorAll('a')) {
    const inside = sign.parentElement.querySelector('ul');
    sign.onclick = () => { inside.hidden = !inside.hidden; sign.textContent = inside.hidden ? '[+]' : '[-]'; };
  }
</script>"""
"""A tree whose arrows are written as signs."""


@pytest.mark.parametrize(("closed", "opened"), [("[+]", "[-]"), ("+", "−"), ("▸", "▾"), ("►", "▼")])
def test_a_folder_before_which_a_plus_is_written_is_opened(show: Show, closed: str, opened: str) -> None:
    page = SIGNS_FOR_ARROWS.replace("[+]", closed).replace("[-]", opened)
    nodes = trees.open_all(show(page).screen, ROOT)
    assert [n.name for n in trees.ticked(nodes)] == ["View Invoices", "View Tasks"]
    assert [n.opened for n in nodes if not n.folders] == [True, True]
