from assistant.claims.features import FEATURES
from assistant.pairs import SUPPORTED, UNSUPPORTED, Pair
from evals.claims.labelled_claim import Labelled
from evals.claims.readings import Data, joined, read
from tests.fakes import HashEncoder

QUOTE = "The tide office in Bergen runs it. Nobody else does."


def _labelled(claim: str, *, label: str = SUPPORTED, kind: str = "real", group: str = "a") -> Labelled:
    return Labelled(Pair(claim, (QUOTE,)), label, kind, group, "set", claim)


def test_what_needs_no_judging_is_left_out_and_documents_stay_together() -> None:
    """Word for word the same, and nothing claimed."""
    claims = ["Bergen runs the office.", "The tide office in Bergen runs it.", "It is.", "The city of Oslo runs it."]
    data = read([_labelled(claim, group=group) for claim, group in zip(claims, "baab", strict=True)], HashEncoder())
    assert [item.pair.claim for item in data.pairs] == ["Bergen runs the office.", "The city of Oslo runs it."]
    assert data.features.shape == (2, len(FEATURES))
    product = data.columns(["names_missing*names_missing_focus", "log_words"]).features
    assert product[:, 0].tolist() == [0.0, 1.0]
    assert product.shape == (2, 2)
    assert data.columns(["names_missing"]).features.tolist() == [[0.0], [1.0]]


def test_each_text_is_encoded_once() -> None:
    encoder = HashEncoder()
    read([_labelled("Bergen runs the office."), _labelled("Oslo runs the office.")], encoder)
    assert len(encoder.read) == len(set(encoder.read)) == 4


def test_both_labels_weigh_the_same_and_real_answers_more() -> None:
    labels = [("real", SUPPORTED), ("number", UNSUPPORTED), ("name", UNSUPPORTED)]
    data = read([_labelled(f"Oslo ran {kind}.", label=label, kind=kind) for kind, label in labels], HashEncoder())
    weights = data.weights
    assert weights[data.right == 1].sum() == weights[data.right == 0].sum()
    assert joined([data, data]).features.shape == (6, len(FEATURES))
    assert isinstance(data.only(data.right == 1), Data)
    assert len(data.only(data.right == 1).pairs) == 1
