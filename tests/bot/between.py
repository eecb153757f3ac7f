"""A small real server that stands between the bot and the stand-in Slack, and spoils single calls of the Web API.

For what the stand-in's faults don't do: an answer that is lost after the deed, one method that is refused, something
that happens in just this moment. Everything else goes through as it is. Nothing here asserts.
"""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from sandbox.slack import SandboxSlack


@dataclass(frozen=True)
class Said:
    """A call as the bot made it: the method, and its body (a form or JSON), decoded."""

    method: str
    body: str

    def __contains__(self, text: str) -> bool:
        return text in self.body


@dataclass(frozen=True)
class Spoiled:
    """What is answered instead of Slack's answer. `lost`: nothing at all, the connection ends."""

    status: int = 200
    body: str = ""
    lost: bool = False

    @classmethod
    def error(cls, word: str) -> Spoiled:
        """Slack's own way to refuse."""
        return cls(body=json.dumps({"ok": False, "error": word}))


Rule = Callable[[Said], "Spoiled | None"]


@dataclass
class Between:
    """`before` is asked first, and what it gives keeps the call from Slack; `after` once Slack has done it."""

    slack: SandboxSlack
    url: str = ""
    before: Rule = field(default=lambda said: None)
    after: Rule = field(default=lambda said: None)
    said: list[Said] = field(default_factory=list)

    def count(self, method: str) -> int:
        """How often the bot has called this method."""
        return sum(one.method == method for one in self.said)

    def answer(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[Spoiled, dict[str, str]]:
        """What the bot is answered: Slack's answer, or something else."""
        said = Said(urlsplit(path).path.rpartition("/")[2], _decoded(body))
        self.said.append(said)
        spoiled = self.before(said)
        if spoiled is not None:
            return spoiled, {"Content-Type": "application/json"}
        slack = http.client.HTTPConnection(urlsplit(self.slack.api_url).netloc, timeout=30)
        try:
            slack.request("POST", path, body, headers)
            answer = slack.getresponse()
            text, kept = answer.read().decode(), dict(answer.getheaders())
        finally:
            slack.close()
        return self.after(said) or Spoiled(answer.status, text), kept


@contextmanager
def between(slack: SandboxSlack) -> Iterator[Between]:
    """Starts it: give the bot its `url` instead of the workspace's."""
    spoiler = Between(slack)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(spoiler))
    spoiler.url = f"http://127.0.0.1:{server.server_address[1]}/api/"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield spoiler
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def _handler(spoiler: Between) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            passed = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
            answer, headers = spoiler.answer(self.path, body, passed)
            if answer.lost:
                self.close_connection = True
                return
            content = answer.body.encode()
            self.send_response(answer.status)
            for name, value in headers.items():
                if name.lower() in ("content-type", "retry-after"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    return Handler


_HOP = ("host", "connection", "content-length", "accept-encoding")


def _decoded(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    if text.startswith("{"):
        return text
    return "\n".join(f"{name}={value}" for name, values in parse_qs(text).items() for value in values)
