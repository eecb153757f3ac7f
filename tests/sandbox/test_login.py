"""Logging in to the stand-in EHR, and the gates between a password and the application."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sandbox.ehr import ADMIN_PASSWORD, ADMIN_USERNAME, SandboxEhr
from sandbox.ehr.api.login import MFA_CODE
from tests.sandbox.conftest import FINAL, ONESPOT, TEMPORARY, Clock, Visitor


def test_a_stranger_sees_the_login_state(visitor: Visitor) -> None:
    session = visitor.session()
    assert session["state"] == "login"
    assert session["user"] is None
    assert session["messages"] == []
    assert session["motd"] == "Welcome to RevolutionEHR"
    assert visitor.get("home").status_code == 401


def test_the_administrator_logs_in_and_out(ehr: SandboxEhr, visitor: Visitor) -> None:
    assert visitor.login(f" {ADMIN_USERNAME.upper()} ", ADMIN_PASSWORD).json()["state"] == "app"
    assert "admin" in visitor.session()["user"]["modules"]
    assert [one.username for one in ehr.state.open_sessions()] == [ADMIN_USERNAME]
    visitor.post("logout")
    assert visitor.session()["state"] == "login"
    assert [one.ended_how for one in ehr.state.sessions] == ["logged out"]


def test_the_cookie_is_not_for_scripts(visitor: Visitor) -> None:
    assert "httponly" in visitor.login(ADMIN_USERNAME, ADMIN_PASSWORD).headers["set-cookie"].lower()


def test_a_mutating_call_without_the_header_is_refused(ehr: SandboxEhr, admin: Visitor) -> None:
    del admin.client.headers["X-Requested-With"]
    assert admin.post("logout").status_code == 403
    assert ehr.state.open_sessions(ADMIN_USERNAME)


def test_five_wrong_passwords_lock_the_account(ehr: SandboxEhr, visitor: Visitor) -> None:
    for _ in range(5):
        answer = visitor.login(ADMIN_USERNAME, "wrong")
        assert answer.status_code == 401
        assert "incorrect" in answer.json()["errors"][0]
    assert "locked" in visitor.login(ADMIN_USERNAME, ADMIN_PASSWORD).json()["errors"][0]
    assert ehr.state.failed_logins == {ADMIN_USERNAME: 5}
    assert ehr.state.sessions == []


def test_a_right_password_forgives_the_wrong_ones(visitor: Visitor) -> None:
    for _ in range(2):
        for _ in range(4):
            visitor.login(ADMIN_USERNAME, "wrong")
        assert visitor.login(ADMIN_USERNAME, ADMIN_PASSWORD).status_code == 200


def test_an_unknown_user_is_told_the_same_as_a_wrong_password(visitor: Visitor) -> None:
    assert visitor.login("nobody", "x").json() == visitor.login(ADMIN_USERNAME, "x").json()


def test_a_day_without_login_allowed_is_enforced(provisioned: Visitor, visitor: Visitor, clock: Clock) -> None:
    who = _onespot(provisioned)
    who["days"]["Thursday"]["allowed"] = False
    provisioned.put(f"employees/{who['id']}", who)
    assert visitor.login(ONESPOT, TEMPORARY).status_code == 200
    clock.pass_by(days=1)
    assert "not permitted" in visitor.login(ONESPOT, TEMPORARY).json()["errors"][0]


def test_times_of_a_day_are_enforced(ehr: SandboxEhr, provisioned: Visitor, visitor: Visitor, clock: Clock) -> None:
    ehr.faults.on("days-with-times")
    days = provisioned.get("employees/new").json()["days"]
    assert days["Monday"] == {"allowed": True, "from": "08:00 AM", "to": "06:00 PM"}
    who = _onespot(provisioned)
    provisioned.put(f"employees/{who['id']}", who | {"days": days})
    assert visitor.login(ONESPOT, TEMPORARY).status_code == 200
    clock.pass_by(hours=10)
    assert "not permitted" in visitor.login(ONESPOT, TEMPORARY).json()["errors"][0]


def test_emergency_access_passes_restrictions_only_where_it_is_available(
    ehr: SandboxEhr, provisioned: Visitor, visitor: Visitor
) -> None:
    who = _onespot(provisioned)
    for day in who["days"].values():
        day["allowed"] = False
    provisioned.put(f"employees/{who['id']}", who | {"emergency": True})
    assert visitor.login(ONESPOT, TEMPORARY, emergency=True).status_code == 401
    ehr.faults.on("emergency-access-available")
    assert visitor.session()["emergencyAccess"]
    assert visitor.login(ONESPOT, TEMPORARY, emergency=True).status_code == 200


def test_an_idle_session_is_locked_then_ends(ehr: SandboxEhr, admin: Visitor, clock: Clock) -> None:
    clock.pass_by(minutes=21)
    assert admin.session()["state"] == "lock"
    assert admin.get("roles").status_code == 401
    assert admin.post("unlock", {"password": "wrong"}).status_code == 401
    assert admin.post("unlock", {"password": ADMIN_PASSWORD}).json()["state"] == "app"
    clock.pass_by(minutes=51)
    session = admin.session()
    assert session["state"] == "login"
    assert session["messages"][0]["kind"] == "sessionTimedOut"
    assert ehr.state.sessions[0].ended_how == "timed out"


def test_lock_is_not_logout(ehr: SandboxEhr, admin: Visitor) -> None:
    assert admin.post("lock").json()["state"] == "lock"
    assert ehr.state.open_sessions(ADMIN_USERNAME)


def test_two_browsers_of_one_user_are_tolerated(visit: Callable[[], Visitor]) -> None:
    first, second = visit(), visit()
    first.login(ADMIN_USERNAME, ADMIN_PASSWORD)
    second.login(ADMIN_USERNAME, ADMIN_PASSWORD)
    assert first.session()["state"] == second.session()["state"] == "app"


def test_a_second_user_in_one_browser_ends_the_first(ehr: SandboxEhr, provisioned: Visitor) -> None:
    provisioned.login(ONESPOT, TEMPORARY)
    assert ehr.state.open_sessions(ADMIN_USERNAME) == []
    assert "replaced" in str(ehr.state.sessions[0].ended_how)


def test_multiple_login_blocks_until_the_other_sessions_are_cleared(
    ehr: SandboxEhr, admin: Visitor, visitor: Visitor
) -> None:
    ehr.faults.on("multiple-login")
    refused = visitor.login(ADMIN_USERNAME, ADMIN_PASSWORD)
    assert (refused.status_code, refused.json()["kind"]) == (409, "multipleLogin")
    assert visitor.session()["messages"][0]["kind"] == "multipleLogin"
    assert admin.session()["state"] == "app"
    assert visitor.post("force-logout").json()["messages"] == []
    assert ehr.state.sessions[0].ended_how == "forced out"
    assert visitor.login(ADMIN_USERNAME, ADMIN_PASSWORD).json()["state"] == "app"


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ("admin-password-expired", "reset-password"),
        ("mfa", "mfa"),
        ("sso", "sso"),
        ("agreements-admin", "agreements"),
        ("expired-agreements-admin", "expiredAgreements"),
        ("lock-state", "lock"),
    ],
)
def test_a_gate_stands_before_the_application(ehr: SandboxEhr, visitor: Visitor, fault: str, state: str) -> None:
    ehr.faults.on(fault)
    assert visitor.login(ADMIN_USERNAME, ADMIN_PASSWORD).json()["state"] == state
    assert visitor.session()["state"] == state
    assert visitor.get("practice").status_code == 401


def test_gates_open_one_after_the_other(ehr: SandboxEhr, visitor: Visitor) -> None:
    ehr.faults.on("mfa", "agreements-admin", "lock-state")
    visitor.login(ADMIN_USERNAME, ADMIN_PASSWORD)
    assert visitor.post("mfa", {"code": "000000"}).status_code == 401
    assert visitor.post("mfa", {"code": MFA_CODE}).json()["state"] == "agreements"
    assert visitor.post("agreements", {"accept": False}).status_code == 422
    assert visitor.post("agreements", {"accept": True}).json()["state"] == "lock"
    assert visitor.post("unlock", {"password": ADMIN_PASSWORD}).json()["state"] == "app"
    assert "agreement accepted" in [one.what for one in ehr.state.mutations]


def test_new_users_meet_the_agreement_and_the_administrator_does_not(
    ehr: SandboxEhr, provisioned: Visitor, visitor: Visitor
) -> None:
    ehr.faults.on("agreements")
    visitor.login(ONESPOT, TEMPORARY)
    answer = visitor.post("reset-password", {"password": FINAL, "confirm": FINAL})
    assert answer.json()["state"] == "agreements"
    assert provisioned.login(ADMIN_USERNAME, ADMIN_PASSWORD).json()["state"] == "app"


@pytest.mark.parametrize("fault", ["account-locked", "admin-login-restricted", "admin-password-wrong"])
def test_the_administrator_can_be_kept_out(ehr: SandboxEhr, visitor: Visitor, fault: str) -> None:
    ehr.faults.on(fault)
    assert visitor.login(ADMIN_USERNAME, ADMIN_PASSWORD).status_code == 401
    ehr.faults.off(fault)
    assert visitor.login(ADMIN_USERNAME, ADMIN_PASSWORD).status_code == 200


def test_the_administrators_password_can_be_another_one_and_each_try_counts(ehr: SandboxEhr, visitor: Visitor) -> None:
    ehr.faults.on("admin-password-wrong")
    answers = [visitor.login(ADMIN_USERNAME, ADMIN_PASSWORD).json()["errors"] for _ in range(5)]
    assert answers == [["The username or password you entered is incorrect. Please try again."]] * 5
    assert ehr.state.failed_logins == {ADMIN_USERNAME: 5}
    ehr.faults.off("admin-password-wrong")
    assert "locked" in visitor.login(ADMIN_USERNAME, ADMIN_PASSWORD).json()["errors"][0]


def test_the_first_login_can_break_down(ehr: SandboxEhr, visitor: Visitor) -> None:
    ehr.faults.on("login-500-once")
    assert visitor.login(ADMIN_USERNAME, ADMIN_PASSWORD).status_code == 500
    assert visitor.login(ADMIN_USERNAME, ADMIN_PASSWORD).status_code == 200


@pytest.mark.parametrize(
    ("fault", "kind"),
    [("session-expired-message", "sessionTimedOut"), ("session-locked-message", "sessionLocked")],
)
def test_messages_of_former_sessions_stand_on_the_login_form(
    ehr: SandboxEhr, visitor: Visitor, fault: str, kind: str
) -> None:
    ehr.faults.on(fault)
    assert [one["kind"] for one in visitor.session()["messages"]] == [kind]
    assert visitor.login(ADMIN_USERNAME, ADMIN_PASSWORD).status_code == 200


def test_harmless_banners(ehr: SandboxEhr, visitor: Visitor) -> None:
    ehr.faults.on("outdated-browser-banner", "motd-warning")
    session = visitor.session()
    assert session["browserWarning"]
    assert "maintenance" in session["motd"]


def _onespot(admin: Visitor) -> dict[str, dict[str, dict[str, object]]]:
    (row,) = admin.get("employees", search=ONESPOT).json()["rows"]
    record: dict[str, dict[str, dict[str, object]]] = admin.get(f"employees/{row['id']}").json()
    return record
