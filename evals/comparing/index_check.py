"""Two indexes of one home held against each other: whether search finds less in the new one, beyond chance.

The questions of a suite are put to both, as standalone questions, and the passages found are scored: no answer is
written. Both search the same documents with the program as it is, so only the index tells them apart. A drop is judged
as `gating.py` judges runs. Nothing is kept, and nothing is swapped here.
"""

from collections.abc import Callable, Sequence

from assistant.errors import InvalidCall
from assistant.exporting.escaping import visible
from assistant.home import Home
from assistant.plugins import Verdict
from assistant.rewriting import standalone_question
from evals.case import Case, Score
from evals.cases.opening import found_cases
from evals.comparing.gating import Watched, watch
from evals.comparing.run_comparison import differences
from evals.errors import EvaluationError
from evals.measures.kinds import not_citable
from evals.measures.ranking import ndcg_at, recall_at
from evals.measures.retrieval import documents_ranked, spans_ranked
from evals.measures.spans import Span
from evals.runs.results import Result
from evals.suites import find_suite, valid_cases
from index.retrieval import Retriever

K = 10
MEASURES: dict[str, Callable[[Case, Sequence[Span]], float]] = {
    f"R@{K}": lambda case, hits: recall_at(K, *documents_ranked(case, hits)),
    f"nDCG@{K}": lambda case, hits: ndcg_at(K, *documents_ranked(case, hits)),
    f"span R@{K}": lambda case, hits: recall_at(K, *spans_ranked(case, hits)),
    f"span nDCG@{K}": lambda case, hits: ndcg_at(K, *spans_ranked(case, hits)),
}
"""Documents found, and the judged words found, among the first ten passages."""


def index_check(suite: str, home: Home) -> Callable[[Retriever, Retriever], Verdict]:
    """What compares two indexes of the home by the suite's cases that have evidence in the home's documents.

    Raises `InvalidCall` where there is no such suite, its cases are about other documents, or none has evidence.
    """
    try:
        found = find_suite(suite)
        cases, findings = found_cases(found, home)
        kept = valid_cases(cases, findings, name=found.file_name, drafts=False)
    except EvaluationError as error:
        raise InvalidCall(
            f"{suite!r} cannot check the documents of this home: {visible(str(error).splitlines()[0])}"
        ) from error
    asked = [case for case in kept if not_citable(case) is None]
    if not asked:
        raise InvalidCall(f"no case of {suite!r} says which words answer it: there is nothing to compare by")
    return lambda before, after: compare_indexes(asked, before, after)


def compare_indexes(cases: Sequence[Case], before: Retriever, after: Retriever) -> Verdict:
    """What the second index finds for the cases against what the first finds: a line a measure."""
    pairs = [(_searched(case, before), _searched(case, after)) for case in cases]
    watched = watch(differences(pairs), list(MEASURES))
    return Verdict(is_worse=any(one.is_drop for one in watched), lines=tuple(map(_line, watched)))


def _searched(case: Case, retriever: Retriever) -> Result:
    hits = [hit.passage for hit in retriever.search(standalone_question(case.question, case.history), K).hits]
    return Result(case, None, {name: Score(measure(case, hits)) for name, measure in MEASURES.items()})


def _line(one: Watched) -> str:
    row = one.difference
    fell = "  a significant drop" if one.is_drop else ""
    return (
        f"{row.measure:12} {row.before:.3f} → {row.after:.3f}  ({row.difference:+.3f}, 95 % {row.low:+.3f} to "
        f"{row.high:+.3f}; {row.num_better} of {row.num_cases} cases better, {row.num_worse} worse){fell}"
    )
