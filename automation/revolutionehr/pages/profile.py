"""The account's own profile, and the change of its password there (ehr-facts, sections 7 and 8).

That the user menu has Edit Profile is known; what its screen looks like isn't. So the way is told by words: the menu
that bears our name, the entry that speaks of a profile or a password, a form with a new password and its confirmation.
Lock, which is in the same menu, is never pressed; nothing but the password is changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from pydantic import SecretStr

from automation.errors import AutomationError, PasswordRefused, ScreenChanged, Unavailable, quoted
from automation.fields import Place, set_secret
from automation.revolutionehr.desired import FIRST_NAME, LAST_NAME
from automation.revolutionehr.pages import login, messages
from automation.screen import Screen, Sights
from automation.sight import Icon, Sight, Text, Widget, normal

Target = tuple[Sight, Text | Icon]
Form = tuple[Sight, Widget | None, Widget, Widget]
"""Where it is, the field for the current password if there is one, for the new one, and for that once more."""

ENTRIES = (
    "Change Password", "Change My Password", "Edit Profile", "Edit My Profile", "My Profile", "User Profile",
    "View Profile", "Profile", "Profile Settings", "My Account", "Account Settings", "Edit Account", "My Settings",
    "User Settings", "Account",
)  # fmt: skip
"""What leads there, in a user's menu, the best first."""
DOORS = (
    "Change Password", "Change My Password", "Update Password", "Reset Password", "Change", "Password", "Security",
    "Password & Security", "Security & Password", "Login & Security", "Security Settings", "Account Security",
    "Password Settings", "Login Details", "Login Information", "Credentials", "Edit", "Edit Profile",
)  # fmt: skip
"""What the form may be behind, on that screen: a tab or a button."""
MENUS = ("User Menu", "My Account", "Account Menu", "Account", "My Profile", "Profile", "User", "User Account")
SUBMITS = (
    "Change Password", "Update Password", "Save Password", "Set Password", "Set New Password", "Reset Password",
    "Save", "Save Changes", "Update", "Change", "Submit", "Apply", "OK", "Done",
)  # fmt: skip

_PERSON = re.compile(r"(^|[-_ ])(user|user-?circle|circle-?user|avatar|person|account|profile|headerusermenu)([-_ ]|$)")
_NOT_THE_MENU = re.compile(r"lock|out\b|off\b|slash|plus|minus|add|power|group|users|people")
_TOP = 120
"""Pixels from the top in which the header stands."""
_TAKEN = re.compile(
    r"passwords? (was |is |has been |have been )?(successfully )?(changed|updated|saved|reset|set)", re.I
)
_WRONG_CURRENT = re.compile(
    r"(current|old|existing|present) password[^.!?]{0,40}(incorrect|wrong|invalid|not |n't|mismatch)"
    r"|(incorrect|wrong|invalid) (current|old|existing|present) password",
    re.I,
)
_AGAINST = re.compile(r"passw|must|character|require|invalid|reuse|histor|policy|match|digit|symbol|common", re.I)


# ---- the way there -------------------------------------------------------------------------------------------


def open_form(screen: Screen, username: str) -> bool:
    """Goes to the form that changes the account's own password; False where there is none to be found."""
    entry = _entry(screen, username)
    if entry is None:
        return False
    before = screen.look()
    screen.press(*entry)
    screen.wait_for(lambda s: form(s) or next(_doors(s, before, ()), None), 12, rest=3)
    pressed: list[str] = []
    for _ in range(3):
        if screen.wait_for(form, 5, rest=1.5):
            return True
        door = next(_doors(screen.look(), before, pressed), None)
        if door is None:
            return False
        pressed.append(normal(door[1].own))
        screen.press(*door)
    return screen.wait_for(form, 5, rest=1.5) is not None


def form(sights: Sights) -> Form | None:
    """The form with a new password and its confirmation: only where words say which is which."""
    found = login.reset_fields(sights)
    if found is None or login.role_of(found[0], found[3]) != "confirm":
        return None
    return found


def longest(sights: Sights) -> int | None:
    """At how many characters the password fields that are shown cut; None where they don't say."""
    found = login.reset_fields(sights)
    limits = [w.maxlength for w in found[2:] if w.maxlength > 0] if found else []
    return min(limits, default=None)


def _entry(screen: Screen, username: str) -> Target | None:
    """The entry of the user's menu, which is opened for it."""
    sights = screen.look()
    there = _said(sights, ENTRIES, lambda t: t.box.y < _TOP)
    if there is not None:
        return there
    for menu in list(_menus(sights, username))[:4]:
        entry = _opened(screen, menu)
        if entry is not None:
            return entry
        screen.key("Escape")
    return None


def _opened(screen: Screen, menu: Target) -> Target | None:
    """The entry that a press on this shows."""
    before = {t.id for s in screen.look() for t in s.texts}
    screen.press(*menu)
    return screen.wait_for(lambda s: _said(s, ENTRIES, lambda t: t.id not in before), 5, rest=1.5)


def _said(sights: Sights, words: tuple[str, ...], fits: Callable[[Text], bool]) -> Target | None:
    for name in words:
        for sight in sights:
            texts = [t for t in sight.saying(name) if t.click and not t.disabled and fits(t)]
            if texts:
                return sight, texts[0]
    return None


def _menus(sights: Sights, username: str) -> Iterator[Target]:
    """What may open the user's menu, the likeliest first: what bears our name, what says so, a picture of a person."""
    for sight in sights:
        top = [t for t in sight.texts if t.click and t.box.y < _TOP and sight.reachable(t)]
        yield from ((sight, t) for t in top if _is_us(t.own, username))
    for sight in sights:
        icons = [i for i in sight.icons if i.box.y < _TOP and sight.reachable(i)]
        top = [t for name in MENUS for t in sight.saying(name) if t.click and t.box.y < _TOP]
        yield from ((sight, t) for t in top)
        yield from ((sight, i) for i in icons if any(_is_us(s, username) or normal(s) in _NAMES for s in i.said))
        right = [i for i in icons if i.box.x > sight.width / 2 and not i.said]
        yield from ((sight, i) for i in right if _is_a_person(i))


_NAMES = frozenset(normal(name) for name in MENUS)


def _is_us(words: str, username: str) -> bool:
    """True for our name in any order, our user name, or both; never for a name that only holds them."""
    said = set(re.findall(r"\w+", words.casefold())) - {"hi", "hello", "welcome"}
    ours = {FIRST_NAME.casefold(), LAST_NAME.casefold(), username.casefold()}
    return bool(said) and said <= ours and said != {FIRST_NAME.casefold()}


def _is_a_person(icon: Icon) -> bool:
    return any(_PERSON.search(g) for g in icon.glyphs) and not any(_NOT_THE_MENU.search(g) for g in icon.glyphs)


def _doors(sights: Sights, before: Sights, pressed: Sequence[str]) -> Iterator[tuple[Sight, Text]]:
    """What the form may be behind: new since the screen was opened, below the header, and not pressed yet."""
    old = {t.id for s in before for t in s.texts}
    for name in DOORS:
        for sight in sights:
            for text in sight.saying(name):
                fits = text.click and not text.disabled and text.id not in old
                if fits and normal(text.own) not in pressed:
                    yield sight, text


# ---- the change ----------------------------------------------------------------------------------------------


def change(screen: Screen, current: SecretStr, new: SecretStr, submitted: Callable[[], None]) -> None:
    """Sets the new password in the form that is open. Returning proves nothing yet: a fresh login does.

    `submitted` is called right before the click from which on the new password may be the valid one.

    Raises:
        PasswordRefused: RevolutionEHR does not accept the new password; its message is quoted.
        Unavailable: it answered with an error, and may have taken it all the same.
        ScreenChanged: the form went away, has no button, or says something else.
    """
    if screen.wait_for(form, 10) is None:
        raise _went_away()
    if _form(screen.look())[1] is not None:
        set_secret(screen, _at(1), current)
    set_secret(screen, _at(2), new)
    set_secret(screen, _at(3), new)
    button = screen.wait_for(_button, 8)
    if button is None:
        raise ScreenChanged("The form has no button that changes the password.", "", "Change it by hand.")
    before = screen.look()
    submitted()
    screen.press(*button)
    outcome = screen.wait_for(lambda s: _after(s, before), login.ANSWER, rest=4) or _said_again(screen.look())
    if isinstance(outcome, AutomationError):
        raise outcome


def _at(position: int) -> Callable[[Sights], Place]:
    def find(sights: Sights) -> Place:
        found = _form(sights)
        widget = found[position]
        if not isinstance(widget, Widget):
            raise _went_away()
        return Place(found[0], widget)

    return find


def _form(sights: Sights) -> Form:
    found = form(sights)
    if found is None:
        raise _went_away()
    return found


def _went_away() -> ScreenChanged:
    return ScreenChanged("The form that changes the password went away.", "", "Look by hand, and try again.")


def _button(sights: Sights) -> tuple[Sight, Text] | None:
    """The button that belongs to the form: of those with fitting words, the one in the smallest part that holds both.

    One that stands before the fields opened them; it is taken only where there is no other.
    """
    found = form(sights)
    if found is None:
        return None
    sight, _, _, confirm = found
    buttons = [
        (text.start < confirm.start, _part(text, confirm), rank, text)
        for rank, name in enumerate(SUBMITS)
        for text in sight.saying(name)
        if text.click and not text.disabled and not text.tab
    ]
    return (sight, min(buttons, key=lambda b: b[:3])[3]) if buttons else None


def _part(text: Text, widget: Widget) -> int:
    return next((end - start for start, end in text.up if start <= widget.start < end), 1_000_000)


def _after(sights: Sights, before: Sights) -> str | AutomationError | None:
    if login.shows_form(sights):
        return "logged out"
    if any(s.busy for s in sights):
        return None
    old = {t.own for s in before for t in s.texts} | {a.text for s in before for a in s.alerts}
    bad = [a.text for s in sights for a in s.alerts if a.bad and a.text not in old]
    if bad:
        return _refused(" ".join(bad))
    said = " ".join(t.own for s in sights for t in s.texts if t.own not in old)
    if _TAKEN.search(said) or not form(sights):
        return _refused(said) if messages.HICCUP.search(said) else "done"
    return _refused(said) if said and (_AGAINST.search(said) or messages.HICCUP.search(said)) else None


def _said_again(sights: Sights) -> AutomationError | None:
    """What an error that stood there before still says, once the page rests with the form open: it is said again."""
    said = messages.complaints(sights) if form(sights) else []
    return _refused(" ".join(said)) if said else None


def _refused(said: str) -> AutomationError:
    words = quoted(said)
    if _WRONG_CURRENT.search(said):
        return ScreenChanged(
            f"RevolutionEHR says that the current password is wrong: {words}",
            "A login with it worked a moment ago, so the form may mean something else.",
            "Change the password by hand, or press Repair.",
        )
    if messages.HICCUP.search(said):
        return Unavailable(
            f"RevolutionEHR answered the change of the password with an error: {words}",
            "It may have taken it all the same; a login shows which one holds.",
            "Try again.",
        )
    if _AGAINST.search(said):
        return PasswordRefused(
            f"RevolutionEHR refused the new password: {words}",
            "The practice's password policy asks for something else.",
            'Give the policy, for example --password-policy "12-16 no _", and try again.',
        )
    return ScreenChanged(
        f"RevolutionEHR said after the change of the password: {words}", "It isn't guessed.", "Look by hand."
    )
