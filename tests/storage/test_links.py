"""A link works once, for a while, and can't be read from the database."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from threading import Barrier

import pytest
from sqlalchemy import Engine, text

from storage import links, practices, runs
from storage.database import StorageError, reading
from storage.models import LinkPurpose, OneTimeLink, Practice
from tests.storage.conftest import NOW

MINUTE = timedelta(minutes=1)
DANA = "U0DANA"


def make(engine: Engine, practice: Practice, **other: object) -> str:
    """An intake link for Dana, or one that differs from it."""
    wanted = {"purpose": LinkPurpose.INTAKE, "for_user": DANA, "now": NOW, "practice_id": practice.id, **other}
    return links.make(engine, **wanted)  # type: ignore[arg-type]


def works(engine: Engine, token: str) -> bool:
    return links.find(engine, token, now=NOW + MINUTE) is not None


def test_a_link_says_what_it_is_for(engine: Engine, practice: Practice) -> None:
    run = runs.request(engine, practice.id, DANA, now=NOW)
    token = make(engine, practice, run_id=run.id)
    link = links.find(engine, token, now=NOW)
    assert link is not None
    assert (link.purpose, link.practice_id, link.run_id, link.for_user) == (
        LinkPurpose.INTAKE,
        practice.id,
        run.id,
        DANA,
    )
    assert (link.made_at, link.expires_at, link.used_at) == (NOW, NOW + 15 * MINUTE, None)


def test_a_token_has_256_bits_and_needs_no_quoting(engine: Engine, practice: Practice) -> None:
    tokens = {make(engine, practice) for _ in range(20)}
    assert len(tokens) == 20
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in tokens)


def test_only_the_hash_of_a_token_is_stored(engine: Engine, practice: Practice) -> None:
    token = make(engine, practice)
    with reading(engine) as session:
        rows = session.connection().execute(text("SELECT * FROM one_time_link")).mappings().all()
    assert [row["digest"] for row in rows] == [sha256(token.encode()).hexdigest()]
    assert token not in repr(rows)


def test_looking_changes_nothing(engine: Engine, practice: Practice) -> None:
    token = make(engine, practice)
    found = [links.find(engine, token, now=NOW) for _ in range(3)]
    assert found[0] is not None
    assert found[0] == found[1] == found[2]


def test_a_link_works_once(engine: Engine, practice: Practice) -> None:
    token = make(engine, practice)
    used = links.use(engine, token, now=NOW + MINUTE)
    assert used is not None
    assert (used.used_at, used.for_user) == (NOW + MINUTE, DANA)
    assert links.use(engine, token, now=NOW + MINUTE) is None
    assert links.find(engine, token, now=NOW + MINUTE) is None


def test_of_many_who_use_it_at_once_one_gets_it(engine: Engine, practice: Practice) -> None:
    token = make(engine, practice)
    together = Barrier(8)

    def use() -> OneTimeLink | None:
        together.wait(10)
        return links.use(engine, token, now=NOW)

    with ThreadPoolExecutor(8) as pool:
        got = [future.result(20) for future in [pool.submit(use) for _ in range(8)]]
    assert len([link for link in got if link is not None]) == 1


def test_a_link_ends_after_its_time(engine: Engine, practice: Practice) -> None:
    token = make(engine, practice, lasts=2 * MINUTE)
    nearly, over = NOW + 2 * MINUTE - timedelta(microseconds=1), NOW + 2 * MINUTE
    assert links.find(engine, token, now=nearly) is not None
    assert links.find(engine, token, now=over) is None
    assert links.use(engine, token, now=over) is None
    assert links.use(engine, token, now=nearly) is not None


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "ä\0'--", "%" * 5000])
def test_a_guess_opens_nothing(token: str, engine: Engine, practice: Practice) -> None:
    make(engine, practice)
    assert links.find(engine, token, now=NOW) is None
    assert links.use(engine, token, now=NOW) is None


def test_the_hash_of_a_token_opens_nothing(engine: Engine, practice: Practice) -> None:
    digest = sha256(make(engine, practice).encode()).hexdigest()
    assert links.find(engine, digest, now=NOW) is None


def test_a_new_link_ends_the_former_ones_of_its_kind(engine: Engine, practice: Practice) -> None:
    first, second = make(engine, practice), make(engine, practice)
    third = make(engine, practice)
    assert [works(engine, token) for token in (first, second, third)] == [False, False, True]


def test_a_new_link_leaves_those_of_others_alone(engine: Engine, practice: Practice) -> None:
    elsewhere = practices.save(engine, "Harbor Vision", "https://ehr.example/static/", now=NOW)
    others = [
        make(engine, practice, for_user="U0OMAR"),
        make(engine, practice, purpose=LinkPurpose.REVEAL),
        make(engine, elsewhere),
    ]
    make(engine, practice)
    assert all(works(engine, token) for token in others)


def test_a_new_link_does_not_touch_when_a_former_one_was_used(engine: Engine, practice: Practice) -> None:
    token = make(engine, practice)
    used = links.use(engine, token, now=NOW)
    make(engine, practice, now=NOW + MINUTE)
    with reading(engine) as session:
        assert used is not None
        assert session.get(OneTimeLink, used.id) == used


def test_two_links_made_at_once_leave_one_that_works(engine: Engine, practice: Practice) -> None:
    together = Barrier(6)

    def one() -> str:
        together.wait(10)
        return make(engine, practice)

    with ThreadPoolExecutor(6) as pool:
        tokens = [future.result(20) for future in [pool.submit(one) for _ in range(6)]]
    assert [works(engine, token) for token in tokens].count(True) == 1


def test_a_link_of_no_practice_or_no_run_is_refused(engine: Engine, practice: Practice) -> None:
    with pytest.raises(StorageError, match="no such practice"):
        make(engine, practice, practice_id=practice.id + 1)
    with pytest.raises(StorageError):
        make(engine, practice, run_id=77)


def test_what_ended_long_ago_is_forgotten(engine: Engine, practice: Practice) -> None:
    used = make(engine, practice)
    links.use(engine, used, now=NOW)
    make(engine, practice, for_user="U0OMAR")
    young = make(engine, practice, now=NOW + 10 * MINUTE)
    later = NOW + 20 * MINUTE
    assert links.forget(engine, later, timedelta(days=1)) == 0
    assert links.forget(engine, later, timedelta(0)) == 2
    assert links.find(engine, young, now=later) is not None
