"""One case, played: the real `onespot` command as a process, with a real browser, at an EHR of its own.

What comes back is the verdict; nothing is printed. A command that doesn't end is killed with its browser, by their ids.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from bench.scorecard.cases import Case, Verb
from bench.scorecard.judge import Claim, Judged, Truth, judge
from bench.scorecard.stage import PRACTICE, USERNAME, Scene, scene
from bot.house import SECRETS
from bot.problems import PASSWORD
from bot.settings import Settings
from sandbox.ehr import ADMIN_PASSWORD, ADMIN_USERNAME
from storage.models import Stage

_OURS = {*SECRETS, *(name.upper() for name in Settings.model_fields), "ONESPOT_DEBUG"} - {"BROWSER"}
_NEEDS_ADMIN = (Verb.PROVISION, Verb.PLAN, Verb.REPAIR, Verb.RETIRE)
_NEEDS_YES = (Verb.PROVISION, Verb.REPAIR, Verb.RETIRE)
_OUTCOMES = {
    "login refused": "CREDENTIAL",
    "locked": "CREDENTIAL",
    "password expired": "POLICY",
    "a person is needed": "HUMAN_NEEDED",
    "password expires soon": "EXPIRING",
    "drift": "DRIFT",
    "the EHR is down": "TRANSIENT",
    "the screen changed": "UI_CHANGED",
}
"""A check's outcomes, as the classes that a run has for the same."""


@dataclass(frozen=True)
class Played:
    """A case, how it came out, how long it took, and what the command said last."""

    case: Case
    judged: Judged
    seconds: float
    sentence: str
    error_class: str = ""


def play(case: Case) -> Played:
    """From an empty folder to the verdict."""
    with tempfile.TemporaryDirectory(prefix="onespot-scorecard-") as name:
        folder = Path(name)
        with scene(case, folder) as at:
            before, began = at.ehr.state.as_json(), time.monotonic()
            status, out, err = _command(case, at)
            seconds = time.monotonic() - began
            claim = read_claim(status, out, err)
            truth = Truth(before, at.ehr.state.as_json(), _proved(at), _known(at), at.last_run())
    judged = judge(case, claim, truth)
    return Played(case, judged, seconds, claim.sentence, claim.error_class)


# ---- the command ---------------------------------------------------------------------------------------------


def _command(case: Case, at: Scene) -> tuple[int | None, str, str]:
    """Exit status (None when it had to be killed), standard output and standard error."""
    words = [str(case.verb), PRACTICE, "--json"]
    words += ["--admin", ADMIN_USERNAME] if case.verb in _NEEDS_ADMIN else []
    words += ["--url", at.ehr.url] if case.verb in (Verb.PROVISION, Verb.PLAN) else []
    words += ["--yes"] if case.verb in _NEEDS_YES else []
    temporary = at.folder / "tmp"
    temporary.mkdir()
    environment = {name: value for name, value in os.environ.items() if name not in _OURS} | {
        "DATABASE_URL": at.database,
        "ONESPOT_KEYS": at.key.get_secret_value(),
        "TMPDIR": str(temporary),
        "COLUMNS": "120",
        PASSWORD: ADMIN_PASSWORD,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *words],
        cwd=at.folder,
        env=environment | {"PYTHONPATH": str(Path(__file__).parents[2])},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        out, err = process.communicate(timeout=case.limit)
    except subprocess.TimeoutExpired:
        _kill(process)
        out, err = process.communicate()
        return None, out, err
    except BaseException:
        _kill(process)
        raise
    return process.returncode, out, err


def _kill(process: subprocess.Popen[str]) -> None:
    """The command and what it started, each by its id."""
    with suppress(psutil.NoSuchProcess):
        family = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        for one in family:
            with suppress(psutil.NoSuchProcess):
                one.kill()


# ---- what it said --------------------------------------------------------------------------------------------


def read_claim(status: int | None, out: str, err: str) -> Claim:
    """What the command says, from its JSON lines; where it printed none, from its one sentence on standard error."""
    lines = list(_json_lines(out))
    plan: dict[str, Any] = next((line["plan"] for line in reversed(lines) if line["event"] == "plan"), {})
    failed = next((line for line in reversed(lines) if line["event"] == "failed"), None)
    checked = next((line for line in reversed(lines) if line["event"] == "check"), None)
    if checked is not None:
        error_class = "" if status == 0 else _OUTCOMES.get(checked["status"], checked["status"])
        return Claim(status is not None, status == 0, error_class, checked["message"])
    if status == 0:
        return Claim(True, True, plan=plan)
    if failed is not None:
        error = failed["error"]
        said = (error["class"], error["message"], error.get("means", ""))
        return Claim(status is not None, False, *said, plan=plan)
    forbidden = [f"{one['what']}: {one['detail']}" for one in plan.get("changes", ()) if one["kind"] == "forbid"]
    if status == 3 and forbidden:
        return Claim(True, False, "BUSINESS", " ".join(forbidden), plan=plan)
    sentence = next((line for line in reversed(err.splitlines()) if line.strip()), "")
    return Claim(status is not None, False, "USAGE" if status == 2 else "", sentence, plan=plan)


def _json_lines(out: str) -> Iterable[dict[str, Any]]:
    for line in out.splitlines():
        with suppress(ValueError):
            yield json.loads(line)


# ---- what is kept --------------------------------------------------------------------------------------------


def _proved(at: Scene) -> bool | None:
    current = at.kept().get(Stage.CURRENT)
    return at.ehr.state.password_is(USERNAME, current[0].password.get_secret_value()) if current else None


def _known(at: Scene) -> bool | None:
    kept = [one for stage in at.kept().values() for one in stage]
    return any(at.ehr.state.password_is(USERNAME, one.password.get_secret_value()) for one in kept) if kept else None
