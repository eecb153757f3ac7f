"""What the web pages look like: templates, the style, and the headers that every answer has. Says nothing by itself.

Plain HTML that works without JavaScript: there is none. What is filled into a template is escaped here and nowhere
else; only an `Html`, which is made here, passes as it is.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Template

from starlette.responses import HTMLResponse, PlainTextResponse, Response

from storage.database import whole

_HERE = Path(__file__).parent
_YEAR = 365 * 24 * 3600


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def page(
    name: str, title: str, values: Mapping[str, object] | None = None, *, status: int = 200, https: bool = False
) -> Response:
    """The page of the template `name`, in the frame that all have, with the headers that all have."""
    body = _fill("frame", title=title, style=Html(_style()), content=fragment(name, title=title, **(values or {})))
    return guarded(HTMLResponse(body, status_code=status), https=https)


def fragment(name: str, **values: object) -> Html:
    """A part of a page."""
    return _fill(name, **values)


def plain(text: str, *, status: int = 200, https: bool = False, headers: Mapping[str, str] | None = None) -> Response:
    """An answer for programs."""
    return guarded(PlainTextResponse(text + "\n", status_code=status, headers=headers), https=https)


def guarded(response: Response, *, https: bool) -> Response:
    """The same answer, kept by nobody, framed by nobody, running nothing, and telling nobody where it came from.

    HSTS for this very host only, and only where people come by https (RFC 6797, 7.2).
    """
    response.headers.update(_headers())
    if https:
        response.headers["Strict-Transport-Security"] = f"max-age={_YEAR}"
    return response


@cache
def _headers() -> dict[str, str]:
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    policy = (
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "; ".join(policy),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex, nofollow",
    }


def _fill(name: str, **values: object) -> Html:
    safe = {key: value if isinstance(value, Html) else html.escape(whole(str(value))) for key, value in values.items()}
    return Html(_template(name).substitute(safe))


@cache
def _template(name: str) -> Template:
    return Template((_HERE / f"{name}.html").read_text(encoding="utf-8").strip())


@cache
def _style() -> str:
    return (_HERE / "style.css").read_text(encoding="utf-8").strip()
