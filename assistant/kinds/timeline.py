"""Timelines: sentences that state a date, about the topic that is named, in the order of their dates.

The date of an item is the first that its sentence states. It orders what documents say; it does not tell what happened
from what was planned.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.kinds.dated import dates_in
from assistant.kinds.main_statements import whole
from assistant.kinds.naming import means_everything, points_back
from assistant.kinds.outline import Outline, quoted, refused
from assistant.kinds.period import Period, period_in
from assistant.kinds.reach import documents_within, named_within, opened
from assistant.kinds.wording import DOCUMENTS, bare
from corpus.catalogue import Summary
from corpus.document import Document
from index.mentions import sentence_spans
from index.passage import Passage
from index.scope import Scope
from index.words import stems

if TYPE_CHECKING:
    from assistant.sources import Sources

MAX_ITEMS = 12
MAX_DOCUMENTS_READ = 500
_NUM_HITS = 40
_SAME_SHARE = 0.6
"""Two sentences of one date that share so many of their stems tell the same."""
_TOPIC_SHARE = 0.5
_NEARNESS, _WORDS, _PRECISION = 1.0, 0.8, 0.15
_AGAIN = 0.02
"""What a sentence counts less for each better one of its document."""

_OF = r"(?: (?:of|for|on|about|in) (?P<topic>.+))?$"
_ASKS = (
    r"(?:(?:give|show|make|draw|draw up|write|build|create|prepare|list|provide|what is|what's)(?: (?:me|us|"
    r"up))? )?"
)
_ASKED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^{_ASKS}(?:an? |the |your )?(?:short |brief |full |complete |rough )?(?:timeline|time line|chronology|"
        rf"chronological (?:order|list|overview|account)|"
        rf"(?:course|sequence|order) of events|key dates|milestones|important dates){_OF}",
        r"^(?P<topic>.+?) (?:timeline|chronology)$",
        rf"^{_ASKS}(?:an? |the )?(?:short |brief |full )?history of (?P<topic>.+)$",
        r"^what happened when(?: (?:in|with|to|about|on|around) (?P<topic>.+))?$",
        r"^when did what happen(?: (?:in|with|to|about|on) (?P<topic>.+))?$",
        r"^what (?:has )?happened (?P<period>(?:since|(?:between|from)(?= .+ (?:and|to|until) )) (?:\w+ )?(?:19|20)\d\d"
        r"(?: (?:and|to|until) (?:\w+ )?(?:19|20)\d\d)?)$",
        r"^how (?:did|has|have) (?P<topic>.+?) (?:develop|evolve|unfold|progress|change|developed|evolved|unfolded|"
        r"come about) (?:over (?:time|the years|the decades))$",
        r"^(?:what (?:is|were|are) )?(?:the )?(?:events|steps|developments) (?:of|in|around|"
        r"on) (?P<topic>.+?) in (?:chronological|time|date) order$",
        r"^(?:list|show|tell|put|order|describe|go through)(?: (?:me|us))? (?P<topic>.+?) (?:in (?:chronological|time|"
        r"date) order|chronologically|by date)$",
        r"^(?P<topic>\S*?)(?:の|に関する|についての)?(?:年表|時系列|年代順|沿革|経緯|歴史|タイムライン)(?:を|で|に|は$|"
        r"$)\S{0,16}$",
        r"^(?P<topic>\S*?)(?:で|は|について)?いつ(?:、)?(?:何|なに)が\S{0,12}$",
    )
)
_ALL = re.compile(
    rf"^(?:the |all |your |these )*(?:events?|{DOCUMENTS}|things|everything|it all|them|it|order)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Dated:
    """A sentence with its date, and how well it serves."""

    document: Document
    start: int
    end: int
    date: str
    score: float

    @property
    def wording(self) -> str:
        return self.document.text[self.start : self.end]


def asked_timeline(question: str) -> tuple[str, Period | None] | None:
    """The topic, empty for none, and the period of the timeline that is asked for; None when none is.

    >>> asked_timeline("history of the Square Kilometre Array"), asked_timeline("When was it signed?")
    (('Square Kilometre Array', None), None)
    """
    asked = bare(question)
    for pattern in _ASKED:
        if found := pattern.match(asked):
            groups = found.groupdict()
            topic = re.sub(r"^(?:the|a|an) ", "", (groups.get("topic") or "").strip(" ,:"), flags=re.IGNORECASE)
            return ("" if _ALL.match(topic) else topic), period_in(groups.get("period") or "")
    return None


def timeline_outline(
    question: str, sources: "Sources", scope: Scope | None = None, cited: Sequence[str] = ()
) -> Outline | None:
    """At most `MAX_ITEMS` dated sentences, in the order of their dates, which lead them.

    Without a topic they are of all documents within the scope; with one, of the documents whose title has it and of
    what a search for it finds. None when no timeline is asked for.
    """
    asked = asked_timeline(question)
    if asked is None:
        return None
    topic, period = asked
    documents = documents_within(sources, scope)
    if not documents:
        return None
    everything = not topic or means_everything(topic) or points_back(topic)
    pool = list(_of_all(documents, sources) if everything else _on_topic(topic, documents, sources, scope))
    if period:
        pool = [item for item in pool if _is_within(item.date, period)]
    if not pool:
        named = f" on “{topic}”" if topic else ""
        return refused("absent", f"No sentence found{named} states a date{_in(period)}.", question)
    distinct = _without_repeats(sorted(pool, key=lambda item: -item.score))
    best = _spread(distinct) if everything else _varied(distinct)
    chosen = sorted(best, key=lambda item: (item.date, item.start))
    items = tuple(quoted(d.document, d.start, d.end, lead=d.date, probability=d.score) for d in chosen)
    notes = [f"{len(items)} of {len(distinct)} dated sentences, in the order of their dates"]
    if everything and len(documents) > MAX_DOCUMENTS_READ:
        notes.append(f"the first {MAX_DOCUMENTS_READ} of {len(documents)} documents were read")
    return Outline(items, tuple(notes))


def _of_all(documents: Sequence[Summary], sources: "Sources") -> Iterator[_Dated]:
    """The dated sentences of the documents; those that say a day and stand early serve best."""
    some = documents[:MAX_DOCUMENTS_READ]
    spans = sentence_spans(sources.retriever.database, [d.id for d in some])
    for summary in some:
        document = opened(sources, summary.id)
        for place, (start, end) in enumerate(spans.get(summary.id, []) if document else []):
            if document and (stated := _date_of(document.text[start:end])):
                yield _Dated(document, start, end, stated, min(1.0, _precision(stated) + 1 / (1 + place)) / 2)


def _on_topic(topic: str, documents: Sequence[Summary], sources: "Sources", scope: Scope | None) -> Iterator[_Dated]:
    """The dated sentences of the documents and passages that speak of the topic, scored by how much they do."""
    found = sources.retriever.search(topic, _NUM_HITS, scope=scope)
    if found.query is None:
        return
    named = [d for s in named_within(topic, sources, list(documents)) if (d := opened(sources, s.id))]
    places: list[Passage] = [whole(document) for document in named]
    places += [hit.passage for hit in found.hits if hit.passage.document_id not in {d.id for d in named}]
    documents_by_id = {d.id: d for d in named}
    wanted = set(stems(topic))
    seen: set[tuple[str, int]] = set()
    for place, sentences in zip(places, sources.retriever.sentences(places), strict=True):
        document = documents_by_id.get(place.document_id) or opened(sources, place.document_id)
        if document is None:
            continue
        documents_by_id[document.id] = document
        titled = set(stems(document.title))
        near = sentences.vectors @ found.query.vector if len(sentences.spans) else np.zeros(0)
        for (start, end), cosine in zip(sentences.spans, near, strict=True):
            wording = document.text[start:end]
            stated = _date_of(wording)
            share = len(wanted & (set(stems(wording)) | titled)) / max(len(wanted), 1)
            if stated and share >= _TOPIC_SHARE and (document.id, start) not in seen:
                seen.add((document.id, start))
                score = _NEARNESS * float(cosine) + _WORDS * share + _precision(stated) * _PRECISION
                yield _Dated(document, start, end, stated, max(0.0, min(1.0, score / 2)))


def _date_of(wording: str) -> str | None:
    """The first date that a sentence states; none for one that only introduces a list, or is a row of a table."""
    stated = dates_in(wording)
    return stated[0][1] if stated and not wording.rstrip().endswith((":", "：")) else None


def _precision(stated: str) -> float:
    """1 for a day, less for a month and a year."""
    return {10: 1.0, 7: 0.6}.get(len(stated), 0.2)


def _is_within(stated: str, period: Period) -> bool:
    return (not period.since or f"{stated}~" >= period.since) and (not period.until or stated <= f"{period.until}~")


def _without_repeats(items: Sequence[_Dated]) -> list[_Dated]:
    """The items, best first, without those that tell what a better one of the same date tells."""
    kept: list[_Dated] = []
    told: dict[str, list[set[str]]] = {}
    for item in items:
        said = set(stems(item.wording))
        others = told.setdefault(item.date, [])
        if not any(len(said & other) >= _SAME_SHARE * min(len(said), len(other)) for other in others):
            others.append(said)
            kept.append(item)
    return kept


def _varied(items: Sequence[_Dated]) -> list[_Dated]:
    """The best items, where each one more of a document counts a little less."""
    turns: dict[str, int] = {}
    worth = []
    for item in items:
        turn = turns[item.document.id] = turns.get(item.document.id, -1) + 1
        worth.append(item.score - _AGAIN * turn)
    order = sorted(range(len(items)), key=lambda i: -worth[i])
    return [items[i] for i in order[:MAX_ITEMS]]


def _spread(items: Sequence[_Dated]) -> list[_Dated]:
    """Of the best items, so that every document has its turn before any has two, and all times theirs."""
    turns: dict[str, int] = {}
    rounds: list[list[_Dated]] = []
    for item in items:
        turn = turns[item.document.id] = turns.get(item.document.id, -1) + 1
        rounds += [[]] if turn == len(rounds) else []
        rounds[turn].append(item)
    chosen: list[_Dated] = []
    for some in rounds:
        left = MAX_ITEMS - len(chosen)
        in_order = sorted(some, key=lambda item: item.date)
        every = max(1.0, len(in_order) / left) if left else 0.0
        chosen += [in_order[int(i * every)] for i in range(min(left, len(in_order)))]
    return chosen


def _in(period: Period | None) -> str:
    return (
        f" in {period.wording}" if period and period.wording[:1].isdigit() else f" {period.wording}" if period else ""
    )
