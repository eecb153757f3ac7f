"""What a walk may remember, over a real vault."""

from __future__ import annotations

from pydantic import SecretStr

from storage import practices
from storage.models import Credential, Purpose, Stage, utcnow
from tests.bot.conftest import Place

USERNAME = "OneSpot2915"


def _credential(password: str) -> Credential:
    return Credential(USERNAME, SecretStr(password))


def test_what_is_kept_is_pending_until_a_login_proves_it(place: Place) -> None:
    keep = place.worker().keep(place.practice)
    keep.keep(Purpose.FINAL, _credential("one"))
    assert keep.kept(Purpose.FINAL, Stage.CURRENT) is None
    assert not keep.was_submitted(Purpose.FINAL)
    keep.mark_submitted(Purpose.FINAL)
    assert keep.was_submitted(Purpose.FINAL)
    keep.prove()
    current = keep.kept(Purpose.FINAL, Stage.CURRENT)
    assert current is not None
    assert current.password.get_secret_value() == "one"


def test_one_practice_does_not_know_what_another_one_keeps(place: Place) -> None:
    other = practices.save(place.engine, "Harbor Vision", place.practice.url, now=utcnow())
    keep, others = place.worker().keep(place.practice), place.worker().keep(other)
    keep.keep(Purpose.TEMPORARY, _credential("one"))
    assert keep.knows(USERNAME)
    assert not others.knows(USERNAME)
    assert others.kept(Purpose.TEMPORARY, Stage.PENDING) is None


def test_refused_logins_are_counted_for_the_account_at_its_address(place: Place) -> None:
    other = practices.save(place.engine, "Harbor Vision", "http://other.example/static/", now=utcnow())
    keep, others = place.worker().keep(place.practice), place.worker().keep(other)
    keep.refused(USERNAME)
    assert keep.may_try(USERNAME)
    keep.refused(USERNAME.upper())
    assert not keep.may_try(USERNAME)
    assert others.may_try(USERNAME)
    assert keep.may_try("mhalloran")
