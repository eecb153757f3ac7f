"""The web pages against requests that no browser sends: lengths that lie, bodies and headers that drip, previews.

By hand over a socket, because every client library would mend them first. Each is answered and let go; none reaches
the desk, and whoever comes next is served.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
from sqlalchemy import Engine

from bot import serve
from bot.pages import form
from bot.pages.rate import Pace, Rate
from bot.web import Answer, pages
from storage import practices
from storage.models import utcnow
from tests.bot.test_web import FORM, Place, mark, press

TO_SLACK = "/slack/events"


@pytest.fixture
def place(engine: Engine) -> Place:
    return Place(engine, practices.save(engine, "Lumen Eye", "https://ehr.example/static/", now=utcnow()))


@pytest.fixture
def heard() -> list[bytes]:
    """What reached the door for Slack."""
    return []


@pytest.fixture
def client(place: Place, heard: list[bytes]) -> Iterator[httpx.Client]:
    def slack(body: bytes, headers: object) -> Answer:
        heard.append(body)
        return Answer(200)

    with ExitStack() as stack:
        port = stack.enter_context(serve.serving(pages(place.desk(), slack=slack), 0))
        yield stack.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20))


def by_hand(client: httpx.Client, *lines: str, body: bytes = b"") -> socket.socket:
    """A request as it is written here."""
    connection = socket.create_connection((client.base_url.host, client.base_url.port or 80), timeout=10)
    connection.sendall("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
    return connection


def status(connection: socket.socket) -> int:
    """The answer's status; 0 when there is none. Whatever more comes on this connection is no second answer."""
    with connection:
        answer = b""
        try:
            while chunk := connection.recv(65536):
                answer += chunk
        except (TimeoutError, ConnectionError):
            pass
        assert answer.count(b"HTTP/1.1 ") <= 1, answer
        return int(answer.split(b" ")[1]) if answer else 0


def post(path: str, *headers: str) -> list[str]:
    return [f"POST {path} HTTP/1.1", "Host: onespot.example", f"Content-Type: {FORM['Content-Type']}",
            "Connection: close", *headers]  # fmt: skip


@pytest.mark.parametrize("where", ["form", "slack"])
@pytest.mark.parametrize(
    "headers",
    [
        ["Content-Length: -1"],
        ["Content-Length: ten"],
        ["Content-Length: +4"],
        ["Content-Length: 0x4"],
        ["Content-Length: 4", "Content-Length: 40"],
        ["Content-Length: 4, 40"],
        ["Content-Length: ²"],
        ["Content-Length: 9999999999999999999999999"],
        ["Transfer-Encoding: gzip, chunked"],
        ["Transfer-Encoding: identity"],
        ["Content-Length : 4"],
        ["Content-Length:"],
    ],
    ids=str,
)
def test_a_length_that_is_none_is_refused(
    client: httpx.Client, place: Place, heard: list[bytes], where: str, headers: list[str]
) -> None:
    path = place.secret() if where == "form" else TO_SLACK
    assert status(by_hand(client, *post(path, *headers), body=b"a=b&")) in (400, 413, 501)
    assert (place.taken, heard) == ([], [])
    assert client.get("/healthz").status_code == 200


def test_of_two_ways_to_say_a_length_no_second_request_is_smuggled(client: httpx.Client, heard: list[bytes]) -> None:
    """A proxy that reads the one and a server that reads the other would see a request of their own each."""
    hidden = b"0\r\n\r\nPOST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nhidden"
    both = [f"Content-Length: {len(hidden)}", "Transfer-Encoding: chunked"]
    keep_alive = [line for line in post(TO_SLACK, *both) if line != "Connection: close"]
    connection = by_hand(client, *keep_alive, body=hidden)
    assert status(connection) == 400
    assert heard == []


def test_a_body_longer_than_it_was_said_to_be_is_cut_where_it_was_said(
    client: httpx.Client, heard: list[bytes]
) -> None:
    assert status(by_hand(client, *post(TO_SLACK, "Content-Length: 4"), body=b"a=b&" + b"c" * 1000)) in (200, 400)
    assert heard in ([b"a=b&"], [])


@pytest.mark.parametrize("where", ["form", "slack"])
@pytest.mark.parametrize("kind", ["too short", "dripping", "no end"])
def test_a_body_that_drips_is_given_up(
    client: httpx.Client, place: Place, heard: list[bytes], monkeypatch: pytest.MonkeyPatch, where: str, kind: str
) -> None:
    monkeypatch.setattr(form, "PATIENCE", 0.3)
    path = place.secret() if where == "form" else TO_SLACK
    length = "Transfer-Encoding: chunked" if kind == "no end" else "Content-Length: 100"
    connection = by_hand(client, *post(path, length), body=b"" if kind == "no end" else b"form=")
    for _ in range(10 if kind != "too short" else 0):
        time.sleep(0.05)
        try:
            connection.sendall(b"1\r\nx\r\n" if kind == "no end" else b"x")
        except ConnectionError:
            break
    assert status(connection) in (408, 0 if kind != "too short" else 408)
    assert (place.taken, heard) == ([], [])


@pytest.mark.parametrize("begun", ["", "GET / HTTP/1.1\r\nHost: x\r\n"], ids=["nothing", "half a request"])
def test_a_request_that_never_ends_is_hung_up_on(place: Place, monkeypatch: pytest.MonkeyPatch, begun: str) -> None:
    """Else a few thousand such connections would take all the file handles there are."""
    monkeypatch.setattr(serve, "HEADERS_WITHIN", 0.3)
    with serve.serving(pages(place.desk()), 0) as port:
        connection = socket.create_connection(("127.0.0.1", port), timeout=10)
        connection.sendall(begun.encode())
        began = time.monotonic()
        with connection:
            drips = 0
            while time.monotonic() - began < 8:
                connection.settimeout(0.2)
                try:
                    if connection.recv(1000) == b"":
                        return
                except TimeoutError:
                    drips += 1
                    if begun:
                        connection.sendall(f"X-Drip-{drips}: x\r\n".encode())
                except ConnectionError:
                    return
    pytest.fail("It was left open.")


def test_a_connection_that_is_used_again_may_rest_in_between(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "HEADERS_WITHIN", 0.2)
    with serve.serving(pages(place.desk()), 0) as port, httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        for _ in range(3):
            assert client.get("/healthz").status_code == 200
            time.sleep(0.1)


def test_too_many_headers_are_refused(client: httpx.Client) -> None:
    many = [f"X-Header-{number}: {'x' * 200}" for number in range(2000)]
    assert status(by_hand(client, "GET / HTTP/1.1", "Host: x", *many)) in (400, 431, 0)
    assert client.get("/healthz").status_code == 200


# Previews and prefetches


FETCHES = [
    {"User-Agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"},
    {"User-Agent": "Slack-ImgProxy (+https://api.slack.com/robots)"},
    {"Sec-Purpose": "prefetch;prerender", "Sec-Fetch-Dest": "document"},
    {"Purpose": "prefetch"},
    {"X-Moz": "prefetch"},
    {"X-Purpose": "preview"},
    {"Range": "bytes=0-10"},
    {"If-Modified-Since": "Sat, 29 Oct 2039 19:43:31 GMT", "If-None-Match": "*"},
    {"User-Agent": "Mozilla/5.0 (SafeLinks)", "Accept": "*/*"},
]


@pytest.mark.parametrize("fetch", FETCHES, ids=lambda fetch: next(iter(fetch)))
def test_a_preview_or_prefetch_uses_nothing_up_and_sees_nothing(
    client: httpx.Client, place: Place, fetch: dict[str, str]
) -> None:
    path = place.reveal()
    for method in ("HEAD", "GET", "GET", "HEAD"):
        page = client.request(method, path, headers=fetch)
        assert page.status_code == 200
        assert "OneSpot2915" not in page.text
        assert page.headers["cache-control"] == "no-store"
    assert place.shown == []
    client.cookies.clear()
    assert "OneSpot2915" in press(client, path).text


def test_what_a_scanner_posts_without_having_read_the_form_uses_nothing_up(client: httpx.Client, place: Place) -> None:
    path = place.reveal()
    for sent in ({}, {"form": ""}, {"form": "A" * 43}):
        assert client.post(path, data=sent).status_code in (400, 403, 415)
        client.cookies.clear()
    assert place.shown == []
    assert "OneSpot2915" in press(client, path).text


def test_the_mark_of_another_link_opens_nothing(client: httpx.Client, place: Place) -> None:
    """Two links of two people: the form and the cookie of the one don't press the button of the other."""
    mine, theirs = place.secret(), place.reveal()
    page = client.get(mine)
    cookie = page.headers["set-cookie"].split(";")[0]
    client.cookies.clear()
    answer = client.post(theirs, data={"form": mark(page)}, headers={"Cookie": f"{cookie}x"})
    assert answer.status_code == 403
    client.cookies.clear()
    assert client.post(theirs, data={"form": mark(page)}).status_code == 403
    assert place.shown == []


# The headers of what goes wrong, too


GUARDS = ("cache-control", "referrer-policy", "x-content-type-options", "x-frame-options", "content-security-policy")


def test_every_refusal_has_the_headers_that_every_page_has(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Answer:
        raise RuntimeError("a defect")

    monkeypatch.setattr(form, "PATIENCE", 0.2)
    site = pages(place.desk(), slack=broken, rate=Rate(each=Pace(7, 0.001)))
    with serve.serving(site, 0) as port, httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
        client.headers["Connection"] = "close"
        path = place.secret()
        answers = [
            client.post(path, content=b"x"),
            client.post(path, content=b"x", headers=FORM),
            client.get("/secret/" + "A" * 43),
            client.get("/nothing"),
            client.put(path),
            client.post(TO_SLACK, content=b"x"),
        ]
        for length in ("Content-Length: 99999", "Content-Length: 9"):
            with by_hand(client, *post(path, length)) as connection, connection.makefile("rb") as read:
                head = read.read().partition(b"\r\n\r\n")[0].decode().splitlines()
            headers = [tuple(line.split(": ", 1)) for line in head[1:]]
            answers.append(httpx.Response(int(head[0].split(" ")[1]), headers=headers))  # type: ignore[arg-type]
        answers += [client.get(path) for _ in range(4)][-1:]
    assert [answer.status_code for answer in answers] == [415, 400, 410, 404, 405, 500, 413, 408, 429]
    for answer in answers:
        assert [name for name in GUARDS if name not in answer.headers] == []
        assert "server" not in answer.headers
