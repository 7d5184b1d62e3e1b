"""Which documents a few words of a question mean, told by titles, dates and kinds.

A document is meant when its title has every word that says something, an acronym standing for the words whose initials
it is made of. It does not look into texts and does not guess among several.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from assistant.kinds.wording import ANY_DOCUMENT
from corpus.catalogue import Summary
from index.words import STOP_WORDS, stem, stems, words

_GENERIC = frozenset(
    stem(word)
    for word in (
        "document statement text source file agreement communique declaration paper report digest memorandum accord "
        "publication compact record article summary programme program project initiative meeting summit talk deal "
        "one discussion whole full entire joint official protocol"
    ).split()
)
"""Words that say of what sort a document is: they choose among several and are not needed in a title."""
_POINTING = re.compile(
    rf"^(?:this|it|that|these|the|here|this one|(?:this|that|the|the (?:last|above|current|cited)) (?:{ANY_DOCUMENT}|"
    rf"one|page|text)|"
    rf"これ|それ|この(?:文書|資料|声明|文章)|その(?:文書|資料|声明|文章))$",
    re.IGNORECASE,
)
_EVERYTHING = re.compile(
    rf"^(?:everything|all(?: of)?(?: (?:the|your|these|my))?(?: (?:{ANY_DOCUMENT}))?|the (?:whole )?(?:corpus|"
    rf"collection|library|documents|"
    rf"sources|texts|statements)|(?:these|your|my) (?:documents|sources|texts|statements|files)|すべて|全て|全部|"
    rf"(?:すべて|全て|全部)の?(?:文書|資料))$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def points_back(reference: str) -> bool:
    """Whether the words only point: "this document", "it"."""
    return not reference or _POINTING.match(reference) is not None


def means_everything(reference: str) -> bool:
    """Whether the words mean every document there is."""
    return _EVERYTHING.match(reference) is not None


def documents_named(
    reference: str, documents: Sequence[Summary], kind: Callable[[str], str] = lambda _: ""
) -> list[Summary]:
    """Those of the documents that the words mean, in order; none where no title has all of them.

    `kind` gives what a document's metadata call its kind, by id; it is asked only where several titles fit.
    """
    years = _YEAR.findall(reference)
    asked = [word for word in _tokens(_YEAR.sub(" ", reference)) if word.lower() not in STOP_WORDS]
    needed = [word for word in asked if not _GENERIC.intersection(stems(word))]
    sort = _GENERIC.intersection(stems(" ".join(asked)))
    if not needed and not years:
        return _narrowed([d for d in documents if sort and sort <= set(stems(d.title))], sort, kind)
    found = [d for d in documents if _is_of(d, years) and _has_words(d.title, needed)]
    return _narrowed(found, sort, kind) if len(found) > 1 else found


def kinds_of(metadata: Callable[[str], Mapping[str, object]]) -> Callable[[str], str]:
    """From ids to what the documents' metadata call their kind; empty where they say nothing."""
    return lambda document_id: str(metadata(document_id).get("kind") or "")


def _narrowed(found: Sequence[Summary], sort: frozenset[str], kind: Callable[[str], str]) -> list[Summary]:
    """Those of the sort that was asked for, where any is; the best where titles have it, else where metadata do."""
    if not sort or len(found) < 2:
        return list(found)
    by_title = [d for d in found if sort <= set(stems(d.title))]
    by_kind = by_title or [d for d in found if sort <= set(stems(f"{d.title} {kind(d.id)}"))]
    return by_kind or list(found)


def _is_of(document: Summary, years: Sequence[str]) -> bool:
    """Whether the document is dated in, or its title speaks of, each of the years."""
    return all((document.published or "").startswith(year) or year in document.title for year in years)


def _has_words(title: str, needed: Sequence[str]) -> bool:
    in_title = set(stems(title))
    titled = [word for word in _tokens(title) if word.lower() not in STOP_WORDS]
    initials = "".join(word[0].lower() for word in titled)
    missing = [
        word
        for word in needed
        if not set(stems(word)) <= in_title and not (_is_acronym(word) and _in_initials(word, initials))
    ]
    if not missing:
        return True
    spelt = "".join(word[0].lower() for word in missing)
    acronyms = {word.lower() for word in titled if _is_acronym(word)}
    return len(missing) > 1 and (spelt in acronyms or _split_into(spelt, acronyms))


def _split_into(spelt: str, acronyms: set[str]) -> bool:
    """Whether the letters are those of several of the acronyms, one after the other."""
    reached = {0}
    for end in range(1, len(spelt) + 1):
        if any(start in reached and spelt[start:end] in acronyms for start in range(end)):
            reached.add(end)
    return len(spelt) in reached


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper() and word.isalpha()


def _in_initials(word: str, initials: str) -> bool:
    return word.lower() in initials


def _tokens(text: str) -> list[str]:
    """The words as they are written; of one that mixes in other signs ("e-ASIA") its parts."""
    return [token for token in re.findall(r"[^\W_]+", text) if words(token)]
