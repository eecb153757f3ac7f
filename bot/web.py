"""The few web pages: a secret in, a secret out, health, and a door for Slack. Knows neither Slack nor a browser.

Here is what there is and where, and how what goes wrong is answered; the pages themselves are in `pages/`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import anyio
import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.pages import plain
from bot.pages.desk import Desk, Facts
from bot.pages.form import Refusal, Seal, read_body
from bot.pages.rate import Rate
from bot.pages.site import Endpoint, Site
from storage.database import StorageError

__all__ = ["Answer", "Desk", "Facts", "Slack", "pages"]

SLACK_LIMIT = 1024 * 1024
"""How many bytes Slack may send at once."""

SLACK_THREADS = 64

log = structlog.get_logger("onespot.web")


@dataclass(frozen=True)
class Answer:
    """What is answered to Slack."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


Slack = Callable[[bytes, Mapping[str, str]], Answer]
"""Takes the body and the headers (names in small letters) of what Slack sent; called in a thread of its own."""


def pages(
    desk: Desk, *, public_url: str | None = None, slack: Slack | None = None, rate: Rate | None = None
) -> Starlette:
    """The application. `public_url` is PUBLIC_URL; without `slack` there is no `/slack/events`."""
    site = Site(desk, Seal(public_url), rate or Rate())
    routes = [
        Route("/", site.open_to(site.home)),
        Route("/saved", site.open_to(site.saved)),
        Route("/secret/{token}", site.open_to(site.ask, site.take), methods=["GET", "POST"]),
        Route("/reveal/{token}", site.open_to(site.offer, site.show), methods=["GET", "POST"]),
        Route("/import/{token}", site.open_to(site.bring, site.take_sheet), methods=["GET", "POST"]),
        Route("/imported", site.open_to(site.imported)),
        Route("/healthz", site.lives),
        Route("/readyz", site.ready),
    ]
    if slack is not None:
        routes.append(Route("/slack/events", _events(slack), methods=["POST"]))
    app = Starlette(routes=routes, exception_handlers=_words(site))
    app.router.redirect_slashes = False  # its answer would repeat the token and have none of our headers
    return app


def _events(slack: Slack) -> Endpoint:
    threads = anyio.CapacityLimiter(SLACK_THREADS)

    async def events(request: Request) -> Response:
        body = await read_body(request, SLACK_LIMIT)
        answer = await anyio.to_thread.run_sync(
            slack, body, dict(request.headers), limiter=threads, abandon_on_cancel=True
        )
        return Response(answer.body, answer.status, dict(answer.headers))

    return events


def _words(site: Site) -> dict[type[Exception], Callable[[Request, Exception], Response]]:
    """How each thing that goes wrong is answered. None of them quotes what was sent."""

    def refused(request: Request, error: Exception) -> Response:
        if not isinstance(error, Refusal):
            raise error
        return site.says(error.status, error.title, error.what, error.do)

    def no_page(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        answer = site.says(status, "There is no such page", "Nothing is at this address.", "Open the link in Slack.")
        answer.headers.update(getattr(error, "headers", None) or {})
        return answer

    def no_storage(request: Request, error: Exception) -> Response:
        log.error("the web pages could not use the database", why=str(error))
        return site.says(503, *_DOWN)

    def broken(request: Request, error: Exception) -> Response:
        return site.says(500, *_DOWN)

    def gone(request: Request, error: Exception) -> Response:
        return plain("gone", status=400)

    return {
        Refusal: refused,
        HTTPException: no_page,
        StorageError: no_storage,
        ClientDisconnect: gone,
        Exception: broken,
    }


_DOWN = (
    "This does not work right now",
    "Something went wrong on our side.",
    "Try again in a minute. If the link does not work any more then, press the button in Slack again.",
)
