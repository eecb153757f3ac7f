"""The pages that people meet: a password in, a credential out, and a few words. Looks are templates, deeds the desk's.

A link is used up by a POST only: programs that preview links fetch them by GET, so GET and HEAD change nothing and
show no secret.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from urllib.parse import urlsplit

import anyio
from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.pages import Html, fragment, guarded, page, plain
from bot.pages.desk import Desk, Facts
from bot.pages.form import Refusal, Seal, read_form
from bot.pages.rate import Rate
from storage.models import LinkPurpose, OneTimeLink

LONGEST = 200
"""How many characters a password may have."""

FORM_LIMIT, SHEET_LIMIT = 16 * 1024, 1024 * 1024
"""How many bytes a form may have, and one with many practices."""
MOST = 20
"""So many problems of a sheet are shown at once."""

AGAIN = "Press the button in Slack again to get a new link."
ASK = "Enter the administrator's password"
OFFER = "Reveal the OneSpot credentials"
BRING = "Set up OneSpot at many practices"

Given = TypeVar("Given")
Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Problem:
    """Why a form is shown once more: the sentence at its field, and the answer's status."""

    status: int
    sentence: str
    items: Sequence[str] = ()


class Site:
    """The endpoints."""

    def __init__(self, desk: Desk, seal: Seal, rate: Rate) -> None:
        self._desk, self._seal, self._rate = desk, seal, rate
        self._page, self._plain = partial(page, https=seal.https), partial(plain, https=seal.https)

    def open_to(self, get: Endpoint, post: Endpoint | None = None) -> Endpoint:
        """One endpoint of the two, for those who don't knock too often."""

        async def endpoint(request: Request) -> Response:
            wait = self._rate.knock(request.client.host if request.client else "")
            if wait:
                return self._too_often(wait)
            return await (post if post and request.method == "POST" else get)(request)

        return endpoint

    # A password in

    async def ask(self, request: Request) -> Response:
        """The form for the administrator's password."""
        link = await self._link(request, LinkPurpose.INTAKE)
        return await self._form("secret", ASK, request, link)

    async def take(self, request: Request) -> Response:
        """The password: taken, or asked for once more with the reason at the field and the link still good."""
        link = await self._link(request, LinkPurpose.INTAKE)
        sent = await self._sent(request, "form", "password")
        password = SecretStr(sent["password"])
        problem = self._stale(request, sent["form"]) or _unfit(password) or await self._forbidden(link)
        if problem:
            return await self._form("secret", ASK, request, link, problem)
        refused = await _do(self._desk.intake, await self._used(request), password)
        if refused:
            return self.says(409, "The password was not saved", refused, AGAIN)
        # Elsewhere, so that the browser's history keeps no request with a password in it.
        return guarded(RedirectResponse("../saved", 303), https=self._seal.https)

    async def saved(self, request: Request) -> Response:
        """Where a browser is sent once the password is kept."""
        return self._page("saved", "The password is saved")

    # Many practices in

    async def bring(self, request: Request) -> Response:
        """The form for a sheet of practices, with their administrators' passwords."""
        link = await self._link(request, LinkPurpose.IMPORT)
        return await self._form("import", BRING, request, link)

    async def take_sheet(self, request: Request) -> Response:
        """The sheet: taken, or all that is wrong with it said and the link still good. It is never shown again."""
        link = await self._link(request, LinkPurpose.IMPORT)
        sent = await self._sent(request, "form", "sheet", limit=SHEET_LIMIT)
        problem = self._stale(request, sent["form"]) or await self._forbidden(link)
        problem = problem or _unfit_sheet(await _do(self._desk.look_at, link, sent["sheet"]))
        if problem:
            return await self._form("import", BRING, request, link, problem)
        refused = await _do(self._desk.bring, await self._used(request), sent["sheet"])
        if refused:
            return self.says(409, "Nothing was begun", refused, "Type `/onespot-provision bulk` in Slack again.")
        return guarded(RedirectResponse("../imported", 303), https=self._seal.https)

    async def imported(self, request: Request) -> Response:
        """Where a browser is sent once the sheet is taken."""
        return self._page("imported", "The practices are on their way")

    # A credential out

    async def offer(self, request: Request) -> Response:
        """Says what the button shows."""
        link = await self._link(request, LinkPurpose.REVEAL)
        return await self._form("reveal", OFFER, request, link)

    async def show(self, request: Request) -> Response:
        """The credential, once."""
        link = await self._link(request, LinkPurpose.REVEAL)
        sent = await self._sent(request, "form")
        problem = self._stale(request, sent["form"]) or await self._forbidden(link)
        if problem:
            return await self._form("reveal", OFFER, request, link, problem)
        facts = await _do(self._desk.about, link)
        found = await _do(self._desk.reveal, await self._used(request))
        if isinstance(found, str):
            return self.says(409, "There is nothing to show", found, AGAIN)
        password = found.password.get_secret_value()
        values = {**_words(facts), "username": found.username, "password": password}
        return self._page("revealed", "The OneSpot credentials", values)

    # For nobody in particular

    async def home(self, request: Request) -> Response:
        """The plain small page at the root."""
        return self._page("home", "Nothing to see here")

    async def lives(self, request: Request) -> Response:
        """Whether the process answers at all; asks nobody."""
        return self._plain("ok")

    async def ready(self, request: Request) -> Response:
        """Whether it can do its work; else 503 and the names of what can't."""
        problems = await _do(self._desk.ready)
        return self._plain("\n".join(sorted(problems)) or "ready", status=503 if problems else 200)

    def says(self, status: int, title: str, what: str, do: str) -> Response:
        """A page that says what happened and what to do."""
        return self._page("said", title, {"what": what, "do": do}, status=status)

    # What they share

    async def _link(self, request: Request, purpose: LinkPurpose) -> OneTimeLink:
        link = await _do(self._desk.find, request.path_params["token"])
        if link is None or link.purpose is not purpose:
            raise _dead()
        return link

    async def _used(self, request: Request) -> OneTimeLink:
        link = await _do(self._desk.use, request.path_params["token"])
        if link is None:
            raise _dead()
        return link

    async def _sent(self, request: Request, *names: str, limit: int = FORM_LIMIT) -> dict[str, str]:
        self._seal.must_be_ours(request)
        return await read_form(request, names, limit)

    def _stale(self, request: Request, mark: str) -> Problem | None:
        if self._seal.holds(request, mark):
            return None
        return Problem(
            403,
            "This page was open too long, or twice, or your browser keeps no cookies for it. Nothing was sent on: try "
            "once more.",
        )

    async def _forbidden(self, link: OneTimeLink) -> Problem | None:
        sentence = await _do(self._desk.may, link)
        return Problem(422, sentence) if sentence else None

    async def _form(
        self, name: str, title: str, request: Request, link: OneTimeLink, problem: Problem | None = None
    ) -> Response:
        """A form, with what was wrong at its last try. What was typed is never shown again."""
        mark = self._seal.mark(request)
        values = {
            **_words(await _do(self._desk.about, link)),
            "form": mark,
            "problem": _shown(problem) if problem else "",
            "describedby": "problem promise" if problem else "promise",
            "invalid": "true" if problem else "false",
        }
        answer = self._page(name, title, values, status=problem.status if problem else 200)
        return self._seal.put(answer, request, mark)

    def _too_often(self, wait: float) -> Response:
        answer = self.says(429, "Too many requests", "Too many came from your network.", "Try again in a minute.")
        answer.headers["Retry-After"] = str(math.ceil(wait))
        return answer


async def _do(deed: Callable[..., Given], *what: object) -> Given:
    """The desk's deed, in a thread. One that hangs keeps its thread, and the server can stop all the same."""
    return await anyio.to_thread.run_sync(deed, *what, abandon_on_cancel=True)


def _dead() -> Refusal:
    """One answer for all links that don't work, so that it says nothing about which there ever were."""
    return Refusal(
        410,
        "This link does not work any more",
        "A link works once and for 15 minutes, and a newer one replaces it.",
        AGAIN,
    )


def _unfit(password: SecretStr) -> Problem | None:
    """What is wrong with a password that no EHR would take. It is never cut or trimmed."""
    value = password.get_secret_value()
    if not value.strip():
        return Problem(422, "The password is missing: enter it, then save it.")
    if len(value) > LONGEST:
        return Problem(422, f"That is longer than {LONGEST} characters, so it can't be the password: enter it again.")
    return None


def _unfit_sheet(problems: Sequence[str]) -> Problem | None:
    if not problems:
        return None
    more = f" These are the first {MOST} of {len(problems)}." if len(problems) > MOST else ""
    sentence = f"Nothing was taken. Put this right in your spreadsheet, then copy and paste it again.{more}"
    return Problem(422, sentence, problems[:MOST])


def _shown(problem: Problem) -> Html:
    if not problem.items:
        return fragment("problem", sentence=problem.sentence)
    items = Html("".join(fragment("item", text=text) for text in problem.items))
    return fragment("problems", sentence=problem.sentence, items=items)


def _words(facts: Facts) -> dict[str, str]:
    host = urlsplit(facts.url).hostname or facts.url
    return {"practice": facts.practice, "person": facts.person, "username": facts.username, "host": host}
