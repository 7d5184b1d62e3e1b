"""The settings of a run, from the environment and the command line, fixed before anything is opened."""

import os
from dataclasses import dataclass, field
from pathlib import Path

LLM_NONE = "none"


@dataclass(frozen=True, slots=True)
class Engines:
    """The servers that keep parts of a home; None for what is kept in its folder.

    `vectors` is the address of a Chroma server, `database` that of a PostgreSQL database.
    """

    vectors: str | None = None
    database: str | None = None


IN_THE_FOLDER = Engines()


def engines_from_environment() -> Engines:
    """Those that `CHROMA_URL` and `DATABASE_URL` name."""
    return Engines(os.environ.get("CHROMA_URL") or None, os.environ.get("DATABASE_URL") or None)


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the home is, who writes, and which models search.

    `llm` says who writes answers: "none", so that they quote, or a form that `assistant.writing.loading` knows.
    `embedder` is a model's name or folder, None for the one that the home's index was made with; `reranker` and
    `checker` are cross-encoders', None for none and for the built-in verifier. The engines are those of the environment
    where none are given.
    """

    home: Path
    llm: str = LLM_NONE
    embedder: str | None = None
    reranker: str | None = None
    checker: str | None = None
    engines: Engines = field(default_factory=engines_from_environment)


def settings_from_environment(
    *,
    home: Path | None = None,
    llm: str | None = None,
    embedder: str | None = None,
    reranker: str | None = None,
    checker: str | None = None,
) -> Settings:
    """The settings given, else those of `COMMUNIQUE_HOME`, `COMMUNIQUE_LLM`, `COMMUNIQUE_EMBEDDER`,
    `COMMUNIQUE_RERANKER` and `COMMUNIQUE_CHECKER`, else the platform's user data folder, no LLM, the index's own
    embedder, no reranker, the built-in verifier.
    """
    chosen = home or (Path(os.environ["COMMUNIQUE_HOME"]) if os.environ.get("COMMUNIQUE_HOME") else None)
    return Settings(
        home=(chosen or _user_data_folder()).expanduser(),
        llm=llm or os.environ.get("COMMUNIQUE_LLM") or LLM_NONE,
        embedder=embedder or os.environ.get("COMMUNIQUE_EMBEDDER") or None,
        reranker=reranker or os.environ.get("COMMUNIQUE_RERANKER") or None,
        checker=checker or os.environ.get("COMMUNIQUE_CHECKER") or None,
    )


def _user_data_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("communique", appauthor=False)
