"""From ground to claims: an LLM's sentences, checked, or the documents' own where there is no LLM or it fails.

The one place that decides who writes. What an LLM wrote and what became of it is in the trace.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from assistant.answer import Citation, Claim
from assistant.checking import Checking
from assistant.clock import Clock
from assistant.conflicts import at_odds, side_by_side
from assistant.events import Claimed, Event, Withdrawn
from assistant.evidence import Evidence, bearing
from assistant.grounding import Ground
from assistant.kinds.telling import COMPARE, LOOK_UP, OVERVIEW
from assistant.pairs import SUPPORTED
from assistant.sources import Sources
from assistant.statement import Statement
from assistant.verifying import phrase_of
from assistant.writing.prompts import Source
from assistant.writing.prose import LlmWriter, NoAnswer
from assistant.writing.quote import MAX_QUOTES, quoted
from assistant.writing.quote import WRITER as QUOTE
from assistant.writing.request import Request, WriterFailed
from corpus.document import Document
from corpus.language import language_of

NUM_OFFERED = 8
"""So many sentences are offered to an LLM."""
_WRITTEN = frozenset({LOOK_UP, OVERVIEW, COMPARE})
"""The kinds that an LLM writes: lists, timelines and catalogues are complete only as they are."""
_NUM_BETTER_HITS = 3
_SURE = 0.5
"""Evidence at least this probable is quoted where an LLM leaves it out, and where it finds no answer."""


@dataclass(frozen=True, slots=True)
class Composed:
    """The claims that hold, what they cite and who wrote them; `trace` has what was left out and asked of an LLM.

    `found_no_answer` where an LLM says that what it was offered does not answer, and nothing speaks against it.
    """

    claims: Sequence[Claim] = ()
    citations: Sequence[Citation] = ()
    writer: str = QUOTE
    notes: Sequence[str] = ()
    trace: dict[str, Any] = field(default_factory=dict)
    found_no_answer: bool = False


Composing = Generator[Event, None, Composed]


def compose(ground: Ground, sources: Sources, clock: Clock, log: list[Request]) -> Composing:
    """Each claim as an event as soon as it is checked; returns all of them, none where there is no answer.

    `log` gets what an LLM was asked.
    """
    if ground.doubt or ground.refusal:
        return Composed()
    if ground.outline and ground.outline.text:
        said = Claim(ground.outline.text, (), SUPPORTED, 1.0)
        yield Claimed(said, ())
        return Composed((said,))
    attempt = Composed()
    if sources.writer is not None and ground.kind in _WRITTEN:
        attempt = yield from _by_llm(ground, sources, sources.writer, clock, log)
        if attempt.claims or attempt.found_no_answer:
            return attempt
    with clock.timing("write"):
        statements = _quotes(ground)
    checking = Checking(lru_cache(maxsize=64)(sources.catalogue.document), ground.question, verifier=sources.verifier)
    claims = yield from _claimed(checking, statements, clock)
    notes = [*attempt.notes, *_conflict(ground, checking, sources)]
    return Composed(claims, checking.citations, QUOTE, notes, checking.trace() | attempt.trace)


def fallen_back(failure: WriterFailed) -> str:
    """What a reader is told when an LLM failed."""
    return f"{failure.reason}: answered by quoting"


def _quotes(ground: Ground) -> list[Statement]:
    """What the documents say in their own words: the outline's items, or the sentences that answer best."""
    if ground.outline is None:
        return _with_all_sides(quoted(ground.evidence, ground.question), at_odds(ground.question, ground.evidence))
    return [Statement(item.evidence.text, (item.evidence,), item.lead) for item in ground.outline.items]


def _with_all_sides(statements: Sequence[Statement], sides: Sequence[Evidence]) -> list[Statement]:
    """The statements, with every side of a conflict among them: those left out stand right behind the first one."""
    given = {item for statement in statements for item in statement.evidence}
    missing = [Statement(side.text, (side,)) for side in sides if side not in given]
    shown = [i for i, statement in enumerate(statements) if any(side.text == statement.text for side in sides)]
    after = shown[0] + 1 if shown else 0
    most = len(statements) - max(len(given) + len(missing) - MAX_QUOTES, 0)
    return [*statements[:after], *missing, *statements[after:most]]


def _conflict(ground: Ground, checking: Checking, sources: Sources) -> list[str]:
    """The note on sides that differ, where there are some."""
    sides = [] if ground.outline else at_odds(ground.question, ground.evidence)
    note = side_by_side(sides, checking.citations, sources.catalogue.document) if sides else ""
    return [note] if note else []


def _by_llm(ground: Ground, sources: Sources, writer: LlmWriter, clock: Clock, log: list[Request]) -> Composing:
    """The LLM's claims that hold; none, with a note that says why, where quotes must take their place."""
    document = lru_cache(maxsize=64)(sources.catalogue.document)

    def better(text: str) -> list[Evidence]:
        found = sources.retriever.search(text, _NUM_BETTER_HITS, scope=ground.scope)
        return sources.finder.find(text, found, sources.retriever.word_statistics(text))

    offered = list(ground.evidence if ground.outline else bearing(ground.evidence))[:NUM_OFFERED]
    checking = Checking(document, ground.question, verifier=sources.verifier, better=better)
    no_answer: list[NoAnswer] = []
    drafts = _drafted(writer, ground.question, offered, document, log=log, no_answer=no_answer)
    claims: list[Claim] = []
    try:
        claims = yield from _claimed(checking, clock.through("write", drafts), clock)
        notes = _notes(claims, checking, no_answer)
    except WriterFailed as failure:
        if checking.citations:
            yield Withdrawn()
        notes = [fallen_back(failure)]
    trace = checking.trace()
    if no_answer and offered and offered[0].probability < _SURE:
        return Composed((), (), writer.name, (), trace, found_no_answer=True)
    if claims and not any(claim.verdict == SUPPORTED for claim in claims):
        yield Withdrawn()
        claims, notes = [], ["nothing that the LLM wrote is wholly borne out by the documents: answered by quoting"]
    if claims and ground.outline is None:
        claims += yield from _claimed(checking, _left_out(ground.question, offered, claims, checking), clock)
        notes += _conflict(ground, checking, sources)
    shortages = [note for request in log for note in request.notes]
    return Composed(
        claims, checking.citations if claims else (), writer.name if claims else QUOTE, [*shortages, *notes], trace
    )


def _drafted(  # noqa: PLR0913  (what an LLM is given, and what it gives back beside its sentences)
    writer: LlmWriter,
    question: str,
    offered: Sequence[Evidence],
    document: Callable[[str], Document],
    *,
    log: list[Request],
    no_answer: list[NoAnswer],
) -> Iterator[Statement]:
    """The LLM's sentences with the evidence that they name; `no_answer` gets its word that there is none."""
    given = [
        Source(
            " ".join(item.text.split()), item.passage.title, document(item.document_id).published, item.passage.heading
        )
        for item in offered
    ]
    for draft in writer.write(question, given, language=language_of(question), log=log):
        if isinstance(draft, NoAnswer):
            no_answer.append(draft)
        else:
            yield Statement(draft.text, tuple(offered[i] for i in draft.sources))


def _claimed(checking: Checking, statements: Iterable[Statement], clock: Clock) -> Generator[Event, None, list[Claim]]:
    """The statements that hold as claims, each yielded with its new citations."""
    claims = []
    for claim, new in clock.through("verify", checking.claims(statements)):
        claims.append(claim)
        yield Claimed(claim, new)
    return claims


def _left_out(
    question: str, offered: Sequence[Evidence], claims: Sequence[Claim], checking: Checking
) -> list[Statement]:
    """The sides of a conflict that are not cited; else the best sentence, where it surely answers and no supported
    claim cites it and says the phrase that answers.
    """
    best, cited = offered[0], {(one.document_id, one.start, one.end) for one in checking.citations}
    if sides := at_odds(question, offered):
        return [Statement(s.text, (s,)) for s in sides if (s.document_id, s.start, s.end) not in cited]
    if best.probability < _SURE:
        return []
    for citation in checking.citations:
        if (citation.document_id, citation.start, citation.end) == (best.document_id, best.start, best.end):
            said = [c.text for c in claims if citation.number in c.citations and c.verdict == SUPPORTED]
            if any(phrase_of(citation).casefold() in text.casefold() for text in said):
                return []
    return [Statement(best.text, (best,))]


def _notes(claims: Sequence[Claim], checking: Checking, no_answer: Sequence[NoAnswer]) -> list[str]:
    if no_answer:
        return ["the LLM found no answer in the quotes that it was given: answered by quoting"]
    if not claims:
        return ["nothing that the LLM wrote is borne out by the documents: answered by quoting"]
    num = len(checking.dropped)
    return [f"{num} {'sentence' if num == 1 else 'sentences'} of the LLM left out: not borne out"] if num else []
