import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.measures.ranking import Overlap, ndcg_at, overlap, recall_and_iou, recall_at, reciprocal_rank
from evals.measures.spans import Place

IDS = [f"d{i}" for i in range(30)]


@pytest.mark.parametrize(
    ("retrieved", "wanted", "found"),
    [
        # 100 wanted; two windows read 200 characters, 60 of the wanted ones in both, so 60 once
        ([("a", 0, 100), ("a", 0, 100)], [("a", 40, 140)], Overlap(0.6, 60 / 200, 60 / (200 + 40))),
        # two windows that overlap by 50: 150 characters hold all 30 wanted, 200 are read
        ([("a", 0, 100), ("a", 50, 150)], [("a", 60, 90)], Overlap(1.0, 30 / 200, 30 / 200)),
        # wanted in two documents, one of them never read
        ([("a", 0, 10)], [("a", 0, 10), ("b", 0, 30)], Overlap(0.25, 1.0, 10 / (10 + 30))),
        # wanted spans that overlap count once
        ([("a", 0, 40)], [("a", 10, 30), ("a", 20, 40)], Overlap(1.0, 30 / 40, 30 / 40)),
        ([], [("a", 0, 10)], Overlap(0.0, None, 0.0)),
    ],
    ids=["read twice", "overlap", "two documents", "wanted twice", "nothing"],
)
def test_characters_agree_with_sums_by_hand(retrieved: list[Place], wanted: list[Place], found: Overlap) -> None:
    assert overlap(retrieved, wanted) == pytest.approx(found)
    assert recall_and_iou(retrieved, wanted) == pytest.approx((found.recall, found.iou))


def chroma(retrieved: list[tuple[int, int]], wanted: list[tuple[int, int]]) -> Overlap:
    """What Chroma's own code does with one text, character by character: what was found is taken from what is unused;
    the rest of that is added to what was read.
    """
    found: set[int] = set()
    unused = {at for start, end in wanted for at in range(start, end)}
    size = len(unused)
    for start, end in retrieved:
        found |= {at for at in range(start, end) if any(a <= at < b for a, b in wanted)}
        unused -= found
    read = sum(end - start for start, end in retrieved)
    return Overlap(len(found) / size, len(found) / read, len(found) / (read + len(unused)))


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), min_size=1, max_size=6),
    st.sets(st.integers(0, 8), min_size=1, max_size=4),
)
def test_characters_agree_with_chromas_way_of_counting(chunks: list[tuple[int, int]], places: set[int]) -> None:
    """On random chunks and references; theirs do not overlap each other."""
    retrieved = [(start, start + length) for start, length in chunks]
    wanted = [(9 * place, 9 * place + 5) for place in places]
    got = overlap([("a", *span) for span in retrieved], [("a", *span) for span in wanted])
    assert got == pytest.approx(chroma(retrieved, wanted))


@pytest.mark.parametrize(
    ("ranked", "relevant", "recall", "ndcg", "rr"),
    [
        (["x", "y"], {"a"}, 0.0, 0.0, 0.0),
        (["a"], {"a"}, 1.0, 1.0, 1.0),
        (["x", "a"], {"a"}, 1.0, 0.6309, 1 / 2),  # 1 / log2(3)
        (["a", "x", "b"], {"a", "b", "c"}, 2 / 3, 1.5 / 2.1309, 1.0),  # (1 + 1/2) / (1 + 1/log2(3) + 1/2)
        (["x", "x", "x", "x", "x", "a"], {"a"}, 1.0, 0.6309, 1 / 2),  # one id is one rank, however often it comes
    ],
    ids=["none", "first", "second", "two of three", "repeated"],
)
def test_ranks_agree_with_sums_by_hand(
    ranked: list[str], relevant: set[str], recall: float, ndcg: float, rr: float
) -> None:
    assert recall_at(5, ranked, relevant) == pytest.approx(recall)
    assert ndcg_at(5, ranked, relevant) == pytest.approx(ndcg, abs=1e-3)
    assert reciprocal_rank(ranked, relevant) == pytest.approx(rr)


@given(
    st.lists(st.sampled_from(IDS), unique=True, min_size=1, max_size=20),
    st.sets(st.sampled_from(IDS), min_size=1, max_size=8),
    st.integers(1, 12),
)
def test_ranks_agree_with_ir_measures(ranked: list[str], relevant: set[str], k: int) -> None:
    """R@k, nDCG@k and RR on random rankings and judgements, to nine digits."""
    run = [ir_measures.ScoredDoc("q", id_, float(-rank)) for rank, id_ in enumerate(ranked)]
    qrels = [ir_measures.Qrel("q", id_, int(id_ in relevant)) for id_ in IDS]
    wanted = [ir_measures.R @ k, ir_measures.nDCG @ k, ir_measures.RR]
    theirs = ir_measures.calc_aggregate(wanted, qrels, run)
    ours = [recall_at(k, ranked, relevant), ndcg_at(k, ranked, relevant), reciprocal_rank(ranked, relevant)]
    assert [theirs[measure] for measure in wanted] == pytest.approx(ours, abs=1e-9)


def test_a_case_without_evidence_is_no_zero() -> None:
    for score in (lambda: recall_at(5, ["a"], ()), lambda: ndcg_at(5, ["a"], ()), lambda: reciprocal_rank(["a"], ())):
        with pytest.raises(ValueError, match="nothing is relevant"):
            score()
    with pytest.raises(ValueError, match="no characters are wanted"):
        overlap([("a", 0, 5)], [])
