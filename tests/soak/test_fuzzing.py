"""Every own parser, and what cleans, splits and compares texts, on hostile input for ten minutes each.

`COMMUNIQUE_FUZZ_SECONDS` makes it shorter or longer. The time is that which the process computes, not that of a clock.
A reader may refuse a file (`UnreadableFile`); any other exception is a defect, and so is a section that lies outside
its text, a text that cannot be stored, or more than five seconds for one input.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from corpus.cleaning import normalise
from tests.soak.blocks import block_lists
from tests.soak.contents import FILES, LISTS
from tests.soak.drawing import texts
from tests.soak.grammars import DATES, NOISE, ROBOTS, written
from tests.soak.promises import (
    check_blocks,
    check_cleaning,
    check_cut,
    check_dates,
    check_differences,
    check_encodings,
    check_file,
    check_lists,
    check_robots,
    check_sentences,
)

SECONDS = 600.0
MAX_SECONDS_AN_INPUT = 5.0
_ROUND = 200
_LANGUAGES = st.sampled_from(["en", "ja", "de", "fr", "ru", "zh", "und"])
_CHARSETS = st.sampled_from(
    "utf-8 utf-16 utf-7 ascii latin-1 shift_jis x-sjis euc-jp iso-2022-jp big5 gb18030 koi8-r windows-1251 macintosh "
    "hz idna punycode unicode_escape raw_unicode_escape undefined rot13 base64 \0 x-user-defined cp65001 mbcs".split()
)
_TEXTS_OF_TEXTS = st.one_of(texts(), texts().map(normalise))
_WRITTEN = "utf-8 utf-16 utf-16-le utf-32-be shift_jis euc_jp iso2022_jp cp1252 cp1251 gb18030 big5 utf-7".split()
_BYTES = st.one_of(
    NOISE,
    st.builds(lambda text, encoding: text.encode(encoding, "ignore"), texts(), st.sampled_from(_WRITTEN)),
    st.builds(lambda text, noise, at: (b := text.encode())[:at] + noise + b[at:], texts(), NOISE, st.integers(0, 500)),
)
_REVISED = st.builds(
    lambda pieces, gone, new: ("".join(pieces), "".join(p for n, p in enumerate(pieces) if n % 9 != gone) + new),
    st.lists(texts(max_pieces=3), max_size=20),
    st.integers(0, 8),
    texts(max_pieces=3),
)


def _seconds() -> float:
    return float(os.environ.get("COMMUNIQUE_FUZZ_SECONDS", SECONDS))


class _TooSlow(BaseException):
    """No reader takes it for a damage of the file."""


@contextmanager
def _bounded() -> Iterator[None]:
    """What runs in it may compute for so long, and no longer."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise _TooSlow

    previous = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, MAX_SECONDS_AN_INPUT)
    try:
        yield
    except _TooSlow as error:
        raise AssertionError(f"it computes for more than {MAX_SECONDS_AN_INPUT:g} seconds") from error
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)


def _fuzz(strategy: st.SearchStrategy[Any], check: Callable[[Any], None], last: Path) -> int:
    """How many inputs were tried before the time was over. The last one is in a file, should the process die of it."""
    num_tried = 0

    @settings(
        max_examples=_ROUND,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def try_one(drawn: Any) -> None:
        nonlocal num_tried
        num_tried += 1
        last.write_bytes(drawn if isinstance(drawn, bytes) else repr(drawn).encode())
        with _bounded():
            check(drawn)

    until = time.process_time() + _seconds()
    while time.process_time() < until:
        try_one()
    return num_tried


CASES: Mapping[str, tuple[st.SearchStrategy[Any], Callable[[Any], None]]] = {
    "cleaning": (texts(), check_cleaning),
    "encodings": (st.tuples(_BYTES, st.one_of(st.none(), _CHARSETS, st.text(max_size=9))), check_encodings),
    "sentences": (st.tuples(_TEXTS_OF_TEXTS, _LANGUAGES, st.floats(0, 1), st.floats(0, 1)), check_sentences),
    "blocks": (block_lists(), check_blocks),
    "chunking": (st.tuples(block_lists(), _LANGUAGES, st.booleans()), check_cut),
    "differences": (st.one_of(st.tuples(texts(), texts()), _REVISED), check_differences),
    "dates": (texts(DATES), check_dates),
    "robots": (written(ROBOTS), check_robots),
    "lists": (LISTS, check_lists),
} | {name: (contents, check_file(read)) for name, (contents, read) in FILES.items()}


@pytest.mark.soak
@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@pytest.mark.parametrize("name", list(CASES))
def test_what_is_hostile_is_read_or_refused(name: str, tmp_path: Path) -> None:
    """Sentences and quotes are slices of their text, sections lie in order inside it, and all of it can be stored."""
    strategy, check = CASES[name]
    print(f"{name}: {_fuzz(strategy, check, tmp_path / 'last')} inputs")
