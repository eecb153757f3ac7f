"""Admin > Employee/Roles > Employees > one of them: fill in the form and read the record (guide, steps 9 to 14).

Parts of the form may be closed tabs or sections with an Edit button (sections.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from pydantic import SecretStr

from automation import choices, lists
from automation.errors import AutomationError, ScreenChanged
from automation.fields import CHECK, TEXT, Place, is_checked, seek, set_check, set_secret, set_text, shown, spot, twice
from automation.nearest import BUTTON, FIELD, missing
from automation.nearest import CHECK as A_CHECK
from automation.revolutionehr.desired import DAYS, FIRST_NAME, LAST_NAME
from automation.revolutionehr.pages import buttons, messages
from automation.revolutionehr.pages.days import day_checks, day_hours
from automation.revolutionehr.pages.sections import (
    LOCATIONS,
    LOGIN,
    PERSONAL,
    RESTRICTIONS,
    ROLES_IN,
    edit_in,
    reveal,
    section_head,
)
from automation.revolutionehr.pages.user_roles import press_save
from automation.screen import Screen, Sights, WentAway
from automation.sight import Sight, Text, plain

FIRST, LAST = "First Name", "Last Name"
USERNAME = "Username"
TEMPORARY, CONFIRM = "Temporary Password", "Confirm Temporary Password"
EMERGENCY = "Allow Emergency Access"
ALLOWED = "Login Allowed"
ROLES = "User Roles"
PRIMARY, ACCESSIBLE = "Primary Location", "Accessible Locations"

_ASKS_FOR_PASSWORD = ("Set Temporary Password", "Set Password", "Enter Temporary Password", "Enter Password",
                      "Create Password")  # fmt: skip
_ENDS_PASSWORD = ("OK", "Set", "Set Temporary Password", "Set Password", "Apply", "Done", "Save", "Confirm", "Continue")


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
        with suppress(WentAway):  # drawn anew just then: it is looked for again
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
    edit = edit_in(screen.look(), ROLES)
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
        head = None if _updates(screen.look()) else section_head(screen.look(), section)
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
