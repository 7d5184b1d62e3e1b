"""Conversations: questions in, answers out whose every sentence carries the words that it rests on.

The third of four rooms. It uses `corpus` and `index`; it knows nothing of `evals`, which joins it as a plugin. Other
programs need one name of it, `Assistant`; nothing is loaded before that is asked for.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.assistant import Assistant

__all__ = ["Assistant"]


def __getattr__(name: str) -> Any:
    if name == "Assistant":
        from assistant.assistant import Assistant

        return Assistant
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
