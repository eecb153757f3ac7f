"""What each login may see and change, and what its menus offer."""

from __future__ import annotations

import pytest

from sandbox.ehr import SandboxEhr
from tests.sandbox.conftest import FINAL, ONESPOT, SIX, TEMPORARY, Visitor

OPEN_TO_ONESPOT = ("practice", "locations", "roles", "permissions", "employees", "invoices", "claims", "vendors")


@pytest.fixture
def onespot(provisioned: Visitor, visitor: Visitor) -> Visitor:
    """Logged in as OneSpot, after the reset."""
    visitor.login(ONESPOT, TEMPORARY)
    assert visitor.post("reset-password", {"password": FINAL, "confirm": FINAL}).status_code == 200
    return visitor


@pytest.mark.parametrize("path", OPEN_TO_ONESPOT)
def test_the_six_permissions_open_their_screens(onespot: Visitor, path: str) -> None:
    assert onespot.get(path).status_code == 200


@pytest.mark.parametrize(
    ("missing", "shut"),
    [
        ("accounting-module.view-invoices", "invoices"),
        ("accounting-module.view-claims", "claims"),
        ("administration-module.general", "practice"),
        ("administration-module.employee-roles", "employees"),
        ("administration-module.vendors-partners", "vendors"),
    ],
)
def test_a_missing_permission_shuts_its_screen_from_the_next_login_on(
    provisioned: Visitor, onespot: Visitor, missing: str, shut: str
) -> None:
    (row,) = provisioned.get("roles", search="OneSpot", size=50).json()["rows"][:1]
    body = {"name": "OneSpot", "permissions": [one for one in SIX if one != missing]}
    assert provisioned.put(f"roles/{row['id']}", body).status_code == 200
    assert onespot.get(shut).status_code == 200
    onespot.login(ONESPOT, FINAL)
    assert onespot.get(shut).status_code == 403


def test_onespot_changes_nothing(ehr: SandboxEhr, onespot: Visitor) -> None:
    before = len(ehr.state.mutations)
    assert onespot.post("roles", {"name": "More", "permissions": []}).status_code == 403
    assert onespot.post("employees/58217/deactivate").status_code == 403
    assert onespot.put("employees/58217", {}).status_code == 403
    assert len(ehr.state.mutations) == before


def test_the_menus_offer_what_the_role_allows(admin: Visitor, onespot: Visitor) -> None:
    user = onespot.session()["user"]
    assert user["modules"] == ["accounting", "admin"]
    assert user["menus"] == {"accounting": ["invoices", "claims"]}
    assert user["adminGroups"] == ["General", "Employee/Roles", "Vendors/Partners"]
    assert user["pods"] == []
    assert not user["mayEdit"]
    assert len(admin.session()["user"]["modules"]) == 10


def test_the_home_screen_shows_patients_only_to_those_who_may_see_them(admin: Visitor, onespot: Visitor) -> None:
    assert admin.get("home").json()["schedule"][0]["patient"] == "Hollis Braithwaite"
    assert onespot.get("home").json() == {"schedule": [], "messages": [], "tasks": []}


def test_menus_can_lack_admin_or_employee_roles(ehr: SandboxEhr, admin: Visitor) -> None:
    ehr.faults.on("no-employee-roles", "empty-home")
    user = admin.session()["user"]
    assert "Employee/Roles" not in user["adminGroups"]
    assert user["pods"] == []
    ehr.faults.on("no-admin-button")
    user = admin.session()["user"]
    assert "admin" not in user["modules"]
    assert user["adminGroups"] == []


def test_the_practice_id_stands_among_decoys(ehr: SandboxEhr, admin: Visitor) -> None:
    practice = admin.get("practice").json()
    assert practice["id"] == "2915"
    assert {"taxId", "npi"} < set(practice)
    assert all(place["id"] != "2915" for place in admin.get("locations").json())
    ehr.faults.on("id-with-thousands-separator")
    assert admin.get("practice").json()["id"] == "2,915"
    ehr.faults.off("id-with-thousands-separator")
    ehr.faults.on("id-with-spaces", "id-empty-while-loading")
    assert admin.get("practice").json()["id"].replace(" ", "") == "2915"
    ehr.faults.on("id-never-loads")
    assert admin.get("practice").json()["id"] == ""


def test_pressing_save_on_basic_information_leaves_a_trace(ehr: SandboxEhr, admin: Visitor) -> None:
    admin.put("practice", {})
    assert [one.what for one in ehr.state.mutations] == ["practice saved"]
