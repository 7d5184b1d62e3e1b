"""Whether the numbers and dates of a claim are those of its quotes, stated with the same unit.

A figure that is rounded, or a decade or century, is stated by one that lies within it.
"""

from collections.abc import Mapping, Sequence, Set

from assistant.claims.facts import Date, Quantity
from assistant.claims.text import Sentence


def all_numbers(sentence: Sentence) -> list[Quantity]:
    """The numbers of a sentence, its years too: "2021 people" and a year look alike."""
    years = [Quantity(date.year, "", date.start, date.end) for date in sentence.facts.dates if date.year]
    return [*sentence.facts.quantities, *years]


def figures_of(claim: Sentence) -> list[Quantity | Date]:
    """The numbers and dates of a claim."""
    return [*claim.facts.quantities, *claim.facts.dates]


def is_stated(figure: Quantity | Date, units: Mapping[float, set[str]], dates: Sequence[Date]) -> bool:
    """Whether the numbers, with their units, or the dates state this one in full."""
    return dated(figure, dates) == 1.0 if isinstance(figure, Date) else stated(figure, units)


def units_by_value(sentences: Sequence[Sentence]) -> dict[float, set[str]]:
    """The numbers of some sentences with the units that each has there."""
    found: dict[float, set[str]] = {}
    for quantity in (quantity for sentence in sentences for quantity in all_numbers(sentence)):
        found.setdefault(quantity.value, set()).add(quantity.unit)
    return found


def stated(quantity: Quantity, units: Mapping[float, set[str]]) -> bool:
    """Whether the number is there, with its unit or with none, or one that it is rounded from."""
    if _fits(quantity.unit, units.get(quantity.value, frozenset())):
        return True
    low, high = quantity.limits
    return low < high and any(low <= value <= high and _fits(quantity.unit, units[value]) for value in units)


def _fits(unit: str, units: Set[str]) -> bool:
    return bool(units) and (not unit or "" in units or unit in units)


def distinct_dates(sentences: Sequence[Sentence]) -> list[Date]:
    """The dates of some sentences, one of those that say the same."""
    dates = (date for sentence in sentences for date in sentence.facts.dates)
    return list({(date.year, date.month, date.day, date.years): date for date in dates}.values())


def dated(date: Date, others: Sequence[Date]) -> float:
    """1 where one date of the quotes says all of this one; 0.5 where its parts are in several; else 0."""
    if any(date.within(other) for other in others):
        return 1.0
    parts = (Date(date.year, 0, 0, 0, 0, date.years), Date(0, date.month, 0, 0, 0), Date(0, 0, date.day, 0, 0))
    return 0.5 if all(any(part.within(other) for other in others) for part in parts) else 0.0
