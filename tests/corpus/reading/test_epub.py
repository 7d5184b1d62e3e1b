import io
import zipfile

import pytest
from hypothesis import given, settings

from corpus.document import PAGE
from corpus.errors import UnreadableFile
from corpus.reading.epub import read_epub
from tests.soak.contents import FILES
from tests.soak.promises import check_file

_CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
_PACKAGE = """<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" xmlns:opf="http://www.idpf.org/2007/opf">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Rain</dc:title><dc:creator>Ada</dc:creator>
<dc:date opf:event="conversion">2023-01-01</dc:date><dc:date opf:event="publication">2019-08-23</dc:date></metadata>
<manifest><item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>
<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
<item id="one" href="text/one%20a.xhtml" media-type="application/xhtml+xml"/>
<item id="two" href="text/two.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine toc="ncx"><itemref idref="nav"/><itemref idref="two"/><itemref idref="one"/><itemref idref="gone"/></spine>
</package>"""


def page(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops"><head><title/><script/></head><body>{body}</body></html>'
    )


def book(**parts: str) -> bytes:
    """A book of two chapters, the second file before the first; `parts` are files in place of its own or besides."""
    files = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": _CONTAINER,
        "OEBPS/book.opf": _PACKAGE,
        "OEBPS/nav.xhtml": page("<nav><ol><li>menu</li></ol></nav>"),
        "OEBPS/toc.ncx": "<ncx xmlns='http://www.daisy.org/z3986/2005/ncx/'/>",
        "OEBPS/text/one a.xhtml": page("<h1>Sun</h1><p>It was dry&nbsp;there.</p>"),
        "OEBPS/text/two.xhtml": page("<h1>Rain</h1><p>It rained.</p><p>It rained<br/>again.</p>"),
    }
    names = {"nav": "OEBPS/nav.xhtml", "ncx": "OEBPS/toc.ncx", "one": "OEBPS/text/one a.xhtml"}
    names |= {"two": "OEBPS/text/two.xhtml", "opf": "OEBPS/book.opf", "container": "META-INF/container.xml"}
    names |= {"encryption": "META-INF/encryption.xml", "css": "OEBPS/look.css"}
    files |= {names[key]: text for key, text in parts.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            if text:
                archive.writestr(name, text)
    return buffer.getvalue()


def pages_of(content: bytes) -> list[tuple[str, int | None, str]]:
    (draft,) = read_epub(content, "b")
    return [(s.heading, s.page, draft.text[s.start : s.end]) for s in draft.sections if s.level == PAGE]


def test_a_book_is_read_in_its_order_without_its_menu() -> None:
    (draft,) = read_epub(book(), "b")
    assert draft.text == "Rain\n\nIt rained.\n\nIt rained\nagain.\n\nSun\n\nIt was dry there."
    assert (draft.title, draft.published, draft.metadata) == ("Rain", "2019-08-23", {"author": "Ada"})
    assert [(s.heading, s.level) for s in draft.sections] == [("Rain", 1), ("Sun", 1)]


def test_what_style_sheets_hide_is_not_read() -> None:
    """A note for other programs, which no reader of the book sees, is not quoted."""
    body = '<p>It rained <span class="nonvis">(click here) </span>again.</p>'
    linked = page(body).replace("<script/>", '<link rel="stylesheet" href="../look.css"/>')
    own = page(body).replace("<script/>", "<style>@media all { .nonvis { display: none } }</style>")
    for two in (linked, own):
        assert "It rained again." in read_epub(book(two=two, css=".nonvis { display: none }"), "b")[0].text
    assert "click here" in read_epub(book(two=linked), "b")[0].text


def test_a_book_without_page_marks_has_no_pages() -> None:
    """The files that a book is cut into are no pages."""
    assert pages_of(book()) == []


@pytest.mark.parametrize(
    "mark",
    [
        '<span epub:type="pagebreak" id="p{n}" title="{n}"/>',
        '<span epub:type="pagebreak" id="p{n}">{n}</span>',
        '<span role="doc-pagebreak" id="p{n}" aria-label="Page {n}."></span>',
        '<span epub:type="pagebreak" id="p{n}" title="[Page {n}]"/>',
        '<span epub:type="pagebreak" id="p{n}">{{{n}}}</span>',
    ],
    ids=["title", "words", "role", "brackets", "braces"],
)
def test_page_marks_are_pages(mark: str) -> None:
    """A citation from a book opens at the page of the printed one."""
    two = page(f"<p>Before.</p>{mark.format(n='iv')}<p>It rained {mark.format(n=5)}again.</p>")
    one = page(f"<p>And again.</p>{mark.format(n=6)}<p>Sun.</p>")
    assert pages_of(book(two=two, one=one)) == [
        ("iv", 1, "It rained "),
        ("5", 2, "again.\n\nAnd again.\n\n"),
        ("6", 3, "Sun."),
    ]


@pytest.mark.parametrize(
    "part",
    [
        {
            "nav": page(
                '<nav epub:type="page-list"><a href="text/two.xhtml#a">7</a><a href="text/one%20a.xhtml">8</a></nav>'
            )
        },
        {
            "ncx": '<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://x/ncx.dtd"><ncx><pageList>'
            '<pageTarget><navLabel><text>7</text></navLabel><content src="text/two.xhtml#a"/></pageTarget>'
            '<pageTarget value="8"><content src="text/one%20a.xhtml"/></pageTarget></pageList></ncx>'
        },
    ],
    ids=["EPUB 3", "EPUB 2"],
)
def test_the_page_list_tells_pages_too(part: dict[str, str]) -> None:
    two = page('<p>Before.</p><p id="a">It rained.</p>')
    assert pages_of(book(two=two, **part)) == [("7", 1, "It rained.\n\n"), ("8", 2, "Sun\n\nIt was dry there.")]


def encryption(path: str) -> str:
    return (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:e="http://www.w3.org/2001/04/xmlenc#">'
        f'<e:EncryptedData><e:CipherData><e:CipherReference URI="{path}"/></e:CipherData></e:EncryptedData>'
        "</encryption>"
    )


def test_a_protected_book_is_refused_and_one_with_hidden_fonts_is_not() -> None:
    with pytest.raises(UnreadableFile, match="copy protection"):
        read_epub(book(encryption=encryption("OEBPS/text/two.xhtml")), "b")
    assert read_epub(book(encryption=encryption("OEBPS/font.otf")), "b")


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ({"container": ""}, "'META-INF/container.xml', of which the book speaks, is not in it"),
        ({"container": "<container/>"}, "the book is broken"),
        ({"opf": ""}, "'OEBPS/book.opf', of which the book speaks, is not in it"),
        ({"opf": "<package/>"}, "there is no text in the book"),
        ({"two": page(""), "one": page("")}, "there is no text in the book"),
    ],
    ids=["no container", "empty container", "no package", "empty package", "no words"],
)
def test_a_broken_book_says_what_is_missing(part: dict[str, str], reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        read_epub(book(**part), "b")


def test_a_reference_that_leads_nowhere_costs_a_warning() -> None:
    opf = _PACKAGE.replace("text/one%20a.xhtml", "http://[")
    (draft,) = read_epub(book(opf=opf), "b")
    assert draft.text.startswith("Rain")
    assert len(draft.warnings) == 1


def test_what_is_no_zip_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="the book is broken"):
        read_epub(b"PK\3\4", "b")


def test_a_lost_chapter_costs_a_warning() -> None:
    (draft,) = read_epub(book(one=""), "b")
    assert draft.text.startswith("Rain")
    assert "was left out" in draft.warnings[0]


def test_a_warning_is_one_line_whatever_a_part_is_called() -> None:
    """A book names its chapters; a name may hold a line break."""
    package = _PACKAGE.replace("text/two.xhtml", "text/lost%0Achapter.xhtml")
    (draft,) = read_epub(book(opf=package), "book")
    assert draft.warnings[0].startswith("OEBPS/text/lost chapter.xhtml was left out")


def test_a_chapter_that_is_no_xml_is_read_as_a_browser_would() -> None:
    two = '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>It rained<p>again &copy; Ada</html>'
    assert read_epub(book(two=two), "b")[0].text.startswith("It rained\n\nagain © Ada")


def test_nothing_outside_the_book_is_read() -> None:
    two = page("<p>It rained. &secret;</p>").replace(
        "<!DOCTYPE html>", '<!DOCTYPE html [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
    )
    assert read_epub(book(two=two), "b")[0].text.startswith("It rained.\n\nSun")


def test_a_books_title_is_one_line_of_plain_characters() -> None:
    opf = _PACKAGE.replace("<dc:title>Rain<", "<dc:title>The\n Rain\u200b\u00a0Plan<")
    assert read_epub(book(opf=opf), "b")[0].title == "The Rain Plan"


@given(FILES["epub"][0])
@settings(max_examples=30, deadline=None)
def test_a_changed_book_is_read_or_refused(content: bytes) -> None:
    """Parts that are lost, doubled or filled with other things give a text with its pages in order, or a reason."""
    check_file(FILES["epub"][1])(content)
