"""Starts and stops the stand-in Slack: one workspace on a free port of 127.0.0.1.

It runs in a thread of this process, so that tests can look at `state`, `calls` and `received` and switch `faults`
while an app uses it.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine, Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import uvicorn

from sandbox.slack.delivery import Delivery
from sandbox.slack.faults import Dials, Faults
from sandbox.slack.manifest import read_manifest
from sandbox.slack.people import People
from sandbox.slack.room import Room
from sandbox.slack.served import Served
from sandbox.slack.site import site
from sandbox.slack.sockets import Sockets
from sandbox.slack.state import State
from sandbox.slack.workspace import Heard, Workspace


class SandboxSlack:
    """A Slack workspace to practise on, with the app of a manifest installed in it.

    Give the app `api_url`, `bot_token` and (for Socket Mode) `app_token`, or (for HTTP) `signing_secret` and call
    `deliver_to`. Start it with `start()` or `with`. `clock` gives aware UTC: rate limits, triggers and response_urls
    age by it. Raises ValueError for a manifest that can't be read or a fault that there isn't.
    """

    def __init__(
        self,
        manifest: Path,
        port: int = 0,
        *,
        faults: Iterable[str] = (),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._ws = Workspace(read_manifest(manifest), clock)
        self._sockets = Sockets(self._ws)
        self._delivery = Delivery(self._ws, self._sockets)
        self._room = Room(self._ws, self._delivery, People(self._ws, self._delivery))
        self._port = port
        self._server: Served | None = None
        self._thread: threading.Thread | None = None
        self._socket: socket.socket | None = None
        self._ws.faults.on(*faults)
        self._ws.faults.on_switch.append(self._act_out)

    # Where it is, and its secrets

    @property
    def origin(self) -> str:
        """`http://127.0.0.1:PORT`; the workspace's page is at its /."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def api_url(self) -> str:
        """The base of the Web API, for SLACK_API_URL."""
        return f"{self.origin}/api/"

    @property
    def bot_token(self) -> str:
        """SLACK_BOT_TOKEN."""
        return self._ws.bot_token

    @property
    def app_token(self) -> str:
        """SLACK_APP_TOKEN, for Socket Mode."""
        return self._ws.app_token

    @property
    def signing_secret(self) -> str:
        """SLACK_SIGNING_SECRET, for HTTP."""
        return self._ws.signing_secret

    # What tests look at and turn

    @property
    def state(self) -> State:
        """People, channels, messages, views."""
        return self._ws.state

    @property
    def faults(self) -> Faults:
        """What goes wrong just now."""
        return self._ws.faults

    @property
    def dials(self) -> Dials:
        """How strong faults are and how patient Slack is."""
        return self._ws.dials

    @property
    def received(self) -> list[bytes]:
        """Every body that came from the app, with its texts decoded below it: to search for secrets."""
        return self._ws.received

    @property
    def calls(self) -> list[Heard]:
        """Every call of the app, in order."""
        return self._ws.calls

    @property
    def limits(self) -> bool:
        """Whether rate limits are kept."""
        return self._ws.limits.on

    @limits.setter
    def limits(self, on: bool) -> None:
        self._ws.limits.on = on

    @property
    def connections(self) -> int:
        """How many WebSockets of the app are open."""
        return len(self._sockets)

    def deliver_to(self, url: str | None) -> None:
        """Send requests to this address from now on (HTTP mode); None: through WebSockets again (Socket Mode)."""
        self._delivery.url = url
        self.state.changed()

    def verify(self) -> bool:
        """Whether the address passes url_verification. Events are kept back until it does."""
        return bool(self._in_loop(self._delivery.verify()))

    def refresh_sockets(self) -> None:
        """Ask the app to replace its WebSockets, as Slack does now and then."""
        self._in_loop(self._sockets.refresh())

    def cut_sockets(self) -> None:
        """End all WebSockets without a word."""
        self._in_loop(self._sockets.cut())

    def _act_out(self) -> None:
        if self._server is not None and ("down" in self.faults or "drop-sockets" in self.faults):
            self.cut_sockets()

    def _in_loop(self, work: Coroutine[Any, Any, Any]) -> Any:
        loop = self._server.loop if self._server is not None else None
        if loop is None:
            work.close()
            raise RuntimeError("The stand-in Slack is not running.")
        return asyncio.run_coroutine_threadsafe(work, loop).result(10)

    # Start and stop

    def start(self) -> Self:
        """Listens from now on. Raises OSError when the port is taken."""
        self._room.stopping = False
        self._socket = socket.socket(proto=socket.IPPROTO_TCP)  # or asyncio leaves Nagle on
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind(("127.0.0.1", self._port))
        except OSError:
            self._socket.close()
            raise
        self._socket.listen(128)
        self._port = self._socket.getsockname()[1]
        self._ws.origin = self.origin
        self._server = Served(self._config(), self._part)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="sandbox-slack", daemon=True
        )
        self._thread.start()
        self._server.serves.wait(10)
        return self

    def _config(self) -> uvicorn.Config:
        return uvicorn.Config(
            site(self._ws, self._sockets, self._room),
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="wsproto",
            ws_ping_interval=0.25,
            http="h11",
            loop="asyncio",
        )

    async def _part(self) -> None:
        """What ends before the server does: waiting pages, retries, WebSockets."""
        self._room.stopping = True
        self._room.wake()
        await self._delivery.stop()
        await self._sockets.cut()

    def stop(self) -> None:
        """Stops listening; answers in the making are dropped. Harmless when it doesn't run."""
        if self._server is not None and self._thread is not None and self._socket is not None:
            self._server.end()
            self._thread.join(10)
            self._socket.close()
        self._server = self._thread = self._socket = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
