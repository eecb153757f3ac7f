"""An evidence record as a page that people read: one self-contained HTML file, for a screen and for paper.

Pure: a chained record and pictures in, HTML out. Everything that is filled in is escaped, by `h` and nowhere else; the
page may run nothing and load nothing, which its own policy says too. The record is in it, for whoever verifies it.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from bot.pack import words
from bot.pack.seal import RECORD_IN_HTML, Record
from storage.database import whole
from storage.models import StepStatus, Verb
from storage.signing import PublicKey

_STYLE = Path(__file__).parent / "evidence.css"

_EMPTY = frozenset({"img", "meta"})


class Markup(str):
    """Text that is HTML already; only `h` makes it."""

    __slots__ = ()


def h(tag: str, *children: str, **attributes: str) -> Markup:
    """An element. Children that are no markup are escaped, and so are attributes; `class_` stands for `class`."""
    named = "".join(f' {name.strip("_").replace("_", "-")}="{_safe(value)}"' for name, value in attributes.items())
    if tag in _EMPTY:
        return Markup(f"<{tag}{named}>")
    return Markup(f"<{tag}{named}>{''.join(map(_safe, children))}</{tag}>")


def _safe(text: str) -> str:
    return text if isinstance(text, Markup) else html.escape(whole(text))


def page(record: Record, pictures: Mapping[str, bytes]) -> str:
    """The whole page, without its seal."""
    verb, name = Verb(record["run"]["kind"]), record["practice"]["name"]
    title = f"Evidence: {words.KINDS[verb]}, {name}"
    policy = (
        f"default-src 'none'; img-src data:; style-src 'sha256-{_style_hash()}'; base-uri 'none'; form-action 'none'"
    )
    head = h(
        "head",
        h("meta", charset="utf-8"),
        h("meta", http_equiv="Content-Security-Policy", content=policy),
        h("meta", name="viewport", content="width=device-width, initial-scale=1"),
        h("meta", name="color-scheme", content="light dark"),
        h("meta", name="referrer", content="no-referrer"),
        h("title", title),
        h("style", Markup(_style())),
    )
    steps = _steps(record, pictures)
    main = h(
        "main",
        _top(record, verb),
        _proved(record),
        _plan(record),
        _people(record),
        h("section", h("h2", "What was done, step by step", id="steps"), *steps, aria_labelledby="steps"),
        _trust(record),
        _for_programs(record),
    )
    return f"<!doctype html>\n{h('html', head, h('body', main), lang='en')}"


@cache
def _style() -> str:
    return _STYLE.read_text(encoding="utf-8").strip()


@cache
def _style_hash() -> str:
    return base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()


# ---- the parts ---------------------------------------------------------------------------------------------


def _top(record: Record, verb: Verb) -> Markup:
    run, practice, made = record["run"], record["practice"], record["made"]
    facts = [
        ("Practice", practice["name"]),
        ("Practice ID", practice["ehr_id"] or "not known"),
        ("RevolutionEHR", practice["address"]),
        ("Asked for by", f"{run['asked_by']}, in {run['asked_in']}, {when(run['asked_at'])}"),
        ("Approved by", _approved(record)),
        ("Ended", f"{when(run['ended_at'])} ({_ENDS.get(run['status'], run['status'])})"),
        ("Administrator's login used", run["administrator"] or "not known"),
        ("This file was made", f"{when(made['at'])} by {made['by']}"),
    ]
    return h(
        "header",
        h("p", "OneSpot", class_="brand"),
        h("h1", f"{words.KINDS[verb]}"),
        h("p", f"Evidence of run {run['number']} for {practice['name']}", class_="lead"),
        _facts(facts),
    )


_ENDS = {
    "SUCCEEDED": "succeeded",
    "CANCELLED": "cancelled before its end",
    "REJECTED": "the plan was rejected",
    "EXPIRED": "nobody went on with it in time",
}


def _approved(record: Record) -> str:
    plan = record["plan"] or {}
    yes = [one for one in record["approvals"] if one["verdict"] == "approved" and one["plan_hash"] == plan.get("hash")]
    return ", ".join(f"{one['by']}, {when(one['at'])}" for one in yes[-1:]) or "nobody"


def _proved(record: Record) -> Markup:
    proved = record["proved"]
    if proved is None:
        said = h("p", "This run did not come to its end, so no state of the account was proved.")
        return _section("proved", "The state at the end", said)
    if proved["retired"]:
        said = h("p", "The employee is not active in RevolutionEHR. The password that was kept of it is destroyed.")
        facts = [("User name", proved.get("username", "")), ("Proved", when(proved["at"]))]
        return _section("proved", "The state at the end", said, _facts(facts))
    said = h("p", "The account works: a login with the password that is kept was accepted.", class_="good")
    facts = [
        ("User name", proved.get("username", "")),
        ("Role", f"{proved.get('role', '')}, with exactly six permissions: View Invoices, View Claims, View "
                 "Administration, General, Employee/Roles, Vendors/Partners"),
        ("Primary location", proved.get("primary_location") or "—"),
        ("Accessible locations", ", ".join(proved.get("locations", ())) or "—"),
        ("Login allowed", "on all seven days; no emergency access"),
        ("Proved", when(proved["at"])),
    ]  # fmt: skip
    if proved.get("changed") is False:
        facts.append(("Changed", "nothing: everything was as it must be already"))
    if proved.get("new_password"):
        facts.append(("Password", "a new one was set; it is in no file"))
    return _section("proved", "The state at the end", said, _facts(facts))


def _plan(record: Record) -> Markup:
    plan = record["plan"]
    if plan is None:
        return _section("plan", "The plan", h("p", "There was no plan yet."))
    rows = [[one["kind"], one["what"], one["detail"] or "—"] for one in plan["changes"]]
    told = h("p", "This is what was to be done, as looked up before anything was changed. An approval is for this very "
                  "plan, by its hash.")  # fmt: skip
    fingerprint = h("p", "Hash of the plan: ", h("code", plan["hash"]), class_="small")
    return _section(
        "plan", "The plan", told, _table("What was to be done", ("Deed", "What", "Detail"), rows), fingerprint
    )


def _people(record: Record) -> Markup:
    rows = [[when(one["at"]), one["by"], _verdict(one, record), one["reason"] or "—"] for one in record["approvals"]]
    rows += [[when(one["at"]), one["by"], one["what"], "—"] for one in record["decisions"]]
    if not rows:
        return _section("people", "Who decided", h("p", "Nobody had to decide anything."))
    moments = [one["at"] for one in (*record["approvals"], *record["decisions"])]
    ordered = [row for _, row in sorted(zip(moments, rows, strict=True), key=lambda pair: pair[0])]
    return _section("people", "Who decided", _table("Decisions", ("When", "Who", "What", "Reason"), ordered))


def _verdict(approval: Record, record: Record) -> str:
    this = "the plan" if approval["plan_hash"] == (record["plan"] or {}).get("hash") else "an earlier plan"
    return f"{approval['verdict']} {this}"


def _steps(record: Record, pictures: Mapping[str, bytes]) -> list[Markup]:
    if not record["steps"]:
        return [
            h("p", "No step is recorded: none was walked, or its record was deleted some time after the run's end.")
        ]
    shown: dict[str, int] = {}
    return [_step(step, pictures, shown) for step in record["steps"]]


def _step(step: Record, pictures: Mapping[str, bytes], shown: dict[str, int]) -> Markup:
    """`shown` are the pictures that stand further up, with the numbers of their steps."""
    state = words.STATES[StepStatus(step["status"])]
    said = [text for text in (step["said"], step["detail"]) if text]
    return h(
        "article",
        h("h3", h("span", str(step["number"]), class_="number"), f" {step['title']}"),
        h("p", h("span", state, class_=f"state {step['status'].replace(' ', '-')}"),
          f" {when(step['at'])} · {_seconds(step['seconds'])}", class_="small"),
        *(h("p", text) for text in said),
        _picture(step, pictures, shown),
        class_="step",
    )  # fmt: skip


def _picture(step: Record, pictures: Mapping[str, bytes], shown: dict[str, int]) -> Markup:
    name = step["picture"]
    if step["picture_state"] != "shown":
        return h("p", step["picture_why"], class_="small")
    if name in shown:
        return h("p", f"The same picture as at step {shown[name]}.", class_="small")
    shown[name] = step["number"]
    source = f"data:image/jpeg;base64,{base64.b64encode(pictures[name]).decode()}"
    alt = f"RevolutionEHR at the end of step {step['number']}, {step['title']}. Passwords and other people are covered."
    caption = h("figcaption", f"SHA-256 of the picture: {name}")
    width, height = size_of(pictures[name])
    if width > LONG * height:
        return h("figure", h("div", h("img", alt=alt, src=source), tabindex="0", class_="line"), caption)
    return h("figure", h("img", alt=alt, src=source), caption)


LONG = 10
"""How many times as wide as high a picture is that isn't made smaller on a screen, but can be scrolled."""


def size_of(jpeg: bytes) -> tuple[int, int]:
    """Width and height in pixels; 0, 0 for what is no JPEG."""
    at = 2
    while at + 9 <= len(jpeg) and jpeg[at] == 0xFF:
        marker, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # a frame's header; those are tables
            return int.from_bytes(jpeg[at + 7 : at + 9]), int.from_bytes(jpeg[at + 5 : at + 7])
        at += 2 + length
    return 0, 0


def _trust(record: Record) -> Markup:
    key, versions = PublicKey(bytes.fromhex(record["key"])), record["versions"]
    walked_by = versions.get("onespot") or "an unrecorded version"
    build = ", build ".join(filter(None, (versions.get("revolutionehr"), versions.get("build"))))
    facts = [
        ("Fingerprint of the key", key.fingerprint),
        ("Head of the chain of steps", record["head"]),
        ("Program", f"onespot {walked_by} did the steps; {record['made']['onespot']} made this file"),
        ("RevolutionEHR's page", build or "no version was recorded"),
        ("Browser", f"Chromium {versions['browser']}" if versions.get("browser") else "not recorded"),
    ]
    return _section(
        "trust",
        "How to verify this file",
        h("p", "Keep the file as it is. ", h("code", "onespot evidence verify FILE"),
          " says whether a byte of it was changed. It needs the file and the fingerprint, and nothing of the "
          "installation that made it: ", h("code", "--fingerprint TEXT"), "."),
        _facts(facts),
        h("h3", "A valid signature proves"), _list(words.PROVES),
        h("h3", "It does not prove"), _list(words.PROVES_NOT),
    )  # fmt: skip


def _for_programs(record: Record) -> Markup:
    text = json.dumps(record, indent=1, ensure_ascii=False)
    before, after = RECORD_IN_HTML
    pre = Markup(f"{before}{html.escape(whole(text), quote=False)}{after}")
    return h("details", h("summary", "The same as data, for programs"), pre, class_="screen-only")


# ---- small parts -------------------------------------------------------------------------------------------


def _section(name: str, title: str, *children: str) -> Markup:
    return h("section", h("h2", title, id=name), *children, aria_labelledby=name)


def _facts(facts: Iterable[tuple[str, str]]) -> Markup:
    return h("dl", *(h("div", h("dt", name), h("dd", value)) for name, value in facts))


def _table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Markup:
    head = h("thead", h("tr", *(h("th", name, scope="col") for name in heads)))
    body = h("tbody", *(h("tr", *(h("td", cell, data_head=name) for name, cell in zip(heads, row, strict=True)))
                        for row in rows))  # fmt: skip
    return h("table", h("caption", caption), head, body)


def _list(sentences: Iterable[str]) -> Markup:
    return h("ul", *(h("li", sentence) for sentence in sentences))


def when(moment: str) -> str:
    """A moment of the record, for a reader: "28 November 2026, 04:38 UTC"."""
    at = datetime.fromisoformat(moment)
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def _seconds(seconds: float) -> str:
    return "at once" if seconds < 0.1 else f"{seconds:.1f} s"
