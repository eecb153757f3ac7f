"""What RevolutionEHR says in words: which kind of message it is, and dialogs that lie over the screen.

Wording of most messages is unknown (ehr-facts, sections 2, 11 and 14): so kinds are told by what any such message must
say, and a person always reads the exact words. An announcement with nothing but a way to close it is closed; the only
questions that are answered here are whether to save what Save was just pressed for, and whether to log out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from automation.errors import (
    AutomationError,
    Forbidden,
    LoginRefused,
    PasswordRefused,
    PersonNeeded,
    Unavailable,
    quoted,
)
from automation.screen import Screen, Sights
from automation.sight import Dialog, Icon, Sight, Text

_CLOSE = re.compile(
    r"^(close|×|✕|✖|x|ok|okay|got it|dismiss|not now|later|remind me later|continue to app|done)$", re.I
)
_DECIDES = re.compile(
    r"^(yes|no|accept.*|i accept.*|i agree.*|agree.*|decline.*|save.*|don't save|delete.*|discard.*|leave.*|stay.*"
    r"|confirm.*|submit.*|send.*|verify.*)$",
    re.I,
)

_NO = re.compile(r"^(no|cancel|close|back|go back|×|✕|x)$", re.I)
_SURE = (
    r"(are you sure (that )?(you )?(want|wish|would like)( to)?|do you (really )?(want|wish)( to)?|would you like to"
    r"|really)? ?"
)
_YES_TO_SAVE = r"yes|ok|okay|confirm|continue|save|(yes, ?)?save( (the|this))?( {what}| changes)?"
_SAVE_QUESTION = (
    r"((confirm( save| changes)?|please confirm|confirmation|save( {what}| changes)?)[:.?!]? )?"
    + _SURE
    + r"(save|create|add)( (the|this|these|your|a|new|changes|to)){{0,4}}( (user role|role|employee|user|record))? ?[?]"
    r"( (the|this|your)( (changes|new|user|role|employee|record|to|the|this)){{1,6}} will be"
    r" (saved|created|added|updated)[.]?)?"
)
_OUT = r"(log|sign) ?(out|off)"
_YES_TO_LOG_OUT = rf"yes|ok|okay|confirm|continue|(yes, ?)?{_OUT}"
_LOG_OUT_QUESTION = (
    rf"((confirm( {_OUT})?|please confirm|confirmation|{_OUT})[:.?!]? )?"
    rf"{_SURE}{_OUT}( (of|from) [\w ]{{1,30}})?( now)? ?[?]"
)

OTHER_SESSIONS = re.compile(r"active session|other session|already (logged|signed) in|another (browser|session)", re.I)
SECOND_FACTOR = re.compile(
    r"verification code|authenticat(or|ion) (app|code)|one[- ]time (code|pass)|two[- ]factor|two[- ]step"
    r"|multi[- ]factor|\b(2fa|mfa)\b|security code|enter (the|your) code",
    re.I,
)
SINGLE_SIGN_ON = re.compile(r"single sign[- ]?on|\bsso\b|identity provider", re.I)
AGREEMENTS = re.compile(r"agreement|terms (of|and)|end[- ]user|license terms|business associate", re.I)
LOCKED_SESSION = re.compile(r"session (is )?locked|screen (is )?locked|\bunlock\b", re.I)
SESSION_OVER = re.compile(
    r"\bsession\b[^.!?]{0,30}\b(expired|timed? ?out|ended|is over|no longer valid|invalid|locked|terminated)"
    r"|\b(been|were|are) (now )?(logged|signed) (out|off)\b|\b(log|sign) ?(in|on) again\b",
    re.I,
)
CHANGED_MEANWHILE = re.compile(
    r"\b(changed|modified|updated|edited|saved) (in the meantime|meanwhile|since|by (another|somebody|someone))"
    r"|\b(reload|refresh) (it|this|the) (\w+ )?(and|to|before)\b|\bstale (record|data|object)\b",
    re.I,
)
LOCKED_ACCOUNT = re.compile(
    r"(account|user|login).{0,20}(locked|disabled|suspended|deactivated|inactive)|locked out|too many", re.I
)
_TRIES_LEFT = (
    r"\b(attempts?|tries|try) (left|remain)"
    r"|\b(more|remaining) ((failed|login|invalid|unsuccessful) )*(attempts?|tries|try)\b"
)
LOCK_AHEAD = re.compile(
    r"\b(will|may|might|could|would|going to|about to|if)\b[^.!?]{0,30}\b(lock|disable|suspend|deactivate)"
    r"|\b(avoid|prevent|before|or) (being |getting |that |the |your |this |an? )*(account|user|lock)"
    rf"|{_TRIES_LEFT}",
    re.I,
)
"""A sentence that speaks of a lock which may come, or of the tries until then."""
EXPIRED = re.compile(
    r"password (has |is )?expired|must (change|reset) (your )?password|password.{0,20}(change|reset) (is )?required",
    re.I,
)
NOT_NOW = re.compile(
    r"not (allowed|permitted) to log ?in|login.{0,30}(restrict|not allowed)"
    r"|outside (of )?(your )?(allowed|business|office)|not allowed (at this time|today|on)",
    re.I,
)
_WHO = r"(user ?names?|user[- ]?id|passwords?|credentials?)"
_WRONG = r"(incorrect|invalid|wrong|bad|unrecogni[sz]ed|unknown)"
_RIGHT = r"(be |been )?(correct|valid|recogni[sz]ed|found|right|match(ed)?|exist)"
_BETWEEN = r"(the |your |an? |combination of |e-?mail (address )?(or|and) |login |user )*"
REFUSED = re.compile(
    rf"\b{_WRONG} {_BETWEEN}({_WHO}|login|log-in|user)\b"
    rf"|\b{_WHO}( (and|or) password)? {_WRONG}\b"
    rf"|\b{_WHO}\b[^.!?]{{0,50}}(\b(is|are|was|were) {_WRONG}|(\bnot|n't) {_RIGHT})\b"
    rf"|(\bnot|n't) (find|recogni[sz]e) {_BETWEEN}(that |this )?{_WHO}"
    rf"|\buser (was |is )?not (found|recogni[sz]ed)|{_TRIES_LEFT}",
    re.I,
)
"""Says that user name or password is wrong."""
DOWN = re.compile(
    r"maintenance|temporarily (unavailable|down)|service unavailable|outage|back (soon|shortly)|bad gateway", re.I
)
HICCUP = re.compile(
    r"(internal|server|unexpected|unknown|system) error|error occurred|something went wrong|try again later"
    r"|could(n't| not) be (saved|completed|reached)|network (error|problem)|connection (was |has been )?lost"
    r"|you are offline|\b50[0-4]\b|timed? ?out",
    re.I,
)
NAME_TAKEN = re.compile(
    r"(user ?name|login|name).{0,40}(in use|taken|exist|already|not available|unique|duplicate)", re.I
)
TAKEN = re.compile(rf"{NAME_TAKEN.pattern}|already (in use|exists|taken)", re.I)
PASSWORD = re.compile(r"password", re.I)
PLAINLY_TAKEN = re.compile(
    r"\b(user ?name|user ?id|login)\b((?!\b(and|or|nor|that|passwords?)\b)[^.!?;,])*"
    r"\b(taken|in use|exists?|not available)\b",
    re.I,
)
"""For a sentence that speaks of a password too: the user name itself is what is taken."""
_SENTENCE = re.compile(r"[^.!?;\n]+[.!?;\n]*")


def words(sights: Sights) -> str:
    """Everything that stands on the screen, in one string."""
    return " \n".join(t.own for s in sights for t in s.texts)


def complaints(sights: Sights, before: Sights = ()) -> list[str]:
    """Messages that look like errors and were not there before, each once, without the containers around them."""
    old = {a.text for s in before for a in s.alerts}
    return each_once(a.text for s in sights for a in s.alerts if a.bad and a.text not in old)


def in_red(sights: Sights, before: Sights) -> list[str]:
    """Sentences written in red that were not there before: where a form stays open and nothing else says why."""
    old = {a.text for s in before for a in s.alerts} | {t.own for s in before for t in s.texts}
    return each_once(a.text for s in sights for a in s.alerts if "drawn-in-red" in a.classes and a.text not in old)


def each_once(texts: Iterable[str]) -> list[str]:
    """The texts, without those that hold one before them or stand in it: a message and the boxes around it say one."""
    found: list[str] = []
    for text in texts:
        if not any(text in one or one in text for one in found):
            found.append(text)
    return found


def not_saved(texts: list[str], what: str) -> AutomationError:
    """The error for a save that RevolutionEHR answered with messages."""
    said = "; ".join(" ".join(t.split()) for t in texts)
    if SESSION_OVER.search(said):
        return SessionOver(f"RevolutionEHR ended or locked the session at the save of the {what}: {quoted(said)}")
    if CHANGED_MEANWHILE.search(said):
        return Unavailable(
            f"RevolutionEHR did not save the {what}: {quoted(said)}",
            "Somebody else is at work on the same record; nothing of theirs was overwritten.",
            "Retry when they are done: what is there then is looked at first.",
        )
    taken = _name_is_taken(said)
    about_password = PASSWORD.search(said)
    hiccup = HICCUP.search(said)
    if taken:
        return Forbidden(
            f"RevolutionEHR did not save the {what}: {quoted(said)}",
            "Another person, practice or a deactivated employee has that name.",
            "Find out who has it; what was saved before that stays as it is.",
        )
    if about_password:
        return PasswordRefused(
            f"RevolutionEHR refused the password: {quoted(said)}",
            "The practice's password policy asks for something else.",
            'Give the policy, for example --password-policy "12-16 no _", and retry.',
        )
    if hiccup:
        return Unavailable(
            f"RevolutionEHR answered the save of the {what} with an error: {quoted(said)}",
            "It could not be saved just now.",
            "Retry: what is there already is looked at first.",
        )
    return Forbidden(
        f"RevolutionEHR did not save the {what}: {quoted(said)}",
        "It asks for something that the guide doesn't know; nothing is invented.",
        "Complete it in RevolutionEHR by hand, or change what it asks for, then retry.",
    )


def _name_is_taken(said: str) -> bool:
    """True when somebody has the name. Rules for passwords speak of user names and of "already" too."""
    if not PASSWORD.search(said):
        return bool(TAKEN.search(said))
    return any((PLAINLY_TAKEN if PASSWORD.search(s) else NAME_TAKEN).search(s) for s in _SENTENCE.findall(said))


def trouble_at_login(said: str) -> AutomationError | None:
    """The error for what the login screen says instead of letting us in; None when the words tell nothing.

    Words of a refusal win over "please try again later", and a lock that may come is a refusal, no lock.
    """
    words = " ".join(said.split())[:240]
    said = said.replace("’", "'")
    certain = "".join(s for s in _SENTENCE.findall(said) if not LOCK_AHEAD.search(s))
    for pattern, make in _AT_LOGIN:
        if pattern.search(certain if pattern is LOCKED_ACCOUNT else said):
            return make(words)
    return None


def refused(said: str) -> LoginRefused:
    """The error for a login that was not accepted: user name or password is wrong. It counts as a failed login."""
    return LoginRefused(
        f"RevolutionEHR refused the login: {quoted(said, 200)}",
        "User name or password is wrong. It is not tried again, so that the account isn't locked.",
        "Check the login by hand in RevolutionEHR, then give the right password.",
    )


def _other_sessions(said: str) -> AutomationError:
    return PersonNeeded(
        f"RevolutionEHR reports other active sessions of this login: {quoted(said)}",
        "Clearing them might throw somebody out of their work, so it is not done.",
        "Ask the person to log out there, then retry.",
    )


def _second_factor(said: str) -> AutomationError:
    return PersonNeeded(
        "RevolutionEHR asks for a verification code.",
        "A second factor belongs to a person and is never bypassed.",
        "Use an administrator's login without it, or let the practice log in by hand.",
    )


def _single_sign_on(said: str) -> AutomationError:
    return PersonNeeded(
        "RevolutionEHR asks for single sign-on.", "This login can't be used with a password.", "Use another login."
    )


def _agreements(said: str) -> AutomationError:
    return PersonNeeded(
        f"RevolutionEHR shows an agreement to accept: {quoted(said, 120)}",
        "Legal terms are never accepted on the practice's behalf.",
        "Somebody of the practice logs in once and decides; then go on.",
    )


def _locked_session(said: str) -> AutomationError:
    return PersonNeeded(
        "RevolutionEHR's screen is locked and asks for the password.", "Another session holds it.", "Unlock it by hand."
    )


class AccountLocked(LoginRefused):
    """The account is locked or deactivated: no password opens it."""


class LoginExpired(LoginRefused):
    """The password is right but expired."""


class SessionOver(Unavailable):
    """The session ended or was locked on the way: nothing more can be learned in it, a fresh login looks."""

    def __init__(self, what: str) -> None:
        super().__init__(
            what,
            "It was idle for too long, or somebody ended it; what was saved by then is kept.",
            "Retry: after a fresh login what is there already is looked at first.",
        )


class NotAllowedNow(LoginRefused):
    """Login restrictions forbid a login at this day or time."""


def _locked_account(said: str) -> AutomationError:
    return AccountLocked(
        f"RevolutionEHR says the account is locked or inactive: {quoted(said)}",
        "No further try is made, so that nothing gets worse.",
        "An administrator of the practice unlocks or activates it; then retry.",
    )


def _expired(said: str) -> AutomationError:
    return LoginExpired(
        f"RevolutionEHR says the password has expired: {quoted(said)}",
        "It has to be changed first.",
        "Change it by hand.",
    )


def _not_now(said: str) -> AutomationError:
    return NotAllowedNow(
        f"RevolutionEHR does not allow this login now: {quoted(said)}",
        "Login restrictions limit it to certain days or times.",
        "Lift the restriction in RevolutionEHR, or try within its times.",
    )


def _down(said: str) -> AutomationError:
    return Unavailable(
        f"RevolutionEHR is not available: {quoted(said)}", "It is down or in maintenance.", "Try again later."
    )


def _hiccup(said: str) -> AutomationError:
    return Unavailable(
        f"RevolutionEHR answered with an error: {quoted(said)}", "It isn't about the login.", "Try again."
    )


_AT_LOGIN = (
    (OTHER_SESSIONS, _other_sessions),
    (SECOND_FACTOR, _second_factor),
    (LOCKED_ACCOUNT, _locked_account),
    (EXPIRED, _expired),
    (NOT_NOW, _not_now),
    (REFUSED, refused),
    (LOCKED_SESSION, _locked_session),
    (SINGLE_SIGN_ON, _single_sign_on),
    (AGREEMENTS, _agreements),
    (DOWN, _down),
    (HICCUP, _hiccup),
)


# ---- dialogs -----------------------------------------------------------------------------------------------


def clear_announcements(screen: Screen) -> None:
    """Closes dialogs that only announce something; at most three.

    Raises:
        PersonNeeded: a dialog asks for a decision; its words are quoted.
    """
    for _ in range(3):
        sights = screen.look()
        screen.native.no_questions()
        over = [(s, s.dialog) for s in sights if s.dialog]
        if not over:
            return
        sight, dialog = over[0]
        closers = _closers(sight, dialog)
        if not closers or _asks(sight, dialog):
            raise PersonNeeded(
                f"RevolutionEHR shows a dialog: {quoted(dialog.text, 160)}",
                "It asks for a decision that only a person may take.",
                "Answer it in RevolutionEHR, then retry.",
            )
        screen.announced.append(dialog.text)
        screen.press(sight, closers[0])
        screen.wait_for(_gone(dialog), 3)
        screen.steady(3)


def _gone(dialog: Dialog) -> Callable[[Sights], bool | None]:
    """For waiting until it is off the screen: some fade away, and can't be pressed any more meanwhile."""
    return lambda sights: None if any(dialog.text == one.text for s in sights for one in s.dialogs) else True


def _closers(sight: Sight, dialog: Dialog) -> list[Text | Icon]:
    span = (dialog.start, dialog.end)
    texts: list[Text | Icon] = [t for t in sight.texts if t.inside(span) and t.click and _CLOSE.match(t.own.strip())]
    icons: list[Text | Icon] = [
        i
        for i in sight.icons
        if i.inside(span) and (any(_CLOSE.match(s.strip()) for s in i.said) or any("close" in g for g in i.glyphs))
    ]
    return texts + icons


def _asks(sight: Sight, dialog: Dialog) -> bool:
    span = (dialog.start, dialog.end)
    return any(t.inside(span) and t.click and _DECIDES.match(t.own.strip()) for t in sight.texts) or any(
        w.inside(span) and w.kind in ("text", "password", "choice") for w in sight.widgets
    )


def yes_to_save(sights: Sights, what: str) -> tuple[Sight, Text] | None:
    """The button that says yes to a dialog which asks whether to save what Save was just pressed for, and nothing else.

    None for one that asks, warns or offers anything more.
    """
    return _yes(sights, asks_to_save(what), _YES_TO_SAVE.format(what=what))


def yes_to_log_out(sights: Sights) -> tuple[Sight, Text] | None:
    """The button that says yes to a dialog which asks whether to log out, and nothing else: as `yes_to_save`."""
    return _yes(sights, asks_to_log_out, _YES_TO_LOG_OUT)


def asks_to_save(what: str) -> Callable[[str], bool]:
    """Knows the question whether to save the role or employee that Save was just pressed for, and no other."""
    return lambda asked: bool(re.fullmatch(_SAVE_QUESTION.format(what=what), _as_asked(asked), re.I))


def asks_to_log_out(asked: str) -> bool:
    """True for the question whether to log out that asks nothing more, about unsaved work for example."""
    return bool(re.fullmatch(_LOG_OUT_QUESTION, _as_asked(asked), re.I))


def _as_asked(words: str) -> str:
    return " ".join(words.replace("’", "'").split())


def _yes(sights: Sights, asks: Callable[[str], bool], yes_words: str) -> tuple[Sight, Text] | None:
    sight = next((s for s in reversed(sights) if s.dialog), None)
    if sight is None or sight.dialog is None:
        return None
    span = (sight.dialog.start, sight.dialog.end)
    inside = [t for t in sight.texts if t.inside(span)]
    buttons = [t for t in inside if t.click]
    yes = [t for t in buttons if re.fullmatch(yes_words, t.own.strip(), re.I)]
    only = len(yes) == 1 and all(t is yes[0] or _NO.match(t.own.strip()) for t in buttons)
    plain = asks(" ".join(t.own for t in inside if not t.click))
    fields = any(w.inside(span) for w in sight.widgets)
    return (sight, yes[0]) if only and plain and not fields else None
