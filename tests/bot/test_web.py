"""The web pages from outside: a real server, a real database, and a desk that notes what it was asked for."""

from __future__ import annotations

import base64
import hashlib
import logging
import re
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Barrier

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from bot.pages import form
from bot.pages.rate import Pace, Rate
from bot.serve import serving
from bot.web import Answer, Desk, Facts, pages
from storage import links, practices
from storage.database import StorageError
from storage.models import Credential, LinkPurpose, OneTimeLink, Practice, utcnow

PASSWORD = "Kestrel\"7&%<Nest>\\9'Qz ß漢"
FINAL = "Wren$4<b>&amp;'\"x"
PUBLIC = "https://onespot.example"
FACTS = Facts("Lumen <Eye> & Co", "Dana Reyes", "lumen.admin", "https://revolutionehr.com/static/")
DEAD = "This link does not work any more"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Clock:
    """Says the time, and can be moved on."""

    def __init__(self) -> None:
        self.now = utcnow()

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Place:
    """A practice, its links, and what the desk was asked. `without` and `late` are what it refuses with."""

    engine: Engine
    practice: Practice
    clock: Clock = field(default_factory=Clock)
    taken: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    forbidden: str | None = None
    late: str | None = None
    nothing: str | None = None
    wrong: list[str] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    not_ready: dict[str, str] = field(default_factory=dict)

    def link(self, purpose: LinkPurpose = LinkPurpose.INTAKE, lasts: timedelta = links.LASTS) -> str:
        """A new token."""
        return links.make(self.engine, purpose, self.practice.id, "U0DANA", now=self.clock(), lasts=lasts)

    def secret(self) -> str:
        """The path of a new intake page."""
        return f"/secret/{self.link()}"

    def reveal(self) -> str:
        """The path of a new reveal page."""
        return f"/reveal/{self.link(LinkPurpose.REVEAL)}"

    def desk(self) -> Desk:
        return Desk(
            find=lambda token: links.find(self.engine, token, now=self.clock()),
            use=lambda token: links.use(self.engine, token, now=self.clock()),
            about=lambda link: FACTS,
            may=lambda link: self.forbidden,
            intake=self._intake,
            reveal=self._reveal,
            look_at=lambda link, sheet: self.wrong,
            bring=self._bring,
            ready=lambda: self.not_ready,
        )

    def _intake(self, link: OneTimeLink, password: SecretStr) -> str | None:
        self.taken.append(password.get_secret_value())
        return self.late

    def _bring(self, link: OneTimeLink, sheet: str) -> str | None:
        self.sheets.append(sheet)
        return self.late

    def bring(self) -> str:
        """The path of a new page for many practices."""
        return f"/import/{links.make(self.engine, LinkPurpose.IMPORT, None, 'U0DANA', channel='C1', now=self.clock())}"

    def _reveal(self, link: OneTimeLink) -> Credential | str:
        self.shown.append(link.for_user)
        return self.nothing or Credential("OneSpot2915", SecretStr(FINAL))


Visit = Callable[..., httpx.Client]


@pytest.fixture
def place(engine: Engine) -> Place:
    return Place(engine, practices.save(engine, "Lumen <Eye> & Co", "https://ehr.example/static/", now=utcnow()))


@pytest.fixture
def visit(place: Place) -> Iterator[Visit]:
    """Serves the pages, with what is asked for, and gives a browser of sorts."""
    with ExitStack() as stack:

        def start(desk: Desk | None = None, **how: object) -> httpx.Client:
            port = stack.enter_context(serving(pages(desk or place.desk(), **how), 0))  # type: ignore[arg-type]
            return stack.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20))

        yield start


@pytest.fixture
def browser_of_sorts(visit: Visit) -> httpx.Client:
    return visit()


def mark(page: httpx.Response) -> str:
    """The hidden field of a page's form."""
    found = re.search(r'<input type="hidden" name="form" value="([A-Za-z0-9_-]{43})">', page.text)
    assert found is not None, page.text
    return found[1]


def save(client: httpx.Client, path: str, password: str = PASSWORD, **headers: str) -> httpx.Response:
    """Open the page, type the password and press the button."""
    return client.post(path, data={"form": mark(client.get(path)), "password": password}, headers=headers)


def press(client: httpx.Client, path: str, **headers: str) -> httpx.Response:
    """Open the page and press the button."""
    return client.post(path, data={"form": mark(client.get(path))}, headers=headers)


def is_dead(page: httpx.Response) -> bool:
    return (
        page.status_code == 410 and f"<h1>{DEAD}</h1>" in page.text and "Press the button in Slack again" in page.text
    )


# A password in


def test_the_form_says_what_it_is_for(place: Place, browser_of_sorts: httpx.Client) -> None:
    page = browser_of_sorts.get(place.secret())
    assert page.status_code == 200
    for words in ("Lumen &lt;Eye&gt; &amp; Co", "Dana Reyes", "lumen.admin", ">revolutionehr.com<", "Save password"):
        assert words in page.text
    assert "<Eye>" not in page.text


def test_the_form_has_one_password_field_tied_to_its_label(place: Place, browser_of_sorts: httpx.Client) -> None:
    text = browser_of_sorts.get(place.secret()).text
    assert '<label for="password">Administrator password</label>' in text
    (control,) = re.findall(r'<input [^>]*type="password"[^>]*>', text)
    assert 'id="password"' in control
    assert 'autocomplete="off"' in control
    assert "maxlength" not in control
    assert "<script" not in text
    assert '<html lang="en">' in text
    assert '<meta name="viewport"' in text
    assert re.search(r"<title>.+</title>", text)


def test_a_saved_password_arrives_as_it_was_typed(place: Place, browser_of_sorts: httpx.Client) -> None:
    answer = save(browser_of_sorts, place.secret())
    assert answer.status_code == 303
    assert place.taken == [PASSWORD]
    saved = browser_of_sorts.get(str(answer.next_request.url) if answer.next_request else "")
    assert (saved.status_code, saved.url.path) == (200, "/saved")
    assert "The password is saved" in saved.text


def test_a_link_takes_one_password(place: Place, browser_of_sorts: httpx.Client) -> None:
    path = place.secret()
    hidden = mark(browser_of_sorts.get(path))
    save(browser_of_sorts, path)
    again = browser_of_sorts.post(path, data={"form": hidden, "password": "another"})
    assert is_dead(again)
    assert place.taken == [PASSWORD]


def test_of_two_who_save_at_once_one_wins(place: Place, browser_of_sorts: httpx.Client) -> None:
    path = place.secret()
    hidden, together = mark(browser_of_sorts.get(path)), Barrier(6)

    def send(number: int) -> httpx.Response:
        together.wait(10)
        return browser_of_sorts.post(path, data={"form": hidden, "password": f"password {number}"})

    with ThreadPoolExecutor(6) as pool:
        answers = [future.result(30) for future in [pool.submit(send, number) for number in range(6)]]
    assert sorted(answer.status_code for answer in answers) == [303] + 5 * [410]
    assert len(place.taken) == 1


@pytest.mark.parametrize(("password", "words"), [("", "missing"), ("   ", "missing"), ("x" * 201, "longer than 200")])
def test_an_unfit_password_is_asked_for_again(
    password: str, words: str, place: Place, browser_of_sorts: httpx.Client
) -> None:
    path = place.secret()
    answer = save(browser_of_sorts, path, password)
    assert answer.status_code == 422
    assert re.search(rf'<p class="problem" id="problem" role="alert">[^<]*{words}', answer.text)
    assert 'aria-describedby="problem promise" aria-invalid="true"' in answer.text
    assert place.taken == []
    assert "x" * 201 not in answer.text
    last = browser_of_sorts.post(path, data={"form": mark(answer), "password": "x" * 200})
    assert last.status_code == 303
    assert place.taken == ["x" * 200]


def test_what_the_desk_forbids_stands_at_the_field_and_the_link_stays_good(
    place: Place, browser_of_sorts: httpx.Client
) -> None:
    path, place.forbidden = place.secret(), "This run was <cancelled>."
    answer = save(browser_of_sorts, path)
    assert answer.status_code == 422
    assert "This run was &lt;cancelled&gt;." in answer.text
    assert place.taken == []
    place.forbidden = None
    assert save(browser_of_sorts, path).status_code == 303


def test_what_the_desk_refuses_too_late_is_said(place: Place, browser_of_sorts: httpx.Client) -> None:
    path, place.late = place.secret(), "The run has just ended."
    answer = save(browser_of_sorts, path)
    assert answer.status_code == 409
    assert "The run has just ended." in answer.text
    assert "Press the button in Slack again" in answer.text
    assert is_dead(browser_of_sorts.get(path))


# A credential out


def test_the_page_before_shows_no_secret_however_often_it_is_fetched(
    place: Place, browser_of_sorts: httpx.Client
) -> None:
    path = place.reveal()
    for _ in range(3):
        page = browser_of_sorts.get(path, headers={"User-Agent": "Slackbot-LinkExpanding 1.0"})
        assert page.status_code == 200
        assert "Reveal credentials" in page.text
        assert "Lumen &lt;Eye&gt; &amp; Co" in page.text
        assert "OneSpot2915" not in page.text
        assert browser_of_sorts.head(path).status_code == 200
    assert place.shown == []
    assert press(browser_of_sorts, path).status_code == 200


def test_the_button_shows_both_values_once(place: Place, browser_of_sorts: httpx.Client) -> None:
    path = place.reveal()
    hidden = mark(browser_of_sorts.get(path))
    page = browser_of_sorts.post(path, data={"form": hidden})
    assert page.status_code == 200
    assert "<dt>User name</dt><dd><code>OneSpot2915</code></dd>" in page.text
    assert "<dt>Password</dt><dd><code>Wren$4&lt;b&gt;&amp;amp;&#x27;&quot;x</code></dd>" in page.text
    assert re.search(r"code \{[^}]*user-select: all;", page.text)
    assert "auto-sync settings" in page.text
    assert "won't show them again" in page.text
    assert place.shown == ["U0DANA"]
    assert is_dead(browser_of_sorts.post(path, data={"form": hidden}))
    assert is_dead(browser_of_sorts.get(path))
    assert place.shown == ["U0DANA"]


def test_of_two_who_reveal_at_once_one_sees(place: Place, browser_of_sorts: httpx.Client) -> None:
    path = place.reveal()
    hidden, together = mark(browser_of_sorts.get(path)), Barrier(4)

    def send() -> bool:
        together.wait(10)
        return "OneSpot2915" in browser_of_sorts.post(path, data={"form": hidden}).text

    with ThreadPoolExecutor(4) as pool:
        saw = [future.result(30) for future in [pool.submit(send) for _ in range(4)]]
    assert saw.count(True) == 1
    assert len(place.shown) == 1


def test_what_forbids_the_reveal_is_said_and_the_link_stays_good(place: Place, browser_of_sorts: httpx.Client) -> None:
    path, place.forbidden = place.reveal(), "Only approvers may do this."
    answer = press(browser_of_sorts, path)
    assert answer.status_code == 422
    assert "Only approvers may do this." in answer.text
    place.forbidden = None
    assert "OneSpot2915" in press(browser_of_sorts, path).text


def test_that_there_is_nothing_to_reveal_is_said(place: Place, browser_of_sorts: httpx.Client) -> None:
    place.nothing = "No password is kept for this practice."
    answer = press(browser_of_sorts, place.reveal())
    assert answer.status_code == 409
    assert "No password is kept for this practice." in answer.text


# Links that don't work


@pytest.mark.parametrize("kind", ["secret", "reveal"])
def test_every_dead_link_gets_the_very_same_page(kind: str, place: Place, browser_of_sorts: httpx.Client) -> None:
    purpose = {"secret": LinkPurpose.INTAKE, "reveal": LinkPurpose.REVEAL}[kind]
    other = {"secret": LinkPurpose.REVEAL, "reveal": LinkPurpose.INTAKE}[kind]
    used, replaced, elsewhere = place.link(purpose), place.link(purpose), place.link(other)
    links.use(place.engine, used, now=place.clock())
    expired = place.link(purpose, lasts=timedelta(0))
    tokens = [used, replaced, expired, elsewhere, "A" * 43, "x", "%00%C3%28", "..%2f", "1' OR '1'='1"]
    dead = [browser_of_sorts.get(f"/{kind}/{token}") for token in tokens]
    dead += [browser_of_sorts.post(f"/{kind}/{token}", data={"form": "x", "password": "y"}) for token in tokens[:6]]
    assert all(is_dead(page) for page in dead if "%2f" not in str(page.url))
    assert len({page.text for page in dead if page.status_code == 410}) == 1
    assert all("set-cookie" not in page.headers for page in dead)
    assert links.find(place.engine, elsewhere, now=place.clock()) is not None


def test_a_link_that_expires_while_its_page_is_open_takes_nothing(place: Place, browser_of_sorts: httpx.Client) -> None:
    path = place.secret()
    hidden = mark(browser_of_sorts.get(path))
    place.clock.now += timedelta(minutes=15)
    assert is_dead(browser_of_sorts.post(path, data={"form": hidden, "password": PASSWORD}))
    assert place.taken == []


# Only from our own form


def test_the_cookie_is_for_this_page_alone(place: Place, browser_of_sorts: httpx.Client) -> None:
    path = place.secret()
    cookie = browser_of_sorts.get(path).headers["set-cookie"]
    assert re.match(r"onespot-form=[A-Za-z0-9_-]{43};", cookie)
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert parts == {"httponly", "samesite=strict", "max-age=900", f"path={path.lower()}"}


def test_by_https_the_cookie_goes_no_other_way(place: Place, visit: Visit) -> None:
    path = place.secret()
    cookie = visit(public_url="https://example.org/onespot/").get(path).headers["set-cookie"]
    assert cookie.startswith("__Secure-onespot-form=")
    assert "Secure" in [part.strip() for part in cookie.split(";")]
    assert f"Path=/onespot{path}" in cookie


def test_without_the_cookie_nothing_is_taken_and_the_form_comes_again(
    place: Place, browser_of_sorts: httpx.Client
) -> None:
    path = place.secret()
    hidden = mark(browser_of_sorts.get(path))
    browser_of_sorts.cookies.clear()
    answer = browser_of_sorts.post(path, data={"form": hidden, "password": PASSWORD})
    assert answer.status_code == 403
    assert "your browser keeps no cookies" in answer.text
    assert place.taken == []
    assert browser_of_sorts.post(path, data={"form": mark(answer), "password": PASSWORD}).status_code == 303


@pytest.mark.parametrize("forged", ["", "A" * 43, "é" * 43])
def test_a_forged_mark_takes_nothing(forged: str, place: Place, browser_of_sorts: httpx.Client) -> None:
    path = place.reveal()
    browser_of_sorts.get(path)
    assert browser_of_sorts.post(path, data={"form": forged}).status_code == 403
    browser_of_sorts.cookies.clear()
    cookie = f"onespot-form={forged}" if forged.isascii() else "onespot-form=x"
    answer = browser_of_sorts.post(path, data={"form": forged}, headers={"Cookie": cookie})
    assert answer.status_code == (200 if forged == "A" * 43 else 403)  # who can set our cookie is our page


def test_the_mark_of_one_page_is_not_that_of_another(place: Place, browser_of_sorts: httpx.Client) -> None:
    first, second = place.secret(), place.reveal()
    assert mark(browser_of_sorts.get(first)) != mark(browser_of_sorts.get(second))


def test_a_page_that_is_open_twice_works_in_both(place: Place, browser_of_sorts: httpx.Client) -> None:
    path = place.secret()
    first = mark(browser_of_sorts.get(path))
    browser_of_sorts.get(path)
    assert browser_of_sorts.post(path, data={"form": first, "password": PASSWORD}).status_code == 303


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://onespot.example"}, 200),
        ({"Origin": "null"}, 200),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://onespot.example"}, 403),
        ({"Origin": "https://onespot.example.evil.example"}, 403),
        ({"Origin": "https://onespot.example:8443"}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "https://onespot.example", "Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_only_the_public_origin_may_send(headers: Mapping[str, str], status: int, place: Place, visit: Visit) -> None:
    client, path = visit(public_url="https://OneSpot.example:443/"), place.reveal()
    hidden = mark(client.get(path))
    cookie = {"Cookie": f"__Secure-onespot-form={hidden}"}
    answer = client.post(path, data={"form": hidden}, headers={**headers, **cookie})
    assert answer.status_code == status
    assert len(place.shown) == (1 if status == 200 else 0)


def test_without_a_public_address_the_origin_is_where_one_came(place: Place, browser_of_sorts: httpx.Client) -> None:
    here = str(browser_of_sorts.base_url).rstrip("/")
    assert press(browser_of_sorts, place.reveal(), Origin="http://elsewhere.example").status_code == 403
    assert press(browser_of_sorts, place.reveal(), Origin=here).status_code == 200


# What is sent


@pytest.mark.parametrize(
    "body",
    [
        "password=x",
        "form={mark}",
        "form={mark}&password=x&password=y",
        "form={mark}&form={mark}&password=x",
        "form={mark}&password=x&more=1",
        "form={mark}&password=%ff%fe",
        "form={mark}&password=ä",
        "",
        "&".join(["a=b"] * 50),
    ],
)
def test_a_form_that_is_not_ours_is_refused_and_the_link_stays_good(
    body: str, place: Place, browser_of_sorts: httpx.Client
) -> None:
    path = place.secret()
    hidden = mark(browser_of_sorts.get(path))
    answer = browser_of_sorts.post(path, content=body.format(mark=hidden).encode(), headers=FORM)
    assert answer.status_code == 400
    assert "This could not be read" in answer.text
    assert place.taken == []
    assert save(browser_of_sorts, path).status_code == 303


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", "text/plain", ""])
def test_what_is_no_form_is_refused(kind: str, place: Place, browser_of_sorts: httpx.Client) -> None:
    path = place.secret()
    body = f"form={mark(browser_of_sorts.get(path))}&password=x"
    assert browser_of_sorts.post(path, content=body.encode(), headers={"Content-Type": kind}).status_code == 415
    assert place.taken == []


def test_a_form_may_say_its_charset(place: Place, browser_of_sorts: httpx.Client) -> None:
    path = place.secret()
    body = f"form={mark(browser_of_sorts.get(path))}&password=x"
    kind = {"Content-Type": "Application/X-WWW-Form-URLencoded; charset=UTF-8"}
    assert browser_of_sorts.post(path, content=body.encode(), headers=kind).status_code == 303


def begin(client: httpx.Client, path: str, *lines: str) -> socket.socket:
    """Begins a POST by hand, and leaves it at that."""
    host, port = client.base_url.host, client.base_url.port
    assert port is not None
    connection = socket.create_connection((host, port), timeout=10)
    head = [f"POST {path} HTTP/1.1", f"Host: {host}:{port}", f"Content-Type: {FORM['Content-Type']}", *lines]
    connection.sendall(("\r\n".join(head) + "\r\n\r\n").encode())
    return connection


def first_line(connection: socket.socket) -> bytes:
    with connection, connection.makefile("rb") as answer:
        return answer.readline()


@pytest.mark.parametrize(("path", "length"), [("secret", 16 * 1024 + 1), ("slack", 1024 * 1024 + 1)])
def test_a_body_that_says_it_is_too_long_is_not_waited_for(path: str, length: int, place: Place, visit: Visit) -> None:
    client = visit(slack=lambda body, headers: Answer(200))
    where = place.secret() if path == "secret" else "/slack/events"
    assert b" 413 " in first_line(begin(client, where, f"Content-Length: {length}"))


@pytest.mark.parametrize(("path", "chunks"), [("secret", 3), ("slack", 140)])
def test_a_body_that_grows_too_long_is_not_read_to_its_end(path: str, chunks: int, place: Place, visit: Visit) -> None:
    client = visit(slack=lambda body, headers: Answer(200))
    where = place.secret() if path == "secret" else "/slack/events"
    connection = begin(client, where, "Transfer-Encoding: chunked")
    for _ in range(chunks):
        connection.sendall(b"2000\r\n" + b"x" * 0x2000 + b"\r\n")
    assert b" 413 " in first_line(connection)


def test_a_body_that_does_not_come_is_given_up(
    place: Place, browser_of_sorts: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form, "PATIENCE", 0.1)
    assert b" 408 " in first_line(begin(browser_of_sorts, place.secret(), "Content-Length: 100"))


# Headers


def test_every_answer_is_kept_by_nobody_and_framed_by_nobody(place: Place, browser_of_sorts: httpx.Client) -> None:
    answers = [browser_of_sorts.get(path) for path in ("/", "/saved", "/healthz", "/readyz", "/nothing", "/secret/x")]
    answers += [
        browser_of_sorts.get(place.secret()),
        save(browser_of_sorts, place.secret()),
        save(browser_of_sorts, place.secret(), ""),
        press(browser_of_sorts, place.reveal()),
        browser_of_sorts.delete(place.secret()),
        browser_of_sorts.post(place.secret(), content=b"x"),
    ]
    for answer in answers:
        headers = answer.headers
        assert headers["cache-control"] == "no-store", answer.url
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["x-robots-tag"].startswith("noindex")
        assert "strict-transport-security" not in headers
        assert "server" not in headers


def test_the_policy_allows_our_style_and_nothing_else(place: Place, browser_of_sorts: httpx.Client) -> None:
    page = browser_of_sorts.get(place.secret())
    (style,) = re.findall(r"<style>(.*?)</style>", page.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert page.headers["content-security-policy"].split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
    assert " style=" not in page.text


@pytest.mark.parametrize("path", ["/", "/healthz", "/secret/x", "/nothing"])
def test_by_https_browsers_are_told_to_stay_there(path: str, visit: Visit) -> None:
    assert visit(public_url=PUBLIC).get(path).headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("kind", ["secret", "reveal"])
def test_head_is_get_without_a_body(kind: str, place: Place, browser_of_sorts: httpx.Client) -> None:
    path = place.secret() if kind == "secret" else place.reveal()
    got, head = browser_of_sorts.get(path), browser_of_sorts.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert {name: head.headers[name] for name in ("content-type", "cache-control", "content-security-policy")} == {
        name: got.headers[name] for name in ("content-type", "cache-control", "content-security-policy")
    }


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(method: str, place: Place, browser_of_sorts: httpx.Client) -> None:
    path = place.secret()
    answer = browser_of_sorts.request(method, path)
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["allow"].replace(",", " ").split())
    assert browser_of_sorts.get(path).status_code == 200


def test_an_address_is_never_repeated(place: Place, browser_of_sorts: httpx.Client) -> None:
    path = place.secret()
    token = path.removeprefix("/secret/")
    for answer in (browser_of_sorts.get(path), browser_of_sorts.get(f"{path}/"), save(browser_of_sorts, path)):
        assert token not in answer.text
        assert token not in answer.headers.get("location", "")


# How often


def test_who_knocks_too_often_waits(place: Place, visit: Visit) -> None:
    client, path = visit(rate=Rate(each=Pace(3, 0.1))), place.secret()
    assert [client.get(path).status_code for _ in range(3)] == [200] * 3
    answer = client.get(path)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 10
    assert client.post(path, data={"form": "x", "password": "y"}).status_code == 429
    assert client.get("/healthz").status_code == client.get("/readyz").status_code == 200


def test_a_forwarded_address_is_not_believed(visit: Visit) -> None:
    client = visit(rate=Rate(each=Pace(2, 0.01)))
    said = [client.get("/", headers={"X-Forwarded-For": f"192.0.2.{number}"}).status_code for number in range(4)]
    assert said == [200, 200, 429, 429]


class Ticks:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_time_brings_tokens_back() -> None:
    ticks = Ticks()
    rate = Rate(each=Pace(2, 0.5), clock=ticks)
    assert [rate.knock("192.0.2.1") for _ in range(3)] == [0, 0, 2]
    assert rate.knock("192.0.2.2") == 0
    ticks.now = 2
    assert [rate.knock("192.0.2.1") for _ in range(2)] == [0, 2]
    ticks.now = 1000
    assert [rate.knock("192.0.2.1") for _ in range(3)] == [0, 0, 2]


def test_all_together_have_a_limit_too_and_the_refused_take_nothing_from_it() -> None:
    ticks = Ticks()
    rate = Rate(each=Pace(2, 0.001), together=Pace(4, 1), clock=ticks)
    assert [rate.knock("192.0.2.1") > 0 for _ in range(10)] == [False] * 2 + [True] * 8
    assert [rate.knock(f"192.0.2.{number}") for number in range(2, 6)] == [0, 0, 1, 1]


def test_one_network_of_ipv6_is_one_visitor_and_ipv4_is_not() -> None:
    rate = Rate(each=Pace(1, 0.001), clock=Ticks())
    assert rate.knock("2001:db8:0:1::1") == 0
    assert rate.knock("2001:db8:0:1:ffff::2") > 0
    assert rate.knock("2001:db8:0:2::1") == 0
    assert rate.knock("::ffff:192.0.2.1") == rate.knock("::ffff:192.0.2.2") == rate.knock("fe80::1%eth0") == 0
    assert rate.knock("somewhere") == rate.knock("") == 0


def test_the_addresses_that_are_remembered_are_limited() -> None:
    rate = Rate(together=Pace(100_000, 1), clock=Ticks())
    for number in range(10_050):
        rate.knock(f"10.0.{number // 250}.{number % 250}")
    assert len(rate._clients) == 10_000


# Health


def test_it_says_that_it_lives_and_that_it_is_ready(place: Place, browser_of_sorts: httpx.Client) -> None:
    assert (browser_of_sorts.get("/healthz").status_code, browser_of_sorts.get("/healthz").text) == (200, "ok\n")
    assert (browser_of_sorts.get("/readyz").status_code, browser_of_sorts.get("/readyz").text) == (200, "ready\n")
    place.not_ready = {"slack": "xoxb-something is wrong", "database": "at db.internal"}
    unready = browser_of_sorts.get("/readyz")
    assert (unready.status_code, unready.text) == (503, "database\nslack\n")
    assert browser_of_sorts.head("/readyz").status_code == 503
    assert browser_of_sorts.get("/healthz").status_code == 200


def test_the_root_is_a_plain_small_page(browser_of_sorts: httpx.Client) -> None:
    home, nowhere = browser_of_sorts.get("/"), browser_of_sorts.get("/nothing/here")
    assert (home.status_code, nowhere.status_code) == (200, 404)
    assert "OneSpot" in home.text
    assert "There is no such page" in nowhere.text


# When it goes wrong


def test_a_database_that_is_down_is_a_page_and_no_traceback(
    place: Place, visit: Visit, capfd: pytest.CaptureFixture[str]
) -> None:
    def down(*_: object) -> None:
        raise StorageError("The database is down.")

    client = visit(replace(place.desk(), find=down))
    answer = client.get(place.secret())
    assert answer.status_code == 503
    assert "This does not work right now" in answer.text
    assert "The database is down." not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "Traceback" not in capfd.readouterr().err


def test_no_password_is_ever_written_or_shown_again(
    place: Place, visit: Visit, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Every way that a POST can end, with everything logged that can be."""

    def break_down(*_: object) -> str:
        raise RuntimeError("a defect")

    def down(*_: object) -> str:
        raise StorageError("The database is down.")

    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, "httpcore")  # the visitor's own
    answers = []
    for desk in (place.desk(), replace(place.desk(), intake=break_down), replace(place.desk(), may=down)):
        client = visit(desk)
        client.headers["Connection"] = "close"  # the server ends a connection after a defect, and may do so meanwhile
        path = place.secret()
        hidden = mark(client.get(path))
        odd = f"form={hidden}&password={PASSWORD}".encode()
        answers += [
            client.post(path, content=odd, headers=FORM),
            client.post(path, content=odd),
            client.post(path, data={"form": "forged", "password": PASSWORD}),
            client.post(path, data={"form": hidden, "password": PASSWORD * 20}),
            client.post(path, data={"form": hidden, "password": PASSWORD}, headers={"Origin": "https://evil.example"}),
            client.post(path, data={"form": hidden, "password": PASSWORD}),
            client.post(path, data={"form": hidden, "password": PASSWORD}),
        ]
    assert {answer.status_code for answer in answers} == {303, 400, 403, 410, 415, 422, 500, 503}
    assert "RuntimeError" in caplog.text
    output = capfd.readouterr()
    written = [answer.text + str(answer.headers) for answer in answers] + [caplog.text, output.out, output.err]
    for form_of_it in ("Kestrel", "Nest"):
        assert not any(form_of_it in text for text in written)


def test_no_token_is_ever_written(
    place: Place, browser_of_sorts: httpx.Client, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore"):
        caplog.set_level(logging.WARNING, name)  # the visitor's own
    paths = [place.reveal(), place.secret()]
    press(browser_of_sorts, paths[0])
    save(browser_of_sorts, paths[1])
    browser_of_sorts.get(paths[0])
    written = caplog.text + "".join(capfd.readouterr())
    assert not any(path.rpartition("/")[2] in written for path in paths)


# The door for Slack


def test_slack_is_answered_by_what_was_plugged_in(visit: Visit) -> None:
    heard: list[tuple[bytes, Mapping[str, str]]] = []

    def slack(body: bytes, headers: Mapping[str, str]) -> Answer:
        heard.append((body, headers))
        return Answer(201, '{"ok": true}', {"Content-Type": "application/json", "X-Slack-No-Retry": "1"})

    answer = visit(slack=slack).post(
        "/slack/events", content=b'{"type": "x"} \xff', headers={"X-Slack-Signature": "v0=abc"}
    )
    assert (answer.status_code, answer.json(), answer.headers["x-slack-no-retry"]) == (201, {"ok": True}, "1")
    assert answer.headers["content-type"] == "application/json"
    ((body, headers),) = heard
    assert (body, headers["x-slack-signature"]) == (b'{"type": "x"} \xff', "v0=abc")


def test_without_it_there_is_no_such_door(browser_of_sorts: httpx.Client) -> None:
    assert browser_of_sorts.post("/slack/events", content=b"{}").status_code == 404


def test_slack_may_send_up_to_a_megabyte(visit: Visit) -> None:
    client = visit(slack=lambda body, headers: Answer(200, str(len(body))))
    assert client.post("/slack/events", content=b"x" * 1024 * 1024).text == str(1024 * 1024)
    assert client.get("/slack/events").status_code == 405


def test_sixty_busy_answers_to_slack_hold_up_nobody(visit: Visit) -> None:
    together = Barrier(61)

    def slack(body: bytes, headers: Mapping[str, str]) -> Answer:
        together.wait(20)
        return Answer(200)

    client = visit(slack=slack)
    limits = httpx.Limits(max_connections=100)
    with (
        httpx.Client(base_url=client.base_url, timeout=30, limits=limits) as many,
        ThreadPoolExecutor(60) as pool,
    ):
        busy = [pool.submit(many.post, "/slack/events", content=b"{}") for _ in range(60)]
        until = time.monotonic() + 20
        while together.n_waiting < 60 and time.monotonic() < until:
            time.sleep(0.01)
        assert together.n_waiting == 60
        assert client.get("/readyz").status_code == 200
        together.wait(20)
        assert {future.result(20).status_code for future in busy} == {200}


# ---- many practices in


def test_a_sheet_is_taken_once_and_exactly(place: Place, browser_of_sorts: httpx.Client) -> None:
    path, sheet = place.bring(), "practice\tadministrator\r\nLumen <Eye>\tana\r\n"
    sent = browser_of_sorts.post(path, data={"form": mark(browser_of_sorts.get(path)), "sheet": sheet})
    assert sent.status_code == 303
    assert "on their way" in browser_of_sorts.get(sent.headers["location"].replace("..", "")).text
    assert place.sheets == [sheet]
    assert browser_of_sorts.get(path).status_code == 410


def test_what_is_wrong_with_a_sheet_is_listed_and_the_sheet_is_not_shown_again(
    place: Place, browser_of_sorts: httpx.Client
) -> None:
    path = place.bring()
    place.wrong = [f"Line {number}: <b>the practice</b> is empty." for number in range(2, 40)]
    answer = browser_of_sorts.post(path, data={"form": mark(browser_of_sorts.get(path)), "sheet": "canary-secret"})
    assert answer.status_code == 422
    assert "Line 2: &lt;b&gt;the practice&lt;/b&gt; is empty." in answer.text
    assert "the first 20 of 38" in answer.text
    assert "canary-secret" not in answer.text
    assert place.sheets == []
    assert browser_of_sorts.get(path).status_code == 200


def test_a_sheet_from_elsewhere_or_too_long_or_by_another_link_is_refused(
    place: Place, browser_of_sorts: httpx.Client
) -> None:
    path = place.bring()
    form = mark(browser_of_sorts.get(path))
    other = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert browser_of_sorts.post(path, data={"form": form, "sheet": "x"}, headers=other).status_code == 403
    assert browser_of_sorts.post(path, data={"form": form, "sheet": "x" * 2**20}).status_code == 413
    assert browser_of_sorts.get(path.replace("/import/", "/secret/")).status_code == 410
    assert browser_of_sorts.get(place.secret().replace("/secret/", "/import/")).status_code == 410
    assert place.sheets == []


def test_a_sheet_that_is_too_late_is_said(place: Place, browser_of_sorts: httpx.Client) -> None:
    path = place.bring()
    place.late = "One of the practices has got an unfinished run meanwhile."
    answer = browser_of_sorts.post(path, data={"form": mark(browser_of_sorts.get(path)), "sheet": "x"})
    assert answer.status_code == 409
    assert "unfinished run meanwhile" in answer.text
