"""Practices are found by their names, whatever the case and the spaces."""

import pytest
from sqlalchemy import Engine

from storage import practices
from storage.database import StorageError
from storage.models import Practice
from tests.storage.conftest import NOW


@pytest.mark.parametrize("name", ["Lumen Eye", "  lumen   EYE\n", "ＬＵＭＥＮ Eye"])
def test_a_practice_is_found_whatever_the_case_and_the_spaces(engine: Engine, practice: Practice, name: str) -> None:
    assert practices.find(engine, name) == practice


def test_an_unknown_practice_is_none(engine: Engine, practice: Practice) -> None:
    assert practices.find(engine, "Lumen") is None
    assert practices.get(engine, 77) is None


def test_saving_again_updates_what_is_given_and_leaves_the_rest(engine: Engine, practice: Practice) -> None:
    practices.save(engine, "Lumen Eye", "https://a.example", primary_location="Harbour", now=NOW)
    practices.save(engine, "LUMEN EYE", "https://b.example", password_policy="12-16 no _", now=NOW)
    (only,) = practices.all_practices(engine)
    assert only.id == practice.id
    assert (only.name, only.url) == ("Lumen Eye", "https://b.example")
    assert (only.primary_location, only.password_policy) == ("Harbour", "12-16 no _")


def test_an_empty_name_is_refused(engine: Engine) -> None:
    with pytest.raises(StorageError, match="needs a name"):
        practices.save(engine, "  ", "https://ehr.example", now=NOW)


def test_what_a_run_learned_is_kept(engine: Engine, practice: Practice) -> None:
    practices.learned(engine, practice.id, "2915", "OneSpot2915")
    found = practices.get(engine, practice.id)
    assert found is not None
    assert (found.ehr_id, found.username) == ("2915", "OneSpot2915")


def test_nothing_is_learned_about_a_practice_that_is_not_there(engine: Engine) -> None:
    with pytest.raises(StorageError, match="no such practice"):
        practices.learned(engine, 77, "2915", "OneSpot2915")


def test_practices_are_listed_by_name(engine: Engine) -> None:
    for name in ("b", "C", "a"):
        practices.save(engine, name, "https://ehr.example", now=NOW)
    assert [practice.name for practice in practices.all_practices(engine)] == ["a", "b", "C"]
