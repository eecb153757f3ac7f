"""In which order an import's runs are walked, and what is to be done next. Pure: rows in, decisions out.

First one alone, then five, then the rest. A wave begins when all of the one before succeeded; from the first run that
stops on, no other one is begun until a person says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from storage.imports import UNDER_WAY, Member, stopped
from storage.models import ChangeKind, Import, ImportStatus, RunStatus

SIZES = (1, 5)
"""How many runs the first waves have; the last one has the rest."""

AT_ONCE = 20
"""So many runs of a wave are handed out at a time: of those that wait in line none is called back at a halt."""

SETTLES = timedelta(seconds=5)
"""A run that stopped is taken for stopped after so long: one that a shutdown stopped is approved again at once."""

LOOKING = frozenset({RunStatus.REQUESTED, RunStatus.PLANNING})


class Group(StrEnum):
    """What would happen to a practice, as the card groups them."""

    CREATE = "to create"
    CHANGE = "to change"
    DONE = "already done"
    FORBIDDEN = "forbidden"
    UNPLANNED = "without a plan"


WALKED = (Group.CREATE, Group.CHANGE, Group.DONE)
"""The groups that a yes is for, in the order in which they are walked."""


@dataclass(frozen=True)
class Wait:
    """Nothing now; it is looked at again."""


@dataclass(frozen=True)
class Planned:
    """Every practice was looked at."""


@dataclass(frozen=True)
class NextWave:
    """The next wave may begin."""

    wave: int


@dataclass(frozen=True)
class Begin:
    """These runs may begin now."""

    run_ids: tuple[int, ...]


@dataclass(frozen=True)
class Halt:
    """A run stopped, and nothing else is under way any more."""


@dataclass(frozen=True)
class End:
    """There is nothing more to begin."""


Deed = Wait | Planned | NextWave | Begin | Halt | End


def group_of(member: Member) -> Group:
    """Where a run belongs, by its plan."""
    plan = member.run.the_plan
    if plan is None:
        return Group.UNPLANNED
    if plan.forbidden:
        return Group.FORBIDDEN
    if plan.changes_nothing:
        return Group.DONE
    creates = any(change.kind is ChangeKind.CREATE for change in plan.changes)
    return Group.CREATE if creates else Group.CHANGE


def waves(members: Sequence[Member]) -> dict[int, int]:
    """The wave of each run that may be walked, by its id: first those that make the most of a difference."""
    waiting = [one for one in members if one.run.status is RunStatus.PLANNED and group_of(one) in WALKED]
    in_order = sorted(waiting, key=lambda one: (WALKED.index(group_of(one)), one.imported.line))
    return {one.run.id: _wave(place) for place, one in enumerate(in_order)}


def last_wave(members: Sequence[Member]) -> int:
    """How many waves there are."""
    return max((one.imported.wave or 0 for one in members), default=0)


def next_deed(
    whole: Import, members: Sequence[Member], now: datetime, at_once: int = AT_ONCE, settles: timedelta = SETTLES
) -> Deed:
    """What the import needs now."""
    if whole.status is ImportStatus.PLANNING:
        return Wait() if any(one.run.status in LOOKING for one in members) else Planned()
    if whole.status is ImportStatus.PLANNED:
        return Wait() if waves(members) else End()
    if whole.status is not ImportStatus.WALKING:
        return Wait()
    its = [one for one in members if one.imported.wave == whole.wave] if whole.wave else []
    deed = _of_a_wave(its, now - settles, at_once) or _after_a_wave(whole, members)
    return End() if isinstance(deed, Halt) and not _to_come(members) else deed


def _of_a_wave(its: Sequence[Member], settled_by: datetime, at_once: int) -> Deed | None:
    """What the wave in hand needs; None when all of it has ended well."""
    active = [one for one in its if one.run.status in UNDER_WAY | LOOKING]
    if any(stopped(one) for one in its):
        settled = all(one.run.moved_at <= settled_by for one in its if stopped(one))
        return Halt() if settled and not active else Wait()
    ready = [one.run.id for one in its if one.run.status is RunStatus.PLANNED][: max(0, at_once - len(active))]
    if ready:
        return Begin(tuple(ready))
    return Wait() if active else None


def _to_come(members: Sequence[Member]) -> bool:
    """Whether there is anything that a halt holds back."""
    return any(one.imported.wave and one.run.status is RunStatus.PLANNED and not stopped(one) for one in members)


def _after_a_wave(whole: Import, members: Sequence[Member]) -> Deed:
    return NextWave(whole.wave + 1) if whole.wave < last_wave(members) else End()


def _wave(place: int) -> int:
    for number, size in enumerate(SIZES, 1):
        if place < size:
            return number
        place -= size
    return len(SIZES) + 1
