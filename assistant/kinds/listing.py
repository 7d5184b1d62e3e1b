"""Lists: every document that mentions something, or every sentence that does, with how much was searched.

Which documents is told completely; which sentence stands for a document is only the first that holds the words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.kinds.outline import Item, Outline, quoted, refused
from assistant.kinds.period import narrowed, period_in
from assistant.kinds.wording import ANY_DOCUMENT, DOCUMENTS, JAPANESE_DOCUMENT, bare, is_name, term_of
from corpus.document import Document
from corpus.errors import UnknownDocument
from index.mentions import Mentioning, Term, mentions
from index.scope import Scope
from index.words import stems, words

if TYPE_CHECKING:
    from assistant.sources import Sources

MAX_DOCUMENTS = 100
"""So many documents are shown; the note counts all."""
MAX_SENTENCES_A_DOCUMENT = 3


@dataclass(frozen=True, slots=True)
class Listed:
    """What is to be listed: the documents that mention `term`, or, `each_sentence`, the sentences that do.

    `where` is what the question says of the documents themselves ("from 2023").
    """

    term: Term
    each_sentence: bool = False
    where: str = ""


_MENTION = (
    r"(?:mention(?:s|ed|ing)?|refer(?:s|red|ring)? (?:back )?to|discuss(?:es|ed|ing)?|talk(?:s|ed|ing)? (?:about|of)|"
    r"speak(?:s|ing)? (?:about|of)|spoke (?:about|of)|touch(?:es|ed|ing)? (?:up)?on|"
    r"ha(?:s|ve) (?:something|anything) (?:to say )?(?:about|on)|say(?:s|ing)? (?:something|anything|things) (?:about|"
    r"on)|"
    r"(?:use|contain|include)s? the (?:words?|terms?|phrases?|names?|expressions?))"
)
_TREAT = (
    rf"(?:{_MENTION}|contain(?:s|ed|ing)?|cover(?:s|ed|ing)?|deal(?:s|t|ing)? with|address(?:es|ed|ing)?|cit(?:e|es|"
    rf"ed|ing)|"
    r"quot(?:e|es|ed|ing)|name|includ(?:e|es|ing)|(?:are|is) about|treat|describe|concern(?:ing)?)"
)
_THE = r"(?:of )?(?:all )?(?:of )?(?:the |your |these |our |my |those )?(?:other |different )?"
_WHERE = r"(?P<where>(?: \S+){0,6}?)"
_HELPS = r"(?:(?:do|does|did|that|which|also|explicitly|ever|actually|even) )*"
_ASKS = r"(?:list|show|find|give|name|get|see|search(?: for)?|enumerate|identify|collect)(?: (?:me|us))?"
_OCCURS = (
    r"(?:be )?(?:mentioned|discussed|named|cited|referred to|covered|quoted|addressed|appear(?:s|ing)?|occur(?:s|"
    r"ring)?|"
    r"comes? up|crops? up|turns? up|shows? up|found|used|talked about|spoken of)"
)
_TERM = r"(?P<term>.+)$"
_DOCUMENT_LISTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^(?:which|what|how many) {_THE}{DOCUMENTS}{_WHERE} {_HELPS}{_TREAT} {_TERM}",
        rf"^(?:which|what) {_THE}{ANY_DOCUMENT}{_WHERE} {_HELPS}{_MENTION} {_TERM}",
        rf"^(?:which|what) (?:ones? )?of {_THE}{ANY_DOCUMENT}{_WHERE} {_HELPS}{_MENTION} {_TERM}",
        rf"^(?:{_ASKS}|are there|what are|(?:do you|you) have|have you got) (?:any )?{_THE}{DOCUMENTS}{_WHERE} {_HELPS}"
        rf"(?:{_TREAT}|about|on|regarding|with (?:mentions?|references?) (?:of|to)|with the (?:word|term|"
        rf"phrase)) {_TERM}",
        rf"^(?:{_ASKS}|is there) (?:every|each|any) {ANY_DOCUMENT}{_WHERE} {_HELPS}(?:{_TREAT}|about) {_TERM}",
        rf"^{DOCUMENTS} {_HELPS}(?:{_TREAT}|about) {_TERM}",
        rf"^(?:what|which) (?:{_THE}{DOCUMENTS} )?(?:do you have|have you got|are there|you have) "
        rf"(?:about|on|regarding|concerning) {_TERM}",
        rf"^(?:in )?(?:which|what|how many) {_THE}{ANY_DOCUMENT}{_WHERE} (?:is|are|was|were|do|does|did|"
        rf"can) (?P<term>.+?) "
        rf"{_OCCURS}$",
        rf"^where (?:else )?(?:is|are|was|were) (?P<term>.+?) (?:mentioned|referred to|quoted|cited|talked about|"
        rf"spoken of)(?: in {_THE}{DOCUMENTS})?$",
        rf"^where (?:else )?(?:do|does) (?P<term>.+?) {_OCCURS} in {_THE}{DOCUMENTS}$",
        rf"^(?:do|does|did|is|are) (?:any|some|(?:any )?one) {_THE}{ANY_DOCUMENT}{_WHERE} {_HELPS}{_MENTION} {_TERM}",
        rf"^(?:is|are) (?P<term>.+?) (?:ever )?(?:mentioned|referred to|talked about|discussed) (?:anywhere|"
        rf"(?:anywhere )?in any {_THE}{ANY_DOCUMENT})$",
        rf"^what (?:do|does|did) (?:(?:all|each|every(?: one)?|any) ){_THE}{ANY_DOCUMENT} (?:have to )?say "
        rf"(?:about|on|regarding) {_TERM}",
        rf"^what (?:do|does|did) {_THE}{ANY_DOCUMENT} (?:have to )?say (?:about|on|regarding) (?P<term>.+?) in "
        rf"(?:each|every|all) {_THE}{ANY_DOCUMENT}$",
        rf"^(?P<term>\S+?)(?:という(?:言葉|単語|語|用語))?(?:に(?:つい|関し)て)?[にをがはの]?(?:言及|触れ|述べ|含|"
        rf"記載|扱|登場|出て|載っ|書か|関する)"
        rf"\S{{0,10}}?{JAPANESE_DOCUMENT}",
        rf"^(?:どの|何の|すべての|全ての|全部の|各){JAPANESE_DOCUMENT}[がではに]+(?P<term>\S+?)(?:に(?:つい|"
        rf"関し)て)?[にをがは]?"
        r"(?:言及|触れ|述べ|含|記載|扱|登場|出て|載っ|書か)",
    )
)
_EACH_MENTION = re.compile(
    rf"^(?:{_ASKS} )?(?:all|every|each|any) (?:of )?(?:the )?(?:single )?(?:"
    r"(?:mention|reference|occurrence|instance|use|appearance)s? (?:of|to)|"
    r"(?:passage|sentence|place|paragraph|quote|line|spot)s? (?:about|on|mentioning|containing|with|where|(?:that|"
    r"which) "
    rf"{_TREAT})) {_TERM}",
    re.IGNORECASE,
)
_EACH_THING = re.compile(rf"^(?:(?:{_ASKS}|what are) )?(?:all|every|each) (?:of )?(?:the )?{_TERM}", re.IGNORECASE)
_EACH_JAPANESE = re.compile(
    r"^(?P<term>\S+?)(?:への|の|に関する)言及(?:箇所)?を?(?:すべて|全て|全部)?(?:挙げ|列挙|教え|リスト|探し|見せ|示し)"
)
_WHOLE_DOCUMENTS = re.compile(rf"^{_THE}(?:\w+ )?{DOCUMENTS}\b", re.IGNORECASE)
_RESTRICTED = re.compile(
    r"\b(?:of|in|by|that|which|who|whose|from|for|with|to|at|on|under|between|during|within|is|are|was|were|has|have|"
    r"had|did|do|does|and|or|not|it|they|he|she|you|i|we|about|as|than)\b|[,;:]",
    re.IGNORECASE,
)
_MAX_THING_WORDS = 4
_TELLING_WORDS = 6
"""A list item such as “quantum” mentions a thing and tells nothing of it."""


def asked_list(question: str) -> Listed | None:
    """What the question wants listed, None when it asks for no list.

    >>> asked_list("Which documents mention JAXA?"), asked_list("Which areas did the accord name?")
    (Listed(term=Term(text='JAXA', exact=True), each_sentence=False, where=''), None)
    """
    asked = bare(question)
    if found := _EACH_MENTION.match(asked) or _EACH_JAPANESE.match(asked):
        term = term_of(found["term"])
        return Listed(term, each_sentence=True) if term else None
    for pattern in _DOCUMENT_LISTS:
        found = pattern.match(asked)
        term = term_of(found["term"]) if found else None
        if found and term:
            return Listed(term, where=found.groupdict().get("where") or "")
    found = _EACH_THING.match(asked)
    if not found or _WHOLE_DOCUMENTS.match(found["term"]) or _RESTRICTED.search(found["term"]):
        return None
    term = term_of(found["term"])
    return Listed(term, each_sentence=True) if term and len(found["term"].split()) <= _MAX_THING_WORDS else None


def list_outline(question: str, sources: "Sources", scope: Scope | None = None) -> Outline | None:
    """Every document within the scope that mentions what is asked for, an item each, or its sentences; with the
    coverage. None when the question asks for no list.
    """
    listed = asked_list(question)
    if listed is None:
        return None
    within = narrowed(scope, period_in(listed.where))
    found, named = _found(sources, listed.term, within)
    num_searched = sources.retriever.num_documents(within)
    coverage = f"{num_searched} of {sources.retriever.num_documents()} documents searched"
    if not found:
        return refused("absent", f"{coverage}: none mentions {named}.", question)
    most = MAX_SENTENCES_A_DOCUMENT if listed.each_sentence else 1
    verb = "mentions" if len(found) == 1 else "mention"
    notes = [f"{coverage}, {len(found)} {verb} {named}"]
    notes += _left_out(found, most if listed.each_sentence else None)
    return Outline(tuple(_items(found[:MAX_DOCUMENTS], sources, most)), tuple(notes))


def _found(sources: "Sources", term: Term, scope: Scope) -> tuple[list[Mentioning], str]:
    """The documents that mention the term, and how to name what they mention.

    Where none has the words next to one another, its parts are looked for, then its words in one sentence.
    """
    database = sources.retriever.database
    found = mentions(database, term, scope)
    named = f"“{term.text}”"
    if found:
        return found, named
    for word, combine in (("or", set.union), ("and", set.intersection)):
        parts = [part for part in re.split(rf"\s*,\s*| {word} ", term.text) if stems(part)]
        if len(parts) > 1 and f" {word} " in term.text:
            each = [mentions(database, Term(part, exact=is_name(part)), scope) for part in parts]
            ids = combine(*({item.document_id for item in some} for some in each))
            merged = _merged([item for some in each for item in some if item.document_id in ids])
            return merged, f" {word} ".join(f"“{part}”" for part in parts)
    if len(set(stems(term.text))) > 1:
        found = mentions(database, term, scope, adjacent=False)
    return found, f"the words of {named} in one sentence" if found else named


def _merged(found: Sequence[Mentioning]) -> list[Mentioning]:
    """One entry a document, with all of its sentences."""
    merged: dict[str, Mentioning] = {}
    for item in found:
        spans = merged[item.document_id].spans if item.document_id in merged else ()
        every = tuple(sorted({*spans, *item.spans}))
        merged[item.document_id] = Mentioning(item.document_id, item.title, item.published, every)
    return sorted(merged.values(), key=lambda m: (m.published is None, m.published or "", m.title, m.document_id))


def _left_out(found: Sequence[Mentioning], most: int | None) -> list[str]:
    """What is counted and not shown."""
    notes = []
    if len(found) > MAX_DOCUMENTS:
        notes.append(f"the first {MAX_DOCUMENTS} of these {len(found)} documents are shown")
    if most is not None:
        total = sum(len(item.spans) for item in found)
        shown = sum(min(len(item.spans), most) for item in found[:MAX_DOCUMENTS])
        hidden = f"; {shown} are shown, at most {most} a document" if shown < total else ""
        notes.append(f"{total} {'sentence mentions' if total == 1 else 'sentences mention'} it{hidden}")
    return notes


def _items(found: Sequence[Mentioning], sources: "Sources", most: int) -> list[Item]:
    items = []
    for mentioning in found:
        try:
            document = sources.catalogue.document(mentioning.document_id)
        except UnknownDocument:
            continue  # removed by another process since it was found
        items += [
            quoted(document, start, end, lead=document.title) for start, end in _telling(document, mentioning, most)
        ]
    return items


def _telling(document: Document, mentioning: Mentioning, most: int) -> Sequence[tuple[int, int]]:
    """The first so many sentences; of one alone, the first with some words around the term, where there is one."""
    if most > 1:
        return mentioning.spans[:most]
    long = (span for span in mentioning.spans if len(words(document.text[slice(*span)])) >= _TELLING_WORDS)
    return [next(long, mentioning.spans[0])]
