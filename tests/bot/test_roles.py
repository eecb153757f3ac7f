"""The bot by role: web, worker and clock share nothing but PostgreSQL, and people notice no difference."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, text

from bot import roles
from bot.dispatch import Workers
from bot.house import House, open_database
from bot.pace import Pace
from bot.problems import SettingsProblem
from bot.queue import NIGHTLY, Queued, make_tables
from sandbox.slack import SandboxSlack
from storage import checks, practices, runs
from storage.alone import Alone
from storage.database import connect, upgrade
from storage.models import RunStatus, utcnow
from tests import postgresql
from tests.bot.talk import Talk, ask, give_password, set_up, until

pytestmark = pytest.mark.skipif(postgresql.why_not() is not None, reason=str(postgresql.why_not()))


@pytest.fixture
def shared(postgresql_server: str) -> Iterator[Engine]:
    """An empty database that processes can share, with the queue in it."""
    with postgresql.database(postgresql_server, "onespot_roles") as url:
        engine = connect(url)
        upgrade(engine)
        make_tables(engine)
        yield engine
        engine.dispose()


@pytest.fixture
def scattered(workspace: SandboxSlack, shared: Engine, tmp_path: Path) -> Talk:
    """A workspace and a bot whose parts are started one by one."""
    url = SecretStr(shared.url.render_as_string(hide_password=False))
    return set_up(workspace, shared, tmp_path, mode="http", database_url=url, onespot_evidence=tmp_path / "evidence")


@contextmanager
def _house(talk: Talk) -> Iterator[House]:
    """As each process opens its own."""
    with open_database(talk.settings.database_url.get_secret_value()) as engine:
        yield House(talk.settings, engine, None)


@contextmanager
def _web(talk: Talk) -> Iterator[None]:
    with _house(talk) as house, roles.web(house, threading.Event()):
        yield


@contextmanager
def _worker(talk: Talk) -> Iterator[None]:
    with _house(talk) as house, roles.worker(house, threading.Event(), Workers(talk.worker)):
        yield


@contextmanager
def _clock(talk: Talk) -> Iterator[Alone]:
    with _house(talk) as house, roles.clock(house, threading.Event(), Pace(between_posts=0.0)) as turn:
        yield turn


def test_a_story_over_three_roles_ends_as_in_one_process(scattered: Talk) -> None:
    with _web(scattered), _clock(scattered), _worker(scattered):
        ana, ben = scattered.person(), scattered.person("U0BEN")
        ask(scattered)
        give_password(scattered)
        scattered.becomes(RunStatus.PLANNED)
        ben.press("Approve")
        scattered.becomes(RunStatus.SUCCEEDED)
        ana.sees("17/17")
        ana.sees("The OneSpot account of Lumen Eye works")
        ben.press("Check now")
        until(lambda: checks.latest(scattered.engine, 1), "a check")
    assert (scattered.ehr.plans, scattered.ehr.logins) == (1, 1)


def test_what_waits_is_worked_off_when_a_worker_comes(scattered: Talk) -> None:
    with _web(scattered), _clock(scattered):
        ask(scattered)
        give_password(scattered)
    assert scattered.run().status is RunStatus.REQUESTED
    with _worker(scattered):
        scattered.becomes(RunStatus.PLANNED)


def test_of_two_clocks_one_works_and_the_other_takes_over(scattered: Talk) -> None:
    with _clock(scattered) as second_or_first, _clock(scattered) as other:
        until(lambda: second_or_first.is_mine() != other.is_mine(), "one that works")
    free = Alone(scattered.engine, "clock")
    assert free.take()
    free.leave()


# --- the queue


def test_the_same_knock_does_not_wait_in_line_twice(shared: Engine) -> None:
    queue = Queued(shared)
    assert queue.check(1)
    assert not queue.check(1)
    assert queue.check(2)


def test_people_are_fetched_before_the_daily_checks(shared: Engine) -> None:
    Queued(shared, NIGHTLY).check(1)
    Queued(shared).check(2)
    with shared.connect() as connection:
        waiting = connection.scalars(
            text("SELECT args ->> 'practice_id' FROM procrastinate_jobs ORDER BY priority DESC")
        )
        assert list(waiting) == ["2", "1"]


def test_a_knock_for_a_run_that_has_moved_on_is_none(scattered: Talk, shared: Engine) -> None:
    practice = practices.save(shared, "Lumen Eye", "https://example.org/static/", now=utcnow())
    run = runs.request(shared, practice.id, "U0ANA", now=utcnow())
    queue = Queued(shared)
    assert not queue.run(run.id, run.moved_at.replace(year=2001))
    assert queue.run(run.id, run.moved_at)


def test_a_job_carries_ids_and_nothing_else(shared: Engine) -> None:
    Queued(shared).rotate(7)
    with shared.connect() as connection:
        assert connection.scalars(text("SELECT args FROM procrastinate_jobs")).all() == [{"practice_id": 7}]


def test_the_queues_tables_are_made_once(shared: Engine) -> None:
    assert make_tables(shared) is False


# --- what the roles need


def test_roles_refuse_sqlite_in_a_sentence(workspace: SandboxSlack, engine: Engine, tmp_path: Path) -> None:
    talk = set_up(workspace, engine, tmp_path)
    with pytest.raises(SettingsProblem, match="onespot run"), _worker(talk):
        pass


def test_roles_refuse_to_make_keys_of_their_own(scattered: Talk) -> None:
    talk = replace(scattered, settings=scattered.settings.model_copy(update={"onespot_keys": None}))
    with pytest.raises(SettingsProblem, match="ONESPOT_KEYS"), _worker(talk):
        pass
