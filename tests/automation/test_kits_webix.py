"""Grids as Webix draws them: by columns, under heads that nothing calls so, scrolled by a bar at their edge."""

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


_PART_OF_A_GRID = """
<style>
  .grid { position: relative; width: 600px; height: 136px } .body { width: 600px; height: 136px; overflow: hidden }
  .bar { position: absolute; right: 0; top: 0; width: 14px; height: 136px; overflow-y: scroll; pointer-events: none }
  .bar div { width: 16px; height: 408px } .line { height: 34px; font: 14px/34px sans-serif }
</style>
<h4>Accessible Locations</h4>
<div class=grid role=grid><div class=body></div><div class=bar role=scrollbar><div></div></div></div>
<script>
  const taken = Array(12).fill(false), body = document.querySelector('.body'), bar = document.querySelector('.bar');
  const draw = () => {
    const first = Math.round(bar.scrollTop / 34), lines = [first, first + 1, first + 2, first + 3];
    body.innerHTML = lines.map((i) => `<div class=line><input type=checkbox ${taken[i] ? 'checked' : ''}
      onchange="taken[${i}] = this.checked; document.body.dataset.value = taken.filter(Boolean).length"> Place ${i + 1}
      </div>`).join('');
  };
  document.body.dataset.as = 'places'; document.body.dataset.value = 0;
  bar.onscroll = draw; draw();
</script>"""
"""Four of twelve lines are drawn: those to which the bar beside them is scrolled."""


def test_a_grid_that_only_the_bar_at_its_edge_scrolls_is_gone_through(show: Show) -> None:
    shown = show(_PART_OF_A_GRID)
    names = [f"Place {i + 1}" for i in range(12)]
    assert read_list(shown.screen, "Accessible Locations") == dict.fromkeys(names, False)
    assert set_list(shown.screen, "Accessible Locations", lambda name: True) == dict.fromkeys(names, True)
    assert shown.truth()["places"] == "12"
