"""What kits of jQuery's time draw: dialogs over a page that stays as bright as it was."""

from __future__ import annotations

import pytest

from automation.fields import seek
from tests.automation.conftest import Show

pytestmark = pytest.mark.browser

A_FAINT_BACKDROP = """
<style>
  .overlay { position: fixed; left: 0; top: 0; width: 100%; height: 100%; background: #aaa; opacity: .003; z-index: 9 }
  .over { position: absolute; left: 300px; top: 100px; width: 600px; height: 200px; background: #fff; z-index: 10 }
  .over [role=combobox] { position: absolute; left: 300px; top: 50px; width: 200px; height: 28px; border: 1px solid }
  .over td { position: absolute; left: 120px; top: 54px } table { margin: 88px 0 0 540px }
</style>
<input data-as=search placeholder=Search>
<table><tr><td>Boyd</td></tr><tr><td>Dana Chang</td></tr><tr><td>Dixon</td></tr></table>
<div class=over role=dialog><b>Add Employee</b><table><tr><td>Primary Location:</td></tr></table>
  <span role=combobox tabindex=0 aria-expanded=false data-as=place>Choose</span></div>
<div class=overlay></div>"""
"""A form in a dialog over a list. What keeps the clicks from the list is so faint that nobody sees it."""


def test_a_faint_backdrop_makes_a_dialog_of_what_lies_over_it(show: Show) -> None:
    (sight,) = show(A_FAINT_BACKDROP).screen.look()
    assert sight.dialog is not None
    assert [w.kind for w in sight.fitting(("text", "choice"))] == ["choice"]


def test_without_what_keeps_the_clicks_off_the_page_stays_in_reach(show: Show) -> None:
    off = A_FAINT_BACKDROP.replace("opacity: .003", "opacity: .003; pointer-events: none")
    (sight,) = show(off).screen.look()
    assert sight.dialog is None


def test_words_behind_a_dialog_are_no_label_of_what_is_in_it(show: Show) -> None:
    shown = show(A_FAINT_BACKDROP)
    assert seek(shown.screen.look(), "Primary Location", ("choice",)).widget.value == "Choose"
