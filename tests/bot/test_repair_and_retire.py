"""Repairs and retirements over a tiny EHR: the verb decides which plan and which steps, all else is as for any run."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from sqlmodel import select

from automation.errors import ScreenChanged
from automation.walk import Told
from bot.hands import PLACES, STEPS, steps_of
from bot.problems import Exit, SettingsProblem
from bot.terminal.provision import Order, Provisioning
from bot.terminal.records import practice_rows, provisioned, run_rows
from bot.terminal.screen import JsonLines, Patient
from storage import audit, checks, practices, runs
from storage.database import StorageError, reading
from storage.models import (
    Change,
    ChangeKind,
    CheckOutcome,
    Practice,
    Purpose,
    Run,
    RunStatus,
    Stage,
    StepStatus,
    StoredCredential,
    Verb,
    Verdict,
    utcnow,
)
from storage.vault import Vault, new_key
from tests.bot.conftest import Place
from tests.bot.tiny import ADMIN


@pytest.fixture
def place(place: Place) -> Place:
    """The practice with its account, as a run left it."""
    ended = place.worker().execute_run(place.approved().id, ADMIN)
    assert ended is not None
    assert ended.status is RunStatus.SUCCEEDED
    return place


def planned(place: Place, verb: Verb) -> Run:
    run = runs.request(place.engine, place.practice.id, "somebody", verb=verb, now=utcnow())
    place.worker().plan_run(run.id, ADMIN)
    return place.run(run.id)


def approved(place: Place, verb: Verb) -> Run:
    run = planned(place, verb)
    assert run.plan_hash is not None
    assert runs.approve(place.engine, run.id, run.plan_hash, Verdict.APPROVED, "somebody", now=utcnow())
    return place.run(run.id)


def of(place: Place) -> Practice:
    practice = practices.get(place.engine, place.practice.id)
    assert practice is not None
    return practice


def kept(place: Place) -> list[StoredCredential]:
    with reading(place.engine) as session:
        return list(session.exec(select(StoredCredential)))


def refuse(place: Place, outcome: CheckOutcome = CheckOutcome.LOGIN_REFUSED) -> None:
    checks.record(place.engine, place.practice.id, outcome, ["It was refused."], now=utcnow() + timedelta(seconds=1))


# --- repair


def test_a_repair_puts_right_what_its_plan_says(place: Place) -> None:
    place.ehr.edited = True
    run = approved(place, Verb.REPAIR)
    assert run.the_plan is not None
    assert [change.kind for change in run.the_plan.changes] == [ChangeKind.CHANGE, ChangeKind.LEAVE]
    ended = place.worker().execute_run(run.id, ADMIN)
    assert ended is not None
    assert ended.status is RunStatus.SUCCEEDED
    assert not place.ehr.edited
    assert audit.entries(place.engine, run_id=run.id)[0].what == "repaired"
    assert set(place.newest_steps(run)) == {number for number, _ in STEPS}


@pytest.mark.parametrize("outcome", [CheckOutcome.LOGIN_REFUSED, CheckOutcome.LOCKED])
def test_a_password_that_the_last_check_saw_refused_becomes_a_new_one(place: Place, outcome: CheckOutcome) -> None:
    former = place.vault.kept(place.practice.id, Purpose.FINAL, Stage.CURRENT)
    refuse(place, outcome)
    place.worker().execute_run(approved(place, Verb.REPAIR).id, ADMIN)
    current = place.vault.kept(place.practice.id, Purpose.FINAL, Stage.CURRENT)
    assert current is not None
    assert current.password.get_secret_value() == place.ehr.password
    assert current is not former


def test_a_password_that_was_proved_since_or_not_refused_is_kept(place: Place) -> None:
    assert "password" not in [change.what for change in _plan(planned(place, Verb.REPAIR))]
    refuse(place, CheckOutcome.EHR_DOWN)
    _end(place)
    assert "password" not in [change.what for change in _plan(planned(place, Verb.REPAIR))]
    refuse(place)
    place.vault.verified(place.practice.id, utcnow() + timedelta(seconds=2))
    _end(place)
    assert "password" not in [change.what for change in _plan(planned(place, Verb.REPAIR))]


def _plan(run: Run) -> list[Change]:
    assert run.the_plan is not None
    return list(run.the_plan.changes)


def _end(place: Place) -> None:
    run = runs.unfinished(place.engine, place.practice.id)
    assert run is not None
    assert runs.move(place.engine, run.id, RunStatus.CANCELLED, now=utcnow())


def test_more_than_was_approved_lapses_a_repair_too(place: Place) -> None:
    run = approved(place, Verb.REPAIR)
    place.ehr.edited = True
    ended = place.worker().execute_run(run.id, ADMIN)
    assert ended is not None
    assert ended.trouble is not None
    assert "no longer as it was" in ended.trouble.what
    assert place.ehr.edited


def test_a_repair_that_lost_its_lease_changes_nothing_more(place: Place) -> None:
    place.ehr.edited = True
    run = approved(place, Verb.REPAIR)
    place.ehr.before[7] = lambda: _steal(place)
    with pytest.raises(StorageError):
        place.worker().execute_run(run.id, ADMIN)
    assert place.ehr.edited


def _steal(place: Place) -> None:
    later = utcnow() + timedelta(hours=1)
    assert runs.claim_practice(place.engine, place.practice.id, runs.this_process(), now=later) is not None


def test_a_new_password_of_an_administrators_ends_what_was_counted_against_the_account(place: Place) -> None:
    keep = place.worker().keep(place.practice)
    for name in ("OneSpot2915", "OneSpot2915", "mhalloran", "mhalloran"):
        keep.refused(name)
    keep.forgive("onespot2915")
    assert keep.may_try("OneSpot2915")
    assert not keep.may_try("mhalloran")


# --- retire


def test_a_retirement_ends_the_account_and_destroys_everything_that_is_kept(place: Place) -> None:
    run = approved(place, Verb.RETIRE)
    place.vault.keep(place.practice.id, Purpose.ADMINISTRATOR, ADMIN, now=utcnow())
    ended = place.worker().execute_run(run.id, ADMIN)
    assert ended is not None
    assert (ended.status, place.ehr.active) == (RunStatus.SUCCEEDED, False)
    assert kept(place) == []
    assert of(place).retired_at is not None
    entry = audit.entries(place.engine, run_id=run.id)[0]
    assert (entry.what, entry.detail) == ("retired the account", "OneSpot2915, credentials destroyed")
    assert provisioned(place.engine) == []
    assert practice_rows(place.engine)[0][4] == "retired"
    assert run_rows(place.engine)[0][4] == "Done: the account is retired."
    assert place.worker().check_practice(of(place)) is None


def test_an_employee_that_is_inactive_already_is_left_so_and_the_credentials_go(place: Place) -> None:
    place.ehr.active = False
    ended = place.worker().execute_run(approved(place, Verb.RETIRE).id, ADMIN)
    assert ended is not None
    assert ended.outcome is not None
    assert not ended.outcome.changed
    assert kept(place) == []


def test_until_the_employee_is_proved_inactive_nothing_is_destroyed(place: Place) -> None:
    run = approved(place, Verb.RETIRE)
    place.ehr.troubles[5] = [ScreenChanged("It is still active.")]
    place.worker().execute_run(run.id, ADMIN)
    assert place.run(run.id).status is RunStatus.FAILED
    assert of(place).retired_at is None
    assert kept(place) != []


def test_a_retirement_that_lost_its_lease_at_the_end_destroys_nothing(place: Place) -> None:
    run = approved(place, Verb.RETIRE)

    def steal_last(told: Told) -> None:
        if (told.number, told.status) == (6, StepStatus.DONE):
            _steal(place)

    with pytest.raises(StorageError):
        place.worker().execute_run(run.id, ADMIN, steal_last)
    assert of(place).retired_at is None
    assert kept(place) != []


class Dies(Vault):
    """Killed right before the very last of a retirement: the administrator's login is forgotten with all else."""

    def forget(self, practice_id: int, purpose: Purpose | None = None, stage: Stage | None = None) -> int:
        if purpose is None:
            raise StorageError("The database is gone.")
        return super().forget(practice_id, purpose, stage)


def test_a_retirement_that_is_called_done_keeps_no_password_of_the_account(place: Place) -> None:
    run = approved(place, Verb.RETIRE)
    key = new_key()
    place.vault.rotate([key])
    place.vault.keep(place.practice.id, Purpose.ADMINISTRATOR, ADMIN, now=utcnow())
    place.vault = Dies(place.engine, [key])
    with pytest.raises(StorageError):
        place.worker().execute_run(run.id, ADMIN)
    assert place.run(run.id).status is RunStatus.SUCCEEDED
    assert kept(place) == []


def test_a_retirement_killed_after_the_credentials_went_is_gone_on_with(place: Place) -> None:
    run = approved(place, Verb.RETIRE)
    place.ehr.troubles[6] = [ScreenChanged("The logout isn't there.")]
    place.worker().execute_run(run.id, ADMIN)
    practices.retired(place.engine, place.practice.id, now=utcnow())
    place.vault.forget(place.practice.id)
    assert place.again(run)
    ended = place.worker().execute_run(run.id, ADMIN)
    assert ended is not None
    assert ended.status is RunStatus.SUCCEEDED


def test_what_is_not_known_here_is_neither_repaired_nor_retired(place: Place) -> None:
    place.vault.forget(place.practice.id)
    for verb in (Verb.REPAIR, Verb.RETIRE):
        run = planned(place, verb)
        assert run.the_plan is not None
        assert run.the_plan.forbidden
        _end(place)


def test_provisioning_again_makes_it_a_practice_with_an_account(place: Place) -> None:
    place.worker().execute_run(approved(place, Verb.RETIRE).id, ADMIN)
    place.ehr.active, place.ehr.password = True, None
    place.worker().execute_run(place.approved().id, ADMIN)
    assert of(place).retired_at is None
    assert len(provisioned(place.engine)) == 1


# --- its steps, and the command


def test_each_verb_has_its_steps_with_names_of_their_own() -> None:
    assert steps_of(Verb.PROVISION) == steps_of(Verb.REPAIR) == STEPS
    assert [number for number, _ in steps_of(Verb.RETIRE)] == list(range(1, 7))
    assert PLACES["deactivate"] == "step 4, Deactivate it in its record"
    assert PLACES["log_out"] == "step 15, Log out"


class Talk:
    """One command's conversation, as a program reads it."""

    def __init__(self, place: Place) -> None:
        self.place, self.out, self.err, self.asked = place, io.StringIO(), io.StringIO(), list[str]()

    def order(self, verb: Verb, *, resume: bool = False, practice: str = "lumen eye") -> Exit:
        show = JsonLines(self.out, Patient(self.err))
        order = Order(practice, "http://elsewhere.example", ADMIN, "somebody", resume=resume, verb=verb)
        return Provisioning(self.place.worker(), show, order, self._yes).talk()

    def _yes(self, question: str) -> bool:
        self.asked.append(question)
        return True

    @property
    def events(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.out.getvalue().splitlines()]


def test_a_repair_at_a_terminal_shows_its_plan_asks_and_leaves_the_practice_as_it_is(place: Place) -> None:
    place.ehr.edited = True
    talk = Talk(place)
    assert talk.order(Verb.REPAIR) is Exit.DONE
    assert talk.asked == ["Repair the account as this plan says?"]
    assert [event["event"] for event in talk.events] == ["plan", *["step"] * 17, "done"]
    assert of(place).url == place.practice.url


def test_a_retirement_at_a_terminal_says_what_is_left_to_do(place: Place) -> None:
    talk = Talk(place)
    assert talk.order(Verb.RETIRE) is Exit.DONE
    assert talk.asked == ["Retire the account as this plan says?"]
    assert [event["event"] for event in talk.events] == ["plan", *["step"] * 6, "done"]
    assert talk.events[-1]["credentials"] == "destroyed"
    assert "auto-sync" in str(talk.events[-1]["next"])


def test_a_failure_names_the_command_that_goes_on_with_it(place: Place) -> None:
    place.ehr.troubles[4] = [ScreenChanged("The record has another form.")]
    talk = Talk(place)
    assert talk.order(Verb.RETIRE) is Exit.FAILED
    assert "onespot retire 'lumen eye' --admin mhalloran --resume" in talk.err.getvalue()
    with pytest.raises(SettingsProblem, match="go on with `onespot retire --resume`"):
        talk.order(Verb.REPAIR, resume=True)
    assert talk.order(Verb.RETIRE, resume=True) is Exit.DONE
    assert not place.ehr.active


def test_what_the_plan_forbids_ends_with_three(place: Place) -> None:
    place.vault.forget(place.practice.id)
    assert Talk(place).order(Verb.RETIRE) is Exit.REFUSED
    assert place.ehr.active


def test_a_practice_that_is_not_known_is_said(place: Place) -> None:
    with pytest.raises(SettingsProblem, match="no practice named"):
        Talk(place).order(Verb.REPAIR, practice="Nobody")


def test_a_run_of_another_verb_that_was_left_over_is_replaced(place: Place) -> None:
    old = planned(place, Verb.REPAIR)
    assert Talk(place).order(Verb.RETIRE) is Exit.DONE
    assert place.run(old.id).status is RunStatus.CANCELLED


def test_the_verb_is_stored_by_its_value_and_nothing_else(place: Place) -> None:
    run = planned(place, Verb.RETIRE)
    assert place.run(run.id).verb is Verb.RETIRE
