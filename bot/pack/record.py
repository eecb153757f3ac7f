"""The record of one run, for its evidence: the rows in, plain JSON values out. Pure: nothing here reads or signs.

No secret is in it: whoever calls says how known secrets are taken out of sentences. What people typed as notes is left
out, and so is all that happened after the run's end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.pack import words
from bot.pack.seal import Record, digest
from bot.run_view import CANCELLED, CHANGED, CONTINUED, GIVEN, PLANNED_AGAIN, RETRIED
from storage.models import Approval, AuditEntry, Plan, Practice, Run, RunStatus, Step, StepStatus, Verb

DECISIONS = {
    GIVEN: "gave the administrator's password",
    PLANNED_AGAIN: "asked for a new plan",
    RETRIED: "had it go on after it had stopped",
    CONTINUED: "did what only a person may, and had it go on",
    CHANGED: "changed the details",
    CANCELLED: "cancelled it",
}
"""What people decided on the way, by the words of the audit."""


@dataclass(frozen=True)
class Source:
    """All that a record is made from, as read in one moment."""

    run: Run
    practice: Practice
    titles: Sequence[tuple[int, str]]
    steps: Sequence[Step]
    approvals: Sequence[Approval]
    entries: Sequence[AuditEntry]
    """The run's audit, oldest first."""
    pictures: Mapping[str, bytes | None] = field(default_factory=dict)
    """What lies on the disk for each step, by its name; None where nothing does."""


@dataclass(frozen=True)
class Making:
    """Who makes it, when, and how people and sentences are written: names for ids, blanks for secrets."""

    by: str
    at: datetime
    version: str
    name: Callable[[str], str] = str
    blank: Callable[[str], str] = str


def record_of(source: Source, making: Making) -> Record:
    """The record, not chained yet."""
    run, practice = source.run, source.practice
    record = {
        "made": {"at": _moment(making.at), "by": making.name(making.by), "onespot": making.version},
        "practice": {
            "name": practice.name,
            "address": practice.url,
            "ehr_id": practice.ehr_id,
            "username": practice.username,
        },
        "run": {
            "number": run.id,
            "kind": str(run.verb),
            "status": str(run.status),
            "asked_by": making.name(run.requested_by),
            "asked_at": _moment(run.requested_at),
            "asked_in": "a terminal" if run.channel is None else "Slack",
            "ended_at": _moment(run.moved_at),
            "administrator": run.administrator,
            "interruptions": run.crashes,
        },
        "plan": None if run.the_plan is None else _plan(run.the_plan, run.plan_hash or ""),
        "approvals": [_approval(one, making) for one in source.approvals],
        "decisions": _decisions(source, making),
        "proved": _proved(run),
        "versions": (run.outcome or {}).get("versions", {}),
        "steps": _steps(source),
    }
    blanked: Record = _each(record, making.blank)
    return blanked


def shown(source: Source, record: Record) -> dict[str, bytes]:
    """The pictures that this record shows, by their hashes."""
    by_hash = {step["picture"]: source.pictures.get(step["name"]) for step in record["steps"]
               if step["picture_state"] == "shown"}  # fmt: skip
    return {name: data for name, data in by_hash.items() if data is not None}


def _plan(plan: Plan, its_hash: str) -> Record:
    changes = [{"kind": str(one.kind), "what": one.what, "detail": one.detail} for one in plan.changes]
    return {
        "hash": its_hash,
        "ehr_id": plan.ehr_id,
        "username": plan.username,
        "primary_location": plan.primary_location,
        "locations": list(plan.locations),
        "changes": changes,
    }


def _approval(approval: Approval, making: Making) -> Record:
    return {
        "verdict": str(approval.verdict),
        "by": making.name(approval.by),
        "at": _moment(approval.at),
        "reason": approval.reason,
        "plan_hash": approval.plan_hash,
    }


def _decisions(source: Source, making: Making) -> list[Record]:
    return [
        {"by": making.name(entry.who), "at": _moment(entry.at), "what": DECISIONS[entry.what]}
        for entry in source.entries
        if entry.what in DECISIONS and entry.at <= source.run.moved_at
    ]


def _proved(run: Run) -> Record | None:
    """The state at the end; None for a run that didn't come to its end."""
    if run.status is not RunStatus.SUCCEEDED:
        return None
    kept, plan = run.outcome or {}, run.the_plan
    proved: Record = {"at": kept.get("proved_at") or _moment(run.moved_at), "retired": run.verb is Verb.RETIRE}
    if plan is not None:
        proved["username"] = kept.get("username", plan.username)
    if run.verb is not Verb.RETIRE and plan is not None:
        proved["role"] = kept.get("role_name", "OneSpot")
        proved["primary_location"] = kept.get("primary_location") or plan.primary_location
        proved["locations"] = list(kept.get("locations") or plan.locations)
        proved["changed"] = kept.get("changed")
        proved["new_password"] = kept.get("renewed")
    return proved


def _steps(source: Source) -> list[Record]:
    """Everything that happened at the steps, oldest first; what merely began is left out."""
    titles = dict(source.titles)
    newest = {step.name: step.id for step in source.steps}
    return [
        {
            "number": step.number,
            "name": step.name,
            "title": titles.get(step.number, step.name),
            "status": str(step.status),
            "said": words.said(source.run.verb, step.name, step.status),
            "detail": step.detail,
            "at": _moment(step.at),
            "seconds": round(step.seconds, 1),
            **_picture(step, source.pictures.get(step.name), newest=newest[step.name] == step.id),
        }
        for step in source.steps
        if step.status is not StepStatus.RUNNING
    ]


def _picture(step: Step, on_disk: bytes | None, *, newest: bool) -> Record:
    if not step.picture:
        state, why = "none", words.unpictured(step.name, step.status)
    elif on_disk is not None and digest(on_disk) == step.picture and newest:
        state, why = "shown", ""
    elif not newest:
        state, why = "replaced", words.REPLACED
    elif on_disk is None:
        state, why = "missing", words.MISSING
    else:
        state, why = "altered", words.ALTERED
    return {"picture": step.picture, "picture_state": state, "picture_why": why}


def _moment(moment: datetime) -> str:
    """ISO 8601 in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _each(value: Any, change: Callable[[str], str]) -> Any:
    """The same value, with every text in it changed; not the names of its members."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_each(one, change) for one in value]
    if isinstance(value, dict):
        return {name: _each(one, change) for name, one in value.items()}
    return value
