"""Admin > Employee/Roles > User Roles: find the role, read it, make it (guide, steps 3 to 7), and put ours right.

An existing role is only ever read, but for ours in an approved repair. Folders of the permission tree are opened, never
ticked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from automation import tables, trees
from automation.errors import AutomationError, Forbidden, Unavailable
from automation.fields import TEXT, Place, seek, set_text, spot
from automation.nearest import BUTTON, FIELD, WORDS, missing
from automation.revolutionehr.desired import PERMISSIONS, ROLE
from automation.revolutionehr.pages import buttons, header, messages
from automation.screen import Screen, Sights, name_of
from automation.sight import Box, Dialog, plain

NAME = "User Role Name"
PERMISSIONS_HEAD = "Access Permissions"
ROOTS = tuple(folders[0] for folders in PERMISSIONS) + tuple(n for folders in PERMISSIONS for n in folders[1:])
"""What the tree of permissions is known by: its folders in the guide's words, then without "Module"."""

ANSWER = 30
"""Seconds until a save must have shown an outcome."""


@dataclass(frozen=True)
class Role:
    """A role as it stands in the EHR: its name and what is ticked, as (top folder, permission)."""

    name: str
    permissions: frozenset[tuple[str, str]]


def wanted_permissions() -> frozenset[tuple[str, str]]:
    """The six, as `Role.permissions` holds them."""
    return frozenset((folders[0], name) for folders, names in PERMISSIONS.items() for name in names)


def open_list(screen: Screen) -> None:
    """Shows the list of roles."""
    header.go(screen, "Employee/Roles", "User Roles", _is_list)


def _is_list(sights: Sights) -> bool:
    return buttons.shows_list(sights, "User Role", "Role") and not is_open(sights)


def names_like_ours(screen: Screen) -> list[str]:
    """The names in the list that are ours, give or take case; one for each line of it."""
    tables.search(screen, ROLE)
    return [
        next(w for w in row if tables.equals(ROLE)(w))
        for row in tables.all_rows(screen, tables.equals(ROLE))
        if any(tables.equals(ROLE)(w) for w in row)
    ]


def read_role(screen: Screen, name: str = ROLE) -> Role:
    """Opens our role from the list, which has just been searched for it, and reads the whole of it.

    `name` is another one where our role may have been renamed.
    """
    if not tables.open_row(screen, tables.equals(name), lambda row: True, is_open):
        raise missing(screen.look(), name, WORDS)
    if screen.wait_for(lambda s: True if is_open(s) else None, 15) is None:
        raise missing(screen.look(), NAME, FIELD)
    shown = screen.wait_for(lambda s: (p.widget.value or None) if (p := spot(s, NAME, TEXT)) else None, 8)
    screen.steady(8)
    screen.wait_for(lambda s: True if trees.drawn(s, ROOTS) else None, 10)
    return Role(shown or "", permissions(trees.open_all(screen, ROOTS)))


def lines_named(screen: Screen, name: str) -> int:
    """How many lines the list has for roles of exactly this name; it stays searched for it."""
    tables.search(screen, name)
    return len(tables.all_rows(screen, tables.equals(name)))


def holders(sights: Sights, name: str) -> int | None:
    """How many employees have this role, where the list has a column that says so; else None."""
    for row in tables.rows(sights, tables.equals(name)):
        heads = [t.box for t in row.sight.texts if t.head and plain(t.own) in _COUNTED]
        counts = [t.own for t in row.texts if t.own.isdigit() and any(_in_column(t.box, head) for head in heads)]
        if len(counts) == 1:
            return int(counts[0])
    return None


_COUNTED = ("employees", "users", "members", "assigned employees", "assigned users", "# employees", "employee count")


def _in_column(cell: Box, head: Box) -> bool:
    return cell.same_column(head) or abs(cell.x - head.x) <= 24 or abs(cell.right - head.right) <= 24


def permissions(nodes: list[trees.Node]) -> frozenset[tuple[str, str]]:
    """What is ticked, as (top folder in the guide's words, permission in the guide's words where it has one)."""
    return frozenset((_folder_name(n), n.name) for n in trees.ticked(nodes))


def _folder_name(node: trees.Node) -> str:
    top = node.folders[0] if node.folders else node.name
    return next((folders[0] for folders in PERMISSIONS if tables.equals(*folders)(top)), top)


def start(screen: Screen) -> None:
    """Presses Add and waits for the empty form."""
    screen.press(*buttons.find_add(screen.look(), "User Role", "Role"))
    if screen.wait_for(lambda s: True if is_open(s) else None, 15) is None:
        raise missing(screen.look(), NAME, FIELD)
    screen.steady(6)


def is_open(sights: Sights) -> bool:
    """True when a role's form is on the screen: its name and its permissions (a list may search by the same words)."""
    heads = (PERMISSIONS_HEAD, *(folders[0] for folders in PERMISSIONS))
    return spot(sights, NAME, TEXT) is not None and any(s.shows(head) for s in sights for head in heads)


def set_name(screen: Screen) -> None:
    """Types the role's name (guide, step 4)."""
    set_text(screen, NAME, ROLE)


def tick(screen: Screen, folders: tuple[str, ...]) -> None:
    """Ticks the guide's permissions of one module, and unticks what their ticking took with it.

    That may stand in a permission that is a folder itself: it is opened to see.
    """
    for name in PERMISSIONS[folders]:
        trees.tick(screen, ROOTS, folders, name)
    is_wanted = tables.equals(*PERMISSIONS[folders])
    nodes = trees.read(screen, ROOTS)
    if any(node.under(folders) and is_wanted(node.name) for node in trees.may_be_closed(nodes, ROOTS)):
        nodes = trees.open_all(screen, ROOTS)
    taken = [n for n in trees.ticked(nodes) if n.under(folders) and not (is_wanted(n.name) and len(n.folders) == 1)]
    for node in taken:
        trees.tick(screen, ROOTS, (node.folders[-1],), node.name, wanted=False)
    if taken:
        _still_ticked(screen, folders, [node.name for node in taken])


def _still_ticked(screen: Screen, folders: tuple[str, ...], taken: list[str]) -> None:
    """Raises Forbidden where a permission went with those that its ticking had taken with it."""
    left = {name for _, name in ticked(screen)}
    lost = [name for name in PERMISSIONS[folders] if not any(tables.equals(name)(one) for one in left)]
    if lost:
        others = ", ".join(f"“{name}”" for name in taken[:6]) + (
            f" and {len(taken) - 6} more" if len(taken) > 6 else ""
        )
        raise Forbidden(
            f"RevolutionEHR gives “{lost[0]}” only together with {others}.",
            "The account is to have six permissions and no other, so nothing was saved.",
            "Decide with the practice and OneSpot what the role may have; such a role is made by hand.",
        )


def untick_elsewhere(screen: Screen) -> None:
    """Unticks every permission outside of the guide's two modules; for a role that is put right."""
    for node in trees.ticked(trees.open_all(screen, ROOTS)):
        if node.folders and not node.under(ROOTS):
            trees.tick(screen, ROOTS, (node.folders[-1],), node.name, wanted=False)


def ticked(screen: Screen) -> frozenset[tuple[str, str]]:
    """Everything that is ticked in what is open of the tree."""
    return permissions(trees.read(screen, ROOTS))


def ticked_everywhere(screen: Screen) -> frozenset[tuple[str, str]]:
    """Everything that is ticked in the whole tree, every folder opened."""
    return permissions(trees.open_all(screen, ROOTS))


def save(screen: Screen, fence: Callable[[], None]) -> AutomationError | None:
    """Presses Save once and waits for an outcome; what RevolutionEHR said against it, if it said something."""
    return press_save(screen, fence, "user role", lambda s: seek(s, NAME, TEXT), is_open)


def press_save(
    screen: Screen,
    fence: Callable[[], None],
    what: str,
    anchor: Callable[[Sights], Place],
    form_is_open: Callable[[Sights], bool],
) -> AutomationError | None:
    """Presses the form's Save once. None when the form went away or nothing was said against it.

    A dialog that asks whether to save, and nothing else, is answered with yes, once. The fence is asked right before
    each click. What is returned is not yet a verdict: whoever called reads again.
    """
    before = screen.look()
    near = anchor(before)
    button = screen.wait_for(lambda s: buttons.find(s, "Save", "Update", "Save & Close", near=near), 8)
    if button is None:
        raise missing(screen.look(), "Save", BUTTON)
    screen.next_press = name_of(button[1])
    fence()
    with screen.native.agreeing(messages.asks_to_save(what)):
        screen.press(*button)

    def outcome(sights: Sights) -> AutomationError | Dialog | bool | None:
        said = messages.complaints(sights, before)
        if said:
            return messages.not_saved(said, what)
        if sum(len(s.dialogs) for s in sights) > sum(len(b.dialogs) for b in before):
            return next(s.dialog for s in reversed(sights) if s.dialog)
        return None if form_is_open(sights) or screen.traffic.loading() else True

    result = screen.wait_for(outcome, ANSWER if _keeps_busy(screen, form_is_open) else 4)
    if isinstance(result, Dialog) and (yes := messages.yes_to_save(screen.look(), what)):
        fence()
        screen.press(*yes)
        screen.wait_for(lambda s: None if isinstance(outcome(s), Dialog) else True, 3)
        result = screen.wait_for(outcome, ANSWER if _keeps_busy(screen, form_is_open) else 4)
    if isinstance(result, Dialog):
        result = Unavailable(f"A dialog came up at the save: “{result.text[:160]}”.", "It isn't answered.", "Look.")
    screen.steady(5)
    screen.native.no_questions()
    if result is None and form_is_open(screen.look()) and (said := messages.in_red(screen.look(), before)):
        return messages.not_saved(said, what)
    return result if isinstance(result, AutomationError) else None


def _keeps_busy(screen: Screen, form_is_open: Callable[[Sights], bool]) -> bool:
    """True while the page is still at work on the save; False once it rests with the form still open."""
    end = screen.wait_for(
        lambda s: True if not form_is_open(s) or not (screen.traffic.loading() or s[0].busy) else None, ANSWER
    )
    return not end
