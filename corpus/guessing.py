"""Which old encoding some bytes are likely to be in: by frequent letters, by alphabets, and by charset-normalizer [1].

charset-normalizer tells most scripts apart. Japanese and Cyrillic, in which it errs over a short text, and which of the
Latin encodings it is, where they differ in a few letters only, are told here by the letters that languages have:
"współpraca" is Polish, "wspó³praca" is nothing. It looks at a sample and never decides alone: who asks decodes
strictly, and says that it was a guess.

[1] https://charset-normalizer.readthedocs.io
"""

import re
from collections.abc import Iterator

_WINDOW_BYTES = 16 * 1024
_HIGH = re.compile(rb"[\x80-\xff]")
_LETTERS = re.compile(rb"[A-Za-z]")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
_KANA_SHARE = 0.15
_CYRILLIC = ("cp1251", "koi8_u", "cp866", "iso8859_5", "mac_cyrillic")
_FREQUENT = frozenset("оеаинт")
_FREQUENT_SHARE = 0.36
"""Of the letters of Russian, Ukrainian or Bulgarian; another script has fewer when it is read as Cyrillic."""
_MAX_CHAOS_PERCENT = 20
_MIN_EXPLAINED = 0.9
_SIGNS = frozenset("’‘“”–—…•·«»‹›°§©®™€£¥½¼¾²³±×µ†‡¿¡ªº\u00a0\u00ad")
_TYPOGRAPHY = frozenset("’‘“”„–—…•«»°§©®€£\u00a0\u00ad")
_ALPHABETS = tuple(
    frozenset(letters + letters.upper().replace("I", "İ")) | _TYPOGRAPHY
    for letters in (
        "äöüß",  # German
        "àâæçèéêëîïôœùûüÿ",  # French
        "áéíñóúü¿¡ªº",  # Spanish
        "àáâãçéêíóôõúüªº",  # Portuguese
        "àèéìíòóùúªº",  # Italian
        "àçèéíïòóúü·",  # Catalan
        "åäöéæøü",  # Danish, Finnish, Norwegian, Swedish
        "éëïóöüáèêí",  # Dutch
        "ąćęłńóśźż",  # Polish
        "áčďéěíňóřšťúůýž",  # Czech
        "áäčďéíĺľňóôŕšťúýž",  # Slovak
        "áéíóöőúüű",  # Hungarian
        "ăâîșțşţ",  # Romanian
        "čćđšž",  # Croatian, Serbian, Slovenian
        "çğıöşüâîû",  # Turkish
        "ąčęėįšųūž",  # Lithuanian
        "āčēģīķļņšūž",  # Latvian
        "äõöüšž",  # Estonian
    )
)
_ICELANDIC = frozenset("áæðéíóöúýþÁÆÐÉÍÓÖÚÝÞ") | _TYPOGRAPHY
"""It counts only with "á" or "í", which no Icelandic goes without: else it is Turkish, whose letters stand there."""
_LATIN = (
    "cp1252",
    "cp1250",
    "cp1254",
    "cp1257",
    "iso8859_2",
    "iso8859_15",
    "iso8859_13",
    "iso8859_4",
    "mac_roman",
    "mac_latin2",
    "cp850",
    "cp437",
    "cp852",
    "cp857",
    "cp775",
)
"""In the order in which they are taken where several explain a text equally well."""


def likeliest_encodings(content: bytes) -> Iterator[str]:
    """The encodings that a text may be in, which is not UTF-8 and has bytes beyond ASCII, the likeliest first."""
    sample = _sample(content)
    yield from _japanese(sample)
    yield from _cyrillic(sample)
    latin = _latin(sample)
    best = _by_normalizer(sample)
    if best and not (latin and (_is_mostly_ascii(sample) or _is_latin(sample, best))):
        yield best
    yield from latin


def _sample(content: bytes) -> bytes:
    """Two stretches that have something to tell, cut where a line or a word ends, lest a character be cut."""
    stretches = []
    for start in (0, len(content) // 2):
        found = _HIGH.search(content, start)
        if not found:
            break
        begin = content.find(b"\n", max(start, found.start() - 1024), found.start()) + 1
        if start and not begin:
            break  # in the middle of a line nobody knows where a character begins
        stretch = content[begin or max(found.start() - 1024, 0) :][:_WINDOW_BYTES]
        if len(stretch) == _WINDOW_BYTES:
            stretch = stretch[: max(stretch.rfind(b"\n"), stretch.rfind(b" "), 0)] or stretch
        stretches.append(stretch)
        if len(content) <= _WINDOW_BYTES:
            break
    return b"\n".join(stretches)


def _japanese(sample: bytes) -> Iterator[str]:
    """The Japanese encodings in which the sample has as much kana as Japanese has."""
    for encoding in ("euc_jp", "cp932"):
        text = _decoded(sample, encoding)
        beyond = [c for c in text if not c.isascii()]
        if len(_KANA.findall(text)) > _KANA_SHARE * max(len(beyond), 1):
            yield encoding


def _cyrillic(sample: bytes) -> Iterator[str]:
    """The Cyrillic encodings in which the most frequent letters are as frequent as they are, the best first."""
    if len(_HIGH.findall(sample)) <= len(_LETTERS.findall(sample)):
        return
    shares = dict[str, float]()
    for encoding in _CYRILLIC:
        beyond = [c for c in _decoded(sample, encoding) if not c.isascii()]
        shares[encoding] = sum(c in _FREQUENT for c in beyond) / len(beyond) if beyond else 0.0
    best = sorted(_CYRILLIC, key=lambda encoding: -shares[encoding])
    yield from (encoding for encoding in best if shares[encoding] >= _FREQUENT_SHARE)


def _by_normalizer(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return None if best is None or best.percent_chaos > _MAX_CHAOS_PERCENT else best.encoding


def _is_mostly_ascii(sample: bytes) -> bool:
    """Whether the letters beyond ASCII are as few as in a Western language."""
    num_plain = len(_LETTERS.findall(sample))
    return num_plain >= 4 * len(_HIGH.findall(sample))


def _is_latin(sample: bytes, encoding: str) -> bool:
    letters = [c for c in _decoded(sample, encoding) if c.isalpha() and not c.isascii()]
    return all(ord(c) < 0x250 or 0x1E00 <= ord(c) < 0x1F00 for c in letters)


def _latin(sample: bytes) -> list[str]:
    """The Latin encodings in which some language has nearly all of the letters, the best first."""
    explained = {encoding: _explained(_decoded(sample, encoding)) for encoding in _LATIN}
    likely = [encoding for encoding, share in explained.items() if share >= _MIN_EXPLAINED]
    return sorted(likely, key=lambda encoding: -round(explained[encoding], 2))


def _explained(text: str) -> float:
    """The largest share of the characters beyond ASCII that one language has; 0 where there are none."""
    beyond = [c for c in text if not c.isascii()]
    alphabets = (*_ALPHABETS, _ICELANDIC) if {"á", "í"} & set(beyond) else _ALPHABETS
    shares = [sum(c in alphabet for c in beyond) for alphabet in alphabets]
    signs = sum(c in _SIGNS for c in beyond)
    cased = _badly_cased(text)
    return max(*shares, signs) * (1 - cased) / len(beyond) if beyond else 0.0


def _badly_cased(text: str) -> float:
    """The share of letters beyond ASCII that are capital after a small one, as those of a wrong encoding often are."""
    beyond = re.findall(r"(?<=[^\W\d_])[^\x00-\x7f]", text)
    bad = [m for m in re.findall(r"[a-zß-ÿ]([^\x00-\x7f])", text) if m.isupper()]
    return len(bad) / len(beyond) if beyond else 0.0


def _decoded(sample: bytes, encoding: str) -> str:
    try:
        return sample.decode(encoding)
    except UnicodeDecodeError:
        return ""
