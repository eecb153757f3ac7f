"""How a case came out: what the command claims, held against what the EHR knows. Pure: values in, a verdict out.

The EHR's own state decides, never the claim. "Logged in" is a session that is in the application: what waits at a gate
(a code, an agreement, a locked screen) is behind a password or a person, and offers no logout.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bench.scorecard.cases import Case, Start, Verb

Json = Mapping[str, Any]

USERNAME = "OneSpot2915"
PRACTICE_ID = "2915"
SIX = frozenset(
    {
        "Accounting Module > View Invoices",
        "Accounting Module > View Claims",
        "Administration Module > View Administration",
        "Administration Module > General",
        "Administration Module > Employee/Roles",
        "Administration Module > Vendors/Partners",
    }
)
"""The guide's steps 5 and 6, once more: the judge asks no code that is judged."""

NOT_THE_GUIDES = ("title", "middleName", "suffix", "gender", "dateOfBirth", "phone", "email", "npi", "employmentType")
TRIES = 2
"""Refused logins of one account a day; more might lock it."""


class Verdict(StrEnum):
    """COMPLETED and STOPPED are survived; each of the others is a defect."""

    COMPLETED = "COMPLETED"
    STOPPED = "STOPPED"
    WRONG = "WRONG"
    """A claimed success that the state denies, or something was done that is never done."""
    DOUBLED = "DOUBLED"
    STUCK = "STUCK"
    VAGUE = "VAGUE"
    """The wrong class, a sentence that doesn't name the cause, or a stop where none was needed."""
    LEFT = "LEFT"
    """A session or wrong values are left behind."""

    @property
    def survived(self) -> bool:
        return self in (Verdict.COMPLETED, Verdict.STOPPED)


@dataclass(frozen=True)
class Claim:
    """What the command says of itself. `ended` is False when it had to be killed."""

    ended: bool
    succeeded: bool
    error_class: str = ""
    sentence: str = ""
    means: str = ""
    plan: Json = field(default_factory=dict)


@dataclass(frozen=True)
class Truth:
    """The EHR before and after (`State.as_json`), and what the database knows.

    `proved`: the kept current password opens the account; None when none is kept. `known`: any kept password does.
    `run` is where the newest run stands, "" without one.
    """

    before: Json
    after: Json
    proved: bool | None = None
    known: bool | None = None
    run: str = ""

    @property
    def changes(self) -> list[tuple[str, str]]:
        """By whom and what, since the command began."""
        new = self.after["mutations"][len(self.before["mutations"]) :]
        return [(one["by"], one["what"]) for one in new]

    def made(self, things: str) -> list[Json]:
        """The roles or employees that weren't there before."""
        old = {one["id"] for one in self.before[things]}
        return [one for one in self.after[things] if one["id"] not in old]


@dataclass(frozen=True)
class Judged:
    """A verdict, and why where it is a defect."""

    verdict: Verdict
    why: str = ""


def judge(case: Case, claim: Claim, truth: Truth) -> Judged:
    """The verdict. Of several defects the worst one is named."""
    for verdict, reasons in (
        (Verdict.DOUBLED, list(_doubled(truth))),
        (Verdict.WRONG, list(_never_done(case, truth))),
        (Verdict.STUCK, list(_stuck(claim, truth))),
        (Verdict.WRONG, list(_denied(case, truth, claim)) if claim.succeeded else []),
        (Verdict.LEFT, list(_left(case, truth, succeeded=claim.succeeded))),
        (Verdict.VAGUE, [] if claim.succeeded else list(_vague(case, claim))),
    ):
        if reasons:
            return Judged(verdict, "; ".join(reasons))
    return Judged(Verdict.COMPLETED if claim.succeeded else Verdict.STOPPED)


# ---- whatever it claims --------------------------------------------------------------------------------------


def _doubled(truth: Truth) -> Iterator[str]:
    done = [what for _, what in truth.changes]
    for what in ("role created", "employee created", "employee deactivated"):
        if done.count(what) > 1:
            yield f"{what} {done.count(what)} times"
    for things, ours in (("roles", _is_our_role), ("employees", _is_our_employee)):
        before, after = (sum(map(ours, state[things])) for state in (truth.before, truth.after))
        if after > max(1, before):
            yield f"there are {after} {things} of our name"


_MAY = {
    Verb.PROVISION: {
        "role created",
        "employee created",
        "employee changed",
        "temporary password set",
        "password reset",
    },
    Verb.PLAN: set[str](),
    Verb.CHECK: set[str](),
    Verb.ROTATE: {"own password changed", "password reset"},
    Verb.REPAIR: {"employee changed", "temporary password set", "password reset", "role created", "role changed"},
    Verb.RETIRE: {"employee deactivated"},
}
"""What each command may change in the EHR, in the words of the EHR's own journal."""


def _never_done(case: Case, truth: Truth) -> Iterator[str]:
    for by, what in truth.changes:
        if what not in _MAY[case.verb] or (what == "password reset" and by != USERNAME):
            yield f"{by}: {what}"
    ours = {USERNAME} if case.start in (Start.EMPLOYEE, Start.ACCOUNT, Start.DRIFTED) else set()
    after = {one["id"]: one for one in truth.after["employees"]}
    for who in truth.before["employees"]:
        if who["username"] not in ours and after.get(who["id"]) != who:
            yield f"the employee {who['username']} was touched"
    roles = {one["id"]: _without_holders(one) for one in truth.after["roles"]}
    for role in truth.before["roles"]:
        if roles.get(role["id"]) != _without_holders(role):
            yield f"the role {role['name']} was touched"
    for things in ("practice", "locations"):
        if truth.after[things] != truth.before[things]:
            yield f"{things} changed"
    for who, times in truth.after["failedLogins"].items():
        if times > TRIES:
            yield f"the login of {who} was tried in vain {times} times"


def _stuck(claim: Claim, truth: Truth) -> Iterator[str]:
    if not claim.ended:
        yield "it did not end in time"
    if truth.run in ("RUNNING", "PLANNING"):
        yield f"the run is still {truth.run}"


# ---- when it claims success ----------------------------------------------------------------------------------


def _denied(case: Case, truth: Truth, claim: Claim) -> Iterator[str]:
    """What the state says against a claimed success."""
    if case.verb is Verb.PLAN:
        yield from _of_plan(truth, claim)
        return
    if case.verb is Verb.RETIRE:
        if any(who["active"] for who in _our_employees(truth)):
            yield "the employee is still active"
        if truth.known is not None:
            yield "its passwords are still kept"
        return
    roles = [role for role in truth.after["roles"] if _is_our_role(role)]
    if len(roles) != 1:
        yield f"there are {len(roles)} roles OneSpot"
    for role in roles:
        yield from _of_role(role)
    people = _our_employees(truth)
    if len(people) != 1:
        yield f"there are {len(people)} employees Sync OneSpot"
    for who in people:
        yield from _of_employee(who, truth)
        if who["mustReset"]:
            yield "the reset isn't done"
    if truth.proved is None:
        yield "no password is kept"
    elif not truth.proved:
        yield "the kept password is not the account's"
    if case.verb is Verb.ROTATE and not truth.changes:
        yield "the password was not changed"


def _of_plan(truth: Truth, claim: Claim) -> Iterator[str]:
    if (claim.plan.get("ehr_id"), claim.plan.get("username")) != (PRACTICE_ID, USERNAME):
        yield f"the plan is for {claim.plan.get('ehr_id')}, {claim.plan.get('username')}"
    there = {place["name"] for place in truth.after["locations"] if place["active"]}
    if set(claim.plan.get("locations", ())) != there:
        yield f"the plan has the locations {', '.join(claim.plan.get('locations', ()))}"


def _of_role(role: Json) -> Iterator[str]:
    if role["name"] != "OneSpot":
        yield f"the role is called {role['name']}"
    held = list(role["permissions"])
    if frozenset(held) != SIX or len(held) != len(SIX):
        yield f"the role has not exactly the six permissions ({len(held)})"


def _of_employee(who: Json, truth: Truth) -> Iterator[str]:
    """The guide's values, whether or not the first login was made."""
    names = (who["firstName"], who["lastName"], who["username"])
    if names != ("Sync", "OneSpot", USERNAME):
        yield f"the employee is {' '.join(names)}"
    if who["roles"] != ["OneSpot"]:
        yield f"its roles are {who['roles']}"
    for flag, wrong in (("active", False), ("emergency", True), ("locked", True)):
        if who[flag] is wrong:
            yield f"{flag} is {wrong}"
    shut = [day for day, its in who["days"].items() if not its["allowed"]]
    if shut or len(who["days"]) != 7:
        yield f"no login on {', '.join(shut) or 'some days'}"
    active = {place["name"] for place in truth.after["locations"] if place["active"]}
    if not active <= set(who["locations"]):
        yield f"no access to {', '.join(sorted(active - set(who['locations'])))}"
    if who["primaryLocation"] not in active:
        yield f"its primary location is {who['primaryLocation'] or 'none'}"
    invented = [name for name in NOT_THE_GUIDES if who.get(name)]
    if invented:
        yield f"{', '.join(invented)} was invented"


# ---- what it leaves ------------------------------------------------------------------------------------------


def _left(case: Case, truth: Truth, *, succeeded: bool) -> Iterator[str]:
    inside = [one["username"] for one in _new_sessions(truth) if one["ended"] is None and one["state"] == "app"]
    if inside and not (case.no_way_out and not succeeded):
        yield f"still logged in: {', '.join(inside)}"
    if succeeded:
        return
    for role in truth.made("roles"):
        yield from _of_role(role)
    for who in truth.made("employees"):
        yield from _of_employee(who, truth)
    ours = truth.made("employees") or case.start in (Start.EMPLOYEE, Start.ACCOUNT, Start.DRIFTED)
    if ours and not truth.known:
        yield "the account's password is kept nowhere"


def _new_sessions(truth: Truth) -> Sequence[Json]:
    return [one for one in truth.after["sessions"][len(truth.before["sessions"]) :] if not one["blocked"]]


# ---- what it says --------------------------------------------------------------------------------------------


def _vague(case: Case, claim: Claim) -> Iterator[str]:
    if not case.stops:
        yield f"it need not have stopped ({claim.error_class})"
        return
    fitting = [stop for stop in case.stops if claim.error_class in stop.classes]
    if not fitting:
        right = " or ".join(dict.fromkeys(one for stop in case.stops for one in stop.classes))
        yield f"{claim.error_class or 'no class'} instead of {right}"
    said = f"{claim.sentence} {claim.means}"
    if not any(re.search(stop.cause, said, re.I | re.S) for stop in fitting or case.stops):
        yield "the sentence doesn't name the cause"


# ---- whose it is ---------------------------------------------------------------------------------------------


def _is_our_role(role: Json) -> bool:
    return str(role["name"]).casefold() == "onespot"


def _is_our_employee(who: Json) -> bool:
    return (who["firstName"], who["lastName"]) == ("Sync", "OneSpot") or who["username"] == USERNAME


def _our_employees(truth: Truth) -> list[Json]:
    return [who for who in truth.after["employees"] if _is_our_employee(who)]


def _without_holders(role: Json) -> dict[str, Any]:
    return {name: value for name, value in role.items() if name != "employees"}
