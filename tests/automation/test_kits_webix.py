"""Grids as Webix draws them: column by column, with a head that says nowhere that it is one."""

from __future__ import annotations

import pytest

from automation.lists import read_list, set_list
from tests.automation.conftest import Show

pytestmark = pytest.mark.browser

_GRID = """
<style>
  .grid { position: relative; width: 600px } .grid, .cell { font: 14px sans-serif }
  .head, .body { position: relative; width: 600px; height: 34px } .body { height: 102px }
  .column { position: absolute; top: 0 } .cell { height: 34px; line-height: 34px; box-sizing: border-box }
</style>
<fieldset><legend>Accessible Locations</legend>
<div class=grid role=grid aria-colcount=2 aria-rowcount=3>
  <div class=head><div class=column style="left: 0"><div class=cell><input type=checkbox data-as=all></div></div>
    <div class=column style="left: 50px"><div class=cell>Location</div></div></div>
  <div class=body><div role=rowgroup><div class=column style="left: 0"></div>
    <div class=column style="left: 50px"></div></div></div>
</div></fieldset>
<script>
  const [checks, words] = document.querySelectorAll('.body .column');
  ['Downtown', 'Northgate', 'Old Mill'].forEach((name, i) => {
    const place = `class=cell role=gridcell aria-rowindex=${i + 1}`;
    checks.innerHTML += `<div ${place} aria-colindex=1><input type=checkbox data-as="${name}"></div>`;
    words.innerHTML += `<div ${place} aria-colindex=2>${name}</div>`;
  });
</script>"""


def test_the_check_above_the_cells_of_a_grid_is_no_entry(show: Show) -> None:
    shown = show(_GRID)
    names = ["Downtown", "Northgate", "Old Mill"]
    assert read_list(shown.screen, "Accessible Locations") == dict.fromkeys(names, False)
    set_list(shown.screen, "Accessible Locations", lambda name: True)
    assert shown.changed() == dict.fromkeys(names, "on")
