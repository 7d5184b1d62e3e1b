import pytest

from assistant.claims.figures import dated, distinct_dates, stated, units_by_value
from assistant.claims.text import claim_of, sentences_of


def _stated(claim: str, quote: str) -> bool:
    units = units_by_value(sentences_of(quote))
    return all(stated(quantity, units) for quantity in claim_of(claim).facts.quantities)


def _dated(claim: str, quote: str) -> list[float]:
    dates = distinct_dates(sentences_of(quote))
    return [dated(date, dates) for date in claim_of(claim).facts.dates]


@pytest.mark.parametrize(
    ("claim", "quote", "holds"),
    [
        ("It has 1,234 members.", "There are 1,234 members.", True),
        ("It has about 1,200 members.", "There are 1,234 members.", True),
        ("It has about 1,000 members.", "There are 1,234 members.", False),
        ("It has more than 1,200 members.", "There are 1,234 members.", True),
        ("It has over 1,300 members.", "There are 1,234 members.", False),
        ("It has over 100 members.", "There are 1,234 members.", False),
        ("It has fewer than 1,300 members.", "There are 1,234 members.", True),
        ("It has less than 1,200 members.", "There are 1,234 members.", False),
        ("It has 1,200 members.", "There are about 1,200 members.", True),
        ("It costs about $50.", "It costs 49 euros.", False),
    ],
)
def test_a_rounded_number_is_borne_out_by_one_that_it_is_rounded_from(claim: str, quote: str, holds: bool) -> None:
    """Within a tenth of "about", within half above "more than", and with the same unit."""
    assert _stated(claim, quote) is holds


@pytest.mark.parametrize(
    ("claim", "quote", "found"),
    [
        ("It closed in the 1990s.", "It closed in 1994.", [1.0]),
        ("It closed in the 1990s.", "It closed in 2004.", [0.0]),
        ("It closed in 1994.", "It closed in the 1990s.", [0.0]),
        ("It closed in the 20th century.", "It closed in 1994.", [1.0]),
        ("It closed in the nineteenth century.", "It closed in the 1840s.", [1.0]),
        ("It closed in the 19th century.", "It closed in 1994.", [0.0]),
        ("It closed in March 1994.", "It opened in March 1990. It closed in May 1994.", [0.5]),
    ],
)
def test_a_decade_or_century_is_borne_out_by_a_year_in_it(claim: str, quote: str, found: list[float]) -> None:
    assert _dated(claim, quote) == found
