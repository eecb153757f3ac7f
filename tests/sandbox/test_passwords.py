"""Temporary passwords, the forced reset, and the practice's policy."""

from __future__ import annotations

import json

import pytest

from sandbox.ehr import ADMIN_PASSWORD, SandboxEhr
from sandbox.ehr.records import PasswordPolicy
from tests.sandbox.conftest import FINAL, ONESPOT, TEMPORARY, Visitor, employee


def reset(visitor: Visitor, password: str = FINAL, confirm: str | None = None, **more: str) -> tuple[int, str]:
    """The status and the first error, or the new state."""
    answer = visitor.post(
        "reset-password", {"password": password, "confirm": password if confirm is None else confirm, **more}
    )
    body = answer.json()
    return answer.status_code, body["errors"][0] if "errors" in body else body["state"]


def test_the_first_login_asks_for_a_new_password(ehr: SandboxEhr, provisioned: Visitor, visitor: Visitor) -> None:
    assert visitor.login(ONESPOT, TEMPORARY).json()["state"] == "reset-password"
    assert reset(visitor) == (200, "app")
    visitor.post("logout")
    assert visitor.login(ONESPOT, TEMPORARY).status_code == 401
    assert visitor.login(ONESPOT, FINAL).json()["state"] == "app"
    assert ehr.state.password_is(ONESPOT, FINAL)


def test_the_new_password_differs_from_the_temporary_one(provisioned: Visitor, visitor: Visitor) -> None:
    visitor.login(ONESPOT, TEMPORARY)
    status, error = reset(visitor, TEMPORARY)
    assert status == 422
    assert "previous passwords" in error


def test_former_passwords_are_remembered(provisioned: Visitor, visitor: Visitor) -> None:
    visitor.login(ONESPOT, TEMPORARY)
    reset(visitor)
    (row,) = provisioned.get("employees", search=ONESPOT).json()["rows"]
    record = provisioned.get(f"employees/{row['id']}").json()
    again = {"temporaryPassword": "Other-Temp-1", "confirmTemporaryPassword": "Other-Temp-1"}
    assert provisioned.put(f"employees/{row['id']}", record | again).status_code == 200
    visitor.login(ONESPOT, "Other-Temp-1")
    assert reset(visitor)[0] == 422


def test_both_fields_of_the_reset_must_agree(provisioned: Visitor, visitor: Visitor) -> None:
    visitor.login(ONESPOT, TEMPORARY)
    assert reset(visitor, FINAL, FINAL[:12]) == (422, "The passwords you entered do not match.")


@pytest.mark.parametrize("weak", ["Aa1!", "alllower1!", "ALLUPPER1!", "NoDigits!!", "NoSpecial11", "A1!a" * 17])
def test_the_default_policy_refuses_weak_passwords(weak: str) -> None:
    assert PasswordPolicy().objections(weak)


@pytest.mark.parametrize("good", ["Abcdef1!", TEMPORARY, FINAL, "aB3_" * 16])
def test_the_default_policy_takes_strong_passwords(good: str) -> None:
    assert PasswordPolicy().objections(good) == []


def test_the_strict_policy_says_its_rules(ehr: SandboxEhr, admin: Visitor) -> None:
    ehr.faults.on("password-policy-strict")
    bad = "Long_Enough_Password_1"
    answer = admin.post("employees", employee(temporaryPassword=bad, confirmTemporaryPassword=bad))
    errors = " ".join(answer.json()["errors"])
    assert answer.status_code == 422
    assert "between 8 and 12" in errors
    assert "_" in errors
    good = "Shorter-12!x"
    assert admin.post("employees", employee(temporaryPassword=good, confirmTemporaryPassword=good)).status_code == 201


def test_the_first_password_at_each_place_can_be_refused(ehr: SandboxEhr, admin: Visitor, visitor: Visitor) -> None:
    ehr.faults.on("password-policy-rejects-first")
    assert "commonly used" in admin.post("employees", employee()).json()["errors"][0]
    assert admin.post("employees", employee()).status_code == 201
    visitor.login(ONESPOT, TEMPORARY)
    assert "commonly used" in reset(visitor)[1]
    assert reset(visitor) == (200, "app")


def test_the_temporary_password_must_be_confirmed(admin: Visitor) -> None:
    answer = admin.post("employees", employee(confirmTemporaryPassword="Temp-Word-47"))
    assert "do not match" in answer.json()["errors"][0]


def test_the_reset_can_ask_for_the_current_password(ehr: SandboxEhr, provisioned: Visitor, visitor: Visitor) -> None:
    ehr.faults.on("reset-three-fields")
    assert visitor.login(ONESPOT, TEMPORARY).json()["resetAsksCurrent"]
    assert "current password" in reset(visitor)[1]
    assert reset(visitor, current=TEMPORARY) == (200, "app")


def test_the_reset_can_lead_back_to_login(ehr: SandboxEhr, provisioned: Visitor, visitor: Visitor) -> None:
    ehr.faults.on("reset-back-to-login")
    visitor.login(ONESPOT, TEMPORARY)
    assert reset(visitor) == (200, "login")
    assert visitor.session()["messages"][0]["kind"] == "success"
    assert visitor.login(ONESPOT, FINAL).json()["state"] == "app"


def test_the_reset_can_break_down_after_it_was_done(ehr: SandboxEhr, provisioned: Visitor, visitor: Visitor) -> None:
    ehr.faults.on("reset-500-but-done")
    visitor.login(ONESPOT, TEMPORARY)
    assert reset(visitor)[0] == 500
    assert visitor.session()["state"] == "login"
    assert visitor.login(ONESPOT, FINAL).json()["state"] == "app"


def test_no_password_is_in_anything_that_can_be_dumped(ehr: SandboxEhr, provisioned: Visitor, visitor: Visitor) -> None:
    visitor.login(ONESPOT, TEMPORARY)
    reset(visitor)
    visitor.login(ONESPOT, "Canary-Wrong-1!")
    dump = visitor.client.get("/_sandbox/state").text + repr(ehr.state) + json.dumps(ehr.state.as_json())
    for secret in (ADMIN_PASSWORD, TEMPORARY, FINAL, "Canary-Wrong-1!"):
        assert secret not in dump


def own(visitor: Visitor, current: str, password: str, confirm: str | None = None) -> tuple[int, str]:
    """Edit Profile's change: the status and the first error."""
    body = {"current": current, "password": password, "confirm": password if confirm is None else confirm}
    answer = visitor.post("profile/password", body)
    return answer.status_code, (answer.json().get("errors") or [""])[0]


@pytest.fixture
def onespot(provisioned: Visitor, visitor: Visitor) -> Visitor:
    """The account, logged in, after its first reset."""
    visitor.login(ONESPOT, TEMPORARY)
    reset(visitor)
    return visitor


def test_people_change_their_own_password(ehr: SandboxEhr, onespot: Visitor) -> None:
    assert own(onespot, FINAL, "Another-Word-33") == (200, "")
    assert onespot.session()["state"] == "app"
    assert ehr.state.password_is(ONESPOT, "Another-Word-33")
    assert [one.what for one in ehr.state.mutations][-1] == "own password changed"


@pytest.mark.parametrize(
    ("current", "password", "confirm", "words"),
    [
        ("Not-The-Word-1", "Another-Word-33", None, "current password you entered is incorrect"),
        (FINAL, "Another-Word-33", "Another-Word-34", "do not match"),
        (FINAL, FINAL, None, "previous passwords"),
        (FINAL, "weak", None, "between 8 and 64"),
    ],
)
def test_a_change_of_ones_own_password_is_refused(
    ehr: SandboxEhr, onespot: Visitor, current: str, password: str, confirm: str | None, words: str
) -> None:
    status, error = own(onespot, current, password, confirm)
    assert (status, words in error) == (422, True)
    assert ehr.state.password_is(ONESPOT, FINAL)


def test_nobody_changes_a_password_without_a_session(visitor: Visitor) -> None:
    assert own(visitor, FINAL, "Another-Word-33")[0] == 401


@pytest.mark.parametrize(
    ("fault", "status", "counts"),
    [
        ("profile-password-500-but-done", 500, True),
        ("profile-password-500-not-done", 500, False),
        ("profile-password-ignored", 200, False),
        ("profile-password-logs-out", 200, True),
    ],
)
def test_a_change_can_go_wrong(ehr: SandboxEhr, onespot: Visitor, fault: str, status: int, counts: bool) -> None:
    ehr.faults.on(fault)
    assert own(onespot, FINAL, "Another-Word-33")[0] == status
    assert ehr.state.password_is(ONESPOT, "Another-Word-33") is counts
    assert (onespot.session()["state"] == "login") is (fault == "profile-password-logs-out")


@pytest.mark.parametrize("answered", [False, True])
def test_a_request_can_be_held_before_or_after_it_counts(ehr: SandboxEhr, onespot: Visitor, answered: bool) -> None:
    hold = ehr.desk.hold("profile/password", answered=answered)
    hold.released.set()
    assert own(onespot, FINAL, "Another-Word-33")[0] == (200 if answered else 503)
    assert hold.reached.is_set()
    assert ehr.state.password_is(ONESPOT, "Another-Word-33") is answered
