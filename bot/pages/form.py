"""What a browser sends to a page: read within limits, and taken only from a form that this very page has shown.

What is wrong with it is a `Refusal`, a status and words that quote nothing of what was sent: it may be a password.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import anyio
from starlette.requests import Request
from starlette.responses import Response

FORM = "application/x-www-form-urlencoded"
PATIENCE = 10.0
"""How many seconds a body may take to arrive."""

COOKIE_LASTS = 15 * 60
_MARK = re.compile(r"[A-Za-z0-9_-]{43}")
_PORTS = {"http": ":80", "https": ":443"}


class Refusal(Exception):
    """A request that is answered with this status and these words, and changes nothing."""

    def __init__(self, status: int, title: str, what: str, do: str) -> None:
        super().__init__(f"{status} {title}")
        self.status, self.title, self.what, self.do = status, title, what, do


def _unread(status: int, what: str) -> Refusal:
    return Refusal(status, "This could not be read", what, "Open the link in Slack again and use the form there.")


# Reading


async def read_body(request: Request, limit: int) -> bytes:
    """The body, of `limit` bytes at most. Refused with 413 as soon as it is known to be longer, with 408 when slow."""
    too_long = _unread(413, "More was sent than this page takes.")
    if int(request.headers.get("content-length", "0")) > limit:
        raise too_long
    body = bytearray()
    with anyio.move_on_after(PATIENCE):
        async for chunk in request.stream():
            body += chunk
            if len(body) > limit:
                raise too_long
        return bytes(body)
    raise _unread(408, "It took too long to arrive.")


async def read_form(request: Request, names: Collection[str], limit: int) -> dict[str, str]:
    """The fields of these names, each there once and no other. Refused with 400, 408, 413 or 415."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORM:
        raise _unread(415, "It was not sent as a form.")
    fields = _fields(await read_body(request, limit))
    if fields is None or Counter(name for name, _ in fields) != Counter(names):
        raise _unread(400, "The form did not arrive as it was shown.")
    return dict(fields)


def _fields(body: bytes) -> list[tuple[str, str]] | None:
    """The names and values; None when they aren't text. A letter that can't be read is never replaced by another."""
    try:
        return parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=20)
    except ValueError:  # UnicodeDecodeError is one, and holds all that was sent
        return None


# From our own form only


@dataclass(frozen=True)
class Seal:
    """The mark that a form carries twice, in a hidden field and in a cookie of its page: only our page can send both.

    `public_url` is where people come from outside, a path included that a proxy takes off; None: where they came now.
    """

    public_url: str | None

    @property
    def https(self) -> bool:
        """Whether people come by https, so that the cookie may go no other way."""
        return urlsplit(self.public_url or "").scheme == "https"

    @property
    def cookie(self) -> str:
        """The cookie's name. `__Secure-`, not `__Host-`: that one would have to be sent to every page (RFC 6265bis)."""
        return "__Secure-onespot-form" if self.https else "onespot-form"

    def mark(self, request: Request) -> str:
        """The mark for a form: the one that this browser has for this page already, else a new one."""
        known = request.cookies.get(self.cookie, "")
        return known if _MARK.fullmatch(known) else secrets.token_urlsafe(32)

    def put(self, response: Response, request: Request, mark: str) -> Response:
        """The same answer, with the mark's cookie for this page alone."""
        response.set_cookie(
            self.cookie,
            mark,
            max_age=COOKIE_LASTS,
            path=urlsplit(self.public_url or "").path.rstrip("/") + request.url.path,
            secure=self.https,
            httponly=True,
            samesite="strict",
        )
        return response

    def holds(self, request: Request, mark: str) -> bool:
        """Whether the field's mark is the cookie's."""
        known = request.cookies.get(self.cookie, "")
        return _MARK.fullmatch(known) is not None and hmac.compare_digest(known.encode(), mark.encode())

    def must_be_ours(self, request: Request) -> None:
        """Refuses with 403 what a browser says another site has sent.

        `Origin: null` passes: that is what browsers say of a page under `Referrer-Policy: no-referrer`, ours too (Fetch
        standard, "append a request `Origin` header"). `Sec-Fetch-Site`, which they send where they say so, tells then.
        """
        origin = request.headers.get("origin", "null").lower()
        site = request.headers.get("sec-fetch-site", "none")
        if site not in ("same-origin", "none") or origin not in ("null", _origin(self.public_url or str(request.url))):
            raise Refusal(
                403,
                "This form came from elsewhere",
                "It was not sent from this page, so nothing was taken from it.",
                "Open the link in Slack again.",
            )


def _origin(url: str) -> str:
    """Scheme, host and port as a browser says them: in small letters, without the port that goes without saying."""
    parts = urlsplit(url.lower())
    return f"{parts.scheme}://{parts.netloc.removesuffix(_PORTS.get(parts.scheme, ''))}"
