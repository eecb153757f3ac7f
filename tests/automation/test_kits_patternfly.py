"""A dropdown of checks as PatternFly draws it: a button that only counts what is taken, and a menu of labels."""

from __future__ import annotations

import pytest

from automation.lists import read_list, set_list
from tests.automation.conftest import Show

pytestmark = pytest.mark.browser

_MENU = """
<style>
  .pf-v6-c-menu-toggle { display: inline-flex; gap: 8px; width: 260px; height: 37px; cursor: pointer }
  ul { position: absolute; z-index: 9999; margin: 0; background: white; list-style: none } label { display: block }
</style>
<h2>User Roles</h2>
<button class=pf-v6-c-menu-toggle aria-expanded=false><span class=pf-v6-c-menu-toggle__text>Select user roles
  <span class=badge></span></span>
  <span class=pf-v6-c-menu-toggle__controls><svg width=14 height=14></svg></span></button>
<output data-as=taken></output>
<script>
  const roles = ['Biller', 'Front Desk', 'OneSpot'], taken = new Set(['Biller']);
  const button = document.querySelector('button');
  const say = () => {
    document.querySelector('.badge').textContent = taken.size || '';
    document.querySelector('output').textContent = [...taken].join();
  };
  let menu = null;
  const close = () => { menu?.remove(); menu = null; button.ariaExpanded = 'false'; };
  button.onclick = () => {
    if (menu) return close();
    menu = document.body.appendChild(document.createElement('ul'));
    menu.setAttribute('role', 'menu');
    menu.innerHTML = roles.map((r) => `<li role=menuitem><label><input type=checkbox ${taken.has(r) ? 'checked' : ''}>
      <span>${r}</span></label></li>`).join('');
    menu.onchange = ({ target }) => {
      const role = target.parentElement.innerText.trim();
      if (target.checked) taken.add(role); else taken.delete(role);
      say();
    };
    button.ariaExpanded = 'true';
  };
  document.addEventListener('click', ({ target }) => {
    if (!button.contains(target) && !menu?.contains(target)) close();
  });
  say();
</script>"""


def test_a_button_that_only_counts_what_is_taken_is_read_by_its_menu(show: Show) -> None:
    shown = show(_MENU)
    assert read_list(shown.screen, "User Roles") == {"Biller": True, "Front Desk": False, "OneSpot": False}
    assert shown.changed() == {}


def test_the_checks_of_its_menu_are_set(show: Show) -> None:
    shown = show(_MENU)
    set_list(shown.screen, "User Roles", lambda name: name == "OneSpot")
    assert shown.truth()["taken"] == "OneSpot"
