"""What can go wrong in the stand-in RevolutionEHR: every fault by name, with a sentence. The names live only here.

The server acts out `SERVER` by itself. The faults in `FRONT` are told to the front end, which acts them out; those in
`LEGACY` are acted out by the legacy one only. A fault in `SEEDS` also puts something into the practice when it is first
switched on, and leaves it there. A fault that says "once" or "first" starts anew when it is switched on again.
"""

from __future__ import annotations

import difflib
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sandbox.ehr import seed
from sandbox.ehr.state import State

SERVER: dict[str, str] = {
    # Getting there
    "www-404": "The address answers with the marketing site's 404 page, as it does with www.",
    "maintenance-page": "The address answers 503 with a maintenance page.",
    "slow-first-load": "The first load takes 15 seconds before anything shows.",
    "slow-network": "Every answer of the server takes most of a second.",
    # Logging in
    "outdated-browser-banner": "A warning about an old browser stands above the login form; it is harmless.",
    "motd-warning": "The message of the day is a warning about tonight's maintenance.",
    "multiple-login": "Login is refused with a link to clear all active sessions, until it is pressed.",
    "session-expired-message": "The login form says that the session has expired.",
    "session-locked-message": "The login form says that the session is locked by another tab.",
    "admin-password-wrong": "The administrator's password was changed: the one that people know is refused.",
    "admin-password-expired": "The administrator's password has expired: after login comes the reset form.",
    "account-locked": "The administrator's account is locked, whatever the password.",
    "admin-login-restricted": "The administrator may not log in at this time of day.",
    "login-500-once": "The first login is answered with a server error.",
    "mfa": "After the password a code is asked for; 246810 is right.",
    "sso": "Login ends at a page that sends people to the practice's single sign-on.",
    "agreements": "New users meet an agreement to accept at their first login.",
    "agreements-admin": "The administrator meets an agreement to accept.",
    "expired-agreements-admin": "The administrator meets an agreement whose acceptance has expired.",
    "lock-state": "Every login arrives at the lock screen, which asks for the password once more.",
    "emergency-access-available": "The login form has a box for emergency access.",
    # Rights and menus
    "no-admin-button": "Nobody's header has an Admin button.",
    "no-employee-roles": "The Admin menu has no Employee/Roles.",
    "empty-home": "The home page shows nothing at all.",
    # The practice ID
    "id-with-thousands-separator": "The practice ID is written 2,915.",
    "id-with-spaces": "The practice ID stands between spaces.",
    "id-empty-while-loading": "The practice ID stays empty for some seconds after the page shows.",
    "id-never-loads": "The practice ID stays empty.",
    # Roles
    "role-exists-identical": "A role OneSpot with the right six permissions exists already.",
    "role-exists-shared": "A role OneSpot with the right six permissions exists already, and somebody else has it.",
    "role-exists-different": "A role OneSpot exists that may also edit invoices, and another employee has it.",
    "role-exists-other-case": "A role Onespot, in other letters, exists already.",
    "duplicate-role-names-allowed": "The server lets two roles have one name.",
    "tree-slow": "The permissions below a folder take some seconds to come.",
    "general-is-a-folder": "Administration's permission General has permissions below it.",
    # Saving
    "slow-save": "Every save takes four seconds.",
    "save-validation-list": "Every save of a new role or employee is refused with a list of errors after a while.",
    "save-role-500-but-saved": "Saving a new role is answered with a server error, but the role is made.",
    "save-role-500-not-saved": "Saving a new role is answered with a server error, and nothing is made.",
    "save-employee-500-but-saved": "Saving a new employee is answered with a server error, but it is made.",
    "save-employee-500-once": "The first save of a new employee is answered with a server error, and nothing is made.",
    "conflict-on-save": "Changing an employee is refused because somebody else changed the record meanwhile.",
    "admin-page-500-once": "The employees list fails for the first login that opens it, and works for the next one.",
    "session-timeout-mid-form": "At the first save of a role or employee the session has timed out.",
    "session-locks-mid-form": "At the first save of a role or employee the session is locked by inactivity.",
    "app-reloads-mid-form": "The first form for a new employee is lost: a new version makes the page load anew.",
    # Employees and passwords
    "username-taken-elsewhere": "A user name that begins with OneSpot belongs to another practice.",
    "username-taken-inactive": "An inactive employee, an old Sync OneSpot, has our user name.",
    "employee-exists": "Another person's active employee has our user name.",
    "employee-exists-by-hand": "Somebody made an active Sync OneSpot with our user name by hand, without our role.",
    "required-field-unknown": "A new employee needs an Employment Type, which the guide doesn't know.",
    "password-policy-strict": "Passwords have 8 to 12 characters and no underscore; the message says so.",
    "password-policy-rejects-first": "The first temporary and the first final password are refused as too common.",
    "reset-three-fields": "The reset form also asks for the current password.",
    "reset-back-to-login": "After the reset the login form comes back with a green message.",
    "reset-500-but-done": "The reset is answered with a server error, but the new password counts.",
    "profile-password-500-but-done": "Changing one's own password is answered with a server error, but it counts.",
    "profile-password-500-not-done": "Changing one's own password is answered with a server error, and doesn't count.",
    "profile-password-ignored": "Changing one's own password is answered as if it were done, and isn't.",
    "profile-password-logs-out": "Changing one's own password ends the session.",
    "days-default-off": "A new employee's days are all without Login Allowed.",
    "days-mixed": "A new employee's weekend has no Login Allowed.",
    "days-with-times": "A new employee's days are allowed from 8:00 AM to 6:00 PM only.",
    "emergency-default-on": "Allow Emergency Access is ticked for a new employee.",
    # Locations
    "one-location": "The practice has a single location.",
    "many-locations": "The practice has fourteen locations; lists scroll and have a search.",
    "inactive-locations-listed": "Pickers list inactive locations too.",
}

FRONT: dict[str, str] = {
    "release-notes-modal": "After login a window with release notes stands in front of everything.",
    "app-update-banner": "A banner asks to reload because a new version is there.",
    "password-expires-soon": "A banner says that the password of whoever is logged in expires soon.",
    "menu-groups-collapsed": "All groups of the Admin menu are closed on arrival.",
    "menu-groups-expanded": "All groups of the Admin menu are open on arrival.",
    "id-in-disabled-input": "The practice ID stands in a disabled input instead of plain text.",
    "tree-no-cascade": "Ticking a permission folder ticks nothing below it.",
    "search-needs-enter": "The lists' search reacts to Enter only; its button is missing.",
    "search-debounce": "The lists' search starts by itself a while after the last key, and Enter does nothing.",
    "save-without-toast": "A save is followed by no message.",
    "toast-vanishes": "The message after a save is gone in a blink.",
    "save-covered-by-badge": "The chat badge lies over the Save button.",
    "save-twice-makes-two": "Save stays enabled while it saves, and a second click makes a second record.",
    "section-edit-buttons": "Each section of the employee form opens with Edit and closes with Update.",
    "maxlength-12": "Password fields cut what is typed after 12 characters, silently.",
    "confirm-cut-differently": "The field that confirms a password cuts at 12 characters, the other doesn't.",
    "no-edit-profile": "The user menu's Edit Profile leads nowhere.",
    "profile-without-password": "Edit Profile has no way to change the password.",
    "new-role-missing-until-reload": "A new role is missing in the role picker until the page is loaded anew.",
    "select-all-present": "Accessible Locations has a Select All.",
    "primary-auto-ticks": "Choosing the primary location ticks it among the accessible ones too.",
    "unsaved-changes-dialog": "Leaving a form with unsaved changes asks with Yes and No.",
    "native-beforeunload": "Leaving the page with unsaved changes asks in the browser's own dialog.",
    "activate-asks": "The button that activates or deactivates an employee in the record asks first.",
    "record-without-activate": "An employee's record has no button to activate or deactivate.",
    "frozen-page": "The role form runs a script that never ends.",
}

LEGACY: dict[str, str] = {
    "late-autofocus": "The Username field takes the focus half a second after the login form shows.",
    "cell-popovers": "Resting on a cell of a list shows its text a second time.",
    "admin-in-iframe": "The Admin screens stand in an iframe.",
    "tree-animated": "The permissions below a folder slide in for most of a second.",
}

FAULTS: dict[str, str] = SERVER | FRONT | LEGACY

SEEDS: dict[str, Callable[[State], object]] = {
    "role-exists-identical": seed.onespot_role,
    "role-exists-shared": lambda state: seed.onespot_role(state, shared=True),
    "role-exists-different": lambda state: seed.onespot_role(state, different=True, shared=True),
    "role-exists-other-case": lambda state: seed.onespot_role(state, "Onespot"),
    "general-is-a-folder": lambda state: state.tree.make_general_a_folder(),
    "username-taken-inactive": lambda state: seed.onespot_employee(state, "Sync", "OneSpot", active=False),
    "employee-exists": lambda state: seed.onespot_employee(state, "Oneida", "Spottiswoode"),
    "employee-exists-by-hand": lambda state: seed.onespot_employee(state, "Sync", "OneSpot"),
    "one-location": seed.one_location,
    "many-locations": seed.many_locations,
}


def check_name(name: str) -> str:
    """The name itself. Raises ValueError with a sentence that lists the names nearest to an unknown one."""
    if name not in FAULTS:
        near = difflib.get_close_matches(name, FAULTS, n=4, cutoff=0.4) or sorted(FAULTS)[:4]
        raise ValueError(f'There is no fault named "{name}". Near it are: {", ".join(near)}.')
    return name


class Faults:
    """The faults that are on, a live set; safe to switch from any thread while the server runs."""

    def __init__(self, state: State, names: Iterable[str] = ()) -> None:
        self._state = state
        self._on: dict[str, set[str]] = {}
        self._seeded: set[str] = set()
        self._lock = threading.Lock()
        self.on(*names)

    def on(self, *names: str) -> None:
        """Switches faults on. Raises ValueError for an unknown name, before switching any."""
        for name in [check_name(one) for one in names]:
            with self._state.lock, self._lock:
                self._on[name] = set()
                if name in SEEDS and name not in self._seeded:
                    self._seeded.add(name)
                    SEEDS[name](self._state)

    def off(self, *names: str) -> None:
        """Switches faults off; what they seeded stays."""
        with self._lock:
            for name in [check_name(one) for one in names]:
                self._on.pop(name, None)

    def first(self, name: str, about: str = "") -> bool:
        """True once since the fault was switched on (once for each `about`), False when it is off."""
        with self._lock:
            seen = self._on.get(check_name(name))
            if seen is None or about in seen:
                return False
            seen.add(about)
            return True

    def for_front_end(self) -> list[str]:
        """The names that the front end must act out."""
        return [name for name in self if name not in SERVER]

    def __contains__(self, name: Any) -> bool:
        return check_name(name) in self._on

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._on))

    def __len__(self) -> int:
        return len(self._on)
