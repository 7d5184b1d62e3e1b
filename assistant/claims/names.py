"""Whether the names and figures of a claim are in its quotes, and beside the words that they stand beside there.

A name is what is written large; who does what to whom is told by `claim_roles.py`.
"""

from collections.abc import Sequence
from itertools import pairwise

from assistant.claims.alignment import Alignment, near
from assistant.claims.facts import Date, Quantity
from assistant.claims.figures import all_numbers, dated, distinct_dates, stated, units_by_value
from assistant.claims.text import Sentence

_NEAR_DATE_CHARS, _NEAR_NUMBER_CHARS = 150, 60  # an adjunct of time moves freely


def name_features(a: Alignment) -> dict[str, float]:
    """How many names the quotes and their focus lack, and which stand among other words there."""
    rows = [row for row, i in enumerate(a.content) if a.claim.tokens[i].is_name and not _is_in_date(a.claim, i)]
    present = [row for row in rows if a.anywhere[row]]
    displaced = [_is_displaced(a, a.content[row], [a.claim.keys[a.content[row]]]) for row in present]
    return {
        "names_missing": float(min(3, len(rows) - len(present))),
        "names_missing_focus": float(min(3, sum(not a.in_focus[row] for row in rows))),
        "names_displaced": sum(displaced) / max(len(displaced), 1),
        "names_swapped": _swapped(a, [a.claim.keys[a.content[row]] for row in present]),
    }


def _is_in_date(claim: Sentence, i: int) -> bool:
    return any(date.start <= claim.tokens[i].start < date.end for date in claim.facts.dates)


def _swapped(a: Alignment, names: Sequence[str]) -> float:
    """The share of pairs of names that one sentence of the focus has in the other order, where both say it in the same
    voice.
    """
    count = turned = 0
    for one, other in pairwise(dict.fromkeys(names)):
        for sentence in a.focused:
            first, second = sentence.places.get(one), sentence.places.get(other)
            if first and second and abs(first[0] - second[0]) > 1:
                count += 1
                turned += min(first) > max(second) and sentence.is_passive == a.claim.is_passive
    return turned / max(count, 1)


def figure_features(a: Alignment) -> dict[str, float]:
    """The same of numbers and dates, and whether a number has another unit there."""
    facts = a.claim.facts
    everywhere, focused = units_by_value(a.sentences), units_by_value(a.focused)
    large = [quantity for quantity in facts.quantities if not quantity.is_small]
    small = [quantity for quantity in facts.quantities if quantity.is_small and quantity.value > 1]
    dates, focused_dates = distinct_dates(a.sentences), distinct_dates(a.focused)
    placed = [q for q in large if stated(q, everywhere)] + [d for d in facts.dates if dated(d, dates) > 0]
    displaced = [_is_figure_displaced(a, figure) for figure in placed]
    return {
        "numbers_missing": float(min(3, sum(not stated(q, everywhere) for q in large))),
        "numbers_missing_focus": float(min(3, sum(not stated(q, focused) for q in large))),
        "numbers_displaced": sum(displaced) / max(len(displaced), 1),
        "small_numbers_missing": float(min(3, sum(not stated(q, everywhere) for q in small))),
        "units_differ": float(any(q.value in everywhere and not stated(q, everywhere) for q in facts.quantities)),
        "dates_missing": float(min(3, sum(1 - dated(date, dates) for date in facts.dates))),
        "dates_missing_focus": float(min(3, sum(1 - dated(date, focused_dates) for date in facts.dates))),
    }


def _is_displaced(a: Alignment, i: int, keys: Sequence[str]) -> bool:
    """Whether none of the two content words before and after token `i` of the claim is near its key in a quote."""
    row = a.content.index(i) if i in a.content else -1
    around = [a.content[k] for k in range(max(0, row - 2), min(len(a.content), row + 3)) if k != row]
    neighbours = [a.claim.keys[k] for k in around if a.claim.keys[k] not in keys]
    return bool(neighbours) and not any(
        near(s, key, neighbour, ordered=False) for s in a.sentences for key in keys for neighbour in neighbours
    )


def _is_figure_displaced(a: Alignment, figure: Quantity | Date) -> bool:
    """The same of a number or a date, wherever the quotes state it."""
    claim = a.claim
    around = [i for i in a.content if abs(claim.tokens[i].start - figure.start) < 40]
    neighbours = {claim.keys[i] for i in around if not figure.start <= claim.tokens[i].start < figure.end}
    if not neighbours:
        return False
    reach = _NEAR_DATE_CHARS if isinstance(figure, Date) else _NEAR_NUMBER_CHARS
    for sentence in a.sentences:
        for place in _places_of(figure, sentence):
            near = {t.key for t in sentence.tokens if t.weight and abs(t.start - place) < reach}
            if near & neighbours:
                return False
    return True


def _places_of(figure: Quantity | Date, sentence: Sentence) -> list[int]:
    if isinstance(figure, Date):
        return [other.start for other in sentence.facts.dates if dated(figure, [other]) == 1.0]
    return [other.start for other in all_numbers(sentence) if figure.equals(other)]
