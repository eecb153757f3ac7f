"""What pages do that were drawn by hand, without any kit: a menu folded to its pictures."""

from __future__ import annotations

import pytest

from automation.revolutionehr.pages import header
from tests.automation.conftest import Show

pytestmark = pytest.mark.browser


A_RAIL = """
<style>
  nav { position: fixed; left: 0; top: 56px; bottom: 0; width: 64px; overflow: hidden; z-index: 5; background: white }
  nav.open { width: 240px } nav i { font-family: 'Material Icons'; display: inline-block; width: 24px; overflow: hidden }
  nav > div, nav p { padding: 12px 20px; cursor: pointer; white-space: nowrap } nav span { opacity: 0 }
  nav.open span { opacity: 1 } nav p { display: none; margin: 0 } nav.open p.shown { display: block }
  #list { position: absolute; left: 80px; top: 90px }
</style>
<a style="position: absolute; top: 8px; cursor: pointer">Admin</a>
<nav><div><i>menu</i></div><div><i>settings_applications</i><span>General</span></div>
  <div id=group><i>badge</i><span>Employee/Roles</span></div><p id=item>Employees</p>
  <div><i>handshake</i><span>Vendors/Partners</span></div></nav>
<button id=list hidden>The list</button>
<script>
  const nav = document.querySelector('nav'), item = document.getElementById('item');
  HOW_IT_OPENS
  document.getElementById('group').onclick = () => item.classList.add('shown');
  item.onclick = () => { document.getElementById('list').hidden = false; };
</script>"""
"""Admin's menu as a rail of pictures, whose words show once it is unfolded, over the page."""


@pytest.mark.parametrize(
    "opens",
    [
        "nav.onmouseenter = () => nav.classList.add('open'); nav.onmouseleave = () => nav.classList.remove('open');",
        "nav.firstElementChild.onclick = () => nav.classList.toggle('open');",
    ],
)
def test_a_menu_that_shows_only_pictures_is_unfolded(show: Show, opens: str) -> None:
    shown = show(A_RAIL.replace("HOW_IT_OPENS", opens))
    screen = shown.screen
    header.go(screen, "Employee/Roles", "Employees", lambda sights: any(s.shows("The list") for s in sights))
    if "onmouseleave" in opens:  # it doesn't stay open over what it opened
        screen.press(screen.look()[0], screen.look()[0].saying("The list")[0], seconds=2)
