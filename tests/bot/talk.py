"""The bot in the stand-in workspace, with tiny hands instead of a browser: what the tests of conversations share."""

from __future__ import annotations

import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx
from pydantic import SecretStr
from sqlalchemy import Engine

from bot.dispatch import Workers
from bot.doors import Doors
from bot.guard import Guard
from bot.house import House
from bot.metrics import Metrics
from bot.pace import Pace
from bot.schedule import Beats
from bot.serve import free_port
from bot.service import service
from bot.settings import Settings
from bot.worker import Worker
from sandbox.slack import SandboxSlack
from sandbox.slack.person import Person
from sandbox.slack.seen import Seen
from storage import practices, runs
from storage.models import Run, RunStatus, utcnow
from storage.vault import Vault, new_key
from tests.bot.tiny import URL, TinyEhr, TinyHands
from tests.engines import cheap

MANIFEST = Path(__file__).parents[2] / "manifest.yml"
CHANNEL = "C0ONBOARD"
ADMIN_PASSWORD = "canary-admin-password"

T = TypeVar("T")

QUICK = Beats(speak=0.1, push=0.1)


def until(look: Callable[[], T | None], what: str, patience: float = 15.0) -> T:
    """What `look` gives as soon as it gives something."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"{what} did not come")


@dataclass
class Talk:
    """A workspace with the bot in it."""

    slack: SandboxSlack
    engine: Engine
    vault: Vault
    hands: TinyHands
    settings: Settings
    running: Doors | None = None
    metrics: Metrics = field(default_factory=Metrics)
    news: list[str] = field(default_factory=list)

    @property
    def ehr(self) -> TinyEhr:
        return self.hands.ehr

    def person(self, user: str = "U0ANA") -> Person:
        return Person(self.slack.origin, user)

    def run(self, run_id: int = 1) -> Run:
        run = runs.get(self.engine, run_id)
        assert run is not None
        return run

    def becomes(self, status: RunStatus, run_id: int = 1, patience: float = 15.0) -> Run:
        """Wait until the run stands there."""
        return until(
            lambda: self.run(run_id) if self.run(run_id).status is status else None,
            f"{status} (it is {self.run(run_id).status})",
            patience,
        )

    @contextmanager
    def bot(self, *, paced: bool = False, pace: Pace | None = None, beats: Beats = QUICK) -> Iterator[Doors]:
        """The bot, running; it posts as fast as it can unless it is `paced` as usual, or has a `pace` of its own.

        It looks much more often than usual whether there is something to say or to push on, and sweeps as usual.
        """
        house = House(self.settings, self.engine, None)
        self.metrics = house.metrics
        workers = Workers(self.worker)
        pace = None if paced else pace or Pace(lambda: time.monotonic() * 100, between_posts=0.0)
        with service(house, threading.Event(), workers, pace, beats) as running:
            self.running = running
            yield running

    def worker(self) -> Worker:
        """A new one, without pauses, with this talk's hands."""
        guard = Guard(self.engine, utcnow, pauses=(0.0, 0.0), sleep=lambda _: None, news=self.news.append)
        evidence = self.settings.beside / "evidence"
        return Worker(self.engine, self.vault, evidence, guard, self.hands)  # type: ignore[arg-type]


def set_up(slack: SandboxSlack, engine: Engine, folder: Path, *, mode: str = "socket", **more: Any) -> Talk:
    """A workspace and a bot that is ready to be started, in Socket Mode or over HTTP."""
    key, port = new_key(), free_port()
    given: dict[str, Any] = {
        "slack_bot_token": SecretStr(slack.bot_token),
        "slack_api_url": slack.api_url,
        "database_url": SecretStr(f"sqlite:///{folder}/onespot.db"),
        "onespot_keys": key,
        "onespot_approvers": "S0LEADS",
        "public_url": f"http://127.0.0.1:{port}",
        "revolutionehr_url": URL,
        "port": port,
        "onespot_workers": 2,
    }
    if mode == "socket":
        given["slack_app_token"] = SecretStr(slack.app_token)
    else:
        given["slack_signing_secret"] = SecretStr(slack.signing_secret)
        slack.deliver_to(f"http://127.0.0.1:{port}/slack/events")
    settings = Settings(_env_file=None, **{**given, **more})  # type: ignore[call-arg]
    return Talk(slack, engine, Vault(engine, [key]), TinyHands(), settings)


@contextmanager
def shared(template: Path, folder: Path, hands: TinyHands | None = None, **more: Any) -> Iterator[Talk]:
    """A workspace with the bot in it, over HTTP, for all tests of a module: each takes a practice of its own."""
    shutil.copyfile(template, folder / "onespot.db")
    engine = cheap(f"sqlite:///{folder}/onespot.db")
    with SandboxSlack(MANIFEST) as slack:
        slack.limits = False
        talk = set_up(slack, engine, folder, mode="http", **more)
        talk.hands = hands or talk.hands
        with talk.bot():
            yield talk
    engine.dispose()


def ask(talk: Talk, person: Person | None = None, practice: str = "Lumen Eye") -> Run:
    """Somebody asks for a run with the form, as people do."""
    ana = person or talk.person()
    ana.command("/onespot-provision", CHANNEL)
    form = ana.modal("Provision OneSpot")
    form.fill("Practice name", practice)
    form.fill("Administrator username", "mhalloran")
    if talk.settings.intake == "modal":
        form.fill("Administrator password", ADMIN_PASSWORD)
    assert form.submit() == {}
    known = until(lambda: practices.find(talk.engine, practice), "the practice")
    return until(lambda: runs.unfinished(talk.engine, known.id), "the run")


def link_in(message: Seen) -> str:
    """The address behind the button of a message."""
    found = re.search(r"http://127\.0\.0\.1:\d+/(?:secret|reveal)/[\w-]+", str(message.raw["blocks"]))
    assert found, message
    return found[0]


def open_and_press(url: str, **typed: str) -> httpx.Response:
    """Somebody opens a one-time page, fills it in, and presses its button."""
    with httpx.Client(follow_redirects=True) as browser:
        page = browser.get(url)
        hidden = dict(re.findall(r'type="hidden"[^>]*name="(\w+)"[^>]*value="([^"]*)"', page.text))
        return browser.post(url, data={**hidden, **typed})


def give_password(talk: Talk, password: str = ADMIN_PASSWORD) -> None:
    """Ana follows the link that only she sees."""
    enter_password(talk.person(), password)


def enter_password(person: Person, password: str) -> None:
    """Somebody follows the newest link that was sent to them, and enters the password."""
    person.sees("The page works once")
    answer = open_and_press(link_in(person.all_seen("The page works once")[-1]), password=password)
    assert answer.status_code == 200, answer.text
