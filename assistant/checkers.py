"""Cross-encoders as verifiers: models that read a quote and a claim together and say whether one supports the other.

Any sequence classifier of sentence-transformers' kind whose labels say what support is: natural-language inference
(DeBERTa, RoBERTa and others with a label "entailment"), MiniCheck's RoBERTa and DeBERTa [1], FactCG [2], the first
HHEM. What generates text (MiniCheck-Flan-T5), labels tokens (LettuceDetect) or brings its own code (HHEM 2.1) is none.

[1] Tang, Laban & Durrett, "MiniCheck: Efficient Fact-Checking of LLMs on Grounding Documents", EMNLP 2024.
[2] Lei et al., "FactCG: Enhancing Fact Checkers with Graph-Based Multi-Hop Data", NAACL 2025.
"""

import logging
from collections.abc import Mapping, Sequence
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.pairs import PARTLY, SUPPORTED, UNSUPPORTED, Pair, Verdict
from corpus.language import language_of
from corpus.sentences import sentence_spans
from index.embedding import BATCH_SIZE
from index.errors import ModelError
from index.models import fast_tokenizer, load_model, preferred_dtype, token_spans, window_tokens

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

logger = logging.getLogger(__name__)

SUPPORT_LABELS = ("entailment", "entails", "entailed", "supported", "supports", "support", "attributable", "consistent")
"""What models call the label that means support, in lower case."""
SUPPORTED_FROM, PARTLY_FROM = 0.5, 0.25
"""The probability from which a claim counts as supported, as these models are used; below, a quarter is "partly"."""
_MIN_SHARE = 4  # a quote's window is at least this part of what the model reads, however long the claim
_FACTCG = (
    '{quote}\n\nChoose your answer: based on the paragraph above can we conclude that "{claim}"?\n\n'
    "OPTIONS:\n- Yes\n- No\nI think the answer is "
)


class CrossEncoderChecker:
    """A cross-encoder on the CPU, named as a folder or as the hub knows it, loaded when it is first used.

    It reads each quote and, where they fit together, all of them. What is longer than it reads with the claim is read
    in windows of whole sentences, and the best window counts: nothing is left unread. A claim that leaves less than a
    quarter of the model to the quote is unsupported, and logged. Support is the model's own probability, as calibrated
    as the model is.
    """

    def __init__(self, model: str) -> None:
        self._model_name = model
        self.name = f"checker:{model}"
        self._lock = Lock()  # a call of the tokenizer changes its settings for every other thread

    def load(self) -> None:
        """Loads the model, as the first call of `verdicts` does. Raises `ModelError` when it is none."""
        _ = self._model, self._tokenizer, self._label

    def verdicts(self, pairs: Sequence[Pair]) -> list[Verdict]:
        """See `Verifier.verdicts`. Raises `ModelError` when the model cannot be loaded or gives no numbers."""
        with self._lock:
            inputs = [self._inputs(pair) for pair in pairs]
            flat = [text for some in inputs for text in some]
            found = iter(self._probabilities(flat) if flat else ())
        return [_verdict(max((next(found) for _ in some), default=0.0)) for some in inputs]

    @cached_property
    def _model(self) -> "CrossEncoder":
        return load_model("checker", self._model_name, _load)

    @cached_property
    def _tokenizer(self) -> Any:
        return fast_tokenizer("checker", self._model_name, self._model)

    @cached_property
    def _max_tokens(self) -> int:
        self._model.max_seq_length = window_tokens(self._model)
        return int(self._model.max_seq_length or 0)

    @cached_property
    def _label(self) -> int:
        names = getattr(self._model.config, "id2label", None)
        return support_label(names, int(self._model.num_labels), self._model_name)

    @property
    def _reads_prompt(self) -> bool:
        return "factcg" in self._model_name.lower()

    def _probabilities(self, texts: list[Any]) -> list[float]:
        import torch

        activation = torch.nn.Sigmoid() if self._model.num_labels == 1 else torch.nn.Softmax(dim=-1)
        raw = self._model.predict(texts, batch_size=BATCH_SIZE, activation_fn=activation, show_progress_bar=False)
        found = np.asarray(raw, dtype=np.float64).reshape(len(texts), -1)[:, self._label]
        if not np.isfinite(found).all():
            raise ModelError(
                f"the checker {self._model_name!r} gives probabilities that are no numbers (NaN or infinite): its files"
                " are damaged or it cannot compute on this processor; fetch it again or choose another"
            )
        return [float(value) for value in found]

    def _inputs(self, pair: Pair) -> list[Any]:
        """What the model reads of a pair: each window of each quote, and of all together, with the claim."""
        if not pair.claim.strip():
            return []
        around = self._num_tokens("", pair.claim)
        room = self._max_tokens - around
        if room < self._max_tokens // _MIN_SHARE:
            logger.warning(
                "a claim of %d tokens is not checked: %r reads %d with the quote", around, self.name, self._max_tokens
            )
            return []
        quotes = [quote for quote in pair.quotes if quote.strip()]
        texts = [*quotes, "\n".join(quotes)] if len(quotes) > 1 else quotes
        windows = dict.fromkeys(window for text in texts for window in self._windows(text, room))
        return [self._input(window, pair.claim) for window in windows]

    def _input(self, quote: str, claim: str) -> Any:
        return _FACTCG.format(quote=quote, claim=claim) if self._reads_prompt else (quote, claim)

    def _num_tokens(self, quote: str, claim: str) -> int:
        texts = self._input(quote, claim)
        parts = (texts,) if isinstance(texts, str) else texts
        return len(self._tokenizer(*parts, truncation=False, verbose=False)["input_ids"])

    def _windows(self, text: str, room: int) -> list[str]:
        """The text in pieces of whole sentences, of at most `room` tokens each; a longer sentence is cut by tokens."""
        pieces = [
            piece
            for a, b in sentence_spans(text, 0, len(text), language=language_of(text))
            for piece in self._pieces(text, a, b, room)
        ]
        windows: list[str] = []
        first = 0
        for i in range(len(pieces)):
            fits = len(token_spans(self._tokenizer, text[pieces[first][0] : pieces[i][1]])) <= room
            if not fits:
                windows.append(text[pieces[first][0] : pieces[i - 1][1]])
                first = i
        return [*windows, text[pieces[first][0] : pieces[-1][1]]] if pieces else []

    def _pieces(self, text: str, start: int, end: int, room: int) -> list[tuple[int, int]]:
        spans = token_spans(self._tokenizer, text[start:end])
        if len(spans) <= room:
            return [(start, end)]
        step = max(1, room - 2)  # a word that is cut can have more tokens than its part had
        return [
            (start + spans[i][0], start + spans[min(i + step, len(spans)) - 1][1]) for i in range(0, len(spans), step)
        ]


def support_label(names: Mapping[int, str] | None, num_labels: int, model: str) -> int:
    """The number of the label that means support: the only one, one with a known name, or the second of two that are
    not named. Raises `ModelError` when none of these is so.

    >>> support_label({0: "contradiction", 1: "entailment", 2: "neutral"}, 3, "nli")
    1
    >>> support_label({0: "LABEL_0", 1: "LABEL_1"}, 2, "minicheck"), support_label(None, 1, "hhem")
    (1, 0)
    """
    if num_labels == 1:
        return 0
    lower = {int(number): str(name).lower() for number, name in (names or {}).items()}
    known = [number for number, name in lower.items() if name in SUPPORT_LABELS]
    if len(known) == 1:
        return known[0]
    unnamed = all(name in (str(number), f"label_{number}") for number, name in lower.items())
    if num_labels == 2 and unnamed:
        return 1
    told = ", ".join(repr(name) for name in lower.values()) or "none"
    raise ModelError(
        f"the checker {model!r} cannot be used: which of its {num_labels} labels ({told}) means support is not known;"
        f" choose a model with a label such as {SUPPORT_LABELS[0]!r} or {SUPPORT_LABELS[3]!r}"
    )


def _verdict(probability: float) -> Verdict:
    if probability >= SUPPORTED_FROM:
        return Verdict(SUPPORTED, probability)
    return Verdict(PARTLY if probability >= PARTLY_FROM else UNSUPPORTED, probability)


def _load(name: str) -> "CrossEncoder":
    from sentence_transformers import CrossEncoder
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    model: CrossEncoder = CrossEncoder(name, device="cpu", model_kwargs={"dtype": preferred_dtype()})
    architecture = (getattr(model.config, "architectures", None) or [""])[0]
    if len(model) == 1 and not architecture.endswith("ForSequenceClassification"):
        raise ValueError(f"it does not classify pairs of texts ({architecture or 'unnamed architecture'})")
    return model
