"""Whether our employee may log in at all: active or inactive, locked or not; and how an approved run changes that.

Only by the button inside the record, never by an icon in a line of the list. The one question that is answered is the
dialog that names just this change; any other stops the run. Whether it worked is for whoever looks again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

from automation.errors import AutomationError, Forbidden, PersonNeeded, ScreenChanged, quoted
from automation.fields import CHECK, is_checked, seek, set_check, spot
from automation.revolutionehr.desired import FIRST_NAME
from automation.revolutionehr.pages import employee, employees, messages, sections
from automation.revolutionehr.pages.inactive import show_inactive
from automation.screen import Screen, Sights
from automation.sight import Dialog, Sight, Text, plain
from storage.models import ChangeKind, Plan

ACTIVATE = ("Activate", "Activate Employee", "Activate User", "Reactivate", "Reactivate Employee", "Make Active")
DEACTIVATE = ("Deactivate", "Deactivate Employee", "Deactivate User", "Inactivate", "Make Inactive")
UNLOCK = ("Unlock", "Unlock Account", "Unlock User", "Unlock Employee", "Unlock Login")
LOCKED = ("Locked", "Account Locked", "Locked Out", "Login Locked", "User Locked", "Is Locked")

_SAYS = {
    ACTIVATE: re.compile(r"\b(re)?activat\w*|\bmake\b.{0,40}\bactive\b", re.I),
    DEACTIVATE: re.compile(r"\b(deactivat|inactivat)\w*|\bmake\b.{0,40}\binactive\b", re.I),
}
_YES = re.compile(
    r"^(yes|ok|okay|confirm|continue|proceed|(yes, ?)?(de|in|re)?activate( (this )?(employee|user))?)$", re.I
)
_MORE = re.compile(
    r"\b(delet|remov|discard|unsaved|reassign|transfer|appointment|patient|password|undone)|all (employees|users)",
    re.I,
)
"""Words of a dialog that asks about more than the change itself."""


def our_employee(username: str) -> str:
    """What a plan calls our employee."""
    return f"employee Sync OneSpot ({username})"


class Standing(StrEnum):
    """How our employee stands in the list."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    GONE = "gone"


# ---- in the list -------------------------------------------------------------------------------------------


def tell_apart(found: employees.Found, username: str, *, renamed: bool = False) -> Standing:
    """How our one employee stands. `renamed` lets it have another last name, as long as the user name is ours.

    Raises:
        Forbidden: which line is ours can't be told, or somebody else has our user name.
    """
    active = [r for r in found.active if employees.is_ours(r) or employees.has_username(r, username)]
    inactive = [r for r in found.inactive if employees.is_ours(r) or employees.has_username(r, username)]
    theirs = [r for r in active + inactive if not employees.is_ours(r) and not (renamed and _is_half_ours(r))]
    if theirs:
        who = " ".join(w for w in theirs[0] if plain(w) != plain(username))[:60]
        raise _decided_by_a_person(f"The user name {username} belongs to somebody else ({who})")
    if len(active) > 1 or (not active and len(inactive) > 1):
        raise _decided_by_a_person(f"There are {len(active or inactive)} employees Sync OneSpot")
    return Standing.ACTIVE if active else Standing.INACTIVE if inactive else Standing.GONE


def _is_half_ours(row: tuple[str, ...]) -> bool:
    return FIRST_NAME.casefold() in " ".join(row).replace(",", " ").casefold().split()


def _decided_by_a_person(what: str) -> Forbidden:
    return Forbidden(
        f"{what}.", "Which one is meant can't be told, so none is touched.", "A person tidies up in RevolutionEHR."
    )


def must_be_planned(plan: Plan, what: str) -> None:
    """Raises Forbidden when this plan would leave that thing alone: it became otherwise since, which nobody decided."""
    to_do = (ChangeKind.CREATE, ChangeKind.CHANGE)
    if not any(change.what == what and change.kind in to_do for change in plan.changes):
        raise Forbidden(
            f"The {what} is no longer as it was when the plan was made.",
            "What should be done about that was not approved, so nothing was changed.",
            "Plan again.",
        )


def look(screen: Screen, username: str, *, renamed: bool = False) -> Standing:
    """Opens the list and looks on all its pages, active and inactive; see `tell_apart`."""
    employees.open_list(screen)
    return tell_apart(employees.find(screen, username), username, renamed=renamed)


def open_record(screen: Screen, username: str, standing: Standing) -> None:
    """Opens our employee's record from the open list, by its name, and proves by its user name that it is ours.

    Raises:
        Forbidden: the record has another user name.
        ScreenChanged: it could not be opened.
    """
    if standing is Standing.INACTIVE:
        show_inactive(screen, True)
    if not employees.open_ours(screen, username):
        raise ScreenChanged("The employee is in the list, but could not be opened.", "", "Look at the picture.")
    shown = employee.read_username(screen)
    if plain(shown) != plain(username):
        raise Forbidden(
            f"The employee Sync OneSpot has the user name {shown or '(none)'} instead of {username}.",
            "It isn't the account that was made here, so it isn't touched.",
            "A person decides what to do with it.",
        )


# ---- in the record -----------------------------------------------------------------------------------------


def can(screen: Screen, names: tuple[str, ...]) -> bool:
    """True when the open record has this button, in whichever of its sections."""
    return _button(screen, names) is not None


def press(screen: Screen, names: tuple[str, ...], fence: Callable[[], None]) -> AutomationError | None:
    """Presses ACTIVATE or DEACTIVATE in the open record, and answers the dialog that asks for just that, if one comes.

    The fence is asked before each click. What is returned is what RevolutionEHR said against it; no verdict: whoever
    called looks again.

    Raises:
        Forbidden: the record has no such button.
        PersonNeeded: it asks anything else.
    """
    button = _button(screen, names)
    if button is None:
        raise no_button(names)
    before = screen.look()
    fence()
    with screen.native.agreeing(lambda asked: _asks_just_this(asked, names)):
        screen.press(*button)
    _confirm(screen, names, fence)
    screen.steady(6)
    screen.native.no_questions()
    said = messages.complaints(screen.look(), before)
    return messages.not_saved(said, "employee") if said else None


def no_button(names: tuple[str, ...]) -> Forbidden:
    """The error for a record that has no such button."""
    return Forbidden(
        f"The employee's record has no button “{names[0]}”.",
        "The icons in the list act at once and without asking, so they are never pressed.",
        f"A person has to {names[0].casefold()} the employee in RevolutionEHR; then ask again.",
    )


def _button(screen: Screen, names: tuple[str, ...]) -> tuple[Sight, Text] | None:
    """The one such button outside of lists and menus; sections are opened until it shows."""
    found = _buttons(screen.look(), names)
    for section in (sections.PERSONAL, sections.LOGIN, sections.LOCATIONS):
        if found:
            break
        sections.reveal(screen, section[:1], lambda sights: bool(_buttons(sights, names)))
        found = _buttons(screen.look(), names)
    if len(found) > 1:
        raise ScreenChanged(
            f"“{names[0]}” stands {len(found)} times on the screen.", "Guessing could hit somebody else.", "Look at it."
        )
    return found[0] if found else None


def _buttons(sights: Sights, names: tuple[str, ...]) -> list[tuple[Sight, Text]]:
    return [
        (sight, text)
        for sight in sights
        for name in names
        for text in sight.saying(name)
        if text.click and not (text.disabled or text.row or text.nav or text.tab or text.head)
    ]


def _confirm(screen: Screen, names: tuple[str, ...], fence: Callable[[], None]) -> None:
    """Answers the one dialog that names this change; none may come, or that one and no other."""
    over = _dialog(screen, names)
    if over is None:
        return
    sight, dialog = over
    yes = _affirmative(sight, dialog, names)
    if yes is None:
        raise _asks(dialog)
    fence()
    screen.press(sight, yes)
    screen.wait_for(lambda sights: None if any(s.dialog for s in sights) else True, 10)
    another = next((s.dialog for s in screen.look() if s.dialog), None)
    if another is not None:
        raise _asks(another)


def _dialog(screen: Screen, names: tuple[str, ...]) -> tuple[Sight, Dialog] | None:
    """The dialog that came up; None once the button is gone or the page has come to rest without one."""

    def seen(sights: Sights) -> tuple[Sight, Dialog] | bool | None:
        over = [(s, s.dialog) for s in sights if s.dialog]
        if over:
            return over[0]
        return None if _buttons(sights, names) or screen.traffic.loading() else True

    found = screen.wait_for(seen, 15, rest=1.5)
    return found if isinstance(found, tuple) else None


def _affirmative(sight: Sight, dialog: Dialog, names: tuple[str, ...]) -> Text | None:
    """The one button that says yes to just this change; None for a dialog that asks anything else."""
    inside = [t for t in sight.texts if t.inside((dialog.start, dialog.end))]
    yes = [t for t in inside if t.click and not t.disabled and _YES.match(" ".join(t.own.split()))]
    asked = " ".join(t.own for t in inside if t not in yes)
    fields = [w for w in sight.widgets if w.inside((dialog.start, dialog.end)) and w.kind != "box"]
    return yes[0] if _asks_just_this(asked, names) and not fields and len(yes) == 1 else None


def _asks_just_this(asked: str, names: tuple[str, ...]) -> bool:
    about = _SAYS[names].search(asked) and not _MORE.search(asked)
    return bool(about) and not any(says.search(asked) for wanted, says in _SAYS.items() if wanted != names)


def _asks(dialog: Dialog) -> PersonNeeded:
    return PersonNeeded(
        f"RevolutionEHR asks: {quoted(dialog.text, 200)}",
        "Only a dialog that names this one change and nothing else is answered.",
        "A person answers it in RevolutionEHR, then go on.",
    )


# ---- locked ------------------------------------------------------------------------------------------------


def shows_locked(screen: Screen) -> bool:
    """True when the open record, whose login section shows, says that the account is locked, by a control for it."""
    sights = screen.look()
    return bool(_buttons(sights, UNLOCK)) or _lock_check(sights) is not None


def unlock(screen: Screen, fence: Callable[[], None]) -> bool:
    """Presses Unlock, or unticks Locked, where the open record has one of them; False where it has none."""
    buttons = _buttons(screen.look(), UNLOCK)
    label = _lock_check(screen.look())
    if len(buttons) == 1:
        fence()
        screen.press(*buttons[0])
        screen.steady(6)
        screen.native.no_questions()
        if over := next((s.dialog for s in screen.look() if s.dialog), None):
            raise _asks(over)
        return True
    if label is not None:
        set_check(screen, label, lambda sights: seek(sights, label, CHECK), False)
        return True
    return False


def _lock_check(sights: Sights) -> str | None:
    """The words of a ticked check that says so."""
    for label in LOCKED:
        place = spot(sights, label, CHECK)
        if place and is_checked(place):
            return label
    return None
