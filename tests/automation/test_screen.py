"""Looking and waiting: what a look may remember, and from when on a page counts as at rest."""

from __future__ import annotations

import socket

import pytest

from automation.errors import ScreenChanged
from automation.looking import BLINK
from automation.screen import DOUBLE, Screen, Sights
from bot.serve import free_port
from tests.automation.conftest import Show

pytestmark = pytest.mark.browser

BUTTON = """<button type="button" onclick="this.nextElementSibling.textContent = 'Pressed'">Press me</button>
<p>Not yet</p>"""
LATE = """<button type="button" onclick="setTimeout(() => { late.textContent = 'Here at last' }, 250)">Ask</button>
<p id="late"></p>"""

GIVEN_UP = """(port) => {
  const patience = new AbortController();
  fetch(`http://127.0.0.1:${port}/`, { signal: patience.signal }).catch(() => {});
  patience.abort();
}"""


def _press(screen: Screen, words: str) -> None:
    sight = screen.look()[0]
    screen.press(sight, sight.saying(words)[0])


def _says(words: str, sights: Sights) -> bool | None:
    return True if any(s.shows(words) for s in sights) else None


def test_a_page_that_looks_the_same_is_not_sent_twice(show: Show) -> None:
    screen = show(BUTTON).screen
    first = screen.steady()
    screen.pause(2 * BLINK)
    assert screen.look()[0] is first[0]


def test_a_look_that_fails_on_what_is_drawn_says_so_and_blames_no_reload(show: Show) -> None:
    screen = show("<p>Hello</p>").screen
    screen.page.evaluate("Element.prototype.getAttribute = () => { throw new RangeError('canary') }; 0")
    screen.read_as(lambda sight: sight)
    with pytest.raises(ScreenChanged, match=r"could not be looked at \(RangeError\)\.$"):
        screen.look()


def test_what_was_touched_is_looked_at_anew_at_once(show: Show) -> None:
    screen = show(BUTTON).screen
    assert _says("Not yet", screen.look())
    _press(screen, "Press me")
    assert _says("Pressed", screen.look())


def test_the_same_page_loaded_again_has_elements_of_its_own(show: Show) -> None:
    screen = show(BUTTON).screen
    before = screen.steady()[0]
    screen.page.set_content(BUTTON)
    screen.pause(2 * BLINK)
    assert screen.look()[0] is not before
    _press(screen, "Press me")
    assert _says("Pressed", screen.look())


def test_nothing_is_ever_pressed_as_a_double_click(show: Show) -> None:
    """A control that still closes takes a second press for one on what it has just left, and shuts again."""
    when = "this.title += ' ' + Math.round(performance.now())"
    screen = show(f'<button onclick="{when}">Open</button> <button onclick="{when}">Close</button>').screen
    for words in ("Open", "Open", "Close"):
        _press(screen, words)
    times = screen.page.evaluate("[...document.querySelectorAll('button')].map((b) => b.title).join('')")
    opened, again, closed = map(int, times.split())
    assert again - opened >= DOUBLE * 1000 - 20
    assert closed - again < DOUBLE * 1000


def test_rest_counts_from_the_last_touch(show: Show) -> None:
    screen = show(LATE).screen
    screen.steady()
    screen.pause(0.5)
    _press(screen, "Ask")
    assert screen.wait_for(lambda sights: _says("Here at last", sights), 5, rest=0.4)


def test_a_page_that_has_been_at_rest_for_long_enough_is_not_waited_for(show: Show) -> None:
    screen = show(BUTTON).screen
    looks: list[Sights] = []
    screen.steady()
    screen.pause(0.5)

    def never(sights: Sights) -> bool | None:
        looks.append(sights)
        return None

    screen.wait_for(never, 5, rest=0.2)
    assert len(looks) == 1


def test_what_gets_no_answer_is_counted_and_what_is_given_up_is_not(show: Show) -> None:
    screen = show(f'<script src="http://127.0.0.1:{free_port()}/app.js"></script><p>Half a page</p>').screen
    screen.wait_for(lambda sights: screen.traffic.unanswered or None, 5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        screen.page.evaluate(GIVEN_UP, silent.getsockname()[1])
        screen.pause(0.2)
    assert screen.traffic.unanswered == 1
