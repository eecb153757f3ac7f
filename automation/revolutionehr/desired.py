"""What must be true in the EHR: the role, its six permissions, the employee.

The words are the guide's (guide.md, steps 3 to 14). Nothing here looks at a screen.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from automation.revolutionehr.passwords import Policy

ROLE = "OneSpot"
FIRST_NAME, LAST_NAME = "Sync", "OneSpot"

ACCOUNTING = ("Accounting Module", "Accounting")
ADMINISTRATION = ("Administration Module", "Administration")
"""The guide's name of the folder, then what it may be called without "Module"."""

PERMISSIONS: dict[tuple[str, ...], tuple[str, ...]] = {
    ACCOUNTING: ("View Invoices", "View Claims"),
    ADMINISTRATION: ("View Administration", "General", "Employee/Roles", "Vendors/Partners"),
}
"""Least privilege: these six and no other (guide, steps 5 and 6)."""

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def username_for(ehr_id: str) -> str:
    """The user name for a practice ID (guide, step 10): OneSpot2915 for 2915."""
    return f"{LAST_NAME}{ehr_id}"


@dataclass(frozen=True)
class Wanted:
    """What a practice wishes: its primary location (None: the first listed) and its password policy."""

    primary_location: str | None = None
    policy: Policy = field(default_factory=Policy)
