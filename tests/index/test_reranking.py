from pathlib import Path

import pytest

from index.errors import ModelError
from index.reranking import CrossEncoderReranker
from tests.tiny_models import WORDS, save_cross_encoder, save_embedder

pytestmark = pytest.mark.slow

_QUERY = "price of oil?"
_WINDOW = 25  # of the 32 tokens, the query has four and what stands around it and the text has three


@pytest.fixture(scope="module")
def reranker(tmp_path_factory: pytest.TempPathFactory) -> CrossEncoderReranker:
    """One with random weights that reads 32 tokens."""
    return CrossEncoderReranker(save_cross_encoder(tmp_path_factory.mktemp("reranker") / "model"))


def _predicted(reranker: CrossEncoderReranker, query: str, texts: list[str]) -> list[float]:
    """What the model itself gives, loaded anew."""
    from sentence_transformers import CrossEncoder

    from index.models import preferred_dtype

    model = CrossEncoder(reranker.name, device="cpu", model_kwargs={"dtype": preferred_dtype()})
    return [float(score) for score in model.predict([(query, text) for text in texts], show_progress_bar=False)]


def test_scores_are_the_models_own_in_the_order_of_the_texts(reranker: CrossEncoderReranker) -> None:
    """Texts that fit are scored whole, an empty one too."""
    texts = ["oil fell.", "they met in bergen. it snowed.", "", " ".join(["oil"] * _WINDOW)]
    assert reranker.scores(_QUERY, texts) == pytest.approx(_predicted(reranker, _QUERY, texts), abs=1e-2)
    assert reranker.scores(_QUERY, texts[::-1]) == pytest.approx(reranker.scores(_QUERY, texts)[::-1], abs=1e-2)
    assert reranker.scores(_QUERY, []) == []


def test_a_long_text_is_as_good_as_its_best_window(
    reranker: CrossEncoderReranker, caplog: pytest.LogCaptureFixture
) -> None:
    """A word at the very end of a long passage decides, and windows begin in the middle of the one before."""
    poor = _predicted(reranker, _QUERY, [" ".join([word] * _WINDOW) for word in WORDS])
    filler = [WORDS[poor.index(min(poor))]] * 100
    ends = _predicted(reranker, _QUERY, [" ".join([*filler[78:], word]) for word in WORDS])
    words = [*filler, WORDS[ends.index(max(ends))]]
    by_window, by_poor_window = (
        _predicted(reranker, _QUERY, [" ".join(some[first : first + _WINDOW]) for first in range(0, 79, 13)])
        for some in (words, filler)
    )
    scores = reranker.scores(_QUERY, ["oil fell.", " ".join(words), " ".join(filler)])
    assert by_window[-1] > max(by_window[:-1]) + 0.05, "the last window is the one with the word"
    assert scores[1:] == pytest.approx([by_window[-1], max(by_poor_window)], abs=1e-2)
    assert caplog.messages == []


def test_a_query_that_fills_the_model_is_cut_and_logged(
    reranker: CrossEncoderReranker, caplog: pytest.LogCaptureFixture
) -> None:
    """The text keeps a quarter of the model, and the log says what was done."""
    query = " ".join(["oil"] * 200)
    scores = reranker.scores(query, ["they met in bergen."])
    assert scores == pytest.approx(_predicted(reranker, " ".join(["oil"] * 21), ["they met in bergen."]), abs=1e-2)
    assert caplog.messages == [f"a query of 200 tokens is cut to 21: {reranker.name!r} reads 32 with the text"]


def test_nothing_is_loaded_before_it_is_needed() -> None:
    """A reranker that is named and never used costs nothing; one that is not there is an error when it is."""
    reranker = CrossEncoderReranker("/no/such/model")
    message = r"^no cross-encoder can be loaded from '/no/such/model': there is no such folder; [^\n]+$"
    for call in (reranker.load, lambda: reranker.scores("oil", ["price"])):
        with pytest.raises(ModelError, match=message):
            call()


def test_a_bi_encoder_is_no_reranker(tmp_path: Path) -> None:
    """It would be given a last layer of random numbers."""
    with pytest.raises(
        ModelError, match=r"^no cross-encoder .*: it has no layer that scores pairs \(BertModel\); [^\n]+$"
    ):
        CrossEncoderReranker(save_embedder(tmp_path / "model")).load()


def test_a_classifier_is_no_reranker(tmp_path: Path) -> None:
    """Which of its labels is relevance cannot be known."""
    with pytest.raises(ModelError, match=r"^no cross-encoder .*: it gives 3 labels and is a classifier; [^\n]+$"):
        CrossEncoderReranker(save_cross_encoder(tmp_path / "model", num_labels=3)).load()


def test_scores_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    """NaN has no place in an order."""
    reranker = CrossEncoderReranker(save_cross_encoder(tmp_path / "model", fill=float("nan")))
    with pytest.raises(ModelError, match=rf"^the cross-encoder '{reranker.name}' gives scores that are no numbers "):
        reranker.scores(_QUERY, ["oil fell."])
