"""Texts to vectors, by a server that speaks the OpenAI protocol's embeddings: vLLM, llama.cpp, OpenAI itself.

Such a server gives a text one vector and tells nothing of its tokens. A sentence is read alone here, then, and stands
for its tokens as one; and where texts are cut, tokens are estimated, rather too many than too few. The model is part of
what an index is made with, the address is not: it comes from the environment of whoever starts the program.
"""

import os
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from index.embedding import Spans, Vectors, unit_rows
from index.errors import ModelError
from index.http_address import http_parts
from index.models import prompts_of

if TYPE_CHECKING:
    from openai import OpenAI

ON_SERVER = "server:"
"""What the name of a model that a server has begins with."""
URL_VARIABLE, KEY_VARIABLE = "COMMUNIQUE_EMBEDDINGS_URL", "COMMUNIQUE_EMBEDDINGS_KEY"
MAX_TOKENS = 512
"""What nearly every model of a server reads at once; of longer texts some would be cut and others refused."""
BATCH_SIZE = 64
_RETRIES = 4
_SECONDS, _CONNECT_SECONDS = 120.0, 5.0
_MAX_DIMENSION = 16_384
_TOKEN = re.compile(r"[A-Za-z]{1,4}|[0-9]{1,2}|[^\W0-9A-Za-z]{1,2}|[^\w\s]")


class ServerEncoder:
    """The embedder `server:MODEL`, at the address in `COMMUNIQUE_EMBEDDINGS_URL`; `Encoder` says what it does.

    What fails in passing is asked for again, four times, a little later each time. The prompts are those that
    `models.py` knows by the model's name.
    """

    pools_means = False
    max_tokens = MAX_TOKENS

    def __init__(self, name: str) -> None:
        """Raises `ModelError` where no server is named, or it cannot be reached or has no such model."""
        self.name = name
        self._model = name.removeprefix(ON_SERVER)
        if not self._model.strip() or not self._model.isprintable():
            raise ModelError(f"{name!r} names no model of a server: give {ON_SERVER}MODEL")
        self._url = server_url(name)
        self._client = _client(self._url)
        self.query_prompt, self.passage_prompt = prompts_of(self._model, {})
        self.dimension = len(self._answer(["How many numbers has a vector?"])[0])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder.encode`. Raises `ModelError` where the server does not answer, or not with vectors."""
        return self._encoded(texts, self.passage_prompt)

    def encode_query(self, text: str) -> Vectors:
        """See `Encoder.encode_query`; raises as `encode` does."""
        return np.asarray(self._encoded([text], self.query_prompt)[0], dtype=np.float32)

    def encode_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]], *, query: bool = False
    ) -> tuple[Vectors, list[Spans]]:
        """See `Encoder.encode_spans`; raises as `encode` does. A passage's spans are read each alone; a query's, whose
        words say little alone, have the vector of the whole.
        """
        if query:
            vectors = self._encoded(texts, self.query_prompt)
            return vectors, [_spans(vectors[[i] * len(some)]) for i, some in enumerate(spans)]
        parts = [text[start:end] for text, some in zip(texts, spans, strict=True) for start, end in some]
        rows = iter(self._encoded([*texts, *parts], self.passage_prompt))
        vectors = self._rows(islice(rows, len(texts)))
        return vectors, [_spans(self._rows(islice(rows, len(some)))) for some in spans]

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """See `Encoder.token_spans`: an estimate, four letters or two of most other signs a token."""
        return [match.span() for match in _TOKEN.finditer(text)]

    def _encoded(self, texts: Sequence[str], prompt: str) -> Vectors:
        """A row for each text; texts that are the same are sent once, and those without a sign are zeros."""
        asked = list(dict.fromkeys(prompt + text for text in texts if text.strip()))
        known = dict[str, Vectors]()
        for start in range(0, len(asked), BATCH_SIZE):
            batch = asked[start : start + BATCH_SIZE]
            known |= zip(batch, self._answer(batch), strict=True)
        nothing = np.zeros(self.dimension, dtype=np.float32)
        found = self._rows(known.get(prompt + text, nothing) for text in texts)
        if found.shape[1] != self.dimension:
            raise ModelError(f"{self._told()} gives vectors of {found.shape[1]} numbers now, {self.dimension} before")
        return found

    def _answer(self, texts: list[str]) -> Vectors:
        """What the server makes of the texts, `(n, d)` unit rows in their order."""
        from openai import APIConnectionError, APIStatusError, OpenAIError

        try:
            found = self._client.embeddings.create(model=self._model, input=texts, encoding_format="float").data
            vectors = np.array([row.embedding for row in sorted(found, key=lambda row: row.index)], dtype=np.float32)
        except APIConnectionError as error:
            raise ModelError(
                f"{self._told()} does not answer: start it, or set {URL_VARIABLE} to where it is"
            ) from error
        except APIStatusError as error:
            reason = " ".join(error.message.split())[:300]
            raise ModelError(f"{self._told()} refuses ({error.status_code}): {reason}") from error
        except (OpenAIError, ValueError, TypeError, AttributeError) as error:  # answers can be wrong in any way
            raise ModelError(f"{self._told()} answers with something that is no list of vectors") from error
        if vectors.ndim != 2 or len(vectors) != len(texts) or not 0 < vectors.shape[1] <= _MAX_DIMENSION:
            raise ModelError(f"{self._told()} does not give each text one vector of up to {_MAX_DIMENSION} numbers")
        if not np.isfinite(vectors).all():
            raise ModelError(f"{self._told()} gives vectors that are no numbers (NaN or infinite)")
        return unit_rows(vectors)

    def _rows(self, rows: Iterator[Vectors]) -> Vectors:
        found = list(rows)
        return np.stack(found) if found else np.zeros((0, self.dimension), dtype=np.float32)

    def _told(self) -> str:
        return f"the embeddings server at {self._url!r}, asked for {self._model!r},"


def server_url(name: str) -> str:
    """The address of the server that has the model. Raises `ModelError` where none is named, or no address."""
    url = os.environ.get(URL_VARIABLE, "").strip().rstrip("/")
    if not url:
        raise ModelError(
            f"the embedding model {name!r} is on a server: set {URL_VARIABLE} to its address, such as "
            "http://127.0.0.1:8000/v1"
        )
    parts = http_parts(url)
    if not parts or re.search(r"[\s?#]", url) or "@" in parts.netloc:
        raise ModelError(
            f"{URL_VARIABLE} names no server: give http://host:port/v1, without a password; {KEY_VARIABLE} has the key"
        )
    return url


def _client(url: str) -> "OpenAI":
    from httpx import Timeout
    from openai import OpenAI

    return OpenAI(
        base_url=url,
        api_key=os.environ.get(KEY_VARIABLE) or "none",
        max_retries=_RETRIES,
        timeout=Timeout(_SECONDS, connect=_CONNECT_SECONDS),
    )


def _spans(vectors: Vectors) -> Spans:
    """Each span as the one token that it has."""
    return Spans(vectors, tuple(vectors[i : i + 1] for i in range(len(vectors))))
