"""A cross-encoder's scores of passages for a query. It reads both together, which ranks better and costs much more.

It scores; which passages to give it, and what to do with the scores, is decided where they are used. Code that comes
with a model is never run.
"""

import logging
from collections.abc import Sequence
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from index.embedding import BATCH_SIZE
from index.errors import ModelError
from index.models import fast_tokenizer, load_model, preferred_dtype, token_spans, window_tokens

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

logger = logging.getLogger(__name__)

OVERLAP_TOKENS = 64
"""What two windows of a long passage share, so that a sentence at a border stands whole in one of them."""
_MIN_SHARE = 4  # a passage's window is at least this part of what the model reads, however long the query


class Reranker(Protocol):
    """What orders passages anew, by reading each together with the query."""

    name: str

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """A score for each text, in the order of the texts; higher is better, and only one query's are comparable."""
        ...


class CrossEncoderReranker:
    """A sentence-transformers cross-encoder on the CPU, named as a folder or as the hub knows it.

    It is loaded when it is first used. A text that with the query is longer than the model reads is read in windows
    that overlap, and its best window is its score: nothing of a text is left unread. A query that leaves less than a
    quarter of the model to the text is cut, and logged. Scores are the model's own, after its activation function.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._lock = Lock()  # a call of the tokenizer changes its settings for every other thread

    def load(self) -> None:
        """Loads the model, which the first call of `scores` does too. Raises `ModelError` when it is none."""
        _ = self._model, self._tokenizer

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """See `Reranker.scores`. Raises `ModelError` when the model cannot be loaded or a score is no number."""
        with self._lock:
            query, room = self._fitted(query)
            windows = [self._windows(text, room) for text in texts]
            pairs = [(query, window) for some in windows for window in some]
            if not pairs:
                return []
            found = np.asarray(self._model.predict(pairs, batch_size=BATCH_SIZE, show_progress_bar=False))
        if not np.isfinite(found).all():
            raise ModelError(
                f"the cross-encoder {self.name!r} gives scores that are no numbers (NaN or infinite): its files are"
                " damaged or it cannot compute on this processor; fetch it again or choose another"
            )
        firsts = np.cumsum([0, *(len(some) for some in windows[:-1])])
        return [float(score) for score in np.maximum.reduceat(found, firsts)]

    @cached_property
    def _model(self) -> "CrossEncoder":
        return load_model("cross-encoder", self.name, _load)

    @cached_property
    def _tokenizer(self) -> Any:
        return fast_tokenizer("cross-encoder", self.name, self._model)

    @cached_property
    def _max_tokens(self) -> int:
        self._model.max_seq_length = window_tokens(self._model)
        return int(self._model.max_seq_length or 0)

    def _fitted(self, query: str) -> tuple[str, int]:
        """The query, cut where it leaves the text no room, and the number of tokens that a window of text may have."""
        spans = token_spans(self._tokenizer, query)
        around = self._num_pair_tokens("")
        longest = max(1, self._max_tokens - around - self._max_tokens // _MIN_SHARE)
        if len(spans) > longest:
            logger.warning(
                "a query of %d tokens is cut to %d: %r reads %d with the text",
                *(len(spans), longest, self.name, self._max_tokens),
            )
            query = query[: spans[longest - 1][1]]
        return query, max(1, self._max_tokens - self._num_pair_tokens(query))

    def _num_pair_tokens(self, query: str) -> int:
        """The tokens of the query with everything that the model puts around it and the text."""
        prompt = self._model.prompts.get(self._model.default_prompt_name or "", "")
        return int(self._model.preprocess([(query, "")], prompt=prompt)["input_ids"].shape[-1])

    def _num_tokens(self, text: str) -> int:
        encoding = self._tokenizer(text, add_special_tokens=False, padding=False, truncation=False, verbose=False)
        return len(encoding["input_ids"])

    def _windows(self, text: str, room: int) -> list[str]:
        """The text in pieces of at most `room` tokens, each beginning within the one before; whole where it fits."""
        spans = token_spans(self._tokenizer, text)
        windows, first, last = [], 0, 0
        while last < len(spans):
            last = min(first + room, len(spans))
            while last - first > 1 and self._num_tokens(_piece(text, spans[first:last])) > room:
                last -= 1  # a word that is cut can have more tokens than its part had
            windows.append(_piece(text, spans[first:last]))
            first = max(last - min(OVERLAP_TOKENS, room // 2), first + 1)
        return windows if len(windows) > 1 else [text]


def _piece(text: str, spans: Sequence[tuple[int, int]]) -> str:
    return text[spans[0][0] : spans[-1][1]]


def _load(name: str) -> "CrossEncoder":
    from sentence_transformers import CrossEncoder
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    model: CrossEncoder = CrossEncoder(name, device="cpu", model_kwargs={"dtype": preferred_dtype()})
    architecture = (getattr(model.config, "architectures", None) or [""])[0]
    if len(model) == 1 and not architecture.endswith("ForSequenceClassification"):
        raise ValueError(f"it has no layer that scores pairs ({architecture or 'unnamed architecture'})")
    if model.num_labels != 1:
        raise ValueError(f"it gives {model.num_labels} labels and is a classifier; a reranker gives one score")
    return model
