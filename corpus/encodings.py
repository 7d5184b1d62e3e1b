"""From bytes to text, with a word about how sure that is. It never replaces what it cannot read."""

import codecs

from corpus.errors import UnreadableFile

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = "cp1252"  # what browsers take: by its own order the guesser reads French as Central European


def decode(content: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of a file and the warnings about it: a byte-order mark decides, then UTF-8, then the likeliest encoding.

    Raises `UnreadableFile` when the bytes are no text in any encoding.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding), ()
            except UnicodeDecodeError as error:
                raise UnreadableFile(
                    f"marked as {encoding} and is not ({error.reason} at byte {error.start})"
                ) from error
    if b"\0" in content:
        raise UnreadableFile("the file is binary, not text: its name does not say what it is")
    try:
        return content.decode("utf-8"), ()
    except UnicodeDecodeError:
        return _guess(content)


def _guess(content: bytes) -> tuple[str, tuple[str, ...]]:
    from charset_normalizer import from_bytes

    matches = from_bytes(content)
    western = next((match for match in matches if _WESTERN in match.could_be_from_charset), None)
    best = western or matches.best()
    if best is None or best.percent_chaos > 20:
        raise UnreadableFile("in no encoding that can be told: save it as UTF-8")
    encoding = _WESTERN if western else best.encoding
    return str(best), (f"not UTF-8: read as {encoding}, which is a guess",)
