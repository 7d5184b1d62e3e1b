"""Plain text, cleaned. Structure comes from its layout: a title at its head, numbered paragraphs."""

from corpus.cleaning import clean, title_lines
from corpus.dates import date_near_head
from corpus.document import Draft, Section
from corpus.encodings import decode
from corpus.errors import UnreadableFile
from corpus.structure import numbered_sections


def read_text(content: bytes, name: str) -> list[Draft]:
    """One draft: the title that the text states, or the file's name; the first date near its head, as a guess."""
    raw, warnings = decode(content)
    text = clean(raw)
    if not text:
        raise UnreadableFile("nothing is left of the file once site furniture is taken away")
    titles = title_lines(text)
    published = date_near_head(text)
    return [
        Draft(
            title=": ".join(titles) or name,
            text=text,
            published=published,
            sections=numbered_sections(text, _title_sections(text, titles)),
            metadata={"published_is_guessed": True} if published else {},
            warnings=warnings,
        )
    ]


def _title_sections(text: str, titles: list[str]) -> list[Section]:
    """The title's lines as sections, so that they are headings and not sentences."""
    starts: list[int] = []
    for line in titles:
        starts.append(text.index(line, starts[-1] + len(titles[len(starts) - 1]) if starts else 0))
    ends = [*starts[1:], len(text)]
    return [Section(line, 1, start, end) for line, start, end in zip(titles, starts, ends, strict=False)]
