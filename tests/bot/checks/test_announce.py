"""What Slack is told about accounts, in the stand-in Slack, with the clock moved by the test."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from bot.app import client
from bot.checks.announce import ANNOUNCE, SUMMARY, Announcer
from bot.pace import Pace
from bot.voice import Together, Voice
from sandbox.slack import SandboxSlack
from sandbox.slack.person import Person
from sandbox.slack.seed import BOT_USER
from sandbox.slack.seen import Seen
from storage import alerts, duties, health, practices
from storage.models import CheckOutcome, Practice
from storage.vault import Vault, new_key
from tests.bot.accounts import MONDAY, Accounts, named

CHANNEL = "C0HEALTH"
C = CheckOutcome


@dataclass
class Told:
    """Accounts, and somebody who reads the channel."""

    accounts: Accounts
    slack: SandboxSlack
    announcer: Announcer
    reader: Person

    def tick(self, **later: float) -> list[Seen]:
        """Some time later everything there is to say is said: the messages of the channel."""
        self.accounts.later(**later or {"seconds": 5})
        self.announcer.tick()
        return self.channel

    @property
    def channel(self) -> list[Seen]:
        return self.reader.messages(CHANNEL)

    def thread(self, message: Seen) -> list[str]:
        return [answer.text for answer in self.reader.thread(message)]


def announcer(accounts: Accounts, slack: SandboxSlack, channel: str = CHANNEL) -> Announcer:
    web = client(slack.bot_token, slack.api_url)
    pace = Together(Pace(lambda: accounts.now.timestamp(), between_posts=0.0))
    return Announcer(accounts.engine, Voice(web, pace), channel, accounts.rounds)


@pytest.fixture
def told(engine: Engine, workspace: SandboxSlack) -> Told:
    accounts = Accounts(engine, MONDAY - timedelta(hours=1))
    return Told(accounts, workspace, announcer(accounts, workspace), Person(workspace.origin, "U0ANA"))


# --- an alert


def test_a_failure_is_told_once_and_its_recovery_in_its_thread(told: Told) -> None:
    (practice,) = told.accounts.make("Lumen Eye")
    told.accounts.find(practice, C.HEALTHY)
    assert told.tick() == []
    told.accounts.find(practice, C.DRIFT, "A location is not ticked.")
    (alert,) = told.tick()
    assert "🔴 Lumen Eye: drift" in alert.text
    assert "A location is not ticked." in alert.text
    assert alert.buttons == ["Check again", "Rotate password", "Repair", "Snooze"]
    told.accounts.find(practice, C.DRIFT, "A location is not ticked.")
    assert len(told.tick()) == 1
    assert told.thread(alert) == []
    told.accounts.find(practice, C.HEALTHY)
    (alert,) = told.tick()
    assert (alert.edited, alert.buttons) == (True, [])
    assert "Lumen Eye: works again" in alert.text
    assert told.thread(alert) == ["🟢 Lumen Eye: works again"]


def test_what_is_not_worse_is_an_answer_and_what_is_worse_an_alert_of_its_own(told: Told) -> None:
    (practice,) = told.accounts.make("Lumen Eye")
    told.accounts.find(practice, C.EHR_DOWN)
    told.tick()
    told.accounts.find(practice, C.DRIFT, "A day is closed.")
    (first,) = told.tick()
    assert told.thread(first) == ["🔴 Lumen Eye: now drift. A day is closed."]
    assert "now: drift" in first.text
    told.accounts.find(practice, C.LOGIN_REFUSED)
    first, second = told.tick()
    assert "Lumen Eye: login refused" in second.text
    assert first.buttons == []
    assert "has an alert of its own" in first.text
    told.accounts.find(practice, C.HEALTHY)
    first, second = told.tick()
    assert told.thread(second) == ["🟢 Lumen Eye: works again"]
    assert len(told.thread(first)) == 1


def test_a_recovery_of_what_was_never_told_is_not_told(told: Told) -> None:
    (practice,) = told.accounts.make("Lumen Eye")
    told.accounts.find(practice, C.EHR_DOWN)
    told.accounts.find(practice, C.HEALTHY)
    assert told.tick() == []


def test_a_second_failure_after_a_recovery_is_a_new_alert(told: Told) -> None:
    (practice,) = told.accounts.make("Lumen Eye")
    for outcome in (C.DRIFT, C.HEALTHY, C.DRIFT):
        told.accounts.find(practice, outcome)
        told.tick(minutes=20)
    assert len([one for one in told.channel if "Lumen Eye" in one.text and not one.thread_ts]) == 2


# --- incidents


def test_forty_alike_are_one_incident_with_their_names_in_its_thread(told: Told) -> None:
    made = told.accounts.make(*named(40))
    told.accounts.find_all(made, C.EHR_DOWN)
    (alert,) = told.tick()
    assert "40 practices: the EHR is down" in alert.text
    answers = told.thread(alert)
    assert len(answers) <= 3
    assert all(practice.name in " ".join(answers) for practice in made)


def test_forty_that_trickle_in_within_ten_minutes_are_one_incident_too(told: Told) -> None:
    made = told.accounts.make(*named(40))
    for practice in made:
        told.accounts.find(practice, C.EHR_DOWN)
        told.tick(seconds=20)
    (alert,) = told.tick(minutes=2)
    assert "40 practices: the EHR is down" in alert.text
    answers = [answer for answer in told.thread(alert) if "pause" not in answer]
    assert len(answers) <= 3
    assert all(practice.name in " ".join(answers) for practice in made)


def test_what_fails_an_hour_later_or_otherwise_is_another_matter(told: Told) -> None:
    one, two, three = told.accounts.make("One", "Two", "Three")
    told.accounts.find(one, C.EHR_DOWN)
    told.accounts.find(three, C.DRIFT)
    told.tick()
    told.accounts.later(hours=1)
    told.accounts.find(two, C.EHR_DOWN)
    heads = sorted(message.text.splitlines()[0] for message in told.tick())
    assert heads == ["🔴 One: the EHR is down", "🔴 Three: drift", "🔴 Two: the EHR is down"]


def test_an_incident_ends_bit_by_bit(told: Told) -> None:
    made = told.accounts.make(*named(12))
    told.accounts.find_all(made, C.EHR_DOWN)
    told.tick(minutes=2)
    told.accounts.find_all(made[:9], C.HEALTHY)
    (alert,) = told.tick()
    assert "3 of 12 still fail, 9 work again: Practice 0009, Practice 0010, Practice 0011." in alert.text
    told.accounts.find(made[9], C.LOGIN_REFUSED)
    told.accounts.find_all(made[10:], C.HEALTHY)
    alert, other = told.tick()
    assert "12 practices: work again" in alert.text
    assert "The others have alerts of their own." in alert.text
    assert "Practice 0009: login refused" in other.text
    assert alerts.unclosed(told.accounts.engine)[0][0].ts == other.ts


def test_a_pause_is_said_once_in_the_incidents_thread(told: Told) -> None:
    made = told.accounts.make(*named(8))
    told.accounts.find_all(made, C.SCREEN_CHANGED)
    (alert,) = told.tick()
    told.tick(minutes=1)
    told.accounts.find(made[0], C.SCREEN_CHANGED)
    told.tick()
    assert len([answer for answer in told.thread(alert) if "pause" in answer]) == 1


# --- quiet


def test_snoozed_and_muted_ones_are_not_told_until_it_is_over(told: Told) -> None:
    asleep, muted = told.accounts.make("Asleep", "Muted")
    health.snooze(told.accounts.engine, [asleep.id], told.accounts.now + timedelta(hours=2))
    health.mute(told.accounts.engine, muted.id, True)
    told.accounts.find_all([asleep, muted], C.DRIFT)
    assert told.tick() == []
    (alert,) = told.tick(hours=3)[:1]
    assert "Asleep: drift" in alert.text
    assert all("Muted: drift" not in message.text for message in told.channel)


# --- the summary


def test_one_summary_a_day_after_the_windows_end(told: Told) -> None:
    made = told.accounts.make(*named(3))
    told.accounts.later(hours=2, minutes=59)
    told.accounts.find_all(made, C.HEALTHY)
    assert told.tick() == []
    told.accounts.now = MONDAY + timedelta(hours=2, minutes=1)
    (summary,) = told.tick()
    assert "OneSpot accounts on 2026-11-23" in summary.text
    assert "🟢 3 practices work" in summary.text
    assert len(told.tick(hours=10)) == 1
    told.accounts.later(hours=14)
    told.accounts.find_all(made, C.HEALTHY)
    assert len(told.tick()) == 2


def test_a_summary_is_a_table_beside_its_words(told: Told) -> None:
    made = told.accounts.make(*named(2))
    told.accounts.find_all(made[:1], C.DRIFT)
    told.accounts.find_all(made[1:], C.HEALTHY)
    told.accounts.now = MONDAY + timedelta(hours=3, minutes=1)
    summary = told.tick()[-1]
    assert "drift | Practice 0000 | 2026-11-23 05:30 | It is: drift." in summary.text
    assert summary["text"].startswith("OneSpot accounts on 2026-11-23: 🔴 1 practice fails · 🟢 1 practice works.")


def test_the_summary_waits_for_checks_on_their_way_but_not_for_ever(told: Told) -> None:
    made = told.accounts.make(*named(2), due=MONDAY)
    told.accounts.now = MONDAY + timedelta(hours=2)
    told.accounts.rounds.hand_out(told.accounts.knocks)
    told.accounts.later(minutes=1)
    told.accounts.find(made[0], C.HEALTHY)
    assert told.tick() == []
    (summary,) = told.tick(hours=1)
    assert "🟢 1 practice works · ⚪ 1 practice not looked at yet" in summary.text


def test_an_account_that_is_made_after_the_window_brings_no_summary_that_day(told: Told) -> None:
    told.accounts.now = MONDAY + timedelta(hours=8)
    told.accounts.find_all(told.accounts.make("Lumen Eye"), C.HEALTHY)
    assert told.tick() == []
    assert len(told.tick(days=1)) == 1


def test_a_bot_that_was_down_till_noon_sums_up_after_its_round(told: Told) -> None:
    told.accounts.make(*named(2))
    told.accounts.now = MONDAY + timedelta(hours=6)
    told.accounts.knocks.says = C.HEALTHY
    told.accounts.rounds.hand_out(told.accounts.knocks)
    (summary,) = told.tick()
    assert "🟢 2 practices work" in summary.text


def test_without_accounts_there_is_no_summary(told: Told) -> None:
    assert told.tick(hours=12) == []
    assert duties.done(told.accounts.engine, SUMMARY) == ""


# --- a Slack that fails


@pytest.mark.parametrize("fault", ["down", "http-500"])
def test_while_slack_is_down_nothing_is_lost_and_nothing_is_said_twice(told: Told, fault: str) -> None:
    made = told.accounts.make(*named(12))
    told.slack.faults.on(fault)
    told.accounts.find_all(made[:1], C.DRIFT)
    told.accounts.find_all(made[1:], C.EHR_DOWN)
    told.tick()
    told.accounts.find_all(made[1:3], C.HEALTHY)
    told.tick(minutes=1)
    told.slack.faults.off(fault)
    heads = sorted(message.text.splitlines()[0] for message in told.tick(minutes=2))
    assert heads == ["🔴 9 practices: the EHR is down", "🔴 Practice 0000: drift"]


def test_slack_failing_in_the_middle_of_an_incident_leaves_the_rest_for_the_next_tick(told: Told) -> None:
    made = told.accounts.make(*named(12))
    told.accounts.find_all(made, C.EHR_DOWN)
    deed = told.announcer._next()
    assert deed is not None
    deed()
    told.slack.faults.on("down")
    told.tick()
    told.slack.faults.off("down")
    (alert,) = told.tick(minutes=2)
    assert len(told.thread(alert)) == 2  # the names, and that checks pause
    assert "Practice 0011" in told.thread(alert)[0]


def test_an_alert_that_somebody_deleted_is_told_anew(told: Told) -> None:
    one, two = told.accounts.make("One", "Two")
    told.accounts.find(one, C.DRIFT)
    (alert,) = told.tick()
    client(told.slack.bot_token, told.slack.api_url).chat_delete(channel=CHANNEL, ts=alert.ts)
    told.accounts.find(two, C.DRIFT)
    said = " ".join(message.text for message in [*told.tick(), *told.tick(minutes=2), *told.tick()])
    assert "One" in said
    assert "Two" in said


def test_where_the_limits_are_kept_slack_never_refuses(engine: Engine, workspace: SandboxSlack) -> None:
    workspace.limits = True
    accounts = Accounts(engine, MONDAY)
    slept: list[float] = []
    web = client(workspace.bot_token, workspace.api_url)
    pace = Pace(clock=lambda: sum(slept), sleep=slept.append)  # no time passes but what is slept
    speaker = Announcer(engine, Voice(web, pace), CHANNEL, accounts.rounds)
    its = [C.DRIFT, C.LOCKED, C.PERSON_NEEDED, C.LOGIN_REFUSED, C.PASSWORD_EXPIRED]
    for practice, outcome in zip(accounts.make(*named(5)), its, strict=True):
        accounts.find(practice, outcome)
    speaker.tick()
    assert len(slept) == 4
    assert all(seconds > 1 for seconds in slept)


# --- several clocks


def test_two_clocks_at_once_say_a_thing_once(told: Told) -> None:
    told.accounts.find_all(told.accounts.make(*named(5)), C.DRIFT)
    clocks = [announcer(told.accounts, told.slack) for _ in range(4)]
    threads = [threading.Thread(target=clock.tick) for clock in clocks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (alert,) = told.tick(minutes=2)
    assert len(told.thread(alert)) == 1


def test_a_clock_that_died_while_it_spoke_is_followed_by_another(told: Told) -> None:
    told.accounts.find_all(told.accounts.make("Lumen Eye"), C.DRIFT)
    now = told.accounts.now
    duties.take(told.accounts.engine, ANNOUNCE, now=now, until=now + timedelta(minutes=3))
    assert told.tick() == []
    assert len(told.tick(minutes=3)) == 1


def test_after_stop_nothing_more_is_said(told: Told) -> None:
    told.accounts.find_all(told.accounts.make("Lumen Eye"), C.DRIFT)
    told.announcer.stop()
    assert told.tick() == []


def test_a_practice_that_is_retired_leaves_its_alert(told: Told) -> None:
    one, two = told.accounts.make("One", "Two")
    told.accounts.find_all([one, two], C.DRIFT)
    told.tick(minutes=2)
    retire(told, one)
    (alert,) = told.tick()
    assert "1 of 2 still fail: Two." in alert.text


def retire(told: Told, practice: Practice) -> None:
    Vault(told.accounts.engine, [new_key()]).forget(practice.id)
    told.accounts.rounds.cover()
    assert practices.get(told.accounts.engine, practice.id) is not None


# --- reminders and maintenance


def test_what_goes_on_is_said_again_every_other_day_unless_snoozed(told: Told) -> None:
    (practice,) = told.accounts.make("Lumen Eye")
    told.accounts.find(practice, C.DRIFT)
    (alert,) = told.tick()
    assert told.thread(alert) == []
    told.tick(hours=47)
    assert told.thread(alert) == []
    told.tick(hours=1)
    told.tick(hours=1)
    (reminder,) = told.thread(alert)
    assert "Lumen Eye: drift, for 2 days now" in reminder
    health.snooze(told.accounts.engine, [practice.id], told.accounts.now + timedelta(days=9))
    told.tick(days=4)
    assert told.thread(alert) == [reminder]
    told.accounts.find(practice, C.HEALTHY)
    told.tick(days=4)
    assert len(told.thread(alert)) == 2


def test_nothing_is_said_in_a_maintenance_window_and_all_of_it_afterwards(
    engine: Engine, workspace: SandboxSlack
) -> None:
    accounts = Accounts(engine, MONDAY, maintenance="Mon 06:00-08:00")
    told = Told(accounts, workspace, announcer(accounts, workspace), Person(workspace.origin, "U0ANA"))
    (practice,) = accounts.make("Lumen Eye")
    accounts.find(practice, C.EHR_DOWN)
    assert told.tick() == []
    assert len(told.tick(hours=2)) == 1


# --- the picture of the last days


def test_an_alert_has_the_last_days_as_a_picture_with_words_once(told: Told) -> None:
    told.slack.state.channels[CHANNEL].members.add(BOT_USER)
    drawn: list[int] = []

    def draw(practice_id: int) -> tuple[bytes, str]:
        drawn.append(practice_id)
        return b"\x89PNG\r\n\x1a\n", "Healthy on 29 of 30 days."

    told.announcer._draw = draw
    (practice,) = told.accounts.make("Lumen Eye")
    told.accounts.find(practice, C.DRIFT)
    (alert,) = told.tick()
    told.tick()
    (answer,) = told.reader.thread(alert)
    assert drawn == [practice.id]
    assert "Healthy on 29 of 30 days." in str(answer.raw)


def test_a_picture_that_slack_does_not_take_is_left_out(told: Told) -> None:
    told.announcer._draw = lambda _: (b"\x89PNG\r\n\x1a\n", "Healthy on 29 of 30 days.")
    (practice,) = told.accounts.make("Lumen Eye")
    told.accounts.find(practice, C.DRIFT)
    (alert,) = told.tick()  # the bot isn't a member of this channel
    assert told.thread(alert) == []
    told.accounts.find(practice, C.HEALTHY)
    assert told.thread(told.tick()[0]) == ["🟢 Lumen Eye: works again"]
