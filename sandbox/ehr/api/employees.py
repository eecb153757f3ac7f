"""The employees list and the employee record."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.ehr.api.desk import SERVER_ERROR, Desk, found, page
from sandbox.ehr.api.rights import EDIT, EMPLOYEE_ROLES
from sandbox.ehr.records import WEEKDAYS, Day, Employee, Secret, every_day
from sandbox.ehr.state import NO_ACCESS, USERNAME_TAKEN, Refused

OFFICE_HOURS = ("08:00 AM", "06:00 PM")
OTHER_FIELDS = ("title", "middleName", "suffix", "gender", "dateOfBirth", "phone", "email", "npi", "employmentType")


class EmployeesApi:
    """The routes of Employee/Roles > Employees."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def get_employees(self, request: Request) -> Response:
        """By last name; `active=false` lists the inactive ones."""
        session = self.desk.session(request, needs=EMPLOYEE_ROLES)
        broken = self.desk.faults.first("admin-page-500-once")
        if broken:
            session.passed.add("admin-page-broke")
        if "admin-page-broke" in session.passed and "admin-page-500-once" in self.desk.faults:
            raise Refused(SERVER_ERROR, status=500)
        active = request.query_params.get("active", "true") != "false"
        with self.desk.state.lock:
            people = [who for who in self.desk.state.employees.values() if who.active == active]
            people.sort(key=lambda who: (who.last_name.casefold(), who.first_name.casefold()))
            rows = [
                {
                    "id": who.id,
                    "firstName": who.first_name,
                    "lastName": who.last_name,
                    "username": who.username,
                    "active": who.active,
                    "roles": [self.desk.state.roles[one].name for one in who.role_ids if one in self.desk.state.roles],
                }
                for who in people
            ]
        return page(request, rows, lambda row: f"{row['firstName']} {row['lastName']} {row['username']}")

    async def get_new_employee(self, request: Request) -> Response:
        """What the form for a new employee starts with, and which fields it requires."""
        self.desk.session(request, needs=EMPLOYEE_ROLES)
        days = every_day("days-default-off" not in self.desk.faults)
        if "days-mixed" in self.desk.faults:
            for name in WEEKDAYS[5:]:
                days[name].allowed = False
        if "days-with-times" in self.desk.faults:
            days = {name: Day(day.allowed, *OFFICE_HOURS) for name, day in days.items()}
        return JSONResponse(
            {
                "days": _days_as_json(days),
                "emergency": "emergency-default-on" in self.desk.faults,
                "required": ["firstName", "lastName", "username", "temporaryPassword", *self._more_required()],
                "reload": self.desk.faults.first("app-reloads-mid-form"),
            }
        )

    async def get_employee(self, request: Request) -> Response:
        self.desk.session(request, needs=EMPLOYEE_ROLES)
        return JSONResponse(self._employee(found(self.desk.state.employees, request)))

    async def post_employee(self, request: Request) -> Response:
        body = await request.json()
        session = await self.desk.saving(request)
        if self.desk.faults.first("save-employee-500-once"):
            raise Refused(SERVER_ERROR, status=500)
        with self.desk.state.lock:
            self._check_employee(body, temporary_required=True)
            if "username-taken-elsewhere" in self.desk.faults and str(body["username"]).casefold().startswith(
                "onespot"
            ):
                raise Refused(USERNAME_TAKEN)
            temporary = self._accepted_temporary_password(body)
            who = Employee(self.desk.state.next_id(), "", "", "", Secret.of(temporary), [], "", [], must_reset=True)
            who.agreed = False
            self._take_over(who, body)
            duplicates = "save-twice-makes-two" in self.desk.faults
            who = self.desk.state.add_employee(session.username, who, duplicates=duplicates)
        if "save-employee-500-but-saved" in self.desk.faults:
            raise Refused(SERVER_ERROR, status=500)
        return JSONResponse(self._employee(who), status_code=201)

    async def put_employee(self, request: Request) -> Response:
        """Changes an employee; a temporary password in it must be reset at the next login, and unlocks."""
        body = await request.json()
        session = await self.desk.saving(request)
        if "conflict-on-save" in self.desk.faults:
            raise Refused("This record was changed by another user. Reload it and try again.", status=409)
        with self.desk.state.lock:
            who = found(self.desk.state.employees, request)
            self._check_employee(body, temporary_required=False)
            other = self.desk.state.employee(str(body["username"]))
            if other is not None and other.id != who.id:
                raise Refused(USERNAME_TAKEN)
            if body.get("temporaryPassword"):
                temporary = self._accepted_temporary_password(body)
                who.former.append(who.secret)
                who.secret, who.must_reset, who.locked, who.wrong_passwords = Secret.of(temporary), True, False, 0
                self.desk.state.note(session.username, "temporary password set", who.id, who.username)
            self._take_over(who, body)
            self.desk.state.note(session.username, "employee changed", who.id, who.username)
            return JSONResponse(self._employee(who))

    async def deactivate(self, request: Request) -> Response:
        return self._set_active(request, False)

    async def activate(self, request: Request) -> Response:
        return self._set_active(request, True)

    def _more_required(self) -> list[str]:
        return ["employmentType"] if "required-field-unknown" in self.desk.faults else []

    def _check_employee(self, body: dict[str, Any], *, temporary_required: bool) -> None:
        labels = {"firstName": "First Name", "lastName": "Last Name", "username": "Username"}
        if temporary_required:
            labels |= {"temporaryPassword": "Temporary Password"}
        if "required-field-unknown" in self.desk.faults:
            labels |= {"employmentType": "Employment Type"}
        errors = [f"{label} is required." for key, label in labels.items() if not str(body.get(key) or "").strip()]
        if not body.get("primaryLocationId"):
            errors.append("Primary Location is required.")
        if not set(body.get("roleIds") or []) <= set(self.desk.state.roles):
            errors.append("A user role does not exist.")
        places = [*(body.get("locationIds") or []), body.get("primaryLocationId") or ""]
        if not set(places) <= {"", *self.desk.state.locations}:
            errors.append("A location does not exist.")
        if errors:
            raise Refused(*errors)

    def _accepted_temporary_password(self, body: dict[str, Any]) -> str:
        password = str(body["temporaryPassword"])
        if password != str(body.get("confirmTemporaryPassword", "")):
            raise Refused("Temporary Password and Confirm Temporary Password do not match.")
        if self.desk.faults.first("password-policy-rejects-first", "temporary"):
            raise Refused("Temporary Password is on a list of commonly used passwords. Please choose another one.")
        objections = self.desk.policy().objections(password)
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
        who.other |= {key: str(body.get(key) or "") for key in OTHER_FIELDS if key in body}

    def _set_active(self, request: Request, active: bool) -> Response:
        session = self.desk.session(request, needs=EMPLOYEE_ROLES)
        if EDIT not in session.permissions:
            raise Refused(NO_ACCESS, status=403)
        who = found(self.desk.state.employees, request)
        self.desk.state.set_active(session.username, who.id, active)
        return JSONResponse(self._employee(who))

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
            **{key: who.other.get(key, "") for key in OTHER_FIELDS},
        }


def _days_as_json(days: dict[str, Day]) -> dict[str, dict[str, Any]]:
    return {name: {"allowed": day.allowed, "from": day.start, "to": day.end} for name, day in days.items()}
