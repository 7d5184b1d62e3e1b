"""Comparisons: the two sides that a question sets beside one another, each with the best evidence of its own documents.

A side is a document, told by its title, or a topic, told by a search. What differs is left to the reader: quotes stand
side by side, and a side that says nothing is said to be silent.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.evidence import Evidence
from assistant.kinds.main_statements import main_statements
from assistant.kinds.outline import Item, Outline, quoted
from assistant.kinds.reach import documents_within, named_within, opened
from assistant.kinds.wording import bare, term_of
from corpus.catalogue import Summary
from index.mentions import mentions
from index.scope import Scope
from index.words import stems, words

if TYPE_CHECKING:
    from assistant.sources import Sources

MAX_A_SIDE = 3
MAX_DOCUMENTS_A_SIDE = 8
_WORTH_SHARE = 0.1
"""A sentence so much less probable than its side's best one only distracts."""
_NEAR = 0.35
"""A sentence with none of the aspect's words whose cosine to it is this high still speaks of it. Set by hand."""
_NEAR_SHARE = 0.8
"""And it is nearly as near as the nearest."""
_FEW_WORDS = 4
_MAX_SIDE_WORDS = 14


@dataclass(frozen=True, slots=True)
class Compared:
    """What is compared: two sides, and in what respect; the aspect is empty where none is named."""

    sides: tuple[str, str]
    aspect: str = ""


_ON = (
    r"(?:[,:]? (?:on|in terms of|in how|in what|in their|in|regarding|concerning|with (?:respect|regard) to|"
    r"with regards to|as (?:to|regards)|about|when it comes to|by) (?P<aspect>.+?))?$"
)
_AFTER = r"(?:(?: ?:| on| in| regarding| about) (?P<aspect>.+))?$"
_A, _B = r"(?P<a>.+?)", r"(?P<b>.+?)"
_DIFFERENCE = r"(?:differences?|similarit(?:y|ies)|contrasts?|distinctions?|comparison|overlap)"
_ASKED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^(?:compare|contrast|compare and contrast) (?:the (?:two|documents):? )?{_A} (?:and|with|to|against|versus|"
        rf"vs\.?) {_B}{_ON}",
        rf"^(?:(?:what|which)(?: is| are|'s) |(?:tell|show|explain|describe|give)(?: (?:me|us))? )?(?:the |a |"
        rf"any )?(?:main |key |biggest |most important )?"
        rf"{_DIFFERENCE} (?:between|of) {_A} (?:and|versus|vs\.?) {_B}{_ON}",
        rf"^(?:in what (?:way|respect)s? |how |where )(?:do|does|did) {_A} and {_B} (?:differ|diverge|disagree|"
        rf"compare|contrast|agree|overlap)(?: from (?:each|one) (?:other|another))?{_ON}",
        rf"^(?:how|in what way) (?:is|are|was|were) {_A} (?:different|distinct) (?:from|to|than) {_B}{_ON}",
        rf"^(?:how|in what way) (?:do|does|did) {_A} (?:differ from|compare (?:with|to|against)) {_B}{_ON}",
        rf"^what (?:has |have )?(?:changed|differs|differed|was new) (?:between|from) {_A} (?:and|to) {_B}{_ON}",
        rf"^what (?:do|does|did) {_A} and {_B} have in common{_ON}",
        rf"^{_A} (?:versus|vs\.?) {_B}{_AFTER}",
        r"^(?P<a>\S+?)と(?P<b>\S+?)(?:の|と?は)(?:(?P<aspect>\S+?)(?:の|における|に関する|についての))?(?:違い|"
        r"相違点?|差異?|比較|共通点)(?:は|を|が|について|点|$)\S{0,16}$",
        r"^(?:(?P<aspect>\S+?)(?:について|に関して|の点で)、?)?(?P<a>\S+?)と(?P<b>\S+?)(?:を(?:比較|比べ)|(?:は|"
        r"が)(?:どう|どのように|何が)(?:違|異な))\S{0,16}$",
    )
)
_NO_SIDE = re.compile(
    r"^(?:of|in|for|to|from|by|at|on|into|which|that|who|whose|is|are|was|were|do|does|did|what|how|when|why|if)\b",
    re.IGNORECASE,
)
_FURTHER_QUESTION = re.compile(r"[:;,] (?:who|what|which|when|where|why|how)\b", re.IGNORECASE)
_YEAR = re.compile(r"^(?:the )?(?:one (?:of|from) )?((?:19|20)\d\d)$", re.IGNORECASE)


def asked_comparison(question: str) -> Compared | None:
    """The two sides and the aspect that a question compares, None when it compares no two.

    >>> asked_comparison("Compare the Accord and the Compact on open access")
    Compared(sides=('the Accord', 'the Compact'), aspect='open access')
    """
    asked = bare(question)
    for pattern in () if _FURTHER_QUESTION.search(asked) else _ASKED:
        found = pattern.match(asked)
        if found is None:
            continue
        a, b = (found[name].strip(' ,:「」“”"') for name in "ab")
        if any(_NO_SIDE.match(side) or not 0 < len(words(side)) <= _MAX_SIDE_WORDS for side in (a, b)):
            return None
        return Compared((a, b), (found.groupdict().get("aspect") or "").strip(" ,:"))
    return None


def comparison_outline(question: str, sources: "Sources", scope: Scope | None = None) -> Outline | None:
    """What each side says on the aspect, the first side first, at most `MAX_A_SIDE` sentences each.

    None when the question compares no two, when a side is neither a document nor spoken of, and when one sentence
    speaks of both topics: then it is looked up.
    """
    compared = asked_comparison(question)
    if compared is None:
        return None
    documents = documents_within(sources, scope)
    sides, aspect = _with_years(compared)
    named = [named_within(side, sources, documents)[:MAX_DOCUMENTS_A_SIDE] for side in sides]
    if not any(named) and _spoken_of_together(sides, question, sources, scope):
        return None
    same = {d.id for d in named[0]} == {d.id for d in named[1]}
    quotes = []
    for side, meant in zip(sides, named, strict=True):
        quotes.append(_quotes(side, aspect, meant, sources=sources, scope=scope, must_name=same or not meant))
    known = [bool(meant) or _is_spoken_of(side, sources, scope) for side, meant in zip(sides, named, strict=True)]
    if not any(quotes) or not all(known):
        return None
    silent = [side for side, some in zip(compared.sides, quotes, strict=True) if not some]
    notes = [f"“{side}” is silent on {f'“{aspect}”' if aspect else 'this'}" for side in silent]
    notes += [
        f"“{side}” is read as {len(meant)} documents: {', '.join(d.title for d in meant)}"
        for side, meant in zip(compared.sides, named, strict=True)
        if len(meant) > 1
    ]
    return Outline(tuple(item for some in quotes for item in some), tuple(notes))


def _with_years(compared: Compared) -> tuple[tuple[str, str], str]:
    """The sides as names, and the aspect: "2021" and "2023" are years of what stands in the aspect's place."""
    years = [_YEAR.match(side) for side in compared.sides]
    if all(years) and compared.aspect:
        first, second = (f"{compared.aspect} {year[1]}" for year in years if year)
        return (first, second), ""
    return compared.sides, compared.aspect


def _quotes(  # noqa: PLR0913  (a side is what it is called, what is asked of it, and where it is looked for)
    side: str, aspect: str, meant: Sequence[Summary], *, sources: "Sources", scope: Scope | None, must_name: bool
) -> list[Item]:
    """The best evidence of one side, best first; none where it is silent."""
    if meant and not aspect and not must_name:
        return _main(meant, sources)
    within = replace(scope or Scope(), document_ids=tuple(d.id for d in meant)) if meant else scope
    query = aspect if meant and aspect and not must_name else f"{side} {aspect}".strip()
    found = sources.retriever.search(query, scope=within)
    evidence = sources.finder.find(query, found, sources.retriever.word_statistics(query))
    if must_name:
        titles = {item.document_id: item.passage.title for item in evidence}
        evidence = [e for e in evidence if _names(side, e.text, "" if meant else titles[e.document_id])]
    if aspect:
        near = dict(zip(evidence, _nearness(evidence, aspect, sources), strict=True))
        least = max(_NEAR, _NEAR_SHARE * max(near.values(), default=0.0))
        evidence = [e for e in evidence if near[e] >= least or _speaks_of(e.text, aspect)]
        evidence.sort(key=lambda e: -near[e] - e.probability)
    telling = [e for e in evidence if len(words(e.text)) >= _FEW_WORDS and not e.text.endswith((":", "："))] or evidence
    best = max((e.probability for e in telling), default=0.0)
    return _items([e for e in telling if aspect or e.probability >= _WORTH_SHARE * best][:MAX_A_SIDE], sources)


def _main(meant: Sequence[Summary], sources: "Sources") -> list[Item]:
    """The main statements of a side's documents."""
    items = []
    for summary in meant[:MAX_A_SIDE]:
        if document := opened(sources, summary.id):
            found = main_statements(document, sources.retriever, most=max(1, MAX_A_SIDE // len(meant)))
            items += [quoted(document, s.start, s.end, lead=document.title, probability=s.score) for s in found]
    return items


def _items(evidence: Sequence[Evidence], sources: "Sources") -> list[Item]:
    return [
        quoted(document, item.start, item.end, lead=document.title, probability=item.probability)
        for item in evidence
        if (document := opened(sources, item.document_id))
    ]


def _nearness(evidence: Sequence[Evidence], aspect: str, sources: "Sources") -> list[float]:
    """The cosine of each sentence to the aspect."""
    if not evidence:
        return []
    vector = sources.retriever.encoder.encode_query(aspect)
    kept = sources.retriever.sentences([replace(e.passage, start=e.start, end=e.end) for e in evidence])
    return [max((float(x) for x in some.vectors @ vector), default=0.0) for some in kept]


def _speaks_of(wording: str, aspect: str) -> bool:
    """Whether a sentence has at least half of the aspect's words, and more than one of several."""
    wanted = set(stems(aspect))
    shared = len(wanted & set(stems(wording)))
    return bool(wanted) and 2 * shared >= len(wanted) and shared >= min(2, len(wanted))


def _names(side: str, wording: str, title: str) -> bool:
    """Whether a sentence, or its document's title, has all of the words that say something in a side's name."""
    return set(stems(side)) <= set(stems(f"{wording} {title}"))


def _is_spoken_of(side: str, sources: "Sources", scope: Scope | None) -> bool:
    """Whether any document within the scope mentions the side."""
    term = term_of(side)
    return term is not None and bool(mentions(sources.retriever.database, term, scope))


def _spoken_of_together(sides: Sequence[str], question: str, sources: "Sources", scope: Scope | None) -> bool:
    """Whether one sentence that is found for the question names both sides: it answers better than two lists do."""
    passages = [hit.passage for hit in sources.retriever.search(question, scope=scope).hits]
    return any(
        all(_names(side, passage.text[start - passage.start : end - passage.start], "") for side in sides)
        for passage, some in zip(passages, sources.retriever.sentences(passages), strict=True)
        for start, end in some.spans
    )
