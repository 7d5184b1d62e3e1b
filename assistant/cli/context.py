"""What the commands share: the home of this call, and the exit statuses."""

import contextlib
import json
import logging
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assistant.exporting.escaping import json_visible

if TYPE_CHECKING:
    from assistant.home import Home
    from assistant.settings import Settings

DONE, FAILED, UNUSABLE = 0, 1, 2

_chosen: dict[str, Any] = {}


def choose(**options: Any) -> None:
    """Remembers what the options before the verb said."""
    _chosen.update(options)


def chosen_settings(llm: str | None = None) -> "Settings":
    """The settings of this call."""
    from assistant.settings import settings_from_environment

    return settings_from_environment(llm=llm, **_chosen)


@contextlib.contextmanager
def opened_home(llm: str | None = None) -> Iterator["Home"]:
    """The home of this call, closed at the end; while it is open, it is told of as the environment asks for."""
    from assistant.home import open_home
    from assistant.observing.logs import log_as_asked
    from assistant.observing.tracing import traced

    quiet_libraries()
    log_as_asked()
    with traced():
        home = open_home(chosen_settings(llm))
        try:
            yield home
        finally:
            home.close()


def print_json(content: Any) -> None:
    """One JSON document a line; every character as it is, for the reader's eyes, but what a terminal would obey."""
    sys.stdout.write(json_visible(json.dumps(content, ensure_ascii=False)) + "\n")


def quiet_libraries() -> None:
    """Keeps the models' loading bars and advice out of the terminal; errors are still raised."""
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    for name in ("sentence_transformers", "transformers", "huggingface_hub", "chromadb", "httpx"):
        logging.getLogger(name).setLevel(logging.ERROR)
