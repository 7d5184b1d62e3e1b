"""How a claim and its quotes agree and where they do not, as numbers that a reader can check by hand.

The features of the verifier's model. Words are compared by their stems, figures by what they say, order and
neighbourhood by place; with an embedding model also by meaning, word by word. Nothing is encoded here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from assistant.claim_text import Sentence
from assistant.cue_words import CERTAIN, opposites_of
from assistant.facts import Date, Quantity
from index.embedding import Encoder, Vectors

WORD_FEATURES = (
    "coverage_sentence",  # weighted share of the claim's words in the one sentence that holds most of them
    "coverage_focus",  # in the three sentences that together hold most: the focus
    "coverage_all",  # in all quotes
    "num_missing",  # log of how many words are in no quote, by weight
    "missing_gap",  # the longest row of words without one that the focus holds, as a share of the claim
    "missing_clause",  # share that is missing of the clause that misses most
    "longest_run",  # longest run of words that the claim has in common with a sentence, as a share of the claim
    "pairs",  # share of neighbouring words that are neighbours in a quote too
    "skip_pairs",  # share of neighbouring content words that stand near each other, in that order, in a sentence
    "reversed_pairs",  # share that do so in the other order only
    "names_missing",  # how many names are in no quote (up to 3)
    "names_missing_focus",  # how many are not in the focus (up to 3)
    "names_displaced",  # share of the names none of whose neighbours in the claim is near them in a quote
    "names_swapped",  # share of pairs of names whose order is the other one, with no change of voice
    "numbers_missing",  # how many numbers are in no quote (up to 3)
    "numbers_missing_focus",
    "numbers_displaced",  # share of numbers and dates none of whose neighbours in the claim is near them in a quote
    "small_numbers_missing",  # numbers spelled out, below 13: a quote may list what the claim counts
    "units_differ",  # the number is there with another unit only
    "dates_missing",  # how many dates, or parts of them, are in no quote (up to 3)
    "dates_missing_focus",
    "negation_added",  # the claim denies more often than the focus denies words of it (up to 2)
    "negation_dropped",  # the sentence that bears it most denies words of the claim more often than it does (up to 2)
    "name_pairs",  # share of the neighbours of names and numbers, on both sides, that they have in a quote too
    "names_replaced",  # names and numbers in whose place, between the same words, a quote has others (up to 3)
    "words_replaced",  # the same of other words
    "opposites",  # how many words of the claim stand in the focus as their opposites only (up to 3)
    "quantifier_stronger",  # all, none, only or most in the claim alone
    "quantifier_differs",  # the claim has a class of quantifiers, the focus others
    "hedge_dropped",  # the focus says what may be, the claim what is
    "certainty_added",  # must, will, always, proved in the claim alone
    "log_words",  # the claim's length
    "log_quote_words",  # the quotes'
    "log_sentences",  # how many sentences the quotes have
)
MEANING_FEATURES = (
    "cosine_sentence",  # the claim and the nearest sentence
    "cosine_focus",  # and the mean of the focus
    "cosine_all",  # and the mean of all sentences
    "words_near",  # weighted mean over the claim's words: how near the nearest word of the focus is
    "words_near_all",  # of all quotes
    "words_near_least",  # mean of the lowest fifth of these, of all quotes
    "missing_near",  # mean over the words that are not in the quotes as such
    "clause_near",  # mean of the clause that is least near
    "shared_near",  # mean over the words that both have: how alike their neighbourhoods make them
    "names_near",  # the same over names and numbers, the least of them
)
FEATURES = WORD_FEATURES + MEANING_FEATURES
CONFLICTS = (
    *("names_missing", "numbers_missing", "units_differ", "dates_missing"),
    *("negation_added", "negation_dropped", "opposites"),
)
"""Features above 0 that speak against a claim as a whole: it is not true in part."""
_NEAR_WORDS, _MAX_RUN = 5, 64
_NEAR_DATE_CHARS, _NEAR_NUMBER_CHARS = 150, 60  # an adjunct of time moves freely
_FOCUS_SENTENCES = 3


@dataclass(frozen=True, slots=True)
class Encoded:
    """What a text is to an embedder: its vector, and for each token that was read of it one, unit rows `(n, d)`."""

    vector: Vectors
    tokens: Vectors


def encode(encoder: Encoder, texts: Sequence[Sentence]) -> dict[str, Encoded]:
    """What the texts are to the embedder, by their wording, in one call of it. Words are read within their text."""
    distinct = list({sentence.text: sentence for sentence in texts}.values())
    spans = [[(token.start, token.end) for token in sentence.tokens] for sentence in distinct]
    vectors, found = encoder.encode_spans([sentence.text for sentence in distinct], spans)
    return {
        sentence.text: Encoded(vector, some.vectors)
        for sentence, vector, some in zip(distinct, vectors, found, strict=True)
    }


class Alignment:
    """A claim laid beside the sentences of its quotes: which words are where, and which sentences bear it most.

    `content` are the claim's content tokens, `weights` what each counts (half when the question says it already),
    `present` `(content, sentences)` tells where each stands, `focus` the sentences that together hold most.
    """

    def __init__(self, claim: Sentence, sentences: Sequence[Sentence], question: Sentence | None = None) -> None:
        self.claim = claim
        self.sentences = sentences
        self.content = claim.content
        asked = set(question.keys) if question else set()
        counts = [claim.tokens[i].weight * (0.5 if claim.keys[i] in asked else 1.0) for i in self.content]
        self.weights = np.array(counts)
        self.total = float(self.weights.sum()) or 1.0
        self.spelled = claim.acronyms
        self.figures = {i: figure for figure in _figures_of(claim) for i in _tokens_of(figure, claim)}
        self.present = np.zeros((len(self.content), len(sentences)), dtype=bool)
        for column, sentence in enumerate(sentences):
            self.present[:, column] = self._present(sentence)
        self.anywhere = np.asarray(self.present.any(axis=1))
        self.focus = self._focus()
        self.in_focus = np.asarray(self.present[:, self.focus].any(axis=1))
        self.focused = [sentences[j] for j in self.focus]

    def coverage(self, present: np.ndarray) -> float:
        """The weighted share of the claim's words that are present."""
        return float(self.weights @ present) / self.total

    def _present(self, sentence: Sentence) -> list[bool]:
        initials = sentence.acronyms
        units, dates = _units_by_value([sentence]), _distinct_dates([sentence])
        stated = {i for i, figure in self.figures.items() if _is_stated(figure, units, dates)}
        prefixes = {key[:6] for key in sentence.places if len(key) >= 6}
        names_spelled = bool(self.spelled & set(sentence.places))
        return [
            (key := self.claim.keys[i]) in sentence.places
            or i in stated
            or key in initials
            or (len(key) >= 7 and key[:6] in prefixes and not self.claim.tokens[i].is_name)
            or (names_spelled and self.claim.tokens[i].is_name and self._spells(i, sentence))
            for i in self.content
        ]

    def _spells(self, i: int, sentence: Sentence) -> bool:
        initial = self.claim.text[self.claim.tokens[i].start].lower()
        return any(initial in spelled and spelled in sentence.places for spelled in self.spelled)

    def _focus(self) -> list[int]:
        held = np.zeros(len(self.content), dtype=bool)
        chosen: list[int] = []
        while len(chosen) < min(_FOCUS_SENTENCES, self.present.shape[1]):
            gains = self.weights @ (self.present & ~held[:, None])
            best = int(np.argmax(gains))
            if chosen and gains[best] <= 0.03 * self.total:
                break
            chosen.append(best)
            held |= self.present[:, best]
        return chosen


def pair_features(
    claim: Sentence,
    sentences: Sequence[Sentence],
    question: Sentence | None = None,
    encoded: Mapping[str, Encoded] | None = None,
) -> list[float]:
    """The features of a claim beside the sentences of its quotes: `FEATURES` with `encoded`, which holds the texts of
    all of them, else `WORD_FEATURES`. There is one sentence at least.
    """
    alignment = Alignment(claim, sentences, question)
    found = (
        _coverages(alignment)
        | _orders(alignment)
        | _names(alignment)
        | _replacements(alignment)
        | _figures(alignment)
        | _senses(alignment)
        | _lengths(alignment)
    )
    if encoded is None:
        return [found[name] for name in WORD_FEATURES]
    found |= _meanings(alignment, encoded)
    return [found[name] for name in FEATURES]


def _coverages(a: Alignment) -> dict[str, float]:
    missing = ~a.in_focus
    gap = longest = 0.0
    for weight, is_missing in zip(a.weights, missing, strict=True):
        gap = gap + float(weight) if is_missing else 0.0
        longest = max(longest, gap)
    place = {i: row for row, i in enumerate(a.content)}
    clauses = [[place[i] for i in clause] for clause in a.claim.clauses] or [list(range(len(a.content)))]
    shares = [float(a.weights[rows] @ missing[rows] / (a.weights[rows].sum() or 1.0)) for rows in clauses]
    return {
        "coverage_sentence": max((a.coverage(column) for column in a.present.T), default=0.0),
        "coverage_focus": a.coverage(a.in_focus),
        "coverage_all": a.coverage(a.anywhere),
        "num_missing": float(np.log1p(a.weights @ ~a.anywhere)),
        "missing_gap": longest / a.total,
        "missing_clause": max(shares, default=1.0),
    }


def _orders(a: Alignment) -> dict[str, float]:
    keys = a.claim.keys
    run = _longest_common_run(keys, [sentence.keys for sentence in a.sentences])
    pairs = set(pairwise(keys))
    quoted = {pair for sentence in a.sentences for pair in pairwise(sentence.keys)}
    neighbours = list(pairwise(keys[i] for i in a.content))
    in_order = [any(_near(s, one, other, ordered=True) for s in a.sentences) for one, other in neighbours]
    reversed_ = [
        not there and any(_near(s, other, one, ordered=True) for s in a.focused)
        for there, (one, other) in zip(in_order, neighbours, strict=True)
    ]
    count = max(len(neighbours), 1)
    return {
        "longest_run": run / max(len(keys), 1),
        "pairs": len(pairs & quoted) / max(len(pairs), 1),
        "skip_pairs": sum(in_order) / count,
        "reversed_pairs": sum(reversed_) / count,
    }


def _names(a: Alignment) -> dict[str, float]:
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


def _replacements(a: Alignment) -> dict[str, float]:
    """What stands between the same words in the claim and in a quote and differs; names and numbers in rows as one."""
    keys, tokens = a.claim.keys, a.claim.tokens
    quoted = {pair for sentence in a.sentences for pair in pairwise(sentence.keys)}
    neighbours = there = names = others = 0
    i = 0
    while i < len(tokens):
        solid = tokens[i].is_name or tokens[i].is_number
        end = i + 1
        while solid and end < len(tokens) and (tokens[end].is_name or tokens[end].is_number):
            end += 1
        if tokens[i].weight:
            pairs = [(keys[k - 1], keys[k]) for k in (i, end) if 0 < k < len(keys)]
            if solid:
                neighbours += len(pairs)
                there += sum(pair in quoted for pair in pairs)
            is_stated = solid and i in a.figures and a.anywhere[a.content.index(i)]
            if not is_stated and any(_holds_another(sentence, a.claim, i, end) for sentence in a.focused):
                names, others = names + solid, others + (not solid)
        i = end
    return {
        "name_pairs": there / neighbours if neighbours else 1.0,
        "names_replaced": float(min(3, names)),
        "words_replaced": float(min(3, others)),
    }


def _holds_another(sentence: Sentence, claim: Sentence, start: int, end: int) -> bool:
    """Whether a sentence has, between the words on both sides of `claim.tokens[start:end]`, something else.

    At the claim's own ends two words on the one side stand for both.
    """
    keys, own = claim.keys, set(claim.keys[start:end])
    wanted = any(claim.tokens[k].is_name or claim.tokens[k].is_number for k in range(start, end))
    before, after = keys[max(0, start - 2) : start], keys[end : end + 2]
    if len(before) + len(after) < 2 or (not before and len(after) < 2) or (not after and len(before) < 2):
        return False
    for first in _ends(sentence, before) if before else [None]:
        for last in _starts(sentence, after) if after else [None]:
            low = first + 1 if first is not None else max(0, (last or 0) - (end - start))
            high = last if last is not None else min(len(sentence.keys), low + end - start)
            around = set(sentence.keys[max(0, low - _NEAR_WORDS) : high + _NEAR_WORDS])  # what is near was left out
            if 0 < high - low <= end - start + 2 and not around & own:
                found = sentence.tokens[low:high]
                if any((t.is_name or t.is_number) if wanted else t.weight for t in found):
                    return True
    return False


def _ends(sentence: Sentence, keys: Sequence[str]) -> list[int]:
    """Where the last of these keys stands with the one before it, if there is one, in front."""
    places = sentence.places.get(keys[-1], [])
    return [p for p in places if len(keys) < 2 or (p > 0 and sentence.keys[p - 1] == keys[0])] or (
        [p for p in places if sentence.tokens[p].weight]
    )


def _starts(sentence: Sentence, keys: Sequence[str]) -> list[int]:
    """The same of the first of the keys with the one behind it."""
    places = sentence.places.get(keys[0], [])
    last = len(sentence.keys) - 1
    return [p for p in places if len(keys) < 2 or (p < last and sentence.keys[p + 1] == keys[1])] or (
        [p for p in places if sentence.tokens[p].weight]
    )


def _figures(a: Alignment) -> dict[str, float]:
    facts = a.claim.facts
    everywhere, focused = _units_by_value(a.sentences), _units_by_value(a.focused)
    large = [quantity for quantity in facts.quantities if not quantity.is_small]
    small = [quantity for quantity in facts.quantities if quantity.is_small and quantity.value > 1]
    dates, focused_dates = _distinct_dates(a.sentences), _distinct_dates(a.focused)
    placed = [q for q in large if _stated(q, everywhere)] + [d for d in facts.dates if _dated(d, dates) > 0]
    displaced = [_is_figure_displaced(a, figure) for figure in placed]
    return {
        "numbers_missing": float(min(3, sum(not _stated(q, everywhere) for q in large))),
        "numbers_missing_focus": float(min(3, sum(not _stated(q, focused) for q in large))),
        "numbers_displaced": sum(displaced) / max(len(displaced), 1),
        "small_numbers_missing": float(min(3, sum(not _stated(q, everywhere) for q in small))),
        "units_differ": float(any(q.value in everywhere and not _stated(q, everywhere) for q in facts.quantities)),
        "dates_missing": float(min(3, sum(1 - _dated(date, dates) for date in facts.dates))),
        "dates_missing_focus": float(min(3, sum(1 - _dated(date, focused_dates) for date in facts.dates))),
    }


def _all_numbers(sentence: Sentence) -> list[Quantity]:
    """The numbers of a sentence, its years too: "2021 people" and a year look alike."""
    years = [Quantity(date.year, "", date.start, date.end) for date in sentence.facts.dates if date.year]
    return [*sentence.facts.quantities, *years]


def _figures_of(claim: Sentence) -> list[Quantity | Date]:
    return [*claim.facts.quantities, *claim.facts.dates]


def _tokens_of(figure: Quantity | Date, claim: Sentence) -> list[int]:
    return [i for i in claim.content if figure.start <= claim.tokens[i].start < figure.end]


def _is_stated(figure: Quantity | Date, units: Mapping[float, set[str]], dates: Sequence[Date]) -> bool:
    return _dated(figure, dates) == 1.0 if isinstance(figure, Date) else _stated(figure, units)


def _units_by_value(sentences: Sequence[Sentence]) -> dict[float, set[str]]:
    found: dict[float, set[str]] = {}
    for quantity in (quantity for sentence in sentences for quantity in _all_numbers(sentence)):
        found.setdefault(quantity.value, set()).add(quantity.unit)
    return found


def _stated(quantity: Quantity, units_by_value: Mapping[float, set[str]]) -> bool:
    units = units_by_value.get(quantity.value)
    return units is not None and (not quantity.unit or "" in units or quantity.unit in units)


def _distinct_dates(sentences: Sequence[Sentence]) -> list[Date]:
    dates = (date for sentence in sentences for date in sentence.facts.dates)
    return list({(date.year, date.month, date.day): date for date in dates}.values())


def _dated(date: Date, others: Sequence[Date]) -> float:
    """1 where one date of the quotes says all of this one; 0.5 where its parts are in several; else 0."""
    if any(date.within(other) for other in others):
        return 1.0
    parts = (
        (date.year, {other.year for other in others}),
        (date.month, {other.month for other in others}),
        (date.day, {other.day for other in others}),
    )
    return 0.5 if all(not part or part in found for part, found in parts) else 0.0


def _senses(a: Alignment) -> dict[str, float]:
    claim, keys = a.claim, {a.claim.keys[i] for i in a.content}
    mine = len(claim.negated)
    theirs = [sum(bool(scope & keys) for scope in s.negated) for s in a.focused] or [0]
    softened = 0.5 if any(s.is_weakly_negated for s in a.focused) else 0.0
    classes = frozenset[str]().union(*(s.quantifiers for s in a.focused))
    strong = claim.quantifiers & {"all", "none", "only", "most"}
    text = " ".join(s.text for s in a.focused)
    return {
        "negation_added": max(0.0, min(2, mine - sum(theirs)) - softened),
        "negation_dropped": max(0.0, min(2, theirs[0] - mine) - (0.5 if claim.is_weakly_negated else 0.0)),
        "opposites": float(min(3, _num_opposites(a))),
        "quantifier_stronger": float(bool(strong - classes)),
        "quantifier_differs": float(bool(claim.quantifiers - classes) and bool(classes - claim.quantifiers)),
        "hedge_dropped": float(any(s.is_hedged for s in a.focused[:1]) and not claim.is_hedged),
        "certainty_added": float(bool(CERTAIN.search(claim.text)) and not CERTAIN.search(text)),
    }


def _num_opposites(a: Alignment) -> int:
    there = {key for sentence in a.focused for key in sentence.places}
    keys = {a.claim.keys[i] for i in a.content}
    little = {key for key in a.claim.keys if key not in keys}
    missing = (keys | little) - there
    return sum(bool((opposites_of(key) & there) - set(a.claim.places)) for key in missing)


def _lengths(a: Alignment) -> dict[str, float]:
    return {
        "log_words": float(np.log1p(len(a.claim.tokens))),
        "log_quote_words": float(np.log1p(sum(len(s.tokens) for s in a.sentences))),
        "log_sentences": float(np.log1p(len(a.sentences))),
    }


def _meanings(a: Alignment, encoded: Mapping[str, Encoded]) -> dict[str, float]:
    mine, theirs = encoded[a.claim.text], [encoded[sentence.text] for sentence in a.sentences]
    vectors = np.stack([other.vector for other in theirs])
    cosines = vectors @ mine.vector
    content = mine.tokens[list(a.content)]
    firsts = np.cumsum([0, *(len(other.tokens) for other in theirs[:-1])])
    similarities = content @ np.concatenate([other.tokens for other in theirs]).T
    near = np.maximum.reduceat(similarities, firsts, axis=1) if len(content) else np.zeros((0, len(theirs)))
    focus, everywhere = near[:, a.focus].max(axis=1, initial=-1.0), near.max(axis=1, initial=-1.0)
    place = {i: row for row, i in enumerate(a.content)}
    clauses = [[place[i] for i in clause] for clause in a.claim.clauses] or [list(range(len(a.content)))]
    shared = _echoes(a, similarities, firsts)
    named = [shared[row] for row, i in enumerate(a.content) if a.claim.tokens[i].weight > 1.2 and row in shared]
    return {
        "cosine_sentence": float(cosines.max()),
        "cosine_focus": _cosine(vectors[a.focus].sum(axis=0), mine.vector),
        "cosine_all": _cosine(vectors.sum(axis=0), mine.vector),
        "words_near": float(a.weights @ focus) / a.total,
        "words_near_all": float(a.weights @ everywhere) / a.total,
        "words_near_least": float(np.sort(everywhere)[: max(1, len(everywhere) // 5)].mean()) if len(content) else 0.0,
        "missing_near": float(everywhere[~a.anywhere].mean()) if (~a.anywhere).any() else 1.0,
        "clause_near": min((float(focus[rows].mean()) for rows in clauses if rows), default=0.0),
        "shared_near": float(np.mean(list(shared.values()))) if shared else 0.0,
        "names_near": float(min(named)) if named else 0.8,
    }


def _echoes(a: Alignment, similarities: np.ndarray, firsts: np.ndarray) -> dict[int, float]:
    """For each content word of the claim that stands in a quote too, how alike the two are at the best such place."""
    found = {}
    for row, i in enumerate(a.content):
        columns = [firsts[j] + k for j, s in enumerate(a.sentences) for k in s.places.get(a.claim.keys[i], ())]
        if columns:
            found[row] = float(similarities[row, columns].max())
    return found


def _cosine(one: np.ndarray, other: np.ndarray) -> float:
    return float(one @ other / max(float(np.linalg.norm(one) * np.linalg.norm(other)), 1e-9))


def _longest_common_run(one: Sequence[str], others: Sequence[Sequence[str]]) -> int:
    """The number of words in the longest run that a text has in common with one of the others, counted up to 64.

    A run of n words holds one of n - 1, so the length is found by halving.
    """
    least, most = 0, min(len(one), _MAX_RUN)
    while least < most:
        length = (least + most + 1) // 2
        runs = _runs(one, length)
        if any(run in runs for other in others for run in _runs(other, length)):
            least = length
        else:
            most = length - 1
    return least


def _runs(keys: Sequence[str], length: int) -> set[tuple[str, ...]]:
    return {tuple(keys[i : i + length]) for i in range(len(keys) - length + 1)}


def _near(sentence: Sentence, one: str, other: str, *, ordered: bool) -> bool:
    """Whether two keys stand within five words of each other, in this order where that is asked."""
    first, second = sentence.places.get(one), sentence.places.get(other)
    if not first or not second:
        return False
    return any(0 < j - i <= _NEAR_WORDS or (not ordered and 0 < i - j <= _NEAR_WORDS) for i in first for j in second)


def _is_displaced(a: Alignment, i: int, keys: Sequence[str]) -> bool:
    """Whether none of the two content words before and after token `i` of the claim is near its key in a quote."""
    row = a.content.index(i) if i in a.content else -1
    around = [a.content[k] for k in range(max(0, row - 2), min(len(a.content), row + 3)) if k != row]
    neighbours = [a.claim.keys[k] for k in around if a.claim.keys[k] not in keys]
    return bool(neighbours) and not any(
        _near(s, key, neighbour, ordered=False) for s in a.sentences for key in keys for neighbour in neighbours
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
        return [other.start for other in sentence.facts.dates if _dated(figure, [other]) == 1.0]
    return [other.start for other in _all_numbers(sentence) if figure.equals(other)]
