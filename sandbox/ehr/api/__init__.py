"""The HTTP JSON API of the stand-in RevolutionEHR, under /pms/api/, and /_sandbox/ for whoever checks a story.

This file is the table of routes and what stands before each; the routes are in the files beside it, one for a part of
the application, the rules in state.py. Every answer is JSON; a refusal is `{"errors": [sentences]}` with a 4xx, a
breakdown the same with a 5xx. Calls that change something need the header X-Requested-With. Rights are those that the
session had when it began. Every answer names the faults that the front end must act out in the header
X-Sandbox-Faults, so that they can be switched while a page is open.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.ehr.api.desk import Desk, refusal
from sandbox.ehr.api.employees import EmployeesApi
from sandbox.ehr.api.login import LoginApi
from sandbox.ehr.api.roles import RolesApi
from sandbox.ehr.api.screens import ScreensApi
from sandbox.ehr.faults import FAULTS
from sandbox.ehr.state import Refused

Answer = Callable[[Request], Awaitable[Response]]


def routes(desk: Desk) -> list[Route]:
    """All of them, over one state and its faults."""
    login, screens, roles, employees = LoginApi(desk), ScreensApi(desk), RolesApi(desk), EmployeesApi(desk)
    table: list[tuple[str, str, Answer]] = [
        ("GET", "session", login.get_session),
        ("POST", "login", login.post_login),
        ("POST", "logout", login.post_logout),
        ("POST", "lock", login.post_lock),
        ("POST", "unlock", login.post_unlock),
        ("POST", "force-logout", login.post_force_logout),
        ("POST", "reset-password", login.post_reset_password),
        ("POST", "profile/password", login.post_own_password),
        ("POST", "mfa", login.post_mfa),
        ("POST", "agreements", login.post_agreements),
        ("GET", "home", screens.get_home),
        ("GET", "practice", screens.get_practice),
        ("PUT", "practice", screens.put_practice),
        ("GET", "locations", screens.get_locations),
        ("GET", "locations/{id}", screens.get_location),
        ("GET", "invoices", screens.get_invoices),
        ("GET", "claims", screens.get_claims),
        ("GET", "vendors", screens.get_vendors),
        ("GET", "permissions", roles.get_permissions),
        ("GET", "permissions/under", roles.get_permissions_under),
        ("GET", "roles", roles.get_roles),
        ("POST", "roles", roles.save_role),
        ("GET", "roles/{id}", roles.get_role),
        ("PUT", "roles/{id}", roles.save_role),
        ("GET", "employees", employees.get_employees),
        ("POST", "employees", employees.post_employee),
        ("GET", "employees/new", employees.get_new_employee),
        ("GET", "employees/{id}", employees.get_employee),
        ("PUT", "employees/{id}", employees.put_employee),
        ("POST", "employees/{id}/deactivate", employees.deactivate),
        ("POST", "employees/{id}/activate", employees.activate),
    ]
    return [
        *(
            Route(f"/pms/api/{path}", _guarded(desk, method, path, answer), methods=[method])
            for method, path, answer in table
        ),
        *_sandbox_routes(desk),
    ]


def _guarded(desk: Desk, method: str, path: str, answer: Answer) -> Answer:
    """The answer behind the header's check, the slow network and the refusals."""

    async def guarded(request: Request) -> Response:
        if method != "GET" and "x-requested-with" not in request.headers:
            return refusal(["The request was not made by this application."], 403)
        if "slow-network" in desk.faults:
            await desk.pause(desk.slow_network_seconds)
        if await desk.held(path, answered=False):
            return refusal(["Nobody waited for the answer."], 503)
        try:
            response = await answer(request)
            await desk.held(path, answered=True)
        except Refused as refused:
            response = refusal(refused.errors, refused.status)
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            response = refusal([f"The request could not be read ({type(error).__name__})."], 400)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Sandbox-Faults"] = " ".join(desk.faults.for_front_end())
        return response

    return guarded


def _sandbox_routes(desk: Desk) -> list[Route]:
    """For whoever checks a story: the whole truth, and the faults."""

    async def state(request: Request) -> Response:
        return JSONResponse(desk.state.as_json() | {"faults": list(desk.faults)})

    async def faults(request: Request) -> Response:
        return JSONResponse({"on": list(desk.faults), "known": FAULTS})

    async def switch(request: Request) -> Response:
        body = await request.json()
        try:
            desk.faults.on(*body.get("on", []))
            desk.faults.off(*body.get("off", []))
        except ValueError as error:
            return refusal([str(error)], 400)
        return await faults(request)

    return [
        Route("/_sandbox/state", state, methods=["GET"]),
        Route("/_sandbox/faults", faults, methods=["GET"]),
        Route("/_sandbox/faults", switch, methods=["POST"]),
    ]
