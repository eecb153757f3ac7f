"""One run of the measurement: so many practices for each worker, submitted at once, to one worker, to two, to four.

What is told is how many practices are done in a minute, from the first submission to the last success.

Workers are `onespot worker` processes of one browser each, started before the clock runs; whoever approves does it at
once. Each practice has an EHR at an address of its own, so neither ONESPOT_LOGIN_REST nor ONESPOT_EHR_SESSIONS, which
stand as they are by default, holds anybody up. Its answers take their time asleep: what is to be seen is the waiting
that workers share, not the processor that they share too.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from pydantic import SecretStr
from sqlalchemy import Engine

from bench.processes import NotStarted, Program, free_port, onespot, program
from bench.results import circumstances
from bot.queue import Queued, make_tables
from bot.work import keep_password
from sandbox.slack import SandboxSlack
from storage import practices, runs
from storage.database import connect, upgrade
from storage.models import Credential, Purpose, RunStatus, Stage, StepStatus, Verdict, utcnow
from storage.vault import Vault, new_key
from tests import postgresql

MANIFEST = Path(__file__).parents[2] / "manifest.yml"
WORKERS = (1, 2, 4)
GOAL = 1.8
"""So many times as much as one worker, two are to do."""
A_RUN = 300.0
"""Seconds of patience for each practice, plan and walk."""
STOPPED = frozenset({RunStatus.FAILED, RunStatus.WAITING, RunStatus.REJECTED, RunStatus.CANCELLED, RunStatus.EXPIRED})


class NotDone(Exception):
    """A run did not come to its end, or left something else than the guide says; str() says what."""


@dataclass(frozen=True)
class Sample:
    """What so many workers did in which time, and the processor's share meanwhile."""

    workers: int
    practices: int
    seconds: float
    busy: float
    """Of all cores, by whomever."""
    again: int = 0
    """Steps that were begun more than once: a run that had to try again says nothing of workers."""

    @property
    def a_minute(self) -> float:
        """Practices."""
        return 60 * self.practices / self.seconds


def measure(workers: Sequence[int], each: int, answer: float, say: Callable[[str], None]) -> dict[str, Any]:
    """Everything that is kept; `each` is how many practices there are for each worker, `answer` how many seconds the
    EHRs take for each answer. Raises NotStarted or NotDone."""
    with postgresql.server() as server:
        taken = []
        for many in workers:
            say(f"{'1 worker' if many == 1 else f'{many} workers'}, {many * each} practices")
            with postgresql.database(server.address, f"onespot_{many}") as url:
                taken.append(_with(url, many, many * each, answer))
    return {
        **circumstances(),
        "practices_each": each,
        "answer_s": answer,
        "settings": {"ONESPOT_WORKERS": 1, "ONESPOT_LOGIN_REST": "default", "ONESPOT_EHR_SESSIONS": "default"},
        "goal": GOAL,
        **figures(taken),
    }


def figures(taken: Sequence[Sample]) -> dict[str, Any]:
    """From the samples to what is told; `times` is by one worker, where one was measured."""
    alone = next((one.a_minute for one in taken if one.workers == 1), None)
    return {
        "workers": {
            str(one.workers): {
                "practices": one.practices,
                "seconds": round(one.seconds, 1),
                "a_minute": round(one.a_minute, 2),
                "busy": round(one.busy, 2),
                "begun_again": one.again,
                "times": None if alone is None else round(one.a_minute / alone, 2),
            }
            for one in taken
        }
    }


def missed(found: dict[str, Any]) -> str | None:
    """That two workers did less than they have to, in words; None where they did it or weren't measured."""
    times = found["workers"].get("2", {}).get("times")
    return f"two workers do {times:.2f} times what one does" if times is not None and times < GOAL else None


def _with(url: str, workers: int, number: int, answer: float) -> Sample:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="onespot-bench-")))
        ehr = stack.enter_context(program("bench.ehr", folder, "legacy", str(number), str(answer)))
        slack = stack.enter_context(SandboxSlack(MANIFEST))
        slack.limits = False
        engine, key = connect(url), new_key()
        stack.callback(engine.dispose)
        upgrade(engine)
        make_tables(engine)
        for place in range(workers):
            home = folder / f"worker {place}"
            home.mkdir()
            settings = {
                "DATABASE_URL": engine.url.render_as_string(hide_password=False),
                "ONESPOT_KEYS": key.get_secret_value(),
                "ONESPOT_WORKERS": "1",
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_APP_TOKEN": slack.app_token,
                "SLACK_API_URL": slack.api_url,
                "ONESPOT_APPROVERS": "S0LEADS",
                "PORT": str(free_port()),
            }
            _, until_it_says = stack.enter_context(onespot("worker", home, settings))
            until_it_says("Press Ctrl-C")
        vault = Vault(engine, [key])
        psutil.cpu_percent()
        began = time.monotonic()
        asked = [_ask(engine, vault, ehr, place) for place in range(number)]
        _until_done(engine, asked, A_RUN * number)
        sample = Sample(workers, number, time.monotonic() - began, psutil.cpu_percent() / 100, _again(engine, asked))
        for place, run_id in enumerate(asked):
            _judge(engine, vault, ehr, place, run_id)
    return sample


def _ask(engine: Engine, vault: Vault, ehr: Program, place: int) -> int:
    """A run, submitted with its administrator's password. Its id."""
    username, password = ehr.said["username"], SecretStr(ehr.said["password"])
    practice = practices.save(engine, f"Practice {place}", ehr.said["urls"][place], now=utcnow())
    run = runs.request(engine, practice.id, "U0ANA", administrator=username, now=utcnow())
    keep_password(vault, run, Credential(username, password), utcnow())
    Queued(engine).run(run.id)
    return run.id


def _until_done(engine: Engine, asked: Sequence[int], patience: float) -> None:
    """Whatever is planned is approved at once."""
    end, left = time.monotonic() + patience, set(asked)
    while left:
        if time.monotonic() > end:
            raise NotDone(f"{len(left)} runs were not done in {patience:g} seconds.")
        for run_id in sorted(left):
            run = runs.get(engine, run_id)
            if run is None or run.status in STOPPED:
                raise NotDone(f"Run {run_id} did not go on: {run and (run.status, run.error_what)}")
            if run.status is RunStatus.PLANNED and run.plan_hash:
                runs.approve(engine, run_id, run.plan_hash, Verdict.APPROVED, "U0BEN", now=utcnow())
                Queued(engine).run(run_id)
            elif run.status is RunStatus.SUCCEEDED:
                left.discard(run_id)
        time.sleep(0.1)


def _again(engine: Engine, asked: Sequence[int]) -> int:
    begun = [
        (run_id, step.name)
        for run_id in asked
        for step in runs.steps(engine, run_id)
        if step.status is StepStatus.RUNNING
    ]
    return len(begun) - len(set(begun))


def _judge(engine: Engine, vault: Vault, ehr: Program, place: int, run_id: int) -> None:
    run = runs.get(engine, run_id)
    kept = vault.kept(run.practice_id, Purpose.FINAL, Stage.CURRENT) if run is not None else None
    if kept is None:
        raise NotStarted(f"Run {run_id} left no password.")
    judged = ehr.ask(judge=place, password=kept.password.get_secret_value())
    if judged["verdict"] != "COMPLETED":
        raise NotDone(f"Run {run_id}: {judged['verdict']}, {judged['why']}")
