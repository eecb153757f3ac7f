"""The EHR's address, looked at over real HTTP."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.address import look, must_answer, read_address
from bot.problems import SettingsProblem


@contextmanager
def _site(status: int, body: bytes) -> Iterator[str]:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/static/"
        server.shutdown()
        thread.join()


@contextmanager
def _socket_that(answers: Callable[[socket.socket], object]) -> Iterator[str]:
    """A port that takes one connection and does something that isn't the web."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(1)

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(1000)
                answers(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        thread.join()


@pytest.mark.parametrize(
    "text",
    [
        "revolutionehr.com/static/",
        "ftp://revolutionehr.com/",
        "javascript:alert(1)",
        "https://",
        "https:///static/",
        "http://[::1/",
        "http://a b/",
        "http://host:notaport/",
        "",
    ],
)
def test_what_is_no_web_address_is_refused(text: str) -> None:
    with pytest.raises(SettingsProblem, match="must be a web address"):
        read_address(text)


def test_an_address_with_a_password_is_refused_without_quoting_it() -> None:
    with pytest.raises(SettingsProblem) as caught:
        read_address("https://user:canary@revolutionehr.com/static/")
    assert "canary" not in str(caught.value)


def test_an_address_is_trimmed() -> None:
    assert read_address(" https://revolutionehr.com/static/#/ ") == "https://revolutionehr.com/static/#/"


def test_a_page_that_names_revolutionehr_is_recognized() -> None:
    with _site(200, b"<title>RevolutionEHR</title>") as url:
        assert look(url)
        must_answer(url)


def test_another_page_is_left_for_the_browser_to_judge() -> None:
    with _site(200, b"<title>Something</title>") as url:
        assert not look(url)
        must_answer(url)


def test_a_page_that_is_not_there_is_refused() -> None:
    with _site(404, b"Not found") as url, pytest.raises(SettingsProblem, match="has no such page"):
        must_answer(url)


def test_a_site_in_maintenance_is_left_for_the_browser_to_judge() -> None:
    with _site(503, b"Maintenance") as url:
        must_answer(url)


def test_nothing_listening_is_unreachable() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(SettingsProblem, match=r"can't be reached \(the connection was refused\)"):
        must_answer(f"http://127.0.0.1:{port}/")


def test_an_unknown_host_is_unreachable() -> None:
    with pytest.raises(SettingsProblem, match="can't be reached"):
        must_answer("http://no-such-host.invalid/static/")


def test_something_that_does_not_speak_http_is_refused() -> None:
    with (
        _socket_that(lambda connection: connection.sendall(b"220 mail.example ESMTP\r\n")) as url,
        pytest.raises(SettingsProblem, match="does not answer as a web site"),
    ):
        must_answer(url)


def test_a_slow_site_is_left_for_the_browser_to_wait_for() -> None:
    over = threading.Event()
    with _socket_that(lambda _: over.wait(10)) as url:
        must_answer(url, patience=0.2)
        over.set()
