"""The program to compare with: a Bolt app that acks the same two requests and does nothing else, on our own server.

Server, number of threads and size of the listener pool are the bot's, so the difference is what the bot does itself.
`python -m bench.acks.bare` reads what it needs from stdin, says its port, and ends when stdin does.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor

import anyio
import anyio.to_thread
from slack_bolt import Ack, App, BoltRequest, BoltResponse
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.acks.signed import BUTTON, COMMAND, PATH
from bot.app import listeners
from bot.serve import serving

THREADS = 64


def bolt(token: str, api_url: str, secret: str, pool: ThreadPoolExecutor) -> App:
    """The Bolt app."""
    app = App(
        client=WebClient(token=token, base_url=api_url),
        token=token,
        signing_secret=secret,
        listener_executor=pool,
        token_verification_enabled=False,
    )

    @app.command(COMMAND)
    def typed(ack: Ack) -> None:
        ack()

    @app.action(BUTTON)
    def pressed(ack: Ack) -> None:
        ack()

    return app


def site(app: App) -> Starlette:
    """The Bolt app behind one address; dispatch blocks, so it gets a thread."""
    threads = anyio.CapacityLimiter(THREADS)

    def dispatch(body: str, headers: dict[str, str]) -> BoltResponse:
        return app.dispatch(BoltRequest(body=body, headers={name: [value] for name, value in headers.items()}))

    async def events(request: Request) -> Response:
        body = (await request.body()).decode()
        answer = await anyio.to_thread.run_sync(dispatch, body, dict(request.headers), limiter=threads)
        return Response(answer.body or "", answer.status, dict(answer.first_headers()))

    return Starlette(routes=[Route(PATH, events, methods=["POST"])])


def main() -> None:
    """Serve until stdin ends."""
    told = json.loads(sys.stdin.readline())
    with listeners() as pool:
        app = bolt(told["bot_token"], told["api_url"], told["signing_secret"], pool)
        with serving(site(app), 0) as port:
            sys.stdout.write(json.dumps({"port": port}) + "\n")
            sys.stdout.flush()
            sys.stdin.read()


if __name__ == "__main__":
    main()
