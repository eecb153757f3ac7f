"""Runs an ASGI application in a thread of this process, on a port, for as long as a `with` lasts. Knows no application.

Signals stay the program's own: a server outside the main thread leaves them alone. Addresses of requests are never
logged, because the tokens of one-time links are in them.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import structlog
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.problems import SettingsProblem

GRACE = 3
"""How many seconds answers in the making have when it stops; then they are dropped."""

HEADERS_WITHIN = 10.0
"""Seconds for a request to say what it wants, from its connection's first moment or from the answer before."""

STOPS_WITHIN = 5.0
STARTS_WITHIN = 10.0

log = structlog.get_logger("onespot.serve")


def free_port() -> int:
    """A port of this machine that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Server(uvicorn.Server):
    """One that says when it serves, and that ends as soon as it is told to and the answers in the making are given.

    uvicorn's own looks ten times a second whether it should end, and again whether it may.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.serves = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ends = asyncio.Event()

    def end(self) -> None:
        """From any thread."""
        self.should_exit = True
        if self._loop is not None:
            with suppress(RuntimeError):  # it has ended by itself
                self._loop.call_soon_threadsafe(self._ends.set)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._loop = asyncio.get_running_loop()
        self.serves.set()

    async def main_loop(self) -> None:
        tick = 0
        while not await self.on_tick(tick):
            tick += 1
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ends.wait(), 0.1)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._all_answered(), GRACE)
        for task in self.server_state.tasks:
            task.cancel()

    async def _all_answered(self) -> None:
        while self.server_state.connections or self.server_state.tasks:
            await asyncio.sleep(0.005)


class _Quiet(H11Protocol):
    """Never logs an address, and hangs up on whoever doesn't come to the point.

    uvicorn's own `access_log=False` ends with the first handler that its logger is given; and it waits for ever for a
    request's headers, so that a few thousand connections that drip would take all the file handles there are.
    """

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.access_log = False
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._give_time()

    def handle_events(self) -> None:
        before = self.scope
        super().handle_events()
        if self.scope is not before and self._late is not None:
            self._late.cancel()

    def on_response_complete(self) -> None:
        self._give_time()  # first: the next request may be there already
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._late is not None:
            self._late.cancel()
        super().connection_lost(exc)

    def _give_time(self) -> None:
        if self._late is not None:
            self._late.cancel()
        self._late = self.loop.call_later(HEADERS_WITHIN, self.transport.close)


def _unmistakable(app: ASGIApp) -> ASGIApp:
    """The application, which never sees a request that says its length in two ways: a proxy before us may believe the
    other one, and take what is the end of one request for the beginning of another (RFC 9112, 6.1)."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        names = {name for name, _ in scope.get("headers", ())}
        if not {b"content-length", b"transfer-encoding"} <= names:
            await app(scope, receive, send)
            return
        headers = [(b"connection", b"close"), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 400, "headers": headers})
        await send({"type": "http.response.body"})

    return served


@contextmanager
def serving(app: ASGIApp, port: int, host: str = "127.0.0.1", *, trust: str | None = None) -> Iterator[int]:
    """Serves the application till the end of the block; gives the port, which is a free one when `port` is 0.

    `trust` names the proxies whose X-Forwarded-For and X-Forwarded-Proto are believed (addresses or networks, with
    commas; `*` for all, only where nobody else can reach the port); None believes nobody. Raises `SettingsProblem` when
    the port can't be had. At the end nothing new is let in, and it is over within 5 seconds even if an answer hangs.
    """
    with _listening(host, port) as listener:
        server = _Server(_config(app, trust))
        run = threading.Thread(target=server.run, args=([listener],), name="onespot-web", daemon=True)
        run.start()
        try:
            if not server.serves.wait(STARTS_WITHIN):
                raise SettingsProblem("The web pages did not start: what went wrong stands in the log.")
            yield listener.getsockname()[1]
        finally:
            server.end()
            run.join(STOPS_WITHIN)
            if run.is_alive():
                log.error("the web pages did not stop in time, so they were left")


def _config(app: ASGIApp, trust: str | None) -> uvicorn.Config:
    return uvicorn.Config(
        _unmistakable(app),
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=trust is not None,
        forwarded_allow_ips=trust or "",
        lifespan="off",
        ws="none",
        http=_Quiet,
        loop="asyncio",
    )


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens already, so that whoever is told the port can knock at once."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)  # without it asyncio leaves Nagle on: 40 ms for each answer
    except OSError as error:
        why = error.strerror
    else:
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(2048)
            return listener
        except OSError as error:
            listener.close()
            why = error.strerror
    raise SettingsProblem(f"PORT: {host} port {port} can't be listened on ({why}): free it, or set another PORT.")
