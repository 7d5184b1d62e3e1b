"""What search found for a case, read from the answer's trace: by document, by span, and by character.

Only the hits that answering went on with are looked at, in their order. A question that is answered without a search,
such as one for a list of documents, is not scored, and neither is an answer that came without its trace.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.answer import Answer
from evals.case import Case, Judgement, Score
from evals.measures.kinds import Measure, not_citable
from evals.measures.ranking import Overlap, ndcg_at, overlap, recall_at, reciprocal_rank
from evals.measures.spans import Place, Span, num_shared, place_of, share_half

K = 5
_Ranked = tuple[list[str], set[str]]


@dataclass(frozen=True, slots=True)
class FoundSpan:
    """The place of a hit."""

    document_id: str
    start: int
    end: int


def documents_ranked(case: Case, hits: Sequence[Span]) -> _Ranked:
    """The documents of the hits, best first, and those that the case judges right, alternatives among them."""
    return [hit.document_id for hit in hits], {judgement.document_id for judgement in case.judgements}


def spans_ranked(case: Case, hits: Sequence[Span]) -> _Ranked:
    """The hits as ids, best first, and the ids that are relevant, one a group of judgements.

    A hit bears the id of the first group that it is the first to meet; one that meets nothing new has an id of its own.
    Groups that one hit meets together are one, so that finding them at once is no loss.

    Groups x and y: the first hit meets x, the second x again, the third y.

    >>> case = Case("c", "Q?", (), (Judgement("a", 0, 9, "x"), Judgement("a", 50, 60, "y")), (), True)
    >>> ranked, relevant = spans_ranked(case, [FoundSpan("a", 0, 20), FoundSpan("a", 5, 30), FoundSpan("a", 40, 80)])
    >>> ranked, sorted(relevant)
    (['group x', 'hit 2', 'group y'], ['group x', 'group y'])
    """
    left = dict(case.groups)
    ranked, relevant = list[str](), set[str]()
    for number, hit in enumerate(hits, start=1):
        met = [name for name, group in left.items() if any(share_half(hit, judgement) for judgement in group)]
        ranked.append(f"group {met[0]}" if met else f"hit {number}")
        relevant.update(f"group {name}" for name in met[:1])
        for name in met:
            del left[name]
    return ranked, relevant | {f"group {name}" for name in left}


def hits_of(answer: Answer) -> list[FoundSpan] | None:
    """The hits in the trace, best first; None where nothing was searched, or no trace was kept."""
    hits = answer.trace.get("hits")
    if hits is None or (not hits and answer.trace.get("kind", "look-up") != "look-up"):
        return None
    return [_place(hit["passage"]) for hit in hits]


def span_recall(case: Case, answer: Answer) -> Score:
    """Share of the groups of judgements that the first `K` hits meet."""

    def score(hits: Sequence[FoundSpan]) -> float:
        met = [any(share_half(hit, one) for hit in hits[:K] for one in group) for group in case.groups.values()]
        return sum(met) / len(met)

    return _of_hits(case, answer, score)


def by_rank(ranked: Callable[[Case, Sequence[FoundSpan]], _Ranked], score: Callable[..., float]) -> Measure:
    """The measure that scores the ranked ids of a case against its relevant ones."""
    return lambda case, answer: _of_hits(case, answer, lambda hits: score(*ranked(case, hits)))


def by_character(part: Callable[[Overlap], float | None]) -> Measure:
    """The measure of the characters of the first `K` hits; of each group the alternative that they cover best counts.

    With one judgement a group, this is Chroma's definition; theirs has no alternatives.
    """

    def measure(case: Case, answer: Answer) -> Score:
        def score(hits: Sequence[FoundSpan]) -> float | None:
            places = [place_of(hit) for hit in hits[:K]]
            return part(overlap(places, [place_of(_best(group, places)) for group in case.groups.values()]))

        return _of_hits(case, answer, score)

    return measure


RETRIEVAL_MEASURES: dict[str, Measure] = {
    f"R@{K}": by_rank(documents_ranked, lambda ranked, relevant: recall_at(K, ranked, relevant)),
    f"nDCG@{K}": by_rank(documents_ranked, lambda ranked, relevant: ndcg_at(K, ranked, relevant)),
    "RR": by_rank(documents_ranked, reciprocal_rank),
    f"span R@{K}": span_recall,
    f"span nDCG@{K}": by_rank(spans_ranked, lambda ranked, relevant: ndcg_at(K, ranked, relevant)),
    "span RR": by_rank(spans_ranked, reciprocal_rank),
    f"token recall@{K}": by_character(lambda found: found.recall),
    f"token precision@{K}": by_character(lambda found: found.precision),
    f"token IoU@{K}": by_character(lambda found: found.iou),
}
"""The first three over distinct documents, the next three over spans, the last over characters."""


def _of_hits(case: Case, answer: Answer, score: Callable[[Sequence[FoundSpan]], float | None]) -> Score:
    if (unscored := not_citable(case)) is not None:
        return unscored
    hits = hits_of(answer)
    if hits is None:
        return Score(None, "nothing was searched, or no trace was kept")
    value = score(hits)
    return Score(None, "nothing was found") if value is None else Score(value)


def _best(group: Sequence[Judgement], places: Sequence[Place]) -> Judgement:
    """The judgement of which the greatest share was found, the first of those."""
    return max(group, key=lambda one: num_shared(places, [place_of(one)]) / max(1, one.end - one.start))


def _place(passage: Mapping[str, Any]) -> FoundSpan:
    return FoundSpan(passage["document_id"], passage["start"], passage["end"])
