"""From what a user names as an LLM, such as `ollama:llama3.2`, to the writer that uses it.

Everything that can be told without the LLM is told at once: a form that is none, a key that is missing, a package that
is not installed, a file that is no model. Nothing is connected to, started or loaded before the first question.
"""

import os
import re
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from assistant.errors import InvalidCall
from assistant.writing.gguf import DEFAULT_CONTEXT_TOKENS, GgufServer, read_header
from assistant.writing.llm import Connection, anthropic, ollama, openai_protocol, openai_service
from assistant.writing.prose import LlmWriter
from assistant.writing.request import LlmSettings, WriterFailed
from assistant.writing.server import NO_FACTS, look_at
from index.http_address import http_parts

OLLAMA_URL = "http://127.0.0.1:11434"
KEY_OF_SERVER = "COMMUNIQUE_LLM_KEY"
FORMS = "ollama:MODEL, openai:MODEL, anthropic:MODEL, server:MODEL@http://host:port/v1 or gguf:PATH"

Connect = Callable[[], Connection]


def load_llm(spec: str, settings: LlmSettings | None = None) -> LlmWriter:
    """The writer that a spec of one of the `FORMS` names.

    Raises `InvalidCall` for any other spec, and where a key, a package or a file is missing.
    """
    settings = settings or LlmSettings()
    form, _, rest = spec.strip().partition(":")
    makers = {"ollama": _ollama, "openai": _openai, "anthropic": _anthropic, "server": _server, "gguf": _gguf}
    if form not in makers or not rest.strip() or not rest.isprintable():
        raise InvalidCall(f"{_shown(spec)} names no LLM: give {FORMS}, or none")
    model, connect = makers[form](rest.strip(), settings)
    return LlmWriter(model, connect, settings)


def _ollama(model: str, settings: LlmSettings) -> tuple[str, Connect]:
    _need("llama_index.llms.ollama", "ollama")
    host = os.environ.get("OLLAMA_HOST", "").strip().rstrip("/") or OLLAMA_URL
    url = host if "://" in host else f"http://{host}"
    if ":" not in urlsplit(url).netloc:
        url = f"{url}:11434"
    return model, partial(ollama, model, url.replace("//0.0.0.0", "//127.0.0.1"), settings)


def _openai(model: str, settings: LlmSettings) -> tuple[str, Connect]:
    return model, partial(openai_service, model, _key("OPENAI_API_KEY", f"openai:{model}"), settings)


def _anthropic(model: str, settings: LlmSettings) -> tuple[str, Connect]:
    _need("llama_index.llms.anthropic", "anthropic")
    return model, partial(anthropic, model, _key("ANTHROPIC_API_KEY", f"anthropic:{model}"), settings)


def _server(rest: str, settings: LlmSettings) -> tuple[str, Connect]:
    model, _, url = rest.rpartition("@")
    parts = http_parts(url)
    if not model or not parts or re.search(r"\s|[?#]", url) or model.endswith(("http:/", "https:/")):
        raise InvalidCall(f"{_shown(f'server:{rest}')} names no server: give server:MODEL@http://host:port/v1")
    if "@" in parts.netloc or "://" in model:
        raise InvalidCall(f"a server's address holds no password: leave it out, and set {KEY_OF_SERVER} to the key")
    key = os.environ.get(KEY_OF_SERVER) or None
    return model, partial(_connect_to_server, model, url.rstrip("/"), key, settings)


def _connect_to_server(model: str, url: str, key: str | None, settings: LlmSettings) -> Connection:
    return openai_protocol(model, url, key, settings, facts=look_at(url, key, model))


def _gguf(rest: str, settings: LlmSettings) -> tuple[str, Connect]:
    _need("xllamacpp", "gguf")
    path = Path(rest).expanduser().resolve()
    header = read_header(path)
    context = min(header.context_tokens or DEFAULT_CONTEXT_TOKENS, settings.max_context_tokens)
    return path.stem, partial(_connect_to_gguf, path.stem, GgufServer(path, context), settings)


def _connect_to_gguf(model: str, server: GgufServer, settings: LlmSettings) -> Connection:
    try:
        url = server.start()
    except InvalidCall as error:
        raise WriterFailed(f"the LLM cannot be loaded: {error}") from error
    facts = look_at(url, server.key, model)
    if facts == NO_FACTS:
        raise WriterFailed("the LLM's own server does not answer")
    return openai_protocol(model, url, server.key, settings, facts=facts)


def _key(variable: str, spec: str) -> str:
    key = os.environ.get(variable, "").strip()
    if not key:
        raise InvalidCall(f"{_shown(spec)} needs a key: set {variable} to yours")
    return key


def _need(module: str, extra: str) -> None:
    try:
        is_there = find_spec(module) is not None
    except ModuleNotFoundError:
        is_there = False
    if not is_there:
        raise InvalidCall(f"LLMs of this form need a package that is not installed: pip install 'communique[{extra}]'")


def _shown(spec: str) -> str:
    """The spec as an error may show it: on one line, not endless, without a password in an address."""
    return repr(re.sub(r"//[^/@\s]*@", "//…@", spec)[:200])
