"""Two refused logins a day and no more."""

from datetime import timedelta

from sqlalchemy import Engine, text

from storage import logins
from storage.database import reading
from tests.storage.conftest import NOW

ACCOUNT = "https://ehr.example/static/|OneSpot2915"


def test_an_account_that_was_never_refused_may_be_tried(engine: Engine) -> None:
    assert logins.may_try(engine, ACCOUNT, now=NOW)


def test_after_two_refusals_nobody_tries_again(engine: Engine) -> None:
    logins.failed(engine, ACCOUNT, now=NOW)
    assert logins.may_try(engine, ACCOUNT, now=NOW)
    logins.failed(engine, ACCOUNT, now=NOW)
    assert not logins.may_try(engine, ACCOUNT, now=NOW)


def test_an_account_is_one_account_in_any_case(engine: Engine) -> None:
    for account in (ACCOUNT.upper(), ACCOUNT.lower()):
        logins.failed(engine, account, now=NOW)
    assert not logins.may_try(engine, ACCOUNT, now=NOW)


def test_other_accounts_have_budgets_of_their_own(engine: Engine) -> None:
    for _ in range(2):
        logins.failed(engine, ACCOUNT, now=NOW)
    assert logins.may_try(engine, ACCOUNT + "7", now=NOW)


def test_a_refusal_counts_for_a_day(engine: Engine) -> None:
    logins.failed(engine, ACCOUNT, now=NOW)
    logins.failed(engine, ACCOUNT, now=NOW + timedelta(hours=1))
    assert not logins.may_try(engine, ACCOUNT, now=NOW + timedelta(hours=23, minutes=59))
    assert logins.may_try(engine, ACCOUNT, now=NOW + timedelta(hours=24))


def test_limit_and_time_can_be_given(engine: Engine) -> None:
    logins.failed(engine, ACCOUNT, now=NOW)
    assert not logins.may_try(engine, ACCOUNT, now=NOW, limit=1)
    assert logins.may_try(engine, ACCOUNT, now=NOW + timedelta(minutes=5), limit=1, within=timedelta(minutes=5))


def test_neither_address_nor_user_name_is_stored(engine: Engine) -> None:
    logins.failed(engine, ACCOUNT, now=NOW)
    with reading(engine) as session:
        stored = str(session.connection().execute(text("SELECT * FROM login_failure")).all()).casefold()
    assert "onespot" not in stored
    assert "ehr.example" not in stored
