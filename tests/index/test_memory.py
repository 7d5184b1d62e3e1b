import resource
import sys
from pathlib import Path

import numpy as np
import pytest

from index import memory
from index.memory import give_back_freed

_BLOCK_BYTES = 64 * 1024


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


@pytest.mark.skipif(memory._trim() is None, reason="the C library gives nothing back when it is asked")
def test_what_lies_between_blocks_that_stay_is_given_back() -> None:
    blocks = [np.ones(_BLOCK_BYTES, dtype=np.uint8) for _ in range(2_000)]
    kept = blocks[::50]
    del blocks
    before = _resident_bytes()
    give_back_freed()
    assert before - _resident_bytes() > 1_000 * _BLOCK_BYTES
    assert all(block.all() for block in kept)


def test_elsewhere_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    memory._trim.cache_clear()
    give_back_freed()
    assert memory._trim() is None
    memory._trim.cache_clear()
