"""Logging in and out, and the gates between a password and the application: reset, code, agreements, lock."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.ehr import seed
from sandbox.ehr.api.desk import COOKIE, SERVER_ERROR, TIMED_OUT, Desk, refusal
from sandbox.ehr.api.rights import ADMIN_GROUPS, EDIT, MENUS, MODULES, pods_of
from sandbox.ehr.records import Employee, Session
from sandbox.ehr.state import ACCOUNT_LOCKED, NOT_NOW, WRONG_LOGIN, Refused

VERSION = "v7.6.2 - 06/21/2024"
BUILD = "192124"
MFA_CODE = "246810"
MESSAGES = {
    "sessionTimedOut": TIMED_OUT,
    "sessionLocked": "Your session is locked, usually by another tab or window of this browser.",
    "multipleLogin": "Your browser has detected other active sessions for this user.",
    "success": "Your password has been changed. Please log in with your new password.",
}


class LoginApi:
    """The routes that change the state of a session."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def get_session(self, request: Request) -> Response:
        """Where this browser stands: the state, what to tell the person, the faults to act out."""
        if self.desk.faults.first("slow-first-load"):
            await self.desk.pause(self.desk.slow_first_seconds)
        return JSONResponse(self._session_answer(self.desk.any_session(request)))

    async def post_login(self, request: Request) -> Response:
        """401 for a wrong login; 409 with kind multipleLogin while other sessions are in the way."""
        body = await request.json()
        username, password = str(body.get("username", "")), str(body.get("password", ""))
        emergency = bool(body.get("emergency")) and "emergency-access-available" in self.desk.faults
        state = self.desk.state
        with state.lock:
            self._refuse_by_fault(username.strip().casefold())
            who = state.log_in(username, password, emergency=emergency)
            before = self.desk.any_session(request)
            cleared = before is not None and before.cleared and before.employee_id == who.id
            if "multiple-login" in self.desk.faults and not cleared:
                session = state.begin(who, "login")
                session.blocked = True
                return self._with_cookie(refusal([MESSAGES["multipleLogin"]], 409, kind="multipleLogin"), session)
            if before and before.lasts:
                state.end(before, "replaced by another login in the same browser")
            session = state.begin(who, "app")
            session.state = self._next_gate(session)
        return self._with_cookie(JSONResponse(self._session_answer(session)), session)

    async def post_logout(self, request: Request) -> Response:
        session = self.desk.any_session(request)
        if session:
            self.desk.state.end(session, "logged out")
        answer = JSONResponse(self._session_answer(None))
        answer.delete_cookie(COOKIE, path="/")
        return answer

    async def post_lock(self, request: Request) -> Response:
        """The user menu's Lock: the session goes on, behind a password."""
        session = self.desk.session(request)
        session.state = "lock"
        return JSONResponse(self._session_answer(session))

    async def post_unlock(self, request: Request) -> Response:
        body = await request.json()
        session = self.desk.session(request, state="lock")
        if not self.desk.state.password_is(session.username, str(body.get("password", ""))):
            raise Refused("The password you entered is incorrect.", status=401)
        return self._pass_gate(session, "lock")

    async def post_force_logout(self, request: Request) -> Response:
        """Clears all other sessions of the user whose login was refused for them."""
        session = self.desk.any_session(request)
        if session is None or not session.blocked:
            raise Refused("There is nothing to clear.", status=409)
        for other in self.desk.state.open_sessions(session.username):
            self.desk.state.end(other, "forced out")
        session.cleared = True
        self.desk.state.note(session.username, "other sessions cleared", session.employee_id)
        return JSONResponse(self._session_answer(session))

    async def post_reset_password(self, request: Request) -> Response:
        """The forced reset; `current` counts with reset-three-fields only."""
        body = await request.json()
        session = self.desk.session(request, state="reset-password")
        password, confirm = str(body.get("password", "")), str(body.get("confirm", ""))
        with self.desk.state.lock:
            who = self.desk.state.employees[session.employee_id]
            if "reset-three-fields" in self.desk.faults and not who.secret.matches(str(body.get("current", ""))):
                raise Refused("The current password you entered is incorrect.")
            if password == confirm and self.desk.faults.first("password-policy-rejects-first", "reset"):
                raise Refused("Your password is on a list of commonly used passwords. Please choose another one.")
            self.desk.state.set_new_password(who, password, confirm, self.desk.policy())
            session.passed.add("reset-password")
            if "reset-500-but-done" in self.desk.faults:
                self.desk.state.end(session, "broke down after the reset")
                raise Refused(SERVER_ERROR, status=500)
            if "reset-back-to-login" in self.desk.faults:
                self.desk.state.end(session, "ended by the password reset")
            else:
                session.state = self._next_gate(session)
        return JSONResponse(self._session_answer(session))

    async def post_own_password(self, request: Request) -> Response:
        """Edit Profile: a person's own new password, for the current one."""
        body = await request.json()
        session, faults = self.desk.session(request), self.desk.faults
        password, confirm = str(body.get("password", "")), str(body.get("confirm", ""))
        with self.desk.state.lock:
            who = self.desk.state.employees[session.employee_id]
            if not who.secret.matches(str(body.get("current", ""))):
                raise Refused("The current password you entered is incorrect.")
            if password == confirm and faults.first("password-policy-rejects-first", "profile"):
                raise Refused("Your password is on a list of commonly used passwords. Please choose another one.")
            if "profile-password-500-not-done" in faults:
                raise Refused(SERVER_ERROR, status=500)
            if "profile-password-ignored" not in faults:
                self.desk.state.set_new_password(who, password, confirm, self.desk.policy(), "own password changed")
            if "profile-password-500-but-done" in faults:
                raise Refused(SERVER_ERROR, status=500)
            if "profile-password-logs-out" in faults:
                self.desk.state.end(session, "ended by the change of the password")
        return JSONResponse({"changed": True})

    async def post_mfa(self, request: Request) -> Response:
        body = await request.json()
        session = self.desk.session(request, state="mfa")
        if str(body.get("code", "")).strip() != MFA_CODE:
            raise Refused("The verification code is incorrect.", status=401)
        return self._pass_gate(session, "mfa")

    async def post_agreements(self, request: Request) -> Response:
        body = await request.json()
        session = self.desk.session(request, state=("agreements", "expiredAgreements"))
        if not body.get("accept"):
            raise Refused("You must accept the agreement to continue.")
        self.desk.state.employees[session.employee_id].agreed = True
        self.desk.state.note(session.username, "agreement accepted", session.employee_id)
        return self._pass_gate(session, session.state)

    def _refuse_by_fault(self, username: str) -> None:
        """Raises Refused where a fault keeps this user name out, whatever the password."""
        faults, is_admin = self.desk.faults, username == seed.ADMIN_USERNAME
        if faults.first("login-500-once"):
            raise Refused(SERVER_ERROR, status=500)
        if is_admin and "account-locked" in faults:
            raise Refused(ACCOUNT_LOCKED, status=401)
        if is_admin and "admin-password-wrong" in faults:
            self.desk.state.count_failure(username)
            raise Refused(WRONG_LOGIN, status=401)
        if is_admin and "admin-login-restricted" in faults:
            raise Refused(NOT_NOW, status=401)
        if username.startswith("onespot") and "username-taken-elsewhere" in faults:
            raise Refused(WRONG_LOGIN, status=401)

    def _next_gate(self, session: Session) -> str:
        """The state that stands between a login and the application, or `app`."""
        who = self.desk.state.employees[session.employee_id]
        is_admin = who.username == seed.ADMIN_USERNAME
        gates = (
            ("sso", "sso" in self.desk.faults),
            ("mfa", "mfa" in self.desk.faults),
            ("reset-password", who.must_reset or (is_admin and "admin-password-expired" in self.desk.faults)),
            ("agreements", "agreements-admin" in self.desk.faults if is_admin else self._must_agree(who)),
            ("expiredAgreements", is_admin and "expired-agreements-admin" in self.desk.faults),
            ("lock", "lock-state" in self.desk.faults),
        )
        return next((gate for gate, shut in gates if shut and gate not in session.passed), "app")

    def _must_agree(self, who: Employee) -> bool:
        return not who.agreed and "agreements" in self.desk.faults

    def _pass_gate(self, session: Session, gate: str) -> Response:
        session.passed.add(gate)
        session.state = self._next_gate(session)
        session.seen = self.desk.state.clock()
        return JSONResponse(self._session_answer(session))

    def _session_answer(self, session: Session | None) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "state": session.state if session else "login",
            "messages": [{"kind": kind, "text": MESSAGES[kind]} for kind in self._messages(session)],
            "motd": "Scheduled maintenance tonight from 11:00 PM to 2:00 AM ET. RevolutionEHR will be unavailable."
            if "motd-warning" in self.desk.faults
            else "Welcome to RevolutionEHR",
            "browserWarning": "outdated-browser-banner" in self.desk.faults,
            "emergencyAccess": "emergency-access-available" in self.desk.faults,
            "resetAsksCurrent": "reset-three-fields" in self.desk.faults,
            "testIds": self.desk.test_ids,
            "user": None,
            "version": VERSION,
            "build": BUILD,
            "faults": self.desk.faults.for_front_end(),
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
        if timed_out or (session is None and "session-expired-message" in self.desk.faults):
            return ["sessionTimedOut"]
        return ["sessionLocked"] if session is None and "session-locked-message" in self.desk.faults else []

    def _user(self, session: Session) -> dict[str, Any]:
        with self.desk.state.lock:
            who = self.desk.state.employees[session.employee_id]
            held = session.permissions
            modules = [name for name, any_of in MODULES.items() if held.intersection(any_of)]
            if "no-admin-button" in self.desk.faults:
                modules.remove("admin")
            groups = [name for name, permission in ADMIN_GROUPS.items() if permission in held]
            if "no-employee-roles" in self.desk.faults and "Employee/Roles" in groups:
                groups.remove("Employee/Roles")
            places = self.desk.state.locations
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
                "pods": [] if "empty-home" in self.desk.faults else pods_of(session),
                "mayEdit": EDIT in held,
            }

    def _with_cookie(self, response: Response, session: Session) -> Response:
        response.set_cookie(COOKIE, session.token, httponly=True, samesite="lax", path="/")
        return response
