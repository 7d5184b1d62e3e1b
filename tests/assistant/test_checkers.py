from pathlib import Path
from typing import Any

import pytest

from assistant.checkers import CrossEncoderChecker, support_label
from assistant.pairs import Pair
from index.errors import ModelError
from tests.tiny_models import save_cross_encoder, save_embedder

_QUOTE, _CLAIM = "the ministers agreed to fund research.", "they met."


@pytest.mark.parametrize(
    ("names", "num_labels", "label"),
    [
        ({0: "contradiction", 1: "neutral", 2: "ENTAILMENT"}, 3, 2),
        ({0: "supported", 1: "unsupported"}, 2, 0),
        ({0: "0", 1: "1"}, 2, 1),
        ({0: "LABEL_0", 1: "LABEL_1"}, 2, 1),
        ({0: "LABEL_0"}, 1, 0),
        (None, 1, 0),
    ],
    ids=["nli", "named", "numbers", "unnamed", "one", "nothing said"],
)
def test_the_label_of_support_is_found_by_its_name(names: dict[int, str] | None, num_labels: int, label: int) -> None:
    assert support_label(names, num_labels, "m") == label


@pytest.mark.parametrize(
    ("names", "num_labels"),
    [
        ({0: "LABEL_0", 1: "LABEL_1", 2: "LABEL_2"}, 3),
        ({0: "positive", 1: "negative"}, 2),
        ({0: "supported", 1: "entailment"}, 2),
        ({}, 3),
    ],
    ids=["three unnamed", "something else", "two of them", "nothing said"],
)
def test_labels_that_do_not_say_what_support_is_are_refused(names: dict[int, str], num_labels: int) -> None:
    """Guessing would turn every verdict round."""
    with pytest.raises(ModelError, match=r"^the checker 'm' cannot be used: which of its \d labels .* means support"):
        support_label(names, num_labels, "m")


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> CrossEncoderChecker:
    """One with random weights and two labels that reads 32 tokens."""
    return CrossEncoderChecker(save_cross_encoder(tmp_path_factory.mktemp("checker") / "model", num_labels=2))


def _predicted(folder: str, pairs: list[tuple[str, str]]) -> list[float]:
    """What the model itself gives for its second label, loaded anew."""
    import torch
    from sentence_transformers import CrossEncoder

    from index.models import preferred_dtype

    model: Any = CrossEncoder(folder, device="cpu", model_kwargs={"dtype": preferred_dtype()})
    found = model.predict(pairs, activation_fn=torch.nn.Softmax(dim=-1), show_progress_bar=False)
    return [float(row[1]) for row in found]


def _folder(checker: CrossEncoderChecker) -> str:
    return checker.name.removeprefix("checker:")


@pytest.mark.slow
def test_support_is_the_models_own_probability_of_quote_and_claim(checker: CrossEncoderChecker) -> None:
    """The quote comes first; the verdict follows the probability."""
    (own,) = _predicted(_folder(checker), [(_QUOTE, _CLAIM)])
    (verdict,) = checker.verdicts([Pair(_CLAIM, (_QUOTE,))])
    assert verdict.support == pytest.approx(own, abs=1e-2)
    assert verdict.verdict == ("supported" if own >= 0.5 else "partly" if own >= 0.25 else "unsupported")


@pytest.mark.slow
def test_each_quote_and_all_together_are_read_and_the_best_counts(checker: CrossEncoderChecker) -> None:
    quotes = (_QUOTE, "it snowed in bergen.")
    expected = max(_predicted(_folder(checker), [(text, _CLAIM) for text in (*quotes, "\n".join(quotes))]))
    assert checker.verdicts([Pair(_CLAIM, quotes)])[0].support == pytest.approx(expected, abs=1e-2)


@pytest.mark.slow
def test_a_long_quote_is_read_to_its_end(checker: CrossEncoderChecker) -> None:
    """In windows of whole sentences, each as long as the model reads."""
    sentences = ["the ministers met in bergen.", "it snowed.", "oil fell.", "they agreed to fund research."] * 6
    long = " ".join(sentences)
    windows = checker._windows(long, 20)
    assert " ".join(windows) == long
    expected = max(_predicted(_folder(checker), [(window, _CLAIM) for window in checker._windows(long, 26)]))
    assert checker.verdicts([Pair(_CLAIM, (long,))])[0].support == pytest.approx(expected, abs=1e-2)


@pytest.mark.slow
def test_what_cannot_be_read_supports_nothing(checker: CrossEncoderChecker, caplog: pytest.LogCaptureFixture) -> None:
    """No quote, an empty claim, and a claim that fills the model, which the log says."""
    pairs = [Pair(_CLAIM, ()), Pair(_CLAIM, ("  ",)), Pair(" ", (_QUOTE,)), Pair("oil fell. " * 40, (_QUOTE,))]
    assert [(v.verdict, v.support) for v in checker.verdicts(pairs)] == [("unsupported", 0.0)] * 4
    assert "is not checked" in caplog.text
    assert checker.verdicts([]) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda folder: str(folder / "nowhere"), "there is no such folder"),
        (lambda folder: save_embedder(folder / "model"), "does not classify pairs"),
        (lambda folder: save_cross_encoder(folder / "model", num_labels=3), "means support is not known"),
    ],
    ids=["nothing there", "an embedder", "labels without names"],
)
def test_what_is_no_checker_is_refused_in_one_line(tmp_path: Path, make: Any, message: str) -> None:
    with pytest.raises(ModelError, match=message) as refusal:
        CrossEncoderChecker(make(tmp_path)).load()
    assert "\n" not in str(refusal.value)


@pytest.mark.slow
def test_probabilities_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    checker = CrossEncoderChecker(save_cross_encoder(tmp_path / "model", num_labels=2, fill=float("nan")))
    with pytest.raises(ModelError, match="no numbers"):
        checker.verdicts([Pair(_CLAIM, (_QUOTE,))])
