"""The doors of the bot: Slack's, by its socket or by signed HTTP, and the web pages'. What comes in is the office's.

The pages ask what the buttons ask, and are answered by the same rules.
"""

from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Literal

import structlog
from pydantic import SecretStr
from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.signature import SignatureVerifier

from bot import bulk, password, reveal
from bot.app import listeners, make_app
from bot.office import Office, Refused
from bot.policy import Actor, may_ask, may_reveal
from bot.problems import SettingsProblem
from bot.reach import reached
from bot.serve import serving
from bot.settings import Settings
from bot.web import Answer, Desk, Facts, pages
from storage import links, runs
from storage.database import StorageError, reading
from storage.models import Credential, LinkPurpose, OneTimeLink, Run

log = structlog.get_logger("onespot.doors")

LOOK_AT_SOCKET = 3
"""Seconds between two looks whether Slack's socket is alive, each with a ping: so soon one that was cut is back."""


@dataclass(frozen=True)
class Doors:
    """Where people get in: the port of the pages, and how Slack reaches us."""

    port: int
    mode: Literal["socket", "http"]


@contextmanager
def doors(office: Office, settings: Settings, bot_token: str, stop: threading.Event) -> Iterator[Doors]:
    """Lets people in. At the end nothing new comes in, and what came in before is answered.

    Waits for a Slack that isn't reachable, until `stop`. Raises SettingsProblem for a port that can't be had, and for
    a token that is refused.
    """
    with ExitStack() as open_:
        pool = open_.enter_context(listeners())
        app = make_app(office, bot_token, _secret(settings.slack_signing_secret), pool)
        socket = _socket(app, settings)
        http = functools.partial(take, app, _verifier(settings)) if socket is None else None
        site = pages(make_desk(office, socket), public_url=settings.public_url, slack=http)
        port = open_.enter_context(serving(site, settings.port, host="0.0.0.0"))
        if socket is not None:
            open_.callback(socket.close)
            reached(socket.connect, "SLACK_APP_TOKEN", stop)
        mode: Literal["socket", "http"] = "http" if socket is None else "socket"
        log.info("ready", team=office.team, mode=mode, port=port)
        yield Doors(port, mode)
        log.info("stopping")


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

    def name(link: OneTimeLink) -> str:
        return office.real_name(link.for_user) or link.for_user

    def about(link: OneTimeLink) -> Facts:
        run = run_of(link)
        if run is None:
            return Facts("", name(link), "", office.revolutionehr_url)
        practice = office.practice(run)
        return Facts(practice.name, name(link), run.administrator or "", practice.url)

    def may(link: OneTimeLink) -> str | None:
        run = run_of(link)
        if link.purpose is LinkPurpose.IMPORT:
            return may_ask(Actor(link.for_user, office.team), office.rules())
        if link.purpose is LinkPurpose.INTAKE or run is None:
            return password.refused(office, run, Actor(link.for_user, office.team))
        return may_reveal(Actor(link.for_user, office.team), run, office.rules())

    def intake(link: OneTimeLink, secret: SecretStr) -> str | None:
        run = run_of(link)
        refusal = password.refused(office, run, Actor(link.for_user, office.team))
        if run is None or refusal:
            return refusal
        return None if password.given(office, run, secret, link.for_user) else password.NOT_WANTED

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
        look_at=lambda _, sheet: bulk.problems(office, sheet),
        bring=lambda link, sheet: bulk.begin(office, sheet, link.for_user, link.channel or ""),
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
