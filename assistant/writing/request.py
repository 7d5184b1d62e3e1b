"""A request to an LLM: its limits, and the record of how it went.

It asks nothing; `streaming.py` does.
"""

from dataclasses import dataclass

from assistant.errors import AssistantError
from assistant.writing.prompts import Prompt


class WriterFailed(AssistantError):
    """The LLM did not write an answer to its end; `reason` says why in the reader's words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class LlmSettings:
    """How long an LLM may take and how much it may read and write.

    `context_tokens` holds where neither the LLM nor its server says how much it reads; `key_seed` makes the prompts'
    random keys the same in every run, for measuring only.
    """

    connect_seconds: float = 5.0
    first_token_seconds: float = 60.0
    between_tokens_seconds: float = 20.0
    total_seconds: float = 180.0
    aside_seconds: float = 15.0  # for a rewritten question or its kind, in all
    answer_tokens: int = 500
    context_tokens: int = 4096
    max_context_tokens: int = 8192
    key_seed: str | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """The tokens that a request cost, as its server counts them."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(slots=True)
class Request:
    """What was asked of an LLM, word for word, and how that went: a row of the trace. It holds no key of a service."""

    task: str
    model: str
    prompt: Prompt
    notes: tuple[str, ...] = ()
    output: str = ""
    usage: Usage | None = None
    seconds: float = 0.0
    ending: str = ""
    failure: str = ""
    num_unknown_keys: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one request, in tokens and seconds."""

    max_tokens: int
    first_token_seconds: float
    between_tokens_seconds: float
    total_seconds: float
