"""The names of users as they are kept: one spelling for all that look and sort the same.

It knows nothing of who has which name; that is `accounts.py`.
"""

import re
import unicodedata

from assistant.errors import InvalidCall

MAX_CHARS = 64
_PUNCTUATION = frozenset("-_.@+ ")
_TOGETHER = frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"})
"""Scripts that one name may mix, as Japanese does [1].

[1] Unicode Technical Standard 39, "Unicode Security Mechanisms", 5.2, "highly restrictive".
"""


def user_name(text: str) -> str:
    """The name in the one form that it is kept and looked for in: NFKC, without case, on one line.

    Raises `InvalidCall` for what is no name: empty, too long, with characters that do not show or steer, or with
    letters of scripts that are not written together, since an "а" of another script passes for an "a".

    >>> user_name("Ａｎｎ"), user_name(" Mara  Quist "), user_name("港の係")
    ('ann', 'mara quist', '港の係')
    """
    if len(text) > 4 * MAX_CHARS:  # before any work: some characters unfold into eighteen
        raise _no_name(text)
    name = " ".join(_folded(text).split())
    known = all(unicodedata.category(char)[0] in "LMN" or char in _PUNCTUATION for char in name)
    if not known or not 1 <= len(name) <= MAX_CHARS or name != " ".join(_folded(name).split()):
        raise _no_name(text)
    if unicodedata.category(name[0])[0] not in "LN" or not _written_together(name):
        raise _no_name(text)
    return name


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _written_together(name: str) -> bool:
    """Whether the letters are of one script, or of some that are written together."""
    letters = [unicodedata.name(char, "").split()[0] for char in name if unicodedata.category(char)[0] == "L"]
    scripts = {re.split(r"[-\W]", letter)[0] for letter in letters if letter not in {"MODIFIER", "IDEOGRAPHIC"}}
    return len(scripts) <= 1 or scripts <= _TOGETHER


def _no_name(text: str) -> InvalidCall:
    return InvalidCall(
        f"{text[:MAX_CHARS]!a} is no name for a user: give 1 to {MAX_CHARS} letters and digits of one script, "
        "between which - _ . @ + and spaces may stand"
    )
