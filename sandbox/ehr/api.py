"""The HTTP JSON API of the stand-in RevolutionEHR, under /pms/api/, and /_sandbox/ for whoever checks a story.

One method a route; rules are in state.py, faults are asked for here. Every answer is JSON; a refusal is
`{"errors": [sentences]}` with a 4xx, a breakdown the same with a 5xx. Calls that change something need the header
X-Requested-With. Rights are those that the session had when it began. Every answer names the faults that the front
end must act out in the header X-Sandbox-Faults, so that they can be switched while a page is open.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.ehr import seed
from sandbox.ehr.faults import FAULTS, Faults
from sandbox.ehr.permissions import GENERAL
from sandbox.ehr.state import WEEKDAYS, Day, Employee, PasswordPolicy, Refused, Role, Secret, Session, State, every_day

VERSION = "v7.6.2 - 06/21/2024"
BUILD = "192124"
COOKIE = "JSESSIONID"
MFA_CODE = "246810"

MODULES = {
    "patients": ("patients-module.view-patients",),
    "schedule": ("schedule-module.view-schedule",),
    "accounting": (
        "accounting-module.view-accounting",
        "accounting-module.view-invoices",
        "accounting-module.view-claims",
    ),
    "orders": ("orders-module.view-orders",),
    "inventory": ("inventory-module.view-inventory",),
    "tasks": ("tasks-module.view-tasks",),
    "messaging": ("messaging-module.view-messages",),
    "marketing": ("reports-module.view-reports",),
    "connect": ("revconnect-module.view-revconnect",),
    "admin": ("administration-module.view-administration",),
}
"""Each module of the header, and the permissions of which one shows it."""

MENUS = {
    "accounting": {
        "invoices": "accounting-module.view-invoices",
        "payments": "accounting-module.view-payments",
        "claims": "accounting-module.view-claims",
    },
    "inventory": {"products": "inventory-module.view-inventory"},
    "connect": {"invitations": "revconnect-module.view-revconnect"},
}
EMPLOYEE_ROLES = "administration-module.employee-roles"
VENDORS_PARTNERS = "administration-module.vendors-partners"
EDIT = "administration-module.edit-administration"
ADMIN_GROUPS = {
    "General": GENERAL,
    "Employee/Roles": EMPLOYEE_ROLES,
    "Vendors/Partners": VENDORS_PARTNERS,
    "RevolutionEHR Solutions": "administration-module.revolutionehr-solutions",
}
PODS = {
    "schedule": "schedule-module.view-schedule",
    "messages": "messaging-module.view-messages",
    "tasks": "tasks-module.view-tasks",
}

STRICT_POLICY = PasswordPolicy(longest=12, forbidden="_")
SERVER_ERROR = "An unexpected error has occurred. Please contact support if the problem persists."
OFFICE_HOURS = ("08:00 AM", "06:00 PM")
MESSAGES = {
    "sessionTimedOut": "Your session has expired. Please log in again.",
    "sessionLocked": "Your session is locked, usually by another tab or window of this browser.",
    "multipleLogin": "Your browser has detected other active sessions for this user.",
    "success": "Your password has been changed. Please log in with your new password.",
}

Answer = Callable[[Request], Awaitable[Response]]


class Api:
    """The routes over a state and its faults."""

    def __init__(self, state: State, faults: Faults, *, test_ids: bool = True) -> None:
        self.state = state
        self.faults = faults
        self.test_ids = test_ids
        self.stopping = False
        self.slow_first_seconds = 15.0
        self.slow_save_seconds = 4.0
        self.slow_tree_seconds = 2.5
        self.slow_id_seconds = 3.0
        self.slow_network_seconds = 0.7

    def routes(self) -> list[Route]:
        def route(method: str, path: str, answer: Answer) -> Route:
            return Route(path, self._guarded(answer, mutating=method != "GET"), methods=[method])

        pms = "/pms/api/"
        return [
            route("GET", pms + "session", self.get_session),
            route("POST", pms + "login", self.post_login),
            route("POST", pms + "logout", self.post_logout),
            route("POST", pms + "lock", self.post_lock),
            route("POST", pms + "unlock", self.post_unlock),
            route("POST", pms + "force-logout", self.post_force_logout),
            route("POST", pms + "reset-password", self.post_reset_password),
            route("POST", pms + "mfa", self.post_mfa),
            route("POST", pms + "agreements", self.post_agreements),
            route("GET", pms + "home", self.get_home),
            route("GET", pms + "practice", self.get_practice),
            route("PUT", pms + "practice", self.put_practice),
            route("GET", pms + "locations", self.get_locations),
            route("GET", pms + "locations/{id}", self.get_location),
            route("GET", pms + "permissions", self.get_permissions),
            route("GET", pms + "permissions/under", self.get_permissions_under),
            route("GET", pms + "roles", self.get_roles),
            route("POST", pms + "roles", self.save_role),
            route("GET", pms + "roles/{id}", self.get_role),
            route("PUT", pms + "roles/{id}", self.save_role),
            route("GET", pms + "employees", self.get_employees),
            route("POST", pms + "employees", self.post_employee),
            route("GET", pms + "employees/new", self.get_new_employee),
            route("GET", pms + "employees/{id}", self.get_employee),
            route("PUT", pms + "employees/{id}", self.put_employee),
            route("POST", pms + "employees/{id}/deactivate", self.deactivate),
            route("POST", pms + "employees/{id}/activate", self.activate),
            route("GET", pms + "invoices", self.get_invoices),
            route("GET", pms + "claims", self.get_claims),
            route("GET", pms + "vendors", self.get_vendors),
            route("GET", "/_sandbox/state", self.sandbox_state),
            Route("/_sandbox/faults", self.sandbox_faults, methods=["GET"]),
            Route("/_sandbox/faults", self.sandbox_switch, methods=["POST"]),
        ]

    # Login, and the gates after it

    async def get_session(self, request: Request) -> Response:
        """Where this browser stands: the state, what to tell the person, the faults to act out."""
        if self.faults.first("slow-first-load"):
            await self._pause(self.slow_first_seconds)
        return JSONResponse(self._session_answer(self._any_session(request)))

    async def post_login(self, request: Request) -> Response:
        """401 for a wrong login; 409 with kind multipleLogin while other sessions are in the way."""
        body = await request.json()
        if self.faults.first("login-500-once"):
            raise Refused(SERVER_ERROR, status=500)
        username, password = str(body.get("username", "")), str(body.get("password", ""))
        emergency = bool(body.get("emergency")) and "emergency-access-available" in self.faults
        is_admin = username.strip().casefold() == seed.ADMIN_USERNAME
        with self.state.lock:
            if is_admin and "account-locked" in self.faults:
                raise Refused(
                    "Your account has been locked because of too many failed login attempts. "
                    "Please contact your practice administrator.",
                    status=401,
                )
            if username.casefold().startswith("onespot") and "username-taken-elsewhere" in self.faults:
                raise Refused("The username or password you entered is incorrect. Please try again.", status=401)
            who = self.state.log_in(username, password, emergency=emergency)
            if is_admin and "admin-login-restricted" in self.faults:
                raise Refused("You are not permitted to log in at this time.", status=401)
            before = self._any_session(request)
            if "multiple-login" in self.faults and not (before and before.cleared and before.employee_id == who.id):
                session = self.state.begin(who, "login")
                session.blocked = True
                return self._with_cookie(self._refusal([MESSAGES["multipleLogin"]], 409, kind="multipleLogin"), session)
            if before and before.lasts:
                self.state.end(before, "replaced by another login in the same browser")
            session = self.state.begin(who, "app")
            session.state = self._next_gate(session)
        return self._with_cookie(JSONResponse(self._session_answer(session)), session)

    async def post_logout(self, request: Request) -> Response:
        session = self._any_session(request)
        if session:
            self.state.end(session, "logged out")
        answer = JSONResponse(self._session_answer(None))
        answer.delete_cookie(COOKIE, path="/")
        return answer

    async def post_lock(self, request: Request) -> Response:
        """The user menu's Lock: the session goes on, behind a password."""
        session = self._session(request)
        session.state = "lock"
        return JSONResponse(self._session_answer(session))

    async def post_unlock(self, request: Request) -> Response:
        body = await request.json()
        session = self._session(request, state="lock")
        if not self.state.password_is(session.username, str(body.get("password", ""))):
            raise Refused("The password you entered is incorrect.", status=401)
        return self._pass_gate(session, "lock")

    async def post_force_logout(self, request: Request) -> Response:
        """Clears all other sessions of the user whose login was refused for them."""
        session = self._any_session(request)
        if session is None or not session.blocked:
            raise Refused("There is nothing to clear.", status=409)
        for other in self.state.open_sessions(session.username):
            self.state.end(other, "forced out")
        session.cleared = True
        self.state.note(session.username, "other sessions cleared", session.employee_id)
        return JSONResponse(self._session_answer(session))

    async def post_reset_password(self, request: Request) -> Response:
        """The forced reset; `current` counts with reset-three-fields only."""
        body = await request.json()
        session = self._session(request, state="reset-password")
        password, confirm = str(body.get("password", "")), str(body.get("confirm", ""))
        with self.state.lock:
            who = self.state.employees[session.employee_id]
            if "reset-three-fields" in self.faults and not who.secret.matches(str(body.get("current", ""))):
                raise Refused("The current password you entered is incorrect.")
            if password == confirm and self.faults.first("password-policy-rejects-first", "reset"):
                raise Refused("Your password is on a list of commonly used passwords. Please choose another one.")
            self.state.set_new_password(who, password, confirm, self._policy())
            session.passed.add("reset-password")
            if "reset-500-but-done" in self.faults:
                self.state.end(session, "broke down after the reset")
                raise Refused(SERVER_ERROR, status=500)
            if "reset-back-to-login" in self.faults:
                self.state.end(session, "ended by the password reset")
            else:
                session.state = self._next_gate(session)
        return JSONResponse(self._session_answer(session))

    async def post_mfa(self, request: Request) -> Response:
        body = await request.json()
        session = self._session(request, state="mfa")
        if str(body.get("code", "")).strip() != MFA_CODE:
            raise Refused("The verification code is incorrect.", status=401)
        return self._pass_gate(session, "mfa")

    async def post_agreements(self, request: Request) -> Response:
        body = await request.json()
        session = self._session(request, state=("agreements", "expiredAgreements"))
        if not body.get("accept"):
            raise Refused("You must accept the agreement to continue.")
        self.state.employees[session.employee_id].agreed = True
        self.state.note(session.username, "agreement accepted", session.employee_id)
        return self._pass_gate(session, session.state)

    # What a logged-in person sees

    async def get_home(self, request: Request) -> Response:
        """The pods of the home screen; a pod without a right to it is empty."""
        session = self._session(request)
        shown = [] if "empty-home" in self.faults else self._pods(session)
        return JSONResponse({pod: seed.HOME[pod] if pod in shown else [] for pod in PODS})

    async def get_practice(self, request: Request) -> Response:
        self._session(request, needs=GENERAL)
        if "id-empty-while-loading" in self.faults:
            await self._pause(self.slow_id_seconds)
        practice = self.state.practice
        shown = practice.id
        if "id-with-thousands-separator" in self.faults:
            shown = f"{int(shown):,}"
        if "id-with-spaces" in self.faults:
            shown = f"  {shown[:1]} {shown[1:]} "
        if "id-never-loads" in self.faults:
            shown = ""
        return JSONResponse(
            {
                "id": shown,
                "name": practice.name,
                "taxId": practice.tax_id,
                "npi": practice.npi,
                "phone": practice.phone,
                "fax": practice.fax,
                "website": practice.website,
                "address": practice.address,
                "timeZone": practice.time_zone,
            }
        )

    async def put_practice(self, request: Request) -> Response:
        """Changes nothing, but leaves a mutation: nobody should have pressed Save there."""
        session = self._session(request, needs=GENERAL)
        self.state.note(session.username, "practice saved", self.state.practice.id)
        return await self.get_practice(request)

    async def get_locations(self, request: Request) -> Response:
        """`active=true` leaves out inactive ones, but for inactive-locations-listed."""
        self._session(request, needs=GENERAL)
        everything = request.query_params.get("active") != "true" or "inactive-locations-listed" in self.faults
        with self.state.lock:
            places = [place for place in self.state.locations.values() if place.active or everything]
            places.sort(key=lambda place: place.name)
            return JSONResponse(
                [{"id": p.id, "name": p.name, "active": p.active, "city": p.city} for p in places],
            )

    async def get_location(self, request: Request) -> Response:
        self._session(request, needs=GENERAL)
        return JSONResponse(vars(_found(self.state.locations, request)))

    async def get_permissions(self, request: Request) -> Response:
        """One level of the tree: below `parent`, or the modules."""
        self._session(request, needs=EMPLOYEE_ROLES)
        parent = request.query_params.get("parent")
        if parent and "tree-slow" in self.faults:
            await self._pause(self.slow_tree_seconds)
        tree = self.state.tree
        return JSONResponse(
            [
                {"id": n.id, "name": n.name, "hasChildren": tree.has_children(n.id), "permission": n.permission}
                for n in tree.children(parent or None)
            ]
        )

    async def get_permissions_under(self, request: Request) -> Response:
        """The ids of all permissions below `parent`, at any depth, without folders that grant nothing."""
        self._session(request, needs=EMPLOYEE_ROLES)
        return JSONResponse([node.id for node in self.state.tree.under(request.query_params.get("parent") or None)])

    async def get_roles(self, request: Request) -> Response:
        self._session(request, needs=EMPLOYEE_ROLES)
        with self.state.lock:
            rows = [
                {"id": role.id, "name": role.name, "employees": self.state.employees_with(role.id)}
                for role in sorted(self.state.roles.values(), key=lambda role: role.name.casefold())
            ]
        return _page(request, rows, lambda row: str(row["name"]))

    async def get_role(self, request: Request) -> Response:
        self._session(request, needs=EMPLOYEE_ROLES)
        return JSONResponse(self._role(_found(self.state.roles, request)))

    async def save_role(self, request: Request) -> Response:
        """POST makes a role, PUT changes one."""
        body = await request.json()
        session = await self._saving(request)
        role_id = request.path_params.get("id")
        if role_id is None and "save-role-500-not-saved" in self.faults:
            raise Refused(SERVER_ERROR, status=500)
        with self.state.lock:
            if role_id is not None:
                _found(self.state.roles, request)
            role = self.state.save_role(
                session.username,
                role_id,
                str(body.get("name", "")),
                [one for one in body.get("permissions", []) if self._is_permission(one)],
                duplicates="duplicate-role-names-allowed" in self.faults or "save-twice-makes-two" in self.faults,
            )
        if role_id is None and "save-role-500-but-saved" in self.faults:
            raise Refused(SERVER_ERROR, status=500)
        return JSONResponse(self._role(role), status_code=201 if role_id is None else 200)

    # Employees

    async def get_employees(self, request: Request) -> Response:
        """By last name; `active=false` lists the inactive ones."""
        session = self._session(request, needs=EMPLOYEE_ROLES)
        broken = self.faults.first("admin-page-500-once")
        if broken:
            session.passed.add("admin-page-broke")
        if "admin-page-broke" in session.passed and "admin-page-500-once" in self.faults:
            raise Refused(SERVER_ERROR, status=500)
        active = request.query_params.get("active", "true") != "false"
        with self.state.lock:
            people = [who for who in self.state.employees.values() if who.active == active]
            people.sort(key=lambda who: (who.last_name.casefold(), who.first_name.casefold()))
            rows = [
                {
                    "id": who.id,
                    "firstName": who.first_name,
                    "lastName": who.last_name,
                    "username": who.username,
                    "active": who.active,
                    "roles": [self.state.roles[one].name for one in who.role_ids if one in self.state.roles],
                }
                for who in people
            ]
        return _page(request, rows, lambda row: f"{row['firstName']} {row['lastName']} {row['username']}")

    async def get_new_employee(self, request: Request) -> Response:
        """What the form for a new employee starts with, and which fields it requires."""
        self._session(request, needs=EMPLOYEE_ROLES)
        days = every_day("days-default-off" not in self.faults)
        if "days-mixed" in self.faults:
            for name in WEEKDAYS[5:]:
                days[name].allowed = False
        if "days-with-times" in self.faults:
            days = {name: Day(day.allowed, *OFFICE_HOURS) for name, day in days.items()}
        return JSONResponse(
            {
                "days": _days_as_json(days),
                "emergency": "emergency-default-on" in self.faults,
                "required": ["firstName", "lastName", "username", "temporaryPassword", *self._more_required()],
            }
        )

    async def get_employee(self, request: Request) -> Response:
        self._session(request, needs=EMPLOYEE_ROLES)
        return JSONResponse(self._employee(_found(self.state.employees, request)))

    async def post_employee(self, request: Request) -> Response:
        body = await request.json()
        session = await self._saving(request)
        if self.faults.first("save-employee-500-once"):
            raise Refused(SERVER_ERROR, status=500)
        with self.state.lock:
            self._check_employee(body, temporary_required=True)
            if "username-taken-elsewhere" in self.faults and str(body["username"]).casefold().startswith("onespot"):
                raise Refused("Username is already in use. Please choose another username.")
            temporary = self._accepted_temporary_password(body)
            who = Employee(self.state.next_id(), "", "", "", Secret.of(temporary), [], "", [], must_reset=True)
            who.agreed = False
            self._take_over(who, body)
            duplicates = "save-twice-makes-two" in self.faults
            who = self.state.add_employee(session.username, who, duplicates=duplicates)
        if "save-employee-500-but-saved" in self.faults:
            raise Refused(SERVER_ERROR, status=500)
        return JSONResponse(self._employee(who), status_code=201)

    async def put_employee(self, request: Request) -> Response:
        """Changes an employee; a temporary password in it must be reset at the next login, and unlocks."""
        body = await request.json()
        session = await self._saving(request)
        if "conflict-on-save" in self.faults:
            raise Refused("This record was changed by another user. Reload it and try again.", status=409)
        with self.state.lock:
            who = _found(self.state.employees, request)
            self._check_employee(body, temporary_required=False)
            other = self.state.employee(str(body["username"]))
            if other is not None and other.id != who.id:
                raise Refused("Username is already in use. Please choose another username.")
            if body.get("temporaryPassword"):
                temporary = self._accepted_temporary_password(body)
                who.former.append(who.secret)
                who.secret, who.must_reset, who.locked, who.wrong_passwords = Secret.of(temporary), True, False, 0
                self.state.note(session.username, "temporary password set", who.id, who.username)
            self._take_over(who, body)
            self.state.note(session.username, "employee changed", who.id, who.username)
            return JSONResponse(self._employee(who))

    async def deactivate(self, request: Request) -> Response:
        return self._set_active(request, False)

    async def activate(self, request: Request) -> Response:
        return self._set_active(request, True)

    # The other screens that the six permissions open

    async def get_invoices(self, request: Request) -> Response:
        self._session(request, needs=MENUS["accounting"]["invoices"])
        return _page(request, seed.INVOICES, lambda row: " ".join(row.values()))

    async def get_claims(self, request: Request) -> Response:
        self._session(request, needs=MENUS["accounting"]["claims"])
        return _page(request, seed.CLAIMS, lambda row: " ".join(row.values()))

    async def get_vendors(self, request: Request) -> Response:
        self._session(request, needs=VENDORS_PARTNERS)
        return _page(request, seed.VENDORS, lambda row: " ".join(row.values()))

    # For whoever checks a story

    async def sandbox_state(self, request: Request) -> Response:
        return JSONResponse(self.state.as_json() | {"faults": list(self.faults)})

    async def sandbox_faults(self, request: Request) -> Response:
        return JSONResponse({"on": list(self.faults), "known": FAULTS})

    async def sandbox_switch(self, request: Request) -> Response:
        """`{"on": [names], "off": [names]}`; 400 with a sentence for an unknown name."""
        body = await request.json()
        try:
            self.faults.on(*body.get("on", []))
            self.faults.off(*body.get("off", []))
        except ValueError as error:
            return self._refusal([str(error)], 400)
        return await self.sandbox_faults(request)

    # Between the request and the routes

    def _guarded(self, answer: Answer, *, mutating: bool) -> Answer:
        async def guarded(request: Request) -> Response:
            if mutating and "x-requested-with" not in request.headers:
                return self._refusal(["The request was not made by this application."], 403)
            if "slow-network" in self.faults:
                await self._pause(self.slow_network_seconds)
            try:
                response = await answer(request)
            except Refused as refused:
                response = self._refusal(refused.errors, refused.status)
            except (json.JSONDecodeError, KeyError, TypeError) as error:
                response = self._refusal([f"The request could not be read ({type(error).__name__})."], 400)
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Sandbox-Faults"] = " ".join(self.faults.for_front_end())
            return response

        return guarded

    async def _pause(self, seconds: float) -> None:
        """Lets time pass for one answer; cut short when the server stops."""
        until = time.monotonic() + seconds
        while not self.stopping and (left := until - time.monotonic()) > 0:
            await asyncio.sleep(min(left, 0.05))

    def _any_session(self, request: Request) -> Session | None:
        return self.state.session(request.cookies.get(COOKIE))

    def _session(self, request: Request, *, needs: str | None = None, state: str | tuple[str, ...] = "app") -> Session:
        """The request's session in that state and with that right. Raises Refused (401, 403)."""
        session = self._any_session(request)
        if session is None or not session.lasts:
            raise Refused(MESSAGES["sessionTimedOut"], status=401)
        if session.state not in ((state,) if isinstance(state, str) else state):
            raise Refused("You can't do that now.", status=401)
        if needs is not None and needs not in session.permissions:
            raise Refused("You do not have access to this function.", status=403)
        return session

    async def _saving(self, request: Request) -> Session:
        """Before a role or an employee is saved: the right to edit, and the faults that all saves share."""
        session = self._session(request, needs=EMPLOYEE_ROLES)
        if EDIT not in session.permissions:
            raise Refused("You do not have access to this function.", status=403)
        if self.faults.first("session-timeout-mid-form"):
            self.state.end(session, "timed out")
            raise Refused(MESSAGES["sessionTimedOut"], status=401)
        if "slow-save" in self.faults:
            await self._pause(self.slow_save_seconds)
        if request.method == "POST" and "save-twice-makes-two" in self.faults:
            await self._pause(0.6)
        if request.method == "POST" and "save-validation-list" in self.faults:
            await self._pause(0.6)
            raise Refused("External Reference is required.", "Cost Center is required.")
        return session

    def _next_gate(self, session: Session) -> str:
        """The state that stands between a login and the application, or `app`."""
        who = self.state.employees[session.employee_id]
        is_admin = who.username == seed.ADMIN_USERNAME
        gates = (
            ("sso", "sso" in self.faults),
            ("mfa", "mfa" in self.faults),
            ("reset-password", who.must_reset or (is_admin and "admin-password-expired" in self.faults)),
            ("agreements", "agreements-admin" in self.faults if is_admin else self._must_agree(who)),
            ("expiredAgreements", is_admin and "expired-agreements-admin" in self.faults),
            ("lock", "lock-state" in self.faults),
        )
        return next((gate for gate, shut in gates if shut and gate not in session.passed), "app")

    def _must_agree(self, who: Employee) -> bool:
        return not who.agreed and "agreements" in self.faults

    def _pass_gate(self, session: Session, gate: str) -> Response:
        session.passed.add(gate)
        session.state = self._next_gate(session)
        session.seen = self.state.clock()
        return JSONResponse(self._session_answer(session))

    def _session_answer(self, session: Session | None) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "state": session.state if session else "login",
            "messages": [{"kind": kind, "text": MESSAGES[kind]} for kind in self._messages(session)],
            "motd": "Scheduled maintenance tonight from 11:00 PM to 2:00 AM ET. RevolutionEHR will be unavailable."
            if "motd-warning" in self.faults
            else "Welcome to RevolutionEHR",
            "browserWarning": "outdated-browser-banner" in self.faults,
            "emergencyAccess": "emergency-access-available" in self.faults,
            "resetAsksCurrent": "reset-three-fields" in self.faults,
            "testIds": self.test_ids,
            "user": None,
            "version": VERSION,
            "build": BUILD,
            "faults": self.faults.for_front_end(),
        }
        if session and session.state in ("app", "lock"):
            answer["user"] = self._user(session)
        return answer

    def _messages(self, session: Session | None) -> list[str]:
        if session and session.blocked and not session.cleared:
            return ["multipleLogin"]
        if session and session.ended_how == "ended by the password reset":
            return ["success"]
        timed_out = session is not None and session.ended_how == "timed out"
        if timed_out or (session is None and "session-expired-message" in self.faults):
            return ["sessionTimedOut"]
        return ["sessionLocked"] if session is None and "session-locked-message" in self.faults else []

    def _user(self, session: Session) -> dict[str, Any]:
        with self.state.lock:
            who = self.state.employees[session.employee_id]
            held = session.permissions
            modules = [name for name, any_of in MODULES.items() if held.intersection(any_of)]
            if "no-admin-button" in self.faults:
                modules.remove("admin")
            groups = [name for name, permission in ADMIN_GROUPS.items() if permission in held]
            if "no-employee-roles" in self.faults and "Employee/Roles" in groups:
                groups.remove("Employee/Roles")
            places = self.state.locations
            primary = places.get(who.primary_location_id)
            return {
                "name": who.name,
                "username": who.username,
                "modules": modules,
                "menus": {
                    module: [item for item, permission in items.items() if permission in held]
                    for module, items in MENUS.items()
                    if module in modules
                },
                "adminGroups": groups if "admin" in modules else [],
                "location": primary.name if primary else "",
                "locations": [places[one].name for one in who.location_ids if one in places],
                "pods": [] if "empty-home" in self.faults else self._pods(session),
                "mayEdit": EDIT in held,
            }

    def _pods(self, session: Session) -> list[str]:
        return [pod for pod, permission in PODS.items() if permission in session.permissions]

    def _policy(self) -> PasswordPolicy:
        return STRICT_POLICY if "password-policy-strict" in self.faults else PasswordPolicy()

    def _is_permission(self, node_id: object) -> bool:
        """False for a folder that grants nothing; an unknown id passes, so that it is refused by name."""
        node = self.state.tree.nodes.get(str(node_id))
        return node is None or node.permission

    def _more_required(self) -> list[str]:
        return ["employmentType"] if "required-field-unknown" in self.faults else []

    def _check_employee(self, body: dict[str, Any], *, temporary_required: bool) -> None:
        labels = {"firstName": "First Name", "lastName": "Last Name", "username": "Username"}
        if temporary_required:
            labels |= {"temporaryPassword": "Temporary Password"}
        if "required-field-unknown" in self.faults:
            labels |= {"employmentType": "Employment Type"}
        errors = [f"{label} is required." for key, label in labels.items() if not str(body.get(key) or "").strip()]
        if not body.get("primaryLocationId"):
            errors.append("Primary Location is required.")
        if not set(body.get("roleIds") or []) <= set(self.state.roles):
            errors.append("A user role does not exist.")
        places = [*(body.get("locationIds") or []), body.get("primaryLocationId") or ""]
        if not set(places) <= {"", *self.state.locations}:
            errors.append("A location does not exist.")
        if errors:
            raise Refused(*errors)

    def _accepted_temporary_password(self, body: dict[str, Any]) -> str:
        password = str(body["temporaryPassword"])
        if password != str(body.get("confirmTemporaryPassword", "")):
            raise Refused("Temporary Password and Confirm Temporary Password do not match.")
        if self.faults.first("password-policy-rejects-first", "temporary"):
            raise Refused("Temporary Password is on a list of commonly used passwords. Please choose another one.")
        objections = self._policy().objections(password)
        if objections:
            raise Refused(*objections)
        return password

    def _take_over(self, who: Employee, body: dict[str, Any]) -> None:
        """Writes the fields of a form into an employee."""
        who.first_name, who.last_name = str(body["firstName"]).strip(), str(body["lastName"]).strip()
        who.username, who.emergency = str(body["username"]).strip(), bool(body.get("emergency"))
        who.role_ids, who.location_ids = list(body.get("roleIds") or []), list(body.get("locationIds") or [])
        who.primary_location_id = str(body["primaryLocationId"])
        for name, day in (body.get("days") or {}).items():
            if name in WEEKDAYS:
                who.days[name] = Day(bool(day.get("allowed")), str(day.get("from") or ""), str(day.get("to") or ""))
        who.other |= {key: str(body.get(key) or "") for key in _OTHER_FIELDS if key in body}

    def _set_active(self, request: Request, active: bool) -> Response:
        session = self._session(request, needs=EMPLOYEE_ROLES)
        if EDIT not in session.permissions:
            raise Refused("You do not have access to this function.", status=403)
        who = _found(self.state.employees, request)
        self.state.set_active(session.username, who.id, active)
        return JSONResponse(self._employee(who))

    def _role(self, role: Role) -> dict[str, Any]:
        return {"id": role.id, "name": role.name, "permissions": sorted(role.permissions)}

    def _employee(self, who: Employee) -> dict[str, Any]:
        """A record as the form shows it; never a password."""
        return {
            "id": who.id,
            "firstName": who.first_name,
            "lastName": who.last_name,
            "username": who.username,
            "emergency": who.emergency,
            "active": who.active,
            "days": _days_as_json(who.days),
            "roleIds": who.role_ids,
            "primaryLocationId": who.primary_location_id,
            "locationIds": who.location_ids,
            **{key: who.other.get(key, "") for key in _OTHER_FIELDS},
        }

    def _refusal(self, errors: list[str], status: int, **more: str) -> JSONResponse:
        return JSONResponse({"errors": errors, **more}, status_code=status)

    def _with_cookie(self, response: Response, session: Session) -> Response:
        response.set_cookie(COOKIE, session.token, httponly=True, samesite="lax", path="/")
        return response


_OTHER_FIELDS = ("title", "middleName", "suffix", "gender", "dateOfBirth", "phone", "email", "npi", "employmentType")


def _found(things: dict[str, Any], request: Request) -> Any:
    """The record that the address names. Raises Refused with 404."""
    thing = things.get(request.path_params["id"])
    if thing is None:
        raise Refused("The record was not found.", status=404)
    return thing


def _page(request: Request, rows: list[Any], text: Callable[[Any], str]) -> Response:
    """`search` in the text of each row, then `page` (from 0) of `size`."""
    wanted = request.query_params.get("search", "").strip().casefold()
    found = [row for row in rows if wanted in text(row).casefold()]
    page, size = (_number(request, "page", 0), max(1, _number(request, "size", 10)))
    return JSONResponse({"rows": found[page * size : (page + 1) * size], "total": len(found)})


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, "")
    return int(text) if text.isdigit() else default


def _days_as_json(days: dict[str, Day]) -> dict[str, dict[str, Any]]:
    return {name: {"allowed": day.allowed, "from": day.start, "to": day.end} for name, day in days.items()}
