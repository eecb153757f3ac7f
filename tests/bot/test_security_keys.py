"""Keys that change while passwords are sealed, proved and revealed: nothing is lost, and nobody has to start anew."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from bot.house import House
from bot.keys import find_keys, key_file, read_key_file, rotate
from bot.problems import SettingsProblem
from bot.settings import Settings
from storage import practices, runs
from storage.models import Credential, Practice, Purpose, Stage, utcnow
from storage.vault import Vault, VaultError, new_key
from tests.properties import breadth


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    url = SecretStr(f"sqlite:///{tmp_path}/onespot.db")
    return Settings(_env_file=None, database_url=url)  # type: ignore[call-arg]


@pytest.fixture
def all_practices(engine: Engine) -> list[Practice]:
    return [practices.save(engine, f"Practice {n}", "http://tiny.example/", now=utcnow()) for n in range(4)]


def works_at(vault: Vault, practice: Practice, over: threading.Event) -> Callable[[], str]:
    """Seal, send off, prove and reveal, until it is over; the last password that was proved."""

    def work() -> str:
        last, number = "", 0
        while not over.is_set() or number < 3:
            number += 1
            last = f"canary-{practice.id}-{number}"
            vault.keep(practice.id, Purpose.FINAL, Credential("OneSpot2915", SecretStr(last)), now=utcnow())
            vault.mark_submitted(practice.id, Purpose.FINAL, now=utcnow())
            assert vault.knows(practice.id, "OneSpot2915")
            vault.prove(practice.id, now=utcnow())
            kept = vault.kept(practice.id, Purpose.FINAL, Stage.CURRENT)
            assert kept is not None
            assert kept.password.get_secret_value() == last
        return last

    return work


def during(work: list[Callable[[], str]], over: threading.Event, deed: Callable[[], object], times: int) -> list[str]:
    """Do it some times while they work; what each of them had last."""
    with ThreadPoolExecutor(len(work)) as pool:
        going = [pool.submit(one) for one in work]
        try:
            for _ in range(times):
                deed()
        finally:
            over.set()
        return [one.result(60) for one in going]


def opened(engine: Engine, keys: list[SecretStr], practice: Practice) -> str:
    vault = Vault(engine, keys)
    kept = vault.kept(practice.id, Purpose.FINAL, Stage.CURRENT)
    assert kept is not None
    assert len(vault.kept_for(practice.id)) >= 1
    return kept.password.get_secret_value()


def test_a_vault_whose_keys_are_replaced_under_load_opens_everything_with_the_newest_alone(
    engine: Engine, all_practices: list[Practice]
) -> None:
    keys = [new_key()]
    vault, over = Vault(engine, keys), threading.Event()

    def replace() -> None:
        keys[:] = [new_key()]
        vault.rotate(keys)

    work = [works_at(vault, practice, over) for practice in all_practices]
    last = during(work, over, replace, breadth(8, 60))
    assert [opened(engine, keys, practice) for practice in all_practices] == last


def test_a_running_bot_goes_on_with_the_key_that_its_file_has_got_meanwhile(
    settings: Settings, engine: Engine, all_practices: list[Practice]
) -> None:
    """`onespot keys rotate` is another process: the running one learns of it from the file alone."""
    vault, over = House(settings, engine, None).vault, threading.Event()
    work = [works_at(vault, practice, over) for practice in all_practices]
    last = during(work, over, lambda: rotate(settings, engine, utcnow()), breadth(8, 60))
    newest = find_keys(settings, engine)[:1]
    assert [opened(engine, newest, practice) for practice in all_practices] == last


def test_what_a_running_bot_seals_after_a_rotation_needs_no_older_key(
    settings: Settings, engine: Engine, all_practices: list[Practice]
) -> None:
    vault, practice = House(settings, engine, None).vault, all_practices[0]
    rotate(settings, engine, utcnow())
    vault.keep(practice.id, Purpose.FINAL, Credential("OneSpot2915", SecretStr("canary")), now=utcnow())
    newest = find_keys(settings, engine)[:1]
    assert Vault(engine, newest).kept(practice.id, Purpose.FINAL, Stage.PENDING) is not None


def test_two_rotations_at_once_lose_no_key_that_something_is_sealed_with(
    settings: Settings, engine: Engine, all_practices: list[Practice]
) -> None:
    find_keys(settings, engine)
    for _ in range(breadth(5, 50)):
        vault = Vault(engine, find_keys(settings, engine))
        for practice in all_practices:
            vault.keep(practice.id, Purpose.FINAL, Credential("OneSpot2915", SecretStr("canary")), now=utcnow())
        together = threading.Barrier(3)

        def turn(together: threading.Barrier = together) -> int:
            together.wait(10)
            return rotate(settings, engine, utcnow())

        with ThreadPoolExecutor(3) as pool:
            for one in [pool.submit(turn) for _ in range(3)]:
                one.result(30)
        Vault(engine, find_keys(settings, engine)).check()


def test_keys_of_the_environment_can_not_change_under_somebody_at_work(engine: Engine, tmp_path: Path) -> None:
    """Whoever runs has the former environment: only a file is read again."""
    practice = practices.save(engine, "Lumen Eye", "http://tiny.example/", now=utcnow())
    url, keys = SecretStr(f"sqlite:///{tmp_path}/onespot.db"), SecretStr(new_key().get_secret_value())
    settings = Settings(_env_file=None, database_url=url, onespot_keys=keys)  # type: ignore[call-arg]
    lease = runs.claim_practice(engine, practice.id, runs.this_process(), now=utcnow())
    assert lease is not None
    with pytest.raises(SettingsProblem, match="at work"):
        rotate(settings, engine, utcnow())
    runs.release(engine, lease)
    assert rotate(settings, engine, utcnow()) == 0


@pytest.mark.parametrize("harm", ["gone", "spoiled", "another"])
def test_a_key_file_that_was_lost_under_a_running_bot_costs_it_nothing(
    settings: Settings, engine: Engine, all_practices: list[Practice], harm: str
) -> None:
    vault, practice = House(settings, engine, None).vault, all_practices[0]
    vault.keep(practice.id, Purpose.FINAL, Credential("OneSpot2915", SecretStr("canary")), now=utcnow())
    file = key_file(settings)
    assert file is not None
    before = read_key_file(file)
    if harm == "gone":
        file.unlink()
    else:
        file.write_text("spoiled" if harm == "spoiled" else new_key().get_secret_value())
    vault.keep(practice.id, Purpose.TEMPORARY, Credential("OneSpot2915", SecretStr("canary")), now=utcnow())
    assert vault.kept(practice.id, Purpose.FINAL, Stage.PENDING) is not None
    assert vault.kept(practice.id, Purpose.TEMPORARY, Stage.PENDING) is not None
    if harm != "another":
        assert Vault(engine, before).kept(practice.id, Purpose.TEMPORARY, Stage.PENDING) is not None


def test_a_stolen_database_without_its_keys_opens_nothing_and_shows_nothing(
    settings: Settings, engine: Engine, all_practices: list[Practice], tmp_path: Path
) -> None:
    """The file and its -wal, as a thief would copy them from a running bot; and with a key file of somebody else's."""
    secrets = ["Canary!Quokka-77x", "größe-密码-🔑"]
    vault, practice = House(settings, engine, None).vault, all_practices[0]
    for purpose, secret in zip((Purpose.FINAL, Purpose.ADMINISTRATOR), secrets, strict=True):
        vault.keep(practice.id, purpose, Credential("OneSpot2915", SecretStr(secret)), now=utcnow())
    stolen = [tmp_path / "onespot.db", tmp_path / "onespot.db-wal"]
    assert all(one.stat().st_size > 0 for one in stolen)
    seen = b"".join(one.read_bytes() for one in stolen)
    keys = find_keys(settings, engine)
    for secret in [*secrets, *(key.get_secret_value() for key in keys), "OneSpot2915"]:
        assert secret.encode() not in seen
        assert secret.encode("utf-16-le") not in seen
        assert secret.encode("unicode_escape") not in seen
    for strangers in ([new_key()], [new_key(), new_key()]):
        with pytest.raises(VaultError, match="the wrong keys"):
            Vault(engine, strangers).kept(practice.id, Purpose.FINAL, Stage.PENDING)
