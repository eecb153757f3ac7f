"""The bot as a service: its parts, wired by hand, started and ended in the right order.

`onespot run` is all of it in one process; by role it is in roles.py, of the same parts. No conversation and no rule is
here.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import structlog
from slack_sdk import WebClient

from bot.answers import Answers
from bot.app import client
from bot.approvers import Approvers
from bot.checks import history
from bot.checks.announce import Announcer
from bot.checks.rounds import Rounds
from bot.dispatch import Dispatcher, Local, Workers
from bot.doors import Doors, doors
from bot.hands import print_pdf, steps_of
from bot.house import House
from bot.imports.thread import ImportCards
from bot.office import Office, Touch, read_view
from bot.pace import Pace
from bot.pack.make import Packs
from bot.problems import SettingsProblem
from bot.prune import by_the_clock
from bot.reach import reached
from bot.schedule import Beats, Clock
from bot.settings import Settings
from bot.thread import Threads
from bot.voice import Together, Voice
from bot.work import Work
from storage import threads
from storage.models import utcnow

log = structlog.get_logger("onespot.service")

AFTER_ACKS = 2
"""Threads for what follows an ack: more of them answer no sooner, and hold up the acks (measured: `make bench`)."""


@contextmanager
def service(
    house: House,
    stop: threading.Event,
    workers: Workers | None = None,
    pace: Pace | None = None,
    beats: Beats | None = None,
) -> Iterator[Doors]:
    """Everything started, and ended in the right order. Raises SettingsProblem for what is missing or refused.

    `stop` also ends the waiting for a Slack that isn't reachable yet. `workers`, `pace` and `beats` are other ones than
    usual.
    """
    slack = Slack.reached(house, stop)
    workers = workers or browser_workers(house)
    speaker = Speaker.of(house, slack, Together(pace or Pace()))
    with ExitStack() as open_:
        later = open_.enter_context(ThreadPoolExecutor(AFTER_ACKS, thread_name_prefix="after-ack"))

        def looked(practice_id: int) -> None:
            speaker.rounds.looked(practice_id)
            clock.speak_soon(dispatcher.scheduler)

        work = make_work(house, workers, looked, speaker.threads.touch, speaker.calm)
        dispatcher = Local(work, workers, house.settings.browser_threads)
        clock = make_clock(house, dispatcher, speaker, beats)
        speaker.threads.start()
        open_.callback(speaker.threads.stop)
        dispatcher.start()
        open_.callback(dispatcher.stop)
        open_.callback(speaker.announcer.stop)
        clock.schedule(dispatcher.scheduler)
        office = make_office(house, slack, dispatcher, speaker.threads, later)
        open_.callback(office.answers.stop)
        yield open_.enter_context(doors(office, house.settings, slack.token, stop))


# ---- the parts -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Slack:
    """The workspace that the bot's token belongs to."""

    client: WebClient
    token: str
    team: str
    approvers: Approvers

    @classmethod
    def reached(cls, house: House, stop: threading.Event) -> Slack:
        """Waits for a Slack that isn't reachable, until `stop`. Raises SettingsProblem for what is missing, refused."""
        token = _needed(house.settings)
        slack = client(token, house.settings.slack_api_url, house.metrics)
        return cls(slack, token, _who_we_are(slack, stop), Approvers(house.settings.onespot_approvers, slack))


@dataclass(frozen=True)
class Speaker:
    """Whoever says in Slack what the rows say: one in the whole installation."""

    threads: Threads
    announcer: Announcer
    rounds: Rounds
    imports: ImportCards

    @classmethod
    def of(cls, house: House, slack: Slack, pace: Pace) -> Speaker:
        """Made, not started."""
        settings, engine = house.settings, house.engine
        mentions, style = slack.approvers.mentions(), settings.progress_style
        view = functools.partial(read_view, engine, titles=steps_of, approvers=mentions, style=style)
        rounds = Rounds(engine, settings.hours, maintenance=settings.maintenance)
        voice = Voice(slack.client, pace)
        draw = functools.partial(history.worth_drawing, engine, now=utcnow, zone=settings.hours.zone)
        return cls(
            Threads(engine, slack.client, view, settings.evidence, pace=pace),
            Announcer(engine, voice, settings.onespot_channel or "", rounds, draw),
            rounds,
            ImportCards(engine, voice),
        )

    def speak(self) -> None:
        """Say what there is to say of imports and accounts."""
        self.imports.tick()
        self.announcer.tick()

    def calm(self, run_id: int) -> None:
        """Look after this run's thread, but not more often than progress is worth."""
        self.threads.touch(run_id, calm=True)


def make_work(
    house: House,
    workers: Workers,
    looked: Callable[[int], object],
    changed: Callable[[int], object] = lambda _: None,
    stepped: Callable[[int], object] = lambda _: None,
) -> Work:
    """What is done at a knock, in browser threads."""
    auto = house.settings.onespot_rotate_expiring
    return Work(
        house.engine,
        house.vault,
        workers.mine,
        changed,
        stepped,
        looked=looked,
        rotate_expiring=auto,
        metrics=house.metrics,
    )


def make_clock(house: House, dispatcher: Dispatcher, speaker: Speaker, beats: Beats | None = None) -> Clock:
    """What happens by the clock."""
    settings, engine = house.settings, house.engine

    def catch_up() -> None:
        for run_id in threads.told_in_slack(engine, utcnow()):
            speaker.calm(run_id)

    return Clock(
        engine,
        house.vault,
        dispatcher,
        speaker.threads.touch,
        catch_up,
        rounds=speaker.rounds,
        speak=speaker.speak,
        prune=functools.partial(by_the_clock, engine, settings.evidence, settings.retention_days),
        beats=beats or Beats(),
    )


def make_office(house: House, slack: Slack, dispatcher: Dispatcher, touched: Touch, later: Executor) -> Office:
    """What a conversation may use."""
    settings = house.settings
    return Office(
        engine=house.engine,
        vault=house.vault,
        client=slack.client,
        team=slack.team,
        approvers=slack.approvers,
        dispatcher=dispatcher,
        later=later,
        answers=Answers(house.engine),
        threads=touched,
        now=utcnow,
        revolutionehr_url=settings.revolutionehr_url,
        self_approval=settings.onespot_self_approval,
        intake=settings.intake,
        public_url=settings.public_url or "",
        metrics=house.metrics,
        packs=make_packs(house),
    )


def make_packs(house: House) -> Packs:
    """Who makes evidence: from the rows, and from the pictures on this machine."""
    printing = functools.partial(print_pdf, executable=house.settings.browser)
    return Packs(house.engine, house.vault, house.settings.evidence, steps_of, printing)


def browser_workers(house: House) -> Workers:
    """Workers that keep their browsers."""
    return Workers(lambda: house.worker(lambda news: log.info("news", text=news), keep_browser=True))


def _needed(settings: Settings) -> str:
    """The bot's token. Raises SettingsProblem that names the first setting that Slack needs and that is missing."""
    missing = settings.missing_for_slack()
    if missing or settings.slack_bot_token is None:
        raise SettingsProblem(missing[0])
    return settings.slack_bot_token.get_secret_value()


def _who_we_are(slack: WebClient, stop: threading.Event) -> str:
    """The workspace's id. Waits for a Slack that isn't reachable; a refusal is a SettingsProblem."""
    return reached(lambda: str(slack.auth_test()["team_id"]), "SLACK_BOT_TOKEN", stop)
