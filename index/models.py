"""What every model needs before it is used: loading by name or folder, a tokenizer that knows places, prompts; how
much it reads at once, and the numbers it computes with.

It loads no model itself; `embedding.py` and `reranking.py` do.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from index.errors import ModelError

if TYPE_CHECKING:
    import torch
    from sentence_transformers import CrossEncoder, SentenceTransformer

Loaded = TypeVar("Loaded")

_NO_LIMIT_TOKENS = 100_000  # what tokenizers that know no limit give is astronomic
_SAFE_TOKENS = 512

_INSTRUCTION = "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: "
_PROMPTS = (
    (r"\be5-.*instruct\b", _INSTRUCTION, ""),
    (r"\be5-(small|base|large)\b", "query: ", "passage: "),
    (r"\bbge-(small|base|large)-en\b", "Represent this sentence for searching relevant passages: ", ""),
    (r"\bnomic-embed-text\b", "search_query: ", "search_document: "),
)
"""What models need in front of a query and of a passage where only their cards say so, by a pattern of the name."""


def load_model(kind: str, name: str, load: Callable[[str], Loaded]) -> Loaded:
    """What `load` makes of a model's name or folder. Raises `ModelError`, one line, whatever is wrong with it."""
    try:
        return load(name)
    except Exception as error:  # the files of a model can be broken in any way, and each raises something else
        remedy = "name a folder that holds such a model, or one that the hub's cache on this machine holds"
        raise ModelError(f"no {kind} can be loaded from {name!r}: {_reason(name, error)}; {remedy}") from error


def fast_tokenizer(kind: str, name: str, model: Any) -> Any:
    """The model's tokenizer. Raises `ModelError` when it cannot say where in a text its tokens are."""
    tokenizer = getattr(model, "tokenizer", None)
    if not getattr(tokenizer, "is_fast", False):
        raise ModelError(
            f"the {kind} {name!r} cannot be used: its tokenizer ({type(tokenizer).__name__}) is no fast one and does"
            " not say where tokens stand in a text; choose another model"
        )
    return tokenizer


def token_spans(tokenizer: Any, text: str) -> list[tuple[int, int]]:
    """The character spans of the text's tokens, in order, the ones without characters and white space before left out.

    Hold the tokenizer's lock while this runs, where it has one.
    """
    encoding = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False)
    spans = ((int(start), int(end)) for start, end in encoding["offset_mapping"] if end > start)
    return [(end - (len(text[start:end].lstrip()) or end - start), end) for start, end in spans]


def prompts_of(name: str, own: Mapping[str, str | None]) -> tuple[str, str]:
    """What stands in front of a query and of a passage: the `own` prompts `query` and `document` (or `passage`),
    else what the card of the model asks for, known by its name, else nothing.
    """
    query, passage = own.get("query") or "", own.get("document") or own.get("passage") or ""
    if query or passage:
        return query, passage
    for pattern, query_prompt, passage_prompt in _PROMPTS:
        if re.search(pattern, _short_name(name)):
            return query_prompt, passage_prompt
    return "", ""


def _short_name(name: str) -> str:
    """The name without its owner or folder, in small letters; that of the repository for a folder of the hub's cache.

    >>> _short_name("intfloat/e5-small-v2"), _short_name("/hub/models--BAAI--bge-small-en/snapshots/5c38")
    ('e5-small-v2', 'bge-small-en')
    """
    parts = (Path(name).resolve() if Path(name).is_dir() else Path(name)).parts
    last = parts[parts.index("snapshots") - 1] if "snapshots" in parts[1:] else (parts or ("",))[-1]
    return last.split("--")[-1].lower()


def _reason(name: str, error: Exception) -> str:
    """Why no model came from there, in a few words; the library's own first line where nothing simpler is seen."""
    place = Path(name)
    if place.is_file():
        return "it is a file, not a folder"
    if place.is_dir() and not any(place.iterdir()):
        return "the folder is empty"
    if place.is_dir() and not (place / "config.json").exists() and not (place / "modules.json").exists():
        return "the folder holds no config.json"
    if not place.exists() and (place.is_absolute() or len(place.parts) > 2 or name.startswith(".")):
        return "there is no such folder"
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


def window_tokens(model: "SentenceTransformer | CrossEncoder") -> int:
    """The number of tokens that a model reads at once: the least of what its tokenizer, its configuration and its
    table of positions allow; 512 where none of them knows a limit.
    """
    import torch

    limits = [int(model.max_seq_length or _SAFE_TOKENS)]
    for module in model.modules():
        table = getattr(module, "position_embeddings", None)
        if isinstance(table, torch.nn.Embedding):
            first = 0 if table.padding_idx is None else table.padding_idx + 1  # RoBERTa counts from behind its padding
            limits.append(table.num_embeddings - first)
    return min(limits) if min(limits) < _NO_LIMIT_TOKENS else _SAFE_TOKENS


def preferred_dtype() -> "torch.dtype":
    """bfloat16 where the processor has instructions for it (about three times as fast there), else float32."""
    import torch

    flags = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    fast = any(flag in flags for flag in ("avx512_bf16", "amx_bf16"))
    return torch.bfloat16 if fast else torch.float32
