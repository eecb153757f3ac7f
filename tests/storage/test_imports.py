"""Many runs asked for, approved and begun together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from storage import imports, practices, runs
from storage.imports import Asked
from storage.models import (
    Change,
    ChangeKind,
    Credential,
    ErrorClass,
    Import,
    ImportStatus,
    Plan,
    Purpose,
    RunStatus,
    Stage,
    Trouble,
    Verdict,
)
from storage.vault import Vault, new_key

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
NAMES = ("Lumen Eye", "Harbor Vision", "Cedar Optical")


@pytest.fixture
def vault(engine: Engine) -> Vault:
    return Vault(engine, [new_key()])


def begun(engine: Engine, vault: Vault, names: tuple[str, ...] = NAMES, channel: str | None = "C1") -> Import:
    asked = [
        Asked(line, practices.save(engine, name, "https://ehr.example/", now=NOW).id, login(name))
        for line, name in enumerate(names, 2)
    ]
    return imports.begin(engine, vault, asked, "U0ANA", channel=channel, now=NOW)


def login(name: str) -> Credential:
    return Credential("admin", SecretStr(f"canary-{name}"))


def plan(engine: Engine, run_id: int, kind: ChangeKind = ChangeKind.CREATE, detail: str = "") -> None:
    made = Plan("2915", f"OneSpot{run_id}", "Main", ("Main",), (Change(kind, "Role OneSpot", detail),))
    lease = runs.claim(engine, run_id, "a worker", now=NOW, to=RunStatus.PLANNING)
    assert lease is not None
    assert runs.move(engine, run_id, RunStatus.PLANNED, now=NOW, plan=made, lease=lease)
    runs.release(engine, lease)


def fail(engine: Engine, run_id: int, to: RunStatus = RunStatus.PLANNING) -> None:
    lease = runs.claim(engine, run_id, "a worker", now=NOW, to=to)
    assert lease is not None
    error = Trouble(ErrorClass.CREDENTIAL, "The login was refused.", "", "")
    assert runs.move(engine, run_id, RunStatus.FAILED, now=NOW, error=error, lease=lease)
    runs.release(engine, lease)


def succeed(engine: Engine, run_id: int) -> None:
    lease = runs.claim(engine, run_id, "a worker", now=NOW)
    assert lease is not None
    assert runs.move(engine, run_id, RunStatus.SUCCEEDED, now=NOW, lease=lease)
    runs.release(engine, lease)


def its_runs(engine: Engine, whole: Import) -> list[int]:
    return [member.run.id for member in imports.members(engine, whole.id)]


def stands(engine: Engine, whole: Import) -> Import:
    found = imports.get(engine, whole.id)
    assert found is not None
    return found


def approved(engine: Engine, vault: Vault) -> tuple[Import, list[int]]:
    """Three planned runs, each in a wave of its own."""
    whole = begun(engine, vault)
    ids = its_runs(engine, whole)
    for run_id in ids:
        plan(engine, run_id)
    assert imports.planned(engine, whole.id, now=NOW)
    waves = {run_id: wave for wave, run_id in enumerate(ids, 1)}
    assert imports.approve(engine, whole.id, stands(engine, whole).digest, "U0BEN", waves, now=NOW)
    return whole, ids


def test_each_line_becomes_a_run_with_its_login_sealed(engine: Engine, vault: Vault) -> None:
    whole = begun(engine, vault)
    found = imports.members(engine, whole.id)
    assert [(one.imported.line, one.practice.name) for one in found] == [*zip((2, 3, 4), NAMES, strict=True)]
    for member in found:
        assert member.run.status is RunStatus.REQUESTED
        assert member.run.channel is None
        assert vault.kept(member.practice.id, Purpose.ADMINISTRATOR, Stage.PENDING) == login(member.practice.name)


def test_where_one_practice_has_an_unfinished_run_nothing_is_begun(engine: Engine, vault: Vault) -> None:
    lumen = practices.save(engine, "Cedar Optical", "https://ehr.example/", now=NOW)
    runs.request(engine, lumen.id, "somebody", now=NOW)
    with pytest.raises(imports.Unfinished):
        begun(engine, vault)
    assert imports.open_ones(engine) == []
    assert len(runs.latest(engine)) == 1
    first = practices.find(engine, "Lumen Eye")
    assert first is not None
    assert vault.kept(first.id, Purpose.ADMINISTRATOR, Stage.PENDING) is None


def test_two_people_who_approve_are_one_yes(engine: Engine, vault: Vault) -> None:
    whole, _ = approved(engine, vault)
    assert not imports.approve(engine, whole.id, stands(engine, whole).digest, "U0CLEO", {}, now=NOW)
    assert stands(engine, whole).decided_by == "U0BEN"


def test_a_yes_to_other_plans_counts_for_nothing(engine: Engine, vault: Vault) -> None:
    whole = begun(engine, vault)
    for run_id in its_runs(engine, whole):
        plan(engine, run_id)
    imports.planned(engine, whole.id, now=NOW)
    assert not imports.approve(engine, whole.id, "another digest", "U0BEN", {}, now=NOW)
    assert stands(engine, whole).status is ImportStatus.PLANNED


def test_a_run_is_approved_only_in_its_wave_and_by_who_said_yes(engine: Engine, vault: Vault) -> None:
    whole, (first, second, _) = approved(engine, vault)
    assert not imports.begin_run(engine, whole.id, first, now=NOW)  # no wave was begun
    assert imports.next_wave(engine, whole.id, 1, now=NOW)
    assert not imports.next_wave(engine, whole.id, 1, now=NOW)
    assert not imports.begin_run(engine, whole.id, second, now=NOW)
    assert imports.begin_run(engine, whole.id, first, now=NOW)
    assert not imports.begin_run(engine, whole.id, first, now=NOW)
    (yes,) = runs.approvals(engine, first)
    assert (yes.verdict, yes.by, yes.reason) == (Verdict.APPROVED, "U0BEN", f"import {whole.id}, wave 1")


def test_a_run_whose_plan_changed_since_the_yes_is_not_begun(engine: Engine, vault: Vault) -> None:
    whole, (first, *_) = approved(engine, vault)
    imports.next_wave(engine, whole.id, 1, now=NOW)
    plan(engine, first, ChangeKind.CHANGE)
    assert not imports.begin_run(engine, whole.id, first, now=NOW)
    assert [imports.stopped(one) for one in imports.members(engine, whole.id)] == [True, False, False]


def test_a_forbidden_plan_is_rejected_and_what_stopped_gets_its_thread_when_the_others_are_approved(
    engine: Engine, vault: Vault
) -> None:
    whole = begun(engine, vault)
    good, bad, unplanned = its_runs(engine, whole)
    plan(engine, good)
    plan(engine, bad, ChangeKind.FORBID, "it belongs to somebody else")
    fail(engine, unplanned)
    imports.planned(engine, whole.id, now=NOW)
    assert imports.approve(engine, whole.id, stands(engine, whole).digest, "U0BEN", {good: 1}, now=NOW)
    found = [(one.run.status, one.run.channel, one.imported.wave) for one in imports.members(engine, whole.id)]
    assert found == [(RunStatus.PLANNED, None, 1), (RunStatus.REJECTED, None, 0), (RunStatus.FAILED, "C1", 0)]


def test_a_halt_begins_nothing_more_until_somebody_goes_on_without_what_stopped(engine: Engine, vault: Vault) -> None:
    whole, (first, second, _) = approved(engine, vault)
    imports.next_wave(engine, whole.id, 1, now=NOW)
    imports.begin_run(engine, whole.id, first, now=NOW)
    fail(engine, first, RunStatus.RUNNING)
    assert imports.halt(engine, whole.id, now=NOW)
    assert not imports.next_wave(engine, whole.id, 2, now=NOW)
    member = imports.members(engine, whole.id)[0]
    assert (member.run.channel, imports.stopped(member)) == ("C1", True)
    assert imports.go_on(engine, whole.id, now=NOW)
    assert imports.members(engine, whole.id)[0].imported.wave == 0
    assert imports.next_wave(engine, whole.id, 2, now=NOW)
    assert imports.begin_run(engine, whole.id, second, now=NOW)


def test_a_no_ends_every_run(engine: Engine, vault: Vault) -> None:
    whole = begun(engine, vault)
    first, second, third = its_runs(engine, whole)
    plan(engine, first)
    plan(engine, second)
    fail(engine, third)
    imports.planned(engine, whole.id, now=NOW)
    assert imports.reject(engine, whole.id, stands(engine, whole).digest, "U0BEN", "not yet", now=NOW)
    found = [one.run.status for one in imports.members(engine, whole.id)]
    assert found == [RunStatus.REJECTED, RunStatus.REJECTED, RunStatus.CANCELLED]
    assert vault.kept(1, Purpose.ADMINISTRATOR, Stage.PENDING) is None


def test_cancelled_in_the_middle_what_runs_goes_on_in_its_own_thread(engine: Engine, vault: Vault) -> None:
    whole, (first, second, third) = approved(engine, vault)
    imports.next_wave(engine, whole.id, 1, now=NOW)
    imports.begin_run(engine, whole.id, first, now=NOW)
    assert imports.cancel(engine, whole.id, "U0ANA", now=NOW)
    found = {one.run.id: (one.run.status, one.run.channel) for one in imports.members(engine, whole.id)}
    assert found[first] == (RunStatus.APPROVED, "C1")
    assert found[second] == found[third] == (RunStatus.CANCELLED, None)
    succeed(engine, first)


def test_an_end_without_a_yes_lets_go_of_every_practice(engine: Engine, vault: Vault) -> None:
    whole = begun(engine, vault, NAMES[:2])
    bad, unplanned = its_runs(engine, whole)
    plan(engine, bad, ChangeKind.FORBID, "it belongs to somebody else")
    fail(engine, unplanned)
    imports.planned(engine, whole.id, now=NOW)
    assert imports.end(engine, whole.id, now=NOW)
    found = [(one.run.status, one.run.channel) for one in imports.members(engine, whole.id)]
    assert found == [(RunStatus.REJECTED, None), (RunStatus.FAILED, "C1")]


def test_slack_is_told_of_what_is_open_and_of_what_has_just_ended(engine: Engine, vault: Vault) -> None:
    whole = begun(engine, vault)
    begun(engine, vault, ("Elm Street Eyes",), channel=None)
    assert [one.id for one in imports.to_be_told(engine, NOW)] == [whole.id]
    imports.cancel(engine, whole.id, "U0ANA", now=NOW)
    assert imports.to_be_told(engine, NOW) == []
    assert [one.id for one in imports.to_be_told(engine, NOW - timedelta(hours=1))] == [whole.id]


def test_what_has_not_moved_need_not_be_told_again(engine: Engine, vault: Vault) -> None:
    whole, other = begun(engine, vault), begun(engine, vault, ("Elm Eye Care",))
    at_first = imports.moves(engine, whole.id)
    assert imports.moves(engine, whole.id) == at_first != imports.moves(engine, other.id)

    fail(engine, imports.members(engine, whole.id)[1].run.id)
    then = imports.moves(engine, whole.id)
    assert then != at_first

    assert imports.cancel(engine, whole.id, "U0ANA", now=NOW)
    assert imports.moves(engine, whole.id) != then
