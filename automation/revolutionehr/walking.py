"""A walk through the guide: what was ordered, what was found on the way, and what it leaves.

All verbs that write are walks of such steps: provision (guide.py), repair.py and retire.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from automation.browser import in_words
from automation.errors import AutomationError, ScreenChanged
from automation.revolutionehr import part
from automation.revolutionehr.desired import ROLE, Wanted
from automation.revolutionehr.pages.employee import Record
from automation.revolutionehr.passwords import Policy
from automation.revolutionehr.visit import Visit
from automation.walk import GuideStep, Tell, Told, walk
from storage.models import Credential, Plan, Purpose, StepStatus


@dataclass(frozen=True)
class Outcome:
    """What a finished run leaves: the account, where it may log in, and whether anything had to be changed."""

    username: str
    ehr_id: str
    role_name: str
    primary_location: str
    locations: tuple[str, ...]
    changed: bool
    versions: dict[str, str] = field(default_factory=dict)
    renewed: bool = False
    """Whether the account has another password now than before."""


@dataclass
class Walk(Visit):
    """A visit on its way through the guide: what was ordered, and what was found on the way."""

    admin: Credential | None = None
    wanted: Wanted = field(default_factory=Wanted)
    plan: Plan | None = None
    adopt: bool = False
    role_there: bool = False
    record: Record | None = None
    changed: bool = False
    temporary: Credential | None = None
    renew: bool = False
    """Whether the plan gives an account that is known here a new temporary password."""
    renewed: bool = False
    refused: set[Purpose] = field(default_factory=set)
    longest: int | None = None
    reloaded: bool = False
    primary: str = ""
    locations: tuple[str, ...] = ()
    final: Credential | None = None
    proved: bool = False
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def order(self) -> Plan:
        if self.plan is None:
            raise ScreenChanged("There is no plan.", "", "Make a plan first.")
        return self.plan

    @property
    def username(self) -> str:
        return self.order.username

    @property
    def policy(self) -> Policy:
        return self.wanted.policy.at_most(self.longest)

    @property
    def ours(self) -> part.Ours:
        return part.Ours(self.order.ehr_id, self.username, (*self.order.locations, self.order.primary_location))


V = TypeVar("V", bound=Walk)


def take(guide: Sequence[GuideStep[V]], visit: V, tell: Tell) -> Outcome:
    """Walks these steps, with a picture of each and everybody logged out at the end, however it ends."""

    def tell_and_show(told: Told) -> None:
        name = f"{told.number:02d}-{told.name}"
        if told.status is StepStatus.RUNNING:
            visit.begin_step(name)
        elif told.status in (StepStatus.DONE, StepStatus.ALREADY_THERE):
            told = replace(told, picture=visit.end_step())
        elif told.status is StepStatus.FAILED:
            visit.picture(name)
        at.append((told.number, told.name))
        tell(told)

    at: list[tuple[int, str]] = []
    steps = [replace(s, already=in_words(s.already), do=in_words(s.do), prove=in_words(s.prove)) for s in guide]
    try:
        walk(steps, visit, tell_and_show)
    except AutomationError as error:
        visit.explain(error)
        visit.record_failure(error, *at[-1])
        raise
    finally:
        visit.leave_anyhow()
    where = (visit.primary, visit.locations)
    return Outcome(
        visit.username, visit.order.ehr_id, ROLE, *where, visit.changed, visit.versions, renewed=visit.renewed
    )
