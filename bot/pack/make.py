"""Making and verifying evidence files: a run's rows and pictures become sealed HTML, PDF and JSON, noted in the audit.

What stands in them is record.py's, how they look page.py's, how they are sealed seal.py's. Who may have them is
for the callers to say.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Engine

from bot.blank import blanked
from bot.pack.page import page
from bot.pack.record import Making, Source, record_of, shown
from bot.pack.seal import Kind, Record, as_json, chained, sealed
from bot.thread import picture_file
from storage import audit, practices, runs
from storage.models import FINISHED, SENTENCES, Step, StepStatus, Verb
from storage.signing import PublicKey, signer
from storage.vault import Vault

MADE = "made evidence"
"""As the audit has it."""

LARGEST = 2_000_000
"""Bytes of a picture that is read; ours are much smaller."""


class NoPack(Exception):
    """There is no evidence of this run (yet); str() is a sentence that says why."""


@dataclass(frozen=True)
class Pack:
    """The files of one run, by their kinds, and how they are known."""

    run_id: int
    files: Mapping[Kind, bytes]
    key: PublicKey
    head: str
    unprinted: str = ""
    """Why there is no PDF, where one was wanted."""

    def name(self, kind: Kind) -> str:
        """The file's name."""
        return f"onespot-evidence-run-{self.run_id}.{kind}"


class NotPrinted(Exception):
    """A page could not be printed; str() says why. (Whoever prints for us raises it.)"""


@dataclass(frozen=True)
class Packs:
    """All that it takes. `printing` makes a PDF of a page, or raises NotPrinted."""

    engine: Engine
    vault: Vault
    evidence: Path
    """The folder of the masked pictures."""
    titles: Callable[[Verb], list[tuple[int, str]] | tuple[tuple[int, str], ...]]
    printing: Callable[[str], bytes]

    def make(
        self,
        run_id: int,
        kinds: Collection[Kind],
        by: str,
        *,
        now: datetime,
        name: Callable[[str], str] = str,
    ) -> Pack:
        """The files of these kinds, made for somebody, after an audit entry says so. `name` writes a person's id.

        Raises NoPack: the run isn't known or isn't finished.
        """
        source = self._source(run_id)
        key = signer(self.engine, self.vault, now=now)
        kept = [one.password.get_secret_value() for one in self.vault.kept_for(source.practice.id)]
        making = Making(by, now, version("onespot-provisioner"), name, lambda words: blanked(words, kept))
        record = chained(record_of(source, making), key)
        pictures = shown(source, record)
        files, unprinted = self._contents(record, pictures, kinds)
        whole = {kind: sealed(kind, content, key) for kind, content in files.items()}
        self._note(source, by, record, now)
        return Pack(run_id, whole, key.public, record["head"], unprinted)

    def _source(self, run_id: int) -> Source:
        run = runs.get(self.engine, run_id)
        practice = None if run is None else practices.get(self.engine, run.practice_id)
        if run is None or practice is None:
            raise NoPack(f"There is no run {run_id}: `onespot runs` lists them.")
        if run.status not in FINISHED:
            raise NoPack(f"Run {run_id} isn't finished ({SENTENCES[run.status]}) There is evidence once it is.")
        steps = runs.steps(self.engine, run_id)
        return Source(
            run=run,
            practice=practice,
            titles=self.titles(run.verb),
            steps=steps,
            approvals=runs.approvals(self.engine, run_id),
            entries=audit.entries(self.engine, run_id=run_id, limit=500)[::-1],
            pictures={step.name: self._picture(step) for step in steps if step.status is not StepStatus.RUNNING},
        )

    def _picture(self, step: Step) -> bytes | None:
        """What lies there for this step."""
        path = picture_file(self.evidence, step, "jpg")
        if path is None:
            return None
        try:
            with path.open("rb") as file:
                data = file.read(LARGEST + 1)
        except OSError:
            return None
        return data if len(data) <= LARGEST else None

    def _contents(
        self, record: Record, pictures: Mapping[str, bytes], kinds: Collection[Kind]
    ) -> tuple[dict[Kind, bytes], str]:
        """The files without their seals, and why one is missing."""
        files, unprinted = {}, ""
        html = page(record, pictures)
        if Kind.HTML in kinds:
            files[Kind.HTML] = html.encode()
        if Kind.PDF in kinds:
            try:
                files[Kind.PDF] = self.printing(html)
            except NotPrinted as why:
                unprinted = str(why)
        if Kind.JSON in kinds:
            files[Kind.JSON] = as_json(record, pictures)
        return files, unprinted

    def _note(self, source: Source, by: str, record: Record, now: datetime) -> None:
        run, detail = source.run, f"head {record['head']}"
        audit.write(self.engine, by, MADE, practice_id=run.practice_id, run_id=run.id, detail=detail, now=now)
