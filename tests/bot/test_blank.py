"""An EHR that quotes a password in a message gets it into no row and no terminal."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text

from automation.errors import AutomationError, LoginRefused, PasswordRefused, Unavailable
from automation.revolutionehr.check import Checked
from bot.blank import blanked
from storage.database import reading
from storage.models import CheckOutcome
from tests.bot.conftest import Place
from tests.bot.tiny import ADMIN

SECRETS = (ADMIN.password.get_secret_value(), "canary-temporary", "canary-final")


def everything_in(place: Place) -> str:
    """All that the database holds, as text."""
    tables = ("run", "step", "health_check", "audit_entry", "practice")
    with reading(place.engine) as session:
        return "".join(str(session.connection().execute(text(f"SELECT * FROM {one}")).all()) for one in tables)


@pytest.mark.parametrize("kind", [LoginRefused, PasswordRefused, Unavailable])
@pytest.mark.parametrize(("step", "secret"), [(0, SECRETS[0]), (3, SECRETS[0]), (16, SECRETS[1]), (17, SECRETS[2])])
def test_what_an_ehr_quotes_at_a_step_is_blanked(
    place: Place, kind: Callable[[str, str, str], AutomationError], step: int, secret: str
) -> None:
    quotes = [kind(f"It said “{secret.upper()}” is wrong.", f"Not {secret}.", f"Try {secret}1.") for _ in range(3)]
    run = place.requested() if step == 0 else place.approved()
    place.ehr.troubles[step] = list(quotes)
    told: list[str] = []
    worker = place.worker()
    ended = (
        worker.plan_run(run.id, ADMIN)
        if step == 0
        else worker.execute_run(run.id, ADMIN, lambda one: told.append(one.detail))
    )
    assert ended is not None
    assert ended.trouble is not None
    assert "•••" in ended.trouble.what
    seen = f"{everything_in(place)} {told} {ended.trouble} {place.heard}"
    assert [one for one in SECRETS if one.casefold() in seen.casefold()] == []


def test_what_an_ehr_quotes_at_a_check_is_blanked(place: Place) -> None:
    place.worker().execute_run(place.approved().id, ADMIN)
    place.ehr.check_says = Checked(CheckOutcome.LOGIN_REFUSED, "The password canary-final is wrong.", ())
    checked = place.worker().check_practice(place.practice)
    assert checked is not None
    assert checked.sentence == "The password ••• is wrong."
    assert "canary-final" not in everything_in(place)


@pytest.mark.parametrize(
    ("sentence", "passwords", "left"),
    [
        ("abc and abcdef", ["abc", "abcdef"], "••• and •••"),
        ("ABC", ["abc"], "•••"),
        ("a.c is not abc", ["a.c"], "••• is not abc"),
        ("nothing", [""], "nothing"),
        ("", ["x"], ""),
    ],
)
def test_the_longest_goes_first_in_any_case(sentence: str, passwords: list[str], left: str) -> None:
    assert blanked(sentence, passwords) == left
