"""Real models of a few kilobytes with random weights, saved as sentence-transformers saves them: nothing is downloaded.

Importing this loads no library; saving a model does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

WORDS = "the ministers agreed to fund research they met in bergen it snowed query passage price of oil fell".split()
_PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS, ":", ".", "?"]
_SIZES = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}


@dataclass(frozen=True, kw_only=True)
class Embedder:
    """What embedders differ in. `dense` sizes a last layer, `fill` is put into the table of words."""

    pooling: str = "mean"
    prompts: Mapping[str, str] = field(default_factory=dict)
    dense: int | None = None
    fill: float | None = None
    architecture: str = "Bert"
    tokenizer_limit: int = 64


def save_embedder(folder: Path, made: Embedder = Embedder()) -> str:
    """A bi-encoder in `folder`, which is returned. Its table of positions has 64 rows."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, Pooling, Transformer

    base = _save_base(folder, made.architecture, "Model", window=64, tokenizer_limit=made.tokenizer_limit)
    transformer = Transformer(base)
    modules: list[Any] = [transformer, Pooling(32, made.pooling)]
    if made.dense:
        modules.append(Dense(32, made.dense, activation_function=torch.nn.Tanh()))
    if made.fill is not None:
        transformer.auto_model.embeddings.word_embeddings.weight.data.fill_(made.fill)
    SentenceTransformer(modules=modules, prompts=dict(made.prompts), device="cpu").save(str(folder))
    return str(folder)


def save_cross_encoder(folder: Path, *, num_labels: int = 1, fill: float | None = None) -> str:
    """A cross-encoder that reads 32 tokens in `folder`, which is returned; `fill` is put into its last layer."""
    from sentence_transformers import CrossEncoder

    base = _save_base(folder, "Bert", "ForSequenceClassification", window=32, tokenizer_limit=32, num_labels=num_labels)
    model: Any = CrossEncoder(base, device="cpu")
    if fill is not None:
        model.model.classifier.weight.data.fill_(fill)
    model.save(str(folder))
    return str(folder)


def _save_base(folder: Path, architecture: str, task: str, *, window: int, tokenizer_limit: int, **config: Any) -> str:
    """A transformer without anything around it, in a folder beside, which is returned."""
    import torch
    import transformers

    torch.manual_seed(7)
    beside = folder.with_name(f"{folder.name}-transformer")
    settings = getattr(transformers, f"{architecture}Config")(
        vocab_size=len(_PIECES),
        max_position_embeddings=window,
        initializer_range=1.0,
        pad_token_id=0,
        **_SIZES,
        **config,
    )
    getattr(transformers, f"{architecture}{task}")(settings).save_pretrained(beside)
    vocabulary = {piece: i for i, piece in enumerate(_PIECES)}
    transformers.BertTokenizer(vocab=vocabulary, model_max_length=tokenizer_limit).save_pretrained(beside)
    return str(beside)
