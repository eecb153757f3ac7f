"""Admin > Employee/Roles > Employees: find ours, read the record, fill it (guide, steps 8 to 14).

The list shows active employees only by default, its row icons act at once and without asking: a record is opened by its
name, and no icon in a line is ever pressed. Parts of the form may be closed tabs or sections with an Edit button.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from pydantic import SecretStr

from automation import choices, lists, tables
from automation.errors import AutomationError, ScreenChanged
from automation.fields import (
    CHECK,
    TEXT,
    Place,
    is_checked,
    seek,
    set_check,
    set_secret,
    set_text,
    shown,
    spot,
    twice,
)
from automation.nearest import BUTTON, FIELD, missing
from automation.nearest import CHECK as A_CHECK
from automation.revolutionehr.desired import DAYS, FIRST_NAME, LAST_NAME
from automation.revolutionehr.pages import buttons, header, messages
from automation.revolutionehr.pages.days import day_checks, day_hours
from automation.revolutionehr.pages.inactive import says_inactive, show_inactive
from automation.revolutionehr.pages.user_roles import press_save
from automation.screen import Screen, Sights
from automation.sight import Icon, Sight, Text, plain

FIRST, LAST = "First Name", "Last Name"
USERNAME = "Username"
TEMPORARY, CONFIRM = "Temporary Password", "Confirm Temporary Password"
EMERGENCY = "Allow Emergency Access"
ALLOWED = "Login Allowed"
ROLES = "User Roles"
PRIMARY, ACCESSIBLE = "Primary Location", "Accessible Locations"

PERSONAL = ("Personal Details", "Personal Information")
LOGIN = ("Login Details", "Login Information")
RESTRICTIONS = ("Login Details", "Login Restrictions")
ROLES_IN = ("Login Details", "User Roles")
LOCATIONS = ("Location Access", "Locations")
_TOGGLE = re.compile(r"(^|[-_ ])(plus|expand|collapse|toggle|toggler|chevron|caret|angle|arrow)([-_ ]|$)")
_ASKS_FOR_PASSWORD = ("Set Temporary Password", "Set Password", "Enter Temporary Password", "Enter Password",
                      "Create Password")  # fmt: skip
_ENDS_PASSWORD = ("OK", "Set", "Set Temporary Password", "Set Password", "Apply", "Done", "Save", "Confirm", "Continue")
_IN_MENU = ("User Roles", "Locations")
"""Sections that have the name of a screen: what says so in the menu is that screen."""


@dataclass(frozen=True)
class Record:
    """An employee as the form shows it: each day and whether it is allowed, each location and whether it is ticked.

    `hours` holds from when to when a day is allowed, in the form's words, where it shows times.
    """

    first: str
    last: str
    username: str
    emergency: bool
    days: dict[str, bool] = field(default_factory=dict)
    roles: tuple[str, ...] = ()
    primary: str = ""
    primary_options: tuple[str, ...] = ()
    locations: dict[str, bool] = field(default_factory=dict)
    hours: dict[str, tuple[str, str]] = field(default_factory=dict)


# ---- the list ----------------------------------------------------------------------------------------------


def open_list(screen: Screen) -> None:
    """Shows the list of employees."""
    header.go(screen, "Employee/Roles", "Employees", _is_list)


def _is_list(sights: Sights) -> bool:
    return buttons.shows_list(sights, "Employee") and not is_open(sights)


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
    opened = tables.open_row(screen, by_name, lambda row: row.words == wanted)
    opened = opened or tables.open_row(screen, _may_be_ours(username), lambda row: row.words == wanted)
    if opened and screen.wait_for(lambda s: True if is_open(s) else None, 15) is None:
        raise missing(screen.look(), FIRST, FIELD)
    screen.steady(6)
    return opened


# ---- the form ----------------------------------------------------------------------------------------------


def start(screen: Screen) -> None:
    """Presses Add and waits for the empty form."""
    screen.press(*buttons.find_add(screen.look(), "Employee"))
    if screen.wait_for(lambda s: True if is_open(s) else None, 15) is None:
        raise missing(screen.look(), FIRST, FIELD)
    screen.steady(6)


def is_open(sights: Sights) -> bool:
    """True when an employee's form is on the screen: one of its sections is."""
    if spot(sights, FIRST, TEXT) or (spot(sights, USERNAME, TEXT) and spot(sights, EMERGENCY, CHECK)):
        return True
    if spot(sights, PRIMARY, ("choice", "box")):
        return True
    heads = (PERSONAL[0], LOGIN[0], LOCATIONS[0])
    return sum(any(s.shows(h) for s in sights) for h in heads) >= 2


def reveal(
    screen: Screen,
    sections: tuple[str, ...],
    there: Callable[[Sights], bool],
    locked: Callable[[Sights], bool] = lambda sights: False,
) -> bool:
    """Opens the sections (outer first) until what is in them is there; each is pressed once only, none that is open.

    A section that shows only text, or whose controls are there but `locked`, is put to editing with its Edit button.
    """
    if screen.wait_for(lambda s: True if there(s) else None, 3, rest=0.2):
        return True
    closed = [] if locked(screen.look()) else list(sections)
    while head := _innermost(screen.look(), closed):
        closed.remove(head[0])
        screen.press(head[1], head[2])
        if screen.wait_for(lambda s: True if there(s) or locked(s) else None, 6, rest=0.6):
            screen.steady(3)
            break
    if there(screen.look()):
        return True
    for section in reversed(sections):
        edit = _edit_in(screen.look(), section)
        if edit:
            screen.press(*edit)
            if screen.wait_for(lambda s: True if there(s) else None, 6, rest=0.8):
                return True
    return False


def _innermost(sights: Sights, sections: list[str]) -> tuple[str, Sight, Text | Icon] | None:
    """The last of these sections whose head is to be seen and doesn't say that it is open already."""
    for section in reversed(sections):
        head = _section_head(sights, section)
        if head:
            sight, text = head
            toggle = text if text.click else _toggle_beside(sight, text) or text
            if toggle.expanded != "true":
                return section, sight, toggle
    return None


def _toggle_beside(sight: Sight, head: Text) -> Icon | None:
    """The picture in a head's line that opens what is under it, where the words themselves are nothing to press."""
    for span in head.up[:6]:
        icons = [i for i in sight.icons if i.inside(span) and i.box.same_line(head.box)]
        found = [i for i in icons if i.expanded or any(_TOGGLE.search(g) for g in i.glyphs)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _section_head(sights: Sights, section: str) -> tuple[Sight, Text] | None:
    for sight in sights:
        said = [t for t in sight.saying(section) if section not in _IN_MENU or _in_form(sight, t)]
        heads = [t for t in said if t.click and not t.row] or [t for t in said if t.click] or said
        if heads:
            return sight, max(
                heads, key=lambda t: (t.role == "tab" or t.tab, t.expanded == "false", not t.nav, t.start)
            )
    return None


def _in_form(sight: Sight, text: Text) -> bool:
    """True when words come after, and not left of, the head of a section that only the form has."""
    heads = [h for name in (PERSONAL[0], LOGIN[0], LOCATIONS[0]) for h in sight.saying(name)]
    return any(h.start < text.start and h.box.x - 40 <= text.box.x for h in heads)


def _edit_in(sights: Sights, section: str) -> tuple[Sight, Text] | None:
    """The Edit button of this section: in the line of its head, else the next one after it."""
    for sight in sights:
        edits = [t for t in sight.saying("Edit") if t.click]
        for head in [t for t in sight.saying(section) if section not in _IN_MENU or _in_form(sight, t)]:
            beside = [t for t in edits if t.box.same_line(head.box)]
            after = [t for t in edits if t.start > head.start]
            if beside or after:
                return sight, min(beside or after, key=lambda t: (abs(t.box.y - head.box.y), t.start))
    return None


def _need(screen: Screen, sections: tuple[str, ...], label: str, kinds: Iterable[str]) -> None:
    wanted = tuple(kinds)
    reveal(screen, sections, lambda s: _open(spot(s, label, wanted)), lambda s: _locked(spot(s, label, wanted)))
    seek(screen.look(), label, wanted)


def _open(place: Place | None) -> bool:
    """True for a control that is there and takes input: not one whose section waits for Edit."""
    return place is not None and place.widget.enabled and not place.widget.readonly


def _locked(place: Place | None) -> bool:
    return place is not None and not _open(place)


def set_name(screen: Screen) -> None:
    """First and last name (guide, step 9)."""
    _need(screen, PERSONAL, FIRST, TEXT)
    set_text(screen, FIRST, FIRST_NAME)
    set_text(screen, LAST, LAST_NAME)


def set_username(screen: Screen, username: str) -> None:
    """The user name (guide, step 10)."""
    _need(screen, LOGIN, USERNAME, TEXT)
    set_text(screen, USERNAME, username)


def set_password(screen: Screen, password: SecretStr, *, new: bool = False) -> None:
    """The temporary password, twice (guide, step 10).

    For a `new` employee also where a button asks for it in a dialog: what is entered there holds once all is saved.
    In a record that exists such a button may act at once, so it is left alone.

    Raises:
        PasswordRefused: the dialog does not take it; its message is quoted.
    """
    dialogs = _dialogs(screen.look())
    opener = buttons.find(screen.look(), *_ASKS_FOR_PASSWORD) if new and not _takes_password(screen.look()) else None
    if opener:
        screen.press(*opener)
        screen.wait_for(lambda s: _takes_password(s) or None, 6)
    _need(screen, LOGIN, TEMPORARY, TEXT)
    set_secret(screen, lambda s: seek(s, TEMPORARY, TEXT), password)
    set_secret(screen, lambda s: seek(s, CONFIRM, TEXT), password)
    if opener and _dialogs(screen.look()) > dialogs:
        _leave_password_dialog(screen)


def _takes_password(sights: Sights) -> bool:
    return _open(spot(sights, TEMPORARY, TEXT))


def _dialogs(sights: Sights) -> int:
    return sum(len(sight.dialogs) for sight in sights)


def _leave_password_dialog(screen: Screen) -> None:
    before = screen.look()
    button = buttons.find(before, *_ENDS_PASSWORD, near=seek(before, CONFIRM, TEXT))
    if button is None:
        raise missing(before, _ENDS_PASSWORD[0], BUTTON)
    screen.press(*button)
    if screen.wait_for(lambda s: None if _dialogs(s) >= _dialogs(before) else True, 6):
        screen.steady(3)
        return
    said = messages.complaints(screen.look(), before)
    raise (
        messages.not_saved(said, "password")
        if said
        else ScreenChanged(
            "The dialog for the temporary password does not close.", "Nothing was saved.", "Look at the picture."
        )
    )


def set_emergency_off(screen: Screen) -> None:
    """Emergency access stays off (guide, step 10): it bypasses every restriction."""
    _need(screen, LOGIN, EMERGENCY, CHECK)
    set_check(screen, EMERGENCY, lambda s: seek(s, EMERGENCY, CHECK), False)


def set_days(screen: Screen) -> None:
    """Login Allowed on each day (guide, step 11)."""
    reveal(
        screen,
        RESTRICTIONS,
        lambda s: len(checks := day_checks(s)) == len(DAYS) and all(map(_open, checks.values())),
        lambda s: any(map(_locked, day_checks(s).values())),
    )
    for _ in range(3 * len(DAYS)):
        closed = [place for day in DAYS if not is_checked(place := _day(screen.look(), day))]
        if not closed:
            break
        screen.press(closed[0].sight, closed[0].widget)
        screen.deeds.append(f"{ALLOWED}: ticked for one more day")
        _wait_for_fewer(screen, len(closed))
    if not twice(screen, lambda s: _closed(s) == 0, 2):
        raise ScreenChanged(f"“{ALLOWED}” can't be ticked on every day.", "RevolutionEHR puts it back.", "Look at it.")


def _wait_for_fewer(screen: Screen, closed: int) -> None:
    screen.wait_for(lambda sights: True if _closed(sights) < closed else None, 2)


def _closed(sights: Sights) -> int:
    checks = day_checks(sights)
    return sum(day not in checks or not is_checked(checks[day]) for day in DAYS)


def _day(sights: Sights, day: str) -> Place:
    place = day_checks(sights).get(day)
    if place is None:
        raise missing(sights, f"{ALLOWED} for {day}", A_CHECK)
    return place


def set_role(screen: Screen, role: str) -> None:
    """The one role (guide, step 12).

    Raises:
        NotListed: the list was loaded before the role was made; a reload shows it.
        ScreenChanged: it can't be chosen.
    """
    reveal(screen, ROLES_IN, has_role_list)
    edit = _edit_in(screen.look(), ROLES)
    try:
        lists.set_list(screen, ROLES, lambda name: plain(name) == plain(role), (role,), must=role)
    except lists.NotListed:
        if edit is None:
            raise
        screen.press(*edit)
        screen.steady(3)
        lists.set_list(screen, ROLES, lambda name: plain(name) == plain(role), (role,), must=role)


def has_role_list(sights: Sights) -> bool:
    """True when the form's list of roles is on the screen, in whatever form; the menu item doesn't count."""
    return lists.list_there(sights, ROLES)


def set_primary(screen: Screen, name: str | None) -> str:
    """The primary location: the wanted one, else what is chosen already, else the first listed. Returns its name."""
    _open_locations(screen)
    offered = choices.options(screen, PRIMARY)
    if name is None:
        now = [v for v in shown(choices.seek_choice(screen.look(), PRIMARY)) if v in offered]
        name = now[0] if now else next(iter(offered), None)
    if name is None:
        raise ScreenChanged("“Primary Location” has no option.", "The practice has no location yet.", "Add one first.")
    choices.choose(screen, PRIMARY, name)
    return next((o for o in offered if plain(o) == plain(name)), name)


def _open_locations(screen: Screen) -> None:
    box = ("choice", "box")
    reveal(screen, LOCATIONS, lambda s: _open(spot(s, PRIMARY, box)), lambda s: _locked(spot(s, PRIMARY, box)))


def set_locations(screen: Screen, known: Iterable[str]) -> tuple[str, ...]:
    """All accessible locations (guide, step 13); returns their names.

    Raises:
        ScreenChanged: the list doesn't show one of those that are known.
    """
    known = list(known)
    now = lists.set_list(screen, ACCESSIBLE, lambda name: True, known)
    unseen = _unseen(known, now, shown(choices.seek_choice(screen.look(), PRIMARY)))
    if unseen:
        raise ScreenChanged(
            f"“{ACCESSIBLE}” does not show {', '.join(unseen[:5])}.",
            "It may have further pages or leave some out: the employee would not get all locations.",
            "Nothing was saved; look at the picture, and select them by hand.",
        )
    return tuple(now)


def _unseen(offered: Iterable[str], listed: Iterable[str], primary: Iterable[str]) -> list[str]:
    """Locations that the list of the accessible ones doesn't show; some lists leave out the primary one.

    None where it shows no other of them either: then it calls them otherwise.
    """
    there, own = set(map(plain, listed)), set(map(plain, primary))
    others = [name for name in offered if plain(name) not in own]
    unseen = [name for name in others if plain(name) not in there]
    return unseen if len(unseen) < len(others) else []


def save(screen: Screen, fence: Callable[[], None]) -> AutomationError | None:
    """Presses Save once and waits for an outcome; what RevolutionEHR said against it, if it said something.

    Where sections are edited one by one, each is finished with its Update first.
    """
    _update_sections(screen, fence)
    return press_save(screen, fence, "employee", _anchor, is_open)


def _update_sections(screen: Screen, fence: Callable[[], None]) -> None:
    """Press Update in each section that is being edited, also in those behind another tab.

    A form whose only button is Update is left to `press_save`.
    """
    if not _updates(screen.look()) or not any(sight.saying("Save") for sight in screen.look()):
        return
    for section in (LOCATIONS[0], LOGIN[0], PERSONAL[0]):
        head = None if _updates(screen.look()) else _section_head(screen.look(), section)
        if head:
            screen.press(*head)
            screen.wait_for(lambda s: True if _updates(s) else None, 2, rest=0.5)
        while editing := _updates(screen.look()):
            screen.next_press = "Update"
            fence()
            screen.press(*editing[0])
            gone = _fewer_updates(len(editing))
            if not screen.wait_for(gone, 5, rest=0.8):
                return


def _fewer_updates(than: int) -> Callable[[Sights], bool | None]:
    return lambda sights: True if len(_updates(sights)) < than else None


def _updates(sights: Sights) -> list[tuple[Sight, Text]]:
    return [(sight, text) for sight in sights for text in sight.saying("Update") if text.click]


def _anchor(sights: Sights) -> Place:
    for label, kinds in ((ACCESSIBLE, CHECK), (PRIMARY, ("choice", "box")), (FIRST, TEXT), (USERNAME, TEXT)):
        place = spot(sights, label, kinds)
        if place:
            return place
    widgets = [Place(s, w) for s in sights for w in s.widgets if w.kind in ("text", "check", "choice")]
    if not widgets:
        raise missing(sights, FIRST, FIELD)
    return widgets[-1]


def read_username(screen: Screen) -> str:
    """The user name of the open record; its login section shows afterwards."""
    _need(screen, LOGIN, USERNAME, TEXT)
    return seek(screen.look(), USERNAME, TEXT).widget.value


def read_record(screen: Screen) -> Record:
    """The whole open record, every section of it."""
    _need(screen, PERSONAL, FIRST, TEXT)
    first = seek(screen.look(), FIRST, TEXT).widget.value
    last = seek(screen.look(), LAST, TEXT).widget.value
    username = read_username(screen)
    _need(screen, LOGIN, EMERGENCY, CHECK)
    emergency = seek(screen.look(), EMERGENCY, CHECK).widget.checked != "false"
    reveal(screen, RESTRICTIONS, lambda s: len(day_checks(s)) == len(DAYS))
    checks = day_checks(screen.look())
    days, hours = {day: is_checked(place) for day, place in checks.items()}, day_hours(checks)
    reveal(screen, ROLES_IN, has_role_list)
    roles = tuple(name for name, taken in lists.read_list(screen, ROLES).items() if taken)
    primary, offered, locations = read_locations(screen)
    return Record(first, last, username, emergency, days, roles, primary, offered, locations, hours)


def read_locations(screen: Screen) -> tuple[str, tuple[str, ...], dict[str, bool]]:
    """The chosen primary location ("" for none), those it offers, and the accessible ones.

    What is offered and isn't in that list, which may show a part of itself, isn't accessible as far as can be seen.
    """
    _open_locations(screen)
    offered = tuple(choices.options(screen, PRIMARY))
    chosen = [v for v in shown(choices.seek_choice(screen.look(), PRIMARY)) if v in offered]
    listed = lists.read_list(screen, ACCESSIBLE, offered)
    return next(iter(chosen), ""), offered, listed | dict.fromkeys(_unseen(offered, listed, chosen), False)
