"""User roles and the permission tree."""

from __future__ import annotations

import pytest

from sandbox.ehr import ADMIN_PASSWORD, SandboxEhr
from sandbox.ehr.permissions import ONESPOT_PERMISSIONS, permission_tree
from tests.sandbox.conftest import SIX, Visitor


def test_the_tree_is_read_a_level_at_a_time(admin: Visitor) -> None:
    modules = admin.get("permissions").json()
    assert modules[0] == {
        "id": "accounting-module",
        "name": "Accounting Module",
        "hasChildren": True,
        "permission": False,
    }
    names = [node["name"] for node in admin.get("permissions", parent="accounting-module").json()]
    assert {"View Invoices", "Edit Invoices", "View Claims", "View Claims History"} < set(names)


def test_names_are_near_each_other_on_purpose() -> None:
    names = [node.name for node in permission_tree().nodes.values()]
    assert names.count("General") > 1
    assert names.count("View Invoices") > 1
    assert set(SIX) == ONESPOT_PERMISSIONS


def test_everything_below_a_folder_leaves_out_folders(admin: Visitor) -> None:
    ids = admin.get("permissions/under", parent="accounting-module").json()
    assert "accounting-module.view-invoices" in ids
    assert "accounting-module.payment-processing" not in ids
    assert any(one.startswith("accounting-module.payment-processing.") for one in ids)


def test_general_can_become_a_folder(ehr: SandboxEhr, admin: Visitor) -> None:
    ehr.faults.on("general-is-a-folder")
    (general,) = [
        node for node in admin.get("permissions", parent="administration-module").json() if node["name"] == "General"
    ]
    assert general["hasChildren"]
    assert general["permission"]


def test_a_role_is_made_and_read_back(ehr: SandboxEhr, admin: Visitor) -> None:
    answer = admin.post("roles", {"name": " OneSpot ", "permissions": [*SIX, "accounting-module"]})
    assert answer.status_code == 201
    assert admin.get(f"roles/{answer.json()['id']}").json()["permissions"] == sorted(SIX)
    assert [(one.by, one.what, one.detail) for one in ehr.state.mutations] == [("mhalloran", "role created", "OneSpot")]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"name": " ", "permissions": []}, "User Role Name is required."),
        ({"name": "x" * 51, "permissions": []}, "User Role Name may not be longer than 50 characters."),
        ({"name": "One", "permissions": ["no-such"]}, "An access permission does not exist."),
        ({"name": "front desk", "permissions": []}, "A user role with the name front desk already exists."),
    ],
)
def test_a_wrong_role_is_refused(ehr: SandboxEhr, admin: Visitor, body: dict[str, object], error: str) -> None:
    answer = admin.post("roles", body)
    assert (answer.status_code, answer.json()["errors"]) == (422, [error])
    assert ehr.state.mutations == []


def test_roles_have_a_second_page_and_a_search(admin: Visitor) -> None:
    first, second = admin.get("roles").json(), admin.get("roles", page=1).json()
    assert len(first["rows"]) == 10
    assert first["total"] == len(first["rows"]) + len(second["rows"])
    assert [row["name"] for row in admin.get("roles", search="onespot").json()["rows"]] == ["OneSpotter Training"]


@pytest.mark.parametrize(
    ("fault", "name", "count", "holders"),
    [
        ("role-exists-identical", "OneSpot", 6, 0),
        ("role-exists-shared", "OneSpot", 6, 1),
        ("role-exists-different", "OneSpot", 7, 1),
        ("role-exists-other-case", "Onespot", 6, 0),
    ],
)
def test_a_role_can_be_there_already(ehr: SandboxEhr, fault: str, name: str, count: int, holders: int) -> None:
    ehr.faults.on(fault)
    ehr.faults.off(fault)
    ehr.faults.on(fault)
    (role,) = ehr.state.roles_named(name)
    assert len(ehr.state.permission_names(role)) == count
    assert ehr.state.employees_with(role.id) == holders


def test_duplicate_names_are_refused_unless_allowed(ehr: SandboxEhr, admin: Visitor) -> None:
    body = {"name": "OneSpot", "permissions": list(SIX)}
    admin.post("roles", body)
    assert admin.post("roles", body).status_code == 422
    ehr.faults.on("duplicate-role-names-allowed")
    assert admin.post("roles", body).status_code == 201
    assert len(ehr.state.roles_named("OneSpot")) == 2


@pytest.mark.parametrize(
    ("fault", "status", "made"),
    [
        ("save-role-500-but-saved", 500, 1),
        ("save-role-500-not-saved", 500, 0),
        ("save-validation-list", 422, 0),
        ("session-timeout-mid-form", 401, 0),
        ("session-locks-mid-form", 401, 0),
        ("slow-save", 201, 1),
    ],
)
def test_saving_a_role_can_go_wrong(ehr: SandboxEhr, admin: Visitor, fault: str, status: int, made: int) -> None:
    ehr.faults.on(fault)
    assert admin.post("roles", {"name": "OneSpot", "permissions": list(SIX)}).status_code == status
    assert len(ehr.state.roles_named("OneSpot")) == made


def test_a_session_that_locks_at_the_first_save_goes_on_with_the_password(ehr: SandboxEhr, admin: Visitor) -> None:
    ehr.faults.on("session-locks-mid-form")
    wanted = {"name": "OneSpot", "permissions": list(SIX)}
    assert admin.post("roles", wanted).status_code == 401
    assert admin.session()["state"] == "lock"
    assert admin.post("unlock", {"password": ADMIN_PASSWORD}).json()["state"] == "app"
    assert admin.post("roles", wanted).status_code == 201
