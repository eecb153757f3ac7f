"""Rotations as rows: one open at a time, ended once, handed over once. On SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from storage import practices, rotations, runs
from storage.database import StorageError, transaction
from storage.models import Credential, Practice, Purpose, Rotation
from storage.vault import Vault, new_key
from tests.storage.conftest import NOW

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def lumen(engine: Engine) -> Practice:
    return practices.save(engine, "Lumen Eye", "https://ehr.example/static/", now=NOW)


def begun(engine: Engine, practice: Practice) -> Rotation:
    rotation = rotations.begin(engine, practice.id, "somebody asked for it", "ana", now=NOW)
    assert rotation is not None
    return rotation


def done(engine: Engine, practice: Practice) -> Rotation:
    rotation = begun(engine, practice)
    assert rotations.proved(engine, rotation.id, now=NOW)
    return rotation


def test_a_practice_has_one_open_rotation(engine: Engine, lumen: Practice) -> None:
    first = begun(engine, lumen)
    assert rotations.begin(engine, lumen.id, "it expires", "the checks", now=NOW) is None
    assert rotations.unfinished(engine, lumen.id) == first
    assert rotations.failed(engine, first.id, "It was refused.", now=NOW)
    second = begun(engine, lumen)
    assert second.id != first.id
    assert rotations.latest(engine, lumen.id) == second


def test_two_practices_rotate_at_once(engine: Engine, lumen: Practice) -> None:
    other = practices.save(engine, "Harbor Sight", "https://ehr.example/static/", now=NOW)
    begun(engine, lumen)
    begun(engine, other)
    assert [practice.name for _, practice in rotations.open_ones(engine)] == ["Lumen Eye", "Harbor Sight"]


def test_a_practice_that_is_not_there_gets_none(engine: Engine) -> None:
    with pytest.raises(StorageError, match="no such practice"):
        rotations.begin(engine, 4711, "somebody asked for it", "ana", now=NOW)


def test_it_ends_once(engine: Engine, lumen: Practice) -> None:
    rotation = done(engine, lumen)
    assert not rotations.failed(engine, rotation.id, "Too late.", now=NOW)
    assert not rotations.proved(engine, rotation.id, now=NOW)
    assert not rotations.trying(engine, rotation.id, now=NOW)
    kept = rotations.get(engine, rotation.id)
    assert kept is not None
    assert (kept.proved_at, kept.ended_at, kept.problem) == (NOW, NOW, "")


def test_what_failed_keeps_its_sentence_and_waits_for_nobody(engine: Engine, lumen: Practice) -> None:
    rotation = begun(engine, lumen)
    assert rotations.failed(engine, rotation.id, "RevolutionEHR is down.", now=NOW)
    ((failed, practice, run),) = rotations.ended(engine, since=NOW)
    assert (failed.problem, failed.proved_at, practice, run) == ("RevolutionEHR is down.", None, lumen, None)
    assert rotations.waiting_for_handover(engine) == []
    assert not rotations.hand_over(engine, rotation.id, "ana", now=NOW)


def test_it_is_handed_over_once_and_by_one(engine: Engine, lumen: Practice) -> None:
    rotation = done(engine, lumen)
    assert [practice.name for _, practice in rotations.waiting_for_handover(engine)] == ["Lumen Eye"]
    assert rotations.waiting_names(engine) == ["Lumen Eye"]
    assert rotations.hand_over(engine, rotation.id, "ana", now=NOW)
    assert not rotations.hand_over(engine, rotation.id, "ben", now=NOW)
    assert rotations.waiting_for_handover(engine) == []
    kept = rotations.get(engine, rotation.id)
    assert kept is not None
    assert (kept.handed_over_by, kept.handed_over_at) == ("ana", NOW)


def test_an_open_one_can_not_be_handed_over(engine: Engine, lumen: Practice) -> None:
    assert not rotations.hand_over(engine, begun(engine, lumen).id, "ana", now=NOW)


def test_only_the_newest_password_waits_for_onespot(engine: Engine, lumen: Practice) -> None:
    done(engine, lumen)
    second = done(engine, lumen)
    assert [one.id for one, _ in rotations.waiting_for_handover(engine)] == [second.id]
    assert [one.id for one, *_ in rotations.ended(engine, since=NOW)] == [second.id]


def test_a_later_failure_takes_nothing_from_one_that_waits(engine: Engine, lumen: Practice) -> None:
    first, second = done(engine, lumen), begun(engine, lumen)
    rotations.failed(engine, second.id, "It was refused.", now=NOW)
    assert [one.id for one, _ in rotations.waiting_for_handover(engine)] == [first.id]
    assert [one.id for one, *_ in rotations.ended(engine, since=NOW)] == [first.id, second.id]


def test_a_retired_practice_waits_for_no_handover(engine: Engine, lumen: Practice) -> None:
    done(engine, lumen)
    with transaction(engine) as session:
        session.merge(lumen).retired_at = NOW
    assert rotations.waiting_for_handover(engine) == []


def test_one_that_nobody_is_at_is_adrift(engine: Engine, lumen: Practice) -> None:
    rotation = begun(engine, lumen)
    assert rotations.adrift(engine, now=NOW) == []  # a worker is just being found for it
    assert [one.id for one, _ in rotations.adrift(engine, now=NOW + MINUTE)] == [rotation.id]
    rotations.trying(engine, rotation.id, now=NOW + MINUTE)
    assert rotations.adrift(engine, now=NOW + 2 * MINUTE) == []
    assert [one.id for one, _ in rotations.adrift(engine, now=NOW + 2 * MINUTE, rest=timedelta(0))] == [rotation.id]
    assert [one.id for one, _ in rotations.adrift(engine, now=NOW + 16 * MINUTE)] == [rotation.id]
    assert runs.claim_practice(engine, lumen.id, "elsewhere/1/1.00/", now=NOW + 16 * MINUTE) is not None
    assert rotations.adrift(engine, now=NOW + 16 * MINUTE) == []
    assert [one.id for one, _ in rotations.adrift(engine, now=NOW + 17 * MINUTE)] == [rotation.id]


def test_one_whose_password_is_current_came_true(engine: Engine, lumen: Practice) -> None:
    vault = Vault(engine, [new_key()])

    def sealed_and_proved(at: timedelta) -> None:
        vault.keep(lumen.id, Purpose.FINAL, Credential("OneSpot1", SecretStr("secret")), now=NOW + at)
        vault.prove(lumen.id, now=NOW + at)

    sealed_and_proved(-DAY)
    rotation = begun(engine, lumen)
    vault.verified(lumen.id, NOW + DAY)
    assert not rotations.came_true(engine, rotation)
    sealed_and_proved(MINUTE)
    assert rotations.came_true(engine, rotation)


def test_where_slack_shows_it_is_kept(engine: Engine, lumen: Practice) -> None:
    rotation = done(engine, lumen)
    rotations.shown(engine, rotation.id, "C1", "1.2", "digest")
    rotations.reminded(engine, rotation.id, now=NOW + DAY)
    kept = rotations.get(engine, rotation.id)
    assert kept is not None
    assert (kept.channel, kept.ts, kept.digest, kept.reminded_at) == ("C1", "1.2", "digest", NOW + DAY)


def test_what_was_over_long_ago_is_left_alone_and_what_waits_never_is(engine: Engine, lumen: Practice) -> None:
    practice = [lumen, *(practices.save(engine, name, "https://ehr.example/", now=NOW) for name in ("B", "C", "D"))]
    waits, handed, failed, open_ = done(engine, practice[0]), done(engine, practice[1]), begun(engine, practice[2]), 3
    assert rotations.hand_over(engine, handed.id, "ana", now=NOW)
    assert rotations.failed(engine, failed.id, "It was refused.", now=NOW)
    begun(engine, practice[open_])
    run = runs.request(engine, lumen.id, "U0ANA", now=NOW)
    assert [one.id for one, *_ in rotations.ended(engine, since=NOW)] == [waits.id, handed.id, failed.id]
    ((rotation, whose, newest),) = rotations.ended(engine, since=NOW + MINUTE)
    assert (rotation.id, whose.id, newest) == (waits.id, lumen.id, run)
