"""What a server of the OpenAI protocol says of itself: how much it reads, and whether it takes a grammar.

llama.cpp tells at `/props`, counts tokens at `/tokenize` and takes grammars; vLLM tells the length at `/models`. Of a
server that says nothing nothing is assumed; then tokens are estimated, rather too many than too few.
"""

import json
import logging
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

from assistant.writing.prompts import Prompt
from assistant.writing.wire import is_loopback

logger = logging.getLogger(__name__)

_SECONDS = 3.0
_MAX_BYTES = 4_000_000
_CHARS_PER_TOKEN = 3
_MESSAGE_TOKENS = 16
"""What a chat template adds to each of the two messages, at most."""


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """What is known of a server; `context_tokens` is None where it does not say, `root` where it has its own ways."""

    context_tokens: int | None = None
    is_llama_cpp: bool = False
    root: str = ""


NO_FACTS = ServerFacts()


def look_at(base_url: str, key: str | None, model: str) -> ServerFacts:
    """What the server at `base_url` tells of itself; never fails, and takes a few seconds at most."""
    root = base_url.rstrip("/").removesuffix("/v1")
    props = _ask("GET", f"{root}/props", key)
    context = _number(_at(props, "default_generation_settings", "n_ctx"))
    if context:
        return ServerFacts(context, is_llama_cpp=True, root=root)
    models = _at(_ask("GET", f"{base_url.rstrip('/')}/models", key), "data")
    rows = [row for row in models if isinstance(row, Mapping)] if isinstance(models, list) else []
    lengths = [_number(row.get("max_model_len")) for row in rows if row.get("id") == model]
    return ServerFacts(next((length for length in lengths if length), None))


def num_tokens(prompt: Prompt, facts: ServerFacts, key: str | None) -> int:
    """The tokens of a prompt: counted by the server where it can, else estimated."""
    if facts.is_llama_cpp:
        roles = {"system": prompt.system, "user": prompt.user}
        body = {"messages": [{"role": role, "content": content} for role, content in roles.items()]}
        text = _at(_ask("POST", f"{facts.root}/apply-template", key, body), "prompt")
        if isinstance(text, str):
            tokens = _at(
                _ask("POST", f"{facts.root}/tokenize", key, {"content": text, "parse_special": True}), "tokens"
            )
            if isinstance(tokens, list):
                return len(tokens)
    return 2 * _MESSAGE_TOKENS + estimated_tokens(prompt.system) + estimated_tokens(prompt.user)


def estimated_tokens(text: str) -> int:
    """At least as many tokens as any usual tokenizer makes of a text: one for three Latin letters, one for any
    character of another script.

    >>> estimated_tokens("Two sides met."), estimated_tokens("日本と英国")
    (5, 5)
    """
    narrow = sum(ord(c) < 0x250 or unicodedata.category(c)[0] in "PZ" for c in text)
    return len(text) - narrow + -(-narrow // _CHARS_PER_TOKEN)


def _ask(method: str, url: str, key: str | None, body: Mapping[str, Any] | None = None) -> Any:
    """The JSON that a server answers with; None for whatever else it does."""
    import httpx

    headers = {"Authorization": f"Bearer {key}"} if key else {}
    content = b""
    is_tls = url.startswith("https:")  # certificates take long to load, and only it needs them
    try:
        with (
            httpx.Client(timeout=_SECONDS, verify=is_tls, trust_env=not is_loopback(url)) as client,
            client.stream(method, url, headers=headers, json=body) as response,
        ):
            end = monotonic() + _SECONDS
            if not response.is_success:
                return None
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > _MAX_BYTES or monotonic() > end:
                    return None
        return json.loads(content)
    except (httpx.HTTPError, ValueError, RecursionError) as error:
        logger.debug("%s says nothing of itself: %s", url, type(error).__name__)
        return None


def _at(thing: object, *path: str) -> Any:
    for name in path:
        thing = thing.get(name) if isinstance(thing, Mapping) else None
    return thing


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
