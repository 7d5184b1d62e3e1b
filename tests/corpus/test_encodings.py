import codecs
import time
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.encodings import decode, python_encoding
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


_WRITTEN = [
    ("Der Ausschuß trat in München zusammen. Über die Förderung größerer Vorhaben wird später entschieden.", "cp1252"),
    ("La comisión se reunió en Málaga. ¿Cuándo será la próxima? El año que viene, según el señor Núñez.", "mac_roman"),
    ("Le comité a décidé de créer un réseau européen : la coopération évolue, où elle était née.", "cp850"),
    ("Komitet współpracy naukowej zebrał się w Łodzi. Następne posiedzenie odbędzie się późną jesienią.", "cp1250"),
    ("Komitet współpracy naukowej zebrał się w Łodzi. Następne posiedzenie odbędzie się późną.", "iso8859_2"),
    ("Výbor pro vědeckou spolupráci se sešel v Praze. Příští zasedání se uskuteční v říjnu.", "cp1250"),
    ("A tudományos együttműködési bizottság Budapesten ülésezett. A következő ülés őszre várható.", "cp1250"),
    ("Bilimsel işbirliği komitesi İstanbul'da toplandı ve ortak bir laboratuvar kurmaya karar verdi.", "cp1254"),
    ("Mokslinio bendradarbiavimo komitetas susirinko Vilniuje ir nusprendė įsteigti bendrą laboratoriją.", "cp1257"),
    ("Комитет по научному сотрудничеству провёл заседание в Москве и принял решение.", "koi8_r"),
    ("Комитет по научному сотрудничеству провёл заседание в Москве и принял решение.", "cp1251"),
    ("Η επιτροπή επιστημονικής συνεργασίας συνεδρίασε στην Αθήνα και αποφάσισε να ιδρύσει εργαστήριο.", "cp1253"),
    ("הוועדה לשיתוף פעולה מדעי התכנסה בירושלים והחליטה להקים מעבדה משותפת.", "cp1255"),
    ("اجتمعت لجنة التعاون العلمي في القاهرة وقررت إنشاء مختبر مشترك.", "cp1256"),
    ("คณะกรรมการความร่วมมือทางวิทยาศาสตร์ประชุมที่กรุงเทพและมีมติให้จัดตั้งห้องปฏิบัติการร่วมกัน", "cp874"),
    ("日英科学技術協力合同委員会は、研究の協力について意見を交換した。", "cp932"),
    ("日英科学技術協力合同委員会は、研究の協力について意見を交換した。", "euc_jp"),
    ("科学技术合作联合委员会在北京举行会议,就研究合作交换了意见。双方同意建立联合实验室。", "gb18030"),
    ("科學技術合作聯合委員會在臺北舉行會議,就研究合作交換了意見。雙方同意建立聯合實驗室。", "big5"),
    ("과학기술협력 공동위원회는 서울에서 회의를 열고 연구 협력에 관하여 의견을 교환하였다.", "cp949"),
]


@pytest.mark.parametrize(("text", "encoding"), _WRITTEN, ids=[encoding for _, encoding in _WRITTEN])
def test_a_paragraph_is_enough(text: str, encoding: str) -> None:
    """One paragraph in an old encoding is read as it was written, and the report says that this was a guess."""
    read, (warning,) = decode(text.encode(encoding))
    assert read == text
    assert warning.startswith("not UTF-8: read as ")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", [_ENGLISH, _RUSSIAN, _JAPANESE], ids=["English", "Russian", "Japanese"])
def test_wide_characters_without_a_mark_are_told(text: str, encoding: str) -> None:
    """Every second byte of a space, a stop or a Latin letter is zero, which no other encoding has."""
    read, (warning,) = decode(f"{text}\n{text}".encode(encoding))
    assert read == f"{text}\n{text}"
    assert warning == f"it has no byte-order mark: read as {encoding}, which is a guess"


def test_japanese_in_seven_bits_is_no_guess() -> None:
    assert decode(_JAPANESE.encode("iso2022_jp")) == (_JAPANESE, ())


@pytest.mark.parametrize(
    ("content", "declared", "expected"),
    [
        (_RUSSIAN.encode("koi8-r"), "KOI8-R", (_RUSSIAN, ())),
        (_FRENCH.encode("cp1252"), "iso-8859-1", (_FRENCH, ())),
        (_JAPANESE.encode("cp932"), "x-sjis", (_JAPANESE, ())),
        (_RUSSIAN.encode(), "koi8-r", (_RUSSIAN, ())),
        (b"+ADw-p+AD4-", "utf-7", ("+ADw-p+AD4-", ())),
        (_RUSSIAN.encode("cp1251"), "utf-8", (_RUSSIAN, ("not UTF-8: read as cp1251, which is a guess",))),
        (_RUSSIAN.encode("cp1251"), "no\0such", (_RUSSIAN, ("not UTF-8: read as cp1251, which is a guess",))),
    ],
    ids=["said", "as browsers have it", "an old name", "UTF-8 all the same", "UTF-7", "wrong", "unknown"],
)
def test_what_is_declared_counts_where_it_can_be(
    content: bytes, declared: str, expected: tuple[str, tuple[str, ...]]
) -> None:
    assert decode(content, declared=declared) == expected


def test_a_few_wrong_bytes_do_not_turn_all_of_a_text() -> None:
    """A file that was pasted together is read as what nearly all of it is, and the report counts the rest."""
    content = (_JAPANESE * 5).encode() + b"caf\xe9"
    assert decode(content) == (
        _JAPANESE * 5 + "café",
        ("UTF-8 but for 1 bytes, which were read as cp1252: a guess",),
    )


@pytest.mark.parametrize(
    "content",
    [
        b"x" * 30_000_000 + b"\xe9",
        b"rain\n" * 1_000_000 + "café".encode("cp1252"),
        "日本の雨。".encode("cp932") * 1_000_000,
        "rain ".encode("utf-16-le") * 1_000_000,
    ],
    ids=["one line", "a million lines", "Japanese", "wide"],
)
def test_length_costs_no_more_than_time_in_proportion(content: bytes) -> None:
    begun = time.process_time()
    assert decode(content)[1]
    assert time.process_time() - begun < 10


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


@given(
    st.binary(max_size=60), st.sampled_from("idna punycode unicode_escape raw_unicode_escape utf-7 undefined".split())
)
@example(b"\xff\\ud800", "unicode_escape")
def test_a_charset_that_no_browser_reads_is_none(content: bytes, declared: str) -> None:
    """Encodings of Python's own make nothing of a file that cannot be stored."""
    assert python_encoding(declared) is None
    with suppress(UnreadableFile):
        decode(content, declared=declared)[0].encode()
