"""The stand-in Slack for its own tests: one for each test, with a clock that stands still, and small Bolt apps."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from sandbox.slack.person import Person
from sandbox.slack.server import SandboxSlack

MANIFEST = Path(__file__).parents[3] / "manifest.yml"


class Clock:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(clock: Clock) -> Iterator[SandboxSlack]:
    with SandboxSlack(MANIFEST, clock=clock) as slack:
        slack.dials.patience = 0.5
        slack.dials.slow = 0.2
        slack.dials.event_retries = (0.02, 0.02, 0.02)
        yield slack


@pytest.fixture
def client(slack: SandboxSlack) -> WebClient:
    return WebClient(token=slack.bot_token, base_url=slack.api_url, timeout=5)


@pytest.fixture
def app(slack: SandboxSlack, client: WebClient) -> App:
    """A Bolt app without listeners yet, and not connected."""
    return App(client=client, signing_secret=slack.signing_secret, token_verification_enabled=False)


@pytest.fixture
def ana(slack: SandboxSlack) -> Person:
    return Person(slack.origin, "U0ANA")


@pytest.fixture
def ben(slack: SandboxSlack) -> Person:
    return Person(slack.origin, "U0BEN")


@contextmanager
def over_sockets(
    slack: SandboxSlack, app: App, listen: Callable[[dict[str, Any]], object] | None = None
) -> Iterator[SocketModeHandler]:
    """The app connected in Socket Mode. `listen` gets every message that comes."""
    handler = SocketModeHandler(app, slack.app_token, ping_interval=0.2)
    if listen is not None:
        handler.client.message_listeners.append(lambda client, message, raw: listen(message) if message else None)
    handler.connect()
    try:
        yield handler
    finally:
        _close_quickly(handler)


def _close_quickly(handler: SocketModeHandler) -> None:
    """By itself the client waits up to three seconds for its socket, and one for its queue."""
    client = handler.client
    client.auto_reconnect_enabled = client.default_auto_reconnect_enabled = False
    client.current_session_state.terminated = True
    client.closed = True
    client.enqueue_message("")
    if client.current_session is not None and client.current_session.sock is not None:
        client.current_session.sock.shutdown(socket.SHUT_RDWR)
    handler.close()


@contextmanager
def over_http(slack: SandboxSlack, app: App) -> Iterator[str]:
    """The app behind an address of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            answer = app.dispatch(BoltRequest(body=body, headers=dict(self.headers.items())))
            self.send_response(answer.status)
            for name, values in answer.headers.items():
                for value in values:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/slack/events"
    slack.deliver_to(url)
    try:
        yield url
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


Connection = Callable[[SandboxSlack, App], AbstractContextManager[object]]


@pytest.fixture(params=[over_sockets, over_http], ids=["socket mode", "http"])
def connected(request: pytest.FixtureRequest) -> Connection:
    """Both ways in which an app is reached."""
    way: Connection = request.param
    return way
