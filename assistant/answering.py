"""The life of a question, from the words that were typed to a checked answer, as one function.

Rewriting, retrieval, evidence, writing, citing, verifying: each is a module of its own; this one only puts them in
order and times them. It keeps nothing; conversations are kept by the caller.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache
from time import perf_counter
from typing import Any

from assistant.answer import Answer, Citation, Claim
from assistant.citing import cite
from assistant.conversation import Message
from assistant.errors import InvalidCall
from assistant.events import Claimed, Done, Event, Found, Refused, Searching
from assistant.evidence import Evidence, EvidenceFinder, bearing
from assistant.refusing import NUM_NEAREST, is_absent, refuse, unknown_names
from assistant.rewriting import standalone_question
from assistant.verifying import exact, phrase_of, verify
from assistant.writing.quote import WRITER, quotes
from corpus.catalogue import Catalogue
from corpus.document import Document
from corpus.errors import UnknownDocument
from index.retrieval import Found as SearchResult
from index.retrieval import Retriever
from index.scope import Scope

MAX_QUESTION_CHARS = 20_000
STAGES = ("rewrite", "retrieve", "evidence", "write", "verify")


@dataclass(frozen=True, slots=True)
class Sources:
    """What answers are made from: the documents, the search over them, and the scoring of their sentences."""

    catalogue: Catalogue
    retriever: Retriever
    finder: EvidenceFinder


def answer_events(
    question: str,
    sources: Sources,
    *,
    history: Sequence[Message] = (),
    scope: Scope | None = None,
    standalone: str | None = None,
) -> Iterator[Event]:
    """Answers a question and says what it is doing; the last event is `Done` with the whole answer.

    The search stays within `scope`; `standalone` is searched for in place of what rewriting makes of the question.
    Raises `InvalidCall` for an empty or an endless question.
    """
    question = valid_question(question)
    clock = _Clock()
    with clock.timing("rewrite"):
        standalone = valid_question(standalone) if standalone else standalone_question(question, history)
    yield Searching(standalone)
    with clock.timing("retrieve"):
        found = sources.retriever.search(standalone, scope=scope)
        statistics = sources.retriever.word_statistics(standalone)
    yield Found(len(found.hits), len({hit.passage.document_id for hit in found.hits}))
    with clock.timing("evidence"):
        evidence = sources.finder.find(standalone, found, statistics)
        unknown = unknown_names(standalone, statistics.passages_by_stem)
    with clock.timing("write"):
        chosen = [] if is_absent(evidence, unknown) else quotes(evidence)
    document = lru_cache(maxsize=32)(sources.catalogue.document)
    claims: list[Claim] = []
    citations: list[Citation] = []
    for claim, new in clock.through("verify", _checked_claims(chosen, document, standalone)):
        claims.append(claim)
        citations += new
        yield Claimed(claim, new)
    refusal = None
    if not claims:
        nearest = [c for _, some in _checked_claims(evidence[:NUM_NEAREST], document, "") for c in some]
        num_documents = sources.retriever.num_documents(scope)
        is_scoped = scope is not None and not scope.is_everything
        counts = {"num_documents": num_documents, "num_dropped": len(chosen)}
        refusal = refuse([standalone], unknown, nearest, **counts, is_scoped=is_scoped)
        yield Refused(refusal)
    yield Done(
        Answer(
            question=question,
            standalone_question=standalone,
            claims=tuple(claims),
            citations=tuple(citations),
            refusal=refusal,
            writer=WRITER,
            notes=found.notes,
            timings_ms=clock.milliseconds(),
            trace=_trace(found, evidence, chosen, citations),
        )
    )


def answer(question: str, sources: Sources, **options: Any) -> Answer:
    """The whole answer at once; options as for `answer_events`."""
    *_, last = answer_events(question, sources, **options)
    assert isinstance(last, Done)
    return last.answer


def valid_question(question: str) -> str:
    """The question without white space around it. Raises `InvalidCall` when it is empty, no text, or longer than can be
    meant.
    """
    stripped = question.strip()
    if not stripped:
        raise InvalidCall("the question is empty: ask something")
    if not is_text(stripped):
        raise InvalidCall("the question is not UTF-8: type it anew, or convert the file that it comes from")
    if len(stripped) > MAX_QUESTION_CHARS:
        raise InvalidCall(
            f"the question has {len(stripped):,} characters, {MAX_QUESTION_CHARS:,} are allowed: "
            "ask a shorter one, or add the text as a document"
        )
    return stripped


def is_text(string: str) -> bool:
    """Whether every character is a whole one: bytes that are not UTF-8 reach us as halves, which cannot be stored."""
    try:
        string.encode()
    except UnicodeEncodeError:
        return False
    return True


def _checked_claims(
    chosen: Sequence[Evidence], document: Callable[[str], Document], question: str
) -> Iterator[tuple[Claim, tuple[Citation, ...]]]:
    """Each chosen sentence as a claim with its citation, numbered from 1; those that fail a check are left out.

    The phrase that answers the question, where the first sentence holds one, is a claim of its own before it.
    """
    kept = 0
    for item in chosen:
        try:
            citation = cite(item, document, number=kept + 1, question=question)
        except UnknownDocument:
            continue  # removed by another process since it was found
        claim = verify(" ".join(item.text.split()), [citation])
        if exact(citation, document, item.text) and claim.verdict != "unsupported":
            kept += 1
            leads = kept == 1 and citation.phrase is not None and phrase_of(citation) != citation.quote
            if leads:
                yield verify(" ".join(phrase_of(citation).split()), [citation]), (citation,)
            yield claim, () if leads else (citation,)


_WHY_DROPPED = (
    "writing: less probable than the sentences shown",
    "evidence: too improbable beside the best one to bear on the question",
)


def _trace(
    found: SearchResult, evidence: Sequence[Evidence], chosen: Sequence[Evidence], citations: Sequence[Citation]
) -> dict[str, Any]:
    """What was found, what of it was used, and where the rest was dropped."""
    num_bearing = len(bearing(evidence))
    return {
        "hits": [asdict(hit) for hit in found.hits],
        "dropped": [asdict(hit) for hit in found.dropped],
        "evidence": [
            {
                "document_id": item.document_id,
                "start": item.start,
                "end": item.end,
                "probability": round(item.probability, 4),
                "dropped": None if item in chosen else _WHY_DROPPED[rank >= num_bearing],
            }
            for rank, item in enumerate(evidence)
        ],
        "num_claims_dropped": len(chosen) - len(citations),
    }


class _Clock:
    """Milliseconds spent in each stage, and since the start."""

    def __init__(self) -> None:
        self._start = perf_counter()
        self._spent = dict.fromkeys(STAGES, 0.0)

    @contextmanager
    def timing(self, stage: str) -> Iterator[None]:
        start = perf_counter()
        yield
        self._spent[stage] += perf_counter() - start

    def through(self, stage: str, items: Iterator[Any]) -> Iterator[Any]:
        """The items, the time that making them takes counted to a stage."""
        while True:
            with self.timing(stage):
                item = next(items, None)
            if item is None:
                return
            yield item

    def milliseconds(self) -> dict[str, float]:
        total = perf_counter() - self._start
        return {stage: round(1000 * spent, 2) for stage, spent in (self._spent | {"total": total}).items()}
