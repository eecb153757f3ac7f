"""Ticking the permissions of a role, in a tree where one of them is a folder of its own."""

from __future__ import annotations

import pytest

from automation.errors import Forbidden
from automation.revolutionehr.desired import ADMINISTRATION
from automation.revolutionehr.pages import user_roles
from tests.automation.conftest import Show

TREE = """
<h4>Access Permissions</h4>
<ul id=tree style="list-style: none">
  <li><label><input type=checkbox data-as=administration>Administration Module</label>
    <ul style="list-style: none">
      <li><label><input type=checkbox data-as=view>View Administration</label></li>
      <li><label><input type=checkbox data-as=general>General</label>
        <ul style="list-style: none">
          <li><label><input type=checkbox data-as=basic>Edit Basic Information</label></li>
          <li><label><input type=checkbox data-as=locations>Edit Locations</label></li></ul></li>
      <li><label><input type=checkbox data-as=roles>Employee/Roles</label></li>
      <li><label><input type=checkbox data-as=vendors>Vendors/Partners</label></li>
      <li><label><input type=checkbox data-as=more>Edit Vendors</label></li></ul></li></ul>
<script>
  const up = {up};
  document.getElementById('tree').addEventListener('change', ({{ target }}) => {{
    const line = target.closest('li');
    for (const below of line.querySelectorAll('ul input')) below.checked = target.checked;
    for (let above = line.parentElement.closest('li'); up && above; above = above.parentElement.closest('li')) {{
      const its = [...above.querySelectorAll(':scope > ul > li > label > input')];
      above.querySelector('input').checked = its.every((one) => one.checked);
    }}
  }});
</script>"""
"""Ticking a folder ticks all in it; with `up` a folder is ticked just when all in it are."""


def test_what_a_ticked_permission_takes_with_it_is_unticked_again(show: Show) -> None:
    shown = show(TREE.format(up="false"))
    user_roles.tick(shown.screen, ADMINISTRATION)
    assert {name for name, state in shown.truth().items() if state == "on"} == {"view", "general", "roles", "vendors"}


def test_a_permission_that_can_not_be_had_alone_is_said_so(show: Show) -> None:
    shown = show(TREE.format(up="true"))
    with pytest.raises(Forbidden, match="“General” only together with “Edit Basic Information”, “Edit Locations”"):
        user_roles.tick(shown.screen, ADMINISTRATION)
