import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.encodings import decode
from corpus.errors import UnreadableFile

_WORDS = "Crème brûlée — 科学"
_FRENCH = (
    "Le comité a décidé de créer un réseau européen : la coopération évolue, à l’été déjà, où elle était née. " * 5
)
_ENGLISH = "The committee was led by the government’s adviser – after a “frank” exchange – and agreed on little. " * 5
_RUSSIAN = "Комитет по научному сотрудничеству провёл заседание и принял решение. " * 5
_JAPANESE = "日英科学技術協力合同委員会は、研究の協力について意見を交換した。次回の会合は東京で開かれる予定である。" * 5


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(_WORDS.encode(), id="UTF-8"),
        pytest.param(codecs.BOM_UTF8 + _WORDS.encode(), id="UTF-8 with a mark"),
        pytest.param(codecs.BOM_UTF16_LE + _WORDS.encode("utf-16-le"), id="UTF-16 little end"),
        pytest.param(codecs.BOM_UTF16_BE + _WORDS.encode("utf-16-be"), id="UTF-16 big end"),
        pytest.param(codecs.BOM_UTF32_LE + _WORDS.encode("utf-32-le"), id="UTF-32 little end"),
        pytest.param(codecs.BOM_UTF32_BE + _WORDS.encode("utf-32-be"), id="UTF-32 big end"),
    ],
)
def test_unicode_is_read_without_a_word(content: bytes) -> None:
    """A file that says what it is written in is read as that, its mark left out."""
    assert decode(content) == (_WORDS, ())


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(_FRENCH, "cp1252"), (_ENGLISH, "cp1252"), (_RUSSIAN, "cp1251"), (_JAPANESE, "cp932")],
    ids=["French", "English", "Russian", "Japanese (Shift JIS)"],
)
def test_old_encodings_are_guessed_aloud(text: str, encoding: str) -> None:
    """A file from an old computer is read, and the report says that its encoding was guessed."""
    read, warnings = decode(text.encode(encoding))
    assert read == text
    assert warnings == (f"not UTF-8: read as {encoding}, which is a guess",)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"\x7fELF\x02\0\0\0", "the file is binary, not text", id="program"),
        pytest.param(codecs.BOM_UTF8 + b"\xff\xfe", "marked as utf-8-sig and is not", id="wrong UTF-8 mark"),
        pytest.param(codecs.BOM_UTF16_LE + b"a", "marked as utf-16 and is not", id="half a character"),
        pytest.param(bytes(range(128, 256)) * 40, "save it as UTF-8", id="noise"),
    ],
)
def test_what_is_no_text_is_refused(content: bytes, reason: str) -> None:
    """A picture with the name of a text is refused with the reason, and never shown as garbage."""
    with pytest.raises(UnreadableFile, match=reason):
        decode(content)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff")))
def test_every_text_survives(text: str) -> None:
    """What was written as UTF-8 is read back exactly."""
    assert decode(text.encode()) == (text, ())
