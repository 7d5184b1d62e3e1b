"""What is measured of answers, one definition each, by the name that the field has for it.

`MEASURES` need a case and its answer alone, `SUITE_MEASURES` all of a suite's. `measures_with` adds those that need a
judge or the documents. Reading order: `kinds.py`, `spans.py`, `citations.py`, `refusals.py`, `reading.py`,
`ranking.py`, `retrieval.py`, `attribution.py`, `clusters.py`, `stability.py`, `costs.py`.
"""

from collections.abc import Callable, Sequence

from corpus.document import Document
from evals.intervals import mean_with_interval
from evals.judges import Judge
from evals.measures.attribution import attribution_measures
from evals.measures.citations import (
    quote_exactness,
    right_citations,
    right_document,
    right_words,
    right_words_first,
)
from evals.measures.clusters import clusters_of
from evals.measures.costs import latency_ms, tokens
from evals.measures.kinds import Answered, Measure, SuiteMean, SuiteMeasure, Unit
from evals.measures.reading import answer_f1, exact_match, token_f1
from evals.measures.refusals import REFUSAL_MEASURES, refused_rightly, refused_wrongly
from evals.measures.retrieval import RETRIEVAL_MEASURES
from evals.measures.spans import Span, share_half
from evals.measures.stability import stability

__all__ = [
    "LOWER_IS_BETTER",
    "MEASURES",
    "SHARES",
    "SUITE_MEASURES",
    "Answered",
    "Measure",
    "Span",
    "SuiteMean",
    "SuiteMeasure",
    "Unit",
    "clusters_of",
    "mean_with_interval",
    "measures_with",
    "share_half",
    "token_f1",
]

MEASURES: dict[str, Measure] = {
    "right document cited": right_document,
    "right words cited": right_words,
    "right words first": right_words_first,
    "right citations": right_citations,
    "refused rightly": refused_rightly,
    "refused wrongly": refused_wrongly,
    "exact match": exact_match,
    "token F1": answer_f1,
    **RETRIEVAL_MEASURES,
    "latency (ms)": latency_ms,
    "tokens": tokens,
}

SUITE_MEASURES: dict[str, SuiteMean] = REFUSAL_MEASURES | {"stability under paraphrase": stability}

LOWER_IS_BETTER = frozenset({"refused wrongly", "latency (ms)", "tokens"})
"""Of every other measure more is better."""

SHARES = frozenset({*MEASURES, *SUITE_MEASURES} - {"latency (ms)", "tokens"})
"""The measures, of those that need no judge, that lie within 0 and 1."""


def measures_with(
    judges: Sequence[Judge] = (), document: Callable[[str], Document] | None = None
) -> dict[str, Measure]:
    """`MEASURES`, with citation recall and precision by each judge, and with quote exactness where `document` gives
    snapshots by id.
    """
    found = dict(MEASURES)
    for judge in judges:
        found |= attribution_measures(judge)
    return found | ({"quote exactness": quote_exactness(document)} if document is not None else {})
