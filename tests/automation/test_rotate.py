"""A new password for the account, in a real browser at both front ends: what is kept is what logs in, every time.

ONESPOT_ALL_STEPS=1 runs each case on both; every day some run on one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from automation.browser import Browser
from automation.errors import AutomationError, PasswordRefused, PersonNeeded, ScreenChanged, Unavailable
from automation.revolutionehr.address import Address
from automation.revolutionehr.desired import Wanted
from automation.revolutionehr.passwords import Policy
from automation.revolutionehr.rotate import Rotated, _Turn, rotate, settle
from bot.keep import VaultKeep
from sandbox.ehr import SandboxEhr
from sandbox.ehr.records import Secret
from storage.models import Credential, Purpose, Stage, utcnow
from tests.kept import FORMER, USERNAME, in_a_database, in_the_ehr
from tests.onespot import daily, only_with_everything

Front = Literal["legacy", "modern"]


@dataclass
class At:
    """A practice with a working account, whose password is kept as current."""

    ehr: SandboxEhr
    browser: Browser
    engine: Engine
    keep: VaultKeep
    fenced: int = 0

    def rotate(self, policy: str | None = None) -> Rotated:
        wanted = Wanted(policy=Policy.parse(policy) if policy else Policy())
        return rotate(self.browser, Address(self.ehr.url), self.current, wanted, self.keep, self._fence)

    def settle(self) -> Credential | None:
        return settle(self.browser, Address(self.ehr.url), self.keep)

    def _fence(self) -> None:
        self.fenced += 1

    @property
    def current(self) -> Credential:
        kept = self.keep.kept(Purpose.FINAL, Stage.CURRENT)
        assert kept is not None
        return kept

    @property
    def failed_logins(self) -> int:
        return self.ehr.state.failed_logins.get(USERNAME.casefold(), 0)

    @property
    def changes(self) -> list[str]:
        return [one.what for one in self.ehr.state.mutations if one.by == USERNAME]

    def logs_in(self, credential: Credential) -> bool:
        return self.ehr.state.password_is(credential.username, credential.password.get_secret_value())

    def left_pending(self, password: str, *, submitted: bool) -> Credential:
        """What a crash leaves: a password that was kept, and maybe sent off."""
        pending = Credential(USERNAME, SecretStr(password))
        self.keep.keep(Purpose.FINAL, pending)
        if submitted:
            self.keep.mark_submitted(Purpose.FINAL)
        return pending

    def assert_changed_once(self, how: str) -> None:
        """A new password holds and is kept, so is the former one; nobody was refused or is left logged in."""
        assert self.changes == [how]
        assert self.logs_in(self.current)
        assert not self.ehr.state.password_is(USERNAME, FORMER)
        assert self.keep.kept(Purpose.FINAL, Stage.PENDING) is None
        previous = self.keep.kept(Purpose.FINAL, Stage.PREVIOUS)
        assert previous is not None
        assert self.failed_logins == 0
        self.assert_nobody_is_in()

    def assert_former_holds(self) -> None:
        """As it was before: the former password is current, holds, and is the only one kept."""
        assert self.current.password.get_secret_value() == FORMER
        assert self.logs_in(self.current)
        assert self.keep.kept(Purpose.FINAL, Stage.PENDING) is None
        self.assert_nobody_is_in()

    def assert_nobody_is_in(self) -> None:
        assert [one for one in self.ehr.state.sessions if one.lasts] == []


Begin = Callable[..., At]


@pytest.fixture
def at(browser: Browser, sqlite_template: Path, tmp_path: Path) -> Iterator[Begin]:
    """A provisioned practice at an EHR with these faults."""
    with ExitStack() as stack:

        def begin(front: Front, *faults: str, test_ids: bool = True) -> At:
            ehr = stack.enter_context(SandboxEhr(front, faults=faults, test_ids=test_ids))
            in_the_ehr(ehr.state)
            kept = in_a_database(stack, sqlite_template, tmp_path, ehr)
            kept.prove()
            return At(ehr, browser, kept.engine, VaultKeep(kept.engine, kept.vault, kept.practice, utcnow))

        yield begin


def must_reset(at: At) -> None:
    who = at.ehr.state.employee(USERNAME)
    assert who is not None
    who.must_reset = True


def both(*usual: Front) -> pytest.MarkDecorator:
    """Both front ends; every day only these."""
    fronts: tuple[Front, ...] = ("legacy", "modern")
    return pytest.mark.parametrize("front", [one if one in usual else only_with_everything(one) for one in fronts])


# --- Edit Profile


@pytest.mark.browser
@pytest.mark.parametrize(
    ("front", "test_ids"),
    daily([("legacy", True), ("legacy", False), ("modern", True), ("modern", False)], ("legacy", False)),
)
def test_edit_profile_sets_a_new_password_and_a_fresh_login_proves_it(at: Begin, front: Front, test_ids: bool) -> None:
    here = at(front, test_ids=test_ids)
    assert here.rotate() == Rotated(USERNAME)
    here.assert_changed_once("own password changed")
    assert here.fenced == 1
    assert [one.ended_how for one in here.ehr.state.sessions] == ["logged out", "logged out"]


@pytest.mark.browser
@both()
def test_a_refused_password_is_replaced_once(at: Begin, front: Front) -> None:
    here = at(front, "password-policy-rejects-first")
    here.rotate()
    here.assert_changed_once("own password changed")
    assert here.fenced == 2


@pytest.mark.browser
@both()
def test_a_password_that_is_refused_twice_leaves_the_former_one(at: Begin, front: Front) -> None:
    here = at(front, "password-policy-strict")
    with pytest.raises(PasswordRefused, match="between 8 and 12"):
        here.rotate()
    here.assert_former_holds()
    assert (here.failed_logins, here.changes) == (0, [])


@pytest.mark.browser
@both()
def test_a_policy_that_is_told_is_met(at: Begin, front: Front) -> None:
    here = at(front, "password-policy-strict")
    here.rotate("8-12 no _")
    here.assert_changed_once("own password changed")


@pytest.mark.browser
@both()
def test_fields_that_cut_get_a_password_that_fits(at: Begin, front: Front) -> None:
    here = at(front, "maxlength-12", "password-policy-rejects-first")
    who = here.ehr.state.employee(USERNAME)
    assert who is not None
    short = Credential(USERNAME, SecretStr("Short-Word-1"))
    who.secret = Secret.of("Short-Word-1")
    here.keep.keep(Purpose.FINAL, short)
    here.keep.prove()
    here.rotate()
    here.assert_changed_once("own password changed")
    assert len(here.current.password.get_secret_value()) == 12
    assert here.fenced == 2  # the length was read beforehand, so the one other try was left


@pytest.mark.browser
@both()
def test_an_error_after_which_the_new_one_holds_is_a_rotation(at: Begin, front: Front) -> None:
    here = at(front, "profile-password-500-but-done")
    here.rotate()
    here.assert_changed_once("own password changed")


@pytest.mark.browser
@both("modern")
def test_an_error_after_which_the_former_one_holds_costs_one_login(at: Begin, front: Front) -> None:
    here = at(front, "profile-password-500-not-done")
    with pytest.raises(Unavailable, match="error"):
        here.rotate()
    here.assert_former_holds()
    assert (here.failed_logins, here.changes) == (1, [])


@pytest.mark.browser
@both()
def test_a_change_that_is_only_said_is_none(at: Begin, front: Front) -> None:
    here = at(front, "profile-password-ignored")
    with pytest.raises(Unavailable, match="did not take the new password"):
        here.rotate()
    here.assert_former_holds()
    assert here.failed_logins == 1


@pytest.mark.browser
@both()
def test_a_change_that_ends_the_session_is_proved_all_the_same(at: Begin, front: Front) -> None:
    here = at(front, "profile-password-logs-out")
    here.rotate()
    assert here.logs_in(here.current)
    assert here.changes == ["own password changed"]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("front", "fault"),
    daily(
        [(front, fault) for front in ("legacy", "modern") for fault in ("no-edit-profile", "profile-without-password")],
        ("legacy", "profile-without-password"),
    ),
)
def test_where_the_account_can_not_change_it_a_person_is_needed(at: Begin, front: Front, fault: str) -> None:
    here = at(front, fault)
    with pytest.raises(PersonNeeded, match="can't change its own password here") as caught:
        here.rotate()
    assert "Repair" in caught.value.do
    here.assert_former_holds()
    assert (here.failed_logins, here.changes, here.fenced) == (0, [], 0)


# --- the forced reset


@pytest.mark.browser
@pytest.mark.parametrize(
    ("front", "faults"),
    daily(
        [
            (front, faults)
            for front in ("legacy", "modern")
            for faults in (
                (),
                ("reset-three-fields",),
                ("reset-back-to-login",),
                ("password-policy-rejects-first",),
                ("reset-500-but-done",),
                ("maxlength-12",),
            )
        ],
        ("legacy", ("reset-500-but-done",)),
    ),
)
def test_a_forced_reset_is_answered_with_a_new_password(at: Begin, front: Front, faults: tuple[str, ...]) -> None:
    here = at(front, *faults)
    must_reset(here)
    assert here.rotate() == Rotated(USERNAME, forced=True)
    here.assert_changed_once("password reset")


# --- what a crash left


@pytest.mark.browser
@both()
def test_one_that_was_sent_off_and_holds_is_the_new_one(at: Begin, front: Front) -> None:
    here = at(front)
    pending = here.left_pending("New-Word-4711", submitted=True)
    who = here.ehr.state.employee(USERNAME)
    assert who is not None
    who.secret = Secret.of("New-Word-4711")
    assert here.rotate() == Rotated(USERNAME, settled=True)
    assert here.current == pending
    assert (here.failed_logins, here.changes) == (0, [])
    here.assert_nobody_is_in()


@pytest.mark.browser
@both()
def test_one_that_was_sent_off_and_does_not_hold_costs_one_login(at: Begin, front: Front) -> None:
    here = at(front)
    here.left_pending("New-Word-4711", submitted=True)
    assert here.settle() == here.current
    here.assert_former_holds()
    assert here.failed_logins == 1


@pytest.mark.browser
@both()
def test_one_that_was_never_sent_off_is_dropped(at: Begin, front: Front) -> None:
    here = at(front)
    here.left_pending("New-Word-4711", submitted=False)
    assert here.settle() is None
    here.assert_former_holds()
    assert (here.failed_logins, here.ehr.state.sessions) == (0, [])


@pytest.mark.browser
@both("modern")
def test_where_neither_holds_each_is_tried_once_and_both_stay_kept(at: Begin, front: Front) -> None:
    here = at(front)
    pending = here.left_pending("New-Word-4711", submitted=True)
    who = here.ehr.state.employee(USERNAME)
    assert who is not None
    who.secret = Secret.of("Somebody-Elses-1")
    with pytest.raises(PersonNeeded, match="refuses both"):
        here.rotate()
    assert here.failed_logins == 2
    with pytest.raises(AutomationError, match="too often"):
        here.rotate()
    assert here.failed_logins == 2
    assert here.keep.kept(Purpose.FINAL, Stage.PENDING) == pending
    assert here.current.password.get_secret_value() == FORMER


@pytest.mark.browser
@both()
def test_what_a_run_left_is_that_runs(at: Begin, front: Front) -> None:
    here = at(front)
    here.left_pending("New-Word-4711", submitted=True)
    here.keep.keep(Purpose.TEMPORARY, Credential(USERNAME, SecretStr("Temp-Word-4711")))
    assert here.settle() is None
    with pytest.raises(AutomationError, match="run of this practice isn't finished"):
        here.rotate()
    assert here.ehr.state.sessions == []
    assert here.keep.was_submitted(Purpose.FINAL)


@pytest.mark.browser
@both()
def test_a_fence_that_closes_sends_nothing(at: Begin, front: Front) -> None:
    here = at(front)

    def closed() -> None:
        raise ScreenChanged("The practice is somebody else's now.")

    with pytest.raises(ScreenChanged):
        rotate(here.browser, Address(here.ehr.url), here.current, Wanted(), here.keep, closed)
    here.assert_former_holds()
    assert (here.failed_logins, here.changes) == (0, [])


# --- sentences


def test_a_new_password_is_in_no_sentence_also_once_it_is_destroyed() -> None:
    turn = _Turn(None, Address("http://ehr.example/"), None, made=[SecretStr("New.Word-4711")])  # type: ignore[arg-type]
    assert (
        turn.hide("“new.word-4711” is too common, NewxWord-4711 isn't.") == "“•••” is too common, NewxWord-4711 isn't."
    )
