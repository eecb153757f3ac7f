"""New passwords on the way: made, sealed as pending, only then typed; and which of those that are kept to try first.

For steps 10 and 16 of the guide (guide.md). One that is refused is replaced once; none that may hold is lost.
"""

from __future__ import annotations

from automation.errors import LoginRefused, PasswordRefused
from automation.revolutionehr.pages import employee, login
from automation.revolutionehr.walking import Walk
from storage.models import Credential, Purpose, Stage


def needs_password(visit: Walk) -> bool:
    """True for a new employee, for one whose password isn't known or was kept but never sent off, and in a renewal."""
    known = visit.record is not None and visit.keep.knows(visit.username)
    return not known or visit.temporary is not None or visit.renew or _never_sent(visit)


def _never_sent(visit: Walk) -> bool:
    """True when a crash left a temporary password that was kept and never saved in RevolutionEHR."""
    pending = visit.keep.kept(Purpose.TEMPORARY, Stage.PENDING)
    return pending is not None and not visit.keep.was_submitted(Purpose.TEMPORARY)


def set_temporary(visit: Walk) -> None:
    kept = visit.keep.kept(Purpose.TEMPORARY, Stage.PENDING)
    if kept is None or kept.username != visit.username or Purpose.TEMPORARY in visit.refused:
        kept = _new_password(visit, Purpose.TEMPORARY)
    for last in (False, True):
        try:
            employee.set_password(visit.screen, kept.password, new=visit.record is None)
            visit.temporary = kept
            break
        except PasswordRefused as error:
            if last or error.longest is None:
                raise
            visit.longest = error.longest
        kept = _new_password(visit, Purpose.TEMPORARY)
    if visit.keep.was_submitted(Purpose.FINAL):
        _new_password(visit, Purpose.FINAL)  # what was sent off before can't hold once the temporary one is saved


def _new_password(visit: Walk, purpose: Purpose) -> Credential:
    """Generated, sealed as pending, and only then handed out to be typed."""
    unlike = visit.temporary.password if purpose is Purpose.FINAL and visit.temporary else None
    credential = Credential(visit.username, visit.policy.password(visit.username, unlike))
    visit.keep.keep(purpose, credential)
    visit.refused.discard(purpose)
    return credential


def passwords_to_try(visit: Walk) -> list[tuple[Purpose, Credential]]:
    temporary = visit.keep.kept(Purpose.TEMPORARY, Stage.PENDING)
    pending = visit.keep.kept(Purpose.FINAL, Stage.PENDING)
    current = visit.keep.kept(Purpose.FINAL, Stage.CURRENT)
    order: list[tuple[Purpose, Credential | None]]
    if visit.temporary is not None:
        order = [(Purpose.TEMPORARY, visit.temporary)]
    elif pending is not None and visit.keep.was_submitted(Purpose.FINAL):
        order = [(Purpose.FINAL, pending), (Purpose.TEMPORARY, temporary) if temporary else (Purpose.FINAL, current)]
    else:
        order = [(Purpose.TEMPORARY, temporary)] if temporary else [(Purpose.FINAL, current)]
    tries = [(purpose, credential) for purpose, credential in order if credential is not None]
    if not tries:
        raise LoginRefused(
            f"No password of {visit.username} is kept here.",
            "Its first login can't be made.",
            "Start again with --adopt: it gives the account a new temporary password.",
        )
    return tries


def let_in(visit: Walk, purpose: Purpose, credential: Credential) -> None:
    """In the app without a reset: the password that was typed is the account's."""
    if purpose is Purpose.TEMPORARY:
        visit.keep.keep(Purpose.FINAL, credential)
        visit.keep.mark_submitted(Purpose.FINAL)
        visit.renewed = True
    elif credential == visit.keep.kept(Purpose.FINAL, Stage.CURRENT):
        visit.keep.drop()  # a pending one that does not hold must not be proved by this login
    visit.final = credential
    visit.proved = True


def reset(visit: Walk, credential: Credential) -> None:
    """The forced reset: the final password is kept, then typed; one that is refused is replaced once."""
    visit.changed = visit.renewed = True
    final = visit.keep.kept(Purpose.FINAL, Stage.PENDING)
    if final is None or final.username != visit.username:
        final = _new_password(visit, Purpose.FINAL)

    def sending() -> None:
        visit.fence()
        visit.keep.mark_submitted(Purpose.FINAL)

    for last in (False, True):
        try:
            arrival = login.reset(visit.screen, credential.password, final.password, sending)
            break
        except PasswordRefused as error:
            if last:
                raise
            visit.longest = error.longest
        final = _new_password(visit, Purpose.FINAL)
    visit.final = final
    if arrival is login.Arrival.APP:
        visit.leave()
    else:
        visit.leave_anyhow()
