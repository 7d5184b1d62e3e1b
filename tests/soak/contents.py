"""What every reader is given: pieces of its grammar joined at random, and whole files with changes; and the reader."""

import gzip
import io
import tarfile
from collections.abc import Callable, Mapping, Sequence

from hypothesis import strategies as st

from corpus.document import Draft
from corpus.errors import UnreadableFile
from corpus.reading.archives import gzip_members, tar_members, zip_members
from corpus.reading.csv_table import read_csv
from corpus.reading.email_message import email_members, read_email, read_saved_page
from corpus.reading.epub import read_epub
from corpus.reading.formats import Reader, Unpacker, format_of
from corpus.reading.html import read_html
from corpus.reading.jsonl import read_jsonl
from corpus.reading.markdown import read_markdown
from corpus.reading.members import Budget
from corpus.reading.office.slides import read_slides
from corpus.reading.office.spreadsheet import read_spreadsheet
from corpus.reading.office.word import read_word
from corpus.reading.open_document.reader import read_open_document
from corpus.reading.pdf.reader import read_pdf
from corpus.reading.plain_text import read_text
from corpus.reading.rtf import read_rtf
from corpus.reading.xml_text import read_xml
from tests.corpus.reading.office_files import zipped
from tests.soak.drawing import WORDS, texts
from tests.soak.edits import LINES, MARKUP, PDF, RTF, Grammar, mutated, mutated_trees
from tests.soak.files import Parts, book_parts, open_parts, sheet_parts, slide_parts, word_parts
from tests.soak.flat_files import mails, pages, pdf_files, pdf_seeds, rich_texts
from tests.soak.grammars import HTML, JSON, MAIL, MARKDOWN, NOISE, RICH, ROWS, SAVED, TABLE, XML, written

Contents = st.SearchStrategy[bytes]
Reading = Callable[[bytes], list[Draft]]


def _draw(pieces: tuple[str, ...], *heads: str) -> Contents:
    return st.one_of([written(pieces, head=head) for head in heads or ("",)])


def _alone(grammar: Grammar, *contents: bytes) -> Contents:
    """Files of one part."""
    return mutated([{"": content} for content in contents], grammar, lambda parts: parts[""])


def _zipped(seeds: Callable[[], Sequence[Parts]], *, mimetype: str = "") -> Contents:
    """Packages with changes; they are made when the first one is drawn."""
    first = {"mimetype": mimetype} if mimetype else {}
    return st.deferred(lambda: mutated_trees(seeds(), lambda parts: zipped({**first, **parts})))


def _named(reader: Reader) -> Reading:
    return lambda content: reader(content, "file")


def _unpacked(unpacker: Unpacker) -> Reading:
    """The members have names on one line, and a reason or bytes; they are no drafts."""

    def unpack(content: bytes) -> list[Draft]:
        for member in unpacker(content, Budget(len(content))):
            member.name.encode("utf-8", "surrogateescape")  # as the names of files are
            assert "\n" not in member.name
            assert member.reason is None or not member.content
        return []

    return unpack


def _mail(content: bytes) -> list[Draft]:
    """The mail, and what is attached to it."""
    drafts = read_email(content, "file")
    _unpacked(email_members)(content)
    return drafts


def _told(content: bytes) -> list[Draft]:
    """What kind of file it is, under several names."""
    for name in ("a", "a.txt", "a.md", "a.docx", "a.xyz"):
        try:
            assert format_of(content, name)[0].advice is None
        except UnreadableFile:
            continue
    return []


_NAMES = st.one_of(
    texts(WORDS, max_pieces=3).map(lambda name: name[:200]),
    st.sampled_from(["../a", "/a", "C:\\a", "a/b.txt", "", "."]),
)
_MEMBERS = st.lists(st.tuples(_NAMES, NOISE), max_size=6)


def _zip(members: Sequence[tuple[str, bytes]]) -> bytes:
    return zipped({name.replace("\0", "") or "a": content for name, content in members})


def _tar(members: Sequence[tuple[str, bytes]]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for number, (name, content) in enumerate(members):
            entry = tarfile.TarInfo(name.replace("\0", "") or "a")
            entry.type = (tarfile.REGTYPE, tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.DIRTYPE)[
                (number + len(content)) % 4
            ]
            entry.size = len(content) if entry.type == tarfile.REGTYPE else 0
            archive.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


def _damaged(contents: Contents) -> Contents:
    """Most whole, some with other bytes at a place, some cut."""
    at, few = st.integers(0, 3_000), st.binary(max_size=5)
    return st.one_of(contents, st.builds(lambda c, at, few: c[:at] + few + c[at + len(few) :], contents, at, few),
                     st.builds(lambda c, at: c[: at % (len(c) + 1)], contents, at))  # fmt: skip


_ZIPS, _TARS = _MEMBERS.map(_zip), _MEMBERS.map(_tar)
LISTS = _draw(XML, "", "<rss><channel>", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<urlset>", "<sitemapindex>")
_PAGES = st.one_of(_draw(HTML), _draw(HTML, "<!DOCTYPE html><html><body><main>"), _alone(MARKUP, *pages()))
_MAILS = st.one_of(_draw(MAIL, "From: a@b\n"), _alone(LINES, *mails()))
_BOOKS = _zipped(book_parts, mimetype="application/epub+zip")

FILES: Mapping[str, tuple[Contents, Reading]] = {
    "txt": (_draw(WORDS), _named(read_text)),
    "md": (_draw(MARKDOWN, "", "---\n"), _named(read_markdown)),
    "jsonl": (st.one_of(_draw(JSON), ROWS.map(str.encode)), _named(read_jsonl)),
    "html": (_PAGES, _named(read_html)),
    "csv": (_draw(TABLE), _named(read_csv)),
    "rtf": (st.one_of(_draw(RICH, "{\\rtf1 Sure."), _alone(RTF, *rich_texts())), _named(read_rtf)),
    "email": (_MAILS, _mail),
    "saved page": (st.one_of(_draw(MAIL, SAVED), _alone(LINES, *mails())), _named(read_saved_page)),
    "epub": (_BOOKS, _named(read_epub)),
    "xml": (st.one_of(_draw(XML, "", "<a>", "<rss>"), _alone(MARKUP, *pages())), _named(read_xml)),
    "docx": (_zipped(word_parts), _named(read_word)),
    "pptx": (_zipped(slide_parts), _named(read_slides)),
    "xlsx": (_zipped(sheet_parts), _named(read_spreadsheet)),
    "odf": (_zipped(open_parts), _named(read_open_document)),
    "pdf": (st.one_of(pdf_files(), _alone(PDF, *pdf_seeds())), _named(read_pdf)),
    "zip": (_damaged(_ZIPS), _unpacked(zip_members)),
    "tar": (_damaged(_TARS), _unpacked(tar_members)),
    "gzip": (_damaged(st.one_of(_TARS, NOISE).map(gzip.compress)), _unpacked(gzip_members)),
    "signs": (st.one_of(_PAGES, _MAILS, _BOOKS, _damaged(_ZIPS), _TARS, LISTS, NOISE), _told),
}
