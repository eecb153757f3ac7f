"""The browser: fresh for each account, ended from outside, and the ways in which a page can fail to answer."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import psutil
import pytest

from automation.browser import OLD_AFTER, Browser, BrowserMissing, KeptBrowser, find_chromium, open_browser
from automation.errors import Halted, PersonNeeded, ScreenChanged, Unavailable, Unreachable
from automation.screen import Screen
from tests.automation.conftest import Show

pytestmark = pytest.mark.browser


class Page(BaseHTTPRequestHandler):
    """Remembers its visitor in a cookie, and tells browsers to keep its private page for an hour."""

    asked: ClassVar[list[tuple[str, str]]] = []
    """Each address that was asked for, with the cookie that came along."""

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["Cookie"] or ""))
        self.send_response(503 if self.path == "/down" else 200)
        script = self.path.endswith(".js")
        self.send_header("Content-Type", "text/javascript" if script else "text/html")
        self.send_header("Set-Cookie", "account=first; Max-Age=3600")
        if self.path == "/private":
            self.send_header("Cache-Control", "private, max-age=3600")
            self.send_header("ETag", '"first"')
        self.end_headers()
        self.wfile.write(b"" if script else b"<title>RevolutionEHR</title><p>Hello</p>")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: tests print nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    Page.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


LEAVE_TRACES = """async () => {
  localStorage.setItem('account', 'first');
  sessionStorage.setItem('account', 'first');
  window.name = 'first';
  await new Promise((done) => {
    const opened = indexedDB.open('first');
    opened.onsuccess = () => { opened.result.close(); done(); };
  });
  await (await caches.open('first')).put('/patients', new Response('first'));
  const worker = navigator.serviceWorker.register('/worker.js').then(() => true, () => false);
  await Promise.race([worker, new Promise((done) => setTimeout(done, 300))]);
}"""
"""What a page may leave behind in a browser, all of it."""

FIND_TRACES = """async () => ({
  cookie: document.cookie, local: localStorage.length, session: sessionStorage.length, name: window.name,
  databases: (await indexedDB.databases()).map((one) => one.name), caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length, history: history.length,
})"""


def test_nothing_of_one_account_reaches_the_next(browser: Browser, site: str) -> None:
    """Cookies, storage, the cache of private pages, service workers: gone before the next account logs in."""
    with browser.visit() as first:
        first.open(f"{site}private")
        first.page.evaluate(LEAVE_TRACES)
        left = first.page.evaluate(FIND_TRACES)
        first.page.goto(f"{site}private")
        kept = first.page.context
    assert kept.pages == []
    assert (left["cookie"], left["local"], left["session"], left["name"]) == ("account=first", 1, 1, "first")
    assert (left["databases"], left["caches"]) == (["first"], ["first"])
    asked = [one for one in Page.asked if one[0] == "/private"]
    assert len(asked) == 1  # the second time it came from the cache
    with browser.visit() as second:
        second.open(f"{site}private")
        found = second.page.evaluate(FIND_TRACES)
    assert [one for one in Page.asked if one[0] == "/private"] == [*asked, ("/private", "")]
    assert found.pop("cookie") == "account=first"  # its own, which came with the page
    assert found == {
        "local": 0, "session": 0, "name": "", "databases": [], "caches": [], "workers": 0, "history": 2,
    }  # fmt: skip


def test_the_status_of_an_answer_is_told(screen: Screen, site: str) -> None:
    assert screen.open(site + "down") == 503


def test_an_address_where_nothing_answers_is_said_in_words(screen: Screen) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unreachable, match="can't be reached: the connection was refused"):
        screen.open(f"http://127.0.0.1:{port}/static/")


@pytest.mark.parametrize("kind", ["confirm('Leave?')", "prompt('Code?')"])
def test_a_question_of_the_page_is_not_agreed_to_but_told(screen: Screen, kind: str) -> None:
    with screen.native.agreeing(lambda asked: asked in ("Stay?", "Code?")):
        assert screen.page.evaluate(kind) in (False, None)
    with pytest.raises(PersonNeeded, match=r"asked: “(Leave|Code)"):
        screen.native.no_questions()
    screen.native.no_questions()


def test_only_the_question_that_is_waited_for_is_agreed_to_and_only_then(screen: Screen) -> None:
    with screen.native.agreeing(lambda asked: asked == "Save?"):
        assert screen.page.evaluate("confirm('Save?')") is True
    assert screen.page.evaluate("confirm('Save?')") is False


def test_what_the_page_only_says_is_closed_and_seen_until_the_next_press(show: Show) -> None:
    shown = show("""<button onclick="alert('The user name is taken.')">Save</button> <button>Other</button>""")
    for words, said in (("Save", ["The user name is taken."]), ("Other", [])):
        sight = shown.screen.look()[0]
        shown.screen.press(sight, sight.saying(words)[0])
        assert [(notice.text, notice.bad) for notice in shown.screen.steady()[0].alerts] == [
            (one, True) for one in said
        ]
    shown.screen.native.no_questions()
    assert shown.screen.announced == ["The user name is taken."]


def test_a_probe_is_asked_until_it_knows(show: Show) -> None:
    shown = show("<p id=p>Wait</p><script>setTimeout(() => { p.textContent = 'Now' }, 250)</script>")
    assert shown.screen.wait_for(lambda s: "found" if s[0].shows("Now") else None, 5) == "found"
    assert shown.screen.wait_for(lambda s: "found" if s[0].shows("Never") else None, 0.3) is None


def test_a_page_is_steady_once_it_has_loaded(show: Show) -> None:
    shown = show(
        "<div id=p class=loading style='width:90px;height:20px'>Loading</div>"
        "<script>setTimeout(() => { p.className = ''; p.textContent = 'OneSpot' }, 500)</script>"
    )
    assert shown.screen.steady(8)[0].shows("OneSpot")


def test_a_click_goes_to_the_words_and_only_if_it_gets_there(show: Show) -> None:
    shown = show(
        "<button data-as=save data-value=0 onclick='this.dataset.value = +this.dataset.value + 1'>Save</button>"
        "<div id=veil style='position:fixed;inset:0;opacity:.5;background:#fff'></div>"
    )
    look = shown.screen.look()[0]
    with pytest.raises(ScreenChanged, match="“Save” can't be clicked"):
        shown.screen.press(look, look.saying("Save")[0], seconds=0.5)
    assert shown.changed() == {}
    shown.screen.page.evaluate("veil.remove()")
    shown.screen.press(look, look.saying("Save")[0])
    assert shown.changed() == {"save": "1"}


def test_what_is_not_there_any_more_can_not_be_pressed(show: Show) -> None:
    shown = show("<button id=b>Save</button>")
    look = shown.screen.look()[0]
    shown.screen.page.evaluate("b.remove()")
    with pytest.raises(ScreenChanged, match="“Save” can't be clicked"):
        shown.screen.press(look, look.saying("Save")[0], seconds=0.5)


def test_a_browser_that_is_not_there_is_one_sentence() -> None:
    with pytest.raises(BrowserMissing, match=r"/nowhere/chromium .* does not start; unset BROWSER"):
        find_chromium("/nowhere/chromium")


def rest(browser: Browser, deed: str = "() => {}", killed_after: float | None = None) -> None:
    """A visit that does one thing and then waits for nothing in particular, until it is freed."""
    with browser.visit() as screen:
        screen.page.evaluate(deed)
        if killed_after is not None:
            threading.Timer(killed_after, browser.kill).start()
        screen.wait_for(lambda sights: None, 30)


def test_what_is_waited_for_is_halted_from_another_thread_and_one_can_log_out_then(browser: Browser, site: str) -> None:
    threading.Timer(0.5, browser.halt).start()
    with browser.visit() as screen:
        screen.open(site)
        with pytest.raises(Halted):
            screen.wait_for(lambda sights: None, 20)
        assert screen.look()[0].shows("Hello")


def test_a_browser_killed_from_another_thread_frees_the_one_that_waits() -> None:
    with open_browser() as own:
        with pytest.raises(Unavailable, match="stopped in the middle"):
            rest(own, killed_after=0.3)
        with pytest.raises(Unavailable, match="stopped in the middle"):
            rest(own)
        own.kill()
    assert own.killed


def test_a_frozen_page_is_freed_by_the_kill() -> None:
    with open_browser() as own, pytest.raises(Unavailable):
        rest(own, "() => { setTimeout(() => { for (;;); }, 0) }", killed_after=1)


def test_a_kept_browser_is_the_same_at_the_next_visit_and_ends_when_it_is_closed() -> None:
    kept = KeptBrowser()
    with kept.lend() as first:
        pass
    with kept.lend() as second:
        processes = second._processes
    kept.close()
    assert second is first
    assert psutil.wait_procs(processes, timeout=10)[1] == []


def test_a_kept_browser_that_was_killed_is_replaced_at_the_next_visit() -> None:
    kept = KeptBrowser()
    with kept.lend() as first:
        first.kill()
    with kept.lend() as second, second.visit() as screen:
        assert screen.look()[0].url == "about:blank"
    kept.close()
    assert second is not first


def test_a_kept_browser_is_made_anew_before_it_grows_old() -> None:
    moment = 0.0
    kept = KeptBrowser(clock=lambda: moment)
    with kept.lend() as first:
        moment = OLD_AFTER
    with kept.lend() as second:
        pass
    kept.close()
    assert second is not first
