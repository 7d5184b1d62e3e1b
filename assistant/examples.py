"""Questions to begin with: what a home's own documents answer, so that nobody faces an empty box.

Made by rules from sentences with a date, an amount, a name; where a document has none, from its headings. Each is asked
by quoting before it is offered, so a click on one is answered. Nothing here is kept, and no LLM is asked.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice

from assistant.answering import answer
from assistant.question_making.japanese_questions import japanese_questions_of
from assistant.question_making.questions import questions_of
from assistant.sources import Sources
from corpus.catalogue import Summary
from corpus.document import NUMBERED_PARAGRAPH, Document
from corpus.errors import UnknownDocument
from corpus.language import JAPANESE
from corpus.structure import document_sentences

MAX_CHARS = 90
_GOOD_CHARS = 65
"""Longer questions are offered only where a document gives no shorter one."""
_TEXT_CHARS = 12_000
"""So much of a document is read: whoever opens the page waits for it."""
_DOCUMENTS_EACH = 4
_TRIES_EACH = 3
"""So many documents are read, and questions asked, for each example that is wanted, before giving up."""
_HEADING = "heading"
_USUAL_HEADINGS = re.compile(
    r"(?:introduction|summary|abstract|overview|background|conclusions?|contents|table of contents|sources?|notes?|"
    r"references|appendix|annex|acknowledge?ments|はじめに|概要|目次|参考文献|おわりに|まとめ)\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A question, its kind, and the stretch of a document that it was made of."""

    text: str
    kind: str
    document_id: str
    start: int
    end: int


def examples(sources: Sources, num: int = 3) -> list[str]:
    """Up to `num` questions of at most 90 characters that the documents answer; none of an empty home.

    They come from documents of different dates, the newest first, and ask for different kinds of thing as far as there
    are any. The same documents give the same questions.
    """
    asked: list[_Candidate] = []
    remaining = _in_turns(sources, num)
    for _ in range(_TRIES_EACH * num):
        if len(asked) >= num:
            break
        candidate = remaining.best({one.kind for one in asked})
        if candidate is None:
            break
        if candidate.text not in {one.text for one in asked} and _is_answered(candidate, sources):
            asked.append(candidate)
    return [candidate.text for candidate in asked]


def _in_turns(sources: Sources, num: int) -> "_Turns":
    """The candidates of some documents, spread over all that there are."""
    spread = _spread(sources.catalogue.summaries(), num)
    return _Turns(_documents(sources, islice(spread, _DOCUMENTS_EACH * max(num, 0))))


class _Turns:
    """The candidates of documents, one of each before a second of any; a document is read when it is its turn."""

    def __init__(self, documents: Iterator[Document]) -> None:
        self._unread = documents
        self._read: list[list[_Candidate]] = []

    def best(self, used: set[str]) -> _Candidate | None:
        """Of the document whose turn it is, the candidate of a kind not used yet, a short one if there is one."""
        for document in self._unread:
            if candidates := _candidates(document):
                return self._taken(candidates, used)
        return self._taken(self._read.pop(0), used) if self._read else None

    def _taken(self, candidates: list[_Candidate], used: set[str]) -> _Candidate:
        best = min(candidates, key=lambda one: (one.kind == _HEADING, one.kind in used, len(one.text) > _GOOD_CHARS))
        left = [candidate for candidate in candidates if candidate is not best]
        if left:
            self._read.append(left)
        return best


def _spread(summaries: Sequence[Summary], num: int) -> Iterator[Summary]:
    """The documents from the newest to the oldest, in steps of about a `num`-th of all, and then those between."""
    dated = [summary for summary in reversed(summaries) if summary.published]
    ordered = dated + [summary for summary in summaries if not summary.published]
    step = max(1, -(-len(ordered) // max(num, 1)))
    return (summary for first in range(step) for summary in ordered[first::step])


def _documents(sources: Sources, summaries: Iterator[Summary]) -> Iterator[Document]:
    """The beginnings of these documents, without those that were removed meanwhile."""
    for summary in summaries:
        with suppress(UnknownDocument):
            document = sources.catalogue.document(summary.id)
            yield replace(document, text=document.text[:_TEXT_CHARS])


def _candidates(document: Document) -> list[_Candidate]:
    """The questions that may be made of a document, in the order of its text, those of its headings last."""
    names = frozenset(re.findall(r"(?<=[a-z,] )[A-Z][\w’-]+", document.text))
    made = []
    for start, end in document_sentences(document):
        sentence = document.text[start:end]
        found = japanese_questions_of(sentence) if document.language == JAPANESE else questions_of(sentence, names)
        made += [_Candidate(question.text, question.kind, document.id, start, end) for question in found]
    made += _of_headings(document)
    return [candidate for candidate in made if len(candidate.text) <= MAX_CHARS and candidate.text.isprintable()]


def _of_headings(document: Document) -> Iterator[_Candidate]:
    """What the document says under each of its own headings."""
    title = " ".join(document.title.split())
    for section in document.sections:
        heading = " ".join(section.heading.split())
        is_own = heading not in title and not _USUAL_HEADINGS.fullmatch(heading)
        if not title or section.level >= NUMBERED_PARAGRAPH or not is_own or section.end > len(document.text):
            continue
        if document.language == JAPANESE:
            text = f"「{title}」は「{heading}」について何と述べていますか。"
        else:
            text = f"What does “{title}” say about “{heading}”?"
        yield _Candidate(text, _HEADING, document.id, section.start, section.end)


def _is_answered(candidate: _Candidate, sources: Sources) -> bool:
    """Whether the first words that an answer by quoting cites are those the question was made of."""
    citations = answer(candidate.text, replace(sources, writer=None)).citations
    if not citations or citations[0].document_id != candidate.document_id:
        return False
    start, end = citations[0].start, citations[0].end
    if candidate.kind == _HEADING:
        return candidate.start <= start and end <= candidate.end
    return start <= candidate.start and candidate.end <= end
