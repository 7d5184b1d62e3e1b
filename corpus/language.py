"""Which language a text is in, as far as the rest needs to know: Japanese, or one that is read like English.

Told by script alone. It does not tell English from French; nothing here depends on the difference yet.
"""

import re

ENGLISH = "en"
JAPANESE = "ja"

_KANA = re.compile(r"[\u3041-\u30ff]")
_SAMPLE_CHARS = 20_000


def language_of(text: str) -> str:
    """`"ja"` when at least one character in twenty of the text's beginning is kana, else `"en"`.

    >>> language_of("科学技術協力に関する会合が開かれた。"), language_of("The 11th meeting took place online.")
    ('ja', 'en')
    """
    sample = text[:_SAMPLE_CHARS]
    return JAPANESE if 20 * len(_KANA.findall(sample)) >= max(len(sample), 1) else ENGLISH
