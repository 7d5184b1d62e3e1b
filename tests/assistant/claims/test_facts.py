import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.claims.facts import Date, Quantity, facts_of


def _values(text: str) -> list[tuple[float, str]]:
    return [(quantity.value, quantity.unit) for quantity in facts_of(text).quantities]


def _dates(text: str) -> list[tuple[int, int, int]]:
    return [(date.year, date.month, date.day) for date in facts_of(text).dates]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("12,000 and 12000 and twelve thousand", [(12000, "")] * 3),
        ("5 %, 5%, five percent, 5 per cent", [(5, "%")] * 4),
        ("3.5 million dollars or $3,500,000", [(3.5e6, "$"), (3.5e6, "$")]),
        ("two billion euros", [(2e9, "€")]),
        ("twenty-three of one hundred and five", [(23, ""), (105, "")]),
        ("the 11th and the eleventh meeting", [(11, ""), (11, "")]),
        ("nineteen eighty", [(19, ""), (80, "")]),
        ("12億円、1億2000万円、３人", [(12e8, "¥"), (1.2e8, "¥"), (3, "people")]),
        ("2,000 people, 2000 people", [(2000, "people")] * 2),
        ("no numbers here", []),
    ],
    ids=["thousand", "percent", "dollars", "euros", "spelled", "ordinals", "two numbers", "japanese", "people", "none"],
)
def test_two_ways_of_writing_a_number_give_the_same(text: str, values: list[tuple[float, str]]) -> None:
    assert _values(text) == values


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("12 March 2021", [(2021, 3, 12)]),
        ("March 12, 2021", [(2021, 3, 12)]),
        ("on the 12th of March", [(0, 3, 12)]),
        ("2021-03-12", [(2021, 3, 12)]),
        ("2021年3月12日", [(2021, 3, 12)]),
        ("令和3年3月", [(2021, 3, 0)]),
        ("in March", [(0, 3, 0)]),
        ("May 2010", [(2010, 5, 0)]),
        ("it may be so", []),
        ("from 1990 to 1995", [(1990, 0, 0), (1995, 0, 0)]),
        ("2019-2021", [(2019, 0, 0), (2021, 0, 0)]),
        ("2000人と1985.5", []),
    ],
)
def test_two_ways_of_writing_a_date_give_the_same(text: str, dates: list[tuple[int, int, int]]) -> None:
    assert _dates(text) == dates


def test_numbers_within_dates_are_no_quantities() -> None:
    """A day is not a count of anything."""
    assert _values("On 12 March 2021 they gave 7 grants.") == [(7, "")]


def test_a_unit_that_is_not_said_contradicts_none() -> None:
    assert Quantity(5, "%", 0, 1).equals(Quantity(5, "", 3, 4))
    assert not Quantity(5, "%", 0, 1).equals(Quantity(5, "$", 3, 4))
    assert not Quantity(5, "", 0, 1).equals(Quantity(6, "", 3, 4))


def test_a_date_is_within_one_that_says_more_and_not_the_other_way_round() -> None:
    day, year = Date(2021, 3, 12, 0, 1), Date(2021, 0, 0, 0, 1)
    assert year.within(day)
    assert not day.within(year)
    assert not Date(2020, 3, 12, 0, 1).within(day)


@given(st.text(st.sampled_from("0123456789,.-年月日万億 %$maych one two thousand andth"), max_size=200))
def test_any_text_can_be_read_and_every_fact_stands_in_it(text: str) -> None:
    facts = facts_of(text)
    for fact in (*facts.quantities, *facts.dates):
        assert 0 <= fact.start < fact.end <= len(text)
    assert all(0 <= date.month <= 12 and 0 <= date.day <= 31 for date in facts.dates)


@given(st.integers(1, 10**12))
def test_commas_do_not_change_a_number(number: int) -> None:
    plain = [q.value for q in facts_of(f"x {number} y").quantities] or [
        float(d.year) for d in facts_of(f"x {number} y").dates
    ]
    assert plain == [number]
    if number > 9999:
        assert [q.value for q in facts_of(f"x {number:,} y").quantities] == [number]
