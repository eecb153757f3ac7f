"""Sessions at one EHR: never more than there are seats, on all machines together, and never two logins at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot.seats import Seats
from storage.database import connect, upgrade
from tests import postgresql

HOST = "ehr.example.org"
NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)


@pytest.fixture
def shared(postgresql_server: str) -> Iterator[Engine]:
    with postgresql.database(postgresql_server, "onespot_seats") as url:
        engine = connect(url)
        upgrade(engine)
        yield engine
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"] if postgresql.why_not() is None else ["sqlite"])
def kind(request: pytest.FixtureRequest) -> Engine:
    found: Engine = request.getfixturevalue("engine" if request.param == "sqlite" else "shared")
    return found


class Enough(Exception):
    """Nobody waits for ever here."""


def _give_up() -> None:
    raise Enough


def _never() -> None:
    """Whoever waits goes on waiting."""


def test_there_are_so_many_seats_and_no_more(kind: Engine) -> None:
    seats = Seats(kind, 2, 0)
    with seats.at(HOST, _give_up), seats.at(HOST, _give_up):
        with pytest.raises(Enough), seats.at(HOST, _give_up):
            pass
        with seats.at("another.example.org", _give_up):
            pass
    with seats.at(HOST, _give_up):
        pass


def test_whoever_waits_gets_the_seat_that_becomes_free(kind: Engine) -> None:
    seats, sat = Seats(kind, 1, 0, sleep=lambda _: None), threading.Event()

    def sit() -> None:
        with seats.at(HOST, _never):
            sat.set()

    waiting = threading.Thread(target=sit)
    with seats.at(HOST, _give_up):
        waiting.start()
        assert not sat.wait(0.2)
    waiting.join(10)
    assert sat.is_set()


def test_a_seat_is_free_again_after_an_error(kind: Engine) -> None:
    seats = Seats(kind, 1, 0)
    with pytest.raises(ZeroDivisionError), seats.at(HOST, _give_up):
        raise ZeroDivisionError
    with seats.at(HOST, _give_up):
        pass


@pytest.mark.skipif(postgresql.why_not() is not None, reason=str(postgresql.why_not()))
def test_two_machines_share_the_seats(shared: Engine) -> None:
    elsewhere = connect(shared.url.render_as_string(hide_password=False))
    with Seats(shared, 1, 0).at(HOST, _give_up), pytest.raises(Enough):  # noqa: SIM117
        with Seats(elsewhere, 1, 0).at(HOST, _give_up):
            pass
    elsewhere.dispose()


def test_from_one_login_to_the_next_there_is_a_rest(kind: Engine) -> None:
    moment = NOW
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        nonlocal moment
        waited.append(seconds)
        moment += timedelta(seconds=seconds)

    seats = Seats(kind, 5, 2.0, now=lambda: moment, sleep=sleep)
    for _ in range(3):
        with seats.at(HOST, _never):
            pass
    assert sum(waited) == 4.0
