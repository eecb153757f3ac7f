"""The demo's story, in the stand-in Slack with tiny hands: it ends well only when everything in it did."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from automation.errors import ScreenChanged, Unavailable
from automation.revolutionehr.check import Checked
from bot.problems import Exit
from bot.terminal.demo import Demo, Scene
from bot.terminal.screen import Patient, Plain
from sandbox.slack import SandboxSlack
from sandbox.visitor import fill_in
from storage.models import CheckOutcome
from tests.bot.talk import MANIFEST, Talk, set_up
from tests.bot.tiny import ADMIN, TinyEhr

DRIFT = Checked(CheckOutcome.DRIFT, "Emergency access is on.", ())


def play(
    engine: Engine, folder: Path, spoil: Callable[[TinyEhr], object] = lambda _: None, patience: float = 3
) -> tuple[Exit, str]:
    """The demo, and what it told; so many seconds it waits for what comes next."""
    out = io.StringIO()
    with SandboxSlack(MANIFEST) as slack:
        slack.limits = False
        talk = set_up(slack, engine, folder, mode="http")
        talk.ehr.troubles[8] = [Unavailable("The list failed.", "The server had an error.", "Try again.")] * 3
        spoil(talk.ehr)
        with talk.bot():
            status = Demo(Plain(Patient(out), Patient(out)), scene(talk), patience=patience).play()
    return status, " ".join(out.getvalue().split())


def scene(talk: Talk) -> Scene:
    return Scene(
        workspace=talk.slack.origin,
        ehr=talk.ehr.url,
        ana=talk.person("U0ANA"),
        ben=talk.person("U0BEN"),
        admin=ADMIN,
        fill_in=fill_in,
        role_saved=lambda: talk.ehr.role,
        break_the_ehr=lambda: None,
        tamper=lambda: setattr(talk.ehr, "check_says", DRIFT),
    )


def test_the_whole_story_is_told_and_ends_with_what_to_do_next(engine: Engine, tmp_path: Path) -> None:
    status, told = play(engine, tmp_path)
    assert status is Exit.DONE, told
    assert "17/17 · Done" in told
    assert "8. Add an employee · failed" in told
    assert "canary-final" in told
    assert told.index("healthy") < told.index("Emergency access is on.") < told.index("What to do next")
    assert "canary-admin" not in told


@pytest.mark.parametrize(
    "spoil",
    [
        lambda ehr: ehr.troubles.update({0: [ScreenChanged("No such screen.")]}),
        lambda ehr: ehr.troubles.update({8: []}),
        lambda ehr: setattr(ehr, "check_says", DRIFT),
    ],
    ids=["no plan", "no failure", "not healthy"],
)
def test_what_goes_otherwise_ends_with_one(engine: Engine, tmp_path: Path, spoil: Callable[[TinyEhr], object]) -> None:
    status, told = play(engine, tmp_path, spoil, patience=1.5)
    assert status is Exit.FAILED
    assert "this should not happen" in told
    assert "What to do next" not in told
