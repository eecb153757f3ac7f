"""The three screens, and readers that go away."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import pytest
from pydantic import SecretStr

from automation.walk import Told
from bot.hands import STEPS
from bot.terminal.screen import ForPeople, JsonLines, Patient, Plain, screen, write_credential
from storage.models import Change, ChangeKind, Credential, ErrorClass, Plan, StepStatus, Trouble

PLAN = Plan("2915", "OneSpot2915", "Main", ("Main",), (Change(ChangeKind.CREATE, "user role OneSpot"),))
TROUBLE = Trouble(ErrorClass.TRANSIENT, "Slow.", "It was slow.", "Wait.", 2)


def _walk_two_steps(on: Plain | JsonLines) -> None:
    with on.walk(STEPS) as tell:
        for number, title in STEPS[:2]:
            tell(Told(number, "name", title, StepStatus.RUNNING))
            tell(Told(number, "name", title, StepStatus.DONE, seconds=1.0))


def test_plain_output_has_one_line_a_step() -> None:
    out, err = io.StringIO(), io.StringIO()
    plain = Plain(Patient(out), Patient(err))
    _walk_two_steps(plain)
    assert [line.split()[0] for line in out.getvalue().splitlines()] == ["1/17", "2/17"]
    plain.failed(TROUBLE)
    assert "What to do" in err.getvalue()


def test_a_long_step_stays_on_one_line_in_a_file() -> None:
    out = io.StringIO()
    with Plain(Patient(out), Patient(io.StringIO())).walk(STEPS) as tell:
        tell(Told(1, "name", "t" * 100, StepStatus.DONE, "d" * 100))
    assert len(out.getvalue().splitlines()) == 1


def test_the_live_list_ends_with_every_step_on_the_screen() -> None:
    out = io.StringIO()
    console = Patient(out)
    _walk_two_steps(ForPeople(console, console))
    assert "pending" in out.getvalue()


def test_json_output_is_json_lines_and_nothing_else() -> None:
    out, err = io.StringIO(), io.StringIO()
    lines = JsonLines(out, Patient(err))
    lines.news("Going on.")
    lines.plan("Lumen Eye", PLAN)
    _walk_two_steps(lines)
    lines.failed(TROUBLE, ["a hint"])
    lines.done({"username": "OneSpot2915"}, changed=True)
    events = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [event["event"] for event in events] == ["plan", "step", "step", "failed", "done"]
    assert events[3]["title"] == STEPS[1][1]
    assert events[4] == {"event": "done", "status": "done", "changed": True, "username": "OneSpot2915"}
    assert "Going on." in err.getvalue()
    assert "a hint" in err.getvalue()


def test_without_a_terminal_the_screen_is_plain() -> None:
    assert type(screen(as_json=False)) is Plain
    assert type(screen(as_json=True)) is JsonLines


@pytest.mark.parametrize("password", ["[red]x[/red]", ":smile:", "a%b$c*-_", "x" * 200])
def test_a_password_is_printed_as_it_is(password: str) -> None:
    credential = Credential("OneSpot2915", SecretStr(password))
    out = io.StringIO()
    write_credential(out, "Lumen Eye", credential, as_json=False)
    assert out.getvalue() == f"User name  OneSpot2915\nPassword   {password}\n"
    out = io.StringIO()
    write_credential(out, "Lumen Eye", credential, as_json=True)
    assert json.loads(out.getvalue())["password"] == password


@pytest.mark.parametrize("as_json", [False, True])
def test_a_reader_that_goes_away_does_not_stop_the_work(as_json: bool) -> None:
    program = f"""
from automation.walk import Told
from bot.terminal.screen import screen
from bot.hands import STEPS
from storage.models import StepStatus
import sys
with screen(as_json={as_json}).walk(STEPS) as tell:
    for number, title in STEPS:
        tell(Told(number, "name", title, StepStatus.DONE))
sys.stderr.write("walked to the end")
"""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run([sys.executable, "-c", program], stdout=writing, stderr=subprocess.PIPE, check=False)
    finally:
        os.close(writing)
    assert done.stderr == b"walked to the end"
    assert done.returncode == 0
