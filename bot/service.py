"""The bot as a service: Slack, the web pages, the browser threads and the clock, wired by hand and ended in order.

`onespot run` is all of it in one process. No conversation and no rule is here.
"""

from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from typing import Literal

import structlog
from pydantic import SecretStr
from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

from bot import history, password, reveal
from bot.announce import Announcer
from bot.app import client, listeners, make_app
from bot.approvers import Approvers
from bot.dispatch import Local, Workers
from bot.house import House
from bot.office import Office, Refused, read_view
from bot.pace import Pace
from bot.policy import Actor, may_reveal
from bot.problems import SettingsProblem
from bot.prune import by_the_clock
from bot.rounds import Rounds
from bot.schedule import Clock
from bot.serve import serving
from bot.settings import Settings
from bot.thread import Threads
from bot.voice import Together, Voice
from bot.web import Answer, Desk, Facts, pages
from bot.work import Work
from bot.worker import steps_of
from storage import links, runs, threads
from storage.database import StorageError, reading
from storage.models import Credential, LinkPurpose, OneTimeLink, Run, utcnow

log = structlog.get_logger("onespot.service")

AFTER_ACKS = 2
"""Threads for what follows an ack: more of them answer no sooner, and hold up the acks (measured: `make bench`)."""

LOOK_AT_SOCKET = 3
"""Seconds between two looks whether Slack's socket is alive, each with a ping: so soon one that was cut is back."""

SOON = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds between tries to reach Slack at the start; the last one again and again."""


@dataclass(frozen=True)
class Service:
    """The running bot, for whoever waits for its end: where its pages are, and who is listening."""

    port: int
    team: str
    mode: Literal["socket", "http"]


@contextmanager
def service(
    house: House, stop: threading.Event, workers: Workers | None = None, pace: Pace | None = None
) -> Iterator[Service]:
    """Everything started, and ended in the right order. Raises SettingsProblem for what is missing or refused.

    `stop` also ends the waiting for a Slack that isn't reachable yet. `workers` and `pace` are other ones than usual.
    """
    settings = house.settings
    bot_token = _needed(settings)
    slack = client(bot_token, settings.slack_api_url)
    team = _who_we_are(slack, stop)
    if workers is None:
        workers = browser_workers(house)
    with ExitStack() as open_:
        later = open_.enter_context(ThreadPoolExecutor(AFTER_ACKS, thread_name_prefix="after-ack"))
        office, dispatcher, clock, announcer = _wire(house, slack, team, workers, Together(pace or Pace()), later)
        pool = open_.enter_context(listeners())
        app = make_app(office, bot_token, _secret(settings.slack_signing_secret), pool)
        office.threads.start()
        open_.callback(office.threads.stop)
        dispatcher.start()
        open_.callback(dispatcher.stop)
        open_.callback(announcer.stop)
        clock.schedule(dispatcher.scheduler)
        socket = _socket(app, settings)
        desk = make_desk(office, socket)
        http = functools.partial(take, app, _verifier(settings)) if socket is None else None
        site = pages(desk, public_url=settings.public_url, slack=http)
        port = open_.enter_context(serving(site, settings.port, host="0.0.0.0"))
        if socket is not None:
            socket.connect()  # type: ignore[no-untyped-call]
            open_.callback(socket.close)
        log.info("ready", team=team, mode="http" if socket is None else "socket", port=port)
        yield Service(port, team, "http" if socket is None else "socket")
        log.info("stopping")


def _wire(
    house: House, slack: WebClient, team: str, workers: Workers, pace: Pace, later: Executor
) -> tuple[Office, Local, Clock, Announcer]:
    settings, engine = house.settings, house.engine
    approvers = Approvers(settings.onespot_approvers, slack)
    view = functools.partial(
        read_view, engine, titles=steps_of, approvers=approvers.mentions(), style=settings.progress_style
    )
    thread = Threads(engine, slack, view, settings.beside / "evidence", pace=pace)
    calm = functools.partial(thread.touch, calm=True)
    rounds = Rounds(engine, settings.hours, maintenance=settings.maintenance)

    auto = settings.onespot_rotate_expiring

    def looked(practice_id: int) -> None:
        rounds.looked(practice_id)
        clock.speak_soon(dispatcher.scheduler)

    work = Work(engine, house.vault, workers.mine, thread.touch, calm, looked=looked, rotate_expiring=auto)
    dispatcher = Local(work, workers, settings.browser_threads)
    office = Office(
        engine=engine,
        vault=house.vault,
        client=slack,
        team=team,
        approvers=approvers,
        dispatcher=dispatcher,
        later=later,
        threads=thread,
        now=utcnow,
        revolutionehr_url=settings.revolutionehr_url,
        self_approval=settings.onespot_self_approval,
        intake=settings.intake,
        public_url=settings.public_url or "",
    )

    def catch_up() -> None:
        for run_id in threads.told_in_slack(engine, utcnow()):
            thread.touch(run_id, calm=True)

    draw = functools.partial(history.worth_drawing, engine, now=utcnow, zone=settings.hours.zone)
    announcer = Announcer(engine, Voice(slack, pace), settings.onespot_channel or "", rounds, draw)
    prune = functools.partial(by_the_clock, engine, settings.beside / "evidence", settings.retention_days)
    clock = Clock(
        engine, house.vault, dispatcher, thread.touch, catch_up, rounds=rounds, speak=announcer.tick, prune=prune
    )
    return office, dispatcher, clock, announcer


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
    tries = 0
    while True:
        try:
            return str(slack.auth_test()["team_id"])
        except SlackApiError as error:
            word = str(error.response.get("error") or "")
            if error.response.status_code < 500 and word not in ("ratelimited", "internal_error", ""):
                raise SettingsProblem(f"Slack refuses SLACK_BOT_TOKEN ({word}): copy it anew.") from None
        except (OSError, HTTPException):
            pass
        pause = SOON[min(tries, len(SOON) - 1)]
        tries += 1
        log.warning("slack unreachable", again_in=pause)
        if stop.wait(pause):
            raise SettingsProblem("Slack could not be reached before the bot was stopped.")


def _socket(app: App, settings: Settings) -> SocketModeHandler | None:
    token = _secret(settings.slack_app_token)
    if token is None:
        return None
    silent = logging.getLogger("onespot.socket")
    silent.disabled = True  # at DEBUG it logs whole messages, and one of them may hold a password from a modal
    return SocketModeHandler(app, token, logger=silent, ping_interval=LOOK_AT_SOCKET)


def _verifier(settings: Settings) -> SignatureVerifier:
    secret = _secret(settings.slack_signing_secret)
    if secret is None:
        raise SettingsProblem("SLACK_SIGNING_SECRET is missing: Slack shows it under “Basic Information”.")
    return SignatureVerifier(secret)


def _secret(value: SecretStr | None) -> str | None:
    return None if value is None else value.get_secret_value()


def take(app: App, verifier: SignatureVerifier, body: bytes, headers: Mapping[str, str]) -> Answer:
    """What somebody posted to /slack/events, given to Bolt once its signature is right; before that it isn't read."""
    if not _signed(verifier, body, headers):
        return Answer(401, "invalid request")
    try:
        request = BoltRequest(body=body.decode(), headers={name: [value] for name, value in headers.items()})
    except (ValueError, AttributeError, TypeError):  # what isn't as Slack writes it
        return Answer(400, "not understood")
    answer = app.dispatch(request)
    return Answer(answer.status, answer.body or "", answer.first_headers())


def _signed(verifier: SignatureVerifier, body: bytes, headers: Mapping[str, str]) -> bool:
    stamp, signature = headers.get("x-slack-request-timestamp"), headers.get("x-slack-signature")
    try:
        return bool(stamp and signature and verifier.is_valid(body=body, timestamp=stamp, signature=signature))
    except (ValueError, TypeError):  # a stamp that is no number, a signature of strange letters
        return False


def make_desk(office: Office, socket: SocketModeHandler | None) -> Desk:
    """What the web pages ask, answered by the same rules as the buttons."""

    def run_of(link: OneTimeLink) -> Run | None:
        return None if link.run_id is None else runs.get(office.engine, link.run_id)

    def about(link: OneTimeLink) -> Facts:
        run = run_of(link)
        if run is None:
            return Facts("?", "?", "?", "")
        practice = office.practice(run)
        return Facts(practice.name, _name(office.client, link.for_user), run.administrator or "", practice.url)

    def may(link: OneTimeLink) -> str | None:
        run = run_of(link)
        if link.purpose is LinkPurpose.INTAKE or run is None:
            return password.refused(office, run, Actor(link.for_user, office.team))
        return may_reveal(Actor(link.for_user, office.team), run, office.rules())

    def intake(link: OneTimeLink, secret: SecretStr) -> str | None:
        run = run_of(link)
        refusal = password.refused(office, run, Actor(link.for_user, office.team))
        if run is None or refusal:
            return refusal
        password.given(office, run, secret, link.for_user)
        return None

    def show(link: OneTimeLink) -> Credential | str:
        run = run_of(link)
        try:
            return reveal.shown_to(office, run, link.for_user) if run is not None else reveal.NOTHING_KEPT
        except Refused as why:
            return str(why)

    return Desk(
        find=lambda token: links.find(office.engine, token, now=office.now()),
        use=lambda token: links.use(office.engine, token, now=office.now()),
        about=about,
        may=may,
        intake=intake,
        reveal=show,
        ready=lambda: _not_ready(office, socket),
    )


def _not_ready(office: Office, socket: SocketModeHandler | None) -> dict[str, str]:
    problems = {}
    try:
        with reading(office.engine):
            pass
    except StorageError as problem:
        problems["database"] = str(problem)
    if socket is not None and not (socket.client is not None and socket.client.is_connected()):
        problems["slack"] = "no connection"
    return problems


def _name(slack: WebClient, user: str) -> str:
    """What people call this user; the id when Slack can't say."""
    try:
        found = slack.users_info(user=user)["user"]
    except (SlackApiError, OSError, HTTPException):
        return user
    return str(found.get("real_name") or found.get("name") or user)
