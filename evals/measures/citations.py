"""What was cited: right documents, right words, and whether a quote is what its document says.

A citation *meets* a judgement when the two spans share at least half of the shorter one. Whether a citation supports
its sentence is another question, for a judge: see `attribution.py`.
"""

from collections.abc import Callable

from assistant.answer import Answer, Citation
from corpus.document import Document
from corpus.errors import UnknownDocument
from evals.case import Case, Judgement, Score
from evals.measures.kinds import Measure, not_citable
from evals.measures.spans import share_half


def right_document(case: Case, answer: Answer) -> Score:
    """Share of the groups with a citation of a right document."""
    return _share_of_groups(case, answer, lambda citation, judgement: citation.document_id == judgement.document_id)


def right_words(case: Case, answer: Answer) -> Score:
    """Share of the groups that a citation meets: 1.0 when all that the answer needs is quoted."""
    return _share_of_groups(case, answer, share_half)


def right_words_first(case: Case, answer: Answer) -> Score:
    """1.0 when the first citation meets a judgement."""
    if (unscored := not_citable(case)) is not None:
        return unscored
    first = answer.citations[:1]
    return Score(float(any(share_half(citation, judgement) for citation in first for judgement in case.judgements)))


def right_citations(case: Case, answer: Answer) -> Score:
    """Share of the citations that meet a judgement. A lower bound: other words may serve too without being judged."""
    if (unscored := not_citable(case)) is not None:
        return unscored
    if not answer.citations:
        return Score(None, "nothing was cited")
    met = [any(share_half(citation, judgement) for judgement in case.judgements) for citation in answer.citations]
    return Score(sum(met) / len(met))


def quote_exactness(document: Callable[[str], Document]) -> Measure:
    """The measure whose score is the share of the quotes, those of a refusal too, that are exactly what the snapshot
    holds at their place; `document` gives snapshots by id.

    1.0 is the only good score: a quote of a document that is not there, or that changed, is not exact.
    """

    def measure(case: Case, answer: Answer) -> Score:
        cited = (*answer.citations, *(answer.refusal.nearest if answer.refusal else ()))
        if not cited:
            return Score(None, "nothing was quoted")
        return Score(sum(_is_exact(citation, document) for citation in cited) / len(cited))

    return measure


def _is_exact(citation: Citation, document: Callable[[str], Document]) -> bool:
    try:
        source = document(citation.document_id)
    except UnknownDocument:
        return False
    in_it = 0 <= citation.start < citation.end <= len(source.text)
    same = source.sha256 == citation.sha256 and source.text[citation.start : citation.end] == citation.quote
    return in_it and same


def _share_of_groups(case: Case, answer: Answer, met: Callable[[Citation, Judgement], bool]) -> Score:
    if (unscored := not_citable(case)) is not None:
        return unscored
    groups = case.groups.values()
    hit = [any(met(citation, judgement) for citation in answer.citations for judgement in group) for group in groups]
    return Score(sum(hit) / len(hit))
