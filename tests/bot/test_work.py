"""A knock: done once, in the right way, whoever knocks and however often."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from automation.errors import LoginRefused, PersonNeeded, Unavailable
from bot.checks.due import Hours
from bot.checks.rounds import Rounds
from bot.dispatch import RUNS, Inline, Local, Workers
from bot.schedule import UNASKED, UNDECIDED, Clock
from bot.work import Work, keep_password
from bot.worker import Worker
from storage import checks, health, runs
from storage.models import ErrorClass, Purpose, Run, RunStatus, Stage, Verdict, utcnow
from tests.bot.conftest import Knocks, Place
from tests.bot.tiny import ADMIN


@dataclass
class Shop:
    """A place with somebody who knocks."""

    place: Place
    changed: list[int] = field(default_factory=list)

    def work(self) -> Work:
        return Work(self.place.engine, self.place.vault, self.place.worker, self.changed.append)

    def knock(self, run: Run) -> Run:
        """Knock for the run as it stands; how it stands afterwards."""
        now = self.place.run(run.id)
        self.work().run(run.id, now.moved_at)
        return self.place.run(run.id)

    def requested(self) -> Run:
        run = self.place.requested()
        keep_password(self.place.vault, run, ADMIN, utcnow())
        return run

    def approved(self) -> Run:
        run = self.knock(self.requested())
        assert run.plan_hash is not None
        runs.approve(self.place.engine, run.id, run.plan_hash, Verdict.APPROVED, "U0BEN", now=utcnow())
        return self.place.run(run.id)

    @property
    def password_is_kept(self) -> bool:
        kept = self.place.vault.kept(self.place.practice.id, Purpose.ADMINISTRATOR, Stage.PENDING)
        return kept is not None


@pytest.fixture
def shop(place: Place) -> Shop:
    return Shop(place)


def test_a_requested_run_is_planned_and_an_approved_one_walked(shop: Shop) -> None:
    run = shop.approved()
    assert run.status is RunStatus.APPROVED
    assert shop.knock(run).status is RunStatus.SUCCEEDED
    assert set(shop.changed) == {run.id}


def test_the_administrators_password_is_destroyed_when_the_run_has_ended(shop: Shop) -> None:
    run = shop.approved()
    assert shop.password_is_kept
    shop.knock(run)
    assert not shop.password_is_kept


def test_a_knock_that_comes_late_does_nothing(shop: Shop) -> None:
    run = shop.requested()
    shop.work().run(run.id, run.moved_at)
    plans = shop.place.ehr.plans
    shop.work().run(run.id, run.moved_at)
    assert (shop.place.ehr.plans, shop.place.run(run.id).status) == (plans, RunStatus.PLANNED)


def test_a_knock_for_what_is_over_or_unknown_does_nothing(shop: Shop) -> None:
    run = shop.knock(shop.approved())
    shop.work().run(run.id, run.moved_at)
    shop.work().run(4711, utcnow())
    assert shop.place.ehr.logins == 1


def test_a_refused_password_is_destroyed_and_never_tried_again(shop: Shop) -> None:
    shop.place.ehr.troubles[0] = [LoginRefused("Refused.", "", "")]
    run = shop.knock(shop.requested())
    assert (run.status, run.error_class, shop.password_is_kept) == (RunStatus.FAILED, ErrorClass.CREDENTIAL, False)
    run = shop.knock(run)
    assert (run.status, run.error_class, shop.place.ehr.plans) == (RunStatus.FAILED, ErrorClass.CREDENTIAL, 1)


def test_a_failure_of_another_kind_keeps_the_password_for_the_retry(shop: Shop) -> None:
    run = shop.approved()
    shop.place.ehr.troubles[8] = [Unavailable("Down.", "", "")] * 3
    assert shop.knock(run).status is RunStatus.FAILED
    assert shop.password_is_kept
    assert shop.place.again(run)
    assert shop.knock(run).status is RunStatus.SUCCEEDED


def test_an_approval_that_comes_after_the_password_is_gone_fails_in_words(shop: Shop) -> None:
    run = shop.approved()
    shop.place.vault.forget_administrators(utcnow() + timedelta(hours=25))
    run = shop.knock(run)
    assert run.trouble is not None
    assert (run.status, run.trouble.error_class) == (RunStatus.FAILED, ErrorClass.CREDENTIAL)
    assert "isn't here any more" in run.trouble.what


def test_a_run_without_a_password_yet_just_waits(shop: Shop) -> None:
    run = shop.place.requested()
    assert shop.knock(run).status is RunStatus.REQUESTED


def test_after_a_person_did_it_the_walk_goes_on(shop: Shop) -> None:
    run = shop.approved()
    shop.place.ehr.troubles[15] = [PersonNeeded("A second factor.", "", "")]
    assert shop.knock(run).status is RunStatus.WAITING
    assert shop.knock(run).status is RunStatus.SUCCEEDED


def test_a_run_that_is_cancelled_while_it_is_walked_stops_between_two_steps(shop: Shop) -> None:
    run, place = shop.approved(), shop.place
    place.ehr.before[9] = lambda: runs.move(place.engine, run.id, RunStatus.CANCELLED, now=utcnow())
    assert shop.knock(run).status is RunStatus.CANCELLED
    assert max(place.newest_steps(run)) == 9
    assert (place.ehr.open_sessions, place.ehr.password, shop.password_is_kept) == (0, None, False)


def test_a_shutdown_puts_the_run_back_and_the_next_start_goes_on(shop: Shop) -> None:
    run, place = shop.approved(), shop.place
    worker = place.worker()
    place.ehr.before[9] = worker.guard.stop
    Work(place.engine, place.vault, lambda: worker).run(run.id, run.moved_at)
    assert place.run(run.id).status is RunStatus.APPROVED
    assert shop.knock(run).status is RunStatus.SUCCEEDED


def test_a_check_is_recorded_and_an_unknown_practice_is_none(shop: Shop) -> None:
    shop.knock(shop.approved())
    shop.work().check(shop.place.practice.id)
    shop.work().check(4711)
    assert checks.latest(shop.place.engine, shop.place.practice.id) is not None


def test_a_check_waits_a_moment_for_whoever_is_there_and_else_comes_a_minute_later(shop: Shop, engine: Engine) -> None:
    shop.knock(shop.approved())
    practice_id = shop.place.practice.id
    rounds = Rounds(engine, Hours.read("06:30", "UTC"))
    rounds.looked(practice_id)
    lease = runs.claim_practice(engine, practice_id, "elsewhere/1/1/x", now=utcnow())
    assert lease is not None
    waited: list[float] = []
    work = replace(shop.work(), wait=waited.append, looked=rounds.looked)
    work.check(practice_id)
    assert (len(waited), checks.latest(engine, practice_id)) == (5, None)
    assert health.hand_out(engine, now=utcnow()) == [practice_id]

    def goes(seconds: float) -> None:
        runs.release(engine, lease)

    replace(work, wait=goes).check(practice_id)
    assert checks.latest(engine, practice_id) is not None


# --- by the clock


def test_the_sweep_finds_what_was_approved_and_what_has_its_password(shop: Shop) -> None:
    run, knocks = shop.requested(), Knocks()
    clock = Clock(shop.place.engine, shop.place.vault, knocks, shop.changed.append)
    clock.sweep()
    shop.place.vault.forget(run.practice_id, Purpose.ADMINISTRATOR)
    clock.sweep()
    assert knocks.runs == [run.id]


def test_the_sweep_plans_what_was_changed_and_nobody_planned_since(shop: Shop, engine: Engine) -> None:
    run, knocks = shop.knock(shop.requested()), Knocks()
    clock = Clock(engine, shop.place.vault, knocks, shop.changed.append)
    clock.sweep()
    assert knocks.runs == []
    assert runs.change(engine, run.id, administrator="mhalloran", notes="", adopt=True)
    clock.sweep()
    assert knocks.runs == [run.id]


def test_the_sweep_fails_an_interrupted_run_and_says_so(shop: Shop, engine: Engine) -> None:
    run = shop.approved()
    assert runs.claim(engine, run.id, "elsewhere/1/1/x", now=utcnow() - timedelta(minutes=5)) is not None
    Clock(engine, shop.place.vault, Knocks(), shop.changed.append).sweep()
    interrupted = shop.place.run(run.id)
    assert (interrupted.status, interrupted.error_class) == (RunStatus.FAILED, ErrorClass.TRANSIENT)
    assert shop.changed[-1] == run.id


@pytest.mark.parametrize("patience", [UNASKED, UNDECIDED])
def test_what_nobody_goes_on_with_expires(shop: Shop, patience: timedelta) -> None:
    run = shop.requested() if patience is UNASKED else shop.knock(shop.requested())
    later = Clock(shop.place.engine, shop.place.vault, Knocks(), shop.changed.append, now=lambda: utcnow() + patience)
    early = Clock(
        shop.place.engine, shop.place.vault, Knocks(), shop.changed.append, now=lambda: utcnow() + patience * 0.9
    )
    early.tidy()
    assert shop.place.run(run.id).status is run.status
    later.tidy()
    assert (shop.place.run(run.id).status, shop.password_is_kept) == (RunStatus.EXPIRED, False)


# --- in threads


def local(shop: Shop, size: int = 2) -> tuple[Local, list[Worker]]:
    made: list[Worker] = []

    def make() -> Worker:
        made.append(shop.place.worker())
        return made[-1]

    workers = Workers(make)
    work = Work(shop.place.engine, shop.place.vault, workers.mine, shop.changed.append)
    return Local(work, workers, size), made


def test_a_run_that_waits_in_line_is_not_put_there_again(shop: Shop) -> None:
    run = shop.requested()
    dispatcher, _ = local(shop)
    assert dispatcher.run(run.id)
    assert not dispatcher.run(run.id)
    dispatcher.start()
    for _ in range(200):
        if shop.place.run(run.id).status is RunStatus.PLANNED:
            break
        dispatcher.scheduler.wakeup()
        time.sleep(0.02)
    dispatcher.stop()
    assert (shop.place.run(run.id).status, shop.place.ehr.plans) == (RunStatus.PLANNED, 1)


def test_after_stop_nothing_new_begins(shop: Shop) -> None:
    run = shop.requested()
    dispatcher, made = local(shop)
    dispatcher.start()
    dispatcher.stop()
    assert dispatcher.run(run.id)
    assert (shop.place.run(run.id).status, made) == (RunStatus.REQUESTED, [])


def test_work_that_ends_while_it_is_stopped_may_ask_for_more(shop: Shop) -> None:
    dispatcher, _ = local(shop)
    begun, go_on = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        go_on.wait(10)
        dispatcher.check(4711)

    dispatcher.start()
    dispatcher.scheduler.add_job(work, executor=RUNS)
    assert begun.wait(10)
    stops = threading.Thread(target=dispatcher.stop, daemon=True)
    stops.start()
    stops.join(0.2)  # until it waits for that work
    go_on.set()
    stops.join(10)
    assert not stops.is_alive()


def test_every_thread_that_kept_a_browser_closes_it_at_the_end(shop: Shop) -> None:
    dispatcher, _ = local(shop)
    both, names = threading.Barrier(3), list[str]()

    def work() -> None:
        dispatcher._workers.mine()
        names.append(threading.current_thread().name)
        both.wait(10)

    dispatcher.start()
    for _ in range(2):
        dispatcher.scheduler.add_job(work, executor=RUNS)
    both.wait(10)
    dispatcher.stop()
    assert sorted(shop.place.hands.closed_by) == sorted(names)


def test_what_the_schedulers_thread_strikes_off_while_it_is_stopped_is_no_error(shop: Shop) -> None:
    dispatcher, _ = local(shop)
    dispatcher.start()
    dispatcher.stop()
    dispatcher.scheduler.remove_job("handed out a moment ago")


def test_the_inline_dispatcher_does_it_at_once(shop: Shop) -> None:
    run = shop.requested()
    assert Inline(shop.work()).run(run.id)
    assert shop.place.run(run.id).status is RunStatus.PLANNED


def test_the_evidence_and_the_rows_hold_no_password(shop: Shop, tmp_path: Path) -> None:
    shop.knock(shop.approved())
    written = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"canary" not in written
