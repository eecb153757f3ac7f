"""The truth of the stand-in RevolutionEHR: practice, locations, roles, employees, sessions, and who changed what.

The rules on the records of records.py; nothing of HTTP, of screens or of faults. Hold `State.lock` while reading more
than one thing.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sandbox.ehr.permissions import PermissionTree, permission_tree
from sandbox.ehr.records import (
    WEEKDAYS,
    Employee,
    Location,
    Mutation,
    PasswordPolicy,
    Practice,
    Role,
    Secret,
    Session,
)

SYSTEM_ADMINISTRATOR = "10001"
WRONG_PASSWORDS_ALLOWED = 5
PASSWORDS_REMEMBERED = 4
LOCK_AFTER = timedelta(minutes=20)
END_AFTER = timedelta(minutes=50)

WRONG_LOGIN = "The username or password you entered is incorrect. Please try again."
ACCOUNT_LOCKED = (
    "Your account has been locked because of too many failed login attempts. "
    "Please contact your practice administrator."
)
NOT_NOW = "You are not permitted to log in at this time."
USERNAME_TAKEN = "Username is already in use. Please choose another username."
NO_ACCESS = "You do not have access to this function."


class Refused(Exception):
    """The EHR says no; `errors` are its words, one sentence each."""

    def __init__(self, *errors: str, status: int = 422) -> None:
        super().__init__(" ".join(errors))
        self.errors = list(errors)
        self.status = status


@dataclass
class State:
    """Everything that the server remembers. Every verb takes the lock and writes its mutation."""

    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    practice: Practice = field(default_factory=Practice)
    tree: PermissionTree = field(default_factory=permission_tree)
    locations: dict[str, Location] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    employees: dict[str, Employee] = field(default_factory=dict)
    sessions: list[Session] = field(default_factory=list)
    mutations: list[Mutation] = field(default_factory=list)
    failed_logins: dict[str, int] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    _last_id: int = 60140

    # Looking

    def employee(self, username: str) -> Employee | None:
        """The employee with a user name, whatever its case, active or not."""
        with self.lock:
            wanted = username.strip().casefold()
            return next((who for who in self.employees.values() if who.username.casefold() == wanted), None)

    def roles_named(self, name: str) -> list[Role]:
        """All roles of exactly this name."""
        with self.lock:
            return [role for role in self.roles.values() if role.name == name]

    def permission_names(self, role: Role) -> list[str]:
        """`Accounting Module > View Invoices` for each permission of a role, in the order of the tree."""
        return [self.tree.path(node) for node in self.tree.nodes if node in role.permissions]

    def employees_with(self, role_id: str) -> int:
        return sum(role_id in who.role_ids for who in self.employees.values())

    def permissions_of(self, employee: Employee) -> frozenset[str]:
        """What the employee's roles allow together. The System Administrator may do everything."""
        if SYSTEM_ADMINISTRATOR in employee.role_ids:
            return frozenset(self.tree.everything())
        roles = (self.roles[role_id] for role_id in employee.role_ids if role_id in self.roles)
        return frozenset().union(*(role.permissions for role in roles))

    def password_is(self, username: str, password: str) -> bool:
        """Whether this is the employee's password; counts nothing."""
        who = self.employee(username)
        return who is not None and who.secret.matches(password)

    def open_sessions(self, username: str | None = None) -> list[Session]:
        """Logins that were never ended, of one user name or of all."""
        with self.lock:
            return [s for s in self.sessions if s.lasts and username in (None, s.username)]

    # Logging in and out

    def log_in(self, username: str, password: str, *, emergency: bool = False) -> Employee:
        """The employee whose password this is. Raises Refused; counts wrong ones and locks after the fifth."""
        with self.lock:
            who = self.employee(username)
            if who is None or not who.secret.matches(password):
                self.count_failure(username)
                raise Refused(WRONG_LOGIN, status=401)
            if who.locked:
                raise Refused(ACCOUNT_LOCKED, status=401)
            if not who.active:
                raise Refused("Your account is inactive. Please contact your practice administrator.", status=401)
            if not (emergency and who.emergency) and not self._may_log_in_now(who):
                raise Refused(NOT_NOW, status=401)
            who.wrong_passwords = 0
            return who

    def begin(self, who: Employee, state: str) -> Session:
        """A new session; its permissions are those of this moment until it ends."""
        with self.lock:
            now = self.clock()
            session = Session(
                secrets.token_urlsafe(24), who.id, who.username, now, now, state, self.permissions_of(who)
            )
            self.sessions.append(session)
            return session

    def session(self, token: str | None) -> Session | None:
        """The session of a cookie, ended or not. Idle ones are locked after 20 minutes and end after 50."""
        with self.lock:
            found = next((s for s in reversed(self.sessions) if token and s.token == token), None)
            if found and found.lasts and found.state in ("app", "lock"):
                idle = self.clock() - found.seen
                if idle > END_AFTER:
                    self.end(found, "timed out")
                elif idle > LOCK_AFTER:
                    found.state = "lock"
            if found and found.lasts and found.state != "lock":
                found.seen = self.clock()
            return found

    def end(self, session: Session, how: str) -> None:
        with self.lock:
            if session.ended is None:
                session.ended, session.ended_how, session.state = self.clock(), how, "login"

    def count_failure(self, username: str) -> None:
        """One more wrong password; the fifth one locks the account."""
        key, who = username.strip().casefold(), self.employee(username)
        self.failed_logins[key] = self.failed_logins.get(key, 0) + 1
        if who is not None:
            who.wrong_passwords += 1
            who.locked = who.locked or who.wrong_passwords >= WRONG_PASSWORDS_ALLOWED

    def _may_log_in_now(self, who: Employee) -> bool:
        now = self.clock()
        day = who.days[WEEKDAYS[now.weekday()]]
        return day.allowed and (_clock_time(day.start) or time.min) <= now.time() <= (_clock_time(day.end) or time.max)

    # Passwords

    def set_new_password(
        self, who: Employee, password: str, confirm: str, policy: PasswordPolicy, what: str = "password reset"
    ) -> None:
        """The forced reset, or one's own change: policy, not the present one, none of the last four. Raises Refused."""
        with self.lock:
            if password != confirm:
                raise Refused("The passwords you entered do not match.")
            objections = policy.objections(password)
            if objections:
                raise Refused(*objections)
            if any(secret.matches(password) for secret in [who.secret, *who.former[-PASSWORDS_REMEMBERED:]]):
                raise Refused("Your new password may not be the same as one of your previous passwords.")
            who.former.append(who.secret)
            who.secret, who.must_reset = Secret.of(password), False
            self.note(who.username, what, who.id)

    # Roles

    def save_role(
        self, by: str, role_id: str | None, name: str, permissions: Iterable[str], *, duplicates: bool = False
    ) -> Role:
        """Creates a role (id None) or changes one. Raises Refused; `duplicates` lets a name exist twice."""
        with self.lock:
            name, wanted = name.strip(), set(permissions)
            if not name:
                raise Refused("User Role Name is required.")
            if len(name) > 50:
                raise Refused("User Role Name may not be longer than 50 characters.")
            if not wanted <= self.tree.everything():
                raise Refused("An access permission does not exist.")
            same = [r for r in self.roles.values() if r.name.casefold() == name.casefold() and r.id != role_id]
            if same and not duplicates:
                raise Refused(f"A user role with the name {name} already exists.")
            if role_id is None:
                role = Role(self.next_id(), name, wanted)
                self.roles[role.id] = role
                self.note(by, "role created", role.id, name)
                return role
            role = self.roles[role_id]
            role.name, role.permissions = name, wanted
            self.note(by, "role changed", role.id, name)
            return role

    # Employees

    def add_employee(self, by: str, employee: Employee, *, duplicates: bool = False) -> Employee:
        """A new employee. Raises Refused when the user name is taken, by an inactive employee too."""
        with self.lock:
            if self.employee(employee.username) and not duplicates:
                raise Refused(USERNAME_TAKEN)
            self.employees[employee.id] = employee
            self.note(by, "employee created", employee.id, employee.username)
            return employee

    def set_active(self, by: str, employee_id: str, active: bool) -> None:
        """At once, without a question. Deactivating throws the employee out."""
        with self.lock:
            who = self.employees[employee_id]
            who.active = active
            self.note(by, "employee activated" if active else "employee deactivated", who.id, who.username)
            for session in [] if active else self.open_sessions(who.username):
                self.end(session, "deactivated")

    # Housekeeping

    def next_id(self) -> str:
        with self.lock:
            self._last_id += 1
            return str(self._last_id)

    def note(self, by: str, what: str, thing_id: str, detail: str = "") -> None:
        self.mutations.append(Mutation(self.clock(), by, what, thing_id, detail))

    def as_json(self) -> dict[str, Any]:
        """The whole truth for whoever checks a story afterwards; holds no password."""
        with self.lock:
            return {
                "practice": vars(self.practice).copy(),
                "locations": [vars(place).copy() for place in self.locations.values()],
                "roles": [
                    {
                        "id": role.id,
                        "name": role.name,
                        "permissions": self.permission_names(role),
                        "employees": self.employees_with(role.id),
                    }
                    for role in self.roles.values()
                ],
                "employees": [self._employee_as_json(who) for who in self.employees.values()],
                "sessions": [
                    {
                        "username": s.username,
                        "state": s.state,
                        "started": s.started.isoformat(),
                        "ended": s.ended and s.ended.isoformat(),
                        "endedHow": s.ended_how,
                        "blocked": s.blocked,
                    }
                    for s in self.sessions
                ],
                "mutations": [
                    {"at": m.at.isoformat(), "by": m.by, "what": m.what, "id": m.id, "detail": m.detail}
                    for m in self.mutations
                ],
                "failedLogins": dict(self.failed_logins),
            }

    def _employee_as_json(self, who: Employee) -> dict[str, Any]:
        return {
            "id": who.id,
            "firstName": who.first_name,
            "lastName": who.last_name,
            "username": who.username,
            "active": who.active,
            "emergency": who.emergency,
            "mustReset": who.must_reset,
            "locked": who.locked,
            "days": {name: {"allowed": d.allowed, "from": d.start, "to": d.end} for name, d in who.days.items()},
            "roles": [self.roles[role_id].name for role_id in who.role_ids if role_id in self.roles],
            "roleIds": list(who.role_ids),
            "primaryLocation": self.locations[who.primary_location_id].name
            if who.primary_location_id in self.locations
            else "",
            "primaryLocationId": who.primary_location_id,
            "locations": [self.locations[one].name for one in who.location_ids if one in self.locations],
            "locationIds": list(who.location_ids),
            **who.other,
        }


def _clock_time(text: str) -> time | None:
    """ "08:00 AM" as a time; None for an empty text."""
    return datetime.strptime(text, "%I:%M %p").time() if text else None
