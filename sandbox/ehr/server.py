"""Starts and stops the stand-in RevolutionEHR: one front end and the API on a free port of 127.0.0.1.

It runs in a thread of this process, so that tests can look at `state` and switch `faults` while a browser uses it.
"""

from __future__ import annotations

import importlib.resources
import json
import re
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.ehr import seed
from sandbox.ehr.api import routes
from sandbox.ehr.api.desk import Desk
from sandbox.ehr.faults import Faults
from sandbox.ehr.state import State

ADMIN_USERNAME = seed.ADMIN_USERNAME
ADMIN_PASSWORD = seed.ADMIN_PASSWORD

_HERE = Path(__file__).parent
_VENDOR = {
    "angular": "xstatic.pkg.angular",
    "angular-bootstrap": "xstatic.pkg.angular_bootstrap",
    "font-awesome": "xstatic.pkg.font_awesome",
}
"""The widget libraries by the name in their address, and the package that carries each in its folder data/."""

_TEST_ID = re.compile(r"""\s(?:ng-attr-)?data-test-?id=(?:"[^"]*"|'[^']*')""")
_TEXT_FILES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}


class SandboxEhr:
    """A RevolutionEHR to practise on.

    `front` is the folder with the front end. Without `test_ids` no element carries one, as on a screen that was never
    captured. `labels` and `permissions` are other words for its own, as another practice's might have: they show in
    place of these. Start it with `start()` or `with`; `url` is the address that a person would type.
    """

    def __init__(
        self,
        front: Literal["legacy", "modern"] = "legacy",
        port: int = 0,
        faults: Iterable[str] = (),
        test_ids: bool = True,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        labels: Mapping[str, str] | None = None,
        permissions: Mapping[str, str] | None = None,
    ) -> None:
        self.front = front
        self.test_ids = test_ids
        self._renamed = _renaming(labels or {}, permissions or {})
        self.state = seed.fill(State(clock=clock))
        self.faults = Faults(self.state, faults)
        self.desk = Desk(self.state, self.faults, test_ids=test_ids)
        self._port = port
        self._folder = _HERE / front
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._socket: socket.socket | None = None

    @property
    def origin(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def url(self) -> str:
        """Where the login screen is."""
        return f"{self.origin}/static/"

    def start(self) -> Self:
        """Listens from now on. Raises OSError when the port is taken."""
        self.desk.stopping = False
        self._socket = socket.socket(proto=socket.IPPROTO_TCP)  # or asyncio leaves Nagle on
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind(("127.0.0.1", self._port))
        except OSError:
            self._socket.close()
            raise
        self._socket.listen(128)
        self._port = self._socket.getsockname()[1]
        config = uvicorn.Config(
            self.application(),
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            http="h11",
            loop="asyncio",
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="sandbox-ehr", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stops listening; answers in the making are dropped. Harmless when it doesn't run."""
        if self._server is not None and self._thread is not None and self._socket is not None:
            self.desk.stopping = self._server.should_exit = True
            self._thread.join(5)
            self._socket.close()
        self._server = self._thread = self._socket = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def application(self) -> Starlette:
        """What the server serves, for tests that need no socket."""
        return Starlette(
            routes=[
                *routes(self.desk),
                Route("/static/vendor/{package}/{path:path}", self._vendor),
                Route("/static/{path:path}", self._static),
                Route("/static", lambda request: RedirectResponse("/static/")),
                Route("/{path:path}", self._marketing),
            ]
        )

    async def _static(self, request: Request) -> Response:
        if "www-404" in self.faults:
            return self._marketing_404()
        if "maintenance-page" in self.faults:
            return HTMLResponse((_HERE / "pages" / "maintenance.html").read_text(), status_code=503)
        return self._file(self._folder, request.path_params["path"] or "index.html")

    async def _vendor(self, request: Request) -> Response:
        package = _VENDOR.get(request.path_params["package"])
        if package is None:
            return PlainTextResponse("Not found", status_code=404)
        folder = Path(str(importlib.resources.files(package) / "data"))
        response = self._file(folder, request.path_params["path"], ours=False)
        response.headers["Cache-Control"] = "max-age=86400"
        return response

    async def _marketing(self, request: Request) -> Response:
        return self._marketing_404()

    def _marketing_404(self) -> Response:
        return HTMLResponse((_HERE / "pages" / "marketing-404.html").read_text(), status_code=404)

    def _file(self, folder: Path, name: str, *, ours: bool = True) -> Response:
        """A file below a folder, never outside it; without test-ids when they are off."""
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()) or not path.is_file():
            return PlainTextResponse("Not found", status_code=404)
        if not ours or path.suffix not in _TEXT_FILES:
            return FileResponse(path)
        text = path.read_text(encoding="utf-8")
        if not self.test_ids and path.suffix in (".html", ".js"):
            text = _TEST_ID.sub("", text)
        if path.name == "index.html":
            text = text.replace("<head>", f"<head>{self._renamed}", 1)
        return Response(text, media_type=_TEXT_FILES[path.suffix], headers={"Cache-Control": "no-cache"})


def _renaming(labels: Mapping[str, str], permissions: Mapping[str, str]) -> str:
    """The script that shows other words, for the top of a page; nothing where there are none."""
    if not labels and not permissions:
        return ""
    words = ", ".join(json.dumps(dict(one)).replace("<", "\\u003c") for one in (labels, permissions))
    return f"<script>{(_HERE / 'renamed.js').read_text(encoding='utf-8')}({words});</script>"
