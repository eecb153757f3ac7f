"""Admin > Employee/Roles > Employees: the list, and our employee in it (guide, step 8).

The list shows active employees only by default, its row icons act at once and without asking: a record is opened by its
name, and no icon in a line is ever pressed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from automation import tables
from automation.nearest import FIELD, missing
from automation.revolutionehr.desired import FIRST_NAME, LAST_NAME
from automation.revolutionehr.pages import buttons, employee, header
from automation.revolutionehr.pages.inactive import says_inactive, show_inactive
from automation.screen import Screen, Sights
from automation.sight import plain


def open_list(screen: Screen) -> None:
    """Shows the list of employees."""
    header.go(screen, "Employee/Roles", "Employees", _is_list)


def _is_list(sights: Sights) -> bool:
    return buttons.shows_list(sights, "Employee") and not employee.is_open(sights)


@dataclass(frozen=True)
class Found:
    """Lines of the list that may be our employee, active and inactive, as their words."""

    active: tuple[tuple[str, ...], ...]
    inactive: tuple[tuple[str, ...], ...]


def find(screen: Screen, username: str) -> Found:
    """Every line that carries our last name or our user name, on all pages, also under Inactive."""
    tables.search(screen, LAST_NAME)
    first = tables.all_rows(screen, _may_be_ours(username))
    further: list[tuple[str, ...]] = []
    if show_inactive(screen, True):
        tables.search(screen, LAST_NAME)
        further = tables.all_rows(screen, _may_be_ours(username))
        show_inactive(screen, False)
    inactive = [row for row in dict.fromkeys((*first, *further)) if row not in first or says_inactive(row)]
    return Found(tuple(row for row in first if row not in inactive), tuple(inactive))


def _may_be_ours(username: str) -> Callable[[str], bool]:
    return tables.equals(
        LAST_NAME, username, f"{FIRST_NAME} {LAST_NAME}", f"{LAST_NAME}, {FIRST_NAME}", f"{LAST_NAME} {FIRST_NAME}"
    )


def is_ours(row: tuple[str, ...]) -> bool:
    """True when a line carries our first and last name."""
    words = " ".join(row).replace(",", " ").casefold().split()
    return FIRST_NAME.casefold() in words and LAST_NAME.casefold() in words


def has_username(row: tuple[str, ...], username: str) -> bool:
    """True when a line carries the user name."""
    return any(plain(w) == plain(username) for w in row)


def open_ours(screen: Screen, username: str) -> bool:
    """Opens our employee's record from the list by the name; False when the list doesn't hold it."""
    tables.search(screen, LAST_NAME)
    lines = tables.all_rows(screen, _may_be_ours(username))
    exact = [row for row in lines if has_username(row, username)]
    if not exact and not any(is_ours(row) for row in lines):
        return False
    wanted = exact[0] if exact else next(row for row in lines if is_ours(row))
    by_name = tables.equals(
        LAST_NAME, f"{FIRST_NAME} {LAST_NAME}", f"{LAST_NAME}, {FIRST_NAME}", f"{LAST_NAME} {FIRST_NAME}"
    )
    opened = tables.open_row(screen, by_name, lambda row: row.words == wanted, employee.is_open)
    opened = opened or tables.open_row(
        screen, _may_be_ours(username), lambda row: row.words == wanted, employee.is_open
    )
    if opened and screen.wait_for(lambda s: True if employee.is_open(s) else None, 15) is None:
        raise missing(screen.look(), employee.FIRST, FIELD)
    screen.steady(6)
    return opened
