"""Memory that was freed, given back to the system.

The C library keeps what is freed for what comes next. While many documents are embedded, texts and vectors that stay
lie between activations that went, and what is kept grew to gigabytes (`evals/LOG.md`).
"""

import ctypes
import sys
from functools import cache
from typing import Any


def give_back_freed() -> None:
    """Does so where the C library can, which glibc does in some milliseconds; elsewhere nothing."""
    if trim := _trim():
        trim(0)


@cache
def _trim() -> Any:
    return getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
