"""The catalogue's own questions: how many documents there are, which, from when, in which language.

Answered from titles, dates and languages, with the first sentence of each document as what is quoted. It tells
Japanese from other languages, as `corpus.language` does, and nothing finer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.kinds.outline import Item, Outline, quoted, refused
from assistant.kinds.period import Period, narrowed, period_in
from assistant.kinds.reach import documents_within, opened
from assistant.kinds.wording import ANY_DOCUMENT, DOCUMENTS, JAPANESE_DOCUMENT, bare
from corpus.catalogue import Summary
from corpus.document import Document
from corpus.language import ENGLISH, JAPANESE
from index.mentions import sentence_spans
from index.scope import Scope
from index.words import words

if TYPE_CHECKING:
    from assistant.sources import Sources

MAX_DOCUMENTS = 50
_LANGUAGES = "english japanese french german spanish italian portuguese chinese korean russian arabic dutch".split()
_CODES = {"english": ENGLISH, "japanese": JAPANESE, "英語": ENGLISH, "日本語": JAPANESE}
_SHORT_WORDS = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which documents are asked for; every one where nothing is set. `last` and `first` are the newest and oldest."""

    period: Period | None = None
    language: str | None = None
    newest: bool = False
    oldest: bool = False


_LANGUAGE = rf"(?:{'|'.join(_LANGUAGES)})"
_POINT = (
    r"(?:(?:january|february|march|april|may|june|july|august|september|october|november|december) )?(?:19|"
    r"20)\d\d(?:-\d\d)?"
)
_PERIOD = (
    rf"(?:(?:(?:from|in|of|dated|since|after|before|until|by|up to|between|during|for) )?(?:the years? )?{_POINT}"
    rf"(?:\s*(?:and|to|until|–|-)\s*{_POINT})?)"
)
_STANDING = (
    r"(?: (?:that )?(?:are|is|were|was))?(?: (?:dated|published|issued|written|from|made|signed|available|"
    r"there|here|loaded|indexed))?"
)
_HAVE = (
    r"(?:(?:do|did|have|can) you (?:have|got|know|use|read|hold|search|cover|draw on|rely on)(?: access to)?|"
    r"are (?:there|you using)|you have)"
)
_THE = r"(?:(?:all|of|the|your|these|our|my|any|different) )*"
_FILTER = rf"(?: (?:in )?{_LANGUAGE}| {_PERIOD})?"
_ASKS = r"(?:list|show|give|name|enumerate|display|see)(?: (?:me|us))?"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^how many (?:{_LANGUAGE} )?{DOCUMENTS}(?: {_HAVE})?{_STANDING}{_FILTER}(?: (?:in (?:total|all)|altogether|"
        rf"here|there|(?:in )?"
        rf"(?:the|your) (?:collection|corpus|library|catalogue|index|home)))?$",
        rf"^(?:what is )?the (?:total )?number of (?:your )?{DOCUMENTS}$",
        rf"^(?:what|which) (?:other )?(?:{_LANGUAGE} )?(?:{DOCUMENTS} )?{_HAVE}{_STANDING}{_FILTER}$",
        rf"^(?:what|which) (?:of )?{_THE}{DOCUMENTS}{_STANDING}{_FILTER}$",
        rf"^(?:what|which) are {_THE}{DOCUMENTS}(?: you have)?{_STANDING}{_FILTER}$",
        rf"^(?:{_ASKS} )?{_THE}(?:titles of {_THE})?(?:{_LANGUAGE} )?{DOCUMENTS}(?: you have)?{_STANDING}{_FILTER}$",
        rf"^(?:(?:do you have|have you(?: got)?|is there|are there) )(?:anything|something|"
        rf"any(?: {_LANGUAGE})? {ANY_DOCUMENT}|"
        rf"{DOCUMENTS}){_STANDING}(?: (?:in )?{_LANGUAGE}| {_PERIOD})$",
        rf"^anything (?:from|in|dated) {_PERIOD}$",
        rf"^(?:what|which)(?: one)?(?: is|'s)? (?:the |your |of {_THE}{DOCUMENTS} is (?:the )?)?(?:most recent|newest|"
        rf"latest|oldest|"
        rf"earliest|first)(?: {ANY_DOCUMENT})?(?: {_HAVE})?$",
        rf"^(?:the |your )?(?:most recent|newest|latest|oldest|earliest) {ANY_DOCUMENT}s?$",
        rf"^(?:what|which) {ANY_DOCUMENT} is (?:the )?(?:most recent|newest|latest|oldest|earliest)$",
        r"^what(?:'s| is) in (?:the|your|this) (?:corpus|collection|library|catalogue|index|home)$",
        rf"^(?:(?:どんな|どのような|何の|どの){JAPANESE_DOCUMENT}(?=が(?:あ|有|入)|を(?:持|使|参照|検索)|$)|"
        rf"{JAPANESE_DOCUMENT}(?:は|が|を)?(?:何件|いくつ|何本|"
        rf"何個|全部|すべて|全て|一覧|リスト|何が))\S{{0,16}}$",
        rf"^(?:(?:すべて|全て|全部)の)?{JAPANESE_DOCUMENT}(?:の|を)?(?:一覧|リスト|数|件数)\S{{0,16}}$",
        rf"^(?:(?:19|20)\d\d年(?:\d{{1,2}}月)?(?:以降|以後|以前|より前|まで)?の?|日本語の|英語の|最新の|"
        rf"最も古い){JAPANESE_DOCUMENT}\S{{0,16}}$",
    )
)


def asked_catalogue(question: str) -> Wanted | None:
    """Which documents the question asks the catalogue for, None when it asks something else.

    >>> asked_catalogue("How many documents are there?"), asked_catalogue("Which documents did the ministers sign?")
    (Wanted(period=None, language=None, newest=False, oldest=False), None)
    """
    asked = bare(question)
    if not any(pattern.match(asked) for pattern in _PATTERNS):
        return None
    language = re.search(rf"\b{_LANGUAGE}\b|英語|日本語", asked, re.IGNORECASE)
    newest = re.search(r"\b(?:most recent|newest|latest)\b|最新", asked, re.IGNORECASE)
    oldest = re.search(r"\b(?:oldest|earliest|first)\b|最も古い", asked, re.IGNORECASE)
    return Wanted(period_in(asked), language.group().lower() if language else None, bool(newest), bool(oldest))


def catalogue_outline(question: str, sources: "Sources", scope: Scope | None = None) -> Outline | None:
    """The documents within the scope that are asked for, an item each: title and date before its first sentence.

    None when the question does not ask for documents.
    """
    wanted = asked_catalogue(question)
    if wanted is None:
        return None
    everything = documents_within(sources, scope)
    kept = {d.id for d in documents_within(sources, narrowed(scope, wanted.period))}
    found = [d for d in everything if d.id in kept and _is_in(d, wanted.language)]
    if not found:
        return refused("absent", _absence(wanted, everything, sources.retriever.num_documents()), question)
    found = _at_an_end(found, wanted)
    items = tuple(_items(found[:MAX_DOCUMENTS], sources))
    return Outline(items, tuple(_notes(found, everything, wanted)))


def _is_in(document: Summary, language: str | None) -> bool:
    return language is None or document.language == _CODES.get(language)


def _at_an_end(found: Sequence[Summary], wanted: Wanted) -> list[Summary]:
    """The newest or the oldest alone, where that is asked for and dates tell it."""
    dated = [d for d in found if d.published]
    if not dated or not (wanted.newest or wanted.oldest):
        return list(found)
    end = max(dated, key=lambda d: d.published or "") if wanted.newest else dated[0]
    return [d for d in dated if d.published == end.published]


def _notes(found: Sequence[Summary], everything: Sequence[Summary], wanted: Wanted) -> list[str]:
    documents = "document" if len(everything) == 1 else "documents"
    if len(found) == len(everything):
        note = f"{len(found)} {documents}{_range(everything)}"
    elif wanted.newest or wanted.oldest:
        note = f"the {'newest' if wanted.newest else 'oldest'} of {len(everything)} {documents}"
    else:
        note = f"{len(found)} of {len(everything)} {documents}: those {_named(wanted)}"
    return [note] + ([f"the first {MAX_DOCUMENTS} are shown"] if len(found) > MAX_DOCUMENTS else [])


def _named(wanted: Wanted) -> str:
    """How a reader would say what was asked for."""
    period = wanted.period.wording if wanted.period else ""
    dated = f"{'' if period[:1].isalpha() else 'from '}{period}" if period else ""
    language = f"in {wanted.language.capitalize()}" if wanted.language else ""
    return " and ".join(part for part in (dated, language) if part)


def _range(documents: Sequence[Summary]) -> str:
    dates = [d.published for d in documents if d.published]
    return f", dated {dates[0]} to {max(dates)}" if dates else ""


def _absence(wanted: Wanted, everything: Sequence[Summary], num_documents: int) -> str:
    """What is not there, and what is."""
    if not everything:
        return (
            "No document is within what the question was kept to: widen it, or leave it out."
            if num_documents
            else "There are no documents yet: add some with `communique add PATH`, or the samples with `communique "
            "add --sample`."
        )
    asked = _named(wanted)
    dates = [d.published for d in everything if d.published]
    known = f"the documents range from {dates[0]} to {max(dates)}" if dates else "no document has a date"
    languages = {JAPANESE: "Japanese", ENGLISH: "English, or written like it"}
    if wanted.language and not wanted.period:
        known = (
            f"the documents are in {' and in '.join(languages[c] for c in sorted({d.language for d in everything}))}"
        )
    return f"No document is {asked}; {known}."


def _items(found: Sequence[Summary], sources: "Sources") -> list[Item]:
    spans = sentence_spans(sources.retriever.database, [d.id for d in found])
    items = []
    for summary in found:
        document = opened(sources, summary.id)
        if document and (span := _first_sentence(document, spans.get(summary.id, []))):
            lead = f"{document.title} ({document.published})" if document.published else document.title
            items.append(quoted(document, *span, lead=lead))
    return items


def _first_sentence(document: Document, spans: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """The first sentence with an end mark and some words; else the first of all."""
    for start, end in spans[:20]:
        wording = document.text[start:end]
        if wording.rstrip("\"'”’)」』").endswith((".", "!", "?", "。")) and len(words(wording)) >= _SHORT_WORDS:
            return start, end
    return spans[0] if spans else None
