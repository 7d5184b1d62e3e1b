import io
import time
import zipfile

import pytest

from corpus.errors import UnreadableFile
from corpus.reading.office.packages import Package, Relation, parsed
from tests.corpus.reading.office_files import relations, zipped


def test_parts_are_found_whatever_their_case() -> None:
    """Programs differ in how they write the names of parts; a file is read all the same."""
    package = Package(zipped({"Word\\Document.XML": "<a/>"}))
    assert package.part("word/document.xml") == b"<a/>"
    assert "word/document.xml" in package
    assert package.part("word/other.xml") is None


def test_relations_name_parts_from_the_root() -> None:
    """Targets are relative to the part that names them, or absolute; what lies outside the file is none."""
    part = relations({"r1": ("image", "../media/a.png"), "r2": ("chart", "/x/c.xml")})
    outside = '<Relationship Id="r3" Type="t/hyperlink" Target="http://example.org/" TargetMode="External"/>'
    package = Package(zipped({"a/b/_rels/d.xml.rels": part.replace("</Rel", f"{outside}</Rel")}))
    assert package.relations("a/b/d.xml") == {
        "r1": Relation("image", "a/media/a.png"),
        "r2": Relation("chart", "x/c.xml"),
    }


def test_strict_names_are_read_as_usual_ones() -> None:
    """The strict variant of Office Open XML differs in its names only."""
    root = parsed(b'<a xmlns="http://purl.oclc.org/ooxml/wordprocessingml/main"/>')
    assert root.tag == "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}a"


def _packed(method: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as package:
        package.writestr("a.xml", "<a/>")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"plain words", "no office file"),
        (b"PK\x03\x04 and no more", "no office file"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"WordDocument", "an old version under a new name"),
        (zipped({"a.xml": b"\0" * 50_000_000}), "unpacks to more than it may"),
        (zipped({f"{number}": "" for number in range(10_001)}), "more than 10,000 parts"),
        (_packed(zipfile.ZIP_BZIP2), "packed in a way"),
    ],
    ids=["text", "cut zip", "password", "old file", "bomb", "many parts", "bzip2"],
)
def test_what_is_no_office_file_is_refused(content: bytes, reason: str) -> None:
    """A file that cannot be read, or would do harm, is refused at once, with the reason."""
    begun = time.process_time()
    with pytest.raises(UnreadableFile, match=reason):
        Package(content)
    assert time.process_time() - begun < 2


def test_a_damaged_part_is_refused() -> None:
    """A part whose bytes were changed is not read as if it were whole."""
    content = zipped({"a.xml": "<a>one two three four five six seven</a>"})
    with pytest.raises(UnreadableFile, match="it is damaged"):
        Package(content.replace(content[36:40], b"\xff\xff\xff\xff")).part("a.xml")


def test_the_reason_is_one_line_whatever_the_library_says() -> None:
    """The XML library puts a line break into what it says of a NUL."""
    with pytest.raises(UnreadableFile) as caught:
        parsed(b"<a>\0</a>")
    assert "\n" not in str(caught.value)
    assert "line 1, column" in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><a>&e;</a>',
        b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
        b"<a>" * 300 + b"</a>" * 300,
        b"<a><b></a>",
        b"",
    ],
    ids=["outside entity", "entities", "outside type", "deep", "not well-formed", "empty"],
)
def test_hostile_xml_is_refused(content: bytes) -> None:
    """No entity is resolved, nothing is fetched, and depth has a limit."""
    with pytest.raises(UnreadableFile):
        parsed(content)


def test_macros_and_embedded_files_are_told() -> None:
    """What a reader of the package does not read is said, not kept quiet."""
    package = Package(zipped({"word/vbaProject.bin": "x", "word/embeddings/a.docx": "x"}))
    assert package.warnings == (
        "it holds macros, which are not read",
        "1 embedded files were not read: open it and save them as files of their own",
    )
