"""What the commands share: the home of this call, and the exit statuses."""

import contextlib
import json
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.home import Home

DONE, FAILED, UNUSABLE = 0, 1, 2

_chosen: list[Path | None] = [None]


def choose_home(home: Path | None) -> None:
    """Remembers what `--home` said, before the command runs."""
    _chosen[0] = home


def chosen_home() -> Path | None:
    """What `--home` said, None when it was not given."""
    return _chosen[0]


@contextlib.contextmanager
def opened_home(llm: str | None = None) -> Iterator["Home"]:
    """The home of this call, closed at the end."""
    from assistant.home import Home
    from assistant.settings import settings_from_environment

    _quiet_libraries()
    home = Home(settings_from_environment(home=chosen_home(), llm=llm).home)
    try:
        yield home
    finally:
        home.close()


def print_json(content: Any) -> None:
    """One JSON document a line; every character as it is, for the reader's eyes."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False) + "\n")


def _quiet_libraries() -> None:
    """Keeps the models' loading bars and advice out of the terminal; errors are still raised."""
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    for name in ("sentence_transformers", "transformers", "chromadb", "httpx"):
        logging.getLogger(name).setLevel(logging.ERROR)
