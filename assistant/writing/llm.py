"""LLMs behind LlamaIndex's interface, each with what has to be known to ask it well.

The only module of this room that meets LlamaIndex: four ways to an LLM, one of them for an LLM that somebody else made.
It asks nothing; `streaming.py` does. Only what a caller named is ever connected to.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from assistant.writing.prompts import Prompt
from assistant.writing.request import LlmSettings
from assistant.writing.server import NO_FACTS, ServerFacts
from assistant.writing.wire import Call, Wire, is_loopback

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatMessage

SEED = 7
STOPS = ("END OF QUOTES", "\nQuestion:", "\n質問：")
OPENAI_URL = "https://api.openai.com/v1"
ANTHROPIC_URL = "https://api.anthropic.com"
_REASONING_MODEL = re.compile(r"(o\d|gpt-5)")
_REASONING_TOKENS = 4_000
"""What a model that thinks before it answers may think, beside its answer."""


def _no_options(_max_tokens: int, _grammar: str | None) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Connection:
    """An LLM that can be asked: what it is called, where it is, and what is known of it.

    `options` makes the keyword arguments of a request from its most tokens and its grammar; `wire` is None where the
    LLM's connections are not ours to close; `tells_end` whether its stream says that it is complete.
    """

    llm: "LLM"
    model: str
    place: str
    context_tokens: int
    wire: Wire | None = None
    facts: ServerFacts = NO_FACTS
    tells_end: bool = False
    options: Callable[[int, str | None], Mapping[str, Any]] = _no_options
    key: str | None = field(default=None, repr=False)

    def binding(self, call: Call) -> AbstractContextManager[None]:
        """While this lasts, what this thread asks belongs to `call`, which can be cut."""
        return self.wire.binding(call) if self.wire is not None else nullcontext()


def any_llm(llm: "LLM", settings: LlmSettings) -> Connection:
    """A connection to an LLM that somebody else made, its limits and temperature as they made it."""
    window = llm.metadata.context_window if llm.metadata.context_window > 0 else settings.context_tokens
    name = llm.metadata.model_name or type(llm).__name__
    return Connection(llm, name, name, min(window, settings.max_context_tokens))


def openai_protocol(  # noqa: PLR0913  (what a server is)
    model: str,
    base_url: str,
    key: str | None,
    settings: LlmSettings,
    *,
    facts: ServerFacts = NO_FACTS,
    temperature: float = 0.0,
) -> Connection:
    """A connection to what speaks the OpenAI protocol at `base_url`."""
    from llama_index.llms.openai_like import OpenAILike

    wire = Wire(settings.connect_seconds, _patience(settings))
    context = facts.context_tokens or settings.context_tokens
    llm = OpenAILike(  # type: ignore[call-arg]  # its stated fields leave out the client, which it takes
        model=model,
        api_base=base_url,
        api_key=key or "none",
        is_chat_model=True,
        context_window=context,
        max_retries=0,
        temperature=temperature,
        timeout=_patience(settings),
        http_client=wire.client(trust_env=not is_loopback(base_url)),
    )
    return Connection(llm, model, base_url, context, wire, facts, True, partial(_server_options, facts), key)


def openai_service(model: str, key: str, settings: LlmSettings) -> Connection:
    """A connection to OpenAI's own service."""
    thinks = bool(_REASONING_MODEL.match(model))
    facts = ServerFacts(settings.max_context_tokens)
    connection = openai_protocol(model, OPENAI_URL, key, settings, facts=facts, temperature=1.0 if thinks else 0.0)
    more = _REASONING_TOKENS if thinks else 0
    return replace(connection, options=partial(_service_options, more))


def ollama(model: str, base_url: str, settings: LlmSettings) -> Connection:
    """A connection to Ollama by its own protocol, in which the context can be set: by the other one it is cut."""
    import ollama as package
    from llama_index.llms.ollama import Ollama

    wire = Wire(settings.connect_seconds, _patience(settings))
    client = package.Client(host=base_url, **wire.client_options(trust_env=not is_loopback(base_url)))
    llm = Ollama(
        model=model,
        base_url=base_url,
        temperature=0.0,
        context_window=settings.max_context_tokens,
        client=client,
        additional_kwargs={"num_predict": settings.answer_tokens, "seed": SEED, "stop": list(STOPS)},
    )
    return Connection(llm, model, base_url, settings.max_context_tokens, wire, tells_end=True)


def anthropic(model: str, key: str, settings: LlmSettings) -> Connection:
    """A connection to Anthropic's service."""
    from llama_index.llms.anthropic import Anthropic  # type: ignore[import-not-found,unused-ignore]  # an extra

    wire = Wire(settings.connect_seconds, _patience(settings))
    llm = Anthropic(model=model, api_key=key, temperature=0.0, max_tokens=settings.answer_tokens, max_retries=0)
    llm._client = llm._client.with_options(http_client=wire.client(trust_env=True))  # it takes no client when made
    return Connection(llm, model, "https://api.anthropic.com", settings.max_context_tokens, wire)


def messages(prompt: Prompt) -> "list[ChatMessage]":
    """The prompt in LlamaIndex's form."""
    from llama_index.core.llms import ChatMessage, MessageRole

    return [
        ChatMessage(role=MessageRole.SYSTEM, content=prompt.system),
        ChatMessage(role=MessageRole.USER, content=prompt.user),
    ]


def _server_options(facts: ServerFacts, max_tokens: int, grammar: str | None) -> dict[str, Any]:
    options: dict[str, Any] = {
        "max_tokens": max_tokens,
        "seed": SEED,
        "stop": list(STOPS),
        "stream_options": {"include_usage": True},
    }
    if facts.is_llama_cpp:  # what only that server knows; others refuse fields they do not know
        extra: dict[str, Any] = {"chat_template_kwargs": {"enable_thinking": False}, "cache_prompt": True}
        options["extra_body"] = extra | ({"grammar": grammar} if grammar else {})
    return options


def _service_options(more_tokens: int, max_tokens: int, _grammar: str | None) -> dict[str, Any]:
    return {"max_completion_tokens": max_tokens + more_tokens, "stream_options": {"include_usage": True}}


def _patience(settings: LlmSettings) -> float:
    return max(settings.first_token_seconds, settings.between_tokens_seconds) + 5.0
