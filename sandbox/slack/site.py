"""Everything that is served on the stand-in's one port: the Web API, WebSockets, uploads, /workspace and its page."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute

from sandbox.slack import files
from sandbox.slack.methods import WebApi
from sandbox.slack.responses import Responses
from sandbox.slack.room import Room
from sandbox.slack.sockets import Sockets
from sandbox.slack.workspace import Workspace

PAGE = (Path(__file__).parent / "page").resolve()
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


def site(ws: Workspace, sockets: Sockets, room: Room) -> Starlette:
    """The application."""

    async def upload(request: Request) -> Response:
        content = await request.body()
        down = "down" in ws.faults
        said = None if down else files.take(ws, str(request.path_params["ticket"]), content)
        ws.heard("upload", "ok" if said else "refused", content.decode("utf-8", "replace"))
        if said is None:
            return PlainTextResponse("This upload was refused.", status_code=503 if down else 400)
        return PlainTextResponse(said)

    return Starlette(
        routes=[
            Route("/api/{method}", WebApi(ws).__call__, methods=["GET", "POST"]),
            Route("/response/{kind}/{name}", Responses(ws).__call__, methods=["POST"]),
            Route("/upload/v1/{ticket}", upload, methods=["POST", "PUT"]),
            WebSocketRoute("/socket", sockets.serve),
            *room.routes(),
            Route("/archives/{channel}/{message}", archives),
            Route("/{path:path}", page),
        ]
    )


async def archives(request: Request) -> Response:
    """A permalink leads to the page, at the thread."""
    channel, digits = request.path_params["channel"], str(request.path_params["message"])[1:]
    thread = request.query_params.get("thread_ts") or f"{digits[:-6]}.{digits[-6:]}"
    return RedirectResponse(f"/?channel={channel}&thread={thread}")


async def page(request: Request) -> Response:
    """A file of the workspace's page, never one outside its folder."""
    path = (PAGE / (request.path_params["path"] or "index.html")).resolve()
    if not path.is_relative_to(PAGE) or not path.is_file():
        return PlainTextResponse("Not found", status_code=404)
    return FileResponse(path, media_type=TYPES.get(path.suffix), headers={"Cache-Control": "no-cache"})
