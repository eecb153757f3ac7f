"""Two lists side by side: what is taken stands in the right one, and entries move between them."""

from __future__ import annotations

import pytest

from automation import shuttles
from automation.errors import ScreenChanged
from automation.lists import read_list, set_list
from tests.automation.conftest import Show

pytestmark = pytest.mark.browser

PLACES = ("Alder Creek", "Birchwood", "Cedar Grove", "Dogwood")


def _page(way: str, *taken: str, left: str = "Available Locations", right: str = "Selected Locations") -> str:
    """`way`: native lists that move `at once` or by `buttons`, or `drawn` lists with arrows between them."""
    lists = {
        side: "".join(
            f"<div role=option>{n}</div>" if way == "drawn" else f"<option>{n}"
            for n in PLACES
            if (n in taken) is (side == "b")
        )
        for side in "ab"
    }
    tag = "div role=listbox" if way == "drawn" else "select multiple size=6"
    end = "div" if way == "drawn" else "select"
    buttons = {
        "at once": "",
        "buttons": "<button class=b title='Move all' data-as=all></button><button class=b title='Add'></button>"
        "<button class=b title='Remove'></button>",
        "drawn": "<button class=b><i class=fa-angle-double-right></i></button>"
        "<button class=b><i class=fa-angle-right></i></button><button class=b><i class=fa-angle-left></i></button>",
    }[way]
    return f"""
<style>
  .side {{ display: inline-block; width: 220px; vertical-align: top }} .side > * {{ width: 200px }}
  .mid {{ display: inline-block; width: 40px }} .b {{ width: 30px; height: 24px; display: block }}
  [role=listbox] {{ height: 130px; border: 1px solid }} [aria-selected=true] {{ background: #ccf }}
</style>
<fieldset><legend>Accessible Locations</legend>
  <div class=side><label>{left}</label><{tag} id=a>{lists["a"]}</{end}></div>
  <div class=mid>{buttons}</div>
  <div class=side><label>{right}</label><{tag} id=b>{lists["b"]}</{end}></div>
</fieldset><output data-as=taken></output>
<script>
  const [a, b] = ['a', 'b'].map((id) => document.getElementById(id)), atOnce = {str(way == "at once").lower()};
  const chosen = (list) => [...(list.selectedOptions ?? list.querySelectorAll('[aria-selected=true]'))];
  const out = document.querySelector('output');
  const say = () => {{ out.textContent = [...b.children].map((o) => o.textContent).join(); }};
  const move = (from, to) => {{
    for (const one of chosen(from)) {{ to.append(one); one.selected = false; one.removeAttribute('aria-selected'); }}
    say();
  }};
  a.onchange = () => atOnce && move(a, b);
  b.onchange = () => atOnce && move(b, a);
  for (const list of [a, b]) {{
    list.onclick = ({{ target }}) => target.matches('[role=option]') && target.setAttribute('aria-selected', true);
  }}
  const [all, add, remove] = document.querySelectorAll('.b');
  if (all) {{
    all.onclick = () => {{ b.append(...a.children); say(); }};
    add.onclick = () => move(a, b);
    remove.onclick = () => move(b, a);
  }}
  say();
</script>"""


WAYS = pytest.mark.parametrize("way", ["at once", "buttons", "drawn"])


@WAYS
def test_the_right_list_holds_what_is_taken(show: Show, way: str) -> None:
    shown = show(_page(way, "Birchwood"))
    assert read_list(shown.screen, "Accessible Locations") == {n: n == "Birchwood" for n in PLACES}
    assert shown.changed() == {}


@WAYS
def test_all_are_moved_one_by_one(show: Show, way: str) -> None:
    shown = show(_page(way, "Birchwood"))
    assert set(set_list(shown.screen, "Accessible Locations", lambda name: True).values()) == {True}
    assert sorted(shown.truth()["taken"].split(",")) == sorted(PLACES)


@WAYS
def test_only_what_is_wanted_is_taken_and_the_rest_goes_back(show: Show, way: str) -> None:
    shown = show(_page(way, "Birchwood", "Dogwood"))
    set_list(shown.screen, "Accessible Locations", lambda name: name in ("Cedar Grove", "Dogwood"))
    assert sorted(shown.truth()["taken"].split(",")) == ["Cedar Grove", "Dogwood"]


def test_the_label_may_be_that_of_the_list_of_what_is_taken(show: Show) -> None:
    page = _page("at once", "Dogwood", right="Accessible Locations").replace("<legend>Accessible Locations", "<legend>")
    assert read_list(show(page).screen, "Accessible Locations") == {n: n == "Dogwood" for n in PLACES}


@pytest.mark.parametrize(
    ("left", "right"), [("Available Locations", "Other"), ("Clinics", "Labs"), ("Available", "Available in May")]
)
def test_lists_whose_words_do_not_tell_them_apart_are_no_such_pair(show: Show, left: str, right: str) -> None:
    screen = show(_page("at once", left=left, right=right)).screen
    assert shuttles.find(screen.look(), "Accessible Locations") is None


def test_where_nothing_moves_it_the_entry_is_refused(show: Show) -> None:
    shown = show(_page("buttons").replace("title='Add'", "title='Add all'"))
    with pytest.raises(ScreenChanged, match="does not take"):
        set_list(shown.screen, "Accessible Locations", lambda name: name == "Dogwood")
    assert shown.truth()["taken"] == ""


@pytest.mark.parametrize("taken", [(), ("Birchwood",), PLACES])
def test_a_list_that_holds_nothing_need_not_be_drawn(show: Show, taken: tuple[str, ...]) -> None:
    shown = show(_page("drawn", *taken) + "<style>[role=listbox]:empty { display: none }</style>")
    assert read_list(shown.screen, "Accessible Locations") == {n: n in taken for n in PLACES}
    set_list(shown.screen, "Accessible Locations", lambda name: name != "Dogwood")
    assert sorted(shown.truth()["taken"].split(",")) == ["Alder Creek", "Birchwood", "Cedar Grove"]


def test_the_buttons_may_stand_beside_the_higher_list_only(show: Show) -> None:
    page = _page("drawn", *PLACES[:3]).replace("height: 130px", "height: auto")
    shown = show(
        page
        + "<style>.mid { position: relative; top: 120px; vertical-align: top } [role=option] { height: 60px }</style>"
    )
    set_list(shown.screen, "Accessible Locations", lambda name: True)
    assert sorted(shown.truth()["taken"].split(",")) == sorted(PLACES)


def test_a_list_without_another_heading_beside_it_is_no_half_of_a_pair(show: Show) -> None:
    style = "<style>[role=listbox]:empty { display: none }</style>"
    screen = show(_page("drawn", right="Notes") + style).screen
    assert shuttles.find(screen.look(), "Accessible Locations") is None


def _columns(*taken: str) -> str:
    """Two columns of checks, low enough to scroll, with a check over each that ticks all and bare arrows between."""
    checks = {
        side: "".join(f"<label><input type=checkbox>{n}</label>" for n in PLACES if (n in taken) is (side == "b"))
        for side in "ab"
    }

    def column(side: str, title: str) -> str:
        head = f"<header><label><input type=checkbox>{title} <small>0/4</small></label></header>"
        return f"<section>{head}<div id={side}>{checks[side]}</div></section>"

    def arrow(path: str) -> str:
        return f'<button><svg width=14 height=14 viewBox="0 0 14 14"><path d="{path}"/></svg></button>'

    return f"""
<style>
  .all {{ display: flex }} section {{ width: 200px }} section div {{ height: 60px; overflow: auto }}
  div > label {{ display: block }} path {{ fill: none; stroke: #000; stroke-width: 2 }}
</style>
<p>Accessible Locations</p>
<div class=all>{column("a", "Available")}
  <nav class=b>{arrow("M10 1L4 7L10 13")}{arrow("M4 1L10 7L4 13")}</nav>
{column("b", "Accessible")}</div><output data-as=taken></output>
<script>
  const [a, b] = ['a', 'b'].map((id) => document.getElementById(id));
  const [back, forth] = document.querySelectorAll('button');
  const out = document.querySelector('output');
  const say = () => {{ out.textContent = [...b.children].map((l) => l.innerText).join(); }};
  const move = (from, to) => () => {{
    for (const box of from.querySelectorAll(':checked')) {{ box.checked = false; to.append(box.parentElement); }}
    say();
  }};
  [back.onclick, forth.onclick] = [move(b, a), move(a, b)];
  say();
</script>"""


def test_a_tick_in_a_column_of_what_is_to_be_had_takes_nothing(show: Show) -> None:
    page = _columns("Birchwood").replace("checkbox>Alder", "checkbox checked>Alder")
    shown = show(page)
    assert read_list(shown.screen, "Accessible Locations") == {n: n == "Birchwood" for n in PLACES}
    assert shown.changed() == {}


def test_what_is_ticked_in_a_column_is_moved_to_the_other(show: Show) -> None:
    shown = show(_columns("Birchwood"))
    assert set(set_list(shown.screen, "Accessible Locations", lambda name: True).values()) == {True}
    assert sorted(shown.truth()["taken"].split(",")) == sorted(PLACES)


def test_a_tick_that_takes_at_once_and_stays_is_told_by_the_other_column(show: Show) -> None:
    checks = "".join(f"<label><input type=checkbox>{n}</label>" for n in PLACES)
    shown = show(f"""
<style>
  .all {{ display: flex }} section {{ width: 200px }} section div {{ height: 60px; overflow: auto }}
  div > * {{ display: block; height: 20px }}
</style>
<p>Accessible Locations</p>
<div class=all><section><header>Available <a>Select all</a></header><div id=a>{checks}</div></section>
  <section><header>Selected <a>Clear</a></header><div id=b></div></section></div><output data-as=taken></output>
<script>
  const [a, b] = ['a', 'b'].map((id) => document.getElementById(id));
  a.onchange = () => {{
    const names = [...a.children].filter((l) => l.firstChild.checked).map((l) => l.innerText);
    b.innerHTML = names.map((n) => `<p style="margin: 0">${{n}} <button title=Remove>×</button></p>`).join('');
    document.querySelector('output').textContent = names.join();
  }};
</script>""")
    set_list(shown.screen, "Accessible Locations", lambda name: name != "Birchwood")
    assert shown.truth()["taken"] == "Alder Creek,Cedar Grove,Dogwood"
    assert read_list(shown.screen, "Accessible Locations") == {n: n != "Birchwood" for n in PLACES}
