"""Slack's rates are kept, and an end is told even when progress used much of them."""

from __future__ import annotations

from bot.pace import AT_ONCE, BETWEEN_POSTS, KEPT_BACK, UPDATES_A_MINUTE, Pace


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_progress_leaves_something_for_the_end() -> None:
    time = Time()
    pace = Pace(time, time.sleep)
    progress = 0
    while pace.update(minor=True) == 0:
        progress += 1
    assert progress == AT_ONCE - KEPT_BACK
    assert [pace.update(minor=False) for _ in range(KEPT_BACK)] == [0.0] * KEPT_BACK
    assert pace.update(minor=False) > 0


def test_no_minute_has_more_updates_than_slack_allows() -> None:
    time = Time()
    pace = Pace(time, time.sleep)
    sent: list[float] = []
    while time.now < 3600:
        wait = pace.update(minor=len(sent) % 2 == 0)
        if wait:
            time.sleep(wait)
        else:
            sent.append(time.now)
    worst = max(sum(start <= at < start + 60 for at in sent) for start in sent)
    assert worst <= 50
    assert len(sent) > 59 * UPDATES_A_MINUTE


def test_two_posts_to_one_channel_are_a_second_apart_and_another_channel_does_not_wait() -> None:
    time = Time()
    pace = Pace(time, time.sleep)
    pace.post("C1")
    pace.post("C2")
    assert time.now == 0
    pace.post("C1")
    assert time.now == BETWEEN_POSTS
