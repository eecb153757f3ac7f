"""The scene of a case: an EHR in which the steps before the fault are done, and the database that remembers them.

What is put there is what a run leaves, by the stand-in's own verbs and the product's own vault.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Engine

from bench.scorecard.cases import Case, Start
from sandbox.ehr import SandboxEhr, seed
from sandbox.ehr.records import Secret
from sandbox.ehr.state import State
from storage import practices, runs
from storage.database import connect, upgrade
from storage.models import Credential, Practice, Purpose, Stage, utcnow
from storage.vault import Vault, new_key

PRACTICE = "Lumen Eye"
USERNAME = "OneSpot2915"
TEMPORARY = "Quiet-Lantern-58"
FINAL = "Brisk-Meadow-7731"

_ONE_AT_A_TIME = threading.Lock()
"""Alembic's context is one for the whole process."""


@dataclass(frozen=True)
class Scene:
    """One EHR, one folder with a database in it, and the key of its vault."""

    ehr: SandboxEhr
    folder: Path
    key: SecretStr
    engine: Engine

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder}/onespot.db"

    @property
    def vault(self) -> Vault:
        return Vault(self.engine, [self.key])

    def kept(self) -> dict[Stage, list[Credential]]:
        """What is kept of the account's passwords, by stage."""
        practice = practices.find(self.engine, PRACTICE)
        found: dict[Stage, list[Credential]] = {}
        if practice is None:
            return found
        for stage in Stage:
            both = [self.vault.kept(practice.id, purpose, stage) for purpose in (Purpose.FINAL, Purpose.TEMPORARY)]
            found[stage] = [credential for credential in both if credential is not None]
        return found

    def last_run(self) -> str:
        """Where the newest run stands; "" when there was none."""
        newest = runs.latest(self.engine, 1)
        return str(newest[0][0].status) if newest else ""


@contextmanager
def scene(case: Case, folder: Path) -> Iterator[Scene]:
    """The EHR runs, with the case's faults; the folder's database knows what has been done so far."""
    engine = connect(f"sqlite:///{folder}/onespot.db")
    try:
        with _ONE_AT_A_TIME:
            upgrade(engine)
        with SandboxEhr(case.front, clock=_from_ten_in_the_evening()) as ehr:
            set_up = Scene(ehr, folder, new_key(), engine)
            furnish(ehr.state, case.start)
            _remember(set_up, case.start)
            ehr.faults.on(*case.faults)
            yield set_up
    finally:
        engine.dispose()


def _from_ten_in_the_evening() -> Callable[[], datetime]:
    """The EHR's clock: when the nightly sync logs in, whenever this is played."""
    now = datetime.now(UTC)
    ahead = now.replace(hour=22, minute=0, second=0, microsecond=0) - now
    return lambda: datetime.now(UTC) + ahead


def furnish(state: State, start: Start) -> None:
    """What is there already in the EHR."""
    if start is Start.NOTHING:
        return
    role = seed.onespot_role(state)
    if start is Start.ROLE:
        return
    who = seed.onespot_employee(state, "Sync", "OneSpot")
    places = sorted((place for place in state.locations.values() if place.active), key=lambda place: place.name)
    who.role_ids, who.other = [role.id], {}
    who.location_ids, who.primary_location_id = [place.id for place in places], places[0].id
    first_login_to_come = start is Start.EMPLOYEE
    who.secret = Secret.of(TEMPORARY if first_login_to_come else FINAL)
    who.must_reset, who.agreed, who.emergency = first_login_to_come, not first_login_to_come, start is Start.DRIFTED


def _remember(scene: Scene, start: Start) -> None:
    """What is known already in the database."""
    if start in (Start.NOTHING, Start.ROLE):
        return
    practice = practices.save(scene.engine, PRACTICE, scene.ehr.url, now=utcnow())
    if start is Start.EMPLOYEE:
        _keep(scene.vault, practice, Purpose.TEMPORARY, TEMPORARY)
        return
    _keep(scene.vault, practice, Purpose.FINAL, FINAL)
    scene.vault.prove(practice.id, now=utcnow())
    practices.learned(scene.engine, practice.id, scene.ehr.state.practice.id, USERNAME)


def _keep(vault: Vault, practice: Practice, purpose: Purpose, password: str) -> None:
    """As a run does before it types it."""
    vault.keep(practice.id, purpose, Credential(USERNAME, SecretStr(password)), now=utcnow())
    vault.mark_submitted(practice.id, purpose, now=utcnow())
