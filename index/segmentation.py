"""The words of text that is written without spaces between them: Japanese, by Sudachi [1].

Chinese characters alone are cut as Japanese would be. Thai, Khmer and other scripts without spaces are not cut: a run
of them is one word, and full text finds it only whole.

[1] Takaoka et al., "Sudachi: a Japanese Tokenizer for Business", LREC 2018; its small dictionary, units of type A.
"""

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sudachipy import Tokenizer

_UNSPACED = re.compile(r"[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_MAX_CHARS = 8_000
"""Sudachi takes at most 49,149 bytes at once."""
_FUNCTION_WORDS = frozenset(("助詞", "助動詞", "補助記号", "記号", "空白"))


def is_unspaced(text: str) -> bool:
    """Whether any character of the text is of a script that is cut here.

    >>> is_unspaced("science"), is_unspaced("科学")
    (False, True)
    """
    return _UNSPACED.search(text) is not None


def segmented(text: str) -> list[str]:
    """The words in their normal form, in order; particles, auxiliaries and punctuation are left out.

    >>> segmented("日本と英国は合同委員会を開催した")
    ['日本', '英国', '合同', '委員', '会', '開催', '為る']
    """
    normal = unicodedata.normalize("NFKC", text)
    return [
        morpheme.normalized_form().casefold()
        for start in range(0, len(normal), _MAX_CHARS)
        for morpheme in _tokenizer().tokenize(normal[start : start + _MAX_CHARS])
        if morpheme.part_of_speech()[0] not in _FUNCTION_WORDS
    ]


@cache
def _tokenizer() -> "Tokenizer":
    from sudachipy import Dictionary, SplitMode

    return Dictionary(dict="small").tokenizer(mode=SplitMode.A)
