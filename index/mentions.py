"""Which documents contain a name or a term, completely: every one is found, and each sentence that holds it.

Full text narrows the search down to documents that have all of the words; their texts are then read for the words next
to one another, so what is found is what a plain text search would find. A mention lies within one paragraph or one
heading. It ranks nothing, and it knows no synonyms.
"""

import json
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, text

from corpus.database import Database
from corpus.schema import segments, snapshots, versions
from corpus.sentences import MAX_SENTENCE_CHARS, trim
from index.fulltext import versions_with
from index.manifest import read_generation
from index.scope import Scope
from index.segmentation import is_unspaced
from index.words import STOP_WORDS, stem, stems, words

MAX_TERM_WORDS = 12
_DOCUMENTS_A_QUERY = 200
_MARKS = r"[\u0300-\u036f]*"
_SPACED = r"[^\W_\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
"""A letter or digit of a script that is written with spaces: は right behind a name does not make it another word."""
_JOINING = r"(?:[^\S\n]|\n(?!\s*\n)|[-‐‑‒–—/'’]){1,4}"
"""What may stand between the words of a term: spaces, a line end, dashes; no blank line."""
_JOINS = re.compile(r"[\s‐‑‒–—/'’-]+")


@dataclass(frozen=True, slots=True)
class Term:
    """What is looked for: its words next to one another, in any case and without diacritics.

    An `exact` term's words are whole words as they stand (a name); the others' are compared by their stems.
    """

    text: str
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Mentioning:
    """A document that contains a term: `spans` are the sentences or headings that hold it, in order, each once."""

    document_id: str
    title: str
    published: str | None
    spans: tuple[tuple[int, int], ...]


def mentions(database: Database, term: Term, scope: Scope | None = None, *, adjacent: bool = True) -> list[Mentioning]:
    """Every current document within the scope that contains the term, ordered by date, title and id.

    With `adjacent` false it is enough that one sentence holds all of the term's words, in any order. A term without
    words, or of more than `MAX_TERM_WORDS`, is found nowhere.
    """
    count = len(_term_words(term))
    if not 0 < count <= MAX_TERM_WORDS:
        return []
    with database.reading() as connection:
        numbers = _candidates(connection, term, scope or Scope())
        generation = read_generation(connection)
        found = [
            Mentioning(row.document_id, row.title, row.published, spans)
            for row, sentences in _read(connection, numbers, generation)
            if (spans := _spans(row.text, term, sentences, adjacent=adjacent))
        ]
    found.sort(key=lambda item: (item.published is None, item.published or "", item.title, item.document_id))
    return found


def sentence_spans(database: Database, document_ids: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
    """The citable sentences of each of these documents, in order, as the index keeps them."""
    found: dict[str, list[tuple[int, int]]] = {}
    with database.reading() as connection:
        generation = read_generation(connection)
        for first in range(0, len(document_ids), _DOCUMENTS_A_QUERY):
            some = list(document_ids[first : first + _DOCUMENTS_A_QUERY])
            current = select(versions.c.number, versions.c.document_id)
            current = current.where(versions.c.status == "current", versions.c.document_id.in_(some))
            ids = {row.number: row.document_id for row in connection.execute(current)}
            sentences = _sentences(connection, list(ids), generation)
            found |= {ids[number]: spans for number, spans in sentences.items()}
    return found


def ids_within(database: Database, scope: Scope | None) -> set[str] | None:
    """The ids of the documents within the scope; None when that is every document."""
    with database.reading() as connection:
        ids = (scope or Scope()).resolve(connection)
    return None if ids is None else set(ids)


def occurrences(content: str, term: Term) -> Iterator[tuple[int, int]]:
    """Where the term stands in a text, as half-open spans, in order; time is linear in the text.

    >>> content = "Two joint calls, and a joint call."
    >>> [content[a:b] for a, b in occurrences(content, Term("joint calls", exact=False))]
    ['joint calls', 'joint call']
    """
    if is_unspaced(term.text):
        yield from (match.span() for match in re.finditer(re.escape(term.text), content, re.IGNORECASE))
        return
    wanted = _term_words(term)
    folded = content.lower() if content.isascii() else content.translate(_FOLDED)
    pattern = _pattern(term)
    position = 0
    while match := pattern.search(folded, position):
        if term.exact or [_stem(word) for word in match.groups()] == wanted:
            yield match.span()
            position = match.end()
        else:
            position = match.end(1)  # a word that only begins alike: look on behind it


def _term_words(term: Term) -> list[str]:
    """What is compared: words, or stems; of a term without spaces the term itself."""
    if is_unspaced(term.text):
        return [term.text.strip()] if term.text.strip() else []
    found = words(term.text)
    return found if term.exact else [stem(word) for word in found]


def _pattern(term: Term) -> re.Pattern[str]:
    """What the term looks like in folded text: whole words, or words that begin as its stems do."""
    folded = term.text.lower() if term.text.isascii() else term.text.translate(_FOLDED)
    parts: list[str] = []
    end = 0
    for match in re.finditer(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*", folded):
        if parts:
            parts.append(_join(folded[end : match.start()]))
        word = (words(match.group()) or [match.group()])[0]
        letters = word if term.exact else stem(word)[: max(1, len(stem(word)) - 3)]
        spelt = "".join(re.escape(letter) + _MARKS for letter in letters)
        rest = "" if term.exact else rf"(?:{_SPACED}|[\u0300-\u036f])*+"
        parts.append(f"({spelt}{rest})")
        end = match.end()
    return re.compile(rf"(?<!{_SPACED}){''.join(parts)}(?!{_SPACED})")


def _join(between: str) -> str:
    """What may stand where `between` stands in the term."""
    return _JOINING if _JOINS.fullmatch(between) else rf"\s?{re.escape(between.strip())}\s?"


def _stem(word: str) -> str:
    found = words(word)
    return stem(found[0]) if found else word


class _Folding(dict[int, int]):
    """Each character without case and marks, as one character, so that offsets stay."""

    def __missing__(self, code: int) -> int:
        bare = [c for c in unicodedata.normalize("NFKD", chr(code).casefold()) if not unicodedata.combining(c)]
        lower = chr(code).lower()
        self[code] = ord(bare[0]) if len(bare) == 1 else ord(lower) if len(lower) == 1 else code
        return self[code]


_FOLDED = _Folding()

_WITH_LETTERS = """SELECT DISTINCT version FROM passages
    WHERE words IS NOT NULL AND status = 'indexed' AND instr(lower(text), :letters) > 0"""
_HEADINGS = """SELECT number, CAST(sections AS TEXT) AS sections FROM versions
    WHERE status = 'current'
        AND (lower(CAST(sections AS TEXT)) LIKE :letters OR instr(CAST(sections AS TEXT), '\\u') > 0)"""
_WITH_TEXT = """SELECT versions.number FROM versions JOIN snapshots ON snapshots.sha256 = versions.sha256
    WHERE versions.status = 'current' AND instr(lower(snapshots.text), :letters) > 0"""


def _candidates(connection: Connection, term: Term, scope: Scope) -> list[int]:
    """The numbers of the current versions within the scope that have every word of the term, and perhaps others."""
    if is_unspaced(term.text):
        letters = {"letters": "".join(c.lower() if c.isascii() else c for c in term.text.strip())}
        having = set(connection.execute(text(_WITH_TEXT), letters).scalars())
    else:
        found = words(term.text)
        content = [word for word in dict.fromkeys(found) if word not in STOP_WORDS] or found
        having = set.intersection(*(_with_word(connection, word) for word in content))
    current = select(versions.c.number, versions.c.document_id).where(versions.c.status == "current")
    within = scope.resolve(connection)
    ids = None if within is None else set(within)
    rows = connection.execute(current)
    return sorted(row.number for row in rows if row.number in having and (ids is None or row.document_id in ids))


def _with_word(connection: Connection, word: str) -> set[int]:
    """The versions that have the word in a passage, its title or a heading.

    Where Latin words and Japanese run together the index has normal forms, and headings above headings are in no
    passage: both are looked through for the letters.
    """
    having = versions_with(connection, word)
    prefix = stem(word)[: max(1, len(stem(word)) - 3)]
    having.update(connection.execute(text(_WITH_LETTERS), {"letters": prefix}).scalars())
    for row in connection.execute(text(_HEADINGS), {"letters": f"%{prefix}%"}):
        headings = "\n".join(section["heading"] for section in json.loads(row.sections))
        if prefix in headings.translate(_FOLDED):
            having.add(row.number)
    return having


def _read(
    connection: Connection, numbers: Sequence[int], generation: int
) -> Iterator[tuple[Any, list[tuple[int, int]]]]:
    """The versions with their texts and sentences, some at a time."""
    columns = (versions.c.number, versions.c.document_id, versions.c.title, versions.c.published, snapshots.c.text)
    query = select(*columns).join(snapshots, snapshots.c.sha256 == versions.c.sha256)
    for first in range(0, len(numbers), _DOCUMENTS_A_QUERY):
        some = numbers[first : first + _DOCUMENTS_A_QUERY]
        sentences = _sentences(connection, some, generation)
        for row in connection.execute(query.where(versions.c.number.in_(some))):
            yield row, sentences.get(row.number, [])


def _sentences(connection: Connection, numbers: Sequence[int], generation: int) -> dict[int, list[tuple[int, int]]]:
    rows = segments.c
    query = select(rows.version, rows.sentences).where(rows.version.in_(numbers), rows.generation == generation)
    found: dict[int, list[tuple[int, int]]] = {}
    for row in connection.execute(query.order_by(rows.version, rows.start)):
        found.setdefault(row.version, []).extend((start, end) for start, end in row.sentences)
    return found


def _spans(
    content: str, term: Term, sentences: Sequence[tuple[int, int]], *, adjacent: bool
) -> tuple[tuple[int, int], ...]:
    """The sentences that hold the term; a heading's line where no sentence does."""
    if not adjacent:
        wanted = set(stems(term.text))
        return tuple((a, b) for a, b in sentences if wanted and wanted <= set(stems(content[a:b])))
    starts = [start for start, _ in sentences]
    found: dict[tuple[int, int], None] = {}
    for start, end in occurrences(content, term):
        number = bisect_right(starts, start) - 1
        inside = number >= 0 and start < sentences[number][1]
        found[sentences[number] if inside else _line(content, start, end)] = None
    return tuple(found)


def _line(content: str, start: int, end: int) -> tuple[int, int]:
    """The line around a mention, as much of it as a quote may have."""
    first = max(content.rfind("\n", 0, start) + 1, start - MAX_SENTENCE_CHARS // 2)
    last = content.find("\n", end)
    last = min(len(content) if last < 0 else last, first + max(MAX_SENTENCE_CHARS, end - first))
    return trim(content, first, last) or (start, end)
