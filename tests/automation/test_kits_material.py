"""What component kits do that a reader doesn't notice, as Angular's own kit does it: heads of folders that hold no
check, labels over their control, buttons that stay down, pictures that a font draws for their names."""

from __future__ import annotations

import pytest

from automation.revolutionehr.pages import employees
from tests.automation.conftest import Show

pytestmark = pytest.mark.browser


A_STATUS_TO_CHOOSE = """
<label id=name>Status</label>
<div role=combobox tabindex=0 aria-labelledby=name aria-expanded=false style="width: 200px; border: 1px solid #aaa">
  <span data-as=status>Active</span></div>
<div id=list role=listbox hidden><div role=option>Active</div><div role=option>Inactive</div></div>
<script>
  const list = document.getElementById('list'), box = document.querySelector('[role=combobox]');
  const open = (so) => { list.hidden = !so; box.setAttribute('aria-expanded', so); };
  box.onclick = () => open(list.hidden);
  list.onclick = (event) => { box.firstElementChild.textContent = event.target.textContent; open(false); };
</script>"""
"""A list of employees that is switched to inactive ones by a dropdown, which shows what is chosen."""


def test_what_a_dropdown_shows_as_chosen_is_no_button(show: Show) -> None:
    shown = show(A_STATUS_TO_CHOOSE)
    assert employees.show_inactive(shown.screen, True)
    assert shown.truth()["status"] == "Inactive"
    assert employees.show_inactive(shown.screen, False)
    assert shown.truth()["status"] == "Active"
    assert not any(t.role == "option" for t in shown.screen.look()[0].texts)
