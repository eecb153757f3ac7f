"""What only a recorded visit opens: the empty forms of a role and of an employee, every part of them. Nothing is saved.

A plan alone needs less of them. What fails here is recorded and said nowhere else: it doesn't fail the plan.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from automation import trees
from automation.errors import ScreenChanged
from automation.fields import CHECK, TEXT, spot
from automation.nearest import CHECK as A_CHECK
from automation.nearest import CHOICE, FIELD, LIST, missing
from automation.revolutionehr.outline import Trust
from automation.revolutionehr.pages import employee, sections, user_roles
from automation.revolutionehr.pages.days import day_checks
from automation.revolutionehr.visit import Visit
from automation.screen import Sights


@dataclass(frozen=True)
class _Part:
    """A part of the employee's form: its name in the record, where it is, and a control by which it is known."""

    name: str
    sections: tuple[str, ...]
    words: str
    kind: str
    there: Callable[[Sights], object]


_PARTS = (
    _Part("personal-details", sections.PERSONAL, employee.FIRST, FIELD, lambda s: spot(s, employee.FIRST, TEXT)),
    _Part("login-details", sections.LOGIN, employee.USERNAME, FIELD, lambda s: spot(s, employee.USERNAME, TEXT)),
    _Part("emergency", sections.LOGIN, employee.EMERGENCY, A_CHECK, lambda s: spot(s, employee.EMERGENCY, CHECK)),
    _Part("restrictions", sections.RESTRICTIONS, employee.ALLOWED, A_CHECK, day_checks),
    _Part("roles", sections.ROLES_IN, employee.ROLES, LIST, employee.has_role_list),
    _Part("locations", sections.LOCATIONS, employee.PRIMARY, CHOICE,
          lambda s: spot(s, employee.PRIMARY, ("choice", "box"))),
)  # fmt: skip


def role_form(visit: Visit) -> None:
    """The empty form of a role, with every folder of its tree opened, from the list of roles."""
    if visit.address.recorder is None:
        return
    try:
        user_roles.start(visit.screen)
        visit.note("user-role-form", Trust.TREE)
        nodes = trees.open_all(visit.screen, user_roles.ROOTS)
        lines = ["  " * len(node.folders) + node.name for node in nodes]
        visit.note("user-role-permissions", Trust.TREE, lines)
    except ScreenChanged as error:
        visit.note_failure(error, "user-role-failed")
    visit.afresh()


def employee_form(visit: Visit) -> None:
    """Every part of the employee's form that is open now."""
    if visit.address.recorder is None:
        return
    visit.note("employee-form")
    for part in _PARTS:
        try:
            if not sections.reveal(visit.screen, part.sections, lambda s, p=part: bool(p.there(s))):  # type: ignore[misc]
                raise missing(visit.screen.look(), part.words, part.kind)
        except ScreenChanged as error:
            visit.note_failure(error, f"employee-{part.name}-failed")
        else:
            visit.note(f"employee-{part.name}")
