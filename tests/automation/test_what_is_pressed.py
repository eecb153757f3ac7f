"""Which thing is pressed, which is left alone, and when waiting is over, on small pages in a real browser."""

from __future__ import annotations

import pytest

from automation import choices, lists, tables
from automation.errors import ScreenChanged, Unavailable
from automation.fields import CHECK, spot
from automation.revolutionehr.desired import DAYS
from automation.revolutionehr.pages import buttons, employee, sections
from tests.automation.conftest import Show

pytestmark = pytest.mark.browser

PLUSES = {
    "filled": '<path d="M19 13h-6v6h-2v-6H5v-2h6V5h2v6h6z"/>',
    "stroked": '<path d="M12 5v14M5 12h14" fill="none" stroke="black" stroke-width="2"/>',
    "two bars": '<rect x="11" y="4" width="2" height="16"/><rect x="4" y="11" width="16" height="2"/>',
    "in an empty frame": '<path d="M0 0h24v24H0z" fill="none"/><path d="M19 13h-6v6h-2v-6H5v-2h6V5h2v6h6z"/>',
}
OTHERS = {
    "a cross": '<path d="M6 6l12 12M18 6L6 18" fill="none" stroke="black" stroke-width="2"/>',
    "a minus": '<path d="M5 12h14" fill="none" stroke="black" stroke-width="2"/>',
    "a block": '<path d="M4 4h16v16H4z"/>',
    "a disc": '<path d="M12 2a10 10 0 100 20 10 10 0 000-20z"/>',
    "a chevron": '<path d="M9 6l6 6-6 6" fill="none" stroke="black" stroke-width="2"/>',
    "a corner": '<path d="M5 5v14h14" fill="none" stroke="black" stroke-width="2"/>',
}


def _button(drawing: str) -> str:
    return f'<h1>Employees</h1><button type="button"><svg viewBox="0 0 24 24" width="24">{drawing}</svg></button>'


@pytest.mark.parametrize("drawing", PLUSES.values(), ids=PLUSES)
def test_a_nameless_picture_of_a_plus_adds(show: Show, drawing: str) -> None:
    screen = show(_button(drawing)).screen
    assert buttons.find_add(screen.look(), "Employee")


@pytest.mark.parametrize("drawing", OTHERS.values(), ids=OTHERS)
def test_another_nameless_picture_does_not(show: Show, drawing: str) -> None:
    screen = show(_button(drawing)).screen
    with pytest.raises(ScreenChanged, match="Add"):
        buttons.find_add(screen.look(), "Employee")


LIST = """<table><thead><tr><th>Last Name</th></tr></thead><tbody><tr><td>Ames</td></tr></tbody></table>
<ul class="pagination"><li class="disabled"><a onclick="pressed.dataset.value='yes'"><i class="fa-angle-right"
style="display:inline-block;width:20px;height:20px"></i></a></li></ul><p id="pressed" data-as="pressed">no</p>%s"""


def test_a_pager_that_is_off_is_not_pressed(show: Show) -> None:
    shown = show(LIST % "")
    assert tables.all_rows(shown.screen, tables.equals("OneSpot")) == []
    assert shown.changed() == {}


def test_nothing_is_concluded_from_a_list_that_says_an_error(show: Show) -> None:
    shown = show(LIST % '<div class="alert alert-danger" role="alert">An unexpected error has occurred.</div>')
    with pytest.raises(Unavailable, match="An unexpected error"):
        tables.all_rows(shown.screen, tables.equals("OneSpot"))
    assert tables.all_rows(shown.screen, tables.equals("Ames")) == [("Ames",)]


@pytest.mark.parametrize("tried", [1, 2])
def test_a_server_that_failed_counts_until_the_list_is_asked_for_again(show: Show, tried: int) -> None:
    screen = show(LIST % "").screen
    screen.traffic.failed.append(500)
    if tried == 1:
        with pytest.raises(Unavailable):
            tables.all_rows(screen, tables.equals("OneSpot"))
    else:
        screen.traffic.failed.clear()
        assert tables.all_rows(screen, tables.equals("OneSpot")) == []


SECTIONS = """<h2>%(outer)s</h2><div><div class="line" style="width:600px"><span>Login Restrictions</span>
<button type="button" aria-expanded="false" style="width:24px;height:24px"
onclick="days.hidden=!days.hidden;this.setAttribute('aria-expanded',String(!days.hidden))"></button></div>
<div id="days" hidden><label><input type="checkbox" data-as="check"> Login Allowed</label></div></div>
<p id="pressed" data-as="outer">left</p>"""
OUTER = """<a tabindex="0" onclick="pressed.textContent='pressed'">Login Details</a>"""


def test_a_section_opens_by_the_toggle_in_its_line_and_the_open_one_around_it_is_left(show: Show) -> None:
    shown = show(SECTIONS % {"outer": OUTER})
    there = sections.reveal(shown.screen, sections.RESTRICTIONS, lambda s: spot(s, "Login Allowed", CHECK) is not None)
    assert there
    assert shown.changed() == {}


DRAWN = """<div style="position:relative;width:18px;height:18px"><input type="checkbox" checked data-as="check"
style="opacity:0;position:absolute;width:18px;height:18px;z-index:1">
<div class="p-checkbox-box" style="width:18px;height:18px">
<svg class="p-checkbox-icon" width="12" height="12" viewBox="0 0 14 14"><path d="M2 7l4 4 7-8"/></svg></div></div>
<label style="position:absolute;left:34px;top:9px">Allow Emergency Access</label>"""


def test_the_picture_of_a_tick_is_not_taken_for_the_check_under_it(show: Show) -> None:
    shown = show(DRAWN)
    employee.set_emergency_off(shown.screen)
    assert shown.truth()["check"] == "off"


TABLE = """<table>%s</table>"""
LINE = """<tr><td style="width:100px">%s</td><td style="width:160px"><input type="checkbox" id="c%d" data-as="%s">
<label for="c%d">Login Allowed</label></td></tr>"""


def test_a_long_day_name_heads_its_own_line_only(show: Show) -> None:
    shown = show(TABLE % "".join(LINE % (day, n, day, n) for n, day in enumerate(DAYS)))
    employee.set_days(shown.screen)
    assert set(shown.truth().values()) == {"on"}


TAKEN = """<label id="l">User Roles</label>
<div style="border:1px solid gray;width:500px;height:32px;display:flex" onclick="list.hidden=!list.hidden">
<span id="chips" data-as="chips"></span><input role="combobox" aria-labelledby="l" style="border:0;flex:1">
<input style="display:none"><select multiple style="visibility:hidden;width:0;height:0"></select></div>
<div id="list" role="listbox" hidden></div>
<script>
  const taken = [];
  const draw = () => {
    chips.textContent = taken.join(' ');
    list.replaceChildren(...['Front Desk', 'OneSpot', 'Optician'].filter((n) => !taken.includes(n)).map((name) => {
      const line = document.createElement('div');
      line.role = 'option';
      line.textContent = name;
      line.onclick = () => { taken.push(name); draw(); };
      return line;
    }));
  };
  draw();
</script>"""


def test_what_a_list_no_longer_offers_is_read_from_its_chips(show: Show) -> None:
    shown = show(TAKEN)
    assert not any(lists.read_list(shown.screen, "User Roles").values())
    lists.set_list(shown.screen, "User Roles", lambda name: name == "OneSpot", must="OneSpot")
    assert shown.changed() == {"chips": "OneSpot"}
    assert lists.read_list(shown.screen, "User Roles")["OneSpot"] is True


CHIPS = """<label id="l">User Roles</label><div style="border:1px solid gray;width:500px;display:flex">
<span class="chip">OneSpot</span><input role="combobox" aria-labelledby="l" aria-expanded="false" disabled
style="border:0;flex:1"></div>"""


def test_a_locked_list_shows_its_chips_and_they_are_what_is_taken(show: Show) -> None:
    screen = show(CHIPS).screen
    assert lists.read_list(screen, "User Roles") == {"OneSpot": True}


NATIVE = """<label for="r">User Roles</label><select id="r" size="4" multiple data-as="roles">
<option>Front Desk</option><option selected>Optician</option></select>"""


def test_a_list_without_the_entry_that_it_must_hold_is_left_as_it_is(show: Show) -> None:
    shown = show(NATIVE)
    with pytest.raises(lists.NotListed, match="OneSpot"):
        lists.set_list(shown.screen, "User Roles", lambda name: name == "OneSpot", must="OneSpot")
    assert shown.changed() == {}


LATE = """<p>now</p><script>setTimeout(() => { document.body.append('later'); }, %d);</script>"""


@pytest.mark.parametrize(("comes_after", "seen"), [(150, True), (2500, None)])
def test_waiting_is_over_once_the_page_has_rested(show: Show, comes_after: int, seen: bool | None) -> None:
    screen = show(LATE % comes_after).screen
    assert screen.wait_for(lambda s: True if s[0].shows("later") else None, 10, rest=0.6) is seen


GUARDED = """
    <style>button { float: right }</style>
    <div><button type=button onclick="edit(this)">Edit</button><h3>Personal Details</h3></div>
    <div><label for=f>First Name</label> <input id=f data-as=first disabled></div>
    <div><label for=l>Last Name</label> <input id=l data-as=last disabled></div>
    <div><button type=button onclick="lost.dataset.value='yes'">Edit</button><h3>Login Details</h3></div>
    <p id=lost data-as=lost>the other section</p><button type=button>Save</button>
    <script>
      function edit(button) {
        button.textContent = button.textContent === 'Edit' ? 'Update' : 'Edit';
        for (const field of document.querySelectorAll('input')) field.disabled = button.textContent === 'Edit';
      }
    </script>
"""


def test_a_locked_section_is_edited_with_the_button_beside_its_head_and_updated_in_the_end(show: Show) -> None:
    shown = show(GUARDED)
    employee.set_name(shown.screen)
    assert shown.changed() == {"first": "Sync", "last": "OneSpot"}
    asked: list[int] = []
    employee._update_sections(shown.screen, lambda: asked.append(1))
    assert asked == [1]
    assert shown.screen.look()[0].saying("Update") == []


def test_an_invitation_to_choose_is_no_option(show: Show) -> None:
    shown = show(
        "<label id=p>Primary Location</label> <div role=combobox aria-labelledby=p aria-disabled=true "
        'style="width:200px;border:1px solid">Select...</div>'
    )
    assert choices.options(shown.screen, "Primary Location") == []


UNDER = """<h1>User Role</h1><output data-as="saved" id="saved" data-value="0"></output>
<button type="button" style="position:fixed;left:300px;top:400px;width:90px;height:30px"
  onclick="saved.dataset.value = Number(saved.dataset.value) + 1">Save</button>
<div style="position:fixed;left:{left};top:{top};width:{width};height:{height};background:teal">LIVE CHAT</div>"""


def test_a_button_under_a_badge_is_pressed_with_the_keyboard_once(show: Show) -> None:
    page = show(UNDER.format(left="290px", top="390px", width="120px", height="50px"))
    sight = page.screen.look()[0]
    page.screen.press(sight, sight.saying("Save")[0])
    assert page.truth()["saved"] == "1"


def test_a_button_under_what_covers_the_page_is_left_alone(show: Show) -> None:
    page = show(UNDER.format(left="0", top="0", width="100%", height="100%"))
    sight = page.screen.look()[0]
    with pytest.raises(ScreenChanged, match="can't be clicked"):
        page.screen.press(sight, sight.saying("Save")[0], seconds=3)
    assert page.truth()["saved"] == "0"
