"""The registry of faults: names, switching, and that each one is acted out somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sandbox.ehr import FAULTS, SandboxEhr
from sandbox.ehr.faults import FRONT, LEGACY, SERVER
from tests.sandbox.conftest import Visitor

HERE = Path(__file__).parents[2] / "sandbox" / "ehr"


def test_names_are_kebab_case_and_have_a_sentence() -> None:
    for name, sentence in FAULTS.items():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
        assert sentence[0].isupper()
        assert sentence.endswith(".")
    assert len(FAULTS) == len(SERVER) + len(FRONT) + len(LEGACY)


def test_an_unknown_name_is_refused_with_the_near_ones(ehr: SandboxEhr) -> None:
    with pytest.raises(ValueError, match=r'no fault named "role-exist-identical"\. Near it are: role-exists-identical'):
        ehr.faults.on("mfa", "role-exist-identical")
    assert list(ehr.faults) == []
    with pytest.raises(ValueError, match="no fault named"):
        assert "nonsense" in ehr.faults
    with pytest.raises(ValueError, match="no fault named"):
        SandboxEhr(faults=["nonsense"])


def test_faults_are_switched_while_it_runs(ehr: SandboxEhr, visitor: Visitor) -> None:
    answer = visitor.client.post("/_sandbox/faults", json={"on": ["frozen-page", "motd-warning"]}).json()
    assert answer["on"] == ["frozen-page", "motd-warning"]
    assert answer["known"] == FAULTS
    assert visitor.session()["faults"] == ["frozen-page"]
    assert visitor.get("home").headers["X-Sandbox-Faults"] == "frozen-page"
    ehr.faults.off("frozen-page")
    assert visitor.client.get("/_sandbox/faults").json()["on"] == ["motd-warning"]
    refused = visitor.client.post("/_sandbox/faults", json={"on": ["nonsense"]})
    assert refused.status_code == 400
    assert "Near it are" in refused.json()["errors"][0]


def test_once_starts_anew_when_switched_on_again(ehr: SandboxEhr) -> None:
    assert not ehr.faults.first("login-500-once")
    ehr.faults.on("login-500-once")
    assert [ehr.faults.first("login-500-once") for _ in range(3)] == [True, False, False]
    ehr.faults.on("login-500-once")
    assert ehr.faults.first("login-500-once")


def test_every_fault_is_acted_out_by_the_server_or_by_the_legacy_front_end() -> None:
    python = "".join(path.read_text() for path in HERE.rglob("*.py") if path.name != "faults.py")
    seeds = (HERE / "faults.py").read_text().partition("SEEDS: ")[2]
    for name in SERVER:
        assert f'"{name}"' in python + seeds, name
    legacy = "".join(path.read_text() for path in (HERE / "legacy").rglob("*") if path.suffix in (".js", ".html"))
    for name in FRONT | LEGACY:
        assert f"'{name}'" in legacy, name


@pytest.mark.parametrize("fault", ["www-404", "maintenance-page"])
def test_the_address_can_lead_elsewhere(ehr: SandboxEhr, visitor: Visitor, fault: str) -> None:
    assert visitor.client.get("/static/").status_code == 200
    ehr.faults.on(fault)
    page = visitor.client.get("/static/")
    assert page.status_code == {"www-404": 404, "maintenance-page": 503}[fault]
    assert "loginUsername" not in page.text
