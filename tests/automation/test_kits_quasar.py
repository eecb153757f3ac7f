"""Checks and pictures as Quasar draws them: an input kept only for forms, shapes shrunk to nothing, ligatures."""

from __future__ import annotations

import pytest

from automation.lists import read_list, set_list
from automation.revolutionehr.pages import header
from tests.automation.conftest import Show

pytestmark = pytest.mark.browser

_CHECKS = """
<style>
  .check { display: flex; align-items: center; cursor: pointer; outline: 0 } .inner { position: relative; padding: 8px }
  .bg { position: relative; width: 18px; height: 18px; border: 2px solid } svg { position: absolute; inset: 0 }
  .q-checkbox__truthy { stroke: currentColor; stroke-width: 3 } .q-checkbox__indet { transform: scale(0) }
</style>
<h4>Accessible Locations</h4>
<div id=all></div>
<script>
  for (const name of ['Downtown', 'Northgate']) {
    const line = document.createElement('div');
    line.innerHTML = `<div class="check q-checkbox" role=checkbox aria-checked=false tabindex=0 data-as=${name}>
      <div class=inner><input type=checkbox style="display: none"><div class=bg><svg viewBox="0 0 24 24">
        <path class=q-checkbox__truthy fill=none d="M1.73 12.91 8.1 19.28 22.79 4.59"/>
        <path class=q-checkbox__indet d="M4 14H20V10H4"/></svg></div></div>
      <div class=q-checkbox__label>${name}</div></div>`;
    const check = line.firstElementChild;
    check.onclick = () => check.setAttribute('aria-checked', check.getAttribute('aria-checked') !== 'true');
    document.getElementById('all').append(line);
  }
</script>"""


def test_a_check_is_one_though_its_tick_is_drawn_deep_in_it(show: Show) -> None:
    shown = show(_CHECKS)
    assert len(shown.screen.look()[0].fitting(("check",))) == 2
    assert read_list(shown.screen, "Accessible Locations") == {"Downtown": False, "Northgate": False}


def test_a_hidden_input_that_is_never_set_says_nothing_of_its_check(show: Show) -> None:
    shown = show(_CHECKS)
    set_list(shown.screen, "Accessible Locations", lambda name: name == "Northgate")
    assert shown.truth() == {"Downtown": "false", "Northgate": "true"}
    assert read_list(shown.screen, "Accessible Locations") == {"Downtown": False, "Northgate": True}


def test_a_shape_shrunk_to_nothing_is_no_part_of_its_drawing(show: Show) -> None:
    box = '<path d="M3 3h18v18H3zM6 6v12h12V6z" fill-rule="evenodd"/>'
    hidden = '<path d="M4 14H20V10H4" style="transform: scale(0)"/>'
    (sight,) = show(f'<svg width=20 height=20 viewBox="0 0 24 24">{box}{hidden}</svg> General').screen.look()
    assert [w.checked for w in sight.fitting(("check",))] == ["false"]


def test_the_way_out_may_be_a_word_that_a_font_draws_as_a_picture(show: Show) -> None:
    shown = show("""
<header style="display: flex; gap: 8px"><b>RevolutionEHR</b>
  <button><i style="font-family: 'Material Icons'"><span aria-hidden=true>power_settings_new</span></i></button>
  <button><i style="font-family: 'Material Icons'"><span aria-hidden=true>help_outline</span></i></button></header>
<main hidden><input type=password></main>
<script>
  document.querySelector('button').onclick = () => {
    document.querySelector('header').remove();
    document.querySelector('main').hidden = false;
  };
</script>""")
    assert header.in_app(shown.screen.look())
    header.log_out(shown.screen, "about:blank", lambda sights: any(s.fitting(("password",)) for s in sights))
