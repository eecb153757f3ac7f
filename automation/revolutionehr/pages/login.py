"""The login panel and everything between Login and the app (ehr-facts, section 2).

The form stays in the DOM after login, so "logged in" is told by what is visible: no login fields, and a way to log out
or the modules' header. A password is typed only on a page that says it is RevolutionEHR.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from enum import Enum

from pydantic import SecretStr

from automation.errors import (
    AutomationError,
    NotRevolutionEHR,
    PasswordRefused,
    PersonNeeded,
    ScreenChanged,
    Unavailable,
    quoted,
)
from automation.fields import TEXT, Place, set_secret, spot
from automation.revolutionehr.pages import buttons, header, messages
from automation.screen import Screen, Sights, name_of
from automation.sight import Sight, Widget
from storage.models import Credential

LOGIN = ("Login", "Log In", "Log on", "Sign In", "Sign on")
USERNAME = ("Username", "User Name", "User ID", "Login Name")
_CHANGED = re.compile(r"passw\w* (has been|was|is) (now |successfully )?(changed|reset|updated|set|saved)", re.I)
_NOT_SUBMIT = re.compile(r"^(cancel|back|close|log ?out|sign ?out|help|forgot.*|show|hide|live chat|×|x)$", re.I)
FIRST_LOAD = 60
"""Seconds that a cold start of the app may take (ehr-facts: 5.5 s at most were seen; slow lines are slower)."""
ANSWER = 45
"""Seconds until a login must have led somewhere."""


class Arrival(Enum):
    """Where a login led to, when it led somewhere good."""

    APP = "app"
    RESET = "reset"


# ---- the form ----------------------------------------------------------------------------------------------


def open_login(screen: Screen, url: str) -> None:
    """Goes to RevolutionEHR's login.

    Raises:
        Unreachable, Unavailable: nothing answers, or only an error.
        NotRevolutionEHR: something else answers there.
    """
    status = screen.open(url)
    form = screen.wait_for(lambda s: _login_form(s) or (True if header.in_app(s) else None), _patience(screen, status))
    said = messages.words(screen.look())
    if form is None and (status >= 500 or messages.DOWN.search(said)):
        raise Unavailable(
            f"RevolutionEHR is not available (status {status}).", "It is down or in maintenance.", "Try again later."
        )
    if form is None and screen.traffic.unanswered and _is_revolutionehr(screen.look()):
        raise _half_loaded(screen)
    if form is None or not _is_revolutionehr(screen.look()):
        raise NotRevolutionEHR(
            f"{url} is not RevolutionEHR's login page.",
            f"It answers with “{(screen.look()[0].title or said[:60] or 'an empty page').strip()}”, status {status}; "
            "no password was typed.",
            "Check the address; it usually ends in /static/ and does not begin with www.",
        )


def _half_loaded(screen: Screen) -> Unavailable:
    return Unavailable(
        "RevolutionEHR's login page did not load whole.",
        f"{screen.traffic.unanswered} of its parts got no answer; no password was typed.",
        "Try again later.",
    )


def _patience(screen: Screen, status: int) -> float:
    return 6 if status >= 400 else FIRST_LOAD if _is_revolutionehr(screen.look()) else 20


def _is_revolutionehr(sights: Sights) -> bool:
    return any(re.search(r"revolution\s?ehr|revehr", f"{s.title} {messages.words((s,))}", re.I) for s in sights)


def _login_form(sights: Sights) -> tuple[Sight, Widget, Widget] | None:
    """User name and password field of the visible login form: by their words, else the only two there are."""
    for sight in sights:
        passwords = [w for w in sight.fitting(("password",)) if w.enabled]
        names = [w for w in sight.fitting(("text",)) if w.enabled]
        if len(passwords) != 1:
            continue
        for words in USERNAME:
            place = spot((sight,), words, TEXT, ("loginUsername",))
            if place and place.widget.enabled:
                return sight, place.widget, passwords[0]
        if len(names) == 1 and names[0].start < passwords[0].start and buttons.find((sight,), *LOGIN):
            return sight, names[0], passwords[0]
    return None


def shows_form(sights: Sights) -> bool:
    """True when a person could log in here."""
    return _login_form(sights) is not None


def log_in(screen: Screen, credential: Credential) -> Arrival:
    """Types user name and password once and waits until it led somewhere.

    Raises:
        LoginRefused: RevolutionEHR does not accept them (AccountLocked, LoginExpired, NotAllowedNow where it says so).
        PersonNeeded: a second factor, agreements, a lock, other sessions.
        Unavailable: no answer, or an error that isn't about the login.
    """
    form = screen.wait_for(_login_form, 20)
    if form is None and screen.traffic.unanswered:
        raise _half_loaded(screen)
    if form is None:
        raise ScreenChanged(
            "The login form isn't there.", "RevolutionEHR shows another screen.", "Look at the picture."
        )
    _fill(screen, credential)
    before = screen.look()
    sight, _, password = _login_form(before) or form
    buttons.press(screen, LOGIN, Place(sight, password))
    arrival = screen.wait_for(lambda s: _arrived(s, before), ANSWER)
    if isinstance(arrival, AutomationError):
        raise arrival
    if not isinstance(arrival, Arrival):
        raise _nowhere(screen.look())
    if arrival is Arrival.APP:
        screen.steady(4)
        messages.clear_announcements(screen)
    return arrival


def _fill(screen: Screen, credential: Credential) -> None:
    def name_field(sights: Sights) -> Place:
        form = _login_form(sights)
        if form is None:
            raise ScreenChanged("The login form went away.", "", "Retry.")
        return Place(form[0], form[1])

    def password_field(sights: Sights) -> Place:
        form = _login_form(sights)
        if form is None:
            raise ScreenChanged("The login form went away.", "", "Retry.")
        return Place(form[0], form[2])

    for keys in (False, True):
        place = name_field(screen.look())
        screen.type_into(place.sight, place.widget, credential.username, keys=keys)
        if name_field(screen.look()).widget.value != credential.username:
            continue
        set_secret(screen, password_field, credential.password)
        if name_field(screen.look()).widget.value == credential.username:  # also now
            return
    raise ScreenChanged("The user name field does not take the user name.", "", "Look at the picture.")


def _arrived(sights: Sights, before: Sights) -> Arrival | AutomationError | None:
    if header.in_app(sights):
        return Arrival.APP
    if reset_fields(sights):
        return Arrival.RESET
    if any(s.busy for s in sights):
        return None
    old = {t.own for s in before for t in s.texts} | {a.text for s in before for a in s.alerts}
    alerts = messages.each_once(a.text for s in sights for a in s.alerts if a.text not in old)
    fresh = [t.own for s in sights for t in s.texts if t.own not in old] + alerts
    said = " ".join(dict.fromkeys(fresh))
    trouble = messages.trouble_at_login(said) if said else None
    if trouble:
        whole = messages.trouble_at_login(" ".join(alerts))
        return whole if whole and whole.means == trouble.means else trouble
    if shows_form(sights) and any(a.text not in old and a.bad for s in sights for a in s.alerts):
        return messages.refused(" ".join(alerts))
    if shows_form(sights) and re.search(
        r"invalid|incorrect|wrong|not (valid|recogni[sz]ed|match)|fail|denied", said, re.I
    ):
        return messages.refused(said)
    return None


def _nowhere(sights: Sights) -> AutomationError:
    said = messages.words(sights)
    trouble = messages.trouble_at_login(said)
    if trouble:
        return trouble
    locked = [w for s in sights for w in s.fitting(("password",))]
    if len(locked) == 1 and not shows_form(sights):
        return messages.trouble_at_login("session is locked") or Unavailable("The session is locked.")
    if shows_form(sights):
        return Unavailable("The login led nowhere: the form is still there.", "No answer came in time.", "Try again.")
    return _unknown_screen(said)


def _unknown_screen(said: str) -> PersonNeeded:
    return PersonNeeded(
        f"After the login RevolutionEHR shows a screen nobody told us of: {quoted(said, 160)}",
        "It isn't guessed what it wants.",
        "Log in by hand and see; then go on.",
    )


# ---- the forced reset --------------------------------------------------------------------------------------


def reset_fields(sights: Sights) -> tuple[Sight, Widget | None, Widget, Widget] | None:
    """The reset form: (where, current or None, new, confirm), told by words, else by their usual order."""
    for sight in sights:
        fields = [w for w in sight.fitting(("password",)) if w.enabled]
        if len(fields) not in (2, 3):
            continue
        roles = {w.id: role_of(sight, w) for w in fields}
        by_role = {role: [w for w in fields if roles[w.id] == role] for role in ("current", "new", "confirm")}
        if len(by_role["confirm"]) == 1 and len(by_role["current"]) <= 1:
            rest = [w for w in fields if w is not by_role["confirm"][0] and w not in by_role["current"]]
            if len(rest) == 1:
                return sight, next(iter(by_role["current"]), None), rest[0], by_role["confirm"][0]
        if not any(by_role.values()):
            return sight, fields[0] if len(fields) == 3 else None, fields[-2], fields[-1]
    return None


def role_of(sight: Sight, widget: Widget) -> str:
    """What a password field is for: "current", "new", "confirm", or nothing.

    Its own words count first: a sentence beside it may speak of the temporary password, whatever the field is for.
    """
    own = _role_in(" ".join((*widget.names, widget.placeholder, widget.aria)))
    return own or _role_in(" ".join(t.own for t in sight.texts if spot_is(sight, t.own, widget)))


def _role_in(said: str) -> str:
    words = said.casefold()
    if re.search(r"confirm|re-?enter|re-?type|repeat|verify|again", words):
        return "confirm"
    if re.search(r"current|old|existing|temporary", words):
        return "current"
    return "new" if "new" in words else ""


def spot_is(sight: Sight, words: str, widget: Widget) -> bool:
    """True when these words are the label of this control."""
    if not re.search(r"passw", words, re.I) or len(words) > 60:
        return False
    place = spot((sight,), words, ("password",))
    return place is not None and place.widget.id == widget.id


def reset(screen: Screen, current: SecretStr, new: SecretStr, submitted: Callable[[], None]) -> Arrival | None:
    """Sets the new password in the forced reset. Returns APP, or None when it led back to the login form.

    `submitted` is called right before the click from which on the new password may be the valid one.

    Raises:
        PasswordRefused: RevolutionEHR does not accept the new password; its message is quoted.
    """
    _fill_reset(screen, current, new)
    before = screen.look()
    form = reset_fields(before)
    if form is None:
        raise ScreenChanged("The reset form went away.", "", "Look at the picture.")
    sight, _, _, confirm = form
    button = _submit(sight, confirm)
    screen.next_press = name_of(button[1])
    submitted()
    screen.press(*button)
    outcome = screen.wait_for(lambda s: _after_reset(s, before), ANSWER, rest=4)
    outcome = outcome or _said_again(screen.look())
    if outcome is None and any(s.dialog for s in screen.look()):
        with contextlib.suppress(PersonNeeded):
            messages.clear_announcements(screen)  # of what it took, before it goes on
    outcome = outcome or screen.wait_for(lambda s: _after_reset(s, before), ANSWER)
    if isinstance(outcome, AutomationError):
        raise outcome
    if outcome is None and header.stands_before(screen.look()):
        raise _unknown_screen(messages.words(screen.look()))
    if outcome is None:
        raise Unavailable(
            "RevolutionEHR did not say whether it took the new password.",
            "The new password is kept; the next try finds out which one holds.",
            "Retry.",
        )
    if outcome == "app":
        screen.steady(4)
        messages.clear_announcements(screen)
        return Arrival.APP
    return None


def _fill_reset(screen: Screen, current: SecretStr, new: SecretStr) -> None:
    def at(position: int) -> Callable[[Sights], Place]:
        def find(sights: Sights) -> Place:
            form = reset_fields(sights)
            widget = form[position] if form else None
            if form is None or not isinstance(widget, Widget):
                raise ScreenChanged("The reset form went away.", "", "Look at the picture.")
            return Place(form[0], widget)

        return find

    form = screen.wait_for(reset_fields, 10)
    if form is not None and form[1] is not None:
        set_secret(screen, at(1), current)
    set_secret(screen, at(2), new)
    set_secret(screen, at(3), new)


def _submit(sight: Sight, confirm: Widget) -> buttons.Button:
    names = (
        "Reset Password", "Change Password", "Update Password", "Set Password", "Set New Password", "Save Password",
        "Reset", "Change", "Update", "Submit", "Save", "Continue", "OK", *LOGIN,
    )  # fmt: skip
    button = buttons.find((sight,), *names, near=Place(sight, confirm))
    if button:
        return button
    others = [t for t in sight.texts if t.click and t.role in ("button", "input") and not _NOT_SUBMIT.match(t.own)]
    below = [t for t in others if t.start > confirm.start and sight.reachable(t) and not t.disabled]
    if len(below) == 1:
        return sight, below[0]
    raise ScreenChanged("The reset form has no button that submits it.", "", "Look at the picture; finish it by hand.")


def _after_reset(sights: Sights, before: Sights) -> str | AutomationError | None:
    if header.in_app(sights):
        return "app"
    if shows_form(sights) and not reset_fields(sights):
        return "login"
    if any(s.busy for s in sights):
        return None
    old = {t.own for s in before for t in s.texts} | {a.text for s in before for a in s.alerts}
    fresh = [a.text for s in sights for a in s.alerts if a.text not in old] or [
        t.own for s in sights for t in s.texts if t.own not in old
    ]
    said = " ".join(" ".join(dict.fromkeys(fresh)).split())[:300]
    if reset_fields(sights):  # which may still fade away, below the word that all went well
        return None if _CHANGED.search(said) else _reset_refused(said)
    return messages.trouble_at_login(said) if said else None


def _said_again(sights: Sights) -> AutomationError | None:
    """What an error that stood there before still says, once the page rests with the form open: it is said again."""
    said = [*messages.complaints(sights), *messages.in_red(sights, ())] if reset_fields(sights) else []
    return _reset_refused(" ".join(" ".join(messages.each_once(said)).split())[:300])


def _reset_refused(said: str) -> AutomationError | None:
    if messages.HICCUP.search(said):
        return Unavailable(
            f"RevolutionEHR answered the password reset with an error: {quoted(said)}",
            "The new password is kept; the next try finds out which one holds.",
            "Retry.",
        )
    if re.search(r"passw|must|character|require|invalid|reuse|histor|policy|match|digit|symbol", said, re.I):
        return PasswordRefused(
            f"RevolutionEHR refused the new password: {quoted(said)}",
            "The practice's password policy asks for something else.",
            'Give the policy, for example --password-policy "12-16 no _", and retry.',
        )
    return None
