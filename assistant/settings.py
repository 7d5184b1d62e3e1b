"""The settings of a run, from the environment and the command line, fixed before anything is opened."""

import os
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import InvalidCall

LLM_NONE = "none"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the home is, and who writes. `llm` is "none": answers quote."""

    home: Path
    llm: str = LLM_NONE


def settings_from_environment(*, home: Path | None = None, llm: str | None = None) -> Settings:
    """The settings given, else those of `COMMUNIQUE_HOME` and `COMMUNIQUE_LLM`, else the platform's user data folder
    and no LLM.

    Raises `InvalidCall` for an LLM that cannot be used.
    """
    writer = llm or os.environ.get("COMMUNIQUE_LLM") or LLM_NONE
    if writer != LLM_NONE:
        raise InvalidCall(
            f"no LLM can write answers yet, so {writer!r} cannot be used: leave --llm and COMMUNIQUE_LLM out"
        )
    chosen = home or (Path(os.environ["COMMUNIQUE_HOME"]) if os.environ.get("COMMUNIQUE_HOME") else None)
    return Settings(home=(chosen or _user_data_folder()).expanduser(), llm=writer)


def _user_data_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("communique", appauthor=False)
