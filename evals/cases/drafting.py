"""Drafts of cases from the documents of a home: a question that a sentence answers, and the sentence as its evidence.

Questions come from an LLM where the home has one, else, for English documents, from the rules of
`assistant.question_making`. Each is asked of the home, and kept only where a citation of the answer holds the sentence:
so the drafts are those that the program gets right today. They find what a change breaks, and say nothing of what was
never found. A draft is no case until a person has looked at it and taken "draft" away.
"""

import hashlib
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from typing import Any

from assistant.answering import answer
from assistant.home import Home
from assistant.question_making.questions import Question, questions_of
from assistant.question_making.statement_parts import points_back
from assistant.writing.prose import LlmWriter
from assistant.writing.request import WriterFailed
from corpus.document import Document
from corpus.language import ENGLISH
from corpus.structure import document_sentences
from evals.cases.question_writer import written_question

logger = logging.getLogger(__name__)

_LLM_KIND = "written"
_SENTENCE_CHARS = range(40, 401)
_MAX_TRIES = 40
"""So many candidates are asked for each draft that is wanted, before giving up."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a document with the questions that it may answer."""

    document: Document
    start: int
    end: int
    questions: tuple[Question, ...]

    @property
    def sentence(self) -> str:
        """Its words."""
        return self.document.text[self.start : self.end]


def draft_cases(home: Home, *, num: int, document_ids: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """Up to `num` drafts as rows of a suite, from these documents or from all, in turns from each and of every kind.

    The same documents give the same drafts with the same ids, but for what an LLM writes. Raises `UnknownDocument` for
    an id that there is not.
    """
    ids = list(document_ids) or [summary.id for summary in home.catalogue.summaries()]
    documents = [home.catalogue.document(id_) for id_ in ids]
    kinds: Counter[str] = Counter()
    asked: set[str] = set()
    writer = home.writer
    num_left = num
    for num_tried, candidate in enumerate(_in_turns(documents, writer is not None)):
        if num_left <= 0 or num_tried >= _MAX_TRIES * num:
            return
        try:
            question = _chosen(candidate, writer, kinds)
        except WriterFailed as failure:
            logger.warning("drafting goes on by rules: %s", failure.reason)
            writer, question = None, _chosen(candidate, None, kinds)
        if question is None or question.text in asked or not is_answered(question.text, candidate, home):
            continue
        asked.add(question.text)
        kinds[question.kind] += 1
        num_left -= 1
        yield draft_row(candidate, question)


def is_answered(question: str, candidate: Candidate, home: Home) -> bool:
    """Whether the home's answer, by quoting, cites the sentence whole."""
    got = answer(question, replace(home.sources, writer=None))
    return any(
        citation.document_id == candidate.document.id
        and citation.start <= candidate.start
        and candidate.end <= citation.end
        for citation in got.citations
    )


def draft_row(candidate: Candidate, question: Question) -> dict[str, Any]:
    """The draft as a row of a suite. Its id is made from document, sentence and question."""
    whole = "\n".join((candidate.document.id, candidate.sentence, question.text))
    return {
        "id": f"draft-{hashlib.sha256(whole.encode()).hexdigest()[:12]}",
        "question": question.text,
        "answerable": True,
        "answers": [question.answer] if question.answer else [],
        "evidence": [
            {
                "document_id": candidate.document.id,
                "start": candidate.start,
                "end": candidate.end,
                "quote": candidate.sentence,
            }
        ],
        "tags": [question.kind],
        "draft": True,
        "cluster": candidate.document.id,
    }


def _in_turns(documents: Sequence[Document], any_sentence: bool) -> Iterator[Candidate]:
    """A candidate of each document, then a second one of each, and so on."""
    rows = [_candidates(document, any_sentence) for document in documents]
    return (candidate for candidate in chain.from_iterable(zip_longest(*rows)) if candidate is not None)


def _candidates(document: Document, any_sentence: bool) -> Iterator[Candidate]:
    """The sentences of a document that a question can be made of, in order."""
    names = frozenset(re.findall(r"(?<=[a-z,] )[A-Z][\w’-]+", document.text))
    is_english = document.language == ENGLISH
    for start, end in document_sentences(document):
        sentence = document.text[start:end]
        questions = tuple(questions_of(sentence, names)) if is_english else ()
        if questions or (any_sentence and len(sentence) in _SENTENCE_CHARS):
            yield Candidate(document, start, end, questions)


def _chosen(candidate: Candidate, writer: LlmWriter | None, kinds: Counter[str]) -> Question | None:
    """The LLM's question, or of the rules' the one whose kind there is least of."""
    if writer is not None:
        text = written_question(writer, candidate.sentence, candidate.document.title)
        return Question(text, "", _LLM_KIND) if text and not points_back(text) else None
    return min(candidate.questions, key=lambda question: kinds[question.kind], default=None)
