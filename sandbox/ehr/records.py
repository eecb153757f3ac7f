"""The records that the stand-in keeps: locations, roles, employees, sessions, the practice. Values, no verbs.

Passwords are kept as salted hashes only, so that nothing that is dumped can hold one.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Secret:
    """A password that can be compared but not read."""

    salt: bytes
    digest: bytes

    @classmethod
    def of(cls, password: str) -> Secret:
        salt = secrets.token_bytes(8)
        return cls(salt, hashlib.sha256(salt + password.encode()).digest())

    def matches(self, password: str) -> bool:
        return hmac.compare_digest(self.digest, hashlib.sha256(self.salt + password.encode()).digest())


@dataclass(frozen=True)
class PasswordPolicy:
    """What the practice asks of a password. `forbidden` holds single characters."""

    shortest: int = 8
    longest: int = 64
    forbidden: str = ""

    def objections(self, password: str) -> list[str]:
        """Every rule that a password breaks, in the words of the screen."""
        found = []
        if not self.shortest <= len(password) <= self.longest:
            found.append(f"Password must be between {self.shortest} and {self.longest} characters long.")
        kinds = (str.isupper, str.islower, str.isdigit, lambda c: not c.isalnum() and not c.isspace())
        if not all(any(kind(character) for character in password) for kind in kinds):
            found.append(
                "Password must contain at least one uppercase letter, one lowercase letter, one number "
                "and one special character."
            )
        if any(character in self.forbidden for character in password):
            found.append(f"Password may not contain the following characters: {' '.join(self.forbidden)}")
        return found


@dataclass
class Location:
    """A place where the practice sees patients."""

    id: str
    name: str
    city: str
    active: bool = True
    phone: str = ""
    npi: str = ""


@dataclass
class Role:
    """A user role: a name and the ids of its permissions."""

    id: str
    name: str
    permissions: set[str]
    description: str = ""


@dataclass
class Day:
    """A line of the login restrictions. Empty times mean the whole day; else "08:00 AM" to "06:00 PM"."""

    allowed: bool = True
    start: str = ""
    end: str = ""


def every_day(allowed: bool = True) -> dict[str, Day]:
    return {name: Day(allowed) for name in WEEKDAYS}


@dataclass
class Employee:
    """A person, or a thing like OneSpot, who may log in."""

    id: str
    first_name: str
    last_name: str
    username: str
    secret: Secret
    role_ids: list[str]
    primary_location_id: str
    location_ids: list[str]
    days: dict[str, Day] = field(default_factory=every_day)
    active: bool = True
    emergency: bool = False
    must_reset: bool = False
    agreed: bool = True
    locked: bool = False
    wrong_passwords: int = 0
    former: list[Secret] = field(default_factory=list)
    other: dict[str, str] = field(default_factory=dict)
    """What the guide does not ask for: title, gender, phone..."""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass
class Session:
    """One login, and how it ended (None while it lasts). `state` is one of the front end's states."""

    token: str
    employee_id: str
    username: str
    started: datetime
    seen: datetime
    state: str
    permissions: frozenset[str]
    ended: datetime | None = None
    ended_how: str | None = None
    blocked: bool = False
    """Refused because others are logged in as this employee; `cleared` after they were thrown out."""
    cleared: bool = False
    passed: set[str] = field(default_factory=set)
    """The gates between password and application that are behind this session: mfa, agreements..."""

    @property
    def lasts(self) -> bool:
        return self.ended is None and not self.blocked


@dataclass(frozen=True)
class Mutation:
    """One change of the practice's data, by whom. Never holds a password."""

    at: datetime
    by: str
    what: str
    id: str
    detail: str = ""


@dataclass
class Practice:
    """What General > Basic Information shows, decoys included."""

    id: str = "2915"
    name: str = "Lumen Eye Associates"
    tax_id: str = "84-3307719"
    npi: str = "1679844302"
    phone: str = "(555) 201-4400"
    fax: str = "(555) 201-4401"
    website: str = "lumen-eye.example"
    address: str = "410 Harbor Street, Suite 200, Fairhaven, WA 98225"
    time_zone: str = "US/Pacific"
