"""What all routes of the API share: who asks, whether they may, how it is refused, how long an answer takes.

No route is in here.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.ehr.api.rights import EDIT, EMPLOYEE_ROLES
from sandbox.ehr.faults import Faults
from sandbox.ehr.records import PasswordPolicy, Session
from sandbox.ehr.state import NO_ACCESS, Refused, State

COOKIE = "JSESSIONID"
STRICT_POLICY = PasswordPolicy(longest=12, forbidden="_")
SERVER_ERROR = "An unexpected error has occurred. Please contact support if the problem persists."
TIMED_OUT = "Your session has expired. Please log in again."


@dataclass(frozen=True)
class Hold:
    """A request that is not answered until it is `released`; `reached` tells that it came.

    It is held before anything is done, and then never done; or, `answered`, after it was done, before the answer goes.
    """

    path: str
    answered: bool
    reached: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)


class Desk:
    """The state, the faults, and the questions that every route asks of them."""

    def __init__(self, state: State, faults: Faults, *, test_ids: bool) -> None:
        self.state = state
        self.faults = faults
        self.test_ids = test_ids
        self.stopping = False
        self.holds: list[Hold] = []
        self.slow_first_seconds = 15.0
        self.slow_save_seconds = 4.0
        self.slow_tree_seconds = 2.5
        self.slow_id_seconds = 3.0
        self.slow_network_seconds = 0.7

    def any_session(self, request: Request) -> Session | None:
        return self.state.session(request.cookies.get(COOKIE))

    def session(self, request: Request, *, needs: str | None = None, state: str | tuple[str, ...] = "app") -> Session:
        """The request's session in that state and with that right. Raises Refused (401, 403)."""
        session = self.any_session(request)
        if session is None or not session.lasts:
            raise Refused(TIMED_OUT, status=401)
        if session.state not in ((state,) if isinstance(state, str) else state):
            raise Refused("You can't do that now.", status=401)
        if needs is not None and needs not in session.permissions:
            raise Refused(NO_ACCESS, status=403)
        return session

    async def saving(self, request: Request) -> Session:
        """Before a role or an employee is saved: the right to edit, and the faults that all saves share."""
        session = self.session(request, needs=EMPLOYEE_ROLES)
        if EDIT not in session.permissions:
            raise Refused(NO_ACCESS, status=403)
        if self.faults.first("session-timeout-mid-form"):
            self.state.end(session, "timed out")
            raise Refused(TIMED_OUT, status=401)
        if self.faults.first("session-locks-mid-form"):
            session.state = "lock"
            raise Refused("Your session is locked.", status=401)
        if "slow-save" in self.faults:
            await self.pause(self.slow_save_seconds)
        if request.method == "POST" and "save-twice-makes-two" in self.faults:
            await self.pause(0.6)
        if request.method == "POST" and "save-validation-list" in self.faults:
            await self.pause(0.6)
            raise Refused("External Reference is required.", "Cost Center is required.")
        return session

    def policy(self) -> PasswordPolicy:
        return STRICT_POLICY if "password-policy-strict" in self.faults else PasswordPolicy()

    def hold(self, path: str, *, answered: bool) -> Hold:
        """From now on requests to this path are held, for whoever wants to see what happens just then."""
        self.holds.append(Hold(path, answered))
        return self.holds[-1]

    async def held(self, path: str, *, answered: bool) -> bool:
        """Holds a request that is to be held here; True when one was."""
        holds = [one for one in self.holds if (one.path, one.answered) == (path, answered)]
        for one in holds:
            one.reached.set()
            while not self.stopping and not one.released.is_set():
                await asyncio.sleep(0.02)
        return bool(holds)

    async def pause(self, seconds: float) -> None:
        """Lets time pass for one answer; cut short when the server stops."""
        until = time.monotonic() + seconds
        while not self.stopping and (left := until - time.monotonic()) > 0:
            await asyncio.sleep(min(left, 0.05))


def refusal(errors: list[str], status: int, **more: str) -> JSONResponse:
    """`{"errors": [sentences]}`."""
    return JSONResponse({"errors": errors, **more}, status_code=status)


def found(things: dict[str, Any], request: Request) -> Any:
    """The record that the address names. Raises Refused with 404."""
    thing = things.get(request.path_params["id"])
    if thing is None:
        raise Refused("The record was not found.", status=404)
    return thing


def page(request: Request, rows: list[Any], text: Callable[[Any], str]) -> Response:
    """`search` in the text of each row, then `page` (from 0) of `size`."""
    wanted = request.query_params.get("search", "").strip().casefold()
    found = [row for row in rows if wanted in text(row).casefold()]
    number, size = (_number(request, "page", 0), max(1, _number(request, "size", 10)))
    return JSONResponse({"rows": found[number * size : (number + 1) * size], "total": len(found)})


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, "")
    return int(text) if text.isdigit() else default
