"""The settings of a run, from the environment and the command line, fixed before anything is opened."""

import os
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import InvalidCall

LLM_NONE = "none"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the home is, who writes, and which models search.

    `llm` is "none": answers quote. `embedder` is a model's name or folder, None for the one that the home's index was
    made with; `reranker` a cross-encoder's, None for none.
    """

    home: Path
    llm: str = LLM_NONE
    embedder: str | None = None
    reranker: str | None = None


def settings_from_environment(
    *, home: Path | None = None, llm: str | None = None, embedder: str | None = None, reranker: str | None = None
) -> Settings:
    """The settings given, else those of `COMMUNIQUE_HOME`, `COMMUNIQUE_LLM`, `COMMUNIQUE_EMBEDDER` and
    `COMMUNIQUE_RERANKER`, else the platform's user data folder, no LLM, the index's own embedder, no reranker.

    Raises `InvalidCall` for an LLM that cannot be used.
    """
    writer = llm or os.environ.get("COMMUNIQUE_LLM") or LLM_NONE
    if writer != LLM_NONE:
        raise InvalidCall(
            f"no LLM can write answers yet, so {writer!r} cannot be used: leave --llm and COMMUNIQUE_LLM out"
        )
    chosen = home or (Path(os.environ["COMMUNIQUE_HOME"]) if os.environ.get("COMMUNIQUE_HOME") else None)
    return Settings(
        home=(chosen or _user_data_folder()).expanduser(),
        llm=writer,
        embedder=embedder or os.environ.get("COMMUNIQUE_EMBEDDER") or None,
        reranker=reranker or os.environ.get("COMMUNIQUE_RERANKER") or None,
    )


def _user_data_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("communique", appauthor=False)
