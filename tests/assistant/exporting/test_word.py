import io
import re
import zipfile
from xml.etree import ElementTree as ET

import docx
from docx.oxml.ns import qn

from assistant.exporting.word import matrix_docx, pack_docx
from tests.fakes_packs import EMPTY_PACK, HOSTILE, MATRIX, PACK, SHOWN

FOOTNOTES = "word/footnotes.xml"
PLACE = (
    f"The <harbour> | `x`, Money, 4., page 2, published 2021-03. Source: /h.md; characters 3–{3 + len(HOSTILE)} of "
    f"harbour, sha256 {'ab' * 32}."
)
CHANGED = " The document has changed since: these are its words as they were cited."


def part(content: bytes, name: str) -> ET.Element:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.testzip() is None
        return ET.fromstring(file.read(name))  # noqa: S314  (what this program wrote)


def notes_of(content: bytes) -> dict[str, str]:
    """The footnotes by their ids, as a word processor would read them; without the lines that set them off."""
    found = {}
    for note in part(content, FOOTNOTES).iter(qn("w:footnote")):
        if note.get(qn("w:type")) is None:
            signs = {qn("w:br"): "\n", qn("w:tab"): "\t"}
            text = "".join(signs.get(e.tag, (e.text or "") if e.tag == qn("w:t") else "") for e in note.iter())
            found[note.get(qn("w:id"))] = text
    return found


def references_of(content: bytes) -> list[str]:
    return [e.get(qn("w:id")) for e in part(content, "word/document.xml").iter(qn("w:footnoteReference"))]


def test_every_marker_has_a_footnote_with_the_verbatim_words() -> None:
    """The ids are those of the markers, in their order; a footnote holds quote, title, date, page, span and sha256."""
    content = pack_docx(PACK)
    notes = notes_of(content)
    assert references_of(content) == list(notes) == ["1", "2", "3", "4"]
    assert notes["1"] == notes["3"] == f" “{SHOWN}” {PLACE}{CHANGED}"
    assert notes["2"] == notes["4"]
    assert notes["2"].startswith(" “tide” Gone, no date. Source: =cmd|' /C calc'!A0; characters 0–4 of gone, sha256 cd")
    assert notes["2"].endswith(" The document was removed since: these are its words as they were cited.")


def test_the_markers_stand_behind_their_claims() -> None:
    """Each claim is a paragraph; its references follow its words, and its verdict follows them."""
    read = docx.Document(io.BytesIO(pack_docx(PACK)))
    texts = [paragraph.text for paragraph in read.paragraphs]
    assert texts == [
        "Title *x*",
        "Conversation c0ffee, 2 turns, 2026-11-22 01:43 UTC to 2026-11-22 01:53 UTC.",
        "1. =What\ufffd is *this*?",
        "Understood as: What is this?",
        "Asked 2026-11-22 01:43 UTC, answered by llm:m.",
        "Note: a | note",
        "-First <i>claim</i>, (supported, 1.00)",
        "Second (partly supported, 0.61)",
        "Hello! (supported, 1.00)",
        "2. Why?",
        "Asked 2026-11-22 01:53 UTC, answered by quoting.",
        "No answer (underspecified): Which one?",
        "Searched for: “Why?”",
        "Could be meant: “A”, “B”",
        "Nearest passages:",
        "“tide”",
        "Documents cited",
    ]
    claim = read.paragraphs[6]
    children = [run._r[-1].tag.rpartition("}")[2] for run in claim.runs]
    assert children == ["t", "footnoteReference", "t", "footnoteReference", "t"]
    assert [p.style.name for p in (read.paragraphs[2], claim)] == ["Heading 1", "List Bullet"]
    assert [[cell.text for cell in row.cells] for row in read.tables[0].rows] == [
        ["Document", "Published", "Source", "sha256", "State"],
        ["The <harbour> | `x`", "2021-03", "/h.md", "ab" * 32, "changed since"],
        ["Gone", "no date", "=cmd|' /C calc'!A0", "cd" * 32, "removed since"],
    ]


def test_the_file_is_made_as_word_processors_expect() -> None:
    """The part is declared and related to, its separators are there and named in the settings, the styles exist."""
    content = pack_docx(PACK)
    types = {e.get("PartName"): e.get("ContentType") for e in part(content, "[Content_Types].xml")}
    assert types[f"/{FOOTNOTES}"].endswith("wordprocessingml.footnotes+xml")
    related = [
        e.get("Type") for e in part(content, "word/_rels/document.xml.rels") if e.get("Target") == "footnotes.xml"
    ]
    assert related == ["http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"]
    special = {e.get(qn("w:id")): e.get(qn("w:type")) for e in part(content, FOOTNOTES) if e.get(qn("w:type"))}
    assert special == {"-1": "separator", "0": "continuationSeparator"}
    settings = [e.tag.rpartition("}")[2] for e in part(content, "word/settings.xml")]
    assert settings.index("footnotePr") + 1 == settings.index("compat")
    styles = {
        e.get(qn("w:styleId")): e.find(qn("w:name")).get(qn("w:val")) for e in part(content, "word/styles.xml")[2:]
    }
    assert (styles["FootnoteText"], styles["FootnoteReference"]) == ("footnote text", "footnote reference")
    used = {e.get(qn("w:val")) for e in part(content, FOOTNOTES).iter() if re.search("(pStyle|rStyle)$", e.tag)}
    assert used == {"FootnoteText", "FootnoteReference"}


def test_a_pack_without_a_turn_opens() -> None:
    content = pack_docx(EMPTY_PACK)
    assert docx.Document(io.BytesIO(content)).paragraphs[0].text == "Conversation"
    assert (notes_of(content), references_of(content)) == ({}, [])


def test_a_matrix_is_a_table_with_footnotes() -> None:
    content = matrix_docx(MATRIX)
    read = docx.Document(io.BytesIO(content))
    assert [[cell.text for cell in row.cells] for row in read.tables[0].rows] == [
        ["Document", "Which | one?", "=Q2"],
        ["The <harbour> | `x`\n2021-03", f"“{SHOWN}” (partly supported)", "silent; searched for “=Q2”, “q|2”"],
        ["gone\nno date", "“tide”", "“tide”"],
    ]
    notes = notes_of(content)
    assert references_of(content) == list(notes) == ["1", "2", "3"]
    assert notes["1"] == f" “{SHOWN}” {PLACE}"
    section = read.sections[0]
    assert section.page_width > section.page_height
