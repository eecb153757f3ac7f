"""One holder at a time, and whoever lost the lease can do nothing more."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, text

from storage import runs
from storage.database import StorageError, reading, transaction
from storage.models import Lease, Practice
from tests.storage.conftest import NOW

ME = runs.this_process()
ELSEWHERE = "elsewhere/1/1"
LATER = NOW + timedelta(seconds=31)


@contextmanager
def another_process() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A process that lives and has said how it signs; killed at the end if it still does."""
    script = "from storage.runs import this_process; print(this_process(), flush=True); input()"
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process
        process.kill()


def test_this_process_is_alive_and_always_signs_alike() -> None:
    assert not runs.is_dead(ME)
    assert runs.this_process() == ME


def test_a_process_is_dead_once_killed_even_before_anybody_has_buried_it() -> None:
    with another_process() as (holder, process):
        assert not runs.is_dead(holder)
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # until it is gone, but not yet buried: a zombie
        zombie = runs.is_dead(holder)
        process.wait()
        assert (zombie, runs.is_dead(holder)) == (True, True)


def test_another_process_with_the_number_of_a_dead_one_is_not_taken_for_it() -> None:
    host, pid, start, machine = ME.split("/")
    assert runs.is_dead(f"{host}/{pid}/{float(start) - 60:.2f}/{machine}")


@pytest.mark.parametrize("place", [0, 3])
def test_nobody_is_dead_who_is_on_another_machine(place: int) -> None:
    parts = ME.split("/")
    parts[1] = "4194999"  # beyond the largest process number there is
    assert runs.is_dead("/".join(parts))
    parts[place] = "elsewhere"
    assert not runs.is_dead("/".join(parts))


@pytest.mark.parametrize("holder", ["", "someone", "a/b/c", f"{ME.split('/')[0]}/x/y", "///"])
def test_nobody_is_dead_whose_name_says_nothing(holder: str) -> None:
    assert not runs.is_dead(holder)


def test_a_free_practice_can_be_claimed(engine: Engine, practice: Practice) -> None:
    lease = runs.claim_practice(engine, practice.id, ME, now=NOW)
    assert lease is not None
    assert (lease.holder, lease.token, lease.expires_at) == (ME, 1, NOW + timedelta(seconds=30))
    assert runs.holds(engine, lease, now=NOW)


def test_what_a_living_process_holds_is_nobody_elses(engine: Engine, practice: Practice) -> None:
    with another_process() as (other, _):
        assert runs.claim_practice(engine, practice.id, other, now=NOW) is not None
        assert runs.claim_practice(engine, practice.id, ME, now=NOW) is None


def test_one_process_does_not_hold_a_practice_twice(engine: Engine, practice: Practice) -> None:
    assert runs.claim_practice(engine, practice.id, ME, now=NOW) is not None
    assert runs.claim_practice(engine, practice.id, ME, now=NOW) is None


def test_what_a_dead_process_held_is_free_at_once(engine: Engine, practice: Practice) -> None:
    with another_process() as (other, process):
        former = runs.claim_practice(engine, practice.id, other, now=NOW)
        assert former is not None
        process.kill()
        process.wait()
        lease = runs.claim_practice(engine, practice.id, ME, now=NOW)
    assert lease is not None
    assert lease.token == former.token + 1


def test_what_a_process_elsewhere_held_is_free_when_it_has_expired(engine: Engine, practice: Practice) -> None:
    former = runs.claim_practice(engine, practice.id, ELSEWHERE, now=NOW)
    assert former is not None
    assert runs.claim_practice(engine, practice.id, ME, now=NOW + timedelta(seconds=29)) is None
    lease = runs.claim_practice(engine, practice.id, ME, now=LATER)
    assert lease is not None
    assert lease.token == former.token + 1
    assert not runs.holds(engine, former, now=LATER)
    assert runs.holds(engine, lease, now=LATER)


def test_a_renewed_lease_does_not_expire(engine: Engine, practice: Practice) -> None:
    lease = runs.claim_practice(engine, practice.id, ELSEWHERE, now=NOW)
    assert lease is not None
    assert runs.renew(engine, lease, now=NOW + timedelta(seconds=20))
    assert runs.claim_practice(engine, practice.id, ME, now=LATER) is None
    assert runs.holds(engine, lease, now=LATER)


def test_an_expired_lease_is_not_held_but_comes_back_if_nobody_took_it(engine: Engine, practice: Practice) -> None:
    lease = runs.claim_practice(engine, practice.id, ME, now=NOW)
    assert lease is not None
    assert not runs.holds(engine, lease, now=LATER)
    assert runs.renew(engine, lease, now=LATER)
    assert runs.holds(engine, lease, now=LATER)


def test_a_stolen_lease_cannot_be_renewed_nor_released(engine: Engine, practice: Practice) -> None:
    former = runs.claim_practice(engine, practice.id, ELSEWHERE, now=NOW)
    lease = runs.claim_practice(engine, practice.id, ME, now=LATER)
    assert former is not None
    assert lease is not None
    assert not runs.renew(engine, former, now=LATER)
    runs.release(engine, former)
    assert runs.holds(engine, lease, now=LATER)


def test_a_released_lease_is_free_and_no_longer_held(engine: Engine, practice: Practice) -> None:
    lease = runs.claim_practice(engine, practice.id, ME, now=NOW)
    assert lease is not None
    runs.release(engine, lease)
    assert not runs.holds(engine, lease, now=NOW)
    assert not runs.renew(engine, lease, now=NOW)
    again = runs.claim_practice(engine, practice.id, ME, now=NOW)
    assert again is not None
    assert again.token == 2


def test_the_time_to_live_can_be_given(engine: Engine, practice: Practice) -> None:
    lease = runs.claim_practice(engine, practice.id, ME, now=NOW, ttl=timedelta(seconds=5))
    assert lease is not None
    assert not runs.holds(engine, lease, now=NOW + timedelta(seconds=5))
    assert runs.renew(engine, lease, now=NOW, ttl=timedelta(seconds=60))
    assert runs.holds(engine, lease, now=NOW + timedelta(seconds=59))


def test_a_practice_that_is_not_there_cannot_be_claimed(engine: Engine) -> None:
    with pytest.raises(StorageError, match="no such practice"):
        runs.claim_practice(engine, 77, ME, now=NOW)


def test_of_eight_threads_that_claim_at_once_one_gets_it(engine: Engine, practice: Practice) -> None:
    together = Barrier(8)

    def claim(_: int) -> bool:
        together.wait()
        return runs.claim_practice(engine, practice.id, ME, now=NOW) is not None

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(claim, range(8))) == 1


def test_a_thread_that_slept_past_its_lease_is_fenced_off_by_its_own_process(
    engine: Engine, practice: Practice
) -> None:
    former = runs.claim_practice(engine, practice.id, ME, now=NOW)
    lease = runs.claim_practice(engine, practice.id, ME, now=LATER)
    assert former is not None
    assert lease is not None
    assert not runs.renew(engine, former, now=LATER)
    runs.release(engine, former)
    assert runs.holds(engine, lease, now=LATER)


def test_a_lease_that_is_being_renewed_is_not_stolen(engine: Engine, practice: Practice) -> None:
    lease = runs.claim_practice(engine, practice.id, ELSEWHERE, now=NOW)
    assert lease is not None
    with ThreadPoolExecutor(1) as thread:
        with transaction(engine) as session:
            row = session.get(Lease, practice.id)
            assert row is not None
            row.expires_at = LATER + runs.TTL
            session.flush()
            claim = thread.submit(runs.claim_practice, engine, practice.id, ME, now=LATER)
            until_somebody_waits(engine)
        assert claim.result() is None
    assert runs.holds(engine, lease, now=LATER)


def until_somebody_waits(engine: Engine) -> None:
    """Until a transaction waits for another one. SQLite does not tell: there whoever comes late finds it done."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    for _ in range(1000 if engine.dialect.name == "postgresql" else 0):
        with reading(engine) as session:
            if session.connection().execute(waiting).scalar():
                return
        time.sleep(0.005)
