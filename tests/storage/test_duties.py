"""Several clocks, one duty."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine

from storage import duties
from tests.storage.conftest import NOW

MINUTE = timedelta(minutes=1)


def test_one_clock_at_a_time_has_a_duty(engine: Engine) -> None:
    until = NOW + 5 * MINUTE
    assert duties.take(engine, "announce", now=NOW, until=until)
    assert not duties.take(engine, "announce", now=NOW, until=until)
    assert duties.take(engine, "announce", now=until, until=until + MINUTE)
    duties.leave(engine, "announce")
    assert duties.take(engine, "announce", now=NOW, until=until)


def test_what_was_done_last_is_kept(engine: Engine) -> None:
    assert duties.done(engine, "summary") == ""
    duties.keep_done(engine, "summary", "2026-11-23")
    duties.keep_done(engine, "summary", "2026-11-24")
    assert duties.done(engine, "summary") == "2026-11-24"
