"""Who may ask, approve, steer and reveal. Pure: values in; None for yes, or the sentence that says why not."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from storage.models import Import, Run

STRANGER = "This is for people of this workspace only."
NOT_AN_APPROVER = "Only approvers may do this, and you are not one of them."
NOBODY = "Nobody may approve anything: ONESPOT_APPROVERS names nobody, or only user groups without members."
NOBODY_ELSE = "Nobody may approve this run: you asked for it, and ONESPOT_APPROVERS names nobody else."
NOBODY_READ = "Nobody may approve anything just now. "
UNREAD = "Slack doesn't tell who is in the user groups of ONESPOT_APPROVERS ({}); `onespot doctor` says more."
OWN_REQUEST = "You asked for this run, so somebody else has to approve it."
NOT_YOURS = "Only the person who asked for this run, or an approver, may do this."
NOT_YOUR_ACCOUNT = "Only the person who asked for this account, or an approver, may do this."
NOT_ASKED = "Only the person who asked for this run may give the administrator's password."


@dataclass(frozen=True)
class Actor:
    """Who did something in Slack: a user id, and the id of the workspace that the user belongs to."""

    user: str
    team: str


@dataclass(frozen=True)
class Rules:
    """What the settings say, with user groups resolved to their members."""

    team: str
    approvers: Set[str] = frozenset()
    self_approval: bool = False
    named: str = ""
    """The approvers as mentions, for an answer that may hold some: whom to ask."""
    unread: str = ""
    """Slack's word for why it does not tell who is in a user group; then some approvers are missing here."""


def may_ask(actor: Actor, rules: Rules) -> str | None:
    """Anybody of our own workspace may ask for a run, a check or a status."""
    return None if actor.team == rules.team else STRANGER


def may_approve(actor: Actor, run: Run | Import, rules: Rules) -> str | None:
    """An approver may say yes, and not to their own request unless that is set."""
    if actor.team != rules.team:
        return STRANGER
    if not rules.approvers:
        return f"{NOBODY_READ}{_unread(rules)}" if rules.unread else NOBODY
    if actor.user not in rules.approvers:
        return _not_an_approver(rules)
    return OWN_REQUEST if actor.user == run.requested_by and not rules.self_approval else None


def lacks_approver(run: Run, rules: Rules) -> str | None:
    """Why nobody at all may approve it, as its requester is told; None where somebody may."""
    if rules.approvers - {run.requested_by}:
        return None
    if not rules.approvers:
        return NOBODY
    return None if rules.self_approval else NOBODY_ELSE


def may_reject(actor: Actor, rules: Rules) -> str | None:
    """Any approver may say no."""
    if actor.team != rules.team:
        return STRANGER
    return None if actor.user in rules.approvers else _not_an_approver(rules)


def may_speak_for(actor: Actor, run: Run | None, rules: Rules) -> str | None:
    """Decide about an account: an approver about every one, and whoever asked for the run that made it."""
    if run is None:
        return may_reject(actor, rules)
    refusal = may_steer(actor, run, rules)
    return NOT_YOUR_ACCOUNT if refusal == NOT_YOURS else refusal


def may_steer(actor: Actor, run: Run | Import, rules: Rules) -> str | None:
    """Cancel, retry, plan again, change details, go on, check: who asked, or an approver."""
    if actor.team != rules.team:
        return STRANGER
    return None if actor.user == run.requested_by or actor.user in rules.approvers else NOT_YOURS


def may_give_password(actor: Actor, run: Run, rules: Rules) -> str | None:
    """The administrator's password comes from who asked."""
    if actor.team != rules.team:
        return STRANGER
    return None if actor.user == run.requested_by else NOT_ASKED


def _not_an_approver(rules: Rules) -> str:
    whom = f"Ask one: {rules.named}." if rules.named else ""
    return " ".join(filter(None, (NOT_AN_APPROVER, whom, _unread(rules))))


def _unread(rules: Rules) -> str:
    return UNREAD.format(rules.unread) if rules.unread else ""


may_reveal = may_steer
"""The credential is shown to who asked for it, or to an approver."""

may_have_evidence = may_steer
"""The evidence of a run comes for who asked for the run, or for an approver."""
