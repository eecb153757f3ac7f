"""The watch, its loop body called by hand with a clock of ours."""

from __future__ import annotations

from bot.watch import Watch
from storage.database import StorageError


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Lease:
    """Counts renewals; answers as told."""

    def __init__(self) -> None:
        self.renewed = 0
        self.still_ours = True
        self.database_gone = False

    def renew(self) -> bool:
        if self.database_gone:
            raise StorageError("The database is gone.")
        self.renewed += 1
        return self.still_ours


def _look_for(watch: Watch, clock: Clock, seconds: int) -> None:
    for _ in range(seconds):
        clock.now += 1
        watch.look()


def test_the_lease_is_renewed_every_ten_seconds() -> None:
    clock, lease = Clock(), Lease()
    watch = Watch(lease.renew, clock)
    _look_for(watch, clock, 35)
    assert lease.renewed == 3
    assert not watch.lost


def test_a_lease_that_is_not_ours_any_more_kills_the_browser_once() -> None:
    clock, lease, kills = Clock(), Lease(), []
    watch = Watch(lease.renew, clock)
    lease.still_ours = False
    with watch.over(lambda: kills.append(clock.now)):
        _look_for(watch, clock, 60)
    assert watch.lost
    assert kills == [110.0]


def test_a_database_that_is_away_for_a_moment_is_borne() -> None:
    clock, lease, kills = Clock(), Lease(), []
    watch = Watch(lease.renew, clock)
    with watch.over(lambda: kills.append(clock.now), deadline=1000):
        lease.database_gone = True
        _look_for(watch, clock, 25)
        lease.database_gone = False
        _look_for(watch, clock, 25)
    assert (watch.lost, kills) == (False, [])


def test_a_database_that_is_away_longer_than_the_lease_lasts_ends_the_work() -> None:
    clock, lease, kills = Clock(), Lease(), []
    watch = Watch(lease.renew, clock)
    lease.database_gone = True
    with watch.over(lambda: kills.append(clock.now), deadline=1000):
        _look_for(watch, clock, 40)
    assert watch.lost
    assert kills == [131.0]


def test_a_step_past_its_deadline_is_killed_and_its_lease_not_renewed() -> None:
    clock, lease, kills = Clock(), Lease(), []
    watch = Watch(lease.renew, clock)
    with watch.over(lambda: kills.append(clock.now), deadline=15):
        _look_for(watch, clock, 60)
    assert watch.late
    assert kills == [116.0]
    assert lease.renewed == 1


def test_every_step_has_its_own_deadline() -> None:
    clock, lease, kills = Clock(), Lease(), []
    watch = Watch(lease.renew, clock)
    with watch.over(lambda: kills.append(clock.now), deadline=15):
        for _ in range(6):
            _look_for(watch, clock, 14)
            watch.step(15)
    assert (watch.late, kills) == (False, [])


def test_without_a_browser_nothing_is_late_and_the_lease_is_kept() -> None:
    clock, lease = Clock(), Lease()
    watch = Watch(lease.renew, clock)
    with watch.over(lambda: None, deadline=15):
        pass
    _look_for(watch, clock, 60)
    assert not watch.late
    assert lease.renewed == 6


def test_the_next_browser_begins_with_a_clean_slate() -> None:
    clock, lease, kills = Clock(), Lease(), []
    watch = Watch(lease.renew, clock)
    with watch.over(lambda: kills.append("first"), deadline=15):
        _look_for(watch, clock, 20)
    with watch.over(lambda: kills.append("second"), deadline=15):
        _look_for(watch, clock, 10)
    assert not watch.late
    assert kills == ["first"]
    assert lease.renewed == 2


def test_a_stop_halts_a_step_after_twelve_seconds_so_that_there_is_time_to_log_out() -> None:
    clock, lease, halts, kills = Clock(), Lease(), [], []
    watch = Watch(lease.renew, clock)
    with watch.over(lambda: kills.append(clock.now), deadline=1000, halt=lambda: halts.append(clock.now)):
        _look_for(watch, clock, 20)
        assert halts == []
        watch.hurry()
        _look_for(watch, clock, 20)
    assert (halts, kills) == ([133.0], [])
    assert watch.halted


def test_a_stop_gives_the_step_in_hand_twenty_five_seconds() -> None:
    clock, lease, kills = Clock(), Lease(), []
    watch = Watch(lease.renew, clock)
    with watch.over(lambda: kills.append(clock.now), deadline=1000):
        watch.hurry()
        _look_for(watch, clock, 10)
        watch.hurry()
        watch.step(1000)
        _look_for(watch, clock, 20)
    assert kills == [126.0]
