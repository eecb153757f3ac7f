"""A server for as long as a block lasts: it tells its port, it stops, and it logs no address."""

from __future__ import annotations

import logging
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import anyio
import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.problems import SettingsProblem
from bot.serve import serving


class Slow:
    """An application whose answers take as long as they are told to."""

    def __init__(self, patience: float = 20) -> None:
        self.begun, self.go_on, self.patience = threading.Event(), threading.Event(), patience
        self.app = Starlette(routes=[Route("/{path:path}", self.answer)])

    async def answer(self, request: Request) -> Response:
        if request.url.path == "/slow":
            self.begun.set()
            await anyio.to_thread.run_sync(self.go_on.wait, self.patience, abandon_on_cancel=True)
        client = request.client
        return PlainTextResponse(f"{client.host if client else ''} {request.url.scheme}")


@pytest.fixture
def slow() -> Slow:
    return Slow()


def get(port: int, path: str = "/", **headers: str) -> str:
    return httpx.get(f"http://127.0.0.1:{port}{path}", headers=headers, timeout=20).text


def threads() -> set[str]:
    return {thread.name for thread in threading.enumerate()}


def test_it_serves_on_the_port_that_it_tells(slow: Slow) -> None:
    with serving(slow.app, 0) as port:
        assert get(port) == "127.0.0.1 http"
    with pytest.raises(httpx.ConnectError):
        get(port)


def test_it_leaves_no_thread_and_the_same_port_can_be_had_again(slow: Slow) -> None:
    with serving(slow.app, 0) as port:
        get(port)
    with serving(slow.app, port) as again:
        assert again == port
        assert get(port)
    assert "onespot-web" not in threads()


def test_two_serve_side_by_side(slow: Slow) -> None:
    with serving(slow.app, 0) as one, serving(Slow().app, 0) as other:
        assert one != other
        assert get(one) == get(other)


def test_a_port_that_is_taken_is_said_in_one_sentence(slow: Slow) -> None:
    with serving(slow.app, 0) as port:
        with pytest.raises(SettingsProblem, match=rf"^PORT: 127.0.0.1 port {port} can't be listened on"):
            serving(slow.app, port).__enter__()
        assert get(port)


def test_a_host_that_is_none_is_said_in_one_sentence(slow: Slow) -> None:
    with pytest.raises(SettingsProblem, match="can't be listened on"), serving(slow.app, 0, "host.invalid"):
        pass


def test_an_answer_in_the_making_is_finished(slow: Slow) -> None:
    with ThreadPoolExecutor(2) as pool:
        with serving(slow.app, 0) as port:
            answer = pool.submit(get, port, "/slow")
            assert slow.begun.wait(10)
            threading.Timer(0.3, slow.go_on.set).start()
        assert answer.result(10) == "127.0.0.1 http"


def test_an_answer_that_hangs_is_dropped_in_time(slow: Slow) -> None:
    with ThreadPoolExecutor(1) as pool:
        with serving(slow.app, 0) as port:
            answer = pool.submit(get, port, "/slow")
            assert slow.begun.wait(10)
            began = time.monotonic()
        assert time.monotonic() - began < 5
        assert "onespot-web" not in threads()
        assert isinstance(answer.exception(10), httpx.HTTPError) or answer.result(10) == "Internal Server Error"
    slow.go_on.set()


def test_a_connection_that_says_nothing_holds_nothing_up(slow: Slow) -> None:
    with serving(slow.app, 0) as port, socket.create_connection(("127.0.0.1", port)) as silent:
        get(port)
        began = time.monotonic()
        silent.sendall(b"GET / HT")
    assert time.monotonic() - began < 5


def test_it_stops_when_the_block_breaks(slow: Slow) -> None:
    with pytest.raises(ZeroDivisionError), serving(slow.app, 0) as port:
        raise ZeroDivisionError
    with pytest.raises(httpx.ConnectError):
        get(port)


def test_signals_stay_the_programs_own(slow: Slow) -> None:
    before = [signal.getsignal(which) for which in (signal.SIGINT, signal.SIGTERM)]
    with serving(slow.app, 0) as port:
        get(port)
        assert [signal.getsignal(which) for which in (signal.SIGINT, signal.SIGTERM)] == before


def test_a_forwarded_address_is_believed_of_a_trusted_proxy_only(slow: Slow) -> None:
    said = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"}
    with serving(slow.app, 0) as port:
        assert get(port, **said) == "127.0.0.1 http"
    with serving(slow.app, 0, trust="127.0.0.1") as port:
        assert get(port, **said) == "192.0.2.7 https"
    with serving(slow.app, 0, trust="198.51.100.0/24") as port:
        assert get(port, **said) == "127.0.0.1 http"


def test_no_address_is_logged_and_no_server_is_named(
    slow: Slow, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG, "uvicorn")
    with serving(slow.app, 0) as port:
        logging.getLogger("uvicorn.access").addHandler(caplog.handler)  # as some log set-ups do
        answer = httpx.get(f"http://127.0.0.1:{port}/secret/token-in-the-address")
        assert "server" not in answer.headers
    logging.getLogger("uvicorn.access").removeHandler(caplog.handler)
    own = [record.getMessage() for record in caplog.records if not record.name.startswith("http")]
    assert "token-in-the-address" not in "".join([*own, *capfd.readouterr()])
