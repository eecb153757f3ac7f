"""An account as a run leaves it, put there directly: in the stand-in EHR, and in a database of its own.

What tests of a later day begin with; nothing here asserts.
"""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Engine

from sandbox.ehr import SandboxEhr, seed
from sandbox.ehr.records import Employee, Secret
from sandbox.ehr.state import State
from storage import practices
from storage.database import connect
from storage.models import Credential, Practice, Purpose, utcnow
from storage.vault import Vault, new_key
from tests.onespot import PRACTICE

USERNAME, FORMER = "OneSpot2915", "Former-Word-8822"


def in_the_ehr(state: State) -> Employee:
    """The role and the employee as the guide leaves them; the employee, whose password is FORMER."""
    seed.onespot_role(state)
    who = seed.onespot_employee(state, "Sync", "OneSpot", role="OneSpot")
    who.secret = Secret.of(FORMER)
    who.location_ids = [place.id for place in state.locations.values() if place.active]
    return who


@dataclass
class Kept:
    """A database with a practice in it, and the key to its vault."""

    engine: Engine
    practice: Practice
    key: SecretStr = field(default_factory=new_key)

    @property
    def vault(self) -> Vault:
        return Vault(self.engine, [self.key])

    def prove(self) -> None:
        """The account's password is kept, as one that a login has proved."""
        self.vault.keep(self.practice.id, Purpose.FINAL, Credential(USERNAME, SecretStr(FORMER)), now=utcnow())
        self.vault.prove(self.practice.id, now=utcnow())


def in_a_database(stack: ExitStack, template: Path, folder: Path, ehr: SandboxEhr) -> Kept:
    """The practice of this EHR in a new database, which the stack lets go; no password is kept yet."""
    shutil.copyfile(template, folder / "onespot.db")
    engine = connect(f"sqlite:///{folder}/onespot.db")
    stack.callback(engine.dispose)
    return Kept(engine, practices.save(engine, PRACTICE, ehr.url, now=utcnow()))
