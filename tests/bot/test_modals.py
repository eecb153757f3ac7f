"""The modals, both ways: what is drawn can be read back, and what is wrong is said at its field."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from slack_sdk.models.views import View

from bot.modals import (
    TYPED,
    Place,
    Request,
    details_view,
    password_view,
    read_password,
    read_request,
    reject_view,
    request_view,
    revealed_view,
)
from storage.models import Credential

PLACE = Place("C0ONBOARD", 7, "abc123")
FORM = Request("Lumen Eye", "https://ehr.example/static/", "mhalloran", None, "Main Street", "In a hurry")
SECRET = "Quartz-58&<b>*_Lantern"


def filled(view: View, **typed: str | None) -> dict[str, Any]:
    """What Slack sends when this view is submitted as drawn, but for what somebody typed."""
    sent = view.to_dict()
    values: dict[str, Any] = {}
    for block in sent["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            value = typed.get(block["block_id"], element.get("initial_value"))
            state: dict[str, Any] = {"type": element["type"], "value": value}
            if element["type"] == "checkboxes":
                state = {"type": element["type"], "selected_options": element.get("initial_options") or []}
            values[block["block_id"]] = {TYPED: state}
    return {**sent, "state": {"values": values}}


def test_the_form_has_the_labels_of_the_design() -> None:
    shown = request_view(FORM, PLACE, with_password=True).to_dict()
    labels = [block["label"]["text"] for block in shown["blocks"] if block["type"] == "input"]
    assert shown["title"]["text"] == "Provision OneSpot"
    assert labels == [
        "Practice name",
        "RevolutionEHR address",
        "Administrator username",
        "Administrator password",
        "Primary location",
        "Notes",
    ]


def test_a_password_is_asked_for_in_the_form_only_where_that_is_set() -> None:
    blocks = request_view(FORM, PLACE, with_password=False).to_dict()["blocks"]
    assert "password" not in [block.get("block_id") for block in blocks]


@pytest.mark.parametrize("with_password", [True, False])
def test_what_was_typed_is_read_back(with_password: bool) -> None:
    view = filled(request_view(FORM, PLACE, with_password=with_password), password=SECRET)
    read = read_request(view, with_password=with_password)
    assert isinstance(read, Request)
    assert (read.password.get_secret_value() if read.password else None) == (SECRET if with_password else None)
    assert Request(read.practice, read.url, read.administrator, None, read.location, read.notes) == FORM


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"practice": " "}, "practice"),
        ({"practice": None}, "practice"),
        ({"url": "revolutionehr"}, "url"),
        ({"url": "https://ana:secret@ehr.example/"}, "url"),
        ({"url": "ftp://ehr.example"}, "url"),
        ({"administrator": ""}, "administrator"),
        ({"password": ""}, "password"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(typed: dict[str, str | None], field: str) -> None:
    view = filled(request_view(FORM, PLACE, with_password=True), **{"password": SECRET, **typed})
    problems = read_request(view, with_password=True)
    assert isinstance(problems, dict)
    assert list(problems) == [field]
    assert "secret" not in problems[field]


def test_several_problems_are_said_at_once() -> None:
    problems = read_request(filled(request_view(Request(), PLACE, with_password=True)), with_password=True)
    assert isinstance(problems, dict)
    assert set(problems) == {"practice", "url", "administrator", "password"}


def test_the_practice_of_a_run_can_not_be_changed() -> None:
    view = filled(details_view(FORM, PLACE, with_password=False), url="https://other.example/")
    read = read_request(view, fixed_practice="Lumen Eye", with_password=False)
    assert isinstance(read, Request)
    assert (read.practice, read.url, read.take_over) == ("Lumen Eye", "https://other.example/", False)


def test_taking_over_is_ticked_by_a_person() -> None:
    form = Request("Lumen Eye", FORM.url, "mhalloran", take_over=True)
    view = filled(details_view(form, PLACE, with_password=False))
    read = read_request(view, fixed_practice="Lumen Eye", with_password=False)
    assert isinstance(read, Request)
    assert read.take_over


def test_a_typed_password_is_kept_as_it_is_and_never_shown() -> None:
    read = read_password(filled(password_view(FORM, PLACE), password=f" {SECRET} "))
    assert read is not None
    assert read.get_secret_value() == f" {SECRET} "
    assert SECRET not in repr(read)
    assert read_password(filled(password_view(FORM, PLACE), password="  ")) is None


def test_a_place_is_packed_and_unpacked() -> None:
    assert Place.unpacked(PLACE.packed()) == PLACE


@given(st.text(max_size=300))
def test_any_metadata_is_a_place(metadata: str) -> None:
    assert isinstance(Place.unpacked(metadata), Place)


@pytest.mark.parametrize("metadata", ["", "[]", "null", '{"run": "x"}', '{"run": {}}'])
def test_metadata_that_is_not_ours_is_an_empty_place(metadata: str) -> None:
    assert Place.unpacked(metadata) == Place()


def test_the_revealed_credential_is_shown_exactly_and_can_not_come_back() -> None:
    shown = revealed_view("Lumen Eye", Credential("OneSpot2915", SecretStr(SECRET))).to_dict()
    texts = [part["elements"][0]["text"] for b in shown["blocks"] if b["type"] == "rich_text" for part in b["elements"]]
    assert texts == ["OneSpot2915", SECRET]
    assert "submit" not in shown
    assert SECRET not in str(shown.get("private_metadata"))


@given(st.text(max_size=2000), st.text(max_size=500))
def test_no_name_and_no_note_makes_a_modal_that_slack_refuses(name: str, notes: str) -> None:
    form = Request(name[:100], "https://ehr.example/", "mhalloran", None, "", notes)
    for view in (
        request_view(form, PLACE, with_password=True),
        details_view(form, PLACE, with_password=True),
        password_view(form, PLACE),
        reject_view(name, PLACE),
    ):
        view.validate_json()
        shown = view.to_dict()
        assert len(shown["title"]["text"]) <= 24
        assert len(shown["private_metadata"]) <= 3000
        assert all(1 <= len(block.get("text", {"text": "x"})["text"]) <= 3000 for block in shown["blocks"])
