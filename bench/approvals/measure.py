"""One run of the measurement: somebody asks, somebody approves, and the clock stops at the first step's row.

`onespot run`, the stand-in EHR, and the people with the stand-in Slack are three processes. What is counted: Slack's
delivery of the press, the ack, the decision, the way to a browser thread, the claim. The plan is not made again there,
for it is fresh (FRESH in bot/execution.py). One that is older than a minute is made again first: the run is RUNNING as
soon, and its first step that look later. The browser is warm: its thread has just made the plan.
"""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, text

from bench.acks.figures import percentile
from bench.processes import NotStarted, free_port, onespot, program
from bench.results import circumstances
from sandbox.slack import SandboxSlack
from sandbox.slack.person import Person
from storage import leases, practices, runs
from storage.database import connect, reading, transaction
from storage.models import RunStatus, utcnow

MANIFEST = Path(__file__).parents[2] / "manifest.yml"
CHANNEL = "C0ONBOARD"
A_PLAN, A_START, AN_END = 90.0, 30.0, 60.0
"""Seconds of patience for each."""
READS = 1.5
"""Seconds in which somebody reads the plan; the rest between two logins at one EHR (ONESPOT_LOGIN_REST) is shorter."""
LOOK = 0.002

GOAL = 0.5

T = TypeVar("T")


@dataclass(frozen=True)
class Company:
    """The people, the program and what it writes down."""

    ana: Person
    ben: Person
    engine: Engine
    login: dict[str, Any]


def measure(rounds: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Everything that is kept; one round more is played first and doesn't count. Raises NotStarted."""
    with ExitStack() as stack:
        company = _company(stack)
        say("a first one, which doesn't count")
        _round(company, "Practice 000")
        taken = []
        for number in range(1, rounds + 1):
            say(f"round {number} of {rounds}")
            taken.append(_round(company, f"Practice {number:03}"))
    return {
        **circumstances(),
        **figures(taken),
    }


def figures(taken: list[float]) -> dict[str, Any]:
    """From the seconds of all rounds to what is told."""
    return {
        "rounds": len(taken),
        "p50": round(statistics.median(taken), 3),
        "p95": round(percentile(taken, 0.95), 3),
        "min": round(min(taken), 3),
        "max": round(max(taken), 3),
        "goal": GOAL,
    }


def _company(stack: ExitStack) -> Company:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="onespot-bench-")))
    ehr = stack.enter_context(program("bench.ehr", folder, "legacy", "1"))
    slack = stack.enter_context(SandboxSlack(MANIFEST))
    slack.limits = False
    database = f"sqlite:///{folder}/onespot.db"
    settings = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": database,
        "ONESPOT_APPROVERS": "S0LEADS",
        "ONESPOT_WORKERS": "1",
        "SECRET_INTAKE": "modal",
        "PORT": str(free_port()),
        "REVOLUTIONEHR_URL": str(ehr.said["urls"][0]),
    }
    _, until_it_says = stack.enter_context(onespot("run", folder, settings))
    until_it_says("OneSpot is in Slack")
    engine = connect(database)
    stack.callback(engine.dispose)
    return Company(Person(slack.origin, "U0ANA"), Person(slack.origin, "U0BEN"), engine, dict(ehr.said))


def _round(company: Company, name: str) -> float:
    """The seconds from the press to the first step's row; the run is cancelled then."""
    run_id = _planned(company, name)
    time.sleep(READS)
    card = company.ben.sees(f"Plan for {name}")
    found = threading.Event()
    moment: list[float] = []

    def look() -> None:
        while not found.is_set():
            if _is_walked(company.engine, run_id):
                moment.append(time.perf_counter())
                found.set()
            time.sleep(LOOK)

    watching = threading.Thread(target=look)
    watching.start()
    try:
        pressed = time.perf_counter()
        company.ben.press("Approve", card)
        if not found.wait(A_START):
            raise NotStarted(f"The run was approved and did not start: {runs.get(company.engine, run_id)}")
    finally:
        found.set()
        watching.join()
    _cancelled(company.engine, run_id)
    return moment[0] - pressed


def _planned(company: Company, name: str) -> int:
    company.ana.command("/onespot-provision", CHANNEL)
    form = company.ana.modal("Provision OneSpot")
    form.fill("Practice name", name)
    form.fill("Administrator username", company.login["username"])
    form.fill("Administrator password", company.login["password"])
    if problems := form.submit():
        raise NotStarted(f"The form was refused: {problems}")

    def planned() -> int | None:
        practice = practices.find(company.engine, name)
        run = runs.unfinished(company.engine, practice.id) if practice is not None else None
        if run is not None and run.status is RunStatus.FAILED:
            raise NotStarted(f"There was no plan: {run.error_what}")
        return run.id if run is not None and run.status is RunStatus.PLANNED else None

    return _until(planned, "the plan", A_PLAN)


def _is_walked(engine: Engine, run_id: int) -> bool:
    its = text("SELECT 1 FROM step WHERE run_id = :run AND status = 'running'")
    with reading(engine) as session:
        return session.execute(its, {"run": run_id}).first() is not None


def _cancelled(engine: Engine, run_id: int) -> None:
    """It stops between two steps, logs out, and its browser thread is free."""
    runs.move(engine, run_id, RunStatus.CANCELLED, now=utcnow())
    run = runs.get(engine, run_id)

    def is_over() -> bool:
        with transaction(engine) as session:
            return run is not None and leases.is_free(leases.locked(session, run.practice_id), utcnow())

    _until(is_over, "the end of the run", AN_END)


def _until(look: Callable[[], T | None], what: str, patience: float) -> T:
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.05)
    raise NotStarted(f"{what} did not come")
