"""What is done with the stand-ins: the stage of the demo, the proof of a file of words, and serving them to play with.

The only file of the bot that imports the sandbox.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, Protocol

from pydantic import SecretStr

from bot.dispatch import Workers
from bot.ehr_words import load
from bot.guard import Guard
from bot.hands import Hands, Words
from bot.house import House, no_secrets_inherited, open_database
from bot.logs import say_nothing
from bot.serve import free_port
from bot.service import service
from bot.settings import Settings, read_settings
from bot.terminal.demo import Scene
from bot.worker import Ended, Worker
from sandbox.ehr import ADMIN_PASSWORD, ADMIN_USERNAME, SandboxEhr
from sandbox.ehr import FAULTS as EHR_FAULTS
from sandbox.ehr.permissions import ONESPOT_PERMISSIONS
from sandbox.slack import Person, SandboxSlack
from sandbox.slack.faults import FAULTS as SLACK_FAULTS
from sandbox.visitor import fill_in
from storage import practices, runs
from storage.models import CheckOutcome, Credential, Verdict, utcnow
from storage.vault import Vault, new_key

MANIFEST = Path(__file__).parents[2] / "manifest.yml"
Front = Literal["legacy", "modern"]
FRONTS: tuple[Front, ...] = ("legacy", "modern")


class Server(Protocol):
    """A stand-in that can be started and stopped."""

    def start(self) -> object: ...
    def stop(self) -> None: ...


__all__ = ["EHR_FAULTS", "FRONTS", "SLACK_FAULTS", "StandIn", "ehr", "prove", "slack", "stage"]

StandIn = tuple[Server, Callable[[], Sequence[str]]]
"""A stand-in, and what to say about it once it runs."""


@contextmanager
def stage() -> Iterator[Scene]:
    """Both stand-ins and the real bot between them, all in this process and in a temporary folder."""
    browser, port = read_settings().browser, free_port()
    say_nothing()
    with (
        tempfile.TemporaryDirectory(prefix="onespot-demo-") as folder,
        SandboxEhr("legacy") as ehr,
        SandboxSlack(MANIFEST) as slack,
        open_database(f"sqlite:///{folder}/onespot.db") as engine,
        no_secrets_inherited(),
    ):
        given = {
            "slack_bot_token": slack.bot_token,
            "slack_app_token": slack.app_token,
            "slack_api_url": slack.api_url,
            "database_url": f"sqlite:///{folder}/onespot.db",
            "onespot_keys": new_key().get_secret_value(),
            "onespot_approvers": "S0LEADS",
            "public_url": f"http://127.0.0.1:{port}",
            "port": port,
            "revolutionehr_url": ehr.url,
        }
        house = House(Settings(_env_file=None, **given), engine, None)  # type: ignore[call-arg, arg-type]

        def worker() -> Worker:
            guard = Guard(engine, utcnow, pauses=())
            return Worker(engine, house.vault, Path(folder) / "evidence", guard, Hands(browser, keep=True))

        def tamper() -> None:
            with ehr.state.lock:
                for employee in ehr.state.employees.values():
                    employee.emergency = employee.emergency or employee.username.startswith("OneSpot")

        with service(house, threading.Event(), Workers(worker)):
            yield Scene(
                workspace=slack.origin,
                ehr=ehr.url,
                ana=Person(slack.origin, "U0ANA"),
                ben=Person(slack.origin, "U0BEN"),
                admin=Credential(ADMIN_USERNAME, SecretStr(ADMIN_PASSWORD)),
                fill_in=fill_in,
                role_saved=lambda: any(one.what == "role created" for one in ehr.state.mutations),
                break_the_ehr=lambda: ehr.faults.on("admin-page-500-once"),
                tamper=tamper,
            )


def prove(words: Words, front: Front) -> str:
    """What goes wrong with plan, guide and check in a stand-in that shows these words; "" where all goes well."""
    labels, permissions = words.renamed()
    admin = Credential(ADMIN_USERNAME, SecretStr(ADMIN_PASSWORD))
    with (
        tempfile.TemporaryDirectory(prefix="onespot-words-") as folder,
        SandboxEhr(front, labels=labels, permissions=permissions) as ehr,
        open_database(f"sqlite:///{folder}/onespot.db") as engine,
    ):
        guard = Guard(engine, utcnow, pauses=())
        vault, hands = Vault(engine, [new_key()]), Hands(read_settings().browser)
        worker = Worker(engine, vault, Path(folder), guard, hands, words=words)
        practice = practices.save(engine, "The stand-in", ehr.url, now=utcnow())
        run = runs.request(engine, practice.id, "onespot words try", now=utcnow())
        planned = worker.plan_run(run.id, admin)
        if planned is None or planned.plan is None:
            return f"the plan can't be made. {_what(planned)}"
        runs.approve(engine, run.id, planned.plan.hash, Verdict.APPROVED, "onespot words try", "", now=utcnow())
        ended = worker.execute_run(run.id, admin)
        if ended is None or ended.outcome is None:
            return f"the guide can't be walked. {_what(ended)}"
        with ehr.state.lock:
            roles = [role for role in ehr.state.roles.values() if role.name == "OneSpot"]
            right = [role.permissions == ONESPOT_PERMISSIONS for role in roles] == [True]
        if not right:
            return "other permissions were ticked than the guide's six."
        checked = worker.check_practice(practice)
        healthy = checked is not None and checked.outcome is CheckOutcome.HEALTHY
        return "" if healthy else f"the check finds: {checked.sentence if checked else 'no password'}"


def _what(ended: Ended | None) -> str:
    trouble = None if ended is None else ended.trouble
    return "" if trouble is None else trouble.what


def ehr(front: Front, port: int, faults: list[str], test_ids: bool, words: Path | None) -> StandIn:
    labels, permissions = _renamed(words)
    served = SandboxEhr(front, port, faults, test_ids, labels=labels, permissions=permissions)
    return served, lambda: (
        f"A stand-in RevolutionEHR ({front}) runs at {served.url}",
        f"Administrator: {ADMIN_USERNAME}   Password: {ADMIN_PASSWORD}   (invented; nobody else has them)",
        f"Faults on: {', '.join(served.faults) or 'none'} (`onespot sandbox --faults` lists them all)",
        f'To switch: curl -d \'{{"on": ["slow-save"], "off": []}}\' {served.origin}/_sandbox/faults',
    )


def _renamed(file: Path | None) -> tuple[dict[str, str], dict[str, str]]:
    if file is None:
        return {}, {}
    return load(file).renamed()


def slack(port: int, faults: list[str]) -> StandIn:
    served = SandboxSlack(MANIFEST, port, faults=faults)
    return served, lambda: (
        f"A stand-in Slack runs: open {served.origin} and act as Ana, Ben or Cleo",
        "To let the bot in, with a stand-in EHR in a third terminal (all of it invented):",
        f"  SLACK_API_URL={served.api_url} \\",
        f"  SLACK_BOT_TOKEN={served.bot_token} \\",
        f"  SLACK_APP_TOKEN={served.app_token} \\",
        "  ONESPOT_APPROVERS=S0LEADS onespot run",
    )
