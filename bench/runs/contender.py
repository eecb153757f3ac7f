"""One run in one way, as a process of its own: `python -m bench.runs.contender WAY`. It measures its own wall time.

It reads which front end, where, and whose login; gets ready; and at the next line does the 17 steps. Getting ready is
to have a browser that was at that EHR before: ours has made its plan there, the bare script has logged in and out.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from pydantic import SecretStr

from automation.browser import find_chromium
from bench.checks.contender import FLAGS
from bench.runs.bare import SCRIPTS
from bot.guard import Guard
from bot.hands import STEPS, Hands
from bot.work import keep_password
from bot.worker import Worker
from storage import practices, runs
from storage.database import connect, upgrade
from storage.models import Credential, Purpose, RunStatus, Stage, StepStatus, Verdict, utcnow
from storage.vault import Vault, new_key

Told = Mapping[str, Any]
Go = Callable[[], dict[str, Any]]
"""Does the 17 steps, and gives the account's password; ours also the seconds of each step."""

TITLES = dict(STEPS)
VIEWPORT = {"width": 1920, "height": 1080}


@contextmanager
def bare(told: Told) -> Iterator[Go]:
    """The bare script, in a context of its own."""
    script, url, executable = SCRIPTS[told["front"]], told["url"], told["executable"] or find_chromium()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        before = chromium.new_context(viewport=VIEWPORT)  # type: ignore[arg-type]
        first = script(before.new_page(), url)
        first.page.goto(url)
        first.log_in(told["username"], told["password"])
        first.log_out()
        before.close()

        def go() -> dict[str, Any]:
            context = chromium.new_context(viewport=VIEWPORT)  # type: ignore[arg-type]
            password = script(context.new_page(), url).run(told["username"], told["password"])
            context.close()
            return {"password": password}

        yield go
        chromium.close()


@contextmanager
def ours(told: Told) -> Iterator[Go]:
    """An approved run: what a worker does with it, every proof, every row and every picture of it."""
    with tempfile.TemporaryDirectory(prefix="onespot-bench-") as name:
        folder = Path(name)
        engine = connect(f"sqlite:///{folder}/onespot.db")
        upgrade(engine)
        vault = Vault(engine, [new_key()])
        hands = Hands(told["executable"] or None, keep=True)
        worker = Worker(engine, vault, folder / "evidence", Guard(engine, utcnow), hands)
        practice = practices.save(engine, "Bench", told["url"], now=utcnow())
        run = runs.request(engine, practice.id, "bench", administrator=told["username"], now=utcnow())
        admin = Credential(told["username"], SecretStr(told["password"]))
        keep_password(vault, run, admin, utcnow())
        planned = worker.plan_run(run.id, admin)
        if planned is None or planned.plan is None:
            raise RuntimeError(f"there is no plan: {planned}")
        runs.approve(engine, run.id, planned.plan.hash, Verdict.APPROVED, "bench", now=utcnow())

        def go() -> dict[str, Any]:
            ended = worker.execute_run(run.id, admin)
            kept = vault.kept(practice.id, Purpose.FINAL, Stage.CURRENT)
            if ended is None or ended.status is not RunStatus.SUCCEEDED or kept is None:
                raise RuntimeError(f"the run did not succeed: {ended}")
            over = [step for step in runs.steps(engine, run.id) if step.status is StepStatus.DONE]
            seconds = {f"{step.number} {TITLES[step.number]}": step.seconds for step in over}
            return {"password": kept.password.get_secret_value(), "steps": seconds}

        yield go
        hands.close()
        engine.dispose()


WAYS = {"ours": ours, "bare": bare}


def main() -> None:
    """Get ready, work, and say how long it took."""
    told = json.loads(sys.stdin.readline())
    with WAYS[sys.argv[1]](told) as go:
        _say({"ready": True})
        sys.stdin.readline()
        began = time.monotonic()
        done = go()
        _say({"seconds": time.monotonic() - began, **done})
        sys.stdin.read()


def _say(words: Told) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
