"""The judge believes the EHR's state and nobody's word: each defect is put before it and named. No browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bench.scorecard.cases import Case, Start, Stop, Verb
from bench.scorecard.judge import Claim, Truth, Verdict, judge
from bench.scorecard.stage import FINAL, furnish
from sandbox.ehr import seed
from sandbox.ehr.records import Employee
from sandbox.ehr.state import State

DONE = Claim(ended=True, succeeded=True)
REFUSED = Claim(True, False, "CREDENTIAL", "RevolutionEHR refused the login.", "User name or password is wrong.")


def case(verb: Verb = Verb.PROVISION, start: Start = Start.NOTHING, *stops: Stop, no_way_out: bool = False) -> Case:
    return Case((), "legacy", verb, start, not stops, stops, no_way_out=no_way_out)


@pytest.fixture
def state() -> State:
    """An EHR with the whole account, as a run leaves it, that nobody has looked at yet."""
    furnished = seed.fill(State())
    furnish(furnished, Start.ACCOUNT)
    return furnished


def made_by_a_run(state: State, spoil: Callable[[State, Employee], object] = lambda state, who: None) -> Truth:
    """As if a run had made all of it from nothing: then spoiled."""
    who = state.employee("OneSpot2915")
    assert who is not None
    after = state.as_json()
    before = {
        **after,
        "roles": [one for one in after["roles"] if one["name"] != "OneSpot"],
        "employees": [one for one in after["employees"] if one["username"] != who.username],
    }
    role = state.roles_named("OneSpot")[0]
    state.note("mhalloran", "role created", role.id, "OneSpot")
    state.note("mhalloran", "employee created", who.id, who.username)
    state.note(who.username, "password reset", who.id)
    state.end(state.begin(who, "app"), "logged out")
    spoil(state, who)
    held = state.password_is(who.username, FINAL)
    return Truth(before, state.as_json(), held, held, "SUCCEEDED")


def test_the_whole_account_is_completed(state: State) -> None:
    assert judge(case(), DONE, made_by_a_run(state)).verdict is Verdict.COMPLETED


def _no_sunday(state: State, who: Employee) -> None:
    who.days["Sunday"].allowed = False


def _other_password(state: State, who: Employee) -> None:
    who.secret = seed.Secret.of("something else")


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda state, who: state.roles_named("OneSpot")[0].permissions.pop(), "six permissions"),
        (lambda state, who: state.roles_named("OneSpot")[0].permissions.add("pulse-module.view-pulse"), "six"),
        (lambda state, who: setattr(who, "first_name", "Sink"), "Sink"),
        (lambda state, who: setattr(who, "emergency", True), "emergency is True"),
        (lambda state, who: setattr(who, "must_reset", True), "reset isn't done"),
        (lambda state, who: setattr(who, "active", False), "active is False"),
        (_no_sunday, "no login on Sunday"),
        (lambda state, who: who.location_ids.pop(), "no access to"),
        (lambda state, who: setattr(who, "primary_location_id", ""), "primary location"),
        (lambda state, who: who.role_ids.append("10014"), "its roles are"),
        (lambda state, who: who.other.update(employmentType="Contractor"), "employmentType was invented"),
        (_other_password, "kept password is not"),
        (lambda state, who: state.employees.pop(who.id), "0 employees Sync OneSpot"),
    ],
)
def test_a_success_that_the_state_denies_is_wrong(
    state: State, spoil: Callable[[State, Employee], object], why: str
) -> None:
    judged = judge(case(), DONE, made_by_a_run(state, spoil))
    assert judged.verdict is Verdict.WRONG
    assert why in judged.why


@pytest.mark.parametrize(
    "spoil",
    [
        lambda state, who: seed.onespot_role(state),
        lambda state, who: seed.onespot_employee(state, "Sync", "OneSpot"),
        lambda state, who: state.note("mhalloran", "role created", "9"),
        lambda state, who: state.note("mhalloran", "employee created", "9"),
    ],
)
def test_what_is_made_twice_is_doubled_whatever_is_claimed(
    state: State, spoil: Callable[[State, Employee], object]
) -> None:
    truth = made_by_a_run(state, spoil)
    stops = case(Verb.PROVISION, Start.NOTHING, Stop(("CREDENTIAL",), "refused"))
    assert {judge(case(), DONE, truth).verdict, judge(stops, REFUSED, truth).verdict} == {Verdict.DOUBLED}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda state, who: state.note("mhalloran", "agreement accepted", "1"),
        lambda state, who: state.note("mhalloran", "other sessions cleared", "1"),
        lambda state, who: state.note("mhalloran", "practice saved", "2915"),
        lambda state, who: state.note("mhalloran", "password reset", "1"),
        lambda state, who: state.failed_logins.update(mhalloran=3),
        lambda state, who: state.roles["10014"].permissions.clear(),
        lambda state, who: setattr(state.employee("gmarsh"), "active", False),
        lambda state, who: state.locations.pop("4488"),
    ],
)
def test_what_is_never_done_is_wrong_also_when_the_run_stopped(
    state: State, spoil: Callable[[State, Employee], object]
) -> None:
    stops = case(Verb.PROVISION, Start.NOTHING, Stop(("CREDENTIAL",), "refused"))
    assert judge(stops, REFUSED, made_by_a_run(state, spoil)).verdict is Verdict.WRONG


def test_a_plan_or_a_check_that_changes_something_is_wrong(state: State) -> None:
    truth = made_by_a_run(state)
    for verb in (Verb.PLAN, Verb.CHECK):
        assert judge(case(verb, Start.ACCOUNT), DONE, truth).verdict is Verdict.WRONG


def test_what_does_not_end_or_leaves_its_run_running_is_stuck(state: State) -> None:
    truth = made_by_a_run(state)
    assert judge(case(), Claim(ended=False, succeeded=False), truth).verdict is Verdict.STUCK
    stops = case(Verb.PROVISION, Start.NOTHING, Stop(("CREDENTIAL",), "refused"))
    assert judge(stops, REFUSED, replace(truth, run="RUNNING")).verdict is Verdict.STUCK


def unchanged(state: State) -> Truth:
    """Nothing was done, but for a login and a logout."""
    before = state.as_json()
    who = state.employee("mhalloran")
    assert who is not None
    state.end(state.begin(who, "app"), "logged out")
    return Truth(before, state.as_json(), True, True, "FAILED")


def test_the_right_class_and_the_cause_are_stopped(state: State) -> None:
    stops = case(Verb.PROVISION, Start.ACCOUNT, Stop(("CREDENTIAL",), "refused the login"))
    assert judge(stops, REFUSED, unchanged(state)).verdict is Verdict.STOPPED


@pytest.mark.parametrize(
    ("stops", "why"),
    [
        ((Stop(("TRANSIENT",), "refused"),), "CREDENTIAL instead of TRANSIENT"),
        ((Stop(("CREDENTIAL",), "agreement"),), "doesn't name the cause"),
        ((Stop(("CREDENTIAL",), "agreement"), Stop(("TRANSIENT",), "refused")), "doesn't name the cause"),
        ((), "need not have stopped"),
    ],
)
def test_another_class_another_cause_or_a_needless_stop_is_vague(
    state: State, stops: tuple[Stop, ...], why: str
) -> None:
    judged = judge(case(Verb.PROVISION, Start.ACCOUNT, *stops), REFUSED, unchanged(state))
    assert judged.verdict is Verdict.VAGUE
    assert why in judged.why


def test_whoever_stays_logged_in_is_left_unless_nobody_could_log_out(state: State) -> None:
    before = state.as_json()
    who = state.employee("mhalloran")
    assert who is not None
    session = state.begin(who, "app")
    truth = Truth(before, state.as_json(), True, True)
    stop = Stop(("CREDENTIAL",), "refused")
    assert judge(case(Verb.PROVISION, Start.ACCOUNT, stop), REFUSED, truth).verdict is Verdict.LEFT
    assert judge(case(Verb.PROVISION, Start.ACCOUNT, stop, no_way_out=True), REFUSED, truth).verdict is Verdict.STOPPED
    assert judge(case(Verb.CHECK, Start.ACCOUNT, no_way_out=True), DONE, truth).verdict is Verdict.LEFT
    session.state = "mfa"
    assert judge(case(Verb.CHECK, Start.ACCOUNT), DONE, replace(truth, after=state.as_json())).verdict.survived


def _half_a_role(state: State, who: Employee) -> None:
    state.roles_named("OneSpot")[0].permissions.pop()


@pytest.mark.parametrize("spoil", [_half_a_role, _no_sunday, _other_password])
def test_half_written_values_and_lost_passwords_are_left(
    state: State, spoil: Callable[[State, Employee], object]
) -> None:
    stops = case(Verb.PROVISION, Start.NOTHING, Stop(("CREDENTIAL",), "refused"))
    assert judge(stops, REFUSED, made_by_a_run(state, spoil)).verdict is Verdict.LEFT


def test_a_retirement_is_wrong_while_the_employee_is_active_or_a_password_is_kept(state: State) -> None:
    before = state.as_json()
    who = state.employee("OneSpot2915")
    assert who is not None
    retiring = case(Verb.RETIRE, Start.ACCOUNT)
    active = judge(retiring, DONE, Truth(before, state.as_json(), None, None))
    assert (active.verdict, active.why) == (Verdict.WRONG, "the employee is still active")
    state.set_active("mhalloran", who.id, False)
    assert judge(retiring, DONE, Truth(before, state.as_json(), None, None)).verdict is Verdict.COMPLETED
    assert judge(retiring, DONE, Truth(before, state.as_json(), True, True)).verdict is Verdict.WRONG


def test_a_rotation_that_changed_nothing_is_wrong(state: State) -> None:
    rotating = case(Verb.ROTATE, Start.ACCOUNT)
    assert judge(rotating, DONE, unchanged(state)).why == "the password was not changed"


def test_a_plan_for_another_id_or_without_a_location_is_wrong(state: State) -> None:
    places = ["Fairhaven Main", "Fairhaven North", "Lakeside Optical"]
    plan = {"ehr_id": "2915", "username": "OneSpot2915", "locations": places}
    planned = case(Verb.PLAN)
    assert judge(planned, replace(DONE, plan=plan), unchanged(state)).verdict is Verdict.COMPLETED
    for wrong in ({"ehr_id": "4471"}, {"username": "OneSpot"}, {"locations": places[:2]}):
        assert judge(planned, replace(DONE, plan={**plan, **wrong}), unchanged(state)).verdict is Verdict.WRONG
