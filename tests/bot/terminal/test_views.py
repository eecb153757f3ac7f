"""What a terminal shows, as text: at 80 columns, in words, without anything that moves the cursor."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pytest
from rich.console import Console, RenderableType

from automation.walk import Told
from bot.hands import STEPS
from bot.terminal.views import (
    Progress,
    done_view,
    findings_view,
    plan_json,
    plan_view,
    step_json,
    step_line,
    table_view,
    trouble_json,
    trouble_view,
)
from bot.words import clean, parts, when
from storage.models import Change, ChangeKind, ErrorClass, Plan, StepStatus, Trouble

LONG = "a sentence that says much more than one line of a terminal can hold, and still has to be read in full"


def rendered(what: RenderableType, width: int = 80) -> str:
    """The text as a terminal of this width would show it."""
    file = io.StringIO()
    Console(file=file, width=width, highlight=False, markup=False, emoji=False).print(what)
    return file.getvalue()


def _told(number: int, status: StepStatus, detail: str = "", seconds: float = 0.0) -> Told:
    return Told(number, f"step_{number}", dict(STEPS)[number], status, detail, seconds)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_live_list_has_one_line_a_step_and_fits_eighty_columns() -> None:
    progress = Progress(STEPS)
    for status in StepStatus:
        for number, _ in STEPS:
            progress.tell(_told(number, status, LONG, 1234.5))
        lines = rendered(progress).splitlines()
        assert len(lines) == 17
        assert max(len(line.rstrip()) for line in lines) <= 80
        assert all(str(status) in line for line in lines)


def test_a_long_title_does_not_take_a_second_line() -> None:
    progress = Progress([(number, LONG) for number, _ in STEPS])
    assert len(rendered(progress).splitlines()) == 17
    assert len(rendered(progress, width=40).splitlines()) == 17


def test_every_state_is_a_word_and_the_running_step_counts_its_seconds() -> None:
    clock = Clock()
    progress = Progress(STEPS, clock)
    progress.tell(_told(1, StepStatus.DONE, seconds=3.25))
    progress.tell(_told(2, StepStatus.ALREADY_THERE, seconds=0.04))
    clock.now = 10.0
    progress.tell(_told(3, StepStatus.RUNNING))
    clock.now = 12.5
    lines = rendered(progress).splitlines()
    assert "✓ done" in lines[0]
    assert "3.2 s" in lines[0]
    assert "already there" in lines[1]
    assert "running" in lines[2]
    assert "2.5 s" in lines[2]
    assert lines[3].rstrip().endswith("pending")


def test_a_second_try_shows_the_steps_anew() -> None:
    progress = Progress(STEPS)
    progress.tell(_told(8, StepStatus.FAILED))
    progress.tell(_told(8, StepStatus.RUNNING))
    assert "failed" not in rendered(progress)
    assert "running" in rendered(progress)


def test_a_step_is_one_plain_line() -> None:
    line = step_line(_told(7, StepStatus.DONE, "saved\nand read again", 2.04), of=17)
    assert line == " 7/17  done           Save the user role (saved and read again), 2.0 s"


def test_a_step_is_one_json_object() -> None:
    assert step_json(_told(7, StepStatus.ALREADY_THERE, seconds=2.04)) == {
        "event": "step",
        "step": 7,
        "title": "Save the user role",
        "status": "already there",
        "detail": "",
        "seconds": 2.0,
    }


PLAN = Plan(
    "2915",
    "OneSpot2915",
    "Main",
    ("Main", "North"),
    (Change(ChangeKind.CREATE, "user role OneSpot", LONG), Change(ChangeKind.LEAVE, "employee Sync OneSpot")),
)


def test_a_plan_says_what_happens_to_each_thing() -> None:
    text = rendered(plan_view("Lumen Eye", PLAN))
    assert "Plan for Lumen Eye" in text
    assert "OneSpot2915" in text
    assert "2 locations" in text
    assert "create" in text
    assert "leave alone" in text
    assert LONG in " ".join(text.split())
    assert "forbidden" not in text


def test_a_plan_that_forbids_or_changes_nothing_says_so() -> None:
    forbids = Plan("1", "OneSpot1", "Main", ("Main",), (Change(ChangeKind.FORBID, "user role OneSpot", "differs"),))
    nothing = Plan("1", "OneSpot1", "Main", ("Main",), (Change(ChangeKind.LEAVE, "user role OneSpot"),))
    assert "forbidden until" in rendered(plan_view("Lumen Eye", forbids))
    assert "Nothing has to be changed." in rendered(plan_view("Lumen Eye", nothing))
    assert plan_json("Lumen Eye", forbids)["status"] == "forbidden"


def test_a_plan_survives_json() -> None:
    line = json.loads(json.dumps(plan_json("Lumen Eye", PLAN)))
    assert (line["event"], line["status"], line["hash"]) == ("plan", "planned", PLAN.hash)
    assert Plan.from_json(line["plan"]) == PLAN


def test_an_error_has_its_three_parts() -> None:
    trouble = Trouble(ErrorClass.UI_CHANGED, "The Save button isn't there.", "The screen changed.", "Look at it.", 7)
    text = rendered(trouble_view(trouble, ["Pictures: evidence/1"]))
    lines = text.splitlines()
    assert "at step 7" in lines[0]
    assert lines[1].startswith("What happened The Save button")
    assert lines[2].startswith("What it means The screen")
    assert lines[3].startswith("What to do")
    assert lines[4].startswith("Pictures")


@pytest.mark.parametrize("error_class", list(ErrorClass))
def test_no_part_of_an_error_is_ever_empty(error_class: ErrorClass) -> None:
    assert all(text for _, text in parts(Trouble(error_class, "Something.", "", "")))


def test_an_error_is_one_json_object_with_its_class_and_message() -> None:
    trouble = Trouble(ErrorClass.TRANSIENT, "Slow.", "It was slow.", "Wait.", 7)
    line = trouble_json(trouble, (7, "Save the user role"))
    assert (line["event"], line["step"], line["title"], line["status"]) == ("failed", 7, "Save the user role", "failed")
    assert (line["error"]["class"], line["error"]["message"]) == ("TRANSIENT", "Slow.")


def test_the_good_end_tells_whether_anything_had_to_be_changed() -> None:
    assert "Done: the OneSpot account works." in rendered(done_view({"username": "OneSpot1"}, changed=True))
    assert "Nothing had to be changed" in rendered(done_view({"username": "OneSpot1"}, changed=False))


def test_text_from_a_page_is_neither_markup_nor_a_control_sequence() -> None:
    evil = "[bold red]name[/] \x1b[2J :smile: \u202eright"
    assert "\x1b" not in clean(evil)
    assert "\u202e" not in clean(evil)
    change = Change(ChangeKind.FORBID, evil)
    text = rendered(plan_view(evil, Plan("1", "OneSpot1", evil, (), (change,))))
    assert "[bold red]name[/]" in text
    assert ":smile:" in text
    assert "\x1b" not in text


def test_a_table_folds_what_is_too_long() -> None:
    text = rendered(table_view(("Run", "About"), [("1", LONG)], empty="No runs yet."))
    assert max(len(line) for line in text.splitlines()) <= 80
    assert LONG in " ".join(text.split())


def test_the_doctors_findings_are_words() -> None:
    text = rendered(findings_view([("browser", True, "a Chromium"), ("keys", False, LONG)]))
    assert "✓ well" in text
    assert "✗ not well" in text
    assert max(len(line) for line in text.splitlines()) <= 80


def test_moments_are_shown_in_utc() -> None:
    assert when(datetime(2026, 11, 22, 6, 30, tzinfo=UTC)) == "2026-11-22 06:30"
    assert when(None) == "-"
