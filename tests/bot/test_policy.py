"""Who may do what."""

from __future__ import annotations

import pytest

from bot import policy
from bot.policy import Actor, Rules
from storage.models import Run

RULES = Rules("T1", frozenset({"U0BEN", "U0ANA"}))
ANA, BEN, CLEO = (Actor(user, "T1") for user in ("U0ANA", "U0BEN", "U0CLEO"))
EVE = Actor("U0BEN", "T9")
"""Somebody of another workspace, even with an approver's id."""
RUN = Run(requested_by="U0ANA")


def test_an_approver_may_approve_what_somebody_else_asked_for() -> None:
    assert policy.may_approve(BEN, RUN, RULES) is None


def test_nobody_approves_their_own_request_unless_that_is_set() -> None:
    assert policy.may_approve(ANA, RUN, RULES) == policy.OWN_REQUEST
    assert policy.may_approve(ANA, RUN, Rules("T1", RULES.approvers, self_approval=True)) is None


def test_who_is_no_approver_may_not() -> None:
    assert policy.may_approve(CLEO, RUN, RULES) == policy.NOT_AN_APPROVER
    assert policy.may_reject(CLEO, RULES) == policy.NOT_AN_APPROVER


def test_who_is_no_approver_is_told_whom_to_ask() -> None:
    rules = Rules("T1", RULES.approvers, named="<@U0BEN>")
    for refusal in (policy.may_approve(CLEO, RUN, rules), policy.may_reject(CLEO, rules)):
        assert refusal == f"{policy.NOT_AN_APPROVER} Ask one: <@U0BEN>."


def test_about_an_account_its_requester_and_every_approver_may_decide() -> None:
    other = Run(requested_by="U0CLEO")
    assert policy.may_speak_for(CLEO, other, RULES) is None
    assert policy.may_speak_for(BEN, other, RULES) is None
    assert policy.may_speak_for(CLEO, RUN, RULES) == policy.NOT_YOUR_ACCOUNT
    assert policy.may_speak_for(CLEO, None, RULES) == policy.NOT_AN_APPROVER
    assert policy.may_speak_for(EVE, other, RULES) == policy.STRANGER


def test_an_empty_list_approves_nothing() -> None:
    assert policy.may_approve(BEN, RUN, Rules("T1", self_approval=True)) == policy.NOBODY


def test_that_nobody_can_approve_is_known_as_soon_as_it_is_asked_for() -> None:
    assert policy.lacks_approver(RUN, Rules("T1")) == policy.NOBODY
    alone = frozenset({"U0ANA"})
    assert policy.lacks_approver(RUN, Rules("T1", alone)) == policy.NOBODY_ELSE
    for rules in (Rules("T1", alone, self_approval=True), RULES):
        assert policy.lacks_approver(RUN, rules) is None


def test_where_slack_does_not_tell_who_is_in_a_group_its_word_is_said() -> None:
    unread = "Slack doesn't tell who is in the user groups of ONESPOT_APPROVERS (missing_scope)"
    assert unread in str(policy.may_approve(BEN, RUN, Rules("T1", unread="missing_scope")))
    some = Rules("T1", frozenset({"U0ANA"}), named="<@U0ANA> <!subteam^S1>", unread="missing_scope")
    said = str(policy.may_approve(BEN, RUN, some))
    assert policy.NOT_AN_APPROVER in said
    assert unread in said


@pytest.mark.parametrize(
    "verdict",
    [
        policy.may_ask(EVE, RULES),
        policy.may_approve(EVE, RUN, RULES),
        policy.may_reject(EVE, RULES),
        policy.may_steer(EVE, RUN, RULES),
        policy.may_reveal(EVE, RUN, RULES),
        policy.may_give_password(EVE, RUN, RULES),
    ],
)
def test_a_stranger_may_nothing(verdict: str | None) -> None:
    assert verdict == policy.STRANGER


def test_the_requester_and_the_approvers_steer_and_nobody_else() -> None:
    assert policy.may_steer(ANA, RUN, RULES) is None
    assert policy.may_steer(BEN, RUN, RULES) is None
    assert policy.may_steer(CLEO, RUN, RULES) == policy.NOT_YOURS


def test_only_the_requester_gives_the_password() -> None:
    assert policy.may_give_password(ANA, RUN, RULES) is None
    assert policy.may_give_password(BEN, RUN, RULES) == policy.NOT_ASKED
