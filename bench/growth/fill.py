"""A database as it is after 30 days with so many practices, filled from within: each table is one INSERT ... SELECT.

Nothing is measured here. One practice in twenty fails or waits for something; all that is to be said in Slack was said.
What is sealed opens with no key: nothing that is measured opens it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, FromClause, case, cast, func, insert, literal, select, update
from sqlmodel import SQLModel, String, col

import storage.models as m
from bot import handover
from bot.checks.messages import AlertView, alert
from bot.rotation import ASKED
from storage import alerts, rotations, runs
from storage.database import transaction
from storage.models import Change, ChangeKind, CheckOutcome, Plan, RunStatus, StepStatus

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""When everything is looked at."""
RUNS, STEPS, DAYS, ROTATIONS = 6, 17, 30, 4
"""Of each practice: runs, steps of each run, days with a check each, and passwords that were replaced."""
CHANNEL = "C0ONBOARD"
UNFINISHED, YOUNG, FAILING, WAITING = 300, 100, 20, 40
"""One practice in so many has an unfinished run, a run that ended yesterday, an account that fails, a password that
OneSpot doesn't have yet."""

_PLAN = Plan(
    "2915",
    "OneSpot2915",
    "Fairhaven Main",
    ("Fairhaven Main", "Fairhaven North", "Lakeside Optical"),
    tuple(
        Change(ChangeKind.CREATE, what, "as the guide says, with all that belongs to it")
        for what in ("role OneSpot", "six permissions", "employee Sync OneSpot", "user name", "seven days", "locations")
    ),
)
_TABLES = SQLModel.metadata.tables

Values = Mapping[str, Any]


def fill(engine: Engine, practices: int) -> None:
    """Fill the tables, which are there and empty."""
    _practices(engine, practices)
    _runs(engine)
    _checks(engine)
    _accounts(engine)
    _rotations(engine)
    _right_in_slack(engine)
    if engine.dialect.name == "postgresql":
        _as_autovacuum_does(engine)


def _insert(engine: Engine, table: str, values: Values, from_: FromClause, *where: Any, order: Any = ()) -> None:
    its = _TABLES[table]
    columns = [
        value if isinstance(value, ColumnElement) else literal(value, its.c[name].type)
        for name, value in values.items()
    ]
    rows = select(*columns).select_from(from_).where(*where).order_by(*order)
    with transaction(engine) as session:
        session.execute(insert(its).from_select(list(values), rows, include_defaults=False))


def _numbers(most: int) -> FromClause:
    """A table with the column n: 1 to so many."""
    numbers = select(literal(1).label("n")).cte("numbers", recursive=True)
    return numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < most))


def _text(number: Any, before: str = "", after: str = "") -> ColumnElement[str]:
    return literal(before) + cast(number, String) + literal(after)


def _value(table: str, column: str, value: object) -> ColumnElement[Any]:
    """A value in a `case`, as this column has it."""
    return literal(value, _TABLES[table].c[column].type)


def _one_in(many: int, number: ColumnElement[Any], which: int = 0) -> ColumnElement[bool]:
    return number % many == which


# The tables


def _practices(engine: Engine, practices: int) -> None:
    numbers = _numbers(practices)
    n: Any = numbers.c.n
    values = {
        "key": _text(100_000 + n, "practice "),
        "name": _text(100_000 + n, "Practice "),
        "url": "https://revolutionehr.example/static/",
        "ehr_id": _text(n),
        "username": _text(n, "OneSpot"),
        "created_at": NOW - timedelta(days=40),
    }
    _insert(engine, "practice", values, numbers, order=(n,))
    practice = _TABLES["practice"]
    _insert(engine, "lease", {"practice_id": practice.c.id, "token": 40}, practice)
    sealed = {
        "practice_id": practice.c.id,
        "purpose": m.Purpose.FINAL,
        "stage": m.Stage.CURRENT,
        "serial": _text(practice.c.id, "serial-"),
        "ciphertext": "x" * 300,
        "sealed_at": NOW - timedelta(days=30),
        "verified_at": NOW - timedelta(days=1),
    }
    _insert(engine, "stored_credential", sealed, practice)


def _runs(engine: Engine) -> None:
    """One round of runs after the other; in the last of them some are unfinished, and some ended yesterday."""
    practice = _TABLES["practice"]
    for turn in range(RUNS):
        last = turn == RUNS - 1
        status, moved = _value("run", "status", RunStatus.SUCCEEDED), NOW - timedelta(days=30 - 4 * turn)
        at: Any = _value("run", "moved_at", moved)
        if last:
            status = case(
                (_one_in(UNFINISHED, practice.c.id), _value("run", "status", RunStatus.PLANNED)),
                (_one_in(UNFINISHED, practice.c.id, 1), _value("run", "status", RunStatus.FAILED)),
                else_=status,
            )
            young = _value("run", "moved_at", NOW - timedelta(days=1))
            at = case((_one_in(YOUNG, practice.c.id), young), else_=at)
        values = {
            "practice_id": practice.c.id,
            "verb": m.Verb.PROVISION,
            "status": status,
            "requested_by": "U0ANA",
            "requested_at": moved - timedelta(hours=1),
            "moved_at": at,
            "plan": _value("run", "plan", _PLAN.as_json()),
            "plan_hash": _PLAN.hash,
            "adopt": False,
            "administrator": "mhalloran",
            "channel": CHANNEL,
            "notes": "",
            "crashes": 0,
        }
        _insert(engine, "run", values, practice, order=(practice.c.id,))
    run = _TABLES["run"]
    numbers = _numbers(STEPS)
    step = {
        "run_id": run.c.id,
        "number": numbers.c.n,
        "name": _text(numbers.c.n, "step-of-the-guide-"),
        "status": StepStatus.DONE,
        "detail": "Read again, and it shows what was saved.",
        "seconds": 1.5,
        "picture": "",
        "token": 1,
        "at": run.c.moved_at,
    }
    _insert(engine, "step", step, run.join(numbers, literal(True)), order=(run.c.id, numbers.c.n))
    yes = {"run_id": run.c.id, "plan_hash": run.c.plan_hash, "verdict": m.Verdict.APPROVED, "by": "U0BEN"}
    _insert(engine, "approval", {**yes, "reason": "", "at": run.c.moved_at}, run)
    for key in ("root", "checklist"):
        message = {"run_id": run.c.id, "key": key, "channel": CHANNEL, "ts": _text(run.c.id, "1700000000."), **_SAID}
        _insert(engine, "thread_message", message, run)
    for what in ("requested a run", "approved", "provisioned"):
        entry = {"at": run.c.moved_at, "who": "U0BEN", "what": what, "practice_id": run.c.practice_id}
        _insert(engine, "audit_entry", {**entry, "run_id": run.c.id, "detail": ""}, run)


_SAID = {"digest": "0" * 64, "said": "17 of 17 · Done: the account works. " * 5}


def _outcome(table: str, practice_id: Any) -> ColumnElement[Any]:
    """What the checks of this practice find, day after day."""
    odd = (CheckOutcome.LOGIN_REFUSED, CheckOutcome.DRIFT, CheckOutcome.EXPIRING, CheckOutcome.PERSON_NEEDED)
    cases = [
        (_one_in(FAILING * len(odd), practice_id, FAILING * number), _value(table, "outcome", outcome))
        for number, outcome in enumerate(odd)
    ]
    return case(*cases, else_=_value(table, "outcome", CheckOutcome.HEALTHY))


def _checks(engine: Engine) -> None:
    practice = _TABLES["practice"]
    for back in reversed(range(DAYS)):
        values = {
            "practice_id": practice.c.id,
            "outcome": _outcome("health_check", practice.c.id),
            "detail": _value("health_check", "detail", ["What was found stands here in a sentence."]),
            "at": NOW - timedelta(days=back, hours=7),
        }
        _insert(engine, "health_check", values, practice, order=(practice.c.id,))


def _accounts(engine: Engine) -> None:
    """How each stands after the newest check, and the alert of each that fails."""
    check = _TABLES["health_check"]
    newest = select(func.max(check.c.id).label("id")).group_by(check.c.practice_id).subquery()
    of_now = check.join(newest, newest.c.id == check.c.id)
    opened = {
        "id": check.c.practice_id,
        "outcome": check.c.outcome,
        "host": "revolutionehr.example",
        "name": _text(check.c.practice_id, "Practice "),
        "requester": "U0ANA",
        "channel": CHANNEL,
        "ts": _text(check.c.practice_id, "1700000001."),
        "size": 1,
        "digest": "",
        "opened_at": NOW - timedelta(days=20),
        "grew_at": NOW - timedelta(days=20),
        "pause_said": False,
        "reminded_at": NOW - timedelta(hours=1),
        "pictured": True,
        "closed": check.c.outcome == CheckOutcome.HEALTHY,
    }
    _insert(engine, "health_alert", opened, of_now)
    fails = check.c.outcome != CheckOutcome.HEALTHY
    values = {
        "practice_id": check.c.practice_id,
        "due_at": NOW + timedelta(hours=20),
        "handed_at": NOW - timedelta(hours=7),
        "check_id": check.c.id,
        "outcome": check.c.outcome,
        "detail": check.c.detail,
        "since": NOW - timedelta(days=20),
        "looked_at": check.c.at,
        "alike": 20,
        "alert_id": case((fails, check.c.practice_id)),
        "told": case((fails, check.c.outcome)),
        "muted": False,
    }
    _insert(engine, "account_health", values, of_now)


def _rotations(engine: Engine) -> None:
    practice = _TABLES["practice"]
    for turn in range(ROTATIONS):
        at = NOW - timedelta(days=28 - 7 * turn)
        handed = at + timedelta(hours=1)
        waits = _one_in(WAITING, practice.c.id) if turn == ROTATIONS - 1 else literal(False)
        values = {
            "practice_id": practice.c.id,
            "why": ASKED,
            "asked_by": "U0ANA",
            "begun_at": at,
            "tried_at": at,
            "proved_at": at,
            "ended_at": at,
            "problem": "",
            "handed_over_at": case((waits, None), else_=_value("rotation", "handed_over_at", handed)),
            "handed_over_by": case((waits, None), else_=literal("U0ANA")),
            "channel": CHANNEL,
            "ts": _text(practice.c.id, f"17000{turn}0002."),
            "reminded_at": NOW - timedelta(hours=1),
            "digest": "",
        }
        _insert(engine, "rotation", values, practice, order=(practice.c.id,))


def _right_in_slack(engine: Engine) -> None:
    """Slack shows what is so: there is nothing to be said."""
    digests: list[tuple[Any, int, str]] = [
        (m.HealthAlert, one.id, alert(AlertView.of(one, members)).digest) for one, members in alerts.unclosed(engine)
    ]
    for rotation, practice in rotations.waiting_for_handover(engine):
        shown = handover.message(rotation, practice, runs.last_of(engine, practice.id))
        digests.append((m.Rotation, rotation.id, shown.digest))
    with transaction(engine) as session:
        for table, row, digest in digests:
            session.exec(update(table).where(col(table.id) == row).values(digest=digest))


def _as_autovacuum_does(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
