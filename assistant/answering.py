"""The life of a question, from the words that were typed to a checked answer, as one function.

Rewriting, retrieval, evidence, writing, checking: each is a module of its own; this one only puts them in order and
times them. It keeps nothing; conversations are kept by the caller.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

from assistant.answer import Answer, Citation, Refusal
from assistant.checking import exact_citations
from assistant.clock import Clock
from assistant.composing import Composed, compose, fallen_back
from assistant.conversation import Message
from assistant.errors import InvalidCall
from assistant.events import Done, Event, Found, Refused, Searching
from assistant.evidence import bearing
from assistant.grounding import Ground, look_up, outlined
from assistant.kinds.outline import Outline
from assistant.kinds.outlining import outline
from assistant.kinds.telling import kind_in_conversation, kind_of
from assistant.observing.spans import question_span
from assistant.refusing import INSUFFICIENT, NUM_NEAREST, Doubt, refuse
from assistant.rewriting import standalone_question
from assistant.sources import Sources
from assistant.writing.request import Request, WriterFailed
from index.passage import hit_row
from index.retrieval import Found as SearchResult
from index.scope import Scope

MAX_QUESTION_CHARS = 20_000
_DROPPED_CHARS = 300
"""So much of a dropped passage's words is traced: whole ones would be four fifths of what a kept turn takes."""
STAGES = ("rewrite", "retrieve", "evidence", "write", "verify")


def answer_events(  # noqa: PLR0913  (a question and its circumstances)
    question: str,
    sources: Sources,
    *,
    history: Sequence[Message] = (),
    scope: Scope | None = None,
    standalone: str | None = None,
    cited: Sequence[str] = (),
) -> Iterator[Event]:
    """Answers a question and says what it is doing; the last event is `Done` with the whole answer.

    The search stays within `scope`; `standalone` is searched for in place of what rewriting makes of the question;
    `cited` are the documents that the conversation cited, the last one last, for "summarise it".
    Raises `InvalidCall` for an empty or an endless question.
    """
    question = valid_question(question)
    with question_span(question) as span:
        clock, log = Clock(STAGES, within=span.stage), list[Request]()
        with clock.timing("rewrite"):
            meant, sources, notes = understood(question, sources, history, standalone, log=log)
            kind, asked = (kind_of(meant), meant) if standalone else kind_in_conversation(question, meant)
        yield Searching(asked)
        with clock.timing("retrieve"):
            items = outline(kind, asked, sources, scope, cited=cited)
            meant = asked if items else meant
            found = SearchResult(()) if items else sources.retriever.search(meant, scope=scope)
        yield _found(found, items)
        with clock.timing("evidence"):
            ground = outlined(meant, kind, items, scope) if items else look_up(meant, found, sources, scope)
        composed = yield from compose(ground, sources, clock, log)
        refusal = None
        if not composed.claims:
            refusal = refusal_of(ground, composed, sources)
            yield Refused(refusal)
        done = Answer(
            question=question,
            standalone_question=meant,
            claims=tuple(composed.claims),
            citations=tuple(composed.citations),
            refusal=refusal,
            writer=composed.writer,
            notes=(*notes, *ground.found.notes, *(items.notes if items else ()), *composed.notes),
            timings_ms=clock.milliseconds(),
            trace=_trace(ground, composed) | {"llm": [asdict(request) for request in log]},
        )
        span.answered(done)
        yield Done(done)


def _found(found: SearchResult, items: Outline | None) -> Found:
    ids = [item.evidence.document_id for item in items.items] if items else [h.passage.document_id for h in found.hits]
    return Found(len(ids), len(set(ids)))


def answer(question: str, sources: Sources, **options: Any) -> Answer:
    """The whole answer at once; options as for `answer_events`."""
    *_, last = answer_events(question, sources, **options)
    assert isinstance(last, Done)
    return last.answer


def understood(
    question: str,
    sources: Sources,
    history: Sequence[Message] = (),
    standalone: str | None = None,
    *,
    log: list[Request] | None = None,
) -> tuple[str, Sources, tuple[str, ...]]:
    """The question as one that stands alone, in the LLM's wording where that is usable, else in that of the rules.

    With it the sources, without their LLM where it failed, and a note that says so; `log` gets what the LLM was asked.
    """
    if standalone:
        return valid_question(standalone), sources, ()
    if sources.writer is None or not history:
        return standalone_question(question, history), sources, ()
    try:
        meant = sources.writer.rewrite(question, history, log=log) or standalone_question(question, history)
        return meant, sources, ()
    except WriterFailed as failure:
        return standalone_question(question, history), replace(sources, writer=None), (fallen_back(failure),)


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


def refusal_of(ground: Ground, composed: Composed, sources: Sources) -> Refusal:
    """Why there are no claims, with the sentences that come nearest."""
    if ground.refusal:
        found = sources.retriever.search(ground.question, scope=ground.scope)
        searched = look_up(ground.question, found, sources, ground.scope)
        return replace(ground.refusal, nearest=tuple(_nearest(searched, sources)))
    num_dropped = composed.trace.get("num_claims_dropped", 0)
    doubt = ground.doubt or (Doubt(INSUFFICIENT) if composed.found_no_answer else None)
    return refuse(
        ground.question,
        doubt,
        _nearest(ground, sources),
        num_documents=sources.retriever.num_documents(ground.scope),
        is_dropped=bool(num_dropped),
        is_scoped=ground.scope is not None and not ground.scope.is_everything,
    )


def _nearest(ground: Ground, sources: Sources) -> list[Citation]:
    some = ground.evidence[:NUM_NEAREST]
    return [
        replace(citation, number=number)
        for number, citation in enumerate(exact_citations(some, sources.catalogue.document), start=1)
    ]


_WHY_DROPPED = (
    "writing: less probable than the sentences shown",
    "evidence: too improbable beside the best one to bear on the question",
)


def _trace(ground: Ground, composed: Composed) -> dict[str, Any]:
    """What was found, what of it was used, where the rest was dropped, and what an LLM was asked."""
    shown = {(citation.document_id, citation.start, citation.end) for citation in composed.citations}
    num_bearing = len(bearing(ground.evidence)) if ground.outline is None else len(ground.evidence)
    return {
        "kind": ground.kind,
        "hits": [hit_row(hit) for hit in ground.found.hits],
        "dropped": [hit_row(hit, max_chars=_DROPPED_CHARS) for hit in ground.found.dropped],
        "evidence": [
            {
                "document_id": item.document_id,
                "start": item.start,
                "end": item.end,
                "probability": round(item.probability, 4),
                "dropped": None
                if (item.document_id, item.start, item.end) in shown
                else _WHY_DROPPED[rank >= num_bearing],
            }
            for rank, item in enumerate(ground.evidence)
        ],
        **composed.trace,
    }
