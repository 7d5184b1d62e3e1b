import gzip
import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.reading.formats import FORMATS, format_of
from corpus.reading.signs import is_mail, kind_of

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
MAIL = b"Received: from x\nFrom: a@b\nSubject: Rain\nMIME-Version: 1.0\n\nIt rained.\n"


def zipped(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7", ".pdf"),
        (b"\0\0junk%PDF-1.7", ".pdf"),
        (b"A PDF file begins with %PDF-1.7.", None),
        (b"{\\rtf1 x}", ".rtf"),
        (gzip.compress(b"x", mtime=0), ".gz"),
        (zipped(word__document_xml="x"), ".docx"),
        (zipped(word__document2_xml="x"), ".docx"),
        (zipped(ppt__presentation_xml="x"), ".pptx"),
        (zipped(xl__workbook_xml="x"), ".xlsx"),
        (zipped(mimetype="application/epub+zip\n"), ".epub"),
        (zipped(mimetype="application/vnd.oasis.opendocument.text"), ".odt"),
        (zipped(mimetype="application/vnd.oasis.opendocument.text-template"), ".odt"),
        (zipped(mimetype="text/x-other"), ".zip"),
        (zipped(META_INF__x="x"), ".zip"),
        (b"PK\3\4 and no more", ".zip"),
        (OLE, ".ole"),
        (OLE + "WordDocument".encode("utf-16-le"), ".doc"),
        (OLE + "Workbook".encode("utf-16-le"), ".xls"),
        (OLE + "PowerPoint Document".encode("utf-16-le"), ".ppt"),
        (OLE + "__properties_version1.0".encode("utf-16-le"), ".msg"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), ".encrypted"),
        (b"\xef\xbb\xbf <!-- saved --> <?xml version='1.0'?>\n<!DOCTYPE  HTML>", ".html"),
        ("<html>".encode("utf-16"), ".html"),
        (b"<htmlx>", None),
        (b"<!-- " * 9_000, None),
        (b"\x89PNG\r\n\x1a\n", ".png"),
        (b"BM rained.", None),
        (b"BM" + struct.pack("<IHH", 100, 0, 0), ".bmp"),
        (b"MZ\x90\0", ".exe"),
        (b"MZ is a name.", None),
        (b"BZhang met Li.", None),
        (b"RIFF\0\0\0\0WAVE", ".wav"),
        (b"\0\0\0\x18ftypmp42", ".mp4"),
        (bytes(257) + b"ustar", ".tar"),
        (b"It rained.", None),
    ],
)
def test_a_kind_is_told_by_what_a_file_holds(content: bytes, kind: str | None) -> None:
    assert kind_of(content) == kind


@pytest.mark.parametrize(
    ("content", "is_one"),
    [
        (MAIL, True),
        (MAIL.replace(b"\n", b"\r\n"), True),
        (b"\xef\xbb\xbf" + MAIL, True),
        (b"From Ada\n" + MAIL, True),
        (b"From: a@b\nSubject: Rain\n\nIt rained.\n", False),
        (b"From: Oslo\nThey met.\nMIME-Version: 1.0\n\n", False),
        (b"They met.", False),
    ],
    ids=["mail", "CRLF", "mark", "mbox", "few headers", "words among them", "words"],
)
def test_a_mail_is_told_by_its_headers(content: bytes, is_one: bool) -> None:
    assert is_mail(content) is is_one


@pytest.mark.parametrize(
    ("name", "content", "read_as", "warned"),
    [
        ("a.txt", b"It rained.", "plain text", False),
        ("README", b"It rained.", "plain text", False),
        ("a.txt", b"<!doctype html><p>It rained.", "HTML", True),
        ("a.xml", b"<!doctype html><p>It rained.", "HTML", True),
        ("a.php", b"<html><p>It rained.", "HTML", True),
        ("a.md", b"<html> is an element.", "Markdown", False),
        ("a.txt", MAIL, "e-mail", True),
        ("a.md", MAIL, "Markdown", False),
        ("a", MAIL, "e-mail", False),
        ("a.kml", b"<?xml version='1.0'?><kml/>", "XML", True),
        ("a.txt", b"<?xml version='1.0'?><a/>", "plain text", False),
        ("a.doc", b"{\\rtf1 x}", "RTF", True),
        ("a.docx", zipped(xl__workbook_xml="x"), "Excel", True),
        ("a.docm", zipped(word__document_xml="x"), "Word", False),
        ("a.docx", zipped(readme="x"), "ZIP", True),
        ("a.jar", zipped(readme="x"), "ZIP", True),
        ("a.zip", zipped(word__document_xml="x"), "Word", True),
        ("a.pdf", b"\r\n%PDF-1.7", "PDF", False),
        ("A.PDF", b"%PDF-1.7", "PDF", False),
        ("a.tgz", gzip.compress(b"x", mtime=0), "gzip", False),
    ],
)
def test_a_file_is_read_as_what_it_is(name: str, content: bytes, read_as: str, warned: bool) -> None:
    """A wrong name costs a warning, a right one nothing."""
    found, warnings = format_of(content, name)
    assert found.name == read_as
    assert warnings == ((f"its name does not say what it is: read as {read_as}",) if warned else ())


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "it is protected by a password"),
        ("a.doc", OLE + "WordDocument".encode("utf-16-le"), "Word's old format is not read"),
        ("a.doc", OLE, "Word's old format is not read"),
        ("a.docx", OLE + "WordDocument".encode("utf-16-le"), "Word's old format is not read"),
        ("a.bin", OLE, "Office's old formats are not read"),
        ("a.msg", OLE + "__substg1.0_".encode("utf-16-le"), "Outlook's own format is not read"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", "archives of this kind are not unpacked"),
        ("a.txt", b"Rar!\x1a\x07\x01\0", "archives of this kind are not unpacked"),
        ("a.txt", b"\x7fELF\0", "a program"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "a picture"),
        ("a.mp3", b"ID3\0", "sound and film"),
        ("a.xyz", b"It rained.", "no reader for '.xyz': convert it to one of .txt"),
        ("a", b"\xff\xfe\xfd", "no reader for 'files without a suffix'"),
    ],
)
def test_what_is_not_read_is_refused_with_the_remedy(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=f"^{reason}"):
        format_of(content, name)


def test_every_suffix_has_one_format() -> None:
    suffixes = [suffix for found in FORMATS for suffix in found.suffixes]
    assert len(suffixes) == len(set(suffixes))
    assert all(found.reader or found.members or found.advice for found in FORMATS)


@given(st.binary(max_size=200), st.sampled_from(["a", "a.txt", "a.zip", "a.docx", "a.xyz"]))
def test_noise_has_a_format_or_a_reason(noise: bytes, name: str) -> None:
    for content in (noise, b"PK\3\4" + noise, OLE + noise, b"<!--" + noise):
        try:
            assert format_of(content, name)[0].advice is None
        except UnreadableFile as error:
            assert str(error)
