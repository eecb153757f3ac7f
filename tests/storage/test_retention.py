"""What is deleted once it is old, and what never is: on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, event, func, select

from storage import audit, checks, links, practices, retention, runs, threads
from storage.models import (
    AuditEntry,
    CheckOutcome,
    HealthCheck,
    LinkPurpose,
    OneTimeLink,
    Practice,
    Run,
    RunStatus,
    Step,
    StepStatus,
    ThreadMessage,
)
from storage.retention import Pruned
from tests.storage.conftest import NOW

DAY = timedelta(days=1)
OLD, YOUNG = NOW - 2 * DAY, NOW


def walked(engine: Engine, practice: Practice, at: datetime, end: RunStatus = RunStatus.CANCELLED) -> Run:
    """A run with two steps and a message, which ended so at that moment."""
    run = runs.request(engine, practice.id, "U0ANA", channel="C0", now=at)
    lease = runs.claim_practice(engine, practice.id, f"here/{run.id}/1/x", now=at)
    assert lease is not None
    for number in (1, 2):
        runs.record(engine, lease, run.id, number, f"step {number}", StepStatus.DONE, now=at)
    runs.release(engine, lease)
    threads.showed(engine, run.id, threads.ROOT, "C0", "1.2", "digest", "said")
    if end is RunStatus.FAILED:
        runs.move(engine, run.id, RunStatus.PLANNING, now=at)
    assert runs.move(engine, run.id, end, now=at)
    return run


def number(engine: Engine, table: type) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_steps_and_messages_of_long_finished_runs_go_and_the_runs_stay(engine: Engine, practice: Practice) -> None:
    old, young = walked(engine, practice, OLD), walked(engine, practice, YOUNG)
    assert retention.prunable(engine, NOW - DAY) == Pruned(steps=2, messages=1)
    assert (number(engine, Step), number(engine, ThreadMessage)) == (4, 2)
    assert retention.prune(engine, NOW - DAY) == Pruned(steps=2, messages=1)
    assert (runs.steps(engine, old.id), threads.messages(engine, old.id)) == ([], {})
    assert (len(runs.steps(engine, young.id)), len(threads.messages(engine, young.id))) == (2, 1)
    assert number(engine, Run) == 2
    assert retention.prune(engine, NOW - DAY) == Pruned()


def test_a_failed_run_can_be_retried_so_it_keeps_its_steps(engine: Engine, practice: Practice) -> None:
    walked(engine, practice, OLD, RunStatus.FAILED)
    assert retention.prune(engine, NOW - DAY) == Pruned()


def test_the_newest_check_of_each_practice_stays_however_old(engine: Engine, practice: Practice) -> None:
    other = practices.save(engine, "Harbor Eye", "https://ehr.example/static/", now=NOW)
    for at in (OLD, OLD, OLD):
        checks.record(engine, practice.id, CheckOutcome.HEALTHY, [], now=at)
    checks.record(engine, other.id, CheckOutcome.DRIFT, [], now=OLD)
    checks.record(engine, other.id, CheckOutcome.HEALTHY, [], now=YOUNG)
    newest = checks.latest(engine, practice.id)
    assert retention.prunable(engine, NOW - DAY) == Pruned(checks=3)
    assert retention.prune(engine, NOW - DAY) == Pruned(checks=3)
    assert checks.latest(engine, practice.id) == newest
    assert number(engine, HealthCheck) == 2


def test_links_that_were_used_or_expired_go(engine: Engine, practice: Practice) -> None:
    purpose = LinkPurpose.REVEAL
    used = links.make(engine, purpose, practice.id, "U0ANA", now=OLD, lasts=30 * DAY)
    links.use(engine, used, now=OLD)
    links.make(engine, purpose, practice.id, "U0BEN", now=OLD)
    works = links.make(engine, purpose, practice.id, "U0CLEO", now=OLD, lasts=30 * DAY)
    assert retention.prune(engine, NOW - DAY) == Pruned(links=2)
    assert links.find(engine, works, now=NOW) is not None
    assert number(engine, OneTimeLink) == 1


def test_the_audit_stays(engine: Engine, practice: Practice) -> None:
    audit.write(engine, "somebody", "did something", practice_id=practice.id, now=OLD)
    retention.prune(engine, NOW)
    assert number(engine, AuditEntry) == 1


def test_no_transaction_deletes_more_than_a_batch(engine: Engine, practice: Practice) -> None:
    for _ in range(8):
        checks.record(engine, practice.id, CheckOutcome.HEALTHY, [], now=OLD)
    deleted: list[int] = []
    event.listen(
        engine,
        "after_cursor_execute",
        lambda *args: deleted.append(args[1].rowcount) if args[2].startswith("DELETE FROM health_check") else None,
    )
    assert retention.prune(engine, NOW - DAY, at_once=3).checks == 7
    assert deleted == [3, 3, 1]


def test_several_may_prune_at_once(engine: Engine, practice: Practice) -> None:
    for _ in range(20):
        checks.record(engine, practice.id, CheckOutcome.HEALTHY, [], now=OLD)
    found: list[Pruned] = []
    workers = [
        threading.Thread(target=lambda: found.append(retention.prune(engine, NOW - DAY, at_once=2))) for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(one.checks for one in found) == 19
    assert len(found) == 4


@pytest.mark.parametrize("more", [0, 3])
def test_which_of_many_runs_finished_long_ago(
    engine: Engine, practice: Practice, more: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    old = {walked(engine, practice, OLD).id for _ in range(1 + more)}
    young = walked(engine, practice, YOUNG).id
    assert retention.long_finished(engine, {*old, young, 4711}, NOW - DAY) == old
    assert retention.long_finished(engine, set(), NOW) == set()
