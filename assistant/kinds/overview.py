"""Overviews: the main statements of the document that is meant, section by section, or of those on a topic.

It quotes, it does not retell; which document is meant is told by its title, and where several fit it asks which.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.kinds.main_statements import MAX_STATEMENTS, main_statements
from assistant.kinds.naming import means_everything, points_back
from assistant.kinds.outline import Outline, quoted, refused
from assistant.kinds.reach import documents_within, named_within, opened
from assistant.kinds.wording import ANY_DOCUMENT, JAPANESE_DOCUMENT, bare
from corpus.catalogue import Summary
from index.scope import Scope
from index.words import stems

if TYPE_CHECKING:
    from assistant.sources import Sources

MAX_CANDIDATES = 10
_TOPIC_DOCUMENTS = 4
_A_TOPIC_DOCUMENT = 2

_SUMMARY = r"(?:summary|overview|synopsis|outline|digest|gist|recap|abstract|précis|tl;?dr)"
_ADJECTIVE = r"(?:(?:short|brief|quick|concise|general|high-level|rough|executive|one-page|small|good) )*"
_OF = r"(?P<what>.+)$"
_ASKED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^(?:briefly |quickly )?(?:summari[sz]e|sum up|recapitulate|recap|outline)(?: (?:me|for me))?(?: (?:what|"
        rf"the (?:content|contents|text)) (?:is )?(?:in|of))? {_OF}",
        rf"^(?:(?:give|show|write|provide|draft|prepare|make|get|do|offer|produce)(?: (?:me|us))? |(?:what|"
        rf"what's) (?:is )?)?(?:an? |the |your )?{_ADJECTIVE}{_SUMMARY}\s*"
        rf"(?:of|on|about|for|:) {_OF}",
        rf"^(?:(?:give|show|write|provide|draft|make|do)(?: (?:me|us))? )(?:an? |"
        rf"the ){_ADJECTIVE}{_SUMMARY}(?P<what>)$",
        r"^tl;?dr\s*(?P<what>.*)$",
        rf"^(?:(?:what|which) (?:are|were) |(?:give|tell|list|show)(?: (?:me|us))? )?(?:the )?(?:main|key|"
        rf"most important|central|major|principal|essential) "
        rf"(?:points|messages|takeaways|take-aways|statements|ideas|themes|contents|highlights) (?:of|in|from|"
        rf"made (?:in|by)) {_OF}",
        rf"^what (?:is|are|does) (?P<what>(?:this|it|(?:this|that|"
        rf"the)(?: [\w'’.-]+){{0,5}}? (?:{ANY_DOCUMENT}s?|summit|meeting|programme|program|project|call|deal))"
        rf"(?: (?:of|on|from|between) .+?)?) (?:all )?(?:about|cover|deal with|in (?:short|a nutshell))$",
        r"^what (?:is|are) (?P<what>(?:the )?(?:(?-i:[A-Z])[\w'’.-]*|\d+(?:st|nd|rd|th)?)(?: (?:(?:of|and|on|the|"
        r"for) )*(?-i:[A-Z\d])[\w'’.-]*)*) (?:all )?about$",
        rf"^what (?:does|do) (?P<what>(?:this|that|the)(?: [\w'’.-]+){{0,5}}? {ANY_DOCUMENT}|it|this) (?:say|contain|"
        rf"cover)$",
    )
)
_JAPANESE_ASKED = tuple(
    re.compile(pattern)
    for pattern in (
        r"^(?P<what>.*?)(?:の(?:内容)?|を|について(?:の)?)?(?:要約|概要|要点|要旨|概略|サマリー|まとめ|主な(?:内容|点|"
        r"ポイント)|ポイント)(?:を|して|は|に|お願い|$)\S{0,16}$",
        rf"^(?P<what>.*?)は?(?:何|なに)(?:について|に関して|に関する)の?(?:{JAPANESE_DOCUMENT}|もの|こと)?(?:ですか|"
        rf"か|なの)?$",
        r"^(?P<what>.+?)(?:は|の内容は)(?:どんな|どういう|どのような)(?:内容|文書|資料)\S{0,8}$",
    )
)


def asked_overview(question: str) -> str | None:
    """The words for what is to be summed up, perhaps none; None when the question asks for no overview.

    >>> asked_overview("Give me an overview of NEXUS"), asked_overview("What was Japan worried about?")
    ('NEXUS', None)
    """
    asked = bare(question)
    for pattern in (*_ASKED, *_JAPANESE_ASKED):
        if found := pattern.match(asked):
            return _reference(found["what"])
    return None


def overview_outline(
    question: str, sources: "Sources", scope: Scope | None = None, cited: Sequence[str] = ()
) -> Outline | None:
    """The main statements of what the question means, in order; "underspecified" where several documents fit.

    `cited` are the ids of documents that the conversation cited, the last one last: "summarise it" means that one.
    None when the question asks for no overview, or for one of something that the documents do not have.
    """
    reference = asked_overview(question)
    if reference is None:
        return None
    documents = documents_within(sources, scope)
    if means_everything(reference):
        return _of_several(documents, sources, 1)
    meant = _pointed_at(documents, cited) if points_back(reference) else named_within(reference, sources, documents)
    if len(meant) == 1:
        return _of_one(meant[0], sources)
    if meant or (points_back(reference) and documents):
        return _which(question, reference, meant or documents)
    return _of_topic(reference, sources, scope) if documents else None


def _reference(wording: str) -> str:
    """What is to be summed up, without the words around its name."""
    reference = wording.strip(" :,「」“”\"'")
    reference = re.sub(r"^(?:what|how) (?:is in )?", "", reference, flags=re.IGNORECASE)
    reference = re.sub(r"^(?:for|of|on) ", "", reference, flags=re.IGNORECASE)
    return re.sub(r" in (?:\w+ )?(?:sentences?|words?|lines?|points?|bullets?)$", "", reference, flags=re.IGNORECASE)


def _pointed_at(documents: Sequence[Summary], cited: Sequence[str]) -> list[Summary]:
    """The document that "this" means: the only one within reach, or the one cited last."""
    if len(documents) == 1:
        return list(documents)
    known = {d.id: d for d in documents}
    return next(([known[id_]] for id_ in reversed(cited) if id_ in known), [])


def _of_one(summary: Summary, sources: "Sources") -> Outline | None:
    document = opened(sources, summary.id)
    if document is None:
        return None
    chosen = main_statements(document, sources.retriever)
    items = tuple(quoted(document, s.start, s.end, lead=s.heading, probability=s.score) for s in chosen)
    return Outline(items, (f"the main statements of “{document.title}”, section by section",)) if items else None


def _of_several(summaries: Sequence[Summary], sources: "Sources", each: int) -> Outline | None:
    """So many main statements of each of some documents."""
    items = []
    for summary in summaries[:MAX_STATEMENTS]:
        document = opened(sources, summary.id)
        found = main_statements(document, sources.retriever, most=each) if document else []
        items += [quoted(document, s.start, s.end, lead=document.title, probability=s.score) for s in found if document]
    shown = min(len(summaries), MAX_STATEMENTS)
    return (
        Outline(tuple(items), (f"a main statement of each of {shown} of {len(summaries)} documents",))
        if items
        else None
    )


def _which(question: str, reference: str, meant: Sequence[Summary]) -> Outline:
    """The question back: which of these?"""
    titles = [d.title for d in meant]
    what = "what the question points at" if points_back(reference) else f"“{reference}”"
    message = f"{len(titles)} documents could be {what}: name one of them."
    return refused("underspecified", message, question, titles[:MAX_CANDIDATES])


def _of_topic(reference: str, sources: "Sources", scope: Scope | None) -> Outline | None:
    """The sentences that say most of a topic, of the documents that a search for it ranks first; None where none "
    "does.
    """
    topic = set(stems(reference))
    found = sources.retriever.search(reference, scope=scope)
    evidence = sources.finder.find(reference, found, sources.retriever.word_statistics(reference))
    ranked = list(dict.fromkeys(hit.passage.document_id for hit in found.hits))
    chosen: dict[str, list[tuple[int, int, float]]] = {}
    for item in evidence:
        named = topic & set(stems(item.text)) if topic else ()
        some = chosen.setdefault(item.document_id, [])
        if named and 2 * len(named) >= len(topic) and len(some) < _A_TOPIC_DOCUMENT and not item.text.endswith(":"):
            some.append((item.start, item.end, item.probability))
    ids = [id_ for id_ in ranked if chosen.get(id_)][:_TOPIC_DOCUMENTS]
    items = []
    for id_ in ids:
        if document := opened(sources, id_):
            parts = sorted(chosen[id_])
            items += [quoted(document, a, b, lead=document.title, probability=p) for a, b, p in parts]
    number = f"{len(ids)} document{'s' if len(ids) != 1 else ''}"
    return (
        Outline(tuple(items), (f"what {number} say{'s' if len(ids) == 1 else ''} of “{reference}”",)) if items else None
    )
