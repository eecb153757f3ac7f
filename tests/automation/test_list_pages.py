"""A list's pages, turned by arrows or by numbers as kits draw them: a page not turned to would hide what is on it."""

from __future__ import annotations

import pytest

from automation.tables import all_rows
from tests.automation.conftest import Show

pytestmark = pytest.mark.browser

_LIST = """
<style>
  .pagination { margin-left: 400px } .pagination a { display: inline-block; padding: 8px 14px; cursor: pointer }
  i { display: inline-block; width: 9px; height: 14px; background: #888 }
</style>
<table><tbody></tbody></table>
<div class="ui right floated pagination menu"></div>
<script>
  const names = ['Doctor', 'Front Desk', 'Optician', 'Helper', 'Biller', 'OneSpot'], arrows = ARROWS;
  const draw = (page) => {
    const shown = names.slice(2 * page, 2 * page + 2);
    document.querySelector('tbody').innerHTML = shown.map((name) => `<tr><td>${name}`).join('');
    const off = (to) => (to < 0 || to > 2 ? 'disabled' : '');
    const arrow = (side, to) =>
      `<a class="icon item ${off(to)}" data-to=${to}><i class="${side} chevron icon"></i></a>`;
    const numbers = [0, 1, 2].map((n) => `<a class="${n === page ? 'active' : ''} item" data-to=${n}>${n + 1}</a>`);
    document.querySelector('.pagination').innerHTML = arrows
      ? arrow('left', page - 1) + numbers.join('') + arrow('right', page + 1) : numbers.join('');
  };
  document.onclick = ({ target }) => {
    const link = target.closest('a:not(.disabled)');
    if (link) draw(Number(link.dataset.to));
  };
  draw(FIRST);
</script>"""


@pytest.mark.parametrize("arrows", ["true", "false"], ids=["arrows named in two words", "numbers only"])
@pytest.mark.parametrize("first", ["0", "2"])
def test_every_page_is_read_wherever_the_list_stands(show: Show, arrows: str, first: str) -> None:
    shown = show(_LIST.replace("ARROWS", arrows).replace("FIRST", first))
    everybody = [words for (words,) in all_rows(shown.screen, lambda words: words.isascii())]
    assert everybody == ["Doctor", "Front Desk", "Optician", "Helper", "Biller", "OneSpot"]


_LONG = """
<style> tr { height: 60px } </style>
<main><table><tbody></tbody></table></main>
<script>
  const names = [...Array(90).keys()].map((n) => `Helper ${n}`).concat('OneSpot');
  const body = document.querySelector('tbody');
  const draw = (from, to) => { body.innerHTML = names.slice(from, to).map((name) => `<tr><td>${name}`).join('') };
  let shown = 30;
  const more = { added: () => {
    if (scrollY + innerHeight > document.body.scrollHeight - 40 && shown < names.length)
      setTimeout(() => draw(0, shown += 30), 200);
  }, moved: () => {
    const first = Math.max(0, Math.floor(scrollY / 60) - 2);
    document.body.style.height = `${60 * names.length}px`;
    document.querySelector('main').style.paddingTop = `${60 * first}px`;
    draw(first, first + 25);
  } };
  draw(0, 30);
  if ('WAY' === 'moved') more.moved();
  addEventListener('scroll', more.WAY);
</script>"""


@pytest.mark.parametrize("way", ["added", "moved"], ids=["lines are added", "only what is in view is drawn"])
def test_a_list_that_scrolls_with_its_page_is_read_to_the_end(show: Show, way: str) -> None:
    shown = show(_LONG.replace("WAY", way))
    everybody = {words for (words,) in all_rows(shown.screen, lambda words: words.isascii())}
    assert everybody == {*(f"Helper {n}" for n in range(90)), "OneSpot"}
    assert shown.screen.page.evaluate("scrollY") == 0
