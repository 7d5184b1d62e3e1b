"""Conditions as programs give them."""

import pytest

from assistant.errors import InvalidCall
from assistant.home import Home
from assistant.scoping import scope_of
from index.scope import Scope


def test_what_is_not_given_is_no_condition(home: Home) -> None:
    assert scope_of(home.catalogue, {}) == Scope()
    left_out = {"documents": None, "since": None, "until": None, "kinds": None, "languages": None}
    assert scope_of(home.catalogue, left_out).is_everything


def test_conditions_are_kept_as_given(coast: Home) -> None:
    scope = scope_of(coast.catalogue, {"documents": ["harbour"], "since": "2021", "kinds": "html", "languages": ["en"]})
    assert scope == Scope(document_ids=("harbour",), since="2021", kinds=("html",), languages=("en",))


@pytest.mark.parametrize("date", ["2021", "2021-03", "2021-03-16"])
def test_a_day_a_month_or_a_year_is_a_date(home: Home, date: str) -> None:
    assert scope_of(home.catalogue, {"until": date}).until == date


@pytest.mark.parametrize("date", ["", "21", "2021-13", "2021-03-32", "２０２１", "2021-03-16T00:00", "x" * 10_000])
def test_anything_else_is_none(home: Home, date: str) -> None:
    with pytest.raises(InvalidCall, match="is no date") as caught:
        scope_of(home.catalogue, {"since": date})
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("name", ["\ud800", "x" * 10_001], ids=["half a character", "longer than a pattern may be"])
@pytest.mark.parametrize("condition", ["documents", "kinds", "languages"])
def test_what_is_no_name_is_told_before_the_database_meets_it(coast: Home, condition: str, name: str) -> None:
    with pytest.raises(InvalidCall, match="is no name") as caught:
        scope_of(coast.catalogue, {condition: [name]})  # type: ignore[misc]
    assert len(str(caught.value)) < 200
