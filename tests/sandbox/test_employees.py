"""The employees list and the employee record."""

from __future__ import annotations

import pytest

from sandbox.ehr import ADMIN_PASSWORD, ADMIN_USERNAME, SandboxEhr
from sandbox.ehr.records import WEEKDAYS
from tests.sandbox.conftest import FINAL, ONESPOT, TEMPORARY, Visitor, employee


def test_the_list_shows_ten_active_employees_a_page(admin: Visitor) -> None:
    first, second = admin.get("employees").json(), admin.get("employees", page=1).json()
    assert len(first["rows"]) == 10
    assert first["total"] == 16
    assert len(second["rows"]) == 6
    assert all(row["active"] for row in first["rows"])
    names = [row["lastName"] for row in first["rows"] + second["rows"]]
    assert names == sorted(names)


def test_onespot_is_not_on_the_first_page(provisioned: Visitor) -> None:
    assert ONESPOT not in [row["username"] for row in provisioned.get("employees").json()["rows"]]
    (row,) = provisioned.get("employees", search=" sync onespot ").json()["rows"]
    assert row["username"] == ONESPOT
    assert row["roles"] == ["OneSpot"]


def test_inactive_employees_are_listed_apart(admin: Visitor) -> None:
    rows = admin.get("employees", active="false").json()["rows"]
    assert len(rows) == 3
    assert not any(row["active"] for row in rows)


def test_a_record_shows_everything_but_passwords(provisioned: Visitor) -> None:
    (row,) = provisioned.get("employees", search=ONESPOT).json()["rows"]
    record = provisioned.get(f"employees/{row['id']}").json()
    assert record["firstName"] == "Sync"
    assert record["primaryLocationId"] == "4471"
    assert record["locationIds"] == ["4471", "4488", "4602"]
    assert record["emergency"] is False
    assert [record["days"][day]["allowed"] for day in WEEKDAYS] == [True] * 7
    assert not [key for key in record if "password" in key.lower()]


def test_a_row_icon_deactivates_at_once_and_throws_out(ehr: SandboxEhr, provisioned: Visitor, visitor: Visitor) -> None:
    visitor.login(ONESPOT, TEMPORARY)
    (row,) = provisioned.get("employees", search=ONESPOT).json()["rows"]
    provisioned.post(f"employees/{row['id']}/deactivate")
    assert visitor.session()["state"] == "login"
    assert "inactive" in visitor.login(ONESPOT, TEMPORARY).json()["errors"][0]
    provisioned.post(f"employees/{row['id']}/activate")
    assert visitor.login(ONESPOT, TEMPORARY).status_code == 200
    assert [one.what for one in ehr.state.mutations][-2:] == ["employee deactivated", "employee activated"]


def test_required_fields_are_named(ehr: SandboxEhr, admin: Visitor) -> None:
    assert admin.post("employees", {}).json()["errors"] == [
        "First Name is required.",
        "Last Name is required.",
        "Username is required.",
        "Temporary Password is required.",
        "Primary Location is required.",
    ]
    ehr.faults.on("required-field-unknown")
    assert "employmentType" in admin.get("employees/new").json()["required"]
    assert admin.post("employees", employee()).json()["errors"] == ["Employment Type is required."]
    assert admin.post("employees", employee(employmentType="Contractor")).status_code == 201


def test_unknown_roles_and_locations_are_refused(admin: Visitor) -> None:
    answer = admin.post("employees", employee(roleIds=["1"], locationIds=["2"]))
    assert answer.json()["errors"] == ["A user role does not exist.", "A location does not exist."]


def test_a_user_name_is_taken_in_any_case_even_by_inactive_employees(ehr: SandboxEhr, admin: Visitor) -> None:
    ehr.faults.on("username-taken-inactive")
    answer = admin.post("employees", employee(username=ONESPOT.upper()))
    assert "already in use" in answer.json()["errors"][0]
    assert admin.get("employees", search=ONESPOT).json()["total"] == 0
    assert admin.get("employees", search=ONESPOT, active="false").json()["total"] == 1


@pytest.mark.parametrize(
    ("fault", "name"),
    [("employee-exists", "Oneida Spottiswoode"), ("employee-exists-by-hand", "Sync OneSpot")],
)
def test_our_user_name_can_be_somebodys(ehr: SandboxEhr, admin: Visitor, fault: str, name: str) -> None:
    ehr.faults.on(fault)
    who = ehr.state.employee(ONESPOT)
    assert who is not None
    assert who.name == name
    assert who.active
    assert admin.post("employees", employee()).status_code == 422


def test_a_user_name_can_belong_to_another_practice(ehr: SandboxEhr, admin: Visitor, visitor: Visitor) -> None:
    ehr.faults.on("username-taken-elsewhere")
    assert "already in use" in admin.post("employees", employee()).json()["errors"][0]
    assert ehr.state.employee(ONESPOT) is None
    assert visitor.login(ONESPOT, TEMPORARY).status_code == 401


def test_a_new_temporary_password_unlocks_and_must_be_reset(
    ehr: SandboxEhr, provisioned: Visitor, visitor: Visitor
) -> None:
    for _ in range(5):
        visitor.login(ONESPOT, "wrong")
    (row,) = provisioned.get("employees", search=ONESPOT).json()["rows"]
    record = provisioned.get(f"employees/{row['id']}").json()
    record |= {"temporaryPassword": FINAL, "confirmTemporaryPassword": FINAL}
    assert provisioned.put(f"employees/{row['id']}", record).status_code == 200
    assert visitor.login(ONESPOT, FINAL).json()["state"] == "reset-password"


def test_changing_a_record_keeps_the_password(ehr: SandboxEhr, provisioned: Visitor, visitor: Visitor) -> None:
    visitor.login(ONESPOT, TEMPORARY)
    visitor.post("reset-password", {"password": FINAL, "confirm": FINAL})
    (row,) = provisioned.get("employees", search=ONESPOT).json()["rows"]
    record = provisioned.get(f"employees/{row['id']}").json() | {"locationIds": ["4471"]}
    assert provisioned.put(f"employees/{row['id']}", record).json()["locationIds"] == ["4471"]
    assert visitor.login(ONESPOT, FINAL).json()["state"] == "app"


@pytest.mark.parametrize(
    ("fault", "statuses", "made"),
    [
        ("save-employee-500-but-saved", (500, 422), 1),
        ("save-employee-500-once", (500, 201), 1),
        ("save-twice-makes-two", (201, 201), 2),
    ],
)
def test_saving_an_employee_can_go_wrong(
    ehr: SandboxEhr, admin: Visitor, fault: str, statuses: tuple[int, int], made: int
) -> None:
    ehr.faults.on(fault)
    assert (
        admin.post("employees", employee()).status_code,
        admin.post("employees", employee()).status_code,
    ) == statuses
    assert sum(who.username == ONESPOT for who in ehr.state.employees.values()) == made


def test_somebody_else_can_have_changed_the_record(ehr: SandboxEhr, provisioned: Visitor) -> None:
    ehr.faults.on("conflict-on-save")
    (row,) = provisioned.get("employees", search=ONESPOT).json()["rows"]
    assert provisioned.put(f"employees/{row['id']}", employee()).status_code == 409


def test_the_employees_page_breaks_for_one_login(ehr: SandboxEhr, admin: Visitor) -> None:
    ehr.faults.on("admin-page-500-once")
    assert [admin.get("employees").status_code for _ in range(3)] == [500, 500, 500]
    assert admin.get("roles").status_code == 200
    admin.login(ADMIN_USERNAME, ADMIN_PASSWORD)
    assert admin.get("employees").status_code == 200


@pytest.mark.parametrize(
    ("fault", "allowed"),
    [("days-default-off", 0), ("days-mixed", 5), ("days-with-times", 7), ("emergency-default-on", 7)],
)
def test_a_new_employees_form_starts_as_the_fault_says(
    ehr: SandboxEhr, admin: Visitor, fault: str, allowed: int
) -> None:
    assert sum(day["allowed"] for day in admin.get("employees/new").json()["days"].values()) == 7
    ehr.faults.on(fault)
    form = admin.get("employees/new").json()
    assert sum(day["allowed"] for day in form["days"].values()) == allowed
    assert form["emergency"] is (fault == "emergency-default-on")


def test_the_first_form_for_a_new_employee_can_be_told_to_load_anew(ehr: SandboxEhr, admin: Visitor) -> None:
    ehr.faults.on("app-reloads-mid-form")
    assert [admin.get("employees/new").json()["reload"] for _ in range(3)] == [True, False, False]


@pytest.mark.parametrize(
    ("faults", "active"),
    [([], 3), (["one-location"], 1), (["many-locations"], 14), (["inactive-locations-listed"], 4)],
)
def test_how_many_locations_a_picker_lists(ehr: SandboxEhr, admin: Visitor, faults: list[str], active: int) -> None:
    ehr.faults.on(*faults)
    assert len(admin.get("locations", active="true").json()) == active


def test_unknown_records_are_not_found(admin: Visitor) -> None:
    for path in ("employees/1", "roles/1", "locations/1"):
        assert admin.get(path).status_code == 404
