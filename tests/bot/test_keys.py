"""The key file's rules, and the rotation."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from bot.keys import find_keys, key_file, read_key_file, rotate, write_keys
from bot.problems import SettingsProblem
from bot.settings import Settings
from storage import practices
from storage.models import Credential, Practice, Purpose, Stage, utcnow
from storage.vault import Vault, new_key


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return _settings(f"sqlite:///{tmp_path}/onespot.db")


@pytest.fixture
def practice(engine: Engine) -> Practice:
    return practices.save(engine, "Lumen Eye", "http://tiny.example/", now=utcnow())


def _settings(url: str, keys: str | None = None) -> Settings:
    sealed = None if keys is None else SecretStr(keys)
    return Settings(_env_file=None, database_url=SecretStr(url), onespot_keys=sealed)  # type: ignore[call-arg]


def _seal(engine: Engine, keys: list[SecretStr], practice: Practice) -> None:
    credential = Credential("OneSpot2915", SecretStr("canary-final"))
    Vault(engine, keys).keep(practice.id, Purpose.FINAL, credential, now=utcnow())


def _opens(engine: Engine, keys: list[SecretStr], practice: Practice) -> bool:
    kept = Vault(engine, keys).kept(practice.id, Purpose.FINAL, Stage.PENDING)
    return kept is not None and kept.password.get_secret_value() == "canary-final"


def test_the_first_use_makes_a_private_file_beside_the_database(
    settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    keys = find_keys(settings, engine)
    file = tmp_path / "onespot.keys"
    assert key_file(settings) == file
    assert file.stat().st_mode & 0o777 == 0o600
    assert [one.get_secret_value() for one in keys] == file.read_text().split()
    assert [path.name for path in tmp_path.iterdir() if "keys" in path.name] == ["onespot.keys"]


def test_the_second_use_finds_the_same_keys(settings: Settings, engine: Engine) -> None:
    assert find_keys(settings, engine) == find_keys(settings, engine)


def test_a_lost_file_is_never_replaced_while_the_database_holds_passwords(
    settings: Settings, engine: Engine, practice: Practice, tmp_path: Path
) -> None:
    _seal(engine, find_keys(settings, engine), practice)
    (tmp_path / "onespot.keys").unlink()
    with pytest.raises(SettingsProblem, match="put the file back"):
        find_keys(settings, engine)
    assert not (tmp_path / "onespot.keys").exists()


def test_a_file_that_others_could_read_is_closed(settings: Settings, engine: Engine, tmp_path: Path) -> None:
    find_keys(settings, engine)
    file = tmp_path / "onespot.keys"
    file.chmod(0o644)
    find_keys(settings, engine)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_slower_first_use_leaves_the_faster_ones_file(tmp_path: Path) -> None:
    faster, slower = new_key(), new_key()
    write_keys(tmp_path / "onespot.keys", [faster], replace=False)
    write_keys(tmp_path / "onespot.keys", [slower], replace=False)
    assert read_key_file(tmp_path / "onespot.keys") == [faster]


@pytest.mark.parametrize("content", ["canary-no-key\n", "", "\n\n"])
def test_a_file_without_good_keys_is_said_without_quoting_it(
    settings: Settings, engine: Engine, tmp_path: Path, content: str
) -> None:
    (tmp_path / "onespot.keys").write_text(content)
    with pytest.raises(SettingsProblem) as caught:
        find_keys(settings, engine)
    assert "onespot.keys" in str(caught.value)
    assert "canary" not in str(caught.value)


def test_keys_of_the_environment_win_and_make_no_file(engine: Engine, tmp_path: Path) -> None:
    newest, oldest = new_key(), new_key()
    both = f"{newest.get_secret_value()},{oldest.get_secret_value()}"
    settings = _settings(f"sqlite:///{tmp_path}/onespot.db", both)
    assert find_keys(settings, engine) == [newest, oldest]
    assert not (tmp_path / "onespot.keys").exists()


def test_bad_keys_of_the_environment_are_said_without_quoting_them(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(SettingsProblem) as caught:
        find_keys(_settings(f"sqlite:///{tmp_path}/onespot.db", "canary"), engine)
    assert str(caught.value).startswith("ONESPOT_KEYS")
    assert "canary" not in str(caught.value)


def test_postgresql_needs_keys_of_the_environment(engine: Engine) -> None:
    with pytest.raises(SettingsProblem, match="ONESPOT_KEYS is required"):
        find_keys(_settings("postgresql://user@localhost/onespot"), engine)


def test_rotating_a_file_seals_anew_and_keeps_the_older_key_for_backups(
    settings: Settings, engine: Engine, practice: Practice
) -> None:
    before = find_keys(settings, engine)
    _seal(engine, before, practice)
    assert rotate(settings, engine, utcnow()) == 1
    after = find_keys(settings, engine)
    assert after[1:] == before
    assert _opens(engine, after[:1], practice)


def test_rotating_keys_of_the_environment_uses_the_newest_of_them(
    engine: Engine, practice: Practice, tmp_path: Path
) -> None:
    old, new = new_key(), new_key()
    _seal(engine, [old], practice)
    settings = _settings(f"sqlite:///{tmp_path}/onespot.db", f"{new.get_secret_value()},{old.get_secret_value()}")
    assert rotate(settings, engine, utcnow()) == 1
    assert _opens(engine, [new], practice)
