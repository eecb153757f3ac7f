"""Finished runs with steps and pictures, put there directly, for the tests of evidence. Nothing here asserts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from bot.hands import steps_of
from bot.pack.make import NotPrinted, Packs
from storage import practices, runs
from storage.models import Change, ChangeKind, Plan, Practice, Run, RunStatus, StepStatus, Verb, Verdict
from storage.vault import Vault, new_key

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)

PLAN = Plan(
    "2915",
    "OneSpot2915",
    "Fairhaven Main",
    ("Fairhaven Main", "Fairhaven North"),
    (Change(ChangeKind.CREATE, "user role OneSpot", "with exactly six permissions"),),
)
OUTCOME = {
    "username": "OneSpot2915",
    "role_name": "OneSpot",
    "primary_location": "Fairhaven Main",
    "locations": ["Fairhaven Main", "Fairhaven North"],
    "changed": True,
    "renewed": True,
    "proved_at": "2026-11-28T09:30:00+00:00",
    "versions": {"revolutionehr": "v7.6.2", "build": "192124", "browser": "141.0", "onespot": "0.1.0"},
}


def no_printer(html: str) -> bytes:
    """A machine without a browser."""
    raise NotPrinted("No Chromium was found that starts.")


def paper(html: str) -> bytes:
    """A printer that is quick: what has a PDF's beginning and end."""
    return b"%PDF-1.4\n" + html.encode()[:200] + b"\n%%EOF\n"


@dataclass
class Office:
    """A database with finished runs, and who makes evidence of them."""

    engine: Engine
    folder: Path
    vault: Vault = field(init=False)
    practice: Practice = field(init=False)

    def __post_init__(self) -> None:
        self.vault = Vault(self.engine, [new_key()])
        self.practice = practices.save(self.engine, "Lumen Eye", "https://ehr.example/static/", now=NOW)
        practices.learned(self.engine, self.practice.id, "2915", "OneSpot2915")

    @property
    def packs(self) -> Packs:
        return Packs(self.engine, self.vault, self.folder / "evidence", steps_of, paper)

    def picture(self, run_id: int, name: str, data: bytes) -> Path:
        """A picture on the disk."""
        folder = self.folder / "evidence" / str(run_id)
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{name}.jpg"
        file.write_bytes(data)
        return file

    def finished(
        self,
        verb: Verb = Verb.PROVISION,
        *,
        pictures: Mapping[str, bytes] | None = None,
        reason: str = "",
        steps: int | None = None,
        by: str = "U0ANA",
        channel: str | None = None,
        there: bool = False,
        to: RunStatus = RunStatus.SUCCEEDED,
    ) -> Run:
        """A run that ended so, with so many steps done (or there already) and these pictures, by the steps' names."""
        run = self.running(verb, reason=reason, by=by, channel=channel)
        lease = runs.claim(self.engine, run.id, "somebody", now=NOW)
        assert lease is not None
        status = StepStatus.ALREADY_THERE if there else StepStatus.DONE
        for number, name in self.names(verb)[:steps]:
            data = (pictures or {}).get(name)
            digest = "" if data is None else hashlib.sha256(data).hexdigest()
            if data is not None:
                self.picture(run.id, f"{number:02d}-{name}", data)
            runs.record(self.engine, lease, run.id, number, name, StepStatus.RUNNING, now=NOW)
            runs.record(self.engine, lease, run.id, number, name, status, "", 1.5, digest, now=NOW)
        runs.proved(self.engine, lease, run.id, OUTCOME)
        assert runs.move(self.engine, run.id, to, now=NOW, lease=lease)
        runs.release(self.engine, lease)
        return self.run(run.id)

    def running(
        self, verb: Verb = Verb.PROVISION, *, reason: str = "", by: str = "U0ANA", channel: str | None = None
    ) -> Run:
        """A run whose plan was approved."""
        run = runs.request(self.engine, self.practice.id, by, verb=verb, administrator="mhalloran", channel=channel,
                           notes="a note of the onboarding team", now=NOW)  # fmt: skip
        lease = runs.claim(self.engine, run.id, "somebody", now=NOW, to=RunStatus.PLANNING)
        assert lease is not None
        assert runs.move(self.engine, run.id, RunStatus.PLANNED, now=NOW, plan=PLAN, lease=lease)
        runs.release(self.engine, lease)
        assert runs.approve(self.engine, run.id, PLAN.hash, Verdict.APPROVED, "U0BEN", reason, now=NOW)
        return self.run(run.id)

    def run(self, run_id: int) -> Run:
        run = runs.get(self.engine, run_id)
        assert run is not None
        return run

    @staticmethod
    def names(verb: Verb) -> list[tuple[int, str]]:
        """The numbers and names of a run's steps."""
        from automation.revolutionehr.guide import GUIDE
        from automation.revolutionehr.retire import STEPS

        return [(step.number, step.name) for step in (STEPS if verb is Verb.RETIRE else GUIDE)]
