"""A new password for the account, without an administrator: kept before it is typed, proved by a fresh login.

Where RevolutionEHR asks for one at the login, the forced reset sets it; else the account's own Edit Profile does. What
a crash left behind is settled first, with at most one login for each password that may hold. What is kept is right
whatever happens: a new one becomes current only after a login with it, and goes only after one with the former.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic import SecretStr

from automation.browser import Browser
from automation.errors import AutomationError, Forbidden, LoginRefused, PasswordRefused, PersonNeeded, Unavailable
from automation.revolutionehr.address import Address
from automation.revolutionehr.desired import Wanted
from automation.revolutionehr.keep import Keep
from automation.revolutionehr.pages import login, profile
from automation.revolutionehr.visit import Visit
from storage.models import Credential, Purpose, Stage


@dataclass(frozen=True)
class Rotated:
    """A new password is current now, proved by a login.

    `forced`: RevolutionEHR asked for it at the login. `settled`: an interrupted rotation had set it already.
    """

    username: str
    forced: bool = False
    settled: bool = False


class NeitherHolds(PersonNeeded):
    """RevolutionEHR refused the new password and the former one. No more is tried: a person has to find out."""


@dataclass
class _Turn(Visit):
    """A visit that sets a new password."""

    former: Credential | None = None
    wanted: Wanted = field(default_factory=Wanted)
    longest: int | None = None
    made: list[SecretStr] = field(default_factory=list)
    """The new passwords that were typed, which no sentence may quote, also once they are destroyed."""

    def hide(self, words: str) -> str:
        """The words without them."""
        for secret in self.made:
            words = re.sub(re.escape(secret.get_secret_value()), "•••", words, flags=re.IGNORECASE)
        return words

    @property
    def current(self) -> Credential:
        """The password that is to be replaced."""
        if self.former is None:
            raise LoginRefused("No password of this account is kept.", "", "Provision it first.")
        return self.former


def rotate(
    browser: Browser, address: Address, credential: Credential, wanted: Wanted, keep: Keep, fence: Callable[[], None]
) -> Rotated:
    """Sets a new password in place of `credential`, the current one.

    `fence` is called right before the click that sends it, and raises to stop.

    Raises:
        PersonNeeded: this account can't change its own password; NeitherHolds: no kept password holds any more.
        PasswordRefused: RevolutionEHR refused two of them; the former one still holds, and is the only one kept.
        AutomationError: anything else. Where it isn't known which password holds, the new one stays pending, and the
            next `settle` or `rotate` finds out.
    """
    _no_run_is_on_its_way(keep)
    visit = _Turn(browser, address, keep, fence, former=credential, wanted=wanted)
    try:
        arrival = _arrive(visit)
        if arrival is None:
            return Rotated(credential.username, settled=True)
        return _renew(visit, arrival)
    finally:
        visit.leave_anyhow()


def settle(browser: Browser, address: Address, keep: Keep) -> Credential | None:
    """Finds out which password holds where a crash left one that was sent off; that one, or None: nothing to settle.

    One that was never sent off is destroyed. What an unfinished run left is that run's to settle.

    Raises:
        NeitherHolds: neither of them.
        AutomationError: it could not be found out; both stay kept as they are.
    """
    pending = keep.kept(Purpose.FINAL, Stage.PENDING)
    if pending is None or keep.kept(Purpose.TEMPORARY, Stage.PENDING) is not None:
        return None
    if not keep.was_submitted(Purpose.FINAL):
        keep.drop()
        return None
    visit = _Turn(browser, address, keep, former=keep.kept(Purpose.FINAL, Stage.CURRENT))
    try:
        return _find_out(visit, pending)[0]
    finally:
        visit.leave_anyhow()


def _no_run_is_on_its_way(keep: Keep) -> None:
    if keep.kept(Purpose.TEMPORARY, Stage.PENDING) is not None:
        raise Forbidden(
            "A run of this practice isn't finished: it has given the account a temporary password.",
            "That one may be the valid one, and the run knows what to do with it.",
            "Go on with the run, or repair the account; then there is a new password anyway.",
        )


# ---- which one holds -----------------------------------------------------------------------------------------


def _arrive(visit: _Turn) -> login.Arrival | None:
    """Logs in with the current password; None when what was left behind turned out to be the new one, and is proved."""
    pending = visit.keep.kept(Purpose.FINAL, Stage.PENDING)
    if pending is None or not visit.keep.was_submitted(Purpose.FINAL):
        visit.keep.drop()
        return visit.arrive(visit.current)
    holds, arrival = _find_out(visit, pending)
    return None if holds is pending else arrival


def _find_out(
    visit: _Turn, pending: Credential, *, first: Credential | None = None
) -> tuple[Credential, login.Arrival]:
    """Logs in with the pending and the former password (or first with another), each once, until one is accepted.

    The pending one is proved by that, or destroyed. Whoever is logged in stays so.

    Raises:
        NeitherHolds: both were refused.
        LoginRefused: locked, expired, or not tried any more today; nothing is known then.
    """
    order = [pending, visit.former]
    if first is visit.former:
        order.reverse()
    for credential in order:
        if credential is None:
            continue
        may_try = visit.keep.may_try(credential.username)
        try:
            arrival = visit.arrive(credential)
        except LoginRefused as error:
            if not may_try or type(error) is not LoginRefused:
                raise
            continue
        if credential is pending:
            visit.keep.prove()
        else:
            visit.keep.drop()
        return credential, arrival
    raise NeitherHolds(
        "RevolutionEHR refuses both the new password and the former one.",
        "Somebody else may have changed it. Neither is tried again, so that the account isn't locked; both stay kept.",
        "Press Repair: an administrator's login gives the account a new temporary password.",
    )


# ---- a new one -----------------------------------------------------------------------------------------------


def _renew(visit: _Turn, arrival: login.Arrival) -> Rotated:
    """Sets it where the login led to, then logs in afresh to see which one holds."""
    forced = arrival is login.Arrival.RESET
    if not forced and not profile.open_form(visit.screen, visit.current.username):
        raise _not_here()
    trouble: AutomationError | None = None
    try:
        _send(visit, forced=forced)
    except AutomationError as error:
        error.reword(visit.hide)
        trouble = error
    pending = visit.keep.kept(Purpose.FINAL, Stage.PENDING)
    if pending is None or not visit.keep.was_submitted(Purpose.FINAL):
        visit.keep.drop()
        raise trouble or _not_taken()
    visit.leave_anyhow()
    plainly_refused = isinstance(trouble, PasswordRefused | PersonNeeded)
    holds, _ = _find_out(visit, pending, first=visit.former if plainly_refused else pending)
    if holds is not pending:
        raise trouble or _not_taken()
    return Rotated(pending.username, forced=forced)


def _send(visit: _Turn, *, forced: bool) -> None:
    """Types a new password and sends it; one that is refused is replaced once."""

    def submitted() -> None:
        visit.fence()
        visit.keep.mark_submitted(Purpose.FINAL)

    way = login.reset if forced else profile.change
    visit.longest = profile.longest(visit.screen.look())
    for last in (False, True):
        new = _sealed(visit)
        try:
            way(visit.screen, visit.current.password, new.password, submitted)
        except PasswordRefused as error:
            if last:
                raise
            visit.longest = error.longest or visit.longest
        else:
            return


def _sealed(visit: _Turn) -> Credential:
    """A new password, kept as pending from now on."""
    policy, current = visit.wanted.policy.at_most(visit.longest), visit.current
    try:
        new = Credential(current.username, policy.password(current.username, current.password))
    except ValueError as error:
        why = str(error)
    else:
        visit.keep.keep(Purpose.FINAL, new)
        visit.made.append(new.password)
        return new
    raise PasswordRefused(why, "No password could be made for this practice.", "Give another password policy.")


def _not_here() -> PersonNeeded:
    return PersonNeeded(
        "This account can't change its own password here: the user menu's Edit Profile leads to no such form.",
        "Nothing was changed; the kept password still holds.",
        "Press Repair: an administrator's login gives it a new temporary password, and the first login resets that.",
    )


def _not_taken() -> Unavailable:
    return Unavailable(
        "RevolutionEHR did not take the new password: the former one still logs in.",
        "It said nothing against it; the new one was destroyed, and the kept one holds.",
        "Try again; if it stays so, press Repair.",
    )
