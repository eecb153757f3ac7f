"""What of a screen is written down, and what becomes its shape. No browser: elements as record.js gives them."""

from __future__ import annotations

from typing import Any

import pytest

from automation.revolutionehr.outline import Secrets, Trust, data_words, outline, shape

SCREEN, TREE, LITTLE = Trust.SCREEN, Trust.TREE, Trust.LITTLE


def el(tag: str, words: str = "", *children: dict[str, Any], **attributes: str) -> dict[str, Any]:
    """An element; `class_` is its class, `says_title` a text in its attribute title."""
    names = {name.rstrip("_").replace("__", "-"): value for name, value in attributes.items() if name[:5] != "says_"}
    spoken = {name[5:]: value for name, value in attributes.items() if name.startswith("says_")}
    box = [300, 400, 200, 20]
    return {"tag": tag, "words": words, "children": list(children), "attributes": names, "spoken": spoken, "box": box}


CHECK = el("input", type="checkbox")
FIELD = el("input", type="text")


def frame(*children: dict[str, Any], held: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"root": el("body", "", *children), "held": list(held), "width": 1920, "height": 1080}


def texts(found: dict[str, Any]) -> list[str]:
    own = [found["text"]] if "text" in found else []
    said = [value for name, value in found.items() if name.endswith("=")]
    return [*own, *said, *(text for child in found.get("children", []) for text in texts(child))]


def kept(*children: dict[str, Any], trust: Trust = SCREEN, secrets: Secrets | None = None) -> list[str]:
    return texts(outline(frame(*children), trust, secrets or Secrets()))


@pytest.mark.parametrize(
    "element",
    [
        el("label", "Security Clearance Grade"),
        el("th", "Clearance"),
        el("legend", "Emergency Sign-in"),
        el("div", "Clearance", role="columnheader"),
        el("span", "Clearance Grade", class_="control-label"),
        el("tr", "", el("td", "", el("label", "Clearance"), FIELD)),
    ],
    ids=lambda element: element["tag"],
)
def test_labels_are_kept_also_in_words_that_nobody_knew(element: dict[str, Any]) -> None:
    (word,) = kept(element)
    assert "text," not in word


@pytest.mark.parametrize("words", ["Add Employee", "Save", "User Roles", "Allow Emergency Access"])
@pytest.mark.parametrize("tag", ["button", "a", "h3", "span", "div"])
def test_what_consists_of_common_words_is_kept(tag: str, words: str) -> None:
    assert kept(el(tag, words)) == [words]


@pytest.mark.parametrize(
    "element",
    [
        el("div", "Hollis Braithwaite"),
        el("td", "Braithwaite"),
        el("td", "Active"),
        el("li", "Hollis Braithwaite"),
        el("option", "Braithwaite"),
        el("label", "Braithwaite, Hollis"),
        el("label", "Dr. Braithwaite"),
        el("label", "Hollis 555-201-4400"),
        el("label", "hollis@lumen.example"),
        el("h1", "Hollis Braithwaite"),
        el("button", "Braithwaite"),
        el("nav", "", el("a", "Hollis Braithwaite")),
        el("aside", "", el("span", "Hollis Braithwaite")),
        el("div", "Braithwaite", role="gridcell"),
        el("div", "Braithwaite", class_="form-control-static"),
        el("div", "Braithwaite", role="combobox"),
        el("dd", "Braithwaite"),
        el("tr", "", el("td", "", el("label", "Braithwaite", CHECK))),
        el("div", "", *(el("label", name, CHECK) for name in ("Braithwaite", "Okonjo", "Takahara"))),
        el("header", "", el("button", "Braithwaite"), el("label", "Clearance of Braithwaite")),
        el("div", says_title="Hollis Braithwaite, 41 years"),
        el("td", "", el("button", "", says_title="Deactivate Braithwaite")),
        el("div", "", el("tr", "", el("td", "Active")), class_="list-with-label"),
        el("div", "Braithwaite") | {"editable": True},
    ],
    ids=str,
)
def test_what_may_be_data_becomes_its_shape(element: dict[str, Any]) -> None:
    said = str(outline(frame(element), SCREEN, Secrets()))
    assert "raithwaite" not in said
    assert "Hollis" not in said
    assert "Active" not in said


def test_a_greeting_keeps_its_common_words_only() -> None:
    assert kept(el("h2", "Edit the profile of Maureen")) == ["Edit the profile of …"]
    assert kept(el("h2", "Maureen Halloran (admin)")) == [shape("Maureen Halloran (admin)")]


def test_permissions_are_kept_whole_on_the_role_s_form_only() -> None:
    line = el("li", "", CHECK, el("span", "Refract Patients"))
    assert kept(line, trust=TREE) == ["Refract Patients"]
    assert kept(line) == [shape("Refract Patients")]
    assert kept(el("li", "", CHECK, el("span", "Hollis Braithwaite")), trust=TREE) == [shape("Hollis Braithwaite")]
    row = el("div", "", el("div", "", el("div", "", role="checkbox"), el("span", "Sign Refractions")), role="row")
    assert kept(row, trust=TREE) == ["Sign Refractions"]


def test_where_patients_may_stand_only_common_words_are_kept() -> None:
    found = kept(el("label", "Braithwaite Grade"), el("th", "Patient"), trust=LITTLE)
    assert found == [shape("Braithwaite Grade"), "Patient"]


def test_a_word_that_was_data_somewhere_is_kept_nowhere() -> None:
    list_of_people = frame(el("tr", "", el("td", "Hollis Braithwaite"), el("td", "hbraith")), held=("Okonjo",))
    secrets = Secrets(("mhalloran",), frozenset(data_words(list_of_people, SCREEN)))
    for words in ("Braithwaite Grade", "Grade for hbraith", "Okonjo’s Grade", "Halloran Grade"):
        assert kept(el("label", words), secrets=secrets) == [shape(words)]
    assert kept(el("label", "Clearance Grade"), secrets=secrets) == ["Clearance Grade"]


def test_names_in_ids_and_classes_are_blanked() -> None:
    secrets = Secrets(("mhalloran",), frozenset({"braithwaite"}))
    found = outline(
        frame(
            el("div", id="patient-118204", class_="panel col-md-4 row-hollis-braithwaite"),
            el("div", data__test__id="employeeFormGroup", id="mhalloran-card"),
            el("td", id="cellOkonjo", class_="ag-cell"),
            el("div", id="e3b0c442-98fc-4c14-9afb"),
        ),
        SCREEN,
        secrets,
    )["children"]
    assert (found[0]["id"], found[0]["class"]) == ("patient-#", "panel col-md-4 …")
    assert (found[1]["data-test-id"], found[1]["id"]) == ("employeeFormGroup", "…")
    assert (found[2]["id"], found[2]["class"]) == ("…", "ag-cell")
    assert found[3]["id"] == "…"


def test_of_lines_of_data_two_are_enough() -> None:
    rows = [el("tr", "", el("td", f"Person {letter}")) for letter in "abcde"]
    found = outline(frame(el("tbody", "", *rows)), SCREEN, Secrets())["children"][0]["children"]
    assert [child.get("more like it") for child in found] == [None, None, 3]


def test_a_password_stands_nowhere_whatever_it_looks_like() -> None:
    secrets = Secrets(("Save all users",))
    assert kept(el("label", "Save all users"), el("button", "save ALL users now"), secrets=secrets) == [
        shape("Save all users"),
        shape("save ALL users now"),
    ]
