"""Which permission opens which part of the application."""

from __future__ import annotations

from sandbox.ehr.permissions import GENERAL
from sandbox.ehr.records import Session

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


def pods_of(session: Session) -> list[str]:
    """The pods of the home screen that a session may see."""
    return [pod for pod, permission in PODS.items() if permission in session.permissions]
