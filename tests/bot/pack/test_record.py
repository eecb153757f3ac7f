"""What stands in evidence: the run as its rows say, its pictures where they are the ones that were taken, no secret."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from bot.pack.make import NoPack, Pack
from bot.pack.seal import Found, Kind, verify
from bot.prune import prune
from storage import audit, runs
from storage.models import Credential, Purpose, RunStatus, StepStatus, Verb
from tests.bot.packs import NOW, PLAN, Office, no_printer

PICTURE = b"\xff\xd8\xff what was seen"


@pytest.fixture
def office(engine: Engine, tmp_path: Path) -> Office:
    return Office(engine, tmp_path)


def made(office: Office, run_id: int = 1, **more: Any) -> Pack:
    return office.packs.make(run_id, [Kind.HTML, Kind.JSON], "ana", now=NOW, **more)


def record(pack: Pack) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(pack.files[Kind.JSON])["record"]
    return found


def html(pack: Pack) -> str:
    return pack.files[Kind.HTML].decode()


def words(pack: Pack) -> str:
    """What a person reads on the page."""
    page = re.sub(r"<style>.*?</style>|<details.*?</details>", " ", html(pack), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


# --- what it says


def test_it_says_who_asked_who_approved_and_what_was_proved(office: Office) -> None:
    office.finished(reason="Looks right")
    pack = made(office, name={"U0ANA": "Ana Ruiz (U0ANA)", "U0BEN": "Ben Cho (U0BEN)"}.get)
    said = record(pack)
    assert said["run"]["asked_by"] == "Ana Ruiz (U0ANA)"
    assert [(one["by"], one["reason"], one["plan_hash"]) for one in said["approvals"]] == [
        ("Ben Cho (U0BEN)", "Looks right", PLAN.hash)
    ]
    assert said["proved"]["locations"] == ["Fairhaven Main", "Fairhaven North"]
    assert said["versions"] == {"revolutionehr": "v7.6.2", "build": "192124", "browser": "141.0", "onespot": "0.1.0"}
    for part in ("Ana Ruiz (U0ANA), in a terminal, 28 November 2026, 09:30 UTC", "The account works", "mhalloran",
                 "build 192124", PLAN.hash, said["head"], pack.key.fingerprint):  # fmt: skip
        assert part in words(pack)


def test_it_tells_each_step_with_what_was_done_and_why_it_has_no_picture(office: Office) -> None:
    office.finished(pictures={"read_id": PICTURE})
    pack = made(office)
    steps = record(pack)["steps"]
    assert [step["number"] for step in steps] == list(range(1, 18))
    assert all(step["said"] and (step["picture_why"] or step["picture_state"] == "shown") for step in steps)
    assert steps[1]["picture"] == hashlib.sha256(PICTURE).hexdigest()
    assert "home screen, which may show patients and is never pictured" in steps[0]["picture_why"]
    assert html(pack).count("<img ") == 1


@pytest.mark.parametrize(("verb", "steps", "said"), [
    (Verb.PROVISION, 17, "Creation of the OneSpot account"),
    (Verb.REPAIR, 17, "Repair of the OneSpot account"),
    (Verb.RETIRE, 6, "Retirement of the OneSpot account"),
])  # fmt: skip
def test_a_run_of_each_verb_has_evidence(office: Office, verb: Verb, steps: int, said: str) -> None:
    office.finished(verb)
    pack = made(office)
    assert len(record(pack)["steps"]) == steps
    assert said in words(pack)
    assert ("is not active in RevolutionEHR" in words(pack)) is (verb is Verb.RETIRE)


def test_what_was_there_already_is_told_as_such(office: Office) -> None:
    office.finished(Verb.REPAIR, there=True)
    said = [step["said"] for step in record(made(office))["steps"]]
    assert said[2] == "The role OneSpot was there already, with exactly the six permissions. Nothing was changed."


def test_a_run_asked_for_in_slack_says_so(office: Office) -> None:
    office.finished(channel="C0ONBOARD")
    assert record(made(office))["run"]["asked_in"] == "Slack"


def test_a_step_that_failed_first_is_told_without_the_picture_of_its_failure(office: Office) -> None:
    run = office.running()
    lease = runs.claim(office.engine, run.id, "somebody", now=NOW)
    assert lease is not None
    office.picture(run.id, "08-add_employee", PICTURE)
    (office.folder / "evidence" / "1" / "08-add_employee.png").write_bytes(b"of the failure")
    tries = [(StepStatus.FAILED, "“502 Bad Gateway”", ""), (StepStatus.DONE, "", hashlib.sha256(PICTURE).hexdigest())]
    for status, detail, digest in tries:
        runs.record(office.engine, lease, run.id, 8, "add_employee", status, detail, 1.0, digest, now=NOW)
    assert runs.move(office.engine, run.id, RunStatus.CANCELLED, now=NOW, lease=lease)
    pack = made(office)
    first, second = record(pack)["steps"]
    assert (first["detail"], first["picture_state"], second["picture_state"]) == ("“502 Bad Gateway”", "none", "shown")
    assert "502 Bad Gateway" in words(pack)
    assert b"of the failure" not in pack.files[Kind.HTML]
    assert "did not come to its end" in words(pack)


def test_only_the_newest_picture_of_a_step_counts(office: Office) -> None:
    run = office.running()
    lease = runs.claim(office.engine, run.id, "somebody", now=NOW)
    assert lease is not None
    office.picture(run.id, "02-read_id", PICTURE)
    for data in (b"an older one", PICTURE):
        digest = hashlib.sha256(data).hexdigest()
        runs.record(office.engine, lease, run.id, 2, "read_id", StepStatus.DONE, "", 1.0, digest, now=NOW)
    runs.move(office.engine, run.id, RunStatus.CANCELLED, now=NOW, lease=lease)
    assert [step["picture_state"] for step in record(made(office))["steps"]] == ["replaced", "shown"]


def test_a_run_from_before_outcomes_were_kept_has_evidence_too(office: Office) -> None:
    office.finished()
    with office.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE run SET outcome = NULL")
    assert record(made(office))["proved"]["locations"] == list(PLAN.locations)
    assert "no version was recorded" in words(made(office))


# --- what isn't in it


def test_an_unfinished_run_and_an_unknown_one_are_refused_with_a_sentence(office: Office) -> None:
    run = office.running()
    with pytest.raises(NoPack, match="Run 1 isn't finished"):
        made(office, run.id)
    with pytest.raises(NoPack, match="There is no run 7"):
        made(office, 7)
    assert [entry.what for entry in audit.entries(office.engine)] == []


def test_pictures_that_were_pruned_are_said_to_be_gone(office: Office) -> None:
    office.finished(pictures={"read_id": PICTURE})
    shutil.rmtree(office.folder / "evidence")
    pack = made(office)
    assert record(pack)["steps"][1]["picture_state"] == "missing"
    assert "isn't kept here" in words(pack)
    assert verify(pack.files[Kind.HTML], pack.key.fingerprint).found is Found.UNCHANGED


def test_after_retention_there_is_still_evidence_of_what_is_kept(office: Office) -> None:
    office.finished(pictures={"read_id": PICTURE})
    gone = prune(office.engine, office.folder / "evidence", 30, NOW + timedelta(days=31))
    assert (gone.pictures, gone.steps) == (1, 34)
    assert "No step is recorded" in words(made(office))


def test_a_picture_that_isn_t_the_one_that_was_taken_is_not_shown(office: Office) -> None:
    office.finished(pictures={"read_id": PICTURE})
    office.picture(1, "02-read_id", b"\xff\xd8\xff painted")
    pack = made(office)
    assert record(pack)["steps"][1]["picture_state"] == "altered"
    assert "isn't the one that was taken" in words(pack)
    assert "<img " not in html(pack)


def test_no_password_that_is_kept_and_no_note_gets_into_it(office: Office) -> None:
    office.finished(reason="use Canary-7Q-xK_931 or CANARY-7q-xk_931")
    for purpose in Purpose:
        canary = Credential("mhalloran", SecretStr("Canary-7Q-xK_931"))
        office.vault.keep(office.practice.id, purpose, canary, now=NOW)
    pack = made(office)
    for data in pack.files.values():
        assert b"canary" not in data.lower()
        assert b"a note of the onboarding team" not in data
    assert record(pack)["approvals"][0]["reason"] == "use ••• or •••"


def test_decisions_on_the_way_are_told_but_not_what_came_after_the_end(office: Office) -> None:
    run = office.finished()
    early, late = run.moved_at - timedelta(minutes=1), run.moved_at + timedelta(minutes=1)
    audit.write(office.engine, "U0ANA", "retried", run_id=run.id, now=early)
    audit.write(office.engine, "U0EVE", "retried", run_id=run.id, now=late)
    assert [(one["by"], one["what"]) for one in record(made(office))["decisions"]] == [
        ("U0ANA", "had it go on after it had stopped")
    ]
    assert "U0EVE" not in words(made(office))


HOSTILE = "</pre></style><script>alert(1)</script><img src=x onerror=alert(1)>\"'&-->\u202e"


def test_hostile_words_are_shown_as_they_are_and_do_nothing(office: Office) -> None:
    office.finished(reason=HOSTILE, pictures={"read_id": PICTURE})
    with office.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE practice SET name = ?", (HOSTILE,))
    pack = made(office)
    assert html(pack).count("<script") == 0
    assert html(pack).count("<img ") == 1
    assert html(pack).count("</pre>") == 1
    assert verify(pack.files[Kind.HTML], pack.key.fingerprint).record["practice"]["name"] == HOSTILE


def test_a_step_s_name_becomes_no_path_elsewhere(office: Office) -> None:
    run = office.running()
    lease = runs.claim(office.engine, run.id, "somebody", now=NOW)
    assert lease is not None
    (office.folder / "evidence" / "1" / "02-x").mkdir(parents=True)
    (office.folder / "secret.jpg").write_bytes(PICTURE)
    digest = hashlib.sha256(PICTURE).hexdigest()
    runs.record(office.engine, lease, run.id, 2, "x/../../../secret", StepStatus.DONE, "", 1, digest, now=NOW)
    runs.move(office.engine, run.id, RunStatus.CANCELLED, now=NOW, lease=lease)
    assert record(made(office))["steps"][0]["picture_state"] == "missing"


# --- making it


def test_the_audit_says_who_made_it(office: Office) -> None:
    office.finished()
    pack = made(office)
    (entry,) = audit.entries(office.engine, run_id=1)
    assert (entry.who, entry.what, entry.detail) == ("ana", "made evidence", f"head {pack.head}")


def test_without_a_browser_there_is_the_page_and_the_reason(office: Office) -> None:
    office.finished()
    packs = office.packs.__class__(**{**vars(office.packs), "printing": no_printer})
    pack = packs.make(1, list(Kind), "ana", now=NOW)
    assert set(pack.files) == {Kind.HTML, Kind.JSON}
    assert pack.unprinted == "No Chromium was found that starts."


def test_all_files_of_all_runs_are_signed_with_the_same_key(office: Office) -> None:
    office.finished()
    office.finished(Verb.RETIRE)
    assert made(office, 1).key == made(office, 2).key
