"""The doctor, and the ways to get a Chromium (none of which is taken here)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from bot.keys import find_keys
from bot.settings import Settings
from bot.terminal import doctor
from bot.terminal.doctor import Finding, Unwell, install_browser, look_at, next_step, ways_to_install
from sandbox.slack import SandboxSlack
from sandbox.slack.manifest import read_manifest
from storage import practices
from storage.models import Credential, Purpose, utcnow
from storage.vault import Vault, new_key
from tests.bot.talk import MANIFEST


def _settings(folder: Path, **changes: object) -> Settings:
    url = SecretStr(f"sqlite:///{folder}/onespot.db")
    return Settings(_env_file=None, **{"database_url": url, **changes})  # type: ignore[arg-type]


def _no_browser() -> str:
    raise Unwell("No Chromium.")


def test_a_look_becomes_a_finding() -> None:
    assert look_at("browser", lambda: "a Chromium") == ("browser", True, "a Chromium")
    assert look_at("browser", _no_browser) == ("browser", False, "No Chromium.")


def test_a_database_that_is_not_there_yet_is_well_and_not_made(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    assert "will be made on first use" in doctor.database(settings)
    assert "will be made on first use" in doctor.keys(settings)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_unwell(tmp_path: Path) -> None:
    (tmp_path / "onespot.db").write_text("no database " * 100)
    with pytest.raises(Unwell):
        doctor.database(_settings(tmp_path))


def test_keys_that_open_what_is_sealed_are_well_and_wrong_ones_are_not(engine: Engine, tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    practice = practices.save(engine, "Lumen Eye", "http://tiny.example/", now=utcnow())
    vault = Vault(engine, find_keys(settings, engine))
    vault.keep(practice.id, Purpose.FINAL, Credential("OneSpot2915", SecretStr("canary")), now=utcnow())
    assert "open what is sealed" in doctor.keys(settings)
    assert "1 practice" in doctor.database(settings)
    with pytest.raises(Unwell):
        doctor.keys(_settings(tmp_path, onespot_keys=new_key()))
    (tmp_path / "onespot.keys").unlink()
    with pytest.raises(Unwell, match="missing"):
        doctor.keys(settings)


def test_a_bad_address_is_unwell_and_names_its_variable(tmp_path: Path) -> None:
    with pytest.raises(Unwell, match="REVOLUTIONEHR_URL"):
        doctor.address(_settings(tmp_path, revolutionehr_url="revolutionehr.com"))


def test_nothing_is_installed_where_a_browser_starts() -> None:
    said: list[str] = []
    assert install_browser(lambda: "a Chromium", said.append, root=True) == "a Chromium"
    assert said == []


def test_when_no_way_helps_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "ways_to_install", lambda *, root: [[["no-such-command-anywhere"]]])
    with pytest.raises(Unwell, match="apt-get install chromium-headless-shell"):
        install_browser(_no_browser, lambda _: None, root=True)


def test_the_first_way_that_leaves_a_browser_is_enough(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made, never = tmp_path / "chromium", tmp_path / "another"

    def find() -> str:
        return str(made) if made.exists() else _no_browser()

    def touch(path: Path) -> list[str]:
        return [sys.executable, "-c", f"import pathlib; pathlib.Path({str(path)!r}).touch()"]

    fails = [sys.executable, "-c", "raise SystemExit(1)"]
    ways = [[fails, touch(never)], [touch(made)], [touch(never)]]
    monkeypatch.setattr(doctor, "ways_to_install", lambda *, root: ways)
    assert install_browser(find, lambda _: None, root=True) == str(made)
    assert not never.exists()


def test_only_root_installs_packages() -> None:
    as_user, as_root = ways_to_install(root=False), ways_to_install(root=True)
    assert as_user == [[[sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]]]
    assert "--with-deps" in as_root[0][0]
    assert [way[-1][-1] for way in as_root] == ["chromium", "chromium-headless-shell", "chromium"]


def test_a_key_file_without_a_database_is_counted_and_makes_none(tmp_path: Path) -> None:
    (tmp_path / "onespot.keys").write_text(f"{new_key().get_secret_value()}\n")
    assert doctor.keys(_settings(tmp_path)) == f"1 in {tmp_path}/onespot.keys"
    assert not (tmp_path / "onespot.db").exists()
    (tmp_path / "onespot.keys").write_text("canary\n")
    with pytest.raises(Unwell) as caught:
        doctor.keys(_settings(tmp_path))
    assert "canary" not in str(caught.value)


def test_what_is_next_is_what_is_not_well_else_the_bot_else_the_terminal() -> None:
    well, unwell = Finding("python", True, ""), Finding("slack", False, "")
    assert "(slack), then `onespot doctor` again" in next_step([well, unwell], slack=True)
    assert "`onespot run`" in next_step([well], slack=True)
    assert "`onespot init`" in next_step([well], slack=False)


# --- Slack


@pytest.fixture(scope="module")
def workspace() -> Iterator[SandboxSlack]:
    with SandboxSlack(MANIFEST) as slack:
        yield slack


def _in_slack(folder: Path, workspace: SandboxSlack, **changes: object) -> Settings:
    given = {
        "slack_bot_token": SecretStr(workspace.bot_token),
        "slack_app_token": SecretStr(workspace.app_token),
        "slack_api_url": workspace.api_url,
        "onespot_approvers": "S0LEADS",
    }
    return _settings(folder, **{**given, **changes})


def test_the_doctor_gets_into_slack(tmp_path: Path, workspace: SandboxSlack) -> None:
    assert "T0SANDBOX" in doctor.slack(_in_slack(tmp_path, workspace))


def test_no_slack_at_all_is_well_for_a_terminal_and_each_missing_thing_has_its_line(tmp_path: Path) -> None:
    first, *others = doctor.slack(_settings(tmp_path)).splitlines()
    assert "Not set up; the terminal needs none" in first
    assert [line.split()[0] for line in others] == ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "ONESPOT_APPROVERS"]


def test_every_missing_setting_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unwell, match=r"SLACK_BOT_TOKEN is missing.*\nONESPOT_APPROVERS is missing"):
        doctor.slack(_settings(tmp_path, slack_app_token=SecretStr("xapp-1")))
    with pytest.raises(Unwell, match=r"SLACK_APP_TOKEN .* or SLACK_SIGNING_SECRET"):
        doctor.slack(_settings(tmp_path, slack_bot_token=SecretStr("xoxb-1"), onespot_approvers="U1"))


def test_a_refused_token_and_a_slack_that_is_not_there_are_two_things(tmp_path: Path, workspace: SandboxSlack) -> None:
    with pytest.raises(Unwell, match=r"refuses SLACK_BOT_TOKEN \(invalid_auth\)"):
        doctor.slack(_in_slack(tmp_path, workspace, slack_bot_token=SecretStr("xoxb-wrong")))
    with pytest.raises(Unwell, match="can't be reached"):
        doctor.slack(_in_slack(tmp_path, workspace, slack_api_url="http://127.0.0.1:9/"))


def test_a_scope_that_the_app_lacks_is_named(tmp_path: Path, workspace: SandboxSlack) -> None:
    workspace.dials.withheld = {"files:write"}
    workspace.faults.on("missing-scope")
    with pytest.raises(Unwell, match="lacks files:write"):
        doctor.slack(_in_slack(tmp_path, workspace))
    workspace.faults.off("missing-scope")


def test_the_doctor_knows_the_manifests_scopes() -> None:
    assert set(doctor.SCOPES) == set(read_manifest(MANIFEST).scopes)
