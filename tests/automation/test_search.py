"""Searching a list that searches by itself, a while after the last key. A real browser."""

from __future__ import annotations

import time

import pytest

from automation.tables import BY_ITSELF, all_rows, equals, open_row, search
from tests.automation.conftest import PAGES, Show

pytestmark = pytest.mark.browser


def test_nothing_is_concluded_from_a_list_whose_search_has_not_begun(show: Show) -> None:
    screen = show("late_search").screen
    assert search(screen, "OneSpot")
    assert all_rows(screen, equals("OneSpot")) == [("OneSpot", "Sync")]
    assert search(screen, "Nobody")
    assert all_rows(screen, equals("Nobody")) == []


LATE = (PAGES / "late_search.html").read_text(encoding="utf-8")
LATER = "waiting = setTimeout(() => { page = 0; draw(); }, 700);"


def test_a_list_that_searches_at_once_is_not_waited_for(show: Show) -> None:
    shown = show(LATE.replace(LATER, "page = 0; draw();"))
    begun = time.monotonic()
    assert search(shown.screen, "OneSpot")
    assert time.monotonic() - begun < BY_ITSELF
    assert all_rows(shown.screen, equals("OneSpot")) == [("OneSpot", "Sync")]


def test_a_list_that_is_emptied_until_it_searches_is_waited_for(show: Show) -> None:
    screen = show(LATE.replace(LATER, f"{LATER} document.querySelector('tbody').replaceChildren();")).screen
    assert search(screen, "OneSpot")
    assert all_rows(screen, equals("OneSpot")) == [("OneSpot", "Sync")]


GROWS = """<table><thead><tr><th>User Role Name</th><th>Users</th></tr></thead><tbody></tbody></table>
<div id="end">%s</div>
<p id="pressed" data-as="pressed">no</p><script>
const names = [...'ABCDEFGHIJKLMNOPQRSTUVW'].map((n) => `Clerk ${n}`).concat('OneSpot');
const body = document.querySelector('tbody'), more = document.querySelector('#end [tabindex], #end button');
const draw = () => {
  for (const name of names.splice(0, 10)) body.insertRow().innerHTML = `<td>${name}</td><td>2</td>`;
  if (!names.length) more.remove();
};
more.onclick = draw;
draw();
</script>"""
ENDS = {
    "more": '<div role="button" tabindex="0" style="width:600px;text-align:center"><span>More</span></div>',
    "counted": '<button type="button">Load more (10 of 24)</button>',
    "how many": '<button type="button">Show 10 more</button>',
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_a_list_that_draws_more_lines_at_its_end_is_read_to_the_last(show: Show, end: str) -> None:
    assert all_rows(show(GROWS % end).screen, equals("OneSpot")) == [("OneSpot", "2")]


NO_ENDS = {
    "over the list": '<button type="button" onclick="%s">More</button>{list}',
    "beside a name": '{list}<table><tr><td>Zed</td><td><button onclick="%s">More</button></td></tr></table>',
    "a help text": '{list}<button type="button" onclick="%s">More about roles</button>',
    "off": '{list}<button type="button" disabled onclick="%s">More</button>',
}


@pytest.mark.parametrize("page", NO_ENDS.values(), ids=NO_ENDS)
def test_another_more_is_left_alone(show: Show, page: str) -> None:
    drawn = "<table><tr><td>Ames</td><td>2</td></tr></table><p id='pressed' data-as='pressed'>no</p>"
    shown = show(page.format(list=drawn) % "pressed.dataset.value='yes'")
    assert all_rows(shown.screen, equals("OneSpot")) == []
    assert shown.changed() == {}


A_PART = """
<style>.list { height: 200px; width: 500px; overflow-y: auto; position: relative } .row { height: 30px }</style>
<h1>User Roles</h1><div class=list role=grid><div class=all></div></div><p id=opened data-as=opened>none</p><script>
const names = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((n) => `Clerk ${n}`);
names.splice(%(at)s, 0, 'OneSpot');
const list = document.querySelector('.list'), all = list.firstChild;
all.style.height = `${30 * names.length}px`;
const draw = () => {
  const first = Math.max(Math.floor(list.scrollTop / 30) - 1, 0);
  all.replaceChildren(...names.slice(first, first + 9).map((name, n) => {
    const row = document.createElement('div');
    row.className = 'row';
    row.setAttribute('role', 'row');
    row.style = `position: absolute; width: 100%%; top: ${30 * (first + n)}px`;
    row.innerHTML = `<span role=gridcell style="cursor: pointer">${name}</span>`;
    row.onclick = () => { opened.dataset.value = name; };
    return row;
  }));
};
list.onscroll = () => setTimeout(draw, 50);
list.scrollTop = %(top)s;
draw();
</script>"""


@pytest.mark.parametrize("at", [3, 13, 26])
@pytest.mark.parametrize("top", [0, 400])
def test_a_list_that_draws_only_what_is_in_view_is_read_whole(show: Show, at: int, top: int) -> None:
    shown = show(A_PART % {"at": at, "top": top})
    assert all_rows(shown.screen, equals("OneSpot")) == [("OneSpot",)]
    assert all_rows(shown.screen, equals("Nobody")) == []
    assert open_row(shown.screen, equals("OneSpot"), lambda row: True)
    assert shown.changed() == {"opened": "OneSpot"}


MORE_AT_THE_END = """
<div style="height: 200px; overflow-y: auto" id=list><table></table></div><script>
let n = 0;
const more = () => {
  for (const end = n + 10; n < end && n < 24; n++) {
    list.firstChild.insertRow().innerHTML = `<td>${n === 23 ? 'OneSpot' : `Clerk ${n}`}</td><td>2</td>`;
  }
};
more();
list.onscroll = () => {
  if (list.scrollTop + list.clientHeight > list.scrollHeight - 5) setTimeout(more, 200);
};
</script>"""


def test_a_list_that_grows_when_its_end_is_seen_is_read_to_the_last(show: Show) -> None:
    assert all_rows(show(MORE_AT_THE_END).screen, equals("OneSpot")) == [("OneSpot", "2")]


IN_PARTS = """
<style>
  .part { position: absolute; top: 60px } [role=row] { display: flex; height: 30px } [role=gridcell] { width: 150px }
</style>
<div role=grid style="position: relative; height: 200px">
  <div class=part role=rowgroup></div><div class=part role=rowgroup style="left: 150px"></div></div><script>
const people = [['Ames', 'Rita', 'rames'], ['OneSpot', 'Sync', 'OneSpot2915'], ['OneSpot', 'Rita', 'ronespot']];
document.querySelectorAll('.part').forEach((part, which) => people.forEach((names, n) => {
  const cells = (which ? names.slice(1) : names.slice(0, 1)).map((name) => `<div role=gridcell>${name}</div>`);
  part.insertAdjacentHTML('beforeend', `<div role=row aria-rowindex=${n + 2}>${cells.join('')}</div>`);
}));
</script>"""


def test_a_line_whose_first_column_stays_while_others_scroll_is_one(show: Show) -> None:
    found = all_rows(show(IN_PARTS).screen, equals("OneSpot"))
    assert found == [("OneSpot", "Sync", "OneSpot2915"), ("OneSpot", "Rita", "ronespot")]
