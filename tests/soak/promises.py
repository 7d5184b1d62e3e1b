"""What holds whatever is cleaned, split, compared or read: slices equal quotes, spans are ordered and inside."""

import json
import unicodedata
from bisect import bisect_left
from collections.abc import Callable
from itertools import pairwise

from corpus.blocks import Block, assemble
from corpus.catalogue import new_document
from corpus.cleaning import clean, normalise, title_lines
from corpus.dates import date_near_head, iso_date
from corpus.differences import differences
from corpus.document import NUMBERED_PARAGRAPH, PAGE, Document, Draft, Section
from corpus.encodings import decode
from corpus.errors import UnreadableFile
from corpus.fetching.lists import list_in
from corpus.fetching.robots import parse_rules
from corpus.reading.wire import decoded, encoded
from corpus.sentences import MAX_SENTENCE_CHARS, sentence_spans
from corpus.structure import Places, document_sentences, paragraphs
from index.chunking import SEGMENT_TOKENS, WINDOW_TOKENS, cut
from tests.fakes import HashEncoder


def check_cleaning(raw: str) -> None:
    text, plain = clean(raw), normalise(raw)
    assert normalise(plain) == plain
    for made in (text, plain):
        made.encode()
        assert not set(made) & set("\0\r\t\f\v\x85\u2028\u00a0\u00ad\u200b\ufeff")
        assert made == made.strip()
    assert all(line in text for line in title_lines(text))


def check_encodings(drawn: tuple[bytes, str | None]) -> None:
    try:
        text, warnings = decode(drawn[0], declared=drawn[1])
    except UnreadableFile as error:
        assert str(error)
        return
    text.encode()
    assert all(warnings)


def check_sentences(drawn: tuple[str, str, float, float]) -> None:
    text, language, *bounds = drawn
    start, end = sorted(round(bound * len(text)) for bound in bounds)
    spans = sentence_spans(text, start, end, language=language)
    _check_spans(text, spans, (start, end))
    position = start
    for a, b in spans:
        assert not text[position:a].strip()
        position = b
    assert not text[position:end].strip()


def _check_spans(text: str, spans: list[tuple[int, int]], within: tuple[int, int]) -> None:
    """Sentences in order, none empty, too long or with white space at its ends."""
    assert all(a < b and b - a <= MAX_SENTENCE_CHARS and text[a:b] == text[a:b].strip() for a, b in spans)
    ends = [(within[0], within[0]), *spans, (within[1], within[1])]
    assert all(before[1] <= after[0] for before, after in pairwise(ends))


def check_blocks(blocks: list[Block]) -> None:
    text, sections = assemble(blocks)
    assert text == text.strip()
    assert "".join(text.split()) == "".join("".join(normalise(p).split()) for b in blocks for p in b.text.split("\f"))
    check_sections(text, sections)


def check_sections(text: str, sections: tuple[Section, ...]) -> None:
    """Sections lie inside, in order, in one another or apart, and begin with their headings; pages follow pages."""
    assert all(0 <= s.start <= s.end <= len(text) and 1 <= s.level <= PAGE for s in sections)
    assert list(sections) == sorted(sections, key=lambda s: (s.start, s.level))
    for section in sections:
        section.heading.encode()
        assert section.level == PAGE or text.startswith(section.heading, section.start)
    pages = [s for s in sections if s.level == PAGE]
    assert all(a.end == b.start and (a.page or 0) < (b.page or 0) for a, b in pairwise(pages))
    open_sections: list[Section] = []
    for section in (s for s in sections if s.level != PAGE):
        while open_sections and open_sections[-1].end <= section.start:
            open_sections.pop()
        assert not open_sections or section.end <= open_sections[-1].end
        open_sections.append(section)


def _document(text: str, sections: tuple[Section, ...], language: str) -> Document:
    fields = {"id": "d", "title": "Rain", "source": "s", "language": language, "sections": sections}
    return new_document(fields, text=text)


def check_cut(drawn: tuple[list[Block], str, bool]) -> None:
    text, sections = assemble(drawn[0])
    document = _document(text, sections, drawn[1])
    _check_spans(text, document_sentences(document), (0, len(text)))
    assert all(text[p.start : p.end].strip() for p in paragraphs(text))
    tokens = HashEncoder().token_spans
    made = (
        cut(document, tokens) if drawn[2] else cut(document, tokens, segment_tokens=7, window_tokens=5, stride_tokens=2)
    )
    limits = (SEGMENT_TOKENS, WINDOW_TOKENS) if drawn[2] else (7, 5)
    token_starts = [start for start, _ in tokens(text)]
    numbers = list(range(len(made.sentences)))
    _check_spans(text, list(made.sentences), (0, len(text)))
    assert [i for run in made.segments for i in run] == numbers
    assert sorted({i for run in made.windows for i in run}) == numbers
    chapters = [s.start for s in sections if s.level < NUMBERED_PARAGRAPH]
    places = Places(document)
    for runs, limit in zip((made.segments, made.windows), limits, strict=True):
        for start, end in map(made.span, runs):
            assert bisect_left(token_starts, end) - bisect_left(token_starts, start) <= limit
            assert not any(start < chapter < end for chapter in chapters)
            assert places.page(start) is None or any(s.page == places.page(start) for s in sections)


def check_differences(drawn: tuple[str, str]) -> None:
    old, new = drawn
    a = c = 0
    for found in differences(old, new):
        assert old[a : found.old[0]] == new[c : found.new[0]]
        for kind, text, span in (("added", old, found.old), ("removed", new, found.new)):
            assert "".join(piece.text for piece in found.pieces if piece.kind != kind) == text[slice(*span)]
        a, c = found.old[1], found.new[1]
    assert old[a:] == new[c:]


def check_dates(text: str) -> None:
    for found in (date_near_head(text), iso_date(text)):
        assert found is None or iso_date(found) == found


def check_robots(content: bytes) -> None:
    rules = parse_rules(content, "communique")
    assert rules.delay_seconds >= 0
    for target in ("/", "/a?b=*$", "/" + "a" * 500, content.decode("latin-1")[:1_000]):
        assert rules.allow(target) in (True, False)


def check_lists(content: bytes) -> None:
    try:
        found = list_in(content, "https://a.example/b/")
    except UnreadableFile:
        return
    assert found is None or len(set(found.addresses)) == len(found.addresses) > 0


def check_file(read: Callable[[bytes], list[Draft]]) -> Callable[[bytes], None]:
    def check(content: bytes) -> None:
        try:
            drafts = read(content)
        except UnreadableFile as error:
            assert str(error)
            assert "\n" not in str(error)
            return
        for draft in drafts:
            check_draft(draft)

    return check


def check_draft(draft: Draft) -> None:
    line = encoded(draft)
    assert encoded(decoded(line)) == line
    json.dumps([draft.metadata, draft.warnings], ensure_ascii=False, allow_nan=False).encode()
    f"{draft.title}{draft.text}{draft.published}{draft.source}{draft.key}".encode()
    assert draft.text.strip()
    assert draft.title == draft.title.strip() != ""
    assert not any(unicodedata.category(letter) in ("Cc", "Zl", "Zp") for letter in draft.title), draft.title
    assert "\0" not in draft.text
    assert draft.published is None or draft.key is not None or iso_date(draft.published) == draft.published
    assert not any("\n" in warning for warning in draft.warnings)
    check_sections(draft.text, draft.sections)
