"""The worker over a tiny EHR: every outcome moves the run, and no outcome is lost."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text

from automation.browser import BrowserMissing
from automation.errors import (
    Forbidden,
    Halted,
    LoginRefused,
    NotRevolutionEHR,
    PersonNeeded,
    ScreenChanged,
    Unavailable,
)
from automation.revolutionehr.check import NOT_NOW, Checked
from bot.guard import Stopped
from bot.hands import STEPS, NoBrowser
from bot.seats import Seats
from bot.workplace import Busy
from storage import checks, practices, runs
from storage.database import StorageError, transaction
from storage.models import (
    CheckOutcome,
    Drift,
    DriftGrade,
    ErrorClass,
    Purpose,
    RunStatus,
    Stage,
    StepStatus,
    Verdict,
    utcnow,
)
from tests.bot.conftest import Place
from tests.bot.tiny import ADMIN


def test_an_approved_run_becomes_an_account_with_a_proved_password(place: Place) -> None:
    run = place.approved()
    told: list[tuple[int, StepStatus]] = []
    ended = place.worker().execute_run(run.id, ADMIN, lambda one: told.append((one.number, one.status)))
    assert ended is not None
    assert ended.status is RunStatus.SUCCEEDED
    assert ended.outcome is not None
    assert ended.outcome.changed
    current = place.vault.kept(place.practice.id, Purpose.FINAL, Stage.CURRENT)
    assert current is not None
    assert current.password.get_secret_value() == place.ehr.password
    learned = practices.find(place.engine, "Lumen Eye")
    assert learned is not None
    assert (learned.ehr_id, learned.username) == ("2915", "OneSpot2915")
    assert [number for number, status in told if status is not StepStatus.RUNNING] == [number for number, _ in STEPS]
    assert {step.status for step in place.newest_steps(run).values()} <= {StepStatus.DONE, StepStatus.ALREADY_THERE}


def test_a_second_run_changes_nothing_and_says_so(place: Place) -> None:
    place.worker().execute_run(place.approved().id, ADMIN)
    second = place.approved()
    assert second.the_plan is not None
    assert second.the_plan.changes_nothing
    ended = place.worker().execute_run(second.id, ADMIN)
    assert ended is not None
    assert ended.outcome is not None
    assert not ended.outcome.changed


def test_a_run_that_is_over_is_not_executed_again(place: Place) -> None:
    run = place.approved()
    place.worker().execute_run(run.id, ADMIN)
    assert place.worker().execute_run(run.id, ADMIN) is None
    assert place.ehr.logins == 1


def test_a_run_that_nobody_approved_is_not_executed(place: Place) -> None:
    run = place.requested()
    assert place.worker().execute_run(run.id, ADMIN) is None
    place.worker().plan_run(run.id, ADMIN)
    assert place.worker().execute_run(run.id, ADMIN) is None
    assert place.ehr.logins == 0


def test_only_one_of_two_workers_gets_a_run(place: Place) -> None:
    run = place.approved()
    others: list[object] = []
    place.ehr.before[3] = lambda: others.append(place.worker().execute_run(run.id, ADMIN))
    ended = place.worker().execute_run(run.id, ADMIN)
    assert others == [None]
    assert ended is not None
    assert ended.status is RunStatus.SUCCEEDED


def test_what_is_transient_is_tried_three_times_in_all(place: Place) -> None:
    run = place.approved()
    place.ehr.troubles[8] = [Unavailable("The page was slow."), Unavailable("The page was slow.")]
    ended = place.worker().execute_run(run.id, ADMIN)
    assert ended is not None
    assert ended.status is RunStatus.SUCCEEDED
    assert sum(place.slept) == 18
    assert len(place.heard) == 2
    assert "Trying again" in place.heard[0]
    assert place.ehr.open_sessions == 0


def test_what_stays_transient_fails_after_the_third_try_at_its_step(place: Place) -> None:
    run = place.approved()
    place.ehr.troubles[8] = [Unavailable("The page was slow.") for _ in range(3)]
    ended = place.worker().execute_run(run.id, ADMIN)
    assert ended is not None
    assert ended.status is RunStatus.FAILED
    kept = place.run(run.id).trouble
    assert kept is not None
    assert (kept.error_class, kept.step) == (ErrorClass.TRANSIENT, 8)
    assert place.newest_steps(run)[8].status is StepStatus.FAILED
    assert runs.resume_at(place.engine, run.id) == place.newest_steps(run)[8].name


@pytest.mark.parametrize(
    "error",
    [LoginRefused("No."), Forbidden("No."), ScreenChanged("No.")],
)
def test_what_is_not_transient_is_never_tried_again(place: Place, error: Exception) -> None:
    run = place.approved()
    place.ehr.troubles[1] = [error]
    ended = place.worker().execute_run(run.id, ADMIN)
    assert ended is not None
    assert ended.status is RunStatus.FAILED
    assert place.slept == []
    assert place.ehr.logins == 1


def test_a_failed_run_goes_on_where_its_own_work_is_found(place: Place) -> None:
    run = place.approved()
    place.ehr.troubles[14] = [ScreenChanged("The Save button isn't there.")]
    place.worker().execute_run(run.id, ADMIN)
    assert place.ehr.role
    assert place.again(run)
    ended = place.worker().execute_run(run.id, ADMIN)
    assert ended is not None
    assert ended.status is RunStatus.SUCCEEDED
    assert place.newest_steps(run)[7].status is StepStatus.ALREADY_THERE


def test_a_person_who_is_needed_makes_the_run_wait_and_then_it_goes_on(place: Place) -> None:
    run = place.approved()
    place.ehr.troubles[16] = [PersonNeeded("Agreements are shown.", "Only a person may accept them.", "Accept them.")]
    ended = place.worker().execute_run(run.id, ADMIN)
    assert ended is not None
    assert ended.status is RunStatus.WAITING
    assert ended.trouble is not None
    assert ended.trouble.do == "Accept them."
    ended = place.worker().execute_run(run.id, ADMIN)
    assert ended is not None
    assert ended.status is RunStatus.SUCCEEDED


def test_another_plan_at_the_start_lapses_the_approval(place: Place) -> None:
    run = place.approved()
    place.ehr.primary = "North"
    ended = place.worker().execute_run(run.id, ADMIN)
    assert ended is not None
    assert ended.status is RunStatus.FAILED
    assert ended.plan is not None
    assert ended.plan == place.run(run.id).the_plan
    assert ended.plan.primary_location == "North"
    assert not place.again(run)
    assert place.ehr.logins == 0
    replanned = place.worker().plan_run(run.id, ADMIN)
    assert replanned is not None
    assert replanned.status is RunStatus.PLANNED


@pytest.mark.parametrize(("later", "plans"), [(59, 1), (61, 2)])
def test_a_plan_of_the_last_minute_is_walked_without_another_look(place: Place, later: int, plans: int) -> None:
    moment = [utcnow()]
    run, worker = place.requested(), replace(place.worker(), now=lambda: moment[0])
    planned = worker.plan_run(run.id, ADMIN)
    assert planned is not None
    assert planned.plan is not None
    assert runs.approve(place.engine, run.id, planned.plan.hash, Verdict.APPROVED, "somebody", now=moment[0])
    moment[0] += timedelta(seconds=later)
    ended = worker.execute_run(run.id, ADMIN)
    assert ended is not None
    assert (ended.status, place.ehr.plans) == (RunStatus.SUCCEEDED, plans)


def test_a_plan_that_fails_leaves_a_run_that_can_be_planned_again(place: Place) -> None:
    run = place.requested()
    place.ehr.troubles[0] = [LoginRefused("The login was refused.")]
    failed = place.worker().plan_run(run.id, ADMIN)
    assert failed is not None
    assert (failed.status, failed.unusable) == (RunStatus.FAILED, False)
    again = place.worker().plan_run(run.id, ADMIN)
    assert again is not None
    assert again.status is RunStatus.PLANNED


@pytest.mark.parametrize("problem", [NotRevolutionEHR("This isn't RevolutionEHR."), BrowserMissing("No Chromium.")])
def test_a_wrong_address_or_no_browser_is_a_matter_of_settings(place: Place, problem: Exception) -> None:
    run = place.requested()
    if isinstance(problem, BrowserMissing):
        place.hands.missing = problem
    else:
        place.ehr.troubles[0] = [problem]
    ended = place.worker().plan_run(run.id, ADMIN)
    assert ended is not None
    assert ended.unusable
    assert ended.status is RunStatus.FAILED
    assert place.slept == []


def test_a_lost_lease_stops_at_the_next_click_and_touches_nothing(place: Place) -> None:
    run = place.approved()

    def stolen() -> None:
        with transaction(place.engine) as session:
            session.connection().execute(text("UPDATE lease SET token = token + 1, holder = 'another'"))

    place.ehr.before[7] = stolen
    with pytest.raises(runs.LeaseLost):
        place.worker().execute_run(run.id, ADMIN)
    assert not place.ehr.role
    assert place.run(run.id).status is RunStatus.RUNNING
    assert place.newest_steps(run)[7].status is StepStatus.RUNNING
    assert place.ehr.open_sessions == 0


def test_a_database_that_is_gone_at_a_checkpoint_stops_without_a_failed_step(place: Place) -> None:
    run = place.approved()
    place.ehr.before[9] = lambda: _rename(place, "step", "away")
    with pytest.raises(StorageError):
        place.worker().execute_run(run.id, ADMIN)
    _rename(place, "away", "step")
    assert place.newest_steps(run)[9].status is StepStatus.RUNNING
    assert place.ehr.open_sessions == 0
    assert runs.interrupted(place.engine, run.id, now=utcnow())
    assert place.again(run)
    ended = place.worker().execute_run(run.id, ADMIN)
    assert ended is not None
    assert ended.status is RunStatus.SUCCEEDED


def test_stopping_ends_between_two_steps_logged_out_and_resumable(place: Place) -> None:
    run = place.approved()
    worker = place.worker()
    place.ehr.before[7] = worker.guard.stop
    ended = worker.execute_run(run.id, ADMIN)
    assert ended is not None
    assert ended.status is RunStatus.FAILED
    steps = place.newest_steps(run)
    assert steps[7].status is StepStatus.DONE
    assert 8 not in steps
    assert place.ehr.open_sessions == 0
    assert place.again(run)
    resumed = place.worker().execute_run(run.id, ADMIN)
    assert resumed is not None
    assert resumed.status is RunStatus.SUCCEEDED


def test_a_stop_halts_a_step_that_takes_long_and_stays_resumable(place: Place) -> None:
    run = place.approved()
    moment = [0.0]

    def dawdle() -> None:
        worker.guard.stop()
        moment[0] += 13
        assert place.hands.browsers[-1].halted.wait(20), "the watch should have halted it"
        raise Halted

    worker = place.worker(clock=lambda: moment[0])
    place.ehr.before[9] = dawdle
    ended = worker.execute_run(run.id, ADMIN)
    assert ended is not None
    assert ended.status is RunStatus.FAILED
    assert place.newest_steps(run)[9].status is StepStatus.RUNNING
    assert (place.ehr.open_sessions, place.hands.browsers[-1].killed.is_set()) == (0, False)
    assert place.again(run)
    resumed = place.worker().execute_run(run.id, ADMIN)
    assert resumed is not None
    assert resumed.status is RunStatus.SUCCEEDED


def test_stopping_at_once_kills_the_browser_and_stays_resumable(place: Place) -> None:
    run = place.approved()
    worker = place.worker()
    place.ehr.before[9] = worker.guard.stop_now
    place.ehr.troubles[9] = [Unavailable("The browser is gone.")]
    ended = worker.execute_run(run.id, ADMIN)
    assert ended is not None
    assert ended.status is RunStatus.FAILED
    assert place.hands.browsers[-1].killed.is_set()
    assert place.again(run)


def test_a_stop_during_the_pause_makes_no_other_try(place: Place) -> None:
    run = place.approved()
    worker = place.worker(sleep=lambda _: worker.guard.stop())
    place.ehr.troubles[8] = [Unavailable("The page was slow.") for _ in range(3)]
    worker.execute_run(run.id, ADMIN)
    assert place.ehr.logins == 1


def test_a_step_that_hangs_is_killed_and_tried_again(place: Place) -> None:
    run = place.approved()
    moment = [0.0]

    def hang() -> None:
        moment[0] += 1000
        browser = place.hands.browsers[-1]
        assert browser.killed.wait(20), "the watch should have killed it"
        raise RuntimeError("the browser is gone")

    place.ehr.before[10] = hang
    ended = place.worker(clock=lambda: moment[0]).execute_run(run.id, ADMIN)
    assert ended is not None
    assert ended.status is RunStatus.SUCCEEDED
    assert "did not come to an end in time" in place.heard[0]


def test_something_unexpected_still_moves_the_run_and_is_passed_on(place: Place) -> None:
    run = place.approved()
    place.ehr.troubles[5] = [ZeroDivisionError("canary-detail")]
    with pytest.raises(ZeroDivisionError):
        place.worker().execute_run(run.id, ADMIN)
    failed = place.run(run.id)
    assert failed.status is RunStatus.FAILED
    assert failed.trouble is not None
    assert failed.trouble.step == 5
    assert "ZeroDivisionError" in failed.trouble.what
    assert "canary" not in failed.trouble.what
    assert place.newest_steps(run)[5].status is StepStatus.FAILED


def test_a_walk_that_proves_no_password_is_no_success(place: Place) -> None:
    run = place.approved()
    place.ehr.forgets_to_prove = True
    ended = place.worker().execute_run(run.id, ADMIN)
    assert ended is not None
    assert ended.status is RunStatus.FAILED
    assert ended.trouble is not None


def test_a_run_that_was_cancelled_meanwhile_is_not_called_done(place: Place) -> None:
    run = place.approved()
    place.ehr.before[17] = lambda: runs.move(place.engine, run.id, RunStatus.CANCELLED, now=utcnow())
    ended = place.worker().execute_run(run.id, ADMIN)
    assert ended is not None
    assert ended.status is RunStatus.CANCELLED


def test_evidence_is_in_a_folder_for_this_user_only(place: Place) -> None:
    folder = place.worker().folder("12")
    assert folder == place.folder / "evidence" / "12"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert folder.parent.stat().st_mode & 0o777 == 0o700


def test_no_password_is_written_in_the_clear(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    run = place.approved()
    place.ehr.troubles[16] = [ScreenChanged("The reset form isn't there.")]
    place.worker().execute_run(run.id, ADMIN)
    place.again(run)
    place.worker().execute_run(run.id, ADMIN)
    place.engine.dispose()
    for file in place.folder.rglob("*"):
        assert file.is_dir() or b"canary" not in file.read_bytes(), file
    assert "canary" not in caplog.text


def test_a_plan_alone_leaves_no_run(place: Place) -> None:
    looked = place.worker().plan_practice(place.practice, ADMIN)
    assert looked.plan is not None
    assert looked.plan.ehr_id == "2915"
    assert runs.latest(place.engine) == []


def test_nobody_plans_or_checks_where_somebody_works(place: Place) -> None:
    run = place.approved()
    met: list[str] = []

    def others() -> None:
        for deed in (
            lambda: place.worker().plan_practice(place.practice, ADMIN),
            lambda: place.worker().check_practice(place.practice),
        ):
            met.append(_name_of_the_error(deed))

    place.worker().execute_run(run.id, ADMIN)
    second = place.approved()
    place.ehr.before[4] = others
    place.worker().execute_run(second.id, ADMIN)
    assert met == ["Busy", "Busy"]


# --- checks


def test_a_healthy_check_is_kept_and_refreshes_the_proof(place: Place) -> None:
    place.worker().execute_run(place.approved().id, ADMIN)
    before = place.vault.verified_at(place.practice.id)
    checked = place.worker().check_practice(place.practice)
    assert checked is not None
    kept = checks.latest(place.engine, place.practice.id)
    assert kept is not None
    assert (checked.outcome, kept.outcome) == (CheckOutcome.HEALTHY, CheckOutcome.HEALTHY)
    after = place.vault.verified_at(place.practice.id)
    assert before is not None
    assert after is not None
    assert after > before


def test_a_practice_without_a_proved_password_is_not_checked(place: Place) -> None:
    assert place.worker().check_practice(place.practice) is None
    assert checks.latest(place.engine, place.practice.id) is None


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (LoginRefused("No."), CheckOutcome.LOGIN_REFUSED),
        (PersonNeeded("A code is asked for."), CheckOutcome.PERSON_NEEDED),
        (ScreenChanged("No Admin button."), CheckOutcome.SCREEN_CHANGED),
        (Unavailable("Down."), CheckOutcome.EHR_DOWN),
    ],
)
def test_what_goes_wrong_in_a_check_is_an_outcome(place: Place, error: Exception, outcome: CheckOutcome) -> None:
    place.worker().execute_run(place.approved().id, ADMIN)
    place.ehr.check_says = error  # type: ignore[assignment]
    checked = place.worker().check_practice(place.practice)
    assert checked is not None
    assert checked.outcome is outcome
    kept = checks.latest(place.engine, place.practice.id)
    assert kept is not None
    assert kept.outcome is outcome


def test_a_missing_browser_is_no_finding_about_the_practice(place: Place) -> None:
    place.worker().execute_run(place.approved().id, ADMIN)
    place.hands.missing = BrowserMissing("No Chromium was found.")
    with pytest.raises(NoBrowser, match="No Chromium"):
        place.worker().check_practice(place.practice)
    assert checks.latest(place.engine, place.practice.id) is None


def test_drifts_are_kept_with_the_check(place: Place) -> None:
    place.worker().execute_run(place.approved().id, ADMIN)
    north = Drift(DriftGrade.MISSING, "employee may not access North")
    place.ehr.check_says = Checked(CheckOutcome.DRIFT, "One location is missing.", (north,))
    place.worker().check_practice(place.practice)
    kept = checks.latest(place.engine, place.practice.id)
    assert kept is not None
    assert kept.detail == ["One location is missing.", "the employee may not access North"]
    assert kept.grade is DriftGrade.MISSING


def test_a_login_that_is_refused_for_its_hour_proves_no_password(place: Place) -> None:
    place.worker().execute_run(place.approved().id, ADMIN)
    before = place.vault.verified_at(place.practice.id)
    place.ehr.check_says = Checked(CheckOutcome.DRIFT, "Not at this time.", (NOT_NOW,))
    place.worker().check_practice(place.practice)
    assert place.vault.verified_at(place.practice.id) == before


def _rename(place: Place, old: str, new: str) -> None:
    with transaction(place.engine) as session:
        session.connection().execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


def _name_of_the_error(deed: Callable[[], object]) -> str:
    try:
        deed()
    except Busy as error:
        return type(error).__name__
    return "nothing"


def test_the_folder_of_a_run_is_made_again_when_it_is_gone(place: Place) -> None:
    folder: Path = place.worker().folder("3")
    folder.rmdir()
    assert place.worker().folder("3").is_dir()


# --- seats at the EHR


def test_a_visit_waits_for_a_seat_and_a_stop_ends_the_waiting(place: Place) -> None:
    worker = place.worker()
    worker.execute_run(place.approved().id, ADMIN)
    plans, logins = place.ehr.plans, place.ehr.logins
    worker.seats = Seats(place.engine, 1, 0, sleep=lambda _: worker.guard.stop())
    with worker.seats.at(urlsplit(place.practice.url).netloc, lambda: None), pytest.raises(Stopped):
        worker.check_practice(place.practice)
    assert (place.ehr.plans, place.ehr.logins) == (plans, logins)
