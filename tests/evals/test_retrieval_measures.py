import pytest

from evals.retrieval_measures import Place, holds_any, joined, ndcg_at, recall_and_iou, recall_at


@pytest.mark.parametrize(
    ("retrieved", "wanted", "recall", "iou"),
    [
        # 100 wanted; two windows read 200 characters, 60 of the wanted ones in both, so 60 once
        ([("a", 0, 100), ("a", 0, 100)], [("a", 40, 140)], 0.6, 60 / (200 + 40)),
        # two windows that overlap by 50: 150 characters hold all 30 wanted, 200 are read
        ([("a", 0, 100), ("a", 50, 150)], [("a", 60, 90)], 1.0, 30 / 200),
        # wanted in two documents, one of them never read
        ([("a", 0, 10)], [("a", 0, 10), ("b", 0, 30)], 0.25, 10 / (10 + 30)),
        # wanted spans that overlap count once
        ([("a", 0, 40)], [("a", 10, 30), ("a", 20, 40)], 1.0, 30 / 40),
        ([], [("a", 0, 10)], 0.0, 0.0),
    ],
    ids=["read twice", "overlap", "two documents", "wanted twice", "nothing"],
)
def test_recall_and_iou_agree_with_sums_by_hand(
    retrieved: list[Place], wanted: list[Place], recall: float, iou: float
) -> None:
    assert recall_and_iou(retrieved, wanted) == pytest.approx((recall, iou))


def test_joined_places_touch_no_more() -> None:
    assert joined([("b", 0, 5), ("a", 5, 9), ("a", 0, 5), ("a", 20, 22)]) == [("a", 0, 9), ("a", 20, 22), ("b", 0, 5)]


def test_an_answer_over_two_neighbouring_places_was_read() -> None:
    assert holds_any([("a", 0, 10), ("a", 10, 20)], [("a", 5, 15)])
    assert not holds_any([("a", 0, 10)], [("a", 5, 15)])
    assert not holds_any([("b", 0, 20)], [("a", 5, 15)])


@pytest.mark.parametrize(
    ("ranked", "relevant", "recall", "ndcg"),
    [
        (["x", "y"], {"a"}, 0.0, 0.0),
        (["a"], {"a"}, 1.0, 1.0),
        (["x", "a"], {"a"}, 1.0, 0.6309),  # 1 / log2(3)
        (["a", "x", "b"], {"a", "b", "c"}, 2 / 3, 1.5 / 2.1309),  # (1 + 1/2) / (1 + 1/log2(3) + 1/2)
    ],
)
def test_recall_and_ndcg_agree_with_sums_by_hand(
    ranked: list[str], relevant: set[str], recall: float, ndcg: float
) -> None:
    assert recall_at(5, ranked, relevant) == pytest.approx(recall)
    assert ndcg_at(5, ranked, relevant) == pytest.approx(ndcg, abs=1e-3)
