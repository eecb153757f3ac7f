"""What this machine keeps of us: no core dump, and nothing that anybody else may read."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from automation import evidence
from bot.house import House, open_database
from bot.keys import rotate
from bot.settings import Settings
from bot.terminal.export import Table, export
from storage import practices
from storage.models import Credential, Purpose, utcnow
from tests.bot.tiny import ADMIN, TinyHands

LOOKS = """
import resource, subprocess, sys
import bot.__main__ as main
resource.setrlimit(resource.RLIMIT_CORE, (1024, resource.getrlimit(resource.RLIMIT_CORE)[1]))
child = "import resource; print(resource.getrlimit(resource.RLIMIT_CORE)[0])"
def look():
    print(resource.getrlimit(resource.RLIMIT_CORE)[0], flush=True)
    subprocess.run([sys.executable, "-c", child], check=True)
main.app = look
main.main()
"""


def test_neither_the_command_nor_what_it_starts_leaves_a_core() -> None:
    said = subprocess.run([sys.executable, "-c", LOOKS], capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout.split() == ["0", "0"]


@pytest.fixture(params=[0o000, 0o002, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def test_every_file_and_folder_is_for_its_owner_only_whatever_the_umask(umask: None, tmp_path: Path) -> None:
    """Everything that a bot leaves behind: database, -wal, -shm, keys, pictures, exports; also when made anew."""
    url, folder = f"sqlite:///{tmp_path}/onespot.db", tmp_path / "evidence"
    settings = Settings(_env_file=None, database_url=SecretStr(url))  # type: ignore[call-arg]
    with open_database(url) as engine:
        house = House(settings, engine, None)
        worker = house.worker(lambda _: None)
        worker.hands = TinyHands()  # type: ignore[assignment]
        practice = practices.save(engine, "Lumen Eye", "http://tiny.example/", now=utcnow())
        house.vault.keep(practice.id, Purpose.FINAL, Credential("x", SecretStr("canary")), now=utcnow())
        rotate(settings, engine, utcnow())
        worker.plan_practice(practice, ADMIN)
        for name in ("08-save", "08-save"):
            assert evidence._written(worker.folder("7") / f"{name}.png", b"png") is not None
        for force in (False, True):
            export(engine, Table.PRACTICES, tmp_path / "out.csv", since=None, force=force)
        left = {path: path.stat().st_mode & 0o777 for path in tmp_path.rglob("*")}
    assert {path.name for path in left} >= {"onespot.db", "onespot.db-wal", "onespot.keys", "08-save.png", "out.csv"}
    assert {path: oct(mode) for path, mode in left.items() if mode != (0o700 if path.is_dir() else 0o600)} == {}
    assert folder in left
