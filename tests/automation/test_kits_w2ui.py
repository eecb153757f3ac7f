"""Bars and menus as w2ui draws them: bare parts whose attribute alone says that a press does something."""

from __future__ import annotations

import pytest

from automation import trees
from automation.revolutionehr.pages import header
from tests.automation.conftest import Show

pytestmark = pytest.mark.browser

_APP = """
<style>
  body { margin: 0; font: 13px/17px sans-serif; cursor: default } .bar { display: flex; gap: 20px; padding: 9px }
  .w2ui-sidebar { position: absolute; left: 0; top: 40px; width: 210px } .main { margin-left: 215px }
  .w2ui-node { padding: 6px 30px; position: relative } .w2ui-node-text { pointer-events: none }
  .w2ui-collapsed { position: absolute; right: 0; top: 6px; width: 17px; height: 17px; background: #888 }
  td span { display: inline-block; width: 16px; height: 16px; background: #888; cursor: pointer }
</style>
<div class=bar>
  <div class=w2ui-tb-button data-click="home"><div class=w2ui-tb-text>Home</div></div>
  <div class=w2ui-tb-button data-click="admin"><div class=w2ui-tb-text>Admin</div></div>
  <div class=w2ui-tb-button data-click="logout"><div class=w2ui-tb-text>Logout</div></div></div>
<div class=w2ui-sidebar hidden><div class=w2ui-node data-click="general"><div class=w2ui-node-data>
  <div class="w2ui-expand w2ui-collapsed"></div><div class=w2ui-node-text>General</div></div></div></div>
<div class=main><div style="padding: 6px">New User Role</div>
  <table><tr><td><span class=w2ui-icon-expand></span> Accounting Module<td></table></div>
<main hidden><input type=password></main>
<script>
  document.onclick = ({ target }) => {
    const deed = target.closest('[data-click]')?.dataset.click;
    if (deed === 'admin') document.querySelector('.w2ui-sidebar').hidden = false;
    if (deed === 'general') document.querySelector('.main').textContent = 'Opened';
    if (deed === 'logout') {
      document.querySelector('.bar').remove();
      document.querySelector('main').hidden = false;
    }
  };
</script>"""


def test_a_bar_of_bare_parts_is_pressed_where_they_say_that_they_react(show: Show) -> None:
    shown = show(_APP)
    assert header.in_app(shown.screen.look())
    header.log_out(shown.screen, "about:blank", lambda sights: any(s.fitting(("password",)) for s in sights))


def test_a_menu_of_bare_parts_is_gone_through(show: Show) -> None:
    shown = show(_APP)
    header.open_admin(shown.screen)
    target = header.menu_item(shown.screen.look(), "General")
    assert target is not None
    shown.screen.press(*target)
    assert any(s.shows("Opened") for s in shown.screen.steady(2))


def test_the_arrow_of_a_menu_is_none_of_the_tree_beside_it(show: Show) -> None:
    shown = show(_APP)
    header.open_admin(shown.screen)
    assert [n.name for n in trees.read(shown.screen, ["Accounting Module"])] == ["Accounting Module"]
